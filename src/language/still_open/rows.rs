//! Values of rows that are there, while it is open which of them count; and picks, while a row may
//! still come.

use super::{Open, and, compare, not, or, unknown};
use crate::ir::{Ask, At, Cohort, CompareOp, Expr, ExprKind, LinkedQuery, Missing, RowId, Ty};
use std::cell::RefCell;
use std::collections::BTreeMap;

impl Open<'_> {
    /// Whether a row that is there may still change the answer: unknown where it may, false where
    /// it cannot. `None` where nothing of it is open.
    pub(super) fn may_change(&self, q: &LinkedQuery) -> Option<Expr> {
        if let Some(found) = self.changes.borrow().get(&q.row) {
            return found.clone();
        }
        let found = self.change_of(q);
        self.changes.borrow_mut().insert(q.row, found.clone());
        found
    }

    fn change_of(&self, q: &LinkedQuery) -> Option<Expr> {
        let condition = self.expr(&q.condition);
        let mut doubts = Vec::new();
        if condition != q.condition {
            // Unknown where the condition is, and false otherwise.
            doubts.push(and(vec![condition.clone(), not(condition.clone())]));
        }
        let of_values = self.values_may_change(q);
        if !of_values.is_empty() {
            doubts.push(and(vec![condition, or(of_values), unknown()]));
        }
        if doubts.is_empty() {
            return None;
        }
        let asked = LinkedQuery { ask: Ask::Exists, condition: or(doubts), ..q.clone() };
        let kind = ExprKind::Linked(Box::new(asked));
        let exists = Expr { kind, ty: Ty::Bool, missing: Missing::Unknown, at: At::default() };
        let exists = self.of_own_rows(&exists, &mut BTreeMap::new());
        Some(and(vec![exists, not(self.is_final.clone())]))
    }

    /// The expression with row variables of its own, as each question has.
    fn of_own_rows(&self, e: &Expr, own: &mut BTreeMap<RowId, RowId>) -> Expr {
        let mut e = e.clone();
        if let ExprKind::Linked(q) = &mut e.kind {
            let row = *own.entry(q.row).or_insert_with(|| self.next_row());
            q.row = row;
        }
        let renamed = RefCell::new(std::mem::take(own));
        let mut kind = e.kind_with(&|inner| self.of_own_rows(inner, &mut renamed.borrow_mut()));
        *own = renamed.into_inner();
        let own = |row: &RowId| own.get(row).copied().unwrap_or(*row);
        match &mut kind {
            ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => *row = own(row),
            ExprKind::Linked(q) => {
                q.owner = own(&q.owner);
                q.other_than = q.other_than.as_ref().map(own);
            }
            _ => {}
        }
        Expr { kind, ..e }
    }

    fn next_row(&self) -> RowId {
        self.last_row.set(self.last_row.get() + 1);
        RowId(self.last_row.get())
    }

    /// Whether what is asked of a row that counts may still change.
    fn values_may_change(&self, q: &LinkedQuery) -> Vec<Expr> {
        match &q.ask {
            Ask::Exists | Ask::Count => Vec::new(),
            Ask::Distinct(value) | Ask::Sum(value) => self.open(value),
            Ask::Earliest(value) | Ask::Latest(value) => self.unless_in_range(value),
            Ask::Ordered { value, by, .. } => [self.open(by), self.unless_in_range(value)].concat(),
            Ask::Days { from, until } => [from, until].into_iter().flat_map(|day| self.day_may_change(day)).collect(),
        }
    }

    /// What is open of a value, unless the answer is an open end itself and says so.
    fn unless_in_range(&self, value: &Expr) -> Vec<Expr> {
        let says_so = value.missing == Missing::OpenEnd && value.ty == Ty::Date && super::soonest(value).is_some();
        if says_so { Vec::new() } else { self.open(value) }
    }

    fn day_may_change(&self, day: &Expr) -> Option<Expr> {
        let open = self.open(day);
        if open.is_empty() {
            return None;
        }
        match (self.least(day), self.most(day)) {
            (Some(least), Some(most)) => Some(and(vec![or(open), not(compare(CompareOp::Eq, least, most))])),
            _ => Some(or(open)),
        }
    }

    /// The cohort's condition, unknown of a row whose place in the order of a pick is open.
    pub(super) fn placed(&self, cohort: &Cohort) -> Expr {
        let condition = self.expr(&cohort.condition);
        let by = cohort.pick.iter().flat_map(|pick| &pick.by);
        let open: Vec<Expr> = by.flat_map(|by| self.open(by)).collect();
        if open.is_empty() {
            return condition;
        }
        and(vec![condition, or(vec![not(or(open)), self.is_final.clone(), unknown()])])
    }

    /// Whether a row that is still to come may be picked in the place of one that is: unknown where
    /// one may, false where none can. `None` where nothing is picked, or for good.
    pub(super) fn displaced(&self, cohort: &Cohort) -> Option<Expr> {
        let pick = cohort.pick.as_ref()?;
        let begins = |e: &Expr| match &e.kind {
            ExprKind::Column { row: RowId::COHORT, links, column } => self.model.begins(cohort.table, links, *column),
            _ => false,
        };
        // Where the first counts, what begins later does not come before it.
        if !pick.last && pick.by.first().is_some_and(begins) {
            return None;
        }
        self.may_come(&LinkedQuery {
            ask: Ask::Exists,
            row: RowId::COHORT,
            table: cohort.table,
            via: None,
            owner: RowId::COHORT,
            owner_links: Vec::new(),
            other_than: None,
            condition: if pick.ever { Expr::truth() } else { cohort.condition.clone() },
        })
    }
}
