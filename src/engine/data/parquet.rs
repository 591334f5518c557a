//! Parquet files: the model's columns only, one row group at a time. The only file of this room
//! that names the Parquet reader.
//!
//! What a file says of itself is not believed: hints for Arrow at its end are taken only where they
//! say which of two plain readings a column of whole numbers has, or whether times of 96 bits are
//! local or instants; its footer is looked at before it is read, and pages that do not fit their
//! checksums are refused.

use super::arrays;
use super::column::{ColumnBuilder, how_to_write};
use super::duplicate_rows::half;
use super::extracted;
use super::fingerprint::fingerprint;
use super::folder::{file_name, size, unreadable};
use super::footer;
use super::header::{others, positions};
use super::instant;
use super::internal;
use super::page_headers;
use super::problem::Problem;
use super::source::{ReadUnit, Sought, TableSource};
use super::staged_table::{StagedTable, StagedTableBuilder, too_many_rows};
use super::threads::unbroken;
use crate::inputs;
use crate::scratch::Scratch;
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::arrow::{ARROW_SCHEMA_META_KEY, ProjectionMask, parquet_to_arrow_schema};
use datafusion::parquet::basic::{ConvertedType, Encoding, Type as PhysicalType};
use datafusion::parquet::errors::ParquetError;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yardstick_language::diag::code;
use yardstick_language::model::{Column, ColumnType, Model, Table, TableId, Times};

/// Rows decoded at a time where memory is short, since each array becomes a scratch file: a row
/// group of the usual size at once, but never more text than one array can hold.
const BATCH: usize = 1 << 20;
/// Rows decoded at a time otherwise: what is decoded stays near the processor until it has been
/// looked at, and its memory is used again.
const NEAR: usize = 1 << 16;

/// Rows whose columns are all held at a time.
const COMPARED: usize = 1 << 16;

/// A table in one Parquet file, or in all of a folder in the order of their names. What is read at
/// a time is a row group.
#[derive(Debug)]
pub(super) struct ParquetFiles {
    paths: Vec<PathBuf>,
}

impl ParquetFiles {
    pub(super) fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths }
    }

    fn path(&self, file: usize) -> &Path {
        self.paths.get(file).map_or(Path::new(""), PathBuf::as_path)
    }
}

impl TableSource for ParquetFiles {
    fn files(&self) -> Vec<u64> {
        self.paths.iter().map(|path| size(path)).collect()
    }

    fn units<'s>(&'s self, model: &'s Model, id: TableId) -> Vec<Result<Box<dyn ReadUnit + 's>, Problem>> {
        row_groups(model, id, &self.paths)
            .into_iter()
            .map(|group| group.map(|group| Box::new(group) as Box<dyn ReadUnit>))
            .collect()
    }

    fn other_columns(
        &self,
        staged: &StagedTable<'_>,
        file: usize,
        sought: &mut Sought<'_>,
        each: &mut dyn FnMut(i128),
    ) -> Result<(), Problem> {
        other_columns(staged, self.path(file), file, sought, each)
    }

    fn fingerprint(&self, file: usize) -> Result<String, Problem> {
        fingerprint(self.path(file), false)
    }

    fn locate(&self, problem: Problem) -> Problem {
        problem.file(self.path(0))
    }
}

/// A row group of a file.
struct RowGroup {
    path: PathBuf,
    found: ArrowReaderMetadata,
    /// `None` for a file without rows.
    group: Option<usize>,
    /// Rows of the file before it.
    before: u64,
    bytes: u64,
}

impl ReadUnit for RowGroup {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read<'m>(&self, model: &'m Model, id: TableId, scratch: &Scratch) -> Result<StagedTableBuilder<'m>, Problem> {
        let mut staged = StagedTableBuilder::new(model, id, "row");
        let rows = if scratch.memory().is_some() { BATCH } else { NEAR };
        read_row_group(model, &mut staged, self, rows).map_err(|p| p.file(&self.path))?;
        Ok(staged)
    }
}

/// The row groups of a table's files. Of files further down than a broken one nothing is said.
fn row_groups(model: &Model, id: TableId, paths: &[PathBuf]) -> Vec<Result<RowGroup, Problem>> {
    let mut parts = Vec::new();
    let mut rows = 0_u64;
    for path in paths {
        match groups(model, id, path) {
            Ok((groups, more)) => {
                parts.extend(groups.into_iter().map(Ok));
                rows = rows.saturating_add(more);
                // Told before a row of it is read.
                if rows > i32::MAX as u64 {
                    parts = vec![Err(too_many_rows(&model.table(id).name).file(path))];
                    break;
                }
            }
            Err(problem) => {
                parts.push(Err(problem.file(path)));
                break;
            }
        }
    }
    parts
}

