//! `why`, `attrition` and `due` from outside: what they print, in each form, and what they refuse.

use super::world::World;
use std::fs;
use std::process::{Command, Output};

/// On the example county.
fn county(words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yardstick"));
    command.args(words.split(' ')).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("CLICOLOR_FORCE");
    command.output().unwrap()
}

fn said(words: &str) -> String {
    let done = county(words);
    assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn a_row_of_the_county_is_explained() {
    insta::assert_snapshot!("why_met", said("why reentry_into_foster_care R000404"));
    insta::assert_snapshot!("why_not_in_the_cohort", said("why reentry_into_foster_care R000405"));
}

/// A row that is not recorded and would have counted, in every form.
#[test]
fn a_row_that_is_missing_is_told() {
    let text = said("why screening_newly_detained R001142");
    let json: serde_json::Value =
        serde_json::from_str(&said("why screening_newly_detained R001142 --format json")).unwrap();
    let missing = json["missing_rows"].as_array().unwrap();
    insta::assert_snapshot!("why_missing_row", serde_json::to_string_pretty(missing).unwrap());
    let sentence = missing[0]["said"].as_str().unwrap();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&text).contains(&words(sentence)), "{text}");
    let page = said("why screening_newly_detained R001142 --format html");
    assert!(page.contains(&format!("<li>{sentence}</li>")), "{page}");
    // What is asked of rows inside a question about all rows of a table.
    let inner = said("why timely_medical_exam R000201");
    assert!(words(&inner).contains("with one more, whose `examined_on` is any day from "), "{inner}");
}

#[test]
fn why_is_written_as_json_and_as_a_page() {
    let json: serde_json::Value =
        serde_json::from_str(&said("why reentry_into_foster_care R000404 --format json")).unwrap();
    assert_eq!(json["outcome"], "met");
    assert_eq!(json["held_by"][1]["id"], "O04");
    assert_eq!(json["clauses"][2]["condition"]["decides"], true);
    let page = said("why reentry_into_foster_care R000404 --format html");
    let text = "<span class=\"yes\" title=\"yes (exit_type is reunification)\">exit_type = reunification</span>";
    assert!(page.contains(text), "{page}");
    assert_eq!(page.matches("<span").count(), page.matches("</span>").count());
    assert!(!page.contains("http"), "the page stands alone");
}

/// A world whose ids and words act on terminals and pages.
fn wards() -> World {
    let world = World::sound();
    let visits = "visit_id,ward_id,came_on,seen\n<b>v1</b>,w1,2024-03-01,true\nv2,w1,2024-03-31,\nv3,w2,soon,true\n\
                  v5,w2,2024-02-01,true\nlate,w1,2024-04-02,true\n";
    world.write("data/visit.csv", visits);
    world
}

#[test]
fn rows_that_went_or_have_not_come_say_so() {
    let world = wards();
    let page = world.measure("why seen_share <b>v1</b> --format html").fine().out.clone();
    assert!(page.contains("&lt;b&gt;v1&lt;/b&gt;") && !page.contains("<b>v1"), "{page}");
    let open = world.measure("why seen_share v2").fine().out.clone();
    assert!(open.contains("visit v2: undetermined"), "{open}");
    let went = world.measure("why seen_share v3").fine().out.clone();
    assert!(went.contains("visit v3: unread") && went.contains("The row was set aside ("), "{went}");
    let before = world.measure("why seen_share v5").fine().out.clone();
    assert!(before.contains("Feb 2024") && before.contains("visit v5: met"), "{before}");
    let out = world.measure("why seen_share v5 --window 2024-03-31").fine().out.clone();
    assert!(out.contains("not in the cohort") && out.contains("[no] came_on in window"), "{out}");
    let late = world.measure("why seen_share later");
    assert_eq!(late.code, Some(2));
    assert!(late.err.contains("there is no row `later` in `visit`, as of 2024-03-31"), "{}", late.err);
    let table = world.measure("why seen_share v5 -o why.csv");
    assert!(table.code == Some(2) && table.err.contains("is no table"), "{}", table.err);
    let page = world.measure("why seen_share -o why.html");
    assert!(page.code == Some(2) && page.err.contains("none is named"), "{}", page.err);
}

#[test]
fn a_cell_says_which_rows_moved_it() {
    insta::assert_snapshot!("why_cell", said("why reentry_into_foster_care --entity O03"));
    let csv = said("why reentry_into_foster_care --entity O03 --format csv");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let (mut net, mut met) = (0, 0);
    for row in rows.records() {
        let row = row.unwrap();
        let counts = |word: &str| i32::from(word == "met" || word == "unmet" || word == "undetermined");
        let held = |at: usize, other: &str| if &row[8] == other { 0 } else { counts(&row[at]) };
        net += held(10, "handed over") - held(9, "taken over");
        met += i32::from(held(10, "handed over") == 1 && &row[10] == "met")
            - i32::from(held(9, "taken over") == 1 && &row[9] == "met");
    }
    // As the book of the office says: 6 of 90, and 10 of 94 a month later.
    assert_eq!((met, net), (4, 4), "{csv}");
}

