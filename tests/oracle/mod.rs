//! The oracle: what an indicator means, row by row, as plainly as it can be said.
//!
//! It follows the words on [`yardstick::ir::ExprKind`] and shares nothing with `data`, `plan` and
//! `run`: it reads the text of the tables itself ([`table`]), does its own arithmetic of months
//! ([`months`]) and of values in order ([`estimate`]), and looks at one row at a time ([`value`]).
//! Slow, short and easy to believe; the engine must agree with it.

pub(crate) mod cell;
pub(crate) mod cut;
pub(crate) mod estimate;
pub(crate) mod instant;
pub(crate) mod months;
pub(crate) mod table;
pub(crate) mod value;

use cell::{Cell, Value};
use chrono::{Days, NaiveDate};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use table::World;
use value::Eval;
use yardstick::calendar::Window;
use yardstick::counts::{Counts, Doubt};
use yardstick::ir::{Ask, ExprKind, Fate, Followed, Indicator, Measure, Missing, Outcome, Pick, RowId, still_open};
use yardstick::model::{Counted, Step, TableId};

/// One row of the cohort and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) row: usize,
    pub(crate) outcome: Outcome,
    /// What it is, or would be if it belonged.
    pub(crate) would: Outcome,
    /// Whether it is not known that it belongs below the line.
    pub(crate) unsure: bool,
    /// Whether it may stand in the place of any row that was picked: it went, and it is not known
    /// whose it is.
    pub(crate) anybodys: bool,
    /// By level below the whole, from the largest to the smallest.
    pub(crate) entities: Vec<Option<usize>>,
    pub(crate) attributed_on: Option<NaiveDate>,
    /// Events of a rate, the value of a mean or a percentile, or the time until something happens.
    pub(crate) amount: Option<i64>,
    /// Days of a rate.
    pub(crate) exposure: Option<i64>,
    /// How a row of an incidence came to the end of its time.
    pub(crate) fate: Option<Fate>,
}

/// The rows of the cohort in the order of their table, each with what became of it; as `level` sees
/// them, where every level is measured by itself.
pub(crate) fn cases(
    world: &World,
    indicator: &Indicator,
    as_of: NaiveDate,
    window: Window,
    level: usize,
) -> Vec<Verdict> {
    let indicator = &*as_asked(world, indicator);
    let eval = Eval { world, as_of, window, indicator, level };
    let known =
        cohort(&eval, indicator).into_iter().filter_map(|(row, belongs)| verdict(&eval, indicator, row, belongs));
    let sound = world.rows(indicator.cohort.table).len();
    let went = sound..sound + world.went(indicator.cohort.table).len();
    known.chain(went.filter_map(|row| unread(&eval, indicator, row))).collect()
}

/// What becomes of a row that went: it may belong, unless it is known that it does not.
fn unread(eval: &Eval<'_>, indicator: &Indicator, row: usize) -> Option<Verdict> {
    let rows = of_cohort(indicator.cohort.table, row);
    eval.truth(&indicator.cohort.condition, &rows).is_none_or(|passes| passes).then_some(())?;
    let verdict = verdict(eval, indicator, row, Belongs::Perhaps)?;
    let whose = indicator.cohort.pick.as_ref().map(|pick| whose(eval, pick, row));
    let anybodys = match whose {
        Some(Some((_, holder))) => {
            indicator.cohort.pick.as_ref().unwrap().each_level && eval.level > 0 && holder.is_none()
        }
        Some(None) => true,
        None => false,
    };
    Some(Verdict { outcome: Outcome::Unread, unsure: false, anybodys, ..verdict })
}

/// Whether what is shown of a window can still change: of an indicator that is shown as it stands,
/// as long as the data has not reached the day from which on the same indicator would show it
/// without.
pub(crate) fn is_provisional(indicator: &Indicator, window: Window, as_of: NaiveDate) -> bool {
    let Some(follow_up) = indicator.follow_up.filter(|_| indicator.as_it_stands) else { return indicator.as_it_stands };
    let mut known = window.end;
    for wait in [follow_up, indicator.lag] {
        known = months::plus_months(known, wait.months.into()) + Days::new(wait.days.into());
    }
    let named = indicator.named_day().is_some_and(|named| as_of < named);
    as_of + Days::new(1) < known || named
}

