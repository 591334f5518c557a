//! Parquet files as real writers write them, and broken ones.

use super::world::*;
use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type, TimeUnit};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::data_type::{ByteArray, ByteArrayType, Int96, Int96Type};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::file::writer::SerializedFileWriter;
use datafusion::parquet::schema::parser::parse_message_type;
use std::sync::Arc;
use yardstick::model::{Model, Times};

/// A file with these columns.
pub(crate) fn parquet(columns: &[(&str, ArrayRef)]) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.iter().map(|(n, c)| (*n, c.clone(), true))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(crate) fn text(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub(crate) fn days(values: &[Option<&str>]) -> ArrayRef {
    cast(&text(values), &DataType::Date32).unwrap()
}

fn times(values: &[Option<&str>]) -> ArrayRef {
    cast(&text(values), &DataType::Timestamp(TimeUnit::Microsecond, None)).unwrap()
}

/// The columns of the sound `file.csv`.
pub(crate) fn columns() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("note", text(&[Some("first"), None, Some("a, \"b\"")])),
        ("extra", text(&[None, None, None])),
        ("file_id", text(&[Some("f1"), Some("f2"), Some("f3")])),
        ("clerk_id", text(&[Some("c1"), Some("c2"), None])),
        ("after_id", text(&[None, Some("f1"), None])),
        ("opened", days(&[Some("2024-01-01"), Some("2024-03-01"), Some("2024-05-01")])),
        ("closed", days(&[Some("2024-02-01"), Some("9999-12-31"), Some("2024-05-01")])),
        ("kind", text(&[Some("red"), None, Some("blue")])),
        ("seen", times(&[Some("2024-01-01T09:30:00"), None, Some("2024-05-01T10:00:30.75")])),
        ("urgent", Arc::new(BooleanArray::from(vec![true, false, true]))),
        ("pages", Arc::new(Int16Array::from(vec![Some(12), None, Some(-1)]))),
    ]
}

/// A folder whose `file` table is this.
pub(crate) fn folder(columns: &[(&str, ArrayRef)]) -> Folder {
    let folder = Folder::sound(&[]);
    folder.remove("file.csv");
    folder.write("file.parquet", &parquet(columns));
    folder
}

#[expect(clippy::needless_pass_by_value, reason = "every caller makes the column on the spot")]
pub(crate) fn replaced(name: &str, column: ArrayRef) -> Folder {
    folder(
        &columns().into_iter().map(|(n, c)| if n == name { (n, column.clone()) } else { (n, c) }).collect::<Vec<_>>(),
    )
}

/// The same columns with one row in each row group; what repeats is a dictionary, or not.
pub(crate) fn one_by_one(columns: &[(&str, ArrayRef)], dictionaries: bool) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.iter().map(|(n, c)| (*n, c.clone(), true))).unwrap();
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(1)).set_dictionary_enabled(dictionaries).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn folders_by_a_column_are_read_as_one_table() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let folder = folder(&columns());
    folder.remove("file.parquet");
    let none: Vec<(&str, ArrayRef)> = columns().into_iter().map(|(name, column)| (name, column.slice(0, 0))).collect();
    folder.write("file/year=2024/month=1/part-0.parquet", &parquet(&columns()));
    folder.write("file/year=2024/month=2/_SUCCESS", b"");
    folder.write("file/year=2025/part-0.parquet", &parquet(&none));
    assert_eq!(everything(&folder.load().unwrap().store), plain);
    folder.write("file/older/part-0.parquet", &parquet(&columns()));
    let (code, message, help) = folder.refused();
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("E0802", "the folder of table `file` holds `older`, which is not a Parquet file")
    );
    assert!(help.contains("only as in `year=2025`"), "{help}");
}

#[test]
fn row_groups_are_read_as_one_table() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    for dictionaries in [true, false] {
        let folder = folder(&columns());
        folder.write("file.parquet", &one_by_one(&columns(), dictionaries));
        assert_eq!(everything(&folder.load().unwrap().store), plain);
    }
}

