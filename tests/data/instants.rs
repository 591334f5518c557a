//! Instants in the files: they become the local times of the zone that the model names, or are
//! refused.

use super::parquet::{days, old_times, parquet, text};
use super::world::*;
use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use std::fmt::Write as _;
use tempfile::TempDir;
use yardstick::data::{self, Loaded, Options, Problem};
use yardstick::model::{Model, Times};
use yardstick::zone::Zone;

fn to(zone: &str) -> Times {
    Times::LocalTo(Zone::named(zone).unwrap())
}

/// A table of times and days.
fn model(times: Times) -> Model {
    let missing_dates = vec!["9999-12-31".parse().unwrap(), "1900-01-01".parse().unwrap()];
    Model { times, missing_dates, ..tables(&[("a", &["a_id key", "at timestamp?", "on date?"])]) }
}

fn load(model: &Model, name: &str, bytes: &[u8]) -> Result<Loaded, Problem> {
    let folder = Folder::new(&[]);
    folder.write(name, bytes);
    folder.load_as(model)
}

/// Rows with these times, and no days.
fn csv(times: &[&str]) -> String {
    let mut file = "a_id,at,on\n".to_owned();
    times.iter().enumerate().for_each(|(n, at)| writeln!(file, "r{n:02},{at},").unwrap());
    file
}

/// How many instants were turned, by column and zone.
fn turned(loaded: &Loaded) -> Vec<(&str, u64, &str)> {
    let report = loaded.report.table(DESK).unwrap();
    report.instants.iter().map(|t| (t.column.as_str(), t.values, t.zone.as_str())).collect()
}

/// Instants of Los Angeles, and what its clocks showed.
const ANGELES: [(&str, &str); 12] = [
    ("0001-01-03T00:00:00", "0001-01-02T16:07:02"),
    ("1969-12-31T23:59:59", "1969-12-31T15:59:59"),
    ("2024-03-10T09:59:59", "2024-03-10T01:59:59"),
    ("2024-03-10T10:00:00", "2024-03-10T03:00:00"),
    ("2024-07-02T06:59:59", "2024-07-01T23:59:59"),
    ("2024-07-02T07:00:00", "2024-07-02T00:00:00"),
    ("2024-11-03T08:59:59", "2024-11-03T01:59:59"),
    ("2024-11-03T09:00:00", "2024-11-03T01:00:00"),
    ("2024-11-03T09:59:59", "2024-11-03T01:59:59"),
    ("2024-11-03T10:00:00", "2024-11-03T02:00:00"),
    ("2150-07-01T12:00:00", "2150-07-01T05:00:00"),
    ("9998-12-31T23:59:59", "9998-12-31T15:59:59"),
];

fn shown_there() -> Vec<&'static str> {
    ANGELES.iter().map(|(_, there)| *there).collect()
}

#[test]
fn in_csv_with_local_times_beside_them() {
    let model = model(to("America/Los_Angeles"));
    for end in ["Z", "+00:00", " +0000", "-00", ".750Z", " UTC"] {
        let mut times: Vec<String> = ANGELES.iter().map(|(instant, _)| format!("{instant}{end}")).collect();
        times.extend(["2024-03-10 02:30", "", "2024-11-03T01:30:00", "2024-07-02"].map(str::to_owned));
        let times: Vec<&str> = times.iter().map(String::as_str).collect();
        let loaded = load(&model, "a.csv", csv(&times).as_bytes()).unwrap();
        let local = ["2024-03-10T02:30:00", "-", "2024-11-03T01:30:00", "2024-07-02T00:00:00"];
        assert_eq!(values(&loaded.store, DESK, "at"), [&shown_there()[..], &local].concat(), "{end}");
        assert_eq!(turned(&loaded), [("at", 12, "America/Los_Angeles")]);
        assert_eq!(unknown(&loaded, DESK), [""; 0]);
    }
}

