//! The fewest parts of a condition whose truth decides its own: with the other truth of these, and
//! all else as it is, the condition comes out otherwise.

use super::found::Finder;
use super::shape::{Parts, Shape};
use crate::interpret::Rows;
use crate::ir::{Expr, ExprKind, Ty};
use std::collections::BTreeMap;

/// Of more parts, none are tried together.
const TOGETHER: usize = 16;
/// No more parts than these are tried together.
const MOST: usize = 3;

impl Shape {
    /// The parts that have no parts themselves, in the order of the text.
    pub(super) fn leaves(&self) -> Vec<&Self> {
        match &self.parts {
            Parts::All(of) | Parts::Any(of) => of.iter().flat_map(Self::leaves).collect(),
            Parts::Not(of) => of.leaves(),
            Parts::Alone => vec![self],
        }
    }

    /// The condition, in which parts have another truth, by their number.
    fn with(&self, truths: &BTreeMap<usize, bool>, finder: &Finder, next: &mut usize) -> Expr {
        let mut all = |of: &[Self]| of.iter().map(|shape| shape.with(truths, finder, next)).collect();
        let kind = match &self.parts {
            Parts::All(of) => ExprKind::And(all(of)),
            Parts::Any(of) => ExprKind::Or(all(of)),
            Parts::Not(of) => ExprKind::Not(Box::new(of.with(truths, finder, next))),
            Parts::Alone => {
                *next += 1;
                match truths.get(&(*next - 1)) {
                    Some(truth) => ExprKind::Bool(*truth),
                    None => return finder.as_asked(&self.expr).into_owned(),
                }
            }
        };
        Expr { kind, ..Expr::unknown(Ty::Bool) }
    }
}

/// The smallest sets of parts that decide, by the numbers of the parts; none where no change of so
/// few parts makes a difference.
pub(super) fn deciding(finder: &Finder, shape: &Shape, rows: &Rows) -> Vec<Vec<usize>> {
    let truths: Vec<Option<bool>> = shape.leaves().iter().map(|leaf| finder.truth(&leaf.expr, rows)).collect();
    let truth = |with: &BTreeMap<usize, bool>| finder.evaluator.truth(&shape.with(with, finder, &mut 0), rows);
    let now = truth(&BTreeMap::new());
    let differs = |with: &BTreeMap<usize, bool>| {
        let then = truth(with);
        then.is_some() && then != now
    };
    let decides = |set: &Vec<usize>| {
        let mut with = vec![BTreeMap::new()];
        for leaf in set {
            let others = match truths.get(*leaf).copied().flatten() {
                Some(truth) => vec![!truth],
                None => vec![true, false],
            };
            let more = with.iter().flat_map(|with| {
                others.iter().map(|other| {
                    let mut with = with.clone();
                    with.insert(*leaf, *other);
                    with
                })
            });
            with = more.collect();
        }
        with.iter().any(differs)
    };
    let most = if truths.len() > TOGETHER { 1 } else { MOST };
    for size in 1..=most {
        let found: Vec<Vec<usize>> = sets(truths.len(), size).into_iter().filter(decides).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// All sets of `size` of the numbers below `of`.
fn sets(of: usize, size: usize) -> Vec<Vec<usize>> {
    let Some(fewer) = size.checked_sub(1) else { return vec![Vec::new()] };
    let last = |last: usize| {
        sets(last, fewer).into_iter().map(move |mut set| {
            set.push(last);
            set
        })
    };
    (0..of).flat_map(last).collect()
}
