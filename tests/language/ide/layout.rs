//! Which texts belong together, in folders of many shapes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use yardstick::ide::layout::{Folders, together};

/// Files with the tables that each declares.
struct Files(BTreeMap<PathBuf, Vec<String>>);

impl Folders for Files {
    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    fn below(&self, folder: &Path) -> Vec<PathBuf> {
        self.0.keys().filter(|path| path.starts_with(folder)).cloned().collect()
    }

    fn tables(&self, path: &Path) -> Vec<String> {
        self.0.get(path).cloned().unwrap_or_default()
    }
}

fn with(files: &[(&str, &str)], path: &str) -> Vec<String> {
    let tables = |of: &str| of.split_whitespace().map(str::to_owned).collect();
    let files = Files(files.iter().map(|(path, of)| (PathBuf::from(path), tables(of))).collect());
    let found = together(&files, Path::new(path), Path::new("/w"));
    found.iter().map(|path| path.display().to_string()).collect()
}

#[test]
fn a_model_takes_all_below_it() {
    let files = [("/w/i/model.ind", "a"), ("/w/i/x/1.ind", ""), ("/w/i/2.ind", ""), ("/w/other.ind", "a")];
    assert_eq!(with(&files, "/w/i/x/1.ind"), ["/w/i/2.ind", "/w/i/model.ind", "/w/i/x/1.ind"]);
    // Also above the folder that the editor has open, and for a text that is not on disk.
    let above = [("/model.ind", "a"), ("/w/1.ind", "")];
    assert_eq!(with(&above, "/w/new.ind"), ["/model.ind", "/w/1.ind", "/w/new.ind"]);
}

#[test]
fn a_model_below_a_model_is_a_world_of_its_own() {
    let files = [("/w/model.ind", "a"), ("/w/1.ind", ""), ("/w/in/model.ind", "a"), ("/w/in/2.ind", "")];
    assert_eq!(with(&files, "/w/1.ind"), ["/w/1.ind", "/w/model.ind"]);
    assert_eq!(with(&files, "/w/in/2.ind"), ["/w/in/2.ind", "/w/in/model.ind"]);
}

#[test]
fn without_a_model_tables_that_are_declared_once_belong_together() {
    let files = [("/w/d/people.ind", "a b"), ("/w/d/work.ind", "c"), ("/w/d/in/1.ind", ""), ("/w/e/1.ind", "a")];
    assert_eq!(with(&files, "/w/d/in/1.ind"), ["/w/d/in/1.ind", "/w/d/people.ind", "/w/d/work.ind"]);
    // A collection of examples: each is a world of its own.
    let examples = [("/w/g/1.ind", "a"), ("/w/g/2.ind", "a"), ("/w/g/3.ind", "")];
    assert_eq!(with(&examples, "/w/g/1.ind"), ["/w/g/1.ind"]);
    assert_eq!(with(&examples, "/w/g/3.ind"), ["/w/g/3.ind"]);
    // What has a model is nobody else's.
    let beside = [("/w/i/model.ind", "a"), ("/w/i/1.ind", ""), ("/w/drafts/2.ind", "")];
    assert_eq!(with(&beside, "/w/drafts/2.ind"), ["/w/drafts/2.ind"]);
}
