//! Standards that entities have of their own, in every format and on data as it comes.

use super::world::World;
use crate::report::page::seen;

const GOAL: &str = r#"
table goal "a target of a ward" {
  ward     -> ward
  from_on  date
  percent  int?
}
"#;

/// The world, with these targets.
fn world(goals: &[&str]) -> World {
    let world = World::sound();
    world.write("indicators/goal.ind", GOAL);
    let own = "  standard  at least goal.percent% of each ward from goal.from_on  { source \"the wards\" }\n    yellow  within 10%\n";
    let text =
        world.read("indicators/seen.ind").unwrap().replacen("}\n\nscorecard", &format!("{own}}}\n\nscorecard"), 1);
    world.write("indicators/seen.ind", text);
    goals_of(&world, goals);
    world
}

fn goals_of(world: &World, goals: &[&str]) {
    world.write("data/goal.csv", format!("ward_id,from_on,percent\n{}\n", goals.join("\n")));
}

/// The rows of March in CSV of entities whose id begins so: id, band, threshold for green, reason.
fn march(world: &World, id: &str) -> Vec<[String; 4]> {
    let level = if id == "town" { "town" } else { "ward" };
    let said = world.measure(&format!("scorecard --months 1 --level {level} --format csv"));
    let mut lines = said.out.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| head.iter().position(|column| *column == name).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        ["entity_id", "band", "standard_least", "reason"].map(|name| cells[at(name)].trim_matches('"').to_owned())
    };
    lines.map(row).filter(|row| row[0].starts_with(id)).collect()
}

fn rows(of: &[[&str; 4]]) -> Vec<[String; 4]> {
    of.iter().map(|row| row.map(str::to_owned)).collect()
}

#[test]
fn each_entity_is_judged_by_its_own_target() {
    // In March, 1 of 2 were seen in each ward.
    let world = world(&["w1,2024-01-01,50", "w1,2024-04-01,99", "w2,2023-01-01,10", "w2,2024-03-31,55"]);
    assert_eq!(march(&world, "w"), rows(&[["w1", "green", "50", ""], ["w2", "yellow", "55", ""]]));
    assert_eq!(march(&world, "town"), rows(&[["town", "yellow", "60", ""]]));
    for (form, words) in [
        ("table", ["≥ 50", "≥ 55"].as_slice()),
        (
            "markdown",
            &[
                "<br>≥ 50",
                "<br>≥ 55",
                "at least 60 %; each ward its own",
                "at least goal.percent %, yellow within 10 % of the way",
            ],
        ),
        ("json", &["\"standard_least\":55.0"]),
        ("html", &["≥ 50", "≥ 55", "its own target 55", "each ward its own"]),
    ] {
        let said = world.measure(&format!("scorecard --months 1 --level ward --format {form}"));
        for word in words {
            assert!(said.out.contains(word), "`{word}` is not in the {form}\n{}", said.out);
        }
    }
    let trend = world.measure("trend seen_share --months 3 --entity w2 --format csv");
    trend.fine();
    let ends: Vec<&str> = trend.out.lines().filter(|line| line.contains("2024-")).collect();
    assert!(ends[0].contains(",10,") && ends[2].contains(",55,"), "{}", trend.out);
    assert!(world.run("explain seen_share").out.contains("targets   goal: percent of each ward, the latest from_on"));
    assert!(world.run("describe seen_share").out.contains("is judged by a target of its own"));
}

#[test]
fn without_a_target_in_force_there_is_no_colour_and_a_reason() {
    let none = "no target of goal is in force on 2024-03-31";
    let world = world(&["w1,2024-04-01,50"]);
    assert_eq!(march(&world, "w"), rows(&[["w1", "", "", none], ["w2", "", "", none]]));
    let said = world.measure("scorecard --months 1 --level ward");
    assert!(said.out.contains("no target"), "{}", said.out);
    // With a file without rows.
    goals_of(&world, &[]);
    assert!(march(&world, "w").iter().all(|row| row[1].is_empty() && row[3] == none));
    assert_eq!(march(&world, "town"), rows(&[["town", "yellow", "60", ""]]), "the whole has its own");
}

