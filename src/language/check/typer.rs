//! Typing: one walk over an expression's text that finds its meaning, its type and whether it can
//! be missing.
//!
//! Each text is typed once; what stands behind its names is put in place (`named`). Circles and
//! growth without end are refused. A part with a mistake gives `None`, so that one mistake gives
//! one finding. Each condition is noted with the place of its text, for the lints that follow.

use super::named::{Definition, Meanings, Size};
use super::references::Names;
use super::said::Said;
use super::types::{Place, Value, all_of, can_be_missing, never_null, value_words, words};
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{At, Expr, ExprKind, Missing, RowId, Ty};
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

/// A question about rows.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Where it stands.
    pub(super) span: Span,
    /// What it calls a row: `as later`.
    pub(super) alias: Option<String>,
}

/// The text at hand: that of a clause, or of a name.
#[derive(Debug, Default)]
pub(super) struct Text<'w> {
    /// Rows in sight, innermost last.
    pub(super) scope: Vec<Frame<'w>>,
    /// Each question about rows, by its row: the first is that of row variable 1.
    pub(super) rows: Vec<Asked>,
    /// Where it asks who holds the row.
    pub(super) holders: Vec<Span>,
    /// How deep the texts around it are, when it is that of a name which they ask for.
    pub(super) base: usize,
    /// How deep the place at hand is.
    pub(super) depth: usize,
    /// How many questions are around the place at hand.
    pub(super) questions: usize,
    /// All of it.
    pub(super) most: Size,
}

/// A piece of text with its meaning, which the lints look at.
#[derive(Debug)]
pub(super) enum Typed<'w> {
    /// A condition.
    Condition(&'w ast::Expr, Expr),
    /// Conditions joined by `and`.
    Together(Vec<(&'w ast::Expr, Expr)>),
}

/// What typing needs and gathers.
#[derive(Debug)]
pub(super) struct Typer<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) found: Diagnostics,
    pub(super) text: Text<'w>,
    pub(super) lets: BTreeMap<&'w str, (&'w Name, &'w ast::Expr)>,
    /// What each name means that has been looked up.
    pub(super) names: Names,
    /// The conditions, for the lints.
    pub(super) typed: Vec<Typed<'w>>,
    /// The places of conditions that are no expressions of the text.
    pub(super) said: Vec<Said>,
    /// The names that were typed.
    pub(super) meanings: Meanings,
    /// What is asked at this place may depend on who holds the cohort row.
    pub(super) holders: bool,
    /// The text was typed before, on another row: nothing in it is noted again.
    pub(super) again: bool,
    /// Names being typed, outermost first.
    pub(super) expanding: Vec<Definition<'w>>,
    /// Where the outermost of them is asked for.
    pub(super) origin: Option<Span>,
    /// The outermost of them was refused as a whole.
    pub(super) gave_up: bool,
    pub(super) told: Told,
}

/// Mistakes told already, so that they are told once for all names they are found in.
#[derive(Debug, Default)]
pub(super) struct Told {
    too_large: bool,
    /// Where it is asked who holds a row, and nobody may ask.
    pub(super) holders: BTreeSet<Span>,
}

impl<'w> Typer<'w> {
    /// A typer for expressions asked of one row of `table`, by what is known of names already.
    pub(super) fn new(world: &'w World<'w>, meanings: Meanings, table: TableId) -> Self {
        let scope = vec![Frame { alias: None, place: Place::of(RowId::COHORT, table) }];
        Self {
            world,
            found: Diagnostics::default(),
            text: Text { scope, ..Text::default() },
            lets: BTreeMap::new(),
            names: Names::default(),
            typed: Vec::new(),
            said: Vec::new(),
            meanings,
            holders: false,
            again: false,
            expanding: Vec::new(),
            origin: None,
            gave_up: false,
            told: Told::default(),
        }
    }

