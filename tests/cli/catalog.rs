//! `yardstick catalog`: a folder of pages, and what stands on them.

use super::world::World;
use crate::report::page::seen;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The files of a catalogue by their names.
fn files(world: &World, folder: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(world.path().join(folder)).unwrap();
    let read = entries.map(|entry| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
    });
    read.collect()
}

fn meaning(world: &World) -> String {
    world.run("check --hash --allow W0816 --allow W0817").fine().out.split_whitespace().next().unwrap().to_owned()
}

/// The world with these clauses in its indicator.
fn with(clauses: &str) -> World {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text.replace("  window ", &format!("  {clauses}\n  window ")));
    world
}

/// What stands between this and the end of its element.
fn after<'p>(page: &'p str, head: &str) -> &'p str {
    page.split(head).nth(1).unwrap_or_else(|| panic!("no {head} in\n{page}")).split("</").next().unwrap()
}

/// The values of this attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let begins = format!(" {attribute}=\"");
    page.split(begins.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn a_catalogue_says_all_that_the_definitions_say() {
    let world = with("owner \"Desk\"  review by 2024-06-30");
    let text = world.read("indicators/seen.ind").unwrap();
    let owner = "  owner \"Desk\"";
    let approval = format!("  approved by \"Board\" on 2024-01-15 as meaning \"{}\"\n{owner}", meaning(&world));
    world.write("indicators/seen.ind", text.replace(owner, &approval));
    let said = world.run("catalog -o pages").fine().out.clone();
    assert_eq!(said, "pages: 1 indicator, 2 tables; begin with pages/index.html\n");
    let pages = files(&world, "pages");
    let index = &pages["index.html"];
    for said in ["Seen", "seen_share", "Of visits in the month", "Desk", ">approved<", "30 Jun 2024", "a visit"] {
        assert!(index.contains(said), "no {said} in\n{index}");
    }
    let page = &pages["indicator-seen_share.html"];
    for said in [
        "Approved as it stands: by Board, on 15 January 2024.",
        "by 30 Jun 2024",
        "green: 60% or more",
        "one of two was seen",
        "1, and all hold.",
        "Of what there is to show, ",
        "Of changes by one step, tests notice ",
        "Service scorecard",
        "<a href=\"table-visit.html\">visit</a>: came_on, seen, ward",
        "<span class=\"k\">cohort</span>",
        "<a href=\"table-visit.html#came_on\">came_on</a>",
    ] {
        assert!(page.contains(said), "no {said} in\n{page}");
    }
    let table = &pages["table-visit.html"];
    for said in
        ["One row is a visit.", "<a href=\"table-ward.html\">ward</a>", "ward_id", "may be missing; true or false"]
    {
        assert!(table.contains(said), "no {said} in\n{table}");
    }
}

#[test]
fn an_approval_of_another_meaning_and_a_review_that_is_due_are_told_apart() {
    let world = with("approved by \"Board\" on 2024-01-15 as meaning \"0123456789abcdef\" review by 2024-03-31");
    let now = meaning(&world);
    let page = |flags: &str| {
        world.run(&format!("catalog -o pages {flags}")).fine();
        let pages = files(&world, "pages");
        (pages["index.html"].clone(), pages["indicator-seen_share.html"].clone())
    };
    let (index, own) = page("--as-of 2024-03-31");
    let said = format!("approved by Board on 15 January 2024 as meaning 0123456789abcdef; it is now {now}.");
    assert!(own.contains(&format!("Not approved as it stands: {said}")), "{own}");
    assert!(index.contains("not approved as it stands") && index.contains("reviews due: 1"), "{index}");
    assert!(own.contains("due: it was to be by 31 Mar 2024"), "{own}");
    // A day before, and without a day, it is not due.
    let (index, own) = page("--as-of 2024-03-30");
    assert!(index.contains("reviews due: 0") && !own.contains("due: it was"), "{own}");
    let (index, own) = page("");
    assert!(!index.contains("reviews due") && !own.contains("due: it was") && own.contains("by 31 Mar 2024"), "{own}");
    // The numbers are computed all the same.
    assert_eq!(world.measure("scorecard").code, Some(0));
    let found = world.run("check --as-of 2024-03-31").out;
    assert!(found.contains("W0816") && found.contains("W0817"), "{found}");
    assert!(!world.run("check").out.contains("W0817"));
}

#[test]
fn a_finding_about_an_approval_can_be_an_error_and_is_never_mended() {
    let world = with("approved by \"Board\" on 2024-01-15");
    let text = world.read("indicators/seen.ind").unwrap();
    let found = world.run("check --fix").out.split_whitespace().collect::<Vec<_>>().join(" ");
    let write = format!("as meaning \"{}\"", meaning(&world));
    assert!(found.contains("W0816") && found.contains(&write), "{found}");
    assert_eq!(world.read("indicators/seen.ind").unwrap(), text);
    world.write("yardstick.toml", "[lints]\nnot-as-approved = \"error\"\n");
    assert_eq!(world.run("check").code, Some(1));
    world.write("yardstick.toml", "[lints]\nnot-as-approved = \"off\"\n");
    assert!(!world.run("check").out.contains("W0816"));
    let csv = world.run("list --format csv").fine().out.clone();
    assert!(csv.trim_end().ends_with(",,not approved as it stands,Board,2024-01-15,"), "{csv}");
    let table = world.run("list").fine().out.clone();
    assert!(table.contains("not approved as it stands") && table.contains("review by"), "{table}");
}

#[test]
fn pages_need_nothing_else_and_lead_to_each_other() {
    let world = World::sound();
    world.run("catalog -o pages --no-mutants").fine();
    let pages = files(&world, "pages");
    let html = || pages.iter().filter(|(name, _)| name.ends_with(".html"));
    let ids: BTreeSet<String> =
        html().flat_map(|(name, page)| values(page, "id").into_iter().map(move |id| format!("{name}#{id}"))).collect();
    for (name, page) in html() {
        let own = values(page, "id");
        assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len(), "{name}: {own:?}");
        for link in values(page, "href").into_iter().chain(values(page, "src")) {
            let (file, part) = link.split_once('#').map_or((link, None), |(file, part)| (file, Some(part)));
            assert!(pages.contains_key(file), "{name}: {link}");
            assert!(part.is_none_or(|part| ids.contains(&format!("{file}#{part}"))), "{name}: {link}");
        }
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">") && page.contains("<main>"), "{page}");
        assert_eq!(page.matches("<h1>").count(), 1, "{name}");
        assert!(!after(page, "<title>").is_empty(), "{name}");
        assert_eq!(page.matches("<table").count(), page.matches("<caption>").count(), "{name}");
    }
    for (name, text) in &pages {
        assert!(!text.contains("http") && !text.contains("url("), "{name}");
    }
    let index = &pages["index.html"];
    let labels: Vec<&str> = values(index, "for");
    assert!(labels.contains(&"words") && index.contains("<p id=\"found\" role=\"status\">"), "{index}");
}

