//! What a cell says its value could be holds it, however what is missing in the data turns out.
//!
//! `YARDSTICK_FILLED=2000 cargo test --release bounds` fills more than the ordinary 8 generated
//! worlds.

use crate::generated::world::Files;
use crate::generated::{Generated, generate};
use crate::oracle::{self, Raw, Went};
use crate::properties::compare;
use chrono::NaiveDate;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use yardstick::calendar::Window;
use yardstick::ir::{Expr, ExprKind, Function, Indicator, Measure};
use yardstick::model::{Column, ColumnId, ColumnType, Known, Model, Table, TableId};
use yardstick::run;
use yardstick::scorecard::Complete;
use yardstick::scorecard::cell::{Extent, State};
use yardstick::scorecard::judge;

/// Worlds apart from those of the other laws.
const FIRST: u64 = 9_200_001;

/// From here on there are worlds in which values move by rows that are linked to others.
const MENDED: u64 = FIRST + 32;

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Said {
    value: Option<f64>,
    range: Extent,
    unsure: u64,
    undetermined: u64,
    unread: u64,
}

/// By indicator, entity and window.
type Cells = BTreeMap<(usize, usize, usize), Said>;

/// The cells of some indicators, however early or late their windows are. Left out are those
/// without counts: their numbers are too large, or their windows cannot be judged.
fn cells(made: &Generated, files: &Files, windows: &[Vec<Window>], of: &[usize]) -> Cells {
    let (store, _) = compare::both(&made.program.model, files);
    let hierarchy = run::hierarchy(&made.program.model, &store, files.as_of);
    let windows: Vec<Vec<Window>> = of.iter().map(|n| windows[*n].clone()).collect();
    let measured = compare::measure(&made.program, &store, files.as_of, &windows, of).unwrap();
    let far = NaiveDate::from_ymd_opt(2090, 12, 31).unwrap();
    let mut cells = Cells::new();
    for one in &measured {
        let table = judge::table(&made.program, &hierarchy, one, &Complete::through(far), None).unwrap();
        for entity in 0..hierarchy.entities.len() {
            for (window, cell) in table.cells(&made.program, entity).enumerate() {
                let Some(counts) = cell.counts else {
                    assert_ne!(cell.state, State::Value);
                    continue;
                };
                let (unsure, undetermined, unread) = (counts.unsure(), counts.undetermined, counts.unread());
                let said = Said { value: cell.value, range: cell.range, unsure, undetermined, unread };
                cells.insert((one.indicator, entity, window), said);
            }
        }
    }
    cells
}

/// Whether a missing value of a column is one that is not known: not an open end, nor a link, which
/// is never unknown. Rows of a table without a key are told apart by their values, so there none is
/// filled in.
fn is_unknown(table: &Table, id: ColumnId, column: &Column) -> bool {
    let open = column.not_yet || table.spans.is_some_and(|s| s.until == id);
    // A row without the word of a level is nobody's, as a row without a link is.
    let leads = column.leads_to().is_some();
    table.key.is_some() && column.optional && !open && !leads && column.ty != ColumnType::Key
}

/// Something that a column can hold, often what it holds in another row.
fn some_value(rng: &mut ChaCha8Rng, column: &Column, others: &[String]) -> String {
    if let Some(other) = others.choose(rng).filter(|_| rng.random_bool(0.8)) {
        return other.clone();
    }
    match &column.ty {
        ColumnType::Codes(words) => words.choose(rng).unwrap().clone(),
        ColumnType::Bool => ["true", "false"].choose(rng).unwrap().to_string(),
        ColumnType::Int => rng.random_range(-3..40).to_string(),
        ColumnType::Decimal(_) => ["-0.5", "0", "1.5", "12.3"].choose(rng).unwrap().to_string(),
        ColumnType::Date => {
            format!("202{}-0{}-1{}", rng.random_range(1..5), rng.random_range(1..10), rng.random_range(0..10))
        }
        ColumnType::Timestamp => format!("202{}-03-31T23:30:00", rng.random_range(1..5)),
        ColumnType::Text | ColumnType::Link(_) | ColumnType::Key => "something".to_owned(),
    }
}

