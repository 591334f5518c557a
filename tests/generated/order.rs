//! Generated questions about rows in order: the row before and after, what the first or last of
//! several has, and the days of a period on which some stay is open.

use super::condition::{Maker, ORDERS, SIGNS};
use super::indicator::Cond;
use rand::RngExt;
use rand::seq::IndexedRandom;
use yardstick::model::{Column, ColumnType, TableId};

/// Names for rows beside others, which the typed model no longer knows: table, name.
const BESIDE: [(&str, &str); 5] = [
    ("stay", "stay_before"),
    ("stay", "stay_after"),
    ("event", "event_before"),
    ("event", "event_after"),
    ("part", "part_before"),
];

/// What can be said of rows of these tables without a name: the link, and what orders them.
const INLINE: [(&str, &str, &[&str]); 4] = [
    ("stay", "client", &["began", "ended", "checked", "client.born"]),
    ("event", "client", &["at_time", "happened", "worth", "cost"]),
    ("mark", "client", &["seen", "told"]),
    ("part", "stay", &["opened", "closed"]),
];

impl Maker<'_> {
    /// A local name for the row before or after that of the cohort.
    pub(crate) fn let_beside(&mut self) -> Option<String> {
        self.beside(self.scopes[0].table)
    }

    /// `previous stay of client by began`.
    fn beside(&mut self, table: TableId) -> Option<String> {
        let table = self.model.table(table).name.as_str();
        let (_, link, orders) = *INLINE.iter().find(|(of, ..)| *of == table)?;
        let (word, order) = (self.one_of(&["previous", "previous", "next"]), self.one_of(orders));
        let rows = if table == "mark" { self.one_of(&["mark", "mark", "good_mark"]) } else { table.to_owned() };
        Some(format!("{word} {rows} of {link} by {order}"))
    }

    /// A condition on a row before or after one that is in sight.
    pub(crate) fn of_beside(&mut self) -> Option<String> {
        if self.chance(25) {
            let beside = self.beside(self.scopes.last()?.table)?;
            return Some(format!("({beside}) is {}", self.one_of(&["missing", "known"])));
        }
        let (prefix, table) = self.row();
        let name = self.model.table(table).name.as_str();
        let mut named: Vec<String> =
            BESIDE.iter().filter(|(of, _)| *of == name).map(|(_, beside)| format!("{prefix}{beside}")).collect();
        if prefix.is_empty() && self.scopes.len() == 1 && table == self.scopes[0].table {
            named.extend(self.beside_lets.iter().map(|(name, _)| name.clone()));
        }
        let beside = named.choose(self.rng)?.clone();
        let inner = if self.chance(15) && beside.ends_with("_before") {
            format!("{beside}.{name}_before")
        } else {
            beside.clone()
        };
        Some(match self.rng.random_range(0..10) {
            0..2 => format!("{beside} is {}", self.one_of(&["missing", "known"])),
            2 if name == "mark" => format!("{beside} is {}", self.one_of(&["good_mark", "late_mark"])),
            2 if self.model.table(table).spans.is_some() => format!("{beside} open on {}", self.date(0)),
            2..7 => self.of_columns(&prefix, &beside, &inner, table)?,
            _ => {
                // Bounded by a day of the row, so that the wait ends.
                let day = self.day_named(table)?;
                let bound = format!("{beside}.{day} {} {prefix}{}", self.one_of(&ORDERS[..2]), self.day_named(table)?);
                format!("({bound} and {})", self.of_columns(&prefix, &beside, &beside, table)?)
            }
        })
    }

    fn day_named(&mut self, table: TableId) -> Option<String> {
        let days: Vec<String> = self.days_of_table(table);
        days.choose(self.rng).cloned()
    }

    fn days_of_table(&self, table: TableId) -> Vec<String> {
        let columns = self.model.table(table).columns.iter();
        columns.filter(|c| c.ty == ColumnType::Date).map(|c| c.name.clone()).collect()
    }

    /// What the columns of such a row say.
    fn of_columns(&mut self, prefix: &str, beside: &str, inner: &str, table: TableId) -> Option<String> {
        let columns = self.model.table(table).columns.clone();
        let column: &Column = columns.choose(self.rng)?;
        let path = format!("{inner}.{}", column.name);
        Some(match &column.ty {
            ColumnType::Codes(words) => format!("{path} {} {}", self.one_of(&["=", "!="]), words.choose(self.rng)?),
            ColumnType::Date if self.chance(40) => {
                let (mine, n) = (self.day_named(table)?, self.rng.random_range(0..60));
                format!("(days from {beside}.{} to {prefix}{mine}) {} {n}", column.name, self.one_of(&SIGNS))
            }
            ColumnType::Date => format!("{path} {} {}", self.one_of(&ORDERS), self.date(0)),
            ColumnType::Int | ColumnType::Decimal(_) => format!("{path} {} 1", self.one_of(&SIGNS)),
            ColumnType::Bool => path,
            ColumnType::Text => format!("{path} = \"a\""),
            ColumnType::Key | ColumnType::Link(_) | ColumnType::Timestamp => format!("{path} is known"),
        })
    }

    /// What the first or last of some rows has, against something.
    pub(crate) fn first_or_last(&mut self, depth: usize) -> Option<Cond> {
        let kind = self.one_of(&["first", "last", "last"]);
        let taken = |maker: &mut Self| {
            let inner = maker.scopes.last()?.clone();
            let columns = &maker.model.table(inner.table).columns;
            let orders: Vec<&Column> = columns
                .iter()
                .filter(|c| {
                    matches!(c.ty, ColumnType::Date | ColumnType::Timestamp | ColumnType::Int | ColumnType::Decimal(_))
                })
                .collect();
            let by = orders.choose(maker.rng)?.name.clone();
            let value = columns.choose(maker.rng)?;
            Some(format!("{0}{1} by {0}{by} among ", inner.prefix, value.name))
        };
        let rows = self.rows_of(depth, &kind, taken)?;
        let Cond::Linked { head, .. } = &rows else { return None };
        // What is taken says what it can be compared with.
        let name = head.split_whitespace().nth(1)?.rsplit('.').next()?.to_owned();
        let mut all = self.model.tables.iter().flat_map(|t| &t.columns);
        let column = all.find(|c| c.name == name && c.ty != ColumnType::Key)?.clone();
        let with = match &column.ty {
            ColumnType::Codes(words) if self.chance(50) => {
                format!("in {{ {} }}", words.choose(self.rng)?)
            }
            ColumnType::Codes(words) => format!("{} {}", self.one_of(&["=", "!="]), words.choose(self.rng)?),
            ColumnType::Date => format!("{} {}", self.one_of(&ORDERS), self.date(0)),
            ColumnType::Int if column.counted.is_none() => format!("{} 1", self.one_of(&SIGNS)),
            ColumnType::Decimal(_) => format!("{} 1.5", self.one_of(&SIGNS)),
            ColumnType::Text => "= \"a\"".to_owned(),
            ColumnType::Bool => "= true".to_owned(),
            ColumnType::Int | ColumnType::Key | ColumnType::Link(_) | ColumnType::Timestamp => {
                format!("is {}", self.one_of(&["missing", "known"]))
            }
        };
        Some(Cond::Compared { rows: Box::new(rows), with })
    }

    /// `(days from A to B among ROWS)`.
    pub(crate) fn days_of_period(&mut self, depth: usize) -> Option<Cond> {
        let (from, to) = (self.day_of_row(), self.date(1));
        let stays = |maker: &mut Self| maker.stay_at_hand().then(|| "among ".to_owned());
        self.rows_of(depth, &format!("days from {from} to {to}"), stays)
    }

    /// `(days in window among ROWS)`.
    pub(crate) fn days_among(&mut self) -> Option<String> {
        let stays = |maker: &mut Self| maker.stay_at_hand().then(|| "among ".to_owned());
        (0..6).find_map(|_| self.rows_of(1, "days in window", stays)).map(|c| c.to_string())
    }

    pub(crate) fn stay_at_hand(&self) -> bool {
        let unnamed = self.scopes.iter().filter(|s| s.prefix.is_empty()).count();
        let innermost = self.scopes.last().map(|s| s.table);
        unnamed <= 2 && innermost.is_some_and(|t| self.model.table(t).spans.is_some())
    }
}
