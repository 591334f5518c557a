//! The texts of definitions that the benchmarks read.

use std::path::{Path, PathBuf};

/// A file and its text.
pub(crate) type Text = (PathBuf, String);

/// The texts of a folder and the folders in it, in order.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn below(folder: &Path) -> std::io::Result<Vec<Text>> {
    let mut texts = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "ind") {
                let text = std::fs::read_to_string(&path)?;
                texts.push((path, text));
            }
        }
    }
    texts.sort();
    Ok(texts)
}
