//! Tables by which an indicator goes and that are no record of what happened, such as a schedule:
//! their lines decide, too.

use super::page::{Page, Point, Section};
use super::words::plain;
use crate::ir::{Indicator, reads};
use crate::model::{Model, TableId};

/// Of more lines than these, the rest is only counted.
const MOST: usize = 100;

/// The tables that are not fed and that decide what becomes of a row.
#[must_use]
pub fn not_fed(model: &Model, indicator: &Indicator) -> Vec<TableId> {
    reads::outcome(model, indicator).into_keys().filter(|id| !model.table(*id).fed).collect()
}

/// The page with the lines of these tables: of each line a value for each column of the model.
#[must_use]
pub fn with_lines(mut page: Page, model: &Model, tables: &[(TableId, Vec<Vec<Option<String>>>)]) -> Page {
    let points: Vec<Point> = tables.iter().map(|(table, lines)| printed(model, *table, lines)).collect();
    // Before the examples.
    let at = page.sections.len().saturating_sub(1);
    if !points.is_empty() {
        page.sections.insert(at, Section { title: "The tables that it goes by, as they are in the data", points });
    }
    page
}

fn printed(model: &Model, table: TableId, lines: &[Vec<Option<String>>]) -> Point {
    let of = model.table(table);
    let line = |line: &Vec<Option<String>>| {
        let values = of
            .columns()
            .zip(line)
            .map(|((_, column), value)| format!("{} {}", plain(&column.name), value.as_deref().unwrap_or("(empty)")));
        Point::new(values.collect::<Vec<_>>().join(", "))
    };
    let mut under: Vec<Point> = lines.iter().take(MOST).map(line).collect();
    if let Some(rest) = lines.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        under.push(Point::new(format!("and {rest} more")));
    }
    let none = if lines.is_empty() { " it has no lines" } else { "" };
    Point::over(format!("{}, each line {}:{none}", plain(&of.name), of.title), under)
}
