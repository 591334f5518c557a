//! Makes the tree-sitter grammar of the pest grammar, and its parser: `cargo run -p
//! yardstick-tree-sitter`.

mod form;
mod places;
mod translate;

use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pest = fs::read_to_string(folder.join("../../grammar/indicator.pest"))?;
    let grammar = translate::translate(&pest).map_err(io::Error::other)?;
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("grammar.js"), grammar.js())?;
    let json = folder.join("src/grammar.json");
    fs::write(&json, grammar.json())?;
    let mut told = Vec::new();
    tree_sitter_generate::generate_parser_in_directory(
        folder.clone(),
        None::<PathBuf>,
        Some(json),
        14,
        None,
        None,
        true,
        tree_sitter_generate::OptLevel::default(),
        &mut told,
    )?;
    // What it tells is a mistake in the translation.
    if let Some(first) = told.first() {
        return Err(io::Error::other(first.to_string()).into());
    }
    Ok(())
}
