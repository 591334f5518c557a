//! The checked, typed program: ids instead of names, nothing left to look up, nothing "not known
//! yet".
//!
//! Built only by `check`; read by `plan`, by the row-by-row evaluator (`interpret`), by `describe`
//! and by `explain`. What each form means, missing values included, is written on
//! [`expr::ExprKind`]; the plan and the evaluator both follow it.

mod approved;
mod at;
pub mod expr;
pub mod fate;
mod function;
pub mod left_open;
pub mod measure;
mod own_standard;
pub mod period;
mod plan;
pub mod print;
pub mod reads;
mod rule;
pub mod split;
mod standard;
pub mod ty;
pub mod went;
mod window;
mod word_list;

use crate::decimal::Decimal;
use crate::model::{ColumnId, Model, Step, TableId, Targets};
use crate::source::Span;
pub use approved::{Approved, Standing};
pub use at::At;
use chrono::NaiveDate;
pub use expr::{Ask, CompareOp, Expr, ExprKind, LinkedQuery, Missing, RowId, Ty, WindowPoint};
pub use fate::Fate;
pub use function::Function;
pub use measure::{Followed, Measure, Part};
pub use own_standard::{OwnStandard, Target};
pub use period::{LookBack, Period};
pub(crate) use plan::end_of_month;
pub use plan::{Action, Path, Plan};
pub use rule::Rule;
pub use split::{Breakdown, Grouped, Split};
pub use standard::{Standard, Thresholds};
use std::borrow::Cow;
use std::collections::BTreeMap;
pub use window::{MONTHS, WindowEnds, WindowLength};
pub use word_list::WordList;

/// Everything that was declared and found right.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program {
    /// The tables, columns, links and levels.
    pub model: Model,
    /// What must hold of every row of a table, in the order of declaration.
    pub rules: Vec<Rule>,
    /// Of each table into which rows come, and which says whose they are, a rule that each of its
    /// rows keeps: by it they are counted.
    pub arriving: Vec<Rule>,
    /// By what results can be broken down, in the order of declaration.
    pub breakdowns: Vec<Breakdown>,
    /// Indicators, in the order of their ids.
    pub indicators: Vec<Indicator>,
    /// Scorecards, in the order of declaration.
    pub scorecards: Vec<Scorecard>,
    /// Plans, in the order of declaration: those whose entity is of a level of this hierarchy.
    pub plans: Vec<Plan>,
    /// Tests, in the order of declaration, each with what it expects in this hierarchy.
    pub tests: Vec<Test>,
    /// The same of the other hierarchies of levels, each with the indicators that are attributed in
    /// it; none in any of these.
    pub further: Vec<Self>,
}

impl Program {
    /// The program of each hierarchy, the one at hand first.
    pub fn hierarchies(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.further)
    }

    /// The program with another hierarchy at hand: one of [`Program::hierarchies`], by its place.
    #[must_use]
    pub fn in_hierarchy(mut self, place: usize) -> Self {
        match place.checked_sub(1) {
            Some(further) if further < self.further.len() => self.further.swap_remove(further),
            _ => Self { further: Vec::new(), ..self },
        }
    }

    /// The meaning hashes of an indicator, of each hierarchy in which it is shown, each once.
    #[must_use]
    pub fn meanings(&self, id: &str) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for indicator in self.hierarchies().filter_map(|of| of.find(id)) {
            if !all.contains(&indicator.meaning.as_str()) {
                all.push(&indicator.meaning);
            }
        }
        all
    }

    /// The indicator with this id, in the hierarchy at hand.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.id == id)
    }
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What is said about it; nothing here changes a number.
    pub about: About,
    /// How long a reporting window is.
    pub window: WindowLength,
    /// The months that its windows end with.
    pub ends: WindowEnds,
    /// How long after the window's end its outcomes are known; computed from the text. `None` when
    /// they can change for ever, which only an indicator that is shown as it stands may.
    pub follow_up: Option<Period>,
    /// Whether a window is shown once it has ended (and the lag has passed), and is provisional
    /// until the follow-up has passed, too.
    pub as_it_stands: bool,
    /// A declared wait on top of the follow-up.
    pub lag: Period,
    /// How far each table is looked back into; computed from the text. Tables that hold no days are
    /// not in it.
    pub look_back: BTreeMap<TableId, LookBack>,
    /// How far back is far enough, where the text looks back without an end: a declared assumption.
    pub history: Option<Period>,
    /// The rows it is about. The cohort row is [`RowId::COHORT`].
    pub cohort: Cohort,
    /// Exclusions, in order: a row is excluded by the first condition that is true for it.
    pub exclusions: Vec<Exclusion>,
    /// What is measured on the rows that stay.
    pub measure: Measure,
    /// Who each row belongs to.
    pub attribution: Attribution,
    /// Standards by the date they come into force; their dates do not overlap.
    pub standards: Vec<Standard>,
    /// The standards that the entities of a level have of their own, one for a level at most. By
    /// them alone, and not by the others, these entities are judged.
    pub own_standards: Vec<OwnStandard>,
    /// The smallest denominator that gets a value.
    pub minimum: Option<u64>,
    /// By what its rows are broken down, when they are.
    pub split: Option<Split>,
    /// The meaning hash: 16 hexadecimal digits.
    pub meaning: String,
}