#[test]
fn a_bad_row_is_told_by_its_place_in_the_file_whatever_its_row_group() {
    let mut bad = columns();
    bad.iter_mut().filter(|(name, _)| *name == "kind").for_each(|(_, kind)| {
        *kind = text(&[Some("red"), Some("pink"), Some("grey")]);
    });
    let whole = folder(&bad).load().unwrap();
    let split = folder(&bad);
    split.write("file.parquet", &one_by_one(&bad, true));
    assert_eq!(split.load().unwrap().report, whole.report);
    assert!(whole.report.unknown_values() >= 2);
}

#[test]
fn parquet_and_csv_give_the_same_store() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let loaded = folder(&columns()).load().unwrap();
    assert_eq!(loaded.report.aside_rows(), 0);
    assert_eq!(everything(&loaded.store), plain);
}

#[test]
fn other_types_with_the_same_meaning() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let ns = DataType::Timestamp(TimeUnit::Nanosecond, None);
    let kinds: Vec<(&str, Vec<DataType>)> = vec![
        ("file_id", vec![DataType::LargeUtf8, DataType::Utf8View, dictionary.clone()]),
        ("clerk_id", vec![DataType::LargeUtf8, DataType::Utf8View, dictionary.clone()]),
        ("note", vec![DataType::LargeUtf8, DataType::Utf8View, dictionary.clone()]),
        ("kind", vec![DataType::LargeUtf8, DataType::Utf8View, dictionary]),
        ("opened", vec![DataType::Date64, DataType::Timestamp(TimeUnit::Second, None), ns.clone()]),
        ("closed", vec![DataType::Date64, DataType::Timestamp(TimeUnit::Millisecond, None)]),
        (
            "seen",
            vec![DataType::Timestamp(TimeUnit::Second, None), DataType::Timestamp(TimeUnit::Millisecond, None), ns],
        ),
        (
            "pages",
            vec![DataType::Int8, DataType::Int32, DataType::Int64, DataType::Float64, DataType::Decimal128(9, 0)],
        ),
    ];
    for (name, types) in kinds {
        let column = columns().into_iter().find(|(n, _)| *n == name).unwrap().1;
        for ty in types {
            let loaded = replaced(name, cast(&column, &ty).unwrap()).load().unwrap();
            assert_eq!(everything(&loaded.store), plain, "{name} as {ty}");
        }
    }
}

#[test]
fn columns_without_any_value() {
    let loaded = replaced("note", new_null_array(&DataType::Null, 3)).load().unwrap();
    assert_eq!(values(&loaded.store, FILE, "note"), ["-", "-", "-"]);
    // Empty text is a missing value, as in CSV.
    let loaded = replaced("clerk_id", text(&[Some(""), Some("c1"), None])).load().unwrap();
    assert_eq!(values(&loaded.store, FILE, "clerk"), ["-", "0", "-"]);
}

#[test]
fn ids_as_whole_numbers() {
    let model = tables(&[("a", &["a_id key", "next >0?"])]);
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![10, 9]));
    let next: ArrayRef = Arc::new(Int32Array::from(vec![Some(9), None]));
    let folder = Folder::new(&[]);
    folder.write("a.parquet", &parquet(&[("a_id", ids), ("next_id", next)]));
    let loaded = folder.load_as(&model).unwrap();
    assert_eq!(super::world::ids(&loaded.store, DESK), ["10", "9"]);
    assert_eq!(values(&loaded.store, DESK, "next"), ["1", "-"]);
}

#[test]
fn wrong_types_are_refused() {
    let zone = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let cases: Vec<(&str, ArrayRef, &str)> = vec![
        ("opened", text(&[Some("2024-01-01"), None, None]), "holds text, where the model says dates"),
        (
            "note",
            cast(&times(&[None, None, None]), &zone).unwrap(),
            "holds times with a time zone (`UTC`), where the model says text",
        ),
        ("seen", days(&[None, None, None]), "holds days, where the model says times"),
        ("urgent", text(&[Some("true"), None, None]), "holds text, where the model says true or false"),
        ("pages", text(&[Some("1"), None, None]), "holds text, where the model says whole numbers"),
        ("note", Arc::new(Int32Array::from(vec![1, 2, 3])), "holds whole numbers, where the model says text"),
        (
            "file_id",
            Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0])),
            "holds numbers with fractions, where the model says ids",
        ),
        (
            "kind",
            Arc::new(BinaryArray::from(vec![&b"red"[..], b"red", b"red"])),
            "holds raw bytes, where the model says codes",
        ),
        (
            "kind",
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)]), None, None])),
            "holds lists or records, where the model says codes",
        ),
    ];
    for (name, column, message) in cases {
        let (code, found, help) = replaced(name, column).refused();
        assert_eq!(code, "E0806");
        assert_eq!(found, format!("column `{name}` of table `file` {message}"));
        assert!(!help.is_empty());
    }
}

