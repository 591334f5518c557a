//! What an editor asks about the shipped definitions.

use crate::client::{Client, edited, find, root, uri};
use serde_json::{Value, json};
use std::fs;

/// The program with a shipped text open, its address and its text.
pub(crate) fn opened(path: &str) -> (Client, String, String) {
    let root = root();
    let mut client = Client::start(&root);
    let path = root.join(path);
    let (address, text) = (uri(&path), fs::read_to_string(&path).unwrap());
    client.open(&address, &text);
    (client, address, text)
}

const REENTRY: &str = "indicators/tier1/reentry_into_foster_care.ind";

fn said(hover: &Value) -> &str {
    hover["contents"]["value"].as_str().unwrap_or_default()
}

#[test]
fn hover_says_type_meaning_and_clause() {
    let (mut client, address, text) = opened(REENTRY);
    let mut hover = |piece: &str| {
        let found = client.at("textDocument/hover", &address, &find(&text, piece));
        said(&found).to_owned()
    };
    let column = hover("exited_on");
    assert!(column.starts_with("column **`exited_on`**: a day, of `removal`"), "{column}");
    assert!(column.contains("```ind\nexited_on"), "{column}");
    let table = hover("removal of each");
    assert!(table.contains("a stay in out-of-home care"), "{table}");
    let clause = hover("numerator");
    assert!(clause.contains("what is asked of each row") && clause.contains("is met when"), "{clause}");
    let window = hover("window     12");
    assert!(window.contains("The figure covers 12 calendar months"), "{window}");
    let indicator = hover("reentry_into_foster_care {");
    assert!(indicator.contains("meaning `") && indicator.contains("### Who counts"), "{indicator}");
    assert!(indicator.contains("What happens up to 12 months after"), "{indicator}");
    assert_eq!(hover("}"), "");
}

#[test]
fn definition_references_and_highlights() {
    let (mut client, address, text) = opened(REENTRY);
    let place = find(&text, "exited_on");
    let found = client.at("textDocument/definition", &address, &place);
    let target = found[0]["uri"].as_str().unwrap();
    assert!(target.ends_with("indicators/model.ind"), "{found}");
    let model = fs::read_to_string(root().join("indicators/model.ind")).unwrap();
    let line = found[0]["range"]["start"]["line"].as_u64().unwrap();
    assert!(model.lines().nth(line as usize).unwrap().contains("exited_on"), "{found}");
    let params =
        json!({ "textDocument": { "uri": address }, "position": place, "context": { "includeDeclaration": true } });
    let used = client.request("textDocument/references", params).unwrap();
    assert!(used.as_array().unwrap().len() > 20, "{used}");
    let here = client.at("textDocument/documentHighlight", &address, &place);
    assert!(here.as_array().unwrap().len() > 2, "{here}");
}

#[test]
fn outline_and_search() {
    let (mut client, address, text) = opened(REENTRY);
    let outline = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": address } })).unwrap();
    let names: Vec<_> = outline.as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 1 + text.matches("\ntest ").count());
    let clauses: Vec<_> = outline[0]["children"].as_array().unwrap().iter().map(|s| s["name"].clone()).collect();
    assert!(clauses.contains(&json!("numerator")) && clauses.contains(&json!("standard")), "{clauses:?}");
    let found = client.request("workspace/symbol", json!({ "query": "rentryfoster" })).unwrap();
    assert_eq!(found[0]["name"], "reentry_into_foster_care", "{found}");
}

#[test]
fn colours_are_in_order_and_do_not_overlap() {
    let (mut client, address, text) = opened(REENTRY);
    let found =
        client.request("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": address } })).unwrap();
    let data: Vec<u64> = found["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    let (mut line, mut column, mut end) = (0, 0, 0);
    let lines: Vec<&str> = text.lines().collect();
    let mut words = Vec::new();
    for token in data.chunks(5) {
        let [lines_on, columns_on, length, kind, _] = token else { unreachable!() };
        column = if *lines_on == 0 { column + columns_on } else { *columns_on };
        line += lines_on;
        assert!(*lines_on > 0 || column >= end, "line {line}, column {column} is inside of the one before");
        end = column + length;
        let written: String = lines[line as usize].chars().skip(column as usize).take(*length as usize).collect();
        words.push((written, *kind));
    }
    for (word, kind) in
        [("numerator", 0), ("removal", 5), ("exited_on", 6), ("reunification", 7), ("reentry_into_foster_care", 8)]
    {
        assert!(
            words.contains(&(word.to_owned(), kind)),
            "{word}: {:?}",
            words.iter().filter(|(w, _)| w == word).collect::<Vec<_>>()
        );
    }
}

#[test]
fn what_is_computed_stands_behind_the_window() {
    let (mut client, address, text) = opened(REENTRY);
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let found = client
        .request("textDocument/inlayHint", json!({ "textDocument": { "uri": address }, "range": range }))
        .unwrap();
    assert_eq!(found[0]["label"], "waits 12 months; looks back 1 day at worker_unit, assignment", "{found}");
    assert_eq!(found[0]["position"]["line"], find(&text, "window     12")["line"]);
}

