//! CSV files, plain and compressed: broken quotes, columns, encodings, line ends, values.

use super::Target;
use super::bytes::{self, below, one_of};
use super::choice;
use super::folder::Kept;
use crate::data::world::FILES;
use flate2::Compression;
use flate2::write::GzEncoder;
use rand_chacha::ChaCha8Rng;
use std::io::Write;

/// Longer files are cut.
const LONGEST: usize = 1 << 16;

const FIELDS: [&str; 36] = [
    "",
    "f1",
    "f2",
    "c1",
    "nobody",
    "red",
    "green",
    "pink",
    "true",
    "yes",
    "0",
    "1",
    "-1",
    "12",
    "1e3",
    "9223372036854775808",
    "0.5",
    "1,5",
    "NULL",
    "-",
    "2024-01-01",
    "2024-02-30",
    "9999-12-31",
    "0001-01-01",
    "99999-01-01",
    "2024-01-01 09:30",
    "2024-03-10T02:30:00",
    "2024-11-03T01:30:00-05:00",
    "2024-01-01T00:00:00Z",
    "\"a\"\"b\"",
    "\"",
    "\"a\nb\"",
    "é",
    "\u{feff}",
    "=1+1",
    " f1 ",
];
const SEPARATORS: [&str; 8] = [",", ";", "\t", "|", "\n", "\r\n", "\r", "\u{0}"];

pub(super) struct Csv(Kept);

impl Csv {
    pub(super) fn new() -> Self {
        Self(Kept::without_file())
    }
}

impl Target for Csv {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut text = match below(rng, 4) {
            0 => FILES.to_owned(),
            1 => format!("\u{feff}{}", FILES.replace('\n', "\r\n")),
            _ => rows(rng),
        };
        for _ in 0..bytes::steps(rng) {
            text = fields(rng, &text);
        }
        let mut input = text.into_bytes();
        if below(rng, 2) == 0 {
            bytes::mutate(rng, &mut input, FILES.as_bytes());
        }
        if below(rng, 8) == 0 {
            input = compressed(&input);
            if below(rng, 2) == 0 {
                bytes::mutate(rng, &mut input, b"\x1f\x8b\x08\0");
            }
        }
        bytes::at_most(&mut input, LONGEST);
        input
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let is_compressed = input.starts_with(&[0x1f, 0x8b]) || choice(input, 50) == 0;
        self.0.put(if is_compressed { "file.csv.gz" } else { "file.csv" }, input);
        self.0.read(input)
    }
}

/// The columns, and some rows of odd fields.
fn rows(rng: &mut ChaCha8Rng) -> String {
    let head = FILES.lines().next().unwrap_or_default();
    let (columns, number) = (head.split(',').count(), below(rng, 40));
    let row = |rng: &mut ChaCha8Rng| (0..columns).map(|_| one_of(rng, &FIELDS)).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = (0..number).map(|n| format!("f{n},{}", row(rng))).collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

/// The text with another field, or another separator.
fn fields(rng: &mut ChaCha8Rng, text: &str) -> String {
    let places: Vec<usize> = text.match_indices([',', '\n']).map(|(at, _)| at).collect();
    let Some(at) = places.get(below(rng, places.len())) else { return text.to_owned() };
    let next = places.iter().find(|next| *next > at).copied().unwrap_or(text.len());
    let (before, after) = (text.get(..*at).unwrap_or_default(), text.get(next..).unwrap_or_default());
    let (sign, field) = (text.get(*at..=*at).unwrap_or_default(), text.get(at + 1..next).unwrap_or_default());
    match below(rng, 5) {
        0 => [before, one_of(rng, &SEPARATORS), field, after].concat(),
        1 => [before, sign, field, sign, field, after].concat(),
        2 => [before, after].concat(),
        _ => [before, sign, one_of(rng, &FIELDS), after].concat(),
    }
}

/// As gzip packs it.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).and_then(|()| packed.finish()).unwrap_or_default()
}
