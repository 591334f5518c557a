//! Results: the scorecard, the cases behind a cell, the report on the data; where they go and when
//! there are none.

use super::threads::said;
use super::world::{Said, World};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::process::Stdio;

/// The lines of a CSV as maps from column to value.
pub(super) fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|r| names.iter().cloned().zip(r.unwrap().iter().map(str::to_owned)).collect()).collect()
}

/// The cells of a scorecard that was written as CSV, by the entity they are of.
pub(super) fn cells(csv: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    rows(csv).into_iter().map(|cell| (cell["entity_id"].clone(), cell)).collect()
}

#[test]
fn result_rows_hold_the_numbers() {
    let world = World::sound();
    let said = world.measure("scorecard --format csv --level all");
    let rows = rows(&said.fine().out);
    let row = |level: &str, id: &str| rows.iter().find(|r| r["level"] == level && r["entity_id"] == id).unwrap();
    for (level, id, numerator, denominator, undetermined, band) in [
        ("town", "town", "2", "4", "1", "yellow"),
        ("ward", "w1", "1", "2", "0", "yellow"),
        ("ward", "w2", "1", "2", "1", "yellow"),
    ] {
        let row = row(level, id);
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        assert_eq!(
            (number("numerator"), number("denominator")),
            (numerator.parse().unwrap(), denominator.parse().unwrap())
        );
        assert_eq!(
            (row["undetermined"].as_str(), row["band"].as_str(), row["state"].as_str()),
            (undetermined, band, "value")
        );
        assert_eq!((row["window_start"].as_str(), row["window_end"].as_str()), ("2024-03-01", "2024-03-31"));
        assert_eq!((row["value"].parse::<f64>().unwrap(), row["as_of"].as_str()), (50.0, "2024-03-31"));
    }
}

/// A cell's text is copied from one that is made of the same counts; in JSON every row is written
/// by itself.
#[test]
fn a_line_of_csv_says_what_its_row_says() {
    for more in ["", " --scorecard public"] {
        let words = format!("scorecard --level all --months 3{more} --format");
        let csv = String::from_utf8(said(&format!("{words} csv"))).unwrap();
        let json: Vec<serde_json::Map<String, Value>> =
            serde_json::from_slice(&said(&format!("{words} json"))).unwrap();
        let lines = rows(&csv);
        assert!(lines.len() == json.len() && lines.len() > 1_000, "{} lines, {} rows", lines.len(), json.len());
        for (line, row) in lines.iter().zip(&json) {
            for (name, value) in row {
                let text = &line[name];
                let same = match value {
                    Value::Null => text.is_empty(),
                    Value::Bool(is) => *text == is.to_string(),
                    // JSON's reader is not exact to the last digit.
                    Value::Number(number) => {
                        let (csv, json) = (text.parse::<f64>().unwrap_or(f64::NAN), number.as_f64().unwrap());
                        (csv - json).abs() <= 1e-12 * json.abs()
                    }
                    Value::String(said) => text == said,
                    Value::Array(_) | Value::Object(_) => false,
                };
                assert!(same, "{name} of {row:?}: `{text}`");
            }
        }
    }
}

#[test]
fn timings_are_said_beside_the_result() {
    let world = World::sound();
    let plain = world.measure("scorecard --format csv --level all");
    let said = world.measure("scorecard --format csv --level all --timings");
    assert_eq!((said.code, &said.out), (Some(0), &plain.fine().out));
    assert!(!plain.err.contains("seconds"), "{}", plain.err);
    let stages: Vec<&str> =
        said.err.lines().map(|line| line.split("  ").find(|part| !part.is_empty()).unwrap()).collect();
    for stage in
        ["definitions", "case data", "looking up where links lead", "measuring and adding up", "writing", "in all"]
    {
        assert!(stages.contains(&stage), "{stage} is not in\n{}", said.err);
    }
    assert!(said.err.contains("of which planning"), "{}", said.err);
}

