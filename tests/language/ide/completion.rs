//! Completion offers the word that stands at a place, wherever a word of the language or a declared
//! name stands; and where the rest of the text is not written yet.

use super::{definitions, of_one};
use std::collections::BTreeMap;
use yardstick::ide::{Definitions, completion};
use yardstick::source::FileId;
use yardstick::syntax::tokens::{Kind, Token};
use yardstick::syntax::tree::{PartKind, Tree};
use yardstick::syntax::vocabulary;

/// The words of a text that could be offered, with their places: words of the language, names that
/// are used. Names that are declared here, ids and figures of tests cannot be foreseen.
fn words(definitions: &Definitions, file: FileId) -> Vec<(usize, String)> {
    let tree = Tree::of(definitions.text(file));
    let references = definitions.references();
    let mut found = Vec::new();
    let expected = |token: &Token| tree.text_of(token) == "expect";
    for part in tree.items.iter().flat_map(|item| &item.parts) {
        let tokens = tree.tokens.list.get(part.tokens.clone()).unwrap();
        // In `expect r1 met held by w1` stand ids.
        let ids = part.kind == PartKind::Line && tokens.first().is_some_and(expected);
        for token in tokens.iter().filter(|t| t.kind == Kind::Word) {
            let at = u32::try_from(token.range.start).unwrap();
            let text = tree.text_of(token);
            let place = references.place_at(file, at).filter(|span| span.start == at);
            let declared = place.and_then(|span| references.meanings_of(span).next());
            let declared = declared.and_then(|id| references.declaration(id)).map(|of| of.span);
            let used = place.is_some() && declared != place;
            let word = place.is_none() && vocabulary::find(text).is_some();
            if used || word && !ids {
                found.push((token.range.start, text.to_owned()));
            }
        }
    }
    found
}

/// The words that are not offered where they stand, each with its line; and how many there are. Of
/// many words some are asked about.
fn missing(definitions: &Definitions, folder: &str, every: usize) -> (Vec<String>, usize) {
    let (mut missing, mut all) = (Vec::new(), 0);
    for (file, source) in definitions.sources().iter() {
        for (at, word) in words(definitions, file).into_iter().skip(file.0 as usize % every).step_by(every) {
            all += 1;
            let offered = completion::at(definitions, file, u32::try_from(at).unwrap());
            if !offered.items.iter().any(|item| item.text == word) {
                let line = source.text.get(..at).unwrap().matches('\n').count();
                let said = source.text.lines().nth(line).unwrap_or_default().trim();
                missing.push(format!("{folder} `{word}` in {said}"));
            }
        }
    }
    (missing, all)
}

#[test]
fn the_word_that_stands_there_is_offered() {
    let mut shares = BTreeMap::new();
    for (folder, every) in [("indicators", 37), ("examples/library/indicators", 7), ("examples/english/indicators", 7)]
    {
        shares.insert(folder, missing(&definitions(folder), folder, every));
    }
    let every_kind =
        std::fs::read_to_string(crate::texts::root().join("tests/language/golden/references/every_kind.ind")).unwrap();
    shares.insert("every kind", missing(&of_one(&every_kind), "every kind", 1));
    let cheatsheet = std::fs::read_to_string(crate::texts::root().join("grammar/cheatsheet.ind")).unwrap();
    shares.insert("cheatsheet", missing(&of_one(&cheatsheet), "cheatsheet", 3));
    for (folder, (missing, all)) in &shares {
        println!("{folder}: {} of {all} words are offered", all - missing.len());
        missing.iter().take(60).for_each(|of| println!("  {of}"));
    }
    for (folder, (missing, all)) in shares {
        assert!(missing.len() * 100 <= all * 2, "{folder}: {missing:#?}");
    }
}
