//! Instants: times that say how far their clock is from UTC. They become the local times of the
//! zone that the model names.
//!
//! | in CSV | written by, for example |
//! |---|---|
//! | `2024-01-10T08:00:00Z`, `2024-01-10 08:00:00.000000Z` | R, Arrow |
//! | `2024-01-10 08:00:00+00:00`, `2024-01-10T00:00:00.000-08:00` | pandas, Spark |
//! | `2024-01-10 00:00:00-08`, `+0530` | DuckDB, PostgreSQL, Polars |
//! | `2024-01-10 08:00:00 +00:00`, `2024-01-10 08:00:00 UTC` | SQL Server, BigQuery |

use super::problem::Problem;
use super::value::{self, DAY};
use yardstick_language::diag::code;
use yardstick_language::model::Times;
use yardstick_language::zone::Zone;

/// An instant as a text says it.
pub(super) struct Written {
    /// Seconds since 1970-01-01 in UTC.
    pub(super) instant: i64,
    /// The number of the day that stands there.
    pub(super) day: i32,
}

/// Reads an instant; `None` for any other text, local times among them.
pub(super) fn written(text: &str) -> Option<Written> {
    let (clock, ahead) = match text.strip_suffix('Z').or_else(|| text.strip_suffix("UTC")) {
        Some(clock) => (clock, 0),
        None => {
            let at = text.rfind(['+', '-'])?;
            (text.get(..at)?, ahead(text.get(at..)?)?)
        }
    };
    let clock = clock.strip_suffix(' ').unwrap_or(clock);
    // A bare day is no time: what follows it is no offset.
    let clock = value::timestamp(clock).filter(|_| clock.len() > "2024-01-10".len())?;
    Some(Written { instant: clock - ahead, day: clock.div_euclid(DAY) as i32 })
}

/// The seconds of `+05:30`, `-0800` or `-08`.
fn ahead(offset: &str) -> Option<i64> {
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("-", digits) => (-1, digits),
        (_, digits) => (1, digits),
    };
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        5 => digits.split_once(':').filter(|(hours, _)| hours.len() == 2)?,
        _ => return None,
    };
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// The local time of an instant, when its day is one that can be named.
pub(super) fn local(zone: &Zone, instant: i64) -> Option<i64> {
    let local = zone.local(instant);
    i32::try_from(local.div_euclid(DAY)).ok().and_then(value::day).map(|_| local)
}

/// The local time of an instant with which a day begins.
pub(super) fn first(zone: &Zone, instant: i64) -> Option<i64> {
    local(zone, instant).filter(|_| zone.begins_day(instant))
}

/// The instants of one column while it is read.
#[derive(Debug)]
pub(super) struct Instants<'m> {
    times: &'m Times,
    /// How many became local times, or days.
    pub(super) turned: u64,
    /// One that did not, since the model names no zone.
    refused: Option<String>,
    /// How many cannot be days, since they are midnights of UTC only.
    pub(super) midnights_of_utc: u64,
}

impl<'m> Instants<'m> {
    pub(super) fn new(times: &'m Times) -> Self {
        Self { times, turned: 0, refused: None, midnights_of_utc: 0 }
    }

