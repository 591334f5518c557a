//! Instants in the files of a whole run: what is said of them, and that the machine's own zone and
//! zone files change nothing.

use super::world::{Said, World};

const MODEL: &str = r#"
levels town > ward
domains service "Service"
times are local to America/Los_Angeles
table ward "a ward" {
  ward_id key
  name    text
}
table visit "a visit" {
  visit_id key
  ward     -> ward
  came_at  timestamp
  seen     bool?
  came_on  = day of came_at
}
"#;

/// Visits at the ends of March: by the clocks of Los Angeles v2 and v3 came in it, v1 before and v4
/// after.
fn world() -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL);
    let seen = world.read("indicators/seen.ind").unwrap();
    let (seen, _) = seen.split_once("\ntest ").unwrap();
    world.write("indicators/seen.ind", seen);
    let rows = [
        "v1,w1,2024-03-01T07:59:59Z,true",
        "v2,w1,2024-03-01T08:00:00Z,true",
        "v3,w1,2024-04-01T06:59:59+00:00,false",
        "v4,w1,2024-04-01T07:00:00Z,false",
        "v5,w2,2024-03-10 02:30,true",
        "v6,w2,2024-02-10 02:30,true",
    ];
    world.write("data/visit.csv", format!("visit_id,ward_id,came_at,seen\n{}\n", rows.join("\n")));
    world
}

#[test]
fn the_report_on_the_data_says_what_was_turned() {
    let said = world().run("data data");
    let said = said.fine();
    assert!(
        said.out.contains("4 instants in `came_at`, turned into local time in America/Los_Angeles"),
        "{}",
        said.out
    );
    let json = world().run("data data --format json");
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let visit = json["tables"].as_array().unwrap().iter().find(|t| t["table"] == "visit").unwrap();
    let turned = serde_json::json!([{ "column": "came_at", "values": 4, "zone": "America/Los_Angeles" }]);
    assert_eq!(visit["instants"], turned);
}

#[test]
fn the_machine_has_no_say() {
    let world = world();
    let run = |zone: Option<&str>| {
        let mut command = world.command("scorecard --months 2 --format csv --data data");
        match zone {
            Some(zone) => command.env("TZ", zone).env("TZDIR", world.path()).env("ZONEINFO", world.path()),
            None => command.env_remove("TZ").env_remove("TZDIR"),
        };
        Said::of(command.output().unwrap())
    };
    let plain = run(None);
    let mut rows = csv::Reader::from_reader(plain.fine().out.as_bytes());
    let head = rows.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|h| h == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let march = rows.iter().find(|r| &r[at("entity_id")] == "w1" && &r[at("window_end")] == "2024-03-31").unwrap();
    assert_eq!((&march[at("numerator")], &march[at("denominator")]), ("1", "2"), "{march:?}");
    // The zone of the clock, another database, and one that is not there.
    world.write("America/Los_Angeles", "no zone at all");
    for zone in ["Asia/Tokyo", "America/Los_Angeles", "No/Where", ":/dev/null", ""] {
        assert_eq!(run(Some(zone)).fine().out, plain.out, "{zone}");
    }
}

#[test]
fn without_the_line_the_data_is_refused_with_it_as_help() {
    let world = world();
    world.write("indicators/model.ind", MODEL.replace("times are local to America/Los_Angeles\n", ""));
    for words in ["data data", "scorecard --data data"] {
        world
            .run(words)
            .stopped(3, &["E0824", "`came_at`", "add `times are local to America/Los_Angeles` to the model"]);
    }
}
