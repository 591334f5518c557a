//! The index of ids: from the text of an id to its rank. Here, and only here, millions of lookups
//! wait for memory.
//!
//! Packed ids have an index of their own ([`PackedIndex`]). Of ids that are text, sequential ones
//! are looked up by their number ([`SequentialKeys`]). For all others there is a hash table with
//! open addressing. It holds a rank (four bytes) per place, and the first 16 bytes of every id as
//! one number. Most ids are no longer, so a lookup reads nothing else. Lookups are done in batches,
//! step by step, so that the processor waits for several of them at once; this takes less than half
//! the time of the standard hash map.

use super::id_prefix;
use super::keys::Keys;
use super::packed_ids;
use super::packed_index::PackedIndex;
use super::sequential_keys::SequentialKeys;
use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::datatypes::UInt64Type;
use arrow::error::ArrowError;
use std::hash::{BuildHasher, RandomState};

/// Lookups in a batch.
const BLOCK: usize = 256;
/// An empty place, and the rank of an id that is not there.
pub(super) const NOWHERE: i32 = -1;

/// The rank of each id of a table.
pub(super) enum Index<'a> {
    /// Packed ids.
    Packed(PackedIndex),
    /// Sequential ids.
    SequentialKeys(SequentialKeys),
    /// All other ids.
    Hashed(Hashed<'a>),
}

impl<'a> Index<'a> {
    /// An index of all ids; a lean one takes a third of the memory, and more time.
    pub(super) fn new(ids: &'a ArrayRef, keys: &'a Keys, lean: bool) -> Self {
        if let Some(packed) = ids.as_primitive_opt::<UInt64Type>() {
            return Self::Packed(PackedIndex::new(packed, keys, lean));
        }
        let text = ids.as_string();
        SequentialKeys::new(text, keys)
            .map_or_else(|| Self::Hashed(Hashed::new(text, keys, lean)), Self::SequentialKeys)
    }

    /// The rank of every id of a column; [`NOWHERE`] for ids that are not there, and for missing
    /// ones.
    ///
    /// # Errors
    /// When there is more text than an array can hold.
    pub(super) fn ranks(&self, ids: &ArrayRef) -> Result<Vec<i32>, ArrowError> {
        let by_text = |ids: &StringArray| match self {
            Self::Packed(packed) => packed.ranks_of_text(ids),
            Self::SequentialKeys(counted) => counted.ranks(ids),
            Self::Hashed(hashed) => hashed.ranks(ids),
        };
        let Some(asked) = ids.as_primitive_opt::<UInt64Type>() else { return Ok(by_text(ids.as_string())) };
        let Self::Packed(packed) = self else { return Ok(by_text(packed_ids::as_text(ids)?.as_string())) };
        let mut ranks = packed.ranks(asked.values());
        if let Some(nulls) = asked.nulls() {
            (!nulls.inner()).set_indices().for_each(|row| ranks[row] = NOWHERE);
        }
        Ok(ranks)
    }
}

/// A hash table.
pub(super) struct Hashed<'a> {
    /// By hash: ranks.
    places: Vec<i32>,
    /// By rank; none when memory is short, and every id is then compared as text.
    prefixes: Vec<u128>,
    /// Ids that need to be compared as text after their prefix: all of them, when one does.
    long: Option<(&'a StringArray, &'a [u32])>,
    /// A random key for each run, so that no file can be crafted to make all ids collide.
    seed: (u64, u64),
}

