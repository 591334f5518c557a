//! `test` blocks: the rows they draw, the windows they ask about, and what must hold.

use super::declared::Declared;
use super::scorecard::{self, is_declared, place};
use super::test_rows::{self, Drawn};
use super::world::World;
use crate::calendar::{Window, add_days};
use crate::decimal::Decimal;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::{Colour, DrawnTable, Expect, ExpectKind, ExpectedFigure, Figures, Indicator, Outcome, Program, Test};
use crate::measures::Summary;
use crate::model::{Model, UNASSIGNED};
use crate::source::{Span, Spanned};
use crate::syntax::ast;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The most days from the end of a window to that of the next.
const DAYS_BETWEEN: i64 = 366;

/// Checks one test: what it expects in each hierarchy of levels, by its number; nothing when a
/// mistake leaves nothing to run.
pub(super) fn check(
    worlds: &[World],
    declared: &Declared,
    programs: &[Program],
    decl: &ast::Test,
    out: &mut Diagnostics,
) -> Vec<(usize, Test)> {
    checked(worlds, declared, programs, decl, out).unwrap_or_default()
}

fn checked(
    worlds: &[World],
    declared: &Declared,
    programs: &[Program],
    decl: &ast::Test,
    out: &mut Diagnostics,
) -> Option<Vec<(usize, Test)>> {
    let world = worlds.first()?;
    if decl.expects.is_empty() {
        let finding = Diagnostic::new(code::NOTHING_EXPECTED, decl.title.span, "this test expects nothing");
        out.push(finding.help("add a line such as `expect window ending 2024-12-31: 1 of 2`"));
    }
    let tables = test_rows::tables(world, declared, decl, out);
    if let Some(program) = programs.first() {
        test_rows::one_target_a_day(&program.model, &tables, out);
    }
    is_declared(declared, &decl.indicator, out);
    let named = names(declared, programs, decl, out)?;
    // As it is, and as it is broken down.
    let splits = programs.iter().map(|program| {
        let index = place(&program.indicators, |indicator| &indicator.id, &decl.indicator.value)?;
        let can = |number: &usize| program.breakdowns.get(*number).is_some_and(|of| of.of.contains_key(&index));
        let by: Vec<usize> = named.iter().copied().filter(can).collect();
        let split = if by.is_empty() { None } else { program.split(index, &by) };
        Some((index, split))
    });
    let splits: Vec<Option<(usize, Option<Indicator>)>> = splits.collect();
    let found = splits.iter().zip(programs).enumerate().zip(worlds).filter_map(|((number, (of, program)), world)| {
        let (index, split) = of.as_ref()?;
        let indicator = split.as_ref().or_else(|| program.indicators.get(*index))?;
        Some(Of { number, world, program, index: *index, indicator })
    });
    let found: Vec<Of> = found.collect();
    let asked: Vec<Expects> = found.iter().map(|of| Expects::new(of, &tables)).collect();
    let expects = lines(&asked, decl, out);
    let is_sound = expects.is_some();
    let mut of_each: Vec<Vec<Expect>> = vec![Vec::new(); found.len()];
    for (place, expect) in expects.into_iter().flatten() {
        of_each[place].push(expect);
    }
    let is_held = |e: &Expect| matches!(e.kind, ExpectKind::Row { held_by: Some(_), .. });
    // The columns that are read must be drawn: those of the way up where it is said who holds a
    // row.
    for (place, (of, own)) in found.iter().zip(&of_each).enumerate() {
        if place == 0 || !own.is_empty() {
            test_rows::needed(of.world, of.indicator, (decl, own.iter().any(is_held)), &tables, out);
        }
    }
    if !is_sound {
        return None;
    }
    let asked = found.iter().zip(&of_each).filter(|(_, own)| !own.is_empty());
    let as_of = match &decl.as_of {
        Some(day) => day.value,
        None => latest(asked.map(|(of, own)| as_of(of.indicator, own)).collect(), decl, out)?,
    };
    let tables: Vec<DrawnTable> = tables.into_iter().map(|t| t.table).collect();
    let test = |(of, expects): (&Of, Vec<Expect>)| {
        let (title, span) = (decl.title.value.clone(), decl.span);
        (of.number, Test { indicator: of.index, title, span, tables: tables.clone(), as_of, expects })
    };
    Some(found.iter().zip(of_each).filter(|(_, own)| !own.is_empty()).map(test).collect())
}

