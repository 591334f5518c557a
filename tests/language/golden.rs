//! What the language makes of texts, each with its snapshot beside it.
//!
//! To add a test, add an `.ind` file and run `INSTA_UPDATE=always cargo test -p yardstick-language
//! golden`; read the `.snap`, commit both. The texts in `errors/` have their findings marked in
//! the text (see `marks.rs`), all of them and no other. `MARKS=write cargo test -p
//! yardstick-language -- golden::errors` draws the marks anew.
//!
//! | folder of `golden/` | snapshot |
//! |---|---|
//! | `pages/E0203` | every finding in the first example of the page `src/language/diag/pages/E0203.md`, as `yardstick check` shows it |
//! | `errors/E0203-what.ind` | the same for further texts; one finding must have the code of the name, and all are marked |
//! | `poor/what.ind` | the same for texts whose messages are known to be poor, so that progress shows |
//! | `check/what.ind` | its indicators in their canonical form |
//! | `format/what.ind` | the text in its one layout |
//! | `describe/what.ind` | what `yardstick describe` says of its indicators |
//! | `describe/shipped/what` | the same for every indicator in `indicators/` |

use crate::marks;
use crate::texts::{Checked, checked, each, name, root, same_as_snapshot, shipped};
use std::collections::BTreeSet;
use std::fs;
use yardstick::describe;
use yardstick::diag::{Code, code};
use yardstick::ir::Program;

fn codes(checked: &Checked) -> BTreeSet<&'static str> {
    checked.findings.sorted().iter().map(|f| Code::as_str(f.code)).collect()
}

#[test]
fn errors() {
    each("language/golden/errors", |input| {
        let marked = fs::read_to_string(input).unwrap();
        let (text, expected) = marks::read(&marked).unwrap_or_else(|e| panic!("{}: {e}", name(input)));
        let checked = checked(&name(input), &text);
        let code: String = name(input).chars().take(5).collect();
        let codes = codes(&checked);
        assert!(codes.contains(code.as_str()), "{}: found {codes:?}\n{}", name(input), checked.shown());
        let found = marks::found(&checked);
        if std::env::var_os("MARKS").is_some_and(|way| way == "write") {
            fs::write(input, marks::written(&text, &found)).unwrap();
        } else if let Some(differences) = marks::differences(&expected, &found) {
            panic!("{}:\n{differences}\n{}", name(input), checked.shown());
        }
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), checked.shown()));
    });
}

/// Messages that do not help yet as they should; what is wrong with each stands in its text.
#[test]
fn poor_messages_are_kept() {
    each("language/golden/poor", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(text.starts_with("# Poor: ") && checked.findings.has_errors(), "{}", checked.shown());
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), checked.shown()));
    });
}

#[test]
fn programs() {
    each("language/golden/check", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let of_each = |Program { model, indicators, .. }: &Program| -> Vec<String> {
            let of = |i| yardstick::ir::print::definition(model, i);
            indicators.iter().map(|i| format!("{}\n{}", i.id, of(i))).collect()
        };
        let made = checked.program.hierarchies().flat_map(of_each);
        let declares = text.lines().any(|line| line.starts_with("groups "));
        let made = made.chain(broken_down(&checked.program).filter(|_| declares));
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), made.collect::<Vec<_>>().join("\n")));
    });
}

