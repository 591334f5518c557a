//! Which windows a scorecard that hides counts shows.

use crate::generated::parsed;
use chrono::{Months, NaiveDate};
use yardstick::calendar::Window;
use yardstick::ir::Program;
use yardstick::scorecard::apart;

const TEXT: &str = r#"
levels town > ward
table ward { ward_id key }
table visit { visit_id key  ward -> ward  came_on date  left_on date?  spans came_on until left_on }
indicator visits {
  measure    count
  window     WINDOW
  cohort     visit where COHORT
  attribute  ward at came_on
}
"#;

const DATED: &str = "came_on in window";

fn program(window: &str, cohort: &str) -> Program {
    parsed::program(&[TEXT.replace("WINDOW", window).replace("COHORT", cohort)]).unwrap()
}

fn ends(window: &str, cohort: &str, months: u32) -> Vec<String> {
    let through = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
    let windows = apart::windows(&program(window, cohort).indicators[0], through, months);
    windows.iter().map(|window| window.last_day().to_string()).collect()
}

#[test]
fn windows_of_dated_rows_follow_each_other_and_of_others_there_is_one_a_year() {
    assert_eq!(ends("12 months", DATED, 24), ["2024-12-31", "2025-12-31"]);
    assert_eq!(ends("12 months", DATED, 1), ["2025-12-31"]);
    assert_eq!(ends("6 months", DATED, 12), ["2025-12-31", "2026-06-30"]);
    assert_eq!(ends("quarter", DATED, 6), ["2026-06-30", "2026-09-30"]);
    assert_eq!(ends("month", DATED, 2), ["2026-09-30", "2026-10-31"]);
    assert_eq!(ends("5 months", DATED, 24), ["2024-12-31", "2025-12-31"]);
    assert_eq!(ends("24 months", DATED, 24), ["2024-12-31"]);
    assert_eq!(ends("24 months", DATED, 60), ["2020-12-31", "2022-12-31", "2024-12-31"]);
    assert_eq!(ends("12 months ending in June", DATED, 24), ["2025-06-30", "2026-06-30"]);
    assert_eq!(ends("12 months ending in March, September", DATED, 24), ["2025-09-30", "2026-09-30"]);
    assert_eq!(ends("fiscal year to date from July", DATED, 24), ["2025-06-30", "2026-06-30"]);
    assert_eq!(ends("year to date", DATED, 1), ["2025-12-31"]);
    assert_eq!(ends("week", DATED, 1), ["2026-10-25"]);
    // There for a while.
    assert_eq!(ends("month end", "open on window.last_day", 24), ["2024-12-31", "2025-12-31"]);
    assert_eq!(ends("month", "covering window", 24), ["2024-12-31", "2025-12-31"]);
    assert_eq!(ends("week", "overlapping window", 24), ["2023-12-31", "2024-12-29", "2025-12-28"]);
    assert_eq!(ends("12 months", "overlapping window", 1), ["2025-12-31"]);
    // One day or the other: nobody sees that a row has one of them only.
    assert_eq!(ends("month", "(came_on in window or left_on in window)", 1), ["2025-12-31"]);
    assert_eq!(ends("all time", DATED, 24), [""; 0]);
}

/// Whatever day it is, and however many months are asked for.
#[test]
fn no_two_windows_overlap_whenever_they_are_shown() {
    for window in [
        "month",
        "2 months",
        "quarter",
        "5 months",
        "6 months",
        "9 months",
        "12 months",
        "18 months",
        "24 months",
        "week",
        "year to date",
        "fiscal year to date from October",
        "12 months every quarter",
        "6 months ending in January, March, November",
        "month ending in May",
        "month end every quarter",
    ] {
        let program = program(window, DATED);
        let mut all: Vec<Window> = Vec::new();
        for month in 0..60 {
            let through = NaiveDate::from_ymd_opt(2022, 1, 31).unwrap() + Months::new(month);
            let shown = apart::windows(&program.indicators[0], through, 1 + month % 30);
            assert!(shown.iter().all(|of| apart::is_apart(&program.indicators[0], *of)), "{window}: {shown:?}");
            all.extend(shown);
        }
        all.sort_by_key(|of| (of.start, of.end));
        all.dedup();
        assert!(!all.is_empty(), "{window}");
        assert!(all.windows(2).all(|pair| pair[0].end <= pair[1].start), "{window}: {all:?}");
    }
}
