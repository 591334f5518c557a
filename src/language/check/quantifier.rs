//! `some`, `no`, `all`: questions about the rows that link to a row. `no` is `not some`, and `all X
//! where C have H` is `not some X where C and not H`: it is true when there are no such rows.

use super::declared::Rows;
use super::named::Definition;
use super::names::Many;
use super::references::Kind;
use super::relation::comparison;
use super::typer::{Typer, negated};
use super::types::{Place, all_of, can_be_missing};
use crate::diag::{Diagnostic, code};
use crate::ir::{Ask, At, CompareOp, Expr, ExprKind, LinkedQuery, Missing, RowId};
use crate::source::Span;
use crate::syntax::ast::{self, Quantifier};

impl<'w> Typer<'w> {
    /// A question about rows, or a value made of them.
    pub(super) fn quantified(&mut self, q: &'w ast::Quantified, span: Span) -> Option<Expr> {
        self.one_question_deeper(span, |typer| typer.asked(q, span))
    }

    fn asked(&mut self, q: &'w ast::Quantified, span: Span) -> Option<Expr> {
        let (have_fits, by_fits) = (self.have_fits(q, span), self.by_fits(q, span));
        let many = self.many(&q.source.value)?;
        let (table, via, owner) = match many {
            Many::Linked { owner, back } => {
                let link = &self.world.model.table(owner.table).backs[back];
                (link.table, Some(link.via), owner)
            }
            Many::All(table) => (table, None, Place::of(RowId::COHORT, table)),
        };
        let row = self.new_row(q.source.span, q.alias.as_ref());
        let place = Place::of(row, table);
        // Found before the new row comes into sight.
        let period = match q.kind {
            Quantifier::DaysFromTo => Some(self.period(q)?),
            Quantifier::DaysInWindow => Some(Self::window()),
            _ => None,
        };
        let other = match q.other {
            true => Some(self.other_row(&place, q.source.span)?),
            false => None,
        };
        self.name_row(q.alias.as_ref(), place.clone());
        let parts = self.parts(q, &place, period.as_ref());
        let ask = self.ask(q, &place, period.as_ref(), span);
        self.text.scope.pop();
        let mut parts = parts?;
        have_fits?;
        by_fits?;
        let (ask, ty) = ask?;
        let other_than = other.and_then(|o| Self::leave_out(&o, &place, &mut parts));
        let condition = all_of(parts);
        let missing = match &ask {
            Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } => Missing::Unknown,
            _ => can_be_missing(ask.values().into_iter().chain([&condition, &owner.identity()])),
        };
        let asked =
            LinkedQuery { ask, row, table, via, owner: owner.row, owner_links: owner.links, other_than, condition };
        let asked = Expr { kind: ExprKind::Linked(Box::new(asked)), ty, missing, at: At::default() };
        Some(if matches!(q.kind, Quantifier::No | Quantifier::All) { negated(asked) } else { asked })
    }

    fn have_fits(&mut self, q: &ast::Quantified, span: Span) -> Option<()> {
        let (message, help) = match (q.kind, &q.have) {
            (Quantifier::All, Some(_)) => return Some(()),
            (kind, None) if kind != Quantifier::All => return Some(()),
            (_, None) => {
                ("`all` does not say what must be true of all the rows", "write `all ... where WHICH have WHAT`")
            }
            (_, Some(_)) => ("`have` belongs to `all`", "write `where`, and join conditions by `and`"),
        };
        self.found.push(Diagnostic::new(code::HAVE_WITHOUT_ALL, span, message).help(help));
        None
    }

    fn by_fits(&mut self, q: &ast::Quantified, span: Span) -> Option<()> {
        let ordered = matches!(q.kind, Quantifier::First | Quantifier::Last);
        let (span, message, help) = match &q.by {
            Some(_) if ordered => return Some(()),
            None if !ordered => return Some(()),
            Some(by) => (by.span, "`by` belongs to `first` and `last`", "leave it out"),
            None => {
                let message = "`first` or `last` in which order?";
                (span, message, "name the day that puts the rows in order: `last V by D among ...`")
            }
        };
        self.found.push(Diagnostic::new(code::HALF_A_PICK, span, message).help(help));
        None
    }

    /// The conditions of the rows; `period` is the one whose days are counted.
    fn parts(&mut self, q: &'w ast::Quantified, place: &Place, period: Option<&(Expr, Expr)>) -> Option<Vec<Expr>> {
        let relation = q.relation.as_ref().map(|r| {
            let related = self.relation(Some(place), &r.value, r.span);
            self.says(r.span, related)
        });
        // A stay that lies outside the period has no day in it, whatever else is known of it.
        let stays = self.world.model.table(place.table).spans.is_some();
        let period = period.filter(|_| stays);
        let inside = period.map(|period| self.in_common(place, period, q.source.span));
        let condition = q.condition.as_ref().map(|c| self.condition(c));
        let have = q.have.as_ref().map(|h| self.condition(h).map(negated));
        [inside, relation, condition, have].into_iter().flatten().collect()
    }

    /// The nearest enclosing row of the same table.
    fn other_row(&mut self, place: &Place, span: Span) -> Option<Place> {
        let found = self.text.scope.iter().rev().find(|f| f.place.table == place.table).map(|f| f.place.clone());
        if found.is_none() {
            let table = self.world.table_name(place.table);
            let message = format!("`other` has no row to leave out: no row of `{table}` is in sight");
            self.found.push(Diagnostic::new(code::NO_OTHER_ROW, span, message).help("leave out `other`"));
        }
        found
    }

    /// Leaves the row out: by its variable, or for a row reached by links, by comparing.
    fn leave_out(other: &Place, place: &Place, parts: &mut Vec<Expr>) -> Option<RowId> {
        if other.links.is_empty() {
            return Some(other.row);
        }
        parts.push(comparison(CompareOp::Ne, place.identity(), other.identity()));
        None
    }

    /// `later is substantiated`: the conditions of a named row set, asked of this row.
    pub(super) fn is_rows(&mut self, row: &[ast::Name], rows: &ast::Name) -> Option<Expr> {
        self.means(rows, self.world.keys.rows(&rows.value));
        let span = row.first().map_or(rows.span, |first| first.span.to(rows.span));
        if let Some(asked) =
            self.asked_beside(row, span, &mut |typer, place| typer.is_of_rows(Some(place.clone()), rows))
        {
            return asked;
        }
        let place = self.row_path(row);
        self.is_of_rows(place, rows)
    }

    fn is_of_rows(&mut self, place: Option<Place>, rows: &ast::Name) -> Option<Expr> {
        let Some((table, set)) = self.world.rows.get(rows.value.as_str()).copied() else {
            if !self.world.is_broken(&rows.value) {
                let known: Vec<_> = self.world.rows.keys().copied().collect();
                let message = format!("there is no set of rows called `{}`", rows.value);
                self.found.push(
                    Diagnostic::new(code::UNKNOWN_SET, rows.span, message).help(crate::diag::suggest::help(
                        &rows.value,
                        "sets of rows",
                        &known,
                    )),
                );
            }
            return None;
        };
        let place = place?;
        if place.table != table {
            let message = format!(
                "`{}` are rows of `{}`, and this is a row of `{}`",
                rows.value,
                self.world.table_name(table),
                self.world.table_name(place.table)
            );
            self.found.push(Diagnostic::new(code::TYPE_MISMATCH, rows.span, message));
            return None;
        }
        self.row_set(rows, set, &place)
    }

    /// The condition of a named row set, asked of a row.
    pub(super) fn row_set(&mut self, name: &ast::Name, set: Rows<'w>, place: &Place) -> Option<Expr> {
        let (kind, table) = (Kind::Rows, place.table);
        let put = self.put(name, Definition { name: set.name, value: set.condition, kind, table }, place)?;
        self.typed(put, set.condition.span)
    }
}
