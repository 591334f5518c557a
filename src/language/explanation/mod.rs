//! Why one row counts as it does, in words: its days in order, what each clause found part by part,
//! which part decided, and what would have made the difference.
//!
//! Everything that is said comes from the [interpreter](crate::interpret), also what would be: a
//! value is put into the row, or a row into its table, and the interpreter is asked again.
//!
//! | file | says |
//! |---|---|
//! | [`shape`] | the parts of a condition as the text has them |
//! | [`due`] | which open rows will be unmet, and when |
//! | [`found`] | what each part was worth on the row, and on the rows that it asks about |
//! | [`deciding`] | the fewest parts whose truth decides |
//! | [`timeline`] | the days of the row and of those it looks at |
//! | [`attrition`] | where the rows of a table fall out, one condition after the other |
//! | [`instead`] | which other day or word would have changed the result |
//! | [`missing_row`] | which row that is not recorded would have |
//! | [`template`] | what stands in such a row |
//! | [`words`] | names, values, expressions |

pub mod attrition;
mod deciding;
pub mod due;
mod found;
mod instead;
mod missing_row;
mod shape;
mod template;
mod timeline;
mod words;

use crate::calendar::Window;
use crate::check::said::Said;
use crate::functions::Calendar;
use crate::interpret::{Fault, Question, Standing, Verdict, World, as_asked, standing};
use crate::ir::{Expr, Indicator, Outcome, Part as Measured, Ty};
use crate::source::{Sources, Span};
use chrono::NaiveDate;
pub use found::{AskedRow, Joined, NamedValue, Part};
use found::{Finder, Found, find};
pub use instead::{Instead, Side};
pub use missing_row::{Days, MissingRow, missing_rows};
pub use timeline::{Event, Kind};
use words::Words;

/// What is asked of an indicator.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The last day that the tables know of.
    pub as_of: NaiveDate,
    /// The window.
    pub window: Window,
    /// The level, where every level is measured by itself; 0 is the whole.
    pub level: usize,
    /// Where the text says which condition.
    pub said: &'a [Said],
    /// The text.
    pub sources: &'a Sources,
}

impl<'a> Asked<'a> {
    fn question<'w>(&self, world: &'w World<'w>, indicator: &'w Indicator) -> Question<'w>
    where
        'a: 'w,
    {
        let Self { as_of, window, level, .. } = *self;
        Question { world, indicator, as_of, window, level, arithmetic: &Calendar }
    }
}

/// Which clause decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The conditions of the cohort.
    Cohort,
    /// The pick of one row of several.
    Pick,
    /// The exclusion of this number.
    Exclude(usize),
    /// What is measured.
    Measure,
}

/// A clause and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// As it begins: `cohort`, `exclude "trial home visit"`, `numerator`.
    pub head: String,
    /// Of a condition, its parts.
    pub condition: Option<Part>,
    /// Of a number or a day, its value and those it is made of.
    pub values: Vec<NamedValue>,
    /// The rows that a number is counted or chosen from.
    pub rows: Vec<AskedRow>,
    /// Whether what became of the row was decided here.
    pub decides: bool,
}

/// Why a row counts as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The table of the row.
    pub table: String,
    /// The row's id, or its number.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether it is not known that it belongs below the line, though it may be counted there.
    pub unsure: bool,
    /// The figure it adds, in words.
    pub amount: Option<String>,
    /// What became of it, in a sentence.
    pub result: String,
    /// Where that was decided.
    pub stage: Stage,
    /// The day of attribution.
    pub attributed_on: Option<NaiveDate>,
    /// Who holds it, from the largest level below the whole to the smallest: names of levels and
    /// ids.
    pub holders: Vec<(String, Option<String>)>,
    /// Its days and those of the rows it looks at, in order.
    pub timeline: Vec<Event>,
    /// The clauses in the order in which they are asked.
    pub clauses: Vec<Clause>,
    /// The texts of the parts that decided: those of one list change the result together, and no
    /// fewer do. Empty where no condition decided.
    pub deciding: Vec<Vec<String>>,
    /// What would have made the difference; confirmed by the interpreter, the smallest change
    /// first.
    pub instead: Vec<Instead>,
    /// Rows that are not recorded and would have made the difference; confirmed likewise.
    pub missing_rows: Vec<MissingRow>,
    /// Why there is nothing in `instead` and `missing_rows`, where it was not looked for.
    pub not_tried: Option<&'static str>,
    /// The places of the indicator's text.
    pub span: Span,
}

