//! `yardstick lsp`: the program itself serves an editor, and runs tests in it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

fn send(to: &mut impl Write, message: &Value) {
    let text = message.to_string();
    write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    to.flush().unwrap();
}

/// The next message with this id.
fn answer(from: &mut impl BufRead, id: i64) -> Value {
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(from.read_line(&mut line).unwrap() > 0, "the program has ended");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut text = vec![0; length];
        from.read_exact(&mut text).unwrap();
        let message: Value = serde_json::from_slice(&text).unwrap();
        if message["id"] == id {
            return message;
        }
    }
}

#[test]
fn a_test_is_run_where_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("indicators/tier1/reentry_into_foster_care.ind");
    let text = std::fs::read_to_string(&path).unwrap();
    // One expectation less than what the rows come to.
    let wrong = text.replacen(": 1 of 1", ": 7 of 9", 1);
    assert_ne!(text, wrong);
    let uri = format!("file://{}", path.display());
    let mut child = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(["lsp", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut to, mut from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut ask = |id: i64, method: &str, params: Value| {
        send(&mut to, &json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        answer(&mut from, id)
    };
    let start = ask(1, "initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(start["result"]["capabilities"]["executeCommandProvider"]["commands"][0], "yardstick.runTests");
    // What has no answer is sent as a request that is not known would be: with nothing to wait for.
    send(&mut to, &json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    let document = json!({ "uri": uri, "languageId": "yardstick", "version": 1, "text": text });
    send(
        &mut to,
        &json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
    );
    let mut ask = |id: i64, method: &str, params: Value| {
        send(&mut to, &json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        answer(&mut from, id)
    };
    let lenses = ask(2, "textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    let lenses = lenses["result"].as_array().unwrap().clone();
    assert_eq!(lenses.len(), 1 + text.matches("\ntest ").count(), "the indicator and its tests");
    let run =
        |lens: &Value| json!({ "command": lens["command"]["command"], "arguments": lens["command"]["arguments"] });
    let all = ask(3, "workspace/executeCommand", run(&lenses[0]));
    assert_eq!(all["result"]["failed"], 0, "{all}");
    let one = ask(4, "workspace/executeCommand", run(&lenses[1]));
    assert_eq!(one["result"]["summary"], "the test passes", "{one}");
    let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": wrong }] });
    send(&mut to, &json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": change }));
    send(
        &mut to,
        &json!({ "jsonrpc": "2.0", "id": 5, "method": "workspace/executeCommand", "params": run(&lenses[0]) }),
    );
    let failed = answer(&mut from, 5);
    assert_eq!(failed["result"]["failed"], 1, "{failed}");
    let said = failed["result"]["text"].as_str().unwrap();
    assert!(said.contains("expected") && said.contains("7 of 9") && said.contains("1 of 1"), "{said}");
    send(&mut to, &json!({ "jsonrpc": "2.0", "id": 6, "method": "shutdown" }));
    answer(&mut from, 6);
    send(&mut to, &json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
