//! The headers of the pages of a Parquet file, looked at before its reader does: it goes through a
//! list that it does not need entry by entry, for as long as the list is said to be, and takes
//! memory for texts as long as they are said to be.

use super::footer::{Bytes, Wrong};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// As much as a header takes nearly always.
const USUAL: u64 = 4 << 10;
/// No header is larger.
const LARGEST: u64 = 16 << 20;

/// What is wrong with the pages in these ranges of a file, in words, when their reader is not to
/// see them.
pub(super) fn refused(file: &mut File, chunks: &[Range<u64>]) -> io::Result<Option<String>> {
    let mut buffer = Vec::new();
    for chunk in chunks {
        let mut at = chunk.start;
        while at < chunk.end {
            let Some(next) = after(file, at, &mut buffer)? else {
                return Ok(Some("what it says of a page cannot be true".to_owned()));
            };
            at = next;
        }
    }
    Ok(None)
}

/// Where the page ends whose header begins at `at`; none when the header is not to be read.
fn after(file: &mut File, at: u64, buffer: &mut Vec<u8>) -> io::Result<Option<u64>> {
    let mut most = USUAL;
    loop {
        buffer.clear();
        file.seek(SeekFrom::Start(at))?;
        file.by_ref().take(most).read_to_end(buffer)?;
        let mut bytes = Bytes(buffer);
        match bytes.page() {
            Ok(size) => {
                let header = (buffer.len() - bytes.0.len()) as u64;
                return Ok(at.checked_add(header).and_then(|begin| begin.checked_add(size)));
            }
            Err(Wrong::Unreadable | Wrong::TooDeep | Wrong::Untrue) => {
                if (buffer.len() as u64) < most || most >= LARGEST {
                    return Ok(None);
                }
                most *= 16;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn refuses(bytes: &[u8]) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        refused(&mut file, std::slice::from_ref(&(0..bytes.len() as u64))).unwrap().is_some()
    }

    #[test]
    fn headers_that_cannot_be_true_are_not_believed() {
        // A page of data of two bytes, twice; then the same with a list of an entry, and of more
        // entries than there are bytes.
        let page = |more: &[u8]| [&[0x15, 0, 0x15, 4, 0x15, 4], more, &[0, 7, 7]].concat();
        assert!(!refuses(&[page(&[]), page(&[])].concat()));
        assert!(!refuses(&page(&[0x69, 0x11, 1])));
        assert!(refuses(&page(&[0x69, 0xf1, 0x80, 1])));
        assert!(refuses(&page(&[0x68, 100])));
        // A page that ends before it begins, and one without a size.
        assert!(refuses(&[0x15, 0, 0x15, 4, 0x15, 3, 0]));
        assert!(refuses(&[0x15, 0, 0x15, 4, 0, 7, 7]));
    }
}
