//! What is waited for and looked back on is needed: data exists of which a day less gives another
//! number. And it is enough: what lies before it changes none (for the days after the as-of day,
//! `finality` shows that).
//!
//! Of plain indicators, one question each: data is made around the days on which something may
//! turn, until some is found that shows it. In so many tries it is not found for each; with more
//! (`TRIES`), it is. Where conditions contradict or contain each other, what is computed may be
//! longer than needed.

use crate::finality;
use crate::generated::parsed;
use crate::generated::plain::{Looks, plain};
use crate::generated::world::{Files, around, show};
use crate::generated::{self, Generated, days, generate, on_all_threads};
use crate::oracle::{self, Raw, World};
use chrono::{Datelike, Months, NaiveDate};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use yardstick::calendar::{Window, add_days, add_months};
use yardstick::ir::{Indicator, LookBack, Period, Program, WindowLength};
use yardstick::model::{ColumnId, Model, Table, TableId};

/// Sets of files that are tried for an indicator.
const TRIES: u64 = 600;

/// Counts that several threads add to.
#[derive(Debug, Default)]
struct Told {
    asked: usize,
    shown: usize,
    missed: Vec<String>,
}

/// A plain indicator over a generated model.
struct Plain {
    seed: u64,
    text: String,
    program: Program,
}

impl Plain {
    /// One that the checker accepts.
    fn new(seed: u64, looks: Looks) -> Option<Self> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let model = generated::world::model(&mut rng);
        let text = plain(&mut rng, looks);
        let program = parsed::program(&[model, text.clone()]).ok()?;
        Some(Self { seed, text, program })
    }

    fn indicator(&self) -> &Indicator {
        &self.program.indicators[0]
    }
}

/// Asks of plain indicators, one after the other, until so much was asked.
fn over_plain(first: u64, enough: usize, looks: Looks, ask: impl Fn(&Plain) -> Vec<(String, bool)> + Sync) -> Told {
    let (next, told) = (AtomicU64::new(first), Mutex::<Told>::default());
    on_all_threads(|| {
        while told.lock().unwrap().asked < enough {
            let Some(plain) = Plain::new(next.fetch_add(1, Ordering::Relaxed), looks) else { continue };
            let found = ask(&plain);
            let mut told = told.lock().unwrap();
            for (what, is_shown) in found {
                told.asked += 1;
                told.shown += usize::from(is_shown);
                if !is_shown {
                    told.missed.push(format!("seed {}, {what}\n{}", plain.seed, plain.text));
                }
            }
        }
    });
    let told = told.into_inner().unwrap();
    println!("{} of {} shown; for the others no data was found:\n{}", told.shown, told.asked, told.missed.join("\n"));
    told
}

/// How many are asked: so many, or as `YARDSTICK_PAIRS` says for each 2,000 pairs of the other
/// tests.
fn number(ordinary: usize) -> usize {
    std::env::var("YARDSTICK_PAIRS").map_or(ordinary, |n| n.parse::<usize>().unwrap() * ordinary / 2_000)
}

/// The levels by which an indicator has to be looked at.
fn levels(model: &Model, indicator: &Indicator) -> std::ops::Range<usize> {
    if indicator.by_level() { 0..model.levels.len() } else { 0..1 }
}

/// A window that ends with some month: they differ in length, those of February most.
fn window(indicator: &Indicator, number: u64) -> Window {
    let years = Months::new((number % 5) as u32 * 12);
    let months = Months::new(if number.is_multiple_of(3) { 0 } else { (number % 12) as u32 });
    let end = NaiveDate::from_ymd_opt(2020, 3, 1).unwrap() + years + months;
    // The first of a year to date is the one in which its first day is the latest.
    let end = if let WindowLength::YearToDate(first) = indicator.window {
        add_months(end.with_month(first).unwrap(), 1).unwrap()
    } else {
        end
    };
    (1..).find_map(|n| indicator.window_ending(add_days(end, -n)?)).unwrap()
}

