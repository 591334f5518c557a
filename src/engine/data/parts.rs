//! What of a table is read at a time: a CSV file, or one row group of a Parquet file. So a large
//! table is read by several threads to the end.

use super::files::Source;
use super::problem::Problem;
use super::staged_table::{StagedTable, StagedTableBuilder};
use super::{csv, parquet};
use crate::scratch::Scratch;
use std::path::PathBuf;
use yardstick_language::diag::code;
use yardstick_language::model::{Model, TableId};

/// A part of a table.
pub(super) enum Part {
    Csv {
        path: PathBuf,
        bytes: u64,
    },
    RowGroup(parquet::Part),
    /// What stands in the way of all further ones.
    Broken(Problem),
}

/// The parts of a table, in the order of its rows.
pub(super) fn parts(model: &Model, id: TableId, source: &Source) -> Vec<Part> {
    match source {
        Source::Csv(path) => vec![Part::Csv { path: path.clone(), bytes: source.bytes() }],
        Source::Parquet(paths) => parquet::parts(model, id, paths)
            .into_iter()
            .map(|part| part.map_or_else(Part::Broken, Part::RowGroup))
            .collect(),
    }
}

impl Part {
    /// How much there is to read.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Csv { bytes, .. } => *bytes,
            Self::RowGroup(part) => part.bytes,
            Self::Broken(_) => 0,
        }
    }

    pub(super) fn read<'m>(
        self,
        model: &'m Model,
        id: TableId,
        scratch: &Scratch,
    ) -> Result<StagedTableBuilder<'m>, Problem> {
        let mut staged = match self {
            Self::Csv { path, .. } => csv::read(model, id, &path, scratch)?,
            Self::RowGroup(part) => parquet::read(model, id, &part)?,
            Self::Broken(problem) => return Err(problem),
        };
        staged.spill(scratch)?;
        Ok(staged)
    }
}

/// The table of all its parts, or the first problem.
pub(super) fn join<'m>(
    parts: Vec<Result<StagedTableBuilder<'m>, Problem>>,
    source: &Source,
    scratch: &Scratch,
) -> Result<StagedTable<'m>, Problem> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return Err(super::broke_off(source)) };
    let mut staged = first?;
    let here = |problem: Problem| match source.paths().first() {
        // Of a scratch file, the table's own is not to blame.
        Some(path) if problem.code != code::DATA_SCRATCH => problem.file(path),
        Some(_) | None => problem,
    };
    for part in parts {
        staged.append(part?).map_err(here)?;
    }
    let mut staged = staged.finish(scratch).map_err(here)?;
    staged.source = Some(source.clone());
    Ok(staged)
}
