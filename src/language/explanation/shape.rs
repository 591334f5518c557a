//! The parts of a condition as the text has them.

use super::words::Words;
use crate::check::said::Said;
use crate::ir::{Expr, ExprKind};
use crate::source::{Sources, Span};

/// The text of an indicator.
pub(super) struct Text<'a> {
    pub(super) said: &'a [Said],
    pub(super) sources: &'a Sources,
    pub(super) words: &'a Words<'a>,
}

/// A condition, or a part of one.
pub(super) struct Shape {
    pub(super) expr: Expr,
    /// Its place in the text; nothing of what stands behind a name.
    pub(super) span: Option<Span>,
    pub(super) parts: Parts,
}

/// What a condition is made of.
pub(super) enum Parts {
    /// All must hold.
    All(Vec<Shape>),
    /// One must hold.
    Any(Vec<Shape>),
    /// It must not hold.
    Not(Box<Shape>),
    /// It is looked at as a whole.
    Alone,
}

impl Text<'_> {
    /// The parts of a condition.
    pub(super) fn shape(&self, e: &Expr) -> Shape {
        self.with_span(e, self.place(e))
    }

    fn with_span(&self, e: &Expr, span: Option<Span>) -> Shape {
        let parts = match &e.kind {
            ExprKind::And(all) => Parts::All(self.list(all, ExprKind::And)),
            ExprKind::Or(all) => Parts::Any(self.list(all, ExprKind::Or)),
            ExprKind::Not(inner) if !matches!(inner.kind, ExprKind::Linked(_)) => {
                Parts::Not(Box::new(self.shape(inner)))
            }
            _ => Parts::Alone,
        };
        Shape { expr: e.clone(), span, parts }
    }

    /// Conditions that are joined, as the text groups them: a name may stand for several.
    fn list(&self, all: &[Expr], join: fn(Vec<Expr>) -> ExprKind) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let mut rest = all;
        while let [first, others @ ..] = rest {
            let several = (2..=rest.len()).rev().find_map(|length| {
                let group = rest.get(..length).filter(|_| length < all.len())?;
                let whole = Expr { kind: join(group.to_vec()), ..Expr::truth() };
                let span = self.said.iter().find(|said| said.means.kind == whole.kind)?.span;
                let each = group.iter().map(|e| self.shape(e)).collect();
                let parts = if matches!(whole.kind, ExprKind::And(_)) { Parts::All(each) } else { Parts::Any(each) };
                Some((Shape { expr: whole, span: Some(span), parts }, length))
            });
            match several {
                Some((shape, length)) => {
                    shapes.push(shape);
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => {
                    shapes.push(self.shape(first));
                    rest = others;
                }
            }
        }
        shapes
    }

    /// Where the text says this condition, for the first time.
    fn place(&self, e: &Expr) -> Option<Span> {
        self.said.iter().find(|said| said.means.kind == e.kind).map(|said| said.span)
    }

    /// The conditions that must all hold, in their order, each with its text; none of one that
    /// always holds.
    pub(super) fn conditions(&self, e: &Expr) -> Vec<(String, Expr)> {
        if matches!(e.kind, ExprKind::Bool(true)) {
            return Vec::new();
        }
        let shape = self.shape(e);
        match shape.parts {
            Parts::All(of) if shape.span.is_none() => of.into_iter().map(|of| (self.text(&of), of.expr)).collect(),
            _ => vec![(self.text(&shape), shape.expr)],
        }
    }

    /// The text of a condition: its own, on one line, or what stands behind a name as the language
    /// writes it.
    pub(super) fn text(&self, shape: &Shape) -> String {
        match shape.span {
            Some(span) => on_one_line(self.sources.text(span)),
            None => self.words.expression(&shape.expr),
        }
    }
}

/// A text without comments and line breaks.
fn on_one_line(text: &str) -> String {
    let lines = text.lines().map(without_comment);
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// A line up to its comment; a `#` in a quoted text begins none.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let comment = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '#' && !quoted
    });
    comment.map_or(line, |(at, _)| line.get(..at).unwrap_or(line))
}
