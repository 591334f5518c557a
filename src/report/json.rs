//! Result rows as JSON: an array with one object per cell; a missing figure is `null`.

use super::{Format, Kind, Report};

/// `json`.
pub(super) const FORMAT: Format = Format { name: "json", extension: "json", kind: Kind::Text, write };

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let mut bytes = b"[".to_vec();
    for (i, row) in report.judged.rows().enumerate() {
        // One object a line: a difference between two months reads as lines.
        bytes.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut bytes, &row).map_err(|e| e.to_string())?;
    }
    bytes.extend_from_slice(b"\n]\n");
    Ok(bytes)
}
