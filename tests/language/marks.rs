//! Marks: the findings that a text must have, drawn into the text itself as lines of comment.
//!
//! ```text
//!   numerator  exit_type in { adopted, home }
//! #                           ^^^^^^^ E0204
//! #                                    ^^^^ E0204
//! }
//! # < E0106
//! ```
//!
//! | mark | the finding is |
//! |---|---|
//! | `#    ^^^ E0204` | in the columns of the carets, in the line above |
//! | `# <<< E0204` | in the first columns of the line above, as many as there are `<` |
//! | `#    \| E0204` | before this column, without width |
//! | `#    ^^^...` and further down `# ...^^^ E0204` | from the first caret to the last |
//! | `#    ^^^ E0204 W0803` | two findings in one place |
//!
//! Marks are taken out before the text is read, so they may be put below any line, also inside a
//! text in quotation marks. Lines in messages are counted without them.

use crate::texts::Checked;
use std::collections::BTreeMap;

/// Line and column, both counted from 1.
type Place = (usize, usize);

/// A finding by its code and the place that it speaks of; the end is the column after the last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    start: Place,
    end: Place,
    code: String,
}

/// A text without its marks, and the marks by their place.
pub(crate) fn read(marked: &str) -> Result<(String, Vec<Mark>), String> {
    let (mut text, mut marks, mut line) = (String::new(), Vec::new(), 0);
    let mut open = None;
    for (number, row) in marked.split_inclusive('\n').enumerate() {
        if !is_marks(row) {
            text += row;
            line += 1;
            continue;
        }
        let wrong = |what: &str| format!("line {}: {what}: {row}", number + 1);
        for (column, run, codes) in runs(row) {
            let mut end = (line, column + run.chars().count());
            let start = match (run.trim_start_matches('.'), run.starts_with("...")) {
                (_, true) => open.take().ok_or_else(|| wrong("nothing to go on with"))?,
                ("|", _) => {
                    end.1 = column;
                    end
                }
                (run, _) if run.starts_with('<') => {
                    end.1 = run.len() + 1;
                    (line, 1)
                }
                _ => (line, column),
            };
            match (run.ends_with("..."), codes.is_empty()) {
                (true, true) => open = Some(start),
                (false, false) => marks.extend(codes.into_iter().map(|code| Mark { start, end, code })),
                _ => return Err(wrong("a mark has a code, or goes on further down with `...`")),
            }
        }
    }
    marks.sort();
    if open.is_some() { Err("a mark that goes on has no end".to_owned()) } else { Ok((text, marks)) }
}

/// Whether a line is one of marks: a comment from the first column that begins with a sign.
fn is_marks(row: &str) -> bool {
    row.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with(['^', '<', '|', '.']))
}

/// The signs of a line of marks, each with its column and the codes behind it.
fn runs(row: &str) -> Vec<(usize, &str, Vec<String>)> {
    let mut found: Vec<(usize, &str, Vec<String>)> = Vec::new();
    let mut column = 1;
    for word in row.trim_end().split(' ') {
        let is_code = word.starts_with(|c: char| c.is_ascii_uppercase());
        match found.last_mut() {
            Some((_, _, codes)) if is_code => codes.push(word.to_owned()),
            _ => {
                let signs = word.trim_start_matches('#');
                let at = column + word.len() - signs.len();
                found.extend((!signs.is_empty()).then_some((at, signs, Vec::new())));
            }
        }
        column += word.chars().count() + 1;
    }
    found
}

/// The findings of a text, as marks by their place.
pub(crate) fn found(checked: &Checked) -> Vec<Mark> {
    let mut marks: Vec<Mark> = checked
        .findings
        .sorted()
        .iter()
        .filter_map(|f| Some((f.code, f.span()?)))
        .map(|(code, span)| {
            let file = checked.sources.file(span.file);
            assert_eq!(span.file.0, 0, "{} is in {}, where no mark can be", code.as_str(), file.path.display());
            Mark {
                start: file.line_column(span.start),
                end: file.line_column(span.end),
                code: code.as_str().to_owned(),
            }
        })
        .collect();
    marks.sort();
    marks
}

