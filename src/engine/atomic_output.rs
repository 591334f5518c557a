//! Output files and folders that are not complete yet: an interrupt deletes them before the program
//! ends, and what a process left that was killed outright is swept by the next one that writes
//! there.
//!
//! Each is locked for as long as it is being made, and a lock ends with its process. So whoever can
//! lock one knows that nobody makes it any more.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

/// How the names of incomplete files and folders begin,
pub const BEGINS: &str = ".yardstick-";
/// and how they end.
pub const ENDS: &str = ".part";

/// The incomplete files and folders of this process.
pub static UNFINISHED: Unfinished = Unfinished::new();

/// A folder is emptied while others may still be putting files into it, and a new file may be taken
/// for one that was left: so often it is tried again,
const TRIES: usize = 200;
/// after so long.
const PAUSE: Duration = Duration::from_millis(1);
/// Nobody takes so long to write anything. It counts where there are no locks.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// The incomplete files and folders, each with its lock.
#[derive(Debug)]
pub struct Unfinished(Mutex<Vec<(PathBuf, Option<File>)>>);

impl Unfinished {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Makes a file or folder that is not whole until [`Self::finish`]; `path` says where it is.
    /// What others left beside it is swept.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin<T>(&self, make: impl Fn() -> io::Result<T>, path: impl Fn(&T) -> &Path) -> io::Result<T> {
        // Nothing can be made between a look at the list and the end of the program.
        let mut all = self.lock();
        let (mut made, mut tries) = (make()?, 0);
        let lock = loop {
            match locked(path(&made)) {
                // Swept by another process before it was locked.
                Err(e) if e.kind() == io::ErrorKind::NotFound && tries < TRIES => {
                    (made, tries) = (make()?, tries + 1);
                }
                other => break other?,
            }
        };
        let place = path(&made).to_path_buf();
        if let Some(folder) = place.parent() {
            sweep(folder);
        }
        all.push((place, lock));
        Ok(made)
    }

    /// Marks the file as complete or abandoned. `put` renames or deletes it; an interrupt cannot
    /// happen in between.
    pub fn finish<T>(&self, path: &Path, put: impl FnOnce() -> T) -> T {
        let mut all = self.lock();
        let done = put();
        all.retain(|(other, _)| other != path);
        done
    }

    /// Deletes all incomplete files and folders, and blocks [`Self::begin`] and [`Self::finish`]
    /// for as long as the guard lives. Says whether nothing is left.
    #[must_use]
    pub fn discard(&self) -> (impl Drop + use<'_>, bool) {
        let mut all = self.lock();
        let mut is_clean = true;
        for (path, _) in all.drain(..) {
            let mut tries = 0;
            while take_away(&path).is_err() && tries < TRIES {
                tries += 1;
                sleep(PAUSE);
            }
            is_clean &= tries < TRIES;
        }
        (all, is_clean)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(PathBuf, Option<File>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the folders that lead from one that is there to a file in it. The one that is there is not
/// made: it may have been taken away, as an interrupt does.
///
/// # Errors
/// When one cannot be made.
pub fn folders_within(folder: &Path, file: &Path) -> io::Result<()> {
    let mut path = folder.to_path_buf();
    for name in file.parent().into_iter().flat_map(Path::components) {
        path.push(name);
        fs::create_dir(&path).or_else(|e| if e.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(e) })?;
    }
    Ok(())
}

/// Takes away a folder or a file, unless somebody else has.
///
/// # Errors
/// When it is still there.
pub fn take_away(path: &Path) -> io::Result<()> {
    let done = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    done.or_else(|e| if path.exists() { Err(e) } else { Ok(()) })
}

/// Takes away what processes left in a folder that were ended before they could do so themselves.
/// What cannot be taken away stays: it is in nobody's way.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_part = name.to_str().is_some_and(|name| name.starts_with(BEGINS) && name.ends_with(ENDS));
        if is_part && is_forgotten(&entry) {
            let _stays_if_it_must = take_away(&entry.path());
        }
    }
}

/// Whether nobody makes a file or folder any more.
fn is_forgotten(entry: &fs::DirEntry) -> bool {
    let is_ours = entry.file_type().is_ok_and(|kind| kind.is_file() || kind.is_dir());
    let is_old = || {
        let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > FORGOTTEN)
    };
    is_ours && is_free(&entry.path()).unwrap_or_else(is_old)
}

/// A lock on something new, which others do not get while this process lives; nothing where there
/// are no locks.
///
/// # Errors
/// When it is not there any more.
#[cfg(unix)]
fn locked(path: &Path) -> io::Result<Option<File>> {
    let file = match File::options().read(true).open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(e),
        other => other.ok(),
    };
    let Some(file) = file.filter(|file| file.lock().is_ok()) else { return Ok(None) };
    if is_at(&file, path) { Ok(Some(file)) } else { Err(io::ErrorKind::NotFound.into()) }
}

/// Elsewhere a lock keeps the one who holds it from writing, too.
#[cfg(not(unix))]
fn locked(_: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

/// Whether nobody holds the lock; nothing where that cannot be told.
#[cfg(unix)]
fn is_free(path: &Path) -> Option<bool> {
    use std::fs::TryLockError;
    let file = File::options().read(true).open(path).ok()?;
    match file.try_lock() {
        Ok(()) => Some(is_at(&file, path)),
        Err(TryLockError::WouldBlock) => Some(false),
        Err(TryLockError::Error(_)) => None,
    }
}

/// See the other one.
#[cfg(not(unix))]
fn is_free(_: &Path) -> Option<bool> {
    None
}

/// Whether a file is still the one of this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |m: io::Result<fs::Metadata>| m.ok().map(|m| (m.dev(), m.ino()));
    place(file.metadata()).is_some_and(|own| place(fs::symlink_metadata(path)) == Some(own))
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
        assert!(all.discard().1);
        assert!(path.exists() && !half.path().exists() && !parts.path().exists());
    }

    #[cfg(unix)]
    #[test]
    fn what_a_process_left_is_swept_and_what_is_being_made_is_not() {
        let (all, folder) = (Unfinished::new(), TempDir::new().unwrap());
        let named = || tempfile::Builder::new().prefix(BEGINS).suffix(ENDS).tempfile_in(folder.path());
        let made = all.begin(named, NamedTempFile::path).unwrap();
        let parts = || tempfile::Builder::new().prefix(BEGINS).suffix(ENDS).tempdir_in(folder.path());
        let draft = all.begin(parts, TempDir::path).unwrap();
        let left = folder.path().join(format!("{BEGINS}left{ENDS}"));
        let whole = folder.path().join("result.csv");
        fs::create_dir_all(left.join("inside")).unwrap();
        fs::write(&whole, "").unwrap();
        std::os::unix::fs::symlink(&whole, folder.path().join(format!("{BEGINS}link{ENDS}"))).unwrap();
        let another = all.begin(named, NamedTempFile::path).unwrap();
        assert!(!left.exists() && whole.exists());
        assert!(made.path().exists() && draft.path().exists() && another.path().exists());
    }
}
