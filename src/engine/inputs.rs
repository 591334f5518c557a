//! Files that are read: only plain files are opened, since a pipe may never say a word and a device
//! never ends. What was read is remembered, so that no result takes its place.

use std::collections::BTreeSet;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that are hashed at a time.
const BLOCK: usize = 1 << 17;

/// What was read so far, by the whole path.
static READ: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Opens a file to read it.
///
/// # Errors
/// When it cannot be opened, or is no plain file.
pub fn open(path: &Path) -> io::Result<File> {
    // Looked at before it is opened: who opens a pipe waits until somebody writes to it.
    plain(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    plain(&file.metadata()?)?;
    read().insert(path.canonicalize()?);
    Ok(file)
}

/// Whether this path, however it is written and whatever links it goes through, leads to a file
/// that was read.
#[must_use]
pub fn holds(path: &Path) -> bool {
    let Ok(whole) = path.canonicalize() else { return false };
    let read = read();
    read.contains(&whole) || read.iter().any(|other| same(other, &whole))
}

/// Every file that was read so far, by its whole path, in order.
#[must_use]
pub fn all() -> Vec<PathBuf> {
    read().iter().cloned().collect()
}

/// The hash of a file's bytes (BLAKE3), as hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
pub fn hash(path: &Path) -> io::Result<String> {
    hash_while(File::open(path)?, |_| true).map(|(hash, _)| hash)
}

/// The hash of what a file holds, of which a block at a time is held, as long as `goes_on` says so
/// of each block; and whether that was to the end.
///
/// # Errors
/// When it cannot be read.
pub fn hash_while(mut file: File, mut goes_on: impl FnMut(&[u8]) -> bool) -> io::Result<(String, bool)> {
    let (mut hasher, mut block) = (blake3::Hasher::new(), vec![0; BLOCK]);
    loop {
        let read = file.read(&mut block)?;
        let block = block.get(..read).unwrap_or_default();
        hasher.update(block);
        if block.is_empty() || !goes_on(block) {
            return Ok((hasher.finalize().to_hex().to_string(), block.is_empty()));
        }
    }
}

fn read() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    READ.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether two paths are names of one file.
#[cfg(unix)]
fn same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| fs::metadata(path).ok().map(|m| (m.dev(), m.ino()));
    place(one).is_some_and(|place_of_one| place(other) == Some(place_of_one))
}

/// Elsewhere, one file has one whole path.
#[cfg(not(unix))]
fn same(_: &Path, _: &Path) -> bool {
    false
}

fn plain(found: &Metadata) -> io::Result<()> {
    if found.is_file() {
        Ok(())
    } else {
        Err(io::Error::other(format!("it is {}, not a file", kind(found.file_type()))))
    }
}

/// What something that is no file is.
fn kind(found: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if found.is_fifo() {
            return "a pipe";
        }
        if found.is_socket() {
            return "a socket";
        }
    }
    if found.is_dir() { "a folder" } else { "a device" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_known_by_all_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let (read, other) = (folder.path().join("read"), folder.path().join("other"));
        fs::write(&read, "").unwrap();
        fs::write(&other, "").unwrap();
        open(&read).unwrap();
        assert!(holds(&read) && holds(&folder.path().join(".").join("read")));
        assert!(!holds(&other) && !holds(&folder.path().join("nowhere")));
        fs::hard_link(&read, folder.path().join("linked")).unwrap();
        assert_eq!(holds(&folder.path().join("linked")), cfg!(unix));
    }

    #[test]
    fn folders_are_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(open(folder.path()).unwrap_err().to_string(), "it is a folder, not a file");
    }
}
