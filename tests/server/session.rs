//! A session from its start to its end: what is opened, changed, closed and cancelled.

use crate::client::{Client, find, root, uri};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const MODEL: &str = "levels whole > team\ntable team \"a team\" { team_id key }\ntable call \"a call\" {\n  call_id key\n  team -> team   # who took it\n  asked_on date\n  answered date?\n}\n";

pub(crate) fn indicator(name: &str, cohort: &str) -> String {
    format!(
        "# {name}\nindicator {name} {{\n  question \"q\"\n  source \"s\"\n  status published\n  window month\n  cohort {cohort} where asked_on in window\n  numerator answered on or before asked_on + 3 days\n  attribute team at asked_on\n  standard at least 90%\n}}\n"
    )
}

/// A folder of definitions.
pub(crate) fn world(folder: &Path) {
    fs::write(folder.join("model.ind"), MODEL).unwrap();
    fs::create_dir_all(folder.join("more")).unwrap();
    fs::write(folder.join("more/a.ind"), indicator("a", "call")).unwrap();
    fs::write(folder.join("b.ind"), indicator("b", "call")).unwrap();
}

fn errors(found: &[Value]) -> Vec<&str> {
    found.iter().filter(|f| f["severity"] == 1).map(|f| f["code"].as_str().unwrap()).collect()
}

#[test]
fn what_is_typed_is_checked_with_all_texts_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path());
    let mut client = Client::start(folder.path());
    let (a, b, model) = (
        uri(&folder.path().join("more/a.ind")),
        uri(&folder.path().join("b.ind")),
        uri(&folder.path().join("model.ind")),
    );
    client.open(&a, &indicator("a", "calls"));
    assert_eq!(errors(&client.findings_of(&a)), ["E0203"]);
    client.change(&a, 2, &indicator("a", "call"));
    assert_eq!(errors(&client.findings_of(&a)), [""; 0]);
    assert_eq!(client.versions[&a], 2);
    // A change of the model is a mistake in texts that nobody has opened.
    client.open(&model, &MODEL.replace("asked_on", "asked"));
    assert!(!errors(&client.findings_of(&b)).is_empty());
    // Closed without saving, it is what the disk says.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": model } }));
    assert_eq!(errors(&client.findings_of(&b)), [""; 0]);
    // Another program writes a file.
    fs::write(folder.path().join("b.ind"), indicator("b", "cal")).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": b, "type": 2 }] }));
    assert_eq!(errors(&client.findings_of(&b)), ["E0203"]);
    fs::remove_file(folder.path().join("b.ind")).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": b, "type": 3 }] }));
    assert_eq!(client.findings_of(&b), [Value::Null; 0]);
    fs::write(folder.path().join("c.ind"), indicator("a", "call")).unwrap();
    let c = uri(&folder.path().join("c.ind"));
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": c, "type": 1 }] }));
    client.settle();
    let twice = client.findings.values().flatten().filter(|f| f["severity"] == 1).count();
    assert_eq!(twice, 1, "an indicator twice: {:?}", client.findings);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn the_findings_are_those_of_the_check() {
    let root = root();
    let mut client = Client::start(&root);
    for folder in ["indicators", "examples/library/indicators", "examples/english/indicators"] {
        let path = root.join(folder).join("model.ind");
        client.open(&uri(&path), &fs::read_to_string(&path).unwrap());
    }
    // Every text of a folder that is a world of its own stands alone.
    let alone = root.join("tests/language/golden/references/every_kind.ind");
    client.open(&uri(&alone), &fs::read_to_string(&alone).unwrap());
    client.settle();
    let wrong: Vec<_> = client.findings.iter().filter(|(_, found)| !errors(found).is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn marks_line_ends_and_wide_letters_do_not_move_places() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path());
    let path = uri(&folder.path().join("b.ind"));
    let plain = indicator("b", "calls").replace("\"q\"", "\"😀 é\" # ü 😀");
    let written = format!("\u{FEFF}{}", plain.replace('\n', "\r\n"));
    for encoding in ["utf-16", "utf-8"] {
        let mut client = Client::start_with(folder.path(), &[encoding]);
        assert_eq!(client.capabilities["positionEncoding"], encoding);
        client.open(&path, &written);
        let found = client.findings_of(&path);
        let at = found.iter().find(|f| f["code"] == "E0203").unwrap();
        assert_eq!(at["range"]["start"], find(&plain, "calls"));
        // An edit where the editor says, after the wide letters on their line.
        let line = find(&plain, "question")["line"].as_u64().unwrap();
        let column = if encoding == "utf-8" { 4 + 1 + 2 } else { 2 + 1 + 1 };
        let quoted = find(&plain, "\"😀")["character"].as_u64().unwrap() + 1;
        let range = json!({ "start": { "line": line, "character": quoted + column }, "end": { "line": line, "character": quoted + column + 1 } });
        let change = json!({ "range": range, "text": "x\"" });
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": path, "version": 2 }, "contentChanges": [change] }),
        );
        client.settle();
        assert_eq!(errors(&client.findings[&path]), ["E0203"], "{encoding}");
        assert_eq!(client.end(), Some(0));
    }
}

