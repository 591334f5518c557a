//! Indicators that are like another: they say what the other says, but for the clauses that stand
//! in them.
//!
//! A clause that may stand once takes the place of the other's. A local name takes the place of the
//! one with the same name, an exclusion that of the one with the same reason, and both are added
//! where there is none. Standards and attributions take the place of all of the other's. The title,
//! the question and the reading are an indicator's own, and so are its approval and its review:
//! who has agreed to one definition has not agreed to another. What stands after `without` is not
//! taken over.

use super::clauses::once;
use super::declared::Declared;
use super::references::Names;
use super::scorecard::is_declared;
use crate::diag::{Diagnostic, Diagnostics, Severity, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Clause, Indicator, Without};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// All indicators with the clauses that they take over, those first that others are like.
pub(super) fn whole<'a>(declared: &Declared<'a>, out: &mut Diagnostics) -> Vec<Cow<'a, Indicator>> {
    let by_name: BTreeMap<&str, &'a Indicator> =
        declared.indicators.iter().map(|i| (i.name.value.as_str(), *i)).collect();
    let mut found = Found { declared, by_name, places: BTreeMap::new(), all: Vec::new() };
    for indicator in &declared.indicators {
        found.add(indicator, out);
    }
    found.all
}

/// Adds what was found in an indicator with the clauses that it takes over. What its own text says
/// is found as ever. What is wrong in a text that was taken over, and not wrong there, says where
/// it was; what is only doubtful there is looked at there.
pub(super) fn add_findings(
    of: &Indicator,
    found: Diagnostics,
    (names, all): (Names, &mut Names),
    out: &mut Diagnostics,
) {
    let Some(like) = &of.like else {
        all.extend(names);
        out.extend(found);
        return;
    };
    all.extend_inside(names, of.span);
    for finding in found.into_found() {
        let own = finding.span().is_none_or(|span| span.is_inside(of.span));
        if own {
            out.push(finding);
        } else if finding.severity == Severity::Error && !out.has(&finding) {
            let taken = format!("`{}` takes this over", of.name.value);
            out.push(finding.also(like.span, taken));
        }
    }
}

/// What has been put together so far.
struct Found<'d, 'a> {
    declared: &'d Declared<'a>,
    by_name: BTreeMap<&'a str, &'a Indicator>,
    /// The place of each in `all`; nothing of one that cannot be put together.
    places: BTreeMap<&'a str, Option<usize>>,
    all: Vec<Cow<'a, Indicator>>,
}

