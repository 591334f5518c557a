//! A row that is not recorded and would have made the difference, in a sentence.

use yardstick_language::describe::say;
use yardstick_language::explanation::{Days, MissingRow};

/// The sentence: what is recorded, and with which row more the result would be another.
pub(super) fn said(of: &MissingRow) -> String {
    let MissingRow { name, owner, other, recorded, passing, conditions, becomes, .. } = of;
    let other = if *other { "other " } else { "" };
    let asked = joined(conditions.iter().map(|condition| format!("`{condition}`")).collect());
    let (head, one, repeat) = match (*recorded, *passing) {
        (0, _) => (format!("No {other}row of `{name}` of {owner} is recorded"), "one", true),
        (1, 0) => (format!("The one {other}row of `{name}` of {owner} does not pass {asked}"), "one more", false),
        (all, 0) => (format!("None of the {all} {other}rows of `{name}` of {owner} passes {asked}"), "one more", false),
        (1, _) => (format!("One {other}row of `{name}` of {owner} is recorded"), "one more", true),
        (all, some) if all == some => {
            (format!("{all} {other}rows of `{name}` of {owner} are recorded"), "one more", true)
        }
        (all, some) => {
            (format!("{some} of the {all} {other}rows of `{name}` of {owner} pass {asked}"), "one more", false)
        }
    };
    let passes = if repeat && !conditions.is_empty() { format!(", as it would pass {asked}") } else { String::new() };
    let with = with(of).map(|with| format!(", {with},")).unwrap_or_default();
    format!("{head}; with {one}{with} it would be {}{passes}.", becomes.word())
}

/// What stands in the row: its day, and what else the indicator reads.
fn with(of: &MissingRow) -> Option<String> {
    let names = joined(of.day_names.iter().map(|name| format!("`{name}`")).collect());
    let are = if of.day_names.len() == 1 { "is" } else { "are the same day," };
    let days: Vec<String> = of.days.iter().map(days).collect();
    let day = (!days.is_empty()).then(|| format!("whose {names} {are} {}", days.join(", or ")));
    let values = of.values.iter().map(|of| format!("whose `{}` is {}", of.name, of.value));
    let all: Vec<String> = day.into_iter().chain(values).collect();
    (!all.is_empty()).then(|| joined(all))
}

/// Days, and whether those beside them were asked about.
fn days(of: &Days) -> String {
    let [first, last] = [of.first, of.last].map(say::day);
    let said = if of.first == of.last { first } else { format!("any day from {first} to {last}") };
    match (of.earlier_open, of.later_open) {
        (false, false) => said,
        (true, false) => format!("{said} (earlier days were not tried)"),
        (false, true) => format!("{said} (later days were not tried)"),
        (true, true) => format!("{said} (earlier and later days were not tried)"),
    }
}

fn joined(mut all: Vec<String>) -> String {
    match all.pop() {
        None => String::new(),
        Some(last) if all.is_empty() => last,
        Some(last) => format!("{} and {last}", all.join(", ")),
    }
}
