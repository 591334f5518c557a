//! Values as text: days, times, whole numbers, true and false. Used for CSV files and for a test's
//! drawn rows.
//!
//! Nothing is guessed: one form of a day (`2024-02-29`), two of a time (`2024-02-29
//! 14:30[:00[.000]]` with a blank or a `T`), and no spaces around them. A bare day is a time at
//! midnight, since many writers drop the midnight; a midnight after a day is left out, since others
//! add one. Other forms are read where the model says so (see `forms`).

use chrono::{DateTime, NaiveDate};
use yardstick_language::calendar::{FIRST_YEAR, LAST_YEAR};
use yardstick_language::model::Digits;

pub(super) const DAY: i64 = 86_400;

/// The number of a day, counted from 1970-01-01.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    date.signed_duration_since(DateTime::UNIX_EPOCH.date_naive()).num_days() as i32
}

/// The day with a number, when its year is one we know.
pub(super) fn day(number: i32) -> Option<NaiveDate> {
    let date = DateTime::from_timestamp(i64::from(number) * DAY, 0)?.date_naive();
    use chrono::Datelike;
    (FIRST_YEAR..=LAST_YEAR).contains(&date.year()).then_some(date)
}

/// `2024-02-29`.
pub(super) fn date(text: &str) -> Option<i32> {
    date_bytes(text.as_bytes())
}

fn date_bytes(text: &[u8]) -> Option<i32> {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let year = digits(&text[..4])?;
    let month = digits(&text[5..7])?;
    let day = digits(&text[8..])?;
    if year < FIRST_YEAR as u32 || !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) {
        return None;
    }
    Some(civil(year, month, day))
}

/// The text of a day before a midnight, `00:00`, `T00:00:00.000` or `12:00:00 AM`; all of it when
/// there is none.
pub(super) fn without_midnight(text: &str) -> &str {
    let (whole, hour) = match text.strip_suffix(" AM") {
        Some(before_noon) => (before_noon, "12"),
        None => (text, "00"),
    };
    let clock = whole.rsplit_once([' ', 'T']).and_then(|(day, clock)| Some((day, clock.strip_prefix(hour)?)));
    let is_nought = |rest: &str| match rest.strip_prefix(":00:00") {
        Some(fraction) => {
            fraction.is_empty()
                || fraction.len() > 1 && fraction.starts_with('.') && fraction.bytes().skip(1).all(|b| b == b'0')
        }
        None => rest == ":00",
    };
    clock.filter(|(_, rest)| is_nought(rest)).map_or(text, |(day, _)| day)
}

