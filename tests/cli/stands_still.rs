//! Data that is not there: tables that stand still or are empty, months that are lost between
//! others, and history from before the data begins.

use super::world::World;

const MODEL: &str = r#"levels agency > office
domains care "Care"
table office "an office" {
  office_id key
  name text
}
table removal "a stay" {
  removal_id key
  office -> office
  removed_on date
  exited_on date?
  spans removed_on until exited_on
}
"#;

const INDICATORS: &str = r#"indicator short_stays {
  title "Short stays"
  domain care
  window 3 months
  cohort removal where removed_on in window
  numerator exited_on before removed_on + 5 days
  attribute office at removed_on
  standard at least 50% { source "none" status inferred }
}
indicator came_back {
  title "Came back to the office"
  domain care
  window month
  cohort removal where removed_on in window
  numerator some other office.stays as earlier
              where earlier.exited_on on or after removed_on - 12 months and earlier.exited_on before removed_on
  attribute office at removed_on
}
scorecard s "S" { care: short_stays, came_back }
"#;

/// Two stays a day, each of some days, from January 2023 on up to a day.
fn county(last: &str, settings: &str) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL.replace("  name text\n}", "  name text\n  stays <- removal\n}"));
    world.write("indicators/seen.ind", INDICATORS);
    world.write("data/dataset.toml", settings);
    world.write("data/office.csv", "office_id,name\nO1,North\n");
    let first = chrono::NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
    let days = first.iter_days().take_while(|day| day.to_string().as_str() <= last);
    let stays: String =
        days.enumerate().map(|(n, day)| format!("R{n},O1,{day},{}\n", day + chrono::Days::new(n as u64 % 9))).collect();
    world.write("data/removal.csv", format!("removal_id,office_id,removed_on,exited_on\n{stays}"));
    world
}

fn states(world: &World, options: &str) -> Vec<(String, String, String)> {
    let run = format!("scorecard indicators --data data --level agency --format csv {options}");
    let rows = super::results::rows(&world.run(&run).fine().out);
    rows.iter().map(|r| (r["indicator"].clone(), r["state"].clone(), r["reason"].clone())).collect()
}

#[test]
fn a_table_into_which_no_rows_come_any_more_shows_no_number() {
    let sound = county("2024-12-31", "as_of = 2024-12-31\n");
    assert!(states(&sound, "").iter().all(|(_, state, _)| state == "value"), "{:?}", states(&sound, ""));
    // The same files, without the last five months.
    let world = county("2024-07-31", "as_of = 2024-12-31\n");
    for (_, state, reason) in states(&world, "") {
        assert_eq!((state.as_str(), reason.as_str()), ("bad_data", "removal has no rows since August 2024"));
    }
    for form in ["table", "markdown", "html", "json"] {
        let run = format!("scorecard indicators --data data --level agency --format {form}");
        let said = world.run(&run);
        let out = &said.fine().out;
        let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("removal has no rows since August 2024"), "{form}: {out}");
        if form != "json" {
            assert!(text.contains("Last rows: removal 31 Jul 2024"), "{form}: {out}");
        }
    }
    // The county knows through which day the table reaches.
    let said = county("2024-07-31", "as_of = 2024-12-31\n[tables.removal]\nas_of = 2024-07-31\n");
    assert!(states(&said, "").iter().all(|(_, state, _)| state == "value"), "{:?}", states(&said, ""));
}

/// As where an extract takes rows by the day on which they were made: those that were there are
/// never taken again.
#[test]
fn a_column_that_is_no_longer_filled_in_shows_no_number() {
    let world = county("2024-12-31", "as_of = 2024-12-31\n");
    let text = world.read("data/removal.csv").unwrap();
    let ends = |line: &str| {
        let (row, end) = line.rsplit_once(',').unwrap();
        format!("{row},{}\n", if end > "2024-07-31" && end < "exited_on" { "" } else { end })
    };
    world.write("data/removal.csv", text.lines().map(ends).collect::<String>());
    for (_, state, reason) in states(&world, "") {
        assert_eq!(
            (state.as_str(), reason.as_str()),
            ("bad_data", "exited_on of removal has no days since August 2024")
        );
    }
    let said = world.run("scorecard indicators --data data --level agency --format md");
    let out = said.fine().out.replace('\\', "");
    assert!(out.contains("Last rows: removal 31 Dec 2024 (no more than 0 exited_on since 1 Aug 2024)"), "{out}");
    let data = world.run("data data").fine().out.clone();
    assert!(data.contains("no more than 0 days in `exited_on` since 2024-08-01"), "{data}");
    // Who asks of nothing but the rows is not held up.
    let entries = "indicator entries {\n  title \"Entries\"\n  domain care\n  window month\n  \
                   cohort removal where removed_on in window\n  measure count\n  attribute office at removed_on\n}\n";
    world.write("indicators/seen.ind", format!("{entries}scorecard s \"S\" {{ care: entries }}\n"));
    assert!(states(&world, "").iter().all(|(_, state, _)| state == "value"), "{:?}", states(&world, ""));
}

