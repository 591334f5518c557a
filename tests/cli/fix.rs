//! `check --fix`.

use super::world::{INDICATOR, World};
use std::fs;

fn old(text: &str) -> String {
    text.replace("window    month", "window    year")
}

fn read(world: &World, file: &str) -> Vec<u8> {
    fs::read(world.path().join(file)).unwrap()
}

#[test]
fn old_forms_are_replaced_and_nothing_else() {
    let world = World::sound();
    let text = old(INDICATOR).replace("seen_share", "other").replace("numerator seen", "numerator seen == true # why");
    let bytes = format!("\u{FEFF}{}", text.split("scorecard").next().unwrap().replace('\n', "\r\n"));
    world.write("indicators/other.ind", &bytes);
    let before = read(&world, "indicators/seen.ind");
    let said = world.run("check --fix");
    said.fine();
    assert!(said.out.contains("fixed E0118 at indicators/other.ind:9:13: `year` became `12 months`"), "{}", said.out);
    assert!(said.out.contains("fixed E0108 at indicators/other.ind:11:18: `==` became `=`"), "{}", said.out);
    assert!(said.out.contains("no errors"), "{}", said.out);
    let wanted = bytes.replace("window    year", "window    12 months").replace("==", "=");
    assert_eq!(read(&world, "indicators/other.ind"), wanted.as_bytes());
    assert_eq!(read(&world, "indicators/seen.ind"), before);
    assert_eq!(fs::read_dir(world.path().join("indicators")).unwrap().count(), 3, "nothing is left behind");
    // A second time there is nothing to do.
    let again = world.run("check --fix");
    assert!(!again.fine().out.contains("fixed"), "{}", again.out);
}

#[test]
fn what_needs_its_author_stays_a_finding() {
    let world = World::sound();
    let text = old(INDICATOR).replace("seen_share", "other").replace("numerator seen", "numerator sean");
    world.write("indicators/other.ind", text.split("scorecard").next().unwrap());
    let said = world.run("check --fix");
    said.stopped(1, &[]);
    assert!(said.out.contains("fixed E0118") && said.out.contains("`sean`"), "{}", said.out);
    assert!(String::from_utf8(read(&world, "indicators/other.ind")).unwrap().contains("numerator sean"));
}

#[test]
fn only_what_is_named_is_changed() {
    let world = World::sound();
    let model = String::from_utf8(read(&world, "indicators/model.ind")).unwrap();
    let broken = format!("{model};\n");
    world.write("indicators/model.ind", &broken);
    let said = world.run("check --fix indicators/seen.ind");
    said.stopped(1, &[]);
    assert_eq!(read(&world, "indicators/model.ind"), broken.as_bytes());
}

#[test]
fn a_file_that_cannot_be_written_is_left() {
    let world = World::sound();
    world.write(
        "indicators/other.ind",
        old(INDICATOR).replace("seen_share", "other").split("scorecard").next().unwrap(),
    );
    let path = world.path().join("indicators/other.ind");
    let mut rights = fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).unwrap();
    let before = read(&world, "indicators/other.ind");
    world.run("check --fix").stopped(2, &["was not changed: it is write-protected"]);
    assert_eq!(read(&world, "indicators/other.ind"), before);
}

#[test]
fn edits_are_told_to_programs() {
    let world = World::sound();
    world.write(
        "indicators/other.ind",
        old(INDICATOR).replace("seen_share", "other").split("scorecard").next().unwrap(),
    );
    let found = world.run("check --format json");
    let finding: serde_json::Value =
        serde_json::from_str(found.out.lines().find(|line| line.contains("E0118")).unwrap()).unwrap();
    assert_eq!((finding["fix"][0]["text"].as_str(), finding["fix"][0]["line"].as_i64()), (Some("12 months"), Some(9)));
    let fixed = world.run("check --fix --format json");
    let change: serde_json::Value = serde_json::from_str(fixed.fine().out.lines().next().unwrap()).unwrap();
    assert_eq!(
        (change["was"].as_str(), change["is"].as_str(), change["code"].as_str()),
        (Some("year"), Some("12 months"), Some("E0118"))
    );
}
