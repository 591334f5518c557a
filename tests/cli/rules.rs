//! Rules of the model: how many rows keep and break them, and which.

use super::results::rows;
use super::world::{MODEL, World};
use serde_json::Value;

/// A world with rules, and visits that keep and break them.
fn world() -> World {
    let world = World::sound();
    let rules = r#"
  left_on  date?
  spans    came_on until left_on
  attribute ward at came_on
  rule seen_known "whether it was seen is known" seen is known
  rule was_seen   "it was seen"                  seen
  rule one_a_day  "no two on a day"
    no other visit as beside where beside.ward = ward and beside.came_on = came_on
}

table note "a note" {
  note_id  key
  visit    -> visit
  said     text?
  begins with visit
  rule was_seen "of a visit that was seen" visit.seen and said is known
}

table flag "a flag" {
  colour   { red, green }
  rule all_red "red" colour = red
}
"#;
    let model = MODEL.trim_end().strip_suffix('}').unwrap().trim_end().to_owned() + rules;
    world.write("model.ind", model);
    world.write(
        "files/visit.csv",
        "visit_id,ward_id,came_on,seen,left_on\n\
         v1,w1,2024-03-01,true,\n\
         v2,w1,2024-03-01,false,2024-03-02\n\
         v3,w2,2024-02-10,,2024-02-11\n\
         =v4,w2,2024-01-10,false,2024-01-12\n\
         v5,w2,2024-04-01,false,\n",
    );
    world.write("files/note.csv", "note_id,visit_id,said\nn1,v1,yes\nn2,v2,\nn3,v3,yes\nn4,v1,\n");
    world.write("files/ward.csv", "ward_id,name\nw1,North\nw2,South\n");
    world.write("files/flag.csv", "colour\nred\ngreen\n");
    world
}

const DATA: &str = "data files --indicators model.ind --as-of 2024-03-31";

#[test]
fn data_counts_the_rows_that_keep_and_break_each_rule() {
    let world = world();
    let said = world.run(&format!("{DATA} --format json"));
    let report: Value = serde_json::from_str(&said.fine().out).unwrap();
    let of = |table: &str, rule: &str| {
        let all = report["rules"].as_array().unwrap();
        all.iter().find(|of| of["table"] == table && of["rule"] == rule).unwrap().clone()
    };
    let counts = |of: &Value| ["kept", "broke", "not_known"].map(|name| of[name].as_u64().unwrap());
    // What begins after the as-of day is not there.
    assert_eq!(counts(&of("visit", "seen_known")), [3, 1, 0]);
    assert_eq!(counts(&of("visit", "was_seen")), [1, 2, 1]);
    assert_eq!(counts(&of("visit", "one_a_day")), [2, 2, 0]);
    assert_eq!(counts(&of("note", "was_seen")), [1, 2, 1]);
    assert_eq!(counts(&of("flag", "all_red")), [1, 1, 0]);
    let cells = |of: &Value| -> Vec<(String, String, [u64; 3])> {
        let cells = of["cells"].as_array().unwrap().iter();
        let text = |cell: &Value, name: &str| cell[name].as_str().unwrap().to_owned();
        cells.map(|cell| (text(cell, "entity_id"), text(cell, "month"), counts(cell))).collect()
    };
    let expected = |all: &[(&str, &str, [u64; 3])]| -> Vec<(String, String, [u64; 3])> {
        all.iter().map(|(id, month, counts)| ((*id).to_owned(), (*month).to_owned(), *counts)).collect()
    };
    assert_eq!(
        cells(&of("visit", "was_seen")),
        expected(&[("w1", "2024-03", [1, 1, 0]), ("w2", "2024-01", [0, 1, 0]), ("w2", "2024-02", [0, 0, 1])])
    );
    // Nobody says whose the notes are: they belong to the whole, in the month of their visit.
    assert_eq!(
        cells(&of("note", "was_seen")),
        expected(&[("town", "2024-02", [0, 0, 1]), ("town", "2024-03", [1, 2, 0])])
    );
    // Without a day, there is no month.
    assert_eq!(cells(&of("flag", "all_red")), []);
    // An as-of day in the midst of a month.
    let said = world.run("data files --indicators model.ind --as-of 2024-03-01 --months 1 --level town --format csv");
    let lines = rows(&said.fine().out);
    let line = lines.iter().find(|l| l["rule"] == "was_seen" && l["table"] == "visit" && !l["month"].is_empty());
    let line = line.unwrap();
    assert_eq!((line["entity_id"].as_str(), line["month"].as_str(), line["broke"].as_str()), ("town", "2024-03", "1"));
}

