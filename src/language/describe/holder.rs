//! Attribution: who a case belongs to, on which day, and at the levels above.

use super::notes::Note;
use super::page::Point;
use super::words::{joined, plain};
use super::writer::Writer;
use crate::ir::{Attribution, Expr, RowId};
use crate::model::{Step, TableId};

pub(super) fn points(w: &mut Writer<'_>, attribution: &Attribution) -> Vec<Point> {
    let level = |n: usize| w.model.levels.get(n).map(|l| plain(&l.name)).unwrap_or_default();
    let reached = level(attribution.level);
    let below: Vec<String> = (attribution.level + 1..w.model.levels.len()).map(level).collect();
    let steps = way(w, &attribution.steps);
    let case = w.case();
    let on = w.point(|w| w.value(&attribution.at));
    let itself = attribution.steps.is_empty();
    let who = if itself { format!("the {case} itself") } else { steps };
    let above = match up(w, attribution.level).as_slice() {
        [] => String::new(),
        above => format!(", and for that {reached}'s {} on that day", joined(above, "and")),
    };
    // The last step has mostly the name of its level.
    let is_named = (itself && case == reached) || who.ends_with(&format!(" {reached}"));
    let as_level = if is_named { String::new() } else { format!(" ({reached})") };
    let empty = if may_be_empty(w, attribution) { ", which may be empty," } else { "" };
    let said = format!("The {case} counts for {who}{as_level}{empty} on {}{above}.", on.text);
    let mut points = vec![Point::over(said, on.under)];
    w.note(Note::Unassigned);
    points.extend(each_level(w));
    if !below.is_empty() {
        points.push(Point::new(format!("At the levels below ({}) it is \"unassigned\".", below.join(", "))));
    }
    points
}

/// Whether a field that names the holder may be empty.
fn may_be_empty(w: &Writer<'_>, attribution: &Attribution) -> bool {
    let mut table = w.indicator.cohort.table;
    attribution.steps.iter().any(|step| {
        let of = w.model.table(table);
        match step {
            Step::Link(column) => {
                let column = of.column(*column);
                table = column.leads_to().unwrap_or(table);
                column.optional
            }
            Step::Dated(i) => {
                table = of.dated[*i].target;
                false
            }
        }
    })
}

impl Writer<'_> {
    /// Whether a row leaves its holder.
    pub(super) fn elsewhere(&mut self, day: &Expr) -> Point {
        self.note(Note::Elsewhere);
        self.point(|w| {
            format!(
                "on {} it counts for another than on the day named under \"For whom it counts\", or for nobody",
                w.value(day)
            )
        })
    }
}

/// The note that smaller levels do not add up to larger ones, where they do not.
fn each_level(w: &Writer<'_>) -> Option<Point> {
    let whole = w.model.levels.first().map(|l| plain(&l.name)).unwrap_or_default();
    w.indicator.by_level().then(|| {
        Point::new(format!(
            "Every level is measured by itself, so the figures of smaller ones do not add up to those of larger ones \
                or of the {whole}."
        ))
    })
}

/// From the row to its holder.
fn way(w: &mut Writer<'_>, steps: &[Step]) -> String {
    let mut table = w.indicator.cohort.table;
    let mut said = w.row(RowId::COHORT);
    for (n, step) in steps.iter().enumerate() {
        let (name, target) = stepped(w, table, *step);
        said = if n == 0 && name != w.case() { format!("the {name}") } else { format!("{said}'s {name}") };
        table = target;
    }
    said
}

/// The levels above this one, but for the whole, each by the step that leads there.
fn up(w: &mut Writer<'_>, level: usize) -> Vec<String> {
    let mut above = Vec::new();
    let levels = &w.model.levels;
    for level in levels.iter().take(level + 1).rev() {
        if let (Some(table), Some(step)) = (level.table, level.up) {
            above.push(stepped(w, table, step).0);
        }
    }
    above
}

fn stepped(w: &mut Writer<'_>, table: TableId, step: Step) -> (String, TableId) {
    let of = w.model.table(table);
    match step {
        Step::Link(column) => {
            let column = of.column(column);
            (plain(&column.name), column.leads_to().unwrap_or(table))
        }
        Step::Dated(i) => {
            let link = &of.dated[i];
            w.note(Note::Dated(table, i));
            (plain(&link.name), link.target)
        }
    }
}
