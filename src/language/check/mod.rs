//! AST to typed IR: names, types, units, grain, time, standards. Never sees text, pest, files or
//! DataFusion.
//!
//! All files are checked together and all mistakes are gathered: `declared` sorts what was written,
//! `model` (with `links` and `levels`) builds the world, `named` types what is named in it,
//! `indicator` checks each definition with a `typer`, `lints` look at what has been typed,
//! `follow_up` computes how long outcomes take to be known, `scorecard`, `plan` and `test_block`
//! look at what speaks of indicators. What each name means is gathered on the way into
//! [`references`]. What has a mistake is left out quietly where it is used, so that one mistake
//! gives one finding.

mod among;
mod arithmetic;
mod attribution;
mod beside;
mod business;
mod clauses;
mod cohort;
mod columns;
mod compare;
mod dates;
mod decimals;
mod declared;
mod define;
mod follow_up;
mod followed;
mod groups;
mod hierarchies;
mod indicator;
mod joined;
mod key_parts;
mod keys;
mod known;
mod letters;
mod levels;
mod links;
mod lints;
mod look_back;
mod measure;
mod memo;
mod model;
mod model_names;
mod named;
mod names;
pub mod other_window;
mod peers;
mod plan;
mod point;
mod quantifier;
pub mod references;
mod relation;
mod rules;
pub mod said;
mod scorecard;
mod spelled;
mod standard;
mod test_block;
mod test_joined;
mod test_links;
mod test_rows;
mod times;
mod typer;
mod types;
mod unread;
mod variants;
mod window;
mod words_table;
mod world;
mod written;

use crate::diag::Diagnostics;
use crate::ir::{self, Indicator, Program};
use crate::model::Targets;
use crate::syntax::ast::{self, Ast};
use chrono::NaiveDate;
use declared::Declared;
use memo::{Memo, OfIndicator, OfTest};
use references::{Names, References};
use said::Said;
use std::collections::{BTreeMap, BTreeSet};
use world::World;

/// What all files together mean, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// All that is right. With errors it must not be run.
    pub program: Program,
    /// What each name means, also where something else is wrong.
    pub references: References,
    /// The conditions of each indicator with their places in the text, by its id.
    pub said: BTreeMap<String, Vec<Said>>,
    /// Errors and warnings.
    pub findings: Diagnostics,
    /// What the next check takes over; nothing where there is none.
    memo: Memo,
}

impl Checked {
    /// The number of indicators, and of tests of these, that [`check_again`] worked out, and not
    /// taken over.
    #[must_use]
    pub fn worked_out(&self) -> (usize, usize) {
        self.memo.anew()
    }
}

/// Checks all files together.
#[must_use]
pub fn check(files: &[Ast]) -> Checked {
    checked(files, None)
}

/// The same after a change: what cannot have changed is taken over from the check before, which is
/// empty at first. The files are the same and in the same order.
#[must_use]
pub fn check_again(files: &[Ast], before: Checked) -> Checked {
    checked(files, Some(Memo::of(before)))
}

