//! Rows of a few numbers, each row as one number with its place at the end: sorting compares
//! nothing else, and looks nowhere else.

use super::encode::alike;
use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{max, min};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, TimestampSecondType};

/// Rows as numbers, and how many bits at the end of each are its place.
pub(super) struct PackedRows {
    numbers: Numbers,
    place: u32,
}

enum Numbers {
    Narrow(Vec<u64>),
    Wide(Vec<u128>),
}

/// A column, the smallest value in it, and how many bits tell the values apart.
struct Digits<'a> {
    column: &'a ArrayRef,
    smallest: i64,
    bits: u32,
}

impl PackedRows {
    /// The rows of these columns; `None` where they hold something else than numbers, or too many
    /// different ones.
    pub(super) fn new(columns: &[ArrayRef]) -> Option<Self> {
        let digits = columns.iter().map(Digits::of).collect::<Option<Vec<_>>>()?;
        let rows = columns.first()?.len();
        let place = bits(rows as u64);
        let numbers = match digits.iter().map(|digits| digits.bits).sum::<u32>() + place {
            0..=64 => {
                let mut numbers = vec![0_u64; rows];
                digits.iter().for_each(|d| d.each(|row, digit| numbers[row] = numbers[row] << d.bits | digit));
                numbers.iter_mut().zip(0..).for_each(|(number, row): (_, u64)| *number = *number << place | row);
                Numbers::Narrow(numbers)
            }
            65..=128 => {
                let mut numbers = vec![0_u128; rows];
                digits
                    .iter()
                    .for_each(|d| d.each(|row, digit| numbers[row] = numbers[row] << d.bits | u128::from(digit)));
                numbers.iter_mut().zip(0..).for_each(|(number, row): (_, u128)| *number = *number << place | row);
                Numbers::Wide(numbers)
            }
            _ => return None,
        };
        Some(Self { numbers, place })
    }

    /// Rows of one number each. What all of them end with is left out.
    pub(super) fn of_numbers(mut numbers: Vec<u64>) -> Self {
        let smallest = numbers.iter().min().copied().unwrap_or(0);
        let ends = numbers.iter().fold(0, |all, number| all | number).trailing_zeros().min(u64::BITS - 1);
        let digit = |number: u64| (number - smallest) >> ends;
        let place = bits(numbers.len() as u64);
        let largest = numbers.iter().max().map_or(0, |number| digit(*number));
        if bits(largest) + place > u64::BITS {
            let wide = |(number, row): (u64, u128)| u128::from(digit(number)) << place | row;
            return Self { numbers: Numbers::Wide(numbers.into_iter().zip(0..).map(wide).collect()), place };
        }
        numbers.iter_mut().zip(0..).for_each(|(number, row): (_, u64)| *number = digit(*number) << place | row);
        Self { numbers: Numbers::Narrow(numbers), place }
    }

    /// The rows in order, each as what `names` has in its place, and those alike in the order in
    /// which they stand there; and of each whether it is alike with the one before.
    pub(super) fn sorted(self, names: &[u32]) -> (Vec<u32>, BooleanBuffer) {
        let place = self.place;
        match self.numbers {
            Numbers::Narrow(numbers) => {
                let mask = (1 << place) - 1;
                in_order(numbers, |number| (number >> place, names[(number & mask) as usize]))
            }
            Numbers::Wide(numbers) => {
                let mask = (1 << place) - 1;
                in_order(numbers, |number| (number >> place, names[(number & mask) as usize]))
            }
        }
    }
}

fn in_order<T: Ord + Copy>(mut numbers: Vec<T>, split: impl Fn(T) -> (T, u32)) -> (Vec<u32>, BooleanBuffer) {
    // Files are often in order for long stretches, which this sort finds.
    numbers.sort();
    let same = alike(numbers.len(), |place| split(numbers[place - 1]).0 == split(numbers[place]).0);
    (numbers.into_iter().map(|number| split(number).1).collect(), same)
}

