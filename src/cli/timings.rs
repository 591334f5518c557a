//! `--timings`: where the time of a run goes, on standard error when it is over.

use crate::run::Cost;
use crate::timing::{Stage, Stages};
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// The stages of a command, some with stages inside.
#[derive(Debug)]
pub(super) struct Timings {
    start: Instant,
    lines: Vec<(String, String)>,
}

impl Timings {
    /// The clock runs from here.
    pub(super) fn start() -> Self {
        Self { start: Instant::now(), lines: Vec::new() }
    }

    /// Does the work, and notes how long it took.
    pub(super) fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.lines.push((name.to_owned(), seconds(start.elapsed())));
        done
    }

    /// What the stage that ended last consists of.
    pub(super) fn inside(&mut self, stages: &Stages) {
        self.lines.extend(stages.iter().map(|Stage { name, elapsed }| (format!("  {name}"), seconds(*elapsed))));
    }

    /// What the stage that ended last spent on each indicator, the longest first.
    pub(super) fn indicators(&mut self, mut spent: Vec<(&str, Cost)>) {
        spent.sort_by_key(|(_, spent)| std::cmp::Reverse(spent.all));
        let sliced = |slices: i32| if slices > 1 { format!(", in {slices} slices") } else { String::new() };
        let said = |s: Cost| {
            format!("{}, of which planning {}{}", seconds(s.all), seconds(s.planning).trim_start(), sliced(s.slices))
        };
        self.lines.extend(spent.into_iter().map(|(id, spent)| (format!("  {id}"), said(spent))));
    }

    /// Prints the stages and the whole.
    pub(super) fn tell(self) {
        let all = ("in all".to_owned(), seconds(self.start.elapsed()));
        let lines: Vec<_> = self.lines.into_iter().chain([all]).collect();
        let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let mut text = format!("{:width$}  seconds\n", "");
        for (name, said) in lines {
            let _ = writeln!(text, "{name:width$}  {said}");
        }
        // Nobody reads it any more: no reason to fail.
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
}

/// So many seconds, right under each other.
fn seconds(elapsed: Duration) -> String {
    format!("{:7.3}", elapsed.as_secs_f64())
}
