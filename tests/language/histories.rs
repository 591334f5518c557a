//! Histories on which two definitions disagree: what is found differs, is small, and holds as a
//! test; and where generated rows tell two definitions apart, a history is found, too.

use crate::changed::{self, Pair, Sums};
use crate::generated;
use crate::generated::parsed::Parsed;
use crate::oracle::{instant, months};
use crate::texts::root;
use rand_chacha::ChaCha8Rng;
use std::cell::RefCell;
use std::fs;
use yardstick::calendar::Window;
use yardstick::history::{self, Apart, Bounds, Definition, Edge, Searched};
use yardstick::interpret::{self, Calendar, Clause, Question, Verdict, World};
use yardstick::ir::{ExpectKind, Outcome, Part, Program};
use yardstick::measures::Summary;

fn program(texts: &[String]) -> Program {
    generated::parsed::program(texts).unwrap_or_else(|wrong| panic!("{wrong:?}\n{}", texts.join("\n")))
}

fn shipped(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What became of the rows that a test of a program speaks of, against what it says of them.
fn misses(program: &Program, number: usize) -> Vec<String> {
    let test = &program.tests[number];
    let indicator = &program.indicators[test.indicator];
    let world = interpret::drawn(&program.model, test).unwrap();
    let mut misses = Vec::new();
    for expect in &test.expects {
        let shown = indicator.reportable(expect.window, test.as_of);
        if shown == (expect.kind == ExpectKind::NotObservable) {
            misses.push(format!("{} shown: {shown}", expect.window.last_day()));
        }
        let ExpectKind::Row { id, outcome, held_by } = &expect.kind else { continue };
        let (window, as_of) = (expect.window, test.as_of);
        let question = Question { world: &world, indicator, as_of, window, level: 0, arithmetic: &months::Counted };
        let cases = interpret::cases(question).unwrap();
        let row = world.find(indicator.cohort.table, id).unwrap();
        let case = cases.iter().find(|case| case.row == row);
        let is = case.map_or(Outcome::NotCounted, |case| case.outcome.clone());
        let unsure = case.is_some_and(|case| case.unsure) && *outcome == Outcome::Unsure;
        let same = match (outcome, &is) {
            (Outcome::Excluded(None), Outcome::Excluded(_)) => true,
            (outcome, is) => outcome == is,
        };
        if !same && !unsure {
            misses.push(format!("{id}: {is:?}, not {outcome:?}"));
        }
        let level = indicator.attribution.level;
        let holder = case.and_then(|case| case.entities[level - 1]);
        let holder = holder
            .map_or_else(|| "unassigned".to_owned(), |row| world.name(program.model.levels[level].table.unwrap(), row));
        if held_by.as_ref().is_some_and(|by| *by != holder) {
            misses.push(format!("{id}: held by {holder}"));
        }
    }
    misses
}

/// The history on which two versions of one indicator differ, as a block that holds under the new
/// one and not under the old one.
fn block(model: &str, old: &str, new: &str) -> String {
    let [before, after] = [old, new].map(|text| program(&[model.to_owned(), text.to_owned()]));
    let [old_side, new_side] = [&before, &after].map(|program| Definition { program, number: 0 });
    let searched = history::apart(old_side, new_side, &Sums, Bounds::default());
    let found = searched.found.unwrap_or_else(|| panic!("nothing found in {}\n{new}", searched.tried));
    let block = found.block(new_side);
    let [before, after] =
        [old, new].map(|text| program(&[model.to_owned(), without_tests(text).to_owned(), block.clone()]));
    assert_eq!(misses(&after, 0), Vec::<String>::new(), "{block}");
    let is_told_by_rows = !misses(&before, 0).is_empty();
    assert!(is_told_by_rows || found.old.forms != found.new.forms, "{block}");
    block
}

fn without_tests(text: &str) -> &str {
    text.split("\ntest ").next().unwrap()
}

#[test]
fn one_clause_of_a_shipped_indicator_is_told_from_another_by_the_smallest_history() {
    let changes = [
        ("tier1/reentry_into_foster_care", "before exited_on + 12 months", "on or before exited_on + 12 months"),
        ("tier1/reentry_into_foster_care", "on or after exited_on", "after exited_on"),
        ("tier1/reentry_into_foster_care", "+ 12 months", "+ 365 days"),
        ("tier1/reentry_into_foster_care", "exit_type = reunification", "exit_type in { reunification, adoption }"),
        ("tier1/reentry_into_foster_care", "cohort     last removal", "cohort     first removal"),
        ("tier1/reentry_into_foster_care", "some other child.removals", "some child.removals"),
        ("tier1/reentry_into_foster_care", "at last_day ", "at exited_on "),
        ("tier1/reentry_into_foster_care", "window     12 months", "window     6 months"),
        ("tier1/reentry_into_foster_care", "window     12 months", "window     12 months\n  lag 1 month"),
    ];
    let model = shipped("indicators/model.ind");
    let mut all = String::new();
    for (path, from, to) in changes {
        let old = shipped(&format!("indicators/{path}.ind"));
        assert!(old.contains(from), "{from}");
        for old in [old.as_str(), without_tests(&old)] {
            let found = block(&model, old, &old.replace(from, to));
            let with = if old.contains("\ntest ") { "with its tests" } else { "without tests" };
            all += &format!("{path}, {with}: `{from}` is now `{to}`\n\n{found}\n");
        }
    }
    insta::assert_snapshot!(all);
}

/// Whether generated rows tell two definitions apart in some window.
fn rows_differ(old: Definition, new: Definition, world: &World, as_of: chrono::NaiveDate) -> bool {
    let cases = |of: Definition, day| {
        let (indicator, arithmetic) = (of.indicator(), &Calendar);
        let window = indicator.window_ending(day)?;
        indicator.reportable(window, as_of).then_some(())?;
        Some(interpret::cases(Question { world, indicator, as_of, window, level: 0, arithmetic }).unwrap())
    };
    let days = new.indicator().windows(as_of, 12).into_iter().map(Window::last_day);
    days.into_iter().any(|day| match (cases(old, day), cases(new, day)) {
        (Some(old), Some(new)) => {
            let told = |cases: Vec<Verdict>| -> Vec<_> {
                cases.into_iter().map(|c| (c.row, c.outcome, c.unsure, c.amount, c.exposure)).collect()
            };
            told(old) != told(new)
        }
        _ => false,
    })
}

/// A changed definition: whether rows told it apart from what it was, and the history that does.
struct Changed {
    differs: bool,
    searched: Searched,
    texts: String,
}

/// Definitions over one generated model, each with one clause changed, and what was found of them.
fn changes(rng: &mut ChaCha8Rng, seed: u64) -> Vec<Changed> {
    let (parsed, files, all) = changed::pairs(rng, seed);
    let searched = all.into_iter().map(|Pair { text, other, before, after }| {
        let [old, new] = [&before, &after].map(|program| Definition { program, number: 0 });
        let world = World::read(&after.model, &instant::local(&after.model, &files.tables), files.as_of);
        let differs = rows_differ(old, new, &world, files.as_of);
        let searched = history::apart(old, new, &Sums, Bounds { histories: 4000, ..Bounds::default() });
        if let Some(found) = &searched.found {
            holds(parsed.clone(), &other, new, found);
        }
        Changed { differs, searched, texts: format!("{text}\n{other}") }
    });
    searched.collect()
}

/// What was found is a sound test, and what it says of rows is so.
fn holds(parsed: Parsed, text: &str, of: Definition, found: &Apart) {
    if of.indicator().measure.kind().summary() == Summary::Values {
        return;
    }
    let block = found.block(of);
    let program = parsed.add(&[text.to_owned(), block.clone()]).program();
    let program = program.unwrap_or_else(|wrong| panic!("{wrong:?}\n{text}\n{block}"));
    assert_eq!(misses(&program, 0), Vec::<String>::new(), "{text}\n{block}");
}

#[test]
fn where_generated_rows_tell_two_definitions_apart_a_history_is_found() {
    let mut rng = changed::rng();
    let all: Vec<Changed> = (0..changed::SEEDS).flat_map(|seed| changes(&mut rng, seed)).collect();
    let differ = all.iter().filter(|of| of.differs).count();
    let found = all.iter().filter(|of| of.searched.found.is_some()).count();
    let lost: Vec<&str> =
        all.iter().filter(|of| of.differs && of.searched.found.is_none()).map(|of| of.texts.as_str()).collect();
    assert!(lost.is_empty(), "{}", lost.join("\n---\n"));
    // The rest may mean the same, or differ only in what no row shows.
    let known = (all.len(), differ, found);
    assert!(found * 100 >= all.len() * 95, "{known:?}");
    let largest = all.iter().filter_map(|of| Some(of.searched.found.as_ref()?.history.rows())).max();
    assert!(largest <= Some(6), "{largest:?}");
}

const EDGED: [&str; 4] = [
    "tier1/reentry_into_foster_care",
    "tier2/timely_response_five_day",
    "tier2/timely_medical_exam",
    "federal/placement_moves_rate",
];

#[test]
fn suggested_tests_hold_and_lie_on_edges_on_which_none_did() {
    let model = shipped("indicators/model.ind");
    let codes = shipped("indicators/codes.ind");
    for path in EDGED.iter().map(|path| format!("indicators/{path}.ind")).filter(|path| root().join(path).is_file()) {
        let text = without_tests(&shipped(&path)).to_owned();
        let texts = |tests: &[String]| [vec![model.clone(), codes.clone(), text.clone()], tests.to_vec()].concat();
        let before = program(&texts(&[]));
        let suggest = |program: &Program| {
            let mut told = RefCell::new(Vec::new());
            let words = |edge: Edge| {
                told.borrow_mut().push(edge);
                format!("{:?} {} {:?}", edge.clause, edge.number, edge.side)
            };
            let bounds = Bounds { histories: 2000, ..Bounds::default() };
            let suggested = history::suggested(Definition { program, number: 0 }, &Sums, &words, bounds);
            (suggested, std::mem::take(told.get_mut()))
        };
        let (first, edges) = suggest(&before);
        assert!(!first.blocks.is_empty(), "{path}");
        let after = program(&texts(&first.blocks));
        for number in 0..first.blocks.len() {
            assert_eq!(misses(&after, number), Vec::<String>::new(), "{}", first.blocks[number]);
        }
        let (again, further) = suggest(&after);
        // With more rows to go on from, an edge may be found that was not; none is suggested twice.
        assert!(further.iter().all(|edge| !edges.contains(edge)), "{path}: {further:?}");
        assert!(again.covered >= edges.len(), "{path}");
    }
}

#[test]
fn the_clause_in_which_the_arithmetic_of_months_decides_is_found() {
    let model = shipped("indicators/model.ind");
    let text = shipped("indicators/tier1/reentry_into_foster_care.ind");
    let text = without_tests(&text);
    let program_of = |text: &str| program(&[model.clone(), text.to_owned()]);
    let months = program_of(text);
    let of = Definition { program: &months, number: 0 };
    let found = history::month_end(of, &Sums, Bounds::default()).unwrap();
    assert_eq!(found.clause, Some(Clause::Measure(Part::Numerator)));
    assert_eq!(found.days, ["2024-02-29".parse().unwrap()], "{}", found.block(of));
    let days =
        program_of(&text.replace("12 months\n", "365 days\n").replace("window     365 days", "window     12 months"));
    assert!(history::month_end(Definition { program: &days, number: 0 }, &Sums, Bounds::default()).is_none());
}
