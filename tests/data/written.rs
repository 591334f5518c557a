//! Small files that other tools wrote, of the same ten instants: read as what the clocks of Los
//! Angeles showed.
//!
//! A file is called by the tool, its version and what it was asked to write;
//! `tests/data/written/README.md` says how each was made.

use super::world::*;
use std::fs;
use std::path::Path;
use yardstick::data::{Loaded, Problem};
use yardstick::model::{Model, Times};
use yardstick::zone::Zone;

/// What the clocks showed at the instants in the files.
const SHOWN: [&str; 10] = [
    "1969-12-31T15:59:59",
    "2024-03-10T01:59:59",
    "2024-03-10T03:00:00",
    "2024-07-01T23:59:59",
    "2024-07-02T00:00:00",
    "2024-11-03T01:59:59",
    "2024-11-03T01:00:00",
    "2024-11-03T01:59:59",
    "2024-11-03T02:00:00",
    "2030-07-01T05:00:00",
];

/// Words in the names of files that hold local times and say so.
const LOCAL: [&str; 3] = ["naive", "local", "ntz"];

fn load(file: &Path, times: Times) -> Result<Loaded, Problem> {
    let model = Model { times, ..tables(&[("a", &["a_id key", "at timestamp"])]) };
    let folder = Folder::new(&[]);
    let ending = file.extension().unwrap().to_str().unwrap();
    folder.write(&format!("a.{ending}"), &fs::read(file).unwrap());
    folder.load_as(&model)
}

#[test]
fn instants_of_other_tools_are_read_as_local_times() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/written");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending != "md"));
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let local = LOCAL.iter().any(|word| name.contains(word));
        let loaded = load(&file, Times::LocalTo(Zone::named("America/Los_Angeles").unwrap()));
        let loaded = loaded.unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(values(&loaded.store, DESK, "at"), SHOWN, "{name}");
        let turned: u64 = loaded.report.tables[0].instants.iter().map(|t| t.values).sum();
        assert_eq!(turned, if local { 0 } else { 10 }, "{name}");
        match load(&file, Times::Undeclared) {
            Ok(loaded) => assert!(local && values(&loaded.store, DESK, "at") == SHOWN, "{name}"),
            Err(problem) => assert!(!local && problem.code.as_str() == "E0824", "{name}: {problem}"),
        }
    }
}
