//! A line of the table of date semantics in the words of the language.

use std::collections::BTreeMap;
use yardstick::calendar::{self, Window};
use yardstick::ir::{Outcome, WindowLength};

/// How a line can be put to the test.
pub(super) enum Said {
    /// A condition on a row with these cells, and what must become of the row.
    Asked {
        cells: BTreeMap<&'static str, String>,
        condition: String,
        outcome: Outcome,
    },
    /// Something the calendar knows by itself, and whether it is as the line says.
    Known(bool),
    Cannot,
}

type Cells = BTreeMap<&'static str, String>;

pub(super) fn say(operation: &str, a: &str, b: &str, wanted: &str) -> Said {
    let said = match operation {
        "add_years" if wanted == "error" => {
            let moved = calendar::add_months(a.parse().unwrap(), 12 * b.parse::<i64>().unwrap());
            return Said::Known(moved.is_none());
        }
        "first_of_month" => {
            return Said::Known(calendar::first_of_month(a.parse().unwrap()).to_string() == wanted);
        }
        "windows_months" => return Said::Known(windows(1, a, b) == wanted),
        "windows_years" => return Said::Known(windows(12, a, b) == wanted),
        "between_inclusive" => between(a, b, "on or after", "on or before"),
        "between_exclusive" => between(a, b, "after", "before"),
        "interval_in" => inside(a, b),
        "interval_contains" => inside(b, a),
        _ => {
            let (kind, what) = operation.split_once('_').unwrap();
            match kind {
                "add" => return moved(a, b, what, wanted),
                "compare" => compared(what, a, b),
                "duration" | "difference" | "age" => counted(operation.rsplit('_').next().unwrap(), a, b, wanted),
                "interval" => intervals(what, a, b, wanted),
                _ => None,
            }
        }
    };
    let Some((cells, condition)) = said else { return Said::Cannot };
    let outcome = match wanted {
        "null" => Outcome::Undetermined,
        "false" => Outcome::Unmet,
        _ => Outcome::Met,
    };
    Said::Asked { cells, condition, outcome }
}

/// `a` as a column: one that is missing, or one that holds it. What is missing is bounded, so that
/// one need not wait for it.
fn day(a: &str, cells: &mut Cells) -> (&'static str, &'static str) {
    if a == "null" {
        return ("gap", " and gap on or before window.last_day");
    }
    cells.insert("x_day", a.to_owned());
    ("x_day", "")
}

fn moved(a: &str, n: &str, unit: &str, wanted: &str) -> Said {
    let mut cells = Cells::new();
    let (sign, amount) = n.strip_prefix('-').map_or(("+", n), |n| ("-", n));
    let (condition, outcome) = if a == "null" {
        // What is missing stays missing: compared with anything it is unknown.
        (format!("gap + 100 {unit} = 2000-01-01"), Outcome::Undetermined)
    } else if unit == "hours" {
        cells.insert("x_time", whole(a));
        cells.insert("want_time", whole(wanted));
        (format!("x_time {sign} {amount} hours = want_time"), Outcome::Met)
    } else {
        cells.insert("x_day", a.to_owned());
        cells.insert("want", wanted.to_owned());
        (format!("x_day {sign} {amount} {unit} = want"), Outcome::Met)
    };
    Said::Asked { cells, condition, outcome }
}

/// A time down to the second.
fn whole(time: &str) -> String {
    let time = time.split('.').next().unwrap();
    let (day, clock) = time.split_once('T').unwrap();
    let parts: Vec<&str> = clock.split(':').chain(["00", "00"]).take(3).collect();
    format!("{day}T{}", parts.join(":"))
}

fn compared(what: &str, a: &str, b: &str) -> Option<(Cells, String)> {
    let what = what.strip_suffix("_of").unwrap_or(what);
    let words = if what.contains("or_before") {
        "on or before"
    } else if what.contains("or_after") {
        "on or after"
    } else if what.starts_with("same") {
        "="
    } else if what.starts_with("before") {
        "before"
    } else if what.starts_with("after") {
        "after"
    } else {
        return None;
    };
    let mut cells = Cells::new();
    if a.contains('T') {
        cells.insert("x_time", whole(a));
        cells.insert("y_time", whole(b));
        return Some((cells, format!("x_time {words} y_time")));
    }
    let (x, bound) = day(a, &mut cells);
    Some((cells, format!("{x} {words} {b}{bound}")))
}

