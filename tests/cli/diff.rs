//! `diff`, and `test --suggest`: what changed in meaning, and the rows that show it.

use super::world::{INDICATOR, MODEL, Said, TEST, World};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// A world with the definitions before in `old` and a changed one in `indicators`.
fn changed(from: &str, to: &str) -> World {
    let world = World::sound();
    world.write("old/model.ind", MODEL);
    world.write("old/seen.ind", format!("{INDICATOR}{TEST}"));
    let new = format!("{INDICATOR}{TEST}").replace(from, to);
    assert_ne!(new, format!("{INDICATOR}{TEST}"), "{from}");
    world.write("indicators/seen.ind", new);
    world
}

/// The test block of an answer in Markdown.
fn block(markdown: &str) -> String {
    let after = markdown.split("\n```\n# The old definition says").nth(1).unwrap_or_else(|| panic!("{markdown}"));
    format!("# The old definition says{}", after.split("```").next().unwrap())
}

/// The test that tells the two apart holds under the new definition and not under the old one.
fn tells_apart(world: &World) -> String {
    world.run("diff old indicators -o changes.md").fine();
    let block = block(&world.read("changes.md").unwrap());
    for folder in ["old", "indicators"] {
        let text = world.read(&format!("{folder}/seen.ind")).unwrap();
        world.write(&format!("{folder}/seen.ind"), format!("{text}\n{block}"));
    }
    assert!(world.run("test indicators").code == Some(0), "{block}");
    assert!(world.run("test old").code == Some(1), "{block}");
    block
}

#[test]
fn a_change_is_told_by_clause_by_sentence_and_by_the_smallest_history() {
    let world =
        changed("cohort    visit where came_on in window", "cohort    visit where came_on in window and seen is known");
    insta::assert_snapshot!(world.run("diff old").fine().out);
    tells_apart(&world);
    let world = changed("at least 60%", "at least 70%");
    let block = tells_apart(&world);
    assert!(block.contains("2 of 3, yellow") || block.contains("of 8, yellow"), "{block}");
    let world = changed("window    month", "window    month\n  lag       1 month");
    assert!(tells_apart(&world).contains("not observable"));
}

#[test]
fn what_came_what_went_and_what_is_only_written_otherwise_is_told_apart() {
    let world = World::sound();
    world.write("old/model.ind", MODEL);
    let text = format!("{INDICATOR}{TEST}");
    let other = INDICATOR.split("\nscorecard").next().unwrap();
    world.write("old/seen.ind", format!("{text}{}", other.replace("seen_share", "left").replace("60%", "61%")));
    let named = other.replace("seen_share", "came").replace("60%", "62%");
    let reworded = text.replace("\"Seen\"", "\"Seen at all\"");
    let new_name = other.replace("seen_share", "gone_by").replace("60%", "61%");
    world.write("indicators/seen.ind", format!("{reworded}{named}{new_name}"));
    let said = world.run("diff old indicators").fine().out.clone();
    for words in [
        "1 added, 1 renamed, 1 written otherwise with the same meaning, 0 as before",
        "came: added",
        "gone_by: renamed, before left; the meaning is unchanged",
        "seen_share: written otherwise; the meaning is unchanged",
        "is: Seen at all",
    ] {
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
    let back = world.run("diff indicators old").fine().out.clone();
    assert!(back.contains("left: renamed, before gone_by") && back.contains("came: dropped"), "{back}");
    let same = world.run("diff old old").fine().out.clone();
    assert_eq!(same, "From old to old: 2 as before.\n");
}

/// Runs `git` in a world.
fn git(world: &World, words: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]);
    let done = command.args(words).current_dir(world.path()).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn a_revision_is_read_from_git() {
    let world = World::sound();
    git(&world, &["init", "-q"]);
    git(&world, &["add", "."]);
    git(&world, &["commit", "-q", "-m", "first"]);
    let text = world.read("indicators/seen.ind").unwrap().replace("numerator seen", "numerator not seen");
    world.write("indicators/seen.ind", &text);
    for old in ["HEAD", "HEAD:indicators", "HEAD:indicators/seen.ind"] {
        let said = world.run(&format!("diff {old}")).fine().out.clone();
        assert!(said.contains("seen_share: changed") && said.contains("new  numerator not seen"), "{said}");
        assert!(said.contains("expect v1 unmet") || said.contains("expect v1 met"), "{said}");
    }
    git(&world, &["commit", "-q", "-a", "-m", "second"]);
    let said = world.run("diff HEAD~1 HEAD").fine().out.clone();
    assert!(said.starts_with("From HEAD~1 to HEAD: 1 changed, 0 as before."), "{said}");
    world.run("diff nowhere").stopped(2, &["`nowhere` is no file and no folder", "`git` knows no revision"]);
    world.run("diff HEAD:nowhere").stopped(2, &["revision `HEAD` has no `nowhere`"]);
    world.run("diff HEAD:data").stopped(2, &["holds no `.ind` file"]);
    world.run("diff HEAD --indicator seen_shore").stopped(2, &["neither of the two", "did you mean `seen_share`?"]);
    let without = world.command("diff HEAD").env("PATH", "").output().unwrap();
    Said::of(without).stopped(2, &["the program `git` is needed", "install `git`"]);
}

