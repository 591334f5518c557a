//! Stays: `open on`, `overlapping window`, `covering window`, `days` and `last_day` of a row with
//! `spans`, written out as comparisons of its two dates. An open end is later than every day;
//! counted in days, an open stay runs through the as-of date.

use super::typer::Typer;
use super::types::{Place, all_of, can_be_missing, never_null};
use crate::diag::{Diagnostic, code};
use crate::functions;
use crate::ir::{At, CompareOp, Expr, ExprKind, Function, Missing, Ty, WindowPoint};
use crate::model::Spans;
use crate::source::Span;
use crate::syntax::ast;

impl<'w> Typer<'w> {
    /// `[row] open on D` and its like, as a condition.
    pub(super) fn related(&mut self, row: Option<&ast::Path>, relation: &'w ast::Relation, span: Span) -> Option<Expr> {
        let beside = row.and_then(|path| {
            self.asked_beside(&path.value, path.span, &mut |typer, place| typer.relation(Some(place), relation, span))
        });
        if let Some(asked) = beside {
            return asked;
        }
        let place = match row {
            Some(path) => self.row_path(&path.value),
            None => self.row_at_hand(span, "open on ..."),
        };
        self.relation(place.as_ref(), relation, span)
    }

    /// The row a relation without a row speaks of: the innermost without a name, so that it reads
    /// as bare names do.
    pub(super) fn row_at_hand(&mut self, span: Span, question: &str) -> Option<Place> {
        let mut unnamed = self.text.scope.iter().filter(|f| f.alias.is_none()).map(|f| f.place.clone());
        match (unnamed.next(), unnamed.next()) {
            (Some(place), None) => Some(place),
            (first, second) => {
                let tables: Vec<_> = first
                    .iter()
                    .chain(&second)
                    .map(|p| format!("a row of `{}`", self.world.table_name(p.table)))
                    .collect();
                let message = format!("this could ask about {}", tables.join(" or about "));
                let help = format!(
                    "give the inner row a name with `as`, and write that name before the question: `stay {question}`"
                );
                self.found.push(Diagnostic::new(code::AMBIGUOUS, span, message).help(help));
                None
            }
        }
    }

    /// A relation asked of a row.
    pub(super) fn relation(&mut self, place: Option<&Place>, relation: &'w ast::Relation, span: Span) -> Option<Expr> {
        let day = match relation {
            ast::Relation::OpenOn(day) => Some(self.day(day, "`open on`")?),
            ast::Relation::Overlapping(what) | ast::Relation::Covering(what) => {
                self.must_be_window(what)?;
                None
            }
        };
        let (from, until) = self.stay(place?, span)?;
        let point = |p| never_null(ExprKind::Window(p), Ty::Date);
        let parts = match (relation, day) {
            (ast::Relation::OpenOn(_), Some(day)) => {
                self.stands_again(&day);
                vec![comparison(CompareOp::Le, from, day.clone()), comparison(CompareOp::Lt, day, until)]
            }
            (ast::Relation::Covering(_), _) => vec![
                comparison(CompareOp::Le, from, point(WindowPoint::Start)),
                comparison(CompareOp::Ge, until, point(WindowPoint::End)),
            ],
            (ast::Relation::Overlapping(_) | ast::Relation::OpenOn(_), _) => vec![overlap(from, until)],
        };
        Some(Expr { at: At::text(span), ..all_of(parts) })
    }

    /// Whether a row's stay has a day in common with a period that is `from <= day < until`.
    pub(super) fn in_common(&mut self, place: &Place, period: &(Expr, Expr), span: Span) -> Option<Expr> {
        let (from, until) = self.stay(place, span)?;
        Some(in_common(from, until, period))
    }

    /// The window as a period: its first day, and the day after its last.
    pub(super) fn window() -> (Expr, Expr) {
        let point = |p| never_null(ExprKind::Window(p), Ty::Date);
        (point(WindowPoint::Start), point(WindowPoint::End))
    }

    /// `days from A to B`, as a period: through the as-of date where B is an open end.
    pub(super) fn period(&mut self, q: &'w ast::Quantified) -> Option<(Expr, Expr)> {
        let what = "`days from ... to ... among`";
        let from = q.value.as_ref().map(|from| self.day(from, what));
        let until = q.to.as_ref().map(|to| self.day(to, what));
        let (from, until) = (from??, until??);
        // Each stands in the condition, too.
        self.stands_again(&from);
        self.stands_again(&until);
        let day_after = shifted(never_null(ExprKind::AsOf, Ty::Date), 0, 1);
        Some((from, if until.missing == Missing::OpenEnd { or_while_open(until, day_after) } else { until }))
    }

