//! Arithmetic with dates: moving them, counting between them, and choosing among them.

use super::decimals;
use super::typer::{Typer, day_of};
use super::types::{Value, counted, unit_words, value_words, words};
use crate::diag::{Diagnostic, code, suggest};
use crate::functions::{self, Form, Misfit};
use crate::ir::{At, Expr, ExprKind, Function, Missing, Ty};
use crate::model::{ColumnType, Counted};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, Unit};

/// The longest time by which a date can be moved: in months and days, that from the year 1 to 9999.
/// Times are counted in billionths of a second, which leave room for fewer minutes; and of business
/// days each is looked for by itself.
fn beyond_in(unit: Unit) -> i64 {
    match unit {
        Unit::Months | Unit::Years => 120_000,
        Unit::Days | Unit::Weeks => 3_660_000,
        Unit::Hours | Unit::Minutes => 150_000_000,
        Unit::BusinessDays => 36_600,
    }
}

impl<'w> Typer<'w> {
    /// `a + 12 months`, `a - 1 day`, `a + column`: a day or time, moved.
    pub(super) fn moved_day(&mut self, plus: bool, date: Expr, by: &Value, span: Span) -> Option<Expr> {
        match by {
            Value::Length(length) => self.moved(date, *length, plus, span),
            Value::Expr(by) if date.ty == Ty::Date && matches!(by.ty, Ty::Length(counted) if counted.moves_days()) => {
                Some(moved_by(date, by.clone(), !plus))
            }
            Value::Expr(_) | Value::Number(_) | Value::Word(_) => {
                let sign = if plus { "+" } else { "-" };
                let (left, right) = (words(self.world, date.ty), value_words(self.world, by));
                let help = match by {
                    Value::Number(_) => "add the unit: `+ 12 months`, `+ 30 days`",
                    _ if is_time(by) => "count between days with `days from A to B`",
                    _ => "a date is moved by a length such as `12 months` or `30 days`",
                };
                let message = format!("`{sign}` cannot join {left} and {right}");
                self.found.push(Diagnostic::new(code::CANNOT_MOVE, span, message).help(help));
                None
            }
        }
    }

    fn moved(&mut self, date: Expr, length: ast::Duration, plus: bool, span: Span) -> Option<Expr> {
        let sign = if plus { 1 } else { -1 };
        if matches!(length.unit, Unit::Hours | Unit::Minutes) && date.ty == Ty::Date {
            let message = format!("a day has no time of day, so {} cannot be added to it", unit_words(length.unit));
            self.found.push(Diagnostic::new(code::HOURS_ON_DAY, span, message).help("add days, or start from a time"));
            return None;
        }
        let factor = match length.unit {
            Unit::Minutes | Unit::Days | Unit::BusinessDays | Unit::Months => 1,
            Unit::Hours => 60,
            Unit::Weeks => 7,
            Unit::Years => 12,
        };
        let amount = length.amount.checked_mul(factor * sign).filter(|n| n.abs() <= beyond_in(length.unit));
        let amount = amount.and_then(|n| i32::try_from(n).ok());
        let Some(amount) = amount else {
            self.found.push(beyond(span));
            return None;
        };
        let (mut months, mut days, mut minutes) = (0, 0, 0);
        match length.unit {
            Unit::BusinessDays => return self.business_day(date, amount, span),
            Unit::Hours | Unit::Minutes => minutes = amount,
            Unit::Days | Unit::Weeks => days = amount,
            Unit::Months | Unit::Years => months = amount,
        }
        let (ty, missing) = (date.ty, date.missing);
        Some(Expr {
            kind: ExprKind::Shift { date: Box::new(date), months, days, minutes },
            ty,
            missing,
            at: At::default(),
        })
    }

    /// `date + 5 business days`.
    fn business_day(&mut self, date: Expr, days: i32, span: Span) -> Option<Expr> {
        if date.ty != Ty::Date {
            self.found.push(day_of(span, "business days are counted from a day, and this is a time".into()));
            return None;
        }
        self.has_business_days(span)?;
        let (ty, missing) = (date.ty, date.missing);
        Some(Expr { kind: ExprKind::BusinessDay { date: Box::new(date), days }, ty, missing, at: At::default() })
    }

