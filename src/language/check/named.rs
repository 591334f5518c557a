//! What a name stands for: a derived column, a named set of rows or a `let` is typed once, on a
//! row of its own, and its meaning is put in place wherever it is asked.
//!
//! What is asked of a row by way of links differs a little in its form from what is asked of the
//! row itself, and differs again where the row may be missing (the last day of a stay, `other`).
//! So a name has up to three meanings, each typed when it is first asked for. Mistakes, types and
//! lints are those of the first.

use super::references::{Key, Kind};
use super::typer::{Asked, Frame, Text, Typer};
use super::types::{Place, Value, words};
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Expr, ExprKind, RowId, Ty};
use crate::model::{ColumnId, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Nodes that the meanings of a model's names may have together, and those of an indicator's, so
/// that they find room in memory.
const ALL_TOGETHER: usize = 2_000_000;
/// Stands for the links by which the row is reached. No table has as many columns.
const FROM: ColumnId = ColumnId(u16::MAX);

/// A name with the text behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition<'w> {
    pub(super) name: &'w Name,
    pub(super) value: &'w ast::Expr,
    /// What it was declared as: `Derived`, `Rule`, `Rows`, `Groups` or `Let`.
    pub(super) kind: Kind,
    /// The table of the rows it is asked of.
    pub(super) table: TableId,
}

impl Definition<'_> {
    fn key(&self) -> Key {
        (self.name.span, self.kind)
    }
}

/// How the row is reached that a name is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// It is a row variable itself.
    Here,
    /// By links that are never missing.
    ByLinks,
    /// By links of which one may be missing.
    Perhaps,
}

impl Reach {
    fn of(place: &Place) -> Self {
        match (place.links.is_empty(), place.missing) {
            (true, _) => Self::Here,
            (false, false) => Self::ByLinks,
            (false, true) => Self::Perhaps,
        }
    }

    /// The row that a name is typed on.
    fn place(self, table: TableId) -> Place {
        let links = if self == Self::Here { Vec::new() } else { vec![FROM] };
        Place { row: RowId::COHORT, links, table, missing: self == Self::Perhaps }
    }
}

/// A typed name, asked of [`RowId::COHORT`].
#[derive(Debug)]
struct Meaning {
    value: Value,
    text: Size,
    /// Each question in it, by its row variable.
    rows: Vec<Asked>,
    /// Where it asks who holds the row.
    holders: Vec<Span>,
}

/// How much stands in a text, names written out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    /// Nodes.
    pub(super) nodes: usize,
    /// How deep they are nested.
    pub(super) depth: usize,
    /// How many questions about rows stand inside one another.
    pub(super) questions: usize,
}

/// The names that were typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Meanings {
    model: Kept,
    /// Those of one indicator.
    lets: Kept,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    /// Those that were known before, shared by all copies.
    before: Rc<Known>,
    meanings: Known,
    /// How many nodes they have.
    nodes: usize,
}

type Known = BTreeMap<(Key, Reach), Option<Rc<Meaning>>>;

impl Kept {
    fn get(&self, key: &(Key, Reach)) -> Option<&Option<Rc<Meaning>>> {
        self.before.get(key).or_else(|| self.meanings.get(key))
    }
}

impl Meanings {
    /// All that the model says has been looked at: copies of this share it.
    pub(super) fn shared(mut self) -> Self {
        let known = std::mem::take(&mut self.model.meanings);
        self.model.before = Rc::new(known);
        self
    }

    /// Leaves only what every indicator can name.
    pub(super) fn of_the_model(self) -> Self {
        Self { model: self.model, lets: Kept::default() }
    }

    fn of(&mut self, kind: Kind) -> &mut Kept {
        if kind == Kind::Let { &mut self.lets } else { &mut self.model }
    }
}

