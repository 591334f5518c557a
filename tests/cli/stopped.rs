//! Rows that stop coming in from some of those to whom they belong.

use super::world::World;

const MODEL: &str = r#"levels agency > bureau > office > worker
domains care "Care"
table bureau "a bureau" {
  bureau_id key
}
table office "an office" {
  office_id key
  bureau -> bureau
  name text
}
table worker "a worker" {
  worker_id key
  office -> office
  hired_on date
  left_on date?
  spans hired_on until left_on
}
table visit "a visit" {
  visit_id key
  worker -> worker
  made_on date
  attribute worker at made_on
}
table phone "a call, of which nobody says whose it is" {
  phone_id key
  worker -> worker
  made_on date
}
"#;

const INDICATORS: &str = r#"indicator visits {
  title "Visits"
  domain care
  window month
  cohort visit where made_on in window
  measure count
  attribute worker at made_on
}
scorecard s "S" { care: visits }
"#;

/// Visits every day of two years by four workers, one in each office, but for those left out; and
/// calls on the same days.
fn agency(without: impl Fn(&str, &str) -> bool) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL);
    world.write("indicators/seen.ind", INDICATORS);
    world.write("data/dataset.toml", "as_of = 2024-12-31\n");
    world.write("data/bureau.csv", "bureau_id\nNorth\nSouth\n");
    world.write(
        "data/office.csv",
        "office_id,bureau_id,name\nO1,North,Hill\nO2,North,Lake\nO3,South,Bay\nO4,South,Port\n",
    );
    let workers = "W1,O1,2020-01-01,\nW2,O2,2020-01-01,\nW3,O3,2020-01-01,\nW4,O4,2020-01-01,\nW5,O1,2020-01-01,\n";
    world.write("data/worker.csv", format!("worker_id,office_id,hired_on,left_on\n{workers}"));
    let first = chrono::NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
    let days = first.iter_days().map(|day| day.to_string()).take_while(|day| day.as_str() <= "2024-12-31");
    let all = days.flat_map(|day| ["W1", "W2", "W3", "W4", "W5"].map(|worker| (worker, day.clone())));
    let kept = all.filter(|(worker, day)| !without(worker, day));
    let rows: String = kept.enumerate().map(|(n, (worker, day))| format!("V{n},{worker},{day}\n")).collect();
    world.write("data/visit.csv", format!("visit_id,worker_id,made_on\n{rows}"));
    world.write("data/phone.csv", format!("phone_id,worker_id,made_on\n{rows}"));
    world
}

/// What is said of them.
fn told(world: &World) -> Vec<String> {
    let run = world.run("data data --indicators indicators");
    let said = run.fine().out.lines().skip_while(|line| !line.starts_with("stopped coming in")).skip(1);
    said.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn an_office_that_sends_no_rows_is_told_and_the_others_are_not() {
    let none: [&str; 0] = [];
    assert_eq!(told(&agency(|_, _| false)), none);
    let one = agency(|worker, day| worker == "W3" && day >= "2024-10-01");
    let said = "visit: no more than 0 of office Bay (O3) since 2024-10-01, 366 in the twelve months before";
    assert_eq!(told(&one), [said]);
    let json: serde_json::Value =
        serde_json::from_str(&one.run("data data --indicators indicators --format json").fine().out).unwrap();
    assert_eq!(json["stopped"][0]["entity_id"], "O3");
    assert_eq!(json["stopped"][0]["rows_before"], 366);
    // A worker alone comes and goes.
    assert_eq!(told(&agency(|worker, day| worker == "W5" && day >= "2024-10-01")), none);
    // A few are left, and one is not there for longer than a year.
    let few = agency(|worker, day| worker == "W2" && day >= "2024-11-01" && !day.ends_with("-15"));
    assert_eq!(
        told(&few),
        ["visit: no more than 2 of office Lake (O2) since 2024-11-01, 366 in the twelve months before"]
    );
    assert_eq!(told(&agency(|worker, day| worker == "W2" && day >= "2023-06-01")), none, "it has closed");
}

#[test]
fn it_is_told_once_of_all_who_lie_under_one() {
    let bureau = agency(|worker, day| ["W3", "W4"].contains(&worker) && day >= "2024-10-01");
    assert_eq!(
        told(&bureau),
        ["visit: no more than 0 of bureau South since 2024-10-01, 732 in the twelve months before"]
    );
    // Of all of it the table says it itself.
    let all = agency(|_, day| day >= "2024-10-01");
    assert_eq!(told(&all), [""; 0]);
    let said = all.run("data data --indicators indicators").fine().out.clone();
    assert!(said.contains("no more than 0 rows since 2024-10-01"), "{said}");
    // The county knows through which day the table reaches.
    let one = agency(|worker, day| worker == "W3" && day >= "2024-10-01");
    one.write("data/dataset.toml", "as_of = 2024-12-31\n[tables.visit]\nas_of = 2024-09-30\n");
    assert_eq!(told(&one), [""; 0]);
}
