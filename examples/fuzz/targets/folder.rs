//! A folder of case data, one file of which is an input: whatever is in it, it is read or refused,
//! and in whatever way it is read, the same is found.

use super::choice;
use crate::data::world::{Folder, found, model};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;
use yardstick::data::{self, Options, Source};
use yardstick::diag::code;
use yardstick::model::{Encoding, Model, TableId, Times};
use yardstick::scratch::Scratch;
use yardstick::zone::Zone;

/// One in so many inputs is read in every way.
const IN_EVERY_WAY: u64 = 24;

/// The models by which the table `file` is read.
static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let plain = model();
    let mut spelled = Model { missing_words: vec!["NULL".into(), "-".into()], ..plain.clone() };
    spelled.times = Times::Local;
    let mut encoded = plain.clone();
    encoded.tables[3].encoding = Encoding::Windows1252;
    encoded.tables[3].distinct = true;
    encoded.times = Zone::named("America/Chicago").map_or(Times::Local, Times::LocalTo);
    vec![plain, spelled, encoded]
});

/// A folder that is kept between the executions.
pub(super) struct Kept {
    folder: Folder,
    before: Vec<String>,
}

impl Kept {
    /// With sound files for all tables but `file`.
    pub(super) fn without_file() -> Self {
        let folder = Folder::sound(&[]);
        folder.remove("file.csv");
        Self { folder, before: Vec::new() }
    }

    /// Without any file.
    pub(super) fn empty() -> Self {
        Self { folder: Folder::new(&[]), before: Vec::new() }
    }

    /// Puts the input where it is to be read, in the place of the one before.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) {
        self.before.drain(..).for_each(|name| self.folder.remove(&name));
        self.folder.write(name, bytes);
        self.before.push(name.to_owned());
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Reads the folder by a model that the input chooses; 1 when it can be read.
    pub(super) fn read(&self, input: &[u8]) -> u64 {
        let model = &MODELS[choice(input, MODELS.len() as u64) as usize];
        self.read_as(model, input)
    }

    /// Reads the folder by this model; 1 when it can be read.
    pub(super) fn read_as(&self, model: &Model, input: &[u8]) -> u64 {
        let tables: BTreeSet<TableId> = model.tables().map(|(id, _)| id).collect();
        let options = Options { threads: Some(1), ..Options::default() };
        let load = |options: &Options| data::load(model, &Source::folder(self.path()), &tables, options);
        let loaded = load(&options);
        if let Err(problem) = &loaded {
            assert!(problem.code != code::DATA_INTERNAL, "a mistake of the program: {problem}");
            assert!(!problem.message.is_empty() && problem.to_string().len() < 4_000, "{problem}");
        }
        if choice(input, IN_EVERY_WAY) == 0 {
            // Row by row through scratch files; into a checked copy; out of it.
            let scratch = Scratch::new(&std::env::temp_dir(), 1 << 11).unwrap();
            let copy = tempfile::tempdir().unwrap();
            let checked = Options { checked: Some(copy.path().to_owned()), ..Options::default() };
            for other in [Options { scratch, ..Options::default() }, checked.clone(), checked] {
                assert!(found(&load(&other)) == found(&loaded), "another way of reading finds something else");
            }
        }
        u64::from(loaded.is_ok())
    }
}