/// A row of which something else is said on two readings of files, at some level.
fn differs(
    indicator: &Indicator,
    one: (&World, NaiveDate),
    other: (&World, NaiveDate),
    window: Window,
) -> Option<String> {
    levels(one.0.model, indicator).find_map(|level| finality::any_change(indicator, one, other, window, level))
}

/// The as-of day on which the window would be shown with the next shorter wait. It is a day
/// shorter; what is whole months is a few days shorter, because months and days are counted by
/// themselves.
fn too_early(indicator: &Indicator, window: Window) -> NaiveDate {
    let follow_up = indicator.follow_up.map(next_shorter);
    Indicator { follow_up, ..indicator.clone() }.final_on(window).unwrap()
}

fn next_shorter(Period { months, days }: Period) -> Period {
    match days.checked_sub(1) {
        Some(days) => Period { months, days },
        None => Period { months: months - 1, days: 27 },
    }
}

/// Months from a day within a month are a few days too long: only days are tight of a week.
fn is_rounded(indicator: &Indicator, period: Option<Period>) -> bool {
    indicator.window == WindowLength::Week && period.is_some_and(|period| period.months > 0)
}

#[test]
fn a_wait_of_a_day_less_is_too_short() {
    let told = over_plain(1, number(60), Looks::Forward, |plain| {
        let indicator = plain.indicator();
        if indicator.follow_up == Some(Period::default()) || is_rounded(indicator, indicator.follow_up) {
            return Vec::new();
        }
        let model = &plain.program.model;
        let found = (0..TRIES).any(|n| moves(model, indicator, 1_000 * plain.seed + n));
        vec![(format!("waits {:?}", indicator.follow_up), found)]
    });
    assert!(told.shown * 10 >= told.asked * 9, "{} of {}", told.shown, told.asked);
}

/// Whether files are found of which less is known on the last day that is too early.
fn moves(model: &Model, indicator: &Indicator, seed: u64) -> bool {
    let window = window(indicator, seed);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let early = too_early(indicator, window);
    let late = window.end + Months::new(60);
    let days = days::turning(&mut rng, indicator, window, &[add_days(early, 1).unwrap()]);
    let files = around(&mut rng, model, late, days);
    let cut = oracle::read(model, &files.tables, early);
    let whole = oracle::read(model, &files.tables, late);
    cut.aside.iter().all(|rows| *rows == 0) && differs(indicator, (&cut, early), (&whole, late), window).is_some()
}

/// As it stands, a window is shown long before that. What is said of a row then stays, unless it is
/// said to be undetermined or unsure.
#[test]
fn what_is_decided_as_it_stands_stays() {
    let (open, decided) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let told = over_plain(9_000_001, number(300), Looks::Forward, |plain| {
        // Rows of such a cohort may still come, and they are provisional, too.
        if plain.text.contains("began before window.start +") {
            return Vec::new();
        }
        let model = &plain.program.model;
        let indicator = Indicator { as_it_stands: true, ..plain.indicator().clone() };
        for n in 0..30 {
            let seed = 1_000 * plain.seed + n;
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let window = window(&indicator, seed);
            let days = days::turning(&mut rng, &indicator, window, &[indicator.final_on(window).unwrap()]);
            let latest = days.iter().copied().filter(|day| *day >= window.last_day());
            let early = *latest.collect::<Vec<_>>().choose(&mut rng).unwrap_or(&window.last_day());
            let late = window.end + Months::new(120);
            let files = around(&mut rng, model, late, days);
            let (cut, whole) = (oracle::read(model, &files.tables, early), oracle::read(model, &files.tables, late));
            if cut.aside.iter().any(|rows| *rows > 0) {
                continue;
            }
            for level in levels(model, &indicator) {
                let found = finality::compare(&indicator, (&cut, early), (&whole, late), window, level);
                open.fetch_add(found.decided_later, Ordering::Relaxed);
                decided.fetch_add(found.rows - found.decided_later.min(found.rows), Ordering::Relaxed);
                if let Some(change) = found.change {
                    let files = show(model, &files);
                    panic!("seed {seed}: decided as of {early}, and changed\n{change}\n{}\n{files}", plain.text);
                }
            }
        }
        vec![(String::new(), true)]
    });
    println!("{decided:?} rows decided, {open:?} open, of {} indicators", told.asked);
    assert!(open.into_inner() > 100 && decided.into_inner() > 1_000);
}

