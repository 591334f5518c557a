//! The rank of packed ids. Ids that were counted up are looked up by their number, as neighbouring
//! rows usually lead to neighbouring targets. For all others there is a hash table; where memory is
//! short, they are found among the ids in order, where the first bits of an id say between which
//! places it stands.

use super::id_prefix;
use super::index::NOWHERE;
use super::keys::Keys;
use super::packed_ids::{BITS, MOST, ends, pack};
use super::sequential_keys::RanksByNumber;
use arrow::array::{Array, StringArray, UInt64Array};
use std::hash::{BuildHasher, RandomState};

/// Lookups in a batch: the processor waits for several of them at once.
const BLOCK: usize = 256;

/// The ranks of the packed ids of a table.
pub(super) enum PackedIndex {
    CountedUp(CountedUp),
    Hashed(Hashed),
    InOrder(InOrder),
}

impl PackedIndex {
    /// An index of all ids; a lean one takes less memory and more time.
    pub(super) fn new(ids: &UInt64Array, keys: &Keys, lean: bool) -> Self {
        match CountedUp::new(ids, keys) {
            Some(counted) => Self::CountedUp(counted),
            None if lean => Self::InOrder(InOrder::new(ids, keys)),
            None => Self::Hashed(Hashed::new(ids, keys)),
        }
    }

    /// The rank of each of these ids; [`NOWHERE`] for ids that are not there, and for zero.
    pub(super) fn ranks(&self, ids: &[u64]) -> Vec<i32> {
        match self {
            Self::CountedUp(ranks) => ids.iter().map(|id| ranks.rank(*id).unwrap_or(NOWHERE)).collect(),
            Self::Hashed(ranks) => ranks.ranks(ids),
            Self::InOrder(ranks) => ranks.ranks(ids),
        }
    }

    /// The same of ids that are text.
    pub(super) fn ranks_of_text(&self, ids: &StringArray) -> Vec<i32> {
        let packed = |row| {
            let (prefix, length) = id_prefix::at(ids, row);
            pack(prefix, length).filter(|_| ids.is_valid(row)).unwrap_or(0)
        };
        self.ranks(&(0..ids.len()).map(packed).collect::<Vec<_>>())
    }
}

/// Ids all of which are the same letters and a number, with few gaps.
pub(super) struct CountedUp {
    naming: Naming,
    ranks: RanksByNumber,
}

/// How such ids are written.
#[derive(Clone, Copy)]
struct Naming {
    /// What stands before the digits.
    letters: u64,
    /// How many characters that is.
    before: u32,
    /// Numbers with fewer digits have zeros before them.
    width: u32,
}

impl CountedUp {
    fn new(ids: &UInt64Array, keys: &Keys) -> Option<Self> {
        let id = |row: &u32| ids.value(*row as usize);
        let first = id(keys.rows.first()?);
        let length = MOST as u32 - ends(first);
        let digits = (0..length).take_while(|place| (1..=10).contains(&character(first, length - 1 - place))).count();
        let before = length - digits as u32;
        let shortest = keys.rows.iter().map(|row| MOST as u32 - ends(id(row))).min()?;
        let width = shortest.checked_sub(before).filter(|width| *width > 0)?;
        let letters = first.checked_shr(BITS * (MOST as u32 - before)).unwrap_or(0);
        let naming = Naming { letters, before, width };
        Some(Self { naming, ranks: RanksByNumber::new(keys, |row| naming.number(id(&row)))? })
    }

    fn rank(&self, id: u64) -> Option<i32> {
        self.ranks.rank(self.naming.number(id)?)
    }
}

impl Naming {
    /// The number of an id; `None` when it is not written so. No two ids have the same.
    #[inline]
    fn number(self, id: u64) -> Option<u64> {
        // Every second digit, in twice the bits of one.
        const SECOND: u64 = 0x003f_03f0_3f03_f03f;
        const ONES: u64 = 0x0001_0010_0100_1001;
        if id == 0 {
            return None;
        }
        let ends = ends(id);
        let digits = (MOST as u32 - ends).checked_sub(self.before).filter(|digits| *digits >= self.width)?;
        let text = id >> (BITS * ends);
        let above = !0_u64 << (BITS * digits);
        let is_filled_up = text >> (BITS * (digits - 1)) & 0x3f == 1;
        if text.checked_shr(BITS * digits).unwrap_or(0) != self.letters || is_filled_up && digits > self.width {
            return None;
        }
        // What stands above the digits is taken for zeros, which are written as one.
        let text = text & !above | (ONES | ONES << BITS) & above & 0x0fff_ffff_ffff_ffff;
        let (odd, even) = (text >> BITS & SECOND, text & SECOND);
        let is_over = |digits: u64, most: u64| (digits + (0x3f - most) * ONES) & (0x40 * ONES);
        let is_digit = |digits: u64| is_over(digits, 10) == 0 && is_over(digits, 0) == 0x40 * ONES;
        if !is_digit(odd) || !is_digit(even) {
            return None;
        }
        let pairs = (odd - ONES) * 10 + (even - ONES);
        let (low, high) = (pairs & 0x0fff, pairs >> 12 & 0x0fff);
        let rest = pairs >> 24;
        Some(
            low + high * 100
                + (rest & 0x0fff) * 10_000
                + (rest >> 12 & 0x0fff) * 1_000_000
                + (rest >> 24) * 100_000_000,
        )
    }
}

