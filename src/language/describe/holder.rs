//! Attribution: who a case belongs to, on which day, and at the levels above.

use super::notes::Note;
use super::page::Point;
use super::words::plain;
use super::writer::Writer;
use crate::ir::{Attribution, Expr, RowId};
use crate::model::{Step, TableId};

pub(super) fn points(w: &mut Writer<'_>, attribution: &Attribution) -> Vec<Point> {
    let level = |n: usize| w.model.levels.get(n).map(|l| plain(&l.name)).unwrap_or_default();
    let reached = level(attribution.level);
    let below: Vec<String> = (attribution.level + 1..w.model.levels.len()).map(level).collect();
    let steps = way(w, &attribution.steps);
    let case = w.case();
    let dated = attribution.steps.iter().any(|s| matches!(s, Step::Dated(_)));
    let who = match (attribution.steps.is_empty(), dated) {
        (true, _) => "itself".to_owned(),
        (false, true) => format!("{steps} on the day that decides"),
        (false, false) => steps,
    };
    let mut points = vec![Point::new(format!("Each {case} counts for one {reached}: {who}."))];
    points.push(w.point(|w| format!("The day that decides: {}.", w.value(&attribution.at))));
    if attribution.level > 1 {
        let above: Vec<String> = up(w, attribution.level);
        points.push(Point::new(format!(
            "On the same day it also counts for {} and for the {}.",
            above.join(", for "),
            level(0)
        )));
    }
    points.push(Point::new(format!(
        "Where a step finds nobody, or there is no such day, the {case} is \"unassigned\" at that level and those \
            above; it still \
         counts for the {}.",
        level(0)
    )));
    points.extend(each_level(w));
    if !below.is_empty() {
        points.push(Point::new(format!("At the levels below ({}) it is \"unassigned\".", below.join(", "))));
    }
    points
}

impl Writer<'_> {
    /// Whether a row leaves its holder.
    pub(super) fn elsewhere(&mut self, day: &Expr) -> Point {
        self.note(Note::Elsewhere);
        self.point(|w| format!("on {} it counts for another than on the day that decides, or for nobody", w.value(day)))
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
    for step in steps {
        let (name, target) = stepped(w, table, *step);
        said = format!("{said}'s {name}");
        table = target;
    }
    said
}

/// The levels above this one, each by the step that leads there.
fn up(w: &mut Writer<'_>, level: usize) -> Vec<String> {
    let mut above = Vec::new();
    let levels = &w.model.levels;
    for level in levels.iter().take(level + 1).rev() {
        if let (Some(table), Some(step)) = (level.table, level.up) {
            let name = stepped(w, table, step).0;
            above.push(format!("the {}'s {name}", plain(&level.name)));
        }
    }
    above
}

fn stepped(w: &mut Writer<'_>, table: TableId, step: Step) -> (String, TableId) {
    let of = w.model.table(table);
    match step {
        Step::Link(column) => {
            let column = of.column(column);
            (plain(&column.name), column.target().unwrap_or(table))
        }
        Step::Dated(i) => {
            let link = &of.dated[i];
            w.note(Note::Dated(table, i));
            (plain(&link.name), link.target)
        }
    }
}
