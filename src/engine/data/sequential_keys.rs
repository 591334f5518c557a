//! Sequential ids such as `C000341` are indexed by their number instead of by hash. Neighbouring
//! rows usually reference neighbouring targets, so lookups stay in the cache.

use super::id_prefix;
use super::index::NOWHERE;
use super::keys::Keys;
use arrow::array::{Array, StringArray};

/// Places of the table for each id, at most: so it is no larger than a table by hash.
const PLACES: u64 = 4;

/// The rank of each id of a table all of whose ids are the same letters and a number.
pub(super) struct SequentialKeys {
    naming: Naming,
    ranks: RanksByNumber,
}

/// The ranks of ids that are numbers with few gaps.
pub(super) struct RanksByNumber {
    /// The smallest number.
    first: u64,
    /// By number, from the smallest on.
    ranks: Vec<i32>,
}

impl RanksByNumber {
    /// The ranks of these ids; `None` where the id of a row has no number, or there are many gaps.
    pub(super) fn new(keys: &Keys, number: impl Fn(u32) -> Option<u64>) -> Option<Self> {
        let (mut first, mut last) = (u64::MAX, 0);
        for row in keys.rows.iter() {
            let number = number(*row)?;
            (first, last) = (first.min(number), last.max(number));
        }
        let places = last.checked_sub(first)?.checked_add(1)?;
        if places > PLACES * keys.rows.len() as u64 {
            return None;
        }
        let mut ranks = vec![NOWHERE; usize::try_from(places).ok()?];
        for (rank, row) in keys.rows.iter().enumerate() {
            ranks[(number(*row)? - first) as usize] = rank as i32;
        }
        Some(Self { first, ranks })
    }

    /// The rank of the id with this number.
    pub(super) fn rank(&self, number: u64) -> Option<i32> {
        self.ranks.get(usize::try_from(number.checked_sub(self.first)?).ok()?).copied()
    }
}

/// How ids are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Naming {
    /// What stands before the digits, its last byte the lowest.
    letters: u128,
    /// How many bytes that is.
    before: usize,
    /// Numbers with fewer digits have zeros before them.
    width: usize,
}

impl SequentialKeys {
    /// The table of these ids, if they were counted up with few gaps.
    pub(super) fn new(text: &StringArray, keys: &Keys) -> Option<Self> {
        let naming = Naming::of(text, &keys.rows)?;
        let ranks = RanksByNumber::new(keys, |row| naming.number(id_prefix::at(text, row as usize)))?;
        Some(Self { naming, ranks })
    }

    /// The rank of every id of a column; [`NOWHERE`] for ids that are not there, and for missing
    /// ones.
    pub(super) fn ranks(&self, ids: &StringArray) -> Vec<i32> {
        let rank = |row| self.ranks.rank(self.naming.number(id_prefix::at(ids, row))?);
        let known = |row| if ids.is_valid(row) { rank(row).unwrap_or(NOWHERE) } else { NOWHERE };
        (0..ids.len()).map(known).collect()
    }
}

impl Naming {
    /// How these ids are written, if the first of them is letters and digits, and no more than a
    /// prefix.
    fn of(text: &StringArray, rows: &[u32]) -> Option<Self> {
        let first = text.value(*rows.first()? as usize).as_bytes();
        let letters = first.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |last| last + 1);
        if letters == first.len() || first.len() > id_prefix::BYTES {
            return None;
        }
        // Numbers are filled up with zeros to the width of the shortest, if to any.
        let shortest = rows.iter().map(|row| text.value_length(*row as usize)).min()? as usize;
        let width = shortest.checked_sub(letters).filter(|width| *width > 0)?;
        Some(Self {
            letters: id_prefix::number(&first[..letters]).checked_shr(bits(id_prefix::BYTES - letters)).unwrap_or(0),
            before: letters,
            width,
        })
    }

    /// The number of an id, from its prefix and length; `None` when it is not written so. No two
    /// ids have the same.
    fn number(self, (prefix, length): (u128, usize)) -> Option<u64> {
        let digits = length.checked_sub(self.before).filter(|digits| *digits >= self.width)?;
        let text = prefix >> bits(id_prefix::BYTES.checked_sub(length)?);
        let above = (!0_u128).checked_shl(bits(digits)).unwrap_or(0);
        let number = text & !above | ZEROS & above;
        let is_filled_up = number >> bits(digits - 1) & 0xff == u128::from(b'0');
        if text.checked_shr(bits(digits)).unwrap_or(0) != self.letters || is_filled_up && digits > self.width {
            return None;
        }
        Some(eight((number >> 64) as u64)? * 100_000_000 + eight(number as u64)?)
    }
}

/// The bits of so many bytes.
fn bits(bytes: usize) -> u32 {
    8 * bytes as u32
}

/// Sixteen times the digit 0.
const ZEROS: u128 = 0x3030_3030_3030_3030_3030_3030_3030_3030;

/// The number that eight digits write, the first of them in the highest byte. Two are put together
/// at once, then four, then all.
fn eight(text: u64) -> Option<u64> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const SIX: u64 = 0x0606_0606_0606_0606;
    if text & HIGH != ZEROS || text.wrapping_add(SIX) & HIGH != ZEROS {
        return None;
    }
    let ones = text & !HIGH;
    let twos = (ones >> 8 & 0x00ff_00ff_00ff_00ff) * 10 + (ones & 0x00ff_00ff_00ff_00ff);
    let fours = (twos >> 16 & 0x0000_ffff_0000_ffff) * 100 + (twos & 0x0000_ffff_0000_ffff);
    Some((fours >> 32) * 10_000 + (fours & 0xffff_ffff))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(ids: &[&str]) -> Option<SequentialKeys> {
        SequentialKeys::new(&StringArray::from(ids.to_vec()), &Keys { rows: (0..ids.len() as u32).collect() })
    }

    #[test]
    fn what_is_counted_up() {
        for ids in [
            &["C08", "C09", "C10", "C11"][..],
            &["C98", "C99", "C100", "C101"],
            &["1", "2", "10"],
            &["9999999999999998", "9999999999999999"],
            &["é7"],
        ] {
            let found = counted(ids).unwrap().ranks(&StringArray::from(ids.to_vec()));
            assert_eq!(found, (0..ids.len() as i32).collect::<Vec<_>>(), "{ids:?}");
        }
        let gaps = &["1", "100"];
        for ids in [&[][..], &[""], &["a"], &["a1", "b2"], &["a1", "a01"], gaps, &["a1", "a2b"], &["0123456789abcdef0"]]
        {
            assert!(counted(ids).is_none(), "{ids:?}");
        }
    }

    #[test]
    fn no_other_id_is_taken_for_one() {
        let ids: Vec<String> = (8..1200).map(|number| format!("C{number:03}")).collect();
        let table = counted(&ids.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        let near = "C 8 08 008 C8 C08 C0008 C0100 C01000 c008 CC008 C-08 C+08 C00/ C00: C007 C1200 é08 C0é C9007199254740992 \
                    C9999999999999999999 C184467440737095524";
        let odd = ["", "C00 ", "C 08", "C\u{0}008", "C008\0", "C\0\0\0"];
        let others: Vec<&str> = near.split_whitespace().chain(odd).collect();
        let asked = others.iter().copied().map(Some).chain([None, Some("C008"), Some("C999"), Some("C1199")]);
        let ranks = table.ranks(&asked.collect());
        assert_eq!(ranks[others.len()..], [NOWHERE, 0, 991, 1191]);
        for (other, rank) in others.iter().zip(&ranks) {
            assert_eq!(*rank, NOWHERE, "{other:?}");
        }
    }
}
