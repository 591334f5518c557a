//! The folder that holds the books of a level.

use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::own_folder::{Kind, OwnFolder};
use crate::report::book::BookFormat;
use crate::scorecard::book::Who;
use std::collections::BTreeSet;
use std::path::Path;

const BOOKS: Kind = Kind {
    list: "books.txt",
    is_file: "`--all` writes a folder of books: name a folder with `-o`",
    one: "book",
    others: "name a folder that is not there yet, or is empty, or holds books that `--all` wrote",
};

/// Where the books go.
pub(super) struct Folder(OwnFolder);

impl Folder {
    /// The folder, looked at before any long work.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        Ok(Self(OwnFolder::open(path, BOOKS)?))
    }

    /// Writes the books of these entities, those without cases left out, and the list of them.
    pub(super) fn write(
        &self,
        format: &BookFormat,
        entities: &[usize],
        book: impl Fn(usize) -> Result<(bool, Who, Vec<u8>), Failure>,
    ) -> Result<(), Failure> {
        let (mut names, mut files, mut without) = (BTreeSet::new(), Vec::new(), Vec::new());
        let draft = self.0.begin()?;
        for &entity in entities {
            let (has_cases, who, bytes) = book(entity)?;
            if !has_cases {
                without.push(who.id);
                continue;
            }
            let name = free(&mut names, &who.id, format.name);
            self.0.add(&draft, &name, &bytes)?;
            files.push((name, crate::visible::value(&who.with_level()).into_owned()));
        }
        self.0.put(draft, &files)?;
        let mut said = format!("{}: {} books\n", self.0.path().display(), files.len());
        if !without.is_empty() {
            said += &format!("without cases, and without a book: {}\n", without.join(", "));
        }
        output::say(&crate::visible::lines(&said))
    }
}

/// A name for the file of an entity: of its id the letters and digits, and a number where another
/// has it already, in large or small letters.
pub(in crate::cli) fn free(names: &mut BTreeSet<String>, id: &str, ending: &str) -> String {
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