/// The row groups of a file, and how many rows they have.
fn groups(model: &Model, id: TableId, path: &Path) -> Result<(Vec<RowGroup>, u64), Problem> {
    let mut file = inputs::open(path).map_err(|e| unreadable(path, &e))?;
    if let Some(why) = footer::refused(&mut file).map_err(|e| unreadable(path, &e))? {
        return Err(broken(&why));
    }
    let (found, undecided) = open(&file, &model.times).map_err(|e| broken(&e.to_string()))?;
    let table = model.table(id);
    let at = positions(model, table, &names(found.schema()))?;
    let meant = meant(&found);
    let is_extracted = extracted::said(found.metadata().file_metadata()).is_some();
    for (column, at) in table.columns.iter().zip(&at) {
        for (column, at) in column.in_file().iter().zip(at) {
            if is_extracted && arrays::is_text(meant.field(*at).data_type()) {
                continue;
            }
            check_type(table, column, meant.field(*at).data_type(), &model.times, undecided[*at])?;
        }
    }
    let part = |group, before, bytes| RowGroup { path: path.to_owned(), found: found.clone(), group, before, bytes };
    let mut before = 0;
    let mut parts = Vec::new();
    for (number, group) in found.metadata().row_groups().iter().enumerate() {
        parts.push(part(Some(number), before, group.compressed_size().unsigned_abs()));
        before += group.num_rows().unsigned_abs();
    }
    let parts = if parts.is_empty() { vec![part(None, 0, 0)] } else { parts };
    Ok((parts, before))
}

/// The columns of a file that no model names yet, and its rows, some at a time.
pub(super) fn all_columns(
    path: &Path,
) -> Result<(SchemaRef, impl Iterator<Item = Result<RecordBatch, Problem>>), Problem> {
    let told = |e: &dyn std::error::Error| broken(&e.to_string()).file(path);
    let mut file = inputs::open(path).map_err(|e| unreadable(path, &e))?;
    if let Some(why) = footer::refused(&mut file).map_err(|e| unreadable(path, &e))? {
        return Err(broken(&why).file(path));
    }
    let (found, _) = open(&file, &Times::Local).map_err(|e| told(&e))?;
    let schema = found.schema().clone();
    let every: Vec<usize> = (0..schema.fields().len()).collect();
    for group in 0..found.metadata().num_row_groups() {
        with_sound_pages(path, &found, group, &every)?;
    }
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, found).with_batch_size(COMPARED);
    let reader = reader.build().map_err(|e| told(&e))?;
    Ok((schema, reader.map(|batch| batch.map_err(|e| broken(&e.to_string())))))
}

/// A file whose pages of some columns of a row group can be read.
fn with_sound_pages(path: &Path, found: &ArrowReaderMetadata, group: usize, roots: &[usize]) -> Result<File, Problem> {
    let mut file = inputs::open(path).map_err(|e| unreadable(path, &e))?;
    let columns = found.metadata().row_group(group).columns().iter().enumerate();
    let asked = columns.filter(|(leaf, _)| roots.contains(&found.parquet_schema().get_column_root_idx(*leaf)));
    let chunks = asked.map(|(_, column)| {
        let (start, length) = column.byte_range();
        start..start.saturating_add(length)
    });
    let refused = page_headers::refused(&mut file, &chunks.collect::<Vec<_>>());
    match refused.map_err(|e| unreadable(path, &e))? {
        Some(why) => Err(broken(&why).file(path)),
        None => Ok(file),
    }
}

fn names(schema: &Schema) -> Vec<&str> {
    schema.fields().iter().map(|f| f.name().as_str()).collect()
}

