//! What was found in the data: counts, ranges, every row that was set aside, and every value that
//! is not known because it breaks its column.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::model::{ColumnId, Model, TableId};

/// How many examples are kept of each rule.
pub(super) const EXAMPLES: usize = 5;

/// Why a row is set aside, or a value is not known. A row is set aside under one rule only: the
/// first, in this order, that it breaks. Among the rules that look at single values, the first
/// column of the model decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// A required column is empty.
    #[serde(rename = "missing value")]
    MissingValue,
    /// A value that cannot be read as what the column holds (`2024-02-30`).
    #[serde(rename = "unreadable value")]
    Unreadable,
    /// The end of a stay, or a day of which a missing one has not come yet, that is there and
    /// cannot be read.
    #[serde(rename = "unreadable end")]
    UnreadableEnd,
    /// A word that the model does not list for the column.
    #[serde(rename = "unknown code")]
    UnknownCode,
    /// A stay that ends before it starts.
    #[serde(rename = "end before start")]
    EndBeforeStart,
    /// A row with the id of another, alike in every column that is read; one of them is used.
    #[serde(rename = "repeated row")]
    RepeatedRow,
    /// Rows that share an id but differ; none of them is used.
    #[serde(rename = "duplicate key")]
    DuplicateKey,
    /// The id of a row that does not exist.
    #[serde(rename = "link to nothing")]
    LinkToNothing,
    /// The id of a row that was itself set aside.
    #[serde(rename = "link to a row set aside")]
    LinkToAside,
}

impl Rule {
    /// The rule as shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::MissingValue => "missing value",
            Self::Unreadable => "unreadable value",
            Self::UnreadableEnd => "unreadable end",
            Self::UnknownCode => "unknown code",
            Self::EndBeforeStart => "end before start",
            Self::RepeatedRow => "repeated row",
            Self::DuplicateKey => "duplicate key",
            Self::LinkToNothing => "link to nothing",
            Self::LinkToAside => "link to a row set aside",
        }
    }
}

/// All tables that were read, in the order of the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DataReport {
    /// One per table.
    pub tables: Vec<TableReport>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableReport {
    /// Its id in the model.
    #[serde(skip)]
    pub id: TableId,
    /// Its name.
    pub table: String,
    /// The files it was read from, without their folder.
    pub files: Vec<String>,
    /// Rows in the files.
    pub read: u64,
    /// Rows that are not there yet: they begin after the as-of day, or hang on a row that does.
    pub later: u64,
    /// Of a table that is `distinct`: rows left out because they are the same as an earlier one in
    /// every column of the file.
    pub copies: u64,
    /// Rows that are used. `read` is `later`, `copies`, `used` and the counts of `aside` together.
    pub used: u64,
    /// Rows set aside, by rule and column.
    pub aside: Vec<Aside>,
    /// Values in rows in use that break their column, and so are not known, by rule and column.
    pub unknown: Vec<Unknown>,
    /// What the files have where no spelling of a list fits, and `otherwise` takes it, by column.
    pub otherwise: Vec<Otherwise>,
    /// Of a table without a key: rows in use that are the same as an earlier one in every column of
    /// the file. They are kept.
    pub alike: u64,
    /// Of each optional link: rows in use that lead nowhere.
    pub missing_links: Vec<MissingLink>,
    /// Rows in use whose stay has no end; `None` when the table has no stays.
    pub open: Option<u64>,
    /// Columns with instants, which became times local to the model's zone.
    pub instants: Vec<Turned>,
    /// Columns with days after the as-of day.
    pub ahead: Vec<Ahead>,
    /// The last day on which a row in use begins.
    pub last_row: Option<String>,
    /// Since when no rows, or hardly any, have come in, if so.
    pub still: Option<Still>,
    /// Months between others of which no rows, or hardly any, are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// The days its dates and times reach from and to, among the rows in use.
    pub dates: Vec<DateRange>,
}

/// Rows set aside for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// The rule they break.
    pub rule: Rule,
    /// The column (its name in the file), for the rules that look at one column.
    pub column: Option<String>,
    /// How many.
    pub rows: u64,
    /// What to write in the model so that most would be read, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// The first few, in the order of the files.
    pub examples: Vec<Example>,
}

/// One row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Its file.
    pub file: String,
    /// Where it stands there: `line 17` of a CSV file, `row 16` of a Parquet file.
    pub place: String,
    /// Its id, when it has one.
    pub id: Option<String>,
    /// What is wrong, in the file's own words; empty for a missing value.
    pub text: String,
}

/// Values of one column that are not known for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// The rule they break.
    pub rule: Rule,
    /// The column, by its name in the file.
    pub column: String,
    /// In how many rows in use.
    pub rows: u64,
    /// What to write in the model so that most would be read, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// What is most often written there; nothing where the value is missing.
    pub words: Vec<Word>,
    /// The first few, in the order of the files.
    pub examples: Vec<Example>,
}

/// Texts of one column that no spelling of its list is, and the word that takes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// The column, by its name in the file.
    pub column: String,
    /// The word of the list with `otherwise`.
    pub word: String,
    /// How many values, of all rows of the files.
    pub values: u64,
    /// What would make some of them fit a spelling, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// What stands there, the most frequent first.
    pub words: Vec<Word>,
}

/// What would make values readable that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// What was found, with an example in the file's own words; empty where nothing more is to be
    /// said.
    pub found: String,
    /// What to write in the model. Nothing of the data is in it.
    pub help: String,
}

/// What is written in some cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// In the file's own words.
    pub text: String,
    /// In how many rows.
    pub rows: u64,
}

