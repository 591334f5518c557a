//! Definitions from disk: `check`, `explain`, `test`, and texts that cannot be used.

use super::world::{INDICATOR, MODEL, World};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn every_command_explains_itself() {
    let world = World::sound();
    for command in ["", "scorecard", "cases", "check", "describe", "explain", "data", "test"] {
        let said = world.run(&format!("{command} --help"));
        assert!(said.fine().out.contains("Usage: yardstick"), "{said:?}");
    }
    world.run("").stopped(2, &["Usage"]);
    world.run("frobnicate").stopped(2, &["unrecognized subcommand"]);
    assert!(world.run("--version").fine().out.starts_with("yardstick 0."));
}

#[test]
fn sound_definitions_pass() {
    let world = World::sound();
    let said = world.run("check");
    assert!(said.fine().out.ends_with("2 files: 1 indicator, 1 scorecard, 1 test; no errors\n"), "{said:#?}");
    let hashes = world.run("check --hash");
    let line = hashes.fine().out.lines().next().unwrap().to_owned();
    assert!(line.ends_with("  seen_share") && line.len() == 16 + 12, "{line}");
    let one = world.run("check indicators/seen.ind");
    assert!(one.fine().out.contains("2 files"), "the model above a file is read with it: {one:#?}");
}

#[test]
fn all_errors_of_all_files_come_in_one_run() {
    let world = World::sound();
    world.write("indicators/a.ind", INDICATOR.replace("seen_share", "a").replace("numerator seen", "numerator sean"));
    world.write("indicators/b.ind", "indicator b {\n  window window window\n}\n\nindicator c { title \"c\" }\n");
    let said = world.run("check");
    said.stopped(1, &[]);
    for words in [
        "indicators/a.ind:",
        "`sean`",
        "did you mean `seen`?",
        "indicators/b.ind:2:",
        "indicators/b.ind:5:",
        "yardstick explain E",
    ] {
        assert!(said.out.contains(words), "`{words}` is not in {}", said.out);
    }
    assert!(!said.out.contains('\u{1b}'), "no colours in a pipe");
    let scorecard = world.measure("scorecard");
    scorecard.stopped(1, &["`sean`", "the definitions have"]);
    assert_eq!(scorecard.out, "");
}

#[test]
fn json_is_one_object_per_finding() {
    let world = World::sound();
    world.write("indicators/a.ind", INDICATOR.replace("seen_share", "a").replace("numerator seen", "numerator sean"));
    let said = world.run("check --format json");
    said.stopped(1, &[]);
    let findings: Vec<serde_json::Value> = said.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let unknown = findings.iter().find(|f| f["message"].as_str().unwrap().contains("sean")).unwrap();
    assert_eq!(unknown["severity"], "error");
    assert_eq!(unknown["places"][0]["file"], "indicators/a.ind");
    assert_eq!(unknown["places"][0]["line"], 11);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let world = World::sound();
    world.write("indicators/a.ind", "indicator");
    assert!(world.run("check --color always").out.contains('\u{1b}'));
    assert!(!world.run("check --color never").out.contains('\u{1b}'));
    assert!(!world.run("check").out.contains('\u{1b}'));
}

#[test]
fn paths_that_name_nothing_are_wrong_usage() {
    let world = World::sound();
    fs::create_dir(world.path().join("empty")).unwrap();
    world.run("check empty").stopped(2, &["`empty` holds no `.ind` file"]);
    world.run("check nowhere").stopped(2, &["`nowhere` cannot be read", "there is no such file"]);
    world.run("explain E9999").stopped(2, &["there is no code `E9999`"]);
    world.run("explain seen_shore").stopped(2, &["there is no indicator `seen_shore`", "did you mean `seen_share`?"]);
    world.run("describe seen_shore").stopped(2, &["there is no indicator `seen_shore`", "did you mean `seen_share`?"]);
    world.run("describe").stopped(2, &["<INDICATOR>"]);
    world.run("describe seen_share --all").stopped(2, &["--all"]);
    world.run("test --filter nothing").stopped(2, &["no test matches `nothing`"]);
}

