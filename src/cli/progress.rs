//! A progress bar on standard error, where a person is watching; silent everywhere else.

use indicatif::{ProgressBar, ProgressStyle};
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
    bar.enable_steady_tick(Duration::from_millis(120));
    Bar(bar)
}

/// A count of rows for work of which nobody knows how many come, and how many of them a second.
pub(super) fn rows(work: &'static str) -> Rows {
    let bar = ProgressBar::new_spinner().with_message(work);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {human_pos} rows in all, {per_sec}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    Rows(Bar(bar))
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