/// An indicator in one hierarchy of levels.
struct Of<'a> {
    /// The number of the hierarchy.
    number: usize,
    world: &'a World<'a>,
    program: &'a Program,
    /// Its place among the indicators of the hierarchy.
    index: usize,
    /// Broken down by all whose groups are asked about.
    indicator: &'a Indicator,
}

/// The breakdowns of whose groups something is expected; `None` when there is no such breakdown.
fn names(
    declared: &Declared,
    programs: &[Program],
    decl: &ast::Test,
    out: &mut Diagnostics,
) -> Option<BTreeSet<usize>> {
    let known = programs.first().map_or(&[][..], |program| program.breakdowns.as_slice());
    let groups = decl.expects.iter().filter_map(|line| of_group(&line.value));
    let found: Vec<_> = groups.map(|group| scorecard::breakdown(declared, known, &group.breakdown, out)).collect();
    found.into_iter().collect()
}

fn of_group(line: &ast::Expect) -> Option<&ast::GroupName> {
    match line {
        ast::Expect::Window { group, .. } | ast::Expect::NotObservable { group, .. } => group.as_ref(),
        ast::Expect::Row { .. } => None,
    }
}

/// The day through which the data is complete in all hierarchies; a finding where no line tells.
fn latest(days: Vec<As>, decl: &ast::Test, out: &mut Diagnostics) -> Option<NaiveDate> {
    let first = decl.expects.first()?;
    let mut latest: Option<NaiveDate> = None;
    for day in days {
        match day {
            As::Of(day) => latest = latest.max(Some(day)),
            As::Beyond => {
                out.push(super::dates::beyond(first.span));
                return None;
            }
            As::NotSaid => {}
        }
    }
    if latest.is_none() {
        let message = "this test does not say through which day the data is complete";
        let finding = Diagnostic::new(code::IMPOSSIBLE_EXPECT, first.span, message);
        out.push(finding.help("add `as of DATE`, so that the window is too recent to be known"));
    }
    latest
}

/// Through which day the data must be complete.
enum As {
    Of(NaiveDate),
    /// No day of the calendar is late enough.
    Beyond,
    /// No window is asked for that is shown.
    NotSaid,
}

/// The last day of data that is complete for every window asked for: so that it is final, or only
/// shown where it must be provisional, or always is.
fn as_of(indicator: &Indicator, expects: &[Expect]) -> As {
    let hidden: BTreeSet<Window> =
        expects.iter().filter(|e| e.kind == ExpectKind::NotObservable).map(|e| e.window).collect();
    let shown: BTreeSet<Window> = expects
        .iter()
        .filter(|e| matches!(&e.kind, ExpectKind::Figures(f) if f.provisional))
        .map(|e| e.window)
        .collect();
    let windows = expects.iter().map(|e| e.window).filter(|w| !hidden.contains(w));
    let Some(last) = windows.max() else { return As::NotSaid };
    let complete = match indicator.follow_up {
        Some(_) if !shown.contains(&last) => indicator.final_on(last),
        Some(_) | None => indicator.shown_on(last),
    };
    complete.map_or(As::Beyond, As::Of)
}

/// The window, the entity and the group that rows are expected in: those of the last line that
/// named a window.
type Place = (Option<Window>, Option<(usize, String)>, Option<(usize, usize)>);

