//! Typing: one walk over an expression's text that finds its meaning, its type and whether it can
//! be missing.
//!
//! Derived columns, `let`s and named row sets have no type of their own: their text is typed anew
//! wherever they are asked of a row, as if it stood there. Circles and growth without end are
//! refused. A part with a mistake gives `None`, so that one mistake gives one finding.

use super::references::{Kind, Names};
use super::types::{Place, Value, all_of, can_be_missing, sure, value_words, words};
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Expr, ExprKind, Missing, RowId, Ty};
use crate::model::TableId;
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes an indicator may have once its names are written out.
const LARGEST: usize = 20_000;
/// How deep expressions may be nested, names written out.
const DEEPEST: usize = 120;
/// How many questions about rows may be asked inside one another, names written out. Each is looked
/// at several times to find how long its outcome takes to be known, and all inside it with it;
/// nobody reads as many.
const QUESTIONS: usize = 8;

/// A row in sight.
#[derive(Debug, Clone)]
pub(super) struct Frame<'w> {
    /// `as later`.
    pub(super) alias: Option<&'w Name>,
    pub(super) place: Place,
}

/// What typing needs and gathers.
#[derive(Debug)]
pub(super) struct Typer<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) found: Diagnostics,
    /// Rows in sight, innermost last.
    pub(super) scope: Vec<Frame<'w>>,
    pub(super) lets: BTreeMap<&'w str, (&'w Name, &'w ast::Expr)>,
    /// What each name means that has been looked up.
    pub(super) names: Names,
    pub(super) used_lets: BTreeSet<String>,
    /// Named sets of codes and rows that were asked for.
    pub(super) used_sets: BTreeSet<String>,
    /// Where each quantifier stands, by its row.
    pub(super) places: BTreeMap<RowId, Span>,
    /// The window is a single day.
    pub(super) day_window: bool,
    /// What is asked at this place may depend on who holds the cohort row.
    pub(super) holders: bool,
    next_row: u16,
    size: usize,
    depth: usize,
    /// How many questions are around the place at hand.
    questions: usize,
    /// Names being written out, outermost first.
    expanding: Vec<(String, Option<TableId>)>,
    /// Where the outermost of them stands.
    origin: Option<Span>,
    /// Mistakes told already, so that they are told once for all names they are found in.
    pub(super) told: Told,
}

/// Circles by the names in them, and whether anything was too large.
#[derive(Debug, Default)]
pub(super) struct Told {
    circles: BTreeSet<Vec<String>>,
    too_large: bool,
}

impl<'w> Typer<'w> {
    /// A typer for expressions asked of one row of `table`.
    pub(super) fn new(world: &'w World<'w>, table: TableId) -> Self {
        Self {
            world,
            found: Diagnostics::default(),
            scope: vec![Frame { alias: None, place: Place::of(RowId::COHORT, table) }],
            lets: BTreeMap::new(),
            names: Names::default(),
            used_lets: BTreeSet::new(),
            used_sets: BTreeSet::new(),
            places: BTreeMap::new(),
            day_window: false,
            holders: false,
            next_row: 1,
            size: 0,
            depth: 0,
            questions: 0,
            expanding: Vec::new(),
            origin: None,
            told: Told::default(),
        }
    }

    /// A row variable nothing else has.
    pub(super) fn new_row(&mut self, span: Span) -> RowId {
        let row = RowId(self.next_row);
        self.next_row = self.next_row.saturating_add(1);
        self.places.insert(row, span);
        row
    }

    /// A condition.
    pub(super) fn condition(&mut self, e: &'w ast::Expr) -> Option<Expr> {
        let value = self.value(e)?;
        match value {
            Value::Expr(typed) if typed.ty == Ty::Bool => {
                super::conditions::alone(self, e, &typed);
                Some(typed)
            }
            Value::Word(name) => {
                self.found.push(self.unknown(&name));
                None
            }
            other @ (Value::Expr(_) | Value::Number(_) | Value::Length(_)) => {
                let message = format!("a condition is needed here, not {}", value_words(self.world, &other));
                let help = "a condition is true or false: a comparison, `... in ...`, `some ... where ...`";
                self.found.push(Diagnostic::new(code::NOT_A_CONDITION, e.span, message).help(help));
                None
            }
        }
    }

    /// An expression that has a type by itself.
    pub(super) fn expr(&mut self, e: &'w ast::Expr) -> Option<Expr> {
        let value = self.value(e)?;
        self.settled(value, e.span)
    }

