//! Questions to the typed form before it is lowered: its quantifiers, which parts depend on the
//! window, and which can be answered for all windows at once.

use super::functions::count_by_window::MOST_TIMES;
use super::window_set::MOST;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use yardstick_language::calendar::{Window, add_days, add_months};
use yardstick_language::ir::{
    Ask, Attribution, CompareOp, Expr as IrExpr, ExprKind, Indicator, LinkedQuery, Missing, RowId, WindowPoint,
};
use yardstick_language::model::{ColumnId, Model, Step};

/// The quantifiers of an expression that are not inside another one, in order.
pub(in crate::plan) fn outermost<'e>(e: &'e IrExpr, found: &mut Vec<&'e LinkedQuery>) {
    if let ExprKind::Linked(q) = &e.kind {
        if !found.iter().any(|f| f.row == q.row) {
            found.push(q);
        }
        return;
    }
    for inner in e.children() {
        outermost(inner, found);
    }
}

/// Whether the answer depends on the window.
pub(in crate::plan) fn uses_window(q: &LinkedQuery) -> bool {
    q.condition.uses_window() || q.ask.values().iter().any(|v| v.uses_window())
}

/// The row variables a quantifier speaks of, its own and those inside it left out.
pub(in crate::plan) fn outer_rows(q: &LinkedQuery) -> BTreeSet<RowId> {
    let mut spoken: BTreeSet<RowId> = q.via.iter().map(|_| q.owner).collect();
    let mut own = BTreeSet::from([q.row]);
    spoken.extend(q.other_than);
    for e in q.ask.values().into_iter().chain([&q.condition]) {
        e.walk(&mut |e| match &e.kind {
            ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => {
                spoken.insert(*row);
            }
            ExprKind::Linked(inner) => {
                own.insert(inner.row);
                spoken.extend(inner.via.map(|_| inner.owner));
                spoken.extend(inner.other_than);
            }
            _ => {}
        });
    }
    spoken.retain(|row| !own.contains(row));
    spoken
}

/// Whether an expression speaks of no row but this one, and asks about none.
pub(in crate::plan) fn is_of_row_alone(e: &IrExpr, of: RowId) -> bool {
    !e.has(&|e| match &e.kind {
        ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => *row != of,
        ExprKind::Linked(_) | ExprKind::Elsewhere(_) => true,
        _ => false,
    })
}

/// Whether a quantifier speaks of who holds the cohort row.
pub(in crate::plan) fn asks_of_holder(q: &LinkedQuery) -> bool {
    outer_rows(q).into_iter().any(|row| row.holds().is_some())
}

/// The outermost quantifiers of the groups that speak of who holds the row. They are answered when
/// the holders are known.
pub(in crate::plan) fn asked_of_holders(indicator: &Indicator) -> Vec<&LinkedQuery> {
    let mut asked = Vec::new();
    indicator.groups().for_each(|e| outermost(e, &mut asked));
    asked.retain(|q| asks_of_holder(q));
    asked
}

/// Whether the condition is that some row of the quantifier passes.
pub(in crate::plan) fn is_some_of(condition: &IrExpr, q: &LinkedQuery) -> bool {
    matches!(&condition.kind, ExprKind::Linked(asked) if asked.ask == Ask::Exists && asked.row == q.row)
}

pub(in crate::plan) fn mentions(e: &IrExpr, asked: &[&LinkedQuery]) -> bool {
    e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if asked.iter().any(|a| a.row == q.row)))
}

pub(in crate::plan) fn asks(e: &IrExpr) -> bool {
    e.has(&|e| matches!(e.kind, ExprKind::Linked(_)))
}

/// The number of windows that one plan measures at most: the bits of a set; or 1 where the cohort
/// counts distinct values that depend on the window, or takes a value of one row that does.
#[must_use]
pub fn at_once(indicator: &Indicator) -> usize {
    if takes_moving_values(&indicator.cohort.condition) { 1 } else { MOST }
}

/// Whether the rows of the cohort are split by windows before they are judged: where values are put
/// in order, where every level is measured by itself, where distinct values are counted, or a value
/// of one row is taken, that depend on the window, and where groups ask about rows of a holder who
/// may be another in each window.
#[must_use]
pub fn splits(indicator: &Indicator) -> bool {
    !indicator.measure.is_additive()
        || indicator.by_level()
        || indicator.expressions().into_iter().any(takes_moving_values)
        || indicator.attribution.at.uses_window() && !asked_of_holders(indicator).is_empty()
}

/// Whether the expression counts distinct values that depend on the window, or takes a value of one
/// row that does.
fn takes_moving_values(e: &IrExpr) -> bool {
    let moves = |q: &LinkedQuery| match &q.ask {
        Ask::Distinct(value) => value.uses_window(),
        Ask::Ordered { .. } => uses_window(q),
        Ask::Exists | Ask::Count | Ask::Sum(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Days { .. } => false,
    };
    e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if moves(q)))
}

/// Whether the expression aggregates linked rows in a way that depends on the window, and does more
/// with the result than compare it with a constant (see `count_threshold`).
fn has_moving_value(e: &IrExpr) -> bool {
    match &e.kind {
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().any(has_moving_value),
        ExprKind::Not(inner) => has_moving_value(inner),
        ExprKind::Linked(q) if q.ask == Ask::Exists => has_moving_value(&q.condition),
        ExprKind::Compare { .. } if count_threshold(e).is_some() => false,
        _ => e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if q.ask != Ask::Exists) && e.uses_window()),
    }
}

