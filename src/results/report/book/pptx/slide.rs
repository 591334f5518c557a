//! A slide: text, tables and charts that can be edited, each where it is put.

use super::xml::{HEAD, SPACES, text};
use crate::report::book::document::Table;
use crate::report::book::room::{self, Emu, POINT};
use crate::report::book::sheet::Chart;
use crate::scorecard::Band;

/// The size of a slide, and the room between its edge and what stands on it.
pub(super) const SIZE: (Emu, Emu) = (12_192_000, 6_858_000);
pub(super) const EDGE: Emu = 420_000;
/// Where the room below the title begins.
pub(super) const TOP: Emu = 1_000_000;
/// The room of a cell to its left and right, and above and below its text.
const CELL: (Emu, Emu) = (54_000, 22_000);

/// The width and the height of the text of the notes, and the sizes of their type.
pub(super) const NOTES: (Emu, Emu) = (5_306_400, 4_800_000);
const NOTE_SIZES: [u32; 4] = [12, 11, 10, 9];
pub(super) const SMALLEST_NOTE: u32 = 8;

/// Where something stands: left, top, width, height.
pub(super) type Place = (Emu, Emu, Emu, Emu);

/// A slide with what stands on it.
pub(super) struct Slide<'a> {
    title: String,
    shapes: String,
    /// Its charts, in the order in which they stand.
    pub(super) charts: Vec<&'a Chart>,
    /// What the speaker reads, a paragraph each.
    pub(super) notes: Vec<String>,
    next: usize,
}

/// A paragraph: a part in bold, and the rest.
pub(super) type Said = (String, String);

impl<'a> Slide<'a> {
    /// A slide with this title.
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), shapes: String::new(), charts: Vec::new(), notes: Vec::new(), next: 3 }
    }

    fn id(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    /// Paragraphs, in type of the largest size from `sizes` in which they find room.
    pub(super) fn paragraphs(&mut self, place: Place, said: &[Said], sizes: &[u32]) {
        let (_, _, wide, high) = place;
        let lines = |size: u32| -> Emu {
            let all = said.iter().map(|(bold, rest)| height(&format!("{bold}{rest}"), wide - 180_000, size));
            all.map(|height| height + POINT * 3).sum()
        };
        let smallest = sizes.last().copied().unwrap_or(10);
        let size = sizes.iter().copied().find(|size| lines(*size) <= high).unwrap_or(smallest);
        let paragraphs: String = said
            .iter()
            .map(|(bold, rest)| {
                let runs = [(bold, true), (rest, false)].into_iter().filter(|(text, _)| !text.is_empty());
                let runs: String = runs.map(|(text, is_bold)| run(text, size, is_bold, None)).collect();
                format!("<a:p><a:pPr><a:spcAft><a:spcPts val=\"300\"/></a:spcAft></a:pPr>{runs}</a:p>")
            })
            .collect();
        let id = self.id();
        self.shapes += &format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Text {id}\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr>{}<a:prstGeom \
             prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap=\"square\"><a:normAutofit/></a:bodyPr>\
             <a:lstStyle/>{paragraphs}</p:txBody></p:sp>",
            transform("a", place)
        );
    }

    /// A chart.
    pub(super) fn chart(&mut self, place: Place, chart: &'a Chart) {
        self.charts.push(chart);
        let (id, relation) = (self.id(), self.charts.len() + 2);
        self.shapes += &format!(
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Chart {id}\" descr=\"{}\"/><p:cNvGraphicFramePr/><p:nvPr/>\
             </p:nvGraphicFramePr>{}<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart \
             xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"rId{relation}\"/></a:graphicData></a:graphic>\
             </p:graphicFrame>",
            text(&chart.title),
            transform("p", place)
        );
    }

    /// The first rows of a table, from `from` on, as many as find room; where the next begins.
    pub(super) fn table(&mut self, place: Place, table: &Table, from: usize, size: u32) -> usize {
        let (left, top, wide, high) = place;
        let widths = widths(table, wide, size);
        let row_height = |cells: &[String]| {
            let each = cells.iter().zip(&widths).map(|(cell, wide)| height(cell, wide - 2 * CELL.0, size));
            each.max().unwrap_or_default() + 2 * CELL.1
        };
        let mut used = row_height(&table.head);
        let head = row(&table.head, used, size, |_| (true, Some("E9ECEF")));
        let (mut rows, mut next) = (String::new(), from);
        for of in table.rows.iter().skip(from) {
            let needs = row_height(&of.cells);
            // One row stands on a slide, however much it needs.
            if used + needs > high && next > from {
                break;
            }
            used += needs;
            rows += &row(&of.cells, needs, size, |number| {
                let colour = if number == 1 { of.band.map(paper) } else { None };
                (of.is_own, colour.or(of.is_own.then_some("F3F3EE")))
            });
            next += 1;
        }
        let id = self.id();
        let grid: String = widths.iter().map(|wide| format!("<a:gridCol w=\"{wide}\"/>")).collect();
        self.shapes += &format!(
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Table {id}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks \
             noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{}<a:graphic><a:graphicData \
             uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>{grid}</a:tblGrid>\
             {head}{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>",
            transform("p", (left, top, wide, used))
        );
        next
    }

    /// The part of the slide.
    pub(super) fn part(&self) -> String {
        format!(
            "{HEAD}<p:sld {SPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>\
             <p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph \
             type=\"title\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en-US\"/><a:t>{}</a:t>\
             </a:r></a:p></p:txBody></p:sp>{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
            text(&self.title),
            self.shapes
        )
    }

    /// The part of its notes, in type of the largest size in which they find room.
    pub(super) fn notes_part(&self) -> String {
        let high = |size: u32| self.notes.iter().map(|said| height(said, NOTES.0, size)).sum::<Emu>();
        let size = NOTE_SIZES.into_iter().find(|size| high(*size) <= NOTES.1).unwrap_or(SMALLEST_NOTE);
        let paragraphs: String =
            self.notes.iter().map(|said| format!("<a:p>{}</a:p>", run(said, size, false, None))).collect();
        let paragraphs = if paragraphs.is_empty() { "<a:p/>".to_owned() } else { paragraphs };
        format!(
            "{HEAD}<p:notes {SPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>\
             <p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" \
             noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp><p:sp><p:nvSpPr><p:cNvPr \
             id=\"3\" name=\"Notes\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"body\" idx=\"1\"/></p:nvPr>\
             </p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp></p:spTree></p:cSld><p:clrMapOvr>\
             <a:masterClrMapping/></p:clrMapOvr></p:notes>"
        )
    }
}

