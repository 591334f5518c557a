//! What a month was made from, and what was made of it.

use super::super::case_data::CaseData;
use super::super::scorecard::Book;
use super::Books;
use super::contents::Inputs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file in a month's folder.
pub(super) const NAME: &str = "manifest.json";

/// Everything that a month's files depend on, and their hashes (BLAKE3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The program and its version.
    pub(super) program: String,
    /// The month, `2026-10`.
    pub(super) month: String,
    /// The last day through which the data is complete.
    pub(super) as_of: String,
    /// The month it was compared with.
    pub(super) before: Option<Before>,
    /// What was missing and allowed.
    pub(super) allowed: Vec<String>,
    /// The level of which the books are; none in a month without books.
    #[serde(default)]
    pub(super) books: Option<String>,
    /// What readers outside had got before, in all that the folder held: the hash of each file of
    /// their result rows, by the folder it was in.
    #[serde(default)]
    pub(super) published_before: BTreeMap<String, String>,
    /// The definitions: the hash of each file.
    pub(super) definitions: BTreeMap<String, String>,
    /// The case data and its settings: the hash of each file.
    pub(super) data: BTreeMap<String, String>,
    /// The meaning hash of each indicator.
    pub(super) indicators: BTreeMap<String, String>,
    /// The rows of each table.
    pub(super) tables: BTreeMap<String, Rows>,
    /// What was made: the hash of each file. Empty until they are.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
}

/// The month before, and the hash of its result rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) month: String,
    pub(super) results: String,
}

/// How many rows of a table were read, and how many of these were set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rows {
    read: u64,
    set_aside: u64,
}

impl Manifest {
    /// Of a month that is still to be made: what it is made from.
    pub(super) fn of(
        books: Books,
        case_data: &CaseData,
        inputs: &Inputs,
        (month, before, allowed): (String, Option<Before>, Vec<String>),
    ) -> Self {
        let program = books.inside.program();
        let meaning = |number: &usize| program.indicators.get(*number).map(|of| (of.id.clone(), of.meaning.clone()));
        let tables = case_data.loaded.report.tables.iter();
        Self {
            program: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            month,
            as_of: case_data.as_of().to_string(),
            before,
            allowed,
            books: None,
            published_before: BTreeMap::new(),
            definitions: inputs.definitions.iter().map(|file| (file.name.clone(), file.hash.clone())).collect(),
            data: inputs.data.iter().map(|file| (file.name.clone(), file.hash.clone())).collect(),
            indicators: books.each().flat_map(Book::indicators).filter_map(meaning).collect(),
            tables: tables.map(|t| (t.table.clone(), Rows { read: t.read, set_aside: t.aside_rows() })).collect(),
            files: BTreeMap::new(),
        }
    }

    /// In what another month is made from something else, in words.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let mut differ = |what: String, is: bool| {
            if is {
                found.push(what)
            }
        };
        differ(format!("{} made it, this is {}", self.program, other.program), self.program != other.program);
        differ(format!("the data was complete through {}", self.as_of), self.as_of != other.as_of);
        differ(files("definitions", &self.definitions, &other.definitions), self.definitions != other.definitions);
        differ(files("data", &self.data, &other.data), self.data != other.data);
        differ("it was compared with other results of the month before".to_owned(), self.before != other.before);
        let of = |books: &Option<String>| books.clone().unwrap_or_else(|| "none".to_owned());
        differ(format!("its books are of {}", of(&self.books)), self.books != other.books);
        let published = self.published_before != other.published_before;
        differ("readers outside had got something else before".to_owned(), published);
        differ("other tables were allowed to be missing".to_owned(), self.allowed != other.allowed);
        found
    }
}

/// `2 files of the data are others (a, b)`.
fn files(what: &str, these: &BTreeMap<String, String>, others: &BTreeMap<String, String>) -> String {
    let names = these.keys().chain(others.keys().filter(|name| !these.contains_key(*name)));
    let names: Vec<&str> = names.filter(|name| these.get(*name) != others.get(*name)).map(String::as_str).collect();
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > 3 { ", ..." } else { "" };
    format!(
        "{} of the {what} are others ({shown}{more})",
        if names.len() == 1 { "1 file".to_owned() } else { format!("{} files", names.len()) }
    )
}
