//! The table of codes: one line each. Every code has a page in `pages/` and a failing example in the tests.

use super::Severity;

/// A stable code such as `E0203`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// `W` codes are warnings, all others errors.
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.0.starts_with('W') { Severity::Warning } else { Severity::Error }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $name:ident;)*) => {
        $($(#[$doc])* pub const $name: Code = Code(stringify!($code));)*

        /// Every code with its page, in order.
        pub const ALL: &[(Code, &str)] = &[$((Code(stringify!($code)), include_str!(concat!("pages/", stringify!($code), ".md")))),*];
    };
}

codes! {
    /// The text cannot be read from here on.
    E0101 SYNTAX;
    /// The data folder is not there.
    E0801 DATA_FOLDER;
    /// A table has no file.
    E0802 DATA_NO_FILE;
    /// A table has more than one source.
    E0803 DATA_TWO_FILES;
    /// The settings of a data folder cannot be used.
    E0804 DATA_SETTINGS;
    /// A column is missing in a file.
    E0805 DATA_MISSING_COLUMN;
    /// A column holds something else than the model says.
    E0806 DATA_WRONG_TYPE;
    /// A column stands in a file twice.
    E0807 DATA_COLUMN_TWICE;
    /// A line of a CSV file is broken.
    E0808 DATA_BROKEN_LINE;
    /// A CSV file is not UTF-8 text.
    E0809 DATA_NOT_UTF8;
    /// A Parquet file cannot be read.
    E0810 DATA_BROKEN_PARQUET;
    /// A file of the data cannot be read.
    E0811 DATA_UNREADABLE;
    /// A table is larger than can be held.
    E0812 DATA_TOO_LARGE;
    /// Rows break the model, and `--strict` was asked for.
    E0813 DATA_STRICT;
    /// A row that a test draws breaks the model.
    E0814 DATA_DRAWN;
    /// Checking the data failed for a reason of the program's own.
    E0815 DATA_INTERNAL;
}

/// The page of a code written as text, in any case.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    ALL.iter().find(|(c, _)| c.as_str().eq_ignore_ascii_case(code)).map(|(_, page)| *page)
}