/// Whether a quantifier can be answered for all windows at once: its condition has no such
/// aggregate inside, and the values it aggregates do not depend on quantifiers that use the window.
pub(in crate::plan) fn asks_in_sets(q: &LinkedQuery) -> bool {
    let asks = |v: &IrExpr| v.has(&|e| matches!(&e.kind, ExprKind::Linked(inner) if uses_window(inner)));
    !has_moving_value(&q.condition) && !q.ask.values().into_iter().any(asks)
}

/// A number against a count of linked rows that depends on the window.
#[derive(Debug)]
pub(in crate::plan) struct CountThreshold<'e> {
    pub(in crate::plan) number: i64,
    pub(in crate::plan) op: CompareOp,
    pub(in crate::plan) rows: &'e LinkedQuery,
}

/// What a condition compares, when it is a count whose windows can be told at once.
pub(in crate::plan) fn count_threshold(condition: &IrExpr) -> Option<CountThreshold<'_>> {
    let ExprKind::Compare { op, left, right } = &condition.kind else { return None };
    let (op, rows, number) = match (&left.kind, &right.kind) {
        (ExprKind::Linked(rows), ExprKind::Int(number)) => (op.flipped(), rows, *number),
        (ExprKind::Int(number), ExprKind::Linked(rows)) => (*op, rows, *number),
        _ => return None,
    };
    let of_rows = match &rows.ask {
        Ask::Count => true,
        Ask::Distinct(value) => !value.uses_window(),
        Ask::Exists | Ask::Sum(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } | Ask::Days { .. } => false,
    };
    // A number is compared with as it is, and with the next one.
    let fits = number < MOST_TIMES;
    (of_rows && fits && uses_window(rows) && asks_in_sets(rows)).then_some(CountThreshold { rows, op, number })
}

/// The counts that a condition compares with a constant, by their row variables (see
/// `expression::truth`).
pub(in crate::plan) fn compared_counts(condition: &IrExpr, found: &mut BTreeSet<RowId>) {
    match &condition.kind {
        ExprKind::And(all) | ExprKind::Or(all) => return all.iter().for_each(|c| compared_counts(c, found)),
        ExprKind::Not(inner) => return compared_counts(inner, found),
        _ => {}
    }
    found.extend(count_threshold(condition).map(|count| count.rows.row));
    let mut inside = Vec::new();
    outermost(condition, &mut inside);
    for q in inside {
        compared_counts(&q.condition, found);
        q.ask.values().into_iter().for_each(|value| compared_counts(value, found));
    }
}

/// A comparison of which one side alone depends on the window: that side stands last.
pub(in crate::plan) fn sides<'e>(
    op: CompareOp,
    left: &'e IrExpr,
    right: &'e IrExpr,
) -> Option<(CompareOp, &'e IrExpr, &'e IrExpr)> {
    let (op, fixed, moving) = match (left.uses_window(), right.uses_window()) {
        (false, true) => (op, left, right),
        (true, false) => (op.flipped(), right, left),
        _ => return None,
    };
    (moving.missing != Missing::OpenEnd).then_some((op, fixed, moving))
}

/// The day that an expression of the window alone has in one window.
pub(in crate::plan) fn point(e: &IrExpr, window: Window) -> Option<NaiveDate> {
    match &e.kind {
        ExprKind::Window(WindowPoint::Start) => Some(window.start),
        ExprKind::Window(WindowPoint::End) => Some(window.end),
        ExprKind::Window(WindowPoint::LastDay) => Some(window.last_day()),
        ExprKind::Shift { date, months, days, minutes: 0 } => {
            add_days(add_months(point(date, window)?, i64::from(*months))?, i64::from(*days))
        }
        _ => None,
    }
}

/// The day of each window that an expression of the window alone has.
pub(in crate::plan) fn points(of: &IrExpr, windows: &[Window]) -> Option<Vec<NaiveDate>> {
    windows.iter().map(|w| point(of, *w)).collect()
}

/// The link columns at the start of an attribution's path.
#[must_use]
pub fn plain_links(attribution: &Attribution) -> Vec<ColumnId> {
    let steps = attribution.steps.iter();
    steps.map_while(|s| if let Step::Link(column) = s { Some(*column) } else { None }).collect()
}

/// Where the rows of the cohort are entities themselves: the link to the one above each.
pub(in crate::plan) fn own_holder(model: &Model, attribution: &Attribution) -> Option<ColumnId> {
    let own = attribution.steps.is_empty() && attribution.level > 1;
    match model.levels.get(attribution.level).filter(|_| own)?.up? {
        Step::Link(column) => Some(column),
        Step::Dated(_) => None,
    }
}

/// The days on which rows are asked whether they are held elsewhere, each once.
pub(in crate::plan) fn days_elsewhere(indicator: &Indicator) -> Vec<IrExpr> {
    let mut days: Vec<IrExpr> = Vec::new();
    indicator.expressions().for_each(|e| {
        e.walk(&mut |e| {
            if let ExprKind::Elsewhere(day) = &e.kind
                && !days.contains(day)
            {
                days.push((**day).clone());
            }
        });
    });
    days
}