/// The files with some or all of the unknown values filled in.
fn filled(rng: &mut ChaCha8Rng, model: &Model, files: &Files) -> (Files, usize) {
    let world = oracle::read(model, &files.tables, files.as_of);
    let mut filled = files.clone();
    let mut values: BTreeMap<(TableId, &Vec<String>, usize), String> = BTreeMap::new();
    let (mut count, share) = (0, [1.0, 0.5].choose(rng).copied().unwrap());
    for (id, table) in model.tables() {
        let Some(Raw { rows, .. }) = filled.tables.get_mut(&id) else { continue };
        for (number, column) in table.columns.iter().enumerate() {
            if !is_unknown(table, ColumnId(number as u16), column) {
                continue;
            }
            // Of and in rows that are in use, so that none comes to be set aside, or is not any
            // more.
            let used: BTreeSet<&Vec<String>> =
                world.rows(id).iter().map(|row| &files.tables[&id].rows[row.line]).collect();
            let key = table.key.map_or(0, |key| key.0 as usize);
            let shared =
                |row: &[String]| files.tables[&id].rows.iter().filter(|other| other[key] == row[key]).count() > 1;
            let others: Vec<String> =
                used.iter().map(|row| row[number].clone()).filter(|text| !text.is_empty()).collect();
            for (row, before) in rows.iter_mut().zip(&files.tables[&id].rows) {
                // What shares its id with another row is left alone: alike as of the day they may
                // come to differ.
                if !row[number].is_empty() || !used.contains(before) || shared(before) {
                    continue;
                }
                let value = values.entry((id, before, number)).or_insert_with(|| match rng.random_bool(share) {
                    true => some_value(rng, column, &others),
                    false => String::new(),
                });
                row[number].clone_from(value);
                count += usize::from(!value.is_empty());
            }
        }
    }
    (filled, count)
}

/// Whether nothing in a definition asks whether a value is there: then what is missing can only be
/// unknown.
fn only_asks_what_is_there(indicator: &Indicator) -> bool {
    let asks = |kind: &ExprKind| {
        matches!(kind, ExprKind::IsMissing(_) | ExprKind::Call { function: Function::FirstKnown, .. })
    };
    !indicator.expressions().any(|e| e.has(&|e| asks(&e.kind)))
}

#[test]
fn filling_in_what_is_missing_keeps_every_value_in_its_range() {
    let worlds = std::env::var("YARDSTICK_FILLED").map_or(8, |text| text.parse().unwrap());
    let (mut asked, mut with_unsure, mut with_undetermined, mut moved, mut unfilled) = (0, 0, 0, 0, 0);
    for seed in FIRST..FIRST + worlds {
        let made = generate(seed);
        let windows: Vec<Vec<Window>> =
            (0..made.program.indicators.len()).map(|n| compare::windows(&made.program, n, made.files.as_of)).collect();
        let all: Vec<usize> = (0..made.program.indicators.len()).collect();
        let before = cells(&made, &made.files, &windows, &all);
        for said in before.values() {
            let (low, high) = (said.range.least, said.range.most);
            let inside = |value| low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high);
            assert!(said.value.is_none_or(inside), "seed {seed}: {said:?}");
        }
        for (number, indicator) in made.program.indicators.iter().enumerate() {
            let of = |has: fn(&Said) -> bool| before.iter().any(|((n, ..), said)| *n == number && has(said));
            with_unsure += usize::from(of(|said| said.unsure > 0));
            with_undetermined += usize::from(of(|said| said.undetermined > 0));
            asked += usize::from(only_asks_what_is_there(indicator));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for _ in 0..3 {
            let (files, count) = filled(&mut rng, &made.program.model, &made.files);
            // In a world of a few rows nothing may be missing.
            unfilled += usize::from(count == 0);
            let after = cells(&made, &files, &windows, &all);
            for (place @ (number, entity, window), said) in &before {
                let indicator = &made.program.indicators[*number];
                // Whether a row is held elsewhere on a day that becomes known is another question.
                let stays = !indicator.by_level() || !asks_elsewhere(indicator);
                let (true, true) = (only_asks_what_is_there(indicator), *entity == 0 || stays) else { continue };
                let Some(Said { value: Some(value), .. }) = after.get(place).copied() else {
                    continue;
                };
                let (low, high) = (said.range.least, said.range.most);
                // Without a range at all nothing was there, or everything is possible.
                let inside = low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high);
                let nothing = said.value.is_none() && said.unsure + said.undetermined + said.unread == 0;
                moved += usize::from(said.value.is_some_and(|before| before != value));
                let text = &made.texts[*number];
                let what = format!(
                    "seed {seed}, entity {entity}, {:?}: {said:?}, then {:?}\n{text}",
                    windows[*number][*window], after[place]
                );
                assert!(inside, "{what}");
                assert!(!nothing || matches!(indicator.measure, Measure::Until(_)), "{what}");
            }
        }
    }
    println!(
        "{asked} indicators; {with_unsure} have an unsure row, {with_undetermined} an undetermined one; {moved} values moved"
    );
    assert!(with_unsure * 10 > asked && with_undetermined * 5 > asked && moved > 100);
    assert!(
        unfilled as u64 * 10 <= worlds * 3,
        "of {worlds} worlds nothing was filled in {unfilled} times of three each"
    );
}

