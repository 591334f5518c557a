//! Questions about other rows, and values made of them.

use super::cohort::extreme;
use super::condition::{ALL, all};
use super::notes::Note;
use super::page::Point;
use super::stay::OVERLAPPING;
use super::words::plain;
use super::writer::Writer;
use crate::ir::{Ask, Expr, ExprKind, Function, LinkedQuery, WindowPoint};

impl Writer<'_> {
    /// There is a row.
    pub(super) fn some(&mut self, q: &LinkedQuery) -> Point {
        let (rows, row) = self.asked_about(q);
        self.meets(q, "at least one", &rows, &row)
    }

    /// There is no row, or every row has something.
    pub(super) fn none(&mut self, q: &LinkedQuery) -> Point {
        // None of some for which there is one is each of both.
        let mut chain = vec![q];
        while let Some(ExprKind::Linked(inner)) = chain.last().map(|q| &q.condition.kind)
            && inner.ask == Ask::Exists
        {
            chain.push(inner);
        }
        let mut conditions = Vec::new();
        all(&chain.last().unwrap_or(&q).condition, &mut conditions);
        let Some((Expr { kind: ExprKind::Not(have), .. }, which)) = conditions.split_last() else {
            let (rows, row) = self.asked_about(q);
            return self.meets(q, "none", &rows, &row);
        };
        let each: Vec<String> = chain.into_iter().map(|q| self.introduced(q)).collect();
        let mut points = self.each(which);
        points = match points.len() {
            0 => points,
            1 => points.into_iter().map(|p| p.after("if ")).collect(),
            _ => vec![Point::over("if all of these are true:", points)],
        };
        let then = if which.is_empty() { "" } else { "then " };
        points.push(self.clause(have).after(then));
        Point::over(format!("for each of {}:", each.join(" and each of ")), points)
    }

    /// `the child's removals (removal A)`.
    fn introduced(&mut self, q: &LinkedQuery) -> String {
        let (rows, row) = self.asked_about(q);
        named(&rows, &row)
    }

    /// What the value with this name is.
    pub(super) fn asked(&mut self, q: &LinkedQuery) -> Point {
        self.note(if matches!(q.ask, Ask::Ordered { .. }) { Note::OneOfRows } else { Note::Rows });
        if let Some(point) = self.fewer_than_named(q).or_else(|| self.last_day_open(q)) {
            return point;
        }
        let rows = self.introduced(q);
        let mut what = self.point(|w| match &q.ask {
            Ask::Exists | Ask::Count => format!("the number of {rows}"),
            Ask::Distinct(v) => format!("the number of different values of {} among {rows}", w.value(v)),
            Ask::Sum(v) => format!("the sum of {} over {rows}", w.value(v)),
            Ask::Earliest(v) => format!("the earliest of {} among {rows}", w.value(v)),
            Ask::Latest(v) => format!("the latest of {} among {rows}", w.value(v)),
            Ask::Ordered { last, value, by } => {
                w.note(Note::Ties);
                let one = format!("the one of {rows} for which {}", extreme(w, by, *last));
                match &value.kind {
                    ExprKind::Row { row, links } if *row == q.row && links.is_empty() => one,
                    _ => format!("{} of {one}", w.value(value)),
                }
            }
            Ask::Days { from, until } => match w.inside(from, until).filter(|p| p.row == q.row && p.links.is_empty()) {
                Some(place) => {
                    w.stay(place);
                    format!("the number of days of the period on which at least one is open of {rows}")
                }
                None => {
                    let from = w.value(from);
                    let to = w.value(until);
                    format!("the number of days on or after {from} and before {to} for at least one of {rows}")
                }
            },
        });
        if q.condition.kind != ExprKind::Bool(true) {
            let named = std::mem::take(&mut what.under);
            let conditions = self.conditions(q);
            what.text = format!("{}, taking those for which {}", what.text, conditions.text);
            what.under = conditions.under;
            what.under.extend(named);
        }
        what
    }

    /// A value of some of the rows of which the description has told the same value already.
    fn fewer_than_named(&mut self, q: &LinkedQuery) -> Option<Point> {
        let (name, more, row) = self.named_with_fewer_conditions(q)?;
        let row = self.also_named(q.row, row);
        let points = self.each(&more);
        let those = named("those", &row);
        let are = all_are(&points);
        Some(Point::over(format!("made as {name} is, of only {those} for which {are} true, too:"), points))
    }

    /// The last day of the period on which a stay is open, asked as the latest of all last days.
    fn last_day_open(&mut self, q: &LinkedQuery) -> Option<Point> {
        let Ask::Latest(day) = &q.ask else { return None };
        let [last, end] = day.call(Function::Earliest)? else { return None };
        let place = self.last_day(last).filter(|place| place.row == q.row && place.links.is_empty())?;
        let mut conditions = Vec::new();
        all(&q.condition, &mut conditions);
        if end.kind != ExprKind::Window(WindowPoint::LastDay) || !self.is_open_in_window(&conditions, place) {
            return None;
        }
        let rows = self.introduced(q);
        self.stay(place);
        let what = format!("the last day of the period on which at least one of {rows} is open");
        let points = self.each(conditions.get(OVERLAPPING..).unwrap_or_default());
        let are = all_are(&points);
        let taking = format!("{what}, taking those for which {are} true:");
        Some(if points.is_empty() { Point::new(what) } else { Point::over(taking, points) })
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
        let begin = format!("there is {how_many} of {}", named(rows, row));
        if q.condition.kind == ExprKind::Bool(true) {
            return Point::new(begin);
        }
        self.conditions(q).after(&format!("{begin} for which "))
    }

    /// `all of these are true: ...`.
    fn conditions(&mut self, q: &LinkedQuery) -> Point {
        let condition = self.clause(&q.condition);
        match condition.text.ends_with(':') {
            false if !is_question(&q.condition) => condition,
            true if condition.text == ALL || matches!(q.condition.kind, ExprKind::Or(_)) => condition,
            true | false => Point::over("this is true:", vec![condition]),
        }
    }
}

/// `all of these are`, of several conditions.
fn all_are(of: &[Point]) -> &'static str {
    if of.len() == 1 { "this is" } else { "all of these are" }
}

/// Rows, and what one of them is called where it has a letter.
fn named(rows: &str, row: &str) -> String {
    if row.starts_with("the ") { rows.to_owned() } else { format!("{rows} ({row})") }
}

/// A question about rows, or that there is none.
fn is_question(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Linked(q) => q.ask == Ask::Exists,
        ExprKind::Not(inner) => is_question(inner),
        _ => false,
    }
}
