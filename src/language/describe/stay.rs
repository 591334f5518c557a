//! Questions about stays, recognised in the comparisons they are made of, so that they read as they
//! were asked.

use super::page::Point;
use super::writer::Writer;
use crate::ir::{CompareOp, Expr, ExprKind, Function, Missing, RowId, WindowPoint};
use crate::model::{ColumnId, TableId};

/// So many comparisons `overlapping window` is made of.
pub(super) const OVERLAPPING: usize = 3;

/// The row whose stay is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'e> {
    pub(super) row: RowId,
    pub(super) links: &'e [ColumnId],
    pub(super) table: TableId,
}

impl Writer<'_> {
    /// The stay whose first day this is.
    fn begin<'e>(&self, e: &'e Expr) -> Option<Place<'e>> {
        let ExprKind::Column { row, links, column } = &e.kind else { return None };
        let (table, _) = self.end(*row, links)?;
        let spans = self.model.table(table).spans?;
        (spans.from == *column).then_some(Place { row: *row, links, table })
    }

    /// The stay whose end this is, or the day after its last; open while it is missing.
    fn until<'e>(&self, e: &'e Expr) -> Option<Place<'e>> {
        match day_before(e) {
            Some(last) => self.second(last, true),
            None => self.second(e, false),
        }
    }

    /// The stay whose second day this is, the last one (`through`) or the one after.
    fn second<'e>(&self, e: &'e Expr, through: bool) -> Option<Place<'e>> {
        let ExprKind::Column { row, links, column } = &e.kind else { return None };
        let (table, _) = self.end(*row, links)?;
        let spans = self.model.table(table).spans?;
        let is = spans.through == through && spans.until == *column && e.missing != Missing::Unknown;
        is.then_some(Place { row: *row, links, table })
    }

    /// The end of a stay for counting its days: the day after the as-of date while it is open.
    fn counted_until<'e>(&self, e: &'e Expr) -> Option<Place<'e>> {
        if let Some(last) = day_before(e) {
            return self.counted_through(last);
        }
        let [until, complete] = e.call(Function::FirstKnown)? else { return None };
        let ExprKind::Shift { date, months: 0, days: 1, minutes: 0 } = &complete.kind else { return None };
        if date.kind != ExprKind::AsOf || until.missing != Missing::OpenEnd {
            return None;
        }
        self.until(until)
    }

    /// The last day of a stay that the files have: the as-of date while it is open.
    fn counted_through<'e>(&self, e: &'e Expr) -> Option<Place<'e>> {
        let [last, complete] = e.call(Function::FirstKnown)? else { return None };
        if complete.kind == ExprKind::AsOf && last.missing == Missing::OpenEnd { self.second(last, true) } else { None }
    }

    /// `last_day` of a stay that may be open.
    pub(super) fn last_day<'e>(&self, e: &'e Expr) -> Option<Place<'e>> {
        if let Some(place) = self.counted_through(e) {
            return Some(place);
        }
        let ExprKind::Shift { date, months: 0, days: -1, minutes: 0 } = &e.kind else { return None };
        self.counted_until(date)
    }

    /// `days` of a stay that may be open.
    pub(super) fn length<'e>(&self, from: &'e Expr, until: &'e Expr) -> Option<Place<'e>> {
        let place = self.begin(from)?;
        (self.counted_until(until)? == place).then_some(place)
    }

    /// The stay of which these are the first day in the period and the day after the last one.
    pub(super) fn inside<'e>(&self, from: &'e Expr, until: &'e Expr) -> Option<Place<'e>> {
        let [from, start] = from.call(Function::Latest)? else { return None };
        let [until, end] = until.call(Function::Earliest)? else { return None };
        let place = self.begin(from)?;
        let whole =
            start.kind == ExprKind::Window(WindowPoint::Start) && end.kind == ExprKind::Window(WindowPoint::End);
        (whole && self.until(until)? == place).then_some(place)
    }

    /// `days in window` of a stay.
    pub(super) fn days_inside<'e>(&self, from: &'e Expr, until: &'e Expr) -> Option<Place<'e>> {
        let [again, until] = until.call(Function::Latest)? else { return None };
        if again == from { self.inside(from, until) } else { None }
    }

    /// A question about a stay at the beginning of these conditions, and how many of them it takes.
    pub(super) fn relation(&mut self, conditions: &[&Expr]) -> Option<(Point, usize)> {
        let compared: Vec<_> = conditions.iter().take(OVERLAPPING).map_while(|e| comparison(e)).collect();
        let start = ExprKind::Window(WindowPoint::Start);
        let end = ExprKind::Window(WindowPoint::End);
        if let Some(place) = self.open_in_window(&compared) {
            let text = self.point(|w| format!("{} is open on at least one day of the period", w.stay(place)));
            return Some((text, OVERLAPPING));
        }
        match compared.as_slice() {
            [(CompareOp::Le, from, a), (CompareOp::Ge, until, b), ..] if a.kind == start && b.kind == end => {
                let place = self.whole(from, until)?;
                Some((self.point(|w| format!("{} is open on every day of the period", w.stay(place))), 2))
            }
            [(CompareOp::Le, from, day), (CompareOp::Lt, again, until), ..] if day == again => {
                let place = self.whole(from, until)?;
                Some((self.point(|w| format!("{} is open on {}", w.stay(place), w.value(day))), 2))
            }
            _ => None,
        }
    }

    /// Whether the conditions begin with those of `overlapping window`, of this stay.
    pub(super) fn is_open_in_window(&self, conditions: &[&Expr], place: Place<'_>) -> bool {
        let compared: Vec<_> = conditions.iter().take(OVERLAPPING).map_while(|e| comparison(e)).collect();
        self.open_in_window(&compared).is_some_and(|found| found == place)
    }

    /// The stay of which these conditions say that it is open on a day of the period.
    fn open_in_window<'e>(&self, compared: &[(CompareOp, &'e Expr, &'e Expr)]) -> Option<Place<'e>> {
        let [(CompareOp::Lt, from, a), (CompareOp::Gt, until, b), (CompareOp::Gt, again, began)] = compared else {
            return None;
        };
        let (start, end) = (ExprKind::Window(WindowPoint::Start), ExprKind::Window(WindowPoint::End));
        let is = a.kind == end && b.kind == start && until == again && from == began;
        is.then(|| self.whole(from, until))?
    }

    fn whole<'e>(&self, from: &'e Expr, until: &'e Expr) -> Option<Place<'e>> {
        let place = self.begin(from)?;
        (self.until(until)? == place).then_some(place)
    }

    /// Whether the last day of a stay is in the files.
    pub(super) fn is_through(&self, place: Place<'_>) -> bool {
        self.model.table(place.table).spans.is_some_and(|spans| spans.through)
    }

    /// The stay in a sentence; what makes it one is explained at the end.
    pub(super) fn stay(&mut self, place: Place<'_>) -> String {
        if let Some(spans) = self.model.table(place.table).spans {
            self.note(super::notes::Note::Column(place.table, spans.from));
            self.note(super::notes::Note::Column(place.table, spans.until));
        }
        self.note(super::notes::Note::Stay(place.table));
        self.reached(place.row, place.links)
    }
}

/// The day of which an expression is the next.
fn day_before(e: &Expr) -> Option<&Expr> {
    if let ExprKind::Shift { date, months: 0, days: 1, minutes: 0 } = &e.kind { Some(date) } else { None }
}

fn comparison(e: &Expr) -> Option<(CompareOp, &Expr, &Expr)> {
    if let ExprKind::Compare { op, left, right } = &e.kind { Some((*op, left, right)) } else { None }
}
