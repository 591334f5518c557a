//! Arithmetic with dates: moving them, counting between them, and choosing among them.

use super::typer::{Typer, day_of};
use super::types::{Value, can_be_missing, unit_words, value_words, words};
use crate::diag::{Diagnostic, code, suggest};
use crate::ir::{Expr, ExprKind, Missing, Ty};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, Unit};

/// Longer than the calendar from the year 1 to 9999, in any unit.
const BEYOND: i64 = 10_000 * 366 * 24;
/// What can be asked of several values, and of one.
const CALLS: [&str; 4] = ["earliest of", "latest of", "first known of", "day of"];

impl<'w> Typer<'w> {
    /// `a + 12 months`, `a - 1 day`.
    pub(super) fn sum(&mut self, plus: bool, left: &'w ast::Expr, right: &'w ast::Expr, span: Span) -> Option<Expr> {
        let (l, r) = (self.value(left), self.value(right));
        let (date, length) = match (l?, r?) {
            (Value::Expr(date), Value::Length(length)) if matches!(date.ty, Ty::Date | Ty::Timestamp) => (date, length),
            (Value::Length(length), Value::Expr(date)) if plus && matches!(date.ty, Ty::Date | Ty::Timestamp) => {
                (date, length)
            }
            (Value::Word(name), _) | (_, Value::Word(name)) => {
                self.found.push(self.unknown(&name));
                return None;
            }
            (Value::Expr(date), Value::Expr(by))
                if date.ty == Ty::Date && matches!(by.ty, Ty::Days | Ty::Months | Ty::Years) =>
            {
                return Some(moved_by(date, by, !plus));
            }
            (l, r) => {
                self.found.push(self.not_a_move(plus, &l, &r, span));
                return None;
            }
        };
        self.moved(date, length, plus, span)
    }

    fn not_a_move(&self, plus: bool, l: &Value, r: &Value, span: Span) -> Diagnostic {
        let (sign, left, right) =
            (if plus { "+" } else { "-" }, value_words(self.world, l), value_words(self.world, r));
        let is_time = |v: &Value| matches!(v, Value::Expr(e) if matches!(e.ty, Ty::Date | Ty::Timestamp));
        let help = match (is_time(l), r) {
            (true, Value::Number(_)) => "add the unit: `+ 12 months`, `+ 30 days`",
            (true, _) if is_time(r) => "count between days with `days from A to B`",
            _ => "only a date can be moved, by a length such as `12 months` or `30 days`",
        };
        Diagnostic::new(code::CANNOT_MOVE, span, format!("`{sign}` cannot join {left} and {right}")).help(help)
    }

    fn moved(&mut self, date: Expr, length: ast::Duration, plus: bool, span: Span) -> Option<Expr> {
        let sign = if plus { 1 } else { -1 };
        if length.unit == Unit::Hours && date.ty == Ty::Date {
            let message = "a day has no time of day, so hours cannot be added to it";
            self.found.push(Diagnostic::new(code::HOURS_ON_DAY, span, message).help("add days, or start from a time"));
            return None;
        }
        let factor = match length.unit {
            Unit::Hours | Unit::Days | Unit::BusinessDays | Unit::Months => 1,
            Unit::Weeks => 7,
            Unit::Years => 12,
        };
        let amount =
            length.amount.checked_mul(factor * sign).filter(|n| n.abs() <= BEYOND).and_then(|n| i32::try_from(n).ok());
        let Some(amount) = amount else {
            self.found.push(beyond(span));
            return None;
        };
        let (mut months, mut days, mut hours) = (0, 0, 0);
        match length.unit {
            Unit::BusinessDays => return self.business_day(date, amount, span),
            Unit::Hours => hours = amount,
            Unit::Days | Unit::Weeks => days = amount,
            Unit::Months | Unit::Years => months = amount,
        }
        let (ty, missing) = (date.ty, date.missing);
        Some(Expr { kind: ExprKind::Shift { date: Box::new(date), months, days, hours }, ty, missing })
    }

    /// `date + 5 business days`.
    fn business_day(&mut self, date: Expr, days: i32, span: Span) -> Option<Expr> {
        if date.ty != Ty::Date {
            self.found.push(day_of(span, "business days are counted from a day, and this is a time".into()));
            return None;
        }
        if self.world.model.business.is_none() {
            if !self.world.unread {
                let message = "the model does not say which days are business days";
                let help = "declare them in the model: `business days monday to friday except holiday.day`";
                self.found.push(Diagnostic::new(code::BUSINESS_DAYS, span, message).help(help));
            }
            return None;
        }
        let (ty, missing) = (date.ty, date.missing);
        Some(Expr { kind: ExprKind::BusinessDay { date: Box::new(date), days }, ty, missing })
    }