/// Reads a row group, at most so many rows at a time.
fn read_row_group(
    model: &Model,
    staged: &mut StagedTableBuilder<'_>,
    part: &RowGroup,
    most: usize,
) -> Result<(), Problem> {
    let number = staged.begin(file_name(&part.path));
    let Some(group) = part.group else { return Ok(()) };
    let at = positions(model, staged.table, &names(part.found.schema()))?;
    let mut order: Vec<usize> = at.iter().flatten().copied().collect();
    let file = with_sound_pages(&part.path, &part.found, group, &order)?;
    let packs = staged.columns.iter_mut().zip(&at).filter_map(|(c, at)| at.first().copied().filter(|_| c.packs()));
    let found = as_kept(&part.found, group, &order, &packs.collect::<Vec<_>>());
    let found = found.unwrap_or_else(|_| part.found.clone());
    let rows = found.metadata().row_group(group).num_rows().unsigned_abs() as usize;
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, found);
    let mask = ProjectionMask::roots(reader.parquet_schema(), order.iter().copied());
    let reader = reader.with_projection(mask).with_row_groups(vec![group]).with_batch_size(rows.clamp(1, most));
    // A projection keeps the file's order of columns: the n-th smallest position comes n-th.
    order.sort_unstable();
    order.dedup();
    let place_of = |at: usize| order.partition_point(|other| *other < at);
    let place: Vec<Vec<usize>> = at.iter().map(|at| at.iter().copied().map(place_of).collect()).collect();
    let by_text = by_text(staged, &part.found, &at);
    let mut done = part.before;
    for batch in reader.build().map_err(|e| broken(&e.to_string()))? {
        let batch = batch.map_err(|e| broken(&e.to_string()))?;
        push(staged, &batch, &place, (number, done), by_text)?;
        done += batch.num_rows() as u64;
    }
    staged.columns.iter_mut().try_for_each(ColumnBuilder::join_dictionaries).map_err(|e| internal(&e))
}

/// Whether a file was extracted from a database, so that its texts are read as those of CSV; where
/// its days, times and flags are written as the language writes them, the forms of the model are
/// left aside.
fn by_text(staged: &mut StagedTableBuilder<'_>, found: &ArrowReaderMetadata, at: &[Vec<usize>]) -> bool {
    let Some(said) = extracted::said(found.metadata().file_metadata()) else { return false };
    for (column, at) in staged.columns.iter_mut().zip(at) {
        for (column, at) in column.in_file().iter_mut().zip(at) {
            let name = found.schema().field(*at).name();
            if said.contains(name) && extracted::is_read_by_text(column, &DataType::Utf8) {
                column.as_the_language_writes();
            }
        }
    }
    true
}

/// Gives the hash of each row of a file that is looked for, over the columns that the model does
/// not name.
fn other_columns(
    staged: &StagedTable<'_>,
    path: &Path,
    file: usize,
    sought: &mut Sought<'_>,
    each: &mut dyn FnMut(i128),
) -> Result<(), Problem> {
    let told = |e: &dyn std::error::Error| broken(&e.to_string()).file(path);
    let opened = inputs::open(path).map_err(|e| unreadable(path, &e))?;
    let (found, _) = open(&opened, &staged.model.times).map_err(|e| told(&e))?;
    let others = others(staged.model, staged.table, &names(found.schema()))?;
    let mut before = 0;
    for (number, group) in found.metadata().row_groups().iter().enumerate() {
        let (mut done, rows) = (before, group.num_rows().unsigned_abs());
        before += rows;
        if !sought.is_up_to(file, before) {
            continue;
        }
        let opened = with_sound_pages(path, &found, number, &others)?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, found.clone());
        let mask = ProjectionMask::roots(reader.parquet_schema(), others.iter().copied());
        let reader = reader
            .with_projection(mask)
            .with_row_groups(vec![number])
            .with_batch_size((rows as usize).clamp(1, COMPARED));
        for batch in reader.build().map_err(|e| told(&e))? {
            let batch = batch.map_err(|e| told(&e))?;
            let last = done + batch.num_rows() as u64;
            let at = std::iter::from_fn(|| sought.next_up_to(file, last)).map(|row| (row - 1 - done) as u32).collect();
            hash_rows(&batch, &at, each).map_err(|e| told(&e))?;
            done = last;
        }
    }
    Ok(())
}