struct Expects<'a> {
    program: &'a Program,
    /// Its place there.
    index: usize,
    model: &'a Model,
    indicator: &'a Indicator,
    /// The ids of the cohort's drawn rows, when they are drawn.
    ids: Option<BTreeSet<&'a str>>,
    /// The reasons for which the indicator excludes rows.
    reasons: BTreeSet<&'a str>,
}

/// All lines, each with the place of the hierarchy that it speaks of; `None` when one is wrong. A
/// line without an entity, and the rows below it, are of the first.
fn lines(asked: &[Expects], decl: &ast::Test, out: &mut Diagnostics) -> Option<Vec<(usize, Expect)>> {
    let mut place = None;
    let mut at = 0;
    let mut all = Some(Vec::new());
    for line in &decl.expects {
        if let ast::Expect::Window { of, .. } | ast::Expect::NotObservable { of, .. } = &line.value {
            let has = |e: &Expects| of.as_ref().is_some_and(|of| e.model.find_level(&of.level.value).is_some());
            at = asked.iter().position(has).unwrap_or(0);
        }
        let expect = asked.get(at)?.line(line, &mut place, out);
        match (&mut all, expect) {
            (Some(all), Some(expect)) => all.push((at, expect)),
            (all, _) => *all = None,
        }
    }
    all
}

impl<'a> Expects<'a> {
    fn new(of: &Of<'a>, tables: &'a [Drawn]) -> Self {
        let (model, indicator) = (&of.world.model, of.indicator);
        let drawn = tables.iter().find(|t| t.table.table == indicator.cohort.table);
        let reasons = indicator.exclusions.iter().map(|e| e.reason.as_str()).collect();
        Self { program: of.program, index: of.index, model, indicator, ids: drawn.map(|t| t.ids(model)), reasons }
    }

    fn line(&self, line: &Spanned<ast::Expect>, place: &mut Option<Place>, out: &mut Diagnostics) -> Option<Expect> {
        let kind = match &line.value {
            ast::Expect::Window { last_day, of, group, figures } => {
                self.turn_to(place, last_day, (of.as_ref(), group.as_ref()), out)?;
                let level = place.as_ref().and_then(|(_, of, _)| of.as_ref()).map_or(0, |(level, _)| *level);
                self.figures(figures, (last_day.value, level), line.span, out)?
            }
            ast::Expect::NotObservable { last_day, of, group } => {
                self.turn_to(place, last_day, (of.as_ref(), group.as_ref()), out)?;
                ExpectKind::NotObservable
            }
            ast::Expect::Row { id, outcome, held_by } => {
                if place.is_none() {
                    let message = format!("nothing says in which window `{}` is {}", id.value, said(outcome));
                    let finding = Diagnostic::new(code::ROW_BEFORE_WINDOW, line.span, message);
                    out.push(finding.help("put a line `expect window ending DATE: ...` above it"));
                }
                self.row(id, outcome, held_by.as_ref(), out)?
            }
        };
        let (window, of, group) = place.clone()?;
        Some(Expect { span: line.span, window: window?, of, group, kind })
    }

    /// What this line and the rows after it speak of; `None` when there is no such window, level or
    /// group.
    fn turn_to(
        &self,
        place: &mut Option<Place>,
        last_day: &Spanned<NaiveDate>,
        (of, group): (Option<&ast::EntityName>, Option<&ast::GroupName>),
        out: &mut Diagnostics,
    ) -> Option<()> {
        let window = ending(last_day, self.indicator, out);
        let level = of.map(|of| self.level(&of.level, out));
        let entity = of.zip(level.flatten()).map(|(of, level)| (level, of.id.value.clone()));
        let number = group.map(|group| self.group(group, out));
        *place = Some((window, entity, number.flatten()));
        let is_known = level.is_none_or(|level| level.is_some()) && number.is_none_or(|number| number.is_some());
        let is_word = of.zip(level.flatten()).is_none_or(|(of, level)| self.is_entity(of, level, out));
        (is_known && is_word).then_some(())
    }

