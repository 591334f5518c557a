//! Rows that went because their identity or place is broken: counted on the cells they may belong
//! to, with the range of the value, and listed by `cases`.

use super::results::rows;
use super::world::{World, marked};
use std::collections::BTreeMap;

const MODEL: &str = r#"
levels town > ward
domains service "Service"
quality at most 10% set aside

table ward "a ward" { ward_id key  name text }

table child "a child" { child_id key  ward -> ward }

table stay "a stay" {
  stay_id key
  child   -> child
  ward    -> ward
  began   date
  ended   date?
  sent    bool
  spans   began until ended
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
  attribute ward at began
  standard  at least 50%  { source "made up"  status inferred }
}

indicator stays_ended {
  title     "Ended"
  tier      1
  domain    service
  question  "How many stays end in a hundred days?"
  source    "made up"
  status    inferred
  window    month
  cohort    stay overlapping window
  measure   rate per 100 days
  numerator ended in window
  denominator days in window
  attribute ward at window.last_day
}

scorecard service "Service scorecard" {
  service: sent_home, stays_ended
}
"#;

/// A hundred stays of March, every second one sent, half of them in each ward. These replace some
/// of them, by number.
fn world(broken: &[(usize, &str)]) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL);
    world.write("indicators/seen.ind", INDICATOR);
    let children: String = (0..100).map(|n| format!("c{n},w1\n")).collect();
    world.write("data/child.csv", format!("child_id,ward_id\n{children}"));
    let stay =
        |n: usize| format!("s{n},c{n},w{},2024-03-{:02},2024-03-31,{}", n / 50 + 1, n % 28 + 1, n.is_multiple_of(2));
    let of = |n: usize| broken.iter().find(|(at, _)| *at == n).map_or_else(|| stay(n), |(_, line)| (*line).to_owned());
    let stays: Vec<String> = (0..100).map(of).collect();
    world.write("data/stay.csv", format!("stay_id,child_id,ward_id,began,ended,sent\n{}\n", stays.join("\n")));
    world
}

/// What the cells of an indicator say of the month that ends on this day, of the town and of
/// entities with rows that went.
fn said(world: &World, indicator: &str, end: &str, names: &[&str]) -> BTreeMap<String, Vec<String>> {
    let said = world.measure("scorecard --format csv --level all --months 2");
    let found = rows(&said.fine().out).into_iter();
    let found = found.filter(|cell| cell["indicator"] == indicator && cell["window_end"] == end);
    let found = found.filter(|cell| cell["level"] == "town" || cell["unread"] != "0");
    found.map(|cell| (cell["entity_id"].clone(), names.iter().map(|name| cell[*name].clone()).collect())).collect()
}

fn told(cells: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let figures = |figures: &[&str]| figures.iter().map(|figure| (*figure).to_owned()).collect();
    cells.iter().map(|(entity, of)| ((*entity).to_owned(), figures(of))).collect()
}

fn percent(met: u32, all: u32) -> String {
    (100.0 * f64::from(met) / f64::from(all)).to_string()
}

const MARCH: &str = "2024-03-31";
const NAMES: [&str; 6] = ["value", "denominator", "unsure", "unread", "least", "most"];

#[test]
fn stays_that_end_before_they_start_may_belong_to_any_month() {
    let ends_first = "2024-03-09,2024-03-01,true";
    let world = world(&[
        (0, &format!("s0,c0,w1,{ends_first}")),
        (2, &format!("s2,c2,w1,{ends_first}")),
        (52, &format!("s52,c52,w2,{ends_first}")),
    ]);
    // They were sent, as far as is known: they may be met, and not unmet.
    let of = |met, all, unread: &'static str| [percent(met, all), all.to_string(), unread.to_owned()];
    let [town, w1, w2] = [of(47, 97, "3"), of(23, 48, "2"), of(24, 49, "1")];
    let line = |of: &[String; 3]| [of[0].clone(), of[1].clone(), "0".into(), of[2].clone(), of[0].clone(), "50".into()];
    let lines = [("town", line(&town)), ("w1", line(&w1)), ("w2", line(&w2))];
    let expected = lines.map(|(entity, line)| (entity.to_owned(), line.to_vec())).into_iter().collect();
    assert_eq!(said(&world, "sent_home", MARCH, &NAMES), expected);
    let none = ["", "0", "0", "3", "100", "100"];
    assert_eq!(said(&world, "sent_home", "2024-02-29", &NAMES)["town"], none);
}

