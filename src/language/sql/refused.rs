//! Why an indicator has no query.

use chrono::NaiveDate;

/// What cannot be said exactly in SQL, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What it is.
    pub message: String,
    /// What to do instead.
    pub help: String,
}

impl Refused {
    pub(super) fn new(message: impl Into<String>, help: &str) -> Self {
        Self { message: message.into(), help: help.to_owned() }
    }

    /// A mistake of ours.
    pub(super) fn internal(what: &str) -> Self {
        Self::new(format!("internal error: {what}"), "this is a mistake of the program; please report it")
    }

    /// Nothing can be asked.
    pub(super) fn no_window(as_of: NaiveDate) -> Self {
        Self::new(
            format!("no window can be reported on data that is complete through {as_of}"),
            "name a later day with `--as-of`; `yardstick explain` says what the indicator waits for",
        )
    }

    /// An estimate that needs whole numbers of any length.
    pub(super) fn estimate(what: &str) -> Self {
        Self::new(
            format!("{what} is an estimate that SQL cannot compute exactly"),
            "it is a product of as many fractions as there are days, which is compared with a half: use `yardstick scorecard`",
        )
    }

    /// Texts that are not compared as they stand.
    pub(super) fn spelled(table: &str, column: &str) -> Self {
        Self::new(
            format!(
                "`{column}` of `{table}` is read `trimmed`, `ignoring case` or `as whole number`, which a query does not do"
            ),
            "bring the column into one form in the database, and leave these words out of a model for it",
        )
    }

    /// Rows without a key whose order goes by several days.
    pub(super) fn order(table: &str) -> Self {
        Self::new(
            format!(
                "rows of `{table}` are chosen by their order, and the table has no key and several days that become known"
            ),
            "give the table a key",
        )
    }

    /// Tables whose rows begin with each other's.
    pub(super) fn circle(table: &str) -> Self {
        Self::new(
            format!("rows of `{table}` begin with rows that begin with them"),
            "give the table a day of its own with `begins on`",
        )
    }

    /// A table that is called as a step of the query.
    pub(super) fn taken(table: &str) -> Self {
        Self::new(
            format!("a query has a step of the name of the table `{table}`"),
            "use a view with another name, and name it with `file`",
        )
    }
}
