//! What is said of a follow-up that has no end, and of one that is waited for in vain.

use super::reach::{ColumnAt, Why};
use super::{Parts, Settled, Unbounded, computed};
use crate::check::clauses::Clauses;
use crate::check::indicator::Rows;
use crate::check::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::functions;
use crate::ir::{Expr, ExprKind, Indicator, Missing, Period, RowId, WindowLength};
use crate::measures::Summary;
use crate::model::{ColumnId, Known, Model, Table};
use std::collections::BTreeSet;

/// The way out that always fits.
const AS_IT_STANDS: &str =
    "add `as it stands`: a window is then shown when it has ended, and is provisional for as long as it can change";

/// When the outcomes of a window are known; `Some(None)` when they can change for ever and are
/// shown as they stand, `None` when that is a mistake.
pub(in crate::check) fn follow_up(
    world: &World,
    clauses: &Clauses,
    window: WindowLength,
    rows: &Rows,
    out: &mut Diagnostics,
) -> Option<Option<Settled>> {
    let parts = Parts {
        model: &world.model,
        window,
        cohort: &rows.cohort,
        exclusions: &rows.exclusions,
        measure: &rows.measure,
        attribution: &rows.attribution,
    };
    match computed(parts) {
        Ok(settled) => Some(Some(settled)),
        Err(_) if clauses.as_it_stands.is_some() => Some(None),
        Err(endless) => {
            // What is wrong with one place is told once.
            let mut places = BTreeSet::new();
            for found in endless.into_iter().filter_map(|part| unbounded(&world.model, part, clauses, rows)) {
                if places.insert(found.span()) {
                    out.push(found);
                }
            }
            None
        }
    }
}

/// How long after a window its outcomes are known.
pub(in crate::check) fn wait(settled: Option<&Settled>) -> Option<Period> {
    settled.map(Settled::wait)
}

/// How long after a window the outcomes of an indicator and the groups of its rows are known;
/// `Some(None)` as in [`follow_up`], and `None` when the groups can change for ever.
pub(in crate::check) fn of_groups(
    model: &Model,
    (indicator, settled): (&Indicator, Option<&Settled>),
    groups: &[Expr],
) -> Option<Option<Period>> {
    match settled.and_then(|settled| settled.with_groups(model, indicator, groups)) {
        Some(period) => Some(Some(period)),
        None => indicator.as_it_stands.then_some(None),
    }
}

/// `as it stands` where nothing is waited for.
pub(in crate::check) fn unused(indicator: &Indicator, clauses: &Clauses, out: &mut Diagnostics) {
    let waits = indicator.follow_up != Some(Period::default()) || indicator.named_day().is_some();
    let Some(span) = clauses.as_it_stands.filter(|_| !waits) else { return };
    let message = "`as it stands` changes nothing here: every outcome is known when the window has ended";
    out.push(Diagnostic::new(code::NOTHING_PROVISIONAL, span, message).help("remove the line: nothing is provisional"));
}

fn unbounded(model: &Model, part: Unbounded, clauses: &Clauses, rows: &Rows) -> Option<Diagnostic> {
    let (what, span, why) = match part {
        Unbounded::Pick => ("pick", clauses.cohort.and_then(|(c, _)| c.pick.as_ref()).map(|p| p.span), None),
        Unbounded::Cohort(why) => ("cohort", clauses.cohort.map(|(_, span)| span), why),
        Unbounded::Exclusion(i, why) => ("exclusion", clauses.exclusions.get(i).map(|e| e.condition.span), why),
        Unbounded::Attribution(why) => ("attribution", clauses.attribute.map(|of| of.at.span), why),
        Unbounded::Measured(why) => {
            let measure = clauses.measure.map(|m| m.span);
            let what = if measure.is_some() { "measure" } else { "numerator" };
            (what, clauses.numerator.map(|(_, span)| span).or(measure), why)
        }
    };
    let place = match why {
        Some(Why::Rows(row)) => rows.asked(row).map(|asked| asked.span),
        Some(Why::Value(..) | Why::AsOf) | None => None,
    };
    let span = place.or(span)?;
    let message = match part {
        Unbounded::Pick => "the last row ever is never known: another may follow".to_owned(),
        _ if place.is_some() => {
            format!("the {what} looks forward without an end: a row may be added to these at any time")
        }
        _ => format!("the {what} looks forward without an end: {}", cause(model, why, rows)),
    };
    Some(Diagnostic::new(code::UNBOUNDED, span, message).help(ways(model, part, why, rows)))
}

/// What may come at any time.
fn cause(model: &Model, why: Option<Why>, rows: &Rows) -> String {
    match why {
        Some(Why::Value(of)) => {
            let name = written(model, of, of.column, rows);
            match model.table(of.table).column(of.column).known {
                Known::With(day) => {
                    format!("`{name}` is known with `{}`, which may come at any time", written(model, of, day, rows))
                }
                Known::OwnDay | Known::WithRow => format!("`{name}` may come at any time"),
            }
        }
        Some(Why::AsOf) => "`as_of` moves on with the data".to_owned(),
        Some(Why::Rows(_)) => "a row may come at any time".to_owned(),
        None => "a date that is missing may be known at any time".to_owned(),
    }
}

/// A column of the same row, as the text names it: `exited_on`, `child.died_on`, `later.exited_on`.
fn written(model: &Model, of: ColumnAt, column: ColumnId, rows: &Rows) -> String {
    let alias = rows.asked(of.row).and_then(|asked| asked.alias.as_deref());
    let link = of.link.map(|(table, link)| model.table(table).column(link).name.as_str());
    let name = model.table(of.table).column(column).name.as_str();
    alias.into_iter().chain(link).chain([name]).collect::<Vec<_>>().join(".")
}

