//! An unordered parallel map over tables or units. It differs from [`yardstick_results::parallel`]:
//! the largest items go first, all results are collected, and a panic loses one result instead of
//! the run.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;
use yardstick_results::parallel;

/// More threads would raise only the memory in use.
const MOST: usize = 4;

/// How many threads work on the tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Threads(usize);

impl Threads {
    /// As many as asked for, or as the machine has; [`MOST`] at most.
    pub(super) fn new(asked: Option<usize>) -> Self {
        Self(parallel::threads(asked).min(MOST))
    }

    /// Does `work` on every item, several at a time, the largest first; the results are in the
    /// order of the items. The result of work that panics is `None`.
    pub(super) fn each<T: Send, R: Send>(
        self,
        items: Vec<T>,
        size: impl Fn(&T) -> u64,
        work: impl Fn(T) -> R + Sync,
    ) -> Vec<Option<R>> {
        let threads = self.0.min(items.len());
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|place| Reverse(size(&items[*place])));
        let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
        let items: Vec<Mutex<Option<T>>> = items.into_iter().map(|i| Mutex::new(Some(i))).collect();
        let next = AtomicUsize::new(0);
        let take_turns = || {
            while let Some(place) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                let item = items[*place].lock().ok().and_then(|mut item| item.take());
                // Work that panics leaves its result missing; the rest goes on.
                let done = item.and_then(|item| unbroken(|| work(item)));
                if let Ok(mut result) = results[*place].lock() {
                    *result = done;
                }
            }
        };
        // One of the threads is the one that asks. It does the work of those that the system does
        // not let begin.
        std::thread::scope(|scope| {
            let other = |_| Builder::new().spawn_scoped(scope, take_turns).ok();
            let others: Vec<_> = (1..threads).filter_map(other).collect();
            take_turns();
            others.into_iter().for_each(|other| drop(other.join()));
        });
        results.into_iter().map(|r| r.into_inner().ok().flatten()).collect()
    }
}

/// The result of some work; `None` when it panics.
pub(super) fn unbroken<R>(work: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::thread;
    use std::time::Duration;

    /// The threads that worked when so many were asked for.
    fn seen(asked: usize) -> HashSet<thread::ThreadId> {
        let work = |item: u64| {
            thread::sleep(Duration::from_millis(2));
            (item, thread::current().id())
        };
        let done = Threads::new(Some(asked)).each((0..20).collect(), |item| *item, work);
        let (items, threads): (Vec<u64>, HashSet<_>) = done.into_iter().flatten().unzip();
        assert_eq!(items, (0..20).collect::<Vec<_>>(), "in the order of the items");
        threads
    }

    #[test]
    fn no_more_threads_work_than_are_asked_for() {
        assert_eq!(seen(1), HashSet::from([thread::current().id()]));
        assert!(seen(2).len() <= 2);
        assert!(seen(1000).len() <= MOST);
    }

    #[test]
    fn work_that_breaks_off_leaves_its_result_missing() {
        let work = |item: u64| u64::checked_div(6, item).unwrap();
        for asked in [1, 3] {
            let done = Threads::new(Some(asked)).each(vec![3, 0, 1], |_| 1, work);
            assert_eq!(done, [Some(2), None, Some(6)]);
        }
    }
}