    fn must_be_window(&mut self, what: &ast::Path) -> Option<()> {
        if let [only] = what.value.as_slice()
            && only.value == "window"
        {
            return Some(());
        }
        let message = "a stay can be compared with the window only";
        let help = "write `overlapping window` or `covering window`; for a single day, `open on DAY`";
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, what.span, message).help(help));
        None
    }

    /// First day and day after the last of a row's stay.
    fn stay(&mut self, place: &Place, span: Span) -> Option<(Expr, Expr)> {
        let table = self.world.model.table(place.table);
        let Some(spans) = table.spans else {
            if !self.world.spans_declared.contains(&place.table) {
                let message =
                    format!("a row of `{}` is not a stay, so it is not open, overlapping or covering", table.name);
                let help = format!("add `spans FROM until UNTIL` to table `{}`, or compare its dates", table.name);
                self.found.push(Diagnostic::new(code::NO_STAY, span, message).help(help));
            }
            return None;
        };
        let (from, mut until) = (place.column(self.world, spans.from), place.column(self.world, spans.until));
        // Where the row itself may be missing, `from` is missing with it and says so; a missing end
        // alone is an open end.
        if table.has_open_end(spans.until) {
            until.missing = Missing::OpenEnd;
        }
        Some((from, day_after(until, spans)))
    }

    /// The end of a stay for counting its days: the day after the as-of date while it is open.
    fn counted_until(until: Expr, spans: Spans) -> Expr {
        if spans.through {
            return shifted(Self::counted_through(until), 0, 1);
        }
        or_while_open(until, shifted(never_null(ExprKind::AsOf, Ty::Date), 0, 1))
    }

    /// The last day of a stay that the files have: the as-of date while it is open.
    fn counted_through(last: Expr) -> Expr {
        or_while_open(last, never_null(ExprKind::AsOf, Ty::Date))
    }

    /// `days`: the length of the row's stay.
    pub(super) fn days(&mut self, place: &Place) -> Option<Expr> {
        let (from, until, spans) = self.spans_of(place)?;
        let until = Self::counted_until(until, spans);
        functions::call(Function::DaysBetween, vec![from, until]).ok()
    }

    /// `days in window`: how many days of the stay at hand lie in the window.
    pub(super) fn days_in_window(&mut self, span: Span) -> Option<Expr> {
        let place = self.row_at_hand(span, "open on ...")?;
        let (from, until) = self.clipped(&place, &Self::window(), span)?;
        // A stay that ends before the window, or begins after it, has no day in it.
        let until = latest([from.clone(), until]);
        functions::call(Function::DaysBetween, vec![from, until]).ok()
    }

    /// The part of a row's stay that lies in a period; when there is none, it ends before it
    /// begins.
    pub(super) fn clipped(&mut self, place: &Place, (first, end): &(Expr, Expr), span: Span) -> Option<(Expr, Expr)> {
        let (from, until) = self.stay(place, span)?;
        let from = latest([from, first.clone()]);
        let of = vec![until, end.clone()];
        let missing = if of.iter().any(|e| e.missing == Missing::Unknown) { Missing::Unknown } else { Missing::Never };
        Some((
            from,
            Expr {
                kind: ExprKind::Call { function: Function::Earliest, of },
                ty: Ty::Date,
                missing,
                at: At::default(),
            },
        ))
    }

    /// `last_day`: the day before the row's stay ends.
    pub(super) fn last_day(&mut self, place: &Place) -> Option<Expr> {
        let (from, until, spans) = self.spans_of(place)?;
        let last = if spans.through {
            Self::counted_through(until)
        } else {
            shifted(Self::counted_until(until, spans), 0, -1)
        };
        if !place.missing {
            return Some(last);
        }
        // Without the row there is no last day either: `from` is missing then, and with it the
        // latest of the two.
        let of = vec![shifted(from, 0, -1), last];
        let kind = ExprKind::Call { function: Function::Latest, of };
        Some(Expr { kind, ty: Ty::Date, missing: Missing::Unknown, at: At::default() })
    }

    /// The two days of a row's stay, as the files have them.
    fn spans_of(&self, place: &Place) -> Option<(Expr, Expr, Spans)> {
        let spans = self.world.model.table(place.table).spans?;
        Some((place.column(self.world, spans.from), place.column(self.world, spans.until), spans))
    }
}

/// The first day that is no longer of a stay: its end, or the day after its last.
fn day_after(until: Expr, spans: Spans) -> Expr {
    if spans.through { shifted(until, 0, 1) } else { until }
}

/// At least one day of the stay lies in the window.
fn overlap(from: Expr, until: Expr) -> Expr {
    in_common(from, until, &Typer::window())
}

/// At least one day of the stay lies in the period.
fn in_common(from: Expr, until: Expr, (first, end): &(Expr, Expr)) -> Expr {
    all_of(vec![
        comparison(CompareOp::Lt, from.clone(), end.clone()),
        comparison(CompareOp::Gt, until.clone(), first.clone()),
        comparison(CompareOp::Gt, until, from),
    ])
}

/// The later of two days, neither an open end.
fn latest(of: [Expr; 2]) -> Expr {
    let missing = can_be_missing(&of);
    Expr {
        kind: ExprKind::Call { function: Function::Latest, of: of.into() },
        ty: Ty::Date,
        missing,
        at: At::default(),
    }
}

/// A comparison of two values of one type.
pub(super) fn comparison(op: CompareOp, left: Expr, right: Expr) -> Expr {
    let unknown = left.missing == Missing::Unknown || right.missing == Missing::Unknown;
    let missing = if unknown { Missing::Unknown } else { Missing::Never };
    Expr {
        kind: ExprKind::Compare { op, left: Box::new(left), right: Box::new(right) },
        ty: Ty::Bool,
        missing,
        at: At::default(),
    }
}

/// A date moved by months and then days.
pub(super) fn shifted(date: Expr, months: i32, days: i32) -> Expr {
    let (ty, missing) = (date.ty, date.missing);
    Expr { kind: ExprKind::Shift { date: Box::new(date), months, days, minutes: 0 }, ty, missing, at: At::default() }
}

/// An end of a stay; another day while it is open.
fn or_while_open(end: Expr, complete: Expr) -> Expr {
    if end.missing == Missing::Never {
        return end;
    }
    never_null(ExprKind::Call { function: Function::FirstKnown, of: vec![end, complete] }, Ty::Date)
}
