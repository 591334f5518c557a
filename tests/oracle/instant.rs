//! Files in local time: instants become what clocks showed, by another crate than the engine's, and
//! days that begin with an instant become days.

use chrono::{DateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use yardstick::interpret::TextTable as Raw;
use yardstick::model::{ColumnType, Model, TableId};

/// The zone that a model names.
pub(crate) fn zone(model: &Model) -> Option<Tz> {
    model.times.zone().map(|zone| zone.name().parse().unwrap())
}

/// The same files with local times only.
pub(crate) fn local(model: &Model, files: &BTreeMap<TableId, Raw>) -> BTreeMap<TableId, Raw> {
    let mut files = files.clone();
    let Some(zone) = zone(model) else { return files };
    for (id, raw) in &mut files {
        for column in &model.table(*id).columns {
            let is_day = match column.ty {
                ColumnType::Date => true,
                ColumnType::Timestamp => false,
                _ => continue,
            };
            let place = raw.header.iter().position(|name| *name == column.file_name).unwrap();
            for cell in raw.rows.iter_mut().map(|row| &mut row[place]) {
                if let Ok(instant) = DateTime::parse_from_rfc3339(cell) {
                    *cell = said(model, instant, zone, is_day, cell);
                }
            }
        }
    }
    files
}

/// An instant as a day or a time; its own text when it is no day, and nothing on a day that means
/// missing.
fn said(model: &Model, instant: DateTime<chrono::FixedOffset>, zone: Tz, is_day: bool, text: &str) -> String {
    if model.missing_dates.contains(&instant.date_naive()) {
        return String::new();
    }
    let there = instant.with_timezone(&zone).naive_local();
    let before = (instant - TimeDelta::seconds(1)).with_timezone(&zone).naive_local();
    let begins = there.time() == NaiveTime::MIN || before.date() < there.date();
    match is_day {
        false => there.format("%Y-%m-%dT%H:%M:%S").to_string(),
        true if begins => there.date().to_string(),
        true => text.to_owned(),
    }
}
