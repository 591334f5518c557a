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
    let dir = to.join("county");
    fs::create_dir_all(&dir).unwrap();
    for dialect in Dialect::ALL {
        for indicator in &program.indicators {
            let windows = indicator.windows(as_of, months);
            match sql::query(&program, indicator, &sources, Asked { dialect, as_of, windows: &windows }) {
                Ok(text) => fs::write(dir.join(format!("{}.{}.sql", indicator.id, dialect.word())), text).unwrap(),
                Err(refused) => panic!("{}: {refused:?}", indicator.id),
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

/// The query of an indicator in its latest window.
fn query(of: (&Sources, &Program), id: &str, dialect: Dialect) -> Result<String, sql::Refused> {
    let as_of = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
    let indicator = of.1.find(id).unwrap();
    let windows = indicator.windows(as_of, 1);
    sql::query(of.1, indicator, of.0, Asked { dialect, as_of, windows: &windows })
}

#[test]
fn queries_are_readable() {
    let (sources, program) = shipped();
    for (id, dialect) in [
        ("reentry_into_foster_care", Dialect::DuckDb),
        ("reentry_into_foster_care", Dialect::Postgres),
        ("timely_response_five_day", Dialect::DuckDb),
        ("median_days_in_care", Dialect::Postgres),
        ("worker_turnover", Dialect::DuckDb),
    ] {
        let text = query((&sources, &program), id, dialect).unwrap();
        insta::assert_snapshot!(format!("{id}_{}", dialect.word()), text);
    }
}

#[test]
fn every_shipped_indicator_has_a_query() {
    let (sources, program) = shipped();
    for indicator in &program.indicators {
        for dialect in Dialect::ALL {
            query((&sources, &program), &indicator.id, dialect).unwrap_or_else(|e| panic!("{}: {e:?}", indicator.id));
        }
    }
}

#[test]
fn what_sql_cannot_say_exactly_is_refused() {
    let text = r#"
indicator days_to_exit {
  title      "Days"
  question   "?"
  source     "made up"
  status     inferred
  window     12 months
  cohort     removal where removed_on in window
  measure    median of days from removed_on to exited_on, censored at as_of
  attribute  child.worker at removed_on
}
"#;
    let checked = crate::texts::checked("text.ind", text);
    assert!(!checked.findings.has_errors(), "{}", checked.shown());
    let refused = query((&checked.sources, &checked.program), "days_to_exit", Dialect::Postgres).unwrap_err();
    assert!(refused.message.contains("cannot compute exactly") && refused.help.contains("scorecard"), "{refused:?}");
}
