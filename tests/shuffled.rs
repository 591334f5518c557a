//! The example county in no order, with ids that are not counted up: the same county, whose numbers
//! are the same.

use clap::Parser;
use std::fs;
use std::path::Path;
use std::process::Command;

#[path = "../examples/county/generate.rs"]
mod generate;

/// Makes a small county in this folder.
fn make(folder: &Path, more: &str) {
    let words = "county --scale 0.01 --months 30 --offices 4 --seed 3 --out".split(' ');
    let words = words.map(str::to_owned).chain([folder.to_string_lossy().into_owned()]);
    let flags = generate::Flags::parse_from(words.chain(more.split_whitespace().map(str::to_owned)));
    let rows = generate::generate(&flags).unwrap();
    assert!(rows.iter().any(|(table, rows)| *table == "contact" && *rows > 1_000), "{rows:?}");
}

/// What the program writes to these arguments about a county.
fn written(arguments: &str, county: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cells.csv");
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(arguments.split(' '))
        .arg("--data")
        .arg(county)
        .arg("-o")
        .arg(&file)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    fs::read_to_string(file).unwrap()
}

/// The ids in the first column of a table.
fn ids(county: &Path, table: &str) -> Vec<String> {
    let text = fs::read_to_string(county.join(format!("{table}.csv"))).unwrap();
    text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

#[test]
fn a_shuffled_county_has_the_same_cells() {
    let folder = tempfile::tempdir().unwrap();
    let [plain, shuffled, parquet] = ["plain", "shuffled", "parquet"].map(|name| folder.path().join(name));
    make(&plain, "--format csv");
    make(&shuffled, "--format csv --shuffled");
    make(&parquet, "--shuffled");
    let arguments = "scorecard --scorecard tier_one --level all --months 3";
    let cells = written(arguments, &plain);
    assert!(cells.lines().count() > 100);
    assert_eq!(cells, written(arguments, &shuffled));
    assert_eq!(cells, written(arguments, &parquet));
    // Where little memory is to be used, other ways are taken.
    assert_eq!(cells, written(&format!("{arguments} --memory 64MiB"), &parquet));
}

#[test]
fn ids_are_others_in_the_same_order_and_rows_are_in_none() {
    let folder = tempfile::tempdir().unwrap();
    let [plain, shuffled, again] = ["plain", "shuffled", "again"].map(|name| folder.path().join(name));
    make(&plain, "--format csv --bad-rows 0");
    make(&shuffled, "--format csv --bad-rows 0 --shuffled");
    make(&again, "--format csv --bad-rows 0 --shuffled");
    for table in ["child", "contact", "sibling", "worker"] {
        let (before, after) = (ids(&plain, table), ids(&shuffled, table));
        assert_eq!(before.len(), after.len());
        assert!(!after.is_sorted(), "{table}");
        assert_eq!(after, ids(&again, table), "the same bytes each time");
    }
    let (mut before, mut after) = (ids(&plain, "contact"), ids(&shuffled, "contact"));
    assert!(after.iter().all(|id| id.len() == 10 && !before.contains(id)));
    let day = |county: &Path, id: &str| {
        let text = fs::read_to_string(county.join("contact.csv")).unwrap();
        let line = text.lines().find(|line| line.starts_with(id)).unwrap().to_owned();
        line.split(',').nth(3).unwrap().to_owned()
    };
    before.sort();
    after.sort();
    for place in [0, before.len() / 2, before.len() - 1] {
        assert_eq!(day(&plain, &before[place]), day(&shuffled, &after[place]));
    }
}
