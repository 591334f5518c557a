//! Sheets of Excel workbooks (`.xlsx`): a first row with the columns' names in any order, then one
//! row per row.
//!
//! - Cells without a name above them, rows without a cell and rows without a value are passed over.
//! - A formula counts by the value that the workbook keeps of it; one without such a value and an
//!   error such as `#N/A` are values that cannot be read.
//! - Days are counted from 1900 or from 1904, as the workbook says. The 29 February 1900, which
//!   Excel has and the calendar does not, is no day.
//! - A workbook that unpacks to more than [`MOST`] is refused before it is read.

use super::column::ColumnBuilder;
use super::duplicate_rows::hash_of_texts;
use super::fingerprint::fingerprint;
use super::folder::{file_name, size, unreadable};
use super::header::{others, positions};
use super::problem::Problem;
use super::records::{LONGEST, MOST_FIELDS};
use super::rejects::Rejects;
use super::source::{ReadUnit, Sought, TableSource};
use super::staged_table::{StagedTable, StagedTableBuilder};
use super::value;
use crate::inputs;
use crate::scratch::Scratch;
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use yardstick_language::diag::code;
use yardstick_language::model::{Model, TableId};
use zip::ZipArchive;

/// The bytes that the parts of a workbook may unpack to, together.
const MOST: u64 = 4 << 30;
/// Excel has no columns beyond this.
const MOST_COLUMNS: u32 = 16_384;
/// The last day that Excel names, 9999-12-31, counted from 1900.
const LAST_DAY: f64 = 2_958_465.0;

/// A table in a sheet of a workbook, which is read as a whole.
#[derive(Debug)]
pub(super) struct Workbook {
    path: PathBuf,
    /// The name of the sheet; none, where the model says nothing, and the workbook has only one.
    sheet: Option<String>,
}

impl Workbook {
    pub(super) fn new(path: PathBuf, sheet: Option<String>) -> Self {
        Self { path, sheet }
    }
}

impl TableSource for Workbook {
    fn files(&self) -> Vec<u64> {
        vec![size(&self.path)]
    }

    fn units<'s>(&'s self, _: &'s Model, _: TableId) -> Vec<Result<Box<dyn ReadUnit + 's>, Problem>> {
        vec![Ok(Box::new(self))]
    }

    fn other_columns(
        &self,
        staged: &StagedTable<'_>,
        _: usize,
        sought: &mut Sought<'_>,
        each: &mut dyn FnMut(i128),
    ) -> Result<(), Problem> {
        let mut places = None;
        rows(&self.path, self.sheet.as_deref(), &mut |number, cells| {
            let Some(places) = &places else {
                let names: Vec<String> = cells.iter().map(Cell::text).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                places = Some(others(staged.model, staged.table, &names)?);
                return Ok(());
            };
            if sought.next_up_to(0, number) != Some(number) {
                return Ok(());
            }
            each(hash_of_texts(places.iter().map(|at| cells.get(*at).map_or_else(String::new, Cell::text))));
            Ok(())
        })
    }

    fn fingerprint(&self, _: usize) -> Result<String, Problem> {
        fingerprint(&self.path, false)
    }

    fn locate(&self, problem: Problem) -> Problem {
        problem.file(&self.path)
    }
}

impl ReadUnit for &Workbook {
    fn bytes(&self) -> u64 {
        size(&self.path)
    }

    fn read<'m>(&self, model: &'m Model, id: TableId, scratch: &Scratch) -> Result<StagedTableBuilder<'m>, Problem> {
        let mut staged = StagedTableBuilder::new(model, id, "row");
        let file = staged.begin(file_name(&self.path));
        let mut at = None;
        rows(&self.path, self.sheet.as_deref(), &mut |number, cells| {
            let Some(at) = &at else {
                let names: Vec<String> = cells.iter().map(Cell::text).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                at = Some(positions(model, staged.table, &names)?);
                return Ok(());
            };
            let row = staged.grow(1)?;
            if row > 0 && row.is_multiple_of(scratch.stretch()) {
                staged.spill(scratch)?;
            }
            staged.places.note(row, file, number);
            for (column, at) in staged.columns.iter_mut().zip(at) {
                if at.is_empty() {
                    column.push_null();
                }
                for (column, at) in column.in_file().iter_mut().zip(at) {
                    push(column, cells.get(*at).unwrap_or(&Cell::Empty), row, &mut staged.rejects);
                }
            }
            Ok(())
        })
        .map_err(|problem| problem.file(&self.path))?;
        match at {
            Some(_) => Ok(staged),
            None => {
                let message = format!("the sheet of table `{}` is empty", staged.table.name);
                let help = "a table without rows needs a first row with its columns' names";
                Err(Problem::new(code::DATA_MISSING_COLUMN, message).help(help).file(&self.path))
            }
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Truth(bool),
    /// Seconds since 1970, by the clock.
    Time(i64),
    /// An error, or something that only looks like a value.
    Wrong(String),
}

