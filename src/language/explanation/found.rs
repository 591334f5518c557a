//! What each part of a clause was worth on a row, and on the rows that it asks about.

use super::deciding::deciding;
use super::shape::{Parts, Shape, Text};
use super::words::Words;
use super::{Asked, Clause, words};
use crate::interpret::{Evaluator, Fault, Question, Rows};
use crate::ir::{Ask, Expr, ExprKind, Indicator, LinkedQuery, Ty};
use crate::source::Span;
use crate::still_open;
use std::borrow::Cow;

/// Of the rows that a question asks about, so many are told.
const ROWS: usize = 200;
/// Questions inside one another are told so far down.
const DEEPEST: usize = 3;

/// How a condition is made of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// All must hold.
    All,
    /// One must hold.
    Any,
    /// The part must not hold.
    Not,
    /// It has no parts.
    Alone,
}

/// A condition and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// As the file says it, on one line; of what stands behind a name, as the language writes it.
    pub text: String,
    /// Its place in the file.
    pub span: Option<Span>,
    /// Whether it holds; `None` when that is not known.
    pub truth: Option<bool>,
    /// Whether it is among the parts that decided.
    pub decides: bool,
    /// How it is made of its parts.
    pub joined: Joined,
    /// They.
    pub parts: Vec<Self>,
    /// The values that it compares.
    pub values: Vec<NamedValue>,
    /// The rows that it asks about.
    pub rows: Vec<AskedRow>,
    /// How many more there are.
    pub more_rows: usize,
}

impl Part {
    /// This part and all inside it, but for what is asked of rows.
    pub fn each<'p>(&'p self, visit: &mut impl FnMut(&'p Self)) {
        visit(self);
        self.parts.iter().for_each(|part| part.each(visit));
    }
}

/// A value by the name that the language has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValue {
    /// `exited_on`, `exited_on + 12 months`.
    pub name: String,
    /// In words.
    pub value: String,
}

/// A row that a question asks about, and whether it is one of those that are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedRow {
    /// `removal r17`.
    pub name: String,
    /// The condition of the question.
    pub condition: Option<Part>,
    /// The values that are taken from it.
    pub values: Vec<NamedValue>,
}

/// Evaluates and finds words.
pub(super) struct Finder<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    /// As the text has it, also where it is shown as it stands.
    pub(super) indicator: &'a Indicator,
    pub(super) text: &'a Text<'a>,
}

/// What is found by the answers to a question, in the words of the text.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub(super) fn find<T>(asked: Asked, question: Question<'_>, find: impl FnOnce(&Finder<'_>) -> T) -> Result<T, Fault> {
    let indicator = asked.indicator;
    let words = Words::of(question.world, indicator, asked.said, asked.sources);
    let evaluator = Evaluator::new(question);
    let text = Text { said: asked.said, sources: asked.sources, words: &words };
    let found = find(&Finder { evaluator: &evaluator, indicator, text: &text });
    evaluator.sound(found)
}

/// A clause, and the lists of parts of which each decided it.
pub(super) struct Found {
    pub(super) clause: Clause,
    pub(super) decided: Vec<Vec<String>>,
}

