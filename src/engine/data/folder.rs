//! Which files of a data folder hold which table. Nothing outside of the folder is read, whatever
//! its links say.

use super::csv::CsvFile;
use super::parquet::ParquetFiles;
use super::problem::Problem;
use super::settings::{self, Settings};
use super::source::{Catalog, TableSource};
use super::workbook::Workbook;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use yardstick_language::diag::{code, suggest};
use yardstick_language::model::{Model, Table, TableId};

/// A folder of files, by the names that the model gives the tables.
#[derive(Debug)]
pub(super) struct Folder {
    dir: PathBuf,
}

impl Folder {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf() }
    }
}

impl Catalog for Folder {
    fn settings(&self) -> Result<Option<Settings>, Problem> {
        settings::settings(&self.dir)
    }

    fn present(&self, model: &Model) -> Vec<TableId> {
        let is_there = |id: TableId| matches!(find_one(&self.dir, model.table(id)), Ok(Some(_)));
        let whole = |id: &TableId| super::closure(model, &BTreeSet::from([*id])).into_iter().all(is_there);
        model.tables().filter(|(_, table)| table.words_of.is_none()).map(|(id, _)| id).filter(whole).collect()
    }

    fn open<'s>(&'s self, model: &'s Model, tables: &[TableId]) -> Result<Vec<Box<dyn TableSource + 's>>, Problem> {
        folder(&self.dir)?;
        let mut found = Vec::new();
        let mut missing = Vec::new();
        for table in tables.iter().map(|id| model.table(*id)) {
            match find_one(&self.dir, table)? {
                Some(source) => found.push(source),
                None => missing.push(table),
            }
        }
        if missing.is_empty() { Ok(found) } else { Err(no_file(&self.dir, &missing)) }
    }

    fn contains(&self, path: &Path) -> bool {
        self.dir.canonicalize().is_ok_and(|data| path.starts_with(data))
    }

    fn locate(&self, problem: Problem) -> Problem {
        problem.file(&self.dir)
    }
}

/// Whether the data folder is there and can be read.
pub(super) fn folder(dir: &Path) -> Result<(), Problem> {
    let error = match std::fs::metadata(dir) {
        Ok(meta) if meta.is_dir() => return Ok(()),
        Ok(_) => {
            return Err(Problem::new(code::DATA_FOLDER, "the data is not a folder")
                .file(dir)
                .help("name the folder that holds the tables' files"));
        }
        Err(error) => error,
    };
    let why = if error.kind() == io::ErrorKind::NotFound {
        "is not there".to_owned()
    } else {
        format!("cannot be read ({error})")
    };
    Err(Problem::new(code::DATA_FOLDER, format!("the data folder {why}"))
        .file(dir)
        .help("name the folder that holds the tables' files, one `.parquet` or `.csv` file for each table"))
}

/// A file that is there but cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    read_failed(error).file(path)
}

/// The same, before it is known which file.
pub(super) fn read_failed(error: &io::Error) -> Problem {
    Problem::new(code::DATA_UNREADABLE, format!("the file cannot be read: {}", error.to_string().to_lowercase()))
        .help("check that it is a file and that its permissions allow reading")
}

/// Whether this is there, and in the data folder once links are followed.
///
/// # Errors
/// When it leads out of the folder.
pub(super) fn is_in(dir: &Path, path: &Path) -> Result<bool, Problem> {
    let Ok(whole) = path.canonicalize() else {
        // Where the system says no, reading it says why.
        return Ok(path.symlink_metadata().is_ok() && path.exists());
    };
    let folder = dir.canonicalize().map_err(|e| unreadable(dir, &e))?;
    if whole.starts_with(folder) {
        return Ok(true);
    }
    Err(Problem::new(code::DATA_OUTSIDE, format!("`{}` leads out of the data folder", file_name(path)))
        .file(path)
        .help("copy what it leads to into the folder, or name the folder that holds all the tables' files"))
}

/// The file or the files of a table.
fn find_one(dir: &Path, table: &Table) -> Result<Option<Box<dyn TableSource>>, Problem> {
    let name = &table.file;
    let (parquet, csv, parts) = (dir.join(format!("{name}.parquet")), dir.join(format!("{name}.csv")), dir.join(name));
    let workbook = dir.join(format!("{name}.xlsx"));
    if table.sheet.is_some() && is_in(dir, &workbook)? {
        return Ok(Some(Box::new(Workbook::new(workbook, table.sheet.clone()))));
    } else if table.sheet.is_some() {
        return Ok(None);
    }
    let mut sources: Vec<(PathBuf, Box<dyn TableSource>)> = Vec::new();
    // A folder called `x.parquet` is how some writers name a folder of parts.
    for path in [parquet, parts] {
        if !is_in(dir, &path)? {
            continue;
        }
        if path.is_dir() {
            sources.push((path.clone(), Box::new(ParquetFiles::new(parts_of(dir, &path, table)?))));
        } else if path.extension().is_some_and(|e| e == "parquet") {
            sources.push((path.clone(), Box::new(ParquetFiles::new(vec![path]))));
        }
    }
    for path in [csv, dir.join(format!("{name}.csv.gz"))] {
        if is_in(dir, &path)? {
            sources.push((path.clone(), Box::new(CsvFile::new(path))));
        }
    }
    if is_in(dir, &workbook)? {
        sources.push((workbook.clone(), Box::new(Workbook::new(workbook, None))));
    }
    if sources.len() > 1 {
        let names: Vec<_> = sources.iter().map(|(p, _)| format!("`{}`", file_name(p))).collect();
        let message = format!("table `{}` has more than one source: {}", table.name, names.join(" and "));
        return Err(Problem::new(code::DATA_TWO_FILES, message)
            .file(dir)
            .help("keep one of them: rows of both would be counted twice"));
    }
    Ok(sources.pop().map(|(_, source)| source))
}

