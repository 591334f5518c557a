//! Conditions: one sentence, or a list that says whether all or one of it must hold.

use super::notes::Note;
use super::page::Point;
use super::words::{joined, months, of_clock, quoted, so_many};
use super::writer::Writer;
use crate::ir::{Ask, CompareOp, Expr, ExprKind, Function, Ty};
use crate::model::ColumnId;

/// What begins a list of which all must be true.
pub(super) const ALL: &str = "all of these are true:";

impl Writer<'_> {
    pub(super) fn clause(&mut self, e: &Expr) -> Point {
        match &e.kind {
            ExprKind::Bool(true) => Point::new("nothing more is asked (this is always true)"),
            ExprKind::Bool(false) => Point::new("this is never true"),
            ExprKind::And(_) => {
                let mut points = self.every(e);
                match points.len() {
                    1 => points.remove(0),
                    _ => Point::over(ALL, points),
                }
            }
            ExprKind::Or(all) => match one_of(all) {
                Some((value, values)) => self.listed_values(value, &values, "is one of"),
                None => Point::over("at least one of these is true:", self.alternatives(e)),
            },
            ExprKind::Not(inner) => self.negated(inner),
            ExprKind::Compare { op, left, right } => self.point(|w| {
                if let Some(said) = w.full_years(*op, left, right) {
                    return said;
                }
                if let Some((place, lasts)) = w.lasting(e) {
                    return format!("{} {lasts}", w.stay_that_lasts(place));
                }
                let left_said = w.value(left);
                format!("{left_said} {}", w.compared(*op, left, right))
            }),
            ExprKind::InCodes { value, codes } => self.codes(value, codes, "is one of"),
            ExprKind::InWindow(day) => self.point(|w| format!("{} is in the period", w.value(day))),
            ExprKind::IsMissing(value) => self.point(|w| format!("{} is missing", w.value(value))),
            ExprKind::Elsewhere(day) => self.elsewhere(day),
            ExprKind::Linked(q) if q.ask == Ask::Exists => self.some(q),
            ExprKind::Column { .. }
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Row { .. }
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Call { .. }
            | ExprKind::Move { .. }
            | ExprKind::Linked(_) => self.point(|w| format!("{} is true", w.value(e))),
        }
    }

    /// What must all be true, a point each.
    pub(super) fn every(&mut self, e: &Expr) -> Vec<Point> {
        let mut flat = Vec::new();
        all(e, &mut flat);
        self.each(&flat)
    }

    /// Conditions a point each; those that are one question about a stay share one.
    pub(super) fn each(&mut self, conditions: &[&Expr]) -> Vec<Point> {
        let mut points = Vec::new();
        let mut rest = conditions;
        while let [first, others @ ..] = rest {
            let several = self.relation(rest).or_else(|| self.between_two(rest)).or_else(|| self.flags(rest));
            if let Some((point, taken)) = several {
                points.push(point);
                rest = rest.get(taken..).unwrap_or_default();
            } else {
                points.push(self.unless_missing(first).unwrap_or_else(|| self.clause(first)));
                rest = others;
            }
        }
        points
    }

    /// Two comparisons of one value: `X is on or after A and before B`.
    fn between_two(&mut self, conditions: &[&Expr]) -> Option<(Point, usize)> {
        let [first, second, ..] = conditions else { return None };
        let (ExprKind::Compare { op, left, right }, ExprKind::Compare { op: other, left: again, right: end }) =
            (&first.kind, &second.kind)
        else {
            return None;
        };
        let is_order = |op: &CompareOp| !matches!(op, CompareOp::Eq | CompareOp::Ne);
        let is_short = [left, right, end].iter().all(|e| !self.is_pair(e)) && self.lasting(first).is_none();
        let begins_another = conditions.get(1..).is_some_and(|rest| self.recognised(rest).is_some());
        if left != again || !is_order(op) || !is_order(other) || !is_short || begins_another {
            return None;
        }
        // `the day 30 days before A and before B` could be read in two ways.
        let bound = self.farther(*op, right).map_or(&**right, |(_, from)| from);
        let is_moved =
            matches!(bound.kind, ExprKind::Shift { .. } | ExprKind::BusinessDay { .. } | ExprKind::Move { .. });
        if is_moved && self.name_in_file(bound).is_none() {
            return None;
        }
        let point = self.point(|w| {
            let value = w.value(left);
            let from = w.compared(*op, left, right);
            let to = w.compared(*other, left, end);
            format!("{value} {from} and {}", to.strip_prefix("is ").unwrap_or(&to))
        });
        Some((point, 2))
    }

    /// Columns of one row that are all true: `X's "a" and "b" are true`.
    fn flags(&mut self, conditions: &[&Expr]) -> Option<(Point, usize)> {
        let place = |e: &&Expr| {
            let ExprKind::Column { row, links, column } = &e.kind else { return None };
            Some((*row, links.clone(), *column))
        };
        let (row, links, _) = place(conditions.first()?)?;
        let alike = conditions.iter().map_while(place).take_while(|(of, by, _)| *of == row && *by == links);
        let columns: Vec<ColumnId> = alike.map(|(_, _, column)| column).collect();
        if columns.len() < 2 {
            return None;
        }
        let (table, _) = self.end(row, &links)?;
        let names: Vec<String> = columns.iter().map(|id| quoted(&self.model.table(table).column(*id).name)).collect();
        // Each is explained as if it stood alone.
        conditions.iter().take(columns.len()).for_each(|e| drop(self.value(e)));
        let owner = self.reached(row, &links);
        Some((Point::new(format!("{owner}'s {} are true", joined(&names, "and"))), columns.len()))
    }

    /// A condition that holds, too, where a value is missing.
    fn unless_missing(&mut self, e: &Expr) -> Option<Point> {
        let ExprKind::Or(of) = &e.kind else { return None };
        let [Expr { kind: ExprKind::IsMissing(value), .. }, then] = of.as_slice() else { return None };
        let unless = self.point(|w| format!("unless {} is missing, ", w.value(value)));
        let mut point = self.clause(then).after(&unless.text);
        point.under.splice(0..0, unless.under);
        Some(point)
    }

    /// `is on or before the last day of the period`.
    fn compared(&mut self, op: CompareOp, left: &Expr, right: &Expr) -> String {
        if let Some((far, from)) = self.farther(op, right) {
            return format!("is {far} {}", self.value(from));
        }
        let word = self.comparison(op, left);
        let right = self.value(right);
        let is_day = (left.ty, op) == (Ty::Date, CompareOp::Eq) && right.starts_with("the day ");
        if is_day { format!("is {right}") } else { format!("{word} {right}") }
    }

    fn alternatives(&mut self, e: &Expr) -> Vec<Point> {
        let mut flat = Vec::new();
        any(e, &mut flat);
        flat.into_iter().map(|one| self.clause(one)).collect()
    }

    fn negated(&mut self, e: &Expr) -> Point {
        match &e.kind {
            ExprKind::IsMissing(value) => self.point(|w| format!("{} is known", w.value(value))),
            ExprKind::InWindow(day) => self.point(|w| format!("{} is not in the period", w.value(day))),
            ExprKind::InCodes { value, codes } => self.codes(value, codes, "is none of"),
            ExprKind::Column { .. } => self.point(|w| format!("{} is not true", w.value(e))),
            ExprKind::Or(all) => match one_of(all) {
                Some((value, values)) => self.listed_values(value, &values, "is none of"),
                None => Point::over("none of these is true:", self.alternatives(e)),
            },
            ExprKind::Linked(q) if q.ask == Ask::Exists => self.none(q),
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Row { .. }
            | ExprKind::And(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Call { .. }
            | ExprKind::Elsewhere(_)
            | ExprKind::Move { .. }
            | ExprKind::Linked(_) => {
                let clause = self.clause(e);
                match clause.text.ends_with(':') {
                    true => Point::over("this is not true:", vec![clause]),
                    false => clause.after("it is not true that "),
                }
            }
        }
    }

    fn codes(&mut self, value: &Expr, codes: &[u16], word: &str) -> Point {
        let words: Vec<String> = codes.iter().map(|c| self.code(value.ty, *c)).collect();
        self.point(|w| format!("{} {word} {}", w.value(value), joined(&words, "or")))
    }

    fn listed_values(&mut self, value: &Expr, values: &[&Expr], word: &str) -> Point {
        let words: Vec<String> = values.iter().map(|listed| self.value(listed)).collect();
        self.point(|w| format!("{} {word} {}", w.value(value), joined(&words, "or")))
    }

    /// That so many full years have passed and no further one.
    fn full_years(&mut self, op: CompareOp, left: &Expr, right: &Expr) -> Option<String> {
        let ([from, to], ExprKind::Int(years @ 0..=100), CompareOp::Eq) =
            (left.call(Function::YearsBetween)?, &right.kind, op)
        else {
            return None;
        };
        self.note(Note::Months);
        let (least, below) = (12 * years, 12 * (years + 1));
        let from = self.value(from);
        Some(format!("the time from {from} to {} is {least} months or more and less than {below}", self.value(to)))
    }

    /// `more than 14 days after` and its like, with the day from which that is counted: where a day
    /// is so far from another that the comparison says on which side of it, too.
    fn farther<'e>(&mut self, op: CompareOp, right: &'e Expr) -> Option<(String, &'e Expr)> {
        let ExprKind::Shift { date, months: m, days: d, minutes: c } = &right.kind else { return None };
        if self.name_in_file(right).is_some() || self.last_day(right).is_some() {
            return None;
        }
        let (n, words) = match [*m, *d, *c].map(i64::from) {
            [n, 0, 0] => (n, months(n.abs())),
            [0, n, 0] => (n, so_many(n.abs(), "day")),
            [0, 0, n] => (n, of_clock(n.abs())),
            _ => return None,
        };
        let far = match (op, n > 0) {
            (_, _) if n == 0 => return None,
            (CompareOp::Gt, true) => format!("more than {words} after"),
            (CompareOp::Ge, true) => format!("{words} or more after"),
            (CompareOp::Lt, false) => format!("more than {words} before"),
            (CompareOp::Le, false) => format!("{words} or more before"),
            (CompareOp::Gt | CompareOp::Ge, false)
            | (CompareOp::Lt | CompareOp::Le, true)
            | (CompareOp::Eq | CompareOp::Ne, _) => return None,
        };
        if *m != 0 {
            self.note(Note::Months);
        }
        Some((far, date))
    }

    fn comparison(&mut self, op: CompareOp, left: &Expr) -> String {
        match left.ty {
            Ty::Date | Ty::Timestamp => self.note(Note::Before),
            Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Code(..) | Ty::Row(_) => {}
        }
        let of_rows = |w: &Self, word: &str| match left.ty {
            Ty::Row(table) => format!("{word} the same {} as", w.noun(table)),
            _ => word.to_owned(),
        };
        match (left.ty, op) {
            (Ty::Date, CompareOp::Eq) => "is the same day as".into(),
            (Ty::Date, CompareOp::Ne) => "is not the same day as".into(),
            (Ty::Timestamp, CompareOp::Eq) => "is the same time as".into(),
            (Ty::Timestamp, CompareOp::Ne) => "is not the same time as".into(),
            (Ty::Date, CompareOp::Le) => "is on or before".into(),
            (Ty::Date, CompareOp::Ge) => "is on or after".into(),
            (Ty::Timestamp, CompareOp::Le) => "is no later than".into(),
            (Ty::Timestamp, CompareOp::Ge) => "is no earlier than".into(),
            (Ty::Date | Ty::Timestamp, CompareOp::Lt) => "is before".into(),
            (Ty::Date | Ty::Timestamp, CompareOp::Gt) => "is after".into(),
            (Ty::Bool, CompareOp::Eq) => "equals".into(),
            (Ty::Bool, CompareOp::Ne) => "does not equal".into(),
            (_, CompareOp::Eq) => of_rows(self, "is"),
            (_, CompareOp::Ne) => of_rows(self, "is not"),
            (_, CompareOp::Lt) => "is less than".into(),
            (_, CompareOp::Le) => "is at most".into(),
            (_, CompareOp::Gt) => "is more than".into(),
            (_, CompareOp::Ge) => "is at least".into(),
        }
    }
}

