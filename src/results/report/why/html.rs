//! An explanation as a page: the indicator's text, coloured for one row, and all that stands
//! behind.

use super::{Why, truth};
use crate::report::escaped::escaped;
use std::collections::BTreeMap;
use std::fmt::Write;
use yardstick_language::describe::say;
use yardstick_language::explanation::{AskedRow, Clause, Joined, Kind, NamedValue, Part};
use yardstick_language::source::Span;

const STYLE: &str = "\
:root { color-scheme: light dark; --yes: #d7efdc; --no: #f9d9d4; --open: #fbeec2; --ink: #1b1b1b; --paper: #fff; --line: #bbb }
@media (prefers-color-scheme: dark) { :root { --yes: #1e4d2b; --no: #6b2a22; --open: #5c4a10; --ink: #eee; --paper: #16181a; --line: #555 } }
body { font: 16px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.4rem } h2 { font-size: 1.15rem; margin-top: 2rem } p.result { font-size: 1.15rem; font-weight: 600 }
pre { font: 14px/1.7 monospace; border: 1px solid var(--line); border-radius: 4px; padding: .8rem; overflow-x: auto }
pre span, b { border-radius: 3px; padding: 1px 2px }
.yes { background: var(--yes) } .no { background: var(--no) } .open { background: var(--open) }
.decides { outline: 2px solid currentColor }
b { font-weight: 600; margin-right: .35rem } ul { padding-left: 1.3rem; margin: .2rem 0 } li { margin: .15rem 0 }
code { font: 14px monospace } .values { opacity: .8; font-size: .92rem } td, th { text-align: left; padding: 0 1rem .1rem 0; vertical-align: top }
tr.edge td { border-top: 1px dashed var(--line); font-style: italic } tr.own td { font-weight: 600 } .key span { margin-right: 1rem }
@media print { body { max-width: none } }";

/// What is said of a place of the text.
struct Mark {
    span: Span,
    class: &'static str,
    decides: bool,
    title: String,
}

/// The page.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn page(of: &Why) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let said = &of.explanation;
    let name = format!("{} {}", said.table, said.id);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{}: {}</title>\n<style>{STYLE}</style></head><body>",
        escaped(&name),
        escaped(&of.title)
    )?;
    writeln!(out, "<h1>{}</h1>\n<p>{}</p>", escaped(&name), escaped(&of.heading()))?;
    writeln!(out, "<p class=\"result\">{}</p>", escaped(&capital(&said.result)))?;
    let amount = said.amount.as_ref().map(|amount| format!("It adds {amount}."));
    let lines = amount
        .into_iter()
        .chain(of.decided())
        .chain(of.held())
        .chain(of.no_difference())
        .chain(of.notes.iter().cloned());
    lines.into_iter().try_for_each(|line| writeln!(out, "<p>{}</p>", escaped(&line)))?;
    let differences = of.differences();
    if !differences.is_empty() {
        writeln!(out, "<h2>What would have made a difference, all else as it is</h2>\n<ul>")?;
        differences.iter().try_for_each(|one| writeln!(out, "<li>{}</li>", escaped(one)))?;
        writeln!(out, "</ul>")?;
    }
    passages(of, &mut out)?;
    writeln!(out, "<h2>Days</h2>")?;
    days(of, &mut out)?;
    writeln!(out, "<h2>Clause by clause</h2>")?;
    said.clauses.iter().try_for_each(|of| clause(of, &mut out))?;
    writeln!(out, "</body></html>")?;
    Ok(out)
}

/// The text with what each part of it found.
fn passages(of: &Why, out: &mut String) -> std::fmt::Result {
    writeln!(out, "<h2>The text, for this row</h2>")?;
    writeln!(
        out,
        "<p class=\"key\"><span><b class=\"yes\">yes</b>holds</span><span><b class=\"no\">no</b>does not hold</span>\
         <span><b class=\"open\">not known</b></span><span><b class=\"decides\">outlined</b>decided</span></p>"
    )?;
    let mut marks = Vec::new();
    for clause in &of.explanation.clauses {
        clause.condition.iter().for_each(|condition| gather(condition, &mut marks));
    }
    for passage in &of.passages {
        writeln!(out, "<p><small>{}</small></p>", escaped(&passage.path))?;
        // What scrolls can be reached with keys, and has a name then.
        writeln!(
            out,
            "<pre tabindex=\"0\" role=\"region\" aria-label=\"text of {}\">{}</pre>",
            escaped(&passage.path),
            coloured(&passage.text, passage.span, &marks)
        )?;
    }
    Ok(())
}

fn gather(of: &Part, marks: &mut Vec<Mark>) {
    // What joins others is said by its parts.
    if let Some(span) = of.span.filter(|_| matches!(of.joined, Joined::Alone | Joined::Not)) {
        let title = format!("{}{}", truth(of.truth), values(&of.values));
        marks.push(Mark { span, class: class(of.truth), decides: of.decides, title });
    }
    of.parts.iter().for_each(|part| gather(part, marks));
}

