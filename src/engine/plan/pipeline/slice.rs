//! A part of the cohort's rows at a time, where memory is too short for all of them. Rows do not
//! depend on each other but by picks (`first of each child`), so rows that stand in for each other
//! are in one slice, and the counts of all slices add up to those of the whole.

use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::filter;
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, ident, lit};
use yardstick_language::ir::RowId;

/// One of several slices of the cohort's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Which, from 0.
    pub number: i32,
    /// How many there are.
    pub of: i32,
}

impl Slice {
    /// All rows.
    pub const WHOLE: Self = Self { number: 0, of: 1 };

    /// The same rows in so many slices.
    pub fn finer(self, into: i32) -> impl Iterator<Item = Self> {
        (0..into).map(move |part| Self { number: self.number + self.of * part, of: self.of * into })
    }
}

/// The rows of the cohort's table that are in the slice, with everything needed of them. They
/// are a step of their own, so that the engine knows how few they are when it joins them.
pub(in crate::plan) fn slice(ctx: &Context<'_>, steps: &mut Steps) -> Result<LogicalPlan> {
    let slice = ctx.scope.run.slice;
    let rows = &ctx.scope.rows;
    if slice == Slice::WHOLE {
        return rows.relation(RowId::COHORT);
    }
    let per = ctx.indicator.cohort.pick.as_ref().map_or(&[][..], |pick| &pick.per);
    let own = per.len() <= 1;
    let all = if own { rows.own_columns(RowId::COHORT)? } else { rows.relation(RowId::COHORT)? };
    // Rows that belong to nothing are in the first slice.
    let key = coalesce(vec![ident(rows.row_name(RowId::COHORT, per)), lit(0)]);
    let some = steps.materialize(filter(all, (key % lit(slice.of)).eq(lit(slice.number)))?)?;
    if own { ctx.scope.rows.follow_links(some, RowId::COHORT) } else { Ok(some) }
}