/// A character of an id of this length, as a number from 1 to 62.
fn character(id: u64, place: u32) -> u64 {
    id >> (BITS * (MOST as u32 - 1 - place)) & 0x3f
}

/// A hash table with open addressing. No id is zero, which stands for an empty place.
pub(super) struct Hashed {
    ids: Vec<u64>,
    ranks: Vec<i32>,
    /// A random key for each run, so that no file can be crafted to make all ids collide.
    seed: (u64, u64),
}

impl Hashed {
    fn new(ids: &UInt64Array, keys: &Keys) -> Self {
        let random = RandomState::new();
        let places = (keys.rows.len() * 3 / 2).next_power_of_two().max(2);
        let seed = (random.hash_one(1), random.hash_one(2));
        let mut index = Self { ids: vec![0; places], ranks: vec![NOWHERE; places], seed };
        let mut at = [0; BLOCK];
        for (number, rows) in keys.rows.chunks(BLOCK).enumerate() {
            for (row, at) in rows.iter().zip(&mut at) {
                *at = index.place(ids.value(*row as usize));
            }
            for ((rank, row), at) in (number * BLOCK..).zip(rows).zip(at) {
                let at = index.find(at, 0);
                index.ids[at] = ids.value(*row as usize);
                index.ranks[at] = rank as i32;
            }
        }
        index
    }

    fn ranks(&self, asked: &[u64]) -> Vec<i32> {
        let mut ranks = vec![NOWHERE; asked.len()];
        let mut found = [(0, 0); BLOCK];
        for (asked, ranks) in asked.chunks(BLOCK).zip(ranks.chunks_mut(BLOCK)) {
            for (id, found) in asked.iter().zip(&mut found) {
                let at = self.place(*id);
                *found = (at, self.ids[at]);
            }
            for (id, (at, there)) in asked.iter().zip(&mut found) {
                if there != id {
                    *at = self.find(*at, *id);
                }
            }
            for (rank, (at, _)) in ranks.iter_mut().zip(found) {
                *rank = self.ranks[at];
            }
        }
        ranks
    }

    /// Where an id is, from its place on, or an empty place.
    fn find(&self, mut at: usize, id: u64) -> usize {
        while self.ids[at] != 0 && self.ids[at] != id {
            at = (at + 1) & (self.ids.len() - 1);
        }
        at
    }

    /// Both halves, multiplied and laid upon each other.
    fn place(&self, id: u64) -> usize {
        let product = u128::from(id ^ self.seed.0) * u128::from(self.seed.1 | 1);
        (product as u64 ^ (product >> u64::BITS) as u64) as usize & (self.ids.len() - 1)
    }
}

/// Ids in order.
pub(super) struct InOrder {
    ids: Vec<u64>,
    smallest: u64,
    /// How many bits of the distance from the smallest say nothing of the place.
    shift: u32,
    /// By the other bits: how many ids are before those with these bits; and one more for the end.
    starts: Vec<u32>,
}

impl InOrder {
    fn new(ids: &UInt64Array, keys: &Keys) -> Self {
        let ids: Vec<u64> = keys.rows.iter().map(|row| ids.value(*row as usize)).collect();
        let (smallest, largest) = (ids.first().copied().unwrap_or(0), ids.last().copied().unwrap_or(0));
        let places = (ids.len() / 8).next_power_of_two() as u64;
        let shift = (u64::BITS - (largest - smallest).leading_zeros()).saturating_sub(places.ilog2());
        let last = ((largest - smallest) >> shift) as usize;
        let mut starts = vec![0; last + 2];
        ids.iter().for_each(|id| starts[((id - smallest) >> shift) as usize + 1] += 1);
        (0..=last).for_each(|place| starts[place + 1] += starts[place]);
        Self { ids, smallest, shift, starts }
    }

    fn ranks(&self, asked: &[u64]) -> Vec<i32> {
        let mut ranks = vec![NOWHERE; asked.len()];
        let mut between = [(0_u32, 0_u32); BLOCK];
        for (asked, ranks) in asked.chunks(BLOCK).zip(ranks.chunks_mut(BLOCK)) {
            for (id, between) in asked.iter().zip(&mut between) {
                let place = usize::try_from(id.wrapping_sub(self.smallest) >> self.shift).unwrap_or(usize::MAX);
                let ends = self.starts.get(place).zip(self.starts.get(place.saturating_add(1)));
                *between = ends.filter(|_| *id >= self.smallest).map_or((0, 0), |(from, to)| (*from, *to));
            }
            for ((id, rank), (from, to)) in asked.iter().zip(ranks).zip(between) {
                let some = &self.ids[from as usize..to as usize];
                let found = if some.len() <= 8 {
                    some.iter().position(|other| other == id)
                } else {
                    some.binary_search(id).ok()
                };
                *rank = found.map_or(NOWHERE, |place| from as i32 + place as i32);
            }
        }
        ranks
    }
}
