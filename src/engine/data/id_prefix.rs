//! The beginning of a text as a number. Most ids are no longer than that, so that comparing them
//! takes a step or two.

use arrow::array::StringArray;

/// How many bytes make a prefix.
pub(super) const BYTES: usize = 16;

/// The first 16 bytes, in the order of the text; shorter ids are filled up with zeros.
fn prefix(id: &str) -> u128 {
    number(id.as_bytes().get(..BYTES).unwrap_or(id.as_bytes()))
}

/// The prefix of a value of a column, and how long its text is. Those of missing values say
/// nothing.
pub(super) fn at(ids: &StringArray, row: usize) -> (u128, usize) {
    let ends = ids.value_offsets();
    let (from, to) = (ends[row] as usize, ends[row + 1] as usize);
    let length = to - from;
    // Reading 16 bytes whatever the length is much faster than reading as many as there are. The
    // last values of a column have too few behind them.
    let Some(bytes) = ids.value_data().get(from..from + BYTES).and_then(|bytes| bytes.try_into().ok()) else {
        return (prefix(ids.value(row)), length);
    };
    let filled = u128::from_be_bytes(bytes);
    let behind = 8 * BYTES.saturating_sub(length) as u32;
    (filled.checked_shr(behind).unwrap_or(0).checked_shl(behind).unwrap_or(0), length)
}

/// Up to 16 bytes as a number, filled up with zeros.
pub(super) fn number(bytes: &[u8]) -> u128 {
    let mut whole = [0; BYTES];
    whole[..bytes.len()].copy_from_slice(bytes);
    u128::from_be_bytes(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_the_first_bytes_wherever_the_text_stands() {
        let texts = ["", "a", "a\0", "0123456789abcde", "0123456789abcdef", "0123456789abcdefg", "é", "", "z"];
        for column in
            [StringArray::from(texts.to_vec()), StringArray::from([&["before"], &texts[..]].concat()).slice(1, 9)]
        {
            for (row, text) in texts.into_iter().enumerate() {
                assert_eq!(at(&column, row), (prefix(text), text.len()), "{text:?}");
            }
        }
        assert_eq!(prefix("ab"), 0x6162 << 112);
    }
}