/// An indicator whose windows are shown as they stand takes what is still open as unknown. What
/// that makes of its conditions is not worked out a second time here: `finality` holds it to what
/// it promises.
pub(crate) fn as_asked<'a>(world: &World, indicator: &'a Indicator) -> Cow<'a, Indicator> {
    match indicator.as_it_stands {
        false => Cow::Borrowed(indicator),
        true => Cow::Owned(still_open::indicator(&world.model, indicator)),
    }
}

/// Counts of those rows by entity and, where values do not add up, by value.
pub(crate) fn parts(indicator: &Indicator, cases: &[Verdict]) -> BTreeMap<(Vec<Option<usize>>, Option<i64>), Counts> {
    let mut parts = BTreeMap::new();
    let by_value =
        matches!(indicator.measure, Measure::Percentile { .. } | Measure::Until { .. } | Measure::Incidence { .. });
    for case in cases {
        let held = !matches!(case.outcome, Outcome::Unsure | Outcome::Unread);
        let value = case.amount.filter(|_| by_value && held).map(|v| case.fate.map_or(v, |fate| fate.after(v)));
        let counts: &mut Counts = parts.entry((case.entities.clone(), value)).or_default();
        counts.excluded.resize(indicator.exclusions.len(), 0);
        if case.unsure || case.outcome == Outcome::Unread {
            doubt(indicator, case, counts.doubt.get_or_insert_default());
        }
        counts.cohort += u64::from(held);
        match &case.outcome {
            Outcome::Excluded(reason) => {
                let number = indicator.exclusions.iter().position(|e| Some(&e.reason) == reason.as_ref()).unwrap();
                counts.excluded[number] += 1;
            }
            Outcome::Unsure | Outcome::Unread => {}
            Outcome::Met | Outcome::Unmet | Outcome::Counted | Outcome::Undetermined | Outcome::NotCounted => {
                counts.amount += case.amount.filter(|_| !by_value).unwrap_or(0);
                counts.exposure += case.exposure.unwrap_or(0);
                counts.denominator += 1;
                counts.met += u64::from(case.outcome == Outcome::Met);
                counts.undetermined += u64::from(case.outcome == Outcome::Undetermined);
            }
        }
    }
    parts
}

/// What an unsure row would take away, or bring.
fn doubt(indicator: &Indicator, case: &Verdict, doubt: &mut Doubt) {
    let went = case.outcome == Outcome::Unread;
    let comes = went || case.outcome == Outcome::Unsure;
    doubt.rows += u64::from(!went);
    doubt.unread += u64::from(went);
    doubt.instead += u64::from(went && case.anybodys);
    let sums = if comes { &mut doubt.brings } else { &mut doubt.takes };
    let is = |outcome| i64::from(case.would == outcome);
    match &indicator.measure {
        // What is undetermined may turn out either way when it comes; when it leaves, nothing of it
        // was sure.
        Measure::Proportion { .. } => {
            let either = if comes { is(Outcome::Undetermined) } else { 0 };
            sums[0] += is(Outcome::Met) + either;
            sums[1] += is(Outcome::Unmet) + either;
        }
        Measure::Rate { .. } => {
            sums[0] += case.amount.unwrap();
            sums[1] += case.exposure.unwrap();
            doubt.blank += u64::from(comes && case.would == Outcome::Undetermined);
        }
        Measure::Mean { .. } => {}
        Measure::Percentile { .. } | Measure::Until { .. } | Measure::Incidence { .. } => {
            sums[0] += i64::from(comes || case.amount.is_some());
        }
    }
}

/// Whether a row belongs to the cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belongs {
    Surely,
    /// It is counted, and another row may have to be instead.
    SoFar,
    /// It is not counted, and may have to be.
    Perhaps,
}