#[test]
fn values_that_do_not_fit() {
    let opened = times(&[Some("2024-01-01T00:00:00"), Some("2024-01-01T00:00:01"), Some("2024-01-01T00:00:00")]);
    let loaded = replaced("opened", opened).load().unwrap();
    assert_eq!(aside(&loaded, FILE), ["unreadable value opened: 1"]);
    let example = &loaded.report.table(FILE).unwrap().aside[0].examples[0];
    assert_eq!((example.place.as_str(), example.text.as_str()), ("row 2", "2024-01-01 00:00:01"));
    // Most of them: not a column of days.
    let opened = times(&[Some("2024-01-01T10:00:00"), Some("2024-01-01T00:00:01"), Some("2024-01-01T05:00:00")]);
    assert_eq!(replaced("opened", opened).refused().0, "E0806");
    let far: ArrayRef = Arc::new(Date32Array::from(vec![i32::MAX, i32::MIN, 0]));
    assert_eq!(aside(&replaced("opened", far).load().unwrap(), FILE), ["unreadable value opened: 2"]);
    let far: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX, i64::MIN, 0]));
    assert!(unknown(&replaced("seen", far).load().unwrap(), FILE)[0].starts_with("unreadable value seen: 2 ("));
    let pages: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX, 1, 2]));
    let loaded = replaced("pages", pages).load().unwrap();
    assert_eq!(unknown(&loaded, FILE), ["unreadable value pages: 1 (a number that is too large 1)"]);
    let pages: ArrayRef = Arc::new(Float64Array::from(vec![0.5, f64::NAN, 2.0]));
    assert_eq!(unknown(&replaced("pages", pages).load().unwrap(), FILE), ["unreadable value pages: 2 (0.5 1, NaN 1)"]);
}

#[test]
fn words_that_mean_missing() {
    let mut model = model();
    model.missing_words = vec!["NULL".into()];
    let both = |plain: &ArrayRef| {
        let dictionary =
            cast(plain, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).unwrap();
        [plain.clone(), dictionary]
    };
    for (name, column) in [("kind", "kind"), ("clerk_id", "clerk"), ("note", "note")] {
        let word = if name == "clerk_id" { "c1" } else { "red" };
        for array in both(&text(&[Some(word), Some("NULL"), None])) {
            let loaded = replaced(name, array).load_as(&model).unwrap();
            assert_eq!(unknown(&loaded, FILE), [""; 0]);
            assert_eq!(values_of(&loaded, column)[1..], ["-", "-"], "{name}");
            assert_ne!(values_of(&loaded, column)[0], "-", "{name}");
        }
    }
    // An id is missing then, and its row goes.
    let loaded = replaced("file_id", text(&[Some("f1"), Some("NULL"), Some("f3")])).load_as(&model).unwrap();
    assert_eq!(aside(&loaded, FILE), ["missing value file_id: 1"]);
    // Numbers have no words: what is none again and again is told, without a line for the model.
    let pages: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN; 3]));
    let mut columns = columns();
    columns[10].1 = pages;
    assert!(folder(&columns).refused().1.contains("does not hold whole numbers"));
}

fn values_of(loaded: &yardstick::data::Loaded, column: &str) -> Vec<String> {
    values(&loaded.store, FILE, column)
}