#[test]
fn texts_that_are_not_utf8_are_told_by_place() {
    let world = World::sound();
    world.write("indicators/latin.ind", b"# a comment\n# caf\xE9\n");
    world.run("check").stopped(1, &["`indicators/latin.ind` is not UTF-8", "byte 0xE9 at line 2, column 6 (byte 17"]);
    world.write("indicators/latin.ind", b"\xFF\xFE#\0");
    world.run("check").stopped(1, &["UTF-16"]);
    world.write("indicators/latin.ind", [0_u8; 64]);
    assert_eq!(world.run("check").code, Some(1));
}

#[test]
fn a_mark_and_windows_line_ends_change_nothing() {
    let world = World::sound();
    let before = world.run("check --hash");
    let text = world.read("indicators/seen.ind").unwrap().replace('\n', "\r\n");
    world.write("indicators/seen.ind", format!("\u{feff}{text}"));
    assert_eq!(world.run("check --hash").fine().out, before.fine().out);
    world.run("test").fine();
}

#[test]
fn an_indicator_that_is_declared_twice_or_names_nothing_is_an_error() {
    let world = World::sound();
    let twice = INDICATOR.split("scorecard").next().unwrap();
    world.write("indicators/twice.ind", twice);
    let said = world.run("check");
    assert!(said.stopped(1, &[]).out.contains("seen_share"), "{said:#?}");
    world.write(
        "indicators/twice.ind",
        twice.replace("seen_share", "other").replace("cohort    visit", "cohort    vizit"),
    );
    let said = world.run("check");
    assert!(said.stopped(1, &[]).out.contains("did you mean `visit`?"), "{said:#?}");
}

/// Runs `check` on one odd text; it must end soon, with an error, and say little.
fn refused(text: &[u8]) {
    let world = World::sound();
    world.write("indicators/odd.ind", text);
    let start = Instant::now();
    let said = world.run("check");
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    assert!(said.out.len() < 200_000, "{} bytes of findings", said.out.len());
    assert!(said.out.contains("odd.ind") || said.err.contains("odd.ind"), "{}", said.out);
}

#[test]
fn ten_thousand_nested_brackets_are_refused() {
    for (open, close) in [("(", ")"), ("not (", ")"), ("{", "}"), ("(", "")] {
        let deep = format!("numerator {}seen{}", open.repeat(10_000), close.repeat(10_000));
        refused(INDICATOR.replace("seen_share", "deep").replace("numerator seen", &deep).as_bytes());
    }
}

#[test]
fn large_texts_are_read_or_refused_soon() {
    let comment = "# a comment that says nothing at all\n".repeat(10_000_000 / 37);
    let world = World::sound();
    world.write("indicators/large.ind", &comment);
    world.run("check").fine();
    refused("indicator ".repeat(1_000_000).as_bytes());
    refused("x".repeat(10_000_000).as_bytes());
    refused("\n(".repeat(5_000_000).as_bytes());
    refused("#".repeat(17 << 20).as_bytes());
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let world = World::sound();
    std::os::unix::fs::symlink(world.path().join("indicators"), world.path().join("indicators/again")).unwrap();
    assert!(world.run("check").fine().out.contains("2 files"));
}

#[test]
fn tests_pass_and_fail() {
    let world = World::sound();
    let said = world.run("test");
    assert!(said.fine().out.ends_with("1 passed, 0 failed\n"), "{said:#?}");
    let wrong = world
        .read("indicators/seen.ind")
        .unwrap()
        .replace(": 1 of 2", ": 2 of 2")
        .replace("v1 met held by w1", "v1 unmet");
    world.write("indicators/seen.ind", wrong);
    let said = world.run("test --filter seen_share");
    said.stopped(1, &[]);
    for words in [
        "FAIL seen_share",
        "expected window ending 2024-01-31: 2 of 2",
        "found    1 of 2",
        "v1 met",
        "         cohort: true\n         numerator: true\n         attributed on: 2024-01-",
        "0 passed, 1 failed",
    ] {
        assert!(said.out.contains(words), "`{words}` is not in {}", said.out);
    }
}

