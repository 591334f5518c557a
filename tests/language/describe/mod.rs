//! Two indicators read the same when, and only when, they mean the same.
//!
//! Generated indicators, and small changes to each, are told apart by their descriptions exactly as
//! they are by their canonical text. `YARDSTICK_DESCRIBED=1000 cargo test describe` takes more than
//! the ordinary number of worlds.

mod change;
mod claims;
mod sentences;

use crate::generated;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use yardstick::describe;
use yardstick::ir::{Expr, ExprKind, Indicator, Program, print};
use yardstick::model::Model;

/// Further indicators made of each generated one.
const CHANGES: usize = 60;

/// What has been described: the description by the definition, and the other way round.
#[derive(Default)]
struct Told {
    by_definition: BTreeMap<String, String>,
    by_description: BTreeMap<String, String>,
    /// Changes that left the meaning as it was.
    same: usize,
}

impl Told {
    /// Whether the definition is new.
    fn tell(&mut self, model: &Model, indicator: &Indicator) -> bool {
        let definition = print::definition(model, &flat(indicator.clone()));
        let mut page = describe::indicator(model, indicator);
        // What is the same for all tells nothing apart.
        page.same.clear();
        let text = page.text();
        if let Some(before) = self.by_definition.get(&definition) {
            assert_eq!(*before, text, "one definition, two descriptions:\n{definition}");
            self.same += 1;
        }
        if let Some(before) = self.by_description.get(&text) {
            assert_eq!(*before, definition, "two definitions, one description:\n{text}");
        }
        // What differs on the screen differs in a document, too.
        assert_eq!(page.markdown().lines().filter(|l| l.trim_start().starts_with("- ")).count(), points(&page));
        self.by_description.insert(text.clone(), definition.clone());
        self.by_definition.insert(definition, text).is_none()
    }
}

fn points(page: &describe::Page) -> usize {
    fn all(points: &[describe::Point]) -> usize {
        points.iter().map(|p| 1 + all(&p.under)).sum()
    }
    page.sections.iter().map(|s| all(&s.points)).sum()
}

/// The indicator without words of its own, and with `and` in `and` and `or` in `or` as one list
/// in which everything stands once.
fn flat(mut indicator: Indicator) -> Indicator {
    change::each(&mut indicator, &mut |e| {
        let flattened = |of: &[Expr], is: fn(&ExprKind) -> Option<&Vec<Expr>>| -> Vec<Expr> {
            let all = of.iter().flat_map(|e| is(&e.kind).cloned().unwrap_or_else(|| vec![e.clone()]));
            // What is said twice is said.
            all.fold(Vec::new(), |mut all, e| {
                if !all.contains(&e) {
                    all.push(e);
                }
                all
            })
        };
        let made = match &e.kind {
            ExprKind::And(of) => flattened(of, |k| if let ExprKind::And(of) = k { Some(of) } else { None }),
            ExprKind::Or(of) => flattened(of, |k| if let ExprKind::Or(of) = k { Some(of) } else { None }),
            _ => return,
        };
        match made.as_slice() {
            [one] => *e = one.clone(),
            _ => {
                if let ExprKind::And(of) | ExprKind::Or(of) = &mut e.kind {
                    *of = made;
                }
            }
        }
    });
    indicator
}

fn wordless(mut indicator: Indicator) -> Indicator {
    indicator.id = "indicator".to_owned();
    indicator.about.names.clear();
    indicator.exclusions.iter_mut().for_each(|e| e.reason = "reason".to_owned());
    indicator
}

/// A model and indicators over it.
fn definitions(seed: u64) -> Program {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (_, parsed, model) = generated::model(&mut rng);
    generated::indicators(&mut rng, parsed, &model).2
}

/// Describes the indicators of a world and changes of them; and gives the kinds of changes that
/// made another definition.
fn describe_all(seed: u64) -> (Told, BTreeSet<String>) {
    let program = definitions(seed);
    let (model, mut rng) = (&program.model, ChaCha8Rng::seed_from_u64(seed));
    let (mut told, mut kinds) = (Told::default(), BTreeSet::new());
    for indicator in program.indicators {
        let indicator = wordless(indicator);
        told.tell(model, &indicator);
        told.tell(model, &change::renumbered(indicator.clone()));
        let mut last = indicator.clone();
        for n in 0..CHANGES {
            // Some changes add up, most stand alone.
            let from = if n % 4 == 0 { &last } else { &indicator };
            let (changed, what) = change::changed(&mut rng, model, from.clone());
            if told.tell(model, &changed) {
                kinds.insert(what);
            }
            if n % 4 == 0 {
                last = changed;
            }
        }
    }
    (told, kinds)
}

#[test]
fn descriptions_are_equal_exactly_when_definitions_are() {
    let worlds = std::env::var("YARDSTICK_DESCRIBED").map_or(40, |n| n.parse().expect("a whole number"));
    let (next, told) = (AtomicU64::new(1), Mutex::new((0, 0, BTreeSet::new())));
    generated::on_all_threads(|| {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > worlds {
                return;
            }
            let (of_world, kinds) = describe_all(seed);
            let mut told = told.lock().unwrap();
            told.0 += of_world.by_definition.len();
            told.1 += of_world.same;
            told.2.extend(kinds);
        }
    });
    let (told_apart, same, kinds) = told.into_inner().unwrap();
    println!("{told_apart} definitions told apart; {same} were there before");
    assert!(told_apart > worlds as usize * 200, "{told_apart} of {worlds} worlds");
    let all = change::CLAUSES.iter().chain(&change::EXPRESSIONS);
    let never: Vec<_> = all.filter(|kind| !kinds.contains(**kind)).collect();
    assert!(never.is_empty(), "changes of {never:?} have not been seen to change a definition");
}

#[test]
fn words_about_an_indicator_do_not_change_its_description() {
    let program = definitions(3);
    for indicator in program.indicators {
        let mut other = indicator.clone();
        other.about.title = "another".to_owned();
        other.about.question = Some("another?".to_owned());
        other.about.reading = Some("another".to_owned());
        other.about.source = Some("another".to_owned());
        let model = &program.model;
        assert_eq!(describe::indicator(model, &indicator), describe::indicator(model, &other));
    }
}
