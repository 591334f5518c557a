//! What data may do to a terminal and to a spreadsheet: nothing.

use super::results::rows;
use super::world::{Said, World};

/// Two wards and their visits. The ids and the name of the first, and the name of the data, begin
/// with these characters.
fn world(odd: &str) -> World {
    let world = World::sound();
    let cell = |text: &str| format!("\"{odd}{text}\"");
    let (w1, v1, v3) = (cell("w1"), cell("v1"), cell("v3"));
    world.write("data/ward.csv", format!("ward_id,name\n{w1},{}\nw2,South\n", cell("North")));
    let rows = format!("{v1},{w1},2024-03-01,true\nv2,w2,2024-03-31,false\n{v3},{w1},2024-03-31,{}\n", cell("no"));
    world.write("data/visit.csv", format!("visit_id,ward_id,came_on,seen\n{rows}"));
    let name = serde_json::to_string(&format!("{odd}Two wards")).unwrap().replace('\u{7f}', "\\u007f");
    world.write("data/dataset.toml", format!("as_of = 2024-03-31\nname = {name}\n"));
    world
}

#[test]
fn no_character_of_the_data_acts_on_a_terminal() {
    for odd in ["\u{1b}[2J", "\u{7}", "\r", "\u{7f}", "\u{9b}31m", "\u{202e}", "\u{2067}", "\n"] {
        let world = world(odd);
        let controls = |text: &str| text.contains(|c: char| odd.contains(c) && c != '\n' && !c.is_ascii_graphic());
        for words in [
            "scorecard --data data --level all",
            "scorecard --data data --level all --format markdown",
            "cases seen_share --data data",
            "data data",
        ] {
            let said = world.run(words);
            assert_eq!(said.code, Some(0), "{odd:?} {said:?}");
            assert!(!controls(&said.out) && !controls(&said.err), "{odd:?} {words}: {said:?}");
            assert!(said.out.contains('\u{FFFD}'), "{odd:?} {words}: {said:?}");
        }
        let page = world.measure("scorecard --format html");
        assert!(page.fine().out.contains("North") && !controls(&page.out), "{odd:?}");
        let mut strange = world.command("scorecard --data data --entity");
        let said = Said::of(strange.arg(format!("{}w9", odd.replace('\n', ""))).output().unwrap());
        said.stopped(2, &["there is no entity"]);
        assert!(!controls(&said.err), "{odd:?}: {said:?}");
        // Files for programs carry the data.
        let json = world.measure("scorecard --format json --level all");
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json.fine().out).unwrap();
        assert!(rows.iter().any(|row| row["entity_name"] == format!("{odd}North")), "{odd:?}");
        for command in ["scorecard --format csv --raw --level all", "cases seen_share --format csv --raw"] {
            let said = world.measure(command);
            assert!(said.out.contains(&format!("{odd}w1")), "{odd:?}: {said:?}");
        }
    }
}

#[test]
fn findings_show_no_control_characters_of_the_definitions() {
    let world = World::sound();
    let text = super::world::INDICATOR.replace("\"Seen\"", "\"S\u{1b}[2Jee\u{9b}n\u{202e}\" \u{202e}");
    world.write("indicators/seen.ind", text);
    let said = world.run("check");
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("seen.ind") && !said.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{said:?}");
}

#[test]
fn no_text_of_the_data_is_a_formula() {
    for begins in ["=1+", "+", "-", "@", "\t", "\r", "'="] {
        let world = world(begins);
        let scorecard = "scorecard --data data --format csv --level all";
        let list = "cases seen_share --data data --format csv";
        for (words, column, text) in [
            (scorecard, "entity_id", "w1"),
            (scorecard, "entity_name", "North"),
            (list, "id", "v1"),
            (list, "held_by_ward", "w1"),
        ] {
            let has = |words: &str, wanted: String| {
                let said = world.run(words);
                let found = rows(&said.fine().out).iter().any(|row| row[column] == wanted);
                assert!(found, "{wanted:?} is not in {said:?}");
            };
            has(words, format!("'{begins}{text}"));
            has(&format!("{words} --raw"), format!("{begins}{text}"));
        }
        let file = "scorecard --data data --format csv --level all -o out.csv";
        world.run(file).fine();
        assert_eq!(world.read("out.csv").unwrap(), world.run(scorecard).out);
    }
}

#[test]
fn excel_gets_a_byte_order_mark_and_only_csv_has_forms() {
    let world = World::sound();
    for words in ["scorecard --data data --format csv", "cases seen_share --data data --format csv"] {
        let plain = world.run(words).fine().out.clone();
        assert_eq!(world.run(&format!("{words} --excel")).fine().out, format!("\u{FEFF}{plain}"));
        assert_eq!(world.run(&format!("{words} --raw")).fine().out, plain);
        for flag in ["--excel", "--raw"] {
            world.run(&format!("{} {flag}", words.replace("csv", "json"))).stopped(2, &[flag, "--format csv"]);
        }
    }
    world.run("scorecard --data data -o out.csv --excel").fine();
    assert!(world.read("out.csv").unwrap().starts_with("\u{FEFF}indicator,"));
}
