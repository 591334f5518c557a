//! `relate`: two measures across the entities of a level.

use super::results::rows;
use super::world::World;

const EARLY: &str = r#"
indicator early_share {
  title     "Early <in> the month"
  domain    service
  question  "Of visits in the month, what share was on its first days?"
  source    "made up"
  status    inferred
  window    month
  cohort    visit where came_on in window
  numerator came_on before window.start + 10 days
  attribute ward at came_on
  minimum   5 cases
}
scorecard outside "For readers outside" {
  service: seen_share, early_share
  hide counts under 11
}
"#;

/// Of ten visits in each of five wards, 1 to 5 were seen, and 1, 2, 2, 4 and 5 early; of the sixth
/// there are two, of the seventh none.
fn wards() -> World {
    let world = World::sound();
    let mut visits = String::from("visit_id,ward_id,came_on,seen\n");
    for (ward, visited, early) in [(1, 10, 1), (2, 10, 2), (3, 10, 2), (4, 10, 4), (5, 10, 5), (6, 2, 1)] {
        for n in 0..visited {
            let day = if n < early { 2 } else { 20 };
            visits += &format!("v{ward}.{n},w{ward},2024-03-{day:02},{}\n", n < ward);
        }
    }
    let wards: String = (1..8).map(|n| format!("w{n},\"=Ward & {n}\"\n")).collect();
    world.write("data/ward.csv", format!("ward_id,name\n{wards}"));
    world.write("data/visit.csv", visits);
    world.write("indicators/early.ind", EARLY);
    world
}

/// By hand: ranks 1 to 5 against 1, 2.5, 2.5, 4, 5; 9.5 / √(10 × 9.5).
const RHO: f64 = 0.974_679_434_480_896_3;

#[test]
fn entities_with_both_values_are_put_in_ranks_and_the_others_named() {
    let world = wards();
    let said = world.measure("relate seen_share early_share").fine().out.clone();
    for words in [
        "by ward",
        "Spearman's rank correlation 0.97, 95 % interval 0.46 to 1.00, over 5 entities of level ward",
        "It is no cause",
        "With 5 entities a single one can turn the result round",
        "early_share: fewer than 5 cases: w6",
    ] {
        assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "no `{words}`:\n{said}");
    }
    assert!(!said.contains("w7"), "who has no cases is nobody's concern:\n{said}");
    let csv = world.measure("relate seen_share early_share --format csv").fine().out.clone();
    let all = rows(&csv);
    assert_eq!(all.len(), 6);
    let (third, sixth) = (&all[2], &all[5]);
    assert_eq!((third["entity_name"].as_str(), third["x"].as_str(), third["y"].as_str()), ("'=Ward & 3", "30", "20"));
    assert_eq!((third["n"].as_str(), third["left_out"].as_str()), ("5", ""));
    assert!((third["rho"].parse::<f64>().unwrap() - RHO).abs() < 1e-12, "{csv}");
    assert_eq!((sixth["entity_id"].as_str(), sixth["y"].as_str()), ("w6", ""));
    assert_eq!(sixth["left_out"], "early_share: fewer than 5 cases");
}

#[test]
fn every_form_is_written_and_chosen_by_its_ending() {
    let world = wards();
    for name in ["r.svg", "r.html", "r.csv", "r.json", "r.txt"] {
        world.measure(&format!("relate seen_share early_share -o {name}")).fine();
    }
    let read = |name: &str| world.read(name).unwrap();
    assert_eq!(read("r.svg").matches("<circle").count(), 5);
    assert!(read("r.svg").contains("Early &lt;in&gt; the month") && !read("r.svg").contains("<in>"));
    assert!(
        read("r.html").contains("<svg") && read("r.html").contains("It is no cause") && read("r.html").contains("w6")
    );
    let json: serde_json::Value = serde_json::from_str(&read("r.json")).unwrap();
    assert!((json["rho"].as_f64().unwrap() - RHO).abs() < 1e-12 && json["n"] == 5, "{json}");
    assert_eq!(json["x"]["window_end"], "2024-03-31");
    assert!(read("r.txt").contains("0.97"));
}

#[test]
fn what_a_scorecard_hides_is_not_given_away() {
    let world = wards();
    let said = world.measure("relate seen_share early_share --scorecard outside").fine().out.clone();
    assert!(said.contains("No rank correlation: only 0 entities"), "{said}");
    let csv = world.measure("relate seen_share early_share --scorecard outside --format csv").fine().out.clone();
    let all = rows(&csv);
    assert!(!all.is_empty() && all.iter().all(|row| row["x"].is_empty() && row["y"].is_empty()), "{csv}");
    assert!(all.iter().all(|row| row["left_out"].contains("hidden")), "{csv}");
    let asked = "relate seen_share early_share --scorecard outside --window-end";
    world.measure(&format!("{asked} 2024-03-31")).fine();
    world
        .measure(&format!("{asked} 2024-03-30"))
        .stopped(2, &["may be shown where counts are hidden", "the latest ends on 2024-03-31"]);
}

#[test]
fn what_has_no_coefficient_is_said() {
    let world = wards();
    world.write("data/ward.csv", "ward_id,name\nw1,One\nw2,Two\nw3,Three\n");
    let said = world.measure("relate seen_share early_share").fine().out.clone();
    assert!(said.contains("only 3 entities of level ward have both values"), "{said}");
    let json = world.measure("relate seen_share early_share --format json").fine().out.clone();
    assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["rho"].is_null(), "{json}");
}

#[test]
fn wrong_arguments_are_told() {
    let world = wards();
    world.measure("relate seen_share seen_share").stopped(2, &["goes together with itself"]);
    world.measure("relate seen_share erly_share").stopped(2, &["`erly_share`", "early_share"]);
    world.measure("relate seen_share early_share --level town").stopped(2, &["the whole is one entity"]);
    world.measure("relate seen_share early_share --level all").stopped(2, &["one level"]);
    world.measure("relate seen_share early_share -o r.pdf").stopped(2, &["`.pdf`", "svg"]);
    world.measure("relate seen_share early_share --scorecard service").stopped(2, &["`early_share` is not on that"]);
    world.measure("relate seen_share early_share --window-end 2024-03-30").stopped(2, &["no window", "2024-03-30"]);
    world.measure("relate seen_share early_share --raw").stopped(2, &["--raw"]);
}
