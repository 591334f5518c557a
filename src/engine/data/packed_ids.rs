//! Ids in eight bytes. An id of up to ten letters and digits of the English alphabet is kept as a
//! number, six bits for each of its characters, so that comparing, sorting and finding it are steps
//! with numbers; the text is made again where it is shown. Numbers are in the order of the texts.
//!
//! A column of ids is an array of such numbers (UInt64, which no other column is), an array of text
//! where one of them is longer or has other characters, or a dictionary of text.

use super::id_prefix;
use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder, UInt64Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type, UInt64Type};
use arrow::error::ArrowError;
use std::borrow::Cow;
use std::sync::Arc;

/// The most characters of an id in eight bytes.
pub(super) const MOST: usize = 10;
/// The bits of a character.
pub(super) const BITS: u32 = 6;
/// The characters, in the order of their bytes. Zero is the end of an id.
const CHARACTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// One id, in the one form in which it can be compared with any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Id<'a> {
    Packed(u64),
    Text(&'a str),
}

impl<'a> Id<'a> {
    /// The id of a row, where it has one.
    pub(super) fn of(ids: &'a ArrayRef, row: usize) -> Option<Self> {
        if ids.is_null(row) {
            return None;
        }
        if let Some(packed) = ids.as_primitive_opt::<UInt64Type>() {
            return Some(Self::Packed(packed.value(row)));
        }
        let (words, row) = match ids.as_dictionary_opt::<Int32Type>() {
            Some(ids) => (ids.values(), ids.keys().value(row) as usize),
            None => (ids, row),
        };
        let words = words.as_string::<i32>();
        let (prefix, length) = id_prefix::at(words, row);
        Some(pack(prefix, length).map_or_else(|| Self::Text(words.value(row)), Self::Packed))
    }
}

/// An id as text.
pub(super) fn text(ids: &ArrayRef, row: usize) -> Cow<'_, str> {
    if let Some(packed) = ids.as_primitive_opt::<UInt64Type>() {
        return Cow::Owned(unpacked(packed.value(row)));
    }
    match ids.as_dictionary_opt::<Int32Type>() {
        Some(ids) => Cow::Borrowed(ids.values().as_string::<i32>().value(ids.keys().value(row) as usize)),
        None => Cow::Borrowed(ids.as_string::<i32>().value(row)),
    }
}

/// Ids as text; dictionaries are written out.
///
/// # Errors
/// When there is more text than an array can hold.
pub(super) fn as_text(ids: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let Some(packed) = ids.as_primitive_opt::<UInt64Type>() else { return cast(ids, &DataType::Utf8) };
    let bytes = text_bytes(packed);
    if i32::try_from(bytes).is_err() {
        return Err(ArrowError::OffsetOverflowError(bytes));
    }
    let mut text = StringBuilder::with_capacity(packed.len(), bytes);
    let mut of_one = String::new();
    for id in packed {
        of_one.clear();
        of_one.extend(characters(id.unwrap_or(0)));
        if id.is_some() { text.append_value(&of_one) } else { text.append_null() }
    }
    Ok(Arc::new(text.finish()))
}

/// How much text packed ids are.
pub(super) fn text_bytes(packed: &UInt64Array) -> usize {
    packed.values().iter().map(|id| MOST - ends(*id) as usize).sum()
}

/// Texts as packed ids, or dictionaries of them; `None` where one of them cannot be. Those that say
/// nothing are missing: empty ones, and these.
pub(super) fn packed(ids: &ArrayRef, nothing: &[u64]) -> Option<ArrayRef> {
    let mut numbers = Vec::with_capacity(ids.len());
    if let Some(views) = ids.as_string_view_opt() {
        for view in views.views().iter() {
            numbers.push(pack((view >> u32::BITS).swap_bytes(), (*view as u32) as usize)?);
        }
    } else if let Some(text) = ids.as_string_opt::<i32>() {
        for row in 0..text.len() {
            let (prefix, length) = id_prefix::at(text, row);
            numbers.push(pack(prefix, length)?);
        }
    } else {
        let ids = ids.as_dictionary_opt::<Int32Type>()?;
        let words = packed(ids.values(), nothing)?;
        let words = words.as_primitive::<UInt64Type>().values();
        numbers.extend(ids.keys().values().iter().map(|word| words.get(*word as usize).copied().unwrap_or(0)));
    }
    if !nothing.is_empty() {
        numbers.iter_mut().filter(|id| nothing.contains(id)).for_each(|id| *id = 0);
    }
    if let Some(nulls) = ids.nulls() {
        (!nulls.inner()).set_indices().for_each(|row| numbers[row] = 0);
    }
    let there = NullBuffer::new(BooleanBuffer::collect_bool(numbers.len(), |row| numbers[row] != 0));
    Some(Arc::new(UInt64Array::new(numbers.into(), Some(there).filter(|there| there.null_count() > 0))))
}

/// A text as a packed id. None for one that says nothing.
pub(super) fn packed_word(word: &str) -> Option<u64> {
    let text = StringArray::from(vec![word]);
    let (prefix, length) = id_prefix::at(&text, 0);
    pack(prefix, length).filter(|id| *id != 0)
}

/// The number of an id with these first 16 bytes, which has so many; zero for an empty one.
#[inline]
pub(super) fn pack(prefix: u128, length: usize) -> Option<u64> {
    // What stands behind the id is taken for zeros, which are characters, and cut off again.
    let (filled, kept) = BEHIND.get(length)?;
    let first = eight((prefix >> u64::BITS) as u64 | filled)? << (2 * BITS);
    let second = if length > 8 { eight(prefix as u64 | FILLING >> (8 * (length - 8)))? >> (6 * BITS) } else { 0 };
    Some((first | second) & kept)
}

