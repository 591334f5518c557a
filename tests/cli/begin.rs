//! What one types first: `init`, `new`, `list`, `completions`, `man`.

use super::world::{Said, World};
use std::fs;
use std::path::Path;

/// A folder with nothing in it.
fn empty() -> World {
    let world = World::sound();
    for name in ["indicators", "data"] {
        fs::remove_dir_all(world.path().join(name)).unwrap();
    }
    world
}

fn run_in(world: &World, folder: &str, words: &str) -> Said {
    Said::of(world.command(words).current_dir(world.path().join(folder)).output().unwrap())
}

#[test]
fn what_is_laid_out_is_right_as_it_is() {
    for example in ["county", "library", "english"] {
        let world = empty();
        let said = world.run(&format!("init here --example {example}"));
        assert!(said.fine().out.contains("\nNext:\n  cd here\n  yardstick check\n"), "{}", said.out);
        let checked = run_in(&world, "here", "check");
        assert!(checked.fine().out.ends_with("; no errors\n"), "{example}: {}", checked.out);
        let tested = run_in(&world, "here", "test");
        assert!(tested.fine().out.ends_with(" passed, 0 failed\n"), "{example}: {}", tested.out);
        let shown = run_in(&world, "here", "scorecard");
        assert!(shown.fine().out.lines().count() > 5, "{example}: {}", shown.out);
        if world.run("help fmt").code == Some(0) {
            run_in(&world, "here", "fmt --check").fine();
        }
        // A second time there is nothing to be laid out, and nothing is lost.
        fs::write(world.path().join("here/indicators/model.ind"), "mine").unwrap();
        world
            .run(&format!("init here --example {example}"))
            .stopped(2, &["has files of these names already", "nothing was written"]);
        assert_eq!(world.read("here/indicators/model.ind").unwrap(), "mine");
    }
}

#[test]
fn one_file_that_is_in_the_way_stops_all() {
    let world = empty();
    world.write("here/README.md", "mine");
    world.run("init here").stopped(2, &["`README.md`", "nothing was written"]);
    assert_eq!(fs::read_dir(world.path().join("here")).unwrap().count(), 1);
    world.write("file", "");
    world.run("init file").stopped(2, &["file"]);
    world.run("init here --example libary").stopped(2, &["libary", "library"]);
    // A folder with other files, and the one where one is.
    world.write("other/notes.txt", "mine");
    let said = run_in(&world, "other", "init --example library");
    assert!(said.fine().out.contains("Next:\n  yardstick check"), "{}", said.out);
    assert_eq!(world.read("other/notes.txt").unwrap(), "mine");
}

#[test]
fn a_new_indicator_is_right_in_every_world() {
    for example in ["county", "library", "english"] {
        let world = empty();
        world.run(&format!("init . --example {example}")).fine();
        // A model alone, and one with indicators beside it.
        world.write("alone/model.ind", world.read("indicators/model.ind").unwrap());
        for (folder, options) in [("alone", " --indicators alone"), ("indicators", "")] {
            let said = world.run(&format!("new indicator my_first{options}"));
            assert!(said.fine().out.contains("yardstick test --filter my_first"), "{}", said.out);
            let checked = world.run(&format!("check {folder} --allow W0805 --allow W0802"));
            assert!(checked.fine().out.ends_with("; no errors\n"), "{example}: {}", checked.out);
            let tested = world.run(&format!("test {folder} --filter my_first --engine both"));
            assert!(tested.fine().out.ends_with("1 passed, 0 failed\n"), "{example}: {}", tested.out);
            world.run(&format!("describe my_first --indicators {folder}")).fine();
        }
        let text = world.read("indicators/my_first.ind").unwrap();
        assert_eq!(world.read("alone/my_first.ind").unwrap(), text);
        insta::assert_snapshot!(format!("new_indicator_{example}"), text);
    }
}

