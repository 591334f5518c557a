//! Mutations of bytes, whatever they mean.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Bytes that have a meaning in many formats.
const ODD: [u8; 16] = [0, 1, 9, 10, 13, 34, 39, 44, 59, 92, 123, 127, 128, 0xc3, 0xfe, 0xff];

/// A number below `n`; 0 where `n` is 0.
pub(super) fn below(rng: &mut ChaCha8Rng, n: usize) -> usize {
    rng.random_range(0..n.max(1))
}

/// One of several.
pub(super) fn one_of<'a, T: ?Sized>(rng: &mut ChaCha8Rng, all: &[&'a T]) -> &'a T {
    all[below(rng, all.len())]
}

/// A few steps, mostly one or two.
pub(super) fn steps(rng: &mut ChaCha8Rng) -> usize {
    [1, 1, 1, 2, 2, 3, 5, 9][below(rng, 8)]
}

/// A piece of so many bytes, mostly a short one.
fn piece(rng: &mut ChaCha8Rng, length: usize) -> std::ops::Range<usize> {
    let from = below(rng, length);
    let most = [1, 4, 32, length][below(rng, 4)].min(length - from);
    from..from + below(rng, most + 1)
}

/// Changes some of the bytes; `other` is where pieces come from.
pub(super) fn mutate(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..steps(rng) {
        once(rng, bytes, other);
    }
}

fn once(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = below(rng, bytes.len());
    match below(rng, 9) {
        _ if bytes.is_empty() => bytes.extend(other.iter().take(64)),
        0 => bytes[at] ^= 1 << below(rng, 8),
        1 => bytes[at] = ODD[below(rng, ODD.len())],
        2 => bytes[at] = rng.random(),
        3 => bytes.insert(at, ODD[below(rng, ODD.len())]),
        4 => drop(bytes.drain(piece(rng, bytes.len()))),
        5 => {
            let again = bytes[piece(rng, bytes.len())].to_vec();
            for _ in 0..[1, 1, 2, 40][below(rng, 4)] {
                bytes.splice(at..at, again.iter().copied());
            }
        }
        6 => {
            let of_other = other.get(piece(rng, other.len().max(1))).unwrap_or_default().to_vec();
            bytes.splice(at..at, of_other);
        }
        7 => bytes.truncate(at),
        _ => {
            let range = piece(rng, bytes.len());
            let fill = ODD[below(rng, ODD.len())];
            bytes[range].fill(fill);
        }
    }
}

/// Cuts what has grown too large: a minute spent on one input is a minute without others.
pub(super) fn at_most(bytes: &mut Vec<u8>, most: usize) {
    bytes.truncate(most);
}
