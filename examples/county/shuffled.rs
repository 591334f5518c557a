//! A county in no order: its rows as they come, and ids that are not counted up. It is the same
//! county: every id is another text, the same wherever it stands, and ids are in the same order as
//! before, so that what is picked by the smallest id stays what is picked.

use super::dice::Dice;
use super::file::Cell;

/// The ids of entities stay as they are, so that cells can be compared.
const ENTITIES: [&str; 1] = ["W"];

/// The streams of random numbers of the tables' orders begin here; see `mess.rs` for those before.
const STREAMS: usize = 100;

/// The digits of ids, in the order of their bytes.
const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// How many of them an id has after its letters.
const WIDTH: usize = 9;
/// Numbers have no more decimal digits, those of links to nothing included.
const LONGEST: usize = 10;
/// Between the ids of two texts that follow each other lie so many others.
const APART: u64 = 3_900;

/// How one table is shuffled.
#[derive(Debug)]
pub(crate) struct Shuffled {
    seed: u64,
    dice: Dice,
}

impl Shuffled {
    /// The order of the table of this number.
    pub(crate) fn new(seed: u64, table: usize) -> Self {
        Self { seed, dice: Dice::new(seed, u64::MAX - (STREAMS + table) as u64) }
    }

    /// The row with other ids.
    pub(crate) fn row(&self, row: &[Cell]) -> Vec<Cell> {
        let other = |cell: &Cell| match cell {
            Cell::Id(letters, number) if !ENTITIES.contains(letters) => {
                Cell::Text(scattered(letters, *number, self.seed))
            }
            cell => cell.clone(),
        };
        row.iter().map(other).collect()
    }

    /// The numbers from 0 to `rows`, in no order.
    pub(crate) fn order(mut self, rows: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..rows).collect();
        for last in (1..rows).rev() {
            order.swap(last, self.dice.below(last + 1));
        }
        order
    }
}

/// An id in the place of this one: a number that grows with the text of the id, and by how much
/// nobody knows.
fn scattered(letters: &str, number: u64, seed: u64) -> String {
    let text = format!("{number:06}");
    // A text that ends comes before all that go on.
    let digits = text.bytes().map(|digit| u64::from(digit - b'0') + 1).chain(std::iter::repeat(0)).take(LONGEST);
    let place = digits.fold(0, |place, digit| place * 11 + digit);
    let mut rest = place * APART + mixed(place ^ seed.rotate_left(40)) % APART;
    let mut id = [0; WIDTH];
    for digit in id.iter_mut().rev() {
        *digit = DIGITS[(rest % 36) as usize];
        rest /= 36;
    }
    format!("{letters}{}", String::from_utf8_lossy(&id))
}

/// A number that looks like chance: the last step of the generator SplitMix64.
fn mixed(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}
