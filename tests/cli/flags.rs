//! The same flags mean the same in every command.

use super::world::World;

#[test]
fn definitions_are_named_alike_everywhere() {
    let world = World::sound();
    std::fs::rename(world.path().join("indicators"), world.path().join("defs")).unwrap();
    for command in ["scorecard", "book", "cases seen_share", "trend seen_share"] {
        world.measure(&format!("{command} --indicators defs")).fine();
        world.measure(command).stopped(2, &["`indicators` cannot be read"]);
    }
    for command in ["scorecard defs", "book defs", "refresh defs"] {
        world.measure(command).fine();
    }
    for command in ["check", "test", "describe seen_share", "explain seen_share", "data data"] {
        world.run(&format!("{command} --indicators defs")).fine();
    }
    // One file and another, by position or by name.
    world.run("check defs/seen.ind --indicators defs/model.ind").fine();
    let both = world.run("check defs/model.ind --indicators defs/seen.ind");
    assert!(both.fine().out.starts_with("2 files: 1 indicator"), "{}", both.out);
}

#[test]
fn a_format_is_chosen_by_the_ending_everywhere() {
    let world = World::sound();
    for (command, file, words) in [
        ("describe seen_share", "a.md", "# Seen"),
        ("describe seen_share", "a.txt", "Seen"),
        ("cases seen_share --data data", "a.csv", "id,outcome"),
        ("cases seen_share --data data", "a.JSON", "{"),
        ("data --data data", "b.json", "{"),
        ("scorecard --data data", "b.md", "# "),
    ] {
        world.run(&format!("{command} -o {file}")).fine();
        let text = world.read(file).unwrap();
        assert!(text.trim_start_matches('[').trim_start().starts_with(words), "{command} -o {file}: {text}");
    }
    for command in ["describe seen_share", "cases seen_share --data data", "data data", "scorecard --data data"] {
        world.run(&format!("{command} -o a.docx")).stopped(2, &["the file ending `.docx`", "--format"]);
    }
    // One name for one form, and those of before.
    for (command, forms) in [
        ("describe seen_share", ["md", "markdown"]),
        ("scorecard --data data", ["md", "markdown"]),
        ("scorecard --data data", ["table", "text"]),
        ("cases seen_share --data data", ["table", "text"]),
        ("data data", ["text", "table"]),
    ] {
        let [one, other] = forms.map(|form| world.run(&format!("{command} --format {form}")).fine().out.clone());
        assert_eq!(one, other, "{command}");
    }
}

#[test]
fn a_window_is_asked_for_alike_in_cases_and_relate() {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/other.ind", text.split("scorecard").next().unwrap().replace("seen_share", "other"));
    let relate = |words: &str| world.measure(&format!("relate seen_share other --level ward --format csv {words}"));
    assert_eq!(relate("--window 2024-02-29").fine().out, relate("--window-end 2024-02-29").fine().out);
    relate("--window quarter").fine();
    relate("--window mnth").stopped(2, &["`mnth` is no window"]);
}
