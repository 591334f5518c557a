//! No word of child welfare stands in the program. `tests/library.rs` shows that it works for
//! another world; this shows why.

use crate::generated::parsed;
use crate::tidy::{fail_if_any, files, read};
use std::collections::BTreeSet;
use yardstick::model::ColumnType;

/// Words of the shipped model and its indicators that any program may say, in the singular. A word
/// that is about people, families or care does not belong here: call the thing what it is to the
/// program.
const ORDINARY: [&str; 3] = [
    // The language's own words.
    "after day every first from median month move name open other out over peer per plus quality rate unit until with within without year",
    // What the program does with rows, cells, files and text.
    "attrition case closed data ended entry exit finding group holiday into kind longer new opened ordered physical position reason self separated \
     setting stay trial type visit",
    // Of entities and folders: what stands above. Of the protocol of editors: its words.
    "parent general response",
];

/// Names that belong to others: to Tokio, to Arrow, to the standard library, to tree-sitter, to
/// style sheets, to slides.
const FOREIGN: &[&str] = &[
    "worker_threads",
    "extend_from_within",
    "child_data",
    "goto_first_child",
    "goto_next_sibling",
    "node.children",
    ":first-child",
    ":last-child",
    "non-scaling",
    "officeDocument",
    "plotArea",
    "General",
];

/// One form for a word and its plural.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    match word.strip_suffix("ies") {
        Some(start) => format!("{start}y"),
        None => word.strip_suffix('s').unwrap_or(&word).to_owned(),
    }
}

/// All that the shipped model and its indicators call by a name, cut into words.
fn shipped() -> BTreeSet<String> {
    let texts: Vec<_> = files("indicators", "ind").iter().map(|p| read(p)).collect();
    let program = parsed::program(&texts).unwrap_or_else(|e| panic!("{e:?}"));
    let model = &program.model;
    let mut names: Vec<&str> = program.indicators.iter().map(|i| i.id.as_str()).collect();
    names.extend(model.levels.iter().map(|l| l.name.as_str()));
    names.extend(model.domains.iter().map(|d| d.name.as_str()));
    for table in &model.tables {
        names.push(&table.name);
        names.extend(table.dated.iter().map(|d| d.name.as_str()));
        names.extend(table.backs.iter().map(|b| b.name.as_str()));
        for column in &table.columns {
            names.push(&column.name);
            if let ColumnType::Codes(codes) = &column.ty {
                names.extend(codes.iter().map(String::as_str));
            }
        }
    }
    let words =
        names.iter().flat_map(|n| n.split('_')).filter(|w| w.len() > 2 && !w.starts_with(|c: char| c.is_numeric()));
    words.map(stem).collect()
}

/// The code of a Rust or pest file, line by line: without comments and unit tests, and of its texts
/// without what stands in `backticks`. That is where messages show what to write, in words of the
/// shipped model; the program looks nothing up by it.
fn spoken(text: &str) -> Vec<String> {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut lines = vec![String::new()];
    let mut rest = text.chars().peekable();
    let (mut inside, mut example) = (false, false);
    while let Some(c) = rest.next() {
        match c {
            '\n' => lines.push(String::new()),
            '\\' => drop(rest.next_if(|n| *n != '\n')),
            '"' => (inside, example) = (!inside, false),
            '`' if inside => example = !example,
            _ if example => {}
            '/' if !inside && rest.peek() == Some(&'/') => while rest.next_if(|n| *n != '\n').is_some() {},
            // A quotation mark as a character opens no text.
            '\'' if !inside => drop(rest.next_if_eq(&'"')),
            c => lines.last_mut().unwrap().push(c),
        }
    }
    lines
}

/// The words of a line: `ChildId`, `child_id` and `a child` all say "child".
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in line.chars() {
        if (c.is_uppercase() && small) || !c.is_alphabetic() {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if c.is_alphabetic() {
            words.last_mut().unwrap().push(c);
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// The words in a text that are about child welfare, with the number of their line.
fn about(lines: &[String], forbidden: &BTreeSet<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let line = FOREIGN.iter().fold(line.clone(), |line, name| line.replace(name, ""));
        found.extend(words(&line).into_iter().filter(|w| forbidden.contains(&stem(w))).map(|w| (number + 1, w)));
    }
    found
}

fn ordinary() -> impl Iterator<Item = &'static str> {
    ORDINARY.iter().flat_map(|words| words.split_whitespace())
}

fn forbidden() -> BTreeSet<String> {
    let ordinary: BTreeSet<_> = ordinary().map(stem).collect();
    shipped().difference(&ordinary).cloned().collect()
}

#[test]
fn the_program_says_nothing_of_child_welfare() {
    let forbidden = forbidden();
    let mut found = Vec::new();
    for path in files("src", "rs").into_iter().chain(files("grammar", "pest")) {
        found.extend(about(&spoken(&read(&path)), &forbidden).into_iter().map(|(n, w)| format!("{path}:{n}: `{w}`")));
    }
    // Pages for people: all their words.
    for path in files("src", "html") {
        let lines: Vec<_> = read(&path).lines().map(str::to_owned).collect();
        found.extend(about(&lines, &forbidden).into_iter().map(|(n, w)| format!("{path}:{n}: `{w}`")));
    }
    fail_if_any("These are words of the shipped model; the program must not know them:", &found);
}

#[test]
fn such_a_word_would_be_found() {
    let forbidden = forbidden();
    for word in
        ["child", "removal", "reunification", "placement", "referral", "foster", "office", "bureau", "permanency"]
    {
        assert!(forbidden.contains(word), "`{word}` is not looked for");
    }
    let found =
        |code: &str| about(&spoken(code), &forbidden).into_iter().map(|(n, w)| format!("{n} {w}")).collect::<Vec<_>>();
    assert_eq!(found("fn f(){}\nlet removal = 1;"), ["2 removal"]);
    assert_eq!(found("model.find_table(\"child\")"), ["1 child"]);
    assert_eq!(found("struct ChildId; let of_child = REMOVALS;"), ["1 Child", "1 child", "1 REMOVALS"]);
    assert_eq!(found("let c = '\"'; let removal_on = 1; // \"\nremoved()"), ["1 removal", "2 removed"]);
    assert_eq!(found("\"of a text that says \\\"in \\\n  foster care\\\"\""), ["2 foster", "2 care"]);
    assert_eq!(found("child_link = { ^\"child\" ~ name }"), ["1 child", "1 child"]);
    // Comments and what a message shows may speak of the shipped model.
    assert_eq!(found("/// A child.\nlet help = \"write `of each child`\"; // removal"), [""; 0]);
}

#[test]
fn every_ordinary_word_is_needed() {
    let shipped = shipped();
    let found: Vec<_> = ordinary().filter(|w| !shipped.contains(&stem(w))).map(|w| format!("`{w}`")).collect();
    fail_if_any("Take these out of ORDINARY; the shipped model does not say them:", &found);
}
