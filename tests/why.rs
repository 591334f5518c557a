//! Laws of explanations: what `why` says of a row is what the engine counts, and what it says would
//! have made the difference does, when the files are changed so and read anew.

use crate::county;
use crate::generated::world::Files;
use crate::generated::{generate, parsed};
use crate::oracle::{self, Raw, World, instant};
use crate::properties::compare;
use chrono::{Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use yardstick::calendar::{Window, add_days};
use yardstick::check::{self, said::Said};
use yardstick::explanation::{self, Asked, Explanation, Instead, Side, attrition};
use yardstick::functions::Value;
use yardstick::interpret::{self, Calendar, Question, Standing};
use yardstick::ir::{Indicator, Measure, Outcome, Program};
use yardstick::model::{ColumnType, Model, TableId};
use yardstick::run::{self, Settings};
use yardstick::scorecard::Attrition;
use yardstick::scorecard::attrition::Kind;
use yardstick::scorecard::rollup::Totals;
use yardstick::source::Sources;
use yardstick::still_open;
use yardstick::store::Store;

/// Where a row differs from what the engine lists of a window; the number of rows that are listed.
pub(crate) fn differs_from_cases(
    program: &Program,
    number: usize,
    store: &Store,
    (as_of, window): (NaiveDate, Window),
    rows: impl Fn(usize) -> bool,
) -> Result<usize, String> {
    let indicator = &program.indicators[number];
    let table = indicator.cohort.table;
    let world = run::world(&program.model, store);
    let cases = run::cases(program, number, store, as_of, window, 0, &Settings::default()).unwrap();
    let listed: BTreeMap<usize, _> = cases.iter().map(|case| (case.row as usize, case)).collect();
    let all = world.rows(table).len() + world.went(table).len();
    for row in (0..all).filter(|row| rows(*row)) {
        let question = Question { world: &world, indicator, as_of, window, level: 0, arithmetic: &Calendar };
        let standing = interpret::standing(question, row).unwrap();
        let mine = match &standing {
            Standing::Case(verdict) => Some((&verdict.outcome, verdict.unsure)),
            Standing::Out | Standing::NotPicked(_) | Standing::PickedForNothing | Standing::OutInAnyCase(_) => None,
        };
        let theirs = listed.get(&row).map(|case| (&case.outcome, case.unsure));
        if mine != theirs {
            return Err(format!("{} row {row} in {window:?}: engine {theirs:?}, why {standing:?}", indicator.id));
        }
    }
    Ok(listed.len())
}

#[test]
fn every_row_stands_where_the_engine_lists_it() {
    let (mut listed, mut seeds) = (0, 0);
    for seed in 0..20 {
        let made = generate(seed);
        let program = &made.program;
        let Some(store) = compare::readable(&program.model, &made.files) else { continue };
        seeds += 1;
        for number in 0..program.indicators.len() {
            let windows = compare::windows(program, number, made.files.as_of);
            let window = windows[(seed as usize + number) % windows.len()];
            let asked = (made.files.as_of, window);
            let found = differs_from_cases(program, number, &store, asked, |_| true);
            listed += found.unwrap_or_else(|said| panic!("seed {seed}: {said}\n{}", made.texts[number]));
        }
    }
    assert!(seeds > 14 && listed > 500, "{seeds} seeds, {listed} rows");
}

/// What the text of a generated indicator says where.
pub(crate) fn said(model: &str, text: &str) -> (Sources, BTreeMap<String, Vec<Said>>, Program) {
    let mut sources = Sources::default();
    let files = [model, text].map(|text| sources.add("text.ind", text));
    let trees: Vec<_> = files.into_iter().map(|file| yardstick::syntax::parse(&sources, file).0).collect();
    let checked = check::check(&trees);
    (sources, checked.said, checked.program)
}

#[test]
fn what_would_have_made_the_difference_does() {
    let (mut told, mut days) = (BTreeMap::<(Side, Side), usize>::new(), 0);
    for seed in 100..136 {
        let made = generate(seed);
        // Files without mess: a row that stands there twice is set aside when one of the two
        // changes.
        let files = without_mess(&made.program.model, &made.files);
        for text in &made.texts {
            let (sources, said, program) = said(&made.model, &text.to_string());
            let Some(indicator) = program.indicators.first() else { continue };
            let mut world = World::read(&program.model, &files, made.files.as_of);
            let windows = compare::windows(&program, 0, made.files.as_of);
            let window = windows[seed as usize % windows.len()];
            let asked = Asked {
                indicator,
                as_of: made.files.as_of,
                window,
                level: 0,
                said: &said[&indicator.id],
                sources: &sources,
            };
            let rows = world.rows(indicator.cohort.table).len();
            for row in (0..rows).step_by(19) {
                let explanation = explanation::explain(&mut world, asked, row).unwrap();
                is_sound(&explanation, &world, asked, row);
                let stands_here = |instead: &&Instead| {
                    let (table, _, column) = instead.place;
                    // The value of a joined column stands in another file.
                    program.model.table(table).column(column).joined.is_none()
                };
                for instead in explanation.instead.iter().filter(stands_here) {
                    let before = side(&world, asked, row);
                    for day in tried(instead) {
                        let then = after(&program.model, &files, &world, asked, row, instead, day);
                        assert_eq!(then, instead.becomes, "seed {seed}, row {row}, {day:?}: {instead:#?}\n{text}");
                        days += 1;
                    }
                    assert_ne!(before, instead.becomes);
                    *told.entry((before, instead.becomes)).or_default() += 1;
                }
            }
        }
    }
    for both in [(Side::Met, Side::Unmet), (Side::Unmet, Side::Met), (Side::Excluded, Side::Met)] {
        assert!(told.get(&both).is_some_and(|n| *n > 1), "{told:?}");
    }
    println!("{told:?}, {days} days");
    assert!(days > 150, "{days} days");
}

/// The rows of files that are sound, at any time.
pub(crate) fn without_mess(model: &Model, files: &Files) -> BTreeMap<TableId, Raw> {
    let mut tables = instant::local(model, &files.tables);
    let sound = World::read(model, &tables, files.as_of + Months::new(60));
    for (id, raw) in &mut tables {
        let lines: BTreeSet<usize> = sound.rows(*id).iter().map(|row| row.line).collect();
        raw.rows = lines.into_iter().map(|line| raw.rows[line].clone()).collect();
    }
    tables
}

/// What is said of a row is said by the interpreter, and the clause that decides has what it needs.
fn is_sound(explanation: &Explanation, world: &World, asked: Asked, row: usize) {
    let standing = interpret::standing(question(world, asked), row).unwrap();
    assert_eq!(explanation.outcome, standing.outcome());
    let truths: Vec<Option<bool>> = (explanation.clauses.iter())
        .filter(|clause| clause.decides)
        .filter_map(|clause| clause.condition.as_ref())
        .map(|condition| condition.truth)
        .collect();
    match &explanation.outcome {
        Outcome::Excluded(_) => assert_eq!(truths, [Some(true)], "{explanation:#?}"),
        Outcome::NotCounted if matches!(standing, Standing::Out) => assert_eq!(truths, [Some(false)]),
        _ => {}
    }
}

fn question<'w>(world: &'w World<'w>, asked: Asked<'w>) -> Question<'w> {
    let Asked { indicator, as_of, window, level, .. } = asked;
    Question { world, indicator, as_of, window, level, arithmetic: &Calendar }
}

