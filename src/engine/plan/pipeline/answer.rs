//! The whole chain of one indicator, and its two answers: counts by window and entity, or the rows
//! behind them.

use crate::plan::analysis::{self, outermost, uses_window};
use crate::plan::columns::{AMOUNT, AT, EXCLUDED, EXPOSURE, HELD, MET, ROW, UNSURE, entity};
use crate::plan::expression::lower::Lower;
use crate::plan::relational::rows::Rows;
use crate::plan::relational::verbs::{filter, names, scan, with};
use crate::plan::{Known, Standing, Step};
use datafusion::arrow::datatypes::Schema;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
use datafusion::scalar::ScalarValue;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, Expr as IrExpr, ExprKind, Indicator, Pick, Quantified, RowId, still_open, went};
use yardstick_language::model::{ColumnId, Model, TableId};

/// Steps to run in order, and the plan that gives the answer.
#[derive(Debug, Clone)]
pub struct Plan {
    /// To run first, in this order.
    pub steps: Vec<Step>,
    /// The answer.
    pub answer: LogicalPlan,
    /// What its rows are.
    pub shape: Shape,
}

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One for each combination of entities; its counts and sums are lists with a number for every
    /// window.
    Lists,
    /// One for each combination of entities, window and value; its counts and sums are numbers.
    Sums,
    /// One for each row of the cohort.
    Rows,
}

/// A column that the definition looks at, of the cohort row or of a linked row that decided, in the
/// answer of [`cases`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// As in the text: `exited_on`, `child.born_on`; of a linked row that decided, after its table:
    /// `removal.removed_on`.
    pub name: String,
    /// Its column in the answer.
    pub column: String,
    /// The table it is a column of.
    pub table: TableId,
    /// The column.
    pub id: ColumnId,
}

/// What is needed while the chain of one indicator is built.
pub(in crate::plan) struct Build<'a> {
    pub(in crate::plan) model: &'a Model,
    pub(in crate::plan) indicator: &'a Indicator,
    pub(in crate::plan) windows: &'a [Window],
    pub(in crate::plan) lower: Lower<'a>,
    /// The counts that are compared in sets (see `counted`).
    pub(in crate::plan) compared_counts: BTreeSet<RowId>,
    /// Whether each row stands for one window, whose days it has in columns.
    pub(in crate::plan) is_split: bool,
    /// The level asked about, of an indicator of which each is measured by itself.
    pub(in crate::plan) level: usize,
    /// Whether each answer of a quantifier comes with a row that gave it.
    pub(in crate::plan) witnesses: bool,
    /// Whether it may be unknown of a row whether it is in the cohort: then rows have the sets
    /// [`COUNTED`] and [`LEAVES`].
    pub(in crate::plan) in_doubt: bool,
    pub(in crate::plan) steps: Vec<Step>,
}

/// The counts of an indicator in all windows, [`super::at_once`] at most: one row per combination
/// of entities, with the columns [`entity`] of every level, and the counts
/// [`COHORT`](super::columns::COHORT), [`excluded`](super::columns::excluded),
/// [`DENOMINATOR`](super::columns::DENOMINATOR), [`MET`],
/// [`UNDETERMINED`](super::columns::UNDETERMINED), and where a row may be unsure those of
/// [`DOUBTS`](super::DOUBTS). Of a proportion each is a list with a number for every window
/// (Int64); where rows are split by windows, see `amounts`. The counts are those of every level
/// together, or of `level` alone when every level is measured by itself.
///
/// # Errors
/// When DataFusion refuses a plan: a fault of ours, since the program was checked.
pub fn counts(model: &Model, indicator: &Indicator, known: Known, windows: &[Window], level: usize) -> Result<Plan> {
    let indicator = of_standing(model, indicator, known);
    let mut build = Build::new(model, &indicator, known, windows, level);
    let rows = build.rows()?;
    let (answer, shape) = match build.is_split {
        true => (build.sums(rows)?, Shape::Sums),
        false => (build.tallies(rows)?, Shape::Lists),
    };
    Ok(Plan { steps: build.steps, answer, shape })
}

