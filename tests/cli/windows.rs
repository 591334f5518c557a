//! Windows of every kind on one scorecard, and measures for other windows than their own.

use super::results::rows;
use super::world::{Said, World};

const MORE: &str = r#"
indicator by_week {
  title     "By week"
  tier      1
  domain    service
  window    week
  cohort    visit where came_on in window
  numerator seen
  attribute ward at came_on
}

indicator so_far {
  title     "So far"
  tier      1
  domain    service
  window    fiscal year to date from February
  cohort    visit where came_on in window
  numerator seen
  attribute ward at came_on
}

indicator ever {
  title     "Ever"
  tier      1
  domain    service
  window    all time every quarter
  history   12 months
  cohort    visit where came_on in window
  numerator seen
  attribute ward at came_on
}

scorecard mixed "Mixed" {
  service: seen_share, by_week, so_far, ever
}
"#;

fn mixed() -> World {
    let world = World::sound();
    world.write("indicators/more.ind", MORE);
    world
}

#[test]
fn each_cell_carries_its_own_window() {
    let said = mixed().measure("scorecard --scorecard mixed --level town --months 3 --format csv");
    let rows = rows(&said.fine().out);
    let of = |indicator: &str| -> Vec<(String, String)> {
        let own = rows.iter().filter(|row| row["indicator"] == indicator);
        own.map(|row| (row["window_start"].clone(), row["window_end"].clone())).collect()
    };
    let days = |days: &[(&str, &str)]| -> Vec<(String, String)> {
        days.iter().map(|(start, end)| ((*start).to_owned(), (*end).to_owned())).collect()
    };
    let months = [("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29"), ("2024-03-01", "2024-03-31")];
    assert_eq!(of("seen_share"), days(&months));
    // 31 March 2024 is a Sunday; of three months, every week that ends in them.
    let weeks = of("by_week");
    assert_eq!(weeks.len(), 13);
    assert_eq!(
        (&weeks[0], &weeks[12]),
        (&days(&[("2024-01-01", "2024-01-07")])[0], &days(&[("2024-03-25", "2024-03-31")])[0])
    );
    let so_far = [("2023-02-01", "2024-01-31"), ("2024-02-01", "2024-02-29"), ("2024-02-01", "2024-03-31")];
    assert_eq!(of("so_far"), days(&so_far));
    assert_eq!(of("ever"), days(&[("0001-01-01", "2024-03-31")]));
}

#[test]
fn the_period_stands_beside_each_number() {
    let world = mixed();
    let said = world.measure("scorecard --scorecard mixed --level town");
    for period in ["Mar 2024", "week", "31 Mar", "Feb to", "all time"] {
        assert!(said.fine().out.contains(period), "no `{period}` in\n{}", said.out);
    }
    let trend = world.measure("scorecard --scorecard mixed --level town --months 3");
    assert!(trend.fine().out.contains("up to 13 windows, each column its own"), "{}", trend.out);
    let page = world.measure("scorecard --scorecard mixed --level town --months 3 --format html");
    let words = crate::report::page::words(&page.fine().out).to_string();
    for period in ["week ending 31 Mar", "Feb 2023 to Jan 2024", "all time to Mar"] {
        assert!(words.contains(period), "no `{period}`");
    }
}

#[test]
fn all_time_needs_to_know_how_far_back_is_far_enough() {
    let world = mixed();
    let reason = |world: &World| {
        let said = world.measure("scorecard --scorecard mixed --level town --format csv");
        let row = rows(&said.fine().out).into_iter().find(|row| row["indicator"] == "ever").unwrap();
        (row["state"].clone(), row["reason"].clone())
    };
    assert_eq!(reason(&world).0, "value");
    let from = |day: &str| format!("as_of = 2024-03-31\ncomplete_from = {day}\nname = \"Two wards\"\n");
    world.write("data/dataset.toml", from("2023-03-31"));
    assert_eq!(reason(&world).0, "value");
    world.write("data/dataset.toml", from("2023-04-02"));
    assert_eq!(reason(&world), ("not_observable".to_owned(), "data is complete from 2023-04-02".to_owned()));
    // Without the word of the analyst, never.
    world.write("indicators/more.ind", MORE.replace("  history   12 months\n", ""));
    world.write("data/dataset.toml", from("1900-01-01"));
    assert_eq!(reason(&world).0, "not_observable");
}

#[test]
fn a_measure_is_shown_for_another_window() {
    let world = World::sound();
    let own = world.measure("scorecard --level town --format csv");
    let other = world.measure("scorecard --level town --format csv --window quarter");
    let (own, other) = (rows(&own.fine().out).remove(0), rows(&other.fine().out).remove(0));
    assert_eq!((other["window_start"].as_str(), other["window_end"].as_str()), ("2024-01-01", "2024-03-31"));
    assert!(other["band"].is_empty() && !own["band"].is_empty(), "standards are for the window of the definition");
    assert_ne!(other["meaning"], own["meaning"]);
    let table = world.measure("scorecard --level town --window quarter");
    assert!(table.fine().out.contains("Window `quarter` as asked for"), "{}", table.out);
    // Its own window is nothing new.
    let same = world.measure("scorecard --level town --format csv --window month");
    assert_eq!(rows(&same.fine().out).remove(0), own);
    world.measure("scorecard --window fortnight").stopped(2, &["`fortnight` is no window", "`12 months`"]);
    world.measure("scorecard --window year").stopped(2, &["calendar", "`window 12 months`"]);
}

