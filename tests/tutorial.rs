//! The tutorial and the page of breakdowns are run, and what they show is what the program prints.
//!
//! A block `ind FILE` writes the file, `ind >> FILE` goes on with it; a comment `replace in FILE:
//! this -> that` is the change the text asks for; a block `console` runs its commands.
//! `INSTA_UPDATE=always cargo test tutorial` writes what they print into the page.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A copy of what the tutorial works on.
struct Reader {
    folder: tempfile::TempDir,
}

impl Reader {
    fn new(root: &Path) -> Self {
        let reader = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["indicators", "examples/county/data"] {
            copy(&root.join(folder), &reader.folder.path().join(folder));
        }
        fs::copy(root.join("yardstick.toml"), reader.folder.path().join("yardstick.toml")).unwrap();
        reader
    }

    fn write(&self, info: &str, text: &str) {
        let path = self.folder.path().join(info.trim_start_matches(">> "));
        let before = if info.starts_with(">> ") { fs::read_to_string(&path).unwrap() } else { String::new() };
        fs::write(path, before + text).unwrap();
    }

    fn replace(&self, change: &str) {
        let (file, change) = change.split_once(": ").unwrap();
        let (this, that) = change.split_once(" -> ").unwrap();
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(this), "{file} does not hold `{this}`");
        fs::write(path, text.replace(this, that)).unwrap();
    }

    fn run(&self, command: &str) -> String {
        let arguments = command.strip_prefix("$ cargo run -q -- ").unwrap_or_else(|| panic!("not run here: {command}"));
        let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        said.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap()
        }
    }
}

/// The page with every `console` block filled with what its commands print.
fn followed(page: &str, reader: &Reader) -> String {
    let mut made = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        made += &format!("{line}\n");
        if let Some(change) = line.strip_prefix("<!-- replace in ").and_then(|l| l.strip_suffix(" -->")) {
            reader.replace(change);
        }
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        let text: String = block.iter().map(|l| format!("{l}\n")).collect();
        if info == "console" {
            for command in block.iter().filter(|l| l.starts_with("$ ")) {
                made += &format!("{command}\n{}", reader.run(command));
            }
        } else {
            if let Some(file) = info.strip_prefix("ind ") {
                reader.write(file, &text);
            }
            made += &text;
        }
        made += "```\n";
    }
    made
}

/// Holds a page to what the program prints; it runs this many commands at least.
fn shows_what_the_program_prints(page: &str, commands: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(page);
    let page = fs::read_to_string(&path).unwrap();
    let made = followed(&page, &Reader::new(root));
    assert!(page.matches("\n$ ").count() >= commands, "{} runs too few commands", path.display());
    if std::env::var("INSTA_UPDATE").is_ok_and(|v| v == "always") {
        fs::write(path, &made).unwrap();
    } else if let Some((is, should)) = page.lines().zip(made.lines()).find(|(is, should)| is != should) {
        panic!(
            "{} shows\n  {is}\nand the program prints\n  {should}\nRun `INSTA_UPDATE=always cargo test tutorial`, read the change, commit it.",
            path.display()
        );
    } else {
        assert_eq!(page, made, "{} is longer or shorter than what the program prints", path.display());
    }
}

#[test]
fn it_shows_what_the_program_prints() {
    shows_what_the_program_prints("grammar/TUTORIAL.md", 6);
}

#[test]
fn breakdowns_of_the_county_are_what_the_program_prints() {
    shows_what_the_program_prints("examples/county/BREAKDOWNS.md", 6);
}
