//! What the definition looked at of a row behind a cell, and of the linked rows that decided.

use crate::plan::columns::witness_name;
use crate::plan::pipeline::context::Context;
use crate::plan::relational::verbs::join;
use crate::store;
use datafusion::error::Result;
use datafusion::logical_expr::{JoinType, LogicalPlan, ident};
use yardstick_language::ir::{ExprKind, Indicator, LinkedQuery, RowId};
use yardstick_language::model::{ColumnId, TableId};

/// A column that the definition looks at, of the cohort row or of a linked row that decided, in the
/// answer of [`cases`](crate::plan::cases).
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

/// The cohort row's columns in the order of first mention.
pub(in crate::plan) fn cohort_facts(ctx: &Context<'_>, indicator: &Indicator) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut add = |links: &[ColumnId], id: ColumnId| {
        let column = ctx.scope.rows.column_name(RowId::COHORT, links, id);
        if facts.iter().all(|f| f.column != column) {
            let name = column.split_once('.').map_or(column.clone(), |(_, rest)| rest.to_owned());
            let table = ctx.scope.rows.table_at(RowId::COHORT, links);
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
            ExprKind::Linked(q) if q.owner == RowId::COHORT && q.via.is_some() => {
                if let Some((last, before)) = q.owner_links.split_last() {
                    add(before, *last);
                }
            }
            _ => {}
        });
    }
    facts.retain(|f| !f.name.ends_with(store::ROW));
    facts
}

/// Joins the columns of the row that gave a quantifier's answer.
pub(in crate::plan) fn join_witness(ctx: &Context<'_>, plan: LogicalPlan, q: &LinkedQuery) -> Result<LogicalPlan> {
    let witness = ctx.scope.rows.relation(q.row)?;
    let on = (ident(witness_name(q)), ident(ctx.scope.rows.row_name(q.row, &[])));
    join(plan, witness, JoinType::Left, vec![on], None)
}

/// What [`join_witness`] adds, named after the row's table.
pub(in crate::plan) fn witness_facts(ctx: &Context<'_>, q: &LinkedQuery) -> Vec<Fact> {
    let table = ctx.model.table(q.table);
    let fact = |name: String, links: &[_], id| Fact {
        name,
        column: ctx.scope.rows.column_name(q.row, links, id),
        table: ctx.scope.rows.table_at(q.row, links),
        id,
    };
    let mut facts: Vec<Fact> = table.key.iter().map(|key| fact(table.name.clone(), &[], *key)).collect();
    q.condition.walk(&mut |e| {
        if let ExprKind::Column { row, links, column } = &e.kind
            && *row == q.row
        {
            let path = links.iter().enumerate().map(|(i, link)| {
                let at = ctx.scope.rows.table_at(q.row, &links[..i]);
                ctx.model.table(at).column(*link).name.as_str()
            });
            let last = &ctx.model.table(ctx.scope.rows.table_at(q.row, links)).column(*column).name;
            let words: Vec<&str> = std::iter::once(table.name.as_str()).chain(path).chain([last.as_str()]).collect();
            let fact = fact(words.join("."), links, *column);
            if facts.iter().all(|f| f.column != fact.column) {
                facts.push(fact);
            }
        }
    });
    facts
}