impl<'a> Hashed<'a> {
    fn new(text: &'a StringArray, keys: &'a Keys, lean: bool) -> Self {
        let random = RandomState::new();
        let size = (keys.rows.len() * 2).next_power_of_two().max(2);
        let mut index = Self {
            places: vec![NOWHERE; size],
            prefixes: Vec::with_capacity(if lean { 0 } else { keys.rows.len() }),
            long: lean.then_some((text, &keys.rows)),
            seed: (random.hash_one(1), random.hash_one(2)),
        };
        // Places are found many at a time and then taken: reading the texts does not wait for the
        // table.
        let mut places = [0usize; BLOCK];
        for (number, rows) in keys.rows.chunks(BLOCK).enumerate() {
            for (row, place) in rows.iter().zip(&mut places) {
                let (id, prefix) = (text.value(*row as usize), id_prefix::at(text, *row as usize).0);
                *place = index.place(prefix, id);
                if !lean {
                    index.prefixes.push(prefix);
                }
                if index.long.is_none() && !is_short(id) {
                    index.long = Some((text, &keys.rows));
                }
            }
            for (rank, place) in (number * BLOCK..).zip(&places[..rows.len()]) {
                index.take(*place, rank as i32);
            }
        }
        index
    }

    fn take(&mut self, mut place: usize, rank: i32) {
        while self.places[place] != NOWHERE {
            place = self.after(place);
        }
        self.places[place] = rank;
    }

    fn ranks(&self, ids: &StringArray) -> Vec<i32> {
        let mut ranks = vec![NOWHERE; ids.len()];
        let mut block = [(0u128, 0usize); BLOCK];
        for (number, out) in ranks.chunks_mut(BLOCK).enumerate() {
            let first = number * BLOCK;
            for (i, slot) in block.iter_mut().take(out.len()).enumerate() {
                let (id, prefix) = (ids.value(first + i), id_prefix::at(ids, first + i).0);
                *slot = (prefix, self.place(prefix, id));
            }
            for (rank, (_, place)) in out.iter_mut().zip(&block) {
                *rank = self.places[*place];
            }
            for (i, rank) in out.iter_mut().enumerate() {
                let (prefix, place) = block[i];
                *rank = if ids.is_null(first + i) {
                    NOWHERE
                } else {
                    self.search(prefix, ids.value(first + i), place, *rank)
                };
            }
        }
        ranks
    }

    /// Probes places until the id or an empty place is found.
    fn search(&self, prefix: u128, id: &str, mut place: usize, mut rank: i32) -> i32 {
        while rank != NOWHERE && !self.is(rank as usize, prefix, id) {
            place = self.after(place);
            rank = self.places[place];
        }
        rank
    }

    fn is(&self, rank: usize, prefix: u128, id: &str) -> bool {
        self.prefixes.get(rank).is_none_or(|known| *known == prefix)
            && match self.long {
                None => is_short(id),
                Some((text, rows)) => text.value(rows[rank] as usize) == id,
            }
    }

    fn place(&self, prefix: u128, id: &str) -> usize {
        let mut hash = self.fold(prefix);
        for chunk in id.as_bytes().get(id_prefix::BYTES..).unwrap_or_default().chunks(id_prefix::BYTES) {
            hash = self.fold(u128::from(hash) ^ id_prefix::number(chunk));
        }
        hash as usize & (self.places.len() - 1)
    }

    /// Both halves, multiplied and laid upon each other.
    fn fold(&self, value: u128) -> u64 {
        let product = u128::from(value as u64 ^ self.seed.0) * u128::from((value >> 64) as u64 ^ self.seed.1);
        product as u64 ^ (product >> 64) as u64
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }
}

