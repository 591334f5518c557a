//! The file: its parts in a ZIP archive, in one order and without a time.

use super::frame;
use super::slide::Slide;
use super::xml::{HEAD, relations, text};
use super::{chart, workbook};
use crate::report::book::document::Document;
use crate::report::workbook::saved;
use std::io::{self, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The types of the parts.
const TYPES: &str = "application/vnd.openxmlformats-officedocument.presentationml";

/// The bytes of a file with these slides.
pub(super) fn bytes(slides: &[Slide], of: &Document) -> io::Result<Vec<u8>> {
    let mut parts = Parts::default();
    parts.fixed(slides.len(), of);
    let mut charts = 0;
    for (number, slide) in slides.iter().enumerate() {
        let number = number + 1;
        let mut leads = vec![
            ("slideLayout", "../slideLayouts/slideLayout1.xml".to_owned()),
            ("notesSlide", format!("../notesSlides/notesSlide{number}.xml")),
        ];
        for of_chart in &slide.charts {
            charts += 1;
            leads.push(("chart", format!("../charts/chart{charts}.xml")));
            let book = format!("Microsoft_Excel_Sheet{charts}.xlsx");
            let type_of = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
            parts.add(&format!("ppt/charts/chart{charts}.xml"), Some(type_of), chart::part(of_chart));
            let lead = relations(&[("package", format!("../embeddings/{book}"))]);
            parts.add(&format!("ppt/charts/_rels/chart{charts}.xml.rels"), None, lead);
            let bytes = saved(workbook::workbook(of_chart, of.as_of).map_err(io::Error::other)?)?;
            parts.bytes(&format!("ppt/embeddings/{book}"), bytes);
        }
        let path = format!("ppt/slides/slide{number}.xml");
        parts.add(&path, Some(&format!("{TYPES}.slide+xml")), slide.part());
        parts.add(&format!("ppt/slides/_rels/slide{number}.xml.rels"), None, relations(&leads));
        let path = format!("ppt/notesSlides/notesSlide{number}.xml");
        parts.add(&path, Some(&format!("{TYPES}.notesSlide+xml")), slide.notes_part());
        let leads = [
            ("notesMaster", "../notesMasters/notesMaster1.xml".to_owned()),
            ("slide", format!("../slides/slide{number}.xml")),
        ];
        parts.add(&format!("ppt/notesSlides/_rels/notesSlide{number}.xml.rels"), None, relations(&leads));
    }
    parts.zipped()
}

/// The parts so far, with the types of those that have one of their own.
#[derive(Default)]
struct Parts {
    all: Vec<(String, Vec<u8>)>,
    types: String,
}

impl Parts {
    fn bytes(&mut self, path: &str, bytes: Vec<u8>) {
        self.all.push((path.to_owned(), bytes));
    }

    fn add(&mut self, path: &str, type_of: Option<&str>, part: String) {
        if let Some(type_of) = type_of {
            self.types += &format!("<Override PartName=\"/{path}\" ContentType=\"{type_of}\"/>");
        }
        self.bytes(path, part.into_bytes());
    }

    /// What every file has.
    fn fixed(&mut self, slides: usize, of: &Document) {
        let vendor = "application/vnd.openxmlformats-officedocument";
        let root = format!(
            "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"ppt/presentation.xml\"/>\
             <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
             Target=\"docProps/core.xml\"/>\
             </Relationships>"
        );
        self.add("_rels/.rels", None, root);
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        self.add("docProps/core.xml", Some(core), about(of));
        self.add("ppt/presentation.xml", Some(&format!("{TYPES}.presentation.main+xml")), frame::presentation(slides));
        let mut leads = vec![
            ("slideMaster", "slideMasters/slideMaster1.xml".to_owned()),
            ("notesMaster", "notesMasters/notesMaster1.xml".to_owned()),
            ("theme", "theme/theme1.xml".to_owned()),
        ];
        leads.extend((1..=slides).map(|number| ("slide", format!("slides/slide{number}.xml"))));
        self.add("ppt/_rels/presentation.xml.rels", None, relations(&leads));
        let master = "ppt/slideMasters/slideMaster1.xml";
        self.add(master, Some(&format!("{TYPES}.slideMaster+xml")), frame::slide_master());
        let leads = [
            ("slideLayout", "../slideLayouts/slideLayout1.xml".to_owned()),
            ("theme", "../theme/theme1.xml".to_owned()),
        ];
        self.add("ppt/slideMasters/_rels/slideMaster1.xml.rels", None, relations(&leads));
        let layout = "ppt/slideLayouts/slideLayout1.xml";
        self.add(layout, Some(&format!("{TYPES}.slideLayout+xml")), frame::slide_layout());
        let leads = [("slideMaster", "../slideMasters/slideMaster1.xml".to_owned())];
        self.add("ppt/slideLayouts/_rels/slideLayout1.xml.rels", None, relations(&leads));
        let notes = "ppt/notesMasters/notesMaster1.xml";
        self.add(notes, Some(&format!("{TYPES}.notesMaster+xml")), frame::notes_master());
        let leads = [("theme", "../theme/theme2.xml".to_owned())];
        self.add("ppt/notesMasters/_rels/notesMaster1.xml.rels", None, relations(&leads));
        for number in 1..=2 {
            self.add(&format!("ppt/theme/theme{number}.xml"), Some(&format!("{vendor}.theme+xml")), frame::theme());
        }
    }

    /// The archive; the list of types stands first, as some readers ask for it.
    fn zipped(self) -> io::Result<Vec<u8>> {
        let types = format!(
            "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
             ContentType=\"application/xml\"/><Default Extension=\"xlsx\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/>{}</Types>",
            self.types
        );
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // No time of the clock stands in it.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let first = std::iter::once(("[Content_Types].xml".to_owned(), types.into_bytes()));
        for (path, bytes) in first.chain(self.all) {
            zip.start_file(path, options).map_err(io::Error::other)?;
            zip.write_all(&bytes)?;
        }
        Ok(zip.finish().map_err(io::Error::other)?.into_inner())
    }
}

/// Its title, and as the day on which it was made the one through which the data is complete.
fn about(of: &Document) -> String {
    let day = of.as_of.format("%Y-%m-%dT00:00:00Z");
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dcterms:created \
         xsi:type=\"dcterms:W3CDTF\">{day}</dcterms:created></cp:coreProperties>",
        text(&of.title)
    )
}
