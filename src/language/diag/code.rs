//! The table of codes: one line each. Every code has a page in `pages/` and a failing example in
//! the tests.

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

    /// Whether the finding is about all of a declaration: a line says all that can be said, and its
    /// text shows nothing.
    #[must_use]
    pub fn is_about_a_whole(self) -> bool {
        [ON_NO_SCORECARD, NOT_FOR_REVIEW].contains(&self)
    }
}

/// What is done about a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing is said.
    Off,
    /// It is told.
    Warn,
    /// It is an error.
    Error,
}

impl Level {
    /// Every level, from the mildest on.
    pub const ALL: [Self; 3] = [Self::Off, Self::Warn, Self::Error];

    /// The word by which it is set.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// A warning with the name by which its level is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lint {
    /// Its code.
    pub code: Code,
    /// Its name: `on-no-scorecard`.
    pub name: &'static str,
    /// What is done about it unless something else is set.
    pub level: Level,
}

impl Lint {
    /// The warning of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        LINTS.iter().find(|lint| lint.name == name)
    }

    /// The warning of this code; none of an error.
    #[must_use]
    pub fn of(code: Code) -> Option<&'static Self> {
        LINTS.iter().find(|lint| lint.code == code)
    }
}

macro_rules! codes {
    (
        errors { $($(#[$doc:meta])* $code:ident $constant:ident;)* }
        warnings { $($(#[$about:meta])* $warning:ident $lint:ident $name:literal $level:ident;)* }
    ) => {
        $($(#[$doc])* pub const $constant: Code = Code(stringify!($code));)*
        $($(#[$about])* pub const $lint: Code = Code(stringify!($warning));)*

        /// Every code with its page, in order.
        pub const ALL: &[(Code, &str)] = &[
            $((Code(stringify!($code)), include_str!(concat!("pages/", stringify!($code), ".md"))),)*
            $((Code(stringify!($warning)), include_str!(concat!("pages/", stringify!($warning), ".md"))),)*
        ];

        /// Every warning, in order.
        pub const LINTS: &[Lint] = &[$(Lint { code: $lint, name: $name, level: Level::$level }),*];

        // The letter decides how much a finding matters.
        $(const _: () = assert!(stringify!($code).as_bytes()[0] == b'E');)*
        $(const _: () = assert!(stringify!($warning).as_bytes()[0] == b'W');)*
    };
}

codes! {
    errors {
        /// The text cannot be read from here on.
        E0101 SYNTAX;
        /// No declaration begins with this word.
        E0102 UNKNOWN_DECLARATION;
        /// No clause begins with this word.
        E0103 UNKNOWN_CLAUSE;
        /// A text without its closing quotation mark.
        E0104 UNCLOSED_TEXT;
        /// A brace or parenthesis that is not closed.
        E0105 UNCLOSED_BRACKET;
        /// A closing brace or parenthesis without an opening one.
        E0106 STRAY_BRACKET;
        /// Too deep or too long to be read.
        E0107 TOO_BIG;
        /// `==`, `&&`, `||`, `<>`, `!` and the like.
        E0108 FOREIGN_SIGN;
        /// `is null`, `between`, `like`.
        E0109 SQL_FORM;
        /// Single or curly quotation marks, or a backslash that stands for nothing.
        E0110 QUOTES;
        /// A day that does not exist or is not written year-month-day.
        E0111 BAD_DATE;
        /// A number that is too large, or has a fraction where it cannot.
        E0112 BAD_NUMBER;
        /// A drawn row that does not fit its head line.
        E0113 DRAWN_ROW;
        /// `{ }`.
        E0114 EMPTY_LIST;
        /// A character or comment sign of another language.
        E0115 STRANGE_CHARACTER;
        /// `first` or `last` without `of each ... by ...`, or the other way round.
        E0116 HALF_A_PICK;
        /// Written twice where it can be written only once.
        E0117 TWICE;
        /// A form of an earlier version of the language.
        E0118 FORMER;
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
        /// A column does not hold what the model says.
        E0806 DATA_WRONG_TYPE;
        /// A column occurs twice in a file.
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
        /// Checking the data failed because of a mistake in the program.
        E0815 DATA_INTERNAL;
        /// A scratch file cannot be written.
        E0816 DATA_SCRATCH;
        /// A checked copy of the data cannot be written.
        E0817 DATA_CHECKED;
        /// A link leads out of the data folder.
        E0821 DATA_OUTSIDE;
        /// The folder of a table is kept by a table format's log.
        E0822 DATA_TABLE_FORMAT;
        /// An entity has an id that means something else.
        E0823 DATA_RESERVED_ID;
        /// Times that are or may be instants, in a model that names no zone.
        E0824 DATA_INSTANTS;
        /// Texts that would fit if blanks, case or zeros did not matter.
        E0825 DATA_READ_AS;
        /// An entity has two targets from one day.
        E0826 DATA_TWO_TARGETS;
        /// A name that names nothing in sight.
        E0201 UNKNOWN_NAME;
        /// Two declarations of one name.
        E0202 DECLARED_TWICE;
        /// A table that is not declared.
        E0203 UNKNOWN_TABLE;
        /// A word that is not in the column's list.
        E0204 UNKNOWN_CODE;
        /// A name that could belong to two rows in sight.
        E0205 AMBIGUOUS;
        /// A named set of codes or rows that is not declared.
        E0206 UNKNOWN_SET;
        /// A name that is defined by itself.
        E0207 CIRCULAR;
        /// A definition that is too large once its names are written out.
        E0208 TOO_LARGE;
        /// An indicator that is not declared.
        E0209 UNKNOWN_INDICATOR;
        /// A name the language keeps for itself.
        E0210 RESERVED_NAME;
        /// Two values of types that do not match.
        E0301 TYPE_MISMATCH;
        /// A value where true or false is needed.
        E0302 NOT_A_CONDITION;
        /// Days against months, months against years.
        E0303 UNIT_MISMATCH;
        /// A time against a day.
        E0304 DAY_AGAINST_TIME;
        /// A sign between dates or a word between numbers.
        E0305 WRONG_COMPARISON;
        /// Many rows where one value is needed.
        E0306 MANY_ROWS;
        /// One row where `some`, `no` and `all` need many.
        E0307 NOT_MANY_ROWS;
        /// A sum that does not move a date by a length of time.
        E0308 CANNOT_MOVE;
        /// Hours or minutes of a day.
        E0309 HOURS_ON_DAY;
        /// `all` without `have`, or `have` without `all`.
        E0310 HAVE_WITHOUT_ALL;
        /// `other` with no row of that table to leave out.
        E0311 NO_OTHER_ROW;
        /// A pick that does not say one row per linked row, in an order.
        E0312 NOT_A_PICK;
        /// A question about a stay asked of rows that have none.
        E0313 NO_STAY;
        /// A function that does not exist.
        E0314 UNKNOWN_CALL;
        /// `censored at as_of` after something that is not the time to a day that may be still to
        /// come.
        E0315 NOT_CENSORED;
        /// `censored at` a day that may lie after the as-of date.
        E0316 CENSORED_LATE;
        /// An incidence by a length of time for which rows cannot be followed.
        E0317 INCIDENCE_LENGTH;
        /// A row before or after another, where there is no such row to ask about.
        E0330 NO_ROW_BESIDE;
        /// A window of a length that windows cannot have.
        E0401 WINDOW_LENGTH;
        /// A lag in a unit that a wait cannot have.
        E0402 LAG_LENGTH;
        /// A condition that looks forward without an end.
        E0403 UNBOUNDED;
        /// An attribution that ends at no level.
        E0404 NO_LEVEL_REACHED;
        /// An attribution on something that is not a day.
        E0405 ATTRIBUTION_DATE;
        /// A link that depends on a date, followed where no date is given.
        E0406 DATED_LINK_IN_CONDITION;
        /// A length of time or a date beyond the calendar.
        E0407 OUT_OF_CALENDAR;
        /// A question about the holder of a row that is not asked of the row itself.
        E0408 HOLDER_ASKED;
        /// An indicator that is the same in every window.
        E0409 WINDOW_NOT_NAMED;
        /// Months that windows of this kind cannot end with.
        E0410 WINDOW_ENDS;
        /// A question about the first day of a window that has none.
        E0411 NO_FIRST_DAY;
        /// A clause an indicator cannot do without.
        E0501 CLAUSE_MISSING;
        /// A clause that may stand once, twice.
        E0502 CLAUSE_REPEATED;
        /// A standard in a unit the measure does not have.
        E0503 STANDARD_UNIT;
        /// A standard no value can reach or miss.
        E0504 STANDARD_RANGE;
        /// A yellow band that overlaps green.
        E0505 YELLOW_SIDE;
        /// A yellow band in the other direction than the standard.
        E0506 YELLOW_DIRECTION;
        /// Two standards in force on one day.
        E0507 STANDARDS_OVERLAP;
        /// Days between two standards on which none is in force.
        E0508 STANDARDS_GAP;
        /// A standard that ends before it begins.
        E0509 STANDARD_DATES;
        /// Standards of one indicator in different directions.
        E0510 TWO_DIRECTIONS;
        /// A domain that is not declared.
        E0511 UNKNOWN_DOMAIN;
        /// A status other than published, adapted or inferred.
        E0512 UNKNOWN_STATUS;
        /// An indicator in the wrong row of a scorecard, or twice on it.
        E0513 SCORECARD_ROW;
        /// A tier, a minimum or a percentile that makes no sense.
        E0514 NUMBER_RANGE;
        /// A clause that does not belong to what is measured, or one that it needs.
        E0515 MEASURE_CLAUSES;
        /// A range whose ends stand the wrong way around, or are the same.
        E0516 RANGE_ENDS;
        /// A yellow band within more than the whole way, or within no percentage.
        E0517 YELLOW_WITHIN;
        /// A yellow band where nothing is green.
        E0518 NOTHING_YELLOW;
        /// Something that is not to be taken over, where there is nothing of it.
        E0519 NOTHING_TO_LEAVE_OUT;
        /// Targets that cannot be taken from a table.
        E0520 TARGETS;
        /// A plan whose months stand in no order, or with which no window of its indicator ends.
        E0521 PLAN_MONTHS;
        /// A plan that would make its indicator worse.
        E0522 PLAN_DIRECTION;
        /// An action that is due, or was done, before its plan began; a plan that begins after its
        /// end.
        E0523 PLAN_DAYS;
        /// A plan for a level that its indicator does not reach.
        E0524 PLAN_ENTITY;
        /// Levels that are missing, or a level without a table.
        E0601 LEVELS;
        /// A level with no path to the one above.
        E0602 LEVEL_PATH;
        /// A `spans` line that does not describe a stay.
        E0603 SPANS;
        /// A dated link through a table that cannot carry it.
        E0604 THROUGH;
        /// A back link that does not find its way.
        E0605 BACK;
        /// A table with two keys, or linked to without one.
        E0606 KEY;
        /// A column type that does not exist.
        E0607 COLUMN_TYPE;
        /// Two tables in one file, or two columns in one file column.
        E0608 FILE_TWICE;
        /// A share that is not between 0 and 100 percent.
        E0609 QUALITY;
        /// `missing means not yet` of a column that cannot be still to come.
        E0610 NOT_YET;
        /// Business days that are not declared, or declared wrongly.
        E0611 BUSINESS_DAYS;
        /// A `peers by` that cannot tell which entities are alike.
        E0612 PEERS;
        /// A `begins on` that cannot say on which day a row begins.
        E0613 BEGINS;
        /// A `known with` that cannot say when a value is known.
        E0614 KNOWN_WITH;
        /// A `from` that leads out of the data folder.
        E0615 FILE_OUTSIDE;
        /// A time zone that does not exist.
        E0616 TIME_ZONE;
        /// A form of days that makes no sense, or two that read one text differently.
        E0617 FORM;
        /// `trimmed`, `ignoring case` or `as whole number` of a column that cannot be read so.
        E0618 READ_AS;
        /// `distinct` of a table with a key.
        E0619 DISTINCT;
        /// A breakdown by something that cannot tell groups apart.
        E0620 GROUPS;
        /// Bands that do not cover every value once, in order.
        E0621 BANDS;
        /// A rule that cannot be asked of every row.
        E0622 RULE;
        /// Spellings of words that cannot be told apart.
        E0625 SPELLED;
        /// A table of words that is made of something else, or stands where rows are needed.
        E0626 WORDS_TABLE;
        /// A column of another table that cannot stand for one of this table.
        E0631 JOINED;
        /// An encoding that is not read.
        E0632 ENCODING;
        /// An id made of several columns that cannot be one.
        E0640 KEY_PARTS;
        /// A decimal that has no such digits.
        E0641 DECIMAL;
        /// A day on which no window of the indicator ends.
        E0701 WINDOW_ENDING;
        /// A row expected before any window is named.
        E0702 ROW_BEFORE_WINDOW;
        /// A drawn cell that does not fit its column.
        E0703 CELL;
        /// A column the indicator reads that the test does not draw.
        E0705 COLUMN_LEFT_OUT;
        /// An expectation that can never hold.
        E0706 IMPOSSIBLE_EXPECT;
        /// Drawn rows the model would set aside.
        E0707 DRAWN_ROWS;
        /// A test that expects nothing.
        E0708 NOTHING_EXPECTED;
    }
    warnings {
        /// A local name nothing uses.
        W0801 UNUSED_LET "unused-name" Warn;
        /// A named set nothing uses.
        W0802 UNUSED_SET "unused-set" Warn;
        /// A condition that is always true.
        W0803 ALWAYS_TRUE "always-true" Warn;
        /// A condition that is never true.
        W0804 ALWAYS_FALSE "never-true" Warn;
        /// An indicator no scorecard shows.
        W0805 ON_NO_SCORECARD "on-no-scorecard" Warn;
        /// An exclusion that takes nothing out.
        W0806 DEAD_EXCLUDE "empty-exclusion" Warn;
        /// An indicator without the words a reviewer needs.
        W0807 NOT_FOR_REVIEW "not-for-review" Warn;
        /// A value of a stay, when the model does not say from when it is known.
        W0808 KNOWN_WHEN "known-when-unsaid" Warn;
        /// `as it stands` of an indicator that waits for nothing.
        W0809 NOTHING_PROVISIONAL "nothing-provisional" Warn;
        /// A breakdown whose groups can change for ever in all indicators that lead to it.
        W0810 UNBOUNDED_GROUPS "unbounded-groups" Warn;
        /// A plan that is to be reached before one can know whether it was.
        W0811 PLAN_TOO_SOON "plan-too-soon" Warn;
        /// A numerator that compares a day that may be missing.
        W0812 NULLABLE_NUMERATOR "nullable-numerator" Warn;
        /// A standard that nobody has published.
        W0813 INFERRED_STANDARD "inferred-standard" Off;
        /// "Within" in the title, and the day after it in the numerator.
        W0814 WITHIN_OR_BY "within-or-by" Warn;
        /// An indicator without a test.
        W0815 NO_TESTS "no-tests" Off;
        /// An approval of another definition than the one that stands.
        W0816 NOT_AS_APPROVED "not-as-approved" Warn;
        /// A review that is due on the as-of day.
        W0817 REVIEW_DUE "review-due" Warn;
    }
}

/// The page of a code written as text, in any case.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    ALL.iter().find(|(c, _)| c.as_str().eq_ignore_ascii_case(code)).map(|(_, page)| *page)
}