    /// Refuses business days where the model does not say which they are.
    fn has_business_days(&mut self, span: Span) -> Option<()> {
        if self.world.model.business.is_some() {
            return Some(());
        }
        if self.world.unread.is_empty() {
            let message = "the model does not say which days are business days";
            let help = "declare them in the model: `business days monday to friday except holiday.day`";
            self.found.push(Diagnostic::new(code::BUSINESS_DAYS, span, message).help(help));
        }
        None
    }

    /// `days from a to b`.
    pub(super) fn counted(&mut self, unit: &Spanned<Unit>, from: &'w ast::Expr, to: &'w ast::Expr) -> Option<Expr> {
        let what = format!("`{} from`", unit_words(unit.value));
        let end = |typer: &mut Self, e: &'w ast::Expr| match counted(unit.value) {
            Some(of) if of.is_of_clock() => typer.time(e, of),
            Some(_) | None => typer.day(e, &what),
        };
        let (a, b) = (end(self, from), end(self, to));
        let (a, b) = (a?, b?);
        let Some(of) = counted(unit.value) else {
            let message = format!("time between days is not counted in {}", unit_words(unit.value));
            let help = "write `days from A to B`; a week is 7 days";
            self.found.push(Diagnostic::new(code::UNIT_MISMATCH, unit.span, message).help(help));
            return None;
        };
        if of == Counted::BusinessDays {
            self.has_business_days(unit.span)?;
        }
        functions::call(functions::written(Form::Between(of))?, vec![a, b]).ok()
    }

    /// A time, from which hours or minutes are counted.
    fn time(&mut self, e: &'w ast::Expr, counted: Counted) -> Option<Expr> {
        let typed = self.expr(e)?;
        let (finding, help) = match typed.ty {
            Ty::Timestamp => return Some(typed),
            Ty::Date => {
                let message =
                    format!("a day has no time of day, so no {} are counted from it or to it", counted.word());
                let help = "count days, `days from A to B`, or name a column of times";
                (Diagnostic::new(code::HOURS_ON_DAY, e.span, message), help)
            }
            Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Code(..) | Ty::Row(_) => {
                let message = format!("`{} from` needs a time, not {}", counted.word(), words(self.world, typed.ty));
                (Diagnostic::new(code::TYPE_MISMATCH, e.span, message), "name a column of times")
            }
        };
        self.found.push(finding.help(help));
        None
    }

    /// A function of values: `earliest of a, b`, `day of a`.
    pub(super) fn of_call(
        &mut self,
        name: &Name,
        args: &'w [ast::Expr],
        on: Option<&'w ast::Expr>,
        span: Span,
    ) -> Option<Expr> {
        let typed = self.arguments(args);
        let call = name.value.split(|c: char| c.is_whitespace() || c == '_').collect::<Vec<_>>().join(" ") + " of";
        let Some(function) = Function::ALL.iter().copied().find(|function| words_of(*function) == Some(&call)) else {
            let known: Vec<&str> = Function::ALL.iter().copied().filter_map(words_of).collect();
            let message = format!("there is no `{call}`");
            let help = self.counted_since(args, &typed, on);
            let help = help.unwrap_or_else(|| suggest::help(&call, "what can be asked", &known));
            self.found.push(Diagnostic::new(code::UNKNOWN_CALL, name.span, message).help(help));
            return None;
        };
        if let Some(on) = on {
            let message = format!("`{call}` is not asked as of a day");
            self.found.push(Diagnostic::new(code::UNKNOWN_CALL, on.span, message).help("remove the day"));
            return None;
        }
        let typed: Vec<Expr> = decimals::all_alike(typed.into_iter().collect::<Option<_>>()?);
        let types: Vec<(Ty, Span)> = typed.iter().zip(args).map(|(e, at)| (e.ty, at.span)).collect();
        match functions::call(function, typed) {
            Ok(called) => Some(called),
            Err(misfit) => {
                let finding = self.misfit(&call, misfit, &types, span)?;
                self.found.push(finding);
                None
            }
        }
    }

    /// The values of a function, each by itself; but a written number, length or word takes its
    /// unit, or its list, from the first value that has one.
    fn arguments(&mut self, args: &'w [ast::Expr]) -> Vec<Option<Expr>> {
        let values: Vec<Option<Value>> = args.iter().map(|a| self.value(a)).collect();
        let ty = values.iter().flatten().find_map(|value| match value {
            Value::Expr(e) if matches!(e.ty, Ty::Length(_) | Ty::Code(_)) => Some(e.ty),
            Value::Expr(_) | Value::Number(_) | Value::Length(_) | Value::Word(_) => None,
        });
        let typed = values.into_iter().zip(args).map(|(value, arg)| match ty {
            Some(ty) => self.coerced(value?, arg.span, ty),
            None => self.typed(value?, arg.span),
        });
        typed.collect()
    }

    /// What to write where something is asked of a row on a day, as people ask for an age: the
    /// years from a day of the row.
    fn counted_since(&self, args: &[ast::Expr], typed: &[Option<Expr>], on: Option<&ast::Expr>) -> Option<String> {
        let ([Expr { ty: Ty::Row(table), .. }], [arg]) = (&*typed.iter().flatten().collect::<Vec<_>>(), args) else {
            return None;
        };
        let written = |e: &ast::Expr| match &e.kind {
            ast::ExprKind::Path(names) => {
                Some(names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join("."))
            }
            _ => None,
        };
        let (row, day) = (written(arg)?, on.and_then(written).unwrap_or_else(|| "D".to_owned()));
        let columns = self.world.model.table(*table).columns.iter();
        let mut days = columns.filter(|c| c.ty == ColumnType::Date && !c.not_yet).map(|c| c.name.as_str());
        let first = days.next()?;
        let others: Vec<String> = days.map(|day| format!("`{row}.{day}`")).collect();
        let or = if others.is_empty() { String::new() } else { format!(" (or from {})", others.join(", ")) };
        Some(format!("time is counted between two days: write `years from {row}.{first} to {day}`{or}"))
    }

    /// Why a function does not take values of these types.
    fn misfit(&self, call: &str, misfit: Misfit, types: &[(Ty, Span)], span: Span) -> Option<Diagnostic> {
        Some(match misfit {
            Misfit::Number(number) => {
                let values = if number == 1 { "one value" } else { "two values" };
                Diagnostic::new(code::TYPE_MISMATCH, span, format!("`{call}` takes {values}"))
            }
            Misfit::IsADay => {
                let help = format!("leave out `{call}`");
                Diagnostic::new(code::DAY_AGAINST_TIME, span, "this is a day already").help(help)
            }
            Misfit::Differs(place) => {
                let (other, at) = *types.get(place)?;
                self.different(types.first()?.0, other, at)
            }
            Misfit::Takes { place, wanted } => {
                let (ty, at) = *types.get(place)?;
                let message = format!("`{call}` takes {wanted}, not {}", words(self.world, ty));
                match ty {
                    Ty::Timestamp => day_of(at, message),
                    Ty::Bool
                    | Ty::Int
                    | Ty::Decimal(_)
                    | Ty::Length(_)
                    | Ty::Text
                    | Ty::Date
                    | Ty::Code(_)
                    | Ty::Row(_) => Diagnostic::new(code::TYPE_MISMATCH, at, message),
                }
            }
        })
    }
}

/// Whether a value is a day or a time.
pub(super) fn is_time(value: &Value) -> bool {
    matches!(value, Value::Expr(e) if matches!(e.ty, Ty::Date | Ty::Timestamp))
}

/// The words of a function that is written before its values.
fn words_of(function: Function) -> Option<&'static str> {
    match functions::definition(function).form {
        Form::Of(words) => Some(words),
        Form::Between(_) | Form::Sign(_) | Form::IfElse => None,
    }
}

/// A day moved by a number of days, months or years that is a value itself.
fn moved_by(date: Expr, by: Expr, back: bool) -> Expr {
    let missing = Missing::Unknown;
    Expr {
        kind: ExprKind::Move { date: Box::new(date), by: Box::new(by), back },
        ty: Ty::Date,
        missing,
        at: At::default(),
    }
}

/// The finding that a length of time leaves the calendar.
pub(super) fn beyond(span: Span) -> Diagnostic {
    Diagnostic::new(code::OUT_OF_CALENDAR, span, "this leads beyond the years 1 to 9999")
        .help("write a shorter length of time")
}