impl<'w> Typer<'w> {
    /// What a name stands for, asked of a row: typed once, and put in place.
    pub(super) fn put(&mut self, name: &Name, definition: Definition<'w>, place: &Place) -> Option<Value> {
        let here = self.meaning(name, definition, Reach::Here)?;
        // Before anything is built that would be too large.
        self.takes(here.text, name.span)?;
        let reach = Reach::of(place);
        let meaning = if reach == Reach::Here { here } else { self.meaning(name, definition, reach)? };
        self.holders_may_be_asked(&meaning.holders)?;
        let at = InPlace { place, rows: u16::try_from(self.text.rows.len()).unwrap_or(u16::MAX) };
        self.text.rows.extend_from_slice(&meaning.rows);
        Some(match &meaning.value {
            Value::Expr(e) => Value::Expr(at.expr(e, Some(name.span))),
            Value::Number(_) | Value::Length(_) | Value::Word(_) => meaning.value.clone(),
        })
    }

    /// Types a name by itself, so that mistakes in unused ones are found, too; its type in words.
    pub(super) fn look_at(&mut self, definition: Definition<'w>) -> Option<String> {
        let meaning = self.meaning(definition.name, definition, Reach::Here)?;
        super::types::type_of(self.world, &meaning.value)
    }

    /// What a name stands for, asked of the row of its table; nothing of a number or a length that
    /// is only written.
    pub(super) fn stands_for(&mut self, definition: Definition<'w>) -> Option<Expr> {
        let meaning = self.meaning(definition.name, definition, Reach::Here)?;
        let place = Place::of(RowId::COHORT, definition.table);
        match &meaning.value {
            Value::Expr(e) => Some(InPlace { place: &place, rows: 0 }.expr(e, None)),
            Value::Number(_) | Value::Length(_) | Value::Word(_) => None,
        }
    }

    /// The value of a name on a row of its own.
    pub(super) fn value_of(&mut self, definition: Definition<'w>) -> Option<Value> {
        Some(self.meaning(definition.name, definition, Reach::Here)?.value.clone())
    }

    /// Whether the text at hand is that of a breakdown itself.
    pub(super) fn in_groups(&self) -> bool {
        self.expanding.last().is_some_and(|definition| definition.kind == Kind::Groups)
    }

    fn meaning(&mut self, name: &Name, definition: Definition<'w>, reach: Reach) -> Option<Rc<Meaning>> {
        if let Some(from) = self.expanding.iter().position(|d| d.key() == definition.key()) {
            self.refuse_circle(name, from);
            return None;
        }
        let key = (definition.key(), reach);
        if let Some(known) = self.meanings.of(definition.kind).get(&key) {
            return known.clone();
        }
        let outermost = self.expanding.is_empty();
        if outermost {
            self.origin = Some(name.span);
        }
        let typed = self.type_name(definition, reach).map(Rc::new);
        // What was only too deep inside the outermost name may be asked by itself.
        if outermost || !self.gave_up {
            self.meanings.of(definition.kind).meanings.insert(key, typed.clone());
        }
        self.gave_up &= !outermost;
        typed
    }

    fn type_name(&mut self, definition: Definition<'w>, reach: Reach) -> Option<Meaning> {
        let place = reach.place(definition.table);
        let base = self.text.base + self.text.depth;
        let text = Text { scope: vec![Frame { alias: None, place }], base, ..Text::default() };
        let outer = std::mem::replace(&mut self.text, text);
        let again = std::mem::replace(&mut self.again, reach != Reach::Here);
        let is_let = definition.kind == Kind::Let;
        // Who asks a `let` may ask who holds the row, or not.
        let holders = std::mem::replace(&mut self.holders, is_let);
        // What belongs to the model does not see the indicator's local names.
        let lets = (!is_let).then(|| std::mem::take(&mut self.lets));
        self.expanding.push(definition);
        let value = self.value(definition.value).and_then(|value| self.fitting(definition, value));
        let value = value.and_then(|value| self.kept(definition, value));
        self.expanding.pop();
        if let Some(lets) = lets {
            self.lets = lets;
        }
        self.holders = holders;
        self.again = again;
        let text = std::mem::replace(&mut self.text, outer);
        Some(Meaning { value: value?, text: text.most, rows: text.rows, holders: text.holders })
    }