/// Every indicator broken down by each breakdown that it can be: its follow-up, the conditions of
/// the groups, and how far it looks back.
fn broken_down(program: &Program) -> impl Iterator<Item = String> {
    let pairs = program
        .breakdowns
        .iter()
        .enumerate()
        .flat_map(|(number, breakdown)| breakdown.of.keys().map(move |indicator| (number, breakdown, *indicator)));
    pairs.filter_map(|(number, breakdown, indicator)| {
        let split = program.split(indicator, &[number])?;
        let values: Vec<String> = program.group_values(&[number]).into_iter().map(|(value, _)| value).collect();
        let definition = yardstick::ir::print::definition(&program.model, &split);
        let kept = |line: &&str| line.starts_with("follow-up") || line.starts_with("(groups");
        let lines: Vec<&str> = definition.lines().filter(kept).collect();
        let back =
            split.look_back.iter().map(|(table, back)| format!("{}: {back:?}", program.model.table(*table).name));
        let back = back.collect::<Vec<_>>().join(", ");
        let (by, values) = (&breakdown.name, values.join(", "));
        let page = describe::broken_down(program, indicator, &[number])?;
        let said = page.sections.iter().filter(|section| section.title == "Broken down").cloned().collect();
        let said = describe::Page { sections: said, ..describe::Page::default() }.text();
        Some(format!("{} by {by}: {values}\n{}\nlooks back {back}{said}", split.id, lines.join("\n")))
    })
}

#[test]
fn descriptions() {
    each("language/golden/describe", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let all = checked.program.hierarchies().flat_map(|of| &of.indicators);
        let mut ids: Vec<&str> = all.map(|i| i.id.as_str()).collect();
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(*id));
        let made = ids.iter().map(|id| describe::everywhere(&checked.program, id).text());
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), made.collect::<Vec<_>>().join("\n")));
    });
}

#[test]
fn descriptions_of_what_ships() {
    let shipped = shipped();
    assert!(!shipped.findings.has_errors(), "{}", shipped.shown());
    let folder = root().join("tests/language/golden/describe/shipped");
    let all: Vec<_> = shipped.program.indicators.iter().collect();
    for page in describe::book(&shipped.program, &all) {
        same_as_snapshot(&folder.join(page.id.replace(' ', "_")), &page.text());
    }
}

/// The fenced `ind` blocks of a page.
fn examples(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match (&mut open, line.trim_end()) {
            (None, "```ind") => open = Some(String::new()),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), line) => *block += &format!("{line}\n"),
            (None, _) => {}
        }
    }
    blocks
}

/// A code's page shows a text that fails with the code, and then, where there is a second one, a
/// text that is right.
#[test]
fn pages_show_what_they_say() {
    let mut wrong = Vec::new();
    for (code, page) in code::ALL {
        let code = code.as_str();
        let blocks = examples(page);
        // Problems of the data are not shown by a text.
        let Some(first) = blocks.first() else {
            if !code.starts_with("E08") {
                wrong.push(format!("{code}: its page has no ```ind block that fails with it"));
            }
            continue;
        };
        let failing = checked("example.ind", first).with_asked(code);
        let shown = format!("{first}\n{}\n{}", "-".repeat(80), failing.shown());
        same_as_snapshot(&root().join("tests/language/golden/pages").join(code), &shown);
        if !codes(&failing).contains(code) {
            wrong.push(format!("{code}: its first ```ind block does not fail with it\n{}", failing.shown()));
        }
        if let Some(last) = blocks.get(1..).and_then(<[String]>::last) {
            let right = checked("example.ind", last).with_asked(code);
            // Clauses that have nothing to do with it may be left out.
            let others = codes(&right).into_iter().any(|c| c.starts_with('E') && c != code::CLAUSE_MISSING.as_str());
            if codes(&right).contains(code) || others {
                wrong.push(format!("{code}: its last ```ind block must be right\n{}", right.shown()));
            }
        }
    }
    assert!(wrong.is_empty(), "Mend these pages (src/language/diag/pages/):\n{}", wrong.join("\n"));
}

/// What ships has no finding that is told unless something else is set.
#[test]
fn what_ships_follows_the_customs_that_are_told() {
    let shipped = shipped();
    let told = |found: &yardstick::diag::Diagnostic| {
        code::LINTS.iter().any(|lint| lint.code == found.code && lint.level != yardstick::diag::Level::Off)
    };
    let found: Vec<String> = shipped.asked.into_found().filter(told).map(|found| found.message).collect();
    assert!(found.is_empty(), "{found:#?}");
}
