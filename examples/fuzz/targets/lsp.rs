//! The language server, a whole process for each input: messages in a wrong order, with wrong
//! parameters, at places that there are not, in broken frames. It answers, or ends cleanly.

use super::Target;
use super::bytes::{self, below, one_of};
use super::ind::Corpus;
use super::process::{self, Program};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The answer to a request at which the server made a mistake.
const INTERNAL_ERROR: i64 = -32_603;

const MODEL: &str = "file:///nowhere/model.ind";
const TEXT: &str = "file:///nowhere/a.ind";
const ADDRESSES: [&str; 8] =
    [TEXT, MODEL, TEXT, MODEL, "file:///nowhere/%", "untitled:a", "file://elsewhere/c:/a%20b.ind", ""];

const METHODS: [&str; 17] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/documentSymbol",
    "workspace/symbol",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/semanticTokens/full",
    "textDocument/formatting",
    "textDocument/inlayHint",
    "workspace/executeCommand",
    "initialize",
    "nobody/knows",
];
const PLACES: [u64; 9] = [0, 1, 2, 5, 17, 1_000, 2_147_483_648, 4_294_967_295, 4_294_967_296];

/// A small world that is open in the editor.
const WORLD: &str = "levels office > clerk\ntable office \"offices\" { office_id key }\n\
    table clerk \"clerks\" { clerk_id key  office -> office }\n\
    table call \"calls\" { call_id key  clerk -> clerk  asked date  done date? }\n";
const INDICATOR: &str = "indicator answered {\n  title \"Answered 😀\"\n  window month\n  cohort call where asked in window\n  \
    numerator done on or before asked + 5 days\n  attribute clerk at asked\n}\n";

pub(super) struct Lsp {
    program: Program,
    corpus: Corpus,
    folder: TempDir,
}

impl Lsp {
    pub(super) fn new(program: &Program) -> Self {
        Self { program: program.clone(), corpus: Corpus::new(), folder: tempfile::tempdir().unwrap() }
    }

    /// Any message in the midst of a session.
    fn message(&self, rng: &mut ChaCha8Rng, number: usize) -> Value {
        let document = json!({ "uri": one_of(rng, &ADDRESSES) });
        let range = json!({ "start": place(rng), "end": place(rng) });
        match below(rng, 12) {
            0 => notification("textDocument/didOpen", &opened(one_of(rng, &ADDRESSES), &self.text(rng))),
            1 => notification("textDocument/didClose", &json!({ "textDocument": document })),
            2 | 3 => {
                let whole = json!({ "text": self.text(rng) });
                let piece = json!({ "range": range, "text": self.corpus.pieces[below(rng, 40)] });
                let changes = [vec![whole], vec![piece.clone()], vec![piece.clone(), piece], Vec::new()];
                let document = json!({ "uri": document["uri"], "version": below(rng, 9) });
                let changes = &changes[below(rng, 4)];
                notification("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": changes }))
            }
            4 => match below(rng, 4) {
                0 => notification("$/cancelRequest", &json!({ "id": below(rng, 20) })),
                1 => {
                    let changes = json!([{ "uri": document["uri"], "type": below(rng, 5) }]);
                    notification("workspace/didChangeWatchedFiles", &json!({ "changes": changes }))
                }
                2 => json!({ "jsonrpc": "2.0", "id": "watch", "result": null }),
                _ => notification("nobody/knows", &Value::Null),
            },
            _ => {
                let method = one_of(rng, &METHODS);
                let params = json!({
                    "textDocument": document, "position": place(rng), "range": range, "newName": one_of(rng, &["x", "", "a b", "é"]),
                    "context": { "includeDeclaration": true, "diagnostics": [] }, "query": one_of(rng, &["", "a", "\u{0}"]),
                    "options": { "tabSize": 2, "insertSpaces": true }, "command": one_of(rng, &["yardstick.test", "x"]),
                    "arguments": [document["uri"], 0, place(rng)],
                });
                json!({ "jsonrpc": "2.0", "id": number, "method": method, "params": params })
            }
        }
    }

    fn text(&self, rng: &mut ChaCha8Rng) -> String {
        let base = if rng.random_bool(0.7) { format!("{INDICATOR}{WORLD}") } else { self.corpus.base(rng) };
        self.corpus.mutated(rng, base)
    }
}

