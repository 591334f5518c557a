//! Dated links: from overlapping stays to one answer for each day.
//!
//! Of the stays open on a day the one that began last holds; of those that began on the same day,
//! the one whose target has the smallest id, which is the smallest row number. A stay without a
//! target holds its days for nobody: they have no row. A stay without a first day, or one that ends
//! on its first day, holds no day.

use crate::scratch::Scratch;
use crate::store::{self, Store};
use arrow::array::{Array, AsArray, Date32Array, Int32Array, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type};
use arrow::error::ArrowError;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use yardstick_language::model::{DatedLink, Model};

/// The day of a stay that has no end: later than every day there is.
const NEVER: i32 = i32::MAX;
/// Stands for a missing target. Larger than every row, so that a known target goes before it.
const NOBODY: i32 = i32::MAX;

/// One stay of one owner, and who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stay {
    owner: i32,
    from: i32,
    target: i32,
    until: i32,
}

/// Adds all dated links whose tables are in the store.
pub(super) fn add_all(model: &Model, store: &mut Store, scratch: &Scratch) -> Result<(), ArrowError> {
    for (id, table) in model.tables() {
        for (number, link) in table.dated.iter().enumerate() {
            if store.tables.contains_key(&id)
                && let Some(stays) = stays(model, link, store)
            {
                store.dated.insert((id, number), scratch.spill_rows(&batch(&disjoint(stays))?)?);
            }
        }
    }
    Ok(())
}

/// The stays of a dated link's table that hold a day, by owner and first day. `None` when the table
/// is not in the store.
fn stays(model: &Model, link: &DatedLink, store: &Store) -> Option<Vec<Stay>> {
    let through = model.table(link.through);
    let spans = through.spans?;
    let rows = &store.tables.get(&link.through)?.rows;
    let column = |id| rows.column_by_name(&through.column(id).name);
    let owner = column(link.owner)?.as_primitive_opt::<Int32Type>()?;
    let target = column(link.value)?.as_primitive_opt::<Int32Type>()?;
    let from = column(spans.from)?.as_primitive_opt::<Date32Type>()?;
    let until = column(spans.until)?.as_primitive_opt::<Date32Type>()?;
    let mut stays: Vec<Stay> = (0..rows.num_rows())
        .filter(|i| owner.is_valid(*i) && from.is_valid(*i))
        .map(|i| Stay {
            owner: owner.value(i),
            from: from.value(i),
            target: if target.is_valid(i) { target.value(i) } else { NOBODY },
            until: if until.is_valid(i) { until.value(i) + i32::from(spans.through) } else { NEVER },
        })
        .filter(|s| s.from < s.until)
        .collect();
    if !stays.is_sorted() {
        stays.sort_unstable();
    }
    Some(stays)
}

/// Cuts stays, sorted, into ones that share no day within an owner. Days in a row with the same
/// target make one stay.
fn disjoint(stays: Vec<Stay>) -> Vec<Stay> {
    let apart = stays.windows(2).all(|w| w[0].owner != w[1].owner || w[0].until < w[1].from);
    if apart {
        return stays.into_iter().filter(|s| s.target != NOBODY).collect();
    }
    let mut held = Vec::with_capacity(stays.len());
    for of_one in stays.chunk_by(|a, b| a.owner == b.owner) {
        hold(of_one, &mut held);
    }
    held.retain(|s| s.target != NOBODY);
    held
}

/// The stays of one owner, by first day, on a line of days: at each turn the one on top of the heap
/// holds.
fn hold(stays: &[Stay], held: &mut Vec<Stay>) {
    let begin = held.len();
    let mut heap: BinaryHeap<(i32, Reverse<i32>, i32)> = BinaryHeap::new();
    let mut coming = stays.iter().peekable();
    let Some(mut today) = coming.peek().map(|s| s.from) else { return };
    loop {
        while let Some(stay) = coming.next_if(|s| s.from <= today) {
            heap.push((stay.from, Reverse(stay.target), stay.until));
        }
        while heap.peek().is_some_and(|top| top.2 <= today) {
            heap.pop();
        }
        let next = coming.peek().map(|s| s.from);
        let Some((_, Reverse(target), until)) = heap.peek().copied() else {
            match next {
                Some(day) => today = day,
                None => return,
            }
            continue;
        };
        let end = next.map_or(until, |day| day.min(until));
        match held[begin..].last_mut() {
            Some(last) if last.target == target && last.until == today => last.until = end,
            _ => held.push(Stay { owner: stays[0].owner, from: today, target, until: end }),
        }
        if end == NEVER {
            return;
        }
        today = end;
    }
}