fn checked(files: &[Ast], mut memo: Option<Memo>) -> Checked {
    let mut out = Diagnostics::default();
    let declared = Declared::collect(files, &mut out);
    let world = model::build(&declared, &mut out);
    let worlds = hierarchies::worlds(&world);
    let mut names = Names::default();
    model_names::gather(&world, &declared, &mut names);
    let mut meanings = named::of_the_model(&world, &mut names, &mut out);
    let rules: Vec<_> = (worlds.iter())
        .map(|world| rules::of_the_model(world, &declared, &mut meanings, &mut names, &mut out))
        .collect();
    let breakdowns = groups::of_the_model(&world, &declared, &mut meanings, &mut names, &mut out);
    let meanings = meanings.shared();
    if let Some(memo) = &mut memo {
        memo.begin(files, &declared.unread);
    }
    let whole = variants::whole(&declared, &mut out);
    let mut checked = hierarchies::Indicators::of(worlds.len());
    for decl in &whole {
        let work_out = || hierarchies::of_indicator(&worlds, decl, &breakdowns, &meanings);
        let OfIndicator { checked: of, names: own, found } = match &mut memo {
            Some(memo) => memo.indicator(decl, &declared.unread, work_out),
            None => work_out(),
        };
        checked.add(of);
        variants::add_findings(decl, found, (own, &mut names), &mut out);
    }
    let mut checked = checked.finish();
    let said = hierarchies::said(&mut checked);
    let worlds_checked = worlds.iter().zip(checked).zip(rules).enumerate();
    let programs = worlds_checked.map(|(number, ((world, checked), rules))| {
        // What is wrong with a breakdown has been told of the first.
        let mut told = Diagnostics::default();
        let out = if number == 0 { &mut out } else { &mut told };
        program((world, &declared), (checked, rules, &breakdowns), out)
    });
    let mut programs: Vec<Program> = programs.collect();
    let everything = hierarchies::all(&programs);
    // Of all hierarchies: what is wrong with the data does not depend on the one at hand.
    let targets: BTreeSet<Targets> = everything.iter().flat_map(Indicator::targets).collect();
    let broken_down = hierarchies::broken_down(&everything, &programs);
    for scorecard in &declared.scorecards {
        scorecard::check(&world, &declared, (&everything, &broken_down), scorecard, &mut out);
    }
    drop(everything);
    programs.iter_mut().for_each(|program| program.model.targets = targets.iter().copied().collect());
    let tests = tests((&worlds, &declared, &programs), memo.as_mut(), &mut names, &mut out);
    for (number, test) in tests {
        programs[number].tests.push(test);
    }
    for plan in &declared.plans {
        if let Some((number, plan)) = plan::check(&declared, &programs, plan, &mut out) {
            programs[number].plans.push(plan);
        }
    }
    lints::unused::sets(&declared, &names, &mut out);
    lints::unused::indicators(&declared, &mut out);
    let mut programs = programs.into_iter();
    let program = programs.next().unwrap_or_default();
    let program = Program { further: programs.collect(), ..program };
    Checked { program, references: names.finish(), said, findings: out, memo: memo.unwrap_or_default() }
}

/// The program of one hierarchy, without its plans and tests.
fn program(
    (world, declared): (&World, &Declared),
    (checked, of_tables, breakdowns): (Vec<indicator::Checked>, rules::OfTheModel, &[groups::Declared]),
    out: &mut Diagnostics,
) -> Program {
    let breakdowns = groups::of_indicators(breakdowns, &checked, out);
    let indicators: Vec<_> = checked.into_iter().map(|checked| checked.indicator).collect();
    let known = (indicators.as_slice(), breakdowns.as_slice());
    let of = |s: &&ast::Scorecard| scorecard::check(world, declared, known, s, &mut Diagnostics::default());
    let scorecards = declared.scorecards.iter().map(of).collect();
    let rules::OfTheModel { rules, arriving } = of_tables;
    let model = world.model.clone();
    Program { model, rules, arriving, breakdowns, indicators, scorecards, ..Program::default() }
}

/// What all tests expect in each hierarchy, by the number of the hierarchy.
fn tests(
    (worlds, declared, programs): (&[World], &Declared, &[Program]),
    mut memo: Option<&mut Memo>,
    names: &mut Names,
    out: &mut Diagnostics,
) -> Vec<(usize, ir::Test)> {
    let mut tests = Vec::new();
    if let (Some(memo), Some(program)) = (&mut memo, programs.first()) {
        memo.turn_to_tests(&program.model.targets);
    }
    for test in &declared.tests {
        let work_out = || {
            let (mut found, mut names) = (Diagnostics::default(), Names::default());
            let tests = test_block::check(worlds, declared, programs, test, &mut found);
            worlds.first().into_iter().for_each(|world| model_names::of_test(world, test, &mut names));
            OfTest { tests, names, found }
        };
        let name = test.indicator.value.as_str();
        // That there is no such indicator is said with those that there are.
        let of = match memo.as_mut().filter(|_| declared.named.contains(name)) {
            Some(memo) => {
                let place = |number: usize| scorecard::place(&programs.get(number)?.indicators, |of| &of.id, name);
                memo.test(test, &declared.unread, place, work_out)
            }
            None => work_out(),
        };
        tests.extend(of.tests);
        names.extend(of.names);
        out.extend(of.found);
    }
    if let Some(memo) = &mut memo {
        memo.end();
    }
    tests
}

/// What is probably not meant, or not the custom of a house, in definitions that are right: lints
/// that `yardstick check` tells, at the level that is set for each. Whether a review is due is
/// asked of the as-of day; without one nobody knows.
#[must_use]
pub fn asked(files: &[Ast], program: &Program, as_of: Option<NaiveDate>) -> Diagnostics {
    let mut out = Diagnostics::default();
    lints::asked::all(files, program, as_of, &mut out);
    out
}
