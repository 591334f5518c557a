//! Texts, and what the playground answers for them.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The root of the workspace.
pub(super) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

pub(super) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What the playground answers for these texts.
pub(super) fn answer(files: &[(&str, &str)]) -> Value {
    let files: Vec<Value> = files.iter().map(|(path, text)| json!({ "path": path, "text": text })).collect();
    serde_json::from_str(&yardstick_playground::answer(&json!({ "files": files }).to_string())).unwrap()
}
