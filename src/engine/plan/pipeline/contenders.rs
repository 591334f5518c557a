//! Rows that went and may have to be picked instead of a row in use: of the same child, say. A row
//! in use that is picked may not belong then.

use crate::plan::columns::{CONTENDED, WINDOWS, entity};
use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::answer::Build;
use crate::plan::relational::verbs::{aggregate, names, with};
use crate::plan::{Known, Standing, window_set};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::bit_or;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit};
use yardstick_language::ir::{Pick, went};

/// Whom such a row is picked for, and who holds it.
const PER: &str = "went.per";
const HOLDER: &str = "went.holder";
/// No row.
const NOBODY: i32 = -1;

impl Build<'_> {
    /// The rows, and the windows in which a row that went may have to be picked instead of them, if
    /// some did.
    pub(in crate::plan) fn contended(
        &mut self,
        rows: LogicalPlan,
        pick: &Pick,
        holder: Option<&Expr>,
    ) -> Result<(LogicalPlan, Option<Expr>)> {
        let Some(went) = self.contenders(pick, holder.is_some())? else {
            return Ok((rows, None));
        };
        let mut on = vec![self.per(pick).eq(ident(PER))];
        on.extend(holder.map(|holder| coalesce(vec![holder.clone(), lit(NOBODY)]).eq(ident(HOLDER))));
        let before: Vec<Expr> = names(&rows).into_iter().map(ident).collect();
        let windows = coalesce(vec![ident(CONTENDED), lit(0_i64)]).alias(CONTENDED);
        let columns = before.into_iter().chain([windows]).collect::<Vec<_>>();
        let rows = LogicalPlanBuilder::from(rows).join_on(went, JoinType::Left, on)?.project(columns)?.build()?;
        Ok((rows, Some(ident(CONTENDED))))
    }

    /// For whom rows that went may have to be picked, and in which windows; `None` when none went.
    /// Where they stand in the order is not looked at.
    fn contenders(&mut self, pick: &Pick, with_holder: bool) -> Result<Option<LogicalPlan>> {
        if !self.lower.rows.contended {
            return Ok(None);
        }
        let known = self.lower.known;
        let mut all: Option<LogicalPlanBuilder> = None;
        for standing in known.went {
            let Standing::Went { ends_known } = *standing else { continue };
            let indicator = went::indicator(self.model, self.indicator, ends_known);
            let known = Known { standing: *standing, went: &[], ..known };
            let mut build = Build::new(self.model, &indicator, known, self.windows, self.level);
            build.steps = std::mem::take(&mut self.steps);
            let rows = match (pick.ever, pick.each_level) {
                (true, _) => with(build.slice()?, vec![(lit(window_set::all(self.windows)), WINDOWS.to_owned())])?,
                (false, true) => build.rows()?,
                (false, false) => build.cohort(&[])?,
            };
            let mut columns = vec![build.per(pick).alias(PER), ident(WINDOWS)];
            if with_holder {
                columns.push(coalesce(vec![ident(entity(self.level)), lit(NOBODY)]).alias(HOLDER));
            }
            self.steps = build.steps;
            let rows = LogicalPlanBuilder::from(rows).project(columns)?;
            all = Some(match all {
                None => rows,
                Some(before) => before.union(rows.build()?)?,
            });
        }
        let Some(all) = all else { return Ok(None) };
        let of: Vec<String> =
            [PER, HOLDER].iter().take(if with_holder { 2 } else { 1 }).map(|s| (*s).to_owned()).collect();
        let by_whom = all.filter(ident(PER).is_not_null())?.build()?;
        let windows = bit_or(ident(WINDOWS)).alias(CONTENDED);
        Ok(Some(self.settle(aggregate(by_whom, &of, vec![windows])?)?))
    }

    /// Of rows that went: whether it is not known whom a row would be picked for. `None` when rows
    /// are not picked.
    pub(in crate::plan) fn may_be_anybodys(&self) -> Option<Expr> {
        let pick = self.indicator.cohort.pick.as_ref().filter(|_| self.went())?;
        let nobodys = self.per(pick).is_null();
        Some(if pick.each_level && self.level > 0 { nobodys.or(ident(entity(self.level)).is_null()) } else { nobodys })
    }
}
