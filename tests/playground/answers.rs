//! What the page is told of texts that are right, wrong, and too large.

use super::asked::{answer, read, root};
use serde_json::{Value, json};
use std::path::PathBuf;

const FIRST: &str = "examples/playground/first.ind";

fn first(change: impl Fn(&str) -> String) -> Value {
    answer(&[("first.ind", &change(&read(FIRST)))])
}

/// The cells of a test as they are shown, by entity.
fn shown(answer: &Value, test: usize) -> Vec<(String, Vec<String>)> {
    let lines = answer["tests"][test]["lines"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |line: &Value| {
        let cells = line["cells"].as_array().unwrap().iter().map(|cell| text(&cell["shown"])).collect();
        (text(&line["entity"]), cells)
    };
    lines.iter().map(line).collect()
}

fn one(entity: &str, cell: &str) -> (String, Vec<String>) {
    (entity.to_owned(), vec![cell.to_owned()])
}

#[test]
fn cells_rows_and_english_of_the_first_example() {
    let said = first(str::to_owned);
    assert_eq!((&said["refused"], &said["errors"], &said["findings"]), (&Value::Null, &json!(0), &json!([])));
    assert_eq!(shown(&said, 0), [one("city", "75.0 % Y~"), one("north", "66.7 % Y~"), one("south", "100.0 % G~")]);
    let test = &said["tests"][0];
    assert_eq!((&test["holds"], &test["misses"], &test["problem"]), (&json!(true), &json!([]), &Value::Null));
    assert_eq!(test["windows"][0]["words"], "Mar 2026");
    let rows = test["windows"][0]["rows"].as_array().unwrap();
    let is: Vec<_> =
        rows.iter().map(|row| [&row["id"], &row["is"], &row["held_by"]].map(|v| v.as_str().unwrap())).collect();
    assert_eq!(
        is,
        [
            ["l1", "met", "north"],
            ["l2", "unmet", "north"],
            ["l3", "met", "north"],
            ["l4", "met", "south"],
            ["l5", "not counted", "unassigned"]
        ]
    );
    let cell = &test["lines"][1]["cells"][0];
    assert_eq!((&cell["numerator"], &cell["denominator"], &cell["band"]), (&json!(2.0), &json!(3.0), &json!("yellow")));
    assert_eq!(cell["standard"], "at least 80");
    let english = said["indicators"][0]["english"].as_str().unwrap();
    assert!(english.contains("the day `due_on` lies in the window") || english.contains("due"), "{english}");
}

#[test]
fn another_day_is_another_cell_and_a_test_that_fails() {
    let said = first(|text| text.replace("2026-03-21 | 2026-03-22", "2026-03-21 | 2026-03-21"));
    assert_eq!(shown(&said, 0)[1], one("north", "100.0 % G~"));
    let test = &said["tests"][0];
    assert_eq!((&test["holds"], test["misses"].as_array().unwrap().len()), (&json!(false), 3));
    let miss = &test["misses"][2];
    assert_eq!(
        (&miss["expected"], &miss["found"]),
        (&json!("window ending 2026-03-31 in library north: l2 unmet held by north"), &json!("l2 met held by north"))
    );
    assert!(miss["because"].as_array().unwrap().iter().any(|clause| clause == "numerator: true"), "{miss}");
}

#[test]
fn a_window_that_cannot_be_judged_yet_has_no_number() {
    let said = first(|text| {
        let late = text.replace("on or before due_on", "on or before due_on + 2 months");
        let late = late.split("  expect").next().unwrap().to_owned();
        late + "  as of 2026-04-30\n  expect window ending 2026-03-31: not observable\n}\n"
    });
    assert_eq!(said["errors"], 0, "{said:#}");
    let cell = &said["tests"][0]["lines"][0]["cells"][0];
    assert_eq!(
        (&cell["shown"], &cell["state"], &cell["value"]),
        (&json!("wait"), &json!("not_observable"), &Value::Null)
    );
    assert_eq!(cell["reasons"], json!(["waits until 2026-05-31"]));
    assert_eq!(said["tests"][0]["windows"][0]["rows"], json!([]));
}

#[test]
fn what_is_not_known_is_marked() {
    let said = first(|text| {
        let text = text.replace("spans        lent_on until returned_on", "begins on lent_on");
        text.replace("2026-03-21 | 2026-03-22", "2026-03-21 |           ").split("  expect").next().unwrap().to_owned()
            + "  expect window ending 2026-03-31: 3 of 4\n}\n"
    });
    assert_eq!(said["errors"], 0, "{said:#}");
    let cell = &said["tests"][0]["lines"][0]["cells"][0];
    assert_eq!(cell["undetermined"], 1, "{said:#}");
    assert_eq!(cell["shown"], "75.0 % Y!", "{cell}");
    assert_eq!(cell["range"], json!([75.0, 100.0]));
    assert_eq!(cell["doubts"].as_array().unwrap().len(), 2);
}

#[test]
fn a_mistake_has_its_place_and_nothing_is_reckoned() {
    let said = first(|text| text.replace("on or before due_on", "on or before due_no"));
    assert_eq!((&said["errors"], &said["tests"], &said["indicators"]), (&json!(1), &json!([]), &json!([])));
    let place = &said["findings"][0]["places"][0];
    assert_eq!((&place["file"], &place["line"]), (&json!("first.ind"), &json!(32)), "{said:#}");
}

#[test]
fn what_is_too_large_or_no_question_is_refused_in_words() {
    let large = "#".repeat(700_000);
    let refused = answer(&[("a.ind", &large)])["refused"].as_str().unwrap().to_owned();
    assert!(refused.contains("700005 bytes") && refused.contains("600000"), "{refused}");
    for broken in ["", "{", "[]", "{\"files\":[{\"path\":1}]}", "\u{0}"] {
        let said: Value = serde_json::from_str(&yardstick_playground::answer(broken)).unwrap();
        assert!(said["refused"].as_str().unwrap().starts_with("the page asked what cannot be read"), "{said}");
    }
}

/// Every example that can be chosen is without findings, and its tests hold.
#[test]
fn the_examples_are_right() {
    let listed: Value = serde_json::from_str(&read("examples/playground/examples.json")).unwrap();
    for of in listed.as_array().unwrap() {
        let files = of["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap());
        let texts: Vec<(&str, String)> = files.map(|file| (file, read(file))).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let said = answer(&texts);
        assert_eq!(said["findings"], json!([]), "{}", of["title"]);
        let tests = said["tests"].as_array().unwrap();
        assert!(!tests.is_empty() && tests.iter().all(|test| test["holds"] == true), "{}", of["title"]);
    }
}

/// All that ships is one question, too.
#[test]
fn all_shipped_indicators_fit() {
    let mut files = Vec::new();
    let mut open = vec![root().join("indicators")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path: PathBuf = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|ending| ending == "ind") => files.push(path),
                false => {}
            }
        }
    }
    let texts: Vec<(String, String)> =
        files.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let said = answer(&texts);
    assert_eq!((&said["refused"], &said["errors"]), (&Value::Null, &json!(0)), "{:#}", said["findings"]);
    let tests = said["tests"].as_array().unwrap();
    let failed: Vec<&Value> = tests.iter().filter(|test| test["holds"] != true).collect();
    assert!(tests.len() > 300 && failed.is_empty(), "{} {failed:?}", tests.len());
}
