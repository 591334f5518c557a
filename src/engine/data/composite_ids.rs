//! Ids that are made of several columns of the file, put together once these have been read.

use super::chunks::too_large;
use super::column::ColumnBuilder;
use super::internal;
use super::packed_ids::as_text;
use super::problem::Problem;
use super::report::Hint;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use std::ops::Range;
use std::sync::Arc;
use yardstick_language::model::{Column, composite_id};

/// The ids, missing where a part is; and the first hint of a part.
///
/// # Errors
/// When a part is not what the model says, and when the ids are too large.
pub(super) fn finish(
    parts: Vec<ColumnBuilder<'_>>,
    column: &Column,
    table: &str,
    scratch: &Scratch,
) -> Result<(ArrayRef, Option<Hint>), Problem> {
    let (mut texts, mut first) = (Vec::new(), None);
    for part in parts {
        let (text, hint) = part.finish(table, scratch)?;
        texts.push(text);
        first = first.or(hint);
    }
    let rows = texts.first().map_or(0, |text| text.len());
    let mut bytes = 0;
    let mut ids = Vec::new();
    for range in scratch.stretches(rows) {
        let made = of_rows(&texts, range).map_err(|e| internal(&e))?;
        bytes += made.as_ref().map_or(0, |made| made.value_data().len());
        let Some(made) = made.filter(|_| bytes <= i32::MAX as usize) else {
            return Err(too_large(&column.file_name, table));
        };
        ids.push(scratch.spill(Arc::new(made)).map_err(|e| internal(&e))?);
    }
    let whole = scratch.join(ids.into_iter().map(Ok)).map_err(|e| internal(&e))?;
    Ok((whole.unwrap_or_else(|| Arc::new(StringArray::new_null(0))), first))
}

/// The ids of some rows; none when their text is too large for an array.
fn of_rows(texts: &[ArrayRef], range: Range<usize>) -> Result<Option<StringArray>, arrow::error::ArrowError> {
    let texts = texts.iter().map(|text| as_text(&text.slice(range.start, range.len())));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<&StringArray> = texts.iter().map(|text| text.as_string()).collect();
    let mut ids = StringBuilder::new();
    for row in 0..range.len() {
        if texts.iter().any(|text| text.is_null(row)) {
            ids.append_null();
            continue;
        }
        let id = composite_id(texts.iter().map(|text| text.value(row)));
        if ids.values_slice().len() + id.len() > i32::MAX as usize {
            return Ok(None);
        }
        ids.append_value(id);
    }
    Ok(Some(ids.finish()))
}