/// The rows that belong to the cohort, or may.
fn cohort(eval: &Eval<'_>, indicator: &Indicator) -> Vec<(usize, Belongs)> {
    let table = indicator.cohort.table;
    let passes = |row: usize| eval.truth(&indicator.cohort.condition, &of_cohort(table, row));
    let all = 0..eval.world.rows(table).len();
    let by_condition = |row: usize| match passes(row)? {
        true => Some((row, Belongs::Surely)),
        false => None,
    };
    let may_pass = |row: usize| if passes(row).is_none() { Some((row, Belongs::Perhaps)) } else { by_condition(row) };
    match &indicator.cohort.pick {
        None => all.filter_map(may_pass).collect(),
        Some(pick) if pick.ever => {
            let everyone = all.map(|row| (row, Belongs::Surely)).collect();
            let picked = picked(eval, table, pick, everyone).into_iter();
            let both = |(row, picked)| match (picked, may_pass(row)?.1) {
                (Belongs::Perhaps, _) | (_, Belongs::Perhaps) => Some((row, Belongs::Perhaps)),
                (picked, _) => Some((row, picked)),
            };
            picked.filter_map(both).collect()
        }
        Some(pick) => picked(eval, table, pick, all.filter_map(may_pass).collect()),
    }
}

/// Whom a row is picked for, and who holds it where that matters; nothing when it is not known.
fn whose(eval: &Eval<'_>, pick: &Pick, row: usize) -> Option<(usize, Option<usize>)> {
    let (_, per) = eval.world.follow(eval.indicator.cohort.table, row, &pick.per)?;
    let holder = if pick.each_level { eval.holder(row, attributed_on(eval, row)) } else { None };
    Some((per, holder))
}

/// For whom a row that went may have to be picked.
fn contended(eval: &Eval<'_>, table: TableId, pick: &Pick) -> BTreeSet<(usize, Option<usize>)> {
    let sound = eval.world.rows(table).len();
    let went = sound..sound + eval.world.went(table).len();
    let condition = &eval.indicator.cohort.condition;
    let may = |row: &usize| pick.ever || eval.truth(condition, &of_cohort(table, *row)) != Some(false);
    went.filter(may).filter_map(|row| whose(eval, pick, row)).collect()
}

/// The first or last of the rows for each value of `per`, and those that may be it.
fn picked(eval: &Eval<'_>, table: TableId, pick: &Pick, rows: Vec<(usize, Belongs)>) -> Vec<(usize, Belongs)> {
    // Each row with its place in the order; without one, it may stand anywhere.
    type Placed = (usize, Belongs, Option<Vec<Cell>>);
    let mut groups: BTreeMap<(usize, Option<usize>), Vec<Placed>> = BTreeMap::new();
    for (row, belongs) in rows {
        let Some(whose) = whose(eval, pick, row) else { continue };
        let by: Vec<Cell> = pick.by.iter().map(|e| eval.value(e, &of_cohort(table, row))).collect();
        let missing = by.iter().zip(&pick.by).any(|(cell, e)| cell.is_none() && e.missing != Missing::OpenEnd);
        groups.entry(whose).or_default().push((row, belongs, Some(by).filter(|_| !missing)));
    }
    let before = |a: &Placed, b: &Placed| match (&a.2, &b.2) {
        (Some(x), Some(y)) => {
            let order = in_order(&(x.clone(), a.0), &(y.clone(), b.0));
            Some(if pick.last { order.is_gt() } else { order.is_lt() })
        }
        _ => None,
    };
    let sure = |row: &Placed| row.1 == Belongs::Surely && row.2.is_some();
    let mut found = Vec::new();
    let contended = contended(eval, table, pick);
    for (whose, group) in &groups {
        for row in group {
            let others = || group.iter().filter(|other| other.0 != row.0);
            if others().any(|other| sure(other) && before(other, row) == Some(true)) {
                continue;
            }
            let contested =
                || contended.contains(whose) || others().any(|other| !sure(other) && before(other, row) != Some(false));
            let belongs = match (sure(row), contested()) {
                (false, _) => Belongs::Perhaps,
                (true, true) => Belongs::SoFar,
                (true, false) => Belongs::Surely,
            };
            found.push((row.0, belongs));
        }
    }
    found.sort_unstable_by_key(|(row, _)| *row);
    found
}

