//! What the conditions of an indicator were while its rows were evaluated.

use crate::functions::{Cell, Value};
use crate::ir::{Expr, Ty};
use crate::source::Span;
use std::collections::BTreeMap;

/// How often a condition was true, false and unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Truths {
    /// True.
    pub is_true: u64,
    /// False.
    pub is_false: u64,
    /// Unknown.
    pub unknown: u64,
}

/// By its place, what each condition was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<Span, Truths>);

impl Seen {
    pub(super) fn note(&mut self, e: &Expr, value: &Cell) {
        let Some(place) = e.at.own().filter(|_| e.ty == Ty::Bool) else { return };
        let truths = self.0.entry(place).or_default();
        match value {
            Some(Value::Bool(true)) => truths.is_true += 1,
            Some(Value::Bool(false)) => truths.is_false += 1,
            _ => truths.unknown += 1,
        }
    }

    /// What the condition at a place was; never anything where it was not asked.
    #[must_use]
    pub fn of(&self, place: Span) -> Truths {
        self.0.get(&place).copied().unwrap_or_default()
    }

    /// Adds what was seen elsewhere.
    pub fn add(&mut self, other: &Self) {
        for (place, seen) in &other.0 {
            let truths = self.0.entry(*place).or_default();
            truths.is_true += seen.is_true;
            truths.is_false += seen.is_false;
            truths.unknown += seen.unknown;
        }
    }
}
