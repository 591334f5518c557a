//! Comma-separated text, record by record, with the line each record begins on. The first line says
//! whether semicolons or tabs separate the fields instead; or it says `sep=;` and no more, as for
//! spreadsheets, and the next one has the names.
//!
//! The `csv` crate takes what it gets: the end of the file closes a quote, text after a closing
//! quote joins the field, and its line numbers are off after `\r\n` and empty lines. Here these are
//! errors, and lines are those of an editor.

use std::io::{self, BufRead, Read};

/// A record of more bytes is no record: of an endless line, no more is held.
pub(super) const LONGEST: usize = 16 << 20;
/// A record of more fields is none, either.
pub(super) const MOST_FIELDS: usize = 1 << 16;

/// Why a text has no further record.
#[derive(Debug)]
pub(super) enum Broken {
    Io(io::Error),
    /// This line holds bytes that are not UTF-8.
    NotText(u64),
    /// A quote that opens on this line is never closed.
    OpenQuote(u64),
    /// After the closing quote of a field in the record that begins on this line stands something
    /// else than a comma.
    AfterQuote(u64),
    /// The record that begins on this line is longer than [`LONGEST`].
    TooLong(u64),
    /// The record that begins on this line has more fields than [`MOST_FIELDS`].
    TooWide(u64),
}

/// Reads records; the fields of the last one read are kept here.
#[derive(Debug)]
pub(super) struct Records<R> {
    input: R,
    /// Lines end with this byte; a `\r` before it belongs to the ending.
    ending: u8,
    /// What stands between fields; `None` before the first line has said so.
    separator: Option<u8>,
    /// Lines read so far.
    lines: u64,
    bytes: Vec<u8>,
    /// The record's text: as it stands when it has no quotes, else the fields without theirs.
    text: String,
    /// Where each field ends in `text`, and where the next begins.
    ends: Vec<(usize, usize)>,
}

impl<R: BufRead> Records<R> {
    /// Begins to read; a byte order mark is skipped.
    pub(super) fn new(mut input: R) -> io::Result<Self> {
        let start = input.fill_buf()?;
        let first = start.iter().position(|b| matches!(b, b'\n' | b'\r'));
        // Lines may end with a lone `\r`, as on very old machines.
        let lone = first.is_some_and(|i| start[i] == b'\r' && start.get(i + 1).is_some_and(|b| *b != b'\n'));
        let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        input.consume(mark);
        let ending = if lone { b'\r' } else { b'\n' };
        Ok(Self { input, ending, separator: None, lines: 0, bytes: Vec::new(), text: String::new(), ends: Vec::new() })
    }

    /// Reads the next record that is not empty; gives the line it begins on, or `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<u64>, Broken> {
        loop {
            self.bytes.clear();
            let line = self.lines + 1;
            if !self.read_line(line)? {
                return Ok(None);
            }
            let filled = self.bytes.len() - ending_length(&self.bytes, self.ending);
            if filled > 0 && self.separator.is_none() {
                let told = told_separator(&self.bytes[..filled]);
                self.separator = Some(told.unwrap_or_else(|| separator(&self.bytes)));
                if told.is_some() {
                    continue;
                }
            }
            let quoted = self.bytes.contains(&b'"');
            if quoted {
                self.read_to_closing_quote(line)?;
            }
            let length = self.bytes.len() - ending_length(&self.bytes, self.ending);
            if length > 0 {
                self.split(length, line, quoted)?;
                return Ok(Some(line));
            }
        }
    }

    /// What stands between fields.
    fn between(&self) -> u8 {
        self.separator.unwrap_or(b',')
    }

    /// How many fields the record has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field of the record.
    pub(super) fn field(&self, at: usize) -> &str {
        let begin = if at == 0 { 0 } else { self.ends.get(at - 1).map_or(0, |e| e.1) };
        self.ends.get(at).and_then(|e| self.text.get(begin..e.0)).unwrap_or_default()
    }

    /// Adds a line to the record that began on line `began`.
    fn read_line(&mut self, began: u64) -> Result<bool, Broken> {
        let room = (LONGEST + 1).saturating_sub(self.bytes.len()) as u64;
        let read = self.input.by_ref().take(room).read_until(self.ending, &mut self.bytes).map_err(Broken::Io)?;
        if self.bytes.len() > LONGEST {
            return Err(Broken::TooLong(began));
        }
        self.lines += u64::from(read > 0);
        Ok(read > 0)
    }

    /// Reads on while the last line ends inside quotes.
    fn read_to_closing_quote(&mut self, began: u64) -> Result<(), Broken> {
        let mut quotes = Quotes { separator: self.between(), ..Quotes::default() };
        let mut opened = self.lines;
        loop {
            let was_open = quotes.open;
            quotes.scan(&self.bytes);
            if !quotes.open {
                return Ok(());
            }
            if !was_open || quotes.reopened {
                opened = self.lines;
            }
            if !self.read_line(began)? {
                return Err(Broken::OpenQuote(opened));
            }
        }
    }

    fn split(&mut self, length: usize, line: u64, quoted: bool) -> Result<(), Broken> {
        self.text.clear();
        self.ends.clear();
        let between = self.between();
        let text = std::str::from_utf8(&self.bytes[..length]).map_err(|e| {
            let before = self.bytes[..e.valid_up_to()].iter().filter(|b| **b == self.ending).count();
            Broken::NotText(line + before as u64)
        })?;
        if !quoted {
            self.text.push_str(text);
            let commas = text.bytes().enumerate().filter(|(_, b)| *b == between);
            self.ends.extend(commas.map(|(i, _)| (i, i + 1)).take(MOST_FIELDS));
            self.ends.push((length, length));
            return self.narrow(line);
        }
        let mut rest = Some(text);
        while let Some(field) = rest {
            rest = match field.strip_prefix('"') {
                Some(inside) => unquote(inside, char::from(between), &mut self.text).ok_or(Broken::AfterQuote(line))?,
                None => {
                    let (plain, after) =
                        field.split_once(char::from(between)).map_or((field, None), |(f, a)| (f, Some(a)));
                    self.text.push_str(plain);
                    after
                }
            };
            self.ends.push((self.text.len(), self.text.len()));
            self.narrow(line)?;
        }
        Ok(())
    }

    fn narrow(&self, line: u64) -> Result<(), Broken> {
        if self.ends.len() > MOST_FIELDS { Err(Broken::TooWide(line)) } else { Ok(()) }
    }
}

