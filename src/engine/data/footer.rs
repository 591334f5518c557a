//! What a Parquet file says of itself, looked at before its reader does: how long it is, how deep
//! the columns are nested, and whether its counts can be true. The reader goes down the columns
//! level by level, and takes memory for as many as there are said to be: nobody can catch it when
//! it has gone down too far, or has asked for more memory than there is.
//!
//! A footer is written in Thrift's compact form, of which only so much is read here as it takes to
//! count. What cannot be read is left to the reader to tell.

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
        refused = match look(Bytes(&footer)) {
            Ok(()) | Err(Wrong::Unreadable) => None,
            Err(Wrong::TooDeep) => Some(format!("its columns are nested more than {DEEPEST} levels deep")),
            Err(Wrong::Untrue) => Some("it says that it has more columns or parts than it can hold".to_owned()),
        };
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
/// The row groups, in a footer.
const ROW_GROUPS: i64 = 4;
/// How many of the next columns belong to this one.
const CHILDREN: i64 = 5;
/// How many bytes a page has, in its header.
const SIZE: i64 = 3;

/// Why something is not read on.
pub(super) enum Wrong {
    /// It is not as this form is; its reader says what is wrong.
    Unreadable,
    TooDeep,
    /// A count of what there cannot be.
    Untrue,
}

/// Looks at the columns, and at every count.
fn look(mut footer: Bytes<'_>) -> Result<(), Wrong> {
    let mut number = 0;
    while let Some(field) = footer.field(&mut number)? {
        // The reader goes by the numbers of fields alone, whatever their kinds are.
        if [SCHEMA, ROW_GROUPS].contains(&number) && field != kind::LIST {
            return Err(Wrong::Untrue);
        }
        if number == SCHEMA {
            let (count, _) = footer.list()?;
            // Of each column above the next one, how many are still to come.
            let mut above: Vec<u64> = Vec::new();
            for place in 0..count {
                let children = u64::try_from(footer.children()?).map_err(|_| Wrong::Untrue)?;
                if let Some(left) = above.last_mut() {
                    *left -= 1;
                }
                // Whoever is told of children takes memory for all of them.
                if children > count - place - 1 {
                    return Err(Wrong::Untrue);
                }
                above.extend(Some(children).filter(|n| *n > 0));
                if above.len() > DEEPEST {
                    return Err(Wrong::TooDeep);
                }
                while above.last() == Some(&0) {
                    above.pop();
                }
            }
        } else {
            footer.skip(field, 0)?;
        }
    }
    Ok(())
}