#[test]
fn an_offset_is_taken_as_it_stands_whatever_the_zone() {
    for (zone, expected) in [
        ("America/Los_Angeles", "2024-06-30T16:00:00"),
        ("Asia/Kolkata", "2024-07-01T04:30:00"),
        ("Australia/Adelaide", "2024-07-01T08:30:00"),
        ("UTC", "2024-06-30T23:00:00"),
    ] {
        let file = csv(&["2024-06-30T23:00:00Z", "2024-06-30T15:00:00-0800", "2024-07-01 04:30:00+05:30"]);
        let loaded = load(&model(to(zone)), "a.csv", file.as_bytes()).unwrap();
        assert_eq!(values(&loaded.store, DESK, "at"), [expected; 3], "{zone}");
    }
}

/// The instants as a column of Parquet, adjusted to UTC.
fn adjusted(instants: &[&str], unit: TimeUnit) -> ArrayRef {
    let plain = cast(&text(&instants.iter().map(|i| Some(*i)).collect::<Vec<_>>()), &DataType::Timestamp(unit, None));
    cast(&plain.unwrap(), &DataType::Timestamp(unit, Some("UTC".into()))).unwrap()
}

fn file_of(at: ArrayRef) -> Vec<u8> {
    let ids: Vec<String> = (0..at.len()).map(|n| format!("r{n:02}")).collect();
    let ids = text(&ids.iter().map(|id| Some(id.as_str())).collect::<Vec<_>>());
    let none = days(&vec![None; at.len()]);
    parquet(&[("a_id", ids), ("at", at), ("on", none)])
}

#[test]
fn in_parquet_in_every_unit() {
    let model = model(to("America/Los_Angeles"));
    let instants: Vec<&str> = ANGELES.iter().map(|(instant, _)| *instant).collect();
    for unit in [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond] {
        let loaded = load(&model, "a.parquet", &file_of(adjusted(&instants, unit))).unwrap();
        assert_eq!(values(&loaded.store, DESK, "at"), shown_there(), "{unit:?}");
        assert_eq!(turned(&loaded), [("at", 12, "America/Los_Angeles")]);
    }
    // Nanoseconds reach from 1677 to 2262.
    let loaded = load(&model, "a.parquet", &file_of(adjusted(&instants[1..11], TimeUnit::Nanosecond))).unwrap();
    assert_eq!(values(&loaded.store, DESK, "at"), shown_there()[1..11]);
}

#[test]
fn local_times_of_parquet_are_taken_as_they_are() {
    let at = cast(
        &adjusted(&["2024-07-01T08:00:00"], TimeUnit::Microsecond),
        &DataType::Timestamp(TimeUnit::Microsecond, None),
    );
    let file = file_of(at.unwrap());
    for times in [Times::Undeclared, Times::Local, to("America/Los_Angeles")] {
        let loaded = load(&model(times), "a.parquet", &file).unwrap();
        assert_eq!(values(&loaded.store, DESK, "at"), ["2024-07-01T08:00:00"]);
        assert_eq!(turned(&loaded), []);
    }
}

const LINE: &str = "add `times are local to America/Los_Angeles` to the model, with your own time zone";

/// Code, message and help.
fn refused(model: &Model, name: &str, bytes: &[u8]) -> (String, String, String) {
    let problem = load(model, name, bytes).unwrap_err();
    (problem.code.as_str().to_owned(), problem.message, problem.help.unwrap_or_default())
}

#[test]
fn without_a_zone_they_are_refused() {
    let file = csv(&["2024-01-10 08:00", "2024-01-10T08:00:00Z", "2024-01-10T09:00:00-08:00"]);
    let adjusted = file_of(adjusted(&["2024-01-10T08:00:00"], TimeUnit::Microsecond));
    for (times, unsaid) in [
        (Times::Undeclared, "the model does not say where times are local"),
        (Times::Local, "the model says that times are local, but not where"),
    ] {
        let model = model(times);
        let (code, message, help) = refused(&model, "a.csv", file.as_bytes());
        assert_eq!(code, "E0824");
        let said = format!("column `at` of table `a` holds instants, for example `2024-01-10T08:00:00Z`, and {unsaid}");
        assert_eq!(message, said);
        assert!(help.starts_with(LINE), "{help}");
        let (code, message, help) = refused(&model, "a.parquet", &adjusted);
        assert_eq!(code, "E0824");
        assert_eq!(message, format!("column `at` of table `a` holds instants (times adjusted to UTC), and {unsaid}"));
        assert!(help.starts_with(LINE), "{help}");
    }
    // Days, too.
    let file = "a_id,at,on\nx,,2024-01-10T08:00:00Z\n";
    assert_eq!(refused(&model(Times::Undeclared), "a.csv", file.as_bytes()).0, "E0824");
}