#[test]
fn what_cannot_be_a_new_indicator_is_said() {
    let world = World::sound();
    world.run("new indicator seen_share").stopped(2, &["there is an indicator `seen_share` already"]);
    world.run("new indicator seen").stopped(2, &["seen.ind` is there already"]);
    for (name, near) in [
        ("Late-Returns", "write `late_returns`"),
        ("1st", "begin with a small letter"),
        ("", "small letter"),
        ("ä", "small letter"),
    ] {
        let said = Said::of(world.command("new indicator").arg(name).output().unwrap());
        said.stopped(2, &["cannot be the id of an indicator", near]);
    }
    world
        .run("new indicator other --indicators indicators/seen.ind")
        .stopped(2, &["none of the definitions is a folder"]);
    world.run("new indicator other").fine();
    world.write("indicators/broken.ind", "indicator z {\n");
    world.run("new indicator another").stopped(1, &["the definitions have"]);
    assert!(!world.path().join("indicators/another.ind").exists());
    // A model of which nothing can be made.
    world.write("plain/model.ind", "levels whole > part\ntable part {\n  part_id key\n}\n");
    world.run("new indicator first --indicators plain").stopped(1, &["no table with a day"]);
}

#[test]
fn indicators_are_listed_and_chosen() {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    let other =
        text.split("scorecard").next().unwrap().replace("seen_share", "other").replace("tier      1", "tier      2");
    world.write(
        "indicators/other.ind",
        other.replace("inferred\n  window", "published\n  window").replace("\"Seen\"", "\"=Else\""),
    );
    let said = world.run("list");
    insta::assert_snapshot!("list", said.fine().out);
    insta::assert_snapshot!("list_csv", world.run("list --format csv").fine().out);
    let json: serde_json::Value = serde_json::from_str(&world.run("list --format json").fine().out).unwrap();
    assert_eq!(json[0]["indicator"], "seen_share");
    assert_eq!((json[0]["tests"].as_i64(), json[1]["tests"].as_i64()), (Some(1), Some(0)));
    world.run("list -o list.csv").fine();
    assert_eq!(world.read("list.csv").unwrap(), world.run("list --format csv").out);
    for (flags, ids) in [
        ("--tier 1", "seen_share"),
        ("--tier 2", "other"),
        ("--tier 3", ""),
        ("--status published", "other"),
        ("--scorecard service", "seen_share"),
        ("--without-tests", "other"),
        ("--filter =eLSE", "other"),
        ("--filter visits", "seen_share other"),
        ("--domain service --tier 1", "seen_share"),
    ] {
        let json = world.run(&format!("list {flags} --format json")).fine().out.clone();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        let found: Vec<&str> = rows.iter().map(|row| row["indicator"].as_str().unwrap()).collect();
        assert_eq!(found.join(" "), ids, "{flags}");
    }
    world.run("list --scorecard servce").stopped(2, &["there is no scorecard `servce`", "did you mean `service`?"]);
    world.run("list --domain servce").stopped(2, &["there is no domain `servce`"]);
    world.run("list --status done").stopped(2, &["published"]);
}

#[test]
fn the_settings_in_force_are_listed_with_their_lines() {
    let world = World::sound();
    let none = world.run("list --settings");
    assert!(none.fine().out.contains("definitions") && !none.out.contains("yardstick.toml"), "{}", none.out);
    world.write("yardstick.toml", "data = \"data\"\n\n[lints]\nunused-set = \"error\"\n");
    insta::assert_snapshot!("list_settings", world.run("list --settings").fine().out);
    world.run("list --settings --tier 1").stopped(2, &["cannot be used with"]);
    assert!(world.run("list --settings --format csv").fine().out.contains("lints.unused-set,error,yardstick.toml:4"));
}

#[test]
fn shells_and_manual_pages_know_every_command() {
    let world = empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = world.run(&format!("completions {shell}"));
        for word in ["scorecard", "completions", "trend"] {
            assert!(said.fine().out.contains(word), "{shell}");
        }
    }
    world.run("completions tcsh").stopped(2, &["tcsh", "bash"]);
    assert!(world.run("man").fine().out.contains("yardstick\\-scorecard(1)"));
    world.run("man -o pages/man1").fine();
    let pages: Vec<_> = fs::read_dir(world.path().join("pages/man1")).unwrap().flatten().collect();
    assert!(pages.len() > 15, "{}", pages.len());
    let page = fs::read_to_string(Path::new(world.path()).join("pages/man1/yardstick-trend.1")).unwrap();
    assert!(page.contains(".TH yardstick") && page.contains("Examples"), "{page}");
    world.write("file", "");
    world.run("man -o file").stopped(2, &["`file` cannot be written"]);
}
