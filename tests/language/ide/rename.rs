//! A rename changes names and nothing else.

use super::{definitions, of_one};
use std::collections::BTreeMap;
use std::path::PathBuf;
use yardstick::check::references::Kind;
use yardstick::diag::Edit;
use yardstick::ide::{Definitions, rename};
use yardstick::ir::print;

/// The definitions with some edits made.
fn edited(definitions: &Definitions, edits: &[Edit]) -> Definitions {
    let texts = definitions.sources().iter().map(|(file, source)| {
        let mut text = source.text.clone();
        for edit in edits.iter().rev().filter(|edit| edit.span.file == file) {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        (PathBuf::from(&source.path), text)
    });
    Definitions::new(texts, false)
}

/// The canonical text of every indicator, of which the meaning hash is made, by where it stands.
fn canonical(definitions: &Definitions) -> Vec<String> {
    let program = definitions.program();
    let all = program.hierarchies().enumerate();
    let all = all.flat_map(|(n, of)| of.indicators.iter().map(move |i| (n, i.span, print::canonical(&of.model, i))));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(hierarchy, span, _)| (*hierarchy, *span));
    all.into_iter().map(|(_, _, canonical)| canonical).collect()
}

/// Some declarations of every kind, renamed one by one.
fn stays_the_same(definitions: &Definitions, of_each: usize) {
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    let declared: Vec<_> = definitions.references().declarations().map(|(_, declared)| declared.clone()).collect();
    for (number, of) in declared.iter().enumerate().filter(|(_, of)| of.kind.stands_there()) {
        let seen = kinds.entry(of.kind).or_default();
        *seen += 1;
        if *seen > of_each {
            continue;
        }
        let new = format!("zq{number}q");
        let edits = rename::rename(definitions, of.span.file, of.span.start, &new);
        let edits = edits.unwrap_or_else(|why| panic!("{} `{}`: {why}", of.kind.words(), of.name));
        let after = edited(definitions, &edits);
        assert_eq!(after.errors().count(), 0, "{} `{}`", of.kind.words(), of.name);
        // The columns, files and words of the data are the same.
        let (before, after) = (canonical(definitions), canonical(&after));
        // A word that the files spell in another way than it is called says so in the text.
        let same = |one: &String, other: &String| of.kind == Kind::Word || *one == other.replace(&new, &of.name);
        assert!(
            before.len() == after.len() && before.iter().zip(&after).all(|(one, other)| same(one, other)),
            "{} `{}`",
            of.kind.words(),
            of.name
        );
        let files = |definitions: &Definitions| {
            let model = &definitions.program().model;
            let columns = model
                .tables
                .iter()
                .filter(|t| t.words_of.is_none())
                .flat_map(|t| t.columns.iter().map(|c| (t.file.clone(), c.file_name.clone())));
            columns.collect::<Vec<_>>()
        };
        assert_eq!(files(definitions), files(&edited(definitions, &edits)), "{} `{}`", of.kind.words(), of.name);
    }
    assert!(kinds.len() > 8, "{kinds:?}");
}

#[test]
fn what_things_are_called_changes_nothing() {
    stays_the_same(&definitions("indicators"), 2);
    stays_the_same(&definitions("examples/library/indicators"), 3);
    let every_kind =
        std::fs::read_to_string(crate::texts::root().join("tests/language/golden/references/every_kind.ind"));
    stays_the_same(&of_one(&every_kind.unwrap()), 9);
}

#[test]
fn the_old_name_stays_where_the_files_have_it() {
    let text = "levels whole > team\ntable team \"a team\" { team_id key }\ntable call \"a call\" {\n  call_id key\n  team -> team   # who\n  asked_on date # when\n  how { phone, mail \"E\" }\n}\n";
    let definitions = of_one(text);
    let (file, _) = definitions.sources().iter().next().unwrap();
    let renamed = |what: &str, new: &str| {
        let at = u32::try_from(text.find(what).unwrap()).unwrap();
        let edits = rename::rename(&definitions, file, at, new)?;
        Ok::<_, String>(edited(&definitions, &edits).text(file).to_owned())
    };
    let line = |text: String, with: &str| text.lines().find(|line| line.contains(with)).unwrap().to_owned();
    assert_eq!(line(renamed("asked_on", "on_day").unwrap(), "on_day"), "  on_day date from \"asked_on\" # when");
    assert_eq!(line(renamed("team -> team", "crew").unwrap(), "crew"), "  crew -> team from \"team_id\"   # who");
    assert_eq!(line(renamed("call_id", "id").unwrap(), "id key from"), "  id key from \"call_id\"");
    assert_eq!(
        line(renamed("call \"a call\"", "contact").unwrap(), "contact"),
        "table contact \"a call\" from \"call\" {"
    );
    assert_eq!(line(renamed("phone", "rung").unwrap(), "rung"), "  how { rung \"phone\", mail \"E\" }");
    assert_eq!(line(renamed("mail", "post").unwrap(), "post"), "  how { phone, post \"E\" }");
    for (what, new, why) in [
        ("asked_on", "how", "then "),
        ("asked_on", "1st", "is no name"),
        ("asked_on", "a day", "is no name"),
        ("date #", "x", "no name that is declared"),
    ] {
        let refused = renamed(what, new).unwrap_err();
        assert!(refused.contains(why), "{what} to {new}: {refused}");
    }
}
