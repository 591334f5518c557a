//! What must hold of each shipped indicator when a county, or what is asked of it, changes in a way
//! that is understood.
//!
//! The county is the example, and three months are asked for. `YARDSTICK_COUNTY=FOLDER` names
//! another one, in Parquet, and `YARDSTICK_MONTHS=24` asks for more:
//! `cargo test --release changed_county -- --test-threads 1`.

use crate::county::{distinct, levels_add_up, raw_tables, read_texts};
use crate::generated::world::Files;
use crate::generated::{parsed, written};
use crate::laws::{twice, without_groups};
use crate::properties::compare::{load, measure, measure_with};
use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::array::{ArrowPrimitiveType, TimestampMicrosecondArray};
use arrow::compute::{cast, concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Date32Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType};
use chrono::{DateTime, Months, NaiveDate};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use yardstick::calendar::Window;
use yardstick::interpret;
use yardstick::ir::{ExprKind, Measure, Program};
use yardstick::model::{Column, ColumnType, Table};
use yardstick::run::{Counts, Measured, Settings};
use yardstick::store::Store;

/// The county as it is, and what the engine says of it.
struct County {
    folder: PathBuf,
    program: Program,
    as_of: NaiveDate,
    windows: Vec<Vec<Window>>,
    store: Store,
    before: Vec<Measured>,
}

static COUNTY: LazyLock<County> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("YARDSTICK_COUNTY").map_or_else(crate::county::folder, PathBuf::from);
    let mut texts = Vec::new();
    read_texts(&root.join("indicators"), &mut texts);
    let program = parsed::program(&texts).unwrap_or_else(|e| panic!("{e:?}"));
    let as_of = yardstick::data::settings(&folder).unwrap().unwrap().as_of;
    let windows = windows(&program, as_of);
    let store = load(&program.model, &folder);
    let before = measure(&program, &store, as_of, &windows, &all(&program)).unwrap();
    let with_rows = before.iter().filter(|one| !one.parts.is_empty()).count();
    assert!(with_rows * 10 > before.len() * 9, "of {} indicators {with_rows} have rows", before.len());
    County { folder, program, as_of, windows, store, before }
});

fn all(program: &Program) -> Vec<usize> {
    (0..program.indicators.len()).collect()
}

fn windows(program: &Program, as_of: NaiveDate) -> Vec<Vec<Window>> {
    let months = std::env::var("YARDSTICK_MONTHS").map_or(3, |text| text.parse().expect("a whole number"));
    program.indicators.iter().map(|indicator| distinct(indicator.windows(as_of, months))).collect()
}

/// What the engine says of all indicators on the files of a folder.
fn answers(folder: &Path) -> Vec<Measured> {
    let County { program, as_of, windows, .. } = &*COUNTY;
    measure(program, &load(&program.model, folder), *as_of, windows, &all(program)).unwrap()
}

/// Panics where an indicator has other counts.
fn same(wanted: &[Measured], found: &[Measured]) {
    assert_eq!(wanted.len(), found.len());
    for (wanted, found) in wanted.iter().zip(found) {
        let id = &COUNTY.program.indicators[wanted.indicator].id;
        let differs = wanted.parts.iter().zip(&found.parts).find(|(one, other)| one != other);
        assert!(differs.is_none(), "{id}: {differs:?}");
        assert_eq!(wanted.parts.len(), found.parts.len(), "{id}");
    }
}

/// The county with its tables changed, in a folder of its own.
fn changed(change: impl Fn(&Table, RecordBatch) -> RecordBatch) -> TempDir {
    changed_as_of(COUNTY.as_of, change)
}

