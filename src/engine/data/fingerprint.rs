//! The fingerprint of a file: its name and a hash of its bytes.

use super::folder::{file_name, unreadable};
use super::problem::Problem;
use super::records::LONGEST;
use crate::inputs;
use std::io;
use std::path::Path;

/// The fingerprint of a file; `is_text` when it is read line by line.
pub(super) fn fingerprint(path: &Path, is_text: bool) -> Result<String, Problem> {
    let hash = hash(path, is_text).map_err(|e| unreadable(path, &e))?;
    Ok(format!("{:?} {hash}", file_name(path)))
}

/// The hash of a file. Of a text with a line that does not end, no copy is ever made: nothing more
/// is read of it, and who reads the data says so.
fn hash(path: &Path, is_text: bool) -> io::Result<String> {
    let mut line = 0;
    let (hash, is_whole) = inputs::hash_while(inputs::open(path)?, |block| {
        let end = block.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        line = end.map_or(line + block.len(), |end| block.len() - end - 1);
        !is_text || line <= 2 * LONGEST
    })?;
    Ok(if is_whole { hash } else { format!("no end after {hash}") })
}