impl Target for Lsp {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let encodings = one_of(rng, &["utf-8", "utf-16", "utf-32"]);
        let client = json!({ "general": { "positionEncodings": [encodings] } });
        let mut messages = vec![
            json!({ "jsonrpc": "2.0", "id": "first", "method": "initialize", "params": { "capabilities": client } }),
            notification("initialized", &json!({})),
            notification("textDocument/didOpen", &opened(MODEL, WORLD)),
            notification("textDocument/didOpen", &opened(TEXT, INDICATOR)),
        ];
        messages.extend((0..below(rng, 30)).map(|number| self.message(rng, number)));
        messages.push(json!({ "jsonrpc": "2.0", "id": "last", "method": "shutdown" }));
        messages.push(notification("exit", &Value::Null));
        let mut order: Vec<usize> = (0..messages.len()).collect();
        if below(rng, 4) == 0 {
            let (one, other) = (below(rng, order.len()), below(rng, order.len()));
            match below(rng, 3) {
                0 => order.swap(one, other),
                1 => order.insert(one, order[other]),
                _ => drop(order.remove(one)),
            }
        }
        let mut input = Vec::new();
        for number in order {
            let mut message = messages[number].clone();
            if below(rng, 12) == 0 {
                other_value(rng, &mut message);
            }
            frame(rng, &message.to_string(), &mut input);
        }
        if below(rng, 10) == 0 {
            bytes::mutate(rng, &mut input, b"Content-Length: 10\r\n\r\n{\"jsonrpc\"");
        }
        input
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let ended = process::run(self.program.command(&["lsp"], self.folder.path()), input);
        assert!([0, 2].contains(&ended.code), "exit code {}: {}", ended.code, ended.err);
        let Some(said) = frames(&ended.out) else { panic!("broken frames: {}", String::from_utf8_lossy(&ended.out)) };
        let is_answer = |message: &&Value| message.get("method").is_none();
        let mistake = said.iter().find(|message| message["error"]["code"] == INTERNAL_ERROR);
        assert!(mistake.is_none(), "a mistake of the server: {mistake:?}");
        if ended.code == 0
            && let Some(asked) = frames(input)
        {
            let before_the_end = asked.iter().take_while(|message| message["method"] != "exit");
            let requests = before_the_end.filter(|message| is_request(message)).count();
            assert_eq!(said.iter().filter(is_answer).count(), requests, "requests without an answer");
        }
        u64::from(ended.code == 0)
    }
}

/// Whether a message asks for an answer: ids are texts and numbers of 32 bits.
fn is_request(message: &Value) -> bool {
    let id = &message["id"];
    message["method"].is_string() && (id.is_string() || id.as_i64().is_some_and(|id| i32::try_from(id).is_ok()))
}

fn notification(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

fn opened(address: &str, text: &str) -> Value {
    json!({ "textDocument": { "uri": address, "languageId": "yardstick", "version": 1, "text": text } })
}

fn place(rng: &mut ChaCha8Rng) -> Value {
    json!({ "line": PLACES[below(rng, PLACES.len())], "character": PLACES[below(rng, PLACES.len())] })
}

/// Puts something else in the place of some value inside.
fn other_value(rng: &mut ChaCha8Rng, value: &mut Value) {
    match value {
        Value::Object(fields) if !fields.is_empty() && below(rng, 5) > 0 => {
            let number = below(rng, fields.len());
            if let Some((_, inner)) = fields.iter_mut().nth(number) {
                other_value(rng, inner);
            }
        }
        Value::Array(all) if !all.is_empty() && below(rng, 3) > 0 => {
            let number = below(rng, all.len());
            other_value(rng, &mut all[number]);
        }
        value => {
            let deep = (0..[1, 20, 120][below(rng, 3)]).fold(Value::Null, |inner, _| json!([inner]));
            let others = [Value::Null, json!(-1), json!(1e300), json!(u64::MAX), json!(""), json!([]), json!({}), deep];
            *value = others[below(rng, others.len())].clone();
        }
    }
}

/// Adds a message in its frame, which is broken now and then.
fn frame(rng: &mut ChaCha8Rng, text: &str, out: &mut Vec<u8>) {
    let length = text.len();
    let head = match below(rng, 400) {
        0 => format!("Content-Length: {}\r\n\r\n", length + 1 + below(rng, 9)),
        1 => format!("Content-Length: {}\r\n\r\n", length.saturating_sub(1 + below(rng, 9))),
        2 => format!("content-length:{length}\n\n"),
        3 => format!("Content-Type: x\r\nContent-Length: {length}\r\nX: y\r\n\r\n"),
        4 => format!("Content-Length: {}\r\n\r\n", one_of(rng, &["-1", "", "x", "1e3", "99999999999999999999999"])),
        5 => format!("Content-Length: {}\r\n\r\n", 1_u64 << [20, 31, 36, 40, 62, 63][below(rng, 6)]),
        6 => "\r\n".to_owned(),
        7 => format!("Content-Length: {length}\r\nContent-Length: 1\r\n\r\n"),
        8 => format!("Content-Length {length}\r\n\r\n"),
        _ => format!("Content-Length: {length}\r\n\r\n"),
    };
    out.extend(head.bytes());
    out.extend(text.bytes());
}

/// The messages in bytes; `None` when they are not framed as they must be.
fn frames(mut bytes: &[u8]) -> Option<Vec<Value>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let length =
            std::str::from_utf8(&bytes[..head]).ok()?.strip_prefix("Content-Length: ")?.parse::<usize>().ok()?;
        let text = bytes.get(head + 4..(head + 4).checked_add(length)?)?;
        all.push(serde_json::from_slice(text).ok()?);
        bytes = &bytes[head + 4 + length..];
    }
    Some(all)
}