/// A text with marks: those that lie inside another are drawn inside it, and those that overlap one
/// in part are left out.
fn coloured(text: &str, whole: Span, marks: &[Mark]) -> String {
    let mut inside: Vec<&Mark> = marks.iter().filter(|mark| mark.span.is_inside(whole)).collect();
    inside.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    let mut open: Vec<u32> = Vec::new();
    let mut tags: BTreeMap<u32, (usize, String)> = BTreeMap::new();
    for mark in inside {
        while open.last().is_some_and(|end| *end <= mark.span.start) {
            open.pop();
        }
        if open.last().is_some_and(|end| *end < mark.span.end) || mark.span.start >= mark.span.end {
            continue;
        }
        open.push(mark.span.end);
        let decides = if mark.decides { " decides" } else { "" };
        let tag = format!("<span class=\"{}{decides}\" title=\"{}\">", mark.class, escaped(&mark.title));
        tags.entry(mark.span.start).or_default().1.push_str(&tag);
        tags.entry(mark.span.end).or_default().0 += 1;
    }
    let mut out = String::new();
    let mut from = 0;
    for (at, (ends, begins)) in tags {
        let to = (at - whole.start) as usize;
        out.push_str(&code(text.get(from..to).unwrap_or_default()));
        out.push_str(&"</span>".repeat(ends));
        out.push_str(&begins);
        from = to;
    }
    out + &code(text.get(from..).unwrap_or_default())
}

/// Text of a file: its line breaks stay.
fn code(text: &str) -> String {
    text.split('\n').map(|line| escaped(&line.replace('\t', "  "))).collect::<Vec<_>>().join("\n")
}

fn days(of: &Why, out: &mut String) -> std::fmt::Result {
    writeln!(out, "<table><tr><th scope=\"col\">day</th><th scope=\"col\">row</th><th scope=\"col\">what</th></tr>")?;
    for event in &of.explanation.timeline {
        let class = match event.kind {
            Kind::Edge => "edge",
            Kind::Own => "own",
            Kind::Linked => "linked",
        };
        let time = event.time.map(|time| format!(", {}", time.format("%H:%M"))).unwrap_or_default();
        writeln!(
            out,
            "<tr class=\"{class}\"><td>{}{time}</td><td>{}</td><td>{}</td></tr>",
            say::day(event.day),
            escaped(&event.of),
            escaped(&event.what)
        )?;
    }
    writeln!(out, "</table>")
}

fn clause(of: &Clause, out: &mut String) -> std::fmt::Result {
    let decides = if of.decides { " (decides)" } else { "" };
    writeln!(out, "<h3><code>{}</code>{decides}</h3>\n<ul>", escaped(&of.head))?;
    match &of.condition {
        Some(condition) => part(condition, out)?,
        None => {
            of.values.iter().try_for_each(|value| {
                writeln!(out, "<li><code>{}</code>: {}</li>", escaped(&value.name), escaped(&value.value))
            })?;
            rows(&of.rows, 0, out)?;
        }
    }
    writeln!(out, "</ul>")
}

fn part(of: &Part, out: &mut String) -> std::fmt::Result {
    // Conditions that are only joined by `and` stand one below the other.
    if of.joined == Joined::All && of.span.is_none() {
        return of.parts.iter().try_for_each(|of| part(of, out));
    }
    let decides = if of.decides { " decides" } else { "" };
    write!(
        out,
        "<li><b class=\"{}{decides}\">{}</b><code>{}</code><span class=\"values\">{}</span>",
        class(of.truth),
        truth(of.truth),
        escaped(&of.text),
        escaped(&values(&of.values))
    )?;
    if of.parts.is_empty() && of.rows.is_empty() && of.more_rows == 0 {
        return writeln!(out, "</li>");
    }
    writeln!(out, "<ul>")?;
    of.parts.iter().try_for_each(|of| part(of, out))?;
    rows(&of.rows, of.more_rows, out)?;
    writeln!(out, "</ul></li>")
}

fn rows(all: &[AskedRow], more: usize, out: &mut String) -> std::fmt::Result {
    for row in all {
        write!(out, "<li>")?;
        if let Some(condition) = &row.condition {
            write!(out, "<b class=\"{}\">{}</b>", class(condition.truth), truth(condition.truth))?;
        }
        write!(out, "{}<span class=\"values\">{}</span>", escaped(&row.name), escaped(&values(&row.values)))?;
        if let Some(condition) = &row.condition {
            writeln!(out, "<ul>")?;
            part(condition, out)?;
            writeln!(out, "</ul>")?;
        }
        writeln!(out, "</li>")?;
    }
    if more > 0 { writeln!(out, "<li>... and {more} more rows</li>") } else { Ok(()) }
}

fn values(of: &[NamedValue]) -> String {
    let each: Vec<String> = of.iter().map(|of| format!("{} is {}", of.name, of.value)).collect();
    if each.is_empty() { String::new() } else { format!(" ({})", each.join(", ")) }
}

fn class(truth: Option<bool>) -> &'static str {
    match truth {
        Some(true) => "yes",
        Some(false) => "no",
        None => "open",
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
