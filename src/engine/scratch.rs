//! Spilling: arrays that are too large for memory are written to scratch files and mapped into
//! memory. They stay usable as they are: the system reads pages of a file when they are used, and
//! drops them when memory is short.
//!
//! A scratch file has no name from the moment it is made, so that nobody else can open it and
//! nothing is left of it however the program ends. Without scratch files everything stays in
//! memory, and nothing here costs anything.

use crate::inputs;
use arrow::array::{
    Array, ArrayData, ArrayRef, AsArray, BooleanArray, DictionaryArray, Int32Array, NullBufferBuilder, RecordBatch,
    StringArray, make_array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::concat;
use arrow::datatypes::{ArrowNativeType, DataType, Int32Type};
use arrow::error::ArrowError;
use bytes::Bytes;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Buffers are aligned to this many bytes in a file, as Arrow recommends.
const ALIGNED: usize = 64;
/// An array stays in memory when it is smaller than this part of the memory limit, and not larger
/// than [`LARGE`].
const SMALL_PART: usize = 1 << 14;
/// See [`SMALL_PART`].
const LARGE: usize = 1 << 16;
/// Rows are processed in stretches. Their number in a stretch is this part of the memory limit in
/// bytes,
const STRETCH_PART: usize = 1 << 10;
/// but not more than this.
const STRETCH: usize = 1 << 20;

/// Where large arrays are stored: in memory, or in scratch files.
#[derive(Debug, Clone, Default)]
pub struct Scratch(Option<Arc<Place>>);

#[derive(Debug)]
struct Place {
    folder: Box<Path>,
    memory: usize,
}

impl Scratch {
    /// No scratch files: everything lies in memory.
    pub const MEMORY: Self = Self(None);

    /// Scratch files in this folder, for a program that is to hold about `memory` bytes in memory.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn new(folder: &Path, memory: usize) -> io::Result<Self> {
        let scratch = Self(Some(Arc::new(Place { folder: folder.into(), memory })));
        scratch.file().map(|_gone_at_once| scratch)
    }

    /// The memory limit in bytes; `None` without a limit, and then there are no scratch files.
    #[must_use]
    pub fn memory(&self) -> Option<usize> {
        self.0.as_ref().map(|place| place.memory)
    }

    /// The number of rows in a stretch: all rows, unless memory is short.
    #[must_use]
    pub fn stretch(&self) -> usize {
        self.memory().map_or(usize::MAX, |memory| (memory / STRETCH_PART).clamp(1, STRETCH))
    }

    /// The rows from 0 to `rows` in stretches.
    pub fn stretches(&self, rows: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let stretch = self.stretch().min(rows.max(1));
        (0..rows).step_by(stretch).map(move |from| from..(from + stretch).min(rows))
    }

    /// Whether an array of this size stays in memory.
    fn is_small(&self, bytes: usize) -> bool {
        self.memory().is_none_or(|memory| bytes < (memory / SMALL_PART).min(LARGE))
    }

    /// A new file without a name.
    ///
    /// # Errors
    /// When none can be made, or no file is to be used.
    pub fn file(&self) -> io::Result<File> {
        match &self.0 {
            Some(place) => tempfile::tempfile_in(&place.folder),
            None => Err(io::Error::other("no scratch file is to be used")),
        }
    }

    /// The bytes of a file as they are now, whatever becomes of it: in memory, or copied to a
    /// scratch file.
    ///
    /// # Errors
    /// When the file cannot be read, or the scratch file cannot be written.
    pub fn read(&self, path: &Path) -> io::Result<Buffer> {
        if self.0.is_none() {
            let mut bytes = Vec::new();
            inputs::open(path)?.read_to_end(&mut bytes)?;
            return Ok(Buffer::from_vec(bytes));
        }
        let (mut from, mut to) = (inputs::open(path)?, self.file()?);
        let copied = io::copy(&mut from, &mut to)?;
        Ok(buffer_of(bytes_of(&to, copied == 0)?))
    }

    /// The same array, spilled.
    ///
    /// # Errors
    /// When the scratch file cannot be written.
    pub fn spill(&self, array: ArrayRef) -> Result<ArrayRef, ArrowError> {
        if self.is_small(array.get_buffer_memory_size()) {
            return Ok(array);
        }
        let mut out = Writer::new(self)?;
        let moved = Moved::write(&array.to_data(), &mut out)?;
        Ok(make_array(moved.read(&out.finish()?)?))
    }

    /// The same rows, spilled.
    ///
    /// # Errors
    /// When the scratch file cannot be written.
    pub fn spill_rows(&self, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        if self.is_small(rows.get_array_memory_size()) {
            return Ok(rows.clone());
        }
        let mut out = Writer::new(self)?;
        let moved =
            rows.columns().iter().map(|c| Moved::write(&c.to_data(), &mut out)).collect::<io::Result<Vec<_>>>()?;
        let file = out.finish()?;
        let columns = moved.into_iter().map(|m| Ok(make_array(m.read(&file)?))).collect::<Result<_, ArrowError>>()?;
        RecordBatch::try_new(rows.schema(), columns)
    }

    /// The same rows in batches of `size` rows. Batches of spilled rows have buffers of their own:
    /// DataFusion accounts for whole buffers, and would charge each batch with the whole table.
    ///
    /// # Errors
    /// None that rows in memory could give.
    pub fn batches(&self, rows: &RecordBatch, size: usize) -> Result<Vec<RecordBatch>, ArrowError> {
        let starts = (0..rows.num_rows()).step_by(size);
        let slices = starts.map(|from| rows.slice(from, size.min(rows.num_rows() - from)));
        if self.0.is_none() {
            return Ok(slices.collect());
        }
        let own = |slice: RecordBatch| {
            let columns = slice.columns().iter().map(own).collect::<Result<_, _>>()?;
            RecordBatch::try_new(slice.schema(), columns)
        };
        slices.map(own).collect()
    }

    /// The same numbers, spilled.
    ///
    /// # Errors
    /// When the scratch file cannot be written.
    pub fn spill_numbers<T: ArrowNativeType>(&self, numbers: Vec<T>) -> Result<ScalarBuffer<T>, ArrowError> {
        let (count, buffer) = (numbers.len(), Buffer::from_vec(numbers));
        if self.is_small(buffer.len()) {
            return Ok(ScalarBuffer::new(buffer, 0, count));
        }
        let mut out = Writer::new(self)?;
        out.write(&buffer)?;
        Ok(ScalarBuffer::new(buffer_of(out.finish()?), 0, count))
    }

    /// The concatenation of arrays of one type, spilled. Each array is requested after the one
    /// before it is written. `None` for no arrays.
    ///
    /// # Errors
    /// The first among the arrays, or when the scratch file cannot be written.
    pub fn join(
        &self,
        arrays: impl IntoIterator<Item = Result<ArrayRef, ArrowError>>,
    ) -> Result<Option<ArrayRef>, ArrowError> {
        let mut arrays = arrays.into_iter();
        let Some(first) = arrays.next().transpose()? else { return Ok(None) };
        let Some(second) = arrays.next().transpose()? else { return self.spill(first).map(Some) };
        let all = [Ok(first), Ok(second)].into_iter().chain(arrays);
        if self.0.is_none() {
            let all = all.collect::<Result<Vec<_>, _>>()?;
            return concat(&all.iter().map(AsRef::as_ref).collect::<Vec<_>>()).map(Some);
        }
        Joined::of(self, all).map(Some)
    }
}