impl<'a> Digits<'a> {
    fn of(column: &'a ArrayRef) -> Option<Self> {
        fn ends<T: ArrowPrimitiveType<Native: Into<i64>>>(values: &PrimitiveArray<T>) -> (i64, i64) {
            let (least, most) = (min(values), max(values));
            least.zip(most).map_or((0, 0), |(least, most)| (least.into(), most.into()))
        }
        let (smallest, largest) = match column.data_type() {
            DataType::Int32 => ends(column.as_primitive::<Int32Type>()),
            DataType::Date32 => ends(column.as_primitive::<Date32Type>()),
            DataType::Int64 => ends(column.as_primitive::<Int64Type>()),
            DataType::Timestamp(..) => ends(column.as_primitive_opt::<TimestampSecondType>()?),
            _ => return None,
        };
        let different = u64::try_from(largest.checked_sub(smallest)?).ok()? + 1;
        Some(Self { column, smallest, bits: bits(different) })
    }

    /// Gives the digit of each row; zero is a missing value.
    fn each(&self, mut add: impl FnMut(usize, u64)) {
        fn all<T: ArrowPrimitiveType<Native: Into<i64>>>(
            values: &PrimitiveArray<T>,
            mut add: impl FnMut(usize, i64, bool),
        ) {
            match values.nulls() {
                None => values.values().iter().enumerate().for_each(|(row, value)| add(row, (*value).into(), true)),
                Some(there) => {
                    let values = values.values().iter().zip(there).enumerate();
                    values.for_each(|(row, (value, there))| add(row, (*value).into(), there));
                }
            }
        }
        let smallest = self.smallest;
        let digit = |row, value: i64, there| add(row, if there { (value - smallest) as u64 + 1 } else { 0 });
        match self.column.data_type() {
            DataType::Int32 => all(self.column.as_primitive::<Int32Type>(), digit),
            DataType::Date32 => all(self.column.as_primitive::<Date32Type>(), digit),
            DataType::Int64 => all(self.column.as_primitive::<Int64Type>(), digit),
            _ => all(self.column.as_primitive::<TimestampSecondType>(), digit),
        }
    }
}

/// How many bits write this number.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Date32Array, Int32Array, Int64Array};
    use arrow::row::{RowConverter, SortField};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use std::sync::Arc;

    #[test]
    fn the_order_is_that_of_the_columns_one_after_the_other() {
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let mut packed = 0;
        for round in 0..400 {
            let rows = dice.random_range(0..60);
            let wide = i64::from(dice.random_range(0..3_u8)) * (1 << dice.random_range(0..62));
            let mut some = |most: i64| dice.random_bool(0.8).then(|| dice.random_range(-most..=most));
            let small = |value: Option<i64>| value.map(|value| value as i32);
            let columns: [ArrayRef; 3] = [
                Arc::new((0..rows).map(|_| small(some(2))).collect::<Int32Array>()),
                Arc::new((0..rows).map(|_| some(wide)).collect::<Int64Array>()),
                Arc::new((0..rows).map(|_| small(some(i64::from(i32::MAX)))).collect::<Date32Array>()),
            ];
            let columns = &columns[..1 + round % 3];
            let fields = columns.iter().map(|c| SortField::new(c.data_type().clone())).collect();
            let by = RowConverter::new(fields).unwrap().convert_columns(columns).unwrap();
            let mut order: Vec<u32> = (0..rows as u32).collect();
            order.sort_by(|a, b| by.row(*a as usize).cmp(&by.row(*b as usize)));
            let same = alike(order.len(), |place| by.row(order[place - 1] as usize) == by.row(order[place] as usize));
            let names: Vec<u32> = (0..rows as u32).map(|row| row + 7).collect();
            let Some(found) = PackedRows::new(columns) else { continue };
            packed += 1;
            let named: Vec<u32> = order.iter().map(|row| row + 7).collect();
            assert_eq!(found.sorted(&names), (named, same), "{columns:?}");
        }
        assert!(packed > 300, "{packed}");
    }
}
