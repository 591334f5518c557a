//! An ordered parallel map: several threads do the work, and one thread takes the results in order.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, Builder};

/// How many threads work at once: as many as asked for, or as the machine has.
#[must_use]
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).max(1)
}

/// Does `pieces` pieces of work, `threads` at a time; `take` gets each result in the order of the
/// pieces, on the calling thread, and says whether to go on. With one thread, the calling thread
/// does the work. After a failure no further piece is begun.
///
/// # Errors
/// The first failure, in the order of the pieces.
pub fn ordered_map<T: Send, E: Send>(
    pieces: usize,
    threads: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), E> {
    if threads <= 1 {
        return one_by_one(pieces, work, take);
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (give, done) = mpsc::channel();
        let begun = (0..threads.min(pieces)).take_while(|_| {
            let (give, next, work) = (give.clone(), &next, &work);
            let turns = move || {
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    // Nobody takes any more after a failure.
                    if piece >= pieces || give.send((piece, work(piece))).is_err() {
                        break;
                    }
                }
            };
            Builder::new().spawn_scoped(scope, turns).is_ok()
        });
        // Those that began do the work of those that the system does not let begin.
        if begun.count() == 0 {
            return one_by_one(pieces, &work, take);
        }
        drop(give);
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        for (piece, result) in done {
            waiting.insert(piece, result);
            while let Some(result) = waiting.remove(&due) {
                if take(result?).is_break() {
                    return Ok(());
                }
                due += 1;
            }
        }
        Ok(())
    })
}

/// Whether the system lets so many threads be there at once, and a few more: each takes its stack
/// and some memory of its own.
#[must_use]
pub fn can_begin(threads: usize) -> bool {
    const MORE: usize = 2;
    let (threads, begun, waiting) = (threads + MORE, Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        let stay = || {
            let _memory_of_its_own = std::hint::black_box(vec![0_u8; 1 << 10]);
            let all = begun.lock().unwrap_or_else(PoisonError::into_inner);
            drop(waiting.wait_while(all, |all| *all < threads));
        };
        let could = (0..threads).take_while(|_| Builder::new().spawn_scoped(scope, stay).is_ok()).count();
        *begun.lock().unwrap_or_else(PoisonError::into_inner) = threads;
        waiting.notify_all();
        could == threads
    })
}

fn one_by_one<T, E>(
    pieces: usize,
    work: impl Fn(usize) -> Result<T, E>,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), E> {
    for piece in 0..pieces {
        if take(work(piece)?).is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_are_to_be_there_at_once_go_again() {
        assert!(can_begin(1) && can_begin(5));
    }

    #[test]
    fn who_takes_may_end_it() {
        for threads in [1, 3] {
            let mut taken = Vec::new();
            let take = |piece: usize| {
                taken.push(piece);
                if piece == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            assert_eq!(ordered_map(1_000_000, threads, Ok::<_, ()>, take), Ok(()));
            assert_eq!(taken, [0, 1, 2, 3, 4], "{threads} threads");
        }
    }

    #[test]
    fn results_come_in_order_and_end_with_the_first_failure() {
        for threads in [1, 2, 5] {
            let mut taken = Vec::new();
            let slow_first = |piece: usize| {
                thread::sleep(std::time::Duration::from_millis(if piece.is_multiple_of(3) { 20 } else { 0 }));
                if piece == 7 { Err(piece) } else { Ok(piece) }
            };
            let take = |piece| {
                taken.push(piece);
                ControlFlow::Continue(())
            };
            assert_eq!(ordered_map(20, threads, slow_first, take), Err(7));
            assert_eq!(taken, (0..7).collect::<Vec<_>>(), "{threads} threads");
            assert_eq!(ordered_map(0, threads, slow_first, |_| ControlFlow::Continue(())), Ok(()));
        }
    }
}
