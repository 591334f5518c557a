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
            44..46 if depth > 0 => self.chosen_day(depth - 1),
            46..57 if depth > 0 => {
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
    pub(super) fn known_day(&mut self) -> String {
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
        let passes = |c: &Column| {
            matches!(c.ty, ColumnType::Date | ColumnType::Timestamp | ColumnType::Int | ColumnType::Decimal(_))
        };
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
        if self.chance(20)
            && let Some(number) = self.reckoned(1)
        {
            return number;
        }
        if self.chance(15)
            && let Some((decimal, _)) = self.column(|c| matches!(c.ty, ColumnType::Decimal(_)))
        {
            return decimal;
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
    pub(super) fn clock_between(&mut self) -> Option<String> {
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
                "sum" => matches!(c.ty, ColumnType::Int | ColumnType::Decimal(_)) && c.counted.is_none(),
                "count distinct" => c.ty != ColumnType::Bool && c.ty != ColumnType::Key && !c.not_yet,
                _ => c.ty == ColumnType::Date,
            };
            let columns: Vec<(String, bool)> =
                columns.iter().filter(fits).map(|c| (c.name.clone(), c.ty == ColumnType::Date)).collect();
            let (column, is_day) = columns.choose(maker.rng)?.clone();
            let value = format!("{}{column}", inner.prefix);
            if kind == "sum" && maker.chance(40) {
                let flag = columns_of(maker, &inner, |c| c.ty == ColumnType::Bool);
                let times = maker.rng.random_range(-2..4);
                return Some(match flag.choose(maker.rng) {
                    Some(flag) if maker.chance(50) => format!("(if {flag} then {value} else {times}) among "),
                    _ => format!("({times} * {value} - {value}) among "),
                });
            }
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
        let unlinked = self.chance(8);
        let Scope { prefix: mut head, table } = if unlinked { self.all_rows()? } else { self.linked_rows()? };
        if !unlinked && self.scopes.iter().any(|s| s.table == table) && self.chance(60) {
            head = format!("other {head}");
        }
        // Without a name, what stands bare is of this row where only this row has it.
        let bare = !unlinked && self.scopes.len() == 1 && self.chance(15);
        let mut scope = Scope { prefix: String::new(), table };
        if !bare {
            self.aliases += 1;
            scope.prefix = format!("q{}.", self.aliases);
            head = format!("{head} as q{}", self.aliases);
        }
        if self.model.table(table).spans.is_some() && self.chance(30) {
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
        if unlinked
            && self.chance(70)
            && let Some(common) = self.in_common()
        {
            passing = Some(passing.map_or(common.clone(), |c| Cond::And(vec![c, common])));
        }
        let passing = passing.map(Box::new);
        let have = (kind == "all").then(|| Box::new(self.condition(depth - 1)));
        self.scopes = around;
        Some(Cond::Linked { head, passing, have })
    }

    /// All rows of a table, whatever they link to: what to write, and the table.
    fn all_rows(&mut self) -> Option<Scope> {
        let tables: Vec<Scope> =
            self.model.tables().map(|(id, table)| Scope { prefix: table.name.clone(), table: id }).collect();
        tables.choose(self.rng).cloned()
    }

    /// That the innermost row, or one that links to it or to a row it links to, and a row further
    /// out lead to the same row.
    fn in_common(&mut self) -> Option<Cond> {
        let (inner, around) = self.scopes.split_last()?;
        let inner = inner.clone();
        let around: Vec<(String, TableId)> = around
            .iter()
            .flat_map(|row| self.links(row.table).into_iter().map(|(name, to)| (format!("{}{name}", row.prefix), to)))
            .collect();
        self.aliases += 1;
        let between = format!("q{}", self.aliases);
        let mut ways: Vec<(Option<String>, String, TableId)> = Vec::new();
        let own = self.links(inner.table);
        ways.extend(own.iter().map(|(name, to)| (None, format!("{}{name}", inner.prefix), *to)));
        let linked = own.into_iter().map(|(name, to)| (format!("{name}."), to));
        for (way, table) in linked.chain([(String::new(), inner.table)]) {
            for back in &self.model.table(table).backs {
                let head = format!("some {}{way}{} as {between}", inner.prefix, back.name);
                let ends = self.links(back.table).into_iter();
                ways.extend(ends.map(|(name, to)| (Some(head.clone()), format!("{between}.{name}"), to)));
            }
        }
        let meet = |(head, own, to): (Option<String>, String, TableId)| {
            let others = around.iter().filter(|(_, other)| *other == to);
            let pairs = others.map(|(other, _)| (head.clone(), Cond::Leaf(format!("{own} = {other}"))));
            pairs.collect::<Vec<_>>()
        };
        let met: Vec<(Option<String>, Cond)> = ways.into_iter().flat_map(meet).collect();
        Some(match met.choose(self.rng)?.clone() {
            (Some(head), same) => Cond::Linked { head, passing: Some(Box::new(same)), have: None },
            (None, same) => same,
        })
    }

    /// Rows that link to one in sight; often the rows beside the cohort's own: what to write, and
    /// their table.
    fn linked_rows(&mut self) -> Option<Scope> {
        let written =
            |(prefix, back): (String, Back)| Scope { prefix: format!("{prefix}{}", back.name), table: back.table };
        let own = self.scopes[0].clone();
        let mut beside = Vec::new();
        for (link, target) in self.links(own.table) {
            let backs = self.model.table(target).backs.iter().filter(|b| b.table == own.table);
            beside.extend(backs.map(|back| (format!("{}{link}.", own.prefix), back.clone())));
        }
        if !beside.is_empty() && self.chance(35) {
            return beside.choose(self.rng).cloned().map(written);
        }
        let (prefix, table) = self.row();
        Some(written((prefix, self.model.table(table).backs.choose(self.rng)?.clone())))
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
}

/// The columns of a row in sight that pass.
fn columns_of(maker: &Maker<'_>, row: &Scope, passes: impl Fn(&Column) -> bool) -> Vec<String> {
    let columns = maker.model.table(row.table).columns.iter().filter(|c| passes(c));
    columns.map(|c| format!("{}{}", row.prefix, c.name)).collect()
}