#[test]
fn explain_tells_what_an_indicator_reads_and_waits_for() {
    let world = World::sound();
    let said = world.run("explain seen_share --as-of 2024-03-31");
    for words in [
        "seen_share (indicators/seen.ind:2)",
        "each month",
        "for nothing",
        "2024-03-01 to 2024-03-31",
        "visit: ",
        "came_on",
        "plan",
    ] {
        assert!(said.fine().out.contains(words), "`{words}` is not in {}", said.out);
    }
    assert!(said.out.contains("rows of `visit`\n") && said.out.contains("together by "), "{said:#?}");
    let engine = world.run("explain seen_share --as-of 2024-03-31 --verbose");
    assert!(engine.fine().out.contains("TableScan: visit") && !said.out.contains("TableScan"), "{engine:#?}");
    assert!(world.run("explain e0101").fine().out.starts_with("# E0101"));
}

#[test]
fn explain_tells_what_indicators_share() {
    let world = World::sound();
    let said = world.run("explain --shared");
    assert!(said.fine().out.contains("Service scorecard: 1 indicator:\n"), "{said:#?}");
    world.write(
        "indicators/twin.ind",
        INDICATOR.replace("seen_share", "twin").replace("scorecard service", "scorecard more"),
    );
    let said = world.run("explain --shared");
    for words in ["2 indicators:\n", "`visit` (a visit) is used by all 2 indicators", "seen_share, twin"] {
        assert!(said.fine().out.contains(words), "`{words}` is not in {}", said.out);
    }
    let said = world.run("explain --shared --scorecard more --indicators indicators");
    assert!(said.fine().out.contains(": 1 indicator:\n") && !said.out.contains("seen_share"), "{said:#?}");
    world
        .run("explain --shared --scorecard mare")
        .stopped(2, &["there is no scorecard `mare`", "did you mean `more`?"]);
    world.run("explain").stopped(2, &["there is nothing to explain", "E0101", "`--shared`"]);
    world.run("explain --shared seen_share").stopped(2, &["cannot be used with"]);
    world.run("explain seen_share --scorecard more").stopped(2, &["cannot be used with"]);
    world.run("explain --scorecard more").stopped(2, &["--shared"]);
}

#[test]
fn describe_says_in_english_what_is_measured() {
    let world = World::sound();
    let said = world.run("describe seen_share");
    for words in [
        "Of visits in the month, what share was seen?",
        "Higher is better: a visit that is \"met\" is what is wanted.",
        "The measure is inferred: made up.",
        "A visit counts when the visit's \"came on\" is in the period.",
        "A visit is met when the visit's \"seen\" is true.",
        "green: 60% or more (inferred: made up)",
        "yellow: otherwise 30% or more (inferred); red: less than 30%",
        "The same for all indicators",
    ] {
        assert!(said.fine().out.contains(words), "`{words}` is not in {}", said.out);
    }
    let all = world.run("describe --all").fine().out.clone();
    assert!(all.starts_with("How to read this\n") && !all.contains("The same for all indicators"), "{all}");
    let own = said.out.split("\nThe same for all").next().unwrap();
    assert!(all.trim_end().ends_with(own.trim_end()), "{all}");
    world.run("describe --all --format markdown -o all.md").fine();
    let page = world.read("all.md").unwrap();
    assert!(
        page.starts_with("# How to read this\n\n## ") && page.contains("\n# Seen\n\n`seen_share`, meaning `"),
        "{page}"
    );
    world.write("indicators/a.ind", INDICATOR.replace("seen_share", "a").replace("numerator seen", "numerator sean"));
    world.run("describe seen_share").stopped(1, &["`sean`", "the definitions have"]);
}

#[test]
fn errors_come_before_warnings_and_kinds_of_warnings_can_be_allowed() {
    let world = World::sound();
    world.write("indicators/a.ind", INDICATOR.split("scorecard").next().unwrap().replace("seen_share", "a"));
    let said = world.run("check").fine().out.clone();
    let line = "warning W0805 at indicators/a.ind:2:11: no scorecard shows `a`; add it to a row of a scorecard\n";
    assert!(said.contains(line), "{said}");
    assert!(world.run("check --allow w0805").fine().out.ends_with("no errors\n"));
    world.run("check --allow W0999").stopped(2, &["there is no such warning", "W0807"]);
    world.run("check --allow E0101").stopped(2, &["an error cannot be allowed"]);
    world.write("indicators/z.ind", "indicator z {\n  window window\n}\n");
    let said = world.run("check --allow W0807").out.clone();
    let at = |words: &str| said.find(words).unwrap_or_else(|| panic!("no `{words}` in {said}"));
    assert!(at("error E0101") < at("warning W0805"), "{said}");
}

