//! What two other systems say of dates, row by row, and what the language says; and the engine's
//! months against the calendar's.
//!
//! `date-semantics.csv` holds cases from CQL's and ehrQL's own tests. Each is marked: `agrees`;
//! `differs`, with our answer and the reason; or `not_applicable`, with the reason. What is marked
//! with one of the first two is written as a condition, goes through the whole pipe, and is asked
//! of a row.

mod say;

use crate::generated::parsed;
use crate::generated::world::Files;
use crate::oracle::months::plus_months;
use crate::oracle::{self, Raw};
use crate::properties::compare;
use chrono::{Datelike, Days, NaiveDate};
use say::{Said, say};
use std::collections::{BTreeMap, BTreeSet};
use yardstick::calendar::Window;
use yardstick::ir::Outcome;
use yardstick::run::{self, Settings};

/// A line of the table.
#[derive(Debug, Clone)]
struct Line {
    operation: String,
    a: String,
    b: String,
    expected: String,
    verdict: String,
    ours: String,
    reason: String,
}

fn lines() -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(include_str!("date-semantics.csv").as_bytes());
    let lines = reader.records().map(|record| {
        let record = record.unwrap();
        let cell = |n: usize| record[n].to_owned();
        Line {
            operation: cell(1),
            a: cell(2),
            b: cell(3),
            expected: cell(4),
            verdict: cell(6),
            ours: cell(7),
            reason: cell(8),
        }
    });
    lines.collect()
}

const MODEL: &str = r#"
levels whole > place
domains only "Only"
table place { place_id key }
table line not fed {
  line_id    key
  place      -> place
  number     int
  x_day      date
  y_day      date
  want       date
  want_until date
  p_from     date
  p_until    date
  q_from     date
  q_until    date
  x_time     timestamp
  y_time     timestamp
  want_time  timestamp
  gap        date?
  a_from     date
  a_until    date?
  spans      a_from until a_until
}
"#;

/// Columns of `line` with what stands in them when a row does not say.
const COLUMNS: [(&str, &str); 17] = [
    ("line_id", ""),
    ("place_id", "here"),
    ("number", ""),
    ("x_day", "2001-01-01"),
    ("y_day", "2001-01-01"),
    ("want", "2001-01-01"),
    ("want_until", "2001-01-01"),
    ("p_from", "2001-01-01"),
    ("p_until", "2001-01-01"),
    ("q_from", "2001-01-01"),
    ("q_until", "2001-01-01"),
    ("x_time", "2001-01-01T00:00:00"),
    ("y_time", "2001-01-01T00:00:00"),
    ("want_time", "2001-01-01T00:00:00"),
    ("gap", ""),
    ("a_from", "2001-01-01"),
    ("a_until", ""),
];

/// Asks each condition of its own row: what the engine says, and the oracle.
fn ask(questions: &[(BTreeMap<&str, String>, String)]) -> Vec<(Outcome, Outcome)> {
    let conditions: BTreeSet<&str> = questions.iter().map(|(_, condition)| condition.as_str()).collect();
    let numbers: BTreeMap<&str, usize> = conditions.iter().enumerate().map(|(n, condition)| (*condition, n)).collect();
    let asked: Vec<String> =
        conditions.iter().enumerate().map(|(n, condition)| format!("(number = {n} and ({condition}))")).collect();
    let text = format!(
        "indicator asked {{\n  title \"Asked\"\n  domain only\n  status inferred\n  window month\n  cohort line where window.start before window.end\n  numerator {}\n  \
         attribute place at window.last_day\n  standard at least 50% {{ source \"none\" status inferred }}\n}}\n",
        asked.join("\n    or ")
    );
    let program = parsed::program(&[MODEL.to_owned(), text.clone()]).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    let header: Vec<String> = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let rows = questions.iter().enumerate().map(|(n, (cells, condition))| {
        let cell = |(name, otherwise): &(&str, &str)| match *name {
            "line_id" => format!("r{n:05}"),
            "number" => numbers[condition.as_str()].to_string(),
            name => cells.get(name).cloned().unwrap_or_else(|| (*otherwise).to_owned()),
        };
        COLUMNS.iter().map(cell).collect()
    });
    let (place, line) = (program.model.find_table("place").unwrap(), program.model.find_table("line").unwrap());
    let places = Raw { header: vec!["place_id".to_owned()], rows: vec![vec!["here".to_owned()]] };
    let tables = BTreeMap::from([(place, places), (line, Raw { header, rows: rows.collect() })]);
    let files = Files { as_of: "2020-12-31".parse().unwrap(), tables };
    let (store, world) = compare::both(&program.model, &files);
    let window = Window { start: "2020-12-01".parse().unwrap(), end: "2021-01-01".parse().unwrap() };
    let mine = oracle::cases(&world, &program.indicators[0], files.as_of, window, 0);
    let theirs = run::cases(&program, 0, &store, files.as_of, window, 0, &Settings::default()).unwrap();
    assert_eq!((mine.len(), theirs.len()), (questions.len(), questions.len()), "no row is set aside");
    theirs.into_iter().zip(mine).map(|(theirs, mine)| (theirs.outcome, mine.outcome)).collect()
}

