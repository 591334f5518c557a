//! The differences for reading: on a screen, and as Markdown for a pull request.

use super::compared::{Compared, Differences, Kind};
use std::fmt::Write as _;

/// For reading on a screen.
pub(super) fn text(all: &Differences) -> String {
    let mut out = format!("{}\n", summary(all));
    for of in &all.indicators {
        let _ = write!(out, "\n{}\n", heading(of, ""));
        for clause in &of.clauses {
            for (word, text) in [("old", &clause.old), ("new", &clause.new)] {
                let text = text.as_deref().unwrap_or("(nothing)");
                let _ = writeln!(out, "\n  {word}  {}", text.replace('\n', "\n       "));
            }
        }
        for (title, said) in said(of) {
            let _ = write!(out, "\n  {title}\n");
            out.extend(said.iter().map(|said| format!("    - {said}\n")));
        }
        if let Some(told) = &of.history {
            let _ = write!(out, "\n  {}\n", told.searched);
            if let Some(test) = &told.test {
                let _ = write!(out, "\n{}", indented(test));
            }
        }
        if let Some(moves) = &of.moves {
            let _ = write!(out, "\n  On the case data\n");
            out.extend(moves.lines().iter().map(|line| format!("    - {line}\n")));
        }
    }
    out
}

/// For a pull request.
pub(super) fn markdown(all: &Differences) -> String {
    let mut out = format!("## What changed in meaning\n\n{}\n", summary(all));
    for of in &all.indicators {
        let _ = write!(out, "\n### {}\n", heading(of, "`"));
        if !of.clauses.is_empty() {
            out += "\n```diff\n";
            for clause in &of.clauses {
                for (sign, text) in [('-', &clause.old), ('+', &clause.new)] {
                    let lines = text.iter().flat_map(|text| text.lines());
                    out.extend(lines.map(|line| format!("{sign} {line}\n")));
                }
            }
            out += "```\n";
        }
        for (title, said) in said(of) {
            let _ = write!(out, "\n**{title}**\n\n");
            out.extend(said.iter().map(|said| format!("- {}\n", escaped(said))));
        }
        if let Some(told) = &of.history {
            let _ = write!(out, "\n{}\n", told.searched);
            if let Some(test) = &told.test {
                let _ = write!(out, "\n```\n{test}```\n");
            }
        }
        if let Some(moves) = &of.moves {
            let _ = write!(out, "\n**On the case data**\n\n");
            out.extend(moves.lines().iter().map(|line| format!("- {}\n", escaped(line))));
        }
    }
    out
}

fn summary(all: &Differences) -> String {
    let kinds = [
        (Kind::Changed, "changed"),
        (Kind::Added, "added"),
        (Kind::Dropped, "dropped"),
        (Kind::Renamed, "renamed"),
        (Kind::Reworded, "written otherwise with the same meaning"),
    ];
    let counts = kinds.map(|(kind, words)| (all.of_kind(kind).count(), words));
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    let said: Vec<String> = counts.chain([format!("{} as before", all.unchanged)]).collect();
    format!("From {} to {}: {}.", all.old, all.new, said.join(", "))
}

fn heading(of: &Compared, mark: &str) -> String {
    let id = format!("{mark}{}{mark}", of.id);
    let meaning = |meaning: &Option<String>| meaning.clone().unwrap_or_default();
    let (was, is) = (meaning(&of.old_meaning), meaning(&of.new_meaning));
    match of.kind {
        Kind::Added => format!("{id}: added, meaning {is}"),
        Kind::Dropped => format!("{id}: dropped, meaning {was}"),
        Kind::Renamed => {
            let old = of.was.clone().unwrap_or_default();
            format!("{id}: renamed, before {mark}{old}{mark}; the meaning is unchanged ({is})")
        }
        Kind::Changed => format!("{id}: changed, meaning {was} is now {is}"),
        Kind::Reworded => format!("{id}: written otherwise; the meaning is unchanged ({is})"),
    }
}

fn said(of: &Compared) -> Vec<(&'static str, &[String])> {
    let all: [(&str, &[String]); 3] = [
        ("No longer said", &of.no_longer_said),
        ("Now said", &of.now_said),
        ("Words that change no number", &of.words),
    ];
    all.into_iter().filter(|(_, said)| !said.is_empty()).collect()
}

fn indented(block: &str) -> String {
    block.lines().map(|line| format!("    {line}\n")).collect()
}

/// The signs that mean something in Markdown.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('*', "\\*").replace('_', "\\_").replace('<', "&lt;").replace('|', "\\|")
}