/// The same array, in buffers that hold nothing else. The bytes are not copied; only the ends of
/// texts are.
fn own(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let data = array.to_data();
    let nulls = data.nulls().map(|nulls| NullBuffer::new(own_bits(nulls.inner())));
    if let Some(text) = array.as_string_opt::<i32>() {
        let ends = text.value_offsets();
        let (first, last) = (ends[0], ends[text.len()]);
        let values = lent(text.values(), first as usize..last as usize);
        let ends: ScalarBuffer<i32> = ends.iter().map(|end| end - first).collect();
        return Ok(Arc::new(StringArray::try_new(OffsetBuffer::new(ends), values, nulls)?));
    }
    if let Some(truths) = array.as_boolean_opt() {
        return Ok(Arc::new(BooleanArray::new(own_bits(truths.values()), nulls)));
    }
    let Some(width) = data.data_type().primitive_width() else { return Ok(Arc::clone(array)) };
    let values = lent(&data.buffers()[0], data.offset() * width..(data.offset() + data.len()) * width);
    Ok(make_array(
        ArrayData::builder(data.data_type().clone()).len(data.len()).add_buffer(values).nulls(nulls).build()?,
    ))
}

/// The same bits in a buffer of their own.
fn own_bits(bits: &BooleanBuffer) -> BooleanBuffer {
    let first = bits.offset() / 8;
    let last = (bits.offset() + bits.len()).div_ceil(8);
    BooleanBuffer::new(lent(bits.inner(), first..last), bits.offset() % 8, bits.len())
}

