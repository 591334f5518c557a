//! The words that the editors' grammar for colours knows are those of the language: it is made from
//! the vocabulary.

use crate::texts::root;
use serde_json::{Value, json};
use std::fs;
use yardstick::syntax::vocabulary::{self, Kind};

const PATH: &str = "editors/vscode/syntaxes/yardstick.tmLanguage.json";

const KINDS: [Kind; 11] = [
    Kind::Declaration,
    Kind::Clause,
    Kind::TableLine,
    Kind::ScorecardLine,
    Kind::PlanLine,
    Kind::TestLine,
    Kind::Expression,
    Kind::Unit,
    Kind::Type,
    Kind::Inside,
    Kind::Foreign,
];

/// One of the words of some kinds, in the order of the alphabet.
fn one_of(kinds: &[Kind]) -> String {
    let mut words: Vec<&str> = kinds.iter().flat_map(|kind| vocabulary::of(*kind)).map(|word| word.text).collect();
    words.sort_unstable();
    words.dedup();
    format!("(?:{})", words.join("|"))
}

fn grammar() -> Value {
    let pattern = |name: &str, matches: String| json!({ "name": format!("{name}.yardstick"), "match": matches });
    let word = |kinds: &[Kind]| format!("(?<![\\w.]){}(?![\\w.])", one_of(kinds));
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Yardstick",
        "scopeName": "source.yardstick",
        "fileTypes": ["ind"],
        "patterns": [
            pattern("comment.line.number-sign", "#.*$".to_owned()),
            {
                "name": "string.quoted.double.yardstick",
                "begin": "\"",
                "end": "\"",
                "patterns": [{ "name": "constant.character.escape.yardstick", "match": "\\\\." }],
            },
            {
                "match": format!("^({})\\s+([A-Za-z_]\\w*)", one_of(&[Kind::Declaration])),
                "captures": {
                    "1": { "name": "keyword.control.yardstick" },
                    "2": { "name": "entity.name.function.yardstick" },
                },
            },
            pattern("constant.numeric.date", "\\b\\d+-\\d+(?:-\\d+)?\\b".to_owned()),
            pattern("constant.numeric", "\\b\\d[\\d_]*(?:\\.\\d[\\d_]*)?%?".to_owned()),
            pattern("storage.type", format!("(?<=[\\w]\\s){}(?=\\??(?:\\s|$))", word(&[Kind::Type]))),
            pattern("keyword.control", word(&KINDS)),
            pattern("keyword.operator", "->|<-|!=|<=|>=|[=<>+*?-]".to_owned()),
            pattern("punctuation.separator.cell", "\\|".to_owned()),
        ],
    })
}

#[test]
fn the_editors_know_the_words_of_the_language() {
    let made = serde_json::to_string_pretty(&grammar()).unwrap() + "\n";
    let path = root().join(PATH);
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(made == written, "{PATH} is another than the vocabulary makes; INSTA_UPDATE=always writes it");
}

#[test]
fn every_kind_of_word_is_coloured() {
    let known = |word: &str| KINDS.iter().any(|kind| vocabulary::of(*kind).any(|of| of.text == word));
    let grammar = fs::read_to_string(root().join("grammar/indicator.pest")).unwrap();
    let words = grammar.lines().filter(|line| line.starts_with("k_")).filter_map(|line| line.split('"').nth(1));
    let missing: Vec<_> = words.filter(|word| !known(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