fn counted(unit: &str, a: &str, b: &str, wanted: &str) -> Option<(Cells, String)> {
    let mut cells = Cells::new();
    if wanted == "null" {
        return Some((cells, format!("{unit} from gap to {b} = 5 and gap on or before window.last_day")));
    }
    if a.contains('T') {
        cells.insert("x_time", whole(a));
        cells.insert("y_time", whole(b));
        return Some((cells, format!("{unit} from day of x_time to day of y_time = {wanted}")));
    }
    cells.insert("x_day", a.to_owned());
    cells.insert("y_day", b.to_owned());
    Some((cells, format!("{unit} from x_day to y_day = {wanted}")))
}

fn between(a: &str, interval: &str, from: &str, to: &str) -> Option<(Cells, String)> {
    let mut cells = Cells::new();
    let (first, last) = ends(interval)?;
    let (x, bound) = day(a, &mut cells);
    Some((cells, format!("{x} {from} {first} and {x} {to} {last}{bound}")))
}

/// The day is in a stay; the row is the stay.
fn inside(a: &str, interval: &str) -> Option<(Cells, String)> {
    let (first, last) = ends(interval)?;
    if a == "null" {
        // A day that is not known cannot be asked of a stay without waiting for it, so the stay is
        // written out.
        let until = after(last)?;
        return Some((Cells::new(), format!("gap on or after {first} and gap before {until}")));
    }
    let mut cells = Cells::from([("a_from", first.to_owned())]);
    if last != "null" {
        cells.insert("a_until", after(last)?);
    }
    Some((cells, format!("open on {a}")))
}

/// Two runs of days, each from its first day until the day after its last.
fn intervals(what: &str, a: &str, b: &str, wanted: &str) -> Option<(Cells, String)> {
    let (p_from, p_last) = ends(a)?;
    let mut cells = Cells::from([("p_from", p_from.to_owned()), ("p_until", after(p_last)?)]);
    if let Some((q_from, q_last)) = ends(b) {
        cells.extend([("q_from", q_from.to_owned()), ("q_until", after(q_last)?)]);
    }
    let condition = match what {
        "after" => format!("p_from after {b}"),
        "before" => format!("p_until on or before {b}"),
        "overlaps" => "p_from before q_until and q_from before p_until".to_owned(),
        "meets" => "p_until = q_from or q_until = p_from".to_owned(),
        "starts" => "p_from = q_from and p_until on or before q_until".to_owned(),
        "ends" => "p_until = q_until and p_from on or after q_from".to_owned(),
        "includes" => "p_from on or before q_from and p_until on or after q_until".to_owned(),
        "included_in" => "q_from on or before p_from and q_until on or after p_until".to_owned(),
        "equivalent" => "p_from = q_from and p_until = q_until".to_owned(),
        "properly_includes" => {
            "p_from on or before q_from and p_until on or after q_until and (p_from != q_from or p_until != q_until)"
                .to_owned()
        }
        "properly_included_in" => {
            "q_from on or before p_from and q_until on or after p_until and (p_from != q_from or p_until != q_until)"
                .to_owned()
        }
        "intersect" => {
            let (from, last) = ends(wanted)?;
            cells.extend([("want", from.to_owned()), ("want_until", after(last)?)]);
            "(latest of p_from, q_from) = want and (earliest of p_until, q_until) = want_until".to_owned()
        }
        _ => return None,
    };
    Some((cells, condition))
}

/// `[2012-01-05, 2012-01-25]`.
fn ends(interval: &str) -> Option<(&str, &str)> {
    interval.strip_prefix('[')?.strip_suffix(']')?.split_once(", ")
}

fn after(day: &str) -> Option<String> {
    Some(calendar::add_days(day.parse().ok()?, 1)?.to_string())
}

/// Windows in a row from the first day of a month, or up to the last day of one when there are
/// fewer than none.
fn windows(months: u32, a: &str, n: &str) -> String {
    let (a, n): (chrono::NaiveDate, i64) = (a.parse().unwrap(), n.parse().unwrap());
    let step = i64::from(months);
    let first = calendar::first_of_month(a);
    let ends: Vec<i64> =
        if n > 0 { (1..=n).map(|k| k * step).collect() } else { (n + 1..=0).map(|k| k * step + 1).collect() };
    let shown = |window: Window| format!("[{}, {}]", window.start, window.last_day());
    let window =
        |end: i64| WindowLength::Months(months).ending_before(calendar::add_months(first, end).unwrap()).unwrap();
    let all: Vec<String> = ends.into_iter().map(|end| shown(window(end))).collect();
    format!("{{{}}}", all.join("; "))
}
