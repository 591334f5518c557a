//! Which tables and columns of a database a model names.

use crate::fault::Fault;
use std::collections::BTreeMap;
use yardstick_language::model::{Model, in_small_letters};

/// A table to be read, by its name in the files: several tables of a model may be read from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The name, without ending, as the model says it: `removal`, `casework/removal`.
    pub file: String,
    /// The names of its tables in the model.
    pub tables: Vec<String>,
    /// The columns, by their names in the files.
    pub columns: Vec<String>,
    /// Whether names of columns are compared in any case.
    pub ignoring_case: bool,
    /// Whether it matters what else a row holds: rows that are the same in every column count once.
    pub distinct: bool,
}

/// The tables of a model that are read from somewhere, with the columns that it names.
///
/// # Errors
/// When one is a sheet of a workbook.
pub fn wanted(model: &Model) -> Result<Vec<Wanted>, Fault> {
    let mut all: BTreeMap<&str, Wanted> = BTreeMap::new();
    for (_, table) in model.tables().filter(|(_, table)| table.words_of.is_none()) {
        if table.sheet.is_some() {
            let message = format!("table `{}` is a sheet of a workbook, says the model", table.name);
            return Err(Fault::usage(message).help("leave `sheet` out of the model for data of a database"));
        }
        let found = all.entry(&table.file).or_insert_with(|| Wanted {
            file: table.file.clone(),
            tables: Vec::new(),
            columns: Vec::new(),
            ignoring_case: model.headers_ignore_case,
            distinct: false,
        });
        found.tables.push(table.name.clone());
        found.distinct |= table.distinct;
        for name in table.columns.iter().filter(|c| c.joined.is_none()).flat_map(|column| column.file_names()) {
            if !found.columns.iter().any(|known| found.is(known, name)) {
                found.columns.push(name.to_owned());
            }
        }
    }
    Ok(all.into_values().collect())
}

impl Wanted {
    /// Whether two names are of one column.
    #[must_use]
    pub fn is(&self, name: &str, other: &str) -> bool {
        name == other || self.ignoring_case && in_small_letters(name) == in_small_letters(other)
    }

    /// The schema that the model names, where it names one, and the table in it: of
    /// `casework/removal` and `casework.removal` alike.
    #[must_use]
    pub fn place(&self) -> (Option<&str>, &str) {
        match self.file.split_once(['/', '.']) {
            Some((schema, table)) => (Some(schema), table),
            None => (None, &self.file),
        }
    }
}
