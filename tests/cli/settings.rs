//! `yardstick.toml`: what commands go by when they are not told.

use super::world::{INDICATOR, MODEL, Said, World};
use std::fs;

/// A world whose settings lie above the working folder.
fn world(settings: &str) -> World {
    let world = World::sound();
    fs::rename(world.path().join("indicators"), world.path().join("defs")).unwrap();
    fs::create_dir_all(world.path().join("deep/er")).unwrap();
    world.write("yardstick.toml", settings);
    world
}

fn run_in(world: &World, folder: &str, words: &str) -> Said {
    Said::of(world.command(words).current_dir(world.path().join(folder)).output().unwrap())
}

const BOTH: &str = "definitions = \"defs\"\ndata = \"data\"\n";

#[test]
fn definitions_and_data_are_found_from_every_folder_below() {
    let world = world(BOTH);
    for command in
        ["check", "test", "scorecard", "cases seen_share", "trend seen_share", "book", "data", "describe --all"]
    {
        let here = world.run(command).fine().out.clone();
        assert_eq!(here, run_in(&world, "deep/er", command).fine().out, "{command}");
    }
    // What was read is named as it is reached.
    world.write("defs/bad.ind", "indicator bad {\n  window window\n}\n");
    assert!(run_in(&world, "deep/er", "check").out.contains("../../defs/bad.ind:2"));
}

#[test]
fn the_command_line_wins() {
    let world = world(&format!("{BOTH}level = \"town\"\nscorecard = \"service\"\n"));
    let shown = |words: &str| world.run(words).fine().out.clone();
    assert!(!shown("scorecard --format csv").contains(",ward,") && shown("scorecard --format csv").contains(",town,"));
    assert!(shown("scorecard --format csv --level ward").contains(",ward,"));
    world.write("other/model.ind", MODEL);
    let other = INDICATOR.replace("seen_share", "other").replace("scorecard service", "scorecard others");
    world.write("other/other.ind", other);
    // Another world has none of the names of this one: its own are shown.
    assert!(shown("scorecard other --format csv").contains("other,town"));
    world.run("scorecard --no-settings --data data").stopped(2, &["`indicators` cannot be read"]);
    world.run("scorecard --no-settings defs").stopped(2, &["the folder with the case data is not named"]);
    assert!(shown("scorecard --no-settings defs --data data --format csv").contains(",ward,"));
}

#[test]
fn the_scorecards_of_the_settings_are_shown_and_no_others() {
    let world = world(BOTH);
    let second = INDICATOR.replace("seen_share", "second").replace("scorecard service", "scorecard more");
    world.write("defs/second.ind", second);
    assert!(world.run("scorecard --format csv").fine().out.contains("second"));
    world.write("yardstick.toml", format!("{BOTH}scorecard = [\"service\"]\n"));
    assert!(!world.run("scorecard --format csv").fine().out.contains("second"));
    assert!(!world.run("book").fine().out.contains("second"));
    assert!(!world.run("explain --shared").fine().out.contains("second"));
    assert!(world.run("scorecard --format csv --scorecard more").fine().out.contains("second"));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let world = world("");
    for (line, words) in [
        (
            "definitons = \"defs\"",
            ["yardstick.toml:1: there is no setting `definitons`", "did you mean `definitions`?"],
        ),
        ("definitions = \"def\"", ["there is no file or folder `def`", "did you mean `defs`?"]),
        ("data = \"dta\"", ["there is no file or folder `dta`", "did you mean `data`?"]),
        ("data = 3", ["`data` is not a text", "write `data = \"data\"`"]),
        (
            "definitions = \"defs\"\nlevel = \"wards\"",
            ["yardstick.toml:2: there is no level `wards`", "did you mean `ward`?"],
        ),
        (
            "definitions = \"defs\"\nscorecard = \"servce\"",
            ["yardstick.toml:2: there is no scorecard `servce`", "`service`"],
        ),
        ("zone = \"America/Los_Angles\"", ["there is no time zone", "did you mean `America/Los_Angeles`?"]),
        ("[lints]\nno-tets = \"off\"", ["yardstick.toml:2: there is no warning `no-tets`", "help: "]),
        ("[lints\n", ["yardstick.toml:1: ", "help: "]),
    ] {
        world.write("yardstick.toml", line);
        world.run("check").stopped(2, &words);
    }
    world.write("yardstick.toml", b"data = \"\xE9\"");
    world.run("check").stopped(2, &["`yardstick.toml` cannot be read: it is not UTF-8"]);
    world.run("explain E0101").fine();
    fs::remove_file(world.path().join("yardstick.toml")).unwrap();
    fs::create_dir(world.path().join("yardstick.toml")).unwrap();
    world.run("check").stopped(2, &["`yardstick.toml` cannot be read", "--no-settings"]);
}

#[test]
fn the_zone_is_held_against_the_model() {
    let world = world(&format!("{BOTH}zone = \"America/Los_Angeles\"\n"));
    world.run("check").fine();
    world.write("defs/model.ind", format!("{MODEL}\ntimes are local to America/Chicago\n"));
    world.run("check").stopped(2, &["yardstick.toml:3: the zone is `America/Los_Angeles`", "local to America/Chicago"]);
    world.run("check defs").fine();
    world.write("defs/model.ind", format!("{MODEL}\ntimes are local to America/Los_Angeles\n"));
    world.run("check").fine();
}