/// What was delivered before, against which a row was corrected, one was taken out and one came
/// late; the window is the same, and so is all else.
#[test]
fn a_cell_says_which_rows_were_corrected() {
    let world = wards();
    let delivered = "visit_id,ward_id,came_on,seen\nv2,w1,2024-03-31,false\nv5,w2,2024-02-01,false\n\
                     v6,w2,2024-02-03,true\nv7,w1,2024-02-04,true\n";
    fs::create_dir(world.path().join("before")).unwrap();
    for entry in fs::read_dir(world.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, world.path().join("before").join(path.file_name().unwrap())).unwrap();
    }
    world.write("before/visit.csv", delivered);
    world.write(
        "data/visit.csv",
        delivered
            .replace("v5,w2,2024-02-01,false", "v5,w2,2024-02-01,true")
            .replace("v7,w1", "v7,w2")
            .replace("v6,", "v8,"),
    );
    let of = |more: &str| world.measure(&format!("why seen_share --window 2024-03-31 --earlier-data before {more}"));
    insta::assert_snapshot!("why_corrected", of("").fine().out.clone());
    let csv = of("--entity w2 --format csv").fine().out.clone();
    let told: Vec<&str> = csv.lines().filter(|line| line.contains("corrected: ")).collect();
    assert_eq!(told.len(), 4, "{csv}");
    for (id, what) in [("v5", "turned"), ("v6", "went"), ("v7", "taken over"), ("v8", "came")] {
        assert!(told.iter().any(|line| line.contains(&format!(",{id},corrected: {what},"))), "{csv}");
    }
    let json: serde_json::Value = serde_json::from_str(&of("--format json").fine().out).unwrap();
    assert_eq!(json["corrected"].as_array().unwrap().len(), 3, "{json}");
    // What was not known yet has not been corrected.
    world.write("before/dataset.toml", "as_of = 2024-02-15\n");
    of("").stopped(2, &["the earlier data is complete through 2024-02-15", "ends 2024-02-29", "--window"]);
    let nowhere = world.measure("why seen_share --earlier-data nowhere");
    assert!(nowhere.code == Some(3) && nowhere.err.contains("nowhere"), "{}", nowhere.err);
}

#[test]
fn attrition_is_printed_in_every_form() {
    insta::assert_snapshot!("attrition", said("attrition reentry_into_foster_care --entity O03"));
    let csv = said("attrition reentry_into_foster_care --level office --format csv");
    assert!(csv.starts_with("indicator,level,entity_id,"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&said("attrition reentry_into_foster_care --format json")).unwrap();
    assert_eq!(json["entities"][0]["steps"][0]["kind"], "all");
    let markdown = said("attrition reentry_into_foster_care --format md");
    assert!(markdown.contains("| **the denominator** |  | 323 |"), "{markdown}");
}

#[test]
fn nothing_is_shown_of_a_scorecard_that_hides_counts() {
    let refused = county("attrition reentry_into_foster_care --scorecard public");
    assert_eq!(refused.status.code(), Some(2));
    insta::assert_snapshot!("attrition_hidden", String::from_utf8(refused.stderr).unwrap());
}

#[test]
fn what_is_due_is_listed_soonest_first() {
    insta::assert_snapshot!("due", said("due screening_newly_detained --entity O05 --within 14"));
    let csv = said("due screening_newly_detained --format csv");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let days: Vec<i64> = rows.records().map(|row| row.unwrap()[4].parse().unwrap()).collect();
    assert!(days.len() > 10 && days.is_sorted() && days.iter().all(|left| *left > 0), "{days:?}");
    let json: serde_json::Value = serde_json::from_str(&said("due screening_newly_detained --format json")).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), days.len());
    for (words, message) in [
        ("due reentry_into_foster_care", "fewer met rows are better"),
        ("due placement_moves_rate", "is no percentage of rows"),
        ("due screening_newly_detained --within soon", "is no number of days"),
    ] {
        let refused = county(words);
        let err = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(2) && err.contains(message), "{words}: {err}");
    }
}

/// What the README shows is printed.
#[test]
fn the_readme_shows_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for words in [
        "why reentry_into_foster_care R000404",
        "why screening_newly_detained R001142",
        "due screening_newly_detained --entity O05 --within 14",
    ] {
        let printed = said(words);
        let shown = readme.split(&format!("$ yardstick {words}\n")).nth(1).and_then(|rest| rest.split("```").next());
        let lines: Vec<&str> = shown.unwrap().lines().filter(|line| !["", "..."].contains(line)).collect();
        assert!(lines.len() > 2, "the README shows too little of {words}");
        for line in lines {
            assert!(printed.lines().any(|other| other == line), "{words} does not print: {line}");
        }
    }
}
