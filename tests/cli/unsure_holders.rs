//! Rows of which it is not known who holds them: counted for the one that is said to, and in the
//! range of everyone else who may.

use super::results::rows;
use super::world::World;
use std::collections::BTreeMap;

const MODEL: &str = r#"
levels town > ward
domains service "Service"
quality at most 10% set aside

table ward "a ward" { ward_id key  name text }

table child "a child" { child_id key  ward -> ward through placing }

table placing "a placing of a child in a ward" {
  placing_id key
  child      -> child
  ward       -> ward
  from_on    date
  until_on   date?
  spans      from_on until until_on
}

table stay "a stay" {
  stay_id key
  child   -> child
  began   date
  heard   date
  sent    bool
}
"#;

const INDICATOR: &str = r#"
indicator sent_home {
  title     "Sent"
  tier      1
  domain    service
  question  "Of stays that began in the month, how many were sent?"
  source    "made up"
  status    inferred
  window    month
  cohort    stay where began in window
  numerator sent
  attribute child.ward at earliest of heard, window.last_day
  standard  at least 50%  { source "made up"  status inferred }
}

scorecard service "Service scorecard" {
  service: sent_home
}
"#;

/// A hundred children with a stay in March each, every second one sent, the first fifty in ward
/// `w1`, the others in `w2`. These lines replace those of the same id, or come on top.
fn world(stays: &[&str], placings: &[&str]) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL);
    world.write("indicators/seen.ind", INDICATOR);
    world.write("data/child.csv", format!("child_id\n{}", (0..100).map(|n| format!("c{n}\n")).collect::<String>()));
    let id = |line: &str| line.split(',').next().unwrap().to_owned();
    let with = |all: Vec<String>, others: &[&str]| {
        let mut all: BTreeMap<String, String> = all.into_iter().map(|line| (id(&line), line)).collect();
        all.extend(others.iter().map(|line| (id(line), (*line).to_owned())));
        all.into_values().collect::<Vec<_>>().join("\n")
    };
    let stay = |n: usize| format!("s{n},c{n},2024-03-{:02},2024-03-30,{}", n % 28 + 1, n.is_multiple_of(2));
    let placing = |n: usize| format!("p{n},c{n},w{},2024-01-01,", n / 50 + 1);
    let stays = with((0..100).map(stay).collect(), stays);
    world.write("data/stay.csv", format!("stay_id,child_id,began,heard,sent\n{stays}\n"));
    let placings = with((0..100).map(placing).collect(), placings);
    world.write("data/placing.csv", format!("placing_id,child_id,ward_id,from_on,until_on\n{placings}\n"));
    world
}

/// Value, rows below the line, unsure rows and the range of every entity that has rows.
fn said(world: &World) -> BTreeMap<String, String> {
    let said = world.measure("scorecard --format csv --level all");
    let cells = rows(&said.fine().out).into_iter().filter(|cell| cell["window_end"] == "2024-03-31");
    let short = |text: &String| text.parse().map_or_else(|_| text.clone(), |number: f64| format!("{number:.2}"));
    let line = |cell: &BTreeMap<String, String>| {
        ["value", "denominator", "unsure", "unread", "least", "most"].map(|name| short(&cell[name])).join(" ")
    };
    let there = cells.filter(|cell| cell["state"] == "value" || cell["unsure"] != "0");
    there.map(|cell| (cell["entity_id"].clone(), line(&cell))).collect()
}

fn told(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
    cells.iter().map(|(entity, line)| ((*entity).to_owned(), (*line).to_owned())).collect()
}

#[test]
fn a_day_that_is_not_known_is_any_day() {
    // One child was in `w1` and later in `w2`; the day on which its stay was heard cannot be read.
    let world = world(&["s0,c0,2024-03-01,soon,true"], &["p0,c0,w1,2024-01-01,2024-03-10", "q0,c0,w2,2024-03-10,"]);
    let expected = told(&[
        ("town", "50.00 100.00 0.00 0.00 50.00 50.00"),
        ("w1", "48.98 49.00 1.00 0.00 48.98 50.00"),
        ("w2", "50.00 50.00 1.00 0.00 50.00 50.98"),
        ("unassigned", "100.00 1.00 1.00 0.00 100.00 100.00"),
    ]);
    assert_eq!(said(&world), expected);
    let cases = world.measure("cases sent_home --entity w1 --unsure --format csv");
    assert!(cases.fine().out.contains("s0,unsure,unsure,it is not known who holds it,"), "{}", cases.out);
    let cases = world.measure("cases sent_home --entity w1");
    assert!(cases.fine().out.contains("50 rows: 24 met, 25 unmet, 1 unsure"), "{}", cases.out);
}

#[test]
fn a_stay_that_was_set_aside_may_be_the_one_that_counts() {
    // The second placing ends before it starts: either day may be wrong.
    let turned = world(&[], &["q0,c0,w2,2024-03-10,2024-03-01"]);
    let expected = told(&[
        ("town", "50.00 100.00 0.00 0.00 50.00 50.00"),
        ("w1", "50.00 50.00 1.00 0.00 48.98 50.00"),
        ("w2", "50.00 50.00 1.00 0.00 50.00 50.98"),
    ]);
    assert_eq!(said(&turned), expected);
    // One that is over by then, is still to come, or began before the placing that counts, does
    // not; nor does one in the same ward.
    let sure = told(&[
        ("town", "50.00 100.00 0.00 0.00 50.00 50.00"),
        ("w1", "50.00 50.00 0.00 0.00 50.00 50.00"),
        ("w2", "50.00 50.00 0.00 0.00 50.00 50.00"),
    ]);
    for idle in [
        "q0,c0,w9,2024-03-10,2024-03-30",
        "q0,c0,w9,2024-03-31,",
        "q0,c0,w9,2023-12-31,",
        "q0,c0,w1,2024-03-10,2024-03-01",
    ] {
        assert_eq!(said(&world(&[], &[idle])), sure, "{idle}");
    }
    // In a ward that is not known, it takes the child from the one that is.
    let elsewhere = world(&[], &["q0,c0,w9,2024-03-10,"]);
    let expected = told(&[
        ("town", "50.00 100.00 0.00 0.00 50.00 50.00"),
        ("w1", "50.00 50.00 1.00 0.00 48.98 50.00"),
        ("w2", "50.00 50.00 0.00 0.00 50.00 50.00"),
        ("unassigned", " 0.00 1.00 0.00 100.00 100.00"),
    ]);
    assert_eq!(said(&elsewhere), expected);
}
