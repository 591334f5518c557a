//! `as it stands`: a window is shown when it has ended, and says in every format that it is
//! provisional until it would have been shown without.

use super::results::cells;
use super::world::{World, marked};

const INDICATOR: &str = r#"
indicator seen_in_time {
  title     "Seen in time"
  tier      1
  domain    service
  question  "Of visits in the month, how many were answered within two months?"
  source    "made up"
  status    inferred
  window    month
  as it stands
  cohort    visit where came_on in window
  numerator answered_on on or before came_on + 2 months
  attribute ward at came_on
  standard  at least 50%  { source "made up"  status inferred }
}

scorecard service "Service scorecard" {
  service: seen_in_time
}

test seen_in_time "what is still to come is not known" {
  visit | visit_id | ward | came_on    | answered_on |
        | v1       | w1   | 2024-01-31 | 2024-03-31  |
        | v2       | w2   | 2024-01-01 | 2024-03-02  |
  as of 2024-03-30
  expect window ending 2024-01-31: 0 of 2, 1 undetermined, provisional
  expect v1 undetermined
  expect v2 unmet
}

test seen_in_time "without a day, the data reaches as far as it takes to be final" {
  visit | visit_id | ward | came_on    | answered_on |
        | v1       | w1   | 2024-01-31 | 2024-03-31  |
  expect window ending 2024-01-31: 1 of 1
}
"#;

const ROWS: [&str; 4] =
    ["v1,w1,2024-03-01,2024-03-20", "v2,w1,2024-03-02,", "v3,w2,2024-03-03,2024-04-10", "v4,w1,2024-01-04,2024-03-01"];

fn world_of(indicator: &str) -> World {
    let world = World::sound();
    let model = world.read("indicators/model.ind").unwrap();
    let columns = "  answered_on date? missing means not yet\n}";
    world.write("indicators/model.ind", model.replace("  seen     bool?\n}", columns));
    world.write("indicators/seen.ind", indicator);
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\nw3,West\n");
    world.write("data/visit.csv", format!("visit_id,ward_id,came_on,answered_on\n{}\n", ROWS.join("\n")));
    world
}

fn world() -> World {
    world_of(INDICATOR)
}

/// State, value and reason of each entity, as of a day.
fn told(world: &World, as_of: &str) -> Vec<[String; 4]> {
    let said = world.measure(&format!("scorecard --format csv --level all --as-of {as_of}"));
    let cells = cells(&said.fine().out);
    let of = |id: &str| ["window_end", "state", "value", "reason"].map(|name| cells[id][name].clone());
    ["town", "w1", "w2", "w3"].map(of).to_vec()
}

#[test]
fn a_window_is_shown_when_it_has_ended_and_says_until_when_it_is_provisional() {
    let world = world();
    world.write("data/dataset.toml", "as_of = 2024-06-30\nname = \"Two wards\"\n");
    let until = "provisional until 2024-05-31";
    let none = format!("no cases; {until}");
    let row = |state: &str, value: &str, reason: &str| ["2024-03-31", state, value, reason].map(str::to_owned);
    let early = told(&world, "2024-03-31");
    assert_eq!(early[1], row("value", "50", until));
    assert_eq!(early[2], row("value", "0", until), "v3 is answered later");
    assert_eq!(early[3], row("no_cases", "", &none));
    // The day before the one that is named, it still is; on that day it is what it is without the
    // clause.
    let asked = "scorecard --format csv --level all --months 3 --as-of";
    let (before, on) = ("2024-05-30", "2024-05-31");
    let march = |world: &World, day: &str| -> Vec<String> {
        let said = world.measure(&format!("{asked} {day}"));
        said.fine().out.lines().filter(|line| line.contains(",2024-03-31,")).map(str::to_owned).collect()
    };
    assert!(march(&world, before).iter().all(|line| line.contains(until)));
    let bare = world_of(&INDICATOR.replace("  as it stands\n", "").replace(", provisional", ""));
    bare.write("data/dataset.toml", "as_of = 2024-06-30\nname = \"Two wards\"\n");
    assert!(march(&bare, before).iter().all(|line| line.contains("waits until")) || march(&bare, before).is_empty());
    let but_hash = |lines: Vec<String>| -> Vec<Vec<String>> {
        lines.iter().map(|l| l.split(',').map(str::to_owned).filter(|f| f.len() != 16).collect()).collect()
    };
    assert_eq!(but_hash(march(&world, on)), but_hash(march(&bare, on)));
    assert!(!march(&world, on).is_empty() && march(&world, on).iter().all(|line| !line.contains("provisional")));
}

