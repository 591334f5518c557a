//! Extracts that lack something: history from before their first day, and codes that the model does
//! not list in a column that nobody reads.

use super::results::rows;
use super::world::World;
use chrono::{Days, NaiveDate};

const MODEL: &str = r#"
levels agency > office
domains permanency "Permanency"
dates 9999-12-31 mean missing
quality at most 10% set aside
table office "an office" {
  office_id key
  name text
}
table child "a child" {
  child_id key
  born_on  date
  sex { female, male }?
  office -> office
  removals <- removal
}
table removal "a stay" {
  removal_id key
  child      -> child
  removed_on date
  exited_on  date?
  exit_type  { reunification, adoption }?  known with exited_on
  spans removed_on until exited_on
}
"#;

/// A hundred children of whom the first `odd` have this sex; nothing comes in after their stays.
fn county(indicators: &str, odd: usize, sex: &str, stays: &str) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL);
    world.write("indicators/seen.ind", indicators);
    world.write("data/dataset.toml", "as_of = 2024-12-31\n[tables.removal]\nas_of = 2024-12-31\n");
    world.write("data/office.csv", "office_id,name\nO1,North\n");
    let of = |n: usize| if n < odd { sex } else { "female" };
    let children: String = (0..100).map(|n| format!("C{n},2010-01-01,{},O1\n", of(n))).collect();
    world.write("data/child.csv", format!("child_id,born_on,sex,office_id\n{children}"));
    world.write("data/removal.csv", format!("removal_id,child_id,removed_on,exited_on,exit_type\n{stays}"));
    world
}

const LOOKING_BACK: &str = r#"
indicator first_entry_home {
  title "First entries: home within 12 months"
  domain permanency
  window 6 months
  cohort first ever removal of each child by removed_on where removed_on in window
  numerator exit_type = reunification and exited_on before removed_on + 12 months
  attribute child.office at removed_on
  standard at least 48.4% { source "CFSR 2" status published }
}
indicator new_entries {
  title "Entries without an earlier stay in the two years before"
  domain permanency
  window 12 months
  cohort removal where removed_on in window
  numerator no other child.removals as earlier where earlier.exited_on on or after removed_on - 24 months and earlier.removed_on before removed_on
  attribute child.office at removed_on
  standard at least 80% { source "test" status inferred }
}
scorecard s "S" { permanency: first_entry_home, new_entries }
"#;

/// A stay of each of a hundred children from the beginning of 2022; forty of them had one in 2020,
/// of which an extract may not know.
fn stays(earlier: bool) -> String {
    let first = NaiveDate::from_ymd_opt(2022, 1, 10).unwrap();
    let before = (0..40).filter(|_| earlier).map(|n| format!("P{n},C{n},2020-01-01,2020-06-01,reunification\n"));
    let stays = (0..100).map(|n| {
        let removed = first + Days::new(n);
        let (days, how) = if (40..75).contains(&n) { (100, "reunification") } else { (700, "adoption") };
        format!("R{n},C{n},{removed},{},{how}\n", removed + Days::new(days))
    });
    before.chain(stays).collect()
}

/// What the agency has in a window of an indicator.
fn cell(world: &World, indicator: &str, ending: &str) -> [String; 4] {
    let said = world.run("scorecard indicators --data data --level agency --months 30 --format csv");
    let found = rows(&said.fine().out).into_iter().find(|r| r["indicator"] == indicator && r["window_end"] == ending);
    let row = found.unwrap_or_else(|| panic!("no {indicator} ending {ending} in {}", said.out));
    ["numerator", "denominator", "state", "reason"].map(|name| row[name].clone())
}

#[test]
fn history_that_an_extract_does_not_have_is_not_taken_for_none() {
    let whole = county(LOOKING_BACK, 0, "", &stays(true));
    assert_eq!(cell(&whole, "first_entry_home", "2022-06-30"), ["35", "60", "value", ""]);
    assert_eq!(cell(&whole, "new_entries", "2022-12-31"), ["60", "100", "value", ""]);
    let extract = county(LOOKING_BACK, 0, "", &stays(false));
    let settings = "as_of = 2024-12-31\ncomplete_from = 2022-01-01\n[tables.removal]\nas_of = 2024-12-31\n";
    extract.write("data/dataset.toml", settings);
    for (indicator, ending) in [("first_entry_home", "2022-06-30"), ("new_entries", "2022-12-31")] {
        let [met, of, state, reason] = cell(&extract, indicator, ending);
        assert_eq!((met.as_str(), of.as_str(), state.as_str()), ("", "", "not_observable"), "{indicator}");
        assert!(reason.contains("history of removal begins 2022-01-01"), "{reason}");
    }
}

const IN_CARE: &str = r#"
indicator in_care {
  title "In care under two years"
  domain permanency
  window month end
  cohort removal open on window.last_day
  numerator removed_on after window.last_day - 24 months
  attribute child.office at window.last_day
  standard at least 95% { status inferred }
}
scorecard s "S" { permanency: in_care }
"#;

#[test]
fn a_code_that_nobody_asks_about_takes_no_row_along() {
    let removed = |n: usize| if n < 8 { 2020 } else { 2024 };
    let stays: String = (0..100).map(|n| format!("R{n},C{n},{}-01-01,,\n", removed(n))).collect();
    let world = county(IN_CARE, 8, "nonbinary", &stays);
    let said = world.run("scorecard indicators --data data --level agency --format csv");
    let found: Vec<_> = rows(&said.fine().out)
        .iter()
        .map(|r| [&r["numerator"], &r["denominator"], &r["state"], &r["band"]].map(String::clone))
        .collect();
    assert_eq!(found, [["92", "100", "value", "red"]]);
}
