//! A window that can be reported is final: what is shown of it does not change when data arrives that is dated after the as-of day, but for
//! the rows that were undetermined or of which it was not known whether they count.
//!
//! The row-by-row evaluator looks at the same files at the end of an earlier day and of a later one. Files without mess: a correction of
//! what was wrong may change anything.

use crate::oracle::table::World;
use crate::oracle::value::Eval;
use crate::oracle::{self, Verdict};
use crate::properties::{Generated, generate, populations};
use chrono::{Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use yardstick::calendar::Window;
use yardstick::ir::{Indicator, Measure, Outcome, Period, RowId};

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
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
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
    let sound = World::read(model, &files.tables, later);
    for (id, raw) in &mut files.tables {
        let lines: BTreeSet<usize> = sound.rows(*id).iter().map(|row| row.line).collect();
        raw.rows = lines.into_iter().map(|line| raw.rows[line].clone()).collect();
    }
    let whole = World::read(model, &files.tables, later);
    for months in [0, 3, 10] {
        let early = files.as_of.checked_sub_months(Months::new(months)).unwrap();
        let cut = World::read(model, &files.tables, early);
        // Rows that differ only in an end that had not come yet were alike, and one of them was dropped.
        if cut.aside.iter().any(|rows| *rows > 0) {
            continue;
        }
        for (n, indicator) in made.program.indicators.iter().enumerate() {
            // A time that has not come to its end goes on, and says so.
            if matches!(indicator.measure, Measure::Until { .. }) {
                continue;
            }
            told.pairs += populations(made.seed);
            told.with_wait += usize::from(indicator.follow_up != Period::default()) * populations(made.seed);
            let mut rows = 0;
            for window in indicator.windows(early, 3) {
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
    let (before, after) = (cases(early, indicator, window, level), cases(late, indicator, window, level));
    let open = Open::of(early, indicator, window, level);
    let table = indicator.cohort.table;
    let ids = |world: &World, v: Option<&Verdict>| {
        v.map(|v| {
            let levels = world.model.levels.iter().skip(1).zip(&v.entities);
            let named = |(l, e): (&yardstick::model::Level, &Option<usize>)| {
                e.map(|e| world.rows(l.table.unwrap())[e].id.clone())
            };
            (v.outcome.clone(), levels.map(named).collect::<Vec<_>>(), v.amount, v.exposure)
        })
    };
    let mut lines: Vec<usize> = before.keys().chain(after.keys()).copied().collect();
    lines.sort_unstable();
    lines.dedup();
    for line in lines {
        let (was, is) = (ids(early.0, before.get(&line)), ids(late.0, after.get(&line)));
        if was == is {
            continue;
        }
        if open.is(line) || was.as_ref().is_some_and(|was| was.0 == Outcome::Undetermined) {
            told.decided_later += 1;
            continue;
        }
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
        let row = late.0.rows(table).iter().find(|row| row.line == line);
        writeln!(said, "row {row:?}\n was {was:?}\n is  {is:?}").unwrap();
        panic!("{said}\n{}\n{}", made.model, crate::properties::world::show(&made.program.model, &made.files));
    }
    before.len()
}

/// Rows of which it is not known on the early day whether they count, and those that one of these may displace in a pick.
struct Open {
    lines: Vec<usize>,
}

impl Open {
    fn of((world, as_of): (&World, NaiveDate), indicator: &Indicator, window: Window, level: usize) -> Self {
        let eval = Eval { world, as_of, window, indicator, level };
        let table = indicator.cohort.table;
        let rows = world.rows(table);
        let unknown: Vec<bool> = (0..rows.len())
            .map(|row| {
                let at = BTreeMap::from([(RowId::COHORT, (table, row))]);
                let of = |condition| eval.truth(condition, &at).is_none();
                let order = indicator.cohort.pick.iter().flat_map(|p| &p.by).any(|by| eval.value(by, &at).is_none());
                of(&indicator.cohort.condition)
                    || indicator.exclusions.iter().any(|e| of(&e.condition))
                    || order
                    || eval.value(&indicator.attribution.at, &at).is_none()
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
