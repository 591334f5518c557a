//! The fingerprint of a file: its name and a hash of its bytes.

use super::folder::{file_name, unreadable};
use super::problem::Problem;
use super::records::LONGEST;
use crate::inputs;
use std::io::{self, Read};
use std::path::Path;

/// Bytes read at a time.
const BLOCK: usize = 1 << 17;

/// The fingerprint of a file; `is_text` when it is read line by line.
pub(super) fn fingerprint(path: &Path, is_text: bool) -> Result<String, Problem> {
    let hash = hash(path, is_text).map_err(|e| unreadable(path, &e))?;
    Ok(format!("{:?} {hash}", file_name(path)))
}

/// The hash of a file, of which a block at a time is held. Of a text with a line that does not end,
/// no copy is ever made: nothing more is read of it, and who reads the data says so.
fn hash(path: &Path, is_text: bool) -> io::Result<String> {
    let mut line = 0;
    let mut file = inputs::open(path)?;
    let (mut hasher, mut block) = (blake3::Hasher::new(), vec![0; BLOCK]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => {
                hasher.update(&block[..read]);
                let end = block[..read].iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
                line = end.map_or(line + read, |end| read - end - 1);
            }
        }
        if is_text && line > 2 * LONGEST {
            return Ok(format!("no end after {}", hasher.finalize().to_hex()));
        }
    }
}