#[test]
fn a_catalogue_is_whole_and_in_the_place_of_nothing_else() {
    let world = World::sound();
    world.run("catalog -o pages").fine();
    let (before, first) = (world.files(), files(&world, "pages"));
    world.run("catalog -o pages --threads 1").fine();
    assert_eq!((world.files(), files(&world, "pages")), (before, first));
    // One that holds less than before leaves nothing of it.
    let model = world.read("indicators/model.ind").unwrap();
    let text = world.read("indicators/seen.ind").unwrap();
    let other = text.split("scorecard").next().unwrap().replace("seen_share", "other");
    world.write("indicators/other.ind", other);
    world.run("catalog -o pages").fine();
    assert!(files(&world, "pages").contains_key("indicator-other.html"));
    fs::remove_file(world.path().join("indicators/other.ind")).unwrap();
    world.run("catalog -o pages").fine();
    assert!(!files(&world, "pages").contains_key("indicator-other.html"));
    world.write("pages/mine.txt", "mine");
    world.run("catalog -o pages").stopped(2, &["holds `mine.txt`, which is no page of this command"]);
    assert_eq!(world.read("pages/mine.txt").unwrap(), "mine");
    world.run("catalog -o indicators").stopped(2, &["which is no page of this command"]);
    world.run("catalog -o data/ward.csv").stopped(2, &["is a file", "a folder of pages"]);
    world.run("catalog -o no/where").stopped(2, &["there is no folder `no`"]);
    world.run("catalog").stopped(2, &["--output"]);
    world.run("catalog -o new --as-of soon").stopped(2, &["soon"]);
    // With errors nothing is written.
    world.write("indicators/model.ind", model.replace("came_on  date", "came  date"));
    world.run("catalog -o new").stopped(1, &["the definitions have"]);
    assert!(!world.path().join("new").exists());
}