/// A question about all rows of a table is as one about the rows of somebody.
#[test]
fn all_rows_of_a_table_are_asked_about_with_those_that_went() {
    // One of them is of the first ward; of the other nobody can tell.
    let ends_first = "s0,c0,w1,2024-03-09,2024-03-01,true";
    let world = world(&[(0, ends_first), (52, "s52,c52,w9,2024-03-02,2024-03-31,true")]);
    let asked = "(count stay as one where one.ward = ward and one.began in window and one.sent) >= 26";
    let of_all = INDICATOR.replace("numerator sent\n", &format!("numerator {asked}\n"));
    world.write("indicators/seen.ind", of_all);
    let names = ["numerator", "denominator", "undetermined", "least", "most"];
    let said = world.measure("scorecard --format csv --level all --months 1");
    let found = rows(&said.fine().out).into_iter().filter(|cell| cell["indicator"] == "sent_home");
    let found: BTreeMap<String, Vec<String>> =
        found.map(|cell| (cell["entity_id"].clone(), names.iter().map(|name| cell[*name].clone()).collect())).collect();
    assert_eq!(found["w1"][..3], ["0", "49", "49"], "{found:?}");
    assert_eq!(found["w2"][..3], ["0", "49", "0"], "{found:?}");
    // Broken or not, the row itself may be met.
    assert_eq!(found["w1"][4], "100", "{found:?}");
}

#[test]
fn a_row_that_is_known_not_to_belong_is_not_counted() {
    let world = world(&[
        // Twice the same id: the rows themselves are known.
        (1, "s1,c1,w1,2024-03-02,2024-03-31,false"),
        (3, "s1,c3,w2,2024-02-02,2024-02-11,false"),
        // Twice the same row.
        (4, "s6,c6,w1,2024-03-07,2024-03-31,true"),
        // No such ward.
        (5, "s5,c5,w9,2024-03-02,,false"),
    ]);
    let (town, w1) = (percent(49, 96), percent(24, 46));
    let expected = told(&[
        ("town", &[&town, "96", "0", "2", &percent(49, 98), &town]),
        ("w1", &[&w1, "46", "0", "1", &percent(24, 47), &w1]),
        ("unassigned", &["", "0", "0", "1", "0", "0"]),
    ]);
    assert_eq!(said(&world, "sent_home", MARCH, &NAMES), expected);
}

#[test]
fn an_end_that_cannot_be_read_is_not_an_open_one() {
    let world = world(&[(0, "s0,c0,w1,2024-03-01,soon,true"), (1, "s1,c1,w1,2024-03-02,,true")]);
    // The open stay has not ended; of the other it is not known, nor how long it was.
    let days = (2..100).map(|n| 31 - (n % 28 + 1)).sum::<u32>() + 30;
    let expected = [percent(98, days), "1".into(), "0".into(), percent(99, days)];
    assert_eq!(said(&world, "stays_ended", MARCH, &["value", "unread", "least", "most"])["town"], expected);
}

#[test]
fn a_colour_that_hangs_on_them_is_marked() {
    let world = world(&[(1, "s1,c1,w2,2024-13-01,,false")]);
    // Of 99 rows 50 are met; of 100, 50 as well.
    let said = world.measure("scorecard --level ward");
    assert!(said.fine().out.contains("50.5 G~"), "{}", said.out);
    world.write("indicators/seen.ind", INDICATOR.replace("at least 50%", "at least 50.2%"));
    for form in ["table", "markdown", "html"] {
        let said = world.measure(&format!("scorecard --level ward --format {form}"));
        assert!(said.fine().out.contains(&marked(form, "50.5", "G!")), "{form}: {}", said.out);
        assert!(said.out.contains("unread"), "{form}: {}", said.out);
    }
}

