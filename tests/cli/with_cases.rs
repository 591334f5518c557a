//! The rows behind the cells, in the page and the workbook that are asked to have them.

use super::world::World;
use crate::report::page::{listed, seen, words};
use crate::report::workbook::{book, lines};
use calamine::Reader;
use std::collections::BTreeSet;

/// The world, with an indicator of which every level is measured by itself, and an id that looks
/// like a formula.
fn world() -> World {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    let latest = "
indicator latest_seen {
  title     \"Latest seen\"
  domain    service
  status    inferred
  window    month
  cohort    last visit of each kind at each level by came_on where came_on in window
  numerator seen
  attribute ward at came_on
}
";
    let text = text
        .replace("\nscorecard", &format!("{latest}\nscorecard"))
        .replace("service: seen_share", "service: seen_share, latest_seen");
    world.write("indicators/seen.ind", text.split("\ntest ").next().unwrap());
    let model = world.read("indicators/model.ind").unwrap();
    let kind = "\ntable kind \"a kind\" { kind_id key }\n\ntable visit";
    let model =
        model.replace("\ntable visit", kind).replace("  came_on  date\n", "  came_on  date\n  kind     -> kind\n");
    world.write("indicators/model.ind", model);
    world.write("data/kind.csv", "kind_id\nk1\n");
    let visits = world.read("data/visit.csv").unwrap().replace("v1,", "=1+1,");
    let visits =
        visits.lines().enumerate().map(|(n, line)| format!("{line},{}\n", if n == 0 { "kind_id" } else { "k1" }));
    world.write("data/visit.csv", visits.collect::<String>());
    world
}

/// The ids of the rows of a cell, by `cases`.
fn ids(world: &World, words: &str) -> BTreeSet<String> {
    let said = world.measure(&format!("cases {words} --format json"));
    let list: serde_json::Value = serde_json::from_str(&said.fine().out).unwrap();
    list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_page_lists_the_rows_that_cases_lists() {
    let world = world();
    let page = world.measure("scorecard --format html --with-cases").fine().out.clone();
    let (words, lists) = (words(&page), listed(&page));
    let rows = &words["rows"];
    let mut compared = 0;
    for (column, head) in words["columns"].as_array().unwrap().iter().enumerate() {
        let list = lists.as_array().unwrap().iter().find(|list| list["column"] == column).unwrap();
        let place = list["head"].as_array().unwrap().iter().position(|name| name == "id").unwrap();
        for row in 0..rows["id"].as_array().unwrap().len() {
            let of_row = list["rows"].as_array().unwrap().iter();
            let of_row = of_row.filter(|case| case[0].as_array().unwrap().iter().any(|holder| holder == row));
            let found: BTreeSet<String> = of_row.map(|case| case[1][place].as_str().unwrap().to_owned()).collect();
            let (id, level) = (rows["id"][row].as_str().unwrap(), rows["level"][row].as_u64().unwrap() as usize);
            let level = words["levels"][level].as_str().unwrap();
            let asked = format!("{} --level {level} --entity {id}", head["id"].as_str().unwrap());
            let asked = if level == "town" { head["id"].as_str().unwrap().to_owned() } else { asked };
            assert_eq!(found, ids(&world, &asked), "{asked}");
            compared += found.len();
        }
    }
    // Of the whole 4 and 1, of the wards 2 and 2, 1 and 1.
    assert_eq!(compared, 11);
    let steps = "
        one('[data-cell=\"' + 2 + ',0\"]').click();
        said.title = one('.panel h2').textContent;
        said.rows = all('.panel .cases tbody td:first-child').map((cell) => cell.textContent);
    ";
    let Some(said) = seen(&page, ("cases", "", "1200,900"), steps) else { return };
    assert!(said["title"].as_str().unwrap().starts_with("South"), "{said}");
    assert_eq!(said["rows"], serde_json::json!(["v4", "v3"]), "what is not known first: {said}");
}

#[test]
fn who_asks_for_one_entity_gets_its_rows_alone() {
    let world = world();
    let page = world.measure("scorecard --entity w2 --format html --with-cases").fine().out.clone();
    let lists = listed(&page).to_string();
    assert!(
        lists.contains("v3") && lists.contains("v4") && !lists.contains("=1+1") && !lists.contains("v2"),
        "{lists}"
    );
}

#[test]
fn the_workbook_has_a_sheet_of_rows_for_each_indicator() {
    let world = world();
    world.measure("scorecard --with-cases -o card.xlsx").fine();
    let mut book = book(std::fs::read(world.path().join("card.xlsx")).unwrap());
    for id in ["seen_share", "latest_seen"] {
        let found: BTreeSet<String> =
            lines(&book.worksheet_range(id).unwrap()).iter().map(|line| line["id"].to_string()).collect();
        let wards = ["w1", "w2"].map(|ward| ids(&world, &format!("{id} --level ward --entity {ward}")));
        let all: BTreeSet<String> = wards.into_iter().flatten().chain(ids(&world, id)).collect();
        assert_eq!(found, all, "{id}");
        assert!(book.worksheet_formula(id).unwrap().is_empty(), "{id}");
    }
}

#[test]
fn rows_are_listed_only_where_they_are_asked_for_and_may_be() {
    let world = world();
    let page = world.measure("scorecard --format html").fine().out.clone();
    assert!(!page.contains("id=\"cases\""));
    world.measure("scorecard --with-cases --format csv").stopped(2, &["`--with-cases` is for a page or a workbook"]);
    world.measure("scorecard --with-cases").stopped(2, &["not for table"]);
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text.replace("latest_seen\n", "latest_seen\n  hide counts under 5\n"));
    world
        .measure("scorecard --with-cases --scorecard service -o card.html")
        .stopped(2, &["not for a scorecard that hides counts"]);
    assert!(!world.path().join("card.html").exists());
}
