//! The row-by-row evaluator: what it traces, and the calendar that it uses.

use crate::oracle::months;
use crate::texts::checked;
use chrono::{Days, NaiveDate};
use yardstick::interpret::{self, Arithmetic, Calendar, Clause, Finding, Question, Value};
use yardstick::ir::{Part, Program};

const TEXT: &str = r#"
indicator back_in_care {
  title      "Back in care"
  question   "?"
  source     "made up"
  status     inferred
  window     12 months
  cohort     removal where exited_on in window
  exclude    "short" days < 8
  numerator  some other child.removals as later where later.removed_on on or after exited_on
               and later.removed_on before exited_on + 12 months
  attribute  child.worker at window.last_day
}

test back_in_care "one comes back" {
  removal | removal_id | child | removed_on | exited_on  |
          | r1         | c1    | 2023-01-05 | 2023-03-10 |
          | r2         | c1    | 2023-09-01 | 2023-09-03 |
          | r3         | c2    | 2023-09-01 |            |
  expect window ending 2023-12-31: 1 of 1
}
"#;

/// What each clause finds on a row of the test.
fn traced<T>(row: &str, told: impl FnOnce(&Program, &[(Clause, Finding)]) -> T) -> T {
    let checked = checked("text.ind", TEXT);
    assert!(!checked.findings.has_errors(), "{}", checked.shown());
    let program = &checked.program;
    let test = &program.tests[0];
    let indicator = &program.indicators[0];
    let world = interpret::drawn(&program.model, test).unwrap();
    let row = world.find(indicator.cohort.table, row).unwrap();
    let (as_of, window) = (test.as_of, test.expects[0].window);
    let question = Question { world: &world, indicator, as_of, window, level: 0, arithmetic: &Calendar };
    told(program, &interpret::trace(question, row, usize::MAX).unwrap())
}

#[test]
fn every_clause_says_what_it_found() {
    let values =
        |row| traced(row, |_, found| found.iter().map(|(clause, f)| (*clause, f.value.clone())).collect::<Vec<_>>());
    let truth = |is| Some(Value::Bool(is));
    let last_day = Some(Value::Date("2023-12-31".parse().unwrap()));
    let told = |cohort, short, numerator| {
        [
            (Clause::Cohort, truth(cohort)),
            (Clause::Exclude(0), short),
            (Clause::Measure(Part::Numerator), numerator),
            (Clause::AttributedOn, last_day.clone()),
        ]
    };
    assert_eq!(values("r1"), told(true, truth(false), truth(true)));
    assert_eq!(values("r2"), told(true, truth(true), truth(false)));
    // A stay that is still open has no length, and nobody can come back from it.
    assert_eq!(values("r3"), told(false, truth(false), truth(false)));
}

#[test]
fn a_question_about_rows_says_what_each_of_them_was() {
    traced("r1", |program, found| {
        let numerator = &found[2].1;
        let [(row, inside)] = &numerator.rows[..] else { panic!("{numerator:#?}") };
        let table = program.indicators[0].cohort.table;
        let world = interpret::drawn(&program.model, &program.tests[0]).unwrap();
        assert_eq!(world.name(table, *row), "r2");
        // The condition, and the two conditions in it.
        let parts: Vec<_> = inside[0].parts.iter().map(|part| part.value.clone()).collect();
        assert_eq!(parts, [Some(Value::Bool(true)), Some(Value::Bool(true))]);
    });
}

#[test]
fn its_calendar_counts_months_as_one_counts_them_by_hand() {
    let first = NaiveDate::from_ymd_opt(2023, 12, 1).unwrap();
    let days: Vec<NaiveDate> = (0..500).map(|n| first + Days::new(n)).collect();
    for from in days.iter().step_by(7).copied() {
        for to in days.iter().copied() {
            assert_eq!(Calendar.months_between(from, to), months::months_between(from, to), "{from} {to}");
        }
        for months in [-100_000, -25, -12, -1, 0, 1, 2, 12, 13, 48, 100_000] {
            assert_eq!(Calendar.plus_months(from, months), Some(months::plus_months(from, months)), "{from} {months}");
        }
    }
    assert_eq!(Calendar.plus_months(first, i64::MAX), None);
}
