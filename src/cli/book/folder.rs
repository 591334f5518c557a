//! The folder that holds the books of a level: whole or not at all, and never in the place of
//! something else.

use crate::atomic_output::UNFINISHED;
use crate::cli::failure::Failure;
use crate::cli::output::{self, reason};
use crate::inputs;
use crate::report::book::BookFormat;
use crate::scorecard::book::Who;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The list of the books in the folder: by it the folder is known again.
const LIST: &str = "books.txt";
/// How a folder begins that is not whole yet.
const DRAFT: &str = ".yardstick-books-";

/// Where the books go.
pub(super) struct Folder {
    path: PathBuf,
    /// The books that are there and may be replaced.
    is_there: bool,
}

fn refuse(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be written: {}", path.display(), reason(error)))
}

impl Folder {
    /// The folder, looked at before any long work: it may be missing, empty, or hold books that
    /// this command wrote.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let there = match fs::read_dir(path) {
            Ok(there) => there,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let parent = above(path);
                if !parent.is_dir() {
                    return Err(Failure::usage(format!("`{}` cannot be written", path.display()))
                        .help(format!("there is no folder `{}`", parent.display())));
                }
                return Ok(Self { path: path.to_path_buf(), is_there: false });
            }
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
                return Err(Failure::usage(format!("`{}` is a file", path.display()))
                    .help("`--all` writes a folder of books: name a folder with `-o`"));
            }
            Err(e) => return Err(refuse(path, &e)),
        };
        let names = there.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names: BTreeSet<String> = names.collect::<io::Result<_>>().map_err(|e| refuse(path, &e))?;
        let listed = match names.contains(LIST) {
            true => inputs::open(&path.join(LIST)).and_then(io::read_to_string).map_err(|e| refuse(path, &e))?,
            false => String::new(),
        };
        let own: BTreeSet<&str> = listed.lines().filter_map(|line| line.split('\t').next()).chain([LIST]).collect();
        if let Some(other) = names.iter().find(|name| !own.contains(name.as_str())) {
            return Err(Failure::usage(format!(
                "`{}` holds `{other}`, which is no book of this command",
                path.display()
            ))
            .help("name a folder that is not there yet, or is empty, or holds books that `--all` wrote"));
        }
        Ok(Self { path: path.to_path_buf(), is_there: true })
    }

    /// Writes the books of these entities, those without cases left out, and the list of them.
    pub(super) fn write(
        &self,
        format: &BookFormat,
        entities: &[usize],
        book: impl Fn(usize) -> Result<(bool, Who, Vec<u8>), Failure>,
    ) -> Result<(), Failure> {
        let of = |e: io::Error| refuse(&self.path, &e);
        let parent = above(&self.path);
        let make = || tempfile::Builder::new().prefix(DRAFT).tempdir_in(&parent);
        let draft = UNFINISHED.begin(make, TempDir::path).map_err(of)?;
        output::as_readable(draft.path(), &parent).map_err(of)?;
        let (mut names, mut list, mut without) = (BTreeSet::new(), String::new(), Vec::new());
        for &entity in entities {
            let (has_cases, who, bytes) = book(entity)?;
            if !has_cases {
                without.push(who.id);
                continue;
            }
            let name = free(&mut names, &who.id, format.name);
            fs::write(draft.path().join(&name), bytes).map_err(of)?;
            list += &format!("{name}\t{}\n", crate::visible::value(&who.with_level()));
        }
        fs::write(draft.path().join(LIST), &list).map_err(of)?;
        self.put(&draft).map_err(of)?;
        let mut said = format!("{}: {} books\n", self.path.display(), names.len());
        if !without.is_empty() {
            said += &format!("without cases, and without a book: {}\n", without.join(", "));
        }
        output::say(&crate::visible::lines(&said))
    }

    /// Puts the books in their place; those that were there go.
    fn put(&self, draft: &TempDir) -> io::Result<()> {
        let aside = tempfile::Builder::new().prefix(DRAFT).tempdir_in(above(&self.path))?;
        let old = aside.path().join("old");
        UNFINISHED.finish(draft.path(), || {
            if self.is_there {
                fs::rename(&self.path, &old)?;
            }
            fs::rename(draft.path(), &self.path).inspect_err(|_| {
                let _where_it_was = fs::rename(&old, &self.path);
            })
        })
    }
}

/// The folder in which another lies.
fn above(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// A name for the file of an entity: of its id the letters and digits, and a number where another
/// has it already, in large or small letters.
pub(super) fn free(names: &mut BTreeSet<String>, id: &str, ending: &str) -> String {
    const LONGEST: usize = 80;
    let plain = |sign: char| if sign.is_ascii_alphanumeric() || "-_".contains(sign) { sign } else { '_' };
    let short: String = id.chars().take(LONGEST).map(plain).collect();
    let short = if short.is_empty() { "_".to_owned() } else { short };
    let name = |number: usize| match number {
        1 => format!("{short}.{ending}"),
        _ => format!("{short}-{number}.{ending}"),
    };
    let found = (1..).map(name).find(|name| names.insert(name.to_lowercase()));
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_a_file_of_its_own_in_the_folder() {
        let mut names = BTreeSet::new();
        let mut free = |id: &str| free(&mut names, id, "md");
        assert_eq!(free("O03"), "O03.md");
        assert_eq!(free("o03"), "o03-2.md");
        assert_eq!(free("../../etc/passwd"), "______etc_passwd.md");
        assert_eq!(free(""), "_.md");
        assert_eq!(free("."), "_-2.md");
        assert!(free(&"long ".repeat(200)).len() < 100);
    }
}