/// Hashes these rows of a batch. Columns count by their names: files of one folder may have them in
/// another order.
fn hash_rows(batch: &RecordBatch, at: &UInt32Array, each: &mut dyn FnMut(i128)) -> Result<(), ArrowError> {
    if at.is_empty() {
        return Ok(());
    }
    let (schema, mut names) = (batch.schema(), blake3::Hasher::new());
    let mut order: Vec<usize> = (0..batch.num_columns()).collect();
    order.sort_by_key(|place| schema.field(*place).name());
    let fields = order.iter().map(|place| schema.field(*place));
    for field in fields.clone() {
        names.update(&(field.name().len() as u64).to_le_bytes()).update(field.name().as_bytes());
    }
    if order.is_empty() {
        (0..at.len()).for_each(|_| each(half(&names)));
        return Ok(());
    }
    let converter = RowConverter::new(fields.map(|f| SortField::new(f.data_type().clone())).collect())?;
    let columns = order.iter().map(|place| take(batch.column(*place), at, None)).collect::<Result<Vec<_>, _>>()?;
    for row in &converter.convert_columns(&columns)? {
        let mut hasher = names.clone();
        hasher.update(row.as_ref());
        each(half(&hasher));
    }
    Ok(())
}

/// Asks for links and codes as dictionaries where the row group holds them so: what repeats is then
/// looked at once. Other ids come as views, which hold short texts themselves: those that are to be
/// `packed` are not copied before.
fn as_kept(
    found: &ArrowReaderMetadata,
    group: usize,
    at: &[usize],
    packed: &[usize],
) -> Result<ArrowReaderMetadata, ParquetError> {
    let columns = found.metadata().row_group(group).columns();
    let roots = found.parquet_schema();
    let mut whole = vec![false; found.schema().fields().len()];
    for (leaf, column) in columns.iter().enumerate() {
        let is_dictionary = column
            .page_encoding_stats_mask()
            .is_some_and(|pages| pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(Encoding::PLAIN_DICTIONARY));
        let root = roots.get_column_root_idx(leaf);
        whole[root] = is_dictionary && at.contains(&root);
    }
    let fields = found.schema().fields().iter().zip(whole).enumerate().map(|(root, (field, whole))| {
        let text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let read_as = |ty: DataType| Arc::new(field.as_ref().clone().with_data_type(ty));
        match text {
            true if whole => read_as(arrays::dictionary()),
            true if packed.contains(&root) => read_as(DataType::Utf8View),
            _ => field.clone(),
        }
    });
    with_schema(found, fields.collect())
}

fn with_schema(found: &ArrowReaderMetadata, fields: Vec<FieldRef>) -> Result<ArrowReaderMetadata, ParquetError> {
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(found.metadata().clone(), options)
}

/// Opens a file. Some writers keep times in an old form of 96 bits; as nanoseconds, days such as
/// 9999-12-31 would silently become others, so these are read as microseconds. Says of which
/// columns it is not known whether they are local times or instants.
fn open(file: &File, times: &Times) -> Result<(ArrowReaderMetadata, Vec<bool>), ParquetError> {
    let found = ArrowReaderMetadata::load(file, ArrowReaderOptions::new().with_skip_arrow_metadata(true))?;
    let hints = hints(&found);
    let roots = found.parquet_schema().root_schema().get_fields();
    let (mut fields, mut undecided) = (Vec::new(), Vec::new());
    for (place, (root, field)) in roots.iter().zip(found.schema().fields()).enumerate() {
        let hint = hints.as_ref().and_then(|hints| hints.fields().get(place)).map(|hint| hint.data_type());
        let old = root.is_primitive() && root.get_physical_type() == PhysicalType::INT96;
        let read_as = if old { Some(old_times(hint, times)) } else { hinted(field, hint) };
        undecided.push(old && hint.is_none() && *times == Times::Undeclared);
        fields.push(match read_as {
            Some(ty) => Arc::new(field.as_ref().clone().with_data_type(ty)),
            None => field.clone(),
        });
    }
    let as_found = fields.iter().zip(found.schema().fields()).all(|(field, found)| field == found);
    let found = if as_found { found } else { with_schema(&found, fields)? };
    Ok((found, undecided))
}

/// What the hints for Arrow make of the columns, when there are some. Hints that break their reader
/// are none.
fn hints(found: &ArrowReaderMetadata) -> Option<Schema> {
    let hints = found.metadata().file_metadata().key_value_metadata()?;
    let given = hints.iter().any(|hint| hint.key == ARROW_SCHEMA_META_KEY);
    let schema = || parquet_to_arrow_schema(found.parquet_schema(), Some(hints)).ok();
    given.then(|| unbroken(schema).flatten()).flatten()
}

