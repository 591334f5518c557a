//! Text files in other encodings than UTF-8, read as UTF-8.
//!
//! UTF-16 is known by its byte order mark, whatever the model says. Windows-1252 has no mark: the
//! model says it (`in windows-1252`). A byte that is no letter there becomes one that is no UTF-8,
//! so that who reads the records says on which line it stands.

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::fmt;
use std::io::{self, BufRead, Read};
use yardstick_language::model::Encoding;

/// A byte that occurs nowhere in UTF-8.
const NO_TEXT: u8 = 0xff;
/// Bytes that are no letters in Windows-1252.
const NO_LETTERS: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// What is wrong with a file that the model says is in Windows-1252: all its letters that are not
/// of the English alphabet are UTF-8.
#[derive(Debug)]
pub(super) struct IsUtf8;

impl fmt::Display for IsUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file is UTF-8 text")
    }
}

impl std::error::Error for IsUtf8 {}

/// The text of a file as UTF-8.
pub(super) fn decoded(mut input: Box<dyn BufRead>, encoding: Encoding) -> io::Result<Box<dyn BufRead>> {
    let start = input.fill_buf()?;
    let (mark, found) = match (start, encoding) {
        ([0xff, 0xfe, ..], _) => (2, UTF_16LE),
        ([0xfe, 0xff, ..], _) => (2, UTF_16BE),
        ([0xef, 0xbb, 0xbf, ..], _) | (_, Encoding::Utf8) => return Ok(input),
        (_, Encoding::Windows1252) => (0, WINDOWS_1252),
    };
    input.consume(mark);
    let decoder = found.new_decoder_without_bom_handling();
    let letters = (decoder.encoding() == WINDOWS_1252).then(Letters::default);
    Ok(Box::new(Decoded { input, decoder, letters, text: Vec::new(), at: 0, done: false }))
}

/// Text that is decoded block by block.
struct Decoded {
    input: Box<dyn BufRead>,
    decoder: Decoder,
    /// Of a file in Windows-1252, whether it is.
    letters: Option<Letters>,
    /// What is decoded, and how much of it was taken.
    text: Vec<u8>,
    at: usize,
    done: bool,
}

impl Decoded {
    /// Decodes a further block.
    fn decode(&mut self) -> io::Result<()> {
        let block = self.input.fill_buf()?;
        let (block, last) = (block.get(..block.len().min(1 << 16)).unwrap_or_default(), block.is_empty());
        // A byte that is no letter is taken by itself.
        let no_letter = |byte: &u8| self.letters.is_some() && NO_LETTERS.contains(byte);
        if block.first().is_some_and(no_letter) {
            self.input.consume(1);
            self.text.push(NO_TEXT);
            return Ok(());
        }
        let block = block.split(no_letter).next().unwrap_or_default();
        if let Some(letters) = &mut self.letters {
            letters.note(block);
        }
        let room = self.decoder.max_utf8_buffer_length_without_replacement(block.len()).unwrap_or(4 * block.len() + 16);
        let mut text = vec![0; room];
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(block, &mut text, last);
        text.truncate(written);
        self.text.append(&mut text);
        match result {
            DecoderResult::Malformed(..) => self.text.push(NO_TEXT),
            DecoderResult::InputEmpty => self.done = last,
            DecoderResult::OutputFull => {}
        }
        self.input.consume(read);
        if self.done && self.letters.as_ref().is_some_and(Letters::are_utf8) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, IsUtf8));
        }
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Decoded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.text.len() && !self.done {
            self.text.clear();
            self.at = 0;
            self.decode()?;
        }
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes;
    }
}

/// Whether the letters of a text that are not of the English alphabet are all UTF-8. In
/// Windows-1252, text that looks so has no meaning.
#[derive(Debug, Default)]
struct Letters {
    /// Letters of several bytes so far.
    whole: u64,
    /// Whether something was none.
    broken: bool,
    /// How many bytes the letter at hand still has.
    left: u8,
}

impl Letters {
    fn note(&mut self, block: &[u8]) {
        for byte in block {
            let left = match (byte, self.left) {
                (0x80..=0xbf, 1..) => self.left - 1,
                (0..=0x7f, 0) => continue,
                (0xc2..=0xdf, 0) => 1,
                (0xe0..=0xef, 0) => 2,
                (0xf0..=0xf4, 0) => 3,
                _ => {
                    self.broken = true;
                    0
                }
            };
            self.whole += u64::from(self.left == 1 && left == 0 && !self.broken);
            self.left = left;
        }
    }

    fn are_utf8(&self) -> bool {
        self.whole > 0 && !self.broken && self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// The text, with so many bytes read at a time.
    fn read(bytes: &[u8], encoding: Encoding, at_a_time: usize) -> io::Result<Vec<u8>> {
        let input = Box::new(BufReader::with_capacity(at_a_time, io::Cursor::new(bytes.to_vec())));
        let mut text = Vec::new();
        decoded(input, encoding)?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_byte_of_windows_1252_is_its_letter() {
        let high = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
        let bytes: Vec<u8> = (0x80..=0x9f).filter(|byte| !NO_LETTERS.contains(byte)).collect();
        assert_eq!(read(&bytes, Encoding::Windows1252, 3).unwrap(), high.as_bytes());
        let latin: Vec<u8> = (0xa0..=0xff).collect();
        let letters: String = latin.iter().map(|byte| char::from(*byte)).collect();
        assert_eq!(read(&latin, Encoding::Windows1252, 5).unwrap(), letters.as_bytes());
        for byte in NO_LETTERS {
            assert_eq!(read(&[b'a', byte, 0xe9], Encoding::Windows1252, 2).unwrap(), b"a\xff\xc3\xa9");
        }
    }

    #[test]
    fn utf_16_is_known_by_its_mark() {
        let text = "a\té😀\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for at_a_time in [2, 3, 7, 100] {
            for encoding in [Encoding::Utf8, Encoding::Windows1252] {
                assert_eq!(read(&[b"\xff\xfe", &little[..]].concat(), encoding, at_a_time).unwrap(), text.as_bytes());
                assert_eq!(read(&[b"\xfe\xff", &big[..]].concat(), encoding, at_a_time).unwrap(), text.as_bytes());
            }
        }
        // Half a letter is none.
        assert_eq!(read(b"\xff\xfea\x00\x3d\xd8", Encoding::Utf8, 9).unwrap(), b"a\xff");
        assert_eq!(read(b"\xff\xfea\x00b", Encoding::Utf8, 9).unwrap(), b"a\xff");
    }

    #[test]
    fn utf_8_is_not_taken_for_windows_1252() {
        assert!(read("a,Núñez\n".as_bytes(), Encoding::Windows1252, 4).is_err());
        assert_eq!(read("\u{feff}Núñez".as_bytes(), Encoding::Windows1252, 9).unwrap(), "\u{feff}Núñez".as_bytes());
        assert_eq!(read(b"N\xfa\xf1ez", Encoding::Windows1252, 9).unwrap(), "Núñez".as_bytes());
        assert_eq!(read(b"plain", Encoding::Windows1252, 9).unwrap(), b"plain");
        assert_eq!(read("é".as_bytes(), Encoding::Utf8, 9).unwrap(), "é".as_bytes());
    }
}