/// Why a row of the cohort's table counts as it does, or does not; those that were set aside are
/// numbered on from those in use. The world is as it was afterwards.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn explain(world: &mut World, asked: Asked, row: usize) -> Result<Explanation, Fault> {
    let mut explanation = explained(world, asked, row)?;
    let (instead, not_tried) = instead::instead(world, asked, row, &explanation.outcome)?;
    (explanation.instead, explanation.not_tried) = (instead, not_tried);
    explanation.missing_rows = missing_rows(world, asked, row, &explanation.outcome)?;
    Ok(explanation)
}

fn explained(world: &World, asked: Asked, row: usize) -> Result<Explanation, Fault> {
    let indicator = asked.indicator;
    let standing = standing(asked.question(world, indicator), row)?;
    let (stage, verdict) = stage(indicator, &standing);
    let as_asked = as_asked(world.model, indicator);
    let told = |finder: &Finder| told(finder, (world, asked), row, &standing, (stage, verdict));
    find(asked, asked.question(world, &as_asked), told)
}

fn told(
    finder: &Finder,
    (world, asked): (&World, Asked),
    row: usize,
    standing: &Standing,
    (stage, verdict): (Stage, Option<&Verdict>),
) -> Explanation {
    let (indicator, words) = (asked.indicator, finder.text.words);
    let mut clauses = Vec::new();
    let mut deciding = Vec::new();
    for (of, head, e) in expressions(indicator) {
        let decides = of == Some(stage);
        let Found { clause, decided } = finder.clause(head, e, row, decides);
        deciding.extend(decided);
        clauses.push(clause);
    }
    let attributed_on = verdict.and_then(|verdict| verdict.attributed_on);
    let mut timeline = timeline::timeline(finder, asked, row);
    timeline.extend(attributed_on.map(|day| Event::edge(day, "day of attribution")));
    timeline.sort();
    let levels = world.model.levels.iter().skip(1);
    let held = verdict.map(|verdict| verdict.entities.clone()).unwrap_or_default();
    let holders = levels.zip(held).map(|(level, holder)| {
        (level.name.clone(), level.table.zip(holder).map(|(table, holder)| words.id(table, holder)))
    });
    Explanation {
        table: world.model.table(indicator.cohort.table).name.clone(),
        id: words.id(indicator.cohort.table, row),
        outcome: standing.outcome(),
        unsure: verdict.is_some_and(|verdict| verdict.unsure),
        amount: verdict.and_then(|verdict| amount(indicator, verdict)),
        result: result(standing, words, indicator),
        stage,
        attributed_on,
        holders: holders.collect(),
        timeline,
        clauses,
        deciding,
        instead: Vec::new(),
        missing_rows: Vec::new(),
        not_tried: None,
        span: indicator.span,
    }
}

/// The clauses by their expressions: where each can decide, how it begins, and what it asks.
fn expressions(indicator: &Indicator) -> Vec<(Option<Stage>, String, &Expr)> {
    let mut all = vec![(Some(Stage::Cohort), "cohort".to_owned(), &indicator.cohort.condition)];
    let by = indicator.cohort.pick.iter().flat_map(|pick| &pick.by);
    all.extend(by.map(|e| (Some(Stage::Pick), "by".to_owned(), e)));
    let exclusions = indicator.exclusions.iter().enumerate();
    all.extend(exclusions.map(|(number, exclusion)| {
        (Some(Stage::Exclude(number)), format!("exclude {:?}", exclusion.reason), &exclusion.condition)
    }));
    let measured = indicator.measure.parts().into_iter();
    all.extend(measured.map(|(part, e)| (Some(Stage::Measure), head(part).to_owned(), e)));
    all
}