impl<'a> Found<'_, 'a> {
    /// Puts an indicator together, and first those that it is like.
    fn add(&mut self, indicator: &'a Indicator, out: &mut Diagnostics) {
        let mut chain = vec![indicator];
        while let Some(next) = self.next(&chain, out) {
            chain.push(next);
        }
        while let Some(last) = chain.pop() {
            let name = last.name.value.as_str();
            if !self.places.contains_key(name) {
                let whole = self.put_together(last, out);
                let place = whole.map(|whole| {
                    self.all.push(whole);
                    self.all.len() - 1
                });
                self.places.insert(name, place);
            }
        }
    }

    /// The indicator that the last of a chain is like, when it has not been put together yet.
    fn next(&mut self, chain: &[&'a Indicator], out: &mut Diagnostics) -> Option<&'a Indicator> {
        let last = chain.last()?;
        let like = last.like.as_ref()?;
        let name = like.value.as_str();
        if self.places.contains_key(name) || self.places.contains_key(last.name.value.as_str()) {
            return None;
        }
        if chain.iter().any(|i| i.name.value == name) {
            let message = format!("`{}` is like itself", last.name.value);
            let help = "let one of them say all its clauses itself";
            out.push(Diagnostic::new(code::CIRCULAR, like.span, message).help(help));
            self.places.insert(&last.name.value, None);
            return None;
        }
        let found = self.by_name.get(name).copied();
        if found.is_none() {
            is_declared(self.declared, like, out);
            self.places.insert(&last.name.value, None);
        }
        found
    }

    fn put_together(&self, indicator: &'a Indicator, out: &mut Diagnostics) -> Option<Cow<'a, Indicator>> {
        let Some(like) = &indicator.like else {
            for clause in &indicator.clauses {
                if let Clause::Without(_) = clause.value {
                    let message = format!(
                        "`{}` is like no other indicator, so there is nothing to leave out",
                        indicator.name.value
                    );
                    let help = "remove the line, or write `indicator NAME like OTHER { ... }`";
                    out.push(Diagnostic::new(code::NOTHING_TO_LEAVE_OUT, clause.span, message).help(help));
                }
            }
            return Some(Cow::Borrowed(indicator));
        };
        let place = (*self.places.get(like.value.as_str())?)?;
        let other = self.all.get(place)?;
        let clauses = joined(&other.clauses, indicator, out);
        Some(Cow::Owned(Indicator { clauses, ..indicator.clone() }))
    }
}

/// The clauses of another indicator, but for those that stand in this one.
fn joined(other: &[Spanned<Clause>], indicator: &Indicator, out: &mut Diagnostics) -> Vec<Spanned<Clause>> {
    let words = |clause: &Clause| matches!(clause, Clause::Title(_) | Clause::Question(_) | Clause::Reading(_));
    let own = |clause: &Clause| words(clause) || matches!(clause, Clause::Approved(_) | Clause::Review(_));
    let mut clauses: Vec<Spanned<Clause>> = other.iter().filter(|c| !own(&c.value)).cloned().collect();
    for clause in &indicator.clauses {
        let Clause::Without(without) = &clause.value else { continue };
        let before = clauses.len();
        clauses.retain(|c| !is_left_out(&c.value, without));
        if clauses.len() == before {
            let what = match without {
                Without::Exclusion(reason) => format!("exclusion \"{}\"", reason.value),
                Without::Clause(word) => format!("`{}`", word.value),
            };
            let like = indicator.like.as_ref().map_or("", |like| like.value.as_str());
            let message = format!("`{like}` has no {what}, so there is nothing to leave out");
            let finding = Diagnostic::new(code::NOTHING_TO_LEAVE_OUT, clause.span, message);
            out.push(finding.help("remove the line, or look for how the other says it"));
        }
    }
    let written = || indicator.clauses.iter().filter(|c| !matches!(c.value, Clause::Without(_)));
    // In the place of the other's; what has none comes after all.
    for clause in &mut clauses {
        if let Some(instead) = written().find(|own| takes_place(&own.value, &clause.value)) {
            *clause = instead.clone();
        }
    }
    let mut seen: Vec<Span> = Vec::new();
    clauses.retain(|clause| {
        let first = !seen.contains(&clause.span);
        seen.push(clause.span);
        first
    });
    clauses.extend(written().filter(|clause| !seen.contains(&clause.span)).cloned());
    clauses
}

/// Whether a clause takes the place of another.
fn takes_place(new: &Clause, old: &Clause) -> bool {
    match (new, old) {
        (Clause::Let { name: new, .. }, Clause::Let { name: old, .. }) => new.value == old.value,
        (Clause::Exclude { reason: new, .. }, Clause::Exclude { reason: old, .. }) => new.value == old.value,
        (Clause::Standard(_), Clause::Standard(_)) | (Clause::Attribute { .. }, Clause::Attribute { .. }) => true,
        (new, old) => once(new).is_some() && once(new) == once(old),
    }
}

fn is_left_out(clause: &Clause, without: &Without) -> bool {
    match (without, clause) {
        (Without::Exclusion(reason), Clause::Exclude { reason: of, .. }) => reason.value == of.value,
        (Without::Clause(word), Clause::Standard(_)) => word.value == "standard",
        (Without::Clause(word), clause) => once(clause) == Some(word.value.as_str()),
        (Without::Exclusion(_), _) => false,
    }
}
