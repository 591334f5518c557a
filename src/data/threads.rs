//! Work on several tables at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More threads would only raise the memory in use at once.
const MOST: usize = 4;

/// Does `work` on every item, several at a time; results are in the order of the items.
/// A result is missing when the work broke off in a way it should not have.
pub(super) fn each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<Option<R>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST).min(items.len());
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let items: Vec<Mutex<Option<T>>> = items.into_iter().map(|i| Mutex::new(Some(i))).collect();
    let next = AtomicUsize::new(0);
    let take_turns = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let (Some(item), Some(result)) = (items.get(place), results.get(place)) else { return };
            let done = item.lock().ok().and_then(|mut i| i.take()).map(&work);
            if let Ok(mut result) = result.lock() {
                *result = done;
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(take_turns)).collect();
        // A worker that broke off leaves its result missing; the others go on.
        workers.into_iter().for_each(|w| drop(w.join()));
    });
    results.into_iter().map(|r| r.into_inner().ok().flatten()).collect()
}
