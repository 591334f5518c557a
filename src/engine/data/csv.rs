//! CSV files: a first line with the columns' names in any order, then one record per row.
//!
//! The first line says whether commas, semicolons or tabs separate the fields; the file may be
//! compressed by gzip, and in another encoding than UTF-8 (see `encoding`). A byte order mark,
//! either line ending, quoted separators, quotes and line breaks are fine, and empty lines are
//! skipped. A record with another number of fields than the first line, a quote that is never
//! closed and bytes that are not UTF-8 are errors, not bad rows: where a file is broken, nobody
//! knows which rows were lost. So is a record without an end.

use super::duplicate_rows::hash_of_texts;
use super::encoding::{IsUtf8, decoded};
use super::fingerprint::fingerprint;
use super::folder::{file_name, size, unreadable};
use super::header::{others, positions};
use super::problem::Problem;
use super::records::{Broken, LONGEST, MOST_FIELDS, Records};
use super::source::{ReadUnit, Sought, TableSource};
use super::staged_table::{StagedTable, StagedTableBuilder};
use crate::inputs;
use crate::scratch::Scratch;
use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use yardstick_language::diag::code;
use yardstick_language::model::{Encoding, Model, TableId};

pub(super) type Input = Records<Box<dyn BufRead>>;

/// The ending of a CSV file that is compressed by gzip.
const GZIP: &str = "gz";

/// A table in a CSV file, which is read as a whole.
#[derive(Debug)]
pub(super) struct CsvFile {
    path: PathBuf,
}

impl CsvFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

impl TableSource for CsvFile {
    fn files(&self) -> Vec<u64> {
        vec![size(&self.path)]
    }

    fn units<'s>(&'s self, _: &'s Model, _: TableId) -> Vec<Result<Box<dyn ReadUnit + 's>, Problem>> {
        vec![Ok(Box::new(Whole { path: &self.path, bytes: size(&self.path) }))]
    }

    fn other_columns(
        &self,
        staged: &StagedTable<'_>,
        _: usize,
        sought: &mut Sought<'_>,
        each: &mut dyn FnMut(i128),
    ) -> Result<(), Problem> {
        other_columns(staged, &self.path, sought, each)
    }

    fn fingerprint(&self, _: usize) -> Result<String, Problem> {
        fingerprint(&self.path, !is_compressed(&self.path))
    }

    fn locate(&self, problem: Problem) -> Problem {
        problem.file(&self.path)
    }
}

/// All of a CSV file.
struct Whole<'s> {
    path: &'s Path,
    bytes: u64,
}

impl ReadUnit for Whole<'_> {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read<'m>(&self, model: &'m Model, id: TableId, scratch: &Scratch) -> Result<StagedTableBuilder<'m>, Problem> {
        read(model, id, self.path, scratch)
    }
}

fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == GZIP)
}

/// The records of a CSV file. A compressed one that is cut short, or does not have its checksum,
/// cannot be read.
pub(super) fn records(path: &Path, encoding: Encoding) -> io::Result<Input> {
    let file = inputs::open(path)?;
    let bytes: Box<dyn BufRead> = match is_compressed(path) {
        true => Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(file))),
        false => Box::new(BufReader::with_capacity(1 << 18, file)),
    };
    Records::new(decoded(bytes, encoding)?)
}

/// Reads a table from a CSV file.
fn read<'m>(model: &'m Model, id: TableId, path: &Path, scratch: &Scratch) -> Result<StagedTableBuilder<'m>, Problem> {
    let encoding = model.table(id).encoding;
    let mut input = records(path, encoding).map_err(|e| unreadable(path, &e))?;
    read_records(model, id, &file_name(path), &mut input, scratch).map_err(|p| p.file(path))
}

fn read_records<'m>(
    model: &'m Model,
    id: TableId,
    name: &str,
    input: &mut Input,
    scratch: &Scratch,
) -> Result<StagedTableBuilder<'m>, Problem> {
    let mut staged = StagedTableBuilder::new(model, id, "line");
    let told = |b: Broken| broken(b, model.table(id).encoding);
    let number = staged.begin(name.to_owned());
    if input.next().map_err(told)?.is_none() {
        let message = format!("the file of table `{}` is empty", staged.table.name);
        return Err(Problem::new(code::DATA_MISSING_COLUMN, message)
            .help("a table without rows needs a first line with its columns' names"));
    }
    let width = input.len();
    let names: Vec<&str> = (0..width).map(|i| input.field(i)).collect();
    let at = positions(model, staged.table, &names).map_err(|p| with_separator(p, &names))?;
    while let Some(line) = input.next().map_err(told)? {
        if input.len() != width {
            return Err(wrong_length(line, input.len(), width));
        }
        let row = staged.grow(1)?;
        if row > 0 && row.is_multiple_of(scratch.stretch()) {
            staged.spill(scratch)?;
        }
        staged.places.note(row, number, line);
        for (column, at) in staged.columns.iter_mut().zip(&at) {
            if at.is_empty() {
                column.push_null();
            }
            for (column, at) in column.in_file().iter_mut().zip(at) {
                column.push_text(input.field(*at), row, &mut staged.rejects);
            }
        }
    }
    Ok(staged)
}