#[test]
fn the_scorecard_is_text_without_colours_in_a_pipe() {
    let world = World::sound();
    let said = world.measure("scorecard");
    assert!(said.fine().out.contains("North") && said.out.contains("50"), "{said:#?}");
    assert!(!said.out.contains('\u{1b}'));
    assert!(world.measure("scorecard --color always").out.contains('\u{1b}'));
    assert_eq!(world.measure("scorecard").out, said.out, "the same from run to run");
}

#[test]
fn files_are_written_whole_and_in_the_form_their_name_says() {
    let world = World::sound();
    let before = world.files();
    for name in ["out.csv", "out.json", "out.html", "out.md", "out.parquet"] {
        let said = world.measure(&format!("scorecard -o {name}"));
        assert_eq!(said.fine().out, "");
        assert!(fs::metadata(world.path().join(name)).unwrap().len() > 100, "{name}");
    }
    assert_eq!(world.files().len(), before.len() + 5, "{:?}", world.files());
    assert!(world.read("out.csv").unwrap().starts_with("indicator,level,entity_id"));
    serde_json::from_str::<serde_json::Value>(&world.read("out.json").unwrap()).unwrap();
    world.measure("scorecard -o out.xyz").stopped(2, &["`.xyz`", "--format"]);
    world.measure("scorecard --format table -o plain.txt").fine();
    assert!(!world.read("plain.txt").unwrap().contains('\u{1b}'));
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_any_work() {
    let world = World::sound();
    // The data is unusable, too: the path must be looked at first.
    fs::remove_dir_all(world.path().join("data")).unwrap();
    world.measure("scorecard -o nowhere/out.csv").stopped(2, &["`nowhere/out.csv` cannot be written"]);
    world.measure("scorecard -o indicators --format csv").stopped(2, &["it is a folder"]);
    world.measure("cases seen_share -o nowhere/out.csv").stopped(2, &["cannot be written"]);
}

#[test]
fn a_run_that_fails_leaves_the_old_file_alone() {
    let world = World::sound();
    world.write("out.csv", "old");
    fs::remove_file(world.path().join("data/visit.csv")).unwrap();
    let before = world.files();
    world.measure("scorecard -o out.csv").stopped(3, &["visit"]);
    assert_eq!((world.read("out.csv").as_deref(), world.files()), (Some("old"), before));
}

#[test]
fn wrong_arguments_are_told() {
    let world = World::sound();
    world.measure("scorecard --level wart").stopped(2, &["there is no level `wart`", "did you mean `ward`?"]);
    world.measure("scorecard --entity w9").stopped(2, &["there is no entity with the id or the name `w9`"]);
    world.measure("scorecard --entity w1 --level town").stopped(2, &["no entity of the level `town` is below `w1`"]);
    world.measure("scorecard --format cvs").stopped(2, &["there is no format `cvs`", "did you mean `csv`?"]);
    world.measure("scorecard --as-of 2024-02-30").stopped(2, &["`2024-02-30` is not a day"]);
    world.measure("scorecard --months 0").stopped(2, &["months"]);
    world.measure("cases seen_share --window 2024-03-30").stopped(2, &["no window of `seen_share` ends on 2024-03-30"]);
    world.measure("cases seen_share --window 2024-04-30").stopped(2, &["not known", "2024-03-31"]);
    world.measure("cases seen_share --met --unmet").stopped(2, &["cannot be used with"]);
}

#[test]
fn data_that_cannot_be_used_ends_with_3() {
    let world = World::sound();
    world
        .measure("scorecard --as-of 1990-01-31")
        .stopped(3, &["1990-01-31 is before all data", "every row of `visit` begins later"]);
    world.run("scorecard --data nowhere").stopped(3, &["nowhere"]);
    world.run("data nowhere").stopped(3, &["nowhere"]);
    world.write("data/visit.csv", "visit_id,ward_id,came_on\nv1,w1,2024-03-01\n");
    world.run("data data").stopped(3, &["seen", "yardstick explain E08"]);
    fs::remove_file(world.path().join("data/dataset.toml")).unwrap();
    world.write("data/visit.csv", "visit_id,ward_id,came_on,seen\nv1,w1,2024-03-01,true\n");
    world.measure("scorecard").stopped(3, &["complete", "--as-of"]);
    world.measure("scorecard --as-of 2024-03-31").fine();
}

#[test]
fn where_no_data_is_named_it_is_asked_for() {
    let world = World::sound();
    for (words, help) in
        [("scorecard", "--data DIR"), ("cases seen_share", "--data DIR"), ("data", "yardstick data DIR")]
    {
        world.run(words).stopped(2, &["the folder with the case data is not named", help]);
    }
}

#[test]
fn settings_by_their_name_of_before_are_read_and_told() {
    let world = World::sound();
    let said = world.measure("scorecard");
    let (new, former) = (world.path().join("data/dataset.toml"), world.path().join("data/county.toml"));
    fs::copy(&new, &former).unwrap();
    world.measure("scorecard").stopped(3, &["two settings files", "keep one of them"]);
    fs::remove_file(&new).unwrap();
    let of_former = world.measure("scorecard");
    assert_eq!(of_former.stopped(0, &["warning", "are called `dataset.toml` now", "rename it"]).out, said.out);
    world.run("data data").stopped(0, &["are called `dataset.toml` now"]);
}

#[test]
fn an_as_of_date_after_the_data_is_warned_of() {
    let world = World::sound();
    world.measure("scorecard --as-of 2024-05-31").stopped(0, &["warning", "complete through 2024-03-31"]);
}

#[test]
fn strict_refuses_what_is_otherwise_set_aside() {
    let world = World::sound();
    let visits = world.read("data/visit.csv").unwrap();
    world.write("data/visit.csv", format!("{visits}v6,w9,2024-03-01,true\n"));
    let said = world.run("data data");
    assert!(said.fine().out.contains("1 set aside") && said.out.contains("w9"), "{said:#?}");
    let json: serde_json::Value = serde_json::from_str(&world.run("data data --format json").fine().out).unwrap();
    assert_eq!(json["as_of"], "2024-03-31");
    world.measure("scorecard").fine();
    world.measure("scorecard --strict").stopped(3, &[]);
    world.run("data data --strict").stopped(3, &[]);
}

#[test]
fn too_much_set_aside_withholds_the_numbers() {
    let world = World::sound();
    let bad: String = (0..20).map(|i| format!("b{i},w9,2024-03-01,true\n")).collect();
    let visits = world.read("data/visit.csv").unwrap();
    world.write("data/visit.csv", format!("{visits}{bad}"));
    let said = world.measure("scorecard --format csv");
    let rows = rows(&said.fine().out);
    assert!(!rows.is_empty() && rows.iter().all(|r| r["state"] == "bad_data" && r["value"].is_empty()), "{rows:?}");
}

#[test]
fn a_value_costs_no_number_that_does_not_read_it() {
    let world = World::sound();
    let model = super::world::MODEL.replace("  seen     bool?\n", "  seen     bool?\n  way      { foot, bus }\n");
    world.write("indicators/model.ind", model);
    let visits: String = (0..20).map(|i| format!("b{i},w1,2024-03-01,{},by plane\n", i < 15)).collect();
    world.write("data/visit.csv", format!("visit_id,ward_id,came_on,seen,way\n{visits}"));
    let said = world.measure("scorecard --format csv --level town");
    let rows = rows(&said.fine().out);
    assert!(rows.iter().all(|r| r["state"] == "value" && r["value"] == "75"), "{rows:?}");
    let said = world.run("data data").fine().out.clone();
    assert!(
        said.contains("20 not known in `way`: unknown code; too many") && said.contains("`by plane`: 20"),
        "{said}"
    );
    world.measure("scorecard --strict").stopped(3, &["20 values break the model", "unknown code"]);
    // An indicator that reads the column has no number.
    let text =
        format!("{}{}", super::world::INDICATOR, super::world::TEST).replace("numerator seen", "numerator way = bus");
    let text = text.replace("| seen  |", "| way |").replace("| true  |", "| bus |").replace("| false |", "| foot |");
    world.write("indicators/seen.ind", text);
    let said = world.measure("scorecard --format csv --level town");
    let rows = self::rows(&said.fine().out);
    assert!(!rows.is_empty() && rows.iter().all(|r| r["state"] == "bad_data" && r["value"].is_empty()), "{rows:?}");
}

#[test]
fn the_cases_of_every_cell_are_its_counts() {
    let world = World::sound();
    let cells = world.measure("scorecard --format csv --level all --months 3");
    let mut compared = 0;
    for cell in rows(&cells.fine().out).iter().filter(|c| c["state"] == "value" || c["state"] == "no_cases") {
        let count = |outcome: &str| {
            let (id, level, window) = (&cell["entity_id"], &cell["level"], &cell["window_end"]);
            let words =
                format!("cases seen_share --entity {id} --level {level} --window {window} --format csv {outcome}");
            rows(&world.measure(&words).fine().out).len()
        };
        let (met, unmet, undetermined) = (count("--met"), count("--unmet"), count("--undetermined"));
        let number = |name: &str| cell[name].parse::<f64>().unwrap() as usize;
        assert_eq!(
            (met, met + unmet + undetermined, undetermined),
            (number("numerator"), number("denominator"), number("undetermined"))
        );
        assert_eq!(count("--excluded"), number("excluded"));
        compared += 1;
    }
    assert!(compared >= 6, "{compared}");
}

#[test]
fn cases_show_what_decided() {
    let world = World::sound();
    let said = world.measure("cases seen_share --entity w2");
    for words in ["v3", "v4", "met", "undetermined", "came_on", "2024-03-15", "2 rows"] {
        assert!(said.fine().out.contains(words), "`{words}` is not in {}", said.out);
    }
    let json: serde_json::Value =
        serde_json::from_str(&world.measure("cases seen_share --format json").fine().out).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 4);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let world = World::sound();
    let mut child = world
        .command("scorecard --data data --months 60 --format csv")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    let code = child.wait().unwrap().code();
    assert_eq!((code, err.as_str()), (Some(0), ""), "{:?}", Said { code, out: String::new(), err: err.clone() });
}

