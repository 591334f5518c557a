//! Result rows as JSON: an array with one object per cell; a missing figure is `null`.

use super::{Format, Kind, Report, Rows, Writing, row_pieces};
use crate::scorecard::{Block, Judged};
use std::io::{self, Write};

/// `json`.
pub(super) const FORMAT: Format =
    Format { name: "json", extension: "json", kind: Kind::Text, writing: Writing::Rows(begin) };

/// Rows in a piece.
const ROWS: usize = 2048;

fn begin() -> io::Result<Box<dyn Rows>> {
    Ok(Box::new(Objects { before: "[" }))
}

/// A file being written.
struct Objects {
    /// What stands before the next object.
    before: &'static str,
}

impl Rows for Objects {
    fn add(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let judged = &report.judged;
        let take = |made: io::Result<Vec<u8>>| {
            let made = made?;
            // Every object has a comma before it but the first.
            if let Some(objects) = made.strip_prefix(b",") {
                out.write_all(std::mem::replace(&mut self.before, ",").as_bytes())?;
                out.write_all(objects)?;
            }
            Ok(())
        };
        row_pieces::ordered_map(report, &judged.blocks(), ROWS, |(): &mut (), blocks| objects(judged, blocks), take)
    }

    fn end(self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.before == "[" { b"[\n]\n" } else { b"\n]\n" })
    }
}

/// One object a line: a difference between two months reads as lines.
fn objects(judged: &Judged, blocks: &[Block]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for row in blocks.iter().flat_map(|&block| judged.rows_of(block)) {
        bytes.extend_from_slice(b",\n");
        serde_json::to_writer(&mut bytes, &row)?;
    }
    Ok(bytes)
}