fn batch(stays: &[Stay]) -> Result<RecordBatch, ArrowError> {
    let number = |of: fn(&Stay) -> i32| Arc::new(Int32Array::from_iter_values(stays.iter().map(of)));
    let from = Date32Array::from_iter_values(stays.iter().map(|s| s.from));
    let until: Date32Array = stays.iter().map(|s| Some(s.until).filter(|u| *u != NEVER)).collect();
    let columns: Vec<arrow::array::ArrayRef> =
        vec![number(|s| s.owner), number(|s| s.target), Arc::new(from), Arc::new(until)];
    RecordBatch::try_new(store::dated_schema(), columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(stays: &[(i32, i32, i32)]) -> Vec<(i32, i32, i32)> {
        let mut stays: Vec<Stay> = stays
            .iter()
            .map(|(from, until, target)| Stay { owner: 7, from: *from, target: *target, until: *until })
            .filter(|s| s.from < s.until)
            .collect();
        stays.sort_unstable();
        disjoint(stays).iter().map(|s| (s.from, s.until, s.target)).collect()
    }

    #[test]
    fn stays_apart_are_kept() {
        assert_eq!(held(&[(1, 5, 1), (8, NEVER, 2)]), [(1, 5, 1), (8, NEVER, 2)]);
        assert_eq!(held(&[(1, 5, 1), (5, 9, 2)]), [(1, 5, 1), (5, 9, 2)]);
        assert_eq!(held(&[]), []);
    }

    #[test]
    fn the_one_that_began_last_holds() {
        assert_eq!(held(&[(1, 10, 1), (5, 20, 2)]), [(1, 5, 1), (5, 20, 2)]);
        assert_eq!(held(&[(1, NEVER, 1), (5, NEVER, 2)]), [(1, 5, 1), (5, NEVER, 2)]);
    }

    #[test]
    fn a_stay_within_a_stay_gives_back_what_it_took() {
        assert_eq!(held(&[(1, 20, 1), (5, 8, 2)]), [(1, 5, 1), (5, 8, 2), (8, 20, 1)]);
        let deep = [(1, 20, 1), (3, 15, 2), (5, 8, 3), (16, 18, 4)];
        assert_eq!(held(&deep), [(1, 3, 1), (3, 5, 2), (5, 8, 3), (8, 15, 2), (15, 16, 1), (16, 18, 4), (18, 20, 1)]);
    }

    #[test]
    fn ties_go_to_the_smallest_target() {
        assert_eq!(held(&[(1, 5, 3), (1, 9, 4)]), [(1, 5, 3), (5, 9, 4)]);
        assert_eq!(held(&[(1, 9, 3), (1, 5, 4)]), [(1, 9, 3)]);
    }

    #[test]
    fn days_in_a_row_with_one_target_make_one_stay() {
        assert_eq!(held(&[(1, 5, 1), (5, 9, 1)]), [(1, 9, 1)]);
        assert_eq!(held(&[(1, 9, 1), (3, 5, 1)]), [(1, 9, 1)]);
    }

    #[test]
    fn stays_without_days_or_target() {
        assert_eq!(held(&[(1, 9, 1), (5, 5, 2)]), [(1, 9, 1)]);
        assert_eq!(held(&[(1, 9, 1), (5, 7, NOBODY)]), [(1, 5, 1), (7, 9, 1)]);
        assert_eq!(held(&[(1, 9, NOBODY), (1, 7, 2)]), [(1, 7, 2)]);
    }

    #[test]
    fn every_day_is_held_as_the_rule_says() {
        // All ways to lay three stays on a short line of days.
        let line: Vec<(i32, i32)> = (0..5).flat_map(|a| (a..6).map(move |b| (a, b))).collect();
        for a in &line {
            for b in &line {
                for c in &line {
                    let stays = [(a.0, a.1, 1), (b.0, b.1, 2), (c.0, c.1, 1)];
                    let cut = held(&stays);
                    for day in 0..6 {
                        let open = stays.iter().filter(|s| s.0 <= day && day < s.1);
                        let rule = open.max_by_key(|s| (s.0, Reverse(s.2))).map(|s| s.2);
                        let found: Vec<_> = cut.iter().filter(|s| s.0 <= day && day < s.1).map(|s| s.2).collect();
                        assert_eq!(found, rule.into_iter().collect::<Vec<_>>(), "{stays:?} on {day}");
                    }
                }
            }
        }
    }
}
