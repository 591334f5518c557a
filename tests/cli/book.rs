//! `book`: of one entity, of all of a level, for readers outside, and what is refused.

use super::results::rows;
use super::world::{INDICATOR, MODEL, World};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;
use zip::ZipArchive;

const OUTSIDE: &str = "scorecard outside \"For readers outside\" {\n  service: seen_share\n  hide counts under 5\n}\n";

/// Ten visits a month in each of two wards over a year, fewer seen from month to month in the
/// first, whose name would be markup.
fn world() -> World {
    let world = World::sound();
    let mut visits = String::from("visit_id,ward_id,came_on,seen\n");
    for month in 1..=12 {
        for ward in ["w1", "w2"] {
            for n in 0..10 {
                let seen = n < if ward == "w1" { 12 - month } else { 7 };
                visits += &format!("{ward}.{month}.{n},{ward},2023-{month:02}-{:02},{seen}\n", n + 2);
            }
        }
    }
    world.write("data/visit.csv", visits);
    world.write("data/ward.csv", "ward_id,name\nw1,\"=North | <b>*one*</b>\"\nw2,South\nw3,Closed\n");
    world.write("data/dataset.toml", "as_of = 2023-12-31\nname = \"Two wards\"\n");
    world
}

/// The texts of the parts of a file of slides, those of the workbooks in it among them.
fn parts(bytes: &[u8]) -> Vec<String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for number in 0..zip.len() {
        let mut part = zip.by_index(number).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        match part.name().unwrap().ends_with(".xlsx") {
            true => all.extend(parts(&bytes)),
            false => all.push(String::from_utf8(bytes).unwrap()),
        }
    }
    all
}

#[test]
fn a_book_of_the_example_county() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = |words: &str| {
        let done =
            Command::new(env!("CARGO_BIN_EXE_yardstick")).args(words.split(' ')).current_dir(root).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let book = run("book --entity O03 --scorecard tier_one");
    insta::assert_snapshot!("book_of_an_office", book);
    // What the README shows of it.
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let shown = readme.split("$ yardstick book").nth(1).unwrap().split("```").next().unwrap();
    let lines: Vec<&str> = shown.lines().skip(1).filter(|line| !["", "..."].contains(line)).collect();
    assert!(lines.len() > 4, "the README shows too little");
    for line in lines {
        assert!(book.lines().any(|other| other == line), "the README shows what the program does not print: {line}");
    }
    // The figures are those of the scorecard.
    let csv = run("scorecard --entity O03 --level office --scorecard tier_one --format csv");
    for row in rows(&csv) {
        let counts = format!("{} of ", row["numerator"].trim_end_matches(".0"));
        assert!(book.contains(&counts), "{}: no {counts}", row["indicator"]);
    }
}

#[test]
fn rows_for_review_are_unmet_rows_of_the_cell_and_the_seed_decides() {
    let world = world();
    let cases = world.measure("cases seen_share --entity w1 --unmet --format csv").fine().out.clone();
    let unmet: BTreeSet<String> = rows(&cases).into_iter().map(|row| row["id"].clone()).collect();
    assert_eq!(unmet.len(), 10);
    let listed = |words: &str| -> Vec<String> {
        let book = world.measure(&format!("book --entity w1 {words}")).fine().out.clone();
        let after = book.split("### Cases for review").nth(1).unwrap_or("").to_owned();
        let ids =
            after.lines().filter_map(|line| line.strip_prefix("| w1.12.")).filter_map(|rest| rest.split(' ').next());
        ids.map(|number| format!("w1.12.{number}")).collect()
    };
    let usual = listed("");
    assert!(usual.len() == 3 && usual.iter().all(|id| unmet.contains(id)), "{usual:?}");
    assert_eq!(listed(""), usual);
    assert_ne!(listed("--seed other"), usual);
    assert_eq!(listed("--cases 99").into_iter().collect::<BTreeSet<_>>(), unmet);
    assert!(listed("--cases 0").is_empty());
    let book = world.measure("book --entity w1").fine().out.clone();
    assert!(book.contains("3 of the 10 unmet rows") && book.contains("SEED is w1/seen\\_share/2023-12-31."), "{book}");
}

