//! The row before or after a row: `previous removal of child by removed_on`, and what is read from
//! it. It is a question about the rows of the same table with the same link: of those that stand
//! strictly before the row in the order of `by`, the last.

use super::cohort;
use super::named::Definition;
use super::references::Kind;
use super::relation::comparison;
use super::typer::Typer;
use super::types::{Place, all_of, words};
use super::world::Member;
use crate::diag::{Diagnostic, code};
use crate::ir::{self, At, CompareOp, Expr, ExprKind, LinkedQuery, Missing, Ty};
use crate::model::{ColumnId, ColumnType};
use crate::source::Span;
use crate::syntax::ast::{self, Name};

/// What a name stands for that is a row beside another: its text, and that other row.
pub(super) type RowBeside<'w> = (&'w ast::Beside, Place);
/// Types what is asked of a row.
type Ask<'a, 'w> = dyn FnMut(&mut Typer<'w>, &Place) -> Option<Expr> + 'a;

impl<'w> Typer<'w> {
    /// The row beside the nearest row of its table.
    pub(super) fn beside(&mut self, beside: &'w ast::Beside, span: Span) -> Option<Expr> {
        let table = cohort::rows_named(self.world, &beside.table, &mut self.found)?;
        let own = self.text.scope.iter().rev().find(|f| f.place.table == table).map(|f| f.place.clone());
        let Some(own) = own else {
            let (word, of) = (word(beside), self.world.table_name(table));
            let message = format!("no row of `{of}` is at hand here that could have a {word} one");
            let help = format!("ask it of a row of `{of}`; of other rows, write `last ... by ... among ... where ...`");
            self.found.push(Diagnostic::new(code::NO_ROW_BESIDE, span, message).help(help));
            return None;
        };
        self.of_row_beside((beside, own), span, |_, row| Some(row.identity()))
    }

    /// What `take` reads from the row beside another.
    pub(super) fn of_row_beside(
        &mut self,
        of: RowBeside<'w>,
        span: Span,
        take: impl FnOnce(&mut Self, &Place) -> Option<Expr>,
    ) -> Option<Expr> {
        self.one_question_deeper(span, |typer| typer.taken_beside(of, span, take))
    }

    fn taken_beside(
        &mut self,
        (beside, own): RowBeside<'w>,
        span: Span,
        take: impl FnOnce(&mut Self, &Place) -> Option<Expr>,
    ) -> Option<Expr> {
        let (via, owner) = self.link_of_both(&beside.of, &own)?;
        let place = Place::of(self.new_row(span, None), own.table);
        let mine = self.order(&beside.by, &own)?;
        let again = std::mem::replace(&mut self.again, true);
        let by = self.order(&beside.by, &place);
        self.again = again;
        let by = by?;
        self.stands_again(&by);
        let op = if beside.next { CompareOp::Gt } else { CompareOp::Lt };
        let mut parts = vec![comparison(op, by.clone(), mine)];
        if !self.world.tables.contains_key(beside.table.value.as_str())
            && let Some((_, set)) = self.world.rows.get(beside.table.value.as_str())
        {
            parts.push(self.row_set(&beside.table, *set, &place)?);
        }
        let value = take(self, &place)?;
        let ty = value.ty;
        let asked = LinkedQuery {
            ask: ir::Ask::ordered(!beside.next, value, by),
            row: place.row,
            table: place.table,
            via: Some(via),
            owner: owner.row,
            owner_links: owner.links,
            other_than: None,
            condition: all_of(parts),
        };
        Some(Expr { kind: ExprKind::Linked(Box::new(asked)), ty, missing: Missing::Unknown, at: At::default() })
    }

    /// The link that both rows have, and the row it leads to.
    fn link_of_both(&mut self, path: &ast::Path, own: &Place) -> Option<(ColumnId, Place)> {
        let table = self.world.model.table(own.table);
        if let [name] = path.value.as_slice() {
            let link = table.columns().find(|(_, c)| c.name == name.value);
            if let Some((id, column)) = link
                && let ColumnType::Link(target) = column.ty
            {
                self.means(name, self.world.keys.member(own.table, &name.value));
                return Some((id, own.follow(id, target, column.optional)));
            }
        }
        let links: Vec<String> =
            table.columns.iter().filter(|c| c.target().is_some()).map(|c| format!("`of {}`", c.name)).collect();
        let message = format!("`of` names one link of `{}`, by which both rows lead to the same", table.name);
        let help = match links.is_empty() {
            true => format!("`{}` has no link", table.name),
            false => format!("write {}", links.join(" or ")),
        };
        self.found.push(Diagnostic::new(code::NO_ROW_BESIDE, path.span, message).help(help));
        None
    }

    /// What puts rows in order, of one of them.
    fn order(&mut self, path: &ast::Path, place: &Place) -> Option<Expr> {
        let order = self.walk(place, &path.value)?;
        self.orders(&order, path.span)?;
        Some(order)
    }

    /// Whether a value puts rows in order.
    pub(super) fn orders(&mut self, order: &Expr, span: Span) -> Option<()> {
        if matches!(order.ty, Ty::Date | Ty::Timestamp | Ty::Int | Ty::Decimal(_) | Ty::Length(_)) {
            return Some(());
        }
        let message = format!("{} does not put rows in order", words(self.world, order.ty));
        let help = "order by a day, a time or a number; of rows that are equal, the key decides";
        self.found.push(Diagnostic::new(code::NOT_A_PICK, span, message).help(help));
        None
    }

    /// A column of the row beside another for which a `let` stands, or of one that it leads to.
    pub(super) fn asked_of_let(&mut self, name: &Name, span: Span, rest: &[Name]) -> Option<Expr> {
        let (definition, own) = self.definition_beside(name)?;
        let of = self.named_beside(name, definition, &own)?;
        self.of_row_beside(of, span, |typer, row| typer.walk(row, rest))
    }

    /// Whether there is the row that a value is, of a value that is a row chosen among others;
    /// nothing of any other value.
    pub(super) fn is_there(&self, e: &Expr) -> Option<Expr> {
        let ExprKind::Linked(q) = &e.kind else { return None };
        let ir::Ask::Ordered { value, .. } = &q.ask else { return None };
        let itself = matches!(&value.kind, ExprKind::Row { row, links } if *row == q.row && links.is_empty());
        if !itself {
            return None;
        }
        let owner = self.text.scope.iter().map(|f| &f.place).find(|p| p.row == q.owner && p.links.is_empty());
        let owned = q.via.is_none()
            || owner.is_some_and(|owner| !self.world.model.may_lead_nowhere(owner.table, &q.owner_links));
        let known = owned && q.condition.missing == Missing::Never;
        let asked = LinkedQuery { ask: ir::Ask::Exists, ..(**q).clone() };
        let missing = if known { Missing::Never } else { Missing::Unknown };
        Some(Expr { kind: ExprKind::Linked(Box::new(asked)), ty: Ty::Bool, missing, at: At::default() })
    }

    /// What is asked of the row beside another that a path begins with; nothing when it does not
    /// begin so.
    pub(super) fn asked_beside(&mut self, path: &[Name], span: Span, ask: &mut Ask<'_, 'w>) -> Option<Option<Expr>> {
        let (first, rest) = path.split_first()?;
        let (definition, own) = self.definition_beside(first)?;
        let Some(of) = self.named_beside(first, definition, &own) else { return Some(None) };
        Some(self.of_row_beside(of, span, |typer, row| typer.asked_along(row, rest, span, ask)))
    }

    /// What is asked of the row that a path leads to from another.
    fn asked_along(&mut self, from: &Place, path: &[Name], span: Span, ask: &mut Ask<'_, 'w>) -> Option<Expr> {
        let Some((first, rest)) = path.split_first() else { return ask(self, from) };
        let member = self.member_of(from, first)?;
        if let Member::Derived(definition) = member
            && matches!(definition.value.kind, ast::ExprKind::Beside(_))
        {
            let of = self.named_beside(first, definition, from)?;
            return self.of_row_beside(of, span, |typer, row| typer.asked_along(row, rest, span, ask));
        }
        let next = self.follow(from, member, first)?;
        self.asked_along(&next, rest, span, ask)
    }

    /// What a name stands for here, where that is a row beside another.
    pub(super) fn definition_beside(&self, name: &Name) -> Option<(Definition<'w>, Place)> {
        let is = |definition: &Definition<'w>| matches!(definition.value.kind, ast::ExprKind::Beside(_));
        if let Some((declared, value)) = self.lets.get(name.value.as_str()).copied() {
            let own = self.text.scope.first()?.place.clone();
            let definition = Definition { name: declared, value, kind: Kind::Let, table: own.table };
            return Some((definition, own)).filter(|(definition, _)| is(definition));
        }
        let unnamed = self.text.scope.iter().filter(|f| f.alias.is_none());
        let mut member = unnamed.filter_map(|f| match self.world.member(f.place.table, &name.value)? {
            Member::Derived(definition) => Some((definition, f.place.clone())),
            _ => None,
        });
        member.next_back().filter(|(definition, _)| is(definition))
    }

    /// The row beside another for which a `let`, or a name of a row's table, stands.
    pub(super) fn named_beside(
        &mut self,
        name: &Name,
        definition: Definition<'w>,
        own: &Place,
    ) -> Option<RowBeside<'w>> {
        let ast::ExprKind::Beside(beside) = &definition.value.kind else { return None };
        // Its mistakes are told where it is declared.
        self.put(name, definition, own)?;
        Some((beside, own.clone()))
    }
}

fn word(beside: &ast::Beside) -> &'static str {
    if beside.next { "next" } else { "previous" }
}