#[test]
fn a_case_is_an_object_in_the_order_of_the_text() {
    let world = World::sound();
    let said = world.measure("cases seen_share --entity w1 --met --format json");
    let row = said.fine().out.split("\"rows\"").nth(1).unwrap().to_owned();
    let at = |words: &str| row.find(words).unwrap_or_else(|| panic!("`{words}` is not in {row}"));
    assert!(at("\"id\": \"v1\"") < at("\"outcome\": \"met\"") && at("\"outcome\"") < at("\"came_on\": \"2024-03-01\""));
    assert!(at("\"came_on\"") < at("\"held_by\"") && at("\"held_by\"") < at("\"ward\": \"w1\"\n"));
}

/// Three wards: 20 visits of the first of which 2 were not seen, 30 and 40 of the others, with 15
/// seen and 20.
fn published(world: &World, scorecards: &str) {
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\nw3,West\n");
    let mut visits = String::from("visit_id,ward_id,came_on,seen\n");
    for (ward, visited, seen) in [(1, 20, 18), (2, 30, 15), (3, 40, 20)] {
        (0..visited).for_each(|n| visits += &format!("v{ward}.{n},w{ward},2024-03-02,{}\n", n < seen));
    }
    world.write("data/visit.csv", visits);
    world.write("indicators/outside.ind", scorecards);
}