#[test]
fn an_entity_is_found_by_its_name_and_near_names_are_suggested() {
    let world = world();
    let by_id = world.measure("book --entity w2").fine().out.clone();
    assert_eq!(world.measure("book --entity south").fine().out, by_id);
    world
        .measure("book --entity Sout")
        .stopped(2, &["no entity with the id or the name `Sout`", "did you mean `w2` (ward South)?"]);
    world.write("data/ward.csv", "ward_id,name\nw1,South\nw2,South\n");
    world
        .measure("book --entity South")
        .stopped(2, &["`South` is the id or the name of several entities: `w1` (ward South), `w2` (ward South)"]);
    world
        .measure("book --entity w1 -o book.docx")
        .stopped(2, &["no format of a book has the file ending `.docx`", "md"]);
    world.measure("book --all wrd -o books").stopped(2, &["no level `wrd`", "ward"]);
    world.measure("book --all all -o books").stopped(2, &["one level at a time"]);
    world.measure("book --all ward --entity w1 -o books").stopped(2, &["cannot be used with"]);
    assert!(!world.files().contains(&"books".to_owned()));
}

#[test]
fn readers_outside_get_no_rows_and_no_hidden_count() {
    let world = world();
    world.write("indicators/outside.ind", OUTSIDE);
    // One of ten is seen: hidden, and with it the other ward.
    let visits =
        world.read("data/visit.csv").unwrap().replace("w1.12.0,w1,2023-12-02,false", "w1.12.0,w1,2023-12-02,true");
    world.write("data/visit.csv", visits);
    for format in ["md", "html", "pptx"] {
        let out = format!("book.{format}");
        world.measure(&format!("book --entity w1 --scorecard outside -o {out}")).fine();
        let book = fs::read(world.path().join(&out)).unwrap();
        let book = if format == "pptx" { parts(&book).concat() } else { String::from_utf8(book).unwrap() };
        assert!(book.contains("hidden") && !book.contains("w1.12."), "{book}");
        // Of a month all windows, as no two have a row in common.
        assert!(book.contains("Jan 2023") && book.contains("Dec 2023"), "{book}");
        for count in ["1 of 10", "8 of 20", "7 of 10", "Cases for review", "0 undetermined"] {
            assert!(!book.contains(count), "{count}: {book}");
        }
    }
    for option in ["--cases 1", "--since published/2023-11"] {
        let name = option.split(' ').next().unwrap();
        world
            .measure(&format!("book --scorecard outside {option}"))
            .stopped(2, &[name, "not for a scorecard that hides counts"]);
    }
}

/// An ordinary build has no PDF, and says so before it reads any data.
#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_pdf_says_how_to_get_it() {
    let world = world();
    let said = ["the format `pdf` is not in this build", "cargo build --release --features pdf", "`--format html`"];
    world.measure("book --entity w1 -o book.pdf").stopped(2, &said);
    world.measure("book --entity w1 --format pdf -o book").stopped(2, &said);
    world.measure("book --all ward --format PDF -o books").stopped(2, &said);
    assert!(!world.files().iter().any(|file| file.starts_with("book")));
}

#[cfg(feature = "pdf")]
#[test]
fn a_book_as_pdf() {
    let world = world();
    world.measure("book --entity w1 -o book.pdf").fine();
    assert!(fs::read(world.path().join("book.pdf")).unwrap().starts_with(b"%PDF-"));
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,\u{5357}\n");
    let said = ["the book of ward w2", "cannot be written as pdf", "`\u{5357}` (U+5357)", "`--format html`"];
    world.measure("book --entity w2 -o other.pdf").stopped(2, &said);
    assert!(!world.files().contains(&"other.pdf".to_owned()));
}

#[test]
fn since_a_published_month_it_says_whether_data_or_definition_moved_a_cell() {
    let world = world();
    world.measure("refresh --as-of 2023-11-30").fine();
    world.write("indicators/seen.ind", INDICATOR.replace("at least 60%", "at least 80%"));
    let book = world.measure("book --entity w2 --since published/2023-11").fine().out.clone();
    assert!(
        book.contains("what was published of it as of 30 Nov 2023") && book.contains("the definition changed"),
        "{book}"
    );
    assert!(book.contains("| Seen | 🟡 70.0 % Y\\~ (7 of 10), Dec 2023 | 70.0 % G (7 of 10), 30 Nov 2023 |"), "{book}");
    let short = world.measure("book --entity w2 --months 1 --since published/2023-11").fine().out.clone();
    assert!(short.contains("the definition changed"), "{short}");
    world.measure("book --since published").stopped(2, &["no month's folder of `refresh`", "published/2026-10"]);
    world.measure("book --since published/2023-10").stopped(2, &["cannot be used"]);
    world.measure("book --as-of 2023-10-31 --since published/2023-11").stopped(2, &["after 2023-10-31"]);
}

