//! Which texts belong together, by the folders in which they lie.
//!
//! As for `yardstick check FOLDER`: a folder that holds `model.ind` is one set of definitions, with
//! all that lies below it. Where no folder above a text holds one, the smallest folder is taken
//! whose texts declare tables and none of them twice; a text of which there is none stands alone,
//! as a collection of examples does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The file that makes the folder it lies in a set of definitions.
pub const MODEL: &str = "model.ind";

/// What has to be known of a file system.
pub trait Folders {
    /// Whether there is a file with this path.
    fn is_file(&self, path: &Path) -> bool;

    /// The texts below a folder, hidden folders left out.
    fn below(&self, folder: &Path) -> Vec<PathBuf>;

    /// The names of the tables that a text declares.
    fn tables(&self, path: &Path) -> Vec<String>;
}

/// The texts that belong together with one, itself among them. Folders are looked at up to `top`
/// for one whose texts fit together, and further for a model.
#[must_use]
pub fn together(folders: &dyn Folders, path: &Path, top: &Path) -> Vec<PathBuf> {
    let above = || path.ancestors().skip(1);
    let with_model = above().find(|folder| folders.is_file(&folder.join(MODEL)));
    let mut all = match with_model {
        Some(folder) => of_model(folders, folder),
        None => above()
            .take_while(|folder| folder.starts_with(top))
            .map(|folder| without_models(folders.below(folder)))
            .find_map(|texts| match tables(folders, &texts) {
                Tables::None => None,
                Tables::EachOnce => Some(texts),
                // What lies further up holds them as well.
                Tables::Twice => Some(Vec::new()),
            })
            .unwrap_or_default(),
    };
    all.push(path.to_path_buf());
    all.sort();
    all.dedup();
    all
}

/// The texts below a folder with a model, but for those that have a model of their own.
fn of_model(folders: &dyn Folders, folder: &Path) -> Vec<PathBuf> {
    let mut all = folders.below(folder);
    let models = models(&all);
    all.retain(|path| nearest(&models, path).is_none_or(|nearest| nearest == folder));
    all
}

/// The texts that have no model.
fn without_models(mut all: Vec<PathBuf>) -> Vec<PathBuf> {
    let models = models(&all);
    all.retain(|path| nearest(&models, path).is_none());
    all
}

/// The folders that hold a model.
fn models(all: &[PathBuf]) -> BTreeSet<PathBuf> {
    let is_model = |path: &&PathBuf| path.file_name().is_some_and(|name| name == MODEL);
    all.iter().filter(is_model).filter_map(|path| path.parent()).map(Path::to_path_buf).collect()
}

/// The nearest folder above a text that holds a model.
fn nearest<'p>(models: &BTreeSet<PathBuf>, path: &'p Path) -> Option<&'p Path> {
    path.ancestors().skip(1).find(|above| models.contains(*above))
}

/// How often the tables of several texts are declared.
enum Tables {
    None,
    EachOnce,
    Twice,
}

fn tables(folders: &dyn Folders, texts: &[PathBuf]) -> Tables {
    let mut seen = BTreeSet::new();
    for table in texts.iter().flat_map(|path| folders.tables(path)) {
        if !seen.insert(table) {
            return Tables::Twice;
        }
    }
    if seen.is_empty() { Tables::None } else { Tables::EachOnce }
}