/// The files with the rows of a table that went made sound again, some or all of them: what is
/// broken in them becomes something that can be. A row of which it is not known whose it is by one
/// of the links `asked_by` stays as it is: it may be anybody's.
fn mended(
    rng: &mut ChaCha8Rng,
    model: &Model,
    files: &Files,
    id: TableId,
    asked_by: &BTreeSet<ColumnId>,
) -> (Files, usize) {
    let world = oracle::read(model, &files.tables, files.as_of);
    let (table, mut mended, mut count) = (model.table(id), files.clone(), 0);
    let Some(Raw { rows, .. }) = mended.tables.get_mut(&id) else { return (mended, 0) };
    let share = [1.0, 0.5].choose(rng).copied().unwrap();
    for Went { row, ends_known } in world.went(id) {
        let is_somebodys = |link: &ColumnId| row.cells[usize::from(link.0)].is_some();
        if !rng.random_bool(share) || !asked_by.iter().all(is_somebodys) {
            continue;
        }
        let line = &mut rows[row.line];
        let start = format!("202{}-0{}-1{}", rng.random_range(1..5), rng.random_range(1..10), rng.random_range(0..10));
        for (number, column) in table.columns.iter().enumerate() {
            let at = |column: Option<ColumnId>| column == Some(ColumnId(number as u16));
            let (first, end) = (at(table.begins), at(table.spans.map(|spans| spans.until)));
            let broken = row.cells[number].is_none();
            match &column.ty {
                ColumnType::Key => line[number] = format!("mended {}", row.line),
                ColumnType::Link(target) if broken && !column.optional => {
                    let Some(to) = world.rows(*target).choose(rng) else { continue };
                    line[number].clone_from(&to.id);
                }
                ColumnType::Timestamp if first && broken => line[number] = format!("{start}T10:00:00"),
                ColumnType::Date if (first || at(table.spans.map(|spans| spans.from))) && broken => {
                    line[number].clone_from(&start);
                }
                ColumnType::Date if (end || column.not_yet) && broken && !(*ends_known && column.optional) => {
                    line[number] = ["2025-01-01", "2025-06-30", ""]
                        [rng.random_range(0..if column.optional { 3 } else { 2 })]
                    .to_owned();
                }
                _ => {}
            }
        }
        count += 1;
    }
    (mended, count)
}