    /// A row variable nothing else has.
    pub(super) fn new_row(&mut self, span: Span, alias: Option<&Name>) -> RowId {
        self.text.rows.push(Asked { span, alias: alias.map(|alias| alias.value.clone()) });
        RowId(u16::try_from(self.text.rows.len()).unwrap_or(u16::MAX))
    }

    /// Notes what the lints look at.
    fn note(&mut self, typed: impl FnOnce() -> Typed<'w>) {
        if !self.again {
            self.typed.push(typed());
        }
    }

    /// A condition.
    pub(super) fn condition(&mut self, e: &'w ast::Expr) -> Option<Expr> {
        let value = self.value(e)?;
        match value {
            Value::Expr(typed) if typed.ty == Ty::Bool => {
                self.note(|| Typed::Condition(e, typed.clone()));
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
        self.typed(value, e.span)
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
            Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Code(..) | Ty::Row(_) => {
                let message = format!("{what} needs a day, not {}", words(self.world, typed.ty));
                self.found.push(Diagnostic::new(code::TYPE_MISMATCH, e.span, message));
                None
            }
        }
    }

    /// Takes a value by itself, without another side to take a type from.
    pub(super) fn typed(&mut self, value: Value, span: Span) -> Option<Expr> {
        match value {
            Value::Expr(e) => Some(e),
            Value::Number(n) => Some(never_null(ExprKind::Int(n), Ty::Int)),
            Value::Word(name) => {
                self.found.push(self.unknown(&name));
                None
            }
            Value::Length(_) => {
                let message = "a length of time has no meaning by itself here";
                let help =
                    "add it to a day (`removed_on + 12 months`) or compare a number of days, months or years with it";
                self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
                None
            }
        }
    }

    /// The value of an expression's text.
    pub(super) fn value(&mut self, e: &'w ast::Expr) -> Option<Value> {
        if self.gave_up {
            return None;
        }
        self.text.most.nodes += 1;
        if self.text.most.nodes > LARGEST || self.text.base + self.text.depth >= DEEPEST {
            self.refuse_size(e.span);
            return None;
        }
        self.text.depth += 1;
        self.text.most.depth = self.text.most.depth.max(self.text.depth);
        let mut value = self.kind(e);
        self.text.depth -= 1;
        if let Some(Value::Expr(typed)) = &mut value {
            // What a name stands for says itself where it is written.
            let known = if matches!(e.kind, ast::ExprKind::Path(_)) { typed.at } else { At::default() };
            typed.at = known.or(At::text(e.span));
        }
        value
    }

    /// Looks inside a question, unless too many are around it.
    pub(super) fn one_question_deeper<T>(
        &mut self,
        span: Span,
        look: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.text.questions >= QUESTIONS {
            self.refuse_questions(span);
            return None;
        }
        self.text.questions += 1;
        self.text.most.questions = self.text.most.questions.max(self.text.questions);
        let found = look(self);
        self.text.questions -= 1;
        found
    }

    /// Counts what stands twice in the meaning and once in the text.
    pub(super) fn stands_again(&mut self, e: &Expr) {
        e.walk(&mut |_| self.text.most.nodes += 1);
    }

    /// Counts a name's text as if it stood at `span`, unless the whole would be too large then.
    pub(super) fn takes(&mut self, name: Size, span: Span) -> Option<()> {
        let depth = self.text.depth + name.depth;
        let questions = self.text.questions + name.questions;
        if self.text.most.nodes + name.nodes > LARGEST || self.text.base + depth > DEEPEST {
            self.refuse_size(span);
            return None;
        }
        if questions > QUESTIONS {
            self.refuse_questions(span);
            return None;
        }
        let most = self.text.most;
        let nodes = most.nodes + name.nodes;
        self.text.most = Size { nodes, depth: most.depth.max(depth), questions: most.questions.max(questions) };
        Some(())
    }

    fn kind(&mut self, e: &'w ast::Expr) -> Option<Value> {
        let typed = match &e.kind {
            ast::ExprKind::Path(path) => return self.path(path),
            ast::ExprKind::Arithmetic { sign, left, right } => return self.arithmetic(*sign, left, right, e.span),
            ast::ExprKind::Int(n) => return Some(Value::Number(*n)),
            ast::ExprKind::Decimal(number) => self.decimal(*number, e.span),
            ast::ExprKind::Duration(d) => return Some(Value::Length(*d)),
            ast::ExprKind::Text(text) => Some(never_null(ExprKind::Text(text.clone()), Ty::Text)),
            ast::ExprKind::Date(date) => Some(never_null(ExprKind::Date(*date), Ty::Date)),
            ast::ExprKind::Bool(truth) => Some(never_null(ExprKind::Bool(*truth), Ty::Bool)),
            ast::ExprKind::And(parts) => self.and(parts),
            ast::ExprKind::Or(parts) => self.or(parts),
            ast::ExprKind::Not(inner) => self.condition(inner).map(negated),
            ast::ExprKind::Compare { op, left, right } => self.compare(op, left, right, e.span),
            ast::ExprKind::In { value, set, negated } => self.is_in(value, set, *negated),
            ast::ExprKind::Missing { value, known } => self.is_missing(value, *known),
            ast::ExprKind::IsRows { row, rows } => self.is_rows(&row.value, rows),
            ast::ExprKind::Relation { row, relation } => self.related(row.as_ref(), relation, e.span),
            ast::ExprKind::KeepsRules(row) => self.keeps_rules(row.as_ref(), e.span),
            ast::ExprKind::Quantified(quantified) => self.quantified(quantified, e.span),
            ast::ExprKind::OfCall { name, args, on } => self.of_call(name, args, on.as_deref(), e.span),
            ast::ExprKind::Elsewhere(day) => self.elsewhere(day, e.span),
            ast::ExprKind::IfElse { condition, then, otherwise } => self.if_else(condition, then, otherwise, e.span),
            ast::ExprKind::DaysInWindow => self.days_in_window(e.span),
            ast::ExprKind::FromTo { unit, from, to } => self.counted(unit, from, to),
            ast::ExprKind::Beside(beside) => self.beside(beside, e.span),
        };
        typed.map(Value::Expr)
    }

    fn and(&mut self, parts: &'w [ast::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = parts.iter().map(|p| self.condition(p)).collect();
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        self.note(|| Typed::Together(parts.iter().zip(typed.iter().cloned()).collect()));
        Some(all_of(typed))
    }

    fn or(&mut self, parts: &'w [ast::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = parts.iter().map(|p| self.condition(p)).collect();
        let mut flat = Vec::new();
        for part in typed.into_iter().collect::<Option<Vec<Expr>>>()? {
            if let ExprKind::Or(inner) = part.kind {
                flat.extend(inner.into_iter().map(|e| e.written(part.at)));
            } else {
                flat.push(part);
            }
        }
        if flat.len() < 2 {
            return flat.pop();
        }
        let missing = can_be_missing(&flat);
        Some(Expr { kind: ExprKind::Or(flat), ty: Ty::Bool, missing, at: At::default() })
    }

    fn refuse_size(&mut self, span: Span) {
        let message = "this is too large or too deeply nested once all its names are written out";
        self.too_large(span, message.into(), "split it, or use fewer names inside other names");
        self.gave_up = !self.expanding.is_empty();
    }

    fn refuse_questions(&mut self, span: Span) {
        let message = format!("more than {QUESTIONS} questions about rows are nested in one another");
        self.too_large(span, message, "nest fewer questions in one another");
    }

    /// The finding that names grow without end.
    pub(super) fn too_large(&mut self, span: Span, message: String, help: &str) {
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
    Expr { kind: ExprKind::Not(Box::new(e)), ty: Ty::Bool, missing, at: At::default() }
}

/// The finding that a time stands where a day is needed.
pub(super) fn day_of(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(code::DAY_AGAINST_TIME, span, message).help("write `day of ...` to take the time's day")
}