#[test]
fn books_of_a_level_stand_in_a_folder_of_their_own() {
    let world = world();
    let said = world.measure("book --all ward --format md -o books").fine().out.clone();
    assert_eq!(said, "books: 2 books\nwithout cases, and without a book: w3, unassigned\n");
    let names = |folder: &str| {
        let entries = fs::read_dir(world.path().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names("books"), BTreeSet::from(["books.txt", "w1.md", "w2.md"].map(String::from)));
    // Each is the book of the entity alone.
    let alone = world.measure("book --entity w1").fine().out.clone();
    assert_eq!(world.read("books/w1.md").unwrap(), alone);
    assert!(alone.contains("# Data book: ward w1 =North \\| &lt;b&gt;\\*one\\*&lt;/b&gt;"), "{alone}");
    // Books give way to books, and to nothing else.
    let before = world.files();
    world.measure("book --all ward --format md -o books").fine();
    assert_eq!(world.files(), before);
    world.write("books/mine.txt", "mine");
    let refused = world.measure("book --all ward -o books");
    refused.stopped(2, &["holds `mine.txt`, which is no book of this command"]);
    assert_eq!(world.read("books/mine.txt").unwrap(), "mine");
    world.measure("book --all ward -o data/ward.csv").stopped(2, &["is a file"]);
    world.measure("book --all ward -o data").stopped(2, &["which is no book of this command"]);
    world.measure("book --all ward -o no/where").stopped(2, &["there is no folder `no`"]);
    world.measure("book --all ward").stopped(2, &["--output"]);
}

/// The name of a group that would be markup, and end the cell of a table.
const BUS: &str = "<b>by|*bus*</b> =1+1";

/// Forty visits a month in each of four wards, half of them on foot; in two of the wards few of
/// those were seen.
fn world_by_way() -> World {
    let world = world();
    let groups = format!(
        "\ngroups way \"Way\" of visit = way\n  bands \"on foot\" = \"foot\", \"{BUS}\" = \"bus\", \"other\"\n"
    );
    world.write(
        "indicators/model.ind",
        MODEL.replace("  seen     bool?\n", "  seen     bool?\n  way      text?\n") + &groups,
    );
    world.write("indicators/seen.ind", INDICATOR);
    world.write("indicators/outside.ind", OUTSIDE);
    world.write("data/ward.csv", "ward_id,name\nw1,One\nw2,Two\nw3,Three\nw4,Four\n");
    let mut visits = String::from("visit_id,ward_id,came_on,seen,way\n");
    for month in 1..=12 {
        for (ward, of_foot, of_bus) in [("w1", 10, 8), ("w2", 12, 9), ("w3", 3, 10), ("w4", 4, 11)] {
            for n in 0..40 {
                let (way, seen) = if n < 20 { ("foot", n < of_foot) } else { ("bus", n - 20 < of_bus) };
                visits += &format!("{ward}.{month}.{n},{ward},2023-{month:02}-{:02},{seen},{way}\n", n % 28 + 1);
            }
        }
    }
    world.write("data/visit.csv", visits);
    world
}

/// The tables by way of a book, as rows of cells without marks.
fn by_way(book: &str) -> Vec<Vec<String>> {
    let lines = book.lines().skip_while(|line| *line != "### By way").skip(4);
    let plain = |cell: &str| {
        cell.replace(['\\', '🟢', '🟡', '🔴'], "").replace("&lt;", "<").replace("&gt;", ">").trim().to_owned()
    };
    let cells =
        |line: &str| line.replace("\\|", "¦").split(" | ").map(|cell| plain(cell.trim_matches(['|', ' ']))).collect();
    lines.take_while(|line| !line.is_empty()).map(cells).collect()
}

/// What a book says of a group, by its result row: value, counts, interval and ratio.
fn figures(row: &BTreeMap<String, String>) -> Vec<String> {
    let number = |name: &str| row[name].parse::<f64>().ok();
    let mut said = Vec::new();
    said.extend(number("value").map(|value| format!("{value:.1} %")));
    let counts = number("numerator").zip(number("denominator")).filter(|(_, below)| *below > 0.0);
    said.extend(counts.map(|(above, below)| format!("{above} of {below}")));
    said.extend(number("low").zip(number("high")).map(|(low, high)| format!("{low:.1} to {high:.1} %")));
    let ends = number("ratio_low").zip(number("ratio_high")).map(|(low, high)| format!(" {low:.2}–{high:.2}"));
    said.extend(number("ratio").map(|ratio| format!("×{ratio:.2}{}", ends.unwrap_or_default())));
    said
}

#[test]
fn the_groups_are_those_of_the_scorecard() {
    let world = world_by_way();
    let csv = world.measure("scorecard --by way --level all --format csv").fine().out.clone();
    let groups: Vec<_> = rows(&csv).into_iter().filter(|row| row["group"] == "way").collect();
    assert_eq!(groups.len(), 10);
    for entity in ["town", "w1", "w4"] {
        let own: Vec<_> = groups.iter().filter(|row| row["entity_id"] == entity).collect();
        let book = world.measure(&format!("book --entity {entity} --by way")).fine().out.clone();
        let table = by_way(&book);
        assert_eq!(table.len(), 2, "{book}");
        for (cells, row) in table.iter().zip(&own) {
            assert_eq!(cells[0].replace('¦', "|"), row["group_value"]);
            assert_eq!(figures(row).len(), 4);
            for (number, said) in figures(row).iter().enumerate() {
                assert!(cells[number + 1].starts_with(said.as_str()), "{cells:?} {said}");
            }
        }
        for format in ["html", "pptx"] {
            world.measure(&format!("book --entity {entity} --by way -o book.{format}")).fine();
            let book = fs::read(world.path().join(format!("book.{format}"))).unwrap();
            let book = if format == "pptx" { parts(&book).concat() } else { String::from_utf8(book).unwrap() };
            assert!(book.contains("&lt;b&gt;by|*bus*&lt;/b&gt; =1+1") && !book.contains("<b>"), "{book}");
            for said in own.iter().flat_map(|row| figures(row)) {
                assert!(book.contains(&said), "{format} {entity}: {said}");
            }
        }
    }
    let book = world.run("book --data data --indicators indicators --entity w1 --by way --reference foot");
    book.stopped(2, &["there is no group `foot`", "`on foot`"]);
    world.measure("book --by wya").stopped(2, &["there is no breakdown `wya`", "`way`"]);
}

#[test]
fn a_scorecard_that_is_split_has_its_groups_in_the_books_of_a_month_too() {
    let world = world_by_way();
    let asked = world.measure("book --entity w2 --by way").fine().out.clone();
    world.write(
        "indicators/seen.ind",
        INDICATOR.replace("  service: seen_share\n", "  service: seen_share\n  split by way\n"),
    );
    assert_eq!(world.measure("book --entity w2").fine().out, asked);
    world.measure("refresh --books ward").fine();
    let page = world.read("published/2023-12/books/w2.html").unwrap();
    let cells = by_way(&asked).concat();
    for cell in cells.iter().filter(|cell| cell.contains(" of ") || cell.contains('×')) {
        assert!(page.contains(cell.as_str()), "{cell}");
    }
}

#[test]
fn groups_are_hidden_as_the_scorecard_hides_them() {
    let world = world_by_way();
    let csv = world.measure("scorecard --scorecard outside --by way --level all --format csv").fine().out.clone();
    let groups: Vec<_> = rows(&csv).into_iter().filter(|row| row["group"] == "way").collect();
    let count = |state: &str| groups.iter().filter(|row| row["state"] == state).count();
    assert!(count("value") > 0 && count("suppressed") > 0, "{csv}");
    for entity in ["town", "w1", "w2", "w3", "w4"] {
        let own: Vec<_> = groups.iter().filter(|row| row["entity_id"] == entity).collect();
        let book = world.measure(&format!("book --scorecard outside --entity {entity} --by way")).fine().out.clone();
        let table = by_way(&book);
        assert_eq!(table.len(), own.len(), "{book}");
        for (cells, row) in table.iter().zip(own) {
            let said = figures(row);
            let word = match row["state"].as_str() {
                "suppressed" => "hidden",
                "no_cases" => "-",
                _ => cells[1].as_str(),
            };
            assert!(cells[1] == word && said.is_empty() == (row["state"] != "value"), "{cells:?}");
            assert_eq!(
                cells[1..].iter().filter(|cell| cell.contains(" of ") && cell.len() < 12).count(),
                said.len().min(1)
            );
            assert!(
                said.iter().all(|said| cells.iter().any(|cell| cell.starts_with(said.as_str()))),
                "{cells:?} {said:?}"
            );
        }
        assert!(!book.contains('×') && !book.contains("undetermined;"), "{book}");
    }
    let two = "book --scorecard outside --by way --by way";
    world.measure(two).stopped(2, &["broken down by one thing at a time"]);
}