/// The tables that an indicator asks about, and the links by which it asks for the rows of
/// somebody; `None` where it asks for all rows.
fn asked_about(indicator: &Indicator) -> BTreeMap<TableId, BTreeSet<Option<ColumnId>>> {
    let mut asked: BTreeMap<TableId, BTreeSet<Option<ColumnId>>> = BTreeMap::new();
    indicator.expressions().for_each(|e| {
        e.walk(&mut |e| {
            if let ExprKind::Linked(q) = &e.kind {
                asked.entry(q.table).or_default().insert(q.via);
            }
        });
    });
    asked
}

/// Whether it is asked of rows whether they are held elsewhere on some day.
fn asks_elsewhere(indicator: &Indicator) -> bool {
    indicator.expressions().any(|e| e.has(&|e| matches!(e.kind, ExprKind::Elsewhere(_))))
}

/// Whether who holds a row decides nothing at the whole.
fn asks_no_holder(indicator: &Indicator) -> bool {
    let asks = |e: &Expr| !e.holders().is_empty();
    !indicator.by_level() && !asks_elsewhere(indicator) && !indicator.expressions().any(|e| e.has(&asks))
}

#[test]
fn making_rows_sound_again_keeps_every_value_of_the_whole_in_its_range() {
    let worlds = std::env::var("YARDSTICK_FILLED").map_or(16, |text| text.parse().unwrap());
    let (mut asked, mut with_unread, mut moved, mut moved_by_linked) = (0, 0, 0, 0);
    for seed in MENDED..MENDED + worlds {
        let made = generate(seed);
        let indicators = &made.program.indicators;
        let windows: Vec<Vec<Window>> =
            (0..indicators.len()).map(|n| compare::windows(&made.program, n, made.files.as_of)).collect();
        let all: Vec<usize> = (0..made.program.indicators.len()).collect();
        let before = cells(&made, &made.files, &windows, &all);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let about: Vec<_> = indicators.iter().map(asked_about).collect();
        for (table, declared) in made.program.model.tables() {
            let asked_by = |n: &usize| about[*n].get(&table);
            let reads = |n: &usize| match asked_by(n) {
                Some(by) => !by.contains(&None),
                None => indicators[*n].cohort.table == table,
            };
            // A day that turns out to be after the as-of day takes along what is known with it.
            let told_later = declared.columns.iter().any(|column| matches!(column.known, Known::With(_)));
            let sees = |n: &usize| !told_later || only_asks_what_is_there(&indicators[*n]);
            let of_whole = |n: &usize| asks_no_holder(&indicators[*n]);
            let read_by: BTreeSet<usize> =
                (0..indicators.len()).filter(|n| reads(n) && sees(n) && of_whole(n)).collect();
            let by: BTreeSet<ColumnId> = read_by.iter().filter_map(asked_by).flatten().copied().flatten().collect();
            let (files, count) = mended(&mut rng, &made.program.model, &made.files, table, &by);
            if count == 0 || read_by.is_empty() {
                continue;
            }
            let after = cells(&made, &files, &windows, &read_by.iter().copied().collect::<Vec<_>>());
            for (place @ (number, entity, window), said) in &before {
                if *entity > 0 || !read_by.contains(number) {
                    continue;
                }
                asked += 1;
                with_unread += usize::from(said.unread > 0);
                let Some(Said { value: Some(value), .. }) = after.get(place).copied() else { continue };
                let other = said.value.is_some_and(|before| before != value);
                moved += usize::from(other);
                moved_by_linked += usize::from(other && indicators[*number].cohort.table != table);
                let (low, high) = (said.range.least, said.range.most);
                let inside = low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high);
                let nothing = said.value.is_none() && said.unsure + said.undetermined + said.unread == 0;
                let text = &made.texts[*number];
                let (of, window) = (&made.program.model.table(table).name, windows[*number][*window]);
                let then = after[place];
                assert!(inside && !nothing, "seed {seed}, {window:?}, {of}: {said:?}, then {then:?}\n{text}");
            }
        }
    }
    println!(
        "{asked} cells; {with_unread} with rows that went; {moved} values moved, {moved_by_linked} by linked rows"
    );
    assert!(asked > 100 && with_unread * 4 > asked && moved * 20 > asked && moved_by_linked > 5);
}
