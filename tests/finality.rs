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
    panic!("{said}\n{change}\n{}\n{}", made.model, crate::properties::world::show(&made.program.model, &made.files));
}

/// What differs between two days in what is said of a window.
struct Compared {
    /// The rows of the window.
    rows: usize,
    /// Rows that were undetermined, or perhaps not of the cohort, and are decided.
    decided_later: usize,
    /// Another row that was something and is something else.
    change: Option<String>,
}

/// Compares what is said of a window on an early day and on a later one.
fn compare(
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
        let (was, is) = (said_of(early.0, before.get(&line)), said_of(late.0, after.get(&line)));
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
    let said = |world: &World, verdict: Option<&Verdict>| said_of(world, verdict).zip(verdict.map(|v| v.unsure));
    let lines: BTreeSet<usize> = before.keys().chain(after.keys()).copied().collect();
    lines.into_iter().find_map(|line| {
        let (was, is) = (said(early.0, before.get(&line)), said(late.0, after.get(&line)));
        (was != is).then(|| format!("line {line}\n was {was:?}\n is  {is:?}\n"))
    })
}

/// What became of a row, whom it belongs to at each level, and what it adds.
type Said = (Outcome, Vec<Option<String>>, Option<i64>, Option<i64>);

fn said_of(world: &World, verdict: Option<&Verdict>) -> Option<Said> {
    let verdict = verdict?;
    let levels = world.model.levels.iter().skip(1).zip(&verdict.entities);
    let named = |(level, entity): (&yardstick::model::Level, &Option<usize>)| {
        entity.map(|entity| world.rows(level.table.unwrap())[entity].id.clone())
    };
    Some((verdict.outcome.clone(), levels.map(named).collect(), verdict.amount, verdict.exposure))
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
