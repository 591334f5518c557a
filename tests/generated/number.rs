//! Generated numbers that are reckoned from others, and values that conditions choose.

use super::condition::Maker;
use rand::RngExt;
use yardstick::model::{Column, ColumnType};

impl Maker<'_> {
    /// A sum, a difference, a product or a choice of numbers of one unit.
    pub(super) fn reckoned(&mut self, depth: usize) -> Option<String> {
        let time = self.chance(40);
        let (a, b) = (self.of_unit(time, depth)?, self.of_unit(time, depth)?);
        if !time && self.chance(30) {
            return self.with_decimals(&a, &b);
        }
        let n = match self.rng.random_range(0..12) {
            0 => "300_000_000_000_000_000".to_owned(),
            _ => self.rng.random_range(-3..5).to_string(),
        };
        Some(match self.rng.random_range(0..8) {
            0..2 => format!("({a} + {b})"),
            2..4 => format!("({a} - {b})"),
            4 => format!("({n} * {a} + {b})"),
            5 => format!("({a} * {n} - {n})"),
            6 => format!("(if {} then {a} else {b})", self.leaf()),
            _ => format!("(if {} then {a} else if {} then {n} else 2 * {b})", self.leaf(), self.leaf()),
        })
    }

    /// What is reckoned from a decimal and other numbers.
    fn with_decimals(&mut self, a: &str, b: &str) -> Option<String> {
        let decimal = |c: &Column| matches!(c.ty, ColumnType::Decimal(_));
        let (one, two) = (self.column(decimal)?.0, self.column(decimal)?.0);
        let n = self.one_of(&["0.5", "-1.25", "3", "100.0", "0.001", "90_000_000_000_000.5"]);
        Some(match self.rng.random_range(0..6) {
            0 => format!("({one} + {two})"),
            1 => format!("({one} - {a})"),
            2 => format!("({n} * {one} + {b})"),
            3 => format!("({one} * {two} - {n})"),
            4 => format!("(if {} then {one} else {n})", self.leaf()),
            _ => format!("(first known of {one}, {two}, {n})"),
        })
    }

    /// A number of days, or a plain one.
    fn of_unit(&mut self, time: bool, depth: usize) -> Option<String> {
        if depth > 0 && self.chance(15) {
            return if time { Some(self.days_between()) } else { self.reckoned_plain(depth - 1) };
        }
        if time {
            return Some(self.days_between());
        }
        if depth > 0 && self.chance(35) {
            return Some(self.counted(depth)?.to_string());
        }
        Some(self.column(|c: &Column| c.ty == ColumnType::Int && c.counted.is_none())?.0)
    }

    /// A sum or difference of plain numbers.
    pub(super) fn reckoned_plain(&mut self, depth: usize) -> Option<String> {
        let (a, b) = (self.of_unit(false, depth)?, self.of_unit(false, depth)?);
        Some(format!("({a} {} {b})", self.one_of(&["+", "-"])))
    }

    /// One of two days, neither of which is still to come.
    pub(super) fn chosen_day(&mut self, depth: usize) -> String {
        let (a, b) = (self.known_day(), self.date(depth));
        let stands_in = self.one_of(&["as_of", "window.end"]);
        format!("(if {} then (first known of {b}, {stands_in}) else {a})", self.leaf())
    }
}