#[test]
fn the_old_form_is_what_the_model_says_of_it() {
    let model = |times| Model { times, ..tables(&[("a", &["a_id key", "at timestamp"])]) };
    // 2024-03-10 14:30 and 2024-07-01 00:00, as Julian days and nanoseconds.
    let file = old_times(&[("x", 2_460_380, 52_200_000_000_000), ("y", 2_460_493, 0)]);
    let (code, message, help) = refused(&model(Times::Undeclared), "a.parquet", &file);
    assert_eq!(code, "E0824");
    assert!(message.starts_with("column `at` of table `a` holds times of the old form of 96 bits"), "{message}");
    assert!(help.contains(LINE) && help.ends_with("add `times are local`"), "{help}");
    let loaded = load(&model(Times::Local), "a.parquet", &file).unwrap();
    assert_eq!(values(&loaded.store, DESK, "at"), ["2024-03-10T14:30:00", "2024-07-01T00:00:00"]);
    let loaded = load(&model(to("America/Los_Angeles")), "a.parquet", &file).unwrap();
    assert_eq!(values(&loaded.store, DESK, "at"), ["2024-03-10T07:30:00", "2024-06-30T17:00:00"]);
    assert_eq!(turned(&loaded), [("at", 2, "America/Los_Angeles")]);
}

#[test]
fn an_instant_with_which_a_day_begins_is_that_day() {
    let model = model(to("America/Los_Angeles"));
    let midnights = ["2024-01-10T08:00:00", "2024-07-01T07:00:00", "2024-11-03T07:00:00", "2024-11-04T08:00:00"];
    let expected = ["2024-01-10", "2024-07-01", "2024-11-03", "2024-11-04"];
    let rows: String = midnights.iter().enumerate().map(|(n, at)| format!("r{n},,{at}Z\n")).collect();
    let loaded = load(&model, "a.csv", format!("a_id,at,on\n{rows}").as_bytes()).unwrap();
    assert_eq!(values(&loaded.store, DESK, "on"), expected);
    assert_eq!(turned(&loaded), [("on", 4, "America/Los_Angeles")]);
    for unit in [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond] {
        let ids = text(&[Some("r0"), Some("r1"), Some("r2"), Some("r3")]);
        let none = adjusted(&[], unit);
        let at = arrow::array::new_null_array(none.data_type(), 4);
        let file = parquet(&[("a_id", ids), ("at", at), ("on", adjusted(&midnights, unit))]);
        let loaded = load(&model, "a.parquet", &file).unwrap();
        assert_eq!(values(&loaded.store, DESK, "on"), expected, "{unit:?}");
        assert_eq!(turned(&loaded), [("on", 4, "America/Los_Angeles")]);
    }
}

#[test]
fn other_instants_are_no_days() {
    let model = model(to("America/Los_Angeles"));
    let file =
        "a_id,at,on\nr1,,2024-01-10T08:00:00Z\nr2,,2024-01-10T00:00:00Z\nr3,,2024-01-10T08:00:01Z\nr4,,2024-01-11\n";
    let loaded = load(&model, "a.csv", file.as_bytes()).unwrap();
    assert_eq!(values(&loaded.store, DESK, "on"), ["2024-01-10", "-", "-", "2024-01-11"]);
    assert_eq!(unknown(&loaded, DESK), ["unreadable value on: 2 (2024-01-10T00:00:00Z 1, 2024-01-10T08:00:01Z 1)"]);
    let ids = text(&[Some("r1"), Some("r2"), Some("r3"), Some("r4")]);
    let on = adjusted(
        &["2024-01-10T08:00:00", "2024-01-10T00:00:00", "2024-01-10T08:00:00.001", "2024-01-11T08:00:00"],
        TimeUnit::Microsecond,
    );
    let at = new_null_array(on.data_type(), 4);
    let loaded = load(&model, "a.parquet", &parquet(&[("a_id", ids), ("at", at), ("on", on)])).unwrap();
    assert_eq!(values(&loaded.store, DESK, "on"), ["2024-01-10", "-", "-", "2024-01-11"]);
    assert_eq!(
        unknown(&loaded, DESK),
        ["unreadable value on: 2 (2024-01-10 00:00:00 UTC 1, 2024-01-10 08:00:00 UTC 1)"]
    );
}

