//! AST to typed IR: names, types, units, grain, time, standards. Never sees text, pest, files or
//! DataFusion.
//!
//! All files are checked together and all mistakes are gathered: `declared` sorts what was written,
//! `model` (with `links` and `levels`) builds the world, `indicator` checks each definition in it
//! with a `typer`, `wait` computes how long outcomes take to be known, `scorecard` and `test_block`
//! look at what speaks of indicators. What has a mistake is left out quietly where it is used, so
//! that one mistake gives one finding.

mod among;
mod attribution;
mod business;
mod clauses;
mod cohort;
mod compare;
mod conditions;
mod dates;
mod declared;
mod drawn;
mod drawn_links;
mod facts;
mod follow_up;
mod followed;
mod indicator;
mod known;
mod letters;
mod levels;
mod links;
mod look_back;
mod measure;
mod model;
mod names;
mod peers;
mod point;
mod quantifier;
mod relation;
mod scorecard;
mod standard;
mod test_block;
mod times;
mod typer;
mod types;
mod unused;
mod wait;
mod world;
mod written;

use crate::diag::Diagnostics;
use crate::ir::Program;
use crate::syntax::ast::Ast;
use declared::Declared;
use std::collections::BTreeSet;

/// Checks all files together. With errors, the program holds only what is right and must not be
/// run.
#[must_use]
pub fn check(files: &[Ast]) -> (Program, Diagnostics) {
    let mut out = Diagnostics::default();
    let declared = Declared::collect(files, &mut out);
    let world = model::build(&declared, &mut out);
    let mut used = BTreeSet::new();
    typer::check_world(&world, &mut out, &mut used);
    let mut indicators: Vec<_> =
        declared.indicators.iter().filter_map(|i| indicator::check(&world, i, &mut out, &mut used)).collect();
    indicators.sort_by(|a, b| a.id.cmp(&b.id));
    let scorecards =
        declared.scorecards.iter().map(|s| scorecard::check(&world, &declared, &indicators, s, &mut out)).collect();
    let tests =
        declared.tests.iter().filter_map(|t| test_block::check(&world, &declared, &indicators, t, &mut out)).collect();
    unused::sets(&declared, &used, &mut out);
    unused::indicators(&declared, &mut out);
    let program = Program { model: world.model, indicators, scorecards, tests };
    (program, once_each(&out))
}

/// A text that is written out in several places is looked at in each; its mistakes are told once.
fn once_each(found: &Diagnostics) -> Diagnostics {
    let mut once = Diagnostics::default();
    for finding in found.sorted() {
        once.push(finding.clone());
    }
    once
}