#[test]
fn a_test_that_does_not_hold_is_told_and_nothing_is_said_of_what_tests_show() {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text.replace("1 of 2", "2 of 2"));
    world.run("catalog -o pages").fine();
    let pages = files(&world, "pages");
    assert!(pages["index.html"].contains("Tests that do not hold: 1."), "{}", pages["index.html"]);
    let page = &pages["indicator-seen_share.html"];
    assert!(
        page.contains("1 of 1 do not hold") && page.contains("Expected window ending 2024-01-31: 2 of 2; found 1 of 2"),
        "{page}"
    );
    assert!(page.contains("A test of these definitions does not hold") && !page.contains("tests notice"), "{page}");
}

#[test]
fn texts_are_texts_whatever_they_hold() {
    let odd = "<script>alert(1)</script> \u{202e}& 'x' `y`";
    let world = with(&format!("owner \"{odd}\"  reading \"{odd}\"  approved by \"{odd}\" on 2024-01-15"));
    world.run("catalog -o pages").fine();
    for (name, page) in files(&world, "pages") {
        assert!(!page.contains("<script>") && !page.contains('\u{202e}'), "{name}");
    }
    assert!(world.read("pages/index.html").unwrap().contains("&#60;script&#62;"));
}

#[test]
fn a_browser_finds_indicators_by_their_words() {
    let world = with("owner \"Büro\"");
    let text = world.read("indicators/seen.ind").unwrap();
    let other = text.split("scorecard").next().unwrap().replace("seen_share", "other").replace("Büro", "Desk");
    world.write("indicators/other.ind", other.replace("\"Seen\"", "\"Another\""));
    world.run("catalog -o pages --no-mutants --as-of 2024-03-31").fine();
    let pages = files(&world, "pages");
    let script = format!("<script>{}</script>", pages["catalogue.js"]);
    let page = pages["index.html"].replace("<script src=\"catalogue.js\"></script>", &script);
    let steps = "const find = (text) => { const words = one('#words'); words.value = text; \
        words.dispatchEvent(new Event('input', { bubbles: true })); \
        return all('#indicators tbody tr').filter((row) => !row.hidden).map((row) => row.querySelector('.id').textContent); }; \
        said.hidden = one('#search').hidden; said.all = find(''); said.accent = find('buro'); said.two = find('visits  desk'); \
        said.none = find('nothing at all'); said.found = one('#found').textContent; find(''); \
        one('#due').click(); said.due = one('#found').textContent;";
    let Some(said) = seen(&page, ("catalogue", "", "1000,900"), steps) else { return };
    assert_eq!(said["hidden"], false);
    assert_eq!(said["all"], serde_json::json!(["other", "seen_share"]));
    assert_eq!(said["accent"], serde_json::json!(["seen_share"]));
    assert_eq!(said["two"], serde_json::json!(["other"]));
    assert_eq!((&said["none"], &said["found"]), (&serde_json::json!([]), &serde_json::json!("0 indicators")));
    assert_eq!(said["due"], "0 indicators");
}