impl Finder<'_> {
    /// A clause of the row of the cohort's table.
    pub(super) fn clause(&self, head: String, e: &Expr, row: usize, decides: bool) -> Found {
        let rows = self.evaluator.row_of_cohort(row);
        let mut found = Clause { head, condition: None, values: Vec::new(), rows: Vec::new(), decides };
        if e.ty != Ty::Bool {
            self.values(e, &rows, &mut found.values);
            (found.rows, _) = self.asked_rows(e, &rows, DEEPEST);
            return Found { clause: found, decided: Vec::new() };
        }
        let shape = self.text.shape(e);
        let sets = if decides { deciding(self, &shape, &rows) } else { Vec::new() };
        let leaves: Vec<String> = shape.leaves().into_iter().map(|leaf| self.text.text(leaf)).collect();
        let texts = |set: &Vec<usize>| set.iter().filter_map(|leaf| leaves.get(*leaf).cloned()).collect();
        let decided = sets.iter().map(texts).collect();
        let mut part = self.part(&shape, &rows, DEEPEST);
        mark(&mut part, &sets.concat(), &mut 0);
        found.condition = Some(part);
        Found { clause: found, decided }
    }

    /// A condition as it is asked: where the indicator is shown as it stands, what is still open is
    /// unknown.
    pub(super) fn as_asked<'e>(&self, e: &'e Expr) -> Cow<'e, Expr> {
        match self.indicator.as_it_stands {
            false => Cow::Borrowed(e),
            true => Cow::Owned(still_open::open_condition(self.evaluator.model(), self.indicator, e)),
        }
    }

    pub(super) fn truth(&self, e: &Expr, rows: &Rows) -> Option<bool> {
        self.evaluator.truth(&self.as_asked(e), rows)
    }

    fn part(&self, shape: &Shape, rows: &Rows, levels: usize) -> Part {
        let all = |of: &[Shape]| of.iter().map(|shape| self.part(shape, rows, levels)).collect();
        let (joined, parts) = match &shape.parts {
            Parts::All(of) => (Joined::All, all(of)),
            Parts::Any(of) => (Joined::Any, all(of)),
            Parts::Not(of) => (Joined::Not, vec![self.part(of, rows, levels)]),
            Parts::Alone => (Joined::Alone, Vec::new()),
        };
        let mut values = Vec::new();
        let (mut asked, mut more_rows) = (Vec::new(), 0);
        if joined == Joined::Alone {
            self.values(&shape.expr, rows, &mut values);
            (asked, more_rows) = self.asked_rows(&shape.expr, rows, levels);
        }
        Part {
            text: self.text.text(shape),
            span: shape.span,
            truth: self.truth(&shape.expr, rows),
            decides: false,
            joined,
            parts,
            values,
            rows: asked,
            more_rows,
        }
    }

    /// The values that an expression is made of: its columns, what is reckoned from them, and what
    /// is counted or chosen among rows.
    pub(super) fn values(&self, e: &Expr, rows: &Rows, found: &mut Vec<NamedValue>) {
        match &e.kind {
            ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::Code(_) => return,
            ExprKind::Linked(q) if q.ask == Ask::Exists => return,
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::IsMissing(_) => {}
            ExprKind::InWindow(_) => {
                let window = self.evaluator.window();
                let said = format!(
                    "{} to {}",
                    crate::describe::say::day(window.start),
                    crate::describe::say::day(window.last_day())
                );
                put(found, "window".to_owned(), said);
            }
            ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. }
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Move { .. }
            | ExprKind::Call { .. }
            | ExprKind::Elsewhere(_)
            | ExprKind::Linked(_) => {
                let value = self.evaluator.value(e, rows);
                let value = match self.evaluator.is_open(e, rows) && value.is_none() {
                    true => "open: it has not come".to_owned(),
                    false => self.text.words.value(e.ty, &value),
                };
                put(found, self.text.words.expression(e), value);
            }
        }
        if !matches!(e.kind, ExprKind::Linked(_)) {
            e.children().into_iter().for_each(|e| self.values(e, rows, found));
        }
    }

    /// The rows that the questions of an expression ask about, and how many more there are. Of a
    /// question about all rows of a table, those of which the condition is not false.
    fn asked_rows(&self, e: &Expr, rows: &Rows, levels: usize) -> (Vec<AskedRow>, usize) {
        let (mut told, mut more) = (Vec::new(), 0);
        let Some(below) = levels.checked_sub(1) else { return (told, more) };
        for q in questions(e) {
            let all = self.evaluator.rows_asked(q, rows).unwrap_or_default();
            let asks = |row: &usize| {
                q.via.is_some() || self.truth(&q.condition, &rows.with(q.row, q.table, *row)) != Some(false)
            };
            let mut all = all.into_iter().filter(asks);
            let some: Vec<usize> = all.by_ref().take(ROWS).collect();
            told.extend(some.into_iter().map(|row| self.asked_row(q, row, rows, below)));
            more += all.count();
            if self.evaluator.may_miss(q, rows) {
                told.push(AskedRow {
                    name: format!("a row of {} that was set aside may be one", words::table(self.evaluator, q.table)),
                    condition: None,
                    values: Vec::new(),
                });
            }
        }
        (told, more)
    }

    fn asked_row(&self, q: &LinkedQuery, row: usize, rows: &Rows, levels: usize) -> AskedRow {
        let seen = rows.with(q.row, q.table, row);
        let condition = match &q.condition.kind {
            ExprKind::Bool(true) => None,
            _ => Some(self.part(&self.text.shape(&q.condition), &seen, levels)),
        };
        let mut values = Vec::new();
        q.ask.values().into_iter().for_each(|e| self.values(e, &seen, &mut values));
        AskedRow { name: self.text.words.row(q.table, row), condition, values }
    }
}

/// The questions of an expression, without those inside of others.
pub(super) fn questions(e: &Expr) -> Vec<&LinkedQuery> {
    match &e.kind {
        ExprKind::Linked(q) => vec![q],
        _ => e.children().into_iter().flat_map(questions).collect(),
    }
}

fn put(found: &mut Vec<NamedValue>, name: String, value: String) {
    if found.iter().all(|known| known.name != name) {
        found.push(NamedValue { name, value });
    }
}

/// Marks the parts of these numbers, counted as [`Shape::leaves`] does.
fn mark(part: &mut Part, leaves: &[usize], next: &mut usize) {
    if part.joined == Joined::Alone {
        part.decides = leaves.contains(next);
        *next += 1;
    }
    part.parts.iter_mut().for_each(|part| mark(part, leaves, next));
}