#[test]
fn mistakes_are_told_of_the_version_that_has_them() {
    let world = changed("numerator seen", "numerator sean");
    world.run("diff old indicators").stopped(1, &["`sean`", "`indicators`: the definitions have 1 error"]);
    world.run("diff old indicators -o x.doc").stopped(2, &["no answer has the file ending `.doc`"]);
}

#[test]
fn rows_that_move_and_cells_that_change_are_told_on_data() {
    let world = changed("visit where came_on in window", "visit where came_on in window and ward.name = \"North\"");
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text.split("\ntest ").next().unwrap());
    let said = world.run("diff old indicators --data data").fine().out.clone();
    for words in [
        "The window ending 2024-03-31, on data through 2024-03-31",
        "2 rows leave the cohort: v3, v4",
        "1 row leave the numerator: v3",
        "town town: 50 (2 of 4), yellow is now 50 (1 of 2), yellow",
        "ward w2: 50 (1 of 2), yellow is now no cases",
    ] {
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
    let json = world.run("diff old indicators --data data --format json").fine().out.clone();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let moves = &json["indicators"][0]["moves"];
    assert_eq!(moves["rows"][0]["ids"], serde_json::json!(["v3", "v4"]), "{moves}");
    assert!(json["indicators"][0]["history"]["test"].as_str().unwrap().contains("expect"), "{json}");
}

