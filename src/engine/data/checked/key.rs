//! Keys: what a table's rows depend on, as one hash.

use super::FORMAT;
use crate::data::problem::Problem;
use crate::data::{Task, closure, finished};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use yardstick_language::model::{Model, TableId};
use yardstick_language::zone;

/// Hexadecimal digits of a key.
pub(super) const DIGITS: usize = 16;

/// The key of each table.
pub(super) fn keys(task: Task<'_>) -> Result<BTreeMap<TableId, String>, Problem> {
    let Task { model, tables, sources, means, .. } = task;
    let files = tables.iter().zip(sources).flat_map(|(id, source)| {
        source.files().into_iter().enumerate().map(move |(file, bytes)| (*id, source, file, bytes))
    });
    let files: Vec<_> = files.collect();
    let fingerprints =
        means.threads.each(files.clone(), |(_, _, _, bytes)| *bytes, |(_, source, file, _)| source.fingerprint(file));
    let mut contents: BTreeMap<TableId, Vec<String>> = BTreeMap::new();
    for ((id, ..), fingerprint) in files.into_iter().zip(finished(fingerprints)?) {
        contents.entry(id).or_default().push(fingerprint?);
    }
    Ok(tables.iter().map(|id| (*id, key(model, *id, &contents, means.as_of))).collect())
}

/// The key of one table, of what the files of each table hold.
fn key(model: &Model, table: TableId, contents: &BTreeMap<TableId, Vec<String>>, as_of: Option<i32>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text =
        format!("yardstick {version}, checked copy {FORMAT}\nas of {as_of:?}\nmissing {:?}\n", model.missing_dates);
    text.push_str(&format!("{:?} {}\n", model.missing_words, model.headers_ignore_case));
    text.push_str(&format!("times {:?}, zones {}\n", model.times, zone::DATABASE));
    // Their ids are looked at by the names of the levels.
    text.push_str(&format!("{:?}\n", model.hierarchies));
    for id in closure(model, &BTreeSet::from([table])) {
        // As it is written out, a table holds all that the model says of it.
        text.push_str(&format!("{id:?} {:?}\n", model.table(id)));
        let targets = model.targets.iter().filter(|targets| targets.table == id);
        targets.for_each(|targets| text.push_str(&format!("{targets:?}\n")));
        contents.get(&id).into_iter().flatten().for_each(|file| text.push_str(&format!("{file}\n")));
    }
    blake3::hash(text.as_bytes()).to_hex().chars().take(DIGITS).collect()
}

/// The hash of some bytes.
pub(super) fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// A file being written whose hash is wanted.
pub(in crate::data) struct Hashed<W> {
    inner: W,
    hasher: blake3::Hasher,
}

impl<W: Write> Hashed<W> {
    pub(in crate::data) fn new(inner: W) -> Self {
        Self { inner, hasher: blake3::Hasher::new() }
    }

    /// The hash of all that was written.
    pub(in crate::data) fn finish(mut self) -> io::Result<String> {
        self.inner.flush()?;
        Ok(self.hasher.finalize().to_hex().to_string())
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
