//! Who holds a row: the stays of a dated link, found by their owner and the day.

use super::lists::Numbers;
use super::lookup::of_stays;
use crate::store::{FROM, OWNER, TARGET, UNTIL};
use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Int32Array, Int64Array, ListArray, PrimitiveArray, RecordBatch,
    StructArray,
};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Fields, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, Expr};
use datafusion::scalar::ScalarValue;
use std::ops::Range;
use std::sync::Arc;

/// The holder in a part of a row's windows, see [`holders_in`].
pub(super) const HOLDER: &str = "holder";
/// The set of those windows.
pub(super) const IN: &str = "in";

/// The row of who holds the owner on the day (Int32); missing when nobody does, and without an owner or a day.
pub(super) fn holder_on(dated: &str, owner: Expr, day: Expr) -> Expr {
    of_stays(dated, Asked::HolderOn, vec![owner, day])
}

/// Who holds the owner in each window of a set, on the day that the row has there: a list of structs of [`HOLDER`] (Int32, missing for
/// nobody) and [`IN`], the windows (Int64) in which that one does. Every window of the set is in one of them.
pub(super) fn holders_in(dated: &str, owner: Expr, set: Expr, days: Vec<Expr>) -> Expr {
    of_stays(dated, Asked::HoldersIn, [owner, set].into_iter().chain(days).collect())
}

/// What is asked of stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    HolderOn,
    HoldersIn,
}