    /// Whether a level made of words has the word that is named.
    fn is_entity(&self, of: &ast::EntityName, level: usize, out: &mut Diagnostics) -> bool {
        let table = self.model.levels.get(level).and_then(|level| level.table);
        let Some((table, column)) = table.and_then(|table| self.model.table(table).words_of) else { return true };
        let words = self.model.table(table).column(column).ty.spelled_words().unwrap_or_default();
        if of.id.value == UNASSIGNED || words.contains(&of.id.value.as_str()) {
            return true;
        }
        let message = format!("`{}` is no word of the level `{}`", of.id.value, of.level.value);
        let help = suggest::help(&of.id.value, "words", &words);
        out.push(Diagnostic::new(code::UNKNOWN_CODE, of.id.span, message).help(help));
        false
    }

    /// The breakdown and the number of a group.
    fn group(&self, written: &ast::GroupName, out: &mut Diagnostics) -> Option<(usize, usize)> {
        let breakdown = self.program.find_breakdown(&written.breakdown.value)?;
        if !self.program.breakdowns.get(breakdown)?.of.contains_key(&self.index) {
            let message = format!("`{}` cannot be broken down by `{}`", self.indicator.id, written.breakdown.value);
            let help = "its rows must lead to the rows that have the value, and the value must be known at some time";
            out.push(Diagnostic::new(code::IMPOSSIBLE_EXPECT, written.breakdown.span, message).help(help));
            return None;
        }
        let values = self.program.group_values(&[breakdown]);
        let found = values.iter().position(|(value, _)| *value == written.value.value);
        if found.is_none() {
            let known: Vec<_> = values.iter().map(|(value, _)| value.as_str()).collect();
            let message = format!("`{}` has no group \"{}\"", written.breakdown.value, written.value.value);
            let finding = Diagnostic::new(code::IMPOSSIBLE_EXPECT, written.value.span, message);
            out.push(finding.help(suggest::help(&written.value.value, "groups", &known)));
        }
        found.map(|number| (breakdown, number))
    }

    fn level(&self, name: &ast::Name, out: &mut Diagnostics) -> Option<usize> {
        let found = self.model.find_level(&name.value);
        if found.is_none() {
            let levels = self.model.hierarchies.iter().flat_map(|of| &of.levels).map(|l| l.name.as_str());
            let known: Vec<_> = levels.collect::<BTreeSet<_>>().into_iter().collect();
            let finding = Diagnostic::new(code::LEVELS, name.span, format!("there is no level `{}`", name.value));
            out.push(finding.help(suggest::help(&name.value, "levels", &known)));
        }
        found
    }

    fn row(
        &self,
        id: &Spanned<String>,
        outcome: &ast::Outcome,
        held_by: Option<&Spanned<String>>,
        out: &mut Diagnostics,
    ) -> Option<ExpectKind> {
        let cohort = self.model.table(self.indicator.cohort.table);
        if cohort.key.is_none() {
            let message = format!("rows of `{}` have no id by which to name them", cohort.name);
            let finding = Diagnostic::new(code::IMPOSSIBLE_EXPECT, id.span, message);
            out.push(finding.help("expect the counts of a window instead"));
            return None;
        }
        let spelled = self.spelled(id);
        if let Some(ids) = &self.ids
            && !ids.contains(spelled.as_str())
        {
            let ids: Vec<_> = ids.iter().copied().collect();
            let message = format!("no row of `{}` with the id `{}` is drawn", cohort.name, id.value);
            let finding = Diagnostic::new(code::IMPOSSIBLE_EXPECT, id.span, message);
            out.push(finding.help(suggest::help(&id.value, "ids", &ids)));
            return None;
        }
        let outcome = self.outcome(outcome, out)?;
        Some(ExpectKind::Row { id: spelled, outcome, held_by: held_by.map(|h| h.value.clone()) })
    }