/// Words about an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Short name for a column head.
    pub title: String,
    /// 1 for priority measures.
    pub tier: Option<i64>,
    /// Index into the model's domains.
    pub domain: Option<usize>,
    /// The question it answers.
    pub question: Option<String>,
    /// Which reading of the published measure it takes.
    pub reading: Option<String>,
    /// Where the definition comes from.
    pub source: Option<String>,
    /// `published`, `adapted` or `inferred`.
    pub status: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Who has agreed to it, and to which definition.
    pub approved: Option<Approved>,
    /// The day by which somebody looks at it again.
    pub review_by: Option<NaiveDate>,
    /// The names that the file gives to values of the cohort's row, with what they stand for.
    pub names: Vec<(String, Expr)>,
}

/// The rows an indicator is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// One row per row of this table, or fewer with `pick`.
    pub table: TableId,
    /// The pick of one row for each linked row, where there is one.
    pub pick: Option<Pick>,
    /// A row is kept only when this is true. The condition is applied before the pick, and after it
    /// with `pick.ever`. A row for which the condition is unknown and no exclusion is true is
    /// *unsure*: it is reported and not counted.
    pub condition: Expr,
}

/// Keep the first (or last) row for each value of `per`, by `by`, ties by the table's row order
/// (its key's text order).
///
/// A row is not picked when its `per` or one of its `by` is missing, except that an open end
/// ([`Missing::OpenEnd`]) sorts after every date. Without `ever` each window has a pick of its own.
///
/// A row with a missing `by` could be anywhere in the order. Such a row, and a row whose condition
/// is unknown, is *unsure* unless a row that certainly counts comes before it. The picked row is
/// unsure, too, where one of these could come before it, and where a row that went ([`went`]) has
/// the same `per`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// The last row in order instead of the first. Ties are broken in reverse order, too.
    pub last: bool,
    /// Pick among all rows, whatever the window.
    pub ever: bool,
    /// Whether each entity of the measured level has a pick of its own, among its rows. Never
    /// together with `ever`.
    pub each_level: bool,
    /// Link columns from the cohort's table to the row that counts once.
    pub per: Vec<ColumnId>,
    /// The order.
    pub by: Vec<Expr>,
}

/// A named reason to exclude rows from the cohort. A row stays when the condition is false or
/// unknown. A row that stays although a condition is unknown is *unsure*.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// As shown.
    pub reason: String,
    /// The row is excluded when this is true.
    pub condition: Expr,
}

impl Cohort {
    /// Whether there can be rows of which it is not known whether they are in the cohort.
    #[must_use]
    pub fn may_be_unknown(&self) -> bool {
        let by_unknown = |by: &Expr| by.missing == Missing::Unknown;
        self.condition.missing != Missing::Never || self.pick.as_ref().is_some_and(|p| p.by.iter().any(by_unknown))
    }
}

