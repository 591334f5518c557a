//! Where the numbers of a record in Thrift's compact form stand, in which Parquet files say what is
//! in them: each can be made a lie.

use std::ops::Range;

/// No record is nested deeper.
const DEEPEST: usize = 20;

/// What a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// A value of the record, which may be negative.
    Value,
    /// The length of a list or of bytes.
    Length,
    /// The kind of a field, or of the values of a list: one byte.
    Kind,
    /// Bytes: a name, a smallest value.
    Bytes,
}

/// A number, or bytes, as places in the file.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) says: Says,
    pub(super) range: Range<usize>,
    /// The numbers of the fields that lead to it.
    pub(super) path: Vec<i64>,
}

/// The places of the record that begins at `at`, and where it ends; `None` when it is no record.
pub(super) fn places(bytes: &[u8], at: usize) -> Option<(Vec<Place>, usize)> {
    let mut walk = Walk { bytes, at, places: Vec::new(), path: Vec::new() };
    walk.record(0)?;
    Some((walk.places, walk.at))
}

/// A number in the form with seven bits a byte.
pub(super) fn number(bytes: &[u8]) -> u64 {
    let bits = bytes.iter().take(9).enumerate();
    bits.fold(0, |all, (n, byte)| all | u64::from(byte & 0x7f) << (7 * n))
}

/// A number in that form; filled up to `length` bytes, or cut to as many, when one is given.
pub(super) fn written(mut number: u64, length: Option<usize>) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        bytes.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
        if length.map_or(number == 0, |length| bytes.len() >= length) {
            break;
        }
    }
    if let Some(last) = bytes.last_mut() {
        *last &= 0x7f;
    }
    bytes
}

/// A value that may be negative: 0, -1, 1, -2, ...
pub(super) fn folded(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    places: Vec<Place>,
    path: Vec<i64>,
}

impl Walk<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn note(&mut self, says: Says, from: usize) {
        self.places.push(Place { says, range: from..self.at, path: self.path.clone() });
    }

    fn whole(&mut self, says: Says) -> Option<u64> {
        let from = self.at;
        while self.byte()? >= 0x80 {}
        self.note(says, from);
        Some(number(self.bytes.get(from..self.at)?))
    }

    fn record(&mut self, depth: usize) -> Option<()> {
        let mut field = 0_i64;
        loop {
            let from = self.at;
            let head = self.byte()?;
            self.note(Says::Kind, from);
            if head == 0 {
                return Some(());
            }
            if head >> 4 == 0 {
                let folded = self.whole(Says::Value)?;
                field = (folded >> 1) as i64 ^ -((folded & 1) as i64);
            } else {
                field += i64::from(head >> 4);
            }
            self.path.push(field);
            self.value(head & 0x0f, depth)?;
            self.path.pop();
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            _ if depth > DEEPEST => return None,
            1 | 2 => {}
            3 => self.byte().map(|_| ())?,
            4..=6 => self.whole(Says::Value).map(|_| ())?,
            7 => self.at += 8,
            8 => {
                let length = self.whole(Says::Length)?;
                let from = self.at;
                self.at = self.at.checked_add(usize::try_from(length).ok()?)?;
                self.note(Says::Bytes, from);
            }
            9 | 10 => {
                let from = self.at;
                let head = self.byte()?;
                self.note(Says::Kind, from);
                let count = if head >> 4 == 15 { self.whole(Says::Length)? } else { u64::from(head >> 4) };
                for _ in 0..count {
                    // In a list, true and false are a byte.
                    if head & 0x0f < 3 { self.byte().map(|_| ())? } else { self.value(head & 0x0f, depth + 1)? }
                }
            }
            12 => self.record(depth + 1)?,
            _ => return None,
        }
        (self.at <= self.bytes.len()).then_some(())
    }
}