/// A part of a buffer, as a buffer that is no larger.
fn lent(buffer: &Buffer, bytes: Range<usize>) -> Buffer {
    buffer_of(Bytes::from_owner(Lent(buffer.slice_with_length(bytes.start, bytes.len()))))
}

/// Some bytes of a buffer.
struct Lent(Buffer);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A scratch file being written.
struct Writer {
    file: BufWriter<File>,
    written: usize,
}

impl Writer {
    fn new(scratch: &Scratch) -> io::Result<Self> {
        Ok(Self { file: BufWriter::with_capacity(1 << 17, scratch.file()?), written: 0 })
    }

    /// Adds bytes right after those before.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len();
        self.file.write_all(bytes)
    }

    /// Adds the bytes of a buffer; gives their position.
    fn write(&mut self, bytes: &[u8]) -> io::Result<Range<usize>> {
        let start = self.written;
        self.append(bytes)?;
        let end = self.written;
        self.append(&[0; ALIGNED][..end.next_multiple_of(ALIGNED) - end])?;
        Ok(start..end)
    }

    /// The bytes of the file, as long as anybody uses them.
    fn finish(self) -> io::Result<Bytes> {
        bytes_of(&self.file.into_inner().map_err(io::IntoInnerError::into_error)?, self.written == 0)
    }
}

/// The mapped bytes of a file. An empty file cannot be mapped.
fn bytes_of(file: &File, is_empty: bool) -> io::Result<Bytes> {
    Ok(if is_empty { Bytes::new() } else { Bytes::from_owner(map(file)?) })
}

/// The only unsafe line of the project.
#[expect(unsafe_code, reason = "the system cannot promise that a mapped file stays as it is; here it does")]
fn map(file: &File) -> io::Result<memmap2::Mmap> {
    // SAFETY: the file has no name and its only handle is dropped after this, so nobody can write
    // to it or cut it short.
    unsafe { memmap2::Mmap::map(file) }
}

/// Bytes as a buffer. An empty slice need not be aligned, so it becomes an empty buffer.
fn buffer_of(bytes: Bytes) -> Buffer {
    if bytes.is_empty() { Buffer::default() } else { Buffer::from(bytes) }
}

/// An array whose buffers have been written to a file.
struct Moved {
    old: ArrayData,
    buffers: Vec<Range<usize>>,
    nulls: Option<Range<usize>>,
    nested: Vec<Moved>,
}

impl Moved {
    fn write(old: &ArrayData, out: &mut Writer) -> io::Result<Self> {
        let buffers = old.buffers().iter().map(|buffer| out.write(buffer)).collect::<io::Result<_>>()?;
        let nulls = old.nulls().map(|nulls| out.write(nulls.buffer())).transpose()?;
        let nested = old.child_data().iter().map(|inner| Self::write(inner, out)).collect::<io::Result<_>>()?;
        Ok(Self { old: old.clone(), buffers, nulls, nested })
    }

    fn read(self, file: &Bytes) -> Result<ArrayData, ArrowError> {
        let at = |range: Range<usize>| buffer_of(file.slice(range));
        let nulls = self
            .old
            .nulls()
            .zip(self.nulls)
            .map(|(old, range)| NullBuffer::new(BooleanBuffer::new(at(range), old.offset(), old.len())));
        let nested = self.nested.into_iter().map(|inner| inner.read(file)).collect::<Result<_, _>>()?;
        let buffers = self.buffers.into_iter().map(at).collect();
        self.old.into_builder().buffers(buffers).nulls(nulls).child_data(nested).build()
    }
}

/// Arrays that become one, piece by piece.
struct Joined {
    values: Writer,
    nulls: NullBufferBuilder,
    rows: usize,
}