/// What can be written instead, the nearest first.
fn ways(model: &Model, part: Unbounded, why: Option<Why>, rows: &Rows) -> String {
    let open = up_to_the_window(model, part, why, rows);
    let mut ways = vec![open.unwrap_or_else(|| bound(model, part, why, rows))];
    if matches!(part, Unbounded::Measured(_)) {
        ways.extend(censored(model, why, rows));
    }
    ways.extend(known(model, why));
    ways.push(AS_IT_STANDS.to_owned());
    ways.join("; or ")
}

/// Of stays that are open on a day of the window already: that day, in the place of their end.
fn up_to_the_window(model: &Model, part: Unbounded, why: Option<Why>, rows: &Rows) -> Option<String> {
    let Some(Why::Value(of)) = why else { return None };
    let (table, end) = (model.table(of.table), of.column);
    let spans = table.spans.filter(|spans| spans.until == end && of.is_of_cohort())?;
    let is_end = |e: &Expr| match &e.kind {
        ExprKind::Column { row, links, column } => *row == RowId::COHORT && links.is_empty() && *column == end,
        _ => false,
    };
    let says = |e: &&Expr| match &e.kind {
        ExprKind::Compare { left, right, .. } => {
            is_end(left) && right.uses_window() || is_end(right) && left.uses_window()
        }
        _ => false,
    };
    rows.cohort.condition.conjuncts().iter().any(says).then_some(())?;
    let is_of_values = !matches!(rows.measure.kind().summary(), Summary::MetOfRows | Summary::Events);
    match part {
        Unbounded::Measured(_) if is_of_values => {
            let from = &table.column(spans.from).name;
            Some(format!("reckon up to a day that is known: `days from {from} to window.end`"))
        }
        Unbounded::Attribution(_) => Some("attribute on a day that is known: `at window.last_day`".to_owned()),
        _ => None,
    }
}

/// A day by which it must have happened.
fn bound(model: &Model, part: Unbounded, why: Option<Why>, rows: &Rows) -> String {
    if part == Unbounded::Pick {
        return "write `first ever`, or `last` without `ever` and bound its date in `where`".to_owned();
    }
    // A value says nothing of when: the rows that have one do.
    let of_cohort = !matches!(why, Some(Why::Value(of)) if of.row != RowId::COHORT);
    let place = match (part, rows.measure.kind().summary()) {
        (Unbounded::Measured(_), Summary::MetOfRows | Summary::Events) => "",
        (Unbounded::Measured(_) | Unbounded::Attribution(_), _) if of_cohort => "in the cohort's `where` ",
        (Unbounded::Measured(_) | Unbounded::Attribution(_), _) => "",
        (Unbounded::Pick | Unbounded::Cohort(_) | Unbounded::Exclusion(..), _) => "",
    };
    match why {
        Some(Why::Value(of)) => {
            let table = model.table(of.table);
            let day = match table.column(of.column).known {
                Known::With(day) => day,
                Known::OwnDay | Known::WithRow => of.column,
            };
            let name = written(model, of, day, rows);
            let first = table.begins.map(|first| written(model, of, first, rows));
            let first = first.map_or("window.end".to_owned(), |first| format!("{first} + 12 months"));
            let stay = if is_end(table, day) && of.link.is_none() {
                ", or ask for those `open on window.last_day`"
            } else {
                ""
            };
            format!("say {place}by when `{name}` must have come: `{name} before {first}`, `{name} in window`{stay}")
        }
        Some(Why::AsOf) => "compare with a day that does not move: one of the row, or `window.last_day`".to_owned(),
        Some(Why::Rows(_)) => {
            "say by when it must have happened, with one of its dates: `... before exited_on + 12 months`, \
                               `... before window.end` or `... in window`"
                .to_owned()
        }
        None => "say by when it must be known: `... before window.end`, `... in window`, `open on window.last_day`"
            .to_owned(),
    }
}

/// A measure that follows rows as far as is known of them.
fn censored(model: &Model, why: Option<Why>, rows: &Rows) -> Option<String> {
    let goes_on = |of: &Expr| match &of.kind {
        ExprKind::Call { function, of } if functions::counts(*function).is_some() => {
            of.last().is_some_and(|to| matches!(to.kind, ExprKind::Column { .. }) && to.missing == Missing::OpenEnd)
        }
        _ => false,
    };
    let kind = rows.measure.kind();
    if let Some((of, instead)) = kind.time_that_goes_on() {
        return goes_on(of).then(|| instead.to_owned());
    }
    match kind.summary() {
        Summary::MetOfRows => {
            let Some(Why::Value(of)) = why else { return None };
            let table = model.table(of.table);
            let Known::With(day) = table.column(of.column).known else { return None };
            let spans = table.spans.filter(|s| s.until == day && of.is_of_cohort())?;
            let (from, to) = (&table.column(spans.from).name, &table.column(day).name);
            Some(format!("write `measure incidence of ... by 12 months from {from} to {to}, censored at as_of`"))
        }
        Summary::Events | Summary::SumOfValues | Summary::Values => None,
    }
}

/// Whether a day is the end of a stay.
fn is_end(table: &Table, day: ColumnId) -> bool {
    table.spans.is_some_and(|s| s.until == day)
}

/// A line of the model, where a day may be known before it has come.
fn known(model: &Model, why: Option<Why>) -> Option<String> {
    let Some(Why::Value(of)) = why else { return None };
    let table = model.table(of.table);
    let column = table.column(of.column);
    (column.known == Known::OwnDay && !table.has_open_end(of.column)).then(|| {
        format!(
            "say `known with the row` of `{}` in the model, if it is known from the row's first day on",
            column.name
        )
    })
}