/// By the values in turn, an open end after every day, then by the row's own order.
fn in_order(a: &(Vec<Cell>, usize), b: &(Vec<Cell>, usize)) -> Ordering {
    for (a, b) in a.0.iter().zip(&b.0) {
        let order = match (a, b) {
            (Some(a), Some(b)) => a.order(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.1.cmp(&b.1)
}

/// What becomes of a row; nothing, when it may belong and is excluded in any case.
fn verdict(eval: &Eval<'_>, indicator: &Indicator, row: usize, belongs: Belongs) -> Option<Verdict> {
    let rows = of_cohort(indicator.cohort.table, row);
    let excluded = |is: Option<bool>| indicator.exclusions.iter().find(|e| eval.truth(&e.condition, &rows) == is);
    let out = excluded(Some(true));
    if belongs == Belongs::Perhaps && out.is_some() {
        return None;
    }
    let unsure = out.is_none() && (belongs != Belongs::Surely || excluded(None).is_some());
    let (would, amount, exposure) = match out {
        Some(exclusion) => (Outcome::Excluded(Some(exclusion.reason.clone())), None, None),
        None => measured(eval, &indicator.measure, &rows),
    };
    let fate = match (&indicator.measure, &would) {
        (_, Outcome::Excluded(_)) => None,
        (Measure::Incidence { of, by, rows: followed }, _) => {
            let end = (by.months.into(), by.days.into());
            fate(eval, of, end, followed, &rows).map(|(_, fate)| fate)
        }
        _ => None,
    };
    let outcome = if belongs == Belongs::Perhaps { Outcome::Unsure } else { would.clone() };
    let attributed_on = attributed_on(eval, row);
    let entities = entities(eval.world, indicator, row, attributed_on);
    Some(Verdict { row, outcome, would, unsure, anybodys: false, entities, attributed_on, amount, exposure, fate })
}

/// The day of attribution.
fn attributed_on(eval: &Eval<'_>, row: usize) -> Option<NaiveDate> {
    match eval.value(&eval.indicator.attribution.at, &of_cohort(eval.indicator.cohort.table, row)) {
        Some(Value::Date(day)) => Some(day),
        None => None,
        Some(other) => panic!("attribution at {other:?}"),
    }
}

impl Eval<'_> {
    /// Who holds a row of the cohort on a day, at the level asked about; nobody at the whole.
    fn holder(&self, row: usize, on: Option<NaiveDate>) -> Option<usize> {
        let below = self.level.checked_sub(1)?;
        entities(self.world, self.indicator, row, on)[below]
    }

    /// Whether a row of the cohort is held by another on a day than on the day of attribution.
    fn is_elsewhere(&self, row: usize, on: NaiveDate) -> bool {
        let (then, now) = (attributed_on(self, row), Some(on));
        if self.level > 0 {
            return self.holder(row, then) != self.holder(row, now);
        }
        let largest = |on| entities(self.world, self.indicator, row, on)[0];
        largest(then).is_some() && largest(now).is_none()
    }
}

/// What becomes of a row that stays, what it adds above the line (or its value), and the days it
/// adds below.
fn measured(eval: &Eval<'_>, measure: &Measure, rows: &value::Rows) -> (Outcome, Option<i64>, Option<i64>) {
    match measure {
        Measure::Proportion { numerator } => match eval.truth(numerator, rows) {
            Some(true) => (Outcome::Met, None, None),
            Some(false) => (Outcome::Unmet, None, None),
            None => (Outcome::Undetermined, None, None),
        },
        Measure::Rate { events, exposure, .. } => {
            let (events, known) = match (&events.kind, eval.value(events, rows)) {
                (_, Some(Value::Bool(is))) => (i64::from(is), true),
                (_, Some(Value::Int(n))) => (n, true),
                // Of a count, the rows that surely count are events.
                (ExprKind::Some(q), None) if q.ask == Ask::Count => (eval.surely(q, rows), false),
                (_, None) => (0, false),
                (_, Some(other)) => panic!("events {other:?}"),
            };
            // Fewer days than none are a mistake in the row.
            let days = eval.number(exposure, rows).filter(|days| *days >= 0);
            let outcome = match (known && days.is_some(), events > 0) {
                (false, _) => Outcome::Undetermined,
                (true, true) => Outcome::Met,
                (true, false) => Outcome::Unmet,
            };
            (outcome, Some(events), Some(days.unwrap_or(0)))
        }
        Measure::Mean { of } | Measure::Percentile { of, .. } => match eval.number(of, rows) {
            Some(value) => (Outcome::Counted, Some(value), None),
            None => (Outcome::Undetermined, None, None),
        },
        Measure::Until { unit, rows: followed, .. } => {
            let (Some(from), Some(censor)) = (eval.day(&followed.from, rows), eval.day(&followed.censor, rows)) else {
                return (Outcome::Undetermined, None, None);
            };
            // A row is at risk through the day it was last heard of; what comes later is not known.
            let (outcome, end) = match eval.day(&followed.to, rows) {
                Some(day) if day <= censor => (Outcome::Met, day),
                Some(_) | None => (Outcome::Unmet, censor),
            };
            if end < from {
                return (Outcome::Undetermined, None, None);
            }
            let time = match unit {
                Counted::Days => (end - from).num_days(),
                Counted::Months => months::months_between(from, end),
                Counted::Years => months::months_between(from, end).div_euclid(12),
            };
            (outcome, Some(time), None)
        }
        Measure::Incidence { of, by, rows: followed } => {
            let end = (by.months.into(), by.days.into());
            match fate(eval, of, end, followed, rows) {
                None => (Outcome::Undetermined, None, None),
                Some((days, Fate::Met)) => (Outcome::Met, Some(days), None),
                Some((days, Fate::Unclear)) => (Outcome::Undetermined, Some(days), None),
                Some((days, Fate::Otherwise | Fate::Censored | Fate::Through)) => (Outcome::Unmet, Some(days), None),
            }
        }
    }
}

/// How long a row of an incidence was followed, and how that ended: by an end, by the day so many
/// months and days after the first one, or by the day it was last heard of.
fn fate(
    eval: &Eval<'_>,
    of: &yardstick::ir::Expr,
    (months, days): (i64, u64),
    followed: &Followed,
    rows: &value::Rows,
) -> Option<(i64, Fate)> {
    let (from, censor) = (eval.day(&followed.from, rows)?, eval.day(&followed.censor, rows)?);
    let last = months::plus_months(from, months) + Days::new(days);
    let known_until = last.min(censor);
    let (end, fate) = match eval.day(&followed.to, rows).filter(|day| *day <= known_until) {
        Some(day) => match eval.truth(of, rows) {
            Some(true) => (day, Fate::Met),
            Some(false) => (day, Fate::Otherwise),
            None => (day, Fate::Unclear),
        },
        None if known_until == last => (last, Fate::Through),
        None => (censor, Fate::Censored),
    };
    (end >= from).then(|| ((end - from).num_days(), fate))
}

/// Who the row belongs to at each level: along the attribution's steps to one level, then up, all
/// on the same day.
fn entities(world: &World, indicator: &Indicator, row: usize, on: Option<NaiveDate>) -> Vec<Option<usize>> {
    let levels = &world.model.levels;
    let mut entities = vec![None; levels.len() - 1];
    let mut at = Some((indicator.cohort.table, row));
    for step in &indicator.attribution.steps {
        at = at.and_then(|(table, row)| take(world, table, row, *step, on));
    }
    for level in (1..=indicator.attribution.level).rev() {
        let Some((table, row)) = at else { break };
        assert_eq!(Some(table), levels[level].table, "the attribution leads to another table than its level's");
        // One that went is no entity.
        entities[level - 1] = Some(row).filter(|row| world.gone(table, *row).is_none());
        at = levels[level].up.and_then(|step| take(world, table, row, step, on));
    }
    entities
}

fn take(world: &World, table: TableId, row: usize, step: Step, on: Option<NaiveDate>) -> Option<(TableId, usize)> {
    match step {
        Step::Link(column) => world.follow(table, row, &[column]),
        Step::Dated(link) => Some((world.model.table(table).dated[link].target, world.held_by(table, row, link, on?)?)),
    }
}

fn of_cohort(table: TableId, row: usize) -> BTreeMap<RowId, (TableId, usize)> {
    BTreeMap::from([(RowId::COHORT, (table, row))])
}
