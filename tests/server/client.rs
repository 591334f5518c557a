//! An editor: it starts the program, writes messages with their length before them, and waits for
//! answers no longer than a while.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// No answer takes as long.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    child: Child,
    input: ChildStdin,
    output: Receiver<Value>,
    next: i64,
    /// The findings of each text that were told last.
    pub(crate) findings: BTreeMap<String, Vec<Value>>,
    /// The version for which they were told.
    pub(crate) versions: BTreeMap<String, i64>,
    pub(crate) capabilities: Value,
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Client {
    /// A program that has been told which folder is open.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &["utf-16"])
    }

    pub(crate) fn start_with(folder: &Path, encodings: &[&str]) -> Self {
        let mut client = Self::process();
        let params = json!({
            "processId": null,
            "rootUri": uri(folder),
            "capabilities": { "general": { "positionEncodings": encodings } },
        });
        let result = client.request("initialize", params).unwrap();
        client.capabilities = result["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// The bare process.
    pub(crate) fn process() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yardstick-lsp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut from = BufReader::new(child.stdout.take().unwrap());
        let (send, output) = channel();
        std::thread::spawn(move || {
            while let Some(message) = message(&mut from) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let (findings, versions) = (BTreeMap::new(), BTreeMap::new());
        Self { child, input, output, next: 0, findings, versions, capabilities: Value::Null }
    }

    pub(crate) fn write(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        message["params"] = params;
        self.write(&message);
    }

    /// Sends a request and gives its number.
    pub(crate) fn send(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.next, "method": method });
        message["params"] = params;
        self.write(&message);
        self.next
    }

    /// The result, or the code and message of the error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, (i64, String)> {
        let id = self.send(method, params);
        self.answer(id)
    }

    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, (i64, String)> {
        loop {
            let message = self.output.recv_timeout(PATIENCE).expect("no answer");
            if message["id"] == json!(id) && message.get("method").is_none() {
                return match message.get("error") {
                    Some(e) => Err((e["code"].as_i64().unwrap(), e["message"].as_str().unwrap().to_owned())),
                    None => Ok(message["result"].clone()),
                };
            }
            self.note(&message);
        }
    }

    fn note(&mut self, message: &Value) {
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().unwrap().to_owned();
            let found = message["params"]["diagnostics"].as_array().unwrap().clone();
            if let Some(version) = message["params"]["version"].as_i64() {
                self.versions.insert(uri.clone(), version);
            }
            self.findings.insert(uri, found);
        }
    }

    /// Waits until all that was sent has been worked on, and takes in what was told.
    pub(crate) fn settle(&mut self) {
        // Findings are told before the next request is waited for.
        std::thread::sleep(Duration::from_millis(60));
        let _ = self.request("workspace/symbol", json!({ "query": "nothing is called so" }));
        while let Ok(message) = self.output.recv_timeout(Duration::from_millis(60)) {
            self.note(&message);
        }
    }

    /// Waits for the next findings about a text.
    pub(crate) fn findings_of(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let message = self.output.recv_timeout(PATIENCE).expect("no findings");
            self.note(&message);
            if message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri {
                return self.findings[uri].clone();
            }
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "yardstick", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.notify("textDocument/didChange", params);
    }

    /// A request about a place.
    pub(crate) fn at(&mut self, method: &str, uri: &str, position: &Value) -> Value {
        let params = json!({ "textDocument": { "uri": uri }, "position": position });
        self.request(method, params).unwrap()
    }

    /// Says goodbye, and gives the code with which the program ended.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.ended()
    }

    pub(crate) fn ended(&mut self) -> Option<i32> {
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the program does not end");
    }

    /// The time for which the program has had a processor; none where nobody says.
    pub(crate) fn processor(&self) -> Option<Duration> {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).ok()?;
        let of = |thread: std::io::Result<std::fs::DirEntry>| {
            let said = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            Some(Duration::from_nanos(said.split(' ').next()?.parse().ok()?))
        };
        threads.map(of).sum()
    }

    /// The memory that the program has taken at most, in bytes; none where nobody says.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
    }
}

fn message(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().ok()?,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut text = vec![0; length];
    from.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The top of the project.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let top = package.ancestors().find(|folder| folder.join("indicators").is_dir()).unwrap();
    std::fs::canonicalize(top).unwrap()
}

/// The line and column of a byte, in UTF-16 units.
pub(crate) fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}

/// Where a piece of text stands.
pub(crate) fn find(text: &str, piece: &str) -> Value {
    position(text, text.find(piece).unwrap_or_else(|| panic!("no `{piece}`")))
}

/// The byte of a line and column.
pub(crate) fn offset(text: &str, position: &Value) -> usize {
    let (line, column) = (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
    let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
    let mut units = 0;
    for (at, c) in text[start..].char_indices() {
        if units >= column {
            return start + at;
        }
        units += c.len_utf16() as u64;
    }
    text.len()
}

/// The text with edits made, as an editor makes them.
pub(crate) fn edited(text: &str, edits: &[Value]) -> String {
    let place = |edit: &Value| (offset(text, &edit["range"]["start"]), offset(text, &edit["range"]["end"]));
    let mut edits: Vec<_> = edits.iter().map(|edit| (place(edit), edit["newText"].as_str().unwrap())).collect();
    edits.sort_unstable();
    let mut made = text.to_owned();
    for ((start, end), new) in edits.into_iter().rev() {
        made.replace_range(start..end, new);
    }
    made
}
