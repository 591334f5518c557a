//! Ctrl-C, being told to end, or losing the terminal: stop at once, leave no half-written file,
//! exit code 130.

use super::failure::Exit;
use crate::atomic_output::UNFINISHED;
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

/// Until somebody presses ctrl-C, the system or a scheduler ends the program, or its terminal goes
/// away.
async fn told_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ended = signal(SignalKind::terminate())?;
        let mut left = if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
        let left = async {
            match &mut left {
                Some(left) => left.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = ended.recv() => Ok(()),
            _ = left => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Whether the program is to go on without its terminal, as `nohup` asks for. Only Linux says;
/// elsewhere it is ended.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    const HANGUP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Signals are numbered from 1 on, the first in the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & HANGUP != 0)
}

#[expect(clippy::exit, reason = "the work is on other threads and cannot be asked to stop")]
fn leave() {
    // Holding the lock keeps a file from being put in its place after this.
    let _held = UNFINISHED.discard();
    let _ = writeln!(anstream::stderr(), "\ninterrupted: nothing half-written is left");
    std::process::exit(i32::from(Exit::Interrupted.number()));
}