fn cases(world: &World, window: &str) -> Said {
    let mut command = world.command("cases seen_share --data data --format csv");
    Said::of(command.args(["--window", window]).output().unwrap())
}

#[test]
fn the_rows_behind_it_are_listed() {
    let world = World::sound();
    let all = world.measure("cases seen_share --window quarter --format csv");
    let march = world.measure("cases seen_share --window 2024-03-31 --format csv");
    let ending = cases(&world, "month ending 2024-02-29");
    let count = |out: &str| rows(out).len();
    assert!(count(&all.fine().out) > count(&march.fine().out).max(count(&ending.fine().out)));
    world.measure("cases seen_share --window quarter").fine();
    let wrong = cases(&world, "quarter ending 2024-02-29");
    wrong.stopped(2, &["no window of `seen_share` ends on 2024-02-29", "March, June, September or December"]);
}

#[test]
fn what_depends_on_the_length_is_not_shown_for_another() {
    let world = World::sound();
    let text = MORE.split("scorecard").next().unwrap();
    let asks = [
        ("numerator seen", "numerator came_on before window.start + 8 days", "what is measured of a row"),
        (
            "where came_on in window",
            "where came_on in window and not came_on before window.start + 1 day",
            "its cohort asks more",
        ),
        ("attribute ward at came_on", "attribute ward at window.start", "first day"),
    ];
    for (plain, asking, why) in asks {
        let (week, _) = text.split_once("indicator so_far").unwrap();
        world.write("indicators/more.ind", week.replace(plain, asking));
        let said = world.measure("scorecard indicators/more.ind --window month");
        said.stopped(2, &["`by_week`", why]);
    }
}

const BOUNDARIES: &str = r#"
test by_week "from Monday to Sunday, over the end of a leap February" {
  visit | visit_id | ward | came_on    | seen  |
        | v1       | w1   | 2024-02-25 | true  |     # a Sunday
        | v2       | w1   | 2024-02-26 | true  |
        | v3       | w1   | 2024-02-29 | false |
        | v4       | w1   | 2024-03-03 | true  |
        | v5       | w1   | 2024-03-04 | true  |     # a Monday
  as of 2024-03-10
  expect window ending 2024-03-03: 2 of 3
  expect v1 not counted
  expect v5 not counted
  expect window ending 2024-02-25: 1 of 1
  expect window ending 2024-03-10: 1 of 1
  expect window ending 2024-03-17: not observable
}

test by_week "the first week of an ISO year begins in the year before" {
  visit | visit_id | ward | came_on    | seen  |
        | v1       | w1   | 2024-12-29 | false |
        | v2       | w1   | 2024-12-30 | true  |
        | v3       | w1   | 2025-01-05 | true  |
  as of 2025-01-05
  expect window ending 2025-01-05: 2 of 2
  expect window ending 2024-12-29: 0 of 1
}

test so_far "a fiscal year to date begins anew" {
  visit | visit_id | ward | came_on    | seen  |
        | v1       | w1   | 2023-01-31 | true  |
        | v2       | w1   | 2023-02-01 | true  |
        | v3       | w1   | 2024-01-31 | false |
        | v4       | w1   | 2024-02-01 | true  |
        | v5       | w1   | 2024-02-29 | false |
  as of 2024-02-29
  expect window ending 2023-01-31: 1 of 1
  expect window ending 2024-01-31: 1 of 2
  expect window ending 2024-02-29: 1 of 2
}

test ever "all that has come so far" {
  visit | visit_id | ward | came_on    | seen  |
        | v1       | w1   | 1924-02-29 | true  |
        | v2       | w1   | 2024-03-31 | false |
        | v3       | w1   | 2024-04-01 | true  |
  as of 2024-06-30
  expect window ending 2024-03-31: 1 of 2
  expect window ending 2024-06-30: 2 of 3
}
"#;

#[test]
fn the_boundaries_are_where_they_are_said_to_be() {
    let world = mixed();
    world.write("indicators/boundaries.ind", BOUNDARIES);
    let said = world.run("test --engine both");
    assert!(said.fine().out.contains("5 passed, 0 failed"), "{}", said.out);
    // None of them holds by chance.
    for (is, other) in [("2 of 3", "3 of 3"), ("2025-01-05: 2 of 2", "2025-01-05: 2 of 3"), ("1 of 1", "0 of 1")] {
        world.write("indicators/boundaries.ind", BOUNDARIES.replace(is, other));
        assert_eq!(world.run("test --engine both").code, Some(1), "{other}");
    }
}
