//! A window that can be reported is final: what is shown of it does not change when data arrives
//! that is dated after the as-of day, but for the rows that were undetermined or of which it was
//! not known whether they count.
//!
//! The row-by-row evaluator looks at the same files at the end of an earlier day and of a later
//! one. Files without mess: a correction of what was wrong may change anything.

use crate::generated::parsed;
use crate::generated::{Generated, Text, generate, on_all_threads, populations};
use crate::oracle::{self, Verdict, World};
use crate::properties::compare;
use chrono::{Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use yardstick::calendar::Window;
use yardstick::interpret::{self, Evaluator, Rows};
use yardstick::ir::{Indicator, Measure, Outcome, Period, Program, Ty};
use yardstick::run;
use yardstick::scorecard::judge;
use yardstick::scorecard::{Complete, Heading, Judged, ResultRow, Selection};
use yardstick::store::Store;

/// What the pairs were like.
#[derive(Debug, Default)]
struct Told {
    pairs: usize,
    with_wait: usize,
    with_rows: usize,
    /// Of which a row that was undetermined, or perhaps not of the cohort, is decided later.
    decided_later: usize,
}

#[test]
fn what_is_shown_of_a_window_that_can_be_reported_stays() {
    let pairs = std::env::var("YARDSTICK_PAIRS").map_or(2_000, |n| n.parse().unwrap());
    let (next, told) = (AtomicU64::new(9_300_001), Mutex::new(Told::default()));
    let work = || {
        while told.lock().unwrap().pairs < pairs {
            let made = generate(next.fetch_add(1, Ordering::Relaxed));
            let found = hold(&made);
            told.lock().unwrap().add(&found);
        }
    };
    on_all_threads(work);
    let told = told.into_inner().unwrap();
    println!("{told:?}");
    assert!(told.with_wait * 10 > told.pairs && told.with_rows * 4 > told.pairs, "{told:?}");
    assert!(told.decided_later * 200 > told.pairs, "{told:?}");
}

impl Told {
    fn add(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.with_wait += other.with_wait;
        self.with_rows += other.with_rows;
        self.decided_later += other.decided_later;
    }
}

fn hold(made: &Generated) -> Told {
    let mut told = Told::default();
    let model = &made.program.model;
    let later = made.files.as_of + Months::new(60);
    let mut files = made.files.clone();
    let sound = oracle::read(model, &files.tables, later);
    for (id, raw) in &mut files.tables {
        let lines: BTreeSet<usize> = sound.rows(*id).iter().map(|row| row.line).collect();
        raw.rows = lines.into_iter().map(|line| raw.rows[line].clone()).collect();
    }
    let whole = oracle::read(model, &files.tables, later);
    for months in [0, 3, 10] {
        let early = files.as_of.checked_sub_months(Months::new(months)).unwrap();
        let cut = oracle::read(model, &files.tables, early);
        // Rows that differ only in an end that had not come yet were alike, and one of them was
        // dropped.
        if cut.aside.iter().any(|rows| *rows > 0) {
            continue;
        }
        for (n, indicator) in made.program.indicators.iter().enumerate() {
            // A time that has not come to its end goes on, and says so; and what has no end is
            // never final.
            if matches!(indicator.measure, Measure::Until(_) | Measure::Incidence(_)) || indicator.follow_up.is_none() {
                continue;
            }
            told.pairs += populations(made.seed);
            told.with_wait += usize::from(indicator.follow_up != Some(Period::default())) * populations(made.seed);
            let mut rows = 0;
            let shown = indicator.windows(early, if indicator.as_it_stands { 20 } else { 3 });
            for window in shown.into_iter().filter(|w| !oracle::is_provisional(indicator, *w, early)) {
                let levels = if indicator.by_level() { 0..model.levels.len() } else { 0..1 };
                for level in levels {
                    rows += stays(made, n, (&cut, early), (&whole, later), window, level, &mut told);
                }
            }
            told.with_rows += usize::from(rows > 0) * populations(made.seed);
        }
    }
    told
}

/// The rows of a window by where they stand in their file.
fn cases(
    (world, as_of): (&World, NaiveDate),
    indicator: &Indicator,
    window: Window,
    level: usize,
) -> BTreeMap<usize, Verdict> {
    let line = |v: &Verdict| world.rows(indicator.cohort.table)[v.row].line;
    oracle::cases(world, indicator, as_of, window, level).into_iter().map(|v| (line(&v), v)).collect()
}

fn stays(
    made: &Generated,
    number: usize,
    early: (&World, NaiveDate),
    late: (&World, NaiveDate),
    window: Window,
    level: usize,
    told: &mut Told,
) -> usize {
    let indicator = &made.program.indicators[number];
    let found = compare(indicator, early, late, window, level);
    told.decided_later += found.decided_later;
    let Some(change) = found.change else { return found.rows };
    let mut said = format!("seed {}: {} changes after it was shown\n\n", made.seed, indicator.id);
    writeln!(said, "{}", made.texts[number]).unwrap();
    writeln!(
        said,
        "window {} to {}, as of {}, waits {:?}",
        window.start,
        window.last_day(),
        early.1,
        indicator.follow_up
    )
    .unwrap();
    panic!("{said}\n{change}\n{}\n{}", made.model, crate::generated::world::show(&made.program.model, &made.files));
}

/// What differs between two days in what is said of a window.
pub(crate) struct Compared {
    /// The rows of the window.
    pub(crate) rows: usize,
    /// Rows that were undetermined, or perhaps not of the cohort, and are decided.
    pub(crate) decided_later: usize,
    /// Another row that was something and is something else.
    pub(crate) change: Option<String>,
}

/// Compares what is said of a window on an early day and on a later one.
pub(crate) fn compare(
    indicator: &Indicator,
    early: (&World, NaiveDate),
    late: (&World, NaiveDate),
    window: Window,
    level: usize,
) -> Compared {
    let (before, after) = (cases(early, indicator, window, level), cases(late, indicator, window, level));
    let mut found = Compared { rows: before.len(), decided_later: 0, change: None };
    let table = indicator.cohort.table;
    let mut open = None;
    let lines: BTreeSet<usize> = before.keys().chain(after.keys()).copied().collect();
    for line in lines {
        let (was, is) = (said_of(early.0, indicator, before.get(&line)), said_of(late.0, indicator, after.get(&line)));
        if was == is {
            continue;
        }
        let open = open.get_or_insert_with(|| Open::of(early, indicator, window, level));
        if open.is(line) || was.as_ref().is_some_and(|was| was.0 == Outcome::Undetermined) {
            found.decided_later += 1;
            continue;
        }
        let row = late.0.rows(table).iter().find(|row| row.line == line);
        found.change = Some(format!("row {row:?}\n was {was:?}\n is  {is:?}\n"));
        break;
    }
    found
}

/// The first row of which anything else is said.
pub(crate) fn any_change(
    indicator: &Indicator,
    early: (&World, NaiveDate),
    late: (&World, NaiveDate),
    window: Window,
    level: usize,
) -> Option<String> {
    let (before, after) = (cases(early, indicator, window, level), cases(late, indicator, window, level));
    let said =
        |world: &World, verdict: Option<&Verdict>| said_of(world, indicator, verdict).zip(verdict.map(|v| v.unsure));
    let lines: BTreeSet<usize> = before.keys().chain(after.keys()).copied().collect();
    lines.into_iter().find_map(|line| {
        let (was, is) = (said(early.0, before.get(&line)), said(late.0, after.get(&line)));
        (was != is).then(|| format!("line {line}\n was {was:?}\n is  {is:?}\n"))
    })
}

/// What became of a row, whom it belongs to at each level, its group, and what it adds.
type OfRow = (Outcome, Vec<Option<String>>, usize, Option<i64>, Option<i64>);

fn said_of(world: &World, indicator: &Indicator, verdict: Option<&Verdict>) -> Option<OfRow> {
    let verdict = verdict?;
    // Rows have other numbers where rows have come before them; their lines stay.
    let amount = match &indicator.measure {
        Measure::Distinct(of) => match of.of.ty {
            Ty::Row(table) => verdict.amount.map(|row| world.rows(table)[row as usize].line as i64),
            _ => verdict.amount,
        },
        _ => verdict.amount,
    };
    let levels = world.model.levels.iter().skip(1).zip(&verdict.entities);
    let named = |(level, entity): (&yardstick::model::Level, &Option<usize>)| {
        entity.map(|entity| world.rows(level.table.unwrap())[entity].id.clone())
    };
    let entities = levels.map(named).collect();
    Some((verdict.outcome.clone(), entities, verdict.group, amount, verdict.exposure))
}

/// Rows of which it is not known on the early day whether they count, and those that one of these
/// may displace in a pick.
struct Open {
    lines: Vec<usize>,
}

impl Open {
    fn of((world, as_of): (&World, NaiveDate), indicator: &Indicator, window: Window, level: usize) -> Self {
        let indicator = &*interpret::as_asked(world.model, indicator);
        let eval = Evaluator::new(oracle::question(world, indicator, as_of, window, level));
        let table = indicator.cohort.table;
        let rows = world.rows(table);
        let unknown: Vec<bool> = (0..rows.len())
            .map(|row| {
                let at = Rows::of_cohort(table, row);
                let of = |condition| eval.truth(condition, &at).is_none();
                let order = indicator.cohort.pick.iter().flat_map(|p| &p.by).any(|by| eval.value(by, &at).is_none());
                of(&indicator.cohort.condition)
                    || indicator.exclusions.iter().any(|e| of(&e.condition))
                    || order
                    || eval.value(&indicator.attribution.at, &at).is_none()
                    || indicator.groups().any(of)
            })
            .collect();
        let group = |row: usize| indicator.cohort.pick.as_ref().map(|p| world.follow(table, row, &p.per));
        let open = |row: &usize| {
            unknown[*row]
                || group(*row).is_some_and(|g| (0..rows.len()).any(|other| unknown[other] && group(other) == Some(g)))
        };
        Self { lines: (0..rows.len()).filter(open).map(|row| rows[row].line).collect() }
    }

    fn is(&self, line: usize) -> bool {
        self.lines.contains(&line)
    }
}

/// Worlds whose indicators are looked at with `as it stands` and without.
const STANDING: std::ops::Range<u64> = 9_400_001..9_400_011;

/// What a row says of a cell, but for its meaning hash: the window's last day, the reason, all
/// else.
type Said = (String, String, String);

fn said(program: &Program, store: &Store, as_of: NaiveDate, windows: &[Window]) -> Vec<Said> {
    let hierarchy = run::hierarchy(&program.model, store, as_of);
    let measured = compare::measure(program, store, as_of, &[windows.to_vec()], &[0]).unwrap();
    let table = judge::table(program, &hierarchy, &measured[0], &Complete::through(as_of), None).unwrap();
    let heading = Heading { title: String::new(), organization: String::new(), as_of, notes: vec![] };
    let selection = Selection { levels: (0..hierarchy.levels.len()).collect(), ..Selection::default() };
    let (program, tables) = (program.clone(), vec![table]);
    let judged =
        Judged { program, hierarchy, heading, indicators: vec![0], tables, reference: Default::default(), selection };
    let rest = |row: &ResultRow| format!("{:?}", ResultRow { meaning: "", reason: None, ..row.clone() });
    let said = |row: ResultRow| (row.window_end.text.clone(), row.reason.unwrap_or_default().to_owned(), rest(&row));
    judged.rows().map(said).collect()
}

/// What became of the windows of an indicator.
#[derive(Debug, Default)]
struct Standing {
    provisional: usize,
    ended: usize,
    endless: usize,
}

#[test]
fn what_is_shown_as_it_stands_is_provisional_until_it_is_shown_without() {
    let mut told = Standing::default();
    for seed in STANDING {
        let made = generate(seed);
        let (store, _) = compare::both(&made.program.model, &made.files);
        for text in &made.texts {
            let of = |stands| {
                let text = Text { stands, ..text.clone() };
                parsed::program(&[made.model.clone(), text.to_string()])
            };
            let stands = of(true).unwrap();
            for months in [0, 4] {
                let as_of = made.files.as_of.checked_sub_months(Months::new(months)).unwrap();
                match &of(false) {
                    Ok(bare) => provisional_until(&stands, bare, &store, as_of, &mut told),
                    // Nothing says by when its outcomes are known.
                    Err(_) => {
                        let said = said(&stands, &store, as_of, &stands.indicators[0].windows(as_of, 2));
                        let always = |(_, reason, _): &Said| reason.ends_with("provisional: it can always change");
                        assert!(!said.is_empty() && said.iter().all(always), "seed {seed}: {said:?}");
                        told.endless += 1;
                    }
                }
            }
        }
    }
    println!("{told:?}");
    assert!(told.provisional > 100 && told.ended > 500 && told.endless > 3, "{told:?}");
}

/// Whose cell it is.
fn entity(row: &Said) -> &str {
    row.2.split("window_start").next().unwrap()
}

fn provisional_until(stands: &Program, bare: &Program, store: &Store, as_of: NaiveDate, told: &mut Standing) {
    let indicator = &stands.indicators[0];
    assert_ne!(indicator.meaning, bare.indicators[0].meaning);
    let windows = indicator.windows(as_of, 16);
    let (is, without) = (said(stands, store, as_of, &windows), said(bare, store, as_of, &windows));
    let mut next = None;
    for window in windows {
        let of = |all: &[Said]| -> Vec<Said> {
            all.iter().filter(|row| row.0 == window.last_day().to_string()).cloned().collect()
        };
        let (is, without) = (of(&is), of(&without));
        let Some(day) = without[0].1.strip_prefix("waits until ") else {
            // Who had left before the first window is told where some windows are not observable.
            let more = without.iter().filter(|row| !is.contains(row));
            // Of a count, none are a value.
            let none = if indicator.measure.kind().is_count() { "" } else { "no cases" };
            assert!(more.into_iter().all(|row| row.1 == none), "{} as of {as_of}", indicator.id);
            assert!(is.iter().all(|row| without.contains(row)), "{} as of {as_of}", indicator.id);
            assert!(!oracle::is_provisional(indicator, window, as_of) && is.iter().all(|row| !row.1.contains("provi")));
            told.ended += 1;
            continue;
        };
        let until = format!("provisional until {day}");
        let all = is.iter().all(|row| row.1.ends_with(&until) && !row.2.contains("not_observable"));
        let same = is.iter().all(|row| without.iter().any(|other| entity(other) == entity(row)));
        assert!(same && all && !is.is_empty() && oracle::is_provisional(indicator, window, as_of), "{until}");
        told.provisional += 1;
        next.get_or_insert((window, until, day.parse::<NaiveDate>().unwrap()));
    }
    // On that day both say the same, and not before.
    let Some((window, until, day)) = next else { return };
    let on = said(stands, store, day, &[window]);
    assert_eq!(on, said(bare, store, day, &[window]), "{} {until}", indicator.id);
    assert!(on.iter().all(|row| !row.1.contains("provisional") && !row.1.contains("waits")), "{on:?}");
    let before = said(stands, store, day.pred_opt().unwrap(), &[window]);
    assert!(before.iter().all(|row| row.1.ends_with(&until)), "{before:?}");
}
