//! `+`, `-` and `*` between numbers of one unit, and `if C then A else B`.

use super::dates::is_time;
use super::decimals;
use super::typer::Typer;
use super::types::{Value, counted, value_words, words};
use crate::diag::{Diagnostic, code};
use crate::functions::{self, Form};
use crate::ir::expr::LARGEST;
use crate::ir::ty::MOST_DECIMALS;
use crate::ir::{Expr, Missing, Ty};
use crate::model::Counted;
use crate::source::Span;
use crate::syntax::ast::{self, Sign, Unit};

impl<'w> Typer<'w> {
    /// `a + b`, `a - b`, `2 * a`. A day is moved; of all else, numbers are reckoned with.
    pub(super) fn arithmetic(
        &mut self,
        sign: Sign,
        left: &'w ast::Expr,
        right: &'w ast::Expr,
        span: Span,
    ) -> Option<Value> {
        let (l, r) = (self.value(left), self.value(right));
        match (sign, l?, r?) {
            (_, Value::Word(name), _) | (_, _, Value::Word(name)) => {
                self.found.push(self.unknown(&name));
                None
            }
            (Sign::Plus | Sign::Minus, Value::Expr(date), by) if matches!(date.ty, Ty::Date | Ty::Timestamp) => {
                self.moved_day(sign == Sign::Plus, date, &by, span).map(Value::Expr)
            }
            (Sign::Plus, by @ Value::Length(_), Value::Expr(date)) if matches!(date.ty, Ty::Date | Ty::Timestamp) => {
                self.moved_day(true, date, &by, span).map(Value::Expr)
            }
            (_, Value::Number(a), Value::Number(b)) => self.reckoned(sign, a, b, span).map(Value::Number),
            (Sign::Times, l, r) => self.product((l, left.span), (r, right.span), span).map(Value::Expr),
            (Sign::Plus | Sign::Minus, l, r) => self.sum(sign, (l, left.span), (r, right.span), span).map(Value::Expr),
        }
    }

    /// Two written numbers.
    fn reckoned(&mut self, sign: Sign, a: i64, b: i64, span: Span) -> Option<i64> {
        let found = match sign {
            Sign::Plus => a.checked_add(b),
            Sign::Minus => a.checked_sub(b),
            Sign::Times => a.checked_mul(b),
        };
        let found = found.filter(|n| n.unsigned_abs() <= LARGEST);
        if found.is_none() {
            let message = format!("`{}` leads beyond a billion billions here", sign.text());
            self.found.push(Diagnostic::new(code::NUMBER_RANGE, span, message).help("write smaller numbers"));
        }
        found
    }

    /// A sum or difference of two numbers of one unit.
    fn sum(&mut self, sign: Sign, left: (Value, Span), right: (Value, Span), span: Span) -> Option<Expr> {
        let unit = match (&left.0, &right.0) {
            (Value::Expr(e), _) | (_, Value::Expr(e)) => e.ty,
            _ => return self.no_numbers(sign, &left.0, &right.0, span),
        };
        if !is_number(&left.0) || !is_number(&right.0) {
            return self.no_numbers(sign, &left.0, &right.0, span);
        }
        if let (Value::Expr(l), Value::Expr(r)) = (&left.0, &right.0)
            && let Some((l, r)) = decimals::alike(l, r)
        {
            return self.called(sign, l, r);
        }
        let (l, r) = (self.of_unit(sign, left, unit), self.of_unit(sign, right, unit));
        self.called(sign, l?, r?)
    }

    /// A written number or length as a number of this unit; another number when it has it.
    fn of_unit(&mut self, sign: Sign, (value, span): (Value, Span), unit: Ty) -> Option<Expr> {
        let fits = match (&value, unit) {
            (Value::Number(_), _) => true,
            (Value::Expr(e), _) => e.ty == unit,
            (Value::Length(length), Ty::Length(of)) => {
                counted(length.unit) == Some(of)
                    || matches!((of, length.unit), (Counted::Days, Unit::Weeks) | (Counted::Months, Unit::Years))
            }
            (Value::Length(_) | Value::Word(_), _) => false,
        };
        if fits {
            return self.coerced(value, span, unit);
        }
        let (one, other) = (words(self.world, unit), value_words(self.world, &value));
        let message = format!("`{}` cannot join {one} and {other}", sign.text());
        let help = "units are never converted into each other; count both in the same one";
        self.found.push(Diagnostic::new(code::UNIT_MISMATCH, span, message).help(help));
        None
    }

    /// A whole number times a number; the product has its unit.
    fn product(&mut self, left: (Value, Span), right: (Value, Span), span: Span) -> Option<Expr> {
        if !is_number(&left.0) || !is_number(&right.0) {
            return self.no_numbers(Sign::Times, &left.0, &right.0, span);
        }
        let decimals = |value: &Value| match value {
            Value::Number(_) => Some(0),
            Value::Expr(e) => e.ty.decimals(),
            Value::Length(_) | Value::Word(_) => None,
        };
        if let (Some(a), Some(b)) = (decimals(&left.0), decimals(&right.0)) {
            return self.product_of_decimals((left, a), (right, b), span);
        }
        let is_plain = |value: &Value| decimals(value) == Some(0);
        let is_length = |value: &Value| matches!(value, Value::Length(_));
        if !is_plain(&left.0) && !is_plain(&right.0) || is_length(&left.0) || is_length(&right.0) {
            let (l, r) = (value_words(self.world, &left.0), value_words(self.world, &right.0));
            let help =
                "one side of `*` is a whole number without a unit, and the other a number of the row: `2 * days`";
            let finding = Diagnostic::new(code::UNIT_MISMATCH, span, format!("`*` cannot join {l} and {r}"));
            self.found.push(finding.help(help));
            return None;
        }
        let (l, r) = (self.typed(left.0, left.1), self.typed(right.0, right.1));
        self.called(Sign::Times, l?, r?)
    }