impl Asked {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::HolderOn => "on",
            Self::HoldersIn => "in",
        }
    }

    pub(super) fn returns(self) -> DataType {
        match self {
            Self::HolderOn => DataType::Int32,
            Self::HoldersIn => {
                DataType::List(Arc::new(Field::new_list_field(DataType::Struct(holder_and_set()), true)))
            }
        }
    }

    pub(super) fn answer(self, stays: &Stays, args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
        let [owners, rest @ ..] = args else { return Ok(None) };
        let owners = owners.to_array(rows)?;
        let Some(owners) = owners.as_primitive_opt::<Int32Type>() else { return Ok(None) };
        match (self, rest) {
            (Self::HolderOn, [days]) => Ok(stays.holders_on(owners, &days.to_array(rows)?)),
            (Self::HoldersIn, [sets, days @ ..]) => {
                let (sets, days) = (sets.to_array(rows)?, Days::of(days, rows)?);
                let Some((sets, days)) = sets.as_primitive_opt::<Int64Type>().zip(days) else { return Ok(None) };
                stays.holders_in(owners, sets, &days).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// The day of a row in each window.
#[derive(Debug)]
enum Days {
    /// By lists.
    Listed(Numbers),
    /// The same for all rows, but not after (or, when `latest`, not before) a day of the row.
    Clipped { points: PrimitiveArray<Date32Type>, by: PrimitiveArray<Date32Type>, latest: bool },
}

impl Days {
    /// `[lists]` or `[points, day, whether the later counts]`.
    fn of(args: &[ColumnarValue], rows: usize) -> Result<Option<Self>> {
        match args {
            [lists] => Ok(Numbers::of(&lists.to_array(rows)?).map(Self::Listed)),
            [
                ColumnarValue::Scalar(ScalarValue::List(points)),
                by,
                ColumnarValue::Scalar(ScalarValue::Boolean(Some(latest))),
            ] => {
                let (points, by) = (points.value(0), by.to_array(rows)?);
                let both = points.as_primitive_opt().cloned().zip(by.as_primitive_opt().cloned());
                Ok(both.map(|(points, by)| Self::Clipped { points, by, latest: *latest }))
            }
            _ => Ok(None),
        }
    }

    fn at(&self, row: usize, window: usize) -> Option<i64> {
        match self {
            Self::Listed(lists) => lists.at(row, window),
            Self::Clipped { points, by, latest } => by.is_valid(row).then(|| {
                let (point, by) = (points.value(window), by.value(row));
                i64::from(if *latest { point.max(by) } else { point.min(by) })
            }),
        }
    }
}

fn holder_and_set() -> Fields {
    Fields::from(vec![Field::new(HOLDER, DataType::Int32, true), Field::new(IN, DataType::Int64, false)])
}

/// The stays of a dated link (see [`dated_schema`](crate::store::dated_schema)), in order of owners and first days.
#[derive(Debug)]
pub struct Stays {
    /// Where the stays of each owner begin; those of the last end with the next number.
    begin: Vec<u32>,
    targets: PrimitiveArray<Int32Type>,
    from: PrimitiveArray<Date32Type>,
    until: PrimitiveArray<Date32Type>,
}

impl Stays {
    /// Of a dated link's table.
    ///
    /// # Errors
    /// When the table is not one of a dated link.
    pub fn new(rows: &RecordBatch) -> Result<Self> {
        let owners = column::<Int32Type>(rows, OWNER)?;
        let last = owners.values().last().map_or(0, |last| *last as usize + 1);
        let mut begin = Vec::with_capacity(last + 1);
        for (stay, owner) in owners.values().iter().enumerate() {
            while begin.len() <= *owner as usize {
                begin.push(stay as u32);
            }
        }
        begin.push(owners.len() as u32);
        Ok(Self { begin, targets: column(rows, TARGET)?, from: column(rows, FROM)?, until: column(rows, UNTIL)? })
    }

    /// The stays of an owner.
    fn of(&self, owner: i32) -> Range<usize> {
        let begin = |owner: usize| self.begin.get(owner).map_or(self.from.len(), |stay| *stay as usize);
        usize::try_from(owner).map_or(0..0, |owner| begin(owner)..begin(owner + 1))
    }

    /// Who holds, by these stays of one owner, on the day; and the days around it for which that is so.
    fn holder(&self, stays: &Range<usize>, day: i64) -> (Option<i32>, Range<i64>) {
        let begun = stays.start + self.from.values()[stays.clone()].partition_point(|from| i64::from(*from) <= day);
        let next = if begun < stays.end { i64::from(self.from.value(begun)) } else { i64::MAX };
        if begun == stays.start {
            return (None, i64::MIN..next);
        }
        let stay = begun - 1;
        let until = if self.until.is_valid(stay) { i64::from(self.until.value(stay)) } else { i64::MAX };
        if until <= day {
            (None, until..next)
        } else {
            (Some(self.targets.value(stay)), i64::from(self.from.value(stay))..until)
        }
    }

    fn holders_on(&self, owners: &Int32Array, days: &ArrayRef) -> Option<ArrayRef> {
        let holders = owners.iter().zip(days.as_primitive_opt::<Date32Type>()?);
        let holders = holders.map(|(owner, day)| self.holder(&self.of(owner?), i64::from(day?)).0);
        Some(Arc::new(holders.collect::<Int32Array>()))
    }

    fn holders_in(&self, owners: &Int32Array, sets: &Int64Array, days: &Days) -> Result<ArrayRef> {
        let (mut lengths, mut holders, mut held) = (Vec::with_capacity(sets.len()), Vec::new(), Vec::new());
        for row in 0..sets.len() {
            let first = holders.len();
            let stays = if owners.is_valid(row) { self.of(owners.value(row)) } else { 0..0 };
            let mut last = (None, 0..0);
            let mut left = if sets.is_valid(row) { sets.value(row) } else { 0 };
            while left != 0 {
                let window = left.trailing_zeros() as usize;
                let day = days.at(row, window).filter(|_| !stays.is_empty());
                let holder = day.and_then(|day| {
                    if !last.1.contains(&day) {
                        last = self.holder(&stays, day);
                    }
                    last.0
                });
                match holders[first..].iter().position(|h| *h == holder) {
                    Some(known) => held[first + known] |= 1_i64 << window,
                    None => {
                        holders.push(holder);
                        held.push(1_i64 << window);
                    }
                }
                left &= left - 1;
            }
            lengths.push(holders.len() - first);
        }
        lists(lengths, Int32Array::from(holders), Int64Array::from(held))
    }
}

fn lists(lengths: Vec<usize>, holders: Int32Array, held: Int64Array) -> Result<ArrayRef> {
    let both = StructArray::try_new(holder_and_set(), vec![Arc::new(holders), Arc::new(held)], None)?;
    let item = Arc::new(Field::new_list_field(DataType::Struct(holder_and_set()), true));
    Ok(Arc::new(ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(both), None)?))
}

fn column<T: ArrowPrimitiveType>(rows: &RecordBatch, name: &str) -> Result<PrimitiveArray<T>> {
    let column = rows.column_by_name(name).and_then(|c| c.as_primitive_opt::<T>()).cloned();
    column.ok_or_else(|| DataFusionError::Internal(format!("a dated link's column `{name}` is not as it should be")))
}
