//! A book as one page that needs nothing else, and prints an indicator on a page of its own.

use super::BookFormat;
use super::document::{Document, Table, TableRow};
use super::room;
use super::sheet::{Group, Sheet};
use crate::report::escaped::escaped;
use crate::report::plan::{self, sheet::PlanSheet};
use crate::report::trend::svg;
use crate::scorecard::Band;
use crate::scorecard::book::Sentence;
use std::fmt::{self, Write};
use std::io;

/// `html`.
pub(super) const FORMAT: BookFormat = BookFormat { name: "html", is_text: true, write };

const STYLE: &str = include_str!("page.css");

fn write(of: &Document) -> io::Result<Vec<u8>> {
    let mut out = String::new();
    page(of, &mut out).map_err(io::Error::other)?;
    Ok(out.into_bytes())
}

fn page(of: &Document, out: &mut String) -> fmt::Result {
    let title = escaped(&of.title);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title>\n<style>\n{STYLE}</style></head><body>\n<h1>{title}</h1>"
    )?;
    of.under.iter().try_for_each(|line| writeln!(out, "<p class=\"under\">{}</p>", escaped(line)))?;
    contents(of, out)?;
    writeln!(out, "<section id=\"scorecard\"><h2>Scorecard</h2>")?;
    for (domain, rows) in &of.card {
        writeln!(out, "<h3>{}</h3>", escaped(domain))?;
        table(rows, out)?;
    }
    writeln!(out, "</section>")?;
    changes(of, out)?;
    for (number, of) in of.plans.iter().enumerate() {
        follow_up(number, of, out)?;
    }
    for (number, of) in of.sheets.iter().enumerate() {
        sheet(number, of, out)?;
    }
    writeln!(out, "<section class=\"sheet\" id=\"reading\"><h2>How to read this</h2>\n<table>")?;
    for (mark, meaning) in &of.marks {
        writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(mark), escaped(meaning))?;
    }
    writeln!(out, "</table>")?;
    of.notes.iter().try_for_each(|note| writeln!(out, "<p class=\"small\">{}</p>", escaped(note)))?;
    writeln!(out, "</section>\n</body></html>")
}

fn contents(of: &Document, out: &mut String) -> fmt::Result {
    write!(out, "<nav class=\"small\"><a href=\"#scorecard\">Scorecard</a>")?;
    if of.changes.is_some() {
        write!(out, " · <a href=\"#changes\">What changed</a>")?;
    }
    for (number, of) in of.plans.iter().enumerate() {
        write!(out, " · <a href=\"#plan{number}\">{}</a>", escaped(&of.title))?;
    }
    for (number, of) in of.sheets.iter().enumerate() {
        write!(out, " · <a href=\"#sheet{number}\">{}</a>", escaped(of.title))?;
    }
    writeln!(out, " · <a href=\"#reading\">How to read this</a></nav>")
}

fn changes(of: &Document, out: &mut String) -> fmt::Result {
    let Some(changes) = &of.changes else { return Ok(()) };
    writeln!(out, "<section class=\"sheet\" id=\"changes\"><h2>What changed</h2>\n<p>{}</p>", escaped(&changes.since))?;
    for (title, rows) in &changes.tables {
        writeln!(out, "<h3>{}</h3>", escaped(title))?;
        table(rows, out)?;
    }
    changes.rest.iter().try_for_each(|line| writeln!(out, "<p>{}</p>", escaped(line)))?;
    writeln!(out, "</section>")
}

/// The follow-up page of a plan.
fn follow_up(number: usize, of: &PlanSheet, out: &mut String) -> fmt::Result {
    writeln!(out, "<section class=\"sheet\" id=\"plan{number}\"><h2>{}</h2>", escaped(&of.title))?;
    out.push_str(&plan::svg(of.of, &of.title, of.says.first().map_or("", String::as_str))?);
    of.says.iter().try_for_each(|said| writeln!(out, "<p><strong>{}</strong></p>", escaped(said)))?;
    writeln!(out, "<dl>")?;
    of.facts.iter().try_for_each(|(name, text)| writeln!(out, "<dt>{name}</dt><dd>{}</dd>", escaped(text)))?;
    writeln!(out, "</dl>")?;
    if !of.actions.rows.is_empty() {
        writeln!(out, "<h3>Actions</h3>")?;
        table(&of.actions, out)?;
    }
    writeln!(out, "<h3>Months</h3>\n<div class=\"small\">")?;
    table(&of.months, out)?;
    writeln!(out, "</div></section>")
}