/// The conditions joined by `and`, those in a further `and` included.
pub(super) fn all<'e>(e: &'e Expr, flat: &mut Vec<&'e Expr>) {
    if let ExprKind::And(of) = &e.kind { of.iter().for_each(|e| all(e, flat)) } else { flat.push(e) }
}

fn any<'e>(e: &'e Expr, flat: &mut Vec<&'e Expr>) {
    if let ExprKind::Or(of) = &e.kind { of.iter().for_each(|e| any(e, flat)) } else { flat.push(e) }
}

/// The value and what it may be, where all conditions say that one value equals a written one.
fn one_of(all: &[Expr]) -> Option<(&Expr, Vec<&Expr>)> {
    let all: Vec<(&Expr, &Expr)> = all.iter().map(equal_to_written).collect::<Option<_>>()?;
    let (first, _) = *all.first()?;
    all.iter().all(|(left, _)| *left == first).then(|| (first, all.iter().map(|(_, right)| *right).collect()))
}

fn equal_to_written(e: &Expr) -> Option<(&Expr, &Expr)> {
    let ExprKind::Compare { op: CompareOp::Eq, left, right } = &e.kind else { return None };
    let is_written = matches!(right.kind, ExprKind::Text(_) | ExprKind::Int(_) | ExprKind::Date(_) | ExprKind::Code(_));
    is_written.then_some((left, right))
}
