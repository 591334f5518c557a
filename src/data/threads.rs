//! Work on several tables, or parts of tables, at once.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More threads would only raise the memory in use at once.
const MOST: usize = 4;

/// Does `work` on every item, several at a time, the largest first; results are in the order of the items.
/// A result is missing when the work broke off in a way it should not have.
pub(super) fn each<T: Send, R: Send>(
    items: Vec<T>,
    size: impl Fn(&T) -> u64,
    work: impl Fn(T) -> R + Sync,
) -> Vec<Option<R>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST).min(items.len());
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|place| Reverse(size(&items[*place])));
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let items: Vec<Mutex<Option<T>>> = items.into_iter().map(|i| Mutex::new(Some(i))).collect();
    let next = AtomicUsize::new(0);
    let take_turns = || {
        while let Some(place) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let item = items[*place].lock().ok().and_then(|mut item| item.take());
            // Work that breaks off leaves its result missing; the rest goes on.
            let done = item.and_then(|item| catch_unwind(AssertUnwindSafe(|| work(item))).ok());
            if let Ok(mut result) = results[*place].lock() {
                *result = done;
            }
        }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(take_turns)).collect();
        running.into_iter().for_each(|w| drop(w.join()));
    });
    results.into_iter().map(|r| r.into_inner().ok().flatten()).collect()
}
