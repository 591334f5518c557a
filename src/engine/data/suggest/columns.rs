//! What a column holds: days, times, numbers, true or false, a list of words, or text.

use super::super::forms;
use super::super::value;
use super::names::{is_word, says};
use super::profile::{Column, Native};
use yardstick_language::model::{ColumnType, Digits};

/// So many of the values must fit: files have mistakes, too.
const MOST: f64 = 0.98;
/// More words than this are no list.
const LIST: usize = 40;
/// Words that say that nothing is known, in small letters.
const UNKNOWN: [&str; 8] = ["unk", "unknown", "n_a", "tbd", "xx", "xxx", "missing", "undefined"];

/// The most digits of a decimal, and so many before the point are usual.
const MOST_DIGITS: u8 = 18;
const ROOM: u8 = 10;

/// What a column seems to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A day, in these forms; in that of the language when there is none.
    Day(Vec<String>),
    /// A time, likewise.
    Time(Vec<String>),
    /// Instants.
    Instant,
    Truth,
    /// A whole number, or one of `months`, say.
    Whole(&'static str),
    Decimal(Digits),
    /// One of these words.
    Words(Vec<String>),
    Text,
    /// Nothing that a model can say.
    Other,
}

/// A column's kind, with what the guess rests on where it is not sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) kind: Kind,
    pub(super) notes: Vec<String>,
}

impl Held {
    fn sure(kind: Kind) -> Self {
        Self { kind, notes: Vec::new() }
    }

    fn guess(kind: Kind, note: impl Into<String>) -> Self {
        Self { kind, notes: vec![note.into()] }
    }
}

/// In which order day, month and year follow one another in the columns that leave no choice, when
/// most of them agree.
pub(super) fn usual_order<'c>(columns: impl Iterator<Item = &'c Column>) -> Option<usize> {
    let mut orders: Vec<usize> = Vec::new();
    for column in columns.filter(|column| column.native == Native::Text) {
        let found = forms_of(column);
        if let Some((_, [(only, _)])) = found.as_ref().map(|(time, orders)| (time, orders.as_slice())) {
            orders.push(*only);
        }
    }
    let times = |order: &usize| orders.iter().filter(|other| *other == order).count();
    orders.iter().copied().max_by_key(times)
}

/// The forms in which the texts of a column are days, or times when true, one for each order.
type Forms = (bool, Vec<(usize, Vec<String>)>);

fn forms_of(column: &Column) -> Option<Forms> {
    let first = column.values().next()?;
    let has_sign = first.chars().any(|c| !c.is_ascii_alphanumeric());
    let digits = first.chars().filter(char::is_ascii_digit).count();
    let has_month = first.chars().filter(char::is_ascii_alphabetic).count() == 3;
    let named = says(&super::names::name(&column.name), &["date", "dt", "day", "on", "dob"]);
    let may_be = digits >= 5 && (has_sign || has_month && digits >= 5 || named && digits == 8 && first.len() == 8);
    if !may_be || first.len() > 30 {
        return None;
    }
    let values: Vec<&str> = column.values().take(5000).collect();
    for (time, ty) in [(false, ColumnType::Date), (true, ColumnType::Timestamp)] {
        let found = forms::fitting(&values, &ty, MOST);
        if !found.is_empty() {
            return Some((time, found));
        }
    }
    None
}