/// The ids of the rows that are so in the latest window of the example county.
fn ids(world: &World, folder: &str, data: &Path, words: &str) -> BTreeSet<String> {
    let command = format!(
        "cases reentry_into_foster_care --indicators {folder} --data {} --window 2025-10-31 --format json {words}",
        data.display()
    );
    let out = world.run(&command).fine().out.clone();
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn on_the_example_county_the_rows_that_move_are_those_in_which_the_two_lists_of_cases_differ() {
    let world = World::sound();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("indicators/tier1/reentry_into_foster_care.ind")).unwrap();
    let model = std::fs::read_to_string(root.join("indicators/model.ind")).unwrap();
    let new = text.replace("exited_on + 12 months", "exited_on + 6 months").replace("last removal", "first removal");
    let (new, _) = new.split_once("\ntest ").unwrap();
    for (folder, text) in [("before", text.as_str()), ("after", new)] {
        world.write(&format!("{folder}/model.ind"), &model);
        world.write(&format!("{folder}/reentry.ind"), text);
    }
    let data = root.join("examples/county/data");
    let out = world.run(&format!("diff before after --data {} --format json", data.display())).fine().out.clone();
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let moves = &json["indicators"][0]["moves"];
    assert_eq!(moves["window"], "2025-10-31", "{moves}");
    let rows = |what: &str| -> BTreeSet<String> {
        let found = moves["rows"].as_array().unwrap().iter().find(|rows| rows["what"] == what);
        let ids = found.map(|rows| rows["ids"].as_array().unwrap().clone()).unwrap_or_default();
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let [before, after] = ["before", "after"].map(|folder| ids(&world, folder, &data, "--met"));
    assert_eq!(rows("leave the numerator"), before.difference(&after).cloned().collect());
    assert_eq!(rows("come into the numerator"), after.difference(&before).cloned().collect());
    let [before, after] = ["before", "after"].map(|folder| -> BTreeSet<String> {
        ["--met", "--unmet", "--undetermined"].iter().flat_map(|words| ids(&world, folder, &data, words)).collect()
    });
    assert_eq!(rows("leave the denominator"), before.difference(&after).cloned().collect());
    assert_eq!(rows("come into the denominator"), after.difference(&before).cloned().collect());
    assert!(!rows("leave the numerator").is_empty() && !moves["cells"].as_array().unwrap().is_empty(), "{moves}");
}

#[test]
fn suggested_tests_hold_and_are_not_suggested_again() {
    let world = World::sound();
    let first = world.run("test --suggest seen_share").fine().out.clone();
    assert!(
        first.contains("not approved yet") && first.contains("`came_on in window`, on the day after the last"),
        "{first}"
    );
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", format!("{text}\n{first}"));
    assert_eq!(world.run("test").code, Some(0), "{first}");
    let again = world.run("test --suggest seen_share").fine().out.clone();
    assert!(!again.contains("\ntest "), "{again}");
    world.run("test --suggest nothing").stopped(2, &["there is no indicator `nothing`"]);
}

#[test]
fn where_months_have_no_such_day_it_is_said_in_which_clause_that_decides() {
    let world = World::sound();
    let other = INDICATOR.split("\nscorecard").next().unwrap().replace("seen_share", "soon");
    world.write("indicators/soon.ind", other.replace("numerator seen", "numerator some visit as later where later.came_on after came_on and later.came_on before came_on + 1 month"));
    let said = world.run("check --calendar indicators").fine().out.clone();
    assert!(said.contains("soon: it decides in `numerator` on 20"), "{said}");
    assert!(said.contains("It can decide an outcome of 1 indicator. Of 1 no clause"), "{said}");
    let block = said.split("# Where days").nth(1).unwrap().split("\n}\n").next().unwrap();
    let text = world.read("indicators/soon.ind").unwrap();
    world.write("indicators/soon.ind", format!("{text}\n# Where days{block}\n}}\n"));
    assert_eq!(world.run("test").code, Some(0), "{block}");
}

/// Copies the files with definitions of a folder and those below it.
fn copied(from: &Path, world: &World, to: &str) {
    for path in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let name = format!("{to}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            copied(&path, world, &name);
        } else if path.extension().is_some_and(|ending| ending == "ind") {
            world.write(&name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let world = World::sound();
    std::fs::remove_dir_all(world.path().join("indicators")).unwrap();
    copied(&root.join("indicators"), &world, "main");
    copied(&root.join("indicators"), &world, "indicators");
    let file = "indicators/tier1/reentry_into_foster_care.ind";
    let text = world.read(file).unwrap();
    let new = text.split("\ntest ").next().unwrap().replace("before exited_on + 12", "on or before exited_on + 12");
    world.write(file, new);
    let out = world.run("diff main").fine().out.clone();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let shown = readme.split("$ yardstick diff main\n").nth(1).unwrap().split("\n```").next().unwrap();
    for part in shown.split("\n...\n") {
        assert!(out.contains(part), "README.md shows\n{part}\nand this is printed:\n{out}");
    }
}