#[test]
fn every_form_has_the_mark_and_explains_it_only_where_it_stands() {
    let world = world();
    world.write("data/dataset.toml", "as_of = 2024-04-30\nname = \"Two wards\"\n");
    let said = |form: &str, more: &str| {
        let said = world.measure(&format!("scorecard --level ward --format {form} {more}"));
        let shown = said.fine().out.split("<script").next().unwrap_or_default();
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for form in ["csv", "json"] {
        assert!(said(form, "--as-of 2024-03-31").contains("provisional until 2024-05-31"), "{form}");
    }
    for form in ["table", "markdown", "html"] {
        let shown = said(form, "--as-of 2024-03-31");
        assert!(shown.contains(&marked(form, "50.0", "G~p")), "{form}: {shown}");
        assert!(shown.contains("Seen in time (until 2024-05-31)"), "{form}: {shown}");
        assert!(shown.contains("provisional: the window has ended"), "{form}: {shown}");
    }
    assert!(said("html", "--as-of 2024-03-31").contains("provisional for 2 months more"));
    // Final numbers have neither the mark nor its legend.
    world.write("data/dataset.toml", "as_of = 2024-05-31\nname = \"Two wards\"\n");
    world.write("indicators/seen.ind", INDICATOR.replace("  as it stands\n", "").replace(", provisional", ""));
    for form in ["table", "markdown", "html"] {
        let shown = said(form, "");
        assert!(shown.contains(&marked(form, "50.0", "G~")) && !shown.contains("provisional:"), "{form}: {shown}");
    }
}

#[test]
fn cases_say_it_in_the_heading_and_in_a_column() {
    let world = world();
    world.write("data/dataset.toml", "as_of = 2024-03-31\nname = \"Two wards\"\n");
    let until = "provisional until 2024-05-31";
    let table = world.measure("cases seen_in_time");
    assert!(table.fine().out.contains(&format!("data through 2024-03-31, {until}")), "{}", table.out);
    let csv = world.measure("cases seen_in_time --format csv");
    let lines: Vec<&str> = csv.fine().out.lines().collect();
    assert!(lines[0].ends_with(",provisional") && lines[1..].iter().all(|line| line.ends_with(until)), "{lines:?}");
    let json = world.measure("cases seen_in_time --format json");
    assert!(json.fine().out.contains(&format!("\"reason\": \"{until}\"")), "{}", json.out);
}

#[test]
fn what_never_ends_is_always_provisional() {
    let endless = INDICATOR.replace("answered_on on or before came_on + 2 months", "answered_on is known");
    let endless = endless.split("\ntest ").next().unwrap();
    let world = world_of(endless);
    world.write("data/dataset.toml", "as_of = 2030-01-31\nname = \"Two wards\"\n");
    assert!(told(&world, "2024-03-31").iter().all(|row| row[3].ends_with("provisional: it can always change")));
    let said = world.measure("scorecard --level ward --months 80");
    assert!(said.fine().out.contains("Seen in time (it can always change)"), "{}", said.out);
    let explained = world.run("explain seen_in_time");
    assert!(explained.fine().out.contains("it is always provisional"), "{}", explained.out);
    world.write("indicators/seen.ind", endless.replace("  as it stands\n", ""));
    let said = world.run("check");
    let words = (said.out.clone() + &said.err).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("E0403") && words.contains("add `as it stands`"), "{words}");
}

#[test]
fn what_is_hidden_says_nothing_of_it() {
    let world =
        world_of(&INDICATOR.replace("  service: seen_in_time\n", "  service: seen_in_time\n  hide counts under 11\n"));
    world.write("data/dataset.toml", "as_of = 2024-03-31\nname = \"Two wards\"\n");
    let cells = told(&world, "2024-03-31");
    assert_eq!(cells[1][1..], ["suppressed", "", "hidden: small counts"]);
}

#[test]
fn a_test_that_expects_it_says_what_it_found_instead() {
    let world = world();
    world.run("test").fine();
    world.write("indicators/seen.ind", INDICATOR.replace("as of 2024-03-30", "as of 2024-03-31"));
    let said = world.run("test");
    let words = said.out.clone() + &said.err;
    assert!(
        words.contains("0 of 2, 1 undetermined, provisional") && words.contains("1 of 2, 0 undetermined, 0 excluded"),
        "{words}"
    );
    world.write("indicators/seen.ind", INDICATOR.replace("  as it stands\n", ""));
    let said = world.run("check");
    assert!((said.out.clone() + &said.err).contains("no number of this indicator is provisional"), "{said:#?}");
}