/// What a column holds; `usual` is the order of day and month where a column leaves a choice.
pub(super) fn held(column: &Column, usual: Option<usize>) -> Held {
    if column.present() == 0 {
        let kind = match column.native {
            Native::Day => Kind::Day(Vec::new()),
            Native::Time | Native::Instant => Kind::Time(Vec::new()),
            Native::Truth => Kind::Truth,
            Native::Whole => Kind::Whole("int"),
            Native::Text => Kind::Text,
            Native::Fraction | Native::Other => Kind::Other,
        };
        return Held::guess(kind, "no value in the file");
    }
    match column.native {
        Native::Day => Held::sure(Kind::Day(Vec::new())),
        Native::Time if column.is_midnights() => {
            Held::guess(Kind::Day(Vec::new()), "times in the file, all of them midnights")
        }
        Native::Time => Held::sure(Kind::Time(Vec::new())),
        Native::Instant => Held::sure(Kind::Instant),
        Native::Truth => Held::sure(Kind::Truth),
        Native::Whole => whole(column),
        Native::Fraction => decimal(column).unwrap_or_else(|| Held::sure(Kind::Other)),
        Native::Other => Held::sure(Kind::Other),
        Native::Text => text(column, usual),
    }
}

fn whole(column: &Column) -> Held {
    let name = super::names::name(&column.name);
    let unit = ["months", "days", "years"].into_iter().find(|unit| name.split('_').any(|word| word == *unit));
    if let Some(unit) = unit {
        return Held::guess(Kind::Whole(unit), format!("whole numbers; `{unit}` by its name"));
    }
    let few = column.words.as_ref().filter(|words| words.len() <= LIST && column.present() >= 4 * words.len() as u64);
    match few {
        Some(words) if words.len() > 1 => {
            let list: Vec<&str> = words.keys().take(8).map(String::as_str).collect();
            Held::guess(Kind::Whole("int"), format!("few different numbers ({}): codes?", list.join(", ")))
        }
        Some(_) | None => Held::sure(Kind::Whole("int")),
    }
}

fn text(column: &Column, usual: Option<usize>) -> Held {
    if column.share(|t| forms::day(&[], t).is_some()) >= MOST {
        return Held::sure(Kind::Day(Vec::new()));
    }
    if column.share(|t| value::timestamp(t).is_some()) >= MOST {
        return Held::sure(Kind::Time(Vec::new()));
    }
    if column.share(is_instant) >= MOST {
        return Held::sure(Kind::Instant);
    }
    if let Some((time, orders)) = forms_of(column) {
        return of_forms(time, &orders, usual);
    }
    if let Some(truth) = truth(column) {
        return truth;
    }
    let is_number = |t: &str| value::int(t).is_some() && (t == "0" || !t.trim_start_matches('-').starts_with('0'));
    if column.share(is_number) >= MOST {
        return whole(column);
    }
    decimal(column).or_else(|| words(column)).unwrap_or_else(|| Held::sure(Kind::Text))
}

/// Numbers with digits after the point, with room for larger ones. `01.5` and `1.` are none, and of
/// numbers that need more digits than a decimal has nothing can be said.
fn decimal(column: &Column) -> Option<Held> {
    let most = Digits { all: MOST_DIGITS, after: MOST_DIGITS - 1 };
    let (mut after, mut before) = (0, 0);
    let mut read = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let unsigned = whole.trim_start_matches('-');
        let plain = unsigned == "0" || !unsigned.starts_with('0');
        let fits =
            plain && value::decimal(text, Digits { after: fraction.len().max(1).try_into().ok()?, ..most }).is_some();
        if fits {
            after = after.max(fraction.len());
            before = before.max(unsigned.len());
        }
        fits.then_some(())
    };
    let (all, are) =
        column.values().fold((0_u32, 0_u32), |(all, are), text| (all + 1, are + u32::from(read(text).is_some())));
    let (after, before) = (u8::try_from(after).ok()?, u8::try_from(before).ok()?);
    let room = ROOM.max(before) + after;
    let most_are = f64::from(are) >= MOST * f64::from(all);
    (most_are && after > 0 && before + after <= MOST_DIGITS)
        .then(|| Held::sure(Kind::Decimal(Digits { all: room.min(MOST_DIGITS), after })))
}

/// A time with its distance from UTC.
fn is_instant(text: &str) -> bool {
    let offset = |rest: &str| {
        rest == "Z"
            || rest.get(1..).is_some_and(|o| rest.starts_with(['+', '-']) && value::int(&o.replace(':', "")).is_some())
    };
    let clock = text.get(19..).map(|rest| rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()));
    text.get(..19).is_some_and(|t| value::timestamp(t).is_some()) && clock.is_some_and(offset)
}

