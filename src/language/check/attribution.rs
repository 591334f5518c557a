//! Attribution: from the cohort row by links to a row of a level's table, on a day.

use super::typer::{Typer, day_of};
use super::types::words;
use super::world::{Member, World};
use crate::diag::{Diagnostic, code, suggest};
use crate::ir::{At, Attribution, Expr, ExprKind, RowId, Ty};
use crate::model::{Step, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Name, Path};
use std::collections::BTreeSet;

impl<'w> Typer<'w> {
    /// `attribute child.worker at last_day`.
    pub(super) fn attribution(&mut self, path: &Path, at: &'w ast::Expr, table: TableId) -> Option<Attribution> {
        let steps = self.steps(path, table);
        let day = self.expr(at);
        let day = day.and_then(|day| match day.ty {
            Ty::Date => Some(day),
            Ty::Timestamp => {
                self.found.push(day_of(at.span, "a row is attributed on a day, and this is a time".into()));
                None
            }
            Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Code(..) | Ty::Row(_) => {
                let message = format!("a row is attributed on a day, not on {}", words(self.world, day.ty));
                let help = "write a date of the row, `last_day`, or a point of the window";
                self.found.push(Diagnostic::new(code::ATTRIBUTION_DATE, at.span, message).help(help));
                None
            }
        });
        let (steps, reached) = steps?;
        let level = self.level_of(path, reached);
        Some(Attribution { steps, level: level?, at: day? })
    }

    /// `held elsewhere on until_on`: asked of the cohort's row, in an exclusion or in what is
    /// measured.
    pub(super) fn elsewhere(&mut self, day: &'w ast::Expr, span: Span) -> Option<Expr> {
        let typed = self.day(day, "`held elsewhere on`");
        let of_cohort =
            self.text.scope.last().is_some_and(|f| f.place.row == RowId::COHORT && f.place.links.is_empty());
        if !(self.holders && of_cohort) {
            self.found.push(holder_asked(span));
            return None;
        }
        self.text.holders.push(span);
        let typed = typed?;
        let missing = typed.missing.of_answer();
        Some(Expr { kind: ExprKind::Elsewhere(Box::new(typed)), ty: Ty::Bool, missing, at: At::default() })
    }

    /// The links of the path; none when it is the name of the cohort's own table: the row is the
    /// entity itself.
    fn steps(&mut self, path: &Path, from: TableId) -> Option<(Vec<Step>, TableId)> {
        if let Some(only) = itself(self.world, path, from) {
            self.means(only, self.world.keys.table(from));
            return Some((Vec::new(), from));
        }
        let mut table = from;
        let mut steps = Vec::new();
        for name in &path.value {
            let (step, next) = self.step(table, name)?;
            steps.push(step);
            table = next;
        }
        Some((steps, table))
    }

    fn step(&mut self, table: TableId, name: &Name) -> Option<(Step, TableId)> {
        self.means(name, self.world.keys.member(table, &name.value));
        let led = led(self.world, table, name);
        if led.is_some() {
            return led;
        }
        match self.world.member(table, &name.value) {
            Some(Member::Back(_)) => {
                let message = format!("`{}` leads to many rows, and a row is attributed to one", name.value);
                self.found.push(Diagnostic::new(code::MANY_ROWS, name.span, message).help(links(self.world, table)));
            }
            Some(Member::Column(_) | Member::Derived(..) | Member::Days | Member::LastDay) => {
                let message = format!("`{}` is a value of the row, not a link", name.value);
                self.found
                    .push(Diagnostic::new(code::NO_LEVEL_REACHED, name.span, message).help(links(self.world, table)));
            }
            Some(Member::Dated(_) | Member::Broken) => {}
            None => {
                let known = self.world.names(table);
                let message = format!("`{}` has no `{}`", self.world.table_name(table), name.value);
                self.found.push(Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(suggest::help(
                    &name.value,
                    "names",
                    &known,
                )));
            }
        }
        None
    }

    fn level_of(&mut self, path: &Path, table: TableId) -> Option<usize> {
        let model = &self.world.model;
        let found = model.levels.iter().position(|l| l.table == Some(table));
        // Without levels, the mistake is in their line and has been reported.
        if found.is_none() && model.has_sound_levels() {
            let levels = model.hierarchies.iter().flat_map(|of| of.levels.iter().skip(1));
            let names: BTreeSet<_> = levels.map(|level| format!("`{}`", level.name)).collect();
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("this ends at a row of `{}`, which is not a level", self.world.table_name(table));
            let help = format!("follow links to a level: {names}");
            self.found.push(Diagnostic::new(code::NO_LEVEL_REACHED, path.span, message).help(help));
        }
        found
    }
}

/// The table at whose rows the path of an attribution ends; nothing of a path with a mistake.
pub(super) fn reached(world: &World, path: &Path, from: TableId) -> Option<TableId> {
    match itself(world, path, from) {
        Some(_) => Some(from),
        None => path.value.iter().try_fold(from, |table, name| Some(led(world, table, name)?.1)),
    }
}

/// The name of the table itself, where that is the whole of a path.
fn itself<'a>(world: &World, path: &'a Path, from: TableId) -> Option<&'a Name> {
    match path.value.as_slice() {
        [only] if only.value == world.table_name(from) && world.member(from, &only.value).is_none() => Some(only),
        _ => None,
    }
}

/// Where a link leads, plain or dated; nothing of other names.
fn led(world: &World, table: TableId, name: &Name) -> Option<(Step, TableId)> {
    let declared = world.model.table(table);
    match world.member(table, &name.value)? {
        Member::Column(column) => Some((Step::Link(column), declared.column(column).leads_to()?)),
        Member::Dated(i) => Some((Step::Dated(i), declared.dated.get(i)?.target)),
        Member::Back(_) | Member::Derived(..) | Member::Days | Member::LastDay | Member::Broken => None,
    }
}

/// The finding that it is asked who holds a row where nobody may ask.
pub(super) fn holder_asked(span: Span) -> Diagnostic {
    let message = "`held elsewhere` can be asked only of the rows that are counted";
    let help = "ask it in `numerator` or in `exclude`, outside `some`, `no`, `all`, `count` and the like";
    Diagnostic::new(code::HOLDER_ASKED, span, message).help(help)
}

fn links(world: &World, table: TableId) -> String {
    let declared = world.model.table(table);
    let plain = declared.columns.iter().filter(|c| c.leads_to().is_some()).map(|c| &c.name);
    let names: Vec<_> = plain.chain(declared.dated.iter().map(|d| &d.name)).map(|n| format!("`{n}`")).collect();
    match names.is_empty() {
        true => format!("a row of `{}` has no links", declared.name),
        false => format!("links of `{}`: {}", declared.name, names.join(", ")),
    }
}
