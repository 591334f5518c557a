//! Ctrl-C, or being told to end: stop at once, leave no half-written file, exit code 130.

use super::stop::Exit;
use crate::unfinished::UNFINISHED;
use std::io::Write;

/// Waits for ctrl-C on a thread of its own for the rest of the run.
pub(super) fn watch() {
    let waiting = || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(told_to_end()).is_ok() {
            leave();
        }
    };
    // Without the thread, ctrl-C still ends the program, only less tidily.
    let _ = std::thread::Builder::new().name("ctrl-c".into()).spawn(waiting);
}

/// Until somebody presses ctrl-C, or the system or a scheduler ends the program.
async fn told_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ended = signal(SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = ended.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

#[expect(clippy::exit, reason = "the work is on other threads and cannot be asked to stop")]
fn leave() {
    // Holding the lock keeps a file from being put in its place after this.
    let _held = UNFINISHED.discard();
    let _ = writeln!(anstream::stderr(), "\ninterrupted: nothing half-written is left");
    std::process::exit(i32::from(Exit::Interrupted.number()));
}
