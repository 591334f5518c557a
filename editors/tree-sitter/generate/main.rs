//! Makes the tree-sitter grammar of the pest grammar, and its parser: `cargo run -p
//! yardstick-tree-sitter`.

mod grammar;

use std::path::{Path, PathBuf};
use std::{fs, io};
use tree_sitter_generate::{ABI_VERSION_MIN, OptLevel, generate_parser_in_directory};

/// The form of the parser that all editors read, those of some years ago, too.
const FORM: usize = 14;
const _: () = assert!(FORM >= ABI_VERSION_MIN);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pest = fs::read_to_string(folder.join("../../grammar/indicator.pest"))?;
    let grammar = grammar::translate::translate(&pest).map_err(io::Error::other)?;
    let source = folder.join("src");
    fs::create_dir_all(&source)?;
    fs::write(folder.join("grammar.js"), grammar.js())?;
    let json = source.join("grammar.json");
    fs::write(&json, grammar.json())?;
    let mut told = Vec::new();
    generate_parser_in_directory(
        folder,
        None::<PathBuf>,
        Some(json),
        FORM,
        None,
        None,
        true,
        OptLevel::default(),
        &mut told,
    )?;
    if let Some(first) = told.first() {
        return Err(io::Error::other(format!("tree-sitter finds something amiss: {first}")).into());
    }
    // The test that has no generator sees by it whether the parser is the one of the grammar.
    let sums = ["grammar.json", "parser.c"].map(|name| Ok::<_, io::Error>(sum(name, &fs::read(source.join(name))?)));
    let sums: Result<Vec<String>, io::Error> = sums.into_iter().collect();
    fs::write(source.join("checksums"), sums?.concat())?;
    Ok(())
}

fn sum(name: &str, content: &[u8]) -> String {
    format!("{} {name}\n", blake3::hash(content).to_hex())
}
