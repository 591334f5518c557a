//! What readers outside get of a month: page, workbook and result rows of the scorecards that hide
//! counts, in a folder of their own, and as books where these are asked for.

use super::super::case_data::CaseData;
use super::super::failure::Failure;
use super::super::scorecard::Book;
use super::super::{entities, progress};
use super::contents::{BOOKS, Made};
use super::months::{Months, refuse};
use crate::inputs;
use crate::scorecard::AsPublished;
use crate::scorecard::as_published::Kept;

/// The folder.
pub(super) const FOLDER: &str = "public/";
/// The result rows, which later months look at.
pub(super) const RESULTS: &str = "public/results.csv";
/// The formats, and their files.
const FILES: [(&str, &str); 3] =
    [("html", "public/scorecard.html"), ("xlsx", "public/scorecard.xlsx"), ("csv", RESULTS)];

/// What is said under a scorecard that shows again what was published.
const STAYS: &str =
    "What was published before is shown as it was then, also where data has been corrected or entered late since";

/// Writes the files into the month's folder; gives back how much stays as it was published.
pub(super) fn write(
    made: &mut Made,
    book: &Book,
    case_data: &CaseData,
    months: &Months,
    threads: Option<usize>,
) -> Result<Kept, Failure> {
    let mut published = AsPublished::default();
    for (folder, hash) in &made.manifest.published_before {
        let path = months.publication((folder, hash))?;
        let file = inputs::open(&path).map_err(|e| refuse(&path, &e))?;
        published
            .read(std::io::BufReader::new(file))
            .map_err(|why| Failure::data(format!("`{}` cannot be read: {why}", path.display())))?;
    }
    let mut report = {
        let _sign_of_life = progress::spinner("measuring for readers outside");
        book.report(case_data, threads)?
    };
    let form = report.csv;
    let kept = published.keep(&mut report.judged, &|text| form.text(text).into_owned());
    if !published.is_empty() {
        report.judged.heading.notes.push(STAYS.to_owned());
    }
    for (format, name) in FILES {
        made.format(format, name, &report)?;
    }
    if let Some(level) = made.manifest.books.clone() {
        let level = entities::levels(book.program(), Some(&level))?.first().copied().unwrap_or_default();
        for (name, bytes) in super::super::book::of_level(&report.judged, level, None, &[])? {
            made.file(&format!("{FOLDER}{BOOKS}{name}"), |out| out.write_all(&bytes))?;
        }
    }
    Ok(kept)
}

/// How much stays as it was published, in words for those inside.
pub(super) fn stays(kept: Kept) -> String {
    match kept {
        Kept { cells: 0, .. } => String::new(),
        Kept { cells, differ: 0 } => format!("; {cells} cells stay as they were published"),
        Kept { cells, differ } => {
            format!(
                "; {cells} cells stay as they were published, of which {differ} would be others by the data of today"
            )
        }
    }
}
