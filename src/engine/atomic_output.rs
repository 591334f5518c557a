//! Files and folders that are not whole yet: whoever breaks the program off takes them away first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Those of this program.
pub static UNFINISHED: Unfinished = Unfinished::new();

/// A folder is emptied while others may still be putting files into it; so often it is tried again.
const TRIES: usize = 20;

/// What is not whole yet, by its path.
#[derive(Debug)]
pub struct Unfinished(Mutex<Vec<PathBuf>>);

impl Unfinished {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Makes a file or folder that is not whole until [`Self::finish`]; `path` says where it is.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin<T>(&self, make: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<T> {
        // Nothing can be made between a look at the list and the end of the program.
        let mut all = self.lock();
        let made = make()?;
        all.push(path(&made).to_path_buf());
        Ok(made)
    }

    /// What lies at this path is whole, or is given up: `put` puts it in its place or takes it
    /// away, and nobody breaks that off midway.
    pub fn finish<T>(&self, path: &Path, put: impl FnOnce() -> T) -> T {
        let mut all = self.lock();
        all.retain(|other| other != path);
        put()
    }

    /// Takes away all that is not whole, and keeps others from beginning or finishing for as long
    /// as the guard lives.
    #[must_use]
    pub fn discard(&self) -> impl Drop + use<'_> {
        let mut all = self.lock();
        for path in all.drain(..) {
            let mut tries = 0;
            while take_away(&path).is_err() && tries < TRIES {
                tries += 1;
            }
        }
        all
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes away a folder or a file, unless somebody else has.
///
/// # Errors
/// When it is still there.
pub fn take_away(path: &Path) -> io::Result<()> {
    let done = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    done.or_else(|e| if path.exists() { Err(e) } else { Ok(()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::{NamedTempFile, TempDir};

    #[test]
    fn what_is_not_whole_is_taken_away_and_nothing_else() {
        let (all, folder) = (Unfinished::new(), TempDir::new().unwrap());
        let file = || NamedTempFile::new_in(folder.path());
        let (whole, half) =
            (all.begin(file, NamedTempFile::path).unwrap(), all.begin(file, NamedTempFile::path).unwrap());
        let parts = all.begin(|| TempDir::new_in(folder.path()), TempDir::path).unwrap();
        fs::write(parts.path().join("part"), "").unwrap();
        let path = whole.path().to_path_buf();
        all.finish(&path, || whole.keep().unwrap());
        drop(all.discard());
        assert!(path.exists() && !half.path().exists() && !parts.path().exists());
    }
}