/// As where one of twelve deliveries was not loaded.
#[test]
fn a_month_that_is_lost_between_others_shows_no_number_where_it_is_asked_for() {
    let world = county("2024-12-31", "as_of = 2024-12-31\n");
    let text = world.read("data/removal.csv").unwrap();
    let kept = |line: &&str| !line.split(',').nth(2).unwrap().starts_with("2024-05");
    let kept: Vec<&str> = text.lines().filter(kept).collect();
    world.write("data/removal.csv", format!("{}\n", kept.join("\n")));
    let found = states(&world, "--months 10");
    let of = |id: &str| -> Vec<String> {
        let told =
            |state: &str, reason: &str| if state == "value" { String::new() } else { format!("{state}: {reason}") };
        found.iter().filter(|(i, ..)| i == id).map(|(_, state, reason)| told(state, reason)).collect()
    };
    let lost = "bad_data: removal has no rows of May 2024, between months that have".to_owned();
    // The last of three months is November. Those to May, June and July hold the month.
    let short = of("short_stays");
    let (before, within, after) = (&short[..3], &short[3..6], &short[6..]);
    assert!(before.iter().chain(after).all(String::is_empty), "{found:?}");
    assert!(within.iter().all(|told| *told == lost), "{found:?}");
    // Who asks for the stays of the year before is held up from then on.
    let back = of("came_back");
    assert_eq!((back[1].as_str(), back[2..].to_vec()), ("", vec![lost; 8]), "{found:?}");
    let said = world.run("scorecard indicators --data data --level agency --format md");
    let out = said.fine().out.replace('\\', "");
    assert!(out.contains("removal 31 Dec 2024 (no more than 0 from 1 May 2024 to 31 May 2024)"), "{out}");
    let data = world.run("data data").fine().out.clone();
    assert!(data.contains("no more than 0 rows from 2024-05-01 to 2024-05-31"), "{data}");
    let cases = world.run("cases short_stays --data data --window 2024-06-30");
    assert!(cases.err.contains("removal has no rows of May 2024"), "{cases:?}");
    let refresh = "refresh indicators --data data -o months";
    let helps = "`--allow-no-rows` makes the month without the numbers that read it";
    world.run(refresh).stopped(3, &["data is missing: removal has no rows of May 2024", helps]);
    world.run(&format!("{refresh} --allow-no-rows")).fine();
    // The county knows that nobody came that month.
    world.write("data/dataset.toml", "as_of = 2024-12-31\n[tables.removal]\nas_of = 2024-12-31\n");
    assert!(states(&world, "--months 10").iter().all(|(_, state, _)| state != "bad_data"));
}

/// Years that were written with two digits are of the first century.
#[test]
fn rows_of_another_century_are_no_rows_of_now() {
    let world = county("2024-12-31", "as_of = 2024-12-31\n");
    let text = world.read("data/removal.csv").unwrap();
    world.write("data/removal.csv", text.replace(",20", ",00"));
    for (_, state, reason) in states(&world, "") {
        assert_eq!((state.as_str(), reason.as_str()), ("bad_data", "removal has no rows since January 0025"));
    }
    let said = world.run("scorecard indicators --data data --level agency --format md");
    assert!(said.fine().out.contains("Last rows: removal 31 Dec 0024"), "{}", said.out);
}

#[test]
fn an_empty_table_shows_no_number() {
    let world = county("2024-12-31", "as_of = 2024-12-31\n");
    world.write("data/removal.csv", "removal_id,office_id,removed_on,exited_on\n");
    for (_, state, reason) in states(&world, "") {
        assert_eq!((state.as_str(), reason.as_str()), ("bad_data", "removal has no rows"));
    }
}

#[test]
fn history_from_before_the_data_begins_is_not_made_up() {
    let world = county("2024-12-31", "as_of = 2024-12-31\ncomplete_from = 2023-06-01\n");
    let found = states(&world, "--months 8");
    let of =
        |id: &str| found.iter().filter(|(i, ..)| i == id).map(|(_, s, r)| (s.as_str(), r.as_str())).collect::<Vec<_>>();
    assert!(of("short_stays").iter().all(|(state, _)| *state == "value"), "{found:?}");
    // A month looks back twelve months: June 2024 is the first of which all is there.
    let needs = ("not_observable", "history of removal begins 2023-06-01, and is needed from 2023-05-01");
    assert_eq!(of("came_back")[0], needs);
    assert!(of("came_back")[1..].iter().all(|(state, _)| *state == "value"), "{found:?}");
    world.write("data/dataset.toml", "as_of = 2024-12-31\ncomplete_from = 2025-06-01\n");
    world.run("scorecard indicators --data data").stopped(3, &["2025-06-01", "after 2024-12-31"]);
}

#[test]
fn an_as_of_date_beyond_the_data_is_not_believed() {
    let world = county("2024-12-31", "as_of = 2024-12-31\n");
    let said = world.run("scorecard indicators --data data --level agency --as-of 2025-06-30 --format csv");
    assert!(said.err.contains("complete through 2024-12-31 only"), "{}", said.err);
    let rows = super::results::rows(&said.out);
    let as_said =
        |row: &std::collections::BTreeMap<String, String>| row["as_of"] == "2024-12-31" && row["state"] == "value";
    assert!(rows.iter().all(as_said), "{}", said.out);
}
