//! What all parts of a query share: the tables and columns that it needs, and the names it has
//! given.

use super::Refused;
use super::dialect::Says;
use super::names::name;
use crate::ir::{Indicator, LinkedQuery, RowId};
use crate::model::{Column, ColumnId, ColumnType, Model, TableId};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The columns that steps of the query add to the rows of the cohort.
const OWN: [&str; 26] = [
    "window_start",
    "window_end",
    "as_of",
    "level",
    "entity_id",
    "belongs",
    "place",
    "first_sure",
    "placed",
    "sure",
    "contested",
    "reason",
    "unsure",
    "met",
    "events",
    "certain",
    "exposure",
    "amount",
    "held_on",
    "row_no",
    "picked_for",
    "loose",
    "first_perhaps",
    "counts",
    "counted",
    "doubted",
];

/// The state of a query that is being written.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    /// The model.
    pub(super) model: &'a Model,
    /// The indicator, as it is asked.
    pub(super) indicator: &'a Indicator,
    /// How the database says things.
    pub(super) says: &'static dyn Says,
    needs: RefCell<BTreeMap<TableId, BTreeSet<ColumnId>>>,
    numbered: RefCell<BTreeSet<TableId>>,
    names: RefCell<BTreeSet<String>>,
    /// Whether business days are counted.
    business: RefCell<bool>,
    /// The day as of which it is written.
    pub(super) as_of: NaiveDate,
    /// What the text calls the rows of questions.
    aliases: BTreeMap<RowId, String>,
}

impl<'a> Writer<'a> {
    /// Nothing written yet.
    pub(super) fn new(
        model: &'a Model,
        indicator: &'a Indicator,
        says: &'static dyn Says,
        as_of: NaiveDate,
        aliases: BTreeMap<RowId, String>,
    ) -> Self {
        let writer = Self {
            model,
            indicator,
            says,
            needs: RefCell::default(),
            numbered: RefCell::default(),
            names: RefCell::default(),
            business: RefCell::default(),
            as_of,
            aliases,
        };
        // All columns of the cohort's table that are read anywhere go along with its rows.
        for (table, columns) in indicator.reads(model) {
            if table == indicator.cohort.table {
                columns.into_iter().for_each(|column| writer.need(table, column));
            }
        }
        writer.names.borrow_mut().extend(["c", "w", "t", "q"].map(str::to_owned));
        writer
    }

    /// What the text calls a row of a question.
    pub(super) fn said_alias(&self, q: &LinkedQuery) -> Option<String> {
        self.aliases.get(&q.row).cloned()
    }

    /// Refuses a model with a table that is called as a step that others are read beside.
    pub(super) fn free_names(&self) -> Result<(), Refused> {
        let taken = |file: &str| matches!(file, "params" | "windows" | "holidays") || file.starts_with("known_");
        match self.model.tables.iter().find(|table| taken(&table.file)) {
            Some(table) => Err(Refused::taken(&table.name)),
            None => Ok(()),
        }
    }

    /// The name of a table as it was known at the end of the as-of day.
    pub(super) fn known(&self, table: TableId) -> String {
        self.needs.borrow_mut().entry(table).or_default();
        name(&format!("known_{}", self.model.table(table).name))
    }

    /// Notes that a column is needed.
    pub(super) fn need(&self, table: TableId, column: ColumnId) {
        self.needs.borrow_mut().entry(table).or_default().insert(column);
    }

    /// The name of a column in the rows that are known.
    pub(super) fn bare(&self, table: TableId, column: ColumnId) -> String {
        self.need(table, column);
        let column = self.model.table(table).column(column);
        let own = if column.parts.is_empty() { column.file_name.clone() } else { column.name.clone() };
        name(&if OWN.contains(&own.as_str()) { format!("{own}_") } else { own })
    }

    /// A column of a row.
    pub(super) fn column(&self, alias: &str, table: TableId, column: ColumnId) -> String {
        format!("{}.{}", name(alias), self.bare(table, column))
    }

    /// What a row is told from all others of its table by: its key, or its number.
    pub(super) fn identity(&self, alias: &str, table: TableId) -> String {
        match self.model.table(table).key {
            Some(key) => self.column(alias, table, key),
            None => {
                self.numbered.borrow_mut().insert(table);
                self.known(table);
                format!("{}.row_no", name(alias))
            }
        }
    }

    /// By what the rows of a table stand in order.
    pub(super) fn order(&self, alias: &str, table: TableId) -> String {
        let identity = self.identity(alias, table);
        match (self.model.table(table).words_of, self.model.table(table).key) {
            (Some((of, column)), _) => self.place_of_word(&identity, &self.model.table(of).column(column).ty),
            (None, Some(_)) => self.says.by_bytes(&identity),
            (None, None) => identity,
        }
    }

    /// The place of a word in its list.
    pub(super) fn place_of_word(&self, word: &str, list: &ColumnType) -> String {
        let words = list.spelled_words().unwrap_or_default();
        place_among(word, &words)
    }

    /// The tables that are needed, and their columns.
    pub(super) fn needs(&self) -> BTreeMap<TableId, BTreeSet<ColumnId>> {
        self.needs.borrow().clone()
    }

    /// The tables without a key whose rows have to be told apart.
    pub(super) fn numbered(&self) -> BTreeSet<TableId> {
        self.numbered.borrow().clone()
    }

    /// A name that nothing has yet.
    pub(super) fn new_name(&self, wanted: &str) -> String {
        let mut names = self.names.borrow_mut();
        let free = (1..).map(|n| if n == 1 { wanted.to_owned() } else { format!("{wanted}_{n}") });
        let free = free.into_iter().find(|name| !names.contains(name)).unwrap_or_else(|| wanted.to_owned());
        names.insert(free.clone());
        free
    }

    /// Notes that business days are counted.
    pub(super) fn counts_business_days(&self) -> Result<(), Refused> {
        self.model.business.ok_or_else(|| Refused::internal("business days without a declaration"))?;
        *self.business.borrow_mut() = true;
        Ok(())
    }

    /// Whether business days are counted.
    pub(super) fn has_business_days(&self) -> bool {
        *self.business.borrow()
    }

    /// Refuses a column whose texts are not compared as they stand.
    pub(super) fn plain(&self, table: TableId, column: &Column) -> Result<(), Refused> {
        let reads = column.read_as;
        if reads.trimmed || reads.ignoring_case || reads.whole_number {
            return Err(Refused::spelled(&self.model.table(table).name, &column.name));
        }
        Ok(())
    }
}

/// The place of a word among others, from 0 on; missing for a word that is none of them.
pub(super) fn place_among(word: &str, words: &[&str]) -> String {
    let cases: Vec<String> =
        words.iter().enumerate().map(|(n, one)| format!("WHEN {} THEN {n}", super::names::quoted(one))).collect();
    format!("CASE {word} {} END", cases.join(" "))
}
