//! A progress bar on standard error, where a person is watching; silent everywhere else.

use indicatif::{ProgressBar, ProgressStyle};
use std::thread::{Builder, sleep};
use std::time::Duration;

/// A bar for `steps` steps of a kind of work (`measuring`). It goes away when it is dropped.
pub(super) fn bar(work: &'static str, steps: usize) -> Bar {
    let bar = ProgressBar::new(steps as u64).with_message(work);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
        bar.set_style(style);
    }
    bar.tick();
    Bar(bar)
}

/// A sign of life for work whose steps are not known.
pub(super) fn spinner(work: &'static str) -> Bar {
    let bar = ProgressBar::new_spinner().with_message(work);
    move_steadily(&bar);
    Bar(bar)
}

/// A count of rows for work of which nobody knows how many come, and how many of them a second.
pub(super) fn rows(work: &'static str) -> Rows {
    let bar = ProgressBar::new_spinner().with_message(work);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {human_pos} rows in all, {per_sec}") {
        bar.set_style(style);
    }
    move_steadily(&bar);
    Rows(Bar(bar))
}

/// Moves the sign of life until the work is done. Where nobody watches, no thread is begun, and
/// where the system lets none begin, the sign stands still: indicatif's own `enable_steady_tick`
/// begins a thread in either case, and panics where there is none (0.18.6).
fn move_steadily(bar: &ProgressBar) {
    const STEP: Duration = Duration::from_millis(120);
    if bar.is_hidden() {
        return;
    }
    let bar = bar.downgrade();
    let moving = move || {
        while let Some(bar) = bar.upgrade().filter(|bar| !bar.is_finished()) {
            bar.tick();
            // Whoever holds it here would keep it from being dropped.
            drop(bar);
            sleep(STEP);
        }
    };
    let _moves_or_stands = Builder::new().name("progress".to_owned()).spawn(moving);
}

/// See [`rows`].
#[derive(Debug)]
pub(super) struct Rows(Bar);

impl Rows {
    /// Says what is being done.
    pub(super) fn say(&self, work: String) {
        self.0.0.set_message(work);
    }

    /// So many rows more.
    pub(super) fn add(&self, rows: u64) {
        self.0.0.inc(rows);
    }
}

/// See [`bar`] and [`spinner`].
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// One step is done.
    pub(super) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
