//! Where results go: standard output, or a file that is written whole or not at all.

use super::failure::Failure;
use crate::atomic_output::{BEGINS, ENDS, UNFINISHED};
use crate::inputs;
use clap::ValueEnum;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where a result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Standard output.
    Stdout,
    /// A file, replaced in one step.
    File(PathBuf),
    /// Something that is there and is not a file, such as a pipe: written as it comes.
    Stream(PathBuf),
}

impl Target {
    /// The target of `-o`. Asked before any long work: a path that cannot be written is wrong
    /// usage.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else { return Ok(Self::Stdout) };
        let refuse = |why: &str| Failure::usage(format!("`{}` cannot be written: {why}", path.display()));
        // A link is followed, so that the file it names is replaced and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(refuse("it is a folder").help("name a file in it")),
            Ok(found) if !found.is_file() => return Ok(Self::Stream(path)),
            Ok(found) if found.permissions().readonly() => return Err(refuse("it is write-protected")),
            Ok(_) | Err(_) => {}
        }
        if path.file_name().is_none() {
            return Err(refuse("it names no file"));
        }
        // Making a file beside it shows that the real one can be made.
        let made = UNFINISHED.begin(|| beside(&path), NamedTempFile::path);
        match made.and_then(|file| {
            let place = file.path().to_path_buf();
            UNFINISHED.finish(&place, || file.close())
        }) {
            Ok(()) => Ok(Self::File(path)),
            Err(error) => Err(refuse(&reason(&error)).help("the folder must be there, with the right to write in it")),
        }
    }

    /// Whether a person reads it directly.
    pub(super) fn is_terminal(&self) -> bool {
        *self == Self::Stdout && io::stdout().is_terminal()
    }

    /// Whether nothing that was read is lost by writing here. Asked when all has been read:
    /// whatever the file is called and wherever links to it stand, it is known again.
    pub(super) fn unread(&self) -> Result<(), Failure> {
        match self {
            Self::File(path) if inputs::holds(path) => {
                let message = format!("`{}` was read in this run, and is not overwritten", path.display());
                Err(Failure::usage(message).help("name another file with `-o`"))
            }
            Self::File(_) | Self::Stream(_) | Self::Stdout => Ok(()),
        }
    }

    /// Writes bytes: on standard output as text with its colours where people read it, else as they
    /// are, as data keeps what may look like colours.
    pub(super) fn put(&self, bytes: &[u8], for_reading: bool) -> Result<(), Failure> {
        match self {
            Self::Stdout if for_reading => say(&String::from_utf8_lossy(bytes)),
            Self::Stdout => print(bytes),
            Self::File(_) | Self::Stream(_) => self.write(|out| out.write_all(bytes)),
        }
    }

    /// Writes text; its colours only where they can be shown.
    pub(super) fn say(&self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Stdout => say(text),
            Self::File(_) | Self::Stream(_) => self.write(|out| out.write_all(text.as_bytes())),
        }
    }

    /// Writes what `fill` gives: a file wholly or not at all.
    pub(super) fn write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        self.unread()?;
        match self {
            Self::Stdout => ended(filled(io::stdout().lock(), fill).map(drop)),
            Self::File(path) => replace(path, fill)
                .map_err(|e| Failure::usage(format!("`{}` cannot be written: {}", path.display(), reason(&e)))),
            Self::Stream(path) => {
                let written = fs::OpenOptions::new().write(true).open(path).and_then(|f| filled(f, fill).map(drop));
                quiet(written)
                    .map_err(|e| Failure::usage(format!("`{}` cannot be written: {}", path.display(), reason(&e))))
            }
        }
    }
}

