//! What an editor is told, without an editor.

mod completion;
mod highlighting;
mod keystrokes;
mod layout;
mod rename;

use crate::texts::{root, texts};
use std::path::PathBuf;
use yardstick::ide::Definitions;

/// The definitions of a folder.
fn definitions(folder: &str) -> Definitions {
    let texts = texts(&root().join(folder)).into_iter().map(|(path, text)| (PathBuf::from(path), text));
    Definitions::new(texts, false)
}

/// The names of the language's texts with places of their own.
fn of_one(text: &str) -> Definitions {
    Definitions::new([(PathBuf::from("one.ind"), text.to_owned())], false)
}