#[test]
fn a_target_that_may_be_another_gives_no_colour() {
    let cases: [(&[&str], [&str; 2]); 6] = [
        // Missing, unreadable: the later row ends the earlier one.
        (&["w1,2024-01-01,50", "w1,2024-02-01,", "w2,2024-01-01,50"], ["", "green"]),
        (&["w1,2024-01-01,50", "w1,2024-02-01,fifty", "w2,2024-01-01,50"], ["", "green"]),
        // A row that was set aside: its day cannot be read, or whose it is.
        (&["w1,2024-01-01,50", "w1,soon,10", "w2,2024-01-01,50", "w2,2024-01-02,40"], ["", "green"]),
        (&["w1,2024-01-01,50", "w1,2024-02-01,40", "w2,2024-01-01,50", "w9,2024-01-05,10"], ["green", ""]),
        // Beyond the scale.
        (&["w1,2024-01-01,101", "w2,2024-01-01,100"], ["", "red"]),
        (&["w1,2024-01-01,-1", "w2,2024-01-01,0"], ["", "green"]),
    ];
    for (goals, expected) in cases {
        let world = world(goals);
        let shown = march(&world, "w");
        assert_eq!([&shown[0][1], &shown[1][1]], expected, "{goals:?}\n{shown:?}");
        let mut without = shown.iter().filter(|row| row[1].is_empty());
        assert!(without.all(|row| row[3].starts_with("the target of goal in force")), "{shown:?}");
        assert_eq!(march(&world, "town")[0][1], "yellow", "{goals:?}");
    }
}

#[test]
fn targets_beyond_the_scale_are_told() {
    let world = world(&["w1,2024-01-01,101", "w2,2024-01-01,100"]);
    let told = "1 target does not lie between 0 and 100 in `percent` of `goal`, and gives no colour: w1 has 101 from 2024-01-01";
    for words in ["data data", "data data --format json", "scorecard --data data --months 1 --format markdown"] {
        let said = world.run(words).out.replace('\\', "");
        assert!(said.contains(told), "{words}\n{said}");
    }
}

#[test]
fn two_targets_of_one_day_are_a_mistake_in_the_data() {
    let world = world(&["w1,2024-01-01,50", "w2,2024-01-01,50", "w1,2024-01-01,60"]);
    let told = "table `goal` has two targets of ward `w1` from 2024-01-01: goal.csv, line 2 and goal.csv, line 4";
    for words in ["scorecard --data data", "data data", "scorecard --data data --checked copy"] {
        world.run(words).stopped(3, &[told, "E0826"]);
    }
}

#[test]
fn the_page_draws_each_entity_with_its_own_standard() {
    let world = world(&["w1,2024-01-01,50", "w1,2024-04-01,99", "w2,2023-01-01,10", "w2,2024-03-01,55"]);
    let page = world.measure("scorecard --months 3 --level ward --format html").out;
    let steps = "
        const panels = {};
        for (const open of all('.drawn [data-cell]').map((cell) => cell.dataset.cell)) {
          one('[data-cell=\"' + open + '\"]').click();
          const lines = all('.panel svg .aim').map((line) => line.getAttribute('d').match(/M/g).length);
          panels[one('.panel h2').textContent.split(':')[0]] = [one('.panel').textContent, lines[0] || 0];
          one('.panel [data-close]').click();
        }
        said.panels = panels;
        one('[data-rank]').click();
        said.ranked = all('.rank tbody td:last-child').map((cell) => cell.textContent);
    ";
    let Some(said) = seen(&page, ("own", "", "1200,900"), steps) else { return };
    let panel = |name: &str| said["panels"][name][0].as_str().unwrap().to_owned();
    assert!(panel("North").contains("Its own standardat least 50"), "{said}");
    assert!(panel("South").contains("Its own standardat least 55"), "{said}");
    assert_eq!(said["panels"]["North"][1], 3, "a line in each window: {said}");
    assert_eq!(said["ranked"], serde_json::json!(["at least 50", "at least 55"]), "{said}");
}

#[test]
fn a_row_that_begins_after_the_as_of_day_is_not_there() {
    let world = world(&["w1,2024-01-01,50", "w1,2024-03-01,99", "w2,2024-01-01,50"]);
    let said = world.measure("scorecard --as-of 2024-02-29 --months 1 --level ward --format csv");
    assert!(said.out.contains("w2,South,2024-02-01"), "{}", said.out);
    let before = said.out.lines().find(|line| line.contains(",w2,")).unwrap().to_owned();
    goals_of(&world, &["w1,2024-01-01,50", "w2,2024-01-01,50"]);
    let said = world.measure("scorecard --as-of 2024-02-29 --months 1 --level ward --format csv");
    assert_eq!(said.out.lines().find(|line| line.contains(",w2,")).unwrap(), before);
}

#[test]
fn a_scorecard_that_hides_counts_shows_targets_and_no_more() {
    let world = world(&["w1,2024-01-01,50", "w2,2024-01-01,50"]);
    let text = world.read("indicators/seen.ind").unwrap();
    world.write(
        "indicators/seen.ind",
        text.replace("  service: seen_share\n", "  service: seen_share\n  hide counts under 5\n"),
    );
    let said = world.measure("scorecard --scorecard service --months 1 --level ward --format csv");
    let w1 = said.out.lines().find(|line| line.contains(",w1,")).unwrap();
    assert!(w1.contains("suppressed") && w1.contains(",50,") && !w1.contains("green"), "{w1}");
}