    /// The id of a row of the cohort as it is shown: as it is drawn, where it is the same to its
    /// key.
    fn spelled(&self, id: &Spanned<String>) -> String {
        let cohort = self.model.table(self.indicator.cohort.table);
        let Some(read_as) = cohort.key.map(|key| cohort.column(key).read_as) else { return id.value.clone() };
        let same = |drawn: &&&str| read_as.compared(drawn) == read_as.compared(&id.value);
        let drawn = self.ids.iter().flatten().find(same);
        drawn.map_or_else(|| read_as.shown(&id.value).to_owned(), |drawn| (*drawn).to_owned())
    }

    fn outcome(&self, outcome: &ast::Outcome, out: &mut Diagnostics) -> Option<Outcome> {
        let reason = match outcome {
            ast::Outcome::Counted => return Some(Outcome::Counted),
            ast::Outcome::Met => return Some(Outcome::Met),
            ast::Outcome::Unmet => return Some(Outcome::Unmet),
            ast::Outcome::Undetermined => return Some(Outcome::Undetermined),
            ast::Outcome::Unsure => return Some(Outcome::Unsure),
            ast::Outcome::NotCounted => return Some(Outcome::NotCounted),
            ast::Outcome::Excluded(None) => return Some(Outcome::Excluded(None)),
            ast::Outcome::Excluded(Some(reason)) => reason,
        };
        if self.reasons.contains(reason.value.as_str()) {
            return Some(Outcome::Excluded(Some(reason.value.clone())));
        }
        let known: Vec<_> = self.reasons.iter().copied().collect();
        let message = format!("`{}` excludes nothing for the reason \"{}\"", self.indicator.id, reason.value);
        let finding = Diagnostic::new(code::IMPOSSIBLE_EXPECT, reason.span, message);
        out.push(finding.help(suggest::help(&reason.value, "reasons", &known)));
        None
    }
}