/// What a hint for Arrow makes of a column. Parquet has no words for times in whole seconds and
/// days in milliseconds: some writers store plain whole numbers, and say so in the hint alone. No
/// other hint is taken.
fn hinted(field: &FieldRef, hint: Option<&DataType>) -> Option<DataType> {
    let is_known = |hint: &&DataType| matches!(hint, DataType::Timestamp(TimeUnit::Second, _) | DataType::Date64);
    hint.filter(|_| *field.data_type() == DataType::Int64).filter(is_known).cloned()
}

/// How times in the old form are read: as the file says in its hint, or else as the model says.
fn old_times(hint: Option<&DataType>, times: &Times) -> DataType {
    let instants = match hint {
        Some(hint) => arrays::are_instants(hint),
        None => times.zone().is_some(),
    };
    DataType::Timestamp(TimeUnit::Microsecond, instants.then(|| "UTC".into()))
}

/// What the columns mean. Words of a list (`ENUM`) are text, though they are read as bytes.
fn meant(found: &ArrowReaderMetadata) -> SchemaRef {
    let roots = found.parquet_schema().root_schema().get_fields();
    let fields = roots.iter().zip(found.schema().fields()).map(|(root, field)| {
        let is_word = root.is_primitive() && root.get_basic_info().converted_type() == ConvertedType::ENUM;
        if is_word { Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8)) } else { field.clone() }
    });
    Arc::new(Schema::new(fields.collect::<Vec<FieldRef>>()))
}

/// Bytes that mean text are read as such; other columns of bytes are refused before.
fn as_meant(array: &ArrayRef) -> Result<ArrayRef, Problem> {
    let Some(bytes) = array.as_binary_opt::<i32>() else { return Ok(Arc::clone(array)) };
    let text = StringArray::try_from_binary(bytes.clone()).map_err(|e| broken(&e.to_string()))?;
    Ok(Arc::new(text) as ArrayRef)
}

fn push(
    staged: &mut StagedTableBuilder<'_>,
    batch: &RecordBatch,
    place: &[Vec<usize>],
    (file, done): (usize, u64),
    by_text: bool,
) -> Result<(), Problem> {
    let first = staged.grow(batch.num_rows())?;
    staged.places.note(first, file, done + 1);
    for (column, place) in staged.columns.iter_mut().zip(place) {
        if place.is_empty() {
            (0..batch.num_rows()).for_each(|_| column.push_null());
        }
        for (column, place) in column.in_file().iter_mut().zip(place) {
            let values = as_meant(batch.column(*place))?;
            let by_text = by_text && extracted::is_read_by_text(column, values.data_type());
            let push = if by_text { extracted::push } else { arrays::push };
            push(column, &values, first, &mut staged.rejects).map_err(|e| broken(&e.to_string()))?;
        }
    }
    Ok(())
}

/// Parquet says what its columns hold, so a wrong type is found before a row is read. So are times
/// of which nobody says where they are local.
fn check_type(table: &Table, column: &Column, found: &DataType, times: &Times, undecided: bool) -> Result<(), Problem> {
    let is_time = matches!(column.ty, ColumnType::Date | ColumnType::Timestamp);
    let (name, table) = (&column.file_name, &table.name);
    if is_time && undecided {
        return Err(instant::undecided(name, table));
    }
    if is_time && arrays::are_instants(found) && times.zone().is_none() {
        return Err(instant::nowhere(name, table, "holds instants (times adjusted to UTC)", times));
    }
    if arrays::accepts(column, found) {
        return Ok(());
    }
    let (holds, kind) = (arrays::words(found), super::column::kind(&column.ty));
    let message = format!("column `{name}` of table `{table}` holds {holds}, where the model says {kind}");
    let help = match column.ty {
        ColumnType::Key | ColumnType::Link(_) if found.is_numeric() => {
            "write ids as text, or as whole numbers; if all of them are whole, say at the key of their table that it is read `as whole number`"
        }
        _ => how_to_write(&column.ty),
    };
    Err(Problem::new(code::DATA_WRONG_TYPE, message).help(help))
}

fn broken(why: &str) -> Problem {
    // The reader's own words, on one line.
    let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
    if why.contains("checksum mismatch") {
        let message = "the file is damaged: a part of it does not fit the checksum that was written with it";
        return Problem::new(code::DATA_BROKEN_PARQUET, message)
            .help("copy it again from where it was written, or write it again");
    }
    Problem::new(
        code::DATA_BROKEN_PARQUET,
        format!("the file cannot be read as Parquet: {}", super::rejects::shorten_to(why, 160)),
    )
    .help("was it cut short, or is it another format? write or copy it again")
}