    /// The zone that says their local time.
    pub(super) fn zone(&self) -> Option<&'m Zone> {
        self.times.zone()
    }

    /// Notes one that became a local time or a day, or that did not.
    pub(super) fn note(&mut self, instant: i64, turned: bool) {
        self.turned += u64::from(turned);
        self.midnights_of_utc += u64::from(!turned && instant.rem_euclid(DAY) == 0);
    }

    /// Notes one that cannot be turned into local time.
    pub(super) fn refuse(&mut self, text: &str) {
        self.refused.get_or_insert_with(|| super::rejects::shorten(text.to_owned()));
    }

    /// Adds those of the same column further down.
    pub(super) fn append(&mut self, later: Self) {
        self.turned += later.turned;
        self.refused = self.refused.take().or(later.refused);
        self.midnights_of_utc += later.midnights_of_utc;
    }

    /// Why the column cannot be read, when the model names no zone for the instants in it.
    pub(super) fn problem(&self, column: &str, table: &str) -> Option<Problem> {
        let example = self.refused.as_ref()?;
        Some(nowhere(column, table, &format!("holds instants, for example `{example}`"), self.times))
    }

    /// What to do about a column of days in which so many values cannot be read: when all of them
    /// are midnights of UTC.
    pub(super) fn help(&self, unreadable: u64) -> Option<String> {
        let zone = self.zone().filter(|_| self.midnights_of_utc == unreadable)?;
        let zone = zone.name();
        Some(format!(
            "these are midnights of UTC, and none of {zone}: days that were written as if they were instants; write them as days, which are the \
             same in every zone (`2024-02-29`; in Parquet: a date column)"
        ))
    }
}

/// Data with instants cannot be used when the model does not say where times are local. `holds` is
/// what was found.
pub(super) fn nowhere(column: &str, table: &str, holds: &str, times: &Times) -> Problem {
    let unsaid = match times {
        Times::Local => "the model says that times are local, but not where",
        Times::Undeclared | Times::LocalTo(_) => "the model does not say where times are local",
    };
    let message = format!("column `{column}` of table `{table}` {holds}, and {unsaid}");
    Problem::new(code::DATA_INSTANTS, message).help(
        "add `times are local to America/Los_Angeles` to the model, with your own time zone: instants are then turned into local time; or write \
         local times",
    )
}

/// Times of a form that is read both ways.
pub(super) fn undecided(column: &str, table: &str) -> Problem {
    let message = format!(
        "column `{column}` of table `{table}` holds times of the old form of 96 bits, and the file does not say whether they are local or instants"
    );
    Problem::new(code::DATA_INSTANTS, message).help(
        "where they are instants, as Spark writes them, add `times are local to America/Los_Angeles` to the model, with your own time zone; \
         where they are local, as Impala writes them, add `times are local`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_an_instant() {
        let eight = value::timestamp("2024-01-10 08:00").unwrap();
        for text in [
            "2024-01-10T08:00:00Z",
            "2024-01-10 08:00Z",
            "2024-01-10 08:00:00.000000Z",
            "2024-01-10 08:00:00+00:00",
            "2024-01-10 08:00:00-00:00",
            "2024-01-10 08:00:00 UTC",
            "2024-01-10T00:00:00.000-08:00",
            "2024-01-10T00:00:00-0800",
            "2024-01-10 00:00:00-08",
            "2024-01-10 13:30:00.0000000 +05:30",
        ] {
            let written = written(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((written.instant, written.day), (eight, eight.div_euclid(DAY) as i32), "{text}");
        }
        let late = written("2024-01-09T23:30:00-08:00").unwrap();
        assert_eq!((late.instant, late.day), (eight - 1800, eight.div_euclid(DAY) as i32 - 1));
    }

    #[test]
    fn no_other_text_is_one() {
        for text in [
            "2024-01-10T08:00:00",
            "2024-01-10",
            "2024-01-10Z",
            "2024-01-10-08:00",
            "2024-01-10+08",
            "2024-01-10T08-08",
            "2024-01-10T08:00:00z",
            "2024-01-10T08:00:00  Z",
            "2024-01-10T08:00:00+8",
            "2024-01-10T08:00:00+08:0",
            "2024-01-10T08:00:00+08:60",
            "2024-01-10T08:00:00+24:00",
            "2024-01-10T08:00:00+0:800",
            "2024-01-10T08:00:00+é",
            "2024-02-30T08:00:00Z",
            "Z",
            "UTC",
            "+",
            "-",
            "",
            "2024-01-10T08:00:00 PST",
            "2024-01-10T08:00:00+-8:00",
        ] {
            assert!(written(text).is_none(), "{text}");
        }
    }
}