    /// The product of two numbers without a unit.
    fn product_of_decimals(
        &mut self,
        (left, a): ((Value, Span), u8),
        (right, b): ((Value, Span), u8),
        span: Span,
    ) -> Option<Expr> {
        if a.saturating_add(b) > MOST_DECIMALS {
            let message = format!("this product has {} digits after the point", a.saturating_add(b));
            let help = format!("{MOST_DECIMALS} are possible; write numbers with fewer");
            self.found.push(Diagnostic::new(code::NUMBER_RANGE, span, message).help(help));
            return None;
        }
        let (l, r) = (self.typed(left.0, left.1), self.typed(right.0, right.1));
        self.called(Sign::Times, l?, r?)
    }

    fn called(&self, sign: Sign, left: Expr, right: Expr) -> Option<Expr> {
        functions::call(functions::written(Form::Sign(sign.text()))?, vec![left, right]).ok()
    }

    fn no_numbers(&mut self, sign: Sign, l: &Value, r: &Value, span: Span) -> Option<Expr> {
        let (sign, left, right) = (sign.text(), value_words(self.world, l), value_words(self.world, r));
        let help = match (l, r) {
            _ if is_time(l) || is_time(r) => {
                "a date stands first and is moved by a length such as `12 months` or `30 days`"
            }
            (Value::Length(_), Value::Length(_)) => "write the length itself, such as `14 months`",
            _ => "only numbers of one unit are added or subtracted, and a number is multiplied by a whole number",
        };
        let message = format!("`{sign}` cannot join {left} and {right}");
        self.found.push(Diagnostic::new(code::CANNOT_MOVE, span, message).help(help));
        None
    }

    /// `if C then A else B`.
    pub(super) fn if_else(
        &mut self,
        condition: &'w ast::Expr,
        then: &'w ast::Expr,
        otherwise: &'w ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let asked = self.condition(condition);
        let (a, b) = (self.value(then), self.value(otherwise));
        let (asked, a, b) = (asked?, a?, b?);
        if differ(&a, &b) {
            let (a, b) = (value_words(self.world, &a), value_words(self.world, &b));
            let message = format!("`if` chooses between values of one type, not between {a} and {b}");
            let help = "give both in one type, and numbers in one unit";
            self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
            return None;
        }
        let unit = match (&a, &b) {
            (Value::Number(_), Value::Number(_)) => Some(Ty::Int),
            (Value::Length(a), Value::Length(_)) => Some(Ty::Length(counted(a.unit).unwrap_or(Counted::Days))),
            _ => None,
        };
        let (a, b) = match unit {
            Some(unit) => (self.coerced(a, then.span, unit)?, self.coerced(b, otherwise.span, unit)?),
            None => self.one_type((a, then.span), (b, otherwise.span), span)?,
        };
        for (value, at) in [(&a, then.span), (&b, otherwise.span)] {
            self.can_be_chosen(value, at)?;
        }
        let function = functions::written(Form::IfElse)?;
        functions::call(function, vec![asked, a, b]).ok()
    }

    /// Refuses rows, and ends that are still open: it would not be known whether an end is open or
    /// the condition unknown.
    fn can_be_chosen(&mut self, value: &Expr, span: Span) -> Option<()> {
        let (message, help) = match value.missing {
            _ if matches!(value.ty, Ty::Row(_)) => {
                let message = format!("`if` chooses between values, not {}", words(self.world, value.ty));
                (message, "write a column of the row")
            }
            Missing::OpenEnd => {
                let message = "this day may be still to come, and then nothing would be chosen".to_owned();
                (message, "say which day stands for it: `first known of exited_on, as_of`")
            }
            Missing::Never | Missing::Unknown => return Some(()),
        };
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
        None
    }
}

/// Whether two values are surely not of one type.
fn differ(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Expr(a), Value::Expr(b)) => a.ty != b.ty && decimals::alike(a, b).is_none(),
        (Value::Expr(e), Value::Number(_)) | (Value::Number(_), Value::Expr(e)) => !e.ty.is_number(),
        (Value::Expr(e), Value::Length(_)) | (Value::Length(_), Value::Expr(e)) => !matches!(e.ty, Ty::Length(_)),
        (Value::Number(_), Value::Length(_)) | (Value::Length(_), Value::Number(_)) => true,
        (Value::Number(_), Value::Number(_)) | (Value::Length(_), Value::Length(_)) => false,
        (Value::Word(_), _) | (_, Value::Word(_)) => false,
    }
}

/// Whether a value is a number, also of days or months.
fn is_number(value: &Value) -> bool {
    match value {
        Value::Expr(e) => e.ty.is_number(),
        Value::Number(_) | Value::Length(_) => true,
        Value::Word(_) => false,
    }
}
