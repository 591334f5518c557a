//! Rows of which it is not known whether they belong: counted on the cell with the range of its
//! value, listed by `cases`, expected by tests.

use super::results::cells;
use super::world::{World, marked};

const INDICATOR: &str = r#"
indicator seen_of_kind {
  title     "Seen"
  tier      1
  domain    service
  question  "Of visits of one kind, how many were seen?"
  source    "made up"
  status    inferred
  window    month
  cohort    visit where came_on in window and kind = short
    exclude "tried before"  tried
  numerator seen
  attribute ward at came_on
  standard  at least 50%  { source "made up"  status inferred }
}

scorecard service "Service scorecard" {
  service: seen_of_kind
}

test seen_of_kind "a kind that is missing may be short, and a try that is missing may be one" {
  visit | visit_id | ward | came_on    | seen  | kind  | tried |
        | v1       | w1   | 2024-01-02 | true  | short | false |
        | v2       | w1   | 2024-01-02 | false | short |       |
        | v3       | w1   | 2024-01-02 | true  |       | false |
        | v4       | w1   | 2024-01-02 | true  | long  | false |
        | v5       | w1   | 2024-02-02 | true  |       | false |
        | v6       | w1   | 2024-01-02 | true  |       | true  |
  expect window ending 2024-01-31: 1 of 2, 2 unsure
  expect v1 met
  expect v2 unmet
  expect v2 unsure
  expect v3 unsure
  expect v4 not counted
  expect v5 not counted
  expect v6 not counted
}
"#;

/// In w1, one of two is seen for sure, one that is not seen may go, and one that is seen may come;
/// in w2 all is known.
fn world() -> World {
    let world = World::sound();
    let model = world.read("indicators/model.ind").unwrap();
    let columns = "  seen     bool?\n  kind { short, long }?\n  tried bool?\n}";
    world.write("indicators/model.ind", model.replace("  seen     bool?\n}", columns));
    world.write("indicators/seen.ind", INDICATOR);
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\nw3,West\n");
    let rows = [
        "v1,w1,2024-03-01,true,short,false",
        "v2,w1,2024-03-02,false,short,",
        "v3,w1,2024-03-03,true,,false",
        "v4,w2,2024-03-04,true,short,false",
        "v5,w2,2024-03-05,false,short,false",
        "v6,w2,2024-03-06,true,long,",
    ];
    world.write("data/visit.csv", format!("visit_id,ward_id,came_on,seen,kind,tried\n{}\n", rows.join("\n")));
    world
}

#[test]
fn a_cell_counts_unsure_rows_and_says_what_its_value_could_be() {
    let world = world();
    let said = world.measure("scorecard --format csv --level all");
    let cells = cells(&said.fine().out);
    let told = |id: &str| ["value", "unsure", "least", "most", "reason"].map(|name| cells[id][name].as_str());
    assert_eq!(told("w1"), ["50", "2", "50", "100", ""]);
    assert_eq!(told("w2"), ["50", "0", "50", "50", ""]);
    assert_eq!(told("w3"), ["", "0", "", "", "no cases"]);
    assert_eq!(told("town"), ["50", "2", "50", "75", ""]);
}

#[test]
fn a_colour_that_hangs_on_them_is_marked() {
    let world = world();
    let said = world.measure("scorecard --level ward");
    assert!(said.fine().out.contains("50.0 G~") && !said.out.contains("G!"), "all of the range is green: {}", said.out);
    world.write("indicators/seen.ind", INDICATOR.replace("at least 50%", "at least 60%"));
    for form in ["table", "markdown", "html"] {
        let said = world.measure(&format!("scorecard --level ward --format {form}"));
        assert!(said.fine().out.contains(&marked(form, "50.0", "R!")), "{form}: {}", said.out);
        assert!(said.out.replace('\n', " ").contains("unsure"), "{form}: {}", said.out);
    }
    let page = world.measure("scorecard --level ward --format html");
    assert!(page.out.contains("50.0 to 100.0"), "{}", page.out);
}

#[test]
fn cases_lists_them() {
    let world = world();
    let said = world.measure("cases seen_of_kind --entity w1");
    assert!(said.fine().out.contains("3 rows: 1 met, 1 unmet, 1 unsure, 1 of these unsure too"), "{}", said.out);
    let said = world.measure("cases seen_of_kind --unsure --format csv");
    let lines: Vec<String> =
        said.fine().out.lines().map(|l| l.split(',').take(3).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines, ["id outcome unsure", "v2 unmet unsure", "v3 unsure unsure"]);
}

#[test]
fn a_test_expects_them_and_says_what_it_found_instead() {
    let world = world();
    world.run("test").fine();
    let wrong = INDICATOR.replace("2 unsure", "1 unsure").replace("v3 unsure", "v3 not counted");
    world.write("indicators/seen.ind", wrong);
    let said = world.run("test");
    let words = said.out.clone() + &said.err;
    assert!(words.contains("1 of 2, 0 undetermined, 0 excluded, 2 unsure"), "{said:#?}");
    assert!(words.contains("v3 unsure"), "{said:#?}");
}

#[test]
fn a_cell_without_a_value_says_why() {
    let world = world();
    let reason = |form: &str| {
        let said = world.measure(&format!("scorecard --level ward --format {form}"));
        said.fine().out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    world.write("data/dataset.toml", "as_of = 2024-03-31\ncomplete_from = 2024-03-02\nname = \"Two wards\"\n");
    for form in ["csv", "json", "html", "table", "markdown"] {
        assert!(reason(form).contains("data is complete from 2024-03-02"), "{form}: {}", reason(form));
    }
    world.write("data/dataset.toml", "as_of = 2024-03-31\nname = \"Two wards\"\n");
    let few = INDICATOR.replace("  standard", "  minimum 3 cases\n  standard");
    world.write("indicators/seen.ind", few);
    for form in ["csv", "json", "html", "table", "markdown"] {
        assert!(reason(form).contains("fewer than 3 cases"), "{form}: {}", reason(form));
    }
}