    /// A day; anything else is a finding that names `what` needs one.
    pub(super) fn day(&mut self, e: &'w ast::Expr, what: &str) -> Option<Expr> {
        let typed = self.expr(e)?;
        match typed.ty {
            Ty::Date => Some(typed),
            Ty::Timestamp => {
                self.found.push(day_of(e.span, format!("{what} needs a day, and this is a time")));
                None
            }
            Ty::Bool | Ty::Int | Ty::Days | Ty::Months | Ty::Years | Ty::Text | Ty::Code(..) | Ty::Row(_) => {
                let message = format!("{what} needs a day, not {}", words(self.world, typed.ty));
                self.found.push(Diagnostic::new(code::TYPE_MISMATCH, e.span, message));
                None
            }
        }
    }

    /// Takes a value by itself, without another side to take a type from.
    pub(super) fn settled(&mut self, value: Value, span: Span) -> Option<Expr> {
        match value {
            Value::Expr(e) => Some(e),
            Value::Number(n) => Some(sure(ExprKind::Int(n), Ty::Int)),
            Value::Word(name) => {
                self.found.push(self.unknown(&name));
                None
            }
            Value::Length(_) => {
                let message = "a length of time means nothing by itself here";
                let help =
                    "add it to a day (`removed_on + 12 months`) or compare a number of days, months or years with it";
                self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
                None
            }
        }
    }

    /// The value of an expression's text.
    pub(super) fn value(&mut self, e: &'w ast::Expr) -> Option<Value> {
        self.size += 1;
        if self.size > LARGEST || self.depth >= DEEPEST {
            self.refuse_size(e.span);
            return None;
        }
        self.depth += 1;
        let value = self.kind(e);
        self.depth -= 1;
        value
    }

    /// Looks inside a question, unless too many are around it.
    pub(super) fn one_question_deeper<T>(
        &mut self,
        span: Span,
        look: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.questions >= QUESTIONS {
            let message = format!("more than {QUESTIONS} questions about rows stand inside one another");
            self.too_large(span, message, "ask about fewer rows of rows of rows");
            return None;
        }
        self.questions += 1;
        let found = look(self);
        self.questions -= 1;
        found
    }

    /// Counts what stands twice in the meaning and once in the text.
    pub(super) fn stands_again(&mut self, e: &Expr) {
        e.walk(&mut |_| self.size += 1);
    }

    fn kind(&mut self, e: &'w ast::Expr) -> Option<Value> {
        let typed = match &e.kind {
            ast::ExprKind::Path(path) => return self.path(path),
            ast::ExprKind::Int(n) => return Some(Value::Number(*n)),
            ast::ExprKind::Duration(d) => return Some(Value::Length(*d)),
            ast::ExprKind::Text(text) => Some(sure(ExprKind::Text(text.clone()), Ty::Text)),
            ast::ExprKind::Date(date) => Some(sure(ExprKind::Date(*date), Ty::Date)),
            ast::ExprKind::Bool(truth) => Some(sure(ExprKind::Bool(*truth), Ty::Bool)),
            ast::ExprKind::And(parts) => self.and(parts),
            ast::ExprKind::Or(parts) => self.or(parts),
            ast::ExprKind::Not(inner) => self.condition(inner).map(negated),
            ast::ExprKind::Compare { op, left, right } => self.compare(op, left, right, e.span),
            ast::ExprKind::In { value, set, negated } => self.is_in(value, set, *negated),
            ast::ExprKind::Missing { value, known } => self.is_missing(value, *known),
            ast::ExprKind::IsRows { row, rows } => self.is_rows(&row.value, rows),
            ast::ExprKind::Relation { row, relation } => self.related(row.as_ref(), relation, e.span),
            ast::ExprKind::Quantified(quantified) => self.quantified(quantified, e.span),
            ast::ExprKind::Sum { plus, left, right } => self.sum(*plus, left, right, e.span),
            ast::ExprKind::OfCall { name, args } => self.of_call(name, args, e.span),
            ast::ExprKind::Elsewhere(day) => self.elsewhere(day, e.span),
            ast::ExprKind::DaysInWindow => self.days_in_window(e.span),
            ast::ExprKind::FromTo { unit, from, to } => self.counted(unit, from, to),
        };
        typed.map(Value::Expr)
    }

    fn and(&mut self, parts: &'w [ast::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = parts.iter().map(|p| self.condition(p)).collect();
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        super::conditions::together(self, parts, &typed);
        Some(all_of(typed))
    }

