//! Result rows in pieces: an ordered parallel map with a state per thread and a limit on how far
//! threads run ahead, so that memory stays bounded. The number of threads changes no byte.

use super::Report;
use crate::parallel;
use crate::scorecard::Block;
use std::io;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, Builder};

/// The number of pieces that a thread may be ahead of the one that takes them.
const AHEAD: usize = 2;

/// The most windows that a block may have.
pub(super) fn widest(report: &Report) -> usize {
    report.judged.tables.iter().map(|table| table.windows.len()).max().unwrap_or(0)
}

/// Calls `make` with about `rows` rows of blocks at a time, and `take` with the results in the
/// order of the rows. Each thread has a state of its own for all its pieces.
pub(super) fn ordered_map<O: Default, T: Send>(
    report: &Report,
    blocks: &[Block],
    rows: usize,
    make: impl Fn(&mut O, &[Block]) -> T + Sync,
    mut take: impl FnMut(T) -> io::Result<()>,
) -> io::Result<()> {
    let pieces: Vec<&[Block]> = blocks.chunks(rows.div_ceil(widest(report).max(1))).collect();
    let threads = parallel::threads(report.threads).min(pieces.len());
    if threads <= 1 {
        let mut own = O::default();
        return pieces.into_iter().try_for_each(|piece| take(make(&mut own, piece)));
    }
    thread::scope(|scope| {
        let (make, pieces) = (&make, &pieces);
        // Thread `n` makes every piece whose number leaves the remainder `n`, so asking the threads
        // in turn gives the order.
        let made: Vec<Option<Receiver<T>>> = (0..threads)
            .map(|first| {
                let (give, get) = sync_channel(AHEAD);
                let work = move || {
                    let mine = pieces.iter().skip(first).step_by(threads);
                    // Nobody takes any more after a failure.
                    let mut own = O::default();
                    mine.map(|piece| make(&mut own, piece)).try_for_each(|piece| give.send(piece)).ok()
                };
                Builder::new().spawn_scoped(scope, work).ok().map(|_| get)
            })
            .collect();
        let mut own = O::default();
        // A panic in a thread ends the loop here, and the run where the scope ends. What a thread
        // was to make that the system did not let begin is made here.
        let piece = |place: usize| match &made[place % threads] {
            Some(made) => made.recv().ok(),
            None => Some(make(&mut own, pieces[place])),
        };
        (0..pieces.len()).map_while(piece).try_for_each(take)
    })
}
