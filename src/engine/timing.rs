//! How long the stages of a run take.

use std::time::{Duration, Instant};

/// A piece of work and the time from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The work, in plain words.
    pub name: String,
    /// From start to end, by the clock; of pieces, the sum.
    pub elapsed: Duration,
}

/// Stages in the order in which they ended. Work that is done piece by piece is one stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stages(Vec<Stage>);

impl Stages {
    /// Does the work, and notes how long it took.
    pub fn time<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        let elapsed = start.elapsed();
        match self.0.last_mut().filter(|last| last.name == name) {
            Some(last) => last.elapsed += elapsed,
            None => self.0.push(Stage { name: name.to_owned(), elapsed }),
        }
        done
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Stage> {
        self.0.iter()
    }
}
