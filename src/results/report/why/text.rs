//! An explanation for reading on a terminal.

use super::{Why, truth};
use crate::report::text::layout::wrap;
use std::fmt::Write;
use yardstick_language::describe::say;
use yardstick_language::explanation::{AskedRow, Clause, Event, Joined, Kind, NamedValue, Part};
use yardstick_language::visible;

/// So many days are told.
const DAYS: usize = 60;
/// Of the rows that a question asks about, so many are told.
const ROWS: usize = 12;

/// The explanation as text, its lines about `width` characters long.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn text(of: &Why, width: usize) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let said = &of.explanation;
    paragraph(&of.heading(), width, &mut out)?;
    writeln!(out)?;
    paragraph(&format!("{} {}: {}.", said.table, said.id, said.result), width, &mut out)?;
    if let Some(amount) = &said.amount {
        writeln!(out, "It adds {amount}.")?;
    }
    for line in of.decided().into_iter().chain(of.held()).chain(of.no_difference()).chain(of.notes.iter().cloned()) {
        paragraph(&line, width, &mut out)?;
    }
    differences(of, width, &mut out)?;
    writeln!(out, "\nDays")?;
    days(of, &mut out)?;
    writeln!(out, "\nClauses")?;
    said.clauses.iter().try_for_each(|of| clause(of, &mut out))?;
    Ok(out)
}

fn differences(of: &Why, width: usize, out: &mut String) -> std::fmt::Result {
    let all = of.differences();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nWhat would have made a difference, all else as it is")?;
    for one in &all {
        for (number, line) in wrap(one, width.saturating_sub(4)).iter().enumerate() {
            writeln!(out, "  {} {line}", if number == 0 { "-" } else { " " })?;
        }
    }
    Ok(())
}

fn paragraph(said: &str, width: usize, out: &mut String) -> std::fmt::Result {
    wrap(said, width).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The days in order; of many, edges and own days, and of the others those nearest to the window.
fn days(of: &Why, out: &mut String) -> std::fmt::Result {
    let all = &of.explanation.timeline;
    let room = DAYS.saturating_sub(all.iter().filter(|event| event.kind != Kind::Linked).count());
    let far = |event: &Event| {
        let [first, last] = of.days;
        (first - event.day).num_days().max((event.day - last).num_days()).max(0)
    };
    let mut distances: Vec<i64> = all.iter().filter(|event| event.kind == Kind::Linked).map(far).collect();
    distances.sort_unstable();
    let farthest = distances.get(room).map_or(i64::MAX, |first_left_out| (first_left_out - 1).max(0));
    let kept: Vec<&Event> = all.iter().filter(|event| event.kind != Kind::Linked || far(event) <= farthest).collect();
    let widest = kept.iter().map(|event| day(event).chars().count()).max().unwrap_or(0);
    for event in &kept {
        let day = day(event);
        match event.kind {
            Kind::Edge => writeln!(out, "  {day:widest$}  | {}", visible::value(&event.what))?,
            Kind::Own => writeln!(out, "  {day:widest$}  {}", visible::value(&event.what))?,
            Kind::Linked => {
                writeln!(out, "  {day:widest$}  {} of {}", visible::value(&event.what), visible::value(&event.of))?;
            }
        }
    }
    match all.len() - kept.len() {
        0 => Ok(()),
        more => writeln!(out, "  ... and {more} more days of rows it looks at (`-o FILE.json` has all)"),
    }
}

fn day(event: &Event) -> String {
    let time = event.time.map(|time| format!(", {}", time.format("%H:%M"))).unwrap_or_default();
    say::day(event.day) + &time
}

fn clause(of: &Clause, out: &mut String) -> std::fmt::Result {
    let mark = if of.decides { "   <- decides" } else { "" };
    match &of.condition {
        Some(condition) => {
            writeln!(out, "  {}: {}{mark}", of.head, truth(condition.truth))?;
            part(condition, 2, out)?;
        }
        None => {
            writeln!(out, "  {}{}{mark}", of.head, values(&of.values))?;
            rows(&of.rows, 0, 2, out)?;
        }
    }
    Ok(())
}

fn part(of: &Part, level: usize, out: &mut String) -> std::fmt::Result {
    let indent = "  ".repeat(level);
    let mark = if of.decides { "   <- decides" } else { "" };
    let heads = match of.joined {
        Joined::All if of.span.is_none() => None,
        Joined::Any => Some(format!("{} - one of these must hold", visible::value(&of.text))),
        Joined::All | Joined::Not | Joined::Alone => Some(visible::value(&of.text).into_owned()),
    };
    let below = match heads {
        Some(text) => {
            writeln!(out, "{indent}[{}] {text}{}{mark}", truth(of.truth), values(&of.values))?;
            level + 1
        }
        None => level,
    };
    of.parts.iter().try_for_each(|of| part(of, below, out))?;
    rows(&of.rows, of.more_rows, below, out)
}

fn values(of: &[NamedValue]) -> String {
    if of.is_empty() {
        return String::new();
    }
    let each: Vec<String> =
        of.iter().map(|of| format!("{} is {}", visible::value(&of.name), visible::value(&of.value))).collect();
    format!("   ({})", each.join(", "))
}

/// The rows that a question asks about: those of which its condition is not false come first.
fn rows(all: &[AskedRow], more: usize, level: usize, out: &mut String) -> std::fmt::Result {
    let indent = "  ".repeat(level);
    let is_no = |row: &&AskedRow| row.condition.as_ref().is_some_and(|condition| condition.truth == Some(false));
    let mut ordered: Vec<&AskedRow> = all.iter().filter(|row| !is_no(row)).collect();
    ordered.extend(all.iter().filter(is_no));
    for row in ordered.iter().take(ROWS) {
        let said = row.condition.as_ref().map(|condition| format!(": {}", truth(condition.truth))).unwrap_or_default();
        writeln!(out, "{indent}{}{said}{}", visible::value(&row.name), values(&row.values))?;
        if let Some(condition) = &row.condition {
            part(condition, level + 1, out)?;
        }
    }
    match all.len().saturating_sub(ROWS) + more {
        0 => Ok(()),
        more => writeln!(out, "{indent}... and {more} more rows (`-o FILE.json` has up to 200)"),
    }
}