const OUTSIDE: &str = "scorecard outside \"For readers outside\" {\n  service: seen_share\n  hide counts under 11\n}\n";

#[test]
fn a_scorecard_for_readers_outside_hides_and_is_asked_for_by_name() {
    let world = World::sound();
    let before = world.measure("scorecard").fine().out.clone();
    published(&world, OUTSIDE);
    let states = |words: &str| {
        let said = world.measure(&format!("scorecard --format csv --level all {words}"));
        rows(&said.fine().out).into_iter().map(|r| (r["entity_id"].clone(), r["state"].clone())).collect::<Vec<_>>()
    };
    let is = |id: &str, state: &str| (id.to_owned(), state.to_owned());
    let unassigned = || is("unassigned", "no_cases");
    let inside = [is("town", "value"), is("w1", "value"), is("w2", "value"), is("w3", "value"), unassigned()];
    // 2 not seen; the next smallest of the others goes with it.
    let outside =
        [is("town", "value"), is("w1", "suppressed"), is("w2", "suppressed"), is("w3", "value"), unassigned()];
    assert_eq!(states(""), inside);
    assert_eq!(states("--scorecard service"), inside);
    assert_eq!(states("--scorecard outside"), outside);
    // The strictest rule where an indicator stands in both.
    assert_eq!(states("--scorecard outside --scorecard service"), outside);
    let said = world.measure("scorecard --scorecard outside");
    assert!(
        said.fine().out.starts_with("For readers outside") && said.out.contains("Counts under 11 are hidden"),
        "{said:#?}"
    );
    assert_eq!(
        before.lines().next(),
        world.measure("scorecard").out.lines().next(),
        "the title is that of those inside"
    );
    // Who works the cases sees them.
    let cases = world.run("cases seen_share --entity w1 --data data");
    assert!(cases.fine().out.contains("18 met"), "{cases:#?}");
}