fn of_forms(time: bool, orders: &[(usize, Vec<String>)], usual: Option<usize>) -> Held {
    let kind = |forms: &[String]| if time { Kind::Time(forms.to_vec()) } else { Kind::Day(forms.to_vec()) };
    let usual = usual.and_then(|usual| orders.iter().find(|(order, _)| *order == usual));
    match (orders, usual) {
        ([(_, only)], _) => Held::sure(kind(only)),
        (several, usual) => {
            let all: Vec<String> =
                several.iter().filter_map(|(_, forms)| forms.first()).map(|f| format!("\"{f}\"")).collect();
            let why = if usual.is_some() { "; as in other columns" } else { "; ask who writes the file" };
            let chosen = usual.or_else(|| several.first()).map(|(_, forms)| kind(forms)).unwrap_or(Kind::Text);
            Held::guess(chosen, format!("fits {}{why}", all.join(" and ")))
        }
    }
}

/// `true` and `false`, `Y` and `N`, `0` and `1`.
fn truth(column: &Column) -> Option<Held> {
    let words = column.words.as_ref()?;
    let small: Vec<String> = words.keys().map(|word| word.to_ascii_lowercase()).collect();
    let within = |pair: [&str; 2]| small.iter().all(|word| pair.contains(&word.as_str()));
    if within(["true", "false"]) {
        return Some(Held::sure(Kind::Truth));
    }
    let both = small.len() >= 2;
    if both && [["yes", "no"], ["y", "n"], ["t", "f"]].into_iter().any(within) {
        let list: Vec<&str> = words.keys().map(String::as_str).collect();
        return Some(Held::guess(Kind::Truth, format!("the file says {}", list.join(" and "))));
    }
    let number = says(&super::names::name(&column.name), &["number", "count", "n", "days", "months", "years"]);
    (both && !number && within(["0", "1"]))
        .then(|| Held::guess(Kind::Truth, "0 and 1 in the file: true or false, or a number?"))
}

/// Few words that come again and again.
fn words(column: &Column) -> Option<Held> {
    let words = column.words.as_ref().filter(|words| words.len() <= LIST)?;
    let name = super::names::name(&column.name);
    if words.len() as u64 * 2 > column.present() || says(&name, &["name", "note", "notes", "comment", "title"]) {
        return None;
    }
    let fits: Vec<&String> = words.keys().filter(|word| is_word(word)).collect();
    let listed = |word: &&String| !UNKNOWN.contains(&word.to_ascii_lowercase().as_str());
    // Where all but one or two are written in one case, these are no words of the list.
    let small = |word: &str| !word.chars().any(|c| c.is_ascii_uppercase());
    let times = |word: &String| words.get(word).copied().unwrap_or(0);
    let all: u64 = words.values().sum();
    let in_small: u64 = fits.iter().filter(|word| small(word)).map(|word| times(word)).sum();
    let list: Vec<String> = fits
        .iter()
        .copied()
        .filter(listed)
        .filter(|word| in_small as f64 <= MOST * all as f64 || small(word))
        .cloned()
        .collect();
    let left: Vec<String> = words.keys().filter(|word| !list.contains(word)).cloned().collect();
    let left_rows: u64 = left.iter().map(times).sum();
    if list.is_empty() || left_rows as f64 > (1.0 - MOST) * all as f64 {
        let shown: Vec<String> = words.keys().take(8).map(|word| format!("\"{word}\"")).collect();
        return Some(Held::guess(Kind::Text, format!("few different texts: {}", shown.join(", "))));
    }
    let mut held = Held::sure(Kind::Words(list));
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|word| format!("\"{word}\" ({})", times(word))).collect();
        held.notes.push(format!("not taken for words of the list: {}", left.join(", ")));
    }
    Some(held)
}
