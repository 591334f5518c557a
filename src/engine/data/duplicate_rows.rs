//! Rows that are the same in every column of their file, also in those that the model does not
//! name: of a table without a key nothing else says that a row stands there twice.
//!
//! What the model names is compared as it is read as of the day asked for, so that an extract of
//! that day has the same copies; where a value breaks its column, by what is written there. The
//! other columns are compared as they stand, of rows alike in all that is read.

use super::problem::Problem;
use super::source::{Sought, TableSource, broke_off};
use super::staged_table::StagedTable;
use super::threads::unbroken;
use crate::scratch::Scratch;
use arrow::array::{ArrayRef, AsArray, Decimal128Array};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::Decimal128Type;
use arrow::error::ArrowError;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use yardstick_language::diag::code;

/// Hashes held before they are spilled where memory is short.
const CHUNK: usize = 1 << 16;

/// The rows that are duplicates of an earlier row in the files. `rows` are sorted by all columns
/// that were read; `same` says of each whether it equals the one before it in these columns. Equal
/// rows are in the order of the files.
pub(super) fn copies(
    staged: &StagedTable<'_>,
    rows: &[u32],
    same: &BooleanBuffer,
    scratch: &Scratch,
) -> Result<Vec<u32>, ArrowError> {
    let Some(source) = staged.source else {
        // Every column of a drawn row was read.
        return Ok(same.set_indices().map(|place| rows[place]).collect());
    };
    let mut sought: Vec<u32> = groups(same).flat_map(|group| rows[group].iter().copied()).collect();
    if sought.is_empty() {
        return Ok(sought);
    }
    sought.sort_unstable();
    let hashes = match hashes(staged, source, &sought, scratch) {
        Ok(hashes) => hashes,
        Err(problem) if staged.table.distinct => return Err(ArrowError::ExternalError(Box::new(problem))),
        // A column that nobody reads may hold what cannot be compared.
        Err(_) => return Ok(Vec::new()),
    };
    let broken = broken(staged, &sought);
    let hash = |row: u32| {
        let place = sought.binary_search(&row).unwrap_or_default();
        (hashes.value(place), broken.get(&row).copied())
    };
    let mut copies = Vec::new();
    for group in groups(same) {
        let mut group = rows[group].to_vec();
        group.sort_unstable_by_key(|row| (hash(*row), *row));
        copies.extend(group.windows(2).filter(|pair| hash(pair[0]) == hash(pair[1])).map(|pair| pair[1]));
    }
    copies.sort_unstable();
    Ok(copies)
}

/// Ranges of two or more equal rows.
fn groups(same: &BooleanBuffer) -> impl Iterator<Item = Range<usize>> + '_ {
    same.set_slices().map(|(from, to)| from.saturating_sub(1)..to)
}

/// For each of these rows that has a value that breaks its column, the hash of the text of such
/// values.
fn broken(staged: &StagedTable<'_>, rows: &[u32]) -> BTreeMap<u32, i128> {
    let mut hashers: BTreeMap<u32, blake3::Hasher> = BTreeMap::new();
    for (column, word, of) in staged.rejects.unknown.words() {
        for row in of.iter().filter(|row| rows.binary_search(row).is_ok()) {
            let hasher = hashers.entry(*row).or_default();
            hasher.update(&column.0.to_le_bytes());
            match word {
                Some(word) => hasher.update(word.as_bytes()),
                // One of too many words: it is not known which.
                None => hasher.update(&[0xff]).update(&row.to_le_bytes()),
            };
        }
    }
    hashers.into_iter().map(|(row, hasher)| (row, half(&hasher))).collect()
}

/// The hash of each of these rows, over the columns of its file that the model does not name.
fn hashes(
    staged: &StagedTable<'_>,
    source: &dyn TableSource,
    rows: &[u32],
    scratch: &Scratch,
) -> Result<Decimal128Array, Problem> {
    let mut sought = Sought::new(rows.iter().map(|row| staged.place(*row as usize)));
    let mut found = Hashes { scratch, chunk: Vec::new(), arrays: Vec::new() };
    for file in 0..source.files().len() {
        let read = || source.other_columns(staged, file, &mut sought, &mut |hash| found.push(hash));
        unbroken(read).unwrap_or_else(|| Err(broke_off(source)))?;
    }
    let found = found.finish().map_err(|e| super::internal(&e))?;
    if found.len() == rows.len() {
        return Ok(found);
    }
    let problem = Problem::new(code::DATA_UNREADABLE, "the file changed while it was read");
    Err(problem.help("run again when nobody writes to it"))
}

/// Hashes, in the order of their rows.
struct Hashes<'s> {
    scratch: &'s Scratch,
    chunk: Vec<i128>,
    arrays: Vec<Result<ArrayRef, ArrowError>>,
}

impl Hashes<'_> {
    fn push(&mut self, hash: i128) {
        self.chunk.push(hash);
        if self.chunk.len() >= self.scratch.stretch().min(CHUNK) {
            self.spill();
        }
    }

    fn spill(&mut self) {
        let chunk: ArrayRef = Arc::new(Decimal128Array::from(std::mem::take(&mut self.chunk)));
        self.arrays.push(self.scratch.spill(chunk));
    }

    fn finish(mut self) -> Result<Decimal128Array, ArrowError> {
        self.spill();
        let whole = self.scratch.join(self.arrays)?;
        let none = || Decimal128Array::from(Vec::<i128>::new());
        Ok(whole.map_or_else(none, |whole| whole.as_primitive::<Decimal128Type>().clone()))
    }
}

/// What tells the texts of further columns from others, each with its length before it.
pub(super) fn hash_of_texts<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> i128 {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        let text = text.as_ref().as_bytes();
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text);
    }
    half(&hasher)
}

/// The first half of a BLAKE3 hash. Collisions do not occur in practice.
pub(super) fn half(hasher: &blake3::Hasher) -> i128 {
    let mut half = [0; 16];
    half.iter_mut().zip(hasher.finalize().as_bytes()).for_each(|(to, byte)| *to = *byte);
    i128::from_le_bytes(half)
}
