//! Generates a county: every table of the county model, for as many months as asked, from a seed.
//!
//! Families live one after the other, each from its own stream of random numbers, and are written
//! as they end: memory does not grow with the county, and the same flags give the same bytes. Scale
//! 1 is a county the size of Los Angeles.

mod care;
mod dates;
mod dice;
mod family;
mod file;
mod groups;
mod handling;
mod mess;
mod practice;
mod report;
mod services;
mod setup;
mod shuffled;
mod tables;
mod workforce;
mod world;
mod write;

use self::dates::{Calendar, Day, add_months, date, day};
use self::dice::Dice;
use self::family::Family;
use self::file::Format;
use self::mess::Tables;
use self::workforce::Workforce;
use self::world::World;
use self::write::Writer;
use clap::Parser;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Families that become known in a year at scale 1.
const FAMILIES_A_YEAR: f64 = 66_000.0;
/// Workers at scale 1.
const STAFF: f64 = 4_000.0;
/// Children who live there at scale 1.
const CHILDREN: f64 = 3_000_000.0;
/// Years that families live through before the first month, so that long stays exist from the
/// start.
const YEARS_BEFORE: i32 = 10;

/// Generates the case data of a county.
#[derive(Debug, Parser)]
pub(crate) struct Flags {
    /// Size: 1 is about 150,000 reports a year, 18,000 children in care and 4,000 workers.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Months of complete data before the as-of date.
    #[arg(long, default_value_t = 120)]
    months: i32,
    /// The same seed gives the same county.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Regional offices.
    #[arg(long, default_value_t = 20)]
    offices: usize,
    /// Share of rows that are wrong.
    #[arg(long, default_value_t = 0.005)]
    bad_rows: f64,
    /// The table whose feed is broken: 15 in 100 of its rows link to something that is not there.
    #[arg(long, value_name = "TABLE")]
    broken: Option<String>,
    /// Rows in no order, and ids that are not counted up, as systems write them that do not sort
    /// what they export: the same county otherwise, with the same numbers. It is held in memory.
    #[arg(long)]
    shuffled: bool,
    /// The kind of files.
    #[arg(long, value_enum, default_value = "parquet")]
    format: Format,
    /// The folder for the files; made if it is not there.
    #[arg(long)]
    out: PathBuf,
}

/// Writes the county, and gives the name of each table and how many rows it has.
pub(crate) fn generate(flags: &Flags) -> Result<Vec<(&'static str, u64)>, Box<dyn Error>> {
    if !(flags.scale > 0.0 && flags.months > 0 && flags.offices > 0 && (0.0..=0.5).contains(&flags.bad_rows)) {
        return Err("scale, months and offices must be more than 0, and bad rows between 0 and 0.5".into());
    }
    std::fs::create_dir_all(&flags.out)?;
    let as_of = day(2026, 10, 31);
    let start = add_months(as_of + 1, -flags.months);
    let first = add_months(start, -12 * YEARS_BEFORE);
    let offices = practice::offices(flags.offices, flags.seed);
    let workforce = Workforce::new(&offices, STAFF * flags.scale, first, as_of, flags.seed);
    let calendar = Calendar::new(date(start).0, date(as_of).0 + 1);
    let world = World { offices, workforce, calendar, children: CHILDREN * flags.scale, start, as_of };
    let shuffled = flags.shuffled.then_some(flags.seed);
    let mut tables =
        Tables::create(&flags.out, flags.format, flags.seed, flags.bad_rows, flags.broken.as_deref(), shuffled)?;
    setup::write(&world, &mut tables)?;
    families(&world, flags, first, &mut tables)?;
    let rows = tables.close()?;
    settings(&flags.out, start, as_of)?;
    Ok(rows)
}

/// Lets the families live, and writes those that still mattered after the first month began.
fn families(world: &World, flags: &Flags, first: Day, tables: &mut Tables) -> Result<(), Box<dyn Error>> {
    let mut writer = Writer::new(world, tables);
    let between = 365.25 / (FAMILIES_A_YEAR * flags.scale);
    let days = f64::from(world.as_of - first);
    let count = (days / between) as u64;
    for number in 0..count {
        let mut dice = Dice::new(flags.seed, number + 1);
        let known_on = first + (number as f64 * between + dice.unit() * between) as Day;
        let mut family = Family::live(world, number + 1, known_on, &mut dice);
        groups::draw(&mut family, flags.seed);
        if family.last_day() >= world.start && !family.reports.is_empty() {
            writer.family(&family, &mut dice)?;
        }
    }
    Ok(())
}

fn settings(folder: &Path, start: Day, as_of: Day) -> Result<(), Box<dyn Error>> {
    let text = format!(
        "name = \"Example County\"\nas_of = {}\n# Earlier rows are there only for families that were still known on this day.\ncomplete_from = {}\n",
        dates::text(as_of),
        dates::text(start)
    );
    Ok(std::fs::write(folder.join("dataset.toml"), text)?)
}