/// Gives the hash of each row that is looked for, over the columns that the model does not name.
fn other_columns(
    staged: &StagedTable<'_>,
    path: &Path,
    sought: &mut Sought<'_>,
    each: &mut dyn FnMut(i128),
) -> Result<(), Problem> {
    let mut input = records(path, staged.table.encoding).map_err(|e| unreadable(path, &e))?;
    let told = |b: Broken| broken(b, staged.table.encoding).file(path);
    input.next().map_err(told)?;
    let names: Vec<&str> = (0..input.len()).map(|at| input.field(at)).collect();
    let others = others(staged.model, staged.table, &names)?;
    while let Some(line) = input.next().map_err(told)? {
        if sought.next_up_to(0, line) != Some(line) {
            continue;
        }
        each(hash_of_texts(others.iter().map(|at| input.field(*at))));
    }
    Ok(())
}

pub(super) fn broken(broken: Broken, encoding: Encoding) -> Problem {
    match broken {
        Broken::Io(error) if error.get_ref().is_some_and(|e| e.is::<IsUtf8>()) => {
            Problem::new(code::DATA_NOT_UTF8, "the file is UTF-8 text, and the model says `in windows-1252`")
                .help("remove `in windows-1252` from the table in the model: `ü` would become `Ã¼`")
        }
        Broken::Io(error) => super::folder::read_failed(&error),
        Broken::NotText(line) => {
            if encoding == Encoding::Windows1252 {
                let message = format!("line {line} holds bytes that are not Windows-1252 text");
                return Problem::new(code::DATA_NOT_UTF8, message).help("save the file as UTF-8");
            }
            Problem::new(code::DATA_NOT_UTF8, format!("line {line} holds bytes that are not UTF-8 text")).help(
                "save the file as UTF-8 (in a spreadsheet: `CSV UTF-8`); \
                 or, if Windows wrote it, say so in the model: `in windows-1252` before the table's `{`",
            )
        }
        Broken::OpenQuote(line) => {
            Problem::new(code::DATA_BROKEN_LINE, format!("a quote that opens on line {line} is never closed"))
                .help("add the closing `\"`, or export the file again if it was cut short")
        }
        Broken::TooLong(line) => {
            let message = format!("the record that begins on line {line} is longer than {} MB", LONGEST >> 20);
            Problem::new(code::DATA_BROKEN_LINE, message)
                .help("is a line break or a closing `\"` missing, or is this no CSV file?")
        }
        Broken::TooWide(line) => {
            let message = format!("line {line} has more than {MOST_FIELDS} fields");
            Problem::new(code::DATA_BROKEN_LINE, message).help("is a line break missing, or is this no CSV file?")
        }
        Broken::AfterQuote(line) => {
            let message = format!("the record on line {line} goes on after the closing quote of a field");
            Problem::new(code::DATA_BROKEN_LINE, message)
                .help("write a quote inside quotes twice (`\"\"`); or is a closing `\"` missing further up?")
        }
    }
}

pub(super) fn wrong_length(line: u64, found: usize, expected: usize) -> Problem {
    let fields = if found == 1 { "1 field".to_owned() } else { format!("{found} fields") };
    let help = if found > expected {
        "a value that contains a separator needs quotes around it: `\"Lopez, Ana\"`"
    } else {
        "was the file cut short, or the line broken in two? export it again"
    };
    Problem::new(code::DATA_BROKEN_LINE, format!("line {line} has {fields}, the first line has {expected}")).help(help)
}

/// A separator that is not read makes one column of all names.
pub(super) fn with_separator(problem: Problem, names: &[&str]) -> Problem {
    let [only] = names else { return problem };
    if only.contains('|') {
        return problem.help(
            "the file seems to be separated by bars; write commas, semicolons or tabs, or `sep=|` as its first line",
        );
    }
    problem
}
