//! Breakdowns: by what results can be broken down, and an indicator that is.
//!
//! Every row of the cohort has one *group* in a breakdown: the value for which its condition is
//! true, or none when the value is not known. The conditions are asked of the cohort's row, so an
//! evaluator and an engine need no form of their own for them. At most one is true of a row.

use super::{Expr, Indicator, LookBack, Period, Program};
use crate::model::TableId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The value of rows of which the group is not known.
pub const NOT_KNOWN: &str = "not known";

/// What stands between the parts of a crossed breakdown: `age / sex`, `under 1 / female`.
pub const CROSSED: &str = " / ";

/// `groups age "Age" of child = ...`: by what results can be broken down.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// Its name.
    pub name: String,
    /// As shown.
    pub title: String,
    /// The table of the rows that have the value.
    pub table: TableId,
    /// The values as shown, in order; without the one of rows whose group is not known.
    pub values: Vec<String>,
    /// The indicators that can be broken down by it, by their index.
    pub of: BTreeMap<usize, Arc<Grouped>>,
}

/// How the rows of an indicator fall into the groups of one breakdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped {
    /// For each value, the condition under which the cohort's row has it.
    pub conditions: Vec<Expr>,
    /// How long after the window's end the outcomes of the indicator and the groups are known, as
    /// [`Indicator::follow_up`].
    pub follow_up: Option<Period>,
    /// How far each table is looked back into for both, as [`Indicator::look_back`].
    pub look_back: BTreeMap<TableId, LookBack>,
}

/// The breakdowns by which an indicator is measured, one or several that are crossed.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// For each breakdown the conditions of its values.
    pub by: Vec<Vec<Expr>>,
    /// The meaning hash of the indicator together with them.
    pub meaning: String,
}

impl Split {
    /// The number of groups, those of rows that are not known included.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.by.iter().map(|values| values.len() + 1).product()
    }

    /// The number of a group by the place of its value in each breakdown; the place after the last
    /// value is that of rows whose value is not known.
    #[must_use]
    pub fn number(&self, places: impl IntoIterator<Item = usize>) -> usize {
        self.by.iter().zip(places).fold(0, |number, (values, place)| number * (values.len() + 1) + place)
    }
}

impl Program {
    /// The breakdown of this name, by its index.
    #[must_use]
    pub fn find_breakdown(&self, name: &str) -> Option<usize> {
        self.breakdowns.iter().position(|b| b.name == name)
    }

    /// An indicator broken down by these; `None` when its rows cannot be.
    #[must_use]
    pub fn split(&self, indicator: usize, by: &[usize]) -> Option<Indicator> {
        let mut split = self.indicators.get(indicator)?.clone();
        let grouped = by.iter().map(|b| self.breakdowns.get(*b)?.of.get(&indicator)).collect::<Option<Vec<_>>>()?;
        for grouped in &grouped {
            split.follow_up = split.follow_up.zip(grouped.follow_up).map(|(one, other)| longer(one, other));
            for (table, back) in &grouped.look_back {
                let known = split.look_back.entry(*table).or_insert(*back);
                *known = further(*known, *back);
            }
        }
        let by = grouped.iter().map(|grouped| grouped.conditions.clone()).collect();
        split.split = Some(Split { by, meaning: String::new() });
        let meaning = super::print::meaning(&self.model, &split);
        split.split = split.split.map(|of| Split { meaning, ..of });
        Some(split)
    }

    /// The names of the groups of a breakdown by these, in the order of their numbers, each with
    /// whether it is known of its rows what they are.
    #[must_use]
    pub fn group_values(&self, by: &[usize]) -> Vec<(String, bool)> {
        let none = vec![(String::new(), true)];
        by.iter().filter_map(|b| self.breakdowns.get(*b)).fold(none, |so_far, breakdown| {
            let values = breakdown.values.iter().map(|value| (value.as_str(), true)).chain([(NOT_KNOWN, false)]);
            let values: Vec<(&str, bool)> = values.collect();
            let crossed = |(before, known): &(String, bool)| {
                let before = if before.is_empty() { String::new() } else { format!("{before}{CROSSED}") };
                let known = *known;
                values.iter().map(move |(value, is)| (format!("{before}{value}"), known && *is)).collect::<Vec<_>>()
            };
            so_far.iter().flat_map(crossed).collect()
        })
    }

    /// The name of a breakdown by these: `age / sex`.
    #[must_use]
    pub fn group_name(&self, by: &[usize]) -> String {
        let names: Vec<&str> = by.iter().filter_map(|b| Some(self.breakdowns.get(*b)?.name.as_str())).collect();
        names.join(CROSSED)
    }
}

/// A period no shorter than either.
fn longer(one: Period, other: Period) -> Period {
    Period { months: one.months.max(other.months), days: one.days.max(other.days) }
}

fn further(one: LookBack, other: LookBack) -> LookBack {
    match (one, other) {
        (LookBack::UpTo(one), LookBack::UpTo(other)) => LookBack::UpTo(longer(one, other)),
        (LookBack::Endless, _) | (_, LookBack::Endless) => LookBack::Endless,
    }
}