/// The colour behind a value.
fn paper(band: Band) -> &'static str {
    match band {
        Band::Green => "BFE3C3",
        Band::Yellow => "F7E3A1",
        Band::Red => "F3BCB4",
    }
}

fn transform(space: &str, (left, top, wide, high): Place) -> String {
    format!("<{space}:xfrm><a:off x=\"{left}\" y=\"{top}\"/><a:ext cx=\"{wide}\" cy=\"{high}\"/></{space}:xfrm>")
}

fn run(of: &str, size: u32, is_bold: bool, colour: Option<&str>) -> String {
    let fill =
        colour.map(|colour| format!("<a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>")).unwrap_or_default();
    let bold = if is_bold { " b=\"1\"" } else { "" };
    format!(
        "<a:r><a:rPr lang=\"en-US\" sz=\"{}\"{bold}>{fill}<a:latin typeface=\"+mn-lt\"/></a:rPr><a:t>{}</a:t></a:r>",
        size * 100,
        text(of)
    )
}

/// How many signs of a size stand on a line, by the usual width of letters.
fn signs(wide: Emu, size: u32) -> usize {
    usize::try_from(wide / (Emu::from(size) * POINT * 54 / 100).max(1)).unwrap_or(1).max(1)
}

/// The height of a text that is broken at blanks into lines of a width.
pub(super) fn height(of: &str, wide: Emu, size: u32) -> Emu {
    room::lines(of, signs(wide, size)) * Emu::from(size) * POINT * 122 / 100
}

/// The widths of the columns: of each at least its longest word, and of what is left as much as its
/// longest text asks for.
fn widths(of: &Table, wide: Emu, size: u32) -> Vec<Emu> {
    const WORD: usize = 16;
    const TEXT: usize = 42;
    let longest = |column: usize, length: fn(&str) -> usize| {
        let cells = of.rows.iter().filter_map(|row| row.cells.get(column)).chain(of.head.get(column));
        cells.map(|text| length(text)).max().unwrap_or_default() + 3
    };
    let word = |text: &str| text.split(' ').map(|word| word.chars().count()).max().unwrap_or_default().min(WORD);
    let columns = 0..of.head.len();
    let least: Vec<usize> = columns.clone().map(|column| longest(column, word)).collect();
    let wants: Vec<usize> = columns.map(|column| longest(column, |text| text.chars().count().min(TEXT))).collect();
    let (room, used) = (signs(wide, size), least.iter().sum::<usize>());
    let more = wants.iter().zip(&least).map(|(wants, least)| wants - least);
    let (left, asked) = (room.saturating_sub(used), more.clone().sum::<usize>());
    // In parts of a sign, so that little is lost by rounding.
    let given = least
        .iter()
        .zip(more)
        .map(|(least, more)| (least * 1000 + (more * left * 1000).checked_div(asked).unwrap_or(0)) as Emu);
    let given: Vec<Emu> = given.collect();
    let all = given.iter().sum::<Emu>().max(1);
    given.into_iter().map(|given| wide * given / all).collect()
}

/// A row of a table: whether each cell is bold, and the colour behind it.
fn row(cells: &[String], high: Emu, size: u32, look: impl Fn(usize) -> (bool, Option<&'static str>)) -> String {
    let cell = |(number, of): (usize, &String)| {
        let (is_bold, colour) = look(number);
        let paper = match colour {
            Some(colour) => format!("<a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>"),
            None => "<a:noFill/>".to_owned(),
        };
        let line = "<a:lnB w=\"6350\"><a:solidFill><a:srgbClr val=\"BBBBBB\"/></a:solidFill></a:lnB>";
        let end = format!("<a:endParaRPr lang=\"en-US\" sz=\"{}\"/>", size * 100);
        let text = if of.is_empty() { end } else { run(of, size, is_bold, Some("222222")) };
        format!(
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p>{text}</a:p></a:txBody><a:tcPr marL=\"{side}\" marR=\"{side}\" marT=\"{end}\" \
             marB=\"{end}\">{line}{paper}</a:tcPr></a:tc>",
            side = CELL.0,
            end = CELL.1
        )
    };
    format!("<a:tr h=\"{high}\">{}</a:tr>", cells.iter().enumerate().map(cell).collect::<String>())
}
