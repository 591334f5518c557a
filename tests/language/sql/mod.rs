//! Queries for databases. That they give the same cells is tried on databases that run: see
//! `tests/sql/`, which `.ci/run` starts.

mod worlds;

use crate::texts::root;
use chrono::NaiveDate;
use std::fs;
use std::path::{Path, PathBuf};
use yardstick::ir::Program;
use yardstick::source::Sources;
use yardstick::sql::{self, Asked, Dialect};
use yardstick::{check, syntax};

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "ind") {
            found.push(path);
        }
    }
}

/// The shipped indicators.
fn shipped() -> (Sources, Program) {
    let mut paths = Vec::new();
    files(&root().join("indicators"), &mut paths);
    paths.sort();
    let mut sources = Sources::default();
    let mut asts = Vec::new();
    for path in paths {
        let file = sources.add(path.display().to_string(), fs::read_to_string(&path).unwrap());
        asts.push(syntax::parse(&sources, file).0);
    }
    let program = check::check(&asts).program;
    (sources, program)
}

/// Writes the query of each shipped indicator, to be run on the example county:
/// `SQL_TO=DIR SQL_AS_OF=2026-10-31 SQL_MONTHS=3 ... -- --ignored write_shipped`.
#[test]
#[ignore = "for the comparison on databases, which says where to"]
fn write_shipped() {
    let of = |name: &str| std::env::var(name).unwrap();
    let (to, as_of) = (PathBuf::from(of("SQL_TO")), of("SQL_AS_OF").parse::<NaiveDate>().unwrap());
    let months: u32 = of("SQL_MONTHS").parse().unwrap();
    let (sources, program) = shipped();
    for dialect in Dialect::ALL {
        let dir = to.join(dialect.word());
        fs::create_dir_all(&dir).unwrap();
        for indicator in &program.indicators {
            let windows = indicator.windows(as_of, months);
            match sql::query(&program, indicator, &sources, Asked { dialect, as_of, windows: &windows }) {
                Ok(text) => fs::write(dir.join(format!("{}.sql", indicator.id)), text).unwrap(),
                Err(refused) => println!("{}: {refused:?}", indicator.id),
            }
        }
    }
}

/// Writes generated worlds with their indicators: `SQL_TO=DIR SQL_SEEDS=0..40`.
#[test]
#[ignore = "for the comparison on databases, which says where to"]
fn write_generated() {
    let of = |name: &str| std::env::var(name).unwrap();
    let to = PathBuf::from(of("SQL_TO"));
    let seeds = of("SQL_SEEDS");
    let (first, last) = seeds.split_once("..").unwrap();
    for seed in first.parse::<u64>().unwrap()..last.parse::<u64>().unwrap() {
        let made = worlds::make(seed);
        let dir = to.join(format!("w{seed}"));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("tables.sql"), made.tables()).unwrap();
        let mut cells = String::new();
        for indicator in &made.program.indicators {
            let windows = made.windows(indicator);
            let mut written = 0;
            for dialect in Dialect::ALL {
                let asked = Asked { dialect, as_of: made.as_of, windows: &windows };
                match sql::query(&made.program, indicator, &made.sources, asked) {
                    Ok(text) => {
                        fs::write(dir.join(format!("{}.{}.sql", indicator.id, dialect.word())), text).unwrap();
                        written += 1;
                    }
                    Err(refused) => println!("refused w{seed} {}: {}", indicator.id, refused.message),
                }
            }
            if written > 0 {
                cells += &made.cells(indicator);
            }
        }
        fs::write(dir.join("cells.tsv"), cells).unwrap();
    }
}