/// Bytes that are still to be read.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Result<u8, Wrong> {
        let (first, rest) = self.0.split_first().ok_or(Wrong::Unreadable)?;
        self.0 = rest;
        Ok(*first)
    }

    fn pass(&mut self, bytes: u64) -> Result<(), Wrong> {
        let rest = usize::try_from(bytes).ok().and_then(|bytes| self.0.get(bytes..));
        self.0 = rest.ok_or(Wrong::Untrue)?;
        Ok(())
    }

    /// A count of values, each of which takes a byte at least.
    fn count(&self, count: u64) -> Result<u64, Wrong> {
        if count > self.0.len() as u64 { Err(Wrong::Untrue) } else { Ok(count) }
    }

    /// A whole number, seven bits a byte, the lowest first.
    fn whole(&mut self) -> Result<u64, Wrong> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Wrong::Unreadable)
    }

    /// A number that may be negative: 0, -1, 1, -2, ...
    fn signed(&mut self) -> Result<i64, Wrong> {
        let number = self.whole()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The kind of the next field, whose number follows the last one's; `None` inside at the end of
    /// the record.
    fn field(&mut self, number: &mut i64) -> Result<Option<u8>, Wrong> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        *number = match head >> 4 {
            0 => self.signed()?,
            more => number.checked_add(i64::from(more)).ok_or(Wrong::Unreadable)?,
        };
        // The reader cuts a number that is too large, and finds another field.
        if i16::try_from(*number).is_err() {
            return Err(Wrong::Untrue);
        }
        Ok(Some(head & 0x0f))
    }

    /// How many values a list has, and of which kind.
    fn list(&mut self) -> Result<(u64, u8), Wrong> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.whole()? } else { u64::from(head >> 4) };
        Ok((self.count(count)?, head & 0x0f))
    }

    /// Reads over the header of a page; gives how many bytes of the file the page has after it.
    pub(super) fn page(&mut self) -> Result<u64, Wrong> {
        let (mut number, mut size) = (0, None);
        while let Some(field) = self.field(&mut number)? {
            if number == SIZE {
                if field != kind::I32 {
                    return Err(Wrong::Untrue);
                }
                size = Some(u64::try_from(self.signed()?).map_err(|_| Wrong::Untrue)?);
            } else {
                self.skip(field, 0)?;
            }
        }
        size.ok_or(Wrong::Untrue)
    }

    /// Reads over a column; gives how many belong to it.
    fn children(&mut self) -> Result<i64, Wrong> {
        let (mut number, mut children) = (0, 0);
        while let Some(field) = self.field(&mut number)? {
            if number == CHILDREN {
                if field != kind::I32 {
                    return Err(Wrong::Untrue);
                }
                children = self.signed()?;
            } else {
                self.skip(field, 0)?;
            }
        }
        Ok(children)
    }

    /// Reads over the value of a field.
    fn skip(&mut self, field: u8, depth: usize) -> Result<(), Wrong> {
        if depth > DEEPEST {
            return Err(Wrong::Unreadable);
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
                let count = self.count(count)?;
                let of = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| self.element(of >> 4, depth).and_then(|()| self.element(of & 0x0f, depth)))
            }
            kind::RECORD => {
                let mut number = 0;
                while let Some(inner) = self.field(&mut number)? {
                    self.skip(inner, depth + 1)?;
                }
                Ok(())
            }
            // True or false, which the field's kind says; other kinds are none.
            field if field < kind::BYTE => Ok(()),
            _ => Err(Wrong::Unreadable),
        }
    }

    /// Reads over a value in a list. There, true and false are a byte.
    fn element(&mut self, of: u8, depth: usize) -> Result<(), Wrong> {
        if of < kind::BYTE { self.pass(1) } else { self.skip(of, depth + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer with a version and these columns, by how many belong to each.
    fn footer(said: u8, columns: &[Option<u64>]) -> Vec<u8> {
        let mut bytes = vec![0x15, 2, 0x19, said << 4 | kind::RECORD];
        for children in columns {
            bytes.extend([0x48, 1, b'c']);
            if let Some(children) = children {
                bytes.push(0x15);
                let mut rest = children << 1;
                while rest > 0x7f {
                    bytes.push(rest as u8 | 0x80);
                    rest >>= 7;
                }
                bytes.push(rest as u8);
            }
            bytes.push(0);
        }
        bytes.push(0);
        bytes
    }

    fn is_untrue(footer: &[u8]) -> bool {
        matches!(look(Bytes(footer)), Err(Wrong::Untrue))
    }

    #[test]
    fn columns_that_there_cannot_be_are_not_believed() {
        assert!(look(Bytes(&footer(3, &[Some(2), None, Some(0)]))).is_ok());
        assert!(is_untrue(&footer(3, &[Some(3), None, None])));
        assert!(is_untrue(&footer(3, &[Some(1), Some(2), None])));
        assert!(is_untrue(&footer(1, &[Some(1 << 20)])));
        // A list that is longer than what is left, and one that is none.
        assert!(is_untrue(&[0x15, 2, 0x19, 0xfc, 0xff, 0x7f, 0]));
        assert!(is_untrue(&[0x15, 2, 0x15, 2, 0]));
    }
}