/// The Parquet files of a table's folder, which programs split by a column. Names that begin with
/// `.` or `_` are other programs' notes.
fn parts_of(data: &Path, dir: &Path, table: &Table) -> Result<Vec<PathBuf>, Problem> {
    if let Some(format) = kept_by(dir) {
        let message = format!("the folder of table `{}` is {format} table", table.name);
        return Err(Problem::new(code::DATA_TABLE_FORMAT, message)
            .file(dir)
            .help("let the system that keeps it write the table's present rows to a folder of plain Parquet files, or read it by way of DuckDB with `yardstick extract duckdb:FILE -o DIR`"));
    }
    let mut parts = Vec::new();
    for path in list_parts(dir)? {
        if path.is_dir() || path.extension().is_none_or(|e| e != "parquet") {
            let name = file_name(&path);
            let message = format!("the folder of table `{}` holds `{name}`, which is not a Parquet file", table.name);
            return Err(Problem::new(code::DATA_NO_FILE, message)
                .file(path.parent().unwrap_or(dir))
                .help("keep only files that end in `.parquet` in it, and folders below it only as in `year=2025`"));
        }
        is_in(data, &path)?;
        parts.push(path);
    }
    if parts.is_empty() {
        let message = format!("the folder of table `{}` holds no Parquet file", table.name);
        return Err(Problem::new(code::DATA_NO_FILE, message).file(dir).help(format!(
            "a table without rows needs a file too: a Parquet file with no rows, or `{}.csv` with only its first line",
            table.file
        )));
    }
    Ok(parts)
}

/// What is in the folder of a table, and in folders in it such as `year=2025`, but for names that
/// begin with `.` or `_`.
pub(super) fn list_parts(dir: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut parts = Vec::new();
    for path in list(dir)? {
        let name = file_name(&path);
        if name.starts_with(['.', '_']) {
            continue;
        }
        // A link could lead back up, and rows would be read twice.
        if name.contains('=') && path.is_dir() && !path.is_symlink() {
            parts.extend(list_parts(&path)?);
        } else {
            parts.push(path);
        }
    }
    Ok(parts)
}

/// The table format by whose log the folder's files are read: what lies there may be rows that were
/// deleted long ago.
fn kept_by(dir: &Path) -> Option<&'static str> {
    if dir.join("_delta_log").is_dir() {
        return Some("a Delta");
    }
    if dir.join(".hoodie").is_dir() {
        return Some("a Hudi");
    }
    let notes = list(&dir.join("metadata")).unwrap_or_default();
    notes.iter().any(|note| file_name(note).ends_with(".metadata.json")).then_some("an Iceberg")
}

/// What is in a folder, by name.
pub(super) fn list(dir: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = std::fs::read_dir(dir).map_err(|e| unreadable(dir, &e))?;
    let mut paths =
        entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(|e| unreadable(dir, &e))?;
    paths.sort();
    Ok(paths)
}

fn no_file(dir: &Path, missing: &[&Table]) -> Problem {
    let names: Vec<_> = missing.iter().map(|t| format!("`{}`", t.name)).collect();
    let what = if names.len() == 1 { "table" } else { "tables" };
    let places = |t: &&Table| match t.sheet {
        Some(_) => format!("`{}.xlsx`", t.file),
        None => format!("`{0}.parquet`, `{0}.csv`, `{0}.xlsx` and the folder `{0}/`", t.file),
    };
    let looked: Vec<_> = missing.iter().take(3).map(places).collect();
    let more = if missing.len() > 3 { ", and so on" } else { "" };
    let there: Vec<String> = list(dir).unwrap_or_default().iter().map(|p| file_name(p)).collect();
    let near: Vec<_> = missing.iter().filter_map(|t| nearest_file(&t.file, &there)).map(|n| format!("`{n}`")).collect();
    let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
    Problem::new(code::DATA_NO_FILE, format!("there is no file for {what} {}", names.join(", ")))
        .file(dir)
        .help(format!("looked for {}{more}{hint}", looked.join("; ")))
}

/// A file whose name without its ending is close to a table's.
fn nearest_file<'a>(table: &str, there: &'a [String]) -> Option<&'a str> {
    let stem = |name: &'a str| name.split('.').next().unwrap_or(name);
    let near = suggest::nearest(table, there.iter().map(|n| stem(n)))?;
    there.iter().map(String::as_str).find(|n| stem(n) == near)
}

/// The last part of a path, as shown.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// How many bytes a file has, as far as the system says.
pub(super) fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |m| m.len())
}