fn sheet(number: usize, of: &Sheet, out: &mut String) -> fmt::Result {
    let by_group = if of.breakdowns.is_empty() { "" } else { " by-group" };
    writeln!(
        out,
        "<section class=\"sheet{by_group}\" id=\"sheet{number}\"><h2>{}: {}</h2>",
        escaped(of.title),
        coloured(&of.value, of.band)
    )?;
    if !of.question.is_empty() {
        writeln!(out, "<p>{}</p>", escaped(of.question))?;
    }
    if let Some(trend) = of.trend {
        out.push_str(&svg(trend)?);
    }
    of.says.iter().try_for_each(|said| writeln!(out, "<p><strong>{}</strong></p>", escaped(said)))?;
    writeln!(out, "<dl>")?;
    of.facts.iter().try_for_each(|(name, text)| writeln!(out, "<dt>{name}</dt><dd>{}</dd>", escaped(text)))?;
    writeln!(out, "</dl>")?;
    of.breakdowns.iter().chain(&of.groups).try_for_each(|of| group(of, out))?;
    if let Some((rule, rows)) = &of.review {
        writeln!(out, "<h3>Cases for review</h3>\n<p>{}</p>", escaped(rule))?;
        if !rows.rows.is_empty() {
            writeln!(out, "<div class=\"cases\">")?;
            table(rows, out)?;
            writeln!(out, "</div>")?;
        }
    }
    if of.chart.is_some() {
        writeln!(out, "<details class=\"small\"><summary>The figures of each window</summary>")?;
        table(&of.windows, out)?;
        writeln!(out, "</details>")?;
    }
    english(of, out)?;
    writeln!(out, "</section>")
}

/// The values of several entities, each with a bar as long as the value is of the largest.
fn group(of: &Group, out: &mut String) -> fmt::Result {
    let values: Vec<Option<f64>> =
        of.charts.iter().flat_map(|chart| &chart.series).flat_map(|series| series.values.iter().copied()).collect();
    let most = values.iter().flatten().copied().fold(0.0, f64::max);
    let narrow = if of.is_wide() { " narrow" } else { "" };
    writeln!(out, "<h3>{}</h3>\n<table class=\"bars{narrow}\">", escaped(&of.title))?;
    let head: Vec<String> =
        of.table.head.iter().map(|head| format!("<th scope=\"col\">{}</th>", escaped(head))).collect();
    let (first, rest) = head.split_at(head.len().min(1));
    writeln!(out, "<tr>{}<th></th>{}</tr>", first.concat(), rest.concat())?;
    for (row, value) in of.table.rows.iter().zip(values) {
        let share = value.filter(|_| most > 0.0).map_or(0.0, |value| (value / most * 100.0).clamp(0.0, 100.0));
        let colour = row.band.map_or("", Band::id);
        let bar = format!("<td><span class=\"bar {colour}\" style=\"width:{share:.1}%\"></span></td>");
        let cells = cells(row);
        let (first, rest) = cells.split_at(cells.len().min(1));
        writeln!(out, "<tr{}>{}{bar}{}</tr>", own(row), first.concat(), rest.concat())?;
    }
    writeln!(out, "</table>")
}

/// What is measured, in columns; on paper as many whole points as find room on the sheet.
fn english(of: &Sheet, out: &mut String) -> fmt::Result {
    if of.english.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h3>What is measured</h3>\n<div class=\"small english\">")?;
    let mut open = 0;
    let fits = room::on_paper(of);
    for (place, Sentence { depth, text }) in of.english.iter().enumerate() {
        let further = if place < fits { "" } else { " class=\"further\"" };
        // A list below a point stands inside of it, so a point ends where the next one begins.
        if *depth > 0 && open >= *depth {
            out.push_str(&"</li></ul>".repeat(open - *depth));
            out.push_str("</li>");
        } else if *depth == 0 {
            out.push_str(&"</li></ul>".repeat(open));
        } else {
            out.push_str("<ul>");
            out.push_str(&"<li><ul>".repeat(*depth - open - 1));
        }
        open = *depth;
        match depth {
            0 => writeln!(out, "<p{further}><strong>{}</strong></p>", escaped(text))?,
            _ => writeln!(out, "<li{further}>{}", escaped(text))?,
        }
    }
    out.push_str(&"</li></ul>".repeat(open));
    if let Some(said) = room::elsewhere(of.english, fits, of.id) {
        writeln!(out, "<p class=\"on-paper\">{}</p>", escaped(&said))?;
    }
    writeln!(out, "</div>")
}

fn table(of: &Table, out: &mut String) -> fmt::Result {
    let head: Vec<String> = of.head.iter().map(|head| format!("<th scope=\"col\">{}</th>", escaped(head))).collect();
    writeln!(out, "<table>\n<tr>{}</tr>", head.concat())?;
    of.rows.iter().try_for_each(|row| writeln!(out, "<tr{}>{}</tr>", own(row), cells(row).concat()))?;
    writeln!(out, "</table>")
}

fn own(row: &TableRow) -> &'static str {
    if row.is_own { " class=\"own\"" } else { "" }
}

/// The cells of a row; the colour stands behind the second.
fn cells(row: &TableRow) -> Vec<String> {
    let cell = |(number, text): (usize, &String)| match (number, row.band) {
        (1, Some(_)) => format!("<td class=\"value\">{}</td>", coloured(text, row.band)),
        _ => format!("<td>{}</td>", escaped(text)),
    };
    row.cells.iter().enumerate().map(cell).collect()
}

fn coloured(text: &str, band: Option<Band>) -> String {
    match band {
        Some(band) => format!("<span class=\"{}\">{}</span>", band.id(), escaped(text)),
        None => escaped(text),
    }
}
