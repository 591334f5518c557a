//! Times until something happens: cells that are not estimable, the cases behind them, and what a
//! test says of them.

use super::results::cells;
use super::world::World;

const INDICATOR: &str = r#"
indicator days_until_left {
  title     "Days until they left"
  tier      1
  domain    service
  question  "Of visits that began in the month, by how many days had half of the visitors left?"
  source    "made up"
  status    inferred
  window    month
  cohort    visit where came_on in window
  let       called = earliest c.called_on among calls as c where c.called_on in window
  measure   median of days from called to left_on, censored at as_of
  attribute ward at came_on
  standard  at most 10 days  { source "made up"  status inferred }
}

scorecard service "Service scorecard" {
  service: days_until_left
}

test days_until_left "more than half are still there" {
  visit | visit_id | ward | came_on    | left_on    |
        | v1       | w1   | 2024-01-02 | 2024-01-05 |
        | v2       | w1   | 2024-01-02 |            |
        | v3       | w1   | 2024-01-02 |            |
        | v4       | w1   | 2024-01-02 | 2024-01-05 |
  call  | visit | called_on  |
        | v1    | 2024-01-02 |
        | v2    | 2024-01-02 |
        | v3    | 2024-01-02 |
  expect window ending 2024-01-31: not estimable of 3, 1 undetermined
  expect v1 met
  expect v2 unmet
  expect v4 undetermined
}
"#;

/// In w1 two of three have left by 31 March; in w2 one of three, and one has never called; in w3
/// there was nobody.
fn world() -> World {
    let world = World::sound();
    let model = world.read("indicators/model.ind").unwrap();
    let column = "  left_on  date? missing means not yet\n  calls <- call\n}\n\ntable call \"a call\" {\n  visit -> visit\n  called_on date\n}";
    world.write("indicators/model.ind", model.replace("  seen     bool?\n}", column));
    world.write("indicators/seen.ind", INDICATOR);
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\nw3,West\n");
    let rows = [
        "v1,w1,2024-03-01,2024-03-05",
        "v2,w1,2024-03-02,2024-03-12",
        "v3,w1,2024-03-03,",
        "v4,w2,2024-03-04,2024-03-29",
        "v5,w2,2024-03-05,2024-04-01",
        "v6,w2,2024-03-06,",
        "v7,w2,2024-03-06,2024-03-07",
    ];
    world.write("data/visit.csv", format!("visit_id,ward_id,came_on,left_on\n{}\n", rows.join("\n")));
    let calls: String = (1..7).map(|n| format!("v{n},2024-03-0{n}\n")).collect();
    world.write("data/call.csv", format!("visit_id,called_on\n{calls}"));
    world
}

#[test]
fn a_cell_that_is_not_estimable_has_its_counts_and_no_value_and_no_colour() {
    let world = world();
    let said = world.measure("scorecard --format csv --level all");
    let cells = cells(&said.fine().out);
    let told = |id: &str| {
        ["state", "value", "band", "numerator", "denominator", "undetermined", "unit"]
            .map(|name| cells[id][name].as_str())
    };
    assert_eq!(told("w1"), ["value", "10", "green", "", "3", "0", "days"]);
    assert_eq!(told("w2"), ["not_estimable", "", "", "", "3", "1", "days"]);
    assert_eq!(told("w3"), ["no_cases", "", "", "", "0", "0", "days"]);
    // After 4 and 10 days 5/6 and 4/6 are left; after 25 days, with four still there, three
    // quarters of those: a half, to the end.
    assert_eq!(told("town"), ["value", "25", "red", "", "6", "1", "days"]);
}

#[test]
fn every_form_says_it() {
    let world = world();
    for form in ["table", "html", "markdown"] {
        let said = world.measure(&format!("scorecard --format {form}"));
        assert!(said.fine().out.contains("n/e"), "{form}: {}", said.out);
        assert!(said.out.replace('\n', " ").contains("not estimable"), "{form}: {}", said.out);
    }
    let said = world.measure("scorecard --format json");
    assert!(said.fine().out.contains("not_estimable"), "{}", said.out);
}

#[test]
fn cases_tell_for_whom_it_has_happened() {
    let world = world();
    let ids = |words: &str| {
        let said = world.measure(&format!("cases days_until_left --entity w2 --format csv {words}"));
        said.fine().out.lines().skip(1).map(|l| l.split(',').take(3).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(ids("--met"), ["v4 met 25"]);
    assert_eq!(ids("--unmet"), ["v5 unmet 26", "v6 unmet 25"]);
    assert_eq!(ids("--undetermined"), ["v7 undetermined "]);
}

#[test]
fn a_test_expects_it_and_says_what_it_found_instead() {
    let world = world();
    world.run("test").fine();
    let wrong = INDICATOR.replace("not estimable of 3", "value 3 of 3");
    world.write("indicators/seen.ind", &wrong);
    let said = world.run("test");
    let words = said.out.clone() + &said.err;
    assert!(words.contains("value 3 of 3, 1 undetermined"), "{said:#?}");
    assert!(words.contains("not estimable of 3, 1 undetermined, 0 excluded"), "{said:#?}");
    let right = wrong.replacen("|            |", "| 2024-01-05 |", 1).replace("v2 unmet", "v2 met");
    world.write("indicators/seen.ind", right);
    assert!(world.run("test").fine().out.contains("1 passed"));
}