/// The text with these marks drawn into it.
pub(crate) fn written(text: &str, marks: &[Mark]) -> String {
    let mut below = signs(text, marks);
    let mut out = String::new();
    for (line, row) in (1..).zip(text.split_inclusive('\n')) {
        out += row;
        out += &rows_of_marks(below.remove(&line).unwrap_or_default());
    }
    assert!(below.is_empty(), "no line for the marks {below:?}");
    out
}

/// The signs of the marks with their codes, by line, each with the column that it begins in.
fn signs(text: &str, marks: &[Mark]) -> BTreeMap<usize, Vec<(usize, String)>> {
    let mut codes: BTreeMap<(Place, Place), String> = BTreeMap::new();
    for Mark { start, end, code } in marks {
        *codes.entry((*start, *end)).or_default() += &format!(" {code}");
    }
    let mut below: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
    let mut draw = |line, column, signs: String| below.entry(line).or_default().push((column, signs));
    let carets = |from, to| "^".repeat(to - from);
    for ((start, end), codes) in codes {
        if start.0 != end.0 {
            let width = text.lines().nth(start.0 - 1).unwrap_or_default().chars().count();
            draw(start.0, start.1, carets(start.1, width + 1) + "...");
            draw(end.0, 2, format!("...{}{codes}", carets(5, end.1)));
        } else if start == end {
            draw(start.0, start.1, format!("|{codes}"));
        } else if start.1 == 1 {
            draw(start.0, 3, "<".repeat(end.1 - 1) + &codes);
        } else {
            draw(start.0, start.1, carets(start.1, end.1) + &codes);
        }
    }
    below
}

/// The lines of comment for the signs below one line: a sign that would touch the one before it
/// gets a line of its own.
fn rows_of_marks(signs: Vec<(usize, String)>) -> String {
    let mut rows: Vec<String> = Vec::new();
    for (column, sign) in signs {
        if rows.last().is_none_or(|row| row.chars().count() + 2 > column) {
            rows.push("#".to_owned());
        }
        let row = rows.last_mut().unwrap();
        *row += &" ".repeat(column - 1 - row.chars().count());
        *row += &sign;
    }
    rows.into_iter().map(|row| row + "\n").collect()
}

/// What is marked and not found, and what is found and not marked; `None` when nothing is.
pub(crate) fn differences(marked: &[Mark], found: &[Mark]) -> Option<String> {
    let lacking = |all: &[Mark], from: &[Mark], what: &str| {
        let mut left = from.to_vec();
        let lacks = |mark: &&Mark| left.iter().position(|m| m == *mark).map(|at| left.remove(at)).is_none();
        let lines = all
            .iter()
            .filter(lacks)
            .map(|Mark { start, end, code }| format!("{what} {code} from {start:?} to {end:?}"));
        lines.collect::<Vec<_>>()
    };
    let all = [lacking(marked, found, "marked, not found:"), lacking(found, marked, "found, not marked:")].concat();
    (!all.is_empty()).then(|| all.join("\n"))
}

#[test]
fn marks_are_read_as_they_are_written() {
    let text = "one two three\n\n  \"a text\n  over lines\"\n}\n";
    let mark = |start, end, code: &str| Mark { start, end, code: code.to_owned() };
    let marks = [
        mark((1, 1), (1, 4), "E0101"),
        mark((1, 5), (1, 8), "E0102"),
        mark((1, 5), (1, 8), "W0801"),
        mark((1, 9), (1, 14), "E0103"),
        mark((1, 14), (1, 14), "E0103"),
        mark((3, 3), (4, 14), "E0104"),
        mark((5, 1), (5, 2), "E0106"),
    ];
    let marked = written(text, &marks);
    assert_eq!(read(&marked), Ok((text.to_owned(), marks.to_vec())), "{marked}");
    assert_eq!(differences(&marks, &marks), None);
    assert!(differences(&marks, &marks[1..]).unwrap().starts_with("marked, not found: E0101"));
    assert!(differences(&marks[1..], &marks).unwrap().starts_with("found, not marked: E0101"));
    for wrong in ["x\n# ^^^\n", "x\n# ^^^...\n", "x\n# ...^^^ E0101\n"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
