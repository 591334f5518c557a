//! From when on a row is there and a value of it known.

use super::bounds::{Bounds, Env};
use super::reach::{ColumnAt, Reach, Why};
use crate::functions::{self, Day};
use crate::ir::{Ask, Attribution, Expr, ExprKind, Function, LinkedQuery, Missing, RowId};
use crate::model::{Column, ColumnId, Known, Step, Table, TableId};

/// Links that are followed from a row without a day of its own.
const STEPS: usize = 6;

impl Bounds<'_> {
    /// The point by which every row of a variable is there that passes the condition, or of which
    /// it is not known whether it does.
    pub(super) fn row_arrives(&self, row: RowId, owner: Option<&LinkedQuery>, condition: &Expr, env: &Env) -> Reach {
        let definite = self.weakened(condition, env);
        let cases = self.cases_from(&definite, env);
        let arrives = |env: &Env| self.arrives(row, &[], owner, &condition.conjuncts(), env, STEPS);
        cases.iter().map(arrives).fold(Reach::Past, Reach::later)
    }

    /// A condition that is true of every row of which the condition is not false.
    fn weakened(&self, condition: &Expr, env: &Env) -> Expr {
        let each = |of: &[Expr]| of.iter().map(|e| self.weakened(e, env)).collect();
        match &condition.kind {
            ExprKind::And(all) => Expr { kind: ExprKind::And(each(all)), ..condition.clone() },
            ExprKind::Or(all) => Expr { kind: ExprKind::Or(each(all)), ..condition.clone() },
            _ if self.may_be_unknown(condition, env) => Expr::truth(),
            _ => condition.clone(),
        }
    }

    /// Whether a value may be unknown of a row.
    pub(super) fn may_be_unknown(&self, e: &Expr, env: &Env) -> bool {
        match &e.kind {
            // A date that the conditions on other rows bound is there.
            ExprKind::Column { row, links, column } => {
                e.missing == Missing::Unknown && env.date(&(*row, links.clone(), *column)).is_none()
            }
            ExprKind::Linked(_) | ExprKind::Move { .. } | ExprKind::Row { .. } => e.missing == Missing::Unknown,
            // Of a stay that is open, no number of days is known.
            ExprKind::Call { function, of } if functions::definition(*function).day == Day::None => {
                of.iter().any(|day| self.may_be_missing(day, env))
            }
            ExprKind::IsMissing(_) => false,
            ExprKind::Call { function: Function::FirstKnown, .. } if e.missing != Missing::Unknown => false,
            _ => e.children().into_iter().any(|c| self.may_be_unknown(c, env)),
        }
    }

    /// Whether a day may be missing of a row, because it is not known or has not come.
    fn may_be_missing(&self, e: &Expr, env: &Env) -> bool {
        match &e.kind {
            _ if e.missing == Missing::Never => false,
            ExprKind::Column { row, links, column } => env.date(&(*row, links.clone(), *column)).is_none(),
            ExprKind::Linked(_) | ExprKind::Move { .. } => true,
            _ => e.children().into_iter().any(|c| self.may_be_missing(c, env)),
        }
    }

    /// The point by which the row is there that is reached from a row by links.
    fn arrives(
        &self,
        row: RowId,
        path: &[ColumnId],
        owner: Option<&LinkedQuery>,
        asked: &[&Expr],
        env: &Env,
        steps: usize,
    ) -> Reach {
        let Some(table) = self.table_at(row, path) else { return Reach::Never(Some(Why::Rows(row))) };
        let declared = self.model.table(table);
        if !declared.fed {
            return Reach::Past;
        }
        let own = match declared.begins {
            Some(begins) => {
                // What has happened to a row says that it is there.
                let own = declared.columns().filter(|(_, c)| c.known == Known::OwnDay).map(|(id, _)| id);
                own.chain([begins])
                    .map(|id| self.day(row, path, id, env).plus(0, 1))
                    .fold(Reach::Never(Some(Why::Rows(row))), Reach::sooner)
            }
            None if steps == 0 => Reach::Never(Some(Why::Rows(row))),
            None => {
                // The row that is asked about its rows is there.
                let owned = |id: ColumnId| path.is_empty() && owner.is_some_and(|q| q.via == Some(id));
                (declared.hangs_on().filter(|id| !owned(*id)))
                    .map(|id| self.arrives(row, &[path, &[id]].concat(), owner, asked, env, steps - 1))
                    .fold(Reach::Past, Reach::later)
            }
        };
        let own = if own.ends() { own } else { Reach::Never(Some(Why::Rows(row))) };
        own.sooner(self.led_to(row, path, asked, env))
    }

    /// A row is there when one that is there leads to it: when rows that lead to it are asked for,
    /// and must be there by some day.
    fn led_to(&self, row: RowId, path: &[ColumnId], asked: &[&Expr], env: &Env) -> Reach {
        let leads = |e: &&&Expr| match &e.kind {
            ExprKind::Linked(q) => q.ask == Ask::Exists && q.via.is_some() && q.owner == row && q.owner_links == path,
            _ => false,
        };
        let arrives = |e: &&Expr| match &e.kind {
            // Its own row may not be there yet.
            ExprKind::Linked(q) => self.row_arrives(q.row, None, &q.condition, env),
            _ => Reach::Never(None),
        };
        asked.iter().filter(leads).map(arrives).fold(Reach::Never(Some(Why::Rows(row))), Reach::sooner)
    }

    /// The latest day of a column.
    fn day(&self, row: RowId, path: &[ColumnId], column: ColumnId, env: &Env) -> Reach {
        let own = env.date(&(row, path.to_vec(), column));
        let own = own.unwrap_or_else(|| Reach::Never(self.comes_late(row, path, column)));
        self.by_end(row, path, column, env).map_or(own, |end| end.sooner(own))
    }

    /// The point by which a column is known for good, missing or not.
    pub(super) fn revealed(&self, row: RowId, path: &[ColumnId], column: ColumnId, env: &Env) -> Reach {
        let Some(declared) = self.declared(row, path, column) else { return Reach::Past };
        let own = match declared.known {
            Known::WithRow => Reach::Past,
            Known::OwnDay => self.day(row, path, column, env).plus(0, 1),
            Known::With(day) => self.with(row, path, (column, day), env),
        };
        own.later(self.path_revealed(row, path, env))
    }

    /// The point by which a value is known with a day of its row.
    fn with(&self, row: RowId, path: &[ColumnId], (column, day): (ColumnId, ColumnId), env: &Env) -> Reach {
        let reach = self.day(row, path, day, env).plus(0, 1);
        self.comes_late(row, path, column).map_or(reach, |why| reach.because(why))
    }

    /// What is to blame where nothing says how late a column can be known.
    pub(super) fn comes_late(&self, row: RowId, path: &[ColumnId], column: ColumnId) -> Option<Why> {
        let table = self.table_at(row, path)?;
        let link = match path {
            [link] => self.table_at(row, &[]).map(|from| (from, *link)),
            _ => None,
        };
        let place = ColumnAt { row, link, table, column };
        (self.model.table(table).column(column).known != Known::WithRow).then_some(Why::Value(place))
    }

    /// The point by which the links of a path are known.
    fn path_revealed(&self, row: RowId, path: &[ColumnId], env: &Env) -> Reach {
        match path.split_last() {
            None => Reach::Past,
            Some((last, before)) => self.revealed(row, before, *last, env),
        }
    }

    /// The point by which it is known for good where the plain links lead by which a row reaches
    /// its holders.
    pub(super) fn way_settles(&self, attribution: &Attribution, env: &Env) -> Reach {
        let levels = self.model.levels.iter().take(attribution.level + 1).skip(1).rev();
        let steps = attribution.steps.iter().copied().chain(levels.map_while(|level| level.up));
        let links: Vec<ColumnId> =
            steps.map_while(|step| if let Step::Link(column) = step { Some(column) } else { None }).collect();
        self.path_revealed(RowId::COHORT, &links, env)
    }

    /// The point by which a value that is no day is not missing any more because it is not known
    /// *yet*. What hangs on a day that is still to come is waited for; what hangs on a day that may
    /// never be entered is not known, and said to be so.
    pub(super) fn awaited_value(&self, row: RowId, path: &[ColumnId], column: ColumnId, env: &Env) -> Reach {
        let Some(declared) = self.declared(row, path, column) else { return Reach::Past };
        let own = match declared.known {
            Known::With(day) if self.has_open_end(row, path, day) => self.with(row, path, (column, day), env),
            Known::WithRow | Known::OwnDay | Known::With(_) => Reach::Past,
        };
        own.later(match path.split_last() {
            None => Reach::Past,
            Some((last, before)) => self.awaited_value(row, before, *last, env),
        })
    }

    /// Whether a column can be missing at first and known later.
    pub(super) fn is_revealed(&self, row: RowId, path: &[ColumnId], column: ColumnId) -> bool {
        let own = self.declared(row, path, column).is_some_and(|c| c.known != Known::WithRow);
        own || path.split_last().is_some_and(|(last, before)| self.is_revealed(row, before, *last))
    }

    /// Whether a day that is not known yet lies after the last day of the data: it is known once it
    /// has come, of a row that is there.
    pub(super) fn comes_by_itself(&self, row: RowId, path: &[ColumnId], column: ColumnId) -> bool {
        let own = self.declared(row, path, column).is_some_and(|c| c.known == Known::OwnDay);
        own && path.split_last().is_none_or(|(last, before)| !self.is_revealed(row, before, *last))
    }

    fn has_open_end(&self, row: RowId, path: &[ColumnId], column: ColumnId) -> bool {
        self.table_at(row, path).is_some_and(|t| self.model.table(t).has_open_end(column))
    }

    fn declared(&self, row: RowId, path: &[ColumnId], column: ColumnId) -> Option<&Column> {
        Some(self.model.table(self.table_at(row, path)?).column(column))
    }

    /// The table of the row that is reached by links.
    pub(super) fn table_at(&self, row: RowId, path: &[ColumnId]) -> Option<TableId> {
        let follow = |table: TableId, link: &ColumnId| -> Option<TableId> {
            let table: &Table = self.model.table(table);
            table.column(*link).target()
        };
        path.iter().try_fold(*self.rows.get(&row)?, follow)
    }
}
