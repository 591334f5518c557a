//! Writes a file of definitions anew: whole or not at all, and only while it says what was read.

use super::failure::Failure;
use super::output;
use super::read;
use crate::inputs;
use crate::source::SourceFile;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Puts other bytes in the place of those of a file.
///
/// # Errors
/// When the file changed since it was read, or cannot be written.
pub(super) fn file(source: &SourceFile, other: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<(), Failure> {
    let name = source.path.display();
    let refused = |why: &str| Failure::usage(format!("`{name}` was not changed: {why}"));
    // A link is followed, so that the file it names is replaced and not the link.
    let path = fs::canonicalize(&source.path).map_err(|e| refused(&output::reason(&e)))?;
    let found = fs::metadata(&path).map_err(|e| refused(&output::reason(&e)))?;
    if found.permissions().readonly() {
        return Err(refused("it is write-protected"));
    }
    let bytes = other(&as_read(&path, source).map_err(|why| refused(&why))?);
    // Looked at again as late as can be: somebody may have saved it in between.
    let put = |out: &mut dyn std::io::Write| {
        as_read(&path, source).map_err(std::io::Error::other)?;
        out.write_all(&bytes)
    };
    output::replace(&path, put).map_err(|e| refused(&output::reason(&e)))
}

/// The bytes of a file that says what was read.
fn as_read(path: &Path, source: &SourceFile) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    inputs::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(|e| output::reason(&e))?;
    match read::decode(bytes.clone()) {
        Ok(text) if text == source.text => Ok(bytes),
        Ok(_) | Err(_) => Err("it changed while it was checked; run the command again".to_owned()),
    }
}
