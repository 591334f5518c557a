//! `plans`: whether the data follows what was planned.

use super::results::rows;
use super::world::{INDICATOR, World};
use crate::report::page::words;
use std::path::Path;
use std::process::Command;

const PLAN: &str = r#"
plan more_seen of seen_share {
  entity   ward "w1"
  since    2023-01-15
  because  "=nobody is there | on <b>Mondays</b>"
  expect   from 20% in 2022-12 to 80% by 2023-06
  action   "open on Mondays"   owner "Head of ward"  due 2023-02-28  done 2023-03-10
  action   "a second doctor"   owner "Head of ward"  due 2023-12-31
  action   "a third doctor"    owner "Head of ward"  due 2024-06-30
}
"#;

/// Forty visits a month in each of two wards from December 2022 through November 2023: in the first
/// ward 8 of them seen before March, then 34; in the second 8 all along.
fn wards(plans: &str) -> World {
    let world = World::sound();
    let mut visits = String::from("visit_id,ward_id,came_on,seen\n");
    for month in 0..12 {
        let (year, of_year) = (2022 + (month + 11) / 12, (month + 11) % 12 + 1);
        for ward in ["w1", "w2"] {
            let seen = if ward == "w1" && month >= 3 { 34 } else { 8 };
            for n in 0..40 {
                visits += &format!("{ward}.{month}.{n},{ward},{year}-{of_year:02}-{:02},{}\n", n % 28 + 1, n < seen);
            }
        }
    }
    world.write("data/visit.csv", visits);
    world.write("data/dataset.toml", "as_of = 2023-11-30\nname = \"Two wards\"\n");
    world.write("indicators/plans.ind", plans);
    world
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_folder_of_a_month_shows_plans_on_the_page_and_in_the_book_of_the_entity() {
    let world = wards(PLAN);
    world.measure("refresh --books ward --keep-data").fine();
    let file = |name: &str| world.read(&format!("published/2023-11/{name}")).unwrap();
    assert!(file("books/w1.html").contains("a second doctor") && !file("books/w2.html").contains("a second doctor"));
    assert!(words(&file("scorecard.html"))["plans"].to_string().contains("Mondays"));
    assert!(world.run("refresh --verify 2023-11").fine().out.contains("made again with the same bytes"));
}

#[test]
fn a_month_is_held_against_the_path_and_its_figures_are_those_of_the_scorecard() {
    let world = wards(PLAN);
    let csv = world.measure("plans --format csv").fine().out.clone();
    let plan = rows(&csv);
    let csv = world.measure("scorecard --entity w1 --level ward --months 24 --format csv").fine().out.clone();
    let card: Vec<_> = rows(&csv).into_iter().filter(|row| row["indicator"] == "seen_share").collect();
    assert_eq!((plan.len(), card.len()), (12, 24));
    for (of, cell) in plan.iter().zip(&card[12..]) {
        for column in ["window_start", "window_end", "value", "numerator", "denominator", "meaning", "least", "most"] {
            assert_eq!(of[column], cell[column], "{column}");
        }
    }
    let verdicts: Vec<&str> = plan.iter().map(|row| row["verdict"].as_str()).collect();
    assert_eq!(verdicts[..4], ["start", "behind_within_chance", "behind", "on_path"]);
    assert!(verdicts[4..].iter().all(|verdict| *verdict == "on_path_within_chance" || *verdict == "on_path"), "{csv}");
    let expected: Vec<&str> = plan.iter().map(|row| row["expected"].as_str()).collect();
    assert_eq!(expected[..8], ["20", "30", "40", "50", "60", "70", "80", "80"]);
    assert_eq!((plan[1]["from_before"].as_str(), plan[2]["from_before"].as_str()), ("true", "false"));
    let said = one_line(&world.measure("plans").fine().out);
    for words in [
        "Plan: Seen, ward w1 North",
        "85.0 % (34 of 40) in Nov 2023, at least 80.0 % expected.",
        "Each of the last 9 months is ahead of the path: that is more than chance.",
        "One can first know in Feb 2023, on data that is complete through 28 Feb 2023",
        "Start: the plan takes 20 %; the data says 20.0 % (8 of 40) in Dec 2022",
        "open on Mondays done 10 Mar 2023, late",
        "a second doctor open Head",
        "Jan 2023 20.0 30.0 behind, within chance 8 of 40",
        "has days from before 15 Jan 2023",
    ] {
        assert!(said.contains(words), "no `{words}`:\n{said}");
    }
}

#[test]
fn a_wait_is_a_wait_and_an_action_stands_as_of_the_day_of_the_data() {
    let world = wards(PLAN);
    let said = one_line(&world.measure("plans --as-of 2022-12-31").fine().out);
    for words in [
        "No verdict yet: Jan 2023 is final on data that is complete through 31 Jan 2023, and this is complete through 31 Dec 2022.",
        "Jan 2023 30.0 no verdict yet waits until 2023-01-31",
        "open, done 10 Mar 2023, after the last day of the data",
    ] {
        assert!(said.contains(words), "no `{words}`:\n{said}");
    }
    let said = one_line(&world.measure("plans --as-of 2023-03-01").fine().out);
    assert!(said.contains("Behind: 20.0 % (8 of 40) in Feb 2023, at least 40.0 % expected."), "{said}");
    assert!(said.contains("overdue, done 10 Mar 2023, after the last day of the data"), "{said}");
    let json = world.measure("plans --as-of 2022-12-31 --format json").fine().out.clone();
    let plans: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(plans[0]["verdict"], serde_json::Value::Null);
    assert!(plans[0]["months"].as_array().unwrap()[1..].iter().all(|month| month["verdict"] == "waits"));
    assert_eq!(plans[0]["first_known_on"], "2023-02-28");
}

#[test]
fn a_long_window_says_that_it_follows_slowly() {
    let yearly = "indicator seen_in_the_year like seen_share {\n  title \"Seen in the year\"\n  question \"?\"\n  window 12 months\n}\n";
    let plan = PLAN.replace("of seen_share", "of seen_in_the_year").replace("by 2023-06", "by 2024-06");
    let world = wards(&format!("{yearly}{plan}"));
    let said = one_line(&world.measure("plans").fine().out);
    for words in [
        "so it cannot show the whole of what the plan does",
        "One can first know in the 12 months ending Jan 2024, on data that is complete through 31 Jan 2024",
        "the value follows a change only slowly: until then each has days from before the plan",
    ] {
        assert!(said.contains(words), "no `{words}`:\n{said}");
    }
    assert!(!said.contains("Each of the last") && !said.contains("months together"), "{said}");
}

/// Those who are there at the end of one month are mostly there at the end of the next: taken
/// together, they would be far more rows than there are, and a row of months would be one fact.
#[test]
fn months_that_count_the_same_rows_are_not_taken_together() {
    let stock = "indicator seen_so_far like seen_share {\n  title \"Seen so far\"\n  question \"?\"\n  window month end\n  cohort visit where came_on on or before window.last_day\n}\n";
    let world = wards(&format!("{stock}{}", PLAN.replace("of seen_share", "of seen_so_far")));
    let said = one_line(&world.measure("plans").fine().out);
    assert!(said.contains("on 30 Nov 2023, at least 80.0 % expected."), "{said}");
    assert!(!said.contains("months together") && !said.contains("Each of the last"), "{said}");
    let said = one_line(&wards(PLAN).measure("plans").fine().out);
    assert!(said.contains("The last 11 months together"), "{said}");
}

#[test]
fn the_book_of_the_entity_has_a_page_for_its_plan_and_no_other_book_has() {
    let world = wards(PLAN);
    let book = world.measure("book --entity w1").fine().out.clone();
    assert!(book.contains("\n## Plan: Seen, ward w1 North\n"), "{book}");
    assert!(
        one_line(&book).contains("| open on Mondays | done 10 Mar 2023, late | Head of ward | 28 Feb 2023 |"),
        "{book}"
    );
    let page = world.measure("book --entity w1 --format html").fine().out.clone();
    assert!(page.contains("<section class=\"sheet\" id=\"plan0\">") && page.contains("stroke-dasharray=\"6 3\""));
    assert!(page.contains("=nobody is there | on &lt;b&gt;Mondays"));
    for of in ["book --entity w2", "book"] {
        let book = world.measure(of).fine().out.clone();
        assert!(!book.contains("Plan: "), "{book}");
    }
    world.measure("book --entity w1 -o book.pptx").fine();
}

/// What the page of the scorecard holds, unpacked.
fn words_of_the_page(page: &str) -> serde_json::Value {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use std::io::Read;
    let (_, rest) = page.split_once("id=\"words\">").unwrap();
    let packed = BASE64_STANDARD.decode(rest.split('<').next().unwrap().trim()).unwrap();
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_page_shows_the_plan_with_the_cell_and_not_in_another_window() {
    let world = wards(PLAN);
    let page = |words: &str| words_of_the_page(&world.measure(words).fine().out);
    let words = page("scorecard --format html");
    let plan = &words["plans"][0];
    let row = plan["row"].as_u64().unwrap() as usize;
    assert_eq!(
        (&words["rows"]["id"][row], &plan["because"]),
        (&"w1".into(), &"=nobody is there | on <b>Mondays</b>".into())
    );
    assert!(plan["says"][0].as_str().unwrap().starts_with("On the path: 85.0 % (34 of 40) in Nov 2023"), "{plan}");
    let path = plan["path"].as_array().unwrap();
    assert_eq!(path.len(), words["columns"][0]["windows"].as_array().unwrap().len());
    assert_eq!(path.iter().filter(|expected| !expected.is_null()).count(), 12);
    assert!(page("scorecard --format html --window quarter").get("plans").is_none());
}

#[test]
fn small_counts_that_are_hidden_give_no_verdict() {
    let world = wards(PLAN);
    let outside = "scorecard outside \"For readers outside\" {\n  service: seen_share\n  hide counts under 60\n}\n";
    let inside = "scorecard service \"Service scorecard\" {\n  service: seen_share\n}\n";
    assert!(INDICATOR.contains(inside));
    world.write("indicators/seen.ind", INDICATOR.replace(inside, outside));
    let csv = world.measure("plans --format csv").fine().out.clone();
    assert!(rows(&csv).iter().all(|row| row["verdict"] == "suppressed" && row["value"].is_empty()), "{csv}");
    let book = world.measure("book --entity w1 --scorecard outside").fine().out.clone();
    assert!(!book.contains("Plan: "), "{book}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let world = wards(&PLAN.replace("\"w1\"", "\"w11\""));
    for command in ["plans", "book --entity w2"] {
        let said = world.measure(command);
        assert_eq!(said.code, Some(1), "{said:?}");
        let err = one_line(&said.err);
        assert!(err.contains("E0524") && err.contains("the data has no ward `w11`"), "{err}");
        assert!(err.contains("did you mean `w1`?") && err.contains("plans.ind:3:17"), "{err}");
    }
    let world = wards(PLAN);
    let refused = |words: &str, message: &str, help: &str| {
        let said = world.measure(words);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(message) && said.err.contains(help), "{}", said.err);
    };
    refused("plans --plan more_sen", "there is no plan `more_sen`", "did you mean `more_seen`?");
    refused("plans --entity w2", "none of these plans is of the entity `w2`", "they are of `w1`");
    refused("plans -o plans.xlsx", "no format of plans has the file ending `.xlsx`", "table, md, csv, json");
    refused("plans --entity nort", "no entity with the id or the name `nort`", "`w1` (ward North)");
    world.measure("plans --plan more_seen --entity north -o plans.md").fine();
    assert!(world.read("plans.md").unwrap().starts_with("# Plans: Two wards\n"));
    let said = World::sound().measure("plans");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("no plan is declared"), "{}", said.err);
}

/// The toolkit's own story, as the example county has it.
#[test]
fn the_plan_of_the_example_county() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words = "plans --indicators indicators --indicators examples/county/plans.ind --format md";
    let run = Command::new(env!("CARGO_BIN_EXE_yardstick")).args(words.split(' ')).current_dir(root).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    insta::assert_snapshot!("plans_of_the_county", String::from_utf8(run.stdout).unwrap());
}
