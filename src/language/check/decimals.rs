//! Decimals: `decimal(12, 2)` columns, written numbers such as `12.50`, and what makes two numbers
//! alike in their digits after the point.

use super::typer::Typer;
use super::types::never_null;
use crate::decimal::Decimal;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::functions;
use crate::ir::expr::LARGEST;
use crate::ir::ty::MOST_DECIMALS;
use crate::ir::{Expr, ExprKind, Function, Ty};
use crate::model::Digits;
use crate::source::{Span, Spanned};
use crate::syntax::ast::Name;

/// The digits of a column's type, or a finding.
pub(super) fn digits(word: &Name, all: &Spanned<i64>, after: &Spanned<i64>, out: &mut Diagnostics) -> Option<Digits> {
    let mut refuse = |span: Span, message: String, help: &str| {
        out.push(Diagnostic::new(code::DECIMAL, span, message).help(help));
    };
    if word.value != "decimal" {
        refuse(word.span, format!("`{}` has no digits to be told", word.value), "leave out what stands in brackets");
        return None;
    }
    let most = i64::from(MOST_DECIMALS);
    if !(1..=most).contains(&all.value) {
        let message = format!("a decimal cannot have {} digits", all.value);
        refuse(
            all.span,
            message,
            "write a number from 1 to 18: how many digits a value has at most, before and after the point",
        );
        return None;
    }
    if !(1..=all.value).contains(&after.value) {
        let message = format!("of {} digits, {} cannot stand after the point", all.value, after.value);
        refuse(
            after.span,
            message,
            "write 1 or more, and no more than all digits; without any, the column is an `int`",
        );
        return None;
    }
    Some(Digits { all: u8::try_from(all.value).ok()?, after: u8::try_from(after.value).ok()? })
}

/// The finding that a type does not say its digits.
pub(super) fn without_digits(span: Span) -> Diagnostic {
    let message = "this decimal does not say how many digits it has";
    Diagnostic::new(code::DECIMAL, span, message)
        .help("write how many at most, and how many of them stand after the point: `decimal(12, 2)`")
}

/// Two numbers with as many digits after the point; none where one is no number, or has a unit, or
/// where a written one would grow too large.
pub(super) fn alike(left: &Expr, right: &Expr) -> Option<(Expr, Expr)> {
    let (left, right) = (shortest(left, right.ty.decimals()?)?, shortest(right, left.ty.decimals()?)?);
    let after = left.ty.decimals()?.max(right.ty.decimals()?);
    Some((with_decimals(left, after)?, with_decimals(right, after)?))
}

/// A written number without zeros at its end, as far as the other side has no such digits; another
/// one as it is.
fn shortest(e: &Expr, other: u8) -> Option<Expr> {
    let mut after = e.ty.decimals()?;
    let ExprKind::Int(mut number) = e.kind else { return Some(e.clone()) };
    while after > other && number % 10 == 0 {
        (number, after) = (number / 10, after - 1);
    }
    Some(never_null(ExprKind::Int(number), ty(after)))
}

fn ty(after: u8) -> Ty {
    if after == 0 { Ty::Int } else { Ty::Decimal(after) }
}

/// The number with so many digits after the point: times `1.0`.
fn with_decimals(e: Expr, after: u8) -> Option<Expr> {
    let more = after.checked_sub(e.ty.decimals()?)?;
    if more == 0 {
        return Some(e);
    }
    let one = ty(more);
    if let ExprKind::Int(number) = e.kind {
        let number = number.checked_mul(one.one()).filter(|n| n.unsigned_abs() <= LARGEST)?;
        return Some(never_null(ExprKind::Int(number), ty(after)));
    }
    functions::call(Function::Times, vec![never_null(ExprKind::Int(one.one()), one), e]).ok()
}

/// Several numbers with as many digits after the point; other values as they are.
pub(super) fn all_alike(all: Vec<Expr>) -> Vec<Expr> {
    let is_written = |e: &&Expr| matches!(e.kind, ExprKind::Int(_));
    let Some(decimals) = all.iter().map(|e| e.ty.decimals()).collect::<Option<Vec<u8>>>() else { return all };
    let of_rows = all.iter().filter(|e| !is_written(e)).filter_map(|e| e.ty.decimals()).max().unwrap_or(0);
    if decimals.iter().all(|after| Some(after) == decimals.first()) {
        return all;
    }
    let short: Option<Vec<Expr>> = all.iter().map(|e| shortest(e, of_rows)).collect();
    let after = short.iter().flatten().filter_map(|e| e.ty.decimals()).max().unwrap_or(0);
    short.and_then(|short| short.into_iter().map(|e| with_decimals(e, after)).collect()).unwrap_or(all)
}

/// A written number as values of a type are kept; none where it has digits that these have not.
pub(super) fn in_digits_of(written: &Expr, ty: Ty) -> Option<i64> {
    let after = ty.decimals()?;
    match with_decimals(shortest(written, after)?, after)?.kind {
        ExprKind::Int(number) => Some(number),
        _ => None,
    }
}

impl Typer<'_> {
    /// A written number with a point.
    pub(super) fn decimal(&mut self, written: Decimal, span: Span) -> Option<Expr> {
        let after = written.scale.checked_ilog10().and_then(|after| u8::try_from(after).ok());
        let number = i64::try_from(written.digits).ok().filter(|n| n.unsigned_abs() <= LARGEST);
        match (number, after.filter(|after| *after <= MOST_DECIMALS)) {
            (Some(number), Some(after)) => Some(never_null(ExprKind::Int(number), ty(after))),
            _ => self.too_many_digits(span),
        }
    }

    /// A written whole number as a decimal.
    pub(super) fn as_decimal(&mut self, number: i64, ty: Ty, span: Span) -> Option<Expr> {
        match number.checked_mul(ty.one()).filter(|n| n.unsigned_abs() <= LARGEST) {
            Some(number) => Some(never_null(ExprKind::Int(number), ty)),
            None => self.too_many_digits(span),
        }
    }

    fn too_many_digits(&mut self, span: Span) -> Option<Expr> {
        let message = "this number has too many digits";
        let help = "18 digits are possible, those after the point included";
        self.found.push(Diagnostic::new(code::NUMBER_RANGE, span, message).help(help));
        None
    }
}
