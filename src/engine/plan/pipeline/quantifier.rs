//! Questions about linked rows: a join on the link and one aggregate, never a subquery.
//!
//! `some` is true when the condition is true of a row, else unknown when it is unknown of one, else
//! false. So the join keeps the rows of which the condition is not false, and the largest of 2
//! (true) and 1 (unknown) answers; no row is false.

use crate::plan::analysis::{is_some_of, mentions, outer_rows, outermost, uses_window};
use crate::plan::columns::{WINDOWS, answer_name, set_names, witness_name};
use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::among::answered;
use crate::plan::pipeline::answer::{Build, Fact};
use crate::plan::pipeline::counted;
use crate::plan::relational::verbs::{aggregate, filter, keep, keyed, names, with};
use crate::plan::window_set;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{bit_and, bit_or, max, min};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
use yardstick_language::ir::{Ask, Expr as IrExpr, ExprKind, Quantified, RowId};

impl Build<'_> {
    /// The plan with one more column for the answer of each quantifier. `keys` name each row of the
    /// plan uniquely. Rows for which one of the conditions is surely false, as no linked row may
    /// pass, need not be there any more.
    pub(in crate::plan) fn answer(
        &mut self,
        plan: LogicalPlan,
        keys: &[String],
        asked: &[&Quantified],
        conditions: &[&IrExpr],
    ) -> Result<LogicalPlan> {
        if asked.is_empty() {
            return Ok(plan);
        }
        let base = self.settle(plan)?;
        let mut answered = base.clone();
        for q in asked {
            let answers = self.answers(base.clone(), keys, q)?;
            // Of a row without an owner it is not known whether a linked row passes.
            let needed = conditions.iter().any(|c| is_some_of(c, q)) && self.without_owner(q).is_none();
            let join = if needed { JoinType::Inner } else { JoinType::Left };
            answered = self.join_answers(answered, keys, answers, q, join)?;
        }
        Ok(answered)
    }

    /// Whether a row has no owner whose rows could be asked about; `None` when every row has one.
    pub(in crate::plan) fn without_owner(&self, q: &Quantified) -> Option<Expr> {
        q.via?;
        let from = self.lower.rows.table_at(q.owner, &[]);
        let may_be_missing =
            self.went() && q.owner == RowId::COHORT || self.model.may_lead_nowhere(from, &q.owner_links);
        may_be_missing.then(|| ident(self.lower.rows.row_name(q.owner, &q.owner_links)).is_null())
    }

    /// Whether the answer is a pair of sets of windows: before the rows are split by them.
    fn in_sets(&self, q: &Quantified) -> bool {
        uses_window(q) && !self.is_split
    }

    /// Joins the columns of the row that gave a quantifier's answer.
    pub(in crate::plan) fn join_witness(&self, plan: LogicalPlan, q: &Quantified) -> Result<LogicalPlan> {
        let witness = self.lower.rows.relation(q.row)?;
        let on = ident(witness_name(q)).eq(ident(self.lower.rows.row_name(q.row, &[])));
        LogicalPlanBuilder::from(plan).join_on(witness, JoinType::Left, [on])?.build()
    }

    /// What [`Build::join_witness`] adds, named after the row's table.
    pub(in crate::plan) fn witness_facts(&self, q: &Quantified) -> Vec<Fact> {
        let table = self.model.table(q.table);
        let fact = |name: String, links: &[_], id| Fact {
            name,
            column: self.lower.rows.column_name(q.row, links, id),
            table: self.lower.rows.table_at(q.row, links),
            id,
        };
        let mut facts: Vec<Fact> = table.key.iter().map(|key| fact(table.name.clone(), &[], *key)).collect();
        q.condition.walk(&mut |e| {
            if let ExprKind::Column { row, links, column } = &e.kind
                && *row == q.row
            {
                let path = links.iter().enumerate().map(|(i, link)| {
                    let at = self.lower.rows.table_at(q.row, &links[..i]);
                    self.model.table(at).column(*link).name.as_str()
                });
                let last = &self.model.table(self.lower.rows.table_at(q.row, links)).column(*column).name;
                let words: Vec<&str> =
                    std::iter::once(table.name.as_str()).chain(path).chain([last.as_str()]).collect();
                let fact = fact(words.join("."), links, *column);
                if facts.iter().all(|f| f.column != fact.column) {
                    facts.push(fact);
                }
            }
        });
        facts
    }

    /// For the keys of which some linked row passes or may pass: 2 when one passes, else 1. Where
    /// the answer depends on the window, the windows in which one passes, and those in which none
    /// may.
    fn answers(&mut self, base: LogicalPlan, keys: &[String], q: &Quantified) -> Result<LogicalPlan> {
        let joined = self.possible(base, keys, q)?;
        if self.counts_in_sets(q) {
            return self.times(joined, keys, q);
        }
        if self.in_lists(q) {
            return self.among_in_each(joined, keys, q);
        }
        if q.ask != Ask::Some {
            let passes = self.value(&q.condition)?;
            let (pairs, columns) = self.among(joined, q, passes)?;
            return keyed(aggregate(pairs, keys, columns)?, keys);
        }
        let own_key = self.lower.rows.row_name(q.row, &[]);
        let (mut columns, passes) = if self.in_sets(q) {
            let truth = self.lower.truth(&q.condition, self.windows)?;
            let passes = truth.yes.clone().not_eq(lit(0_i64));
            (vec![bit_or(truth.yes).alias("yes"), bit_and(truth.no).alias("no")], passes)
        } else {
            let condition = self.lower.expr(&q.condition)?;
            let passes = when(condition.clone(), lit(2)).otherwise(lit(1))?;
            (vec![max(passes).alias("answer")], condition)
        };
        if self.witnesses {
            let surely = when(passes, ident(&own_key)).end()?;
            columns.push(coalesce(vec![min(surely), min(ident(&own_key))]).alias("witness"));
        }
        keyed(aggregate(joined, keys, columns)?, keys)
    }

    /// Pairs of a row and a row linked to it that may pass, with the answers of the quantifiers
    /// inside.
    pub(in crate::plan) fn possible(
        &mut self,
        base: LogicalPlan,
        keys: &[String],
        q: &Quantified,
    ) -> Result<LogicalPlan> {
        let mut inner = Vec::new();
        outermost(&q.condition, &mut inner);
        q.ask.values().into_iter().for_each(|v| outermost(v, &mut inner));
        let (alone, together): (Vec<&Quantified>, Vec<&Quantified>) =
            inner.into_iter().partition(|i| !uses_window(i) && outer_rows(i).iter().all(|row| *row == q.row));
        let own_key = self.lower.rows.row_name(q.row, &[]);
        let mut joined = self.join_linked(base, q, &alone)?;
        let (now, later): (Vec<&IrExpr>, Vec<&IrExpr>) =
            q.condition.conjuncts().into_iter().partition(|c| !mentions(c, &together));
        joined = self.filter_possible(joined, &now)?;
        if !together.is_empty() {
            let pair_keys = keys.iter().cloned().chain([own_key]).collect::<Vec<_>>();
            joined = self.answer(joined, &pair_keys, &together, &later)?;
            joined = self.filter_possible(joined, &later)?;
        }
        Ok(joined)
    }

    /// Pairs of a row and a row linked to it, with the answers of the quantifiers that the linked
    /// row `alone` decides.
    ///
    /// Where its links lead is looked up after the join, for the few rows that are linked to one of
    /// the plan's.
    fn join_linked(&mut self, base: LogicalPlan, q: &Quantified, alone: &[&Quantified]) -> Result<LogicalPlan> {
        let own_key = self.lower.rows.row_name(q.row, &[]);
        let mut on = Vec::new();
        if let Some(via) = q.via {
            let owner = ident(self.lower.rows.row_name(q.owner, &q.owner_links));
            on.push(owner.eq(ident(self.lower.rows.column_name(q.row, &[], via))));
        }
        if let Some(other) = q.other_than {
            on.push(ident(self.lower.rows.row_name(other, &[])).not_eq(ident(&own_key)));
        }
        let pairs = |base, linked, on: Vec<Expr>| {
            let base = LogicalPlanBuilder::from(base);
            if on.is_empty() { base.cross_join(linked)? } else { base.join_on(linked, JoinType::Inner, on)? }.build()
        };
        if alone.is_empty() {
            let linked = self.lower.rows.own_columns(q.row)?;
            return self.lower.rows.follow_links(pairs(base, linked, on)?, q.row);
        }
        let linked = self.lower.rows.relation(q.row)?;
        let linked = self.answer(linked, std::slice::from_ref(&own_key), alone, &q.condition.conjuncts())?;
        pairs(base, linked, on)
    }

    /// Drops pairs of which one of the conditions is surely false, in every window in which the row
    /// counts.
    fn filter_possible(&self, mut pairs: LogicalPlan, conditions: &[&IrExpr]) -> Result<LogicalPlan> {
        let (moving, fixed): (Vec<&IrExpr>, Vec<&IrExpr>) =
            conditions.iter().partition(|c| c.uses_window() && !self.is_split);
        for condition in fixed {
            pairs = filter(pairs, self.lower.expr(condition)?.is_not_false())?;
        }
        if moving.is_empty() {
            return Ok(pairs);
        }
        let truth = self.lower.truth_of_all(&moving, self.windows)?;
        filter(pairs, (ident(WINDOWS) & window_set::not(truth.no, self.windows)).not_eq(lit(0_i64)))
    }

    pub(in crate::plan) fn join_answers(
        &self,
        plan: LogicalPlan,
        keys: &[String],
        answers: LogicalPlan,
        q: &Quantified,
        join: JoinType,
    ) -> Result<LogicalPlan> {
        let before = names(&plan);
        let on = keys.iter().map(|k| ident(k).eq(ident(format!("key.{k}")))).collect::<Vec<_>>();
        let joined = LogicalPlanBuilder::from(plan).join_on(answers, join, on)?.build()?;
        let nobody = self.without_owner(q);
        let mut more = if self.counts_in_sets(q) {
            counted::joined(q, nobody)?
        } else if self.in_lists(q) {
            self.answered_in_each(q, nobody)?
        } else if q.ask != Ask::Some {
            answered(q, nobody)?
        } else if self.in_sets(q) {
            let (yes, no) = set_names(q);
            let none = coalesce(vec![ident("no"), lit(window_set::all(self.windows))]);
            let none = match nobody {
                Some(nobody) => when(nobody, lit(0_i64)).otherwise(none)?,
                None => none,
            };
            vec![(coalesce(vec![ident("yes"), lit(0_i64)]), yes), (none, no)]
        } else {
            let unknown = Expr::Literal(datafusion::scalar::ScalarValue::Boolean(None), None);
            let none = nobody.map_or(ident("answer").is_null(), |nobody| ident("answer").is_null().and(!nobody));
            let passed = when(ident("answer").eq(lit(2)), lit(true));
            vec![({ passed }.when(none, lit(false)).otherwise(unknown)?, answer_name(q))]
        };
        if names(&joined).iter().any(|n| n == "witness") {
            more.push((ident("witness"), witness_name(q)));
        }
        let added: Vec<String> = more.iter().map(|(_, name)| name.clone()).collect();
        let answered = with(joined, more)?;
        keep(answered, |n| added.iter().chain(&before).any(|kept| kept == n))
    }
}
