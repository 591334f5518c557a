//! Texts broken at every token: whatever is asked there is answered, and inside of the text.

use crate::client::{Client, position, root, uri};
use crate::session::{indicator, world};
use serde_json::{Value, json};
use std::fs;
use yardstick_language::syntax::tokens::Kind;
use yardstick_language::syntax::tree::Tree;

/// All that can be asked about a place or a text.
fn ask_all(client: &mut Client, uri: &str, text: &str, at: usize) {
    let position = position(text, at);
    let document = json!({ "uri": uri });
    let lines = text.split('\n').count() as u64;
    let place = json!({ "textDocument": document, "position": position });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": lines, "character": 0 } });
    let with = |more: Value| {
        let mut all = place.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let requests = [
        ("textDocument/hover", place.clone()),
        ("textDocument/completion", place.clone()),
        ("textDocument/definition", place.clone()),
        ("textDocument/references", with(json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/documentHighlight", place.clone()),
        ("textDocument/prepareRename", place.clone()),
        ("textDocument/documentSymbol", json!({ "textDocument": document })),
        ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
        ("textDocument/codeLens", json!({ "textDocument": document })),
        ("textDocument/inlayHint", json!({ "textDocument": document, "range": range })),
        (
            "textDocument/codeAction",
            json!({ "textDocument": document, "range": { "start": position, "end": position }, "context": { "diagnostics": [] } }),
        ),
    ];
    let ids: Vec<_> = requests.iter().map(|(method, params)| (*method, client.send(method, params.clone()))).collect();
    for (method, id) in ids {
        let answer = client.answer(id).unwrap_or_else(|e| panic!("{method} at {position}: {e:?}\n{text}"));
        check_ranges(&answer, uri, None, text, method);
    }
}

/// Every range that speaks of the text lies inside of it.
fn check_ranges(value: &Value, uri: &str, of: Option<&str>, text: &str, method: &str) {
    match value {
        Value::Array(all) => all.iter().for_each(|value| check_ranges(value, uri, of, text, method)),
        Value::Object(fields) => {
            let of = fields.get("uri").and_then(Value::as_str).or(of);
            if let (Some(line), Some(column)) = (fields.get("line"), fields.get("character"))
                && of.is_none_or(|of| of == uri)
            {
                let lines: Vec<&str> = text.split('\n').collect();
                let line = line.as_u64().unwrap() as usize;
                let length = lines.get(line).map(|line| line.encode_utf16().count() as u64);
                assert!(
                    length.is_some_and(|length| column.as_u64().unwrap() <= length),
                    "{method}: {value} is outside of\n{text}"
                );
            }
            for (name, value) in fields {
                if name == "changes" {
                    for (uri_of, edits) in value.as_object().unwrap() {
                        check_ranges(edits, uri, Some(uri_of), text, method);
                    }
                } else {
                    check_ranges(value, uri, of, text, method);
                }
            }
        }
        _ => {}
    }
}

/// Ways to break a text at a token.
fn broken(text: &str, token: &std::ops::Range<usize>) -> Vec<(String, usize)> {
    let middle = (token.start..=token.start + token.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap();
    vec![
        // It is not written yet, and nothing behind it.
        (text[..token.start].to_owned(), token.start),
        // It is half written, in the midst of the rest.
        (format!("{}{}", &text[..middle], &text[token.end..]), middle),
        // There is a stray sign.
        (format!("{}{{{}", &text[..token.start], &text[token.start..]), token.start + 1),
    ]
}

fn break_at_tokens(client: &mut Client, uri: &str, text: &str, every: usize) {
    client.open(uri, text);
    let tree = Tree::of(text);
    let mut version = 1;
    let tokens = tree.tokens.list.iter().filter(|token| token.kind != Kind::End);
    for (number, token) in tokens.enumerate() {
        if number % every != 0 {
            continue;
        }
        for (broken, at) in broken(text, &token.range) {
            version += 1;
            client.change(uri, version, &broken);
            ask_all(client, uri, &broken, at);
        }
    }
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
}

#[test]
fn a_small_world_broken_at_every_token() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path());
    let mut client = Client::start(folder.path());
    let test = "test a \"é 😀\" {\n  call | call_id | team | asked_on   |\n       | c1      | t    | 2024-01-02 |\n  expect window ending 2024-01-31: 0 of 1\n  expect c1 unmet\n}\n";
    let path = uri(&folder.path().join("more/a.ind"));
    break_at_tokens(&mut client, &path, &(indicator("a", "last call of each team by asked_on") + test), 1);
    let model = folder.path().join("model.ind");
    break_at_tokens(&mut client, &uri(&model), &fs::read_to_string(&model).unwrap(), 1);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_ships_broken_at_many_tokens() {
    let root = root();
    let mut client = Client::start(&root);
    let texts = [
        ("tests/language/golden/references/every_kind.ind", 29),
        ("grammar/cheatsheet.ind", 149),
        ("indicators/model.ind", 211),
        ("indicators/scorecard.ind", 67),
        ("indicators/tier1/reentry_into_foster_care.ind", 53),
        ("indicators/tier2/placement_stability_0_12.ind", 71),
    ];
    for (path, every) in texts {
        let path = root.join(path);
        break_at_tokens(&mut client, &uri(&path), &fs::read_to_string(&path).unwrap(), every);
    }
    assert_eq!(client.end(), Some(0));
}
