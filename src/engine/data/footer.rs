//! What a Parquet file says of itself, looked at before its reader does: how long it is, and how
//! deep the columns are nested. The reader goes down the columns level by level, and nobody can
//! catch it when it has gone down too far.
//!
//! A footer is written in Thrift's compact form, of which only so much is read here as it takes to
//! count levels. What cannot be read is left to the reader to tell.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// What a file says of its columns and row groups takes less, even where there are very many.
const LARGEST: u32 = 64 << 20;
/// Nobody nests columns deeper.
const DEEPEST: usize = 64;
/// What a footer ends with, after its length.
const MAGIC: [u8; 4] = *b"PAR1";

/// Looks at the footer of a file; what is wrong with it, in words, when its reader is not to see
/// it.
pub(super) fn refused(file: &mut File) -> io::Result<Option<String>> {
    let mut end = [0; 8];
    if file.seek(SeekFrom::End(-8)).is_ok() {
        file.read_exact(&mut end)?;
    }
    let [a, b, c, d, magic @ ..] = end;
    let length = u32::from_le_bytes([a, b, c, d]);
    let mut refused = None;
    if magic == MAGIC && length > LARGEST {
        refused =
            Some(format!("what it says of its columns and row groups would take {} million bytes", length / 1_000_000));
    } else if magic == MAGIC && file.seek(SeekFrom::End(-8 - i64::from(length))).is_ok() {
        let mut footer = vec![0; length as usize];
        file.read_exact(&mut footer)?;
        if is_too_deep(Bytes(&footer)).unwrap_or(false) {
            refused = Some(format!("its columns are nested more than {DEEPEST} levels deep"));
        }
    }
    file.rewind()?;
    Ok(refused)
}

/// The kinds of values that Thrift's compact form has.
mod kind {
    pub(super) const BYTE: u8 = 3;
    pub(super) const I16: u8 = 4;
    pub(super) const I32: u8 = 5;
    pub(super) const I64: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const RECORD: u8 = 12;
}

/// The columns, in a footer.
const SCHEMA: i64 = 2;
/// How many of the next columns belong to this one.
const CHILDREN: i64 = 5;

/// Whether the columns are nested too deep; `None` when that cannot be read.
fn is_too_deep(mut footer: Bytes<'_>) -> Option<bool> {
    let mut number = 0;
    while let Some(field) = footer.field(&mut number)? {
        if number == SCHEMA && field == kind::LIST {
            let (count, _) = footer.list()?;
            // Of each column above the next one, how many are still to come.
            let mut above: Vec<i64> = Vec::new();
            for _ in 0..count {
                let children = footer.children()?;
                if let Some(left) = above.last_mut() {
                    *left -= 1;
                }
                above.extend(Some(children).filter(|n| *n > 0));
                if above.len() > DEEPEST {
                    return Some(true);
                }
                while above.last() == Some(&0) {
                    above.pop();
                }
            }
        } else {
            footer.skip(field, 0)?;
        }
    }
    Some(false)
}

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    /// A whole number, seven bits a byte, the lowest first.
    fn whole(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number that may be negative: 0, -1, 1, -2, ...
    fn signed(&mut self) -> Option<i64> {
        let number = self.whole()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The kind of the next field, whose number follows the last one's; `None` inside at the end of
    /// the record.
    fn field(&mut self, number: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *number = match head >> 4 {
            0 => self.signed()?,
            more => number.checked_add(i64::from(more))?,
        };
        Some(Some(head & 0x0f))
    }

    /// How many values a list has, and of which kind.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.whole()? } else { u64::from(head >> 4) };
        Some((count, head & 0x0f))
    }

    /// Reads over a column; gives how many belong to it.
    fn children(&mut self) -> Option<i64> {
        let (mut number, mut children) = (0, 0);
        while let Some(field) = self.field(&mut number)? {
            if number == CHILDREN && field == kind::I32 {
                children = self.signed()?;
            } else {
                self.skip(field, 0)?;
            }
        }
        Some(children)
    }

    /// Reads over the value of a field.
    fn skip(&mut self, field: u8, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match field {
            kind::BYTE => self.pass(1),
            kind::I16..=kind::I64 => self.whole().map(drop),
            kind::DOUBLE => self.pass(8),
            kind::BINARY => self.whole().and_then(|length| self.pass(length)),
            kind::LIST | kind::SET => {
                let (count, of) = self.list()?;
                (0..count).try_for_each(|_| self.element(of, depth))
            }
            kind::MAP => {
                let count = self.whole()?;
                let of = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| self.element(of >> 4, depth).and_then(|()| self.element(of & 0x0f, depth)))
            }
            kind::RECORD => {
                let mut number = 0;
                while let Some(inner) = self.field(&mut number)? {
                    self.skip(inner, depth + 1)?;
                }
                Some(())
            }
            // True or false, which the field's kind says; other kinds are none.
            field => (field < kind::BYTE).then_some(()),
        }
    }

    /// Reads over a value in a list. There, true and false are a byte.
    fn element(&mut self, of: u8, depth: usize) -> Option<()> {
        if of < kind::BYTE { self.pass(1) } else { self.skip(of, depth + 1) }
    }
}
