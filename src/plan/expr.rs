//! IR expressions to DataFusion expressions, missing values and open ends included (see `ir::ExprKind`).

use super::date;
use super::relation::Rows;
use crate::ir::{CompareOp, Expr as IrExpr, ExprKind, Missing, Quantified, WindowPoint};
use chrono::NaiveDate;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, cast, ident, lit, when};
use datafusion::prelude::coalesce;

/// Lowers expressions of one indicator.
#[derive(Debug)]
pub(super) struct Lower<'a> {
    /// Where columns are.
    pub(super) rows: Rows<'a>,
    /// The as-of date.
    pub(super) as_of: NaiveDate,
}

/// The column that holds the answer of a quantifier.
pub(super) fn answer_name(q: &Quantified) -> String {
    format!("some.r{}", q.row.0)
}

impl Lower<'_> {
    /// The expression over flat columns; quantifiers stand for their answer columns.
    pub(super) fn expr(&self, e: &IrExpr) -> Result<Expr> {
        Ok(match &e.kind {
            ExprKind::Bool(b) => lit(*b),
            ExprKind::Int(n) => lit(*n),
            ExprKind::Text(t) => lit(t.as_str()),
            ExprKind::Date(d) => date::day(*d),
            ExprKind::Code(code) => lit(i32::from(*code)),
            ExprKind::Window(WindowPoint::Start) => ident("w.start"),
            ExprKind::Window(WindowPoint::End) => ident("w.end"),
            ExprKind::Window(WindowPoint::LastDay) => ident("w.last"),
            ExprKind::AsOf => date::day(self.as_of),
            ExprKind::Column { row, links, column } => ident(self.rows.column_name(*row, links, *column)),
            ExprKind::Row { row, links } => ident(self.rows.row_name(*row, links)),
            ExprKind::And(all) => self.join(all, Expr::and)?,
            ExprKind::Or(all) => self.join(all, Expr::or)?,
            ExprKind::Not(inner) => !self.expr(inner)?,
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right)?,
            ExprKind::InCodes { value, codes } => {
                let codes = codes.iter().map(|c| lit(i32::from(*c))).collect();
                self.expr(value)?.in_list(codes, false)
            }
            ExprKind::InWindow(day) => {
                let day = self.comparable(day)?;
                day.clone().gt_eq(ident("w.start")).and(day.lt(ident("w.end")))
            }
            ExprKind::IsMissing(inner) => self.expr(inner)?.is_null(),
            ExprKind::Shift { date: inner, months, days, hours } => {
                date::shift(self.expr(inner)?, *months, *days, *hours)
            }
            ExprKind::DaysBetween(from, to) => date::days_between(self.expr(from)?, self.expr(to)?),
            ExprKind::MonthsBetween(from, to) => date::months_between(self.expr(from)?, self.expr(to)?)?,
            ExprKind::YearsBetween(from, to) => date::years_between(self.expr(from)?, self.expr(to)?)?,
            ExprKind::Extreme { latest, of } => self.extreme(*latest, of)?,
            ExprKind::FirstKnown(all) => coalesce(all.iter().map(|e| self.expr(e)).collect::<Result<_>>()?),
            ExprKind::DayOf(time) => cast(self.expr(time)?, DataType::Date32),
            ExprKind::Some(q) => ident(answer_name(q)),
        })
    }

    fn join(&self, all: &[IrExpr], by: fn(Expr, Expr) -> Expr) -> Result<Expr> {
        let mut joined = None;
        for e in all {
            let e = self.expr(e)?;
            joined = Some(match joined {
                None => e,
                Some(before) => by(before, e),
            });
        }
        Ok(joined.unwrap_or_else(|| lit(true)))
    }

    /// A side of a comparison, an open end read as the last of days.
    pub(super) fn comparable(&self, e: &IrExpr) -> Result<Expr> {
        let value = self.expr(e)?;
        Ok(if e.missing == Missing::OpenEnd { date::open_as_last(value, e.ty) } else { value })
    }

    fn compare(&self, op: CompareOp, left: &IrExpr, right: &IrExpr) -> Result<Expr> {
        let both_open = left.missing == Missing::OpenEnd && right.missing == Missing::OpenEnd;
        // Between two open ends only `Ne` holds: one side is read a day earlier where equality would hold otherwise.
        let lower = |e: &IrExpr| -> Result<Expr> {
            if both_open { Ok(date::open_as_last_but_one(self.expr(e)?, e.ty)) } else { self.comparable(e) }
        };
        Ok(match op {
            CompareOp::Eq => self.comparable(left)?.eq(lower(right)?),
            CompareOp::Ne => self.comparable(left)?.not_eq(lower(right)?),
            CompareOp::Lt => self.comparable(left)?.lt(self.comparable(right)?),
            CompareOp::Gt => self.comparable(left)?.gt(self.comparable(right)?),
            CompareOp::Le => self.comparable(left)?.lt_eq(lower(right)?),
            CompareOp::Ge => lower(left)?.gt_eq(self.comparable(right)?),
        })
    }

    fn extreme(&self, latest: bool, of: &[IrExpr]) -> Result<Expr> {
        let mut best: Option<Expr> = None;
        for e in of {
            let e = self.comparable(e)?;
            best = Some(match best {
                None => e,
                // Both branches need both sides known: `least` would pass over a missing one.
                Some(b) if latest => when(b.clone().gt_eq(e.clone()), b.clone()).when(b.lt(e.clone()), e).end()?,
                Some(b) => when(b.clone().lt_eq(e.clone()), b.clone()).when(b.gt(e.clone()), e).end()?,
            });
        }
        let best = best.unwrap_or_else(|| lit(datafusion::scalar::ScalarValue::Date32(None)));
        let open = of.iter().find(|e| e.missing == Missing::OpenEnd);
        Ok(if let Some(e) = open { date::last_as_open(best, e.ty) } else { best })
    }
}