#[test]
fn where_every_scorecard_hides_all_are_shown_and_the_strictest_counts() {
    let world = World::sound();
    let definitions = super::world::INDICATOR.split("scorecard").next().unwrap();
    world.write("indicators/seen.ind", definitions);
    published(&world, &format!("{OUTSIDE}{}", OUTSIDE.replace("outside", "abroad").replace("11", "16")));
    let said = world.measure("scorecard --format csv --level all").fine().out.clone();
    let hidden: Vec<_> =
        rows(&said).into_iter().filter(|r| r["state"] == "suppressed").map(|r| r["entity_id"].clone()).collect();
    // Of South, 15 were seen and 15 were not.
    assert_eq!(hidden, ["w1", "w2"]);
    assert!(!said.contains(",18,") && !said.contains(",15,"), "{said}");
    let shown = world.measure("scorecard --scorecard abroad").fine().out.clone();
    assert!(shown.contains("Counts under 16 are hidden"), "{shown}");
}

#[test]
fn peers_stand_side_by_side() {
    let world = World::sound();
    let model = super::world::MODEL
        .replace("  name    text\n}", "  name    text\n  kind    { rural, urban }?\n  peers by kind\n}");
    world.write("indicators/model.ind", &model);
    world.write("data/ward.csv", "ward_id,name,kind\nw1,North,urban\nw2,South,rural\nw3,West,urban\nw4,East,\n");
    let said = world.measure("scorecard --peers");
    let place = |word: &str| said.fine().out.find(word).unwrap_or_else(|| panic!("no `{word}`: {said:#?}"));
    assert!(place("rural") < place("South") && place("South") < place("urban") && place("urban") < place("North"));
    let alike = world.measure("scorecard --peers --entity w3 --format csv");
    let groups: Vec<_> =
        rows(&alike.fine().out).into_iter().map(|r| (r["entity_id"].clone(), r["peer_group"].clone())).collect();
    assert_eq!(groups, ["w1", "w3"].map(|id| (id.to_owned(), "urban".to_owned())));
    world.measure("scorecard --peers --level town").stopped(2, &["the level `town` declares no peers", "`ward`"]);
    world.measure("scorecard --peers --level all").stopped(2, &["peers are shown for one level only", "`ward`"]);
    world.measure("scorecard --peers --entity w4").stopped(2, &["`w4` belongs to no group of peers"]);
    world.write("indicators/model.ind", super::world::MODEL);
    world.measure("scorecard --peers").stopped(2, &["no level of the model declares peers", "peers by"]);
}
