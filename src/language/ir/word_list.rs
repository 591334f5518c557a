//! Lists of words that values are taken from: those of a column, and those of the language itself.

use crate::model::{ColumnId, ColumnType, Model, TableId};

/// Whose words they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordList {
    /// Those that the model lists for a column.
    Column(TableId, ColumnId),
    /// The days of the week, Monday first.
    Weekdays,
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl WordList {
    /// The lists of the language itself.
    pub const OWN: [Self; 1] = [Self::Weekdays];

    /// The words, in order.
    #[must_use]
    pub fn words(self, model: &Model) -> Vec<&str> {
        match self {
            Self::Weekdays => WEEKDAYS.to_vec(),
            Self::Column(table, column) => match &model.table(table).column(column).ty {
                ColumnType::Codes(words) => words.iter().map(String::as_str).collect(),
                ColumnType::Key
                | ColumnType::Link(_)
                | ColumnType::Text
                | ColumnType::Bool
                | ColumnType::Int
                | ColumnType::Decimal(_)
                | ColumnType::Date
                | ColumnType::Timestamp => Vec::new(),
            },
        }
    }

    /// The word at a place, when there is one.
    #[must_use]
    pub fn word(self, model: &Model, place: u16) -> Option<&str> {
        self.words(model).get(usize::from(place)).copied()
    }

    /// What a word of the list is called: `a word of`, and the name of the column, or `a weekday`.
    #[must_use]
    pub fn one(self, model: &Model) -> String {
        match self {
            Self::Weekdays => "a weekday".to_owned(),
            Self::Column(table, column) => format!("a word of `{}`", model.table(table).column(column).name),
        }
    }
}
