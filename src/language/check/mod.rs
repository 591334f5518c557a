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
mod facts;
mod follow_up;
mod followed;
mod indicator;
mod keys;
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
pub mod references;
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
mod written_names;

use crate::diag::Diagnostics;
use crate::ir::Program;
use crate::syntax::ast::Ast;
use declared::Declared;
use references::{Names, References};
use std::collections::BTreeSet;

/// What all files together mean, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// All that is right. With errors it must not be run.
    pub program: Program,
    /// What each name means, also where something else is wrong.
    pub references: References,
    /// Errors and warnings.
    pub findings: Diagnostics,
}

/// Checks all files together.
#[must_use]
pub fn check(files: &[Ast]) -> Checked {
    let mut out = Diagnostics::default();
    let declared = Declared::collect(files, &mut out);
    let world = model::build(&declared, &mut out);
    let mut names = Names::default();
    written_names::gather(&world, &declared, &mut names);
    let mut used = BTreeSet::new();
    typer::check_world(&world, &mut out, &mut used, &mut names);
    let mut check = |i: &&_| indicator::check(&world, i, &mut out, &mut used, &mut names);
    let mut indicators: Vec<_> = declared.indicators.iter().filter_map(&mut check).collect();
    indicators.sort_by(|a, b| a.id.cmp(&b.id));
    let scorecards =
        declared.scorecards.iter().map(|s| scorecard::check(&world, &declared, &indicators, s, &mut out)).collect();
    let tests =
        declared.tests.iter().filter_map(|t| test_block::check(&world, &declared, &indicators, t, &mut out)).collect();
    unused::sets(&declared, &used, &mut out);
    unused::indicators(&declared, &mut out);
    let program = Program { model: world.model, indicators, scorecards, tests };
    Checked { program, references: names.finish(), findings: once_each(&out) }
}

/// A text that is written out in several places is looked at in each; its mistakes are told once.
fn once_each(found: &Diagnostics) -> Diagnostics {
    let mut once = Diagnostics::default();
    for finding in found.sorted() {
        once.push(finding.clone());
    }
    once
}
