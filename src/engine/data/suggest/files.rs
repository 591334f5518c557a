//! The files of a folder, column by column.

use super::super::csv::{broken, records, with_separator, wrong_length};
use super::super::folder::{file_name, is_in, list, list_parts, unreadable};
use super::super::parquet;
use super::super::problem::Problem;
use super::super::workbook;
use super::profile::{Column, Native, Table};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use std::path::{Path, PathBuf};
use yardstick_language::diag::code;
use yardstick_language::model::Encoding;

/// All tables of a folder, by the names of their files.
pub(super) fn tables(dir: &Path) -> Result<Vec<Table>, Problem> {
    let mut tables: Vec<Table> = Vec::new();
    for path in list(dir)? {
        let name = file_name(&path);
        if name.starts_with(['.', '_', '~']) || !is_in(dir, &path)? {
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let table = match ending {
            "csv" => Some(csv(&path)?),
            "gz" if name.ends_with(".csv.gz") => Some(csv(&path)?),
            "xlsx" if path.is_file() => {
                workbook(&path, &mut tables)?;
                None
            }
            _ if path.is_dir() => parquet_files(dir, &path)?.map(in_utf8),
            "parquet" => Some(in_utf8(parquet_table(std::slice::from_ref(&path))?)),
            _ => None,
        };
        let Some((rows, columns, encoding)) = table else { continue };
        let file = name
            .strip_suffix(".csv.gz")
            .or_else(|| name.strip_suffix(".csv"))
            .or_else(|| name.strip_suffix(".parquet"))
            .unwrap_or(&name)
            .to_owned();
        if tables.iter().any(|other| other.file == file) {
            return Err(Problem::new(code::DATA_TWO_FILES, format!("`{file}` is there more than once"))
                .file(dir)
                .help("keep one of them: rows of both would be counted twice"));
        }
        tables.push(Table { file, sheet: None, encoding, rows, columns });
    }
    Ok(tables)
}

fn in_utf8((rows, columns): (u64, Vec<Column>)) -> (u64, Vec<Column>, Encoding) {
    (rows, columns, Encoding::Utf8)
}

/// A table for each sheet of a workbook that holds something.
fn workbook(path: &Path, tables: &mut Vec<Table>) -> Result<(), Problem> {
    let told = |problem: Problem| problem.file(path);
    let sheets = workbook::sheets(path).map_err(told)?;
    let file = file_name(path).trim_end_matches(".xlsx").to_owned();
    for sheet in &sheets {
        let (mut columns, mut rows): (Vec<Column>, u64) = (Vec::new(), 0);
        let read = workbook::rows(path, Some(sheet), &mut |_, cells| {
            if columns.is_empty() {
                columns = cells.iter().map(|cell| Column::new(cell.text(), Native::Text)).collect();
                return Ok(());
            }
            rows += 1;
            for (at, column) in columns.iter_mut().enumerate() {
                column.add(cells.get(at).map(workbook::Cell::text).as_deref());
            }
            Ok(())
        });
        read.map_err(told)?;
        columns.retain(|column| !column.name.is_empty());
        if !columns.is_empty() {
            let sheet = (sheets.len() > 1).then(|| sheet.clone());
            tables.push(Table { file: file.clone(), sheet, encoding: Encoding::Utf8, rows, columns });
        }
    }
    Ok(())
}

/// The Parquet files of a folder, when there are some.
fn parquet_files(dir: &Path, folder: &Path) -> Result<Option<(u64, Vec<Column>)>, Problem> {
    let mut parts = Vec::new();
    for path in list_parts(folder)? {
        if path.extension().is_some_and(|e| e == "parquet") && path.is_file() && is_in(dir, &path)? {
            parts.push(path);
        }
    }
    if parts.is_empty() { Ok(None) } else { parquet_table(&parts).map(Some) }
}

/// A CSV file, which may be one that Windows wrote.
fn csv(path: &Path) -> Result<(u64, Vec<Column>, Encoding), Problem> {
    match csv_in(path, Encoding::Utf8) {
        Err(problem) if problem.code == code::DATA_NOT_UTF8 => {
            let (rows, columns) = csv_in(path, Encoding::Windows1252).map_err(|_| problem)?;
            Ok((rows, columns, Encoding::Windows1252))
        }
        read => read.map(in_utf8),
    }
}

fn csv_in(path: &Path, encoding: Encoding) -> Result<(u64, Vec<Column>), Problem> {
    let mut input = records(path, encoding).map_err(|e| unreadable(path, &e))?;
    let told = |problem: Problem| problem.file(path);
    if input.next().map_err(|b| told(broken(b, encoding)))?.is_none() {
        return Err(told(
            Problem::new(code::DATA_MISSING_COLUMN, "the file is empty")
                .help("a table without rows needs a first line with its columns' names"),
        ));
    }
    let width = input.len();
    let mut columns: Vec<Column> = (0..width).map(|i| Column::new(input.field(i).to_owned(), Native::Text)).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    if let [only] = names.as_slice()
        && only.contains('|')
    {
        let problem = Problem::new(code::DATA_MISSING_COLUMN, "the first line has a single name");
        return Err(told(with_separator(problem, &names)));
    }
    let mut rows = 0;
    while let Some(line) = input.next().map_err(|b| told(broken(b, encoding)))? {
        if input.len() != width {
            return Err(told(wrong_length(line, input.len(), width)));
        }
        rows += 1;
        for (i, column) in columns.iter_mut().enumerate() {
            column.add(Some(input.field(i)));
        }
    }
    Ok((rows, columns))
}

fn parquet_table(paths: &[PathBuf]) -> Result<(u64, Vec<Column>), Problem> {
    let mut columns: Vec<Column> = Vec::new();
    let mut rows = 0;
    for path in paths {
        let (schema, batches) = parquet::all_columns(path)?;
        if columns.is_empty() {
            columns = schema.fields().iter().map(|f| Column::new(f.name().clone(), native(f.data_type()))).collect();
        }
        for batch in batches {
            let batch = batch.map_err(|problem| problem.file(path))?;
            rows += batch.num_rows() as u64;
            for column in &mut columns {
                let texts = batch.column_by_name(&column.name).and_then(text);
                for row in 0..batch.num_rows() {
                    let texts = texts.as_ref().and_then(|texts| texts.as_string_opt::<i32>());
                    column.add(texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row)));
                }
            }
        }
    }
    Ok((rows, columns))
}

/// A column as texts; `None` of one that has none.
fn text(values: &ArrayRef) -> Option<ArrayRef> {
    if native(values.data_type()) == Native::Other { None } else { cast(values, &DataType::Utf8).ok() }
}

fn native(ty: &DataType) -> Native {
    match ty {
        DataType::Boolean => Native::Truth,
        DataType::Date32 | DataType::Date64 => Native::Day,
        DataType::Timestamp(_, None) => Native::Time,
        DataType::Timestamp(_, Some(_)) => Native::Instant,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Native::Text,
        DataType::Dictionary(_, of) => native(of),
        ty if ty.is_integer() => Native::Whole,
        ty if ty.is_numeric() => Native::Fraction,
        _ => Native::Other,
    }
}
