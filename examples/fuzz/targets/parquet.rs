//! Parquet files: those that the tests write, with broken bytes in footers, headers and pages, and
//! with lies in what they say of themselves: sizes, counts, kinds, encodings. Pages with a checksum
//! keep a wrong one or get a right one, so that what lies behind it is reached.

use super::Target;
use super::bytes::{self, below};
use super::folder::Kept;
use super::thrift::{self, Place, Says};
use crate::data::foreign::{crc32, with_checksum};
use crate::data::parquet::{columns, old_times, one_by_one, parquet};
use crate::data::world::tables;
use arrow::array::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::{WriterProperties, WriterVersion};
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;
use yardstick::model::{Model, Times};

/// Longer files are cut.
const LONGEST: usize = 1 << 17;
/// The length of the footer, and the sign at the end.
const TAIL: usize = 8;
/// The field of a page's header that is its checksum.
const CHECKSUM: [i64; 1] = [4];

/// A sound file, and what can be broken in it.
struct Base {
    bytes: Vec<u8>,
    footer: Range<usize>,
    of_footer: Vec<Place>,
    pages: Vec<Page>,
}

/// A page: the numbers of its header, and its data.
struct Page {
    header: Vec<Place>,
    data: Range<usize>,
}

pub(super) struct Parquet {
    folder: Kept,
    other: Kept,
    ids: Model,
    bases: Vec<Base>,
}

impl Parquet {
    pub(super) fn new() -> Self {
        let ids = Model { times: Times::Local, ..tables(&[("a", &["a_id key", "at timestamp?"])]) };
        let times: Vec<(String, u32, u64)> =
            (0..40).map(|n| (format!("id{n}"), 2_460_000 + n, u64::from(n) * 1_000_000_007)).collect();
        let times: Vec<(&str, u32, u64)> = times.iter().map(|(id, day, nanos)| (id.as_str(), *day, *nanos)).collect();
        let two_pages = with_checksum(&["first", "second", "third"]).0;
        let mut files = vec![
            parquet(&columns()),
            one_by_one(&columns(), true),
            one_by_one(&columns(), false),
            old_times(&times),
            two_pages,
        ];
        files.extend(otherwise());
        Self {
            folder: Kept::without_file(),
            other: Kept::empty(),
            ids,
            bases: files.into_iter().map(Base::of).collect(),
        }
    }
}

/// The same columns by other settings of the writer.
fn otherwise() -> Vec<Vec<u8>> {
    let builder = WriterProperties::builder;
    let small = || builder().set_data_page_row_count_limit(1).set_write_batch_size(1);
    let packed = Compression::ZSTD(ZstdLevel::default());
    let all = [
        builder().set_compression(packed),
        builder().set_writer_version(WriterVersion::PARQUET_2_0).set_dictionary_enabled(false),
        small().set_writer_version(WriterVersion::PARQUET_2_0).set_compression(packed),
        small().set_dictionary_enabled(false),
        builder().set_dictionary_enabled(false).set_encoding(Encoding::PLAIN),
        builder().set_bloom_filter_enabled(true),
    ];
    all.into_iter().map(|properties| file(properties.build())).collect()
}

/// A file of more rows than a handful, so that levels and dictionaries run.
fn file(properties: WriterProperties) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns().into_iter().map(|(n, c)| (n, c, true))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    for _ in 0..5 {
        writer.write(&batch).unwrap();
    }
    writer.close().unwrap();
    bytes
}

impl Base {
    fn of(bytes: Vec<u8>) -> Self {
        let end = bytes.len() - TAIL;
        let length = u32::from_le_bytes([bytes[end], bytes[end + 1], bytes[end + 2], bytes[end + 3]]) as usize;
        let footer = end - length..end;
        let (of_footer, _) = thrift::places(&bytes, footer.start).unwrap();
        let found = SerializedFileReader::new(::bytes::Bytes::from(bytes.clone())).unwrap();
        let columns = found.metadata().row_groups().iter().flat_map(|group| group.columns());
        let mut pages = Vec::new();
        for column in columns {
            let (mut at, length) = column.byte_range();
            let last = at + length;
            while at < last {
                let (header, begins) = thrift::places(&bytes, at as usize).unwrap();
                // The third field of a page's header: how many bytes of the file it has.
                let size = header.iter().find(|place| place.says == Says::Value && place.path == [3]).unwrap();
                let size = (thrift::number(&bytes[size.range.clone()]) >> 1) as usize;
                pages.push(Page { header, data: begins..begins + size });
                at = (begins + size) as u64;
            }
        }
        Self { bytes, footer, of_footer, pages }
    }

