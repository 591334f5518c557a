//! Random draws: the only source of chance, seeded, so that a county is the same on every run.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream `stream` of `seed`: streams do not depend on each other, so a household's life
    /// does not either.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// 0 to `count - 1`; 0 for an empty range.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + (self.unit() * f64::from((high - low).max(0) + 1)) as i32
    }

    /// Days to wait for something that happens once in `mean` days; at least `1`.
    pub(crate) fn wait(&mut self, mean: f64) -> i32 {
        (-(1.0 - self.unit()).ln() * mean).clamp(1.0, 40_000.0) as i32
    }

    /// A skewed length: half are shorter than `median`, `spread` is the standard deviation of its
    /// logarithm.
    pub(crate) fn skewed(&mut self, median: f64, spread: f64) -> i32 {
        // Sum of twelve uniforms: near enough to a normal, and the same on every machine.
        let normal = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        (median * (spread * normal).exp()).clamp(1.0, 20_000.0) as i32
    }

    /// One of the choices, by weight.
    pub(crate) fn pick<T: Copy>(&mut self, first: T, choices: &[(f64, T)]) -> T {
        let total: f64 = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.unit() * total;
        for (weight, choice) in choices {
            if left < *weight {
                return *choice;
            }
            left -= weight;
        }
        first
    }
}