/// The rows of the cohort in one window, and those that may be in it, sorted, with the columns
/// [`ROW`], [`EXCLUDED`], [`MET`], [`AMOUNT`], [`EXPOSURE`], [`AT`], [`HELD`], [`UNSURE`],
/// [`entity`] of every level and one for each fact; those of `level`, when every level is measured
/// by itself.
///
/// # Errors
/// As [`counts`].
pub fn cases(
    model: &Model,
    indicator: &Indicator,
    known: Known,
    window: Window,
    level: usize,
) -> Result<(Plan, Vec<Fact>)> {
    let windows = [window];
    let asked = of_standing(model, indicator, known);
    let mut build = Build::new(model, &asked, known, &windows, level);
    build.witnesses = true;
    // The same of all rows, whatever is asked of those that went.
    indicator.expressions().for_each(|e| build.lower.rows.need(e));
    let mut facts = build.facts(indicator);
    let rows = build.rows()?;
    let mut judged = vec![(build.exclusion()?, EXCLUDED.to_owned())];
    judged.extend(build.outcome()?);
    judged.extend(build.membership()?);
    let mut rows = build.attributed(with(rows, judged)?)?;
    for q in build.asked().into_iter().filter(|q| q.ask == Ask::Some) {
        rows = build.join_witness(rows, q)?;
        facts.extend(build.witness_facts(q));
    }
    let row = build.row_key();
    // What came in doubt and goes for an exclusion is nobody's business.
    let rows = filter(rows, ident(HELD).or(ident(UNSURE)))?;
    let columns = [EXCLUDED, MET, AMOUNT, EXPOSURE, AT, HELD, UNSURE].map(ident).into_iter();
    let columns = std::iter::once(ident(&row).alias(ROW))
        .chain(columns)
        .chain((1..model.levels.len()).map(|l| ident(entity(l))))
        .chain(facts.iter().map(|f| ident(&f.column)));
    let answer = LogicalPlanBuilder::from(rows)
        .project(columns.collect::<Vec<_>>())?
        .sort([ident(ROW).sort(true, false)])?
        .build()?;
    Ok((Plan { steps: build.steps, answer, shape: Shape::Rows }, facts))
}

/// The indicator as it is asked of the rows that stand for those of the cohort.
fn of_standing<'a>(model: &Model, indicator: &'a Indicator, known: Known) -> Cow<'a, Indicator> {
    let indicator = match indicator.as_it_stands {
        false => Cow::Borrowed(indicator),
        true => Cow::Owned(still_open::indicator(model, indicator)),
    };
    match known.standing {
        Standing::InUse => indicator,
        Standing::Went { ends_known } => Cow::Owned(went::indicator(model, &indicator, ends_known)),
    }
}

impl<'a> Build<'a> {
    pub(in crate::plan) fn new(
        model: &'a Model,
        indicator: &'a Indicator,
        known: Known<'a>,
        windows: &'a [Window],
        level: usize,
    ) -> Self {
        let mut rows = Rows::new(model, indicator.cohort.table, &known);
        for expr in indicator.expressions() {
            rows.need(expr);
        }
        if let Some(pick) = &indicator.cohort.pick {
            rows.need_row(RowId::COHORT, &pick.per);
        }
        let lower = Lower {
            rows,
            known,
            business: model.business,
            elsewhere: analysis::days_elsewhere(indicator),
            lists: windows.len() > 1,
        };
        let in_doubt = lower.rows.may_leave_open(&indicator.cohort);
        let mut compared_counts = BTreeSet::new();
        indicator.expressions().for_each(|e| analysis::compared_counts(e, &mut compared_counts));
        let (is_split, witnesses, steps) = (false, false, Vec::new());
        let mut build =
            Self { model, indicator, windows, lower, compared_counts, is_split, level, witnesses, in_doubt, steps };
        let plain = build.plain_steps();
        build.lower.rows.need_row(RowId::COHORT, &plain);
        if let Some(above) = build.own_holder() {
            build.lower.rows.need_row(RowId::COHORT, &[above]);
        }
        build
    }

    /// Whether rows that went stand for those of the cohort.
    pub(in crate::plan) fn went(&self) -> bool {
        self.lower.known.standing.went()
    }

