//! The oracle: the row-by-row evaluator of the language, with arithmetic of its own.
//!
//! The evaluator ([`yardstick::interpret`]) follows the words on [`yardstick::ir::ExprKind`] and
//! shares no code with `data`, `plan` and `run`, which must agree with it. Months ([`months`]),
//! values in order ([`estimate`]) and the zones of clocks ([`instant`]) are replaced here. What the
//! model says of its columns is read by both from `model` (what places a row, open ends, how ids
//! are compared), and counts of rows are added up by `results`. Slow, short and easy to believe.

pub(crate) mod estimate;
pub(crate) mod instant;
pub(crate) mod months;

use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;
use yardstick::calendar::Window;
use yardstick::counts::{ANY_GROUP, Counts};
use yardstick::elsewhere;
use yardstick::interpret::{self, Question};
pub(crate) use yardstick::interpret::{TextTable as Raw, Verdict, Went, World};
use yardstick::interpreted;
use yardstick::ir::Indicator;
use yardstick::model::{Model, TableId};

/// The tables as they were at the end of `last`.
pub(crate) fn read<'m>(model: &'m Model, files: &BTreeMap<TableId, Raw>, last: NaiveDate) -> World<'m> {
    World::read(model, &instant::local(model, files), last)
}

/// What is asked of an indicator, in the oracle's arithmetic.
pub(crate) fn question<'a>(
    world: &'a World<'a>,
    indicator: &'a Indicator,
    as_of: NaiveDate,
    window: Window,
    level: usize,
) -> Question<'a> {
    Question { world, indicator, as_of, window, level, arithmetic: &months::Counted }
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
    interpret::cases(question(world, indicator, as_of, window, level)).unwrap()
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

/// What rows add at a level of which it is not known who holds them there, by those that may.
pub(crate) fn unsure_holders(indicator: &Indicator, cases: &[Verdict], level: usize) -> BTreeMap<Part, Counts> {
    let mut parts: BTreeMap<Part, Counts> = BTreeMap::new();
    let Some(below) = level.checked_sub(1) else { return parts };
    for case in cases.iter().filter(|case| !case.others[below].is_empty()) {
        for whose in case.others[below].iter().copied().chain([case.entities[below]]) {
            let hold = interpreted::hold(case, level, whose).unwrap();
            let counts = interpreted::doubt_of_holder(indicator, case, hold);
            let mut entities = vec![None; case.entities.len()];
            entities[below] = whose;
            let by_holder = hold == interpreted::Hold::Perhaps && elsewhere::has_groups_by_holder(indicator);
            let group = if by_holder { ANY_GROUP } else { case.group };
            if counts != Counts::NONE {
                parts.entry((entities, group, None)).or_default().add(&counts);
            }
        }
    }
    parts
}

/// Whom rows belong to, their group, and where values do not add up, their value.
pub(crate) type Part = (Vec<Option<usize>>, usize, Option<i64>);

/// Counts of those rows by entity and group and, where values do not add up, by value.
pub(crate) fn parts(indicator: &Indicator, cases: &[Verdict]) -> BTreeMap<Part, Counts> {
    let mut parts: BTreeMap<_, Counts> = BTreeMap::new();
    for case in cases {
        let of = (case.entities.clone(), case.group, interpreted::value(indicator, case));
        let part = parts.entry(of).or_default();
        part.add(&interpreted::counts(indicator, case));
    }
    parts
}
