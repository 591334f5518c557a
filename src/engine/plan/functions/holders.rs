//! Who holds a row: the stays of a dated link, found by their owner and the day.

use crate::plan::functions::window_list::Numbers;
use crate::plan::window_set::{each, only};
use crate::store::{FROM, OWNER, TARGET, UNTIL};
use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Int32Array, Int64Array, ListArray, PrimitiveArray, RecordBatch,
    StructArray,
};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, FieldRef, Fields, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::ColumnarValue;
use datafusion::scalar::ScalarValue;
use std::ops::Range;
use std::sync::Arc;

/// The holder in a part of a row's windows, see [`holders_in`].
pub(in crate::plan) const HOLDER: &str = "holder";
/// The set of those windows.
pub(in crate::plan) const IN: &str = "in";

/// The two queries of an index of holders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::plan) enum HolderQuery {
    HolderOn,
    HoldersIn,
}

impl HolderQuery {
    pub(in crate::plan) fn name(self) -> &'static str {
        match self {
            Self::HolderOn => "on",
            Self::HoldersIn => "in",
        }
    }

    pub(in crate::plan) fn returns(self) -> DataType {
        match self {
            Self::HolderOn => DataType::Int32,
            Self::HoldersIn => DataType::List(item()),
        }
    }

    pub(in crate::plan) fn answer(
        self,
        stays: &HolderIndex,
        args: &[ColumnarValue],
        rows: usize,
    ) -> Result<Option<ArrayRef>> {
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

fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Struct(holder_and_set()), true))
}

/// The stays of a dated link (see [`dated_schema`](crate::store::dated_schema)), in order of owners
/// and first days.
#[derive(Debug)]
pub struct HolderIndex {
    /// Where the stays of each owner begin; those of the last end with the next number.
    begin: Vec<u32>,
    targets: PrimitiveArray<Int32Type>,
    from: PrimitiveArray<Date32Type>,
    until: PrimitiveArray<Date32Type>,
}

impl HolderIndex {
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

    /// Who holds what an owner has on a day.
    pub(crate) fn on(&self, owner: i32, day: i32) -> Option<i32> {
        self.holder(&self.of(owner), i64::from(day)).0
    }

    /// Everyone who holds what an owner has on some day.
    pub(crate) fn ever(&self, owner: i32) -> &[i32] {
        self.targets.values().get(self.of(owner)).unwrap_or_default()
    }

    /// The owners and their holders on some day.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (i32, i32)> + '_ {
        let owners = self.begin.windows(2).zip(0..);
        owners.flat_map(|(stays, owner)| {
            let held = self.targets.values().get(stays[0] as usize..stays[1] as usize).unwrap_or_default();
            held.iter().map(move |target| (owner, *target))
        })
    }

    /// The stays of an owner.
    fn of(&self, owner: i32) -> Range<usize> {
        let begin = |owner: usize| self.begin.get(owner).map_or(self.from.len(), |stay| *stay as usize);
        usize::try_from(owner).map_or(0..0, |owner| begin(owner)..begin(owner + 1))
    }

    /// Who holds, by these stays of one owner, on the day; and the days around it for which that is
    /// so.
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
            for window in each(if sets.is_valid(row) { sets.value(row) } else { 0 }) {
                let day = days.at(row, window).filter(|_| !stays.is_empty());
                let holder = day.and_then(|day| {
                    if !last.1.contains(&day) {
                        last = self.holder(&stays, day);
                    }
                    last.0
                });
                match holders[first..].iter().position(|h| *h == holder) {
                    Some(known) => held[first + known] |= only(window),
                    None => {
                        holders.push(holder);
                        held.push(only(window));
                    }
                }
            }
            lengths.push(holders.len() - first);
        }
        listed(lengths, Int32Array::from(holders), Int64Array::from(held))
    }
}

fn listed(lengths: Vec<usize>, holders: Int32Array, held: Int64Array) -> Result<ArrayRef> {
    let both = StructArray::try_new(holder_and_set(), vec![Arc::new(holders), Arc::new(held)], None)?;
    Ok(Arc::new(ListArray::try_new(item(), OffsetBuffer::from_lengths(lengths), Arc::new(both), None)?))
}

