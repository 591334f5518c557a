//! Generated indicators and data: the engine against the row-by-row evaluator, by the law of the
//! tests (`tests/properties`).

use super::Target;
use crate::generated::{generate, populations};
use crate::properties::pairs::{Told, first_disagreement};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::sync::Mutex;

pub(super) struct Engine;

impl Target for Engine {
    /// The seed of some indicators over one set of files, as a number.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        rng.random::<u64>().to_string().into_bytes()
    }

    /// Gives the number of pairs.
    fn run(&mut self, input: &[u8]) -> u64 {
        let seed = String::from_utf8_lossy(input).trim().parse().unwrap_or(0);
        let made = generate(seed);
        let told: Mutex<Told> = Mutex::default();
        if let Some((number, said)) = first_disagreement(&made, &told) {
            panic!("engine and evaluator disagree (seed {seed} of the pairs)\n{said}\n{}", made.texts[number]);
        }
        (made.texts.len() * populations(seed)) as u64
    }
}