    /// `days from a to b`.
    pub(super) fn counted(&mut self, unit: &Spanned<Unit>, from: &'w ast::Expr, to: &'w ast::Expr) -> Option<Expr> {
        let what = format!("`{} from`", unit_words(unit.value));
        let (a, b) = (self.day(from, &what), self.day(to, &what));
        let (a, b) = (a?, b?);
        let missing = can_be_missing([&a, &b]);
        let (a, b) = (Box::new(a), Box::new(b));
        let (kind, ty) = match unit.value {
            Unit::Days => (ExprKind::DaysBetween(a, b), Ty::Days),
            Unit::Months => (ExprKind::MonthsBetween(a, b), Ty::Months),
            Unit::Years => (ExprKind::YearsBetween(a, b), Ty::Years),
            Unit::Hours | Unit::Weeks | Unit::BusinessDays => {
                let message = format!("time between days is not counted in {}", unit_words(unit.value));
                let help = "write `days from A to B`, `months from A to B` or `years from A to B`";
                self.found.push(Diagnostic::new(code::UNIT_MISMATCH, unit.span, message).help(help));
                return None;
            }
        };
        Some(Expr { kind, ty, missing })
    }

    /// `earliest of a, b`, `latest of a, b`, `first known of a, b`, `day of a`.
    pub(super) fn of_call(&mut self, name: &Name, args: &'w [ast::Expr], span: Span) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = args.iter().map(|a| self.expr(a)).collect();
        let call = name.value.split(|c: char| c.is_whitespace() || c == '_').collect::<Vec<_>>().join(" ") + " of";
        if !CALLS.contains(&call.as_str()) {
            let message = format!("there is no `{call}`");
            let help = suggest::help(&call, "what can be asked", &CALLS);
            self.found.push(Diagnostic::new(code::UNKNOWN_CALL, name.span, message).help(help));
            return None;
        }
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        if call == "day of" {
            return self.the_day(typed, span);
        }
        let first = typed.first()?.ty;
        if let Some((other, at)) = typed.iter().zip(args).find(|(t, _)| t.ty != first) {
            let finding = self.different(first, other.ty, at.span);
            self.found.push(finding);
            return None;
        }
        if call == "first known of" {
            return Some(first_known(typed));
        }
        if !matches!(first, Ty::Date | Ty::Timestamp) {
            let message = format!("`{call}` chooses among dates, not {}", words(self.world, first));
            self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message));
            return None;
        }
        Some(extreme(call == "latest of", typed))
    }

    fn the_day(&mut self, mut typed: Vec<Expr>, span: Span) -> Option<Expr> {
        let one = typed.pop()?;
        if !typed.is_empty() {
            self.found.push(
                Diagnostic::new(code::TYPE_MISMATCH, span, "`day of` takes one time")
                    .help("write `day of received_at`"),
            );
            return None;
        }
        match one.ty {
            Ty::Timestamp => {
                let missing = one.missing;
                Some(Expr { kind: ExprKind::DayOf(Box::new(one)), ty: Ty::Date, missing })
            }
            Ty::Date => {
                self.found.push(
                    Diagnostic::new(code::DAY_AGAINST_TIME, span, "this is a day already").help("leave out `day of`"),
                );
                None
            }
            Ty::Bool | Ty::Int | Ty::Days | Ty::Months | Ty::Years | Ty::Text | Ty::Code(..) | Ty::Row(_) => {
                self.found.push(day_of(span, format!("`day of` takes a time, not {}", words(self.world, one.ty))));
                None
            }
        }
    }
}

/// A day moved by a number of days, months or years that is a value itself.
fn moved_by(date: Expr, by: Expr, back: bool) -> Expr {
    let missing = Missing::Unknown;
    Expr { kind: ExprKind::Move { date: Box::new(date), by: Box::new(by), back }, ty: Ty::Date, missing }
}

fn first_known(of: Vec<Expr>) -> Expr {
    let ty = of.first().map_or(Ty::Bool, |e| e.ty);
    let missing = if of.iter().any(|e| e.missing == Missing::Never) {
        Missing::Never
    } else if of.iter().all(|e| e.missing == Missing::OpenEnd) {
        Missing::OpenEnd
    } else {
        Missing::Unknown
    };
    Expr { kind: ExprKind::FirstKnown(of), ty, missing }
}

/// The earliest of a known day and an open end is the known day; the latest is the open end.
fn extreme(latest: bool, of: Vec<Expr>) -> Expr {
    let ty = of.first().map_or(Ty::Date, |e| e.ty);
    let open = of.iter().filter(|e| e.missing == Missing::OpenEnd).count();
    let missing = if of.iter().any(|e| e.missing == Missing::Unknown) {
        Missing::Unknown
    } else if open == of.len() || latest && open > 0 {
        Missing::OpenEnd
    } else {
        Missing::Never
    };
    Expr { kind: ExprKind::Extreme { latest, of }, ty, missing }
}

/// The finding that a length of time leaves the calendar.
pub(super) fn beyond(span: Span) -> Diagnostic {
    Diagnostic::new(code::OUT_OF_CALENDAR, span, "this leads beyond the years 1 to 9999")
        .help("write a shorter length of time")
}
