//! Output files and folders that are not complete yet: an interrupt deletes them before the program
//! ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The incomplete files and folders of this process.
pub static UNFINISHED: Unfinished = Unfinished::new();

/// A folder is emptied while others may still be putting files into it; so often it is tried again.
const TRIES: usize = 20;

/// The paths of incomplete files and folders.
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

    /// Marks the file as complete or abandoned. `put` renames or deletes it; an interrupt cannot
    /// happen in between.
    pub fn finish<T>(&self, path: &Path, put: impl FnOnce() -> T) -> T {
        let mut all = self.lock();
        all.retain(|other| other != path);
        put()
    }

    /// Deletes all incomplete files and folders, and blocks [`Self::begin`] and [`Self::finish`]
    /// for as long as the guard lives.
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
