//! Expressions of the engine as people read them: columns by their names, values without their
//! types.

use datafusion::logical_expr::expr::{AggregateFunction, InList, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Case, Cast, Expr, Operator};
use datafusion::scalar::ScalarValue;

/// Several, one after the other.
pub(super) fn all<'e>(expressions: impl IntoIterator<Item = &'e Expr>) -> String {
    expressions.into_iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// An expression; what stands inside another operation is in parentheses.
pub(super) fn shown(e: &Expr) -> String {
    match e {
        Expr::Alias(alias) => shown(&alias.expr),
        Expr::Column(column) => column.name.clone(),
        Expr::Literal(value, _) => literal(value),
        Expr::Cast(Cast { expr, .. }) => shown(expr),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let side = |e: &Expr| if is_chain(e, *op) { shown(e) } else { inside(e) };
            format!("{} {} {}", side(left), operator(*op), side(right))
        }
        Expr::Not(inner) => format!("not {}", inside(inner)),
        Expr::IsNull(inner) => format!("{} is null", inside(inner)),
        Expr::IsNotNull(inner) => format!("{} is not null", inside(inner)),
        Expr::IsTrue(inner) => format!("{} is true", inside(inner)),
        Expr::IsNotFalse(inner) => format!("{} is not false", inside(inner)),
        Expr::InList(InList { expr, list, negated }) => {
            format!("{} {}in ({})", inside(expr), if *negated { "not " } else { "" }, all(list))
        }
        Expr::Case(case) => of_case(case),
        Expr::ScalarFunction(ScalarFunction { func, args }) => format!("{}({})", func.name(), all(args)),
        Expr::AggregateFunction(AggregateFunction { func, params }) => {
            format!("{}({}{})", func.name(), if params.distinct { "distinct " } else { "" }, all(&params.args))
        }
        Expr::WindowFunction(function) => format!("{}({})", function.fun.name(), all(&function.params.args)),
        other => other.to_string(),
    }
}

/// Whether an operation goes on with the same, in which order does not matter.
fn is_chain(e: &Expr, op: Operator) -> bool {
    let any_order = matches!(op, Operator::And | Operator::Or | Operator::BitwiseAnd | Operator::BitwiseOr);
    any_order && matches!(e, Expr::BinaryExpr(inner) if inner.op == op)
}

fn operator(op: Operator) -> String {
    match op {
        Operator::BitwiseXor => "xor".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

/// A value; the day that stands for an open end is later than any that a file can hold.
fn literal(value: &ScalarValue) -> String {
    match value {
        ScalarValue::Date32(Some(day)) if *day > LAST_DAY => "open end".to_owned(),
        ScalarValue::TimestampSecond(Some(time), _) if *time > i64::from(LAST_DAY) * DAY => "open end".to_owned(),
        ScalarValue::IntervalMonthDayNano(Some(by)) => {
            let parts =
                [(i64::from(by.months), "months"), (i64::from(by.days), "days"), (by.nanoseconds / HOUR, "hours")];
            let parts = parts.into_iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}"));
            let said = parts.collect::<Vec<_>>().join(" ");
            if said.is_empty() { "0 days".to_owned() } else { said }
        }
        other => other.to_string(),
    }
}

/// The number of 9999-12-31.
const LAST_DAY: i32 = 2_932_896;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// Nanoseconds of an hour.
const HOUR: i64 = 3_600_000_000_000;

fn inside(e: &Expr) -> String {
    match e.clone().unalias() {
        Expr::BinaryExpr(_) | Expr::Case(_) | Expr::InList(_) | Expr::Not(_) => format!("({})", shown(e)),
        _ => shown(e),
    }
}

fn of_case(case: &Case) -> String {
    let whens = case.when_then_expr.iter().map(|(when, then)| format!(" when {} then {}", shown(when), shown(then)));
    let whens: String = whens.collect();
    let rest = case.else_expr.as_ref().map(|rest| format!(" else {}", shown(rest))).unwrap_or_default();
    format!("case{whens}{rest} end")
}
