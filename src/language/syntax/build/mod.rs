//! From what pest read to the AST: one file per construct, no pair leaves this room.
//!
//! A builder returns `None` only when a mistake was reported that leaves the meaning open; a
//! mistake whose meaning is plain (`==` for `=`) is reported and built as if it were written right.
#![expect(clippy::wildcard_enum_match_arm, reason = "a grammar rule each; a builder meets only those inside its own")]

mod amount;
mod cohort;
mod drawn;
mod expr;
mod groups;
mod indicator;
mod kids;
mod measure;
mod plan;
mod quantified;
mod relation;
mod scorecard;
mod standard;
mod table;
mod test;
mod word;
mod world;

use super::ast::Item;
use super::grammar::Rule;
use crate::diag::{Code, Diagnostic, Diagnostics, code};
use crate::source::{FileId, Span};
use kids::Kids;
use pest::iterators::Pair;

/// What every builder needs: where the text is, and where to report.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    file: FileId,
    /// Where the declaration begins in its file.
    base: usize,
    /// The whole file.
    text: &'a str,
    /// How many expressions are around the one at hand.
    depth: usize,
    /// What was found on the way.
    pub(super) found: Diagnostics,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, base: usize, text: &'a str) -> Self {
        Self { file, base, text, depth: 0, found: Diagnostics::default() }
    }

    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        // Rules that end in something optional take the blanks before it along.
        let end = span.start() + span.as_str().trim_end().len();
        Span::new(self.file, self.base + span.start(), self.base + end)
    }

    fn text_of(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn report(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::new(code, span, message).help(help));
    }

    /// Reports a sign of other languages, and what is written instead.
    fn foreign(&mut self, span: Span, instead: &str) {
        let message = format!("`{}` is not written here", self.text_of(span));
        // Signs stand without blanks, words do not.
        let letter = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace()) && instead.ends_with(char::is_alphabetic);
        let before = self.text.get(..span.start as usize).and_then(|text| text.chars().next_back());
        let after = self.text.get(span.end as usize..).and_then(|text| text.chars().next());
        let blank = |c| if letter(c) { " " } else { "" };
        let new = format!("{}{instead}{}", blank(before), blank(after));
        let found = Diagnostic::new(code::FOREIGN_SIGN, span, message);
        self.found.push(found.help(format!("write `{instead}`")).fix(span, new));
    }
}

/// The declaration that `pair` was read as.
pub(super) fn item(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let span = b.span(&pair);
    let item = match pair.as_rule() {
        Rule::levels => world::levels(b, pair),
        Rule::domains => world::domains(b, pair),
        Rule::dates => world::missing_dates(b, pair),
        Rule::no_text => world::missing_words(b, pair),
        Rule::headers => Some(Item::HeadersIgnoreCase),
        Rule::quality => world::quality(b, pair),
        Rule::business => world::business(b, pair),
        Rule::times => world::times(b, pair),
        Rule::codes => world::codes(b, pair),
        Rule::rows => world::rows(b, pair),
        Rule::define => world::define(b, pair),
        Rule::groups => groups::groups(b, pair).map(Item::Groups),
        Rule::table => table::table(b, pair).map(Item::Table),
        Rule::indicator => indicator::indicator(b, pair).map(Item::Indicator),
        Rule::scorecard => scorecard::scorecard(b, pair).map(Item::Scorecard),
        Rule::plan => plan::plan(b, pair).map(Item::Plan),
        Rule::test => test::test(b, pair).map(Item::Test),
        _ => None,
    };
    if item.is_none() && !b.found.has_errors() {
        b.report(
            code::SYNTAX,
            span,
            "this declaration could not be read",
            "this is a mistake in the program, not in the text: please report it",
        );
    }
    item
}

/// Builds the clauses, columns or lines of a part of a declaration, for the mistakes in them only.
pub(super) fn check_part(b: &mut Builder<'_>, pair: Pair<'_, Rule>) {
    for kid in pair.into_inner() {
        match kid.as_rule() {
            Rule::clause => drop(indicator::clause(b, kid)),
            Rule::plan_line => drop(plan::line(b, kid)),
            Rule::test_line => test::line(b, kid, &mut test::Lines::default()),
            Rule::member => drop(table::member(b, kid)),
            _ => {}
        }
    }
}