/// Who a row belongs to, and on which day.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// From the cohort row to a row of a level's table.
    pub steps: Vec<Step>,
    /// The level reached. Levels below it are unassigned.
    pub level: usize,
    /// The day on which dated links are followed, above the reached level too.
    pub at: Expr,
}

impl Indicator {
    /// Every expression of the definition, the attribution's day last, and then the conditions of
    /// the groups when its rows are broken down.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.cohort.condition)
            .chain(self.cohort.pick.iter().flat_map(|p| &p.by))
            .chain(self.exclusions.iter().map(|e| &e.condition))
            .chain(self.measure.expressions())
            .chain([&self.attribution.at])
            .chain(self.groups())
    }

    /// The same with other expressions in the places of these; those of groups stay.
    #[must_use]
    pub fn with(&self, change: &impl Fn(&Expr) -> Expr) -> Self {
        let mut of = self.clone();
        of.cohort.condition = change(&of.cohort.condition);
        of.cohort.pick.iter_mut().flat_map(|pick| &mut pick.by).for_each(|by| *by = change(by));
        of.exclusions.iter_mut().for_each(|exclusion| exclusion.condition = change(&exclusion.condition));
        of.measure = of.measure.with(|_, e| change(e));
        of.attribution.at = change(&of.attribution.at);
        of
    }

    /// The conditions of the groups by which its rows are broken down; none when they are not.
    pub fn groups(&self) -> impl Iterator<Item = &Expr> {
        self.split.iter().flat_map(|split| split.by.iter().flatten())
    }

    /// Whether each level is measured separately, so that smaller entities do not add up to larger
    /// ones. This is so when rows are picked for each entity, and when rows are asked whether they
    /// leave their holder.
    #[must_use]
    pub fn by_level(&self) -> bool {
        let leaves = |e: &Expr| e.has(&|e| matches!(e.kind, ExprKind::Elsewhere(_)));
        self.expressions().any(leaves) || self.cohort.pick.as_ref().is_some_and(|p| p.each_level)
    }

    /// Whether there can be rows of which it is not known whether they belong to the denominator.
    #[must_use]
    pub fn may_be_unsure(&self) -> bool {
        self.cohort.may_be_unknown() || self.exclusions.iter().any(|x| x.condition.missing != Missing::Never)
    }

    /// The columns from which it takes targets.
    pub fn targets(&self) -> impl Iterator<Item = Targets> + '_ {
        self.own_standards.iter().map(|own| own.targets)
    }

    /// The standard that the entities of a level have of their own.
    #[must_use]
    pub fn own_standard(&self, model: &Model, level: usize) -> Option<&OwnStandard> {
        let table = model.levels.get(level)?.table?;
        self.own_standards.iter().find(|own| own.entities == table)
    }

    /// Whether higher values are better, by its standards; `None` where they do not say.
    #[must_use]
    pub fn higher_is_better(&self) -> Option<bool> {
        let own = self.own_standards.first().map(|own| own.at_least);
        let of_all = self.standards.iter().rev().find_map(|standard| standard.green);
        of_all.map_or(own, |green| green.higher_is_better())
    }

    /// Of entities without one of their own, the standard in force on a day; also one that gives no
    /// colour.
    #[must_use]
    pub fn standard_on(&self, day: NaiveDate) -> Option<&Standard> {
        self.standards.iter().find(|s| s.from.is_none_or(|f| f <= day) && s.until.is_none_or(|u| day < u))
    }
}

/// A scorecard's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorecard {
    /// Its id.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// Indices into [`Program::indicators`], in order.
    pub indicators: Vec<usize>,
    /// Counts of rows below this number (2 or more) and above 0 are hidden. Such a scorecard is for
    /// readers outside.
    pub hide_under: Option<u64>,
    /// The breakdowns by each of which the values are shown, too, by their index.
    pub split_by: Vec<usize>,
}

