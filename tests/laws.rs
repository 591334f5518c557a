//! What must hold of numbers when the data changes in a way that is understood: on generated
//! worlds, engine against itself.

use crate::generated::indicator::broken_down;
use crate::generated::world::{Files, renamed};
use crate::generated::written;
use crate::generated::{Generated, generate, parsed};
use crate::oracle::{self, Raw, instant};
use crate::properties::compare::{self, measure_with};
use chrono::{Months, NaiveDate};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use yardstick::calendar::Window;
use yardstick::interpret;
use yardstick::ir::{Outcome, Program};
use yardstick::model::{ColumnType, Model, TableId};
use yardstick::run::{self, Case, CountRow, Counts, Measured, Settings};

/// Generated worlds for each law, apart from those of the comparison with the oracle.
const SEEDS: [u64; 2] = [9_000_004, 9_000_005];

/// Everything the engine says of the indicators on these files.
#[derive(Debug, Clone, PartialEq)]
struct Answers {
    measured: Vec<Measured>,
    /// Of some indicators, the cases of the first window.
    cases: BTreeMap<usize, Vec<Case>>,
}

fn windows(program: &Program, as_of: NaiveDate) -> Vec<Vec<Window>> {
    (0..program.indicators.len()).map(|n| compare::windows(program, n, as_of)).collect()
}

fn answers(program: &Program, files: &Files, windows: &[Vec<Window>], settings: &Settings) -> Answers {
    let (store, _) = compare::both(&program.model, files);
    let all: Vec<usize> = (0..program.indicators.len()).collect();
    let measured = measure_with(program, &store, files.as_of, windows, &all, settings).unwrap();
    let some = all.iter().step_by(4);
    let cases = |n: &usize| run::cases(program, *n, &store, files.as_of, windows[*n][0], 0, settings).unwrap();
    Answers { measured, cases: some.map(|n| (*n, cases(n))).collect() }
}

/// A generated world, its windows, and what the engine says before anything is changed.
type Before = (Generated, Vec<Vec<Window>>, Answers);

static WORLDS: LazyLock<Vec<Before>> = LazyLock::new(|| {
    let asked = |seed: u64| {
        let made = generate(seed);
        let windows = windows(&made.program, made.files.as_of);
        let before = answers(&made.program, &made.files, &windows, &Settings::default());
        (made, windows, before)
    };
    SEEDS.map(asked).into()
});

/// Holds each generated world to a law.
fn each(law: impl Fn(&Generated, &[Vec<Window>], &Answers)) {
    WORLDS.iter().for_each(|(made, windows, before)| law(made, windows, before));
}

#[test]
fn the_order_of_rows_in_the_files_does_not_matter() {
    each(|made, windows, before| {
        let mut files = made.files.clone();
        let mut rng = ChaCha8Rng::seed_from_u64(made.seed);
        files.tables.values_mut().for_each(|raw| raw.rows.shuffle(&mut rng));
        assert_eq!(*before, answers(&made.program, &files, windows, &Settings::default()), "seed {}", made.seed);
    });
}

#[test]
fn the_number_of_threads_or_parts_and_a_second_run_do_not_matter() {
    each(|made, windows, before| {
        for (threads, parts) in [(Some(1), None), (Some(2), Some(3)), (Some(7), None)] {
            let settings = Settings { threads, parts, ..Settings::default() };
            let again = answers(&made.program, &made.files, windows, &settings);
            let how = format!("seed {}, {threads:?} threads, {parts:?} parts", made.seed);
            assert_eq!(format!("{before:?}"), format!("{again:?}"), "{how}");
        }
    });
}

