//! Workbooks: the parts of a sound one with other words, numbers and tags, packed anew; and packed
//! ones with broken bytes.

use super::Target;
use super::bytes::{self, below, one_of};
use super::folder::Kept;
use crate::data::workbook::{NAMES, model, row, workbook};
use rand_chacha::ChaCha8Rng;
use std::io::{Cursor, Read, Write};
use yardstick::model::Model;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Longer parts are cut.
const LONGEST: usize = 1 << 16;

const PIECES: [&str; 34] = [
    "0",
    "1",
    "-1",
    "60",
    "61",
    "1e308",
    "-1e308",
    "NaN",
    "2958466",
    "99999999999999999999",
    "4294967295",
    "A1",
    "XFD1048576",
    "XFE1",
    "A0",
    "ZZZZZZZ9",
    "A1:XFD1048576",
    "t=\"s\"",
    "t=\"b\"",
    "t=\"e\"",
    "t=\"d\"",
    "t=\"str\"",
    "s=\"1\"",
    "s=\"99\"",
    "<c>",
    "</c>",
    "<v/>",
    "<row r=\"1\">",
    "<f>1</f>",
    "&amp;",
    "&#0;",
    "&x;",
    "<!--",
    "]]>",
];

pub(super) struct Workbook {
    folder: Kept,
    model: Model,
    packed: Vec<u8>,
    parts: Vec<(String, Vec<u8>)>,
}

impl Workbook {
    pub(super) fn new() -> Self {
        let rows = [
            row(1, &NAMES),
            row(
                2,
                &[
                    "<c><v>12</v></c>",
                    r#"<c s="1"><v>45351</v></c>"#,
                    r#"<c s="2"><v>45351.604</v></c>"#,
                    "<c><v>7</v></c>",
                ],
            ),
            row(3, &["13", "2024-03-01", "2024-03-01 08:15", "8.0", "no", "y", r#"<c t="s"><v>1</v></c>"#]),
            row(4, &[r#"<c t="str"><f>1+13</f><v>14</v></c>"#, r#"<c s="1"><f>TODAY()</f><v>61</v></c>"#]),
            row(5, &["15", "", "", r#"<c t="e"><v>#N/A</v></c>"#, r#"<c t="b"><v>1</v></c>"#, "x", "a &lt; b"]),
        ];
        let packed = workbook(&[("Sheet1", &rows.concat())], false);
        let mut archive = ZipArchive::new(Cursor::new(packed.clone())).unwrap();
        let mut parts = Vec::new();
        for number in 0..archive.len() {
            let mut part = archive.by_index(number).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            parts.push((part.name().unwrap().into_owned(), bytes));
        }
        Self { folder: Kept::empty(), model: model(), packed, parts }
    }
}

impl Target for Workbook {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        if below(rng, 6) == 0 {
            let mut bytes = self.packed.clone();
            bytes::mutate(rng, &mut bytes, &self.packed);
            return bytes;
        }
        let mut parts = self.parts.clone();
        // The sheet is the last part, and most of what can be wrong is there.
        let at = if below(rng, 2) == 0 { parts.len() - 1 } else { below(rng, parts.len()) };
        for _ in 0..bytes::steps(rng) {
            other_piece(rng, &mut parts[at].1);
        }
        if below(rng, 3) == 0 {
            let other = self.parts[below(rng, self.parts.len())].1.clone();
            bytes::mutate(rng, &mut parts[at].1, &other);
        }
        if below(rng, 30) == 0 {
            parts.remove(at);
        }
        pack(&parts)
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        self.folder.put("a.xlsx", input);
        self.folder.read_as(&self.model, input)
    }
}

/// Puts a piece between two signs of the text, or in the place of what stands there.
fn other_piece(rng: &mut ChaCha8Rng, part: &mut Vec<u8>) {
    let signs: Vec<usize> = part.iter().enumerate().filter(|(_, b)| b"<>\"/= ".contains(b)).map(|(at, _)| at).collect();
    let Some(number) = (signs.len() > 1).then(|| below(rng, signs.len() - 1)) else { return };
    let (from, to) = (signs[number] + 1, signs[number + 1]);
    let (from, to) = match below(rng, 4) {
        0 => (from, from),
        1 => (signs[number], to),
        _ => (from, to),
    };
    part.splice(from..to, one_of(rng, &PIECES).bytes());
    bytes::at_most(part, LONGEST);
}

/// The parts as a workbook.
fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), plain).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