/// Gives the target back with all that `fill` writes; small pieces are gathered.
fn filled<W: Write>(target: W, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    let mut out = BufWriter::new(target);
    fill(&mut out)?;
    out.flush()?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// The format asked for, or the one that the output file's ending names: a format is the ending of
/// its files, but for the one for reading, whose files end in `.txt`.
pub(super) fn format<F: ValueEnum + PartialEq>(
    asked: Option<F>,
    output: Option<&Path>,
    (for_reading, what): (F, &str),
) -> Result<F, Failure> {
    if let Some(format) = asked {
        return Ok(format);
    }
    let Some(ending) = output.and_then(Path::extension) else { return Ok(for_reading) };
    let name = |format: &F| format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let ends = |format: &&F| {
        ending.eq_ignore_ascii_case(if **format == for_reading { "txt".to_owned() } else { name(format) })
    };
    let all = F::value_variants();
    all.iter().find(ends).cloned().ok_or_else(|| {
        let names: Vec<String> = all.iter().map(name).collect();
        Failure::usage(format!("no {what} has the file ending `.{}`", ending.to_string_lossy()))
            .help(format!("name one with `--format`: {}", names.join(", ")))
    })
}

/// Writes bytes to standard output as they are.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    ended(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Writes text to standard output; its colours only where they can be shown.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    ended(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

fn ended(written: io::Result<()>) -> Result<(), Failure> {
    quiet(written).map_err(|e| Failure::usage(format!("standard output cannot be written: {}", reason(&e))))
}

/// A reader that has seen enough (`yardstick ... | head`) is not an error.
fn quiet(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|e| if e.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(e) })
}

pub(super) fn replace(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut file = UNFINISHED.begin(|| beside(path), NamedTempFile::path)?;
    let written = filled(&mut file, fill).and_then(|file| file.as_file().sync_all());
    let beside = file.path().to_path_buf();
    UNFINISHED.finish(&beside, || {
        written?;
        if let Ok(old) = fs::metadata(path) {
            fs::set_permissions(file.path(), old.permissions())?;
        }
        file.persist(path).map(|_| ()).map_err(|e| e.error)
    })
}

/// A new file in the folder of `path`, removed again unless it is put in its place.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGINS).suffix(ENDS);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A result is as readable as any file its owner makes, not private as temporary files are;
        // where one stands already, nobody who may not read that one can read its successor, not
        // even while it is being written.
        let mode = fs::metadata(path).map_or(0o666, |old| old.permissions().mode() & 0o666);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    builder.tempfile_in(folder)
}

/// What goes wrong with files often enough to have its own words.
const REASONS: &[(ErrorKind, &str)] = &[
    (ErrorKind::NotFound, "there is no such file or folder"),
    (ErrorKind::PermissionDenied, "no permission"),
    (ErrorKind::NotADirectory, "a part of its path is not a folder"),
    (ErrorKind::StorageFull, "the disk is full"),
];

/// Makes a folder as readable as another, that its owner made, and not private as temporary ones
/// are.
pub(super) fn as_readable(folder: &Path, like: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(like)?.permissions().mode() & 0o777;
        fs::set_permissions(folder, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (folder, like);
    Ok(())
}

/// What went wrong with a file, in words.
pub(super) fn reason(error: &io::Error) -> String {
    let known = REASONS.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or_else(|| error.to_string().to_lowercase(), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        Target::open(Some(&path)).unwrap().write(|out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_takes_the_place_of_a_private_file_is_private_from_its_first_byte() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.html");
        let rights = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let target = Target::open(Some(&path)).unwrap();
        let mut seen = Vec::new();
        let fill = |out: &mut dyn Write| {
            for entry in fs::read_dir(folder.path())? {
                seen.push(entry?.metadata()?.permissions().mode() & 0o777);
            }
            out.write_all(b"new")
        };
        target.write(fill).unwrap();
        assert_eq!((seen, rights()), (vec![0o600; 2], 0o600));
    }

    #[test]
    fn places_that_cannot_be_written_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        for path in ["", "missing/out.csv", "file/out.csv"] {
            assert!(Target::open(Some(&folder.path().join(path))).is_err(), "{path}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
