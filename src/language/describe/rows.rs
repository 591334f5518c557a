//! Questions about other rows, and values made of them.

use super::cohort::extreme;
use super::condition::{ALL, all};
use super::notes::Note;
use super::page::Point;
use super::stay::OVERLAPPING;
use super::words::plain;
use super::writer::Writer;
use crate::ir::{Ask, Expr, ExprKind, Function, LinkedQuery, WindowPoint};

/// That there is a row.
const AT_LEAST_ONE: &str = "at least one";

impl Writer<'_> {
    /// There is a row.
    pub(super) fn some(&mut self, q: &LinkedQuery) -> Point {
        self.meets(q, AT_LEAST_ONE)
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
            return self.meets(q, "none");
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
        let rows = self.asked_about(q);
        named(&rows, &self.row(q.row))
    }

    /// What the value with this name is.
    pub(super) fn asked(&mut self, q: &LinkedQuery) -> Point {
        self.note(if matches!(q.ask, Ask::Ordered { .. }) { Note::OneOfRows } else { Note::Rows });
        let known = self.fewer_than_named(q).or_else(|| self.last_day_open(q)).or_else(|| self.days_open(q));
        if let Some(point) = known {
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
            let taking = if matches!(q.ask, Ask::Ordered { .. }) { ", taking those" } else { "" };
            what.text = format!("{}{taking} {}", what.text, those(&conditions.text));
            what.under = conditions.under;
            what.under.extend(named);
        }
        what
    }

    /// A value of some of the rows of which the description has told the same value already.
    fn fewer_than_named(&mut self, q: &LinkedQuery) -> Option<Point> {
        let (name, more, row) = self.named_with_fewer_conditions(q)?;
        let row = self.also_named(q.row, row);
        let points = own(self.each(&more), &row);
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
        self.explain_stay(place);
        Some(self.open_days(
            q,
            "the last day of the period on which",
            conditions.get(OVERLAPPING..).unwrap_or_default(),
        ))
    }

    /// The number of days of the period on which a stay is open, of those that are open in it.
    fn days_open(&mut self, q: &LinkedQuery) -> Option<Point> {
        let Ask::Days { from, until } = &q.ask else { return None };
        let place = self.inside(from, until).filter(|place| place.row == q.row && place.links.is_empty())?;
        let mut conditions = Vec::new();
        all(&q.condition, &mut conditions);
        if !self.is_open_in_window(&conditions, place) {
            return None;
        }
        self.explain_stay(place);
        let days = "the number of days of the period on which";
        Some(self.open_days(q, days, conditions.get(OVERLAPPING..).unwrap_or_default()))
    }

    /// `the last day of the period on which at least one of the child's removals is open`, of those
    /// that meet the conditions.
    fn open_days(&mut self, q: &LinkedQuery, which: &str, conditions: &[&Expr]) -> Point {
        if conditions.is_empty() {
            return Point::new(format!("{which} at least one of {} is open", self.asked_about(q)));
        }
        let (rows, given) = (self.asked_about(q), self.letters_given());
        let row = self.row(q.row);
        let mut points = own(self.each(conditions), &row);
        let rows = self.named_if_needed(q, rows, given, &points);
        let what = format!("{which} at least one of {rows} is open, taking one only if");
        if let [only] = points.as_slice()
            && !only.text.ends_with(':')
        {
            return points.remove(0).after(&format!("{what} "));
        }
        Point::over(format!("{what} {} true:", all_are(&points)), points)
    }

    /// Rows with the name of one of them, where what is said of them needs it; `given` letters were
    /// given before.
    fn named_if_needed(&mut self, q: &LinkedQuery, rows: String, given: usize, said: &[Point]) -> String {
        let row = self.row(q.row);
        if said.iter().any(|point| point.speaks_of(&row)) {
            return named(&rows, &row);
        }
        self.take_back(q.row, &row, given);
        rows
    }

    /// `the child's other removals`.
    fn asked_about(&mut self, q: &LinkedQuery) -> String {
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
        rows
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

    /// Whether there is one that meets the conditions, or none.
    fn meets(&mut self, q: &LinkedQuery, how_many: &str) -> Point {
        let rows = self.asked_about(q);
        let mut asked = Vec::new();
        all(&q.condition, &mut asked);
        let stays = self.point(|w| w.asked_of_stay(q.row, &asked).unwrap_or_default());
        if !stays.text.is_empty() {
            return stays.after(&format!("{how_many} of {rows} "));
        }
        if q.condition.kind == ExprKind::Bool(true) {
            return Point::new(format!("there is {how_many} of {rows}"));
        }
        let given = self.letters_given();
        let conditions = self.conditions(q);
        let rows = self.named_if_needed(q, rows, given, std::slice::from_ref(&conditions));
        let text = match (how_many, conditions.text.as_str()) {
            (AT_LEAST_ONE, ALL) => format!("for {how_many} of {rows} {ALL}"),
            (_, said) => format!("there is {how_many} of {rows} {}", those(said)),
        };
        Point { text, under: conditions.under }
    }

    /// `all of these are true: ...`.
    fn conditions(&mut self, q: &LinkedQuery) -> Point {
        let row = self.row(q.row);
        let mut condition = self.clause(&q.condition);
        match condition.text.ends_with(':') {
            false if !is_question(&q.condition) => it(condition, &row),
            true if condition.text == ALL => {
                condition.under = own(condition.under, &row);
                condition
            }
            true if matches!(q.condition.kind, ExprKind::Or(_)) => condition,
            true | false => Point::over("this is true:", vec![condition]),
        }
    }
}

/// Conditions on a row in a list of its own: where one begins with the row's name, `it` says so.
fn own(conditions: Vec<Point>, row: &str) -> Vec<Point> {
    conditions.into_iter().map(|condition| it(condition, row)).collect()
}

fn it(condition: Point, row: &str) -> Point {
    let text = &condition.text;
    let text = if let Some(rest) = text.strip_prefix(&format!("{row}'s ")) {
        format!("its {rest}")
    } else if let Some(rest) = text.strip_prefix(&format!("the day of {row}'s ")) {
        format!("the day of its {rest}")
    } else if let Some(rest) = text.strip_prefix(&format!("{row} ")).filter(|rest| is_verb(rest)) {
        format!("it {rest}")
    } else {
        return condition;
    };
    Point { text, under: condition.under }
}

/// `whose "exited on" is in the period`, `for which all of these are true:`, after rows.
fn those(condition: &str) -> String {
    for (of_one, of_several) in [("its ", "whose "), ("it is open ", "that are open "), ("it lasts ", "that last ")] {
        if let Some(rest) = condition.strip_prefix(of_one) {
            return format!("{of_several}{rest}");
        }
    }
    format!("for which {condition}")
}

/// Whether what follows a row's name is said of the row.
fn is_verb(rest: &str) -> bool {
    ["is open ", "lasts "].iter().any(|verb| rest.starts_with(verb))
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