/// What a first line such as `sep=;` says stands between fields, and nothing else.
fn told_separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', told @ (b',' | b';' | b'\t' | b'|')] => Some(*told),
        _ => None,
    }
}

/// What the first line says stands between fields: a semicolon or a tab, where the line has the one
/// outside of quotes, and neither the other nor a comma; otherwise a comma.
fn separator(line: &[u8]) -> u8 {
    let (mut quoted, mut has) = (false, [false; 3]);
    for byte in line {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => has[0] = true,
            b';' if !quoted => has[1] = true,
            b'\t' if !quoted => has[2] = true,
            _ => {}
        }
    }
    match has {
        [false, true, false] => b';',
        [false, false, true] => b'\t',
        _ => b',',
    }
}

/// Copies a quoted field, its first quote taken off, and gives what follows the separator after it.
/// `None` when something else than a separator or the end follows the closing quote.
fn unquote<'a>(inside: &'a str, between: char, out: &mut String) -> Option<Option<&'a str>> {
    let mut rest = inside;
    loop {
        let (part, after) = rest.split_once('"')?;
        out.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                out.push('"');
                rest = more;
            }
            None if after.is_empty() => return Some(None),
            None => return after.strip_prefix(between).map(Some),
        }
    }
}

/// Whether a record ends inside quotes, asked again as lines are added to it.
#[derive(Debug)]
struct Quotes {
    /// Bytes looked at.
    done: usize,
    open: bool,
    /// Whether the quote that is open was opened in the part looked at last.
    reopened: bool,
    /// Whether a field begins here.
    fresh: bool,
    /// What stands between fields.
    separator: u8,
}

impl Default for Quotes {
    fn default() -> Self {
        Self { done: 0, open: false, reopened: false, fresh: true, separator: b',' }
    }
}

impl Quotes {
    fn scan(&mut self, bytes: &[u8]) {
        self.reopened = false;
        while let Some(byte) = bytes.get(self.done) {
            if *byte != b'"' {
                self.fresh = !self.open && *byte == self.separator;
            } else if !self.open {
                self.open = self.fresh;
                self.reopened = self.open;
                self.fresh = false;
            } else if bytes.get(self.done + 1) == Some(&b'"') {
                self.done += 1;
            } else {
                self.open = false;
            }
            self.done += 1;
        }
    }
}