/// Whether the prefix says all: no further bytes, and no zero that could be taken for a filled-up
/// one.
fn is_short(id: &str) -> bool {
    id.len() <= id_prefix::BYTES && id.as_bytes().last() != Some(&0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn found(ids: &[&str], asked: &[Option<&str>]) -> Vec<i32> {
        let text = StringArray::from(ids.to_vec());
        let keys = Keys { rows: (0..ids.len() as u32).collect() };
        let asked = StringArray::from(asked.to_vec());
        let [ranks, lean] = [false, true].map(|lean| Hashed::new(&text, &keys, lean).ranks(&asked));
        assert_eq!(ranks, lean);
        let (text, asked): (ArrayRef, ArrayRef) = (Arc::new(text), Arc::new(asked));
        let packed = |ids: &ArrayRef| packed_ids::packed(ids, &[]).unwrap_or_else(|| Arc::clone(ids));
        for (text, asked) in
            [(&text, &asked), (&packed(&text), &asked), (&text, &packed(&asked)), (&packed(&text), &packed(&asked))]
        {
            for lean in [false, true] {
                assert_eq!(ranks, Index::new(text, &keys, lean).ranks(asked).unwrap());
            }
        }
        ranks
    }

    #[test]
    fn ids_are_found_by_all_their_bytes() {
        let asked = [Some("a"), Some("a\0"), Some("b"), None, Some(""), Some("ab")];
        assert_eq!(found(&["a", "ab"], &asked), [0, -1, -1, -1, -1, 1]);
        assert_eq!(found(&["a", "a\0", "b"], &asked), [0, 1, 2, -1, -1, -1]);
        let long = ["0123456789abcdef", "0123456789abcdefX", "0123456789abcdefY", "0123456789abcdefX0123456789abcdefX"];
        let asked: Vec<_> = long.iter().map(|id| Some(*id)).chain([Some("0123456789abcdefZ")]).collect();
        assert_eq!(found(&long, &asked), [0, 1, 2, 3, -1]);
        assert_eq!(found(&["0123456789abcdef"], &asked), [0, -1, -1, -1, -1]);
        assert_eq!(found(&[], &asked), [-1; 5]);
    }

    #[test]
    fn many_ids() {
        let ids: Vec<String> = (0..10_000).map(|i| format!("C{i:09}")).collect();
        let text: Vec<&str> = ids.iter().map(String::as_str).collect();
        let asked: Vec<Option<&str>> = text.iter().rev().map(|id| Some(*id)).collect();
        assert_eq!(found(&text, &asked), (0..10_000).rev().collect::<Vec<_>>());
    }

    #[test]
    fn any_ids_are_found_as_their_texts_are() {
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let (mut counted, mut all_packed) = (0, 0);
        for _ in 0..2_000 {
            let letters = ["", "C", "A0", "é", "abcdefghijkl"][dice.random_range(0..5)];
            let (width, odd) = (dice.random_range(1..5), dice.random_bool(0.2));
            let mut id = |most: u32| match dice.random_range(0..u32::from(odd) + 3) {
                0 => format!("{letters}{}", dice.random_range(0..most)),
                1 | 2 => format!("{letters}{:0width$}", dice.random_range(0..most)),
                _ => format!("{}{letters}", dice.random_range(0..most)),
            };
            let ids: BTreeSet<String> =
                (0..12).map(|_| id(12)).filter(|id| odd || id.len() >= letters.len() + width).collect();
            let asked: Vec<String> = (0..40).map(|_| id(120)).chain(ids.iter().cloned()).collect();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let keys = Keys { rows: (0..ids.len() as u32).collect() };
            let text: ArrayRef = Arc::new(StringArray::from(ids.clone()));
            let index = Index::new(&text, &keys, false);
            counted += usize::from(matches!(index, Index::SequentialKeys(_)));
            let known: Vec<i32> = asked
                .iter()
                .map(|id| ids.iter().position(|known| known == id).map_or(NOWHERE, |at| at as i32))
                .collect();
            let asked: ArrayRef = Arc::new(StringArray::from(asked));
            assert_eq!(index.ranks(&asked).unwrap(), known, "{ids:?}");
            let Some(packed) = packed_ids::packed(&text, &[]).filter(|_| !ids.contains(&"")) else { continue };
            for lean in [false, true] {
                let packed = Index::new(&packed, &keys, lean);
                let is_counted = matches!(packed, Index::Packed(PackedIndex::CountedUp(_)));
                assert_eq!(is_counted, matches!(index, Index::SequentialKeys(_)), "{ids:?}");
                assert_eq!(packed.ranks(&asked).unwrap(), known, "{ids:?}");
                all_packed += 1;
                if let Some(asked) = packed_ids::packed(&asked, &[]) {
                    assert_eq!(packed.ranks(&asked).unwrap(), known, "{ids:?}");
                }
            }
        }
        assert!((500..1_900).contains(&counted), "{counted} counted up");
        assert!(all_packed > 1_000, "{all_packed} packed");
    }
}