#[test]
fn what_lies_before_the_look_back_changes_nothing() {
    let (pairs, dropped) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let next = AtomicU64::new(8_000_001);
    let work = || {
        while pairs.load(Ordering::Relaxed) < number(2_000) {
            let made = generate(next.fetch_add(1, Ordering::Relaxed));
            // Making indicators takes longer than asking them.
            for (n, files) in (0..made.program.indicators.len()).flat_map(|n| (0..8).map(move |files| (n, files))) {
                dropped.fetch_add(usize::from(holds_without_the_past(&made, n, files)), Ordering::Relaxed);
                pairs.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    on_all_threads(work);
    println!("{pairs:?} pairs, {dropped:?} with rows of the past");
    assert!(dropped.into_inner() * 8 > pairs.into_inner());
}

/// Whether there were rows before what is looked back on; they change nothing.
fn holds_without_the_past(made: &Generated, number: usize, files: u64) -> bool {
    let (model, indicator) = (&made.program.model, &made.program.indicators[number]);
    let seed = 8 * made.seed + files;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let window = window(indicator, seed);
    let back = |table: &TableId| Some((*table, indicator.looks_back_to(*table, window)?));
    let from: BTreeMap<TableId, NaiveDate> = indicator.look_back.keys().filter_map(back).collect();
    let others: Vec<NaiveDate> = from.values().copied().collect();
    let as_of = window.end + Months::new(12);
    let days = days::turning(&mut rng, indicator, window, &others);
    let files = around(&mut rng, model, as_of, days);
    let (whole, less) = both(model, &files, &from);
    if let Some(change) = differs(indicator, (&whole, as_of), (&less, as_of), window) {
        let text = format!("{}\n{}", made.texts[number], show(model, &files));
        panic!("seed {}: what lies before {from:?} counts\n{change}\n{text}\n{}", made.seed, made.model);
    }
    rows(&whole) != rows(&less)
}

#[test]
fn a_look_back_of_a_day_less_is_too_short() {
    let told = over_plain(1, number(60), Looks::Back, |plain| {
        let (model, indicator) = (&plain.program.model, plain.indicator());
        let ask = |(table, back): (&TableId, &LookBack)| {
            let shown = (0..TRIES).any(|n| reaches(model, indicator, (*table, *back), 1_000 * plain.seed + n));
            (format!("{} back {back:?}", model.table(*table).name), shown)
        };
        let rounded = |back: &LookBack| match back {
            // Whatever has been lies in all time.
            _ if indicator.window == WindowLength::AllTime => true,
            LookBack::UpTo(period) => *period == Period::default() || is_rounded(indicator, Some(*period)),
            LookBack::Endless => false,
        };
        indicator.look_back.iter().filter(|(_, back)| !rounded(back)).map(ask).collect()
    });
    assert!(told.shown * 10 >= told.asked * 7, "{} of {}", told.shown, told.asked);
}

/// Whether files are found whose number hangs on rows that lie before a shorter look-back; without
/// an end, on rows of long ago.
fn reaches(model: &Model, indicator: &Indicator, (table, back): (TableId, LookBack), seed: u64) -> bool {
    let window = window(indicator, seed);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let from = match back {
        LookBack::UpTo(period) => next_shorter(period).before(indicator.looks_from(window)).unwrap(),
        LookBack::Endless => window.end - Months::new(600),
    };
    let as_of = window.end + Months::new(12);
    let days = days::turning(&mut rng, indicator, window, &[from]);
    let files = around(&mut rng, model, as_of, days);
    // Of tables that are not asked nothing is needed; of the others, what is looked back on.
    let others = model.tables().map(|(id, _)| id).filter(|id| *id != table);
    let day = |id: TableId| match indicator.look_back.contains_key(&id) {
        true => indicator.looks_back_to(id, window).map(|day| (id, day)),
        false => Some((id, from)),
    };
    let cut = others.filter_map(day).chain([(table, from)]).collect();
    let (whole, less) = both(model, &files, &cut);
    differs(indicator, (&whole, as_of), (&less, as_of), window).is_some()
}

/// How many rows each table has.
fn rows(world: &World) -> Vec<usize> {
    world.model.tables().map(|(id, _)| world.rows(id).len()).collect()
}

/// The files as they are, and without what had happened, and was no longer open, before these days.
fn both<'m>(model: &'m Model, files: &Files, from: &BTreeMap<TableId, NaiveDate>) -> (World<'m>, World<'m>) {
    let whole = oracle::read(model, &files.tables, files.as_of);
    let sound: BTreeMap<TableId, Raw> = files
        .tables
        .iter()
        .map(|(id, raw)| {
            let lines: BTreeSet<usize> = whole.rows(*id).iter().map(|row| row.line).collect();
            let rows = lines.into_iter().map(|line| raw.rows[line].clone()).collect();
            (*id, Raw { header: raw.header.clone(), rows })
        })
        .collect();
    let whole = oracle::read(model, &sound, files.as_of);
    let mut kept: BTreeMap<TableId, Vec<usize>> = BTreeMap::new();
    for (id, raw) in &sound {
        let there = |line: &usize| {
            from.get(id).is_none_or(|from| !is_over(model, &sound, model.table(*id), &raw.rows[*line], *from))
        };
        kept.insert(*id, (0..raw.rows.len()).filter(there).collect());
    }
    while lead_on(model, &sound, &mut kept) {}
    let tables = sound.iter().map(|(id, raw)| {
        let rows = kept[id].iter().map(|line| raw.rows[*line].clone()).collect();
        (*id, Raw { header: raw.header.clone(), rows })
    });
    let mut less = oracle::read(model, &tables.collect(), files.as_of);
    less.renumber(&kept);
    (whole, less)
}

/// Whether a row had happened, and its stay had ended, before a day, and nothing of it was still to
/// come.
fn is_over(model: &Model, files: &BTreeMap<TableId, Raw>, table: &Table, row: &[String], from: NaiveDate) -> bool {
    let day = |column: ColumnId| row[column.0 as usize].get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
    let is_before = |column: ColumnId| day(column).is_some_and(|day| day < from && day.to_string() != "0001-01-01");
    let has_come = table.columns().filter(|(_, c)| c.not_yet).all(|(id, _)| is_before(id));
    let over = match (table.spans, table.begins, table.begins_with) {
        (Some(spans), _, _) => is_before(spans.until),
        (None, Some(begins), _) => is_before(begins),
        (None, None, Some(link)) => {
            let to = table.column(link).target().unwrap();
            let target = model.table(to);
            let key = target.key.unwrap().0 as usize;
            let other = files[&to].rows.iter().find(|other| other[key] == row[link.0 as usize]);
            let begins = target.begins.unwrap().0 as usize;
            let day = other.and_then(|other| other[begins].get(..10)?.parse::<NaiveDate>().ok());
            day.is_some_and(|day| day < from)
        }
        (None, None, None) => false,
    };
    over && has_come
}

/// Adds the rows that rows that are there lead to; whether there were some.
fn lead_on(model: &Model, files: &BTreeMap<TableId, Raw>, kept: &mut BTreeMap<TableId, Vec<usize>>) -> bool {
    let mut asked: BTreeSet<(TableId, String)> = BTreeSet::new();
    for (id, lines) in kept.iter() {
        for (n, column) in model.table(*id).columns.iter().enumerate() {
            let Some(to) = column.target() else { continue };
            asked.extend(lines.iter().map(|line| (to, files[id].rows[*line][n].clone())));
        }
    }
    let mut more = false;
    for (id, raw) in files {
        let Some(key) = model.table(*id).key else { continue };
        let lines = kept.get_mut(id).unwrap();
        let missing = (0..raw.rows.len())
            .filter(|line| !lines.contains(line) && asked.contains(&(*id, raw.rows[*line][key.0 as usize].clone())));
        let missing: Vec<usize> = missing.collect();
        more |= !missing.is_empty();
        lines.extend(missing);
        lines.sort_unstable();
    }
    more
}
