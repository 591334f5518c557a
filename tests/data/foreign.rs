//! Parquet files as other systems write them: hints at the end, checksums of pages, words of a
//! list, decimals for ids.

use super::world::*;
use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, i256};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::ArrowWriterOptions;
use datafusion::parquet::data_type::{ByteArray, ByteArrayType};
use datafusion::parquet::file::metadata::{KeyValue, ParquetMetaDataWriter};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::parquet::file::writer::SerializedFileWriter;
use datafusion::parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;
use yardstick::data::{self, Loaded, Problem};
use yardstick::model::Model;

/// The key under which writers keep the hints for Arrow.
const HINTS: &str = "ARROW:schema";

/// A file with these columns, and the hints given or the writer's own.
fn parquet(columns: &[(&str, ArrayRef)], hints: Option<&str>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.iter().map(|(n, c)| (*n, c.clone(), true))).unwrap();
    let given = hints.map(|hints| vec![KeyValue::new(HINTS.to_owned(), hints.to_owned())]);
    let properties = WriterProperties::builder().set_key_value_metadata(given).build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(hints.is_some());
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut bytes, batch.schema(), options).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// The hints of a file.
fn hints(file: Vec<u8>) -> String {
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    let all = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    all.into_iter().find(|pair| pair.key == HINTS).and_then(|pair| pair.value).unwrap()
}

