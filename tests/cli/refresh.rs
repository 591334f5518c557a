//! `refresh`: a folder for each month, what moved since the one before, and nothing half done.

use super::world::{INDICATOR, World};
use crate::publications::attack::Attack;
use std::collections::BTreeMap;
use std::fs;

const OUTSIDE: &str = "scorecard outside \"For readers outside\" {\n  service: seen_share\n  hide counts under 5\n}\n";

/// With data through March, and a name that Markdown would read as marks.
fn world() -> World {
    let world = World::sound();
    world.write("data/ward.csv", "ward_id,name\nw1,\"North | <b>*one*</b>\"\nw2,South\n");
    world
}

/// April has come: a visit of April, and one of March that was entered late.
fn april(world: &World) {
    let visits = world.read("data/visit.csv").unwrap() + "v6,w1,2024-04-10,false\nv7,w2,2024-03-20,false\n";
    world.write("data/visit.csv", visits.replace("v4,w2,2024-03-16,\n", "v4,w2,2024-03-16,true\n"));
    world.write("data/dataset.toml", "as_of = 2024-04-30\nname = \"Two wards\"\n");
}

fn names(world: &World, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(world.path().join(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_month_stands_beside_the_one_before_and_what_moved_is_said_with_its_reason() {
    let world = world();
    world.write("indicators/outside.ind", OUTSIDE);
    let first = world.measure("refresh").fine().out.clone();
    assert!(
        first.contains("no month before it") && first.contains("public/ (3 files, for readers outside)"),
        "{first}"
    );
    let files = [
        "catalogue.md",
        "data.txt",
        "definitions",
        "manifest.json",
        "public",
        "results.csv.gz",
        "scorecard.html",
        "scorecard.xlsx",
    ];
    assert_eq!(names(&world, "published/2024-03"), files);
    let catalogue = world.read("published/2024-03/catalogue.md").unwrap();
    let described = world.run("describe seen_share --format markdown").fine().out.clone();
    let measured = described.split("What is measured").nth(1).unwrap().split("\n#").next().unwrap();
    assert!(catalogue.contains(measured) && catalogue.contains("seen_share"), "{catalogue}");
    assert_eq!(names(&world, "published/2024-03/public"), ["results.csv", "scorecard.html", "scorecard.xlsx"]);
    assert!(world.read("published/latest/scorecard.html").unwrap().contains("Mar 2024"));
    april(&world);
    world.measure("refresh").fine();
    assert_eq!(names(&world, "published"), [".refresh.lock", "2024-03", "2024-04", "latest"]);
    assert!(world.read("published/latest/scorecard.html").unwrap().contains("Apr 2024"));
    insta::assert_snapshot!("refresh_changes", world.read("published/2024-04/changes.md").unwrap());
    let manifest: serde_json::Value =
        serde_json::from_str(&world.read("published/latest/manifest.json").unwrap()).unwrap();
    assert_eq!((&manifest["before"]["month"], &manifest["tables"]["visit"]["read"]), (&"2024-03".into(), &7.into()));
    assert!(
        manifest["data"]["visit.csv"].is_string() && manifest["definitions"]["model.ind"].is_string(),
        "{manifest}"
    );
}

#[test]
fn the_same_month_again_changes_nothing_and_another_takes_its_place_only_when_asked() {
    let world = world();
    world.measure("refresh --keep-data").fine();
    let before = world.read("published/2024-03/manifest.json");
    let again = world.measure("refresh --keep-data").fine().out.clone();
    assert!(again.contains("nothing to do"), "{again}");
    world.write("indicators/seen.ind", INDICATOR.replace("at least 60%", "at least 70%"));
    let refused = world.measure("refresh");
    assert!(refused.code == Some(2) && refused.err.contains("1 file of the definitions"), "{refused:?}");
    assert_eq!(world.read("published/2024-03/manifest.json"), before);
    world.measure("refresh --replace").fine();
    assert_eq!(world.read("published/2024-03.replaced-1/manifest.json"), before);
    assert_ne!(world.read("published/2024-03/manifest.json"), before);
}

/// As a run leaves it that is killed between making room for a month and putting the new one there.
#[test]
fn a_month_that_made_room_for_none_is_put_back() {
    let world = world();
    world.measure("refresh").fine();
    let place = |name: &str| world.path().join("published").join(name);
    let before = world.read("published/2024-03/manifest.json");
    fs::rename(place("2024-03"), place("2024-03.replaced-1")).unwrap();
    // Somebody moved it away, and it stays there.
    world.measure("refresh").fine();
    assert_eq!(world.read("published/2024-03.replaced-1/manifest.json"), before);
    fs::rename(place("2024-03"), place(".refresh-2024-03-ab12cd")).unwrap();
    april(&world);
    world.measure("refresh").fine();
    assert_eq!(world.read("published/2024-03/manifest.json"), before);
    assert_eq!(names(&world, "published"), [".refresh.lock", "2024-03", "2024-04", "latest"]);
}

#[test]
fn a_month_is_made_again_byte_by_byte_from_what_its_folder_keeps() {
    let world = world();
    world.measure("refresh --keep-data").fine();
    april(&world);
    world.measure("refresh").fine();
    let said = world.run("refresh --verify 2024-03").fine().out.clone();
    assert!(said.contains("each made again with the same bytes"), "{said}");
    world.measure("refresh --verify 2024-04").fine();
    // The data it was made from is not there.
    let visits = world.read("data/visit.csv").unwrap() + "v8,w1,2024-04-11,true\n";
    world.write("data/visit.csv", visits);
    let refused = world.measure("refresh --verify 2024-04");
    assert!(refused.code == Some(3) && refused.err.contains("1 file of the data"), "{refused:?}");
    // Somebody wrote in the folder.
    world.write("published/2024-03/data.txt", "all is well\n");
    let refused = world.run("refresh --verify 2024-03");
    assert!(refused.code == Some(3) && refused.err.contains("not the file that was written"), "{refused:?}");
    for (words, message) in [("2024-13", "no month `2024-13`"), ("../data", "no month"), ("2023-01", "no month")] {
        let refused = world.run(&format!("refresh --verify {words}"));
        assert!(refused.code == Some(2) && refused.err.contains(message), "{refused:?}");
    }
}

#[test]
fn a_month_may_hold_a_book_of_each_entity_of_a_level() {
    let world = world();
    let said = world.measure("refresh --books ward --keep-data").fine().out.clone();
    assert!(said.contains("books/ (2 of ward)"), "{said}");
    assert_eq!(names(&world, "published/2024-03/books"), ["w1.html", "w2.html"]);
    april(&world);
    world.measure("refresh --books ward").fine();
    let book = world.read("published/2024-04/books/w2.html").unwrap();
    assert!(book.contains("what was published of it as of 31 Mar 2024") && !book.contains("BLAKE3"), "{book}");
    // As of the same month: with the same books, and with none.
    assert!(world.measure("refresh --books ward").fine().out.contains("nothing to do"));
    let refused = world.measure("refresh");
    assert!(refused.code == Some(2) && refused.err.contains("its books are of ward"), "{refused:?}");
    for month in ["2024-03", "2024-04"] {
        let said = world.measure(&format!("refresh --verify {month}")).fine().out.clone();
        assert!(said.contains("each made again with the same bytes"), "{said}");
    }
    let refused = world.measure("refresh --books wards --to elsewhere");
    assert!(refused.code == Some(2) && refused.err.contains("`wards`"), "{refused:?}");
    assert!(!world.path().join("elsewhere").exists());
}

#[test]
fn what_is_not_whole_or_not_the_month_is_refused() {
    let world = world();
    let refused = world.measure("refresh --as-of 2024-03-30");
    assert!(refused.code == Some(2) && refused.err.contains("--as-of 2024-02-29"), "{refused:?}");
    world.write("data/visit.csv", "visit_id,ward_id,came_on,seen\n");
    let refused = world.measure("refresh");
    assert!(refused.code == Some(3) && refused.err.contains("visit") && refused.err.contains("--allow"), "{refused:?}");
    assert_eq!(names(&world, "published"), [".refresh.lock"]);
    world.measure("refresh --allow").fine();
    let manifest = world.read("published/latest/manifest.json").unwrap();
    assert!(manifest.contains("visit"), "{manifest}");
}

#[test]
fn two_do_not_work_at_once_and_what_a_killed_one_left_is_taken_away() {
    let world = world();
    fs::create_dir_all(world.path().join("published/.refresh-2024-03-abc")).unwrap();
    let lock = fs::File::create(world.path().join("published/.refresh.lock")).unwrap();
    lock.lock().unwrap();
    let refused = world.measure("refresh");
    assert!(refused.code == Some(2) && refused.err.contains("another `refresh`"), "{refused:?}");
    lock.unlock().unwrap();
    world.measure("refresh").fine();
    assert_eq!(names(&world, "published"), [".refresh.lock", "2024-03", "latest"]);
}

/// Visits of three wards in each month of 2022 and 2023, and of those months of 2024 that are asked
/// for: many in two, few in the third.
fn three_wards(months_of_2024: u32) -> World {
    let world = World::sound();
    let yearly = INDICATOR.replace("window    month", "window    12 months").replace("at least 60%", "at least 40%");
    world.write("indicators/seen.ind", yearly);
    world.write("indicators/outside.ind", OUTSIDE.replace("under 5", "under 11"));
    world.write("data/ward.csv", "ward_id,name\nw1,=North\nw2,South\nw3,West\n");
    more_months(&world, months_of_2024);
    world
}

fn more_months(world: &World, months_of_2024: u32) {
    let mut visits = String::from("visit_id,ward_id,came_on,seen\n");
    let months = (2022..2024).flat_map(|year| (1..=12).map(move |month| (year, month)));
    for (year, month) in months.chain((1..=months_of_2024).map(|month| (2024, month))) {
        for (ward, number) in [("w1", 12), ("w2", 8), ("w3", month % 2)] {
            for n in 0..number {
                visits += &format!("{year}.{month}.{ward}.{n},{ward},{year}-{month:02}-{:02},{}\n", n + 1, n % 2 == 0);
            }
        }
    }
    world.write("data/visit.csv", visits);
    let last = ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"][months_of_2024 as usize];
    world.write("data/dataset.toml", format!("as_of = {last}\nname = \"Three wards\"\n"));
}

/// The rows but for the day they were made on.
fn without_as_of(csv: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut rows: Vec<Vec<String>> = csv.lines().map(cells).collect();
    let as_of = rows[0].iter().position(|name| name == "as_of").unwrap();
    rows.iter_mut().for_each(|row| drop(row.remove(as_of)));
    rows
}

#[test]
fn what_readers_outside_have_seen_stays_and_gives_nothing_away_with_the_next_month() {
    let world = three_wards(0);
    world.measure("refresh --keep-data --books ward").fine();
    let inside = |world: &World| world.measure("scorecard --format csv --level all --months 24").fine().out.clone();
    let (first, first_inside) = (world.read("published/2023-12/public/results.csv").unwrap(), inside(&world));
    assert!(
        first.contains(",2023-12-31,") && first.contains(",2022-12-31,") && !first.contains("2023-11-30"),
        "{first}"
    );
    assert!(first.contains(",value,") && first.contains(",suppressed,"), "{first}");
    assert_eq!(names(&world, "published/2023-12/public/books"), ["w1.html", "w2.html", "w3.html"]);
    // A month later, with visits that were entered late.
    more_months(&world, 1);
    let late = "late1,w1,2023-05-02,true\nlate2,w3,2023-05-03,false\n";
    world.write("data/visit.csv", world.read("data/visit.csv").unwrap() + late);
    let said = world.measure("refresh --books ward").fine().out.clone();
    assert!(said.contains("10 cells stay as they were published, of which 2 would be others"), "{said}");
    let (second, second_inside) = (world.read("published/2024-01/public/results.csv").unwrap(), inside(&world));
    assert_eq!(without_as_of(&second), without_as_of(&first));
    for file in ["scorecard.html", "books/w1.html"] {
        let page = world.read(&format!("published/2024-01/public/{file}")).unwrap();
        assert!(page.contains("is shown as it was then"), "{file}");
        assert!(!page.contains("late1"), "{file}");
    }
    // The attackers have both; with what is shown inside they would succeed.
    let tree = [("town", vec!["w1", "w2", "w3"]), ("w1", vec![]), ("w2", vec![]), ("w3", vec![])];
    let tree: BTreeMap<String, Vec<String>> = tree
        .into_iter()
        .map(|(above, below)| (above.to_owned(), below.into_iter().map(str::to_owned).collect()))
        .collect();
    let small = |texts: [&str; 2]| {
        let attack = Attack::of(&tree, &texts);
        assert!(attack.shown() > 2);
        attack.secrets().into_iter().filter(|of| (1..11).contains(&of.figure)).count()
    };
    assert_eq!(small([&first, &second]), 0);
    assert!(small([&first_inside, &second_inside]) > 0);
    // Both months can be made again, though more was published since.
    world.run("refresh --verify 2023-12").fine();
    world.measure("refresh --verify 2024-01").fine();
    assert!(world.measure("refresh --books ward").fine().out.contains("nothing to do"));
}

#[test]
fn what_was_published_is_remembered_when_a_month_is_replaced_and_missed_when_it_is_gone() {
    let world = three_wards(0);
    world.measure("refresh --keep-data").fine();
    let first = world.read("published/2023-12/public/results.csv").unwrap();
    // Made anew from corrected data: readers outside see what they saw.
    let late = "late1,w1,2023-05-02,true\n";
    world.write("data/visit.csv", world.read("data/visit.csv").unwrap() + late);
    let said = world.measure("refresh --replace --keep-data").fine().out.clone();
    assert!(said.contains("of which 2 would be others"), "{said}");
    assert_eq!(world.read("published/2023-12/public/results.csv").unwrap(), first);
    let said = world.run("refresh --verify 2023-12").fine().out.clone();
    assert!(said.contains("each made again with the same bytes"), "{said}");
    // By another definition nothing of these windows is shown.
    let text = world.read("indicators/seen.ind").unwrap();
    world
        .write("indicators/seen.ind", text.replace("came_on in window", "came_on in window and ward.name != \"East\""));
    world.measure("refresh --replace --keep-data").fine();
    let third = world.read("published/2023-12/public/results.csv").unwrap();
    assert!(third.lines().skip(1).all(|line| line.contains(",suppressed,")), "{third}");
    // What is gone cannot be looked at.
    for number in [1, 2] {
        fs::remove_dir_all(world.path().join(format!("published/2023-12.replaced-{number}"))).unwrap();
    }
    world
        .run("refresh --verify 2023-12")
        .stopped(3, &["what readers outside got in", "is not in", "put the folder back"]);
    world.write("published/2023-12/public/results.csv", "changed\n");
    more_months(&world, 1);
    world.measure("refresh").stopped(3, &["is not the file that was written"]);
}

#[test]
fn all_time_is_not_for_readers_outside() {
    let world = three_wards(0);
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text.replace("window    12 months", "window    all time"));
    for words in ["refresh", "scorecard --scorecard outside", "book --scorecard outside"] {
        world.measure(words).stopped(1, &["a scorecard that hides counts cannot show `seen_share`", "all time"]);
    }
    world.measure("scorecard").fine();
    world.write("indicators/seen.ind", text);
    world.measure("scorecard --scorecard outside --window month").stopped(2, &["`--window`", "hides counts"]);
}
