//! Generated conditions and days over the rows in sight.

use super::indicator::Cond;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use yardstick::model::{Back, Column, ColumnType, Counted, Model, TableId};

/// A row in sight.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// What stands before its columns: nothing for the row of the cohort, else `q1.`.
    pub(crate) prefix: String,
    pub(crate) table: TableId,
}

/// Writes expressions; [`super::indicator`] puts them together.
pub(crate) struct Maker<'a> {
    pub(crate) rng: &'a mut ChaCha8Rng,
    pub(crate) model: &'a Model,
    /// From the row of the cohort inwards.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) aliases: usize,
    pub(crate) lets: Vec<(String, String)>,
    /// Local names for rows beside that of the cohort.
    pub(crate) beside_lets: Vec<(String, String)>,
    /// Whether who holds the row of the cohort may be asked.
    pub(crate) holders: bool,
}

/// Derived columns of the generated models, which the typed model no longer knows: table, name,
/// whether it is a day.
const DERIVED: [(&str, &str); 2] = [("event", "happened"), ("mark", "told")];

/// Names for conditions, likewise.
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

pub(crate) const ORDERS: [&str; 6] = ["before", "on or before", "after", "on or after", "=", "!="];
pub(crate) const SIGNS: [&str; 6] = ["<", "<=", ">", ">=", "=", "!="];

