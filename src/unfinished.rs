//! Files and folders that are not whole yet: whoever breaks the program off takes them away first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder is emptied while others may still be putting files into it; so often it is tried again.
const TRIES: usize = 20;

/// Makes a file or folder that is not whole until [`finish`]; `path` says where it is.
///
/// # Errors
/// When it cannot be made.
pub fn begin<T>(make: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<T> {
    // Nothing can be made between a look at the list and the end of the program.
    let mut unfinished = lock();
    let made = make()?;
    unfinished.push(path(&made).to_path_buf());
    Ok(made)
}

/// What lies at this path is whole, or is given up: `put` puts it in its place or takes it away, which nobody can break off midway.
pub fn finish<T>(path: &Path, put: impl FnOnce() -> T) -> T {
    let mut unfinished = lock();
    unfinished.retain(|other| other != path);
    put()
}

/// Takes away all that is not whole, and keeps others from beginning or finishing for as long as the guard lives.
#[must_use]
pub fn discard() -> impl Drop {
    let mut unfinished = lock();
    for path in unfinished.drain(..) {
        let mut tries = 0;
        while !gone(&path) && tries < TRIES {
            tries += 1;
        }
    }
    unfinished
}

fn gone(path: &Path) -> bool {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.is_ok() || !path.exists()
}

fn lock() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