fn text(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn load(model: &Model, file: &[u8]) -> Result<Loaded, Problem> {
    let folder = Folder::new(&[]);
    folder.write("a.parquet", file);
    folder.load_as(model)
}

/// A table with a column of every type.
fn plain() -> (Model, Vec<(&'static str, ArrayRef)>) {
    let model = tables(&[("a", &["a_id key", "n int", "on date", "at timestamp", "word x|y", "note text"])]);
    let days: ArrayRef = Arc::new(Date32Array::from(vec![19_000, 19_001]));
    let times =
        cast(&text(&["2024-01-01T09:30:00", "2024-01-02T10:00:30"]), &DataType::Timestamp(TimeUnit::Microsecond, None));
    let columns = vec![
        ("a_id", text(&["1", "2"])),
        ("n", Arc::new(Int64Array::from(vec![7, 8])) as ArrayRef),
        ("on", days),
        ("at", times.unwrap()),
        ("word", text(&["x", "y"])),
        ("note", text(&["first", "second"])),
    ];
    (model, columns)
}

#[test]
fn hints_are_not_believed() {
    let (model, columns) = plain();
    let sound = everything(&load(&model, &parquet(&columns, None)).unwrap().store);
    // Other types than the columns have, in the same number; fewer columns; none that can be read.
    let others: Vec<(&str, ArrayRef)> = columns.iter().rev().map(|(name, c)| (*name, c.clone())).collect();
    let large = |(name, column): &(&'static str, ArrayRef)| match column.data_type() {
        DataType::Utf8 => (*name, cast(column, &DataType::LargeUtf8).unwrap()),
        _ => (*name, column.clone()),
    };
    let larger: Vec<_> = columns.iter().map(large).collect();
    for hints in [
        hints(parquet(&others, None)),
        hints(parquet(&larger, None)),
        hints(parquet(&columns[..2], None)),
        "no hints".into(),
        String::new(),
    ] {
        let loaded = load(&model, &parquet(&columns, Some(&hints))).unwrap();
        assert_eq!(everything(&loaded.store), sound, "{hints}");
    }
}

#[test]
fn times_in_seconds_and_days_in_milliseconds_are_told_by_their_hints_alone() {
    let (model, mut columns) = plain();
    let sound = everything(&load(&model, &parquet(&columns, None)).unwrap().store);
    columns[2].1 = cast(&columns[2].1, &DataType::Date64).unwrap();
    columns[3].1 = cast(&columns[3].1, &DataType::Timestamp(TimeUnit::Second, None)).unwrap();
    assert_eq!(everything(&load(&model, &parquet(&columns, None)).unwrap().store), sound);
    let problem = load(&model, &parquet(&columns, Some(""))).unwrap_err();
    assert_eq!(problem.message, "column `on` of table `a` holds whole numbers, where the model says dates");
}

#[test]
fn decimals_without_decimals_are_whole_numbers() {
    let model = tables(&[("a", &["a_id key", "n int", "next >0?"])]);
    let wide = |values: [i64; 2]| {
        let values: Vec<i256> = values.into_iter().map(i256::from).collect();
        Arc::new(Decimal256Array::from(values).with_precision_and_scale(50, 0).unwrap()) as ArrayRef
    };
    let narrow = |values: [i64; 2], ty: DataType| cast(&Int64Array::from(values.to_vec()), &ty).unwrap();
    type Make<'a> = Box<dyn Fn([i64; 2]) -> ArrayRef + 'a>;
    let makes: Vec<Make<'_>> = vec![
        Box::new(wide),
        Box::new(|v| narrow(v, DataType::Decimal128(20, 0))),
        Box::new(|v| narrow(v, DataType::Decimal64(18, 0))),
        Box::new(|v| narrow(v, DataType::Decimal32(9, 0))),
    ];
    for make in makes {
        let columns = [("a_id", make([10, 9])), ("n", make([-3, 4])), ("next_id", make([9, 10]))];
        let loaded = load(&model, &parquet(&columns, None)).unwrap();
        assert_eq!(
            (ids(&loaded.store, DESK), values(&loaded.store, DESK, "n")),
            (vec!["10".into(), "9".into()], vec!["-3".into(), "4".into()])
        );
        assert_eq!(values(&loaded.store, DESK, "next"), ["1", "0"]);
    }
    let tenths = narrow([1, 2], DataType::Decimal128(9, 1));
    let problem = load(&model, &parquet(&[("a_id", tenths.clone()), ("n", tenths.clone()), ("next_id", tenths)], None))
        .unwrap_err();
    assert_eq!(problem.message, "column `a_id` of table `a` holds numbers with fractions, where the model says ids");
}

/// A table of one column with such a declaration.
fn one_column(declaration: &str, words: &[&[u8]]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message m {{ {declaration} }}")).unwrap());
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder().set_dictionary_enabled(false);
    let properties = properties.set_compression(datafusion::parquet::basic::Compression::UNCOMPRESSED).build();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let words: Vec<ByteArray> = words.iter().map(|w| ByteArray::from(w.to_vec())).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&words, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn words_of_a_list_are_text() {
    for (column, expected) in [("word x|y", ["0", "1"]), ("word text", ["x", "y"])] {
        let model = tables(&[("a", &[column])]);
        let loaded = load(&model, &one_column("required binary word (ENUM);", &[b"y", b"x"])).unwrap();
        let mut found = values(&loaded.store, DESK, "word");
        found.sort();
        assert_eq!(found, expected);
    }
    let model = tables(&[("a", &["word key"])]);
    let loaded = load(&model, &one_column("required binary word (ENUM);", &[b"b", b"a"])).unwrap();
    assert_eq!(ids(&loaded.store, DESK), ["a", "b"]);
    let problem = load(&model, &one_column("required binary word (ENUM);", &[b"b", b"\xff"])).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0810", "{problem}");
    let problem = load(&model, &one_column("required binary word;", &[b"b", b"a"])).unwrap_err();
    assert!(problem.message.ends_with("holds raw bytes, where the model says ids"), "{problem}");
}

/// CRC-32 as in gzip.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
}

/// A number as Thrift's compact form has it.
fn thrift(number: i32) -> Vec<u8> {
    let (mut rest, mut bytes) = (((number << 1) ^ (number >> 31)) as u32, Vec::new());
    while rest > 0x7f {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// A table of ids whose one page has a checksum; gives the file and where the page's data begins.
pub(crate) fn with_checksum(ids: &[&str]) -> (Vec<u8>, usize) {
    let words: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
    let without = one_column("required binary a_id (UTF8);", &words);
    let metadata = SerializedFileReader::new(bytes::Bytes::from(without)).unwrap().metadata().clone();
    let data: Vec<u8> = words.iter().flat_map(|w| [&(w.len() as u32).to_le_bytes()[..], w].concat()).collect();
    let mut file = b"PAR1".to_vec();
    // The page's header: a page of data, its size twice, its checksum, and what stands in it: plain
    // values without levels.
    let size = thrift(data.len() as i32);
    file.extend([vec![0x15, 0], [&[0x15], &size[..]].concat(), [&[0x15], &size[..]].concat()].concat());
    file.extend(
        [
            &[0x15],
            &thrift(crc32(&data) as i32)[..],
            &[0x1c, 0x15],
            &thrift(ids.len() as i32)[..],
            &[0x15, 0, 0x15, 6, 0x15, 6, 0, 0],
        ]
        .concat(),
    );
    let begins = file.len();
    file.extend(&data);
    let size = (file.len() - 4) as i64;
    let group = metadata.row_group(0).clone();
    let column = group.column(0).clone().into_builder().set_data_page_offset(4);
    let column = column.set_total_compressed_size(size).set_total_uncompressed_size(size).build().unwrap();
    let group = group.into_builder().set_column_metadata(vec![column]).build().unwrap();
    let metadata = metadata.into_builder().set_row_groups(vec![group]).build();
    ParquetMetaDataWriter::new(&mut file, &metadata).finish().unwrap();
    (file, begins)
}

#[test]
fn a_page_that_does_not_fit_its_checksum_is_damaged() {
    let model = tables(&[("a", &["a_id key"])]);
    let (sound, begins) = with_checksum(&["first", "second"]);
    assert_eq!(ids(&load(&model, &sound).unwrap().store, DESK), ["first", "second"]);
    // A letter becomes another: without the checksum, nothing would show it.
    let mut damaged = sound.clone();
    damaged[begins + 4] = b'F';
    let problem = load(&model, &damaged).unwrap_err();
    let (code, help) = (problem.code.as_str(), problem.help.unwrap_or_default());
    assert_eq!(
        (code, problem.message.as_str()),
        ("E0810", "the file is damaged: a part of it does not fit the checksum that was written with it")
    );
    assert!(help.contains("copy it again"), "{help}");
}

#[test]
fn a_footer_that_would_fill_the_memory_is_not_read() {
    let (model, columns) = plain();
    let folder = Folder::new(&[]);
    folder.write("a.parquet", &parquet(&columns, None));
    // The file says that nearly all of its 3 GB are footer; the hole in it takes no room.
    let mut open = File::options().write(true).open(folder.path().join("a.parquet")).unwrap();
    open.set_len(3_000_000_100).unwrap();
    open.seek(SeekFrom::End(0)).unwrap();
    open.write_all(&[&3_000_000_000_u32.to_le_bytes()[..], b"PAR1"].concat()).unwrap();
    let problem = data::load(&model, &data::Source::folder(folder.path()), &[DESK].into(), &data::Options::default())
        .unwrap_err();
    let why =
        "the file cannot be read as Parquet: what it says of its columns and row groups would take 3000 million bytes";
    assert_eq!((problem.code.as_str(), problem.message.as_str()), ("E0810", why));
}

/// A table without rows whose column `deep` is nested so deep.
fn nested(levels: usize) -> Vec<u8> {
    let (open, close) = ("required group deep { ".repeat(levels), " }".repeat(levels));
    let schema =
        format!("message m {{ required binary a_id (UTF8); {open}required int32 leaf;{close} optional int64 n; }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut bytes = Vec::new();
    let writer = SerializedFileWriter::new(&mut bytes, schema, Default::default()).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn columns_are_not_nested_without_end() {
    let model = tables(&[("a", &["a_id key", "n int?"])]);
    for levels in [0, 1, 60] {
        assert_eq!(load(&model, &nested(levels)).unwrap().report.table(DESK).unwrap().read, 0, "{levels}");
    }
    for levels in [70, 300] {
        let problem = load(&model, &nested(levels)).unwrap_err();
        let why = "the file cannot be read as Parquet: its columns are nested more than 64 levels deep";
        assert_eq!((problem.code.as_str(), problem.message.as_str()), ("E0810", why));
    }
}
