//! Writes a clause, a line or a head: token by token, until the line is full.

use super::WIDTH;
use super::forms::{Forms, Gap};
use super::line::{Comment, Line, Mark, width};
use crate::syntax::tokens::{Kind, Token, TriviaKind};
use crate::syntax::tree::{Form, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// No line begins further right.
const MOST_INDENT: usize = 80;

/// Writes the lines of one declaration.
pub(super) struct Writer<'f, 't> {
    tree: &'t Tree<'t>,
    forms: &'f Forms<'t>,
    /// The columns of what stands below its like.
    aligned: &'f BTreeMap<usize, usize>,
    /// The column in which each token of the declaration begins, once it is written.
    columns: Vec<usize>,
    pub(super) lines: Vec<Line>,
}

/// What is known of the line that is written.
#[derive(Debug, Clone, Copy)]
struct Begun {
    /// Its first token.
    token: usize,
    indent: usize,
    blank: usize,
    /// Where it is broken when it gets too long, and how deep inside.
    best: Option<(usize, usize)>,
}

impl<'f, 't> Writer<'f, 't> {
    pub(super) fn new(tree: &'t Tree<'t>, forms: &'f Forms<'t>, aligned: &'f BTreeMap<usize, usize>) -> Self {
        let columns = vec![0; forms.item.tokens.len()];
        Self { tree, forms, aligned, columns, lines: Vec::new() }
    }

    fn token(&self, at: usize) -> Option<&'t Token> {
        self.tree.tokens.list.get(at)
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.token(at).map(|token| token.kind)
    }

    pub(super) fn text(&self, at: usize) -> &'t str {
        self.token(at).map_or("", |token| self.tree.text_of(token))
    }

    /// Writes these tokens, the first of them at the begin of a line.
    pub(super) fn run(&mut self, tokens: &Range<usize>, indent: usize, most_blank: usize) {
        let begun = self.lines.len();
        let mut mixed = BTreeSet::new();
        let mut broken = BTreeSet::new();
        for at in tokens.clone().skip(1).filter(|at| self.forms.must_break(*at)) {
            broken.extend(self.ors(at, &mut mixed));
        }
        let mut line = self.begin_run(tokens.start, indent, most_blank);
        let mut at = tokens.start + 1;
        while at < tokens.end {
            if broken.contains(&at) || self.forms.must_break(at) {
                line = self.begin_run(at, self.indent(at), 0);
            } else {
                self.gap(at, false);
                let depth = self.forms.may_break(at).filter(|_| self.gains(at));
                if let Some(depth) = depth.filter(|depth| line.best.is_none_or(|(_, least)| *depth <= least)) {
                    line.best = Some((at, depth));
                }
                self.put(at);
                if let Some((best, _)) = line.best.filter(|_| self.end() > WIDTH) {
                    broken.insert(best);
                    let ors = self.ors(best, &mut mixed);
                    if ors.iter().all(|or| *or > line.token) {
                        self.lines.pop();
                        self.lines.push(Line::new(line.blank, line.indent));
                        self.put(line.token);
                        (at, line.best) = (line.token, None);
                    } else {
                        self.lines.truncate(begun);
                        line = self.begin_run(tokens.start, indent, most_blank);
                        at = tokens.start;
                    }
                    broken.extend(ors);
                }
            }
            at += 1;
        }
    }

    /// The `or`s that begin lines because this `and` or `or` of their condition does; none when
    /// they are known.
    fn ors(&self, token: usize, mixed: &mut BTreeSet<usize>) -> Vec<usize> {
        let condition = self.forms.mixed(token).filter(|condition| mixed.insert(*condition));
        condition.map(|condition| self.forms.ors(condition)).unwrap_or_default()
    }

    /// Writes these tokens on one line; whether it is short enough.
    pub(super) fn run_in_line(&mut self, tokens: &Range<usize>, most_blank: usize) -> bool {
        self.begin_run(tokens.start, 0, most_blank);
        for at in tokens.clone().skip(1) {
            self.gap(at, true);
            self.put(at);
        }
        self.end() <= WIDTH
    }

    fn begin_run(&mut self, token: usize, indent: usize, most_blank: usize) -> Begun {
        let blank = self.begin(token, indent, most_blank);
        self.put(token);
        Begun { token, indent, blank, best: None }
    }

    /// Begins a line for a token, with the comments above it; gives the blank lines before it.
    pub(super) fn begin(&mut self, token: usize, indent: usize, most_blank: usize) -> usize {
        let (comments, blank) = self.token(token).map(|token| above(self.tree, token)).unwrap_or_default();
        for (blank, comment) in comments {
            let mut line = Line::new(blank.min(most_blank), indent);
            line.push(comment);
            self.lines.push(line);
        }
        let blank = blank.min(most_blank);
        self.lines.push(Line::new(blank, indent));
        blank
    }

    /// Whether what begins at the end of the line would stand further left on a line of its own.
    fn gains(&self, at: usize) -> bool {
        self.indent(at) < self.end()
    }

    /// How far a line that begins with this token is indented. In deep conditions not ever further.
    fn indent(&self, at: usize) -> usize {
        self.forms.indent(at, &|token| self.column(token)).min(MOST_INDENT)
    }

    fn column(&self, token: usize) -> usize {
        self.columns.get(token.wrapping_sub(self.forms.item.tokens.start)).copied().unwrap_or_default()
    }

    fn end(&self) -> usize {
        self.lines.last().map_or(0, |line| line.end)
    }

    /// Writes the blanks before a token.
    fn gap(&mut self, at: usize, in_line: bool) {
        let gap = self.forms.gap(at, in_line);
        let aligned = self.aligned.get(&at).copied().filter(|_| !in_line);
        let Some(line) = self.lines.last_mut() else { return };
        match (aligned, gap) {
            (Some(column), _) | (None, Gap::Column(column)) => line.push_blanks(column, 1),
            (None, Gap::Blanks(blanks)) => line.push_blanks(0, blanks),
            (None, Gap::Chosen) => line.push_blanks(0, 1),
        }
        if gap == Gap::Chosen
            && let Some((before, token)) = self.tree.tokens.list.get(at - 1).zip(self.tree.tokens.list.get(at))
        {
            let blanks = token.range.start - before.range.end;
            line.marks.push(Mark { at: line.text.len(), column: column_of(self.tree, token.range.start), blanks });
        }
    }

    /// Writes a token.
    pub(super) fn put(&mut self, at: usize) {
        let text = if self.may_be_moved(at) { moved(self.text(at), self.end() + 1) } else { self.text(at).to_owned() };
        self.put_text(at, &text);
    }

    /// Writes a token with this text, and the comment after it.
    pub(super) fn put_text(&mut self, at: usize, text: &str) {
        let column = self.end();
        if let Some(place) = self.columns.get_mut(at.wrapping_sub(self.forms.item.tokens.start)) {
            *place = column;
        }
        let comment = self.token(at).and_then(|token| after(self.tree, token));
        if let Some(line) = self.lines.last_mut() {
            line.push(text);
            line.comment = comment;
        }
    }

    /// Whether a text goes on over lines whose blanks mean nothing. What the files spell is taken
    /// with its line ends, and a backslash before one is reported.
    fn may_be_moved(&self, at: usize) -> bool {
        let text = self.text(at);
        let of_a_file = || {
            let nodes = &self.forms.item.nodes;
            let from = nodes.partition_point(|node| node.tokens.start < at);
            let here = nodes.iter().skip(from).take_while(|node| node.tokens.start == at);
            let text = here.filter(|node| node.form == Form::text).last();
            let around = text.and_then(|node| node.parent).and_then(|parent| nodes.get(parent));
            around.is_none_or(|node| matches!(node.form, Form::no_text | Form::spelling))
        };
        self.kind(at) == Some(Kind::Text) && text.contains('\n') && !text.contains("\\\n") && !of_a_file()
    }
}

