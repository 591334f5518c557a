//! `trend`: a measure over its windows, and what is more than chance in it.

use super::results::rows;
use super::world::World;

const YEARLY: &str = r#"
indicator seen_in_the_year {
  title     "Seen in the year"
  domain    service
  question  "Of visits in the year, what share was seen?"
  source    "made up"
  status    inferred
  window    12 months
  cohort    visit where came_on in window
  numerator seen
  attribute ward at came_on
}
scorecard outside "For readers outside" {
  service: seen_share
  hide counts under 60
}
"#;

/// Ten visits a month in each of two wards, over two years: 4 to 6 of them seen, and in the first
/// ward only 1 in each of the last two months; in the second none came in May 2023.
fn wards() -> World {
    let world = World::sound();
    let mut visits = String::from("visit_id,ward_id,came_on,seen\n");
    for month in 0..24 {
        let (year, of_year) = (2022 + (month + 3) / 12, (month + 3) % 12 + 1);
        for ward in ["w1", "w2"] {
            let seen = if ward == "w1" && month >= 22 { 1 } else { 4 + month % 3 };
            for n in 0..if ward == "w2" && month == 13 { 0 } else { 10 } {
                visits += &format!("{ward}.{month}.{n},{ward},{year}-{of_year:02}-{:02},{}\n", n + 2, n < seen);
            }
        }
    }
    world.write("data/ward.csv", "ward_id,name\nw1,\"=North <b>\"\nw2,South\n");
    world.write("data/visit.csv", visits);
    world.write("indicators/yearly.ind", YEARLY);
    world
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_more_than_chance_is_said_and_the_figures_are_those_of_the_scorecard() {
    let world = wards();
    let said = world.measure("trend seen_share --entity w1").fine().out.clone();
    for words in [
        "· ward w1 =North <b>",
        "Special cause, getting worse: below the lower limit",
        "Mar 2024 10.0 R 10",
        "X more than chance",
    ] {
        assert!(one_line(&said).contains(words), "no `{words}`:\n{said}");
    }
    let csv = world.measure("trend seen_share --entity w1 --format csv").fine().out.clone();
    let trend = rows(&csv);
    let csv = world.measure("scorecard --entity w1 --level ward --months 24 --format csv").fine().out.clone();
    let card: Vec<_> = rows(&csv).into_iter().filter(|row| row["indicator"] == "seen_share").collect();
    assert_eq!((trend.len(), card.len()), (24, 24));
    for (of, cell) in trend.iter().zip(&card) {
        for column in ["window_start", "window_end", "value", "denominator", "band", "standard_least", "meaning"] {
            assert_eq!(of[column], cell[column], "{column}");
        }
    }
    let last = &trend[23];
    assert_eq!((last["beyond"].as_str(), last["shift"].as_str()), ("true", "false"));
    assert_eq!(trend[0]["beyond"], "false");
    assert_eq!(last["entity_name"], "'=North <b>");
}

#[test]
fn limits_are_those_of_the_book() {
    let world = wards();
    let json = world.measure("trend seen_share --entity w2 --format json").fine().out.clone();
    let trend: serde_json::Value = serde_json::from_str(&json).unwrap();
    // 40, 50, 60, 40 ... in turn; none in month 13, which would be 50: 8 x 40, 7 x 50, 8 x 60.
    assert!((trend["centre"].as_f64().unwrap() - 50.0).abs() < 1e-9, "{json}");
    // Steps of 10, 10 and 20 in turn: 23 of them but those to and from month 13, which are of 10.
    let steps = f64::from(8 * 10 + 8 * 10 + 7 * 20 - 2 * 10);
    let reach = 2.66 * steps / 21.0;
    let low = trend["windows"][0]["low"].as_f64().unwrap();
    assert!((low - (50.0 - reach)).abs() < 1e-9, "{low} {reach}");
    assert!(trend["windows"][13]["value"].is_null() && trend["windows"][13]["low"].is_null());
    assert_eq!(trend["variation"], "Common cause: nothing says that the latest value is more than chance.");
}

#[test]
fn windows_that_overlap_have_no_signals_and_the_months_are_pointed_to() {
    let world = wards();
    let said = world.measure("trend seen_in_the_year").fine().out.clone();
    assert!(
        one_line(&said).contains("No signals are computed: each window (12 months) shares most of its days"),
        "{said}"
    );
    assert!(one_line(&said).contains("`yardstick trend seen_in_the_year --window month`"), "{said}");
    let said = world.measure("trend seen_in_the_year --window month").fine().out.clone();
    assert!(said.contains("centre line") && !said.contains("No signals"), "{said}");
    let said = world.measure("trend seen_share --months 11").fine().out.clone();
    assert!(one_line(&said).contains("No signals are computed: 11 final values, and it takes 12"), "{said}");
}

#[test]
fn every_form_is_written_and_nothing_from_the_data_acts() {
    let world = wards();
    for name in ["t.svg", "t.html", "t.csv", "t.json", "t.txt"] {
        world.measure(&format!("trend seen_share --entity w1 -o {name}")).fine();
    }
    let read = |name: &str| world.read(name).unwrap();
    for name in ["t.svg", "t.html"] {
        assert!(read(name).contains("=North &lt;b&gt;") && !read(name).contains("<b>"), "{name}");
    }
    assert_eq!(read("t.svg").matches("<circle").count() + read("t.svg").matches("fill=\"#b3470a\"").count(), 24);
    assert!(read("t.html").contains("<svg") && read("t.html").contains("Special cause"));
}

#[test]
fn what_a_scorecard_hides_is_not_given_away() {
    let world = wards();
    let json = world.measure("trend seen_share --entity w1 --scorecard outside --format json").fine().out.clone();
    let trend: serde_json::Value = serde_json::from_str(&json).unwrap();
    let windows = trend["windows"].as_array().unwrap();
    assert!(windows.iter().all(|w| w["value"].is_null() && w["denominator"].is_null() && w["low"].is_null()), "{json}");
    assert!(trend["centre"].is_null(), "{json}");
}

#[test]
fn wrong_arguments_are_told() {
    let world = wards();
    world.measure("trend sen_share").stopped(2, &["`sen_share`", "seen_share"]);
    world.measure("trend seen_share --entity w9").stopped(2, &["no entity with the id or the name `w9`"]);
    world.measure("trend seen_share --months 1").stopped(2, &["--months"]);
    world.measure("trend seen_share -o t.pdf").stopped(2, &["`.pdf`", "svg"]);
    world.measure("trend seen_share --window fortnight").stopped(2, &["fortnight"]);
    world
        .measure("trend seen_share --scorecard outside --window quarter")
        .stopped(2, &["hides counts", "side by side"]);
    world.measure("trend seen_share --as-of 2021-01-31").stopped(3, &["before all data"]);
}

/// A name that begins like a formula is a text in a workbook, and what is hidden is not in it.
#[test]
fn a_workbook_runs_nothing_and_gives_nothing_away() {
    use crate::report::workbook::{book, lines};
    use calamine::{DataType, Reader};
    let world = wards();
    let read = |name: &str| book(std::fs::read(world.path().join(name)).unwrap());
    world.measure("scorecard -o all.xlsx").fine();
    let mut all = read("all.xlsx");
    for sheet in all.sheet_names() {
        assert!(all.worksheet_formula(&sheet).unwrap().is_empty(), "{sheet}");
    }
    let wards = lines(&all.worksheet_range("ward").unwrap());
    assert!(wards.iter().any(|line| line["entity_name"] == "=North <b>" && line["value"].as_f64() == Some(10.0)));
    world.measure("scorecard --scorecard outside -o outside.xlsx").fine();
    let mut outside = read("outside.xlsx");
    let hidden = lines(&outside.worksheet_range("ward").unwrap());
    assert!(!hidden.is_empty());
    for line in hidden {
        assert_eq!(line["state"], "suppressed");
        for column in ["value", "numerator", "denominator", "undetermined", "unsure", "least", "most"] {
            assert!(line[column].is_empty(), "{column} {line:?}");
        }
    }
    let trends = outside.worksheet_range("Trends").unwrap();
    assert!(trends.rows().skip(1).flatten().all(|cell| cell.as_f64().is_none()), "{trends:?}");
}