/// How many bytes at the end are the line's ending.
fn ending_length(bytes: &[u8], ending: u8) -> usize {
    match bytes {
        [.., b'\r', b'\n'] if ending == b'\n' => 2,
        [.., last] if *last == ending => 1,
        // The last line of a file may have lost half of its ending.
        [.., b'\r'] => 1,
        [..] => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<(u64, Vec<String>)>, String> {
        let mut records = Records::new(text.as_bytes()).unwrap();
        let mut found = Vec::new();
        while let Some(line) = records.next().map_err(|e| format!("{e:?}"))? {
            found.push((line, (0..records.len()).map(|i| records.field(i).to_owned()).collect()));
        }
        Ok(found)
    }

    fn one(text: &str) -> Vec<String> {
        let mut found = all(text).unwrap();
        assert_eq!(found.len(), 1, "{text:?}");
        found.remove(0).1
    }

    #[test]
    fn fields() {
        assert_eq!(one("a,b,c"), ["a", "b", "c"]);
        assert_eq!(one(",,\n"), ["", "", ""]);
        assert_eq!(one("\"a\",b,\"\"\r\n"), ["a", "b", ""]);
        assert_eq!(one("\"a\"\"b\",\"x,y\",\"\"\"\""), ["a\"b", "x,y", "\""]);
        assert_eq!(one("a\"b,5\" tall, \"c\""), ["a\"b", "5\" tall", " \"c\""]);
        assert_eq!(one("\"a\nb\r\nc\",é\r\n"), ["a\nb\r\nc", "é"]);
        assert_eq!(one("\u{feff}\"a\",b"), ["a", "b"]);
        assert_eq!(one("\"\""), [""]);
    }

    #[test]
    fn the_first_line_says_what_separates() {
        let rows = |text: &str| all(text).unwrap().into_iter().map(|(_, fields)| fields).collect::<Vec<_>>();
        assert_eq!(rows("a;b\n1,5;\"x;y\"\n"), [["a", "b"], ["1,5", "x;y"]]);
        assert_eq!(rows("\n\"a,b\"\tb\n1;2\t\"x\n\"\"y\"\n"), [["a,b", "b"], ["1;2", "x\n\"y"]]);
        // Where the line has several, commas separate, as ever; and so they do where it has none.
        assert_eq!(rows("a;b,c\n1;2,3\n"), [["a;b", "c"], ["1;2", "3"]]);
        assert_eq!(rows("a\tb;c\n"), [["a\tb;c"]]);
        assert_eq!(rows("a\n1;2\n"), [["a"], ["1;2"]]);
        assert_eq!(all("a;b\n\"1\",2\n"), Err("AfterQuote(2)".into()));
    }

    #[test]
    fn a_line_for_spreadsheets_says_what_separates() {
        assert_eq!(all("sep=;\r\na;b,c\r\n1;2\r\n").unwrap()[0], (2, vec!["a".into(), "b,c".into()]));
        assert_eq!(all("\u{feff}\"SEP=|\"\n\na|\"b|c\"\n").unwrap(), [(3, vec!["a".into(), "b|c".into()])]);
        assert_eq!(all("sep=\t\na,b\tc").unwrap(), [(2, vec!["a,b".into(), "c".into()])]);
        // Elsewhere, and where it says more, it is a record like others.
        assert_eq!(all("a,b\nsep=,\n").unwrap()[1], (2, vec!["sep=".into(), String::new()]));
        assert_eq!(one("sep=,a"), ["sep=", "a"]);
        assert_eq!(one("sep=x"), ["sep=x"]);
        assert_eq!(all("sep=;\n").unwrap(), []);
    }

    #[test]
    fn lines() {
        let lines = |text: &str| all(text).unwrap().into_iter().map(|(line, _)| line).collect::<Vec<_>>();
        assert_eq!(lines("a\nb\nc"), [1, 2, 3]);
        assert_eq!(lines("a\r\nb\r\n\r\nc\r\n"), [1, 2, 4]);
        assert_eq!(lines("\n\n\"a\n\nb\"\nc\n"), [3, 6]);
        assert_eq!(lines("a\rb\r\rc\r"), [1, 2, 4]);
        assert_eq!(lines(""), [0u64; 0]);
    }

    #[test]
    fn what_is_broken() {
        assert_eq!(all("a\n\"b\nc\n"), Err("OpenQuote(2)".into()));
        assert_eq!(all("a\n\"b\nc\",\"d\ne"), Err("OpenQuote(3)".into()));
        assert_eq!(all("a,\""), Err("OpenQuote(1)".into()));
        assert_eq!(all("a\n\"b\"c,d\n"), Err("AfterQuote(2)".into()));
        assert_eq!(all("a\n\"b\" ,d\n"), Err("AfterQuote(2)".into()));
        let endless =
            |c: u8, more: u64| Records::new(io::BufReader::new(io::repeat(c).take(LONGEST as u64 + more))).unwrap();
        assert!(matches!(endless(0, 1 << 40).next(), Err(Broken::TooLong(1))));
        assert!(matches!(endless(b'\"', 1 << 40).next(), Err(Broken::TooLong(1))));
        assert!(matches!(endless(b'a', 0).next(), Ok(Some(1))));
        assert!(matches!(endless(b',', 0).next(), Err(Broken::TooWide(1))));
        assert_eq!(all(&",".repeat(MOST_FIELDS)), Err("TooWide(1)".into()));
        assert_eq!(one(&",".repeat(MOST_FIELDS - 1)).len(), MOST_FIELDS);
        assert_eq!(all(&"\"\",".repeat(MOST_FIELDS)), Err("TooWide(1)".into()));
        let mut records = Records::new(&b"a\n\"b\nc\xff\"\n"[..]).unwrap();
        records.next().unwrap();
        assert!(matches!(records.next(), Err(Broken::NotText(3))));
    }
}
