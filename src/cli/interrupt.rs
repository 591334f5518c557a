//! Ctrl-C: stop at once, leave no half-written file, exit code 130.

use super::stop::Exit;
use crate::unfinished::UNFINISHED;
use std::io::Write;

/// Waits for ctrl-C on a thread of its own for the rest of the run.
pub(super) fn watch() {
    let waiting = || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            leave();
        }
    };
    // Without the thread, ctrl-C still ends the program, only less tidily.
    let _ = std::thread::Builder::new().name("ctrl-c".into()).spawn(waiting);
}

#[expect(clippy::exit, reason = "the work is on other threads and cannot be asked to stop")]
fn leave() {
    // Holding the lock keeps a file from being put in its place after this.
    let _held = UNFINISHED.discard();
    let _ = writeln!(anstream::stderr(), "\ninterrupted: nothing was written");
    std::process::exit(i32::from(Exit::Interrupted.number()));
}
