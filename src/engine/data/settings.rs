//! `dataset.toml`: through which day the data is complete, and whose it is.

use super::problem::Problem;
use crate::inputs;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use yardstick_language::diag::{code, suggest};
use yardstick_language::model::Model;

/// The settings file of a data folder.
const FILE: &str = "dataset.toml";
/// What it was called before, and may still be.
const FORMER: &str = "county.toml";
/// Settings are a few lines.
const LARGEST: u64 = 1 << 20;
/// What may be said of a table.
const OF_TABLES: [&str; 2] = ["as_of", "complete_from"];
/// See [`OF_TABLES`].
const HOW_TABLES: &str =
    "write `[tables.removal]` on a line of its own and below it `as_of = 2026-05-31` or `complete_from = 2020-01-01`";
const KEYS: [&str; 4] = ["as_of", "name", "complete_from", "tables"];

/// What a data folder says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whose data it is; the folder's name when the file does not say.
    pub name: String,
    /// The last day the data is complete through.
    pub as_of: NaiveDate,
    /// The first day the data is complete from: rows that happened, or were still open, on that day
    /// or later are there.
    pub complete_from: Option<NaiveDate>,
    /// What is said of single tables, by their names in the model.
    pub tables: BTreeMap<String, OfTable>,
    /// The file that says it.
    pub file: PathBuf,
}

/// What the settings say of one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfTable {
    /// The last day it is complete through, where it is not that of the data.
    pub as_of: Option<NaiveDate>,
    /// The first day it is complete from, where it is not that of the data.
    pub complete_from: Option<NaiveDate>,
}

impl Settings {
    /// What the file should be called, where it has the name of before.
    #[must_use]
    pub fn new_name(&self) -> Option<&'static str> {
        (self.file.file_name() == Some(OsStr::new(FORMER))).then_some(FILE)
    }

    /// Every table that is spoken of is one of the model.
    pub(super) fn speaks_of(&self, model: &Model) -> Result<(), Problem> {
        let Some(name) = self.tables.keys().find(|name| model.find_table(name).is_none()) else { return Ok(()) };
        let known: Vec<&str> = model.tables.iter().map(|t| t.name.as_str()).collect();
        Err(Problem::new(
            code::DATA_SETTINGS,
            format!("the settings speak of a table `{name}` that the model does not have"),
        )
        .file(&self.file)
        .help(suggest::help(name, "tables", &known)))
    }
}

/// Reads the settings of a data folder; `None` when it has none.
///
/// # Errors
/// When the file is there but cannot be used, or the folder is not there.
pub fn settings(dir: &Path) -> Result<Option<Settings>, Problem> {
    super::folder::folder(dir)?;
    let Some(path) = file(dir)? else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = inputs::open(&path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| super::folder::unreadable(&path, &error))?;
    let wrong = |message: String| Problem::new(code::DATA_SETTINGS, message).file(&path);
    if bytes.len() as u64 > LARGEST {
        let help = "they are a few lines such as `as_of = 2026-10-31`; is this another file?";
        return Err(wrong(format!("the settings are larger than {} MB", LARGEST >> 20)).help(help));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| wrong("the settings are not UTF-8 text".to_owned()).help("save the file as UTF-8"))?;
    let values: toml::Table = text.trim_start_matches('\u{feff}').parse().map_err(|e: toml::de::Error| {
        let line = e.span().map_or(1, |s| text.bytes().take(s.start).filter(|b| *b == b'\n').count() + 1);
        wrong(format!("line {line} of the settings cannot be read: {}", e.message()))
            .help("write lines such as `as_of = 2026-10-31` and `name = \"Our department\"`")
    })?;
    for key in values.keys().filter(|k| !KEYS.contains(&k.as_str())) {
        // Settings for other programs may stand here too, but not a slip of the pen.
        if let Some(near) = suggest::nearest(key, KEYS) {
            return Err(wrong(format!("unknown setting `{key}`")).help(format!("did you mean `{near}`?")));
        }
    }
    let as_of = day(&values, "as_of", &wrong)?.ok_or_else(|| {
        wrong("the settings do not say through which day the data is complete".to_owned())
            .help("add a line such as `as_of = 2026-10-31`")
    })?;
    let complete_from = day(&values, "complete_from", &wrong)?;
    if let Some(from) = complete_from.filter(|from| *from > as_of) {
        return Err(wrong(format!(
            "the data is complete from {from} only, which is after {as_of}, through which it is complete"
        ))
        .help("`complete_from` is the first day of which nothing is missing, `as_of` the last"));
    }
    let tables = tables(&values, as_of, &wrong)?;
    let name = match values.get("name") {
        Some(toml::Value::String(name)) => name.clone(),
        Some(_) => return Err(wrong("`name` is not text".to_owned()).help("write `name = \"Our department\"`")),
        None => dir.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    Ok(Some(Settings { name, as_of, complete_from, tables, file: path }))
}

/// The settings file of a data folder, if it has one.
fn file(dir: &Path) -> Result<Option<PathBuf>, Problem> {
    let is_there = |name: &str| -> Result<Option<PathBuf>, Problem> {
        let path = dir.join(name);
        Ok(super::folder::is_in(dir, &path)?.then_some(path))
    };
    match (is_there(FILE)?, is_there(FORMER)?) {
        (Some(_), Some(former)) => {
            let message = format!("the folder has two settings files, `{FILE}` and `{FORMER}`");
            let help = format!("`{FORMER}` is what `{FILE}` was called before: keep one of them");
            Err(Problem::new(code::DATA_SETTINGS, message).file(&former).help(help))
        }
        (file, former) => Ok(file.or(former)),
    }
}

/// `[tables.removal]`, with `as_of` and `complete_from` of its own.
fn tables(
    values: &toml::Table,
    as_of: NaiveDate,
    wrong: &impl Fn(String) -> Problem,
) -> Result<BTreeMap<String, OfTable>, Problem> {
    let mut found = BTreeMap::new();
    let said = match values.get("tables") {
        None => return Ok(found),
        Some(toml::Value::Table(said)) => said,
        Some(_) => return Err(wrong("`tables` is not a part of its own".to_owned()).help(HOW_TABLES)),
    };
    for (name, value) in said {
        let Some(value) = value.as_table() else {
            return Err(wrong(format!("what is said of table `{name}` cannot be read")).help(HOW_TABLES));
        };
        if let Some(other) = value.keys().find(|key| !OF_TABLES.contains(&key.as_str())) {
            return Err(wrong(format!("unknown setting `{other}` of table `{name}`")).help(suggest::help(
                other,
                "settings of a table",
                &OF_TABLES,
            )));
        }
        let of = OfTable { as_of: day(value, "as_of", wrong)?, complete_from: day(value, "complete_from", wrong)? };
        if let Some(later) = of.as_of.filter(|day| *day > as_of) {
            return Err(wrong(format!(
                "table `{name}` cannot be complete through {later}: the data is through {as_of}"
            ))
            .help("the `as_of` of a table is the same day or an earlier one"));
        }
        found.insert(name.clone(), of);
    }
    Ok(found)
}

/// A day, bare or in quotes.
fn day(values: &toml::Table, key: &str, wrong: &impl Fn(String) -> Problem) -> Result<Option<NaiveDate>, Problem> {
    let Some(value) = values.get(key) else { return Ok(None) };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match super::value::date(&text).and_then(super::value::day) {
        Some(day) => Ok(Some(day)),
        None => Err(wrong(format!("`{key}` is not a day: `{text}`")).help(format!("write `{key} = 2026-10-31`"))),
    }
}
