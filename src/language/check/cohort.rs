//! The cohort: which table or row set, one row per what, under which conditions.

use super::typer::Typer;
use super::types::{Place, all_of, words};
use super::words_table;
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::{Cohort, Expr, ExprKind, Pick, RowId, Ty};
use crate::model::TableId;
use crate::syntax::ast;

/// The table a cohort's rows are of, by its own name or that of a row set.
pub(super) fn table(world: &World, cohort: &ast::Cohort, out: &mut Diagnostics) -> Option<TableId> {
    rows_named(world, &cohort.table, out)
}

/// The table that a name of rows is of: its own name, or that of a row set.
pub(super) fn rows_named(world: &World, name: &ast::Name, out: &mut Diagnostics) -> Option<TableId> {
    if let Some(table) = world.tables.get(name.value.as_str()) {
        return Some(*table);
    }
    if let Some((table, _)) = world.rows.get(name.value.as_str()) {
        return Some(*table);
    }
    if world.of_words.contains(name.value.as_str()) {
        out.push(words_table::is_no_other(name));
        return None;
    }
    if !world.is_broken(&name.value) {
        let mut known: Vec<&str> = world.model.tables.iter().map(|t| t.name.as_str()).collect();
        known.extend(world.rows.keys().copied());
        let message = format!("there is no table and no set of rows called `{}`", name.value);
        out.push(Diagnostic::new(code::UNKNOWN_TABLE, name.span, message).help(suggest::help(
            &name.value,
            "tables and sets of rows",
            &known,
        )));
    }
    None
}

impl<'w> Typer<'w> {
    /// The whole cohort clause.
    pub(super) fn cohort(&mut self, cohort: &'w ast::Cohort, table: TableId) -> Option<Cohort> {
        let place = Place::of(RowId::COHORT, table);
        let pick = cohort.pick.as_ref().map(|p| self.pick(p, table));
        let rows = self.world.rows.get(cohort.table.value.as_str()).map(|(_, set)| *set);
        let rows = rows.filter(|_| !self.world.tables.contains_key(cohort.table.value.as_str()));
        let mut parts: Vec<Option<Expr>> = Vec::new();
        if let Some(set) = rows {
            let of_set = self.row_set(&cohort.table, set, &place);
            parts.push(self.says(cohort.table.span, of_set));
        }
        if let Some(relation) = &cohort.relation {
            let related = self.relation(Some(&place), &relation.value, relation.span);
            parts.push(self.says(relation.span, related));
        }
        if let Some(condition) = &cohort.condition {
            parts.push(self.condition(condition));
        }
        let condition = all_of(parts.into_iter().collect::<Option<_>>()?);
        let pick = match pick {
            Some(pick) => Some(pick?),
            None => None,
        };
        Some(Cohort { table, pick, condition })
    }

    fn pick(&mut self, pick: &'w ast::Pick, table: TableId) -> Option<Pick> {
        let per = self.per(pick, table);
        let by: Vec<Option<Expr>> = pick.by.iter().map(|path| self.by(path)).collect();
        if pick.by.is_empty() {
            let message = "the pick does not say in which order the rows are";
            self.found.push(
                Diagnostic::new(code::NOT_A_PICK, pick.span, message).help("write `... of each child by removed_on`"),
            );
        }
        if pick.ever && pick.each_level {
            let message = "a pick among all rows ever is made once, not at each level";
            let help = "leave out `ever`, or leave out `at each level`";
            self.found.push(Diagnostic::new(code::NOT_A_PICK, pick.span, message).help(help));
            return None;
        }
        let by: Vec<Expr> = by.into_iter().collect::<Option<_>>()?;
        Some(Pick { last: pick.last, ever: pick.ever, each_level: pick.each_level, per: per?, by })
    }

    fn per(&mut self, pick: &ast::Pick, table: TableId) -> Option<Vec<crate::model::ColumnId>> {
        let place = self.row_path(&pick.per.value)?;
        if place.links.is_empty() {
            let message = format!("each row of `{}` is there only once", self.world.table_name(table));
            self.found
                .push(Diagnostic::new(code::NOT_A_PICK, pick.per.span, message).help("name a link: `of each child`"));
            return None;
        }
        Some(place.links)
    }

    fn by(&mut self, path: &ast::Path) -> Option<Expr> {
        let value = self.path(&path.value)?;
        let typed = self.typed(value, path.span)?;
        match typed.ty {
            // Rows stand in the order of their keys.
            Ty::Date | Ty::Timestamp | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Row(_) => {}
            Ty::Text | Ty::Code(..) | Ty::Bool => {
                let message = format!("{} does not put rows in order", words(self.world, typed.ty));
                let help = "order by a date, a number or a link; ties are broken by the key";
                self.found.push(Diagnostic::new(code::NOT_A_PICK, path.span, message).help(help));
                return None;
            }
        }
        if typed.has(&|e| matches!(e.kind, ExprKind::Window(_))) {
            let message = "the order of the rows cannot depend on the window";
            self.found.push(Diagnostic::new(code::NOT_A_PICK, path.span, message).help("order by a date of the row"));
            return None;
        }
        Some(typed)
    }
}
