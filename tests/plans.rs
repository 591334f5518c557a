//! The laws of verdicts, on every small count and on every kind of cell.

use chrono::NaiveDate;
use yardstick::ir::{Path, Program};
use yardstick::scorecard::State;
use yardstick::scorecard::cell::Extent;
use yardstick::scorecard::plan::{Action, Says, Seen, Standing, Verdict, months};
use yardstick::scorecard::wilson_interval::Interval;
use yardstick::source::Sources;
use yardstick::{check, syntax};

const WORLD: &str = r#"
levels town > ward
table ward { ward_id key }
table visit { visit_id key  ward -> ward  came_on date  seen bool }
indicator seen_share {
  window     WINDOW
  cohort     visit where came_on in window
  numerator  seen
  attribute  ward at came_on
}
plan more of seen_share {
  entity   ward "w1"
  since    2024-02-15
  because  "nobody is there"
  expect   from FROM in 2024-01 to TO by 2024-09
}
"#;

fn program(window: &str, from: &str, to: &str) -> Program {
    let text = WORLD.replace("WINDOW", window).replace("FROM", from).replace("TO", to);
    let mut sources = Sources::default();
    let file = sources.add("world.ind", &text);
    let checked = check::check(&[syntax::parse(&sources, file).0]);
    assert!(!checked.findings.has_errors(), "{:?}", checked.findings);
    checked.program
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seen(met: u64, of: u64) -> Seen {
    let value = (of > 0).then(|| 100.0 * met as f64 / of as f64);
    Seen {
        value,
        counts: (Some(met as f64), Some(of as f64)),
        interval: Interval::wilson(met, of),
        range: Extent { least: value, most: value },
        state: Some(if value.is_some() { State::Value } else { State::NoCases }),
        ..Seen::default()
    }
}

/// A better value never has a worse verdict, whichever way is better.
#[test]
fn a_better_value_never_has_a_worse_verdict() {
    let (start, end) = (day("2024-01-31"), day("2024-09-30"));
    for (from, to) in [(0.0, 75.0), (60.0, 100.0), (80.0, 20.0), (9.9, 0.0)] {
        let path = Path { from, start, to, end };
        let mut expected: Vec<f64> = (1..=9)
            .map(|month| {
                path.expected(NaiveDate::from_ymd_opt(2024, month + 1, 1).unwrap().pred_opt().unwrap()).unwrap()
            })
            .collect();
        expected.extend([0.0, 100.0]);
        for expected in expected {
            for of in 1..=40 {
                let verdict = |met: u64| {
                    let value = 100.0 * met as f64 / of as f64;
                    Verdict::of(&path, expected, value, Interval::wilson(met, of))
                };
                let mut all: Vec<Verdict> = (0..=of).map(verdict).collect();
                if !path.rises() {
                    all.reverse();
                }
                assert!(all.is_sorted(), "{path:?} {expected} {of}: {all:?}");
                assert!(
                    (0..=of)
                        .all(|met| verdict(met).is_on_path()
                            == path.is_reached(100.0 * met as f64 / of as f64, expected))
                );
            }
        }
    }
}

/// No month has a verdict unless it is final, has a value, lies after the start, and has a day of
/// the plan.
#[test]
fn no_verdict_without_a_final_value() {
    let program = program("month", "20%", "80%");
    let (plan, indicator) = (&program.plans[0], &program.indicators[0]);
    let cells = [
        seen(5, 10),
        seen(0, 0),
        Seen { provisional: true, ..seen(5, 10) },
        Seen { provisional: true, ..seen(0, 0) },
        Seen { state: Some(State::Suppressed), value: None, interval: None, ..Seen::default() },
        Seen { state: Some(State::BadData), ..Seen::default() },
        Seen::default(),
    ];
    for cell in &cells {
        for month in months(plan, indicator, day("2024-12-31"), |_| Some(cell.clone())) {
            let judged = matches!(month.says, Says::Judged { .. });
            let may = cell.value.is_some() && !cell.provisional && month.window.start >= day("2024-02-01");
            assert_eq!(judged, may, "{month:?}");
        }
    }
    let none = months(plan, indicator, day("2024-05-31"), |_| None);
    assert_eq!(none.len(), 9);
    assert!(none.iter().all(|month| month.says == Says::Waits(indicator.final_on(month.window))));
}

#[test]
fn what_is_not_known_of_rows_makes_a_verdict_unsure() {
    let program = program("month", "20%", "80%");
    let (plan, indicator) = (&program.plans[0], &program.indicators[0]);
    let sure = |least: Option<f64>, most: Option<f64>| {
        let cell = Seen { range: Extent { least, most }, uncertain: true, ..seen(6, 10) };
        let months = months(plan, indicator, day("2024-05-31"), |_| Some(cell.clone()));
        // 20 + 60 * 4 / 8 are expected of May.
        match months[4].says {
            Says::Judged { verdict, sure } => (verdict, sure),
            _ => panic!("{:?}", months[4]),
        }
    };
    assert_eq!(sure(Some(50.0), Some(70.0)), (Verdict::OnPathByChance, true));
    assert_eq!(sure(Some(49.0), Some(70.0)), (Verdict::OnPathByChance, false));
    assert_eq!(sure(None, Some(70.0)), (Verdict::OnPathByChance, false));
}

/// A window of twelve months has days from before the plan for a year, and is not called free of
/// them before.
#[test]
fn long_windows_mix_what_was_before_with_what_came_after() {
    let program = program("12 months", "20%", "80%");
    let (plan, indicator) = (&program.plans[0], &program.indicators[0]);
    let months = months(plan, indicator, day("2025-12-31"), |_| Some(seen(5, 10)));
    let first_free = months.iter().find(|month| !month.from_before).unwrap();
    assert_eq!(first_free.window.last_day(), day("2025-02-28"));
    assert_eq!(plan.first_after(indicator), Some(first_free.window));
    assert_eq!(months[0].says, Says::Start);
    assert!(matches!(months[1].says, Says::Judged { .. }));
}

#[test]
fn actions_stand_as_of_the_last_day_of_the_data() {
    let action = |done: Option<&str>| Action {
        what: "call".into(),
        owner: "manager".into(),
        due: day("2024-03-31"),
        done: done.map(day),
    };
    let standing = |done, as_of: &str| Standing::of(&action(done), day(as_of));
    assert_eq!(standing(None, "2024-03-31"), Standing::Open);
    assert_eq!(standing(None, "2024-04-01"), Standing::Overdue);
    assert_eq!(standing(Some("2024-04-02"), "2024-04-01"), Standing::Overdue);
    assert_eq!(standing(Some("2024-04-02"), "2024-04-02"), Standing::Done(day("2024-04-02")));
}
