//! Spilling while plans run: DataFusion's own spill files, and the rows of steps.

use crate::scratch::Scratch;
use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::disk_manager::DiskManagerBuilder;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SendableRecordBatchStream, SpillFile, SpillWriter, TempFileFactory};
use datafusion::prelude::SessionConfig;
use futures::{Stream, StreamExt, stream};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The part of the memory limit that plans may use. The rest is for rows between steps, sums and
/// cells.
const SHARE: usize = 5;
/// Bytes of a step's rows that are spilled together.
const TOGETHER: usize = 1 << 25;
/// Bytes that are read from a spill file at a time.
const CHUNK: usize = 1 << 17;
/// Of the memory of plans, each sort keeps this part for merging what it spilled.
const MERGING: usize = 64;

/// The memory limit of plans in bytes; `None` without a limit.
pub(super) fn of_plans(scratch: &Scratch) -> Option<usize> {
    scratch.memory().map(|memory| memory / SHARE)
}

/// The runtime environment of plans: without a memory limit, or with a part of the program's limit
/// and scratch files.
pub(super) fn environment(scratch: &Scratch) -> Result<Arc<RuntimeEnv>> {
    let builder = RuntimeEnvBuilder::new();
    let Some(memory) = of_plans(scratch) else { return builder.build_arc() };
    let files = DiskManagerBuilder::default()
        .with_temp_file_factory(Arc::new(Files(scratch.clone())))
        .with_max_temp_directory_size(u64::MAX);
    let pool = FairSpillPool::new(memory);
    builder.with_disk_manager_builder(files).with_memory_pool(Arc::new(pool)).build_arc()
}

/// Session settings for plans with a memory limit.
pub(super) fn frugal(config: &mut SessionConfig, scratch: &Scratch) {
    if let Some(memory) = of_plans(scratch) {
        let merging = &mut config.options_mut().execution.sort_spill_reservation_bytes;
        *merging = (*merging).min(memory / MERGING);
    }
}

/// Whether a plan ran out of memory.
pub(super) fn out_of_memory(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}

/// The rows of a stream in batches of `size` rows, spilled as they come.
pub(super) async fn collect(
    schema: &SchemaRef,
    mut rows: SendableRecordBatchStream,
    scratch: &Scratch,
    size: usize,
) -> Result<Vec<RecordBatch>> {
    let (mut kept, mut coming, mut bytes) = (Vec::new(), Vec::new(), 0);
    loop {
        let next = rows.next().await.transpose()?;
        let ended = next.is_none();
        bytes += next.as_ref().map_or(0, RecordBatch::get_array_memory_size);
        coming.extend(next);
        if ended || bytes >= TOGETHER {
            let some = scratch.spill_rows(&concat_batches(schema, &coming)?)?;
            kept.extend(scratch.batches(&some, size)?);
            coming.clear();
            bytes = 0;
        }
        if ended {
            return Ok(kept);
        }
    }
}

/// Creates DataFusion's spill files.
struct Files(Scratch);

impl TempFileFactory for Files {
    fn create_temp_file(&self, _description: &str) -> Result<Arc<dyn SpillFile>> {
        Ok(Arc::new(Spilled(Arc::new(Mutex::new(BufWriter::new(self.0.file()?))))))
    }
}

/// A spill file. It is read while it is still being written, so its writer and its readers share
/// the file and take turns.
#[derive(Clone)]
struct Spilled(Arc<Mutex<BufWriter<File>>>);

impl Spilled {
    fn file(&self) -> MutexGuard<'_, BufWriter<File>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Some bytes from a place on; none at the end of what has been written so far.
    fn read(&self, from: u64) -> io::Result<Bytes> {
        let mut file = self.file();
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::with_capacity(CHUNK);
        file.get_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
        file.seek(SeekFrom::End(0))?;
        Ok(bytes.into())
    }
}

impl SpillFile for Spilled {
    fn size(&self) -> Option<u64> {
        let file = self.file();
        let written = file.get_ref().metadata().ok()?.len();
        Some(written + file.buffer().len() as u64)
    }

    fn read_stream(&self) -> Result<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>> {
        let file = self.clone();
        let next = move |from: u64| {
            let read = file.read(from).map(|bytes| {
                let end = from + bytes.len() as u64;
                (!bytes.is_empty()).then_some((bytes, end))
            });
            std::future::ready(read.map_err(DataFusionError::from))
        };
        Ok(Box::pin(stream::try_unfold(0, next)))
    }

    fn open_writer(&self) -> Result<Box<dyn SpillWriter>> {
        Ok(Box::new(self.clone()))
    }
}

impl Write for Spilled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

impl SpillWriter for Spilled {
    fn finish(&mut self) -> Result<()> {
        Ok(self.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on_stream;

    #[test]
    fn a_spill_file_gives_what_has_been_written() {
        let scratch = Scratch::new(&std::env::temp_dir(), 1 << 20).unwrap();
        let file = Files(scratch).create_temp_file("rows").unwrap();
        let written: Vec<u8> = (0..CHUNK * 2 + 17).map(|i| i as u8).collect();
        let mut writer = file.open_writer().unwrap();
        writer.write_all(&written).unwrap();
        let mut early = block_on_stream(file.read_stream().unwrap());
        assert_eq!(early.next().unwrap().unwrap(), written[..CHUNK]);
        writer.write_all(b"more").unwrap();
        assert_eq!(file.size(), Some(written.len() as u64 + 4));
        writer.finish().unwrap();
        let whole = [&written, b"more".as_slice()].concat();
        let rest: Vec<Bytes> = early.collect::<Result<_>>().unwrap();
        assert_eq!(rest.concat(), whole[CHUNK..]);
        let again: Vec<Bytes> = block_on_stream(file.read_stream().unwrap()).collect::<Result<_>>().unwrap();
        assert_eq!(again.concat(), whole);
    }
}
