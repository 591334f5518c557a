//! The days, lengths of time, numbers and words at which definitions can change their mind.

use super::Definition;
use super::shape::column_in;
use crate::calendar::{Window, add_days, add_months};
use crate::ir::{Expr, ExprKind, Indicator, Standard, Ty, WordList};
use crate::measures::Scale;
use crate::model::{ColumnId, ColumnType, Counted, Model, TableId};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A length of time: months, then days, then minutes.
pub(super) type Length = (i64, i64, i64);

/// What is named in the texts of definitions, in the world of the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Boundaries {
    /// Days.
    pub(super) days: BTreeSet<NaiveDate>,
    /// Lengths of time, none of them nothing.
    pub(super) lengths: BTreeSet<Length>,
    /// Numbers, as they are kept.
    pub(super) numbers: BTreeSet<i64>,
    /// Texts.
    pub(super) texts: BTreeSet<String>,
    /// Words of lists, by their columns.
    pub(super) words: BTreeMap<(TableId, ColumnId), BTreeSet<String>>,
}

impl Boundaries {
    pub(super) fn of(definitions: &[Definition]) -> Self {
        let mut found = Self::default();
        let Some(first) = definitions.first() else { return found };
        // Standards that are the same tell nothing apart.
        let judged_otherwise = definitions.iter().any(|of| of.indicator().standards != first.indicator().standards);
        for of in definitions {
            for e in of.indicator().expressions() {
                e.walk(&mut |e| found.expression(e, of.model(), first.model()));
            }
            if judged_otherwise {
                found.standards(of.indicator());
            }
        }
        found.lengths.remove(&(0, 0, 0));
        found
    }

    fn expression(&mut self, e: &Expr, own: &Model, first: &Model) {
        match &e.kind {
            ExprKind::Date(day) => drop(self.days.insert(*day)),
            ExprKind::Text(text) => drop(self.texts.insert(text.clone())),
            ExprKind::Int(number) => {
                self.numbers.insert(*number);
                self.lengths.extend(length(e.ty, *number));
            }
            ExprKind::Shift { months, days, minutes, .. } => {
                let length = (i64::from(*months), i64::from(*days), i64::from(*minutes));
                self.lengths.insert(ahead(length));
            }
            ExprKind::BusinessDay { days, .. } => {
                let days = i64::from(days.unsigned_abs());
                // With the days of rest of so many weeks, and without.
                self.lengths.extend([(0, days, 0), (0, days + 2 * (days / 5), 0), (0, days + 2 * (days / 5) + 2, 0)]);
            }
            ExprKind::Code(word) => self.word(e.ty, *word, own, first),
            ExprKind::InCodes { value, codes } => codes.iter().for_each(|word| self.word(value.ty, *word, own, first)),
            ExprKind::Bool(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Call { .. }
            | ExprKind::Elsewhere(_)
            | ExprKind::Move { .. }
            | ExprKind::Linked(_) => {}
        }
    }

    fn word(&mut self, ty: Ty, word: u16, own: &Model, first: &Model) {
        let Ty::Code(list @ WordList::Column(table, column)) = ty else { return };
        let named = list.word(own, word).zip(column_in(own, (table, column), first));
        if let Some((word, place)) = named {
            self.words.entry(place).or_default().insert(word.to_owned());
        }
    }

    /// The ends of the bands, where they are lengths of time or numbers of the rows' own.
    fn standards(&mut self, indicator: &Indicator) {
        let ends = |standard: &Standard| {
            let bands = standard.green.into_iter().chain(standard.yellow);
            bands.flat_map(|band| band.ends().collect::<Vec<f64>>()).collect::<Vec<_>>()
        };
        for end in indicator.standards.iter().flat_map(ends) {
            let number = end as i64;
            match indicator.measure.kind().scale() {
                Scale::Length(counted) => self.lengths.extend(length(Ty::Length(counted), number)),
                Scale::Number => drop(self.numbers.insert(number)),
                Scale::Percent => {}
            }
        }
        self.days.extend(indicator.standards.iter().flat_map(|standard| [standard.from, standard.until]).flatten());
    }

    /// The words to try in a column: those that are named, and one that is not.
    pub(super) fn words_of(&self, model: &Model, (table, column): (TableId, ColumnId)) -> Vec<String> {
        let ColumnType::Codes(all) = &model.table(table).column(column).ty else { return Vec::new() };
        let named = self.words.get(&(table, column)).cloned().unwrap_or_default();
        let other = all.iter().find(|word| !named.contains(*word)).cloned();
        named.into_iter().filter(|word| all.contains(word)).chain(other).collect()
    }
}

/// A number with a unit as a length of time.
fn length(ty: Ty, number: i64) -> Option<Length> {
    let Ty::Length(counted) = ty else { return None };
    let number = number.checked_abs().filter(|n| *n <= crate::ir::expr::FARTHEST)?;
    Some(match counted {
        Counted::Days | Counted::BusinessDays => (0, number, 0),
        Counted::Months => (number, 0, 0),
        Counted::Years => (12 * number, 0, 0),
        Counted::Hours => (0, 0, 60 * number),
        Counted::Minutes => (0, 0, number),
    })
}

/// A length of time that leads ahead.
fn ahead((months, days, minutes): Length) -> Length {
    if months < 0 || (months == 0 && (days < 0 || (days == 0 && minutes < 0))) {
        return (-months, -days, -minutes);
    }
    (months, days, minutes)
}

/// A day moved by the months and days of a length.
pub(super) fn moved(day: NaiveDate, (months, days, _): Length, back: bool) -> Option<NaiveDate> {
    let sign = if back { -1 } else { 1 };
    add_days(add_months(day, sign * months)?, sign * days)
}

/// The days of windows.
pub(super) fn anchors(windows: &[Window]) -> BTreeSet<NaiveDate> {
    windows.iter().flat_map(|window| [window.start, window.last_day(), window.end]).collect()
}
