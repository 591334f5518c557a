//! Rules: what a table says must hold of every row, and `keeps all rules`.

use super::attribution;
use super::declared::{Declared, repeated};
use super::named::{Definition, Meanings};
use super::references::Names;
use super::relation::shifted;
use super::typer::Typer;
use super::types::{Place, Value, all_of, never_null, words};
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::functions;
use crate::ir::{Attribution, Expr, ExprKind, Function, RowId, Rule, Ty};
use crate::model::{ColumnType, TableId};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

/// What is asked of all rows of tables, each with whom the rows belong to in the hierarchy at hand.
#[derive(Debug, Default)]
pub(super) struct OfTheModel {
    /// The rules that are right by themselves, in the order of declaration.
    pub(super) rules: Vec<Rule>,
    /// See [`Program::arriving`](crate::ir::Program::arriving).
    pub(super) arriving: Vec<Rule>,
}

/// What is asked of all rows.
pub(super) fn of_the_model<'w>(
    world: &'w World<'w>,
    declared: &Declared<'w>,
    meanings: &mut Meanings,
    names: &mut Names,
    out: &mut Diagnostics,
) -> OfTheModel {
    let mut found = OfTheModel::default();
    for (number, decl) in declared.tables.iter().copied().enumerate() {
        let table = TableId(number as u16);
        let mut typer = Typer::new(world, std::mem::take(meanings), table);
        let attribution = typer.owner(decl, table);
        for (definition, title) in world.rules(table) {
            let Some(condition) = typer.stands_for(*definition) else { continue };
            found.rules.push(Rule {
                name: definition.name.value.clone(),
                title: title.value.clone(),
                span: definition.name.span,
                table,
                condition,
                attribution: attribution.clone().unwrap_or_else(|| at_the_whole(world, table)),
                dated: attribution.is_some() || begins(world, table).is_some(),
            });
        }
        let somebodys = attribution.filter(|of| of.level > 0 && begins(world, table).is_some());
        found.arriving.extend(somebodys.map(|attribution| Rule {
            name: "rows".to_owned(),
            title: String::new(),
            span: decl.name.span,
            table,
            condition: Expr::truth(),
            attribution,
            dated: true,
        }));
        names.extend(typer.names);
        // What is wrong whatever the hierarchy is told once.
        for finding in typer.found.into_found() {
            if !out.has(&finding) {
                out.push(finding);
            }
        }
        *meanings = typer.meanings;
    }
    found
}

/// Rows of which nobody says whom they belong to.
fn at_the_whole(world: &World, table: TableId) -> Attribution {
    let at = begins(world, table).unwrap_or_else(|| shifted(never_null(ExprKind::AsOf, Ty::Date), 0, 0));
    Attribution { steps: Vec::new(), level: 0, at }
}

/// The day on which a row begins, its own or that of the row with which it begins.
fn begins(world: &World, table: TableId) -> Option<Expr> {
    let mut place = Place::of(RowId::COHORT, table);
    let of = world.model.table(table);
    if let Some(link) = of.begins_with {
        place = place.follow(link, of.column(link).target()?, of.column(link).optional);
    }
    let of = world.model.table(place.table);
    let column = of.begins.filter(|_| of.fed)?;
    let day = place.column(world, column);
    match of.column(column).ty {
        ColumnType::Timestamp => functions::call(Function::DayOf, vec![day]).ok(),
        _ => Some(day),
    }
}

impl<'w> Typer<'w> {
    /// `attribute child.worker at removed_on` of a table: the line for the hierarchy at hand. A
    /// line that reaches no level is looked at in the first.
    fn owner(&mut self, decl: &'w ast::Table, table: TableId) -> Option<Attribution> {
        let lines = decl.members.iter().filter_map(|member| match member {
            ast::Member::Attribute { path, at, span } => Some((path, at, *span)),
            _ => None,
        });
        let model = &self.world.model;
        let is_here = |path: &ast::Path| match attribution::reached(self.world, path, table) {
            Some(level) if model.is_level(level) => model.at_hand().is_some_and(|of| of.has(level)),
            Some(_) | None => model.hierarchy == 0,
        };
        let lines: Vec<_> = lines.filter(|(path, ..)| is_here(path)).collect();
        if let [(.., first), (.., second), ..] = lines.as_slice() {
            let message = format!("table `{}` says twice whose its rows are", decl.name.value);
            let help = "remove one of the two; a further one is for a level of another hierarchy";
            self.found.push(repeated(code::DECLARED_TWICE, message, *second, *first).help(help));
        }
        let (path, at, _) = lines.first()?;
        let attribution = self.attribution(path, at, table)?;
        if attribution.at.uses_window() {
            let message = "a row belongs to somebody on a day of its own, whatever the window";
            let help = "name a day of the row, as in `attribute child.worker at removed_on`";
            self.found.push(Diagnostic::new(code::RULE, at.span, message).help(help));
            return None;
        }
        Some(attribution)
    }

    /// A rule's condition.
    pub(super) fn of_a_rule(&mut self, definition: Definition<'w>, value: Value) -> Option<Expr> {
        let (name, span) = (&definition.name.value, definition.value.span);
        let typed = self.typed(value, span)?;
        if typed.ty != Ty::Bool {
            let what = words(self.world, typed.ty);
            let message = format!("the rule `{name}` needs a condition, not {what}");
            let help = "write what must hold of every row: a comparison, `... in ...`, `no ... where ...`";
            self.found.push(Diagnostic::new(code::NOT_A_CONDITION, span, message).help(help));
            return None;
        }
        if typed.uses_window() {
            let message = format!(
                "the rule `{name}` asks for the window, and a row keeps a rule or breaks it whatever the window"
            );
            let help = "compare days of the row, or with `as_of`; what depends on the window is asked in an indicator";
            self.found.push(Diagnostic::new(code::RULE, span, message).help(help));
            return None;
        }
        Some(typed)
    }

    /// `keeps all rules`, of a row or of the row at hand.
    pub(super) fn keeps_rules(&mut self, row: Option<&ast::Path>, span: Span) -> Option<Expr> {
        let beside = row.and_then(|path| {
            self.asked_beside(&path.value, path.span, &mut |typer, place| typer.row_keeps_rules(place, span))
        });
        if let Some(asked) = beside {
            return asked;
        }
        let place = match row {
            Some(path) => self.row_path(&path.value),
            None => self.row_at_hand(span, "keeps all rules"),
        }?;
        self.row_keeps_rules(&place, span)
    }

    fn row_keeps_rules(&mut self, place: &Place, span: Span) -> Option<Expr> {
        let rules = self.world.rules(place.table);
        if rules.is_empty() {
            if self.world.unread.is_empty() {
                let message = format!("`{}` has no rules", self.world.table_name(place.table));
                let help = format!(
                    "say in table `{}` what must hold of every row: `rule NAME \"TEXT\" CONDITION`",
                    self.world.table_name(place.table)
                );
                self.found.push(Diagnostic::new(code::RULE, span, message).help(help));
            }
            return None;
        }
        let kept: Vec<Option<Value>> = rules
            .iter()
            .map(|(definition, _)| self.put(&Spanned::new(definition.name.value.clone(), span), *definition, place))
            .collect();
        let mut conditions = Vec::new();
        for value in kept.into_iter().collect::<Option<Vec<_>>>()? {
            conditions.push(self.typed(value, span)?);
        }
        Some(all_of(conditions))
    }
}
