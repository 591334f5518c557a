//! What every step of a chain is handed. No step changes it; what a step makes for others to use
//! twice goes into [`Steps`](super::steps::Steps).

use crate::plan::analysis;
use crate::plan::expression::scope::Scope;
use crate::plan::relational::row_variables::RowVariables;
use crate::plan::{RunContext, Standing};
use datafusion::logical_expr::{Expr, ident};
use std::collections::BTreeSet;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, LinkedQuery, Pick, RowId};
use yardstick_language::model::{ColumnId, Model};

/// One indicator in its windows, as it is asked of one kind of rows.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Context<'a> {
    pub(in crate::plan) model: &'a Model,
    pub(in crate::plan) indicator: &'a Indicator,
    /// What its expressions are lowered in.
    pub(in crate::plan) scope: Scope<'a>,
    /// The level asked about, of an indicator of which each is measured by itself.
    pub(in crate::plan) level: usize,
    /// The counts that are compared in sets (see `count_threshold`).
    pub(in crate::plan) compared_counts: BTreeSet<RowId>,
    /// Whether each answer of a quantifier comes with a row that gave it.
    pub(in crate::plan) witnesses: bool,
    /// Whether it may be unknown of a row whether it is in the cohort: then rows have the sets
    /// [`COUNTED`](crate::plan::columns::COUNTED) and [`LEAVES`](crate::plan::columns::LEAVES).
    pub(in crate::plan) in_doubt: bool,
}

impl<'a> Context<'a> {
    /// The context of rows with the set of their windows, and without witnesses.
    pub(in crate::plan) fn new(
        model: &'a Model,
        indicator: &'a Indicator,
        run: RunContext<'a>,
        windows: &'a [Window],
        level: usize,
    ) -> Self {
        let mut rows = RowVariables::new(model, indicator.cohort.table, &run);
        for expr in indicator.expressions() {
            rows.need(expr);
        }
        if let Some(pick) = &indicator.cohort.pick {
            rows.need_row(RowId::COHORT, &pick.per);
        }
        rows.need_row(RowId::COHORT, &analysis::plain_links(&indicator.attribution));
        let in_doubt = rows.may_leave_open(&indicator.cohort);
        let mut compared_counts = BTreeSet::new();
        indicator.expressions().for_each(|e| analysis::compared_counts(e, &mut compared_counts));
        let elsewhere = analysis::days_elsewhere(indicator);
        let scope = Scope { rows, run, business: model.business, elsewhere, windows, is_split: false };
        let mut ctx = Self { model, indicator, scope, level, compared_counts, witnesses: false, in_doubt };
        if let Some(above) = ctx.own_holder() {
            ctx.scope.rows.need_row(RowId::COHORT, &[above]);
        }
        ctx
    }

    /// The context of the same rows once they are split by windows.
    pub(in crate::plan) fn split(&self) -> Self {
        let mut split = self.clone();
        split.scope.is_split = true;
        split
    }

    /// The context in which rows that went stand for those that a question is about.
    pub(in crate::plan) fn of_went(&self, asked: &LinkedQuery, standing: Standing) -> Self {
        let mut of_went = self.clone();
        of_went.scope.rows.need(&asked.condition);
        of_went.scope.rows.stand_in(asked.row, standing);
        of_went.witnesses = false;
        of_went
    }

    pub(in crate::plan) fn windows(&self) -> &'a [Window] {
        self.scope.windows
    }

    /// Whether rows that went stand for those of the cohort.
    pub(in crate::plan) fn went(&self) -> bool {
        self.scope.run.standing.went()
    }

    /// The pick, if rows are picked: each row that went may be the one, or none.
    pub(in crate::plan) fn pick(&self) -> Option<&'a Pick> {
        self.indicator.cohort.pick.as_ref().filter(|_| !self.went())
    }

    /// Of rows that went, where rows are picked among all of their table: whether it is not known
    /// for what one would be picked. Then it may be picked whatever the condition of the cohort is.
    pub(in crate::plan) fn strangers(&self) -> Option<Expr> {
        let pick = self.indicator.cohort.pick.as_ref().filter(|pick| pick.ever && self.went())?;
        Some(self.per(pick).is_null())
    }

    /// The column of what rows are picked for.
    pub(in crate::plan) fn per(&self, pick: &Pick) -> Expr {
        ident(self.scope.rows.row_name(RowId::COHORT, &pick.per))
    }

    /// The name of the column that numbers the cohort's rows.
    pub(in crate::plan) fn row_key(&self) -> String {
        self.scope.rows.row_name(RowId::COHORT, &[])
    }

    /// Of a row that went and would be an entity itself, the link to the one above it.
    pub(in crate::plan) fn own_holder(&self) -> Option<ColumnId> {
        analysis::own_holder(self.model, &self.indicator.attribution).filter(|_| self.went())
    }
}