impl Expects<'_> {
    /// The figures of a window, when they can be those of the measure.
    fn figures(
        &self,
        written: &ast::Figures,
        (last_day, level): (NaiveDate, usize),
        span: Span,
        out: &mut Diagnostics,
    ) -> Option<ExpectKind> {
        let rows = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
        let (undetermined, excluded, unsure) =
            (rows(written.undetermined), rows(written.excluded), rows(written.unsure));
        let of = written.of.value;
        let whole = |n: Decimal| n.whole().is_some_and(|n| n >= 0);
        let more = |met: Decimal| {
            let rows = i128::from(undetermined.unwrap_or(0));
            met.whole().zip(of.whole()).is_some_and(|(met, of)| met.saturating_add(rows) > of)
        };
        let kind = self.indicator.measure.kind();
        let wrong = match (kind.summary(), written.first.value) {
            (Summary::Values, ast::ExpectedFigure::Above(_)) if kind.above().is_none() => Some((
                written.first.span,
                "a median, a percentile or an incidence has no numerator",
                "write `value 12.5 of 4`: its value, and the number of its rows",
            )),
            (Summary::MetOfRows, ast::ExpectedFigure::Above(met)) if ![met, of].into_iter().all(whole) => {
                Some((span, "a proportion counts whole rows", "write `MET of ALL`, as in `1 of 2`"))
            }
            (Summary::MetOfRows, ast::ExpectedFigure::Above(met)) if more(met) => Some((
                span,
                "the numerator is larger than the denominator",
                "write `MET of ALL`: met and undetermined rows are part of all the rows",
            )),
            (_, ast::ExpectedFigure::NotEstimable) if !kind.may_be_inestimable() => Some((
                written.first.span,
                "this measure has a value wherever it has rows",
                "write its figures: only a measure that is `censored at` a day can be not estimable",
            )),
            (Summary::MetOfRows | Summary::Events | Summary::SumOfValues | Summary::Values, _) => None,
        };
        let wrong = wrong.or_else(|| {
            let span = written.provisional.filter(|_| !self.indicator.as_it_stands)?;
            let help = "remove it, or add `as it stands` to the indicator";
            Some((span, "no number of this indicator is provisional", help))
        });
        if let Some((span, message, help)) = wrong {
            out.push(Diagnostic::new(code::IMPOSSIBLE_EXPECT, span, message).help(help));
            return None;
        }
        let first = match written.first.value {
            ast::ExpectedFigure::Above(figure) => ExpectedFigure::Above(figure),
            ast::ExpectedFigure::Value(figure) => ExpectedFigure::Value(figure),
            ast::ExpectedFigure::NotEstimable => ExpectedFigure::NotEstimable,
        };
        let provisional = written.provisional.is_some();
        let colour = match &written.colour {
            Some(colour) => Some(self.colour(colour, first, (last_day, level), out)?),
            None => None,
        };
        Some(ExpectKind::Figures(Figures { first, of, undetermined, excluded, unsure, provisional, colour }))
    }

    /// The colour, when the window can have it.
    fn colour(
        &self,
        written: &Spanned<ast::Colour>,
        first: ExpectedFigure,
        (last_day, level): (NaiveDate, usize),
        out: &mut Diagnostics,
    ) -> Option<Colour> {
        let colour = match written.value {
            ast::Colour::None => return Some(Colour::None),
            ast::Colour::Green => Colour::Green,
            ast::Colour::Yellow => Colour::Yellow,
            ast::Colour::Red => Colour::Red,
        };
        // Which target an entity has is said by the rows of the test; whether it has a band is not.
        let has_yellow = match self.indicator.own_standard(self.model, level) {
            Some(own) => Some(own.within.is_some()),
            None => {
                let standard = self.indicator.standard_on(last_day).filter(|standard| standard.green.is_some());
                standard.map(|standard| standard.yellow.is_some())
            }
        };
        let (message, help) = match has_yellow {
            _ if first == ExpectedFigure::NotEstimable => {
                ("what is not estimable has no colour".to_owned(), "write `no colour`, or remove the colour")
            }
            None => (
                format!("no standard is in force on {last_day}, so the window has no colour"),
                "write `no colour`, or remove the colour",
            ),
            Some(false) if colour == Colour::Yellow => (
                format!("the standard in force on {last_day} has no yellow band"),
                "write `green` or `red`, or give the standard a yellow band",
            ),
            Some(_) => return Some(colour),
        };
        out.push(Diagnostic::new(code::IMPOSSIBLE_EXPECT, written.span, message).help(help));
        None
    }
}

fn said(outcome: &ast::Outcome) -> &'static str {
    match outcome {
        ast::Outcome::Counted => "counted",
        ast::Outcome::Met => "met",
        ast::Outcome::Unmet => "unmet",
        ast::Outcome::Undetermined => "undetermined",
        ast::Outcome::Excluded(_) => "excluded",
        ast::Outcome::Unsure => "unsure",
        ast::Outcome::NotCounted => "not counted",
    }
}

fn ending(last_day: &Spanned<NaiveDate>, indicator: &Indicator, out: &mut Diagnostics) -> Option<Window> {
    let day = last_day.value;
    if let Some(window) = indicator.window_ending(day) {
        return Some(window);
    }
    if indicator.ends_on(day) {
        out.push(super::dates::beyond(last_day.span));
        return None;
    }
    let message = format!("no window ends on {day}: {}", indicator.ends_in_words());
    let next = (1..=DAYS_BETWEEN).filter_map(|n| add_days(day, n)).find(|day| indicator.ends_on(*day));
    let help = next.map_or_else(|| "write an earlier day".to_string(), |next| format!("write {next}"));
    out.push(Diagnostic::new(code::WINDOW_ENDING, last_day.span, message).help(help));
    None
}