/// A text whose further lines begin in a column.
fn moved(text: &str, column: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (nth, line) in text.split('\n').enumerate() {
        let line = if nth == 0 { line.trim_end() } else { line.trim() };
        if nth > 0 {
            out.push('\n');
            out.push_str(&" ".repeat(if line.is_empty() { 0 } else { column }));
        }
        out.push_str(line);
    }
    out
}

/// The comments on lines of their own before a token, each with the blank lines before it, and the
/// blank lines before the token.
pub(super) fn above<'t>(tree: &Tree<'t>, token: &Token) -> (Vec<(usize, &'t str)>, usize) {
    let (mut comments, mut ends) = (Vec::new(), 0_usize);
    for trivia in tree.tokens.trivia(&token.leading) {
        match trivia.kind {
            TriviaKind::Blanks => {}
            TriviaKind::LineEnd => ends += 1,
            TriviaKind::Comment | TriviaKind::ForeignComment => {
                comments.push((ends.saturating_sub(1), tree.slice(trivia.range.clone()).trim_end()));
                ends = 0;
            }
        }
    }
    (comments, ends.saturating_sub(1))
}

/// The comment after a token on its line.
pub(super) fn after(tree: &Tree<'_>, token: &Token) -> Option<Comment> {
    let is_comment = |kind| matches!(kind, TriviaKind::Comment | TriviaKind::ForeignComment);
    let comment = tree.tokens.trivia(&token.trailing).iter().find(|trivia| is_comment(trivia.kind))?;
    let text = tree.slice(comment.range.clone()).trim_end().to_owned();
    Some(Comment { text, column: column_of(tree, comment.range.start) })
}

/// The column of a place in the text. Nobody looks at the columns of very long lines.
pub(super) fn column_of(tree: &Tree<'_>, at: usize) -> usize {
    let line = tree.slice(0..at).rsplit('\n').next().unwrap_or_default();
    if line.len() > 100 * WIDTH { line.len() } else { width(line) }
}