impl Cell {
    /// As people see it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Wrong(text) => text.clone(),
            // Ids and whole numbers have no fraction.
            Self::Number(number) => format!("{number}"),
            Self::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Time(seconds) => super::arrays::show_time(*seconds).replace(" 00:00:00", ""),
        }
    }
}

/// Adds a cell to its column.
fn push(column: &mut ColumnBuilder<'_>, cell: &Cell, row: usize, rejects: &mut Rejects) {
    let text = cell.text();
    match cell {
        Cell::Wrong(_) if !column.says_nothing(&text) => column.push_unreadable(row, rejects, || text.clone()),
        Cell::Time(seconds) => column.push_clock(*seconds, &text, row, rejects),
        Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::Truth(_) | Cell::Wrong(_) => {
            column.push_text(&text, row, rejects);
        }
    }
}

/// Takes a row by its number in the sheet.
type EachRow<'e> = dyn FnMut(u64, &[Cell]) -> Result<(), Problem> + 'e;

/// Gives each row that holds something, with its number in the sheet; the first has the columns'
/// names.
pub(super) fn rows(path: &Path, sheet: Option<&str>, each: &mut EachRow<'_>) -> Result<(), Problem> {
    let mut workbook = open(path)?;
    let name = match sheet {
        Some(sheet) => named(&workbook, path, sheet)?,
        None => only(&workbook, path)?,
    };
    let from_1904 = workbook.has_1904_epoch();
    let told = |e: XlsxError| broken(&e.to_string());
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(told)?;
    let (mut number, mut row) = (0, Vec::new());
    while let Some(found) = cells.next_cell_with_formula_metadata().map_err(told)? {
        let (at, column) = found.pos;
        let at = u64::from(at) + 1;
        if at != number {
            if at < number {
                return Err(broken(&format!("row {at} comes after row {number}")));
            }
            hand_on(number, &mut row, each)?;
            number = at;
        }
        let cell = cell(&found.value, found.formula.is_some(), from_1904);
        if cell == Cell::Empty {
            continue;
        }
        if column >= MOST_COLUMNS.min(MOST_FIELDS as u32) {
            return Err(broken(&format!("row {at} has a cell beyond the last column")));
        }
        let column = column as usize;
        if row.len() <= column {
            row.resize(column + 1, Cell::Empty);
        }
        row[column] = cell;
    }
    hand_on(number, &mut row, each)
}

/// Gives a row that holds something, and begins the next.
fn hand_on(number: u64, row: &mut Vec<Cell>, each: &mut EachRow<'_>) -> Result<(), Problem> {
    let given = if row.is_empty() { Ok(()) } else { each(number, row) };
    row.clear();
    given
}

fn cell(value: &DataRef<'_>, is_formula: bool, from_1904: bool) -> Cell {
    match value {
        DataRef::Empty if is_formula => Cell::Wrong("a formula without a value".to_owned()),
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) if text.is_empty() => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString("") => Cell::Empty,
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(truth) => Cell::Truth(*truth),
        DataRef::DateTime(day) => time(day, from_1904),
        DataRef::DateTimeIso(text) => value::timestamp(text).map_or_else(|| Cell::Wrong(text.clone()), Cell::Time),
        DataRef::DurationIso(text) => Cell::Wrong(text.clone()),
        DataRef::Error(error) => Cell::Wrong(error.to_string()),
    }
}

/// The time that a number is which is shown as a day or a time. A length of time stays a number.
fn time(day: &ExcelDateTime, from_1904: bool) -> Cell {
    let number = day.as_f64();
    if day.is_duration() {
        return Cell::Number(number);
    }
    // Day 1 is 1900-01-01, and day 60 the one that never was; or day 0 is 1904-01-01.
    let before = match number {
        _ if from_1904 => -24_107.0,
        n if n < 60.0 => -25_568.0,
        _ => -25_569.0,
    };
    let days = if from_1904 { 0.0..LAST_DAY - 1_461.0 } else { 1.0..LAST_DAY + 1.0 };
    let false_day = !from_1904 && (60.0..61.0).contains(&number);
    if false_day {
        return Cell::Wrong("1900-02-29".to_owned());
    }
    if !days.contains(&number) {
        return Cell::Wrong(format!("{number}, shown as a day"));
    }
    // A number holds no second exactly.
    let milliseconds = ((number + before) * 86_400_000.0).round() as i64;
    Cell::Time(milliseconds.div_euclid(1_000))
}

/// The sheets with cells, by name.
pub(super) fn sheets(path: &Path) -> Result<Vec<String>, Problem> {
    Ok(names(&open(path)?))
}