#[test]
fn a_finding_brings_what_to_write_instead() {
    let (mut client, address, text) = opened(REENTRY);
    let wrong = text.replacen("exit_type = reunification", "exit_type == reunificatio", 1);
    client.change(&address, 2, &wrong);
    let everything = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let mut ask = |only: Option<&str>| {
        let context = json!({ "diagnostics": [], "only": only.map(|only| [only]) });
        let params = json!({ "textDocument": { "uri": address }, "range": everything, "context": context });
        client.request("textDocument/codeAction", params).unwrap()
    };
    let found = ask(Some("quickfix"));
    let titles: Vec<_> = found.as_array().unwrap().iter().map(|a| a["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["write `=` instead of `==`", "write `reunification` instead of `reunificatio`"]);
    assert_eq!(found[0]["isPreferred"], true);
    assert_eq!(found[1]["isPreferred"], false);
    let edits = found[0]["edit"]["changes"][&address].as_array().unwrap();
    let mended = crate::client::edited(&wrong, edits);
    assert!(mended.contains("exit_type = reunificatio"), "{mended}");
    let all = ask(Some("source.fixAll"));
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert!(ask(Some("refactor")).as_array().unwrap().is_empty());
}

#[test]
fn completion_knows_codes_columns_and_words() {
    let (mut client, address, text) = opened(REENTRY);
    let mut offered = |place: &Value| {
        let found = client.at("textDocument/completion", &address, place);
        let labels: Vec<String> =
            found.as_array().unwrap().iter().map(|i| i["label"].as_str().unwrap().to_owned()).collect();
        (labels, found)
    };
    let code = find(&text, "reunification and");
    let (labels, found) = offered(&code);
    assert_eq!(labels[..3], ["reunification", "adoption", "guardianship"], "the words of the column come first");
    assert_eq!(found[0]["textEdit"]["range"]["start"], code);
    assert_eq!(found[0]["textEdit"]["newText"], "reunification");
    let (labels, _) = offered(&find(&text, "removed_on on or after"));
    assert!(labels.contains(&"removed_on".to_owned()) && !labels.contains(&"where".to_owned()), "{labels:?}");
    let (labels, _) = offered(&find(&text, "on or after exited_on"));
    assert!(labels.contains(&"before".to_owned()) && !labels.contains(&"removed_on".to_owned()), "{labels:?}");
    let (labels, _) = offered(&find(&text, "attribute  child"));
    assert!(labels.contains(&"numerator".to_owned()) && labels.contains(&"exclude".to_owned()), "{labels:?}");
    let (labels, _) = offered(&find(&text, "Re-entry"));
    assert_eq!(labels, [""; 0], "in a text");
}

#[test]
fn a_name_is_another_in_all_files() {
    let folder = tempfile::tempdir().unwrap();
    crate::session::world(folder.path());
    let mut client = Client::start(folder.path());
    let path = |name: &str| folder.path().join(name);
    let model = fs::read_to_string(path("model.ind")).unwrap();
    client.open(&uri(&path("model.ind")), &model);
    let place = find(&model, "asked_on");
    let ask =
        |name: &str| json!({ "textDocument": { "uri": uri(&path("model.ind")) }, "position": place, "newName": name });
    let prepared = client.at("textDocument/prepareRename", &uri(&path("model.ind")), &place);
    assert_eq!(prepared["placeholder"], "asked_on");
    assert_eq!(client.request("textDocument/rename", ask("answered")).unwrap_err().0, -32803);
    assert_eq!(client.request("textDocument/rename", ask("2 days")).unwrap_err().0, -32803);
    let edits = client.request("textDocument/rename", ask("came_on")).unwrap();
    let changes = edits["changes"].as_object().unwrap();
    assert_eq!(changes.len(), 3, "the model and both indicators: {changes:?}");
    for (of, edits) in changes {
        let file = std::path::Path::new(of.strip_prefix("file://").unwrap());
        let text = crate::client::edited(&fs::read_to_string(file).unwrap(), edits.as_array().unwrap());
        assert!(!text.replace("\"asked_on\"", "").contains("asked_on"), "{text}");
        fs::write(file, &text).unwrap();
        if of.ends_with("model.ind") {
            assert!(text.contains("came_on date from \"asked_on\""), "{text}");
            client.change(of, 2, &text);
        }
    }
    let changed: Vec<_> = changes.keys().map(|of| json!({ "uri": of, "type": 2 })).collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changed }));
    client.settle();
    assert!(client.findings.values().flatten().all(|found| found["severity"] != 1), "{:?}", client.findings);
}

#[test]
fn formatting_writes_the_lines_that_change() {
    let (mut client, address, text) = opened(REENTRY);
    let ask = json!({ "textDocument": { "uri": address }, "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(client.request("textDocument/formatting", ask.clone()).unwrap(), Value::Null);
    for ends in ["\n", "\r\n"] {
        let written = text.replace('\n', ends);
        let untidy = written.replace("  window     12", " window 12").replace("  cohort  ", "\tcohort");
        assert_ne!(untidy, written);
        client.change(&address, 2, &untidy);
        let edits = client.request("textDocument/formatting", ask.clone()).unwrap();
        let edits = edits.as_array().unwrap();
        assert!(edits.len() == 1 && edits[0]["newText"].as_str().unwrap().len() < written.len() / 4, "{edits:?}");
        assert_eq!(edited(&untidy, edits), written);
    }
}

#[test]
fn the_server_is_small() {
    let (mut client, address, text) = opened(REENTRY);
    // What is kept of a check takes the place of what was kept of the one before.
    for version in 2..20 {
        client.change(&address, version, &text.replace("12 months", &format!("{version} months")));
        client.settle();
    }
    assert!(client.processor().is_none_or(|time| !time.is_zero()), "the benchmark would measure nothing");
    // In a build without optimization, too.
    assert!(client.memory().is_none_or(|bytes| bytes < 60 << 20), "{:?} bytes", client.memory());
}
