//! `as it stands` shows a window before its outcomes are final. What it says of a row for certain
//! stays, whatever comes: only rows that are undetermined, or that may belong, are decided later.
//!
//! The row-by-row evaluator looks at the same files at the end of an early day and of a later one.
//! Files without mess, as a correction of what was wrong may change anything.

use crate::generated::world::Files;
use crate::generated::{Generated, Text, generate, on_all_threads, parsed};
use crate::oracle::{instant, months};
use chrono::{Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use yardstick::calendar::Window;
use yardstick::interpret::{self, Evaluator, Question, Rows, Verdict, World};
use yardstick::ir::{Indicator, Missing, Outcome};
use yardstick::model::Model;

/// What is said of the as-of day, or of who holds a row, is of the day at hand; some names of the
/// model speak of it. And where a pick finds two rows alike that have no key, all that they hold
/// decides, also what is still to come.
const TAKEN_AS_IT_STANDS: [&str; 8] =
    ["as_of", "elsewhere", "at each level", "goes_on", "length_so_far", "is_long", "last holding", "first holding"];

/// So many of the indicators that fail are shown.
const SHOWN: usize = 12;

/// What the windows were like.
#[derive(Debug, Default)]
struct Told {
    windows: usize,
    rows: usize,
    decided_later: usize,
}

#[test]
fn what_is_known_as_it_stands_stays_known() {
    let worlds = std::env::var("YARDSTICK_WORLDS").map_or(40, |n| n.parse().unwrap());
    let first = std::env::var("YARDSTICK_SEED").map_or(9_450_001, |seed| seed.parse().unwrap());
    let (next, told) = (AtomicU64::new(first), Mutex::new((Told::default(), Vec::new())));
    on_all_threads(|| {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + worlds {
                break;
            }
            let mut wrong = Vec::new();
            let found = stays(&generate(seed), &mut wrong);
            let (told, all) = &mut *told.lock().unwrap();
            told.windows += found.windows;
            told.rows += found.rows;
            told.decided_later += found.decided_later;
            all.extend(wrong);
        }
    });
    let (told, mut wrong) = told.into_inner().unwrap();
    wrong.sort_by_key(|text: &String| text.len());
    let shown: Vec<&str> = wrong.iter().take(SHOWN).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {told:?}, of which the shortest:\n{}", wrong.len(), shown.join("\n"));
    println!("{told:?}");
    assert!(told.windows as u64 > worlds * 4 && told.rows > told.windows, "{told:?}");
    assert!(told.decided_later * 10 > told.windows, "{told:?}");
}

fn stays(made: &Generated, wrong: &mut Vec<String>) -> Told {
    let mut told = Told::default();
    let later = made.files.as_of + Months::new(60);
    let files = sound(made, later);
    // Values that are averaged are taken as they stand.
    for text in made.texts.iter().filter(|text| text.measure.is_none()) {
        let text = Text { stands: true, ..text.clone() }.to_string();
        if TAKEN_AS_IT_STANDS.iter().any(|word| text.contains(word)) {
            continue;
        }
        let Ok(program) = parsed::program(&[made.model.clone(), text.clone()]) else { continue };
        let (model, indicator) = (&program.model, &program.indicators[0]);
        let whole = read(model, &files, later);
        for months in [0, 2, 7] {
            let early = files.as_of.checked_sub_months(Months::new(months)).unwrap();
            let cut = read(model, &files, early);
            // Rows that differ only in an end that had not come yet were alike, and one of them was
            // dropped.
            if cut.aside.iter().any(|rows| *rows > 0) {
                continue;
            }
            let shown = indicator.windows(early, 6).into_iter();
            for window in shown.filter(|w| indicator.final_on(*w).is_none_or(|day| early < day)) {
                let change = change(indicator, (&cut, early), (&whole, later), window, &mut told);
                let Some(change) = change else { continue };
                let at = format!("window {} to {}, as of {early}", window.start, window.last_day());
                wrong.push(format!("seed {}\n{text}\n{at}\n{change}", made.seed));
                break;
            }
        }
    }
    told
}