#[test]
fn what_cannot_be_answered_gets_an_error_and_the_session_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path());
    let mut client = Client::process();
    assert_eq!(client.request("textDocument/hover", json!({})).unwrap_err().0, -32002, "before the start");
    client.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} })).unwrap();
    client.notify("initialized", json!({}));
    assert_eq!(client.request("textDocument/dance", json!({})).unwrap_err().0, -32601);
    assert_eq!(client.request("textDocument/hover", json!({ "position": 3 })).unwrap_err().0, -32602);
    assert_eq!(client.request("textDocument/hover", json!([1, 2])).unwrap_err().0, -32602);
    let nobody =
        json!({ "textDocument": { "uri": "file:///nobody/opened.ind" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", nobody).unwrap_err().0, -32602);
    assert_eq!(client.request("workspace/executeCommand", json!({ "command": "dance" })).unwrap_err().0, -32602);
    client.notify("textDocument/didOpen", json!({ "nonsense": true }));
    client.notify("textDocument/didChange", json!(null));
    client.notify("$/setTrace", json!({ "value": "off" }));
    // A text that was never saved, and one whose file is gone.
    client.open("untitled:Untitled-1", "indicator x { cohort y }");
    assert!(!client.findings_of("untitled:Untitled-1").is_empty());
    let gone = uri(&folder.path().join("gone/x y.ind")).replace(' ', "%20");
    client.open(&gone, &indicator("g", "call"));
    client.settle();
    assert!(!client.findings.contains_key(&gone), "the model lies in the folder above: {:?}", client.findings);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": gone } }));
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.request("textDocument/hover", json!({})).unwrap_err().0, -32600, "after the end");
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), Some(0));
}

#[test]
fn a_request_that_is_taken_back_is_not_worked_on() {
    let root = root();
    let mut client = Client::start(&root);
    let path = root.join("indicators/model.ind");
    let (address, text) = (uri(&path), fs::read_to_string(&path).unwrap());
    client.open(&address, &text);
    // The first keeps the program busy while the others come in.
    let params = json!({ "textDocument": { "uri": address }, "position": find(&text, "worker"), "context": { "includeDeclaration": false } });
    let ids: Vec<i64> = (0..200).map(|_| client.send("textDocument/references", params.clone())).collect();
    let last = *ids.last().unwrap();
    client.notify("$/cancelRequest", json!({ "id": last }));
    let answers: Vec<_> = ids.into_iter().map(|id| client.answer(id)).collect();
    assert!(answers[0].is_ok());
    assert!(matches!(&answers[199], Err((-32800, _)) | Ok(_)));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn an_editor_that_goes_away_leaves_nothing_running() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start(folder.path());
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), Some(1), "`exit` without `shutdown`");
}