#[test]
fn what_is_picked_may_have_to_make_room_for_a_row_that_went() {
    let world = world(&[(0, "s0,c0,w1,2024-03-01,2024-03-31,true"), (1, "s1,c0,w9,2024-03-02,2024-03-31,false")]);
    let picked = INDICATOR.replace("cohort    stay where", "cohort    first stay of each child by began where");
    world.write("indicators/seen.ind", picked);
    // The other stay of the same child may be the first: one of the 50 that are met may go.
    let town = said(&world, "sent_home", MARCH, &NAMES);
    assert_eq!(town["town"], [&percent(50, 99), "99", "1", "1", &percent(49, 99), &percent(50, 99)]);
    // Of an unknown child, it may stand in the place of any.
    let stays = world.read("data/stay.csv").unwrap().replace("s1,c0,", "s1,nobody,");
    world.write("data/stay.csv", stays);
    let cells = said(&world, "sent_home", MARCH, &NAMES);
    assert_eq!(cells["town"], [&percent(50, 99), "99", "0", "1", &percent(49, 99), &percent(50, 98)]);
    let w2 = world.measure("scorecard --format csv --level ward");
    let w2 =
        rows(&w2.fine().out).into_iter().find(|cell| cell["entity_id"] == "w2" && cell["indicator"] == "sent_home");
    let w2 = w2.unwrap();
    assert_eq!((w2["unread"].as_str(), &w2["least"], &w2["most"]), ("0", &percent(24, 49), &percent(25, 49)));
}

#[test]
fn the_first_of_all_months_may_have_to_make_room_for_one_of_a_month_before() {
    let one_in_february = (1, "s1,c1,w1,2024-02-02,2024-02-28,false");
    let world = world(&[(0, "s0,nobody,w1,2024-01-01,2024-01-31,true"), one_in_february]);
    let picked = INDICATOR.replace("cohort    stay where", "cohort    first ever stay of each child by began where");
    world.write("indicators/seen.ind", &picked);
    let cells = |end| said(&world, "sent_home", end, &NAMES)["town"].clone();
    // It is in neither month, and may have been the first stay of any child: one of each month
    // goes.
    assert_eq!(cells(MARCH), ["50", "98", "0", "1", &percent(48, 97), &percent(49, 97)]);
    assert_eq!(cells("2024-02-29"), ["0", "1", "0", "1", "0", "0"]);
    let said = world.measure("cases sent_home --unread --format csv");
    assert!(said.fine().out.contains("s0,unread,link to nothing: child_id,"), "{}", said.out);
    // In March it may be one of March, and is no first stay of one that came in February.
    let stays = world.read("data/stay.csv").unwrap();
    world.write("data/stay.csv", stays.replace("nobody,w1,2024-01-01,2024-01-31", "nobody,w1,2024-03-05,2024-03-31"));
    assert_eq!(cells("2024-02-29"), ["0", "1", "0", "0", "0", "0"]);
    assert_eq!(cells(MARCH)[2..4], ["0", "1"]);
}

#[test]
fn one_that_is_picked_and_excluded_leaves_nobody_in_its_place() {
    let world = world(&[(0, "s0,nobody,w1,2024-03-01,2024-03-02,true")]);
    let picked = INDICATOR
        .replace("cohort    stay where", "cohort    first stay of each child by began where")
        .replace("numerator sent", "exclude \"first day\" began = 2024-03-01\n  numerator sent");
    world.write("indicators/seen.ind", picked);
    let town = said(&world, "sent_home", MARCH, &NAMES)["town"].clone();
    // It is excluded, as are three others, all of them sent, and may be the first stay of any
    // child.
    assert_eq!(town, [&percent(46, 96), "96", "0", "1", &percent(45, 95), &percent(46, 95)]);
}

#[test]
fn cases_lists_them_and_says_why_they_went() {
    let world = world(&[
        (0, "s0,c0,w1,2024-03-09,2024-03-01,true"),
        (1, "s1,c1,w9,2024-03-02,,false"),
        (2, ",c2,w1,2024-03-02,,false"),
    ]);
    let said = world.measure("cases sent_home --unread --format csv");
    let lines: Vec<String> = said.fine().out.lines().map(str::to_owned).collect();
    let of = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert_eq!(of("s0,unread,end before start: ended,"), 1, "{lines:?}");
    assert_eq!(of("s1,unread,link to nothing: ward_id,"), 1, "{lines:?}");
    assert_eq!(of(",unread,missing value: stay_id,"), 1, "{lines:?}");
    let said = world.measure("cases sent_home");
    assert!(said.fine().out.contains("3 unread"), "{}", said.out);
    let said = world.measure("cases sent_home --unread --format json");
    assert!(said.fine().out.contains("\"id\": null"), "{}", said.out);
    let said = world.measure("cases sent_home --unread --entity w1");
    assert!(said.fine().out.contains("2 rows: 2 unread"), "{}", said.out);
}