fn read<'m>(model: &'m Model, files: &Files, last: NaiveDate) -> World<'m> {
    World::read(model, &instant::local(model, &files.tables), last)
}

/// The files without the rows that are wrong.
fn sound(made: &Generated, later: NaiveDate) -> Files {
    let mut files = made.files.clone();
    let sound = read(&made.program.model, &files, later);
    for (id, raw) in &mut files.tables {
        let lines: BTreeSet<usize> = sound.rows(*id).iter().map(|row| row.line).collect();
        raw.rows = lines.into_iter().map(|line| raw.rows[line].clone()).collect();
    }
    files
}

fn question<'a>(world: &'a World<'a>, indicator: &'a Indicator, as_of: NaiveDate, window: Window) -> Question<'a> {
    Question { world, indicator, as_of, window, level: 0, arithmetic: &months::Counted }
}

/// The first row that was something for certain and is something else.
fn change(
    indicator: &Indicator,
    early: (&World, NaiveDate),
    late: (&World, NaiveDate),
    window: Window,
    told: &mut Told,
) -> Option<String> {
    let cases = |(world, as_of): (&World, NaiveDate)| -> BTreeMap<usize, Verdict> {
        let line = |v: &Verdict| world.rows(indicator.cohort.table)[v.row].line;
        let found = interpret::cases(question(world, indicator, as_of, window)).unwrap();
        found.into_iter().map(|verdict| (line(&verdict), verdict)).collect()
    };
    let (before, after) = (cases(early), cases(late));
    (told.windows, told.rows) = (told.windows + 1, told.rows + before.len());
    let mut open = None;
    let lines: BTreeSet<usize> = before.keys().chain(after.keys()).copied().collect();
    for line in lines {
        let outcome = |verdict: Option<&Verdict>| verdict.map(|verdict| verdict.outcome.clone());
        let (was, is) = (outcome(before.get(&line)), outcome(after.get(&line)));
        // Of what is not there yet nothing is said.
        if was == is || !early.0.rows(indicator.cohort.table).iter().any(|row| row.line == line) {
            continue;
        }
        let open = open.get_or_insert_with(|| open_lines(early, indicator, window));
        if open.contains(&line) || was == Some(Outcome::Undetermined) {
            told.decided_later += 1;
            continue;
        }
        let row = late.0.rows(indicator.cohort.table).iter().find(|row| row.line == line);
        return Some(format!("row {row:?}\n was {was:?}\n is  {is:?}\n"));
    }
    None
}

/// Rows of which it is not known whether they count, and those that one of these may displace in a
/// pick.
fn open_lines((world, as_of): (&World, NaiveDate), indicator: &Indicator, window: Window) -> BTreeSet<usize> {
    let indicator = &*interpret::as_asked(world.model, indicator);
    let eval = Evaluator::new(question(world, indicator, as_of, window));
    let table = indicator.cohort.table;
    let rows = world.rows(table);
    let conditions =
        || [&indicator.cohort.condition].into_iter().chain(indicator.exclusions.iter().map(|e| &e.condition));
    let unknown = |row| {
        let at = Rows::of_cohort(table, row);
        let by = indicator.cohort.pick.iter().flat_map(|pick| &pick.by);
        let order = by.filter(|by| by.missing != Missing::OpenEnd).any(|by| eval.value(by, &at).is_none());
        order || conditions().any(|condition| eval.truth(condition, &at).is_none())
    };
    let unknown: Vec<bool> = (0..rows.len()).map(unknown).collect();
    let group = |row: usize| indicator.cohort.pick.as_ref().map(|pick| world.follow(table, row, &pick.per));
    let open = |row: &usize| {
        unknown[*row]
            || group(*row).is_some_and(|g| (0..rows.len()).any(|other| unknown[other] && group(other) == Some(g)))
    };
    (0..rows.len()).filter(open).map(|row| rows[row].line).collect()
}