fn side(world: &World, asked: Asked, row: usize) -> Side {
    of(&interpret::standing(question(world, asked), row).unwrap())
}

pub(crate) fn of(standing: &Standing) -> Side {
    match standing.outcome() {
        Outcome::Met => Side::Met,
        Outcome::Unmet => Side::Unmet,
        Outcome::Counted => Side::Counted,
        Outcome::Undetermined => Side::Undetermined,
        Outcome::Excluded(_) => Side::Excluded,
        Outcome::Unsure | Outcome::Unread => Side::Unsure,
        Outcome::NotCounted => Side::NotCounted,
    }
}

/// The nearest day, the last, and one between; nothing of a word.
fn tried(instead: &Instead) -> Vec<Option<NaiveDate>> {
    let nearest = match &instead.cell {
        Some(Value::Date(day)) => *day,
        Some(Value::Time(time)) => time.date(),
        _ => return vec![None],
    };
    let last = instead.through.unwrap();
    let between = nearest + (last - nearest) / 2;
    vec![Some(nearest), Some(between), Some(last)]
}

/// What becomes of the row when the file says otherwise, and all is read anew.
fn after(
    model: &Model,
    files: &BTreeMap<TableId, Raw>,
    world: &World,
    asked: Asked,
    row: usize,
    instead: &Instead,
    day: Option<NaiveDate>,
) -> Side {
    let (table, number, column) = instead.place;
    let declared = model.table(table).column(column);
    let written = match (&instead.cell, day) {
        (Some(Value::Time(time)), Some(day)) => day.and_time(time.time()).format("%Y-%m-%d %H:%M:%S").to_string(),
        (_, Some(day)) => day.to_string(),
        (Some(Value::Bool(truth)), None) => truth.to_string(),
        (Some(Value::Code(place)), None) => match &declared.ty {
            ColumnType::Codes(words) => words[usize::from(*place)].clone(),
            other => panic!("a word of {other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let mut files = files.clone();
    let raw = files.get_mut(&table).unwrap();
    let place = raw.header.iter().position(|name| *name == declared.file_name).unwrap();
    raw.rows[world.row(table, number).line][place] = written;
    let again = World::read(model, &files, asked.as_of);
    let cohort = asked.indicator.cohort.table;
    let line = world.row(cohort, row).line;
    let row = again.rows(cohort).iter().position(|row| row.line == line).expect("the row is still in use");
    let all = oracle::cases(&again, asked.indicator, asked.as_of, asked.window, asked.level);
    match all.iter().find(|verdict| verdict.row == row) {
        None => Side::NotCounted,
        Some(verdict) => of(&Standing::Case(verdict.clone())),
    }
}

/// The texts of the parts are those of the file, and every condition of a clause has one.
#[test]
fn parts_have_the_words_of_the_file() {
    let text = r#"
indicator back {
  title      "Back"
  question   "?"
  source     "made up"
  status     inferred
  window     12 months
  let long = days >= 8
  cohort     removal open on window.start where exited_on in window   # a comment
               and long
  numerator  no other child.removals as later where later.removed_on on or after exited_on
               and later.removed_on before exited_on + 12 months
               and (later.removed_on after exited_on + 1 month or later.removed_on = exited_on)
  attribute  child.worker at window.last_day
}
"#;
    let model = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/indicators/model.ind")).unwrap();
    parsed::program(&[model.clone(), text.to_owned()]).unwrap_or_else(|e| panic!("{e:?}"));
    let (sources, said, program) = said(&model, text);
    let indicator: &Indicator = program.find("back").unwrap();
    let header = ["removal_id", "child_id", "removed_on", "exited_on", "exit_type"].map(str::to_owned).to_vec();
    let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
    let rows = vec![
        row(["r1", "c1", "2022-01-05", "2023-03-10", "reunification"]),
        row(["r2", "c1", "2023-09-01", "2023-09-20", "adoption"]),
    ];
    let child = model_table(&program, "child");
    let children = Raw { header: vec!["child_id".to_owned()], rows: vec![vec!["c1".to_owned()]] };
    let files = BTreeMap::from([(indicator.cohort.table, Raw { header, rows }), (child, children)]);
    let as_of = "2025-01-31".parse().unwrap();
    let mut world = World::read(&program.model, &files, as_of);
    let window = indicator.window_ending("2023-12-31".parse().unwrap()).unwrap();
    let asked = Asked { indicator, as_of, window, level: 0, said: &said["back"], sources: &sources };
    let found = explanation::explain(&mut world, asked, 0).unwrap();
    assert_eq!(found.outcome, Outcome::Unmet);
    let mut texts = Vec::new();
    for clause in &found.clauses {
        clause.condition.iter().for_each(|condition| condition.each(&mut |part| texts.push(part.text.clone())));
    }
    for text in [
        "open on window.start",
        "removed_on on or before window.start",
        "exited_on in window",
        "long",
        "no other child.removals as later where later.removed_on on or after exited_on and later.removed_on before \
         exited_on + 12 months and (later.removed_on after exited_on + 1 month or later.removed_on = exited_on)",
    ] {
        assert!(texts.iter().any(|known| known == text), "no `{text}`: {texts:#?}");
    }
    let numerator = found.clauses.iter().find(|clause| clause.head == "numerator").unwrap();
    let rows = &numerator.condition.as_ref().unwrap().rows;
    assert_eq!(rows[0].name, "removal r2");
    let inside = rows[0].condition.as_ref().unwrap();
    assert_eq!(inside.parts[2].parts[0].text, "later.removed_on after exited_on + 1 month");
    assert_eq!(inside.parts[2].parts[0].values[0].value, "1 September 2023");
    let words: Vec<_> = found.instead.iter().map(|one| (one.of.as_str(), one.column.as_str())).collect();
    assert!(words.contains(&("removal r2", "removed_on")), "{words:?}");
}

fn model_table(program: &Program, name: &str) -> TableId {
    program.model.find_table(name).unwrap()
}

/// A window of an indicator of the example county.
struct OfCounty {
    program: Program,
    store: Store,
    as_of: NaiveDate,
}

fn county() -> OfCounty {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    county::read_texts(&root.join("indicators"), &mut texts);
    let program = parsed::program(&texts).unwrap_or_else(|e| panic!("{e:?}"));
    let store = compare::load(&program.model, &county::folder());
    let as_of = yardstick::data::settings(&county::folder()).unwrap().unwrap().as_of;
    OfCounty { program, store, as_of }
}

#[test]
fn every_row_of_the_county_stands_where_the_engine_lists_it() {
    let OfCounty { program, store, as_of } = county();
    // Where rows are picked, all that are picked for the same are looked for among all: some rows
    // do.
    let asked = [
        ("placement_with_relatives", 1),
        ("screening_newly_detained", 1),
        ("recurrence_of_maltreatment", 37),
        ("reentry_into_foster_care", 29),
        ("timely_medical_exam", 3),
    ];
    for (id, step) in asked {
        let number = program.indicators.iter().position(|indicator| indicator.id == id).unwrap();
        let window = program.indicators[number].latest_window(as_of).unwrap();
        let found = differs_from_cases(&program, number, &store, (as_of, window), |row| row % step == 0);
        assert!(found.unwrap_or_else(|said| panic!("{said}")) > 10, "{id}");
    }
}

/// Every line and what left make the line before, and the lines of a cell are its figures.
fn adds_up(program: &Program, number: usize, store: &Store, as_of: NaiveDate, window: Window) -> u64 {
    let indicator = &program.indicators[number];
    let hierarchy = run::hierarchy(&program.model, store, as_of);
    let world = run::world(&program.model, store);
    let measured = compare::measure(program, store, as_of, &[vec![window]], &[number]).unwrap();
    let totals = Totals::of(&measured[0], &hierarchy);
    let sources = Sources::default();
    let mut counted = 0;
    let levels = if indicator.by_level() { program.model.levels.len() } else { 1 };
    for level in 0..levels {
        let asked = Asked { indicator, as_of, window, level, said: &[], sources: &sources };
        let steps = attrition::steps(&world, asked).unwrap();
        let cases = run::cases(program, number, store, as_of, window, level, &Settings::default()).unwrap();
        for (entity, of) in hierarchy.entities.iter().enumerate() {
            if indicator.by_level() && of.level != level {
                continue;
            }
            let found = Attrition::of((indicator, "rows"), &hierarchy, entity, &steps, &cases);
            let found = found.unwrap_or_else(|| panic!("{} of {} does not add up", indicator.id, of.id));
            for pair in found.lines.windows(2) {
                if let [before, line] = pair
                    && (line.kind.takes_away() || matches!(line.kind, Kind::Cohort | Kind::Denominator))
                {
                    assert_eq!(line.rows + line.left, before.rows, "{} of {}: {found:#?}", indicator.id, of.id);
                }
            }
            let counts = &totals.total(entity, 0).counts;
            assert_eq!(found.rows(Kind::Cohort), Some(counts.cohort), "{} of {}", indicator.id, of.id);
            assert_eq!(found.rows(Kind::Denominator), Some(counts.denominator), "{} of {}", indicator.id, of.id);
            assert_eq!(found.rows(Kind::Unread), Some(counts.unread()), "{} of {}", indicator.id, of.id);
            let excluded: Vec<u64> =
                found.lines.iter().filter(|line| line.kind == Kind::Exclude).map(|line| line.left).collect();
            assert_eq!(excluded.iter().sum::<u64>(), counts.excluded_total());
            let part = |word| found.lines.iter().find(|line| line.what == word).map(|line| line.rows);
            if indicator.measure.kind().has_met_rows() {
                assert_eq!(part("met"), Some(counts.met), "{} of {}", indicator.id, of.id);
            }
            assert_eq!(part("undetermined"), Some(counts.undetermined), "{} of {}", indicator.id, of.id);
            counted += counts.cohort;
        }
    }
    counted
}

#[test]
fn the_lines_of_attrition_add_up_to_the_figures_of_the_cell() {
    let mut counted = 0;
    for seed in 200..216 {
        let made = generate(seed);
        let Some(store) = compare::readable(&made.program.model, &made.files) else { continue };
        for number in 0..made.program.indicators.len() {
            let windows = compare::windows(&made.program, number, made.files.as_of);
            let window = windows[(seed as usize + number) % windows.len()];
            counted += adds_up(&made.program, number, &store, made.files.as_of, window);
        }
    }
    assert!(counted > 500, "{counted}");
    let OfCounty { program, store, as_of } = county();
    for id in ["reentry_into_foster_care", "screening_existing_cases", "recurrence_of_maltreatment"] {
        let number = program.indicators.iter().position(|indicator| indicator.id == id).unwrap();
        let window = program.indicators[number].latest_window(as_of).unwrap();
        assert!(adds_up(&program, number, &store, as_of, window) > 100, "{id}");
    }
}

/// What was found of rows that are due.
#[derive(Debug, Default)]
struct Dues {
    rows: usize,
    /// Of which nothing was recorded in time: whatever comes later, they are unmet in the end.
    stay: usize,
    /// Of which something was recorded in time.
    done: usize,
}

#[test]
fn what_is_due_is_open_the_day_before_and_unmet_on_its_day() {
    let mut told = Dues::default();
    for seed in 300..345 {
        let made = generate(seed);
        for text in &made.texts {
            let (sources, said, program) = said(&made.model, &text.to_string());
            let Some(indicator) = program.indicators.first() else { continue };
            if !matches!(indicator.measure, Measure::Proportion(_)) {
                continue;
            }
            hold_due(&made.files, &program, (&sources, &said[&indicator.id]), &mut told, &text.to_string());
        }
    }
    println!("{told:?}");
    assert!(told.rows > 60 && told.stay > 40 && told.done > 0, "{told:?}");
}

fn hold_due(files: &Files, program: &Program, text: (&Sources, &[Said]), told: &mut Dues, shown: &str) {
    let (model, indicator) = (&program.model, &program.indicators[0]);
    let table = indicator.cohort.table;
    // A correction of what was wrong may change anything.
    let tables = without_mess(model, files);
    let later = files.as_of + Months::new(60);
    let early = files.as_of - Months::new(10);
    let cut = World::read(model, &tables, early);
    if cut.aside.iter().any(|rows| *rows > 0) {
        return;
    }
    let ends = (-400..=62).filter_map(|n| indicator.window_ending(add_days(early, n)?));
    let open = |window: &Window| indicator.final_on(*window).is_some_and(|known| early < known && known <= later);
    let windows: Vec<Window> = ends.filter(open).collect();
    let Some(window) = windows.first().copied() else { return };
    let (sources, said) = text;
    let asked = Asked { indicator, as_of: early, window, level: 0, said, sources };
    let going_on = still_open::going_on(model, indicator);
    for due in explanation::due::due(&cut, asked, &windows).unwrap() {
        told.rows += 1;
        let window = due.window;
        let as_of = |world: &World, indicator: &Indicator, row: usize, as_of: NaiveDate| {
            interpret::standing(Question { world, indicator, as_of, window, level: 0, arithmetic: &Calendar }, row)
                .unwrap()
        };
        let before = as_of(&cut, &going_on, due.row, due.by.pred_opt().unwrap());
        let is_open = |standing: &Standing| match standing {
            Standing::Case(verdict) => {
                verdict.unsure || matches!(verdict.outcome, Outcome::Undetermined | Outcome::Unsure)
            }
            _ => false,
        };
        assert!(is_open(&before), "{due:?}: {before:?}\n{shown}");
        let then = as_of(&cut, &going_on, due.row, due.by);
        assert_eq!(then.outcome(), Outcome::Unmet, "{due:?}\n{shown}");
        // The same without looking at what is open, once all is known.
        let known = indicator.final_on(window).unwrap();
        let plain = Indicator { as_it_stands: false, ..indicator.clone() };
        assert_eq!(as_of(&cut, &plain, due.row, known).outcome(), Outcome::Unmet, "{due:?}\n{shown}");
        // With what was recorded through the day, and with all that came later.
        let line = cut.rows(table)[due.row].line;
        let at_the_time = World::read(model, &tables, due.by);
        let whole = World::read(model, &tables, later);
        let row = |world: &World| world.rows(table).iter().position(|row| row.line == line);
        let (Some(then), Some(end)) = (row(&at_the_time), row(&whole)) else { continue };
        if at_the_time.aside.iter().chain(&whole.aside).any(|rows| *rows > 0) {
            continue;
        }
        match as_of(&at_the_time, &going_on, then, due.by) {
            Standing::Case(verdict) if verdict.outcome == Outcome::Unmet && !verdict.unsure => {
                told.stay += 1;
                let end = as_of(&whole, &plain, end, later);
                assert_eq!(end.outcome(), Outcome::Unmet, "{due:?}\n{shown}");
            }
            _ => told.done += 1,
        }
    }
}
