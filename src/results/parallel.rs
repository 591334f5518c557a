//! An ordered parallel map: several threads do the work, and one thread takes the results in order.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

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
        for piece in 0..pieces {
            if take(work(piece)?).is_break() {
                break;
            }
        }
        return Ok(());
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (give, done) = mpsc::channel();
        for _ in 0..threads.min(pieces) {
            let (give, next, work) = (give.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    // Nobody takes any more after a failure.
                    if piece >= pieces || give.send((piece, work(piece))).is_err() {
                        break;
                    }
                }
            });
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

#[cfg(test)]
mod tests {
    use super::*;

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