    /// A value that the name can stand for.
    fn fitting(&mut self, definition: Definition<'w>, value: Value) -> Option<Value> {
        let (name, span) = (definition.name, definition.value.span);
        match (definition.kind, value) {
            (_, Value::Word(word)) => {
                self.found.push(self.unknown(&word));
                None
            }
            (Kind::Let, value) => Some(value),
            (Kind::Rows, value) => {
                let typed = self.typed(value, span)?;
                if typed.ty == Ty::Bool {
                    return Some(Value::Expr(typed));
                }
                let what = words(self.world, typed.ty);
                let message = format!("the rows of `{}` need a condition, not {what}", name.value);
                self.found.push(Diagnostic::new(code::NOT_A_CONDITION, span, message));
                None
            }
            (Kind::Rule, value) => self.of_a_rule(definition, value).map(Value::Expr),
            (_, value) => self.typed(value, span).map(Value::Expr),
        }
    }

    fn kept(&mut self, definition: Definition<'w>, value: Value) -> Option<Value> {
        let kept = self.meanings.of(definition.kind);
        kept.nodes += self.text.most.nodes;
        if kept.nodes <= ALL_TOGETHER {
            return Some(value);
        }
        let message = "all names together are too large once those in them are written out";
        self.too_large(definition.name.span, message.into(), "use fewer names in each other");
        None
    }

    /// Whether who holds the row may be asked where a name is used that asks it.
    fn holders_may_be_asked(&mut self, asked: &[Span]) -> Option<()> {
        if self.holders || asked.is_empty() {
            self.text.holders.extend(asked);
            return Some(());
        }
        for span in asked {
            if self.told.holders.insert(*span) {
                self.found.push(super::attribution::holder_asked(*span));
            }
        }
        None
    }

    fn refuse_circle(&mut self, name: &Name, from: usize) {
        let circle: Vec<_> = self.expanding.iter().skip(from).map(|d| format!("`{}`", d.name.value)).collect();
        let message = match circle.as_slice() {
            [only] => format!("{only} is defined by itself"),
            _ => format!("{} are defined by each other", circle.join(" and ")),
        };
        self.found.push(
            Diagnostic::new(code::CIRCULAR, name.span, message).help("define one of them by columns of the row alone"),
        );
    }
}

/// A meaning on its way to the row it is asked of.
struct InPlace<'p> {
    place: &'p Place,
    /// How many row variables there are already.
    rows: u16,
}

impl InPlace<'_> {
    /// The expression on the row at hand; `name` is where the name stands that means it.
    fn expr(&self, e: &Expr, name: Option<Span>) -> Expr {
        let mut kind = e.kind_with(&|inner| self.expr(inner, name));
        if let ExprKind::Column { row, links, .. } | ExprKind::Row { row, links } = &mut kind {
            self.reach(row, links);
        }
        if let ExprKind::Linked(q) = &mut kind {
            q.row = self.row(q.row);
            q.other_than = q.other_than.map(|row| self.row(row));
            // Of all rows of a table, the owner says nothing.
            if q.via.is_some() {
                self.reach(&mut q.owner, &mut q.owner_links);
            }
        }
        let at = name.map_or(e.at, |name| e.at.by_name(name));
        Expr { kind, at, ..*e }
    }

    fn row(&self, row: RowId) -> RowId {
        if row == RowId::COHORT { self.place.row } else { RowId(row.0.saturating_add(self.rows)) }
    }

    fn reach(&self, row: &mut RowId, links: &mut Vec<ColumnId>) {
        if links.first() == Some(&FROM) {
            links.splice(..1, self.place.links.iter().copied());
        }
        *row = self.row(*row);
    }
}

/// Looks at derived columns and named row sets by themselves. All further typers know them then.
pub(super) fn of_the_model(world: &World, names: &mut super::references::Names, out: &mut Diagnostics) -> Meanings {
    let mut meanings = Meanings::default();
    for definition in world.definitions() {
        let mut typer = Typer::new(world, meanings, definition.table);
        let ty = typer.look_at(definition);
        let ty = if definition.kind == Kind::Rows {
            Some(format!("rows of `{}`", world.table_name(definition.table)))
        } else {
            ty
        };
        names.declare(definition.kind, definition.name, ty);
        super::lints::conditions::of_the_model(world, &typer.typed, out);
        names.extend(typer.names);
        out.extend(typer.found);
        meanings = typer.meanings;
    }
    meanings
}
