//! A book as Markdown.

use super::BookFormat;
use super::document::{Document, Table};
use super::sheet::Sheet;
use crate::report::markdown::{dot, plain};
use crate::report::plan;
use crate::scorecard::book::Sentence;
use std::fmt::{self, Write};
use std::io;

/// `md`.
pub(super) const FORMAT: BookFormat = BookFormat { name: "md", is_text: true, write };

fn write(of: &Document) -> io::Result<Vec<u8>> {
    let mut out = String::new();
    page(of, &mut out).map_err(io::Error::other)?;
    Ok(out.into_bytes())
}

fn page(of: &Document, out: &mut String) -> fmt::Result {
    writeln!(out, "# {}\n", plain(&of.title))?;
    of.under.iter().try_for_each(|line| writeln!(out, "{}  ", plain(line)))?;
    writeln!(out, "\n## Scorecard")?;
    for (domain, rows) in &of.card {
        writeln!(out, "\n### {}\n", plain(domain))?;
        table(rows, out)?;
    }
    if let Some(changes) = &of.changes {
        writeln!(out, "\n## What changed\n\n{}", plain(&changes.since))?;
        for (title, rows) in &changes.tables {
            writeln!(out, "\n### {title}\n")?;
            table(rows, out)?;
        }
        changes.rest.iter().try_for_each(|line| writeln!(out, "\n{}", plain(line)))?;
    }
    of.plans.iter().try_for_each(|of| plan::page(of, out))?;
    of.sheets.iter().try_for_each(|of| sheet(of, out))?;
    writeln!(out, "\n## How to read this\n")?;
    of.marks.iter().try_for_each(|(mark, meaning)| writeln!(out, "- `{mark}` {}", plain(meaning)))?;
    of.notes.iter().try_for_each(|note| writeln!(out, "\n{}", plain(note)))
}

fn sheet(of: &Sheet, out: &mut String) -> fmt::Result {
    let dot = of.band.map(|band| format!("{} ", dot(band))).unwrap_or_default();
    writeln!(out, "\n## {}: {dot}{}\n", plain(of.title), plain(&of.value))?;
    if !of.question.is_empty() {
        writeln!(out, "{}\n", plain(of.question))?;
    }
    of.says.iter().try_for_each(|said| writeln!(out, "**{}**  ", plain(said)))?;
    if !of.says.is_empty() {
        writeln!(out)?;
    }
    of.facts.iter().try_for_each(|(name, text)| writeln!(out, "- {name}: {}", plain(text)))?;
    if of.chart.is_some() {
        writeln!(out, "\n### Over time\n")?;
        table(&of.windows, out)?;
    }
    for group in of.breakdowns.iter().chain(&of.groups) {
        writeln!(out, "\n### {}\n", plain(&group.title))?;
        table(&group.table, out)?;
    }
    if let Some((rule, rows)) = &of.review {
        writeln!(out, "\n### Cases for review\n\n{}\n", plain(rule))?;
        if !rows.rows.is_empty() {
            table(rows, out)?;
        }
    }
    english(of.english, out)
}

fn english(of: &[Sentence], out: &mut String) -> fmt::Result {
    if of.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### What is measured")?;
    for Sentence { depth, text } in of {
        match depth {
            0 => writeln!(out, "\n{}\n", plain(text))?,
            depth => writeln!(out, "{}- {}", "  ".repeat(depth - 1), plain(text))?,
        }
    }
    Ok(())
}

/// A table; the row of the entity of the book is bold.
pub(in crate::report) fn table(of: &Table, out: &mut String) -> fmt::Result {
    writeln!(out, "| {} |", of.head.iter().map(|head| plain(head)).collect::<Vec<_>>().join(" | "))?;
    writeln!(out, "|{}", ":--|".repeat(of.head.len()))?;
    for row in &of.rows {
        let cells = row.cells.iter().enumerate().map(|(number, cell)| {
            let dot = row.band.filter(|_| number == 1).map(|band| format!("{} ", dot(band))).unwrap_or_default();
            let text = format!("{dot}{}", plain(cell));
            if row.is_own && !text.is_empty() { format!("**{text}**") } else { text }
        });
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}