impl Joined {
    fn of(
        scratch: &Scratch,
        arrays: impl Iterator<Item = Result<ArrayRef, ArrowError>>,
    ) -> Result<ArrayRef, ArrowError> {
        let mut arrays = arrays.peekable();
        let ty = match arrays.peek() {
            Some(Ok(first)) => first.data_type().clone(),
            Some(Err(_)) | None => DataType::Null,
        };
        let joined = Self { values: Writer::new(scratch)?, nulls: NullBufferBuilder::new(0), rows: 0 };
        match ty.primitive_width() {
            Some(width) => joined.plain(&ty, width, arrays),
            None if ty == DataType::Utf8 => joined.text(scratch, arrays),
            None if is_dictionary_of_text(&ty) => joined.dictionary(scratch, arrays),
            // A bit a row, or a type that no large column has.
            None => {
                let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
                scratch.spill(concat(&arrays.iter().map(AsRef::as_ref).collect::<Vec<_>>())?)
            }
        }
    }

    fn add(&mut self, array: &dyn Array) {
        self.rows += array.len();
        match array.nulls() {
            Some(nulls) => self.nulls.append_buffer(nulls),
            None => self.nulls.append_buffer(&NullBuffer::new_valid(array.len())),
        }
    }

    fn plain(
        mut self,
        ty: &DataType,
        width: usize,
        arrays: impl Iterator<Item = Result<ArrayRef, ArrowError>>,
    ) -> Result<ArrayRef, ArrowError> {
        for array in arrays {
            let data = array?.to_data();
            let values = data.buffers()[0].slice_with_length(data.offset() * width, data.len() * width);
            self.values.append(&values)?;
            self.add(make_array(data).as_ref());
        }
        let values = buffer_of(self.values.finish()?);
        let data = ArrayData::builder(ty.clone()).len(self.rows).add_buffer(values).nulls(self.nulls.finish());
        Ok(make_array(data.build()?))
    }

    fn text(
        mut self,
        scratch: &Scratch,
        arrays: impl Iterator<Item = Result<ArrayRef, ArrowError>>,
    ) -> Result<ArrayRef, ArrowError> {
        let mut ends = Writer::new(scratch)?;
        ends.append(&0_i32.to_ne_bytes())?;
        for array in arrays {
            let array = array?;
            let text = array.as_string::<i32>();
            let offsets = text.value_offsets();
            let (first, last) = (offsets[0], offsets[text.len()]);
            let before = i32::try_from(self.values.written).ok();
            let moved = before.filter(|before| before.checked_add(last - first).is_some());
            let moved = moved.ok_or(ArrowError::OffsetOverflowError(self.values.written))? - first;
            self.values.append(&text.value_data()[first as usize..last as usize])?;
            let moved: Vec<i32> = offsets[1..].iter().map(|end| end + moved).collect();
            ends.append(Buffer::from_vec(moved).as_slice())?;
            self.add(text);
        }
        let ends = ScalarBuffer::new(buffer_of(ends.finish()?), 0, self.rows + 1);
        let values = buffer_of(self.values.finish()?);
        Ok(Arc::new(StringArray::try_new(OffsetBuffer::new(ends), values, self.nulls.finish())?))
    }

    /// The dictionaries are concatenated; a word of several dictionaries is repeated.
    fn dictionary(
        mut self,
        scratch: &Scratch,
        arrays: impl Iterator<Item = Result<ArrayRef, ArrowError>>,
    ) -> Result<ArrayRef, ArrowError> {
        let (mut words, mut before) = (Vec::new(), 0_i32);
        for array in arrays {
            let array = array?;
            let dictionary = array.as_dictionary::<Int32Type>();
            let keys = dictionary.keys();
            let moved: Vec<i32> = keys.iter().map(|key| key.map_or(0, |key| key + before)).collect();
            self.values.append(Buffer::from_vec(moved).as_slice())?;
            self.add(keys);
            let more = i32::try_from(dictionary.values().len()).ok();
            let after = more.and_then(|more| before.checked_add(more));
            before = after.ok_or(ArrowError::DictionaryKeyOverflowError)?;
            words.push(Ok(Arc::clone(dictionary.values())));
        }
        let words = scratch.join(words)?.unwrap_or_else(|| Arc::new(StringArray::from(Vec::<&str>::new())));
        let keys = ScalarBuffer::new(buffer_of(self.values.finish()?), 0, self.rows);
        let keys = Int32Array::try_new(keys, self.nulls.finish())?;
        Ok(Arc::new(DictionaryArray::try_new(keys, words)?))
    }
}