#[test]
fn dates_mean_what_the_table_says() {
    let lines = lines();
    assert_eq!(lines.len(), 409);
    let (mut questions, mut of) = (Vec::new(), Vec::new());
    for line in &lines {
        let wanted = match line.verdict.as_str() {
            "agrees" => &line.expected,
            "differs" => &line.ours,
            "not_applicable" => {
                assert!(!line.reason.is_empty(), "no reason: {line:?}");
                continue;
            }
            other => panic!("`{other}` is no verdict: {line:?}"),
        };
        assert!(line.verdict == "agrees" || (*wanted != line.expected && !line.reason.is_empty()), "{line:?}");
        match say(&line.operation, &line.a, &line.b, wanted) {
            Said::Asked { cells, condition, outcome } => {
                questions.push((cells, condition));
                of.push((line, outcome));
            }
            Said::Known(true) => {}
            Said::Known(false) => panic!("the calendar says otherwise: {line:?}"),
            Said::Cannot => panic!("the language has no words for this: {line:?}"),
        }
    }
    assert!(questions.len() > 180, "only {} rows are asked", questions.len());
    for ((line, outcome), (answers, (_, condition))) in of.iter().zip(ask(&questions).into_iter().zip(&questions)) {
        assert_eq!(answers, (outcome.clone(), outcome.clone()), "engine, oracle: {condition} of {line:?}");
    }
}

/// Every day around the end of every month of two leap cycles, moved by months and counted back, in
/// the engine.
#[test]
fn the_engine_counts_months_as_the_calendar_does() {
    let mut questions = Vec::new();
    let mut last = NaiveDate::from_ymd_opt(2023, 1, 31).unwrap();
    while last.year() < 2025 {
        for x in [last - Days::new(2), last - Days::new(1), last, last + Days::new(1)] {
            for n in [-13i64, -12, -1, 0, 1, 2, 6, 11, 12, 18 * 12] {
                let want = plus_months(x, n);
                let cells = BTreeMap::from([
                    ("x_day", x.to_string()),
                    ("want", want.to_string()),
                    ("y_day", (want - Days::new(1)).to_string()),
                ]);
                let (sign, amount) = if n < 0 { ("-", -n) } else { ("+", n) };
                let (less, years, shown) = (n - 1, n / 12, amount / 12);
                let mut condition = format!(
                    "x_day {sign} {amount} months = want and months from x_day to want = {n} and months from x_day to y_day = {less}"
                );
                if n % 12 == 0 {
                    let before = years - 1;
                    condition += &format!(
                        " and x_day {sign} {shown} years = want and years from x_day to want = {years} and years from x_day to y_day = {before}"
                    );
                }
                questions.push((cells, condition));
            }
        }
        last = plus_months(last + Days::new(1), 1) - Days::new(1);
    }
    for ((engine, oracle), question) in ask(&questions).into_iter().zip(&questions) {
        assert_eq!((engine, oracle), (Outcome::Met, Outcome::Met), "{question:?}");
    }
}
