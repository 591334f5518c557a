//! Questions about stays, recognised in the comparisons they are made of, so that they read as they
//! were asked.

use super::notes::Note;
use super::page::Point;
use super::words::so_many;
use super::writer::Writer;
use crate::ir::{CompareOp, Expr, ExprKind, Function, Missing, RowId, WindowPoint};
use crate::model::{ColumnId, TableId};

/// So many comparisons `overlapping window` is made of.
pub(super) const OVERLAPPING: usize = 3;

/// A question about a stay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relation<'e> {
    pub(super) place: Place<'e>,
    pub(super) open: Open<'e>,
    /// So many conditions it is made of.
    pub(super) taken: usize,
}

/// On which days a stay is open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Open<'e> {
    /// On at least one day of the period.
    SomeDay,
    /// On every day of the period.
    EveryDay,
    /// On this day.
    On(&'e Expr),
}

/// What is asked of a stay in few words.
enum OfStay<'e> {
    Open(Relation<'e>),
    Lasts(Place<'e>, String),
}

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
        let Relation { place, open, taken } = self.recognised(conditions)?;
        Some((self.point(|w| format!("{} {}", w.stay(place), w.is_open(open))), taken))
    }

    /// The question about a stay at the beginning of these conditions.
    pub(super) fn recognised<'e>(&self, conditions: &[&'e Expr]) -> Option<Relation<'e>> {
        let compared: Vec<_> = conditions.iter().take(OVERLAPPING).map_while(|e| comparison(e)).collect();
        let (start, end) = (ExprKind::Window(WindowPoint::Start), ExprKind::Window(WindowPoint::End));
        if let Some(place) = self.open_in_window(&compared) {
            return Some(Relation { place, open: Open::SomeDay, taken: OVERLAPPING });
        }
        let (place, open) = match compared.as_slice() {
            [(CompareOp::Le, from, a), (CompareOp::Ge, until, b), ..] if a.kind == start && b.kind == end => {
                (self.whole(from, until)?, Open::EveryDay)
            }
            [(CompareOp::Le, from, day), (CompareOp::Lt, again, until), ..] if day == again => {
                (self.whole(from, until)?, Open::On(day))
            }
            _ => return None,
        };
        Some(Relation { place, open, taken: 2 })
    }

    /// What a question about a stay asks of it.
    fn is_open(&mut self, open: Open<'_>) -> String {
        match open {
            Open::SomeDay => "is open on at least one day of the period".to_owned(),
            Open::EveryDay => "is open on every day of the period".to_owned(),
            Open::On(day) => format!("is open on {}", self.value(day)),
        }
    }

    /// How long a stay lasts, where it is compared with a written number of days.
    pub(super) fn lasting<'e>(&self, e: &'e Expr) -> Option<(Place<'e>, String)> {
        let (op, left, right) = comparison(e)?;
        let ([from, until], ExprKind::Int(n)) = (left.call(Function::DaysBetween)?, &right.kind) else { return None };
        if self.name_in_file(left).is_some() {
            return None;
        }
        let than = match op {
            CompareOp::Eq => "",
            CompareOp::Ne => return None,
            CompareOp::Lt => "less than ",
            CompareOp::Le => "at most ",
            CompareOp::Gt => "more than ",
            CompareOp::Ge => "at least ",
        };
        Some((self.length(from, until)?, format!("lasts {than}{}", so_many(*n, "day"))))
    }

    /// The stay whose length is told, with what has to be explained of lengths.
    pub(super) fn stay_that_lasts(&mut self, place: Place<'_>) -> String {
        self.note(if self.is_through(place) { Note::LengthThrough } else { Note::Length });
        self.stay(place)
    }

    /// `is open on every day of the period`: what a question asks of a row of its own, when it asks
    /// one or two short things of its stay and nothing else.
    pub(super) fn asked_of_stay(&mut self, row: RowId, conditions: &[&Expr]) -> Option<String> {
        let is_own = |place: Place<'_>| place.row == row && place.links.is_empty();
        let (mut asked, mut rest) = (Vec::new(), conditions);
        while let [first, others @ ..] = rest {
            let (one, left) = if let Some(found) = self.recognised(rest) {
                (OfStay::Open(found), rest.get(found.taken..)?)
            } else {
                let (place, said) = self.lasting(first)?;
                (OfStay::Lasts(place, said), others)
            };
            let fits = match &one {
                OfStay::Open(Relation { place, open: Open::On(day), .. }) => {
                    is_own(*place) && !speaks_of(day, row) && !self.is_pair(day)
                }
                OfStay::Open(Relation { place, open: Open::SomeDay | Open::EveryDay, .. })
                | OfStay::Lasts(place, _) => is_own(*place),
            };
            if !fits {
                return None;
            }
            asked.push(one);
            rest = left;
        }
        if asked.is_empty() || asked.len() > 2 {
            return None;
        }
        let said: Vec<String> = asked.into_iter().map(|one| self.of_stay(one)).collect();
        Some(said.join(" and "))
    }

    fn of_stay(&mut self, one: OfStay<'_>) -> String {
        match one {
            OfStay::Open(Relation { place, open, .. }) => {
                self.explain_stay(place);
                self.is_open(open)
            }
            OfStay::Lasts(place, said) => {
                self.note(if self.is_through(place) { Note::LengthThrough } else { Note::Length });
                self.explain_stay(place);
                said
            }
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
        self.explain_stay(place);
        self.reached(place.row, place.links)
    }

    /// What makes a row a stay is explained at the end.
    pub(super) fn explain_stay(&mut self, place: Place<'_>) {
        if let Some(spans) = self.model.table(place.table).spans {
            self.note(Note::Column(place.table, spans.from));
            self.note(Note::Column(place.table, spans.until));
        }
        self.note(Note::Stay(place.table));
    }
}

/// Whether a value is made of something of this row.
fn speaks_of(e: &Expr, row: RowId) -> bool {
    e.has(&|e| match &e.kind {
        ExprKind::Linked(q) => q.owner == row || q.other_than == Some(row),
        kind => matches!(kind, ExprKind::Column { row: of, .. } | ExprKind::Row { row: of, .. } if *of == row),
    })
}

/// The day of which an expression is the next.
fn day_before(e: &Expr) -> Option<&Expr> {
    if let ExprKind::Shift { date, months: 0, days: 1, minutes: 0 } = &e.kind { Some(date) } else { None }
}

fn comparison(e: &Expr) -> Option<(CompareOp, &Expr, &Expr)> {
    if let ExprKind::Compare { op, left, right } = &e.kind { Some((*op, left, right)) } else { None }
}
