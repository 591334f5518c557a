//! Plans for reading on a terminal.

use super::sheet::{PlanSheet, sheet};
use crate::report::book::document::Table;
use crate::report::text::layout::wrap;
use crate::scorecard::{Progress, words};
use std::fmt::{self, Write};
use yardstick_language::visible;

/// The plans as text, its lines `width` characters long at most, but for those of tables.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn text(plans: &[Progress], width: usize) -> Result<String, fmt::Error> {
    let mut out = String::new();
    for (number, of) in plans.iter().enumerate() {
        if number > 0 {
            writeln!(out, "\n{}\n", "─".repeat(width.min(80)))?;
        }
        page(&sheet(of), width, &mut out)?;
    }
    Ok(out)
}

fn page(of: &PlanSheet, width: usize, out: &mut String) -> fmt::Result {
    let mut paragraph = |said: &str| {
        let said = visible::value(said);
        wrap(&said, width).iter().try_for_each(|line| writeln!(out, "{line}"))
    };
    paragraph(&of.title)?;
    let data = format!("{} · data complete through {}", of.of.organization, words::day(of.of.as_of));
    paragraph(&format!("{} · {data}", of.of.plan.name))?;
    paragraph("")?;
    of.says.iter().try_for_each(|said| paragraph(said))?;
    paragraph("")?;
    of.facts.iter().try_for_each(|(name, text)| paragraph(&format!("{name}: {text}")))?;
    [&of.actions, &of.months].into_iter().filter(|of| !of.rows.is_empty()).try_for_each(|of| table(of, out))
}

/// A table with its columns one below the other.
fn table(of: &Table, out: &mut String) -> fmt::Result {
    let rows: Vec<Vec<String>> = std::iter::once(&of.head)
        .chain(of.rows.iter().map(|row| &row.cells))
        .map(|cells| cells.iter().map(|cell| visible::value(cell).into_owned()).collect())
        .collect();
    let wide = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..of.head.len()).map(|column| wide(column).unwrap_or_default()).collect();
    writeln!(out)?;
    for row in &rows {
        let cells = row.iter().zip(&widths).filter(|(_, wide)| **wide > 0);
        let line: Vec<String> = cells.map(|(cell, wide)| format!("{cell:<wide$}")).collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    Ok(())
}
