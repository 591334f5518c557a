//! The names of the columns of plans. Those that are public are of the answers, and read by whoever
//! runs the plans.

use yardstick_language::ir::LinkedQuery;

/// The number of a row of the cohort (Int32), of those behind a cell.
pub const ROW: &str = "row";
/// The rows of the cohort.
pub const COHORT: &str = "cohort";
/// Those that stay, below the line.
pub const DENOMINATOR: &str = "denominator";
/// Those of which it is not known whether they are above the line.
pub const UNDETERMINED: &str = "undetermined";

/// The rows that an exclusion took out, by its number.
#[must_use]
pub fn excluded(exclusion: usize) -> String {
    format!("excluded.{exclusion}")
}

/// The windows in which a row counts or may count, as a set (see `window_set`); of sums, the set of
/// the one window that they are of.
pub const WINDOWS: &str = "w";
/// Where it is not known of every row: the windows in which it counts.
pub(in crate::plan) const COUNTED: &str = "w.counted";
/// Those of them in which it may not belong after all: another may have been picked instead.
pub(in crate::plan) const LEAVES: &str = "w.leaves";
/// Of rows that went, where one may be picked instead of a row of the cohort that it does not
/// belong to: the windows in which it may belong.
pub(in crate::plan) const COMES: &str = "w.comes";
/// The number of the exclusion that took the row out (Int32), or missing.
pub const EXCLUDED: &str = "excluded";
/// Whether the numerator is true (Boolean), missing when unknown; of counts, the rows of which it
/// is.
pub const MET: &str = "met";
/// What a row adds above the line of a rate, or its value in a mean or a median (Int64).
pub const AMOUNT: &str = "amount";
/// The days that a row adds below the line of a rate (Int64).
pub const EXPOSURE: &str = "exposure";
/// Of a rate, the rows whose exposure is not known, those that may come among them.
pub const UNEXPOSED: &str = "unexposed";
/// Whether a row is in the cohort, as far as is known (Boolean).
pub const HELD: &str = "held";
/// Whether it is not known that it belongs below the line (Boolean), see `unsure`.
pub const UNSURE: &str = "unsure";
/// The counts of unsure rows, see [`yardstick_results::counts::Doubt`]: how many there are, what
/// those that are counted would take away (rows that are met and unmet, or events and exposure),
/// what the others would bring, and of how many of these that is not known.
pub const DOUBTS: [&str; 6] = [UNSURE, "takes.0", "takes.1", "brings.0", "brings.1", "blank"];
/// Whether a row that went may stand in the place of any other, since it is not known whose it is
/// (Boolean).
pub const ANYBODYS: &str = "anybodys";
/// The attribution date (Date32).
pub const AT: &str = "at";

/// The row from which the dated links to its holders are followed (Int32), that of a row of the
/// cohort itself where there is no plain link before them.
pub const OWNER: &str = "owner";
/// Whether the attribution date is missing because it is not known (Boolean).
pub const AT_UNKNOWN: &str = "unknown.at";

/// The column of the entity's row number (Int32) at a level below the whole.
#[must_use]
pub fn entity(level: usize) -> String {
    format!("e{level}")
}

/// The column of the row's group in the n-th breakdown (Int32).
#[must_use]
pub fn group(breakdown: usize) -> String {
    format!("g{breakdown}")
}

/// The column of the values of a percentile, of the times until something happens, and of times and
/// fates (see [`yardstick_language::ir::Fate`]).
pub const VALUE: &str = "value";

/// The column that holds the answer of a quantifier.
pub(in crate::plan) fn answer_name(q: &LinkedQuery) -> String {
    format!("some.r{}", q.row.0)
}

/// The column of a quantifier's answer: the windows in which it is true, and in which it is false.
pub(in crate::plan) fn set_names(q: &LinkedQuery) -> (String, String) {
    let name = answer_name(q);
    (format!("{name}.yes"), format!("{name}.no"))
}

/// The columns of a count's answer: how often each window counts, and the windows in which that is
/// not known.
pub(in crate::plan) fn count_names(q: &LinkedQuery) -> [String; 2] {
    ["times", "unknown"].map(|what| format!("count.r{}.{what}", q.row.0))
}

/// The column of the rows that surely count, beside the answer of a count.
pub(in crate::plan) fn sure_name(q: &LinkedQuery) -> String {
    format!("{}.sure", answer_name(q))
}

/// The column of the windows in which a row that went may be among those that a quantifier asks
/// about.
pub(in crate::plan) fn lost_name(q: &LinkedQuery) -> String {
    format!("lost.r{}", q.row.0)
}

/// The column of the row that a row asked about has in common with the one that asks (Int32).
pub(in crate::plan) fn common_name(q: &LinkedQuery) -> String {
    format!("common.r{}", q.row.0)
}

/// The name of a key beside answers, which do not share their names with the rows.
pub(in crate::plan) fn key_name(key: &str) -> String {
    format!("key.{key}")
}

/// The column that names a linked row which gave the answer: one that passes, else one that may.
pub(in crate::plan) fn witness_name(q: &LinkedQuery) -> String {
    format!("witness.r{}", q.row.0)
}

/// The column of the answer whether a row is held elsewhere on the n-th of [`days`].
pub(in crate::plan) fn elsewhere_name(n: usize) -> String {
    format!("elsewhere.{n}")
}

/// The windows in which a linked row, or a value, counts.
pub(in crate::plan) const COUNTS: &str = "counts";

/// The windows in which it may count.
pub(in crate::plan) const DOUBT: &str = "doubt";

/// The column that numbers the pairs of a row and a window.
pub(in crate::plan) const PAIR: &str = "pair";

/// The windows in which a row that went may have to be picked instead.
pub(in crate::plan) const CONTENDED: &str = "went.in";