#[test]
fn folders_of_parts() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let folder = Folder::sound(&[]);
    folder.remove("file.csv");
    let slice = |from: usize, rows: usize| columns().iter().map(|(n, c)| (*n, c.slice(from, rows))).collect::<Vec<_>>();
    folder.write("file/a.parquet", &parquet(&slice(1, 2)));
    folder.write("file/b.parquet", &parquet(&slice(0, 0)));
    folder.write("file/c.parquet", &parquet(&slice(0, 1)));
    folder.write("file/_SUCCESS", b"");
    folder.write("file/.a.parquet.crc", b"x");
    let loaded = folder.load().unwrap();
    assert_eq!(everything(&loaded.store), plain);
    assert_eq!(loaded.report.table(FILE).unwrap().files, ["a.parquet", "b.parquet", "c.parquet"]);
    folder.write("file/d.parquet", &parquet(&slice(0, 1)));
    let loaded = folder.load().unwrap();
    let example = &loaded.report.table(FILE).unwrap().aside[0].examples[0];
    assert_eq!((example.file.as_str(), example.place.as_str()), ("d.parquet", "row 1"));
}

#[test]
fn a_table_without_rows() {
    let empty: Vec<_> = columns().iter().map(|(n, c)| (*n, c.slice(0, 0))).collect();
    let loaded = folder(&empty).load().unwrap();
    assert_eq!(loaded.store.tables[&FILE].rows.num_rows(), 0);
    assert_eq!(loaded.report.table(FILE).unwrap().dates[0].first, None);
}

#[test]
fn a_missing_column() {
    let without: Vec<_> = columns().into_iter().filter(|(n, _)| *n != "opened").collect();
    let (code, message, help) = folder(&without).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0805", "table `file` has no column `opened` in its file"));
    assert_eq!(help, "other columns here: `extra`");
}

#[test]
fn files_cut_short_or_damaged() {
    let whole = parquet(&columns());
    let folder = Folder::sound(&[]);
    folder.remove("file.csv");
    for length in [0, 3, 4, 8, whole.len() / 2, whole.len() - 1] {
        folder.write("file.parquet", &whole[..length]);
        let (code, message, help) = folder.refused();
        assert_eq!(code, "E0810", "{length}");
        assert!(message.starts_with("the file cannot be read as Parquet: "), "{message}");
        assert!(help.contains("cut short"));
    }
    // A byte turned over anywhere gives an answer, right or wrong, but never the end of the
    // program.
    for at in (0..whole.len()).step_by(29) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        folder.write("file.parquet", &bytes);
        if let Err(problem) = folder.load() {
            assert!(["E0805", "E0806", "E0807", "E0810", "E0811"].contains(&problem.code.as_str()), "{problem}");
        }
    }
}

/// A table of ids and times in the old form of 96 bits: Julian day and nanoseconds of the day.
pub(crate) fn old_times(rows: &[(&str, u32, u64)]) -> Vec<u8> {
    let schema = "message m { required binary a_id (UTF8); required int96 at; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let ids: Vec<ByteArray> = rows.iter().map(|r| ByteArray::from(r.0)).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&ids, None, None).unwrap();
    column.close().unwrap();
    let nanos = |day: u32, n: u64| Int96::from(vec![n as u32, (n >> 32) as u32, day]);
    let times: Vec<Int96> = rows.iter().map(|(_, day, n)| nanos(*day, *n)).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int96Type>().write_batch(&times, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn old_times_keep_far_days() {
    let model = Model { times: Times::Local, ..tables(&[("a", &["a_id key", "at timestamp"])]) };
    let folder = Folder::new(&[]);
    // 2024-03-10 14:30 and 9999-12-31.
    folder.write("a.parquet", &old_times(&[("x", 2_460_380, 52_200_000_000_000), ("y", 5_373_484, 0)]));
    let loaded = folder.load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, DESK, "at"), ["2024-03-10T14:30:00", "9999-12-31T00:00:00"]);
}

#[test]
fn more_rows_than_have_numbers_are_refused_before_they_are_read() {
    const ROWS: usize = 1 << 20;
    let folder = Folder::sound(&[]);
    folder.remove("file.csv");
    let empty: Vec<(&str, ArrayRef)> =
        columns().into_iter().map(|(name, column)| (name, new_null_array(column.data_type(), ROWS))).collect();
    folder.write("file/part-0.parquet", &parquet(&empty));
    for n in 1..=i32::MAX as usize / ROWS {
        let part = |n: usize| folder.path().join(format!("file/part-{n}.parquet"));
        std::fs::hard_link(part(0), part(n)).unwrap();
    }
    let (code, message, _) = folder.refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0812", "table `file` has more than 2147483647 rows"));
}