    fn or(&mut self, parts: &'w [ast::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = parts.iter().map(|p| self.condition(p)).collect();
        let mut flat = Vec::new();
        for part in typed.into_iter().collect::<Option<Vec<Expr>>>()? {
            if let ExprKind::Or(inner) = part.kind {
                flat.extend(inner);
            } else {
                flat.push(part);
            }
        }
        if flat.len() < 2 {
            return flat.pop();
        }
        let missing = can_be_missing(&flat);
        Some(Expr { kind: ExprKind::Or(flat), ty: Ty::Bool, missing })
    }

    /// Types the text behind a name as if it stood here, asked of `place` (a `let`: of the cohort
    /// row).
    pub(super) fn written_out(&mut self, name: &Name, value: &'w ast::Expr, place: Option<&Place>) -> Option<Value> {
        let scope = match place {
            Some(place) => vec![Frame { alias: None, place: place.clone() }],
            None => self.scope.first().cloned().into_iter().collect(),
        };
        let key = (name.value.clone(), place.map(|p| p.table));
        if self.expanding.contains(&key) {
            self.refuse_circle(name, &key);
            return None;
        }
        if self.expanding.is_empty() {
            self.origin = Some(name.span);
        }
        self.expanding.push(key);
        let outer = std::mem::replace(&mut self.scope, scope);
        // A derived column or a row set belongs to the model: it does not see the indicator's local
        // names.
        let lets = place.is_some().then(|| std::mem::take(&mut self.lets));
        let typed = self.value(value);
        if let Some(lets) = lets {
            self.lets = lets;
        }
        self.scope = outer;
        self.expanding.pop();
        typed
    }

    fn refuse_circle(&mut self, name: &Name, key: &(String, Option<TableId>)) {
        let from = self.expanding.iter().position(|k| k == key).unwrap_or(0);
        let circle: Vec<_> = self.expanding.iter().skip(from).map(|(n, _)| format!("`{n}`")).collect();
        let mut names = circle.clone();
        names.sort_unstable();
        if !self.told.circles.insert(names) {
            return;
        }
        let message = match circle.as_slice() {
            [only] => format!("{only} is defined by itself"),
            _ => format!("{} are defined by each other", circle.join(" and ")),
        };
        self.found.push(
            Diagnostic::new(code::CIRCULAR, name.span, message).help("define one of them by columns of the row alone"),
        );
    }

    fn refuse_size(&mut self, span: Span) {
        let message = "this is too large or too deeply nested once all its names are written out";
        self.too_large(span, message.into(), "split it, or nest fewer names in each other");
    }

    fn too_large(&mut self, span: Span, message: String, help: &str) {
        if self.told.too_large {
            return;
        }
        self.told.too_large = true;
        let span = self.origin.filter(|_| !self.expanding.is_empty()).unwrap_or(span);
        self.found.push(Diagnostic::new(code::TOO_LARGE, span, message).help(help));
    }
}

/// `not e`; two of them are none.
pub(super) fn negated(e: Expr) -> Expr {
    if let ExprKind::Not(inner) = e.kind {
        return *inner;
    }
    let missing = if e.missing == Missing::Never { Missing::Never } else { Missing::Unknown };
    Expr { kind: ExprKind::Not(Box::new(e)), ty: Ty::Bool, missing }
}

/// The finding that a time stands where a day is needed.
pub(super) fn day_of(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(code::DAY_AGAINST_TIME, span, message).help("write `day of ...` to take the time's day")
}

/// Looks at derived columns and named row sets by themselves, so that mistakes in unused ones are
/// found, too.
pub(super) fn check_world(world: &World, out: &mut Diagnostics, used: &mut BTreeSet<String>, names: &mut Names) {
    for (i, derived) in world.derived.iter().enumerate() {
        let table = TableId(i as u16);
        for (name, value) in derived.values() {
            let mut typer = Typer::new(world, table);
            let place = Place::of(RowId::COHORT, table);
            let typed = typer.written_out(name, value, Some(&place));
            let typed = typed.and_then(|typed| typer.settled(typed, value.span));
            names.declare(Kind::Derived, name, typed.map(|typed| words(world, typed.ty)));
            used.append(&mut typer.used_sets);
            names.extend(typer.names);
            out.extend(typer.found);
        }
    }
    for (table, set) in world.rows.values() {
        let mut typer = Typer::new(world, *table);
        let place = Place::of(RowId::COHORT, *table);
        typer.row_set(set.name, set.condition, &place);
        names.declare(Kind::Rows, set.name, Some(format!("rows of `{}`", world.table_name(*table))));
        used.append(&mut typer.used_sets);
        names.extend(typer.names);
        out.extend(typer.found);
    }
}
