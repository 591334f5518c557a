//! Coverage as a page: the same text, marks and list.

use super::coverage::{Covered, not_shown, share, summary};
use super::marks;
use crate::report::escaped::escaped;
use crate::source::Sources;
use std::fmt::Write;

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Test coverage</title>
<style>
body { font: 16px/1.4 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
pre { overflow-x: auto; background: #f5f5f2; padding: .7rem; font-size: 13px }
.all { background: #cdeac8 } .some { background: #fde9a9 } .none { background: #f6c5bd; text-decoration: underline }
li { font-size: 14px }
</style></head><body>
<h1>Test coverage</h1>
"#;

/// The page.
pub(super) fn page(sources: &Sources, all: &[Covered]) -> String {
    let mut out = HEAD.to_owned();
    for line in summary(all) {
        let _ = writeln!(out, "<p>{}</p>", escaped(&line));
    }
    for of in all {
        let share = share(of.coverage.reached(), of.coverage.goals());
        let _ = writeln!(out, "<h2 id=\"{0}\">{0}: {share}</h2>", escaped(&of.id));
        for (file, lines) in marks::lines(sources, &of.coverage) {
            let _ = write!(out, "<p>{}</p>\n<pre>", escaped(&file.path.display().to_string()));
            for line in lines {
                let _ = write!(out, "{:>4}  ", line.number);
                for (tone, piece) in &line.pieces {
                    let _ = match tone.class() {
                        Some(class) => write!(out, "<span class=\"{class}\">{}</span>", escaped(piece)),
                        None => write!(out, "{}", escaped(piece)),
                    };
                }
                out.push('\n');
                for marks in &line.marks {
                    let _ = writeln!(out, "      {marks}");
                }
            }
            out += "</pre>\n";
        }
        let missing = not_shown(sources, of);
        if !missing.is_empty() {
            let items: String = missing.iter().map(|line| format!("<li>{}</li>\n", escaped(line))).collect();
            let _ = write!(out, "<ul>\n{items}</ul>\n");
        }
    }
    out + "</body></html>\n"
}
