//! The cohort: which rows of the table count in which windows.

use crate::plan::analysis::{self, asks, outermost, uses_window};
use crate::plan::columns::{CONTENDED, COUNTED, LEAVES, WINDOWS};
use crate::plan::expression::truth::Truth;
use crate::plan::functions::date;
use crate::plan::functions::taken::taken;
use crate::plan::pipeline::answer::Build;
use crate::plan::relational::verbs::{filter, keep_with, narrowed, number_as, with};
use crate::plan::window_set;
use chrono::NaiveDate;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use yardstick_language::ir::{CompareOp, Expr as IrExpr, ExprKind, Missing, Pick, Quantified, Ty};

/// Columns of a pick: the windows a row asks for, those it is sure to have unless a row before it
/// has, those it may have; whether its place in the order is known; what rows before it take,
/// surely or perhaps.
const ASKED: &str = "asked";
const SURE: &str = "sure";
const DOUBTFUL: &str = "doubtful";
const ORDERED: &str = "ordered";
const TAKEN: &str = "taken";
const TAKEN_PERHAPS: &str = "taken.perhaps";
/// Columns of a pick among all rows.
const FIRST: &str = "first";
const CONTESTED: &str = "contested";

impl Build<'_> {
    /// The rows that count or may count in some window, with the set of those windows in
    /// [`WINDOWS`]; where it is not known of every row, with the windows in which it counts in
    /// [`COUNTED`], and those of them in which it may not belong after all in [`LEAVES`].
    /// `also_asked` are answered with the cohort's own quantifiers where they do not depend on the
    /// window.
    pub(in crate::plan) fn cohort(&mut self, also_asked: &[&Quantified]) -> Result<LogicalPlan> {
        let cohort = &self.indicator.cohort;
        let mut rows = self.slice()?;
        if let Some(pick) = self.pick().filter(|p| p.ever) {
            rows = self.pick_ever(rows, pick)?;
        }
        let (fixed, moving): (Vec<&IrExpr>, Vec<&IrExpr>) =
            cohort.condition.conjuncts().into_iter().partition(|c| !c.uses_window());
        let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = fixed.into_iter().partition(|c| asks(c));
        for condition in &plain {
            rows = filter(rows, self.may_hold(condition, self.lower.expr(condition)?))?;
        }
        for condition in &moving {
            if let Some(reach) = self.reach(condition)? {
                rows = filter(rows, self.may_hold(condition, reach))?;
            }
        }
        let mut early = Vec::new();
        cohort.condition.conjuncts().iter().for_each(|c| outermost(c, &mut early));
        early.retain(|q| !uses_window(q));
        for q in also_asked.iter().filter(|q| !uses_window(q)) {
            if !early.iter().any(|e| e.row == q.row) {
                early.push(q);
            }
        }
        rows = self.answer(rows, &[self.row_key()], &early, &asking)?;
        for condition in &asking {
            rows = filter(rows, self.may_hold(condition, self.lower.expr(condition)?))?;
        }
        let doubtful: Vec<&IrExpr> =
            plain.into_iter().chain(asking).filter(|c| self.lower.rows.may_be_unknown(c)).collect();
        rows = self.in_windows(rows, &moving, &doubtful)?;
        match self.pick().filter(|p| !p.ever && !p.each_level) {
            Some(pick) => self.pick_in_windows(rows, pick, None),
            None => Ok(rows),
        }
    }

    /// The rows with the windows in which the conditions may hold, those that ask about linked rows
    /// last. The fixed ones are not false.
    fn in_windows(&mut self, rows: LogicalPlan, moving: &[&IrExpr], fixed: &[&IrExpr]) -> Result<LogicalPlan> {
        let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = moving.iter().copied().partition(|c| asks(c));
        let truth = self.lower.truth_of_all(&plain, self.windows)?;
        let mut columns = vec![(self.may(&plain, &truth), WINDOWS.to_owned())];
        if self.in_doubt {
            let (mut sure, mut leaves) = (truth.yes & self.lower.truth_of_all(fixed, self.windows)?.yes, lit(0_i64));
            if self.went() {
                sure = lit(0_i64);
            } else if self.pick().is_some_and(|p| p.ever) {
                (sure, leaves) = (sure & ident(FIRST), ident(CONTESTED));
            }
            columns.extend([(sure, COUNTED.to_owned()), (leaves, LEAVES.to_owned())]);
        }
        let rows = self.counted(with(rows, columns)?)?;
        if asking.is_empty() {
            return Ok(rows);
        }
        let mut asked = Vec::new();
        asking.iter().for_each(|c| outermost(c, &mut asked));
        asked.retain(|q| uses_window(q));
        let rows = self.answer(rows, &[self.row_key()], &asked, &asking)?;
        let truth = self.lower.truth_of_all(&asking, self.windows)?;
        let may = self.may(&asking, &truth);
        self.counted(narrowed(rows, &[(WINDOWS, may), (COUNTED, truth.yes)])?)
    }

    /// What passes every row of which a condition, or a weaker one, is true or unknown.
    fn may_hold(&self, condition: &IrExpr, holds: Expr) -> Expr {
        if self.lower.rows.may_be_unknown(condition) { holds.is_not_false() } else { holds }
    }

    /// The windows in which conditions hold or are not known.
    fn may(&self, conditions: &[&IrExpr], truth: &Truth) -> Expr {
        let open = conditions.iter().any(|c| self.lower.rows.may_be_unknown(c));
        if open { window_set::not(truth.no.clone(), self.windows) } else { truth.yes.clone() }
    }

    /// Only the rows that may count in some window.
    fn counted(&self, rows: LogicalPlan) -> Result<LogicalPlan> {
        filter(rows, ident(WINDOWS).not_eq(lit(0_i64)))
    }

    /// The name of the column that numbers the cohort's rows.
    pub(in crate::plan) fn row_key(&self) -> String {
        self.lower.rows.row_name(yardstick_language::ir::RowId::COHORT, &[])
    }

    /// A weaker condition without the window, true or unknown of every row that may count in any
    /// window; `None` when there is none.
    fn reach(&self, condition: &IrExpr) -> Result<Option<Expr>> {
        match &condition.kind {
            ExprKind::InWindow(day) if !day.uses_window() && !asks(day) => {
                let first = self.windows.iter().map(|w| w.start).min();
                let end = self.windows.iter().map(|w| w.end).max();
                let Some((first, end)) = first.zip(end) else { return Ok(None) };
                let value = self.lower.comparable(day)?;
                Ok(Some(value.clone().gt_eq(date::day(first)).and(value.lt(date::day(end)))))
            }
            ExprKind::Compare { op, left, right } => {
                let Some((op, fixed, moving)) =
                    analysis::sides(*op, left, right).filter(|(_, fixed, _)| fixed.ty == Ty::Date)
                else {
                    return Ok(None);
                };
                let days: Option<Vec<NaiveDate>> = self.windows.iter().map(|w| analysis::point(moving, *w)).collect();
                let Some(days) = days.filter(|_| !asks(fixed)) else { return Ok(None) };
                let limit = match op {
                    CompareOp::Lt | CompareOp::Le => days.iter().max(),
                    CompareOp::Gt | CompareOp::Ge => days.iter().min(),
                    CompareOp::Eq | CompareOp::Ne => None,
                };
                let Some(limit) = limit else { return Ok(None) };
                let limit = IrExpr { kind: ExprKind::Date(*limit), ty: Ty::Date, missing: Missing::Never };
                let weaker = ExprKind::Compare { op, left: Box::new(fixed.clone()), right: Box::new(limit) };
                Ok(Some(self.lower.expr(&IrExpr { kind: weaker, ty: Ty::Bool, missing: condition.missing })?))
            }
            _ => Ok(None),
        }
    }

    /// Keeps the first of all rows for each `pick.per`, or those that may be it: then [`FIRST`]
    /// says where a row is, as far as is known, and [`CONTESTED`] where another may be instead.
    fn pick_ever(&mut self, rows: LogicalPlan, pick: &Pick) -> Result<LogicalPlan> {
        let sets = [(WINDOWS, 1_i64), (COUNTED, 1), (LEAVES, 0)];
        let sets = sets.into_iter().take(if self.in_doubt { 3 } else { 1 });
        let rows = with(rows, sets.map(|(name, set)| (lit(set), name.to_owned())).collect())?;
        let rows = self.pick_in_windows(rows, pick, None)?;
        let everywhere =
            |name: &str| when(ident(name).not_eq(lit(0_i64)), lit(window_set::all(self.windows))).otherwise(lit(0_i64));
        let told = match self.in_doubt {
            true => vec![(everywhere(COUNTED)?, FIRST.to_owned()), (everywhere(LEAVES)?, CONTESTED.to_owned())],
            false => Vec::new(),
        };
        keep_with(rows, |name| ![WINDOWS, COUNTED, LEAVES].contains(&name), told)
    }

    /// The first row for each `pick.per` (and each holder, where one is given) in every window: a
    /// row keeps the windows that no row before it has. Nothing is left to a row whose `per` is
    /// missing; an open end is no missing order.
    pub(in crate::plan) fn pick_in_windows(
        &mut self,
        rows: LogicalPlan,
        pick: &Pick,
        holder: Option<Expr>,
    ) -> Result<LogicalPlan> {
        if self.in_doubt {
            return self.pick_in_doubt(rows, pick, holder.as_ref());
        }
        let asked = when(self.per(pick).is_not_null(), ident(WINDOWS)).otherwise(lit(0_i64))?;
        let rows = with(rows, vec![(asked, ASKED.to_owned())])?;
        let asked = || ident(ASKED);
        let taken = taken(self.per(pick), holder, asked(), asked(), self.order(pick)?, pick.last);
        let rows = number_as(rows, taken, TAKEN)?;
        let free = ident(ASKED) & window_set::none_of(ident(TAKEN));
        self.counted(keep_with(
            rows,
            |name| ![WINDOWS, ASKED, TAKEN].contains(&name),
            vec![(free, WINDOWS.to_owned())],
        )?)
    }

    /// The same where it is not known of every row whether it counts, or where it stands in the
    /// order: then it may stand before all others.
    ///
    /// A row that surely counts leaves nothing to those after it. A row that may count, and is not
    /// after such a one, keeps its windows, but is not counted in them; the row that is counted
    /// instead may leave them.
    fn pick_in_doubt(&mut self, rows: LogicalPlan, pick: &Pick, holder: Option<&Expr>) -> Result<LogicalPlan> {
        let mut ordered = lit(true);
        for by in pick.by.iter().filter(|by| self.lower.rows.may_order_unknown(by)) {
            ordered = ordered.and(self.lower.expr(by)?.is_not_null());
        }
        let none = || lit(0_i64);
        let asked = when(self.per(pick).is_not_null(), ident(WINDOWS)).otherwise(none())?;
        let sure = when(ordered.clone(), ident(COUNTED)).otherwise(none())?;
        let first = if pick.last { !ordered } else { ordered };
        let columns = vec![(asked, ASKED.to_owned()), (sure, SURE.to_owned()), (first, ORDERED.to_owned())];
        let rows = with(rows, columns)?;
        let columns = vec![
            (ident(ASKED) & ident(SURE), SURE.to_owned()),
            (ident(ASKED) & window_set::none_of(ident(SURE)), DOUBTFUL.to_owned()),
        ];
        let rows = keep_with(rows, |name| name != SURE, columns)?;
        let order = || -> Result<Vec<Expr>> { Ok(std::iter::once(ident(ORDERED)).chain(self.order(pick)?).collect()) };
        let by = |set| -> Result<Expr> {
            Ok(taken(self.per(pick), holder.cloned(), ident(ASKED), ident(set), order()?, pick.last))
        };
        let rows = number_as(number_as(rows, by(SURE)?, TAKEN)?, by(DOUBTFUL)?, TAKEN_PERHAPS)?;
        let (rows, contended) = self.contended(rows, pick, holder)?;
        let free = |set| ident(set) & window_set::none_of(ident(TAKEN));
        let leaves = free(SURE) & (ident(LEAVES) | ident(TAKEN_PERHAPS));
        let leaves = contended.map_or(leaves.clone(), |contended| leaves | free(SURE) & contended);
        let sets = [(free(ASKED), WINDOWS), (free(SURE), COUNTED), (leaves, LEAVES)];
        let gone = [WINDOWS, COUNTED, LEAVES, ASKED, SURE, DOUBTFUL, ORDERED, TAKEN, TAKEN_PERHAPS, CONTENDED];
        let sets = sets.into_iter().map(|(set, name)| (set, name.to_owned()));
        self.counted(keep_with(rows, |name| !gone.contains(&name), sets.collect())?)
    }

    pub(in crate::plan) fn per(&self, pick: &Pick) -> Expr {
        ident(self.lower.rows.row_name(yardstick_language::ir::RowId::COHORT, &pick.per))
    }

    /// What is picked stands first; of a pick of the last, the order is read backwards.
    fn order(&self, pick: &Pick) -> Result<Vec<Expr>> {
        let by = pick.by.iter().map(|by| self.lower.comparable(by)).collect::<Result<Vec<_>>>()?;
        Ok(by.into_iter().chain([ident(self.row_key())]).collect())
    }
}