#[test]
fn describe_prints_the_lines_of_a_schedule() {
    let world = World::sound();
    let schedule = "table due \"a rule of a ward\" not fed {\n  kind { first, again }\n  days int?\n}\n";
    world.write("indicators/model.ind", format!("{MODEL}{schedule}"));
    let asks =
        INDICATOR.replace("seen_share", "due").replace("numerator seen", "numerator some due where kind = first");
    world.write("indicators/due.ind", asks.split("scorecard").next().unwrap());
    world.write("data/due.csv", "kind,days\nfirst,5\nagain,\n");
    let said = world.run("describe due --data data");
    let lines = "- due, each line a rule of a ward:\n    - kind first, days 5\n    - kind again, days (empty)\n";
    assert!(said.fine().out.contains(lines), "{}", said.out);
    assert!(
        world.run("describe due").fine().out.replace("\n    ", " ").contains("`yardstick describe --data DIR` prints")
    );
    world.write("data/due.csv", "kind,days\n");
    assert!(world.run("describe due --data data").fine().out.contains("a rule of a ward: it has no lines\n"));
    let said = world.run("describe seen_share --data data");
    assert!(said.code == Some(0) && said.err.contains("goes by no table that is `not fed`"), "{said:?}");
    world.run("describe due --data nowhere").stopped(3, &["nowhere"]);
    world.run("describe --all --data data").stopped(2, &["cannot be used with", "--all"]);
}

#[test]
fn what_has_changed_since_it_was_approved_is_said_sentence_by_sentence() {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("approved/model.ind", MODEL);
    world.write("approved/seen.ind", &text);
    let hash = world.run("check --hash").fine().out.split(' ').next().unwrap().to_owned();
    for since in ["approved", hash.as_str()] {
        let said = world.run(&format!("describe seen_share --since {since}"));
        assert!(said.fine().out.contains(&format!("The meaning is the same ({hash})")), "{said:?}");
        assert!(said.out.contains("To sign") && !said.out.contains("No longer said"), "{said:?}");
    }
    let changed = text.replace("at least 60%", "at least 70%").replace("was seen?", "was seen at all?");
    world.write("indicators/seen.ind", changed);
    let said = world.run("describe --all --since approved").fine().out.replace("\n    ", " ");
    for words in [
        format!("The meaning was {hash} and is "),
        "No longer said\n  - Standard and colour: For every period: green: 60% or more (inferred: made up)".to_owned(),
        "Now said\n  - Standard and colour: For every period: green: 70% or more (inferred: made up)".to_owned(),
        "was: Of visits in the month, what share was seen?".to_owned(),
        "approved on ____".to_owned(),
    ] {
        assert!(said.contains(&words), "`{words}` is not in {said}");
    }
    assert!(!said.contains("is met when"), "what stays is not repeated: {said}");
    world.run(&format!("describe seen_share --since {hash}")).stopped(2, &["has the meaning", "name a file or folder"]);
    world.run("describe seen_share --since nowhere").stopped(2, &["nowhere"]);
}

#[test]
fn definitions_without_a_model_say_so() {
    let world = World::sound();
    fs::remove_file(world.path().join("indicators/model.ind")).unwrap();
    assert_eq!(world.run("check").code, Some(1));
    world.write("elsewhere/model.ind", MODEL);
    world.run("scorecard elsewhere --data data").stopped(1, &["contain no indicator"]);
}

/// The engine walks the trees of conditions by recursion.
#[test]
fn long_lists_of_conditions_are_run() {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    for join in [" and ", " or "] {
        let long = vec!["seen"; 3_000].join(join);
        world.write("indicators/seen.ind", text.replace("numerator seen", &format!("numerator {long}")));
        let said = world.run("test --engine both");
        assert!(said.fine().out.ends_with("1 passed, 0 failed\n"), "{said:#?}");
    }
}