    /// The pick, if rows are picked: each row that went may be the one, or none.
    pub(in crate::plan) fn pick(&self) -> Option<&'a Pick> {
        self.indicator.cohort.pick.as_ref().filter(|_| !self.went())
    }

    pub(in crate::plan) fn model(&self) -> &'a Model {
        self.model
    }

    /// The rows of the cohort with the windows in which they count, and every quantifier answered.
    pub(in crate::plan) fn rows(&mut self) -> Result<LogicalPlan> {
        let mut asked = self.asked();
        let rows = self.cohort(&asked)?;
        asked.retain(|q| uses_window(q));
        let rows = if analysis::splits(self.indicator) {
            self.split_and_answer(rows, &asked)?
        } else {
            self.answer(rows, &[self.row_key()], &asked, &[])?
        };
        if self.indicator.by_level() { self.of_level(rows) } else { Ok(rows) }
    }

    /// The rows with their holders, which those of a single level have already.
    pub(in crate::plan) fn attributed(&mut self, rows: LogicalPlan) -> Result<LogicalPlan> {
        if self.indicator.by_level() { Ok(rows) } else { self.attribute(rows) }
    }

    /// A value in the row's window, or in the only one there is.
    pub(in crate::plan) fn value(&self, e: &IrExpr) -> Result<Expr> {
        match self.windows {
            [window] if !self.is_split => self.lower.expr_in(e, 0, *window),
            _ => self.lower.expr(e),
        }
    }

    /// The outermost quantifiers of the exclusions, of what is measured and of the day of
    /// attribution.
    fn asked(&self) -> Vec<&'a Quantified> {
        let indicator: &'a Indicator = self.indicator;
        let mut asked = Vec::new();
        indicator.exclusions.iter().for_each(|x| outermost(&x.condition, &mut asked));
        indicator.measure.expressions().into_iter().for_each(|e| outermost(e, &mut asked));
        outermost(&indicator.attribution.at, &mut asked);
        asked
    }

    /// The number of the first exclusion that is true in the row's window.
    pub(in crate::plan) fn exclusion(&self) -> Result<Expr> {
        let nothing = || Expr::Literal(ScalarValue::Int32(None), None);
        let mut number = nothing();
        for (i, exclusion) in self.indicator.exclusions.iter().enumerate().rev() {
            let i = lit(i32::try_from(i).unwrap_or(i32::MAX));
            number = when(self.value(&exclusion.condition)?, i).otherwise(number)?;
        }
        Ok(number)
    }

    /// The cohort row's columns in the order of first mention.
    fn facts(&self, indicator: &Indicator) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        let mut add = |links: &[ColumnId], id: ColumnId| {
            let column = self.lower.rows.column_name(RowId::COHORT, links, id);
            if facts.iter().all(|f| f.column != column) {
                let name = column.split_once('.').map_or(column.clone(), |(_, rest)| rest.to_owned());
                let table = self.lower.rows.table_at(RowId::COHORT, links);
                facts.push(Fact { name, column, table, id });
            }
        };
        let per = indicator.cohort.pick.as_ref().and_then(|p| p.per.split_last());
        if let Some((last, before)) = per {
            add(before, *last);
        }
        for expr in indicator.expressions() {
            expr.walk(&mut |e| match &e.kind {
                ExprKind::Column { row: RowId::COHORT, links, column } => add(links, *column),
                ExprKind::Row { row: RowId::COHORT, links } => {
                    if let Some((last, before)) = links.split_last() {
                        add(before, *last);
                    }
                }
                ExprKind::Some(q) if q.owner == RowId::COHORT && q.via.is_some() => {
                    if let Some((last, before)) = q.owner_links.split_last() {
                        add(before, *last);
                    }
                }
                _ => {}
            });
        }
        facts.retain(|f| !f.name.ends_with(crate::store::ROW));
        facts
    }

    /// Makes the plan a step of its own, so that it may be used more than once.
    pub(in crate::plan) fn settle(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let name = format!("{}#{}", self.indicator.id, self.steps.len() + 1);
        let schema: &Schema = plan.schema().as_arrow();
        let columns = names(&plan).into_iter().map(|n| (n.clone(), n)).collect::<Vec<_>>();
        let settled = scan(&name, &Arc::new(schema.clone()), &columns)?;
        self.steps.push(Step { name, plan });
        Ok(settled)
    }
}
