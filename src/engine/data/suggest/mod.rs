//! A first model of a folder of files: what its tables, keys, links, types and stays seem to be.
//!
//! Everything here is a guess from the files alone. What a guess rests on, where it may well be
//! wrong, stands beside it as a comment; a person corrects it.
//!
//! ```text
//! files ──files──▶ profiles of tables and columns ──guess──▶ what each column is ──write──▶ text
//! ```

mod columns;
mod files;
mod guess;
mod links;
mod names;
mod pairs;
mod profile;
mod stays;
mod write;

use super::folder::folder;
use super::problem::Problem;
use std::path::Path;
use yardstick_language::diag::code;

/// The text of a model for the files of a folder.
///
/// # Errors
/// When the folder or a file cannot be read, or there is no file.
pub fn suggest(dir: &Path) -> Result<String, Problem> {
    folder(dir)?;
    let tables =
        files::tables(dir).map_err(|problem| if problem.file.is_some() { problem } else { problem.file(dir) })?;
    if tables.is_empty() {
        return Err(Problem::new(code::DATA_NO_FILE, "there is no CSV or Parquet file")
            .file(dir)
            .help("name the folder that holds the tables' files, one `.parquet` or `.csv` file for each table"));
    }
    Ok(write::text(&guess::model(&tables)))
}