/// The same, as of another day.
fn changed_as_of(as_of: NaiveDate, change: impl Fn(&Table, RecordBatch) -> RecordBatch) -> TempDir {
    let made = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    fs::write(made.path().join("dataset.toml"), format!("name = \"changed\"\nas_of = {as_of}\n")).unwrap();
    for table in &COUNTY.program.model.tables {
        let file = format!("{}.parquet", table.file);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(COUNTY.folder.join(&file)).unwrap()).unwrap();
        let schema = reader.schema().clone();
        let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
        let batch = change(table, concat_batches(&schema, &batches).unwrap());
        let mut writer =
            ArrowWriter::try_new(File::create(made.path().join(file)).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
    made
}

/// The table with each of its columns changed.
fn columns(table: &Table, batch: &RecordBatch, change: impl Fn(&Column, &ArrayRef) -> ArrayRef) -> RecordBatch {
    let schema = batch.schema();
    let changed = schema.fields().iter().zip(batch.columns()).map(|(field, array)| {
        let column = table.columns.iter().find(|column| column.file_name == *field.name());
        let array = column.map_or_else(|| array.clone(), |column| change(column, array));
        (field.as_ref().clone().with_data_type(array.data_type().clone()), array)
    });
    let (fields, arrays): (Vec<_>, Vec<_>) = changed.unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

/// Ids with something put before each.
fn other_ids(array: &ArrayRef) -> ArrayRef {
    let text = cast(array, &DataType::Utf8).unwrap();
    let text = text.as_string::<i32>().iter();
    Arc::new(
        text.map(|id| id.map(|id| if id.is_empty() { String::new() } else { format!("zz-{id}") }))
            .collect::<StringArray>(),
    )
}

#[test]
fn rows_in_another_order_give_the_same_counts() {
    let shuffled = changed(|_, batch| {
        let mut rows: Vec<u32> = (0..batch.num_rows() as u32).collect();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(batch.num_rows() as u64));
        take_record_batch(&batch, &UInt32Array::from(rows)).unwrap()
    });
    same(&COUNTY.before, &answers(shuffled.path()));
}

#[test]
fn a_county_twice_as_large_counts_double() {
    let is_id = |column: &Column| matches!(column.ty, ColumnType::Key | ColumnType::Link(_));
    let doubled = changed(|table, batch| {
        // A calendar or a schedule is nobody's.
        if !table.columns.iter().any(is_id) {
            return batch;
        }
        let renamed = |rename: bool| {
            let ids = |array: &ArrayRef| if rename { other_ids(array) } else { cast(array, &DataType::Utf8).unwrap() };
            columns(table, &batch, |column, array| if is_id(column) { ids(array) } else { array.clone() })
        };
        let both = [renamed(false), renamed(true)];
        concat_batches(&both[0].schema(), &both).unwrap()
    });
    let model = &COUNTY.program.model;
    let rows = |level: &yardstick::model::Level| COUNTY.store.tables[&level.table.unwrap()].rows.num_rows() as i32;
    let sizes: Vec<i32> = model.levels.iter().skip(1).map(rows).collect();
    let wanted: Vec<Measured> =
        COUNTY.before.iter().map(|once| Measured { parts: twice(&once.parts, &sizes), ..once.clone() }).collect();
    same(&wanted, &answers(doubled.path()));
}

/// After 28 years every day falls on the same day of the week of a year of the same length.
const LATER: u32 = 28;

fn later(day: NaiveDate) -> NaiveDate {
    if COUNTY.program.model.missing_dates.contains(&day) { day } else { day + Months::new(12 * LATER) }
}

/// Days, times and numbers of years, so much later.
fn years_later(column: &Column, array: &ArrayRef) -> ArrayRef {
    match (&column.ty, array.data_type()) {
        (_, DataType::Date32) => {
            let moved = |days| Date32Type::from_naive_date(later(Date32Type::to_naive_date_opt(days).unwrap()));
            Arc::new(values::<Date32Type>(array).map(|days| days.map(moved)).collect::<Date32Array>())
        }
        (_, DataType::Timestamp(TimeUnit::Microsecond, None)) => {
            let moved = |micros| {
                let time = DateTime::from_timestamp_micros(micros).unwrap().naive_utc();
                later(time.date()).and_time(time.time()).and_utc().timestamp_micros()
            };
            let all = values::<TimestampMicrosecondType>(array).map(|micros| micros.map(moved));
            Arc::new(all.collect::<TimestampMicrosecondArray>())
        }
        (ColumnType::Int, _) if column.name == "of_year" => {
            let years = cast(array, &DataType::Int64).unwrap();
            let moved = values::<Int64Type>(&years).map(|year| year.map(|year| year + i64::from(LATER)));
            Arc::new(moved.collect::<Int64Array>())
        }
        _ => array.clone(),
    }
}

fn values<T: ArrowPrimitiveType>(array: &ArrayRef) -> impl Iterator<Item = Option<T::Native>> + '_ {
    array.as_primitive::<T>().iter()
}

#[test]
fn all_days_28_years_later_give_the_same_counts() {
    let County { program, as_of, windows, before, .. } = &*COUNTY;
    let moved = changed_as_of(later(*as_of), |table, batch| columns(table, &batch, years_later));
    let windows: Vec<Vec<Window>> = windows
        .iter()
        .map(|all| all.iter().map(|w| Window { start: later(w.start), end: later(w.end) }).collect())
        .collect();
    let store = load(&program.model, moved.path());
    same(before, &measure(program, &store, later(*as_of), &windows, &all(program)).unwrap());
}

#[test]
fn a_child_of_whom_nothing_is_known_changes_no_other_counts() {
    let with_one_more = changed(|table, batch| {
        if table.name != "child" {
            return batch;
        }
        let is_key = |column: &Column| column.ty == ColumnType::Key;
        let text = |array: &ArrayRef| cast(array, &DataType::Utf8).unwrap();
        let all = columns(table, &batch, |column, array| if is_key(column) { text(array) } else { array.clone() });
        let more = batch.slice(0, 1);
        let more = columns(table, &more, |column, array| if is_key(column) { other_ids(array) } else { array.clone() });
        concat_batches(&all.schema(), &[all, more]).unwrap()
    });
    let model = &COUNTY.program.model;
    let after = answers(with_one_more.path());
    let of_others =
        |one: &&Measured| model.table(COUNTY.program.indicators[one.indicator].cohort.table).name != "child";
    let kept = |all: &[Measured]| all.iter().filter(of_others).cloned().collect::<Vec<_>>();
    assert!(kept(&after).len() * 2 > after.len());
    same(&kept(&COUNTY.before), &kept(&after));
}