#[test]
fn what_is_kept_of_the_data_keeps_them() {
    let world = world(&[(0, "s0,c0,w1,2024-03-09,2024-03-01,true"), (1, "s1,c1,w9,2024-03-02,,false")]);
    let plain = world.measure("scorecard --format csv --level all");
    for other in ["--checked kept", "--checked kept", "--memory 64MiB", "--threads 1"] {
        let said = world.measure(&format!("scorecard --format csv --level all {other}"));
        assert_eq!(said.fine().out, plain.fine().out, "{other}");
    }
}

const VISITED: &str = r#"
indicator visited {
  title     "Visited"
  tier      1
  domain    service
  question  "Of stays that began in the month, how many were visited within five days?"
  source    "made up"
  status    inferred
  window    month
  cohort    stay where began in window
  numerator some visits where seen_on on or before began + 5 days
  attribute ward at began
  standard  at least 50%  { source "made up"  status inferred }
}

indicator never_visited {
  title     "Never visited"
  tier      1
  domain    service
  question  "Of stays that began in the month, how many had no visit by day 5?"
  source    "made up"
  status    inferred
  window    month
  cohort    stay where began in window
  numerator (first known of (earliest seen_on among visits where seen_on on or before began + 5 days), began + 99 days)
              after began + 5 days
  attribute ward at began
}

scorecard service "Service scorecard" {
  service: visited, never_visited
}
"#;

/// The same stays; every second one is visited two days after it began, by a clerk who is known.
/// These visits come on top.
fn visited(more: &[&str]) -> World {
    let world = world(&[]);
    let tables = "table clerk \"a clerk\" { clerk_id key }\ntable visit \"a visit\" {\n  visit_id key\n  \
                  stay -> stay\n  clerk -> clerk\n  seen_on date\n}\n";
    let stay = MODEL.replace("  spans   began", "  visits  <- visit\n  spans   began");
    world.write("indicators/model.ind", format!("{stay}{tables}"));
    world.write("indicators/seen.ind", VISITED);
    world.write("data/clerk.csv", "clerk_id\nk1\n");
    world.write("data/dataset.toml", "as_of = 2024-04-06\nname = \"Two wards\"\n");
    let visit = |n: usize| format!("v{n},s{n},k1,2024-03-{:02}", n % 28 + 3);
    let visits: Vec<String> = (0..100).step_by(2).map(visit).chain(more.iter().map(|v| (*v).to_owned())).collect();
    world.write("data/visit.csv", format!("visit_id,stay_id,clerk_id,seen_on\n{}\n", visits.join("\n")));
    world
}

#[test]
fn a_visit_that_went_may_be_the_one_that_is_asked_for() {
    const NAMES: [&str; 5] = ["value", "denominator", "undetermined", "least", "most"];
    let town = |more: &[&str], indicator: &str| said(&visited(more), indicator, MARCH, &NAMES)["town"].clone();
    assert_eq!(town(&[], "visited"), ["50", "100", "0", "50", "50"]);
    // Its clerk is not known: it was in time, and may be a visit or none.
    let in_time = ["w1,s1,k9,2024-03-03"];
    assert_eq!(town(&in_time, "visited"), ["50", "100", "1", "50", "51"]);
    assert_eq!(town(&in_time, "never_visited"), ["49", "100", "1", "49", "50"]);
    // It was too late, it is of a stay that was visited in any case, or nobody knows of which.
    for idle in ["w1,s1,k9,2024-03-20", "w1,s0,k9,2024-03-02", "w1,s999,k1,2024-03-02"] {
        assert_eq!(town(&[idle], "visited"), ["50", "100", "0", "50", "50"], "{idle}");
    }
    assert_eq!(town(&["w1,s0,k9,2024-03-20"], "never_visited"), ["50", "100", "0", "50", "50"]);
}