#[test]
fn a_column_of_midnights_of_utc_is_told_as_such() {
    let model = model(to("America/Los_Angeles"));
    let ids = text(&[Some("r1"), Some("r2"), Some("r3")]);
    let midnights = ["2024-01-10T00:00:00", "2024-01-11T00:00:00", "2024-07-12T00:00:00"];
    let on = adjusted(&midnights, TimeUnit::Microsecond);
    let at = new_null_array(on.data_type(), 3);
    let (code, message, help) = refused(&model, "a.parquet", &parquet(&[("a_id", ids), ("at", at), ("on", on)]));
    assert_eq!(code, "E0806");
    assert!(message.ends_with("3 of its 3 values cannot be read, for example `2024-01-10 00:00:00 UTC`"), "{message}");
    assert!(help.starts_with("these are midnights of UTC, and none of America/Los_Angeles"), "{help}");
    let rows: String = midnights.iter().enumerate().map(|(n, at)| format!("r{n},,{at}Z\n")).collect();
    assert_eq!(refused(&model, "a.csv", format!("a_id,at,on\n{rows}").as_bytes()).2, help);
}

#[test]
fn a_day_that_means_missing_is_so_as_it_is_written_and_there() {
    let model = model(to("America/Los_Angeles"));
    let times = [
        "9999-12-31T00:00:00",
        "9999-12-31T08:00:00",
        "9999-12-31T23:59:59",
        "1900-01-01T00:00:00",
        "1900-01-01T08:00:00",
        "1900-01-02T07:59:59",
        "1900-01-02T08:00:00",
    ];
    let expected = ["-", "-", "-", "-", "-", "-", "1900-01-02T00:00:00"];
    let written: Vec<String> = times.iter().map(|time| format!("{time}Z")).collect();
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    let in_csv = load(&model, "a.csv", csv(&written).as_bytes()).unwrap();
    let in_parquet = load(&model, "a.parquet", &file_of(adjusted(&times, TimeUnit::Microsecond))).unwrap();
    for loaded in [in_csv, in_parquet] {
        assert_eq!(values(&loaded.store, DESK, "at"), expected);
        assert_eq!(turned(&loaded), [("at", 1, "America/Los_Angeles")]);
        assert_eq!(unknown(&loaded, DESK), [""; 0]);
    }
}

#[test]
fn a_local_time_beyond_the_calendar_is_unreadable() {
    let model = Model { missing_dates: Vec::new(), ..model(to("Asia/Kolkata")) };
    let times = ["9999-12-31T18:29:59", "9999-12-31T18:30:00"];
    let written: Vec<String> = times.iter().map(|time| format!("{time}Z")).collect();
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    let in_csv = load(&model, "a.csv", csv(&written).as_bytes()).unwrap();
    let in_parquet = load(&model, "a.parquet", &file_of(adjusted(&times, TimeUnit::Microsecond))).unwrap();
    for loaded in [in_csv, in_parquet] {
        assert_eq!(values(&loaded.store, DESK, "at"), ["9999-12-31T23:59:59", "-"]);
        assert_eq!(loaded.report.unknown_values(), 1);
    }
}

#[test]
fn a_checked_copy_is_of_one_zone() {
    let folder = Folder::new(&[("a.csv", &csv(&["2024-07-01T08:00:00Z"]))]);
    let copy = TempDir::new().unwrap();
    let options = Options { checked: Some(copy.path().to_owned()), ..Options::default() };
    for (zone, there) in
        [("America/Los_Angeles", "01:00:00"), ("America/Denver", "02:00:00"), ("America/Los_Angeles", "01:00:00")]
    {
        let loaded =
            data::load(&model(to(zone)), &data::Source::folder(folder.path()), &[DESK].into(), &options).unwrap();
        assert_eq!(values(&loaded.store, DESK, "at"), [format!("2024-07-01T{there}")]);
        assert!(!loaded.damaged);
    }
    let problem = data::load(&model(Times::Undeclared), &data::Source::folder(folder.path()), &[DESK].into(), &options)
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "E0824");
}
