//! The example county with its times written as instants: the shipped indicators give the same
//! numbers.

use crate::county::{folder, read_texts};
use crate::generated::parsed;
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Date32Type, Schema, TimeUnit, TimestampMicrosecondType};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::America::Los_Angeles;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use yardstick::data::{self, Options};
use yardstick::ir::Program;
use yardstick::model::Model;

/// How times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Local, as they are; those in an hour that is skipped, which no clock ever showed, an hour
    /// later.
    Local,
    /// Adjusted to UTC.
    Instants,
    /// Days as well, as the instants with which they begin.
    AllInstants,
    /// In CSV, with `Z` or the offset of the place.
    Text,
}

fn program(line: &str) -> Program {
    let mut texts = vec![line.to_owned()];
    read_texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators"), &mut texts);
    parsed::program(&texts).unwrap_or_else(|e| panic!("{e:?}"))
}

/// The county in this form, in a folder of its own.
fn county(model: &Model, form: Form) -> TempDir {
    let made = TempDir::new().unwrap();
    fs::copy(folder().join("dataset.toml"), made.path().join("dataset.toml")).unwrap();
    for table in &model.tables {
        let from = folder().join(format!("{}.parquet", table.file));
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(from).unwrap()).unwrap().build().unwrap();
        let batches: Vec<RecordBatch> = reader.map(|batch| written(&batch.unwrap(), form)).collect();
        if form == Form::Text {
            fs::write(made.path().join(format!("{}.csv", table.file)), csv(&batches)).unwrap();
            continue;
        }
        let to = File::create(made.path().join(format!("{}.parquet", table.file))).unwrap();
        let mut writer = ArrowWriter::try_new(to, batches[0].schema(), None).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.close().unwrap();
    }
    made
}

fn written(batch: &RecordBatch, form: Form) -> RecordBatch {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let column = match column.data_type() {
            DataType::Timestamp(TimeUnit::Microsecond, None) => times(column, form),
            DataType::Date32 if form == Form::AllInstants => first_instants(column),
            _ => column.clone(),
        };
        fields.push(field.as_ref().clone().with_data_type(column.data_type().clone()));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

/// The instant of a local time. Of the two in an hour that comes twice, now the one and now the
/// other.
fn instant(local: NaiveDateTime) -> DateTime<Utc> {
    let found = Los_Angeles.from_local_datetime(&local);
    let found = if local.and_utc().timestamp() % 2 == 0 { found.earliest() } else { found.latest() };
    found.map_or_else(|| instant(local + TimeDelta::hours(1)), |found| found.to_utc())
}

fn times(column: &ArrayRef, form: Form) -> ArrayRef {
    let all = column.as_primitive::<TimestampMicrosecondType>().iter();
    let instants = all.map(|micros| Some(instant(DateTime::from_timestamp_micros(micros?)?.naive_utc())));
    let local = |instant: DateTime<Utc>| instant.with_timezone(&Los_Angeles).naive_local().and_utc();
    match form {
        Form::Local => {
            let micros = instants.map(|i| i.map(|i| local(i).timestamp_micros()));
            Arc::new(micros.collect::<TimestampMicrosecondArray>())
        }
        Form::Instants | Form::AllInstants => {
            let micros: TimestampMicrosecondArray = instants.map(|i| i.map(|i| i.timestamp_micros())).collect();
            Arc::new(micros.with_timezone("UTC"))
        }
        Form::Text => {
            let text = instants.enumerate().map(|(n, instant)| {
                let there = instant.map(|instant| instant.with_timezone(&Los_Angeles));
                let utc = instant.map(|i| i.to_rfc3339_opts(SecondsFormat::Secs, true));
                if n % 2 == 0 { there.map(|i| i.format("%Y-%m-%d %H:%M:%S%z").to_string()) } else { utc }
            });
            Arc::new(text.collect::<StringArray>())
        }
    }
}

fn first_instants(column: &ArrayRef) -> ArrayRef {
    let epoch = NaiveDate::default();
    let day = |number: i32| match u64::try_from(number) {
        Ok(later) => epoch + Days::new(later),
        Err(_) => epoch - Days::new(u64::from(number.unsigned_abs())),
    };
    let all = column.as_primitive::<Date32Type>().iter();
    let micros = all.map(|number| number.map(|number| instant(day(number).into()).timestamp_micros()));
    Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn csv(batches: &[RecordBatch]) -> String {
    let schema = batches[0].schema();
    let head: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let mut text = head.join(",") + "\n";
    for batch in batches {
        let options = FormatOptions::new();
        let columns: Vec<ArrayFormatter<'_>> =
            batch.columns().iter().map(|c| ArrayFormatter::try_new(c, &options).unwrap()).collect();
        for row in 0..batch.num_rows() {
            let cell =
                |column: &ArrayFormatter<'_>| format!("\"{}\"", column.value(row).to_string().replace('"', "\"\""));
            text += &columns.iter().map(cell).collect::<Vec<_>>().join(",");
            text += "\n";
        }
    }
    text
}

#[test]
fn the_example_county_is_the_same_as_instants() {
    let program = program("times are local to America/Los_Angeles");
    let model = &program.model;
    let tables = model.tables().map(|(id, _)| id).collect();
    let load = |form| {
        data::load(model, &data::Source::folder(county(model, form).path()), &tables, &Options::default()).unwrap()
    };
    let local = load(Form::Local);
    let times = |loaded: &data::Loaded| -> u64 {
        loaded.report.tables.iter().flat_map(|t| &t.instants).map(|t| t.values).sum()
    };
    assert_eq!(times(&local), 0);
    // All that is measured is measured of the rows that were loaded.
    for form in [Form::Instants, Form::AllInstants, Form::Text] {
        let loaded = load(form);
        assert!(times(&loaded) > 100_000, "{form:?}: {}", times(&loaded));
        assert_eq!(loaded.report.aside_rows(), local.report.aside_rows(), "{form:?}");
        assert_eq!(loaded.report.unknown_values(), local.report.unknown_values(), "{form:?}");
        assert!(loaded.store == local.store, "{form:?}: other rows");
    }
}

#[test]
fn without_the_line_the_county_of_instants_is_refused() {
    let model = program("").model;
    let tables = model.tables().map(|(id, _)| id).collect();
    for form in [Form::Instants, Form::Text] {
        let problem =
            data::load(&model, &data::Source::folder(county(&model, form).path()), &tables, &Options::default())
                .unwrap_err();
        assert_eq!(problem.code.as_str(), "E0824", "{problem}");
    }
}