fn column<T: ArrowPrimitiveType>(rows: &RecordBatch, name: &str) -> Result<PrimitiveArray<T>> {
    let column = rows.column_by_name(name).and_then(|c| c.as_primitive_opt::<T>()).cloned();
    column.ok_or_else(|| DataFusionError::Internal(format!("a dated link's column `{name}` is not as it should be")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::dated_schema;
    use datafusion::arrow::array::Date32Array;

    /// Owner, target, first day and the day after the last.
    const STAYS: [(i32, i32, i32, Option<i32>); 5] =
        [(1, 10, 0, Some(5)), (1, 11, 5, Some(8)), (1, 10, 12, None), (3, 12, -4, Some(2)), (3, 13, 4, Some(6))];

    fn stays() -> HolderIndex {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from(STAYS.map(|s| s.0).to_vec())),
            Arc::new(Int32Array::from(STAYS.map(|s| s.1).to_vec())),
            Arc::new(Date32Array::from(STAYS.map(|s| s.2).to_vec())),
            Arc::new(Date32Array::from(STAYS.map(|s| s.3).to_vec())),
        ];
        HolderIndex::new(&RecordBatch::try_new(dated_schema(), columns).unwrap()).unwrap()
    }

    /// Found by looking at every stay.
    fn holder(owner: i32, day: i32) -> Option<i32> {
        let holds =
            |s: &&(i32, i32, i32, Option<i32>)| s.0 == owner && s.2 <= day && s.3.is_none_or(|until| day < until);
        STAYS.iter().find(holds).map(|s| s.1)
    }

    #[test]
    fn the_holder_is_found_on_every_day() {
        let stays = stays();
        for owner in -1..6 {
            for day in -6..20 {
                let (found, around) = stays.holder(&stays.of(owner), i64::from(day));
                assert_eq!(found, holder(owner, day), "{owner} on {day}");
                assert!(around.contains(&i64::from(day)));
                let same = |other: i32| !around.contains(&i64::from(other)) || holder(owner, other) == found;
                assert!((-6..20).all(same), "{owner} around {day}: {around:?}");
            }
        }
        let owners = Int32Array::from(vec![Some(1), Some(1), None, Some(1)]);
        let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(7), Some(8), Some(7), None]));
        let held = stays.holders_on(&owners, &days).unwrap();
        assert_eq!(held.as_primitive::<Int32Type>().iter().collect::<Vec<_>>(), [Some(11), None, None, None]);
    }

    /// The holders of each row and their windows.
    fn held(days: &Days) -> Vec<Vec<(Option<i32>, i64)>> {
        let owners = Int32Array::from(vec![Some(1), Some(3), Some(2), None]);
        let sets = Int64Array::from(vec![0b1111, 0b0111, 0b1010, 0b0001]);
        let lists = stays().holders_in(&owners, &sets, days).unwrap();
        let lists = lists.as_list::<i32>();
        let of_row = |row: usize| {
            let both = lists.value(row);
            let column = |n: usize| both.as_struct().column(n).clone();
            let (holders, held) = (column(0), column(1));
            let (holders, held) = (holders.as_primitive::<Int32Type>(), held.as_primitive::<Int64Type>());
            holders.iter().zip(held.values().iter().copied()).collect()
        };
        (0..4).map(of_row).collect()
    }

    #[test]
    fn every_window_of_a_row_is_somebodys_or_nobodys() {
        let points = Date32Array::from(vec![4, 5, 9, 30]);
        let clipped = |by: Vec<Option<i32>>, latest| Days::Clipped { points: points.clone(), by: by.into(), latest };
        let never = vec![Some(1000); 4];
        let as_they_are =
            [vec![(Some(10), 0b1001), (Some(11), 0b0010), (None, 0b0100)], vec![(Some(13), 0b0011), (None, 0b0100)]];
        let nobody = [vec![(None, 0b1010)], vec![(None, 0b0001)]];
        assert_eq!(held(&clipped(never, false)), [as_they_are.clone(), nobody.clone()].concat());
        let by = vec![Some(4), None, Some(0), Some(0)];
        let all_nobodys = vec![(None, 0b0111)];
        assert_eq!(held(&clipped(by.clone(), false))[..2], [vec![(Some(10), 0b1111)], all_nobodys.clone()]);
        assert_eq!(held(&clipped(by, true))[..2], [as_they_are[0].clone(), all_nobodys]);
        let listed = [4, 5, 9, 30].repeat(4);
        let lists = crate::plan::functions::window_list::lists(4, Int64Array::from(listed)).unwrap();
        assert_eq!(held(&Days::Listed(Numbers::of(&lists).unwrap())), [as_they_are, nobody].concat());
    }
}