/// Eight times the character 0.
const FILLING: u64 = 0x3030_3030_3030_3030;

/// By the length of an id: what fills up its first eight bytes, and which bits of its number are
/// its own.
const BEHIND: [(u64, u64); MOST + 1] = {
    let mut behind = [(0, 0); MOST + 1];
    let mut length = 0;
    while length <= MOST {
        let filled = if length < 8 { FILLING >> (8 * length) } else { 0 };
        behind[length] = (filled, !0 << (BITS as usize * (MOST - length)));
        length += 1;
    }
    behind
};

/// Eight characters, the first in the highest byte, as eight times six bits; all of them at once.
/// `None` when one is no letter or digit.
#[inline]
fn eight(text: u64) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The high bit of each byte that is at least this one; no byte is larger than 0x7f.
    let from = |byte: u8| text.wrapping_add((0x80 - u64::from(byte)) * ONES) & HIGH;
    let (upper, lower) = (from(b'A'), from(b'a'));
    let odd = text & HIGH | HIGH & !from(b'0') | from(b'9' + 1) & !upper | from(b'Z' + 1) & !lower | from(b'z' + 1);
    if odd != 0 {
        return None;
    }
    let gaps = (upper >> 7) * u64::from(b'A' - b'9' - 1) + (lower >> 7) * u64::from(b'a' - b'Z' - 1);
    let bytes = text - u64::from(b'0' - 1) * ONES - gaps;
    let pairs = bytes & 0x00ff_00ff_00ff_00ff | (bytes & 0xff00_ff00_ff00_ff00) >> 2;
    let fours = pairs & 0x0000_ffff_0000_ffff | (pairs & 0xffff_0000_ffff_0000) >> 4;
    Some(fours & 0xffff_ffff | (fours >> 32) << (4 * BITS))
}

/// How many characters less than [`MOST`] an id has.
#[inline]
pub(super) fn ends(id: u64) -> u32 {
    id.trailing_zeros() / BITS
}

fn characters(id: u64) -> impl Iterator<Item = char> {
    let at = move |place: u32| (id >> (BITS * (MOST as u32 - 1 - place)) & 0x3f) as usize;
    (0..MOST as u32).map_while(move |place| CHARACTERS.get(at(place).checked_sub(1)?)).map(|byte| char::from(*byte))
}

fn unpacked(id: u64) -> String {
    characters(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::StringViewArray;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// A text of a few characters, most of them letters and digits.
    fn any(dice: &mut ChaCha8Rng) -> String {
        let odd = dice.random_bool(0.2);
        let one = |dice: &mut ChaCha8Rng| match dice.random_range(0..if odd { 9 } else { 8 }) {
            0 => ['0', '9', 'A', 'Z', 'a', 'z'][dice.random_range(0..6)],
            8 => ['/', ':', '@', '[', '`', '{', ' ', '-', '\0', 'é', '\u{7f}'][dice.random_range(0..11)],
            _ => char::from(CHARACTERS[dice.random_range(0..62)]),
        };
        (0..dice.random_range(0..13)).map(|_| one(dice)).collect()
    }

    #[test]
    fn a_packed_id_is_its_text_and_in_its_order() {
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let texts: Vec<String> = (0..4_000).map(|_| any(&mut dice)).collect();
        let arrays: [ArrayRef; 2] =
            [Arc::new(StringArray::from(texts.clone())), Arc::new(StringViewArray::from_iter_values(&texts))];
        let mut known: Vec<(u64, &str)> = Vec::new();
        for (row, text) in texts.iter().enumerate() {
            let fits = text.len() <= MOST && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            for array in &arrays {
                let packed = packed(&array.slice(row, 1), &[]);
                assert_eq!(packed.is_some(), fits, "{text:?}");
                let Some(packed) = packed else { continue };
                assert_eq!(packed.is_null(0), text.is_empty(), "{text:?}");
                assert_eq!(as_text(&packed).unwrap().as_string::<i32>().value(0), text);
                assert_eq!(super::text(&packed, 0), text.as_str());
                known.push((packed.as_primitive::<UInt64Type>().value(0), text));
            }
        }
        assert!(known.len() > 3_000);
        for pair in known.windows(2) {
            assert_eq!(pair[0].0.cmp(&pair[1].0), pair[0].1.cmp(pair[1].1), "{pair:?}");
        }
    }

    #[test]
    fn what_says_nothing_is_missing() {
        let ids: ArrayRef = Arc::new(StringArray::from(vec![Some("C1"), None, Some(""), Some("none"), Some("C1")]));
        let dictionary =
            cast(&ids, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).unwrap();
        let none = packed_word("none").unwrap();
        for ids in [&ids, &dictionary] {
            let packed = packed(ids, &[none]).unwrap();
            let found: Vec<_> = (0..5).map(|row| Id::of(&packed, row)).collect();
            let c1 = Some(Id::Packed(packed_word("C1").unwrap()));
            assert_eq!(found, [c1, None, None, None, c1]);
            let found = as_text(&packed).unwrap();
            assert_eq!(found.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("C1"), None, None, None, Some("C1")]);
        }
        assert_eq!(packed_word(""), None);
        assert_eq!(packed_word("C-1"), None);
    }

    #[test]
    fn ids_are_alike_however_they_are_kept() {
        let text: ArrayRef = Arc::new(StringArray::from(vec!["C1", "an id of many words", "C-1"]));
        let dictionary =
            cast(&text, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).unwrap();
        assert!(packed(&text, &[]).is_none() && packed(&dictionary, &[]).is_none());
        for row in 0..3 {
            assert_eq!(Id::of(&text, row), Id::of(&dictionary, row));
        }
        assert_eq!(Id::of(&text, 0), Id::of(&packed(&text.slice(0, 1), &[]).unwrap(), 0));
    }
}