#[test]
fn as_many_windows_as_a_set_can_hold_count_as_a_few_do() {
    let with_late_rows = AtomicUsize::new(0);
    each(|made, _, _| {
        let (program, as_of) = (&made.program, made.files.as_of);
        let (store, _) = compare::both(&program.model, &made.files);
        let some: Vec<usize> = (0..program.indicators.len()).step_by(7).collect();
        let measured = |windows: &[Vec<Window>]| {
            measure_with(program, &store, as_of, windows, &some, &Settings::default()).unwrap()
        };
        for many in [63, 64, 65] {
            // There are more weeks than months.
            let latest = |n: &usize| {
                let all = program.indicators[*n].windows(as_of, many);
                all[all.len().saturating_sub(many as usize)..].to_vec()
            };
            let all: Vec<Vec<Window>> = some.iter().map(latest).collect();
            let mut together: Vec<Vec<CountRow>> = vec![Vec::new(); some.len()];
            for first in (0..many as usize).step_by(9) {
                let few: Vec<Vec<Window>> =
                    all.iter().map(|w| w.iter().skip(first).take(9).copied().collect()).collect();
                for (parts, of_few) in together.iter_mut().zip(measured(&few)) {
                    parts.extend(of_few.parts.into_iter().map(|p| CountRow { window: p.window + first, ..p }));
                }
            }
            let parts: Vec<Vec<CountRow>> = measured(&all).into_iter().map(|m| m.parts).collect();
            let is_late = parts.iter().flatten().any(|part| part.window + 9 > many as usize);
            with_late_rows.fetch_add(usize::from(is_late), Ordering::Relaxed);
            assert_eq!(parts, together, "seed {}, {many} windows", made.seed);
        }
    });
    assert!(with_late_rows.into_inner() > 0, "in no world a row counts in the last windows");
}

#[test]
fn slices_of_the_cohort_do_not_matter() {
    each(|made, windows, before| {
        for slices in [2, 5] {
            let settings = Settings { slices: Some(slices), ..Settings::default() };
            let again = answers(&made.program, &made.files, windows, &settings);
            assert_eq!(format!("{before:?}"), format!("{again:?}"), "seed {}, {slices} slices", made.seed);
        }
    });
}

/// Worlds of which a pair of indicators is measured together and alone.
const PAIRS: std::ops::Range<u64> = 9_100_001..9_100_021;

#[test]
fn two_indicators_count_the_same_alone_and_in_company() {
    let mut with_rows = 0;
    for seed in PAIRS {
        let made = generate(seed);
        let all = made.program.indicators.len();
        let first = seed as usize % all;
        let pair = [first, (first + 1 + seed as usize / all % (all - 1)) % all];
        let windows =
            pair.map(|n| compare::windows(&made.program, n, made.files.as_of).into_iter().take(2).collect::<Vec<_>>());
        let dir = tempfile::tempdir().unwrap();
        written::write(&made.program.model, &made.files, dir.path());
        let together = compare::same_alone(&made.program, dir.path(), made.files.as_of, &windows, &pair);
        with_rows += together.iter().filter(|measured| !measured.parts.is_empty()).count();
    }
    assert!(with_rows > 12, "only {with_rows} indicators of 40 count anything");
}

/// What is counted, without what is not known of it.
fn counted(answers: &Answers) -> Answers {
    let mut counted = answers.clone();
    for measured in &mut counted.measured {
        measured.parts.iter_mut().for_each(|part| part.counts.doubt = None);
        measured.parts.retain(|part| part.counts.cohort > 0);
    }
    for cases in counted.cases.values_mut() {
        cases.retain(|case| !matches!(case.outcome, Outcome::Unread | Outcome::Unsure));
        cases.iter_mut().for_each(|case| case.unsure = false);
    }
    counted
}

#[test]
fn but_for_what_they_leave_open_rows_set_aside_might_as_well_not_be_there() {
    let gone = AtomicUsize::new(0);
    each(|made, windows, before| {
        let world = oracle::read(&made.program.model, &made.files.tables, made.files.as_of);
        let mut files = made.files.clone();
        for (id, raw) in &mut files.tables {
            let mut lines: Vec<usize> = world.rows(*id).iter().map(|row| row.line).collect();
            lines.sort_unstable();
            gone.fetch_add(raw.rows.len() - lines.len(), Ordering::Relaxed);
            raw.rows = lines.into_iter().map(|line| raw.rows[line].clone()).collect();
        }
        let after = answers(&made.program, &files, windows, &Settings::default());
        assert!(counted(before) == counted(&after), "seed {}", made.seed);
        let unread = |answers: &Answers| {
            let parts = answers.measured.iter().flat_map(|measured| &measured.parts);
            parts.map(|part| part.counts.unread()).sum::<u64>()
        };
        assert!(unread(before) > 15 && unread(&after) == 0, "{} rows may belong", unread(before));
    });
    assert!(gone.into_inner() > 20, "hardly a row was set aside");
}

/// Worlds that are looked at as of an earlier day.
const CUT: std::ops::Range<u64> = 9_200_001..9_200_013;