/// That rows, or the days of a column, have stopped coming in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    /// The first day of the months without, as `2026-06-01`.
    pub since: String,
    /// The rows or days that came in since, hardly any.
    pub rows: u64,
}

/// Months without rows, or without days of a column, between others with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Their first day, as `2026-08-01`.
    pub first: String,
    /// Their last.
    pub last: String,
    /// The rows or days that are there, hardly any.
    pub rows: u64,
}

/// Instants of one column that became local times, or days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// The column, by its name in the file.
    pub column: String,
    /// How many, of all rows of the files.
    pub values: u64,
    /// The zone, by its name.
    pub zone: String,
}

/// Days of one column that lie after the as-of day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// The column, by its name in the file.
    pub column: String,
    /// In how many rows.
    pub rows: u64,
    /// The furthest of them, as `2204-01-31`.
    pub furthest: String,
    /// What is made of them.
    pub effect: Effect,
}

/// What is made of a row for a day that lies after the as-of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// It is not there yet.
    #[serde(rename = "not there yet, unless a row that is there leads to it")]
    NotThere,
    /// The day has not come.
    #[serde(rename = "taken as still to come")]
    StillToCome,
    /// The day is not known yet.
    #[serde(rename = "taken as not known yet")]
    NotKnown,
    /// The day lies ahead, and is known.
    #[serde(rename = "kept: known with the row")]
    Kept,
}

impl Effect {
    /// As shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotThere => "not there yet, unless a row that is there leads to it",
            Self::StillToCome => "taken as still to come",
            Self::NotKnown => "taken as not known yet",
            Self::Kept => "kept: known with the row",
        }
    }
}

/// An optional link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingLink {
    /// The column, by its name in the file.
    pub column: String,
    /// Rows without it.
    pub rows: u64,
}

/// First and last day of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    /// The column, by its name in the file.
    pub column: String,
    /// The earliest day as `2024-01-31`; `None` when no row has one.
    pub first: Option<String>,
    /// The latest.
    pub last: Option<String>,
    /// Of a column that is filled in when its day has come: since when no days, or hardly any, have
    /// come in, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still: Option<Still>,
    /// Of such a column: months between others of which no days, or hardly any, are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// Whether so many of all are more than the limit allows. A few say little of a small table: fewer
/// than this are too many only when they are more than half.
const FEW: u64 = 5;

fn too_many(broken: u64, all: u64, limit: f64) -> bool {
    broken as f64 > limit * all as f64 && (broken >= FEW || broken * 2 > all)
}

impl TableReport {
    /// What has stopped coming in: the rows, and the days of these columns.
    pub fn stands_still(&self) -> impl Iterator<Item = (Option<&str>, &Still)> {
        let columns = self.dates.iter().filter_map(|dates| Some((Some(dates.column.as_str()), dates.still.as_ref()?)));
        self.still.iter().map(|still| (None, still)).chain(columns)
    }

    /// Months between others that are not there: of the rows, and of the days of these columns.
    pub fn lost(&self) -> impl Iterator<Item = (Option<&str>, &Gap)> {
        let columns = self.dates.iter().flat_map(|of| of.gaps.iter().map(|gap| (Some(of.column.as_str()), gap)));
        self.gaps.iter().map(|gap| (None, gap)).chain(columns)
    }

    /// Rows that are there, each once.
    fn there(&self) -> u64 {
        self.read - self.later - self.copies
    }

    /// How many rows were set aside.
    #[must_use]
    pub fn aside_rows(&self) -> u64 {
        self.there() - self.used
    }

    /// The share of rows set aside among those that are there, 0 to 1; 0 for a table with no rows.
    #[must_use]
    pub fn aside_share(&self) -> f64 {
        let there = self.there();
        if there == 0 { 0.0 } else { self.aside_rows() as f64 / there as f64 }
    }
}

impl DataReport {
    /// The report on one table, when it was read.
    #[must_use]
    pub fn table(&self, id: TableId) -> Option<&TableReport> {
        self.tables.iter().find(|t| t.id == id)
    }

    /// Whether some rows begin after the as-of day.
    #[must_use]
    pub fn has_rows_to_come(&self) -> bool {
        self.tables.iter().flat_map(|table| &table.ahead).any(|ahead| ahead.effect == Effect::NotThere)
    }

    /// How many rows were set aside in all.
    #[must_use]
    pub fn aside_rows(&self) -> u64 {
        self.tables.iter().map(TableReport::aside_rows).sum()
    }

    /// How many values in rows in use are not known because they break their column.
    #[must_use]
    pub fn unknown_values(&self) -> u64 {
        self.tables.iter().flat_map(|t| &t.unknown).map(|u| u.rows).sum()
    }

    /// Tables of which more rows were set aside than the model allows.
    #[must_use]
    pub fn bad_tables(&self, model: &Model) -> BTreeSet<TableId> {
        let bad = self.tables.iter().filter(|t| too_many(t.aside_rows(), t.there(), model.limit()));
        bad.map(|t| t.id).collect()
    }

    /// Columns of which more values are not known than the model allows, in rows in use, with how
    /// many.
    #[must_use]
    pub fn bad_columns(&self, model: &Model) -> BTreeMap<(TableId, ColumnId), u64> {
        let mut bad = BTreeMap::new();
        for table in &self.tables {
            for (id, column) in model.table(table.id).columns() {
                let unknown = table.unknown.iter().filter(|u| u.column == column.file_name).map(|u| u.rows).sum();
                if too_many(unknown, table.used, model.limit()) {
                    bad.insert((table.id, id), unknown);
                }
            }
        }
        bad
    }
}