fn is_dictionary_of_text(ty: &DataType) -> bool {
    matches!(ty, DataType::Dictionary(key, word) if **key == DataType::Int32 && **word == DataType::Utf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Date32Array, TimestampSecondArray};

    fn used() -> Scratch {
        Scratch::new(&std::env::temp_dir(), 1 << 20).unwrap()
    }

    /// Some rows of every type that a table's column has, with values missing here and there, in
    /// the form that is asked for.
    fn columns(rows: std::ops::Range<usize>) -> Vec<ArrayRef> {
        let some = |i: usize| (!i.is_multiple_of(7)).then_some(i);
        let words: Vec<Option<String>> = rows.clone().map(|i| some(i).map(|i| format!("w{}", i % 100))).collect();
        let words = words.iter().map(Option::as_deref);
        vec![
            Arc::new(Int32Array::from_iter(rows.clone().map(|i| some(i).map(|i| i as i32)))),
            Arc::new(Int32Array::from_iter_values(rows.clone().map(|i| i as i32))),
            Arc::new(TimestampSecondArray::from_iter(rows.clone().map(|i| some(i).map(|i| i as i64 * 77)))),
            Arc::new(Date32Array::from_iter(rows.clone().map(|i| some(i).map(|i| i as i32)))),
            Arc::new(BooleanArray::from_iter(rows.map(|i| some(i).map(|i| i % 2 == 0)))),
            Arc::new(StringArray::from_iter(words.clone())),
            Arc::new(words.collect::<DictionaryArray<Int32Type>>()),
        ]
    }

    #[test]
    fn what_is_kept_stays_as_it_is() {
        for column in columns(0..100_000) {
            for part in [column.clone(), column.slice(1003, 80_000), column.slice(5, 10), column.slice(5, 0)] {
                assert_eq!(&used().spill(part.clone()).unwrap(), &part);
                assert_eq!(&Scratch::default().spill(part.clone()).unwrap(), &part);
            }
        }
    }

    #[test]
    fn rows_are_kept_together() {
        let named = columns(0..70_000).into_iter().enumerate().map(|(i, c)| (i.to_string(), c, true));
        let rows = RecordBatch::try_from_iter_with_nullable(named).unwrap();
        assert_eq!(used().spill_rows(&rows).unwrap(), rows);
    }

    #[test]
    fn batches_are_no_larger_than_their_rows() {
        let named = columns(0..70_000).into_iter().take(6).enumerate().map(|(i, c)| (i.to_string(), c, true));
        let rows = RecordBatch::try_from_iter_with_nullable(named).unwrap();
        let kept = used().spill_rows(&rows).unwrap().slice(3, 69_990);
        let batches = used().batches(&kept, 4096).unwrap();
        assert_eq!(arrow::compute::concat_batches(&rows.schema(), &batches).unwrap(), rows.slice(3, 69_990));
        for batch in batches {
            assert!(batch.get_array_memory_size() < batch.num_rows() * 40 + 4096, "{}", batch.get_array_memory_size());
        }
    }

    #[test]
    fn numbers_are_kept() {
        for count in [0, 3, 100_000] {
            let numbers: Vec<u32> = (0..count).collect();
            assert_eq!(used().spill_numbers(numbers.clone()).unwrap().as_ref(), numbers);
        }
    }

    #[test]
    fn joined_arrays_follow_each_other() {
        let pieces = [0..10, 10..10, 10..90_000, 90_000..91_000, 91_000..200_000];
        let one_piece = |column: usize| columns(0..200_000).swap_remove(column);
        for column in 0..columns(0..1).len() {
            for scratch in [used(), Scratch::default()] {
                // A slice does not begin where its buffers do.
                let piece = |rows: &std::ops::Range<usize>| {
                    Ok(columns(0..rows.end).swap_remove(column).slice(rows.start, rows.len()))
                };
                let joined = scratch.join(pieces.iter().map(piece)).unwrap().unwrap();
                let plain = |array: &ArrayRef| arrow::compute::cast(array, &DataType::Utf8).unwrap();
                assert_eq!(&plain(&joined), &plain(&one_piece(column)), "column {column}");
            }
        }
        assert!(used().join([]).unwrap().is_none());
    }

    #[test]
    fn a_failure_among_the_pieces_is_told() {
        let pieces = || [Ok(columns(0..5).swap_remove(0)), Err(ArrowError::DivideByZero)];
        assert!(used().join(pieces()).is_err());
        assert!(Scratch::default().join(pieces()).is_err());
        assert!(Scratch::new(Path::new("no/such/folder"), 1).is_err());
    }
}
