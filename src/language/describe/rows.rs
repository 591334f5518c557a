//! Questions about other rows, and values made of them.

use super::condition::{ALL, all};
use super::notes::Note;
use super::page::Point;
use super::words::plain;
use super::writer::Writer;
use crate::ir::{Ask, Expr, ExprKind, LinkedQuery};

impl Writer<'_> {
    /// There is a row.
    pub(super) fn some(&mut self, q: &LinkedQuery) -> Point {
        let (rows, row) = self.asked_about(q);
        self.meets(q, "at least one", &rows, &row)
    }

    /// There is no row, or every row has something.
    pub(super) fn none(&mut self, q: &LinkedQuery) -> Point {
        let (rows, row) = self.asked_about(q);
        let mut conditions = Vec::new();
        all(&q.condition, &mut conditions);
        if let Some((Expr { kind: ExprKind::Not(have), .. }, which)) = conditions.split_last() {
            let mut points = self.each(which);
            points = match points.len() {
                0 => points,
                1 => points.into_iter().map(|p| p.after("if ")).collect(),
                _ => vec![Point::over("if all of these are true:", points)],
            };
            let then = if which.is_empty() { "" } else { "then " };
            points.push(self.clause(have).after(then));
            return Point::over(format!("for each of {rows} ({row}):"), points);
        }
        self.meets(q, "none", &rows, &row)
    }

    /// What the value with this name is.
    pub(super) fn asked(&mut self, q: &LinkedQuery, name: &str) -> Point {
        self.note(Note::Rows);
        let (rows, row) = self.asked_about(q);
        let counts = if q.condition.kind == ExprKind::Bool(true) {
            Point::new(format!("each of {rows} ({row}) counts"))
        } else {
            self.conditions(q).after(&format!("one of {rows} ({row}) counts when it meets "))
        };
        let mut what = self.point(|w| match &q.ask {
            Ask::Exists | Ask::Count => format!("{name} is how many of {rows} count"),
            Ask::Distinct(v) => {
                format!(
                    "{name} is how many different values of {} there are among those of {rows} that count",
                    w.value(v)
                )
            }
            Ask::Sum(v) => format!("{name} is the sum of {} over those of {rows} that count", w.value(v)),
            Ask::Earliest(v) => format!("{name} is the earliest of {} among those of {rows} that count", w.value(v)),
            Ask::Latest(v) => format!("{name} is the latest of {} among those of {rows} that count", w.value(v)),
            Ask::Days { from, until } => match w.inside(from, until).filter(|p| p.row == q.row && p.links.is_empty()) {
                Some(place) => {
                    w.stay(place);
                    format!(
                        "{name} is the number of days of the period on which at least one of {rows} is open, of \
                        those that count"
                    )
                }
                None => {
                    let from = w.value(from);
                    let to = w.value(until);
                    format!(
                        "{name} is the number of days that are, for at least one of those of {rows} that count, \
                        on or after {from} and before {to}"
                    )
                }
            },
        });
        what.under.insert(0, counts);
        what
    }

    /// `the child's other removals`, and the name of one of them.
    fn asked_about(&mut self, q: &LinkedQuery) -> (String, String) {
        let mut rows = match q.via {
            Some(via) => {
                let owner = self.reached(q.owner, &q.owner_links);
                if self.owner_may_be_missing(q) {
                    self.note(Note::Owner);
                }
                let table = self.end(q.owner, &q.owner_links).map(|(table, _)| self.model.table(table));
                let back = table.and_then(|t| t.backs.iter().find(|b| b.table == q.table && b.via == via));
                let link = &self.model.table(q.table).column(via).name;
                let back = back.map(|b| plain(&b.name));
                let back = back.unwrap_or_else(|| format!("rows of {} by {}", self.noun(q.table), plain(link)));
                match q.other_than {
                    Some(other) if self.is_the_other(q, other) => format!("{owner}'s other {back}"),
                    _ => format!("{owner}'s {back}"),
                }
            }
            None => format!("the rows of {}", self.noun(q.table)),
        };
        if let Some(other) = q.other_than
            && (q.via.is_none() || !self.is_the_other(q, other))
        {
            rows = format!("{rows} other than {}", self.row(other));
        }
        let row = self.row(q.row);
        (rows, row)
    }

    /// Whether the owner of the rows may be missing.
    pub(super) fn owner_may_be_missing(&self, q: &LinkedQuery) -> bool {
        q.via.is_some() && self.end(q.owner, &q.owner_links).is_some_and(|(_, optional)| optional)
    }

    /// Whether the row that is left out is the only other row of the table that the description
    /// names.
    fn is_the_other(&self, q: &LinkedQuery, other: crate::ir::RowId) -> bool {
        self.tables.iter().filter(|(_, t)| **t == q.table).all(|(r, _)| *r == q.row || *r == other)
    }

    /// Whether there is one that meets the conditions.
    fn meets(&mut self, q: &LinkedQuery, how_many: &str, rows: &str, row: &str) -> Point {
        if q.condition.kind == ExprKind::Bool(true) {
            return Point::new(format!("there is {how_many} of {rows} ({row})"));
        }
        self.conditions(q).after(&format!("{how_many} of {rows} ({row}) meets "))
    }

    /// `all of these conditions: ...`.
    fn conditions(&mut self, q: &LinkedQuery) -> Point {
        let condition = self.clause(&q.condition);
        let text = match (&q.condition.kind, condition.text.ends_with(':')) {
            (ExprKind::And(_), true) if condition.text == ALL => "all of these conditions:",
            (ExprKind::Or(_), _) => "at least one of these conditions:",
            (_, false) if !is_question(&q.condition) => return condition.after("this condition: "),
            _ => return Point::over("this condition:", vec![condition]),
        };
        Point { text: text.to_owned(), under: condition.under }
    }
}

/// A question about rows, or that there is none.
fn is_question(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Linked(q) => q.ask == Ask::Exists,
        ExprKind::Not(inner) => is_question(inner),
        _ => false,
    }
}