/// At most so many rows are taken as text, which takes many times the memory.
const MOST_AS_TEXT: usize = 8_000_000;

#[test]
fn a_county_as_of_a_day_is_one_that_was_cut_on_that_day() {
    let County { folder, program, as_of, store, .. } = &*COUNTY;
    let model = &program.model;
    let rows: usize = store.tables.values().map(|table| table.rows.num_rows()).sum();
    assert!(rows < MOST_AS_TEXT, "{rows} rows are too many for this law; take a smaller county");
    let as_of = as_of.checked_sub_months(Months::new(14)).unwrap();
    let windows = windows(program, as_of);
    let (tables, _) = interpret::cut(model, &raw_tables(model, folder), as_of);
    let left: usize = tables.values().map(|table| table.rows.len()).sum();
    assert!(left * 20 < rows * 19, "of {rows} rows {left} are left");
    let cut = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    written::write(model, &Files { as_of, tables }, cut.path());
    let whole = changed_as_of(as_of, |_, batch| batch);
    let asked = |folder: &Path| measure(program, &load(model, folder), as_of, &windows, &all(program)).unwrap();
    same(&asked(whole.path()), &asked(cut.path()));
}

#[test]
fn each_indicator_alone_counts_as_in_company() {
    let County { program, as_of, windows, store, before, .. } = &*COUNTY;
    for one in before {
        let n = one.indicator;
        let alone = measure(program, store, *as_of, &windows[n..=n], &[n]).unwrap();
        same(std::slice::from_ref(one), &alone);
    }
}

#[test]
fn threads_parts_and_slices_change_no_counts() {
    let County { program, as_of, windows, store, before, .. } = &*COUNTY;
    for settings in [
        Settings { threads: Some(1), ..Settings::default() },
        Settings { threads: Some(2), parts: Some(3), ..Settings::default() },
        Settings { slices: Some(4), ..Settings::default() },
    ] {
        same(before, &measure_with(program, store, *as_of, windows, &all(program), &settings).unwrap());
    }
}

#[test]
fn levels_add_up_of_each_indicator() {
    let County { program, as_of, store, before, .. } = &*COUNTY;
    levels_add_up(program, store, *as_of, before);
}

#[test]
fn groups_add_up_of_each_indicator() {
    let County { program, as_of, windows, store, before, .. } = &*COUNTY;
    for breakdown in 0..program.breakdowns.len() {
        let mut split = program.clone();
        let fitting: Vec<usize> = program.breakdowns[breakdown].of.keys().copied().collect();
        for n in &fitting {
            split.indicators[*n] = program.split(*n, &[breakdown]).unwrap();
        }
        let asked: Vec<_> = fitting.iter().map(|n| windows[*n].clone()).collect();
        let found = measure(&split, store, *as_of, &asked, &fitting).unwrap();
        let several = found.iter().filter(|one| one.parts.iter().any(|part| part.group != one.parts[0].group)).count();
        assert!(several > 0, "no indicator has several groups of {breakdown}");
        let wanted: Vec<Measured> = fitting.iter().map(|n| before[*n].clone()).collect();
        same(&wanted, &found.iter().map(without_groups).collect::<Vec<_>>());
    }
}

/// Of the opposite of a numerator, those are met that were neither met nor undetermined.
#[test]
fn the_opposite_of_a_numerator_is_met_by_the_others() {
    let County { program, as_of, windows, store, before, .. } = &*COUNTY;
    let mut opposite = program.clone();
    let mut turned = Vec::new();
    for (n, indicator) in opposite.indicators.iter_mut().enumerate() {
        if let Measure::Proportion(proportion) = &mut indicator.measure {
            let was = proportion.numerator.clone();
            proportion.numerator.kind = ExprKind::Not(Box::new(was));
            turned.push(n);
        }
    }
    assert!(turned.len() > 25, "{turned:?}");
    let asked: Vec<_> = turned.iter().map(|n| windows[*n].clone()).collect();
    let found = measure(&opposite, store, *as_of, &asked, &turned).unwrap();
    let of_others = |one: &Measured| {
        let mut one = one.clone();
        one.parts.iter_mut().for_each(|part| of_the_opposite(&mut part.counts));
        one
    };
    same(&turned.iter().map(|n| of_others(&before[*n])).collect::<Vec<_>>(), &found);
}

fn of_the_opposite(counts: &mut Counts) {
    counts.met = counts.denominator - counts.met - counts.undetermined;
    if let Some(doubt) = &mut counts.doubt {
        doubt.takes.reverse();
        doubt.brings.reverse();
    }
}