impl Maker<'_> {
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub(crate) fn one_of(&mut self, of: &[&str]) -> String {
        (*of.choose(self.rng).unwrap()).to_owned()
    }

    /// The plain links of a table.
    pub(crate) fn links(&self, table: TableId) -> Vec<(String, TableId)> {
        let columns = self.model.table(table).columns.iter();
        columns
            .filter_map(|c| if let ColumnType::Link(to) = &c.ty { Some((c.name.clone(), *to)) } else { None })
            .collect()
    }

    /// A row in sight, or one that plain links lead to from there: what to write before a column,
    /// and its table.
    pub(crate) fn row(&mut self) -> (String, TableId) {
        let innermost = self.scopes.len() - 1;
        let at = if self.chance(60) { innermost } else { self.rng.random_range(0..=innermost) };
        let Scope { mut prefix, mut table } = self.scopes[at].clone();
        while self.chance(25) {
            let links = self.links(table);
            let Some((name, target)) = links.choose(self.rng) else { break };
            prefix = format!("{prefix}{name}.");
            table = *target;
        }
        (prefix, table)
    }

    /// A column that passes, of some row.
    pub(crate) fn column(&mut self, passes: impl Fn(&Column) -> bool) -> Option<(String, Column)> {
        for _ in 0..12 {
            let (prefix, table) = self.row();
            let fitting: Vec<&Column> = self.model.table(table).columns.iter().filter(|c| passes(c)).collect();
            if let Some(column) = fitting.choose(self.rng) {
                return Some((format!("{prefix}{}", column.name), (*column).clone()));
            }
        }
        None
    }

    /// A day.
    pub(crate) fn date(&mut self, depth: usize) -> String {
        let choice = self.rng.random_range(0..100);
        let lets: Vec<String> = self.lets.iter().map(|(name, _)| name.clone()).collect();
        match choice {
            0..8 if !lets.is_empty() => lets.choose(self.rng).unwrap().clone(),
            0..24 => {
                self.one_of(&["window.start", "window.end", "window.last_day", "window.start", "as_of", "2024-02-29"])
            }
            24..44 if depth > 0 => self.shifted(depth - 1),
            44..56 if depth > 0 => {
                let form = self.one_of(&["earliest of", "latest of", "first known of"]);
                let days: Vec<String> = (0..self.rng.random_range(2..4)).map(|_| self.date(depth - 1)).collect();
                format!("({form} {})", days.join(", "))
            }
            _ => self.day_of_row(),
        }
    }

    /// A day that stands in a row, or in what a row says of itself.
    pub(crate) fn day_of_row(&mut self) -> String {
        for _ in 0..12 {
            let (prefix, table) = self.row();
            let declared = self.model.table(table);
            let mut days = Vec::new();
            for column in &declared.columns {
                if column.ty == ColumnType::Date {
                    days.push(format!("{prefix}{}", column.name));
                } else if column.ty == ColumnType::Timestamp {
                    days.push(format!("(day of {prefix}{})", column.name));
                }
            }
            let derived = DERIVED.iter().filter(|(of, _)| *of == declared.name);
            days.extend(derived.map(|(_, name)| format!("{prefix}{name}")));
            if declared.spans.is_some() && !prefix.contains('.') {
                days.push(format!("{prefix}last_day"));
            }
            if let Some(day) = days.choose(self.rng) {
                return day.clone();
            }
        }
        "window.last_day".to_owned()
    }

    /// A day of the cohort's row, or of one that it surely links to, that may not have come yet.
    pub(crate) fn open_day(&mut self) -> Option<String> {
        let own = self.scopes[0].table;
        let mut rows = vec![(String::new(), own)];
        for column in self.model.table(own).columns.iter().filter(|c| !c.optional) {
            if let ColumnType::Link(to) = column.ty {
                rows.push((format!("{}.", column.name), to));
            }
        }
        let mut days = Vec::new();
        for (prefix, table) in rows {
            let table = self.model.table(table);
            let ends = |id| table.spans.is_some_and(|s| s.until == id);
            for (_, column) in table.columns().filter(|(id, c)| c.optional && (c.not_yet || ends(*id))) {
                days.push(match column.ty {
                    ColumnType::Timestamp => format!("(day of {prefix}{})", column.name),
                    _ => format!("{prefix}{}", column.name),
                });
            }
        }
        let day = days.choose(self.rng)?.clone();
        Some(if self.chance(20) { format!("({day} + {})", self.one_of(&["1 month", "8 days"])) } else { day })
    }

    /// A day that does not come from a row.
    fn known_day(&mut self) -> String {
        let days = ["window.start", "window.end", "window.last_day", "as_of", "2024-02-29"];
        let by = ["8 days", "1 month", "12 months", "18 years"];
        let day = self.one_of(&days);
        if self.chance(50) { day } else { format!("({day} {} {})", self.one_of(&["+", "-"]), self.one_of(&by)) }
    }

    fn shifted(&mut self, depth: usize) -> String {
        let by = [
            "1 day",
            "8 days",
            "30 days",
            "5 business days",
            "2 weeks",
            "1 month",
            "6 months",
            "12 months",
            "13 months",
            "1 year",
            "18 years",
        ];
        let sign = if self.chance(60) { "+" } else { "-" };
        let (date, by) = (self.date(depth), self.one_of(&by));
        if self.chance(8) {
            let (unit, from, to) = (self.one_of(&["days", "months", "years"]), self.date(0), self.date(0));
            return format!("({date} {sign} ({unit} from {from} to {to}))");
        }
        if self.chance(12)
            && let Some((column, _)) = self.column(|c| c.counted == Some(Counted::Months))
        {
            return format!("({date} {sign} {column})");
        }
        if self.chance(15) {
            let more = self.one_of(&["1 day", "3 days", "1 month"]);
            return format!("({date} {sign} {by} + {more})");
        }
        format!("({date} {sign} {by})")
    }

    /// Something that rows can be put in order by.
    pub(crate) fn sortable(&mut self) -> Option<String> {
        let passes = |c: &Column| matches!(c.ty, ColumnType::Date | ColumnType::Timestamp | ColumnType::Int);
        Some(self.column(passes)?.0)
    }

    /// A condition with at most so many quantifiers inside each other.
    pub(crate) fn condition(&mut self, depth: usize) -> Cond {
        if self.holders && self.scopes.len() == 1 && self.chance(5) {
            return Cond::Leaf(format!("held elsewhere on {}", self.date(1)));
        }
        match self.rng.random_range(0..100) {
            0..8 => Cond::And((0..2).map(|_| self.condition(depth)).collect()),
            8..18 => Cond::Or((0..self.rng.random_range(2..4)).map(|_| self.condition(depth)).collect()),
            18..25 => Cond::Not(Box::new(self.condition(depth))),
            25..40 if depth > 0 => self.linked(depth).unwrap_or_else(|| Cond::Leaf(self.leaf())),
            40..50 if depth > 0 => self.compared(depth).unwrap_or_else(|| Cond::Leaf(self.leaf())),
            _ => Cond::Leaf(self.leaf()),
        }
    }

    /// A question about linked rows.
    pub(crate) fn linked(&mut self, depth: usize) -> Option<Cond> {
        let kind = self.one_of(&["some", "some", "no", "all"]);
        self.rows_of(depth, &kind, |_| Some(String::new()))
    }

    /// `(count ROWS)`.
    pub(crate) fn counted(&mut self, depth: usize) -> Option<Cond> {
        self.rows_of(depth, "count", |_| Some(String::new()))
    }

    /// `(days from A to B)`.
    pub(crate) fn days_between(&mut self) -> String {
        format!("(days from {} to {})", self.date(1), self.date(1))
    }

    /// A number, for a mean or a median.
    pub(crate) fn number(&mut self) -> String {
        if self.chance(10)
            && let Some(clock) = self.clock_between()
        {
            return clock;
        }
        let unit = self.one_of(&["days", "business days", "months", "years"]);
        let counted = if self.chance(50) { self.value_of_rows(1).filter(|(_, number)| *number) } else { None };
        match counted {
            Some((rows, _)) => rows.to_string(),
            None if self.chance(30) && self.model.table(self.scopes[0].table).spans.is_some() => "days".to_owned(),
            None => format!("({unit} from {} to {})", self.date(1), self.date(1)),
        }
    }

    /// `(hours from T to U)`.
    fn clock_between(&mut self) -> Option<String> {
        let time = |c: &Column| c.ty == ColumnType::Timestamp;
        let (unit, by) = (self.one_of(&["hours", "minutes"]), self.one_of(&["", "", " + 6 hours", " + 90 minutes"]));
        Some(format!("({unit} from {}{by} to {})", self.column(time)?.0, self.column(time)?.0))
    }

    /// A value made of rows against another value.
    pub(crate) fn compared(&mut self, depth: usize) -> Option<Cond> {
        if self.chance(20) {
            return self.first_or_last(depth);
        }
        let (rows, number) = self.value_of_rows(depth)?;
        let of_row = if number && self.chance(35) {
            self.column(|c| c.ty == ColumnType::Int && c.counted.is_none()).map(|(column, _)| column)
        } else {
            None
        };
        let with = if number {
            let other = of_row.unwrap_or_else(|| self.rng.random_range(0..4).to_string());
            format!("{} {other}", self.one_of(&SIGNS))
        } else {
            format!("{} {}", self.one_of(&ORDERS), self.date(1))
        };
        Some(Cond::Compared { rows: Box::new(rows), with })
    }

    /// A value made of rows, and whether it is a number (or else a day).
    pub(crate) fn value_of_rows(&mut self, depth: usize) -> Option<(Cond, bool)> {
        let (kind, number) = match self.rng.random_range(0..10) {
            0..3 => return Some((self.counted(depth)?, true)),
            3..5 => ("count distinct", true),
            5..7 => ("sum", true),
            7..9 => (if self.chance(50) { "earliest" } else { "latest" }, false),
            _ if self.chance(50) => return Some((self.days_of_period(depth)?, true)),
            _ => {
                let stays = |maker: &mut Self| maker.stay_at_hand().then(|| "among ".to_owned());
                return Some((self.rows_of(depth, "days in window", stays)?, true));
            }
        };
        let value = |maker: &mut Self| {
            let inner = maker.scopes.last()?.clone();
            let columns = &maker.model.table(inner.table).columns;
            let fits = |c: &&Column| match kind {
                "sum" => c.ty == ColumnType::Int && c.counted.is_none(),
                "count distinct" => c.ty != ColumnType::Bool && c.ty != ColumnType::Key && !c.not_yet,
                _ => c.ty == ColumnType::Date,
            };
            let columns: Vec<(String, bool)> =
                columns.iter().filter(fits).map(|c| (c.name.clone(), c.ty == ColumnType::Date)).collect();
            let (column, is_day) = columns.choose(maker.rng)?.clone();
            let value = format!("{}{column}", inner.prefix);
            if is_day && maker.chance(30) {
                let form = maker.one_of(&["earliest of", "latest of"]);
                let point = maker.one_of(&["window.end", "window.last_day", "window.start"]);
                return Some(format!("({form} {value}, {point}) among "));
            }
            Some(format!("{value} among "))
        };
        Some((self.rows_of(depth, kind, value)?, number))
    }

    /// A question of some kind about linked rows; `value` writes what stands before them, with the
    /// rows in sight.
    pub(crate) fn rows_of(
        &mut self,
        depth: usize,
        kind: &str,
        value: impl Fn(&mut Self) -> Option<String>,
    ) -> Option<Cond> {
        let (prefix, back) = self.linked_rows()?;
        let other = self.scopes.iter().any(|s| s.table == back.table) && self.chance(60);
        let mut head = format!("{}{prefix}{}", if other { "other " } else { "" }, back.name);
        // Without a name, what stands bare is of this row where only this row has it.
        let bare = self.scopes.len() == 1 && self.chance(15);
        let mut scope = Scope { prefix: String::new(), table: back.table };
        if !bare {
            self.aliases += 1;
            scope.prefix = format!("q{}.", self.aliases);
            head = format!("{head} as q{}", self.aliases);
        }
        if self.model.table(back.table).spans.is_some() && self.chance(30) {
            head = format!("{head} {}", self.relation(depth - 1));
        }
        let around = self.scopes.clone();
        if bare {
            self.scopes.clear();
        }
        self.scopes.push(scope);
        let Some(value) = value(self) else {
            self.scopes = around;
            return None;
        };
        let head = format!("{kind} {value}{head}");
        let mut passing = self.chance(85).then(|| self.conditions(depth - 1));
        if self.chance(80)
            && let Some(bound) = self.bound()
        {
            passing = Some(passing.map_or(bound.clone(), |c| Cond::And(vec![c, bound])));
        }
        let passing = passing.map(Box::new);
        let have = (kind == "all").then(|| Box::new(self.condition(depth - 1)));
        self.scopes = around;
        Some(Cond::Linked { head, passing, have })
    }

    /// Rows that link to one in sight; often the rows beside the cohort's own.
    fn linked_rows(&mut self) -> Option<(String, Back)> {
        let own = self.scopes[0].clone();
        let mut beside = Vec::new();
        for (link, target) in self.links(own.table) {
            let backs = self.model.table(target).backs.iter().filter(|b| b.table == own.table);
            beside.extend(backs.map(|back| (format!("{}{link}.", own.prefix), back.clone())));
        }
        if !beside.is_empty() && self.chance(35) {
            return beside.choose(self.rng).cloned();
        }
        let (prefix, table) = self.row();
        Some((prefix, self.model.table(table).backs.choose(self.rng)?.clone()))
    }

    /// Something about the innermost row soon after something about the row of the cohort.
    fn soon_after(&mut self) -> Option<Cond> {
        let inner = self.scopes.last()?.clone();
        let (before, after) = (self.own_day(&self.scopes[0].clone())?, self.own_day(&inner)?);
        let (since, by) =
            (self.one_of(&["on or after", "after"]), self.one_of(&["30 days", "6 months", "12 months", "1 year"]));
        let until = self.one_of(&["before", "on or before"]);
        Some(Cond::And(vec![
            Cond::Leaf(format!("{after} {since} {before}")),
            Cond::Leaf(format!("{after} {until} ({before} + {by})")),
        ]))
    }

    fn own_day(&mut self, scope: &Scope) -> Option<String> {
        let columns = self.model.table(scope.table).columns.iter();
        let days: Vec<String> = columns.filter(|c| c.ty == ColumnType::Date).map(|c| c.name.clone()).collect();
        Some(format!("{}{}", scope.prefix, days.choose(self.rng)?))
    }

    /// By when something about the innermost row must have happened, so that one knows how long to
    /// wait.
    fn bound(&mut self) -> Option<Cond> {
        let Scope { prefix, table } = self.scopes.last()?.clone();
        let columns = self.model.table(table).columns.iter();
        let days: Vec<String> = columns.filter(|c| c.ty == ColumnType::Date).map(|c| c.name.clone()).collect();
        let day = format!("{prefix}{}", days.choose(self.rng)?);
        let by = [
            "window.end",
            "window.last_day",
            "as_of",
            "(window.end + 1 month)",
            "(window.end + 12 months)",
            "(window.start + 8 days)",
        ];
        Some(Cond::Leaf(match self.rng.random_range(0..4) {
            0 => format!("{day} in window"),
            1 => format!("{day} before {}", self.one_of(&by)),
            _ => format!("{day} on or before {}", self.one_of(&by)),
        }))
    }

    fn conditions(&mut self, depth: usize) -> Cond {
        if self.scopes.len() > 1
            && self.chance(35)
            && let Some(soon) = self.soon_after()
        {
            return soon;
        }
        if self.chance(40) { Cond::And(vec![self.condition(depth), self.condition(0)]) } else { self.condition(depth) }
    }

    /// How a stay lies to a day or the window.
    pub(crate) fn relation(&mut self, depth: usize) -> String {
        match self.rng.random_range(0..4) {
            0 => "overlapping window".to_owned(),
            1 => "covering window".to_owned(),
            _ => format!("open on {}", self.date(depth)),
        }
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

    fn leaf(&mut self) -> String {
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
            67..71 => {
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
}
