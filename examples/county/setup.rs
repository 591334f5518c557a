//! The rows that do not belong to families: offices, units, workers, schedules, holidays.

use super::dates::{NEVER, add_months, date, month_start};
use super::file::Cell;
use super::mess::Tables;
use super::services::EXAM_SCHEDULE;
use super::tables::Table;
use super::world::World;
use std::error::Error;

/// Age bands of the population: from and to years of age.
const AGE_BANDS: [(i32, i32); 5] = [(0, 1), (1, 6), (6, 11), (11, 16), (16, 18)];
/// The share by which there are fewer children every year.
const FEWER_A_YEAR: f64 = 0.008;

const COMPASS: [&str; 5] = ["Bureau North", "Bureau South", "Bureau East", "Bureau West", "Bureau Central"];

/// Writes them all.
pub(crate) fn write(world: &World, tables: &mut Tables) -> Result<(), Box<dyn Error>> {
    let offices = world.offices.len();
    let bureaus = offices.div_ceil(2).clamp(1, COMPASS.len());
    for (number, name) in COMPASS.iter().take(bureaus).enumerate() {
        tables.add(Table::Bureau, &[bureau(number), Cell::Text((*name).to_owned())])?;
    }
    for (number, office) in world.offices.iter().enumerate() {
        let in_bureau = bureau(number * bureaus / offices);
        let (name, peers) = (Cell::Text(office.name.to_owned()), Cell::Text(office.peer_group.to_owned()));
        tables.add(Table::Office, &[Cell::Text(office_id(number)), in_bureau, name, peers])?;
    }
    units(world, tables)?;
    workers(world, tables)?;
    for (kind, from, to, every) in EXAM_SCHEDULE {
        let months = [from, to, every].map(|m| Cell::Count(i64::from(m)));
        tables.add(Table::ExamSchedule, &[&[Cell::Code(kind)], months.as_slice()].concat())?;
    }
    for day in world.calendar.holidays() {
        tables.add(Table::Holiday, &[Cell::Day(*day)])?;
    }
    population(world, tables)?;
    months(world, tables)
}

/// The children of each age band in each office's area, by the year.
fn population(world: &World, tables: &mut Tables) -> Result<(), Box<dyn Error>> {
    let all: f64 = world.offices.iter().map(|o| o.weight).sum();
    let (first, last) = (date(world.start).0, date(world.as_of).0);
    for (number, office) in world.offices.iter().enumerate() {
        for year in first..=last {
            let fewer = (1.0 - FEWER_A_YEAR).powi(year - last);
            for (from, to) in AGE_BANDS {
                let share = office.weight / all * f64::from(to - from) / 18.0;
                let children = (world.children * share * fewer).round() as i64;
                let counts = [i64::from(year), i64::from(from), i64::from(to), children].map(Cell::Count);
                tables.add(Table::Residents, &[&[Cell::Text(office_id(number))], counts.as_slice()].concat())?;
            }
        }
    }
    Ok(())
}

/// The months of the years in which something is known.
fn months(world: &World, tables: &mut Tables) -> Result<(), Box<dyn Error>> {
    let mut month = month_start(world.start);
    while month <= world.as_of {
        let next = add_months(month, 1);
        tables.add(Table::CareMonth, &[Cell::Day(month), Cell::Day(next)])?;
        month = next;
    }
    Ok(())
}

fn bureau(number: usize) -> Cell {
    Cell::Text(format!("B{}", number + 1))
}

pub(crate) fn office_id(number: usize) -> String {
    format!("O{:02}", number + 1)
}

fn unit_id(number: usize) -> Cell {
    Cell::Text(format!("U{:03}", number + 1))
}

fn units(world: &World, tables: &mut Tables) -> Result<(), Box<dyn Error>> {
    let mut in_office = vec![0; world.offices.len()];
    for (number, unit) in world.workforce.units.iter().enumerate() {
        in_office[unit.office] += 1;
        let name = format!("{} {}", world.offices[unit.office].name, in_office[unit.office]);
        tables.add(Table::Unit, &[unit_id(number), Cell::Text(office_id(unit.office)), Cell::Text(name)])?;
        for stint in unit.stints().filter(|s| s.from <= world.as_of && s.from < s.until) {
            let until = if stint.until <= world.as_of { Cell::Day(stint.until) } else { Cell::Nothing };
            let worker = Cell::Id("W", stint.worker as u64 + 1);
            tables.add(Table::WorkerUnit, &[worker, unit_id(number), Cell::Day(stint.from), until])?;
        }
    }
    Ok(())
}

fn workers(world: &World, tables: &mut Tables) -> Result<(), Box<dyn Error>> {
    for (number, worker) in world.workforce.workers.iter().enumerate().filter(|(_, w)| w.hired_on <= world.as_of) {
        let left = worker.separated_on < NEVER && worker.separated_on <= world.as_of;
        let (separated, reason) = if left {
            (Cell::Day(worker.separated_on), Cell::Code(worker.reason))
        } else {
            (Cell::Nothing, Cell::Nothing)
        };
        let id = Cell::Id("W", number as u64 + 1);
        tables.add(
            Table::Worker,
            &[id, Cell::Day(worker.hired_on), separated, reason, Cell::Code(worker.position.word())],
        )?;
    }
    Ok(())
}