fn names(workbook: &Xlsx<BufReader<File>>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets.map(|sheet| sheet.name.clone()).collect()
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > shown.len() { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// The sheet that the model names.
fn named(workbook: &Xlsx<BufReader<File>>, path: &Path, sheet: &str) -> Result<String, Problem> {
    let names = names(workbook);
    if names.iter().any(|name| name == sheet) {
        return Ok(sheet.to_owned());
    }
    let message = format!("`{}` has no sheet `{sheet}`", file_name(path));
    Err(Problem::new(code::DATA_NO_FILE, message).help(format!("sheets there: {}", listed(&names))))
}

/// The sheet of a workbook that has only one.
fn only(workbook: &Xlsx<BufReader<File>>, path: &Path) -> Result<String, Problem> {
    let names = names(workbook);
    let file = file_name(path);
    match names.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Problem::new(code::DATA_NO_FILE, format!("`{file}` has no sheet with cells"))),
        [first, ..] => {
            let message = format!("`{file}` has {} sheets, and the model names none: {}", names.len(), listed(&names));
            let help =
                format!("say which one in the model: `from \"{}\" sheet \"{first}\"`", file.trim_end_matches(".xlsx"));
            Err(Problem::new(code::DATA_NO_FILE, message).help(help))
        }
    }
}

/// Opens a workbook that does not unpack to too much.
fn open(path: &Path) -> Result<Xlsx<BufReader<File>>, Problem> {
    fits(path)?;
    let file = inputs::open(path).map_err(|e| unreadable(path, &e))?;
    Xlsx::new(BufReader::new(file)).map_err(|e| broken(&e.to_string()))
}

/// Whether the parts of a workbook are as small as those of one that Excel wrote: unpacked block by
/// block, none of it is kept.
fn fits(path: &Path) -> Result<(), Problem> {
    let file = inputs::open(path).map_err(|e| unreadable(path, &e))?;
    let told = |e: &dyn std::error::Error| broken(&e.to_string());
    let mut parts = ZipArchive::new(BufReader::new(file)).map_err(|e| told(&e))?;
    let (mut all, mut block) = (0_u64, vec![0; 1 << 17]);
    for number in 0..parts.len() {
        let mut part = parts.by_index(number).map_err(|e| told(&e))?;
        let mut is_xml = None;
        let mut without_sign = 0;
        loop {
            let read = part.read(&mut block).map_err(|e| told(&e))?;
            let Some(block) = block.get(..read).filter(|block| !block.is_empty()) else { break };
            all += read as u64;
            // Pictures have no signs.
            let is_xml = *is_xml.get_or_insert_with(|| block.iter().take(16).any(|byte| *byte == b'<'));
            let last = block.iter().rposition(|byte| *byte == b'<');
            without_sign = last.map_or(without_sign + read, |last| read - last - 1);
            if all > MOST || is_xml && without_sign > 2 * LONGEST {
                let message = format!(
                    "the workbook unpacks to more than {} GB, or has a cell of more than {} MB",
                    MOST >> 30,
                    LONGEST >> 19
                );
                return Err(Problem::new(code::DATA_TOO_LARGE, message).help("write the sheet as a CSV file"));
            }
        }
    }
    Ok(())
}

fn broken(why: &str) -> Problem {
    let message = format!("the workbook cannot be read: {why}");
    Problem::new(code::DATA_UNREADABLE, message).help(
        "is it an `.xlsx` file without a password? save it again in a spreadsheet, or write the sheet as a CSV file",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn shown(number: f64, from_1904: bool) -> String {
        time(&ExcelDateTime::new(number, ExcelDateTimeType::DateTime, from_1904), from_1904).text()
    }

    #[test]
    fn days_from_1900() {
        assert_eq!(shown(1.0, false), "1900-01-01");
        assert_eq!(shown(59.0, false), "1900-02-28");
        assert_eq!(shown(60.0, false), "1900-02-29");
        assert!(matches!(time(&ExcelDateTime::new(60.5, ExcelDateTimeType::DateTime, false), false), Cell::Wrong(_)));
        assert_eq!(shown(61.0, false), "1900-03-01");
        assert_eq!(shown(45_351.0, false), "2024-02-29");
        assert_eq!(shown(45_351.604_166_666_664, false), "2024-02-29 14:30:00");
        assert_eq!(shown(45_351.999_988_425_93, false), "2024-02-29 23:59:59");
        assert_eq!(shown(2_958_465.0, false), "9999-12-31");
        for number in [0.0, 0.5, -1.0, 2_958_466.0, f64::NAN, f64::INFINITY, 1e300] {
            assert!(shown(number, false).ends_with("shown as a day"), "{number}");
        }
    }

    #[test]
    fn days_from_1904() {
        assert_eq!(shown(0.0, true), "1904-01-01");
        assert_eq!(shown(43_889.0, true), "2024-02-29");
        assert_eq!(shown(2_957_003.0, true), "9999-12-31");
        for number in [-0.1, 2_957_004.0, f64::NAN] {
            assert!(shown(number, true).ends_with("shown as a day"), "{number}");
        }
    }

    #[test]
    fn numbers_have_no_fraction_of_zeros() {
        let text = |number| Cell::Number(number).text();
        assert_eq!(
            [text(12.0), text(-3.0), text(0.5), text(1e15), text(123_456_789_012.0)].join(" "),
            "12 -3 0.5 1000000000000000 123456789012"
        );
    }
}
