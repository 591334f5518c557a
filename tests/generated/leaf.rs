//! Generated conditions about rows in sight that ask no question about other rows.

use super::condition::{Maker, ORDERS, SIGNS};
use rand::RngExt;
use rand::seq::IndexedRandom;
use yardstick::model::{Column, ColumnType, Counted, TableId};

/// Names for conditions in the generated models, which the typed model no longer knows.
const CONDITIONS: [(&str, &str); 5] =
    [("event", "recent"), ("client", "grown"), ("stay", "is_long"), ("stay", "goes_on"), ("mark", "proven_lately")];

/// Rules of the generated models, by table.
const RULES: [(&str, &[&str]); 5] = [
    ("stay", &["in_order", "apart", "way_or_unpaid"]),
    ("part", &["inside"]),
    ("event", &["answered_later"]),
    ("mark", &["seen_later"]),
    ("client", &["sound_stays"]),
];

impl Maker<'_> {
    pub(super) fn leaf(&mut self) -> String {
        loop {
            if let Some(leaf) = self.try_leaf() {
                return leaf;
            }
        }
    }

    fn try_leaf(&mut self) -> Option<String> {
        if self.chance(8) {
            return self.of_beside();
        }
        Some(match self.rng.random_range(0..100) {
            0..16 => format!("{} {} {}", self.date(1), self.one_of(&ORDERS), self.known_day()),
            16..26 => format!("{} {} {}", self.date(1), self.one_of(&ORDERS), self.date(2)),
            26..36 => format!("{} {} window", self.date(1), self.one_of(&["in", "in", "not in"])),
            36..47 => self.code()?,
            47..50 => self.weekday(),
            50..62 => {
                let unit = self.one_of(&["days", "business days", "months", "years"]);
                let n = if self.chance(20) { 30 } else { self.rng.random_range(-2..14) };
                let amount = if self.chance(60) { format!("{n} {unit}") } else { n.to_string() };
                let of_row = self.chance(25).then(|| self.column(|c| c.counted == Some(Counted::Months))).flatten();
                let (unit, amount) = of_row.map_or((unit, amount), |(column, _)| ("months".to_owned(), column));
                format!("({unit} from {} to {}) {} {amount}", self.date(1), self.date(1), self.one_of(&SIGNS))
            }
            62..64 => {
                // At the very day that months are complete, and the day before.
                let (day, n, eve) = (self.day_of_row(), self.rng.random_range(1..14), self.one_of(&["", " - 1 day"]));
                format!("(months from {day} to ({day} + {n} months{eve})) >= {n}")
            }
            64..67 => self.days_of_stay()?,
            67..69 => format!("{} {} {}", self.reckoned(1)?, self.one_of(&SIGNS), self.rng.random_range(-2..7)),
            69 => {
                let decimal = |c: &Column| matches!(c.ty, ColumnType::Decimal(_));
                let a = self.column(decimal)?.0;
                if self.chance(25) {
                    return Some(format!("{a} {} {{ 1.50, 2, 0.155, 1.55 }}", self.one_of(&["in", "not in"])));
                }
                let b = match self.chance(60) {
                    true => self.one_of(&["0", "1.5", "1.50", "0.99", "2.505", "-0.5"]),
                    false => self.column(|c| decimal(c) || c.ty == ColumnType::Int && c.counted.is_none())?.0,
                };
                format!("{a} {} {b}", self.one_of(&SIGNS))
            }
            70 => {
                let number = |c: &Column| c.ty == ColumnType::Int && c.counted.is_none();
                let a = self.column(number)?.0;
                if self.chance(25) {
                    let (one, two) = (self.rng.random_range(-1..3), self.rng.random_range(0..5));
                    return Some(format!("{a} {} {{ {one}, {two} }}", self.one_of(&["in", "in", "not in"])));
                }
                let b = if self.chance(70) { self.rng.random_range(0..4).to_string() } else { self.column(number)?.0 };
                format!("{a} {} {b}", self.one_of(&SIGNS))
            }
            71..73 => {
                let (prefix, table) = self.row();
                let name = &self.model.table(table).name;
                let named: Vec<_> = CONDITIONS.iter().filter(|(of, _)| of == name).collect();
                format!("{prefix}{}", named.choose(self.rng)?.1)
            }
            73..75 => {
                let paid = self.column(|c| c.ty == ColumnType::Bool)?.0;
                if self.chance(50) { paid } else { format!("{paid} = {}", self.one_of(&["true", "false"])) }
            }
            75..83 => {
                let any = |c: &Column| c.optional;
                format!("{} is {}", self.column(any)?.0, self.one_of(&["missing", "known"]))
            }
            83..86 => {
                if self.chance(40) {
                    let n = self.rng.random_range(-30..90);
                    return Some(format!("{} {} {n}", self.clock_between()?, self.one_of(&SIGNS)));
                }
                let time = |c: &Column| c.ty == ColumnType::Timestamp;
                let (a, b, hours) = (
                    self.column(time)?.0,
                    self.column(time)?.0,
                    self.one_of(&["24 hours", "1 hour", "90 minutes", "2 days", "1 month"]),
                );
                format!("{a} {} {b} {} {hours}", self.one_of(&ORDERS), self.one_of(&["+", "-"]))
            }
            86..87 => {
                let days = self.one_of(&["2024-02-29", "2024-02-29, 2024-12-31", "2023-12-31, 2024-01-01, 2025-03-31"]);
                format!("{} {} {{ {days} }}", self.date(1), self.one_of(&["in", "in", "not in"]))
            }
            87..88 => {
                let texts = self.one_of(&["\"a\"", "\"a\", \"B\"", "\"b\", \"c\""]);
                let text = self.column(|c| c.ty == ColumnType::Text)?.0;
                format!("{text} {} {{ {texts} }}", self.one_of(&["in", "in", "not in"]))
            }
            88..90 => format!(
                "{} {} \"{}\"",
                self.column(|c| c.ty == ColumnType::Text)?.0,
                self.one_of(&["=", "!="]),
                self.one_of(&["a", "B"])
            ),
            90..94 => self.same_row()?,
            94..96 => {
                let marks = self.scopes.iter().filter(|s| !s.prefix.is_empty());
                let marks: Vec<String> =
                    marks.filter(|s| self.model.table(s.table).name == "mark").map(|s| s.prefix.clone()).collect();
                let mark = marks.choose(self.rng)?.trim_end_matches('.').to_owned();
                format!("{mark} is {}", self.one_of(&["good_mark", "late_mark"]))
            }
            96..98 => self.rule()?,
            _ => {
                let (prefix, table) = self.row();
                self.model.table(table).spans?;
                if prefix.is_empty() && self.scopes.len() > 1 {
                    return None;
                }
                format!("({} {})", prefix.trim_end_matches('.'), self.relation(1)).replace("( ", "(")
            }
        })
    }

    pub(crate) fn code(&mut self) -> Option<String> {
        let (path, column) = self.column(|c| matches!(c.ty, ColumnType::Codes(_)))?;
        let ColumnType::Codes(words) = &column.ty else { return None };
        let (one, two) = (words.choose(self.rng)?.clone(), words.choose(self.rng)?.clone());
        Some(match self.rng.random_range(0..6) {
            0 if column.name == "way" => format!("{path} {} gone_away", self.one_of(&["in", "not in"])),
            0..2 if one != two => format!("{path} {} {{ {one}, {two} }}", self.one_of(&["in", "in", "not in"])),
            0..3 => format!("{path} in {{ {one} }}"),
            _ => format!("{path} {} {one}", self.one_of(&["=", "=", "!="])),
        })
    }

    fn weekday(&mut self) -> String {
        let words = ["monday", "wednesday", "friday", "saturday", "sunday"];
        let (day, one, two) = (self.date(1), self.one_of(&words), self.one_of(&words));
        match self.rng.random_range(0..5) {
            3 => format!("(month of {day}) {} {}", self.one_of(&SIGNS), self.rng.random_range(1..13)),
            4 => format!("(year of {day}) {} {}", self.one_of(&SIGNS), self.rng.random_range(2023..2026)),
            0 => format!("(weekday of {day}) {} {one}", self.one_of(&["=", "!="])),
            1 => format!("(weekday of {day}) is {}", self.one_of(&["missing", "known"])),
            _ => format!("(weekday of {day}) {} {{ {one}, {two} }}", self.one_of(&["in", "not in"])),
        }
    }

    fn days_of_stay(&mut self) -> Option<String> {
        let (prefix, table) = self.row();
        self.model.table(table).spans?;
        Some(format!("{prefix}days {} {} days", self.one_of(&SIGNS), self.one_of(&["0", "1", "8", "31", "365"])))
    }

    /// Two ways to a row of the same table.
    fn same_row(&mut self) -> Option<String> {
        let mut ends: Vec<(String, TableId)> = Vec::new();
        for _ in 0..8 {
            let (prefix, table) = self.row();
            let links = self.links(table);
            ends.extend(links.into_iter().map(|(name, to)| (format!("{prefix}{name}"), to)));
        }
        let (a, to) = ends.choose(self.rng)?.clone();
        let others: Vec<&(String, TableId)> = ends.iter().filter(|(path, other)| *other == to && *path != a).collect();
        let b = others.choose(self.rng)?.0.clone();
        Some(format!("{a} {} {b}", self.one_of(&["=", "!="])))
    }
    /// A rule of a row in sight, or all of them.
    fn rule(&mut self) -> Option<String> {
        let (prefix, table) = self.row();
        if prefix.is_empty() && self.scopes.len() > 1 {
            return None;
        }
        let table = self.model.table(table).name.as_str();
        let (_, rules) = RULES.iter().find(|(of, _)| *of == table)?;
        if self.chance(50) {
            return Some(format!("{prefix}{}", rules.choose(self.rng)?));
        }
        Some(format!("({} keeps all rules)", prefix.trim_end_matches('.')).replace("( ", "("))
    }
}