    /// The file with a broken page, whose checksum, when there is one, fits again or not.
    fn broken_page(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut file = self.bytes.clone();
        let page = &self.pages[below(rng, self.pages.len())];
        for _ in 0..bytes::steps(rng) {
            if !page.data.is_empty() {
                let at = page.data.start + below(rng, page.data.len());
                file[at] = [file[at] ^ 1 << below(rng, 8), rng.random(), 0, 0xff][below(rng, 4)];
            }
        }
        let checksum = page.header.iter().find(|place| place.says == Says::Value && place.path == CHECKSUM);
        if let Some(place) = checksum.filter(|_| rng.random_bool(0.8)) {
            let right = thrift::folded(i64::from(crc32(&file[page.data.clone()]) as i32));
            let right = thrift::written(right, Some(place.range.len()));
            file.splice(place.range.clone(), right);
        }
        file
    }

    /// The file with lies in the headers of its pages, which keep their lengths.
    fn lying_page(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut file = self.bytes.clone();
        let page = &self.pages[below(rng, self.pages.len())];
        for _ in 0..bytes::steps(rng) {
            let place = &page.header[below(rng, page.header.len())];
            let lie = lie(rng, &file, place, true);
            file.splice(place.range.clone(), lie);
        }
        file
    }

    /// The file with lies in its footer, whose length is right.
    fn lying_footer(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut file = self.bytes.clone();
        let mut places: Vec<&Place> =
            (0..bytes::steps(rng)).map(|_| &self.of_footer[below(rng, self.of_footer.len())]).collect();
        // From the end, so that what stands before keeps its place; each once.
        places.sort_by_key(|place| std::cmp::Reverse(place.range.start));
        places.dedup_by_key(|place| place.range.start);
        for place in places {
            let lie = lie(rng, &self.bytes, place, false);
            file.splice(place.range.clone(), lie);
        }
        self.with_length(file)
    }

    /// The file with broken bytes in its footer, whose length is right.
    fn broken_footer(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut footer = self.bytes[self.footer.clone()].to_vec();
        bytes::mutate(rng, &mut footer, &self.bytes[self.footer.clone()]);
        let mut file = self.bytes.clone();
        file.splice(self.footer.clone(), footer);
        self.with_length(file)
    }

    /// The file with the length of its footer, which may have changed.
    fn with_length(&self, mut file: Vec<u8>) -> Vec<u8> {
        let end = file.len() - TAIL;
        let length = (end - self.footer.start) as u32;
        file.splice(end..end + 4, length.to_le_bytes());
        file
    }
}

/// Other bytes for a place.
fn lie(rng: &mut ChaCha8Rng, file: &[u8], place: &Place, same_length: bool) -> Vec<u8> {
    let bytes = &file[place.range.clone()];
    let length = same_length.then_some(bytes.len());
    match place.says {
        Says::Kind => vec![if rng.random_bool(0.5) { bytes[0] ^ 1 << below(rng, 8) } else { rng.random() }],
        Says::Bytes => {
            let mut other = bytes.to_vec();
            other.iter_mut().for_each(|byte| *byte = if rng.random_bool(0.2) { rng.random() } else { *byte });
            other
        }
        Says::Value | Says::Length => {
            let was = thrift::number(bytes);
            let value =
                [0, 1, -1, 2, 127, 1 << 15, 1 << 20, i64::from(i32::MAX), i64::from(i32::MIN), i64::MAX, i64::MIN];
            let number = match below(rng, 6) {
                0 => was.wrapping_add(2),
                1 => was.wrapping_sub(2),
                2 => was.wrapping_mul(2),
                3 => u64::from(rng.random::<u8>()),
                _ if place.says == Says::Value => thrift::folded(value[below(rng, value.len())]),
                _ => value[below(rng, value.len())] as u64,
            };
            thrift::written(number, length)
        }
    }
}

impl Target for Parquet {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let base = &self.bases[below(rng, self.bases.len())];
        let mut file = match below(rng, 12) {
            0..=2 => base.broken_page(rng),
            3..=5 => base.lying_page(rng),
            6..=8 => base.lying_footer(rng),
            9 => base.broken_footer(rng),
            10 => {
                let mut file = base.bytes.clone();
                bytes::mutate(rng, &mut file, &base.bytes);
                file
            }
            _ => {
                // The footer of one file after the pages of another.
                let other = &self.bases[below(rng, self.bases.len())];
                [&other.bytes[..other.footer.start], &base.bytes[base.footer.start..]].concat()
            }
        };
        bytes::at_most(&mut file, LONGEST);
        file
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        // The two worlds differ in the name of a column.
        if input.windows(4).any(|bytes| bytes == b"a_id") {
            self.other.put("a.parquet", input);
            return self.other.read_as(&self.ids, input);
        }
        self.folder.put("file.parquet", input);
        self.folder.read(input)
    }
}