#[test]
fn data_as_of_a_day_is_data_that_was_cut_on_that_day() {
    let (mut fewer, mut emptied, mut with_rows) = (0, 0, 0);
    for seed in CUT {
        let made = generate(seed);
        let model = &made.program.model;
        for months in [0, 5, 11] {
            let as_of = made.files.as_of.checked_sub_months(Months::new(months)).unwrap();
            let windows = windows(&made.program, as_of);
            let as_of_day = Files { as_of, ..made.files.clone() };
            let (tables, _) = interpret::cut(model, &instant::local(model, &made.files.tables), as_of);
            let of_row = |row: &Vec<String>| row.iter().filter(|cell| cell.is_empty()).count();
            for (id, raw) in &made.files.tables {
                fewer += raw.rows.len() - tables[id].rows.len();
                emptied += usize::from(tables[id].rows.iter().any(|row| !raw.rows.contains(row) && of_row(row) > 0));
            }
            let was_cut = answers(&made.program, &Files { as_of, tables }, &windows, &Settings::default());
            let as_of_day = answers(&made.program, &as_of_day, &windows, &Settings::default());
            with_rows += was_cut.measured.iter().filter(|m| !m.parts.is_empty()).count();
            assert_eq!(as_of_day, was_cut, "seed {seed} as of {as_of}");
        }
    }
    assert!(fewer > 500 && emptied > 50 && with_rows > 100, "{fewer} rows, {emptied} tables, {with_rows} indicators");
}

#[test]
fn a_row_that_nothing_links_to_changes_only_itself() {
    each(|made, windows, before| {
        let model = &made.program.model;
        let client = model.find_table("client").unwrap();
        let mut files = made.files.clone();
        // Last in the order of ids, so that no row gets another number.
        files.tables.get_mut(&client).unwrap().rows.push(stranger(model, client));
        let after = answers(&made.program, &files, windows, &Settings::default());
        for (n, indicator) in made.program.indicators.iter().enumerate() {
            let known = before.cases.get(&n).map(|all| all.iter().map(unnumbered).collect::<Vec<_>>());
            let others = after.cases.get(&n).map(|all| all.iter().filter(|c| c.id != "zzz").map(unnumbered).collect());
            assert_eq!(known, others, "seed {}: {}", made.seed, indicator.id);
            if indicator.cohort.table != client {
                assert_eq!(before.measured[n], after.measured[n], "seed {}: {}", made.seed, indicator.id);
            }
        }
    });
}

/// The case without its number where its row went: such rows are numbered on from those in use, of
/// which there is one more.
fn unnumbered(case: &Case) -> Case {
    Case { row: if case.outcome == Outcome::Unread { 0 } else { case.row }, ..case.clone() }
}

fn stranger(model: &Model, table: TableId) -> Vec<String> {
    let cell = |ty: &ColumnType| match ty {
        ColumnType::Key => "zzz".to_owned(),
        ColumnType::Date => "2007-02-28".to_owned(),
        ColumnType::Codes(words) => words[0].clone(),
        ColumnType::Link(_)
        | ColumnType::Text
        | ColumnType::Bool
        | ColumnType::Int
        | ColumnType::Decimal(_)
        | ColumnType::Timestamp => String::new(),
    };
    model.table(table).columns.iter().map(|c| cell(&c.ty)).collect()
}

/// Window, entities, group, level and value of a part.
type Place = (usize, Arc<[Option<i32>]>, usize, Option<usize>, Option<i64>);

#[test]
fn a_population_twice_as_large_counts_double() {
    each(|made, windows, before| {
        let model = &made.program.model;
        let mut files = made.files.clone();
        for (id, raw) in &mut files.tables {
            let copies: Vec<_> = raw.rows.iter().map(|row| renamed(model, *id, row, "zz-")).collect();
            raw.rows.extend(copies);
        }
        let after = answers(&made.program, &files, windows, &Settings::default());
        let world = oracle::read(model, &made.files.tables, made.files.as_of);
        // A word is no row of the files, and there is one of each.
        let copies = |table: TableId| model.table(table).words_of.map_or(world.rows(table).len(), |_| 0);
        let sizes: Vec<i32> = model.levels.iter().skip(1).map(|l| copies(l.table.unwrap()) as i32).collect();
        for (n, (once, both)) in before.measured.iter().zip(&after.measured).enumerate() {
            assert_eq!(twice(&once.parts, &sizes), both.parts, "seed {}: {}", made.seed, made.program.indicators[n].id);
        }
    });
}

