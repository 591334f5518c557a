//! Ctrl-C, being told to end, or losing the terminal: stop at once, leave no half-written file,
//! exit code 130.

use super::failure::Exit;
use crate::atomic_output::UNFINISHED;
use std::io::Write;
use std::sync::mpsc::{Sender, channel};

/// Waits for ctrl-C on a thread of its own for the rest of the run. From when this comes back on,
/// nothing is left half-written.
pub(super) fn watch() {
    let (ready, is_ready) = channel();
    let waiting = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(told_to_end(ready)).is_ok() {
            leave();
        }
    };
    // Without the thread, ctrl-C still ends the program, only less tidily.
    if std::thread::Builder::new().name("ctrl-c".into()).spawn(waiting).is_ok() {
        let _ready_or_given_up = is_ready.recv();
    }
}

/// Until somebody presses ctrl-C, the system or a scheduler ends the program, or its terminal goes
/// away.
#[cfg(unix)]
async fn told_to_end(ready: Sender<()>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut pressed, mut ended) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mut left = if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
    let left = async {
        match &mut left {
            Some(left) => left.recv().await,
            None => std::future::pending().await,
        }
    };
    let _it_waits = ready.send(());
    tokio::select! {
        _ = pressed.recv() => Ok(()),
        _ = ended.recv() => Ok(()),
        _ = left => Ok(()),
    }
}

/// The same where there is ctrl-C alone.
#[cfg(not(unix))]
async fn told_to_end(ready: Sender<()>) -> std::io::Result<()> {
    let _it_waits = ready.send(());
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
    let (_held, is_clean) = UNFINISHED.discard();
    let said = match is_clean {
        true => "nothing half-written is left",
        false => "not all that is half-written could be taken away; the next run that writes there does it",
    };
    let _ = writeln!(anstream::stderr(), "\ninterrupted: {said}");
    std::process::exit(i32::from(Exit::Interrupted.number()));
}
