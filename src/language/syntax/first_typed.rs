//! What people who know SQL, R or Excel type first, by the word and the sign at which reading
//! stopped, and what is written instead.

/// The help for `before` followed by `there`; none when nothing is known of it.
pub(super) fn help(before: &str, there: &str) -> Option<&'static str> {
    let before = before.to_ascii_lowercase();
    Some(match (before.as_str(), there.to_ascii_lowercase().as_str()) {
        ("in", "(") => "a list stands in braces: `in { a, b }`",
        ("in", year) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            "a year is asked for by `year of D = 2024`, and a day of the period by `D in window`"
        }
        ("count", "(") => "how many rows there are is written without parentheses: `count ROWS where ...`",
        ("exists", _) => {
            "whether there is a row is asked by `some ROWS where ...`, and whether there is none by `no ROWS where ...`"
        }
        ("coalesce" | "ifnull" | "nvl" | "isnull", "(") => {
            "the first value that is there is written `first known of A, B`"
        }
        ("datediff" | "date_diff" | "difftime", "(") => {
            "the time between two days is written `days from A to B`, `months from A to B` or `years from A to B`"
        }
        ("dateadd" | "date_add", "(") => "a day is moved by `D + 12 months` or `D - 8 days`",
        ("year" | "month" | "weekday", "(") => {
            "a part of a day is written without parentheses: `year of D`, `month of D`, `weekday of D`"
        }
        ("min" | "least", "(") => {
            "the earlier of two days is `earliest of A, B`, and the earliest of rows `earliest D among ROWS where ...`"
        }
        ("max" | "greatest", "(") => {
            "the later of two days is `latest of A, B`, and the latest of rows `latest D among ROWS where ...`"
        }
        ("sum", "(") => "a sum over rows is written `sum V among ROWS where ...`",
        ("avg" | "mean" | "average" | "median", "(") => {
            "a mean or a median is a measure: `measure mean of V`, `measure median of V`"
        }
        (_, "when") | ("if", _) => "one of two values is chosen by `if C then A else B`, one of more by `else if`",
        // `within` has a place of its own beside a yellow band.
        (before, "within") if !["standard", "yellow"].contains(&before) => {
            "say by when, with one of the dates: `D on or before E + 12 months`, or `D before E + 12 months`, which leaves that day out"
        }
        _ => return None,
    })
}

/// The help for a sign of division.
pub(super) const OVER: &str = "nothing is divided here: compare products, as `2 * a <= b`, or choose by them, as `if 2 * a <= b then ...`; a share of \
                               sums is `measure proportion` with a `denominator`";

/// The help for a name that means the day of the run elsewhere.
pub(crate) fn of_the_clock(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ["today", "now", "current_date", "sysdate", "getdate", "sys_date"].contains(&name.as_str()).then_some(
        "nothing reads the clock; the last day through which the data is complete is `as_of`, the last of the period `window.last_day`",
    )
}
