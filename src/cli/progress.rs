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
