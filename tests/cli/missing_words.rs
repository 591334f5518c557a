//! Words that other tools write where nothing is known: refused with the line to add, and read as
//! empty cells with it.

use super::world::World;

const MODEL: &str = r#"
levels agency > office
domains permanency "Permanency"
dates 9999-12-31 mean missing
table office "an office" {
  office_id key
  name text
}
table child "a child" {
  child_id key
  office -> office
}
table removal "a stay" {
  removal_id key
  child      -> child
  removed_on date
  exited_on  date?
  spans removed_on until exited_on
}
"#;

const INDICATORS: &str = r#"
indicator in_care {
  title "Children in care, of whom removed in the last year"
  domain permanency
  window month end
  cohort removal open on window.last_day
  numerator removed_on on or after window.last_day - 12 months
  attribute child.office at window.last_day
}
indicator exit_within_12 {
  title "Exits within 12 months of removal (entry cohort)"
  domain permanency
  window 12 months
  cohort removal where removed_on in window
  numerator exited_on before removed_on + 12 months
  attribute child.office at removed_on
}
scorecard s "S" { permanency: in_care, exit_within_12 }
"#;

/// A hundred stays that began in 2023, nine of them open; a word says so.
fn stays(word: &str) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", MODEL);
    world.write("indicators/seen.ind", INDICATORS);
    // No stays come in after 2023, and the county says that this is all.
    world.write("data/dataset.toml", "as_of = 2024-12-31\n[tables.removal]\nas_of = 2024-12-31\n");
    world.write("data/office.csv", "office_id,name\nO1,North\n");
    let children: String = (0..100).map(|n| format!("C{n},O1\n")).collect();
    world.write("data/child.csv", format!("child_id,office_id\n{children}"));
    let end = |n: usize| if n % 11 == 5 { word } else { "2023-12-20" };
    let stays: String = (0..100).map(|n| format!("R{n},C{n},2023-{:02}-15,{}\n", n % 12 + 1, end(n))).collect();
    world.write("data/removal.csv", format!("removal_id,child_id,removed_on,exited_on\n{stays}"));
    world
}

#[test]
fn a_word_for_missing_is_refused_and_read_once_the_model_says_so() {
    for word in ["NULL", "NA", "\\N"] {
        let world = stays(word);
        let run = "scorecard indicators --data data --level agency --format csv";
        let line = format!("text \"{}\" mean missing", word.replace('\\', "\\\\"));
        world.run(run).stopped(
            3,
            &[
                "E0806",
                "exited_on",
                &format!("9 of the 9 values that cannot be read are the word `{word}`"),
                "text",
                "mean missing",
            ],
        );
        // As the help says it; a backslash may stand alone as well.
        for line in [line, format!("text \"{word}\" mean missing")] {
            world.write("indicators/model.ind", format!("{line}\n{MODEL}"));
            let rows = super::results::rows(&world.run(run).fine().out);
            let found: Vec<_> = rows
                .iter()
                .map(|r| (r["numerator"].as_str(), r["denominator"].as_str(), r["state"].as_str()))
                .collect();
            assert!(found.contains(&("0", "9", "value")) && found.contains(&("91", "100", "value")), "{found:?}");
        }
    }
}