/// A part of what is measured, as its clause begins.
fn head(part: Measured) -> &'static str {
    match part {
        Measured::Numerator => "numerator",
        Measured::Denominator => "denominator",
        Measured::Value => "value",
        Measured::Distinct => "count distinct",
        Measured::From => "from",
        Measured::To => "to",
        Measured::Censored => "censored at",
        Measured::EndsBy => "incidence of",
    }
}

/// The figure that a row adds, where the outcome does not say it.
fn amount(indicator: &Indicator, verdict: &Verdict) -> Option<String> {
    let value = indicator.measure.parts().into_iter().find(|(part, _)| *part == Measured::Value);
    let ty = value.map_or(Ty::Int, |(_, e)| e.ty);
    verdict.amount.map(|amount| ty.written(amount))
}

/// Where it was decided what became of a row, and its verdict.
fn stage<'s>(indicator: &Indicator, standing: &'s Standing) -> (Stage, Option<&'s Verdict>) {
    let excluded = |reason: &str| {
        let place = indicator.exclusions.iter().position(|exclusion| exclusion.reason == reason);
        place.map_or(Stage::Cohort, Stage::Exclude)
    };
    match standing {
        Standing::Out => (Stage::Cohort, None),
        Standing::NotPicked(_) | Standing::PickedForNothing => (Stage::Pick, None),
        Standing::OutInAnyCase(reason) => (excluded(reason), None),
        Standing::Case(verdict) => {
            let stage = match &verdict.outcome {
                Outcome::Excluded(reason) => excluded(reason.as_deref().unwrap_or_default()),
                Outcome::Unsure | Outcome::Unread | Outcome::NotCounted => Stage::Cohort,
                Outcome::Met | Outcome::Unmet | Outcome::Counted | Outcome::Undetermined => Stage::Measure,
            };
            (stage, Some(verdict))
        }
    }
}

/// What became of a row, in a sentence.
fn result(standing: &Standing, words: &Words, indicator: &Indicator) -> String {
    let table = indicator.cohort.table;
    match standing {
        Standing::Out => "not in the cohort: its condition does not hold".to_owned(),
        Standing::NotPicked(before) => {
            let ids: Vec<String> = before.iter().map(|row| words.row(table, *row)).collect();
            let which = if indicator.cohort.pick.as_ref().is_some_and(|pick| pick.last) { "last" } else { "first" };
            match ids.as_slice() {
                [] => "not in the cohort: another row is picked".to_owned(),
                [one] => format!("not in the cohort: of the rows that are picked for the same, the {which} is {one}"),
                several => format!(
                    "not in the cohort: of the rows that are picked for the same, the {which} is one of {}",
                    several.join(", ")
                ),
            }
        }
        Standing::PickedForNothing => "not in the cohort: it leads to no row for which it could be picked".to_owned(),
        Standing::OutInAnyCase(reason) => {
            format!("not known whether it is in the cohort, and excluded in any case: {reason}")
        }
        Standing::Case(verdict) => {
            let said = match &verdict.outcome {
                Outcome::Met => "met: it counts in the numerator".to_owned(),
                Outcome::Unmet => "unmet: it counts in the denominator alone".to_owned(),
                Outcome::Counted => "counted: its value is part of the result".to_owned(),
                Outcome::Undetermined => "undetermined: something that decides it is not known".to_owned(),
                Outcome::Excluded(reason) => format!("excluded: {}", reason.as_deref().unwrap_or_default()),
                Outcome::Unsure => "unsure: it is not known whether it is in the cohort".to_owned(),
                Outcome::Unread => {
                    "unread: it was set aside because its identity or place is broken, and may be in the cohort"
                        .to_owned()
                }
                Outcome::NotCounted => "not counted".to_owned(),
            };
            if verdict.unsure && verdict.outcome != Outcome::Unsure {
                return format!("{said}; unsure, too: it may have to leave");
            }
            said
        }
    }
}
