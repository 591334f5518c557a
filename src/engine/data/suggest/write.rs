//! The text of a suggested model.

use super::guess::{Guessed, Line, TableText};
use std::fmt::Write;
use yardstick_language::model::Encoding;

/// Comments of lines begin here, where there is room.
const COMMENTS: usize = 60;
/// Lines with more letters are broken.
const WIDE: usize = 130;

/// The model as text, with a comment at each guess.
pub(super) fn text(of: &Guessed) -> String {
    let mut out = String::from(
        "# A first model, made by `yardstick data --suggest` from the files alone. Read every line: what is marked as a guess rests on\n\
         # what its comment says, and nothing in the files can say what they mean.\n\n",
    );
    if of.levels.is_empty() {
        out.push_str(
            "# The levels of the scorecard, from the whole to the smallest: `levels department > office > team`.\n\n",
        );
    } else {
        let _ = writeln!(
            out,
            "# Guess: by the links between tables. The first one is the whole, and has no table.\nlevels whole > {}\n",
            of.levels.join(" > ")
        );
    }
    for (day, places) in &of.no_days {
        let _ = writeln!(out, "dates {day} mean missing   # in {}", some(places));
    }
    for (word, places) in &of.nothing {
        let _ = writeln!(out, "text \"{}\" mean missing   # guess: in {}", word.replace('\\', "\\\\"), some(places));
    }
    if of.instants {
        out.push_str(
            "times are local to Etc/UTC   # the files hold instants: name the place whose clocks count, as in America/Los_Angeles\n",
        );
    }
    if !(of.no_days.is_empty() && of.nothing.is_empty()) || of.instants {
        out.push('\n');
    }
    let tables: Vec<String> = of.tables.iter().map(table).collect();
    out.push_str(&tables.join("\n"));
    out
}

/// The first few places.
fn some(places: &[String]) -> String {
    let shown: Vec<&str> = places.iter().take(4).map(String::as_str).collect();
    let more = if places.len() > shown.len() { ", ..." } else { "" };
    format!("{}{more}", shown.join(", ")).replace(['\n', '\r'], " ")
}

fn table(of: &TableText) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut from = match of.name == of.file {
        true => String::new(),
        false => format!(" from \"{}\"", quoted(&of.file)),
    };
    if let Some(sheet) = &of.sheet {
        from.push_str(&format!(" sheet \"{}\"", quoted(sheet)));
    }
    if of.encoding == Encoding::Windows1252 {
        from.push_str(" in windows-1252");
    }
    let fed = if of.not_fed { " not fed" } else { "" };
    let title = of.name.replace('_', " ");
    let rows = if of.rows == 1 { "1 row".to_owned() } else { format!("{} rows", of.rows) };
    let why =
        if of.not_fed { "; guess: rows that are there on every day, since it has no key and no links" } else { "" };
    let mut out = format!("# {rows}{why}\ntable {} \"{title}\"{from}{fed} {{\n", of.name);
    let width = of.lines.iter().map(|line| line.name.len()).max().unwrap_or(0).min(24);
    for line in &of.lines {
        let _ = writeln!(out, "{}", member(line, width));
    }
    out.push_str("}\n");
    out
}

fn member(line: &Line, width: usize) -> String {
    let text = format!("  {:width$} {}", line.name, line.says);
    let note = line.note.replace(['\n', '\r'], " ");
    match note.is_empty() {
        true => text,
        false if text.chars().count() + note.chars().count() > WIDE => format!("  # {note}\n{text}"),
        false => format!("{text:COMMENTS$} # {note}"),
    }
}
