//! A small world for the program to run in: a folder with definitions and data, and a way to run it
//! there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub(super) const MODEL: &str = r#"
levels town > ward
domains service "Service"
dates 9999-12-31 mean missing
quality at most 50% set aside

table ward "a ward" {
  ward_id key
  name    text
}

table visit "a visit" {
  visit_id key
  ward     -> ward
  came_on  date
  seen     bool?
}
"#;

pub(super) const INDICATOR: &str = r#"
indicator seen_share {
  title     "Seen"
  tier      1
  domain    service
  question  "Of visits in the month, what share was seen?"
  source    "made up"
  status    inferred
  window    month
  cohort    visit where came_on in window
  numerator seen
  attribute ward at came_on
  standard  at least 60%  { source "made up"  status inferred }
    yellow  at least 30%  { status inferred }
}

scorecard service "Service scorecard" {
  service: seen_share
}
"#;

pub(super) const TEST: &str = r#"
test seen_share "one of two was seen" {
  visit | visit_id | ward | came_on    | seen  |
        | v1       | w1   | 2024-01-31 | true  |
        | v2       | w2   | 2024-01-01 | false |
        | v3       | w2   | 2024-02-01 | true  |
  expect window ending 2024-01-31: 1 of 2
  expect v1 met held by w1
  expect v3 not counted
}
"#;

/// A number with its marks (`50.0 G~p`) as it stands in a form.
pub(super) fn marked(form: &str, number: &str, marks: &str) -> String {
    let letters = || marks.chars().map(|mark| format!("</span><span class=\"letter\">{mark}"));
    if form == "html" { format!("{number}{}", letters().collect::<String>()) } else { format!("{number} {marks}") }
}

/// A folder in which the program runs.
pub(super) struct World {
    folder: TempDir,
}

/// What a run said and how it ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl World {
    /// With sound definitions in `indicators/` and data in `data/`.
    pub(super) fn sound() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        world.write("indicators/model.ind", MODEL);
        world.write("indicators/seen.ind", format!("{INDICATOR}{TEST}"));
        world.write("data/dataset.toml", "as_of = 2024-03-31\nname = \"Two wards\"\n");
        world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\n");
        let rows = [
            "v1,w1,2024-03-01,true",
            "v2,w1,2024-03-31,false",
            "v3,w2,2024-03-15,true",
            "v4,w2,2024-03-16,",
            "v5,w2,2024-02-01,true",
        ];
        world.write("data/visit.csv", format!("visit_id,ward_id,came_on,seen\n{}\n", rows.join("\n")));
        world
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path().join(name)).ok()
    }

    /// The program with these words as arguments, not yet started.
    pub(super) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yardstick"));
        command.args(words.split_whitespace()).current_dir(self.path()).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("FORCE_COLOR");
        command
    }

    pub(super) fn run(&self, words: &str) -> Said {
        Said::of(self.command(words).output().unwrap())
    }

    /// Runs with `--data data` appended.
    pub(super) fn measure(&self, words: &str) -> Said {
        self.run(&format!("{words} --data data"))
    }

    /// The files in the folder, to see that nothing was left behind.
    pub(super) fn files(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Said {
    pub(super) fn of(output: Output) -> Self {
        let said = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        for word in ["panicked", "RUST_BACKTRACE", "mistake of"] {
            assert!(!said.err.contains(word), "{said:?}");
        }
        said
    }

    /// Ended with this code and said this on standard error.
    pub(super) fn stopped(&self, code: i32, words: &[&str]) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in {self:#?}");
        }
        self
    }

    /// Ended well and said nothing on standard error.
    pub(super) fn fine(&self) -> &Self {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:#?}");
        self
    }
}