#[test]
fn data_lists_the_rows_that_break_a_rule() {
    let world = world();
    let list = |words: &str| rows(&world.run(&format!("{DATA} --format csv {words}")).fine().out);
    let ids = |words: &str| list(words).iter().map(|line| line["id"].clone()).collect::<Vec<_>>();
    // A text that a spreadsheet would take for a formula is guarded.
    assert_eq!(ids("--rule visit.was_seen"), ["'=v4", "v2"]);
    assert_eq!(ids("--rule visit.was_seen --raw"), ["=v4", "v2"]);
    assert_eq!(ids("--rule visit.was_seen --not-known"), ["'=v4", "v2", "v3"]);
    assert_eq!(ids("--rule one_a_day"), ["v1", "v2"]);
    assert_eq!(ids("--rule one_a_day --entity w2"), [""; 0]);
    let line = &list("--rule seen_known")[0];
    assert_eq!((line["outcome"].as_str(), line["held_by_ward"].as_str()), ("broken", "w2"));
    world.run(&format!("{DATA} --rule one_a_day -o list.csv")).fine();
    assert_eq!(rows(&world.read("list.csv").unwrap()).len(), 2);
    let table = world.run(&format!("{DATA} --rule one_a_day"));
    assert!(table.fine().out.contains("no two on a day") && table.out.contains("2 rows: 2 broken"), "{}", table.out);
}

#[test]
fn rules_that_are_not_there() {
    let world = world();
    world.run(&format!("{DATA} --rule one_day")).stopped(2, &["no rule `one_day`", "did you mean `one_a_day`?"]);
    world.run(&format!("{DATA} --rule was_seen")).stopped(2, &["several tables", "`visit.was_seen`, `note.was_seen`"]);
    world.run(&format!("{DATA} --rule one_a_day --level wrd")).stopped(2, &["no level `wrd`"]);
    world.run(&format!("{DATA} --entity w1")).stopped(2, &["--rule"]);
    world.write("model.ind", MODEL);
    world.run(&format!("{DATA} --rule one_a_day")).stopped(2, &["the model has no rules", "rule NAME"]);
}

#[test]
fn rules_are_counted_in_another_hierarchy() {
    let world = world();
    let model = world.read("model.ind").unwrap();
    let model = model.replace("levels town > ward", "levels town > ward\nlevels looks: town > look");
    let model =
        model.replace("  rule seen_known", "  look     { near, far }?\n  attribute look at left_on\n  rule seen_known");
    world.write("model.ind", model + "\ntable look \"how near it is\" of visit.look\n");
    world.write(
        "files/visit.csv",
        "visit_id,ward_id,came_on,seen,left_on,look\n\
         v1,w1,2024-03-01,true,,near\n\
         v2,w1,2024-02-01,false,2024-03-02,far\n\
         v3,w2,2024-03-10,false,2024-03-11,\n",
    );
    let broken = |words: &str| -> Vec<(String, String)> {
        let lines = rows(&world.run(&format!("{DATA} --format csv --months 1 {words}")).fine().out);
        let broke =
            |line: &&std::collections::BTreeMap<String, String>| line["rule"] == "was_seen" && line["table"] == "visit";
        let of = lines.iter().filter(broke).filter(|line| !line["month"].is_empty() && line["broke"] != "0");
        of.map(|line| (line["entity_id"].clone(), line["broke"].clone())).collect()
    };
    let said = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(id, broke)| ((*id).to_owned(), (*broke).to_owned())).collect()
    };
    assert_eq!(broken(""), said(&[("w2", "1")]));
    // On another day, and for others.
    assert_eq!(broken("--levels looks"), said(&[("far", "1"), ("unassigned", "1")]));
    assert_eq!(broken("--level look"), said(&[("far", "1"), ("unassigned", "1")]));
    assert_eq!(broken("--levels looks --level town"), said(&[("town", "2")]));
    let list =
        rows(&world.run(&format!("{DATA} --format csv --rule visit.was_seen --level look --entity far")).fine().out);
    assert_eq!(list.iter().map(|line| line["id"].as_str()).collect::<Vec<_>>(), ["v2"]);
    world.run(&format!("{DATA} --levels nowhere")).stopped(2, &["no levels are called `nowhere`"]);
}