/// The counts of a population and of a copy of it, whose entities stand behind these numbers of
/// others at each level below the whole.
pub(crate) fn twice(once: &[CountRow], sizes: &[i32]) -> Vec<CountRow> {
    let mut all: BTreeMap<Place, Counts> = BTreeMap::new();
    for part in once {
        let copy = part.entities.iter().zip(sizes).map(|(e, size)| e.map(|e| e + size)).collect();
        for entities in [part.entities.clone(), copy] {
            let place = (part.window, entities, part.group, part.level, part.value);
            all.entry(place).or_default().add(&part.counts);
        }
    }
    let row =
        |((window, entities, group, level, value), counts)| CountRow { window, entities, group, level, value, counts };
    all.into_iter().map(row).collect()
}

/// After 28 years every day falls on the same day of the week of a year of the same length.
#[test]
fn all_dates_28_years_later_give_the_same_numbers() {
    each(|made, windows, before| {
        let later = |day: NaiveDate| day + Months::new(28 * 12);
        let mut files = made.files.clone();
        files.as_of = later(files.as_of);
        for (id, raw) in &mut files.tables {
            move_dates(&made.program.model, *id, raw, later);
        }
        let mut texts = vec![made.model.clone()];
        texts.extend(made.texts.iter().map(|text| text.to_string().replace("2024-02-29", "2052-02-29")));
        let program = broken_down(&parsed::program(&texts).unwrap(), &made.texts);
        let windows: Vec<Vec<Window>> = windows
            .iter()
            .map(|all| all.iter().map(|w| Window { start: later(w.start), end: later(w.end) }).collect())
            .collect();
        let after = answers(&program, &files, &windows, &Settings::default());
        for (before, after) in before.measured.iter().zip(&after.measured) {
            assert_eq!(before.parts, after.parts, "seed {}", made.seed);
        }
        let told = |cases: &BTreeMap<usize, Vec<Case>>| -> Vec<_> {
            cases.values().flatten().map(|c| (c.row, c.id.clone(), c.outcome.clone(), c.entities.clone())).collect()
        };
        assert_eq!(told(&before.cases), told(&after.cases), "seed {}", made.seed);
    });
}

fn move_dates(model: &Model, table: TableId, raw: &mut Raw, later: impl Fn(NaiveDate) -> NaiveDate) {
    for row in &mut raw.rows {
        for (column, text) in model.table(table).columns.iter().zip(row) {
            let dated = matches!(column.ty, ColumnType::Date | ColumnType::Timestamp);
            if dated
                && text != "9999-12-31"
                && let Some(Ok(day)) = text.get(..10).map(str::parse)
            {
                *text = format!("{}{}", later(day), &text.get(10..).unwrap_or_default());
            }
        }
    }
}

/// At each level, the entities with the unassigned add up to the whole; and where a level's link
/// upwards does not depend on a day, the entities under one parent add up to it.
#[test]
fn levels_add_up() {
    each(|made, _, before| {
        let (store, _) = compare::both(&made.program.model, &made.files);
        crate::county::levels_add_up(&made.program, &store, made.files.as_of, &before.measured);
    });
}

/// The rows of all groups, those whose group is not known included, are the rows that are counted
/// without a breakdown.
#[test]
fn groups_add_up() {
    let mut with_groups = 0;
    each(|made, windows, before| {
        let texts: Vec<String> =
            std::iter::once(made.model.clone()).chain(made.texts.iter().map(ToString::to_string)).collect();
        let whole = answers(&parsed::program(&texts).unwrap(), &made.files, windows, &Settings::default());
        for (split, whole) in before.measured.iter().zip(&whole.measured) {
            assert!(
                without_groups(split) == *whole,
                "seed {}: {}",
                made.seed,
                made.program.indicators[split.indicator].id
            );
        }
    });
    for (_, _, before) in WORLDS.iter() {
        let several = |measured: &&Measured| measured.parts.iter().any(|part| part.group != measured.parts[0].group);
        with_groups += before.measured.iter().filter(several).count();
    }
    assert!(with_groups > 2, "only {with_groups} indicators have several groups");
}

/// The counts of all groups together.
pub(crate) fn without_groups(split: &Measured) -> Measured {
    let mut together = split.clone();
    together.parts.iter_mut().for_each(|part| part.group = 0);
    together.add(Measured { parts: Vec::new(), ..split.clone() });
    together
}
