//! `TRUST.md` names only files and tests that exist, and its figures stand in the files named
//! beside them.

use super::texts::root;
use std::fs;
use std::path::PathBuf;

/// What stands between two signs of this kind, in its order.
fn between<'a>(text: &'a str, sign: &str) -> Vec<&'a str> {
    text.split(sign).skip(1).step_by(2).collect()
}

fn is_file(word: &str) -> bool {
    ["tests/", "src/"].iter().any(|folder| word.starts_with(folder))
}

/// A test is named like a sentence.
fn is_test(word: &str) -> bool {
    word.matches('_').count() >= 2 && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        || ["levels_add_up", "groups_add_up"].contains(&word)
}

#[test]
fn the_tests_that_the_page_names_exist_in_the_file_named_before_them() {
    let page = fs::read_to_string(root().join("TRUST.md")).unwrap();
    let (mut file, mut tests) = (String::new(), 0);
    for word in between(&page, "`") {
        if is_file(word) {
            file = word.to_owned();
            assert!(root().join(word).is_file(), "TRUST.md: there is no file `{word}`");
        } else if is_test(word) {
            let text = fs::read_to_string(root().join(&file)).unwrap();
            assert!(text.contains(&format!("fn {word}()")), "TRUST.md: `{file}` has no test `{word}`");
            tests += 1;
        }
    }
    assert!(tests > 30, "{tests}");
}

#[test]
fn every_figure_stands_in_a_file_named_beside_it() {
    let page = fs::read_to_string(root().join("TRUST.md")).unwrap();
    let mut figures = 0;
    for row in page.lines().filter(|line| line.starts_with("| **")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let files = between(row, "`").into_iter().filter(|word| is_file(word));
        let texts: String = files.map(|word| fs::read_to_string(root().join(word)).unwrap()).collect();
        for figure in between(cells[1], "**") {
            let written = [figure.replace(',', "_"), figure.to_owned()];
            let stands = texts.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ',');
            let is_there = stands.into_iter().any(|word| {
                written
                    .iter()
                    .any(|figure| word.trim_end_matches(',') == figure || word.split('_').any(|w| w == figure))
            });
            assert!(is_there, "TRUST.md: none of the files beside it says {figure}: {}", cells[0]);
            figures += 1;
        }
    }
    assert!(figures >= 10, "{figures}");
}

#[test]
fn findings_say_all_that_is_asked_of_them_and_name_no_machine() {
    let mut scripts: Vec<PathBuf> =
        fs::read_dir(root().join("findings")).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.sort();
    assert!(scripts.len() > 10, "{}", scripts.len());
    for path in scripts {
        let text = fs::read_to_string(&path).unwrap();
        let heads =
            ["# Finding: ", "# What:     ", "# Why care: ", "# Seen:     ", "# Guard:    ", "mktemp -d", "trap "];
        for head in heads {
            assert!(text.contains(head), "{}: `{head}` is missing", path.display());
        }
        for word in ["/root/", "/home/", "/tmp/", "http:", "https:"] {
            assert!(!text.contains(word), "{}: names `{word}`", path.display());
        }
        // What the guard names is there.
        let guard = text.split("# Guard:").nth(1).unwrap().split("\n#\n").next().unwrap();
        for word in guard.split(|c: char| c.is_whitespace() || "(),;`".contains(c)) {
            let word = word.trim_end_matches('.');
            if word.contains('/') && [".rs", ".md", ".ind"].iter().any(|ending| word.ends_with(ending)) {
                assert!(root().join(word).is_file(), "{}: there is no file `{word}`", path.display());
            }
        }
    }
}