/// Seconds since 1970-01-01, as if the clock had no zone. Parts of a second are dropped.
pub(super) fn timestamp(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let day = i64::from(date_bytes(bytes.get(..10)?)?) * DAY;
    let Some((separator, clock)) = bytes[10..].split_first() else { return Some(day) };
    if !matches!(separator, b' ' | b'T') {
        return None;
    }
    let (hour, minute, second) = match clock {
        [h @ .., b':', _, _] if h.len() == 2 => (digits(h)?, digits(&clock[3..5])?, 0),
        [_, _, b':', _, _, b':', rest @ ..] => (digits(&clock[..2])?, digits(&clock[3..5])?, whole_seconds(rest)?),
        [..] => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then(|| day + i64::from(hour * 3600 + minute * 60 + second))
}

/// `07` or `07.250`.
fn whole_seconds(text: &[u8]) -> Option<u32> {
    match text {
        [_, _] => digits(text),
        [a, b, b'.', part @ ..] if !part.is_empty() && part.iter().all(u8::is_ascii_digit) => digits(&[*a, *b]),
        [..] => None,
    }
}

/// A whole number; `6.0` is one too, as some writers turn whole numbers with gaps into fractions.
pub(super) fn int(text: &str) -> Option<i64> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// A decimal as a whole number: `12.50`, of two digits after the point, as 1250. Digits that the
/// column has no room for make it unreadable; zeros at the end are none.
pub(super) fn decimal(text: &str, digits: Digits) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(unsigned) || fraction.is_some_and(|fraction| !are_digits(fraction)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default().trim_end_matches('0');
    let zeros = usize::from(digits.after).checked_sub(fraction.len())?;
    let all = unsigned.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', zeros));
    let number = all.into_iter().try_fold(0_i64, |n, b| n.checked_mul(10)?.checked_add(i64::from(b - b'0')))?;
    let fits = number < 10_i64.checked_pow(digits.all.into())?;
    fits.then_some(if unsigned.len() == whole.len() { number } else { -number })
}

/// `true`, `1`, `yes`, `t` and their opposites, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    const YES: [&str; 5] = ["true", "1", "yes", "t", "y"];
    const NO: [&str; 5] = ["false", "0", "no", "f", "n"];
    let is = |words: [&str; 5]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(YES) {
        Some(true)
    } else if is(NO) {
        Some(false)
    } else {
        None
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a day that exists; years are counted from March, so that a leap day
/// comes last.
fn civil(year: u32, month: u32, day: u32) -> i32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + in_year;
    days as i32 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_agree_with_the_calendar() {
        let mut day = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
        let mut last = None;
        while day < NaiveDate::from_ymd_opt(2401, 1, 1).unwrap() {
            let number = date(&day.format("%Y-%m-%d").to_string());
            assert_eq!(number, Some(day_number(day)), "{day}");
            assert_eq!(super::day(day_number(day)), Some(day));
            assert!(last < number);
            last = number;
            day = day.succ_opt().unwrap();
        }
        assert_eq!(date("9999-12-31"), Some(day_number(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap())));
    }

    #[test]
    fn no_other_day_is_read() {
        for text in ["2024-02-30", "2023-02-29", "1900-02-29", "0000-01-01", "2024-13-01", "2024-00-10", "2024-01-00"] {
            assert_eq!(date(text), None, "{text}");
        }
        for text in
            ["2024-1-1", "01/02/2024", "2024-01-01 ", " 2024-01-01", "20240101", "2024-01-01T00:00", "+024-01-01"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn midnights() {
        for text in ["2024-01-10 00:00", "2024-01-10 00:00:00", "2024-01-10T00:00:00.000", "2024-01-10 12:00:00 AM"] {
            assert_eq!(without_midnight(text), "2024-01-10", "{text}");
        }
        assert_eq!(without_midnight("9 Mar 2024 00:00"), "9 Mar 2024");
        for text in [
            "2024-01-10",
            "2024-01-10 00:00:01",
            "2024-01-10 10:00",
            "2024-01-10 00:00:00.",
            "2024-01-10 00:00:00.001",
            "2024-01-10 12:00:00",
            "2024-01-10 00:00 AM",
            "2024-01-10 00:00Z",
            "2024-01-10 00",
            "09OCT2024",
            "",
        ] {
            assert_eq!(without_midnight(text), text);
        }
    }

    #[test]
    fn times() {
        let midnight = timestamp("2024-03-10").unwrap();
        assert_eq!(timestamp("2024-03-10 14:30"), Some(midnight + 14 * 3600 + 30 * 60));
        assert_eq!(timestamp("2024-03-10T14:30:07"), Some(midnight + 14 * 3600 + 30 * 60 + 7));
        assert_eq!(timestamp("2024-03-10 23:59:59.999999"), Some(midnight + DAY - 1));
        for text in
            ["2024-03-10 24:00", "2024-03-10 12:60", "2024-03-10 1:30", "2024-03-10 14:30Z", "2024-03-10 14:30:60"]
        {
            assert_eq!(timestamp(text), None, "{text}");
        }
        for text in
            ["2024-03-10 14:30:07.", "2024-03-10 14:30+01:00", "2024-02-30 10:00", "2024-03-10x14:30", "é024-03-10", ""]
        {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_and_truth() {
        assert_eq!(int("-12"), Some(-12));
        assert_eq!(int("6.0"), Some(6));
        assert_eq!((int("6.5"), int("6."), int(""), int("9223372036854775808")), (None, None, None, None));
        assert_eq!(
            (boolean("TRUE"), boolean("0"), boolean("Yes"), boolean("f"), boolean("maybe")),
            (Some(true), Some(false), Some(true), Some(false), None)
        );
    }
}
