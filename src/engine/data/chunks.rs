//! The parts of a column, as they were read, put together.

use super::packed_ids;
use super::problem::Problem;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, make_array, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Int32Type, UInt64Type};
use arrow::error::ArrowError;
use std::sync::Arc;
use yardstick_language::diag::code;

/// Arrays of fewer bytes hold no more text than one array can, packed or not.
const LARGE: usize = 1 << 30;

/// More text than one column can hold.
pub(super) fn too_large(name: &str, table: &str) -> Problem {
    let message = format!("column `{name}` of table `{table}` holds more than 2 GB of text");
    Problem::new(code::DATA_TOO_LARGE, message).help("split the table by years and run each part")
}

/// Whether these hold more text than one array can.
pub(super) fn are_too_large(chunks: &[ArrayRef]) -> bool {
    // Most columns are far from where it matters.
    let bytes: usize = chunks.iter().map(Array::get_array_memory_size).sum();
    bytes > LARGE && chunks.iter().map(text_bytes).sum::<usize>() > i32::MAX as usize
}

/// How much text an array holds, each word of a dictionary once.
fn text_bytes(array: &ArrayRef) -> usize {
    if let Some(packed) = array.as_primitive_opt::<UInt64Type>() {
        return packed_ids::text_bytes(packed);
    }
    let words = array.as_dictionary_opt::<Int32Type>().map_or(array, |d| d.values());
    words.as_string_opt::<i32>().map_or(0, |text| text.value_data().len())
}

/// Makes one of dictionaries that have the same words.
pub(super) fn join_dictionaries(chunks: &mut Vec<ArrayRef>) -> Result<(), ArrowError> {
    let words = |chunk: &ArrayRef| chunk.as_dictionary_opt::<Int32Type>().map(|d| d.values().to_data());
    let Some(first) = chunks.first().and_then(words) else { return Ok(()) };
    if chunks.iter().all(|chunk| words(chunk).is_some_and(|words| words.ptr_eq(&first))) {
        let keys = chunks.iter().map(|chunk| chunk.as_dictionary::<Int32Type>().keys() as &dyn Array);
        let keys = concat(&keys.collect::<Vec<_>>())?;
        let whole = DictionaryArray::try_new(keys.as_primitive::<Int32Type>().clone(), make_array(first))?;
        *chunks = vec![Arc::new(whole)];
    }
    Ok(())
}

/// One array of all chunks. Where only some are dictionaries, none is in the end; ids stay packed
/// where all can be.
pub(super) fn joined(chunks: Vec<ArrayRef>, scratch: &Scratch) -> Result<ArrayRef, ArrowError> {
    let mixed = chunks.windows(2).any(|pair| pair[0].data_type() != pair[1].data_type());
    let is_packed = |chunk: &ArrayRef| *chunk.data_type() == DataType::UInt64;
    if mixed && chunks.iter().any(is_packed) {
        let packed = |chunk| if is_packed(chunk) { Some(Arc::clone(chunk)) } else { packed_ids::packed(chunk, &[]) };
        if let Some(all) = chunks.iter().map(packed).collect::<Option<Vec<_>>>() {
            return joined(all, scratch);
        }
    }
    let chunks = chunks.into_iter().map(|chunk| if mixed { packed_ids::as_text(&chunk) } else { Ok(chunk) });
    let whole = scratch.join(chunks)?;
    Ok(whole.unwrap_or_else(|| new_empty_array(&DataType::Null)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::StringArray;
    use arrow::compute::cast;

    #[test]
    fn parts_of_several_kinds_are_one_column() {
        let text = |words: &[Option<&str>]| Arc::new(StringArray::from(words.to_vec())) as ArrayRef;
        let packed = |words: &[Option<&str>]| packed_ids::packed(&text(words), &[]).unwrap();
        let dictionary = |words: &[Option<&str>]| {
            cast(&text(words), &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).unwrap()
        };
        let (short, long) = ([Some("C2"), None, Some("C1"), Some("C2")], [Some("C3"), None, Some("C-1")]);
        for (chunks, is_packed) in [
            (vec![packed(&short), packed(&short)], true),
            (vec![packed(&short), dictionary(&short)], true),
            (vec![text(&short), packed(&short)], true),
            (vec![packed(&short), text(&long)], false),
            (vec![dictionary(&long), packed(&short)], false),
            (vec![dictionary(&short), text(&short)], false),
        ] {
            let parts: Vec<ArrayRef> = chunks.iter().map(|chunk| packed_ids::as_text(chunk).unwrap()).collect();
            let all = concat(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>()).unwrap();
            let found = joined(chunks, &Scratch::MEMORY).unwrap();
            assert_eq!(*found.data_type() == DataType::UInt64, is_packed);
            assert_eq!(&packed_ids::as_text(&found).unwrap(), &all);
        }
    }

    #[test]
    fn dictionaries_of_the_same_words_become_one() {
        let words: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "a", "c"]));
        let whole = cast(&words, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).unwrap();
        let mut chunks = vec![whole.slice(0, 3), whole.slice(3, 1)];
        join_dictionaries(&mut chunks).unwrap();
        assert_eq!(chunks.len(), 1);
        assert_eq!(&chunks[0], &whole);
        let mut others = vec![whole, cast(&words, chunks[0].data_type()).unwrap()];
        join_dictionaries(&mut others).unwrap();
        assert_eq!(others.len(), 2);
    }
}