/// A checked `test` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Index into [`Program::indicators`].
    pub indicator: usize,
    /// What it shows.
    pub title: String,
    /// Its place in the text.
    pub span: Span,
    /// The drawn rows. A table that is not drawn has one row for each id that a drawn link names,
    /// with all else missing.
    pub tables: Vec<DrawnTable>,
    /// The as-of date, given or far enough for every window asked for.
    pub as_of: NaiveDate,
    /// What must hold.
    pub expects: Vec<Expect>,
}

impl Test {
    /// The ids that drawn links speak of, by the table they lead to, in the form in which they are
    /// compared; each with how it is first written.
    #[must_use]
    pub fn linked_ids(&self, model: &Model) -> BTreeMap<TableId, BTreeMap<Cow<'_, str>, &str>> {
        let mut ids: BTreeMap<TableId, BTreeMap<Cow<'_, str>, &str>> = BTreeMap::new();
        for drawn in &self.tables {
            for (place, column) in drawn.columns.iter().enumerate() {
                let column = model.table(drawn.table).column(*column);
                let Some(target) = column.target() else { continue };
                let cells = drawn.rows.iter().filter_map(|row| row.get(place)?.as_deref()).filter(|c| !c.is_empty());
                let of_target = ids.entry(target).or_default();
                for cell in cells {
                    of_target.entry(column.read_as.compared(cell)).or_insert(cell);
                }
            }
        }
        ids
    }
}

/// Rows of a test, as the text of their cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnTable {
    /// The table.
    pub table: TableId,
    /// Which columns are drawn; the others are missing.
    pub columns: Vec<ColumnId>,
    /// Cells in the order of `columns`.
    pub rows: Vec<Vec<Option<String>>>,
}

impl DrawnTable {
    /// What a row is called whose id is not drawn, by its place from 1 on.
    #[must_use]
    pub fn row_name(number: usize) -> String {
        format!("row {number:03}")
    }
}

/// One expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// Its place in the text.
    pub span: Span,
    /// The window that it is about.
    pub window: crate::calendar::Window,
    /// Whose rows it is about: an entity by its level and id, or the whole.
    pub of: Option<(usize, String)>,
    /// The group of whose rows it is: by the index of the breakdown, the number of the group.
    pub group: Option<(usize, usize)>,
    /// What must hold.
    pub kind: ExpectKind,
}

/// Figures a test expects of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The figure before `of`.
    pub first: ExpectedFigure,
    /// Below the line.
    pub of: Decimal,
    /// Rows that are undetermined, where given.
    pub undetermined: Option<u64>,
    /// Rows that are excluded, where given.
    pub excluded: Option<u64>,
    /// Rows that are unsure, where given.
    pub unsure: Option<u64>,
    /// Whether the window must be provisional; without it, it may be.
    pub provisional: bool,
    /// The colour, where given.
    pub colour: Option<Colour>,
}

/// The colour that a test expects of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// The standard is met.
    Green,
    /// Short of it, and no further than the yellow band.
    Yellow,
    /// Neither.
    Red,
    /// Nothing is judged.
    None,
}

/// The first figure a test expects of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExpectedFigure {
    /// The numerator.
    Above(Decimal),
    /// The value.
    Value(Decimal),
    /// There are rows, and no value.
    NotEstimable,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectKind {
    /// Figures of the whole, or of the entity.
    Figures(Figures),
    /// The window's outcomes are not known yet.
    NotObservable,
    /// What became of the cohort row with this id.
    Row { id: String, outcome: Outcome, held_by: Option<String> },
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Counted in the numerator and the denominator.
    Met,
    /// Below the line.
    Unmet,
    /// Counted in the denominator, and not known whether in the numerator. For a mean, a percentile
    /// or a time until something happens: without a value. For an incidence: without a time, or
    /// ended and not known how.
    Undetermined,
    /// Part of a mean or a percentile.
    Counted,
    /// Excluded; with the reason when the test names it.
    Excluded(Option<String>),
    /// Not known whether it belongs to the denominator. A row that is counted there has another
    /// outcome as well.
    Unsure,
    /// Set aside because its identity or place is broken; it may belong to the denominator.
    Unread,
    /// Not in the cohort.
    NotCounted,
}
