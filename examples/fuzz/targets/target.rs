//! What every target is.

use rand_chacha::ChaCha8Rng;

/// A part of the program that takes inputs.
pub(crate) trait Target {
    /// An input, drawn by chance.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8>;

    /// Runs one input, and gives how much of it was accepted as sound: 1 of a text or file, 0 when
    /// it was refused. Panics when something is wrong with the program.
    fn run(&mut self, input: &[u8]) -> u64;
}
