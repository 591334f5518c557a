//! What a name or a word means, as Markdown: the declaration with its comments, the type, and of a
//! clause what it says in plain English.

use super::Definitions;
use super::places::meanings;
use crate::check::references::{Declaration, Kind};
use crate::describe::{self, Page};
use crate::ir::{Indicator, Program};
use crate::source::{FileId, Span};
use crate::syntax::ast::Item;
use crate::syntax::tokens::TriviaKind;
use crate::syntax::tree::{Part, PartKind, Tree};
use crate::syntax::{tokens, vocabulary};
use std::fmt::Write;

/// What is said of a place, and the text that it is said of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The name or word.
    pub span: Span,
    /// Markdown.
    pub says: String,
}

/// More lines of a declaration are not shown.
const LINES: usize = 12;

/// What the name or word at a place means.
#[must_use]
pub fn at(definitions: &Definitions, file: FileId, offset: u32) -> Option<Hover> {
    let tree = Tree::of(definitions.text(file));
    name(definitions, file, offset).or_else(|| word(definitions, &tree, file, offset))
}

fn name(definitions: &Definitions, file: FileId, offset: u32) -> Option<Hover> {
    let references = definitions.references();
    let span = references.place_at(file, offset)?;
    let meanings = meanings(definitions, file, offset);
    let said = meanings.iter().filter_map(|id| references.declaration(*id)).map(|of| declaration(definitions, of));
    Some(Hover { span, says: said.collect::<Vec<_>>().join("\n\n---\n\n") })
}

/// What a declaration says, with its comments and its type.
fn declaration(definitions: &Definitions, of: &Declaration) -> String {
    let tree = Tree::of(definitions.text(of.span.file));
    let mut says = format!("{} **`{}`**", of.kind.words(), of.name);
    if let Some(ty) = of.ty.as_ref() {
        let _ = write!(says, ": {ty}");
    }
    if let Some(table) = table_around(definitions, of) {
        let _ = write!(says, ", of `{table}`");
    }
    let part = part_at(&tree, of.span.start as usize);
    if let Some(comment) = part.and_then(|part| comments(&tree, part)) {
        let _ = write!(says, "\n\n{comment}");
    }
    if of.kind == Kind::Indicator
        && let Some((program, indicator)) = indicator(definitions, &of.name)
    {
        let _ = write!(says, "\n\n{}", summary(definitions.program(), program, indicator));
    } else if let Some(written) = part.map(|part| written(&tree, part)) {
        let _ = write!(says, "\n\n```ind\n{written}\n```");
    }
    says
}

/// The name of the table whose declaration a member stands in.
fn table_around<'d>(definitions: &'d Definitions, of: &Declaration) -> Option<&'d str> {
    let items = &definitions.ast(of.span.file)?.items;
    items.iter().find_map(|item| match item {
        Item::Table(table) if of.span.is_inside(table.span) && of.span != table.name.span => {
            Some(table.name.value.as_str())
        }
        Item::Define(define) if define.name.span == of.span => Some(define.table.value.as_str()),
        Item::Rows { name, table, .. } if name.span == of.span => Some(table.value.as_str()),
        _ => None,
    })
}

/// What an indicator measures, as far as a few lines can say it.
fn summary(all: &Program, program: &Program, indicator: &Indicator) -> String {
    const SHOWN: [&str; 4] = ["Who counts", "Excluded", "What is measured", "The period"];
    let about = &indicator.about;
    let mut says = format!("{}, meaning `{}`", about.title, indicator.meaning);
    if let Some(question) = about.question.as_ref() {
        let _ = write!(says, "\n\n> {question}");
    }
    for said in describe::approval::sentences(about, &all.meanings(&indicator.id)) {
        let _ = write!(says, "\n\n{said}");
    }
    let mut page = describe::indicator(&program.model, indicator);
    page.sections.retain(|section| SHOWN.contains(&section.title));
    says + "\n\n" + &sections(page)
}

/// The sections of a page, without its head.
fn sections(page: Page) -> String {
    let page = Page { id: String::new(), sections: page.sections, ..Page::default() };
    let text = page.markdown();
    text.trim_start_matches('#').trim().replace("\n## ", "\n### ").replacen(
        "## ",
        "### ",
        usize::from(text.contains("## ")),
    )
}

/// What a word of the language means there, and what its clause says.
fn word(definitions: &Definitions, tree: &Tree<'_>, file: FileId, offset: u32) -> Option<Hover> {
    let at = offset as usize;
    let token =
        tree.tokens.list.iter().find(|t| t.range.start <= at && at <= t.range.end && t.kind == tokens::Kind::Word)?;
    let span = Span::new(file, token.range.start, token.range.end);
    let written = tree.text_of(token);
    let word = vocabulary::find(written)?;
    let mut says = format!("**`{written}`**: {}", word.says);
    let begins = part_at(tree, at)
        .filter(|part| tree.tokens.list.get(part.tokens.start).is_some_and(|t| t.range == token.range));
    if begins.is_some_and(|part| part.kind == PartKind::Clause)
        && let Some(english) = clause_in_english(definitions, tree, span, written)
    {
        let _ = write!(says, "\n\n{english}");
    }
    Some(Hover { span, says })
}

/// What the clause that begins with this word says, in plain English.
fn clause_in_english(definitions: &Definitions, tree: &Tree<'_>, span: Span, word: &str) -> Option<String> {
    let title = match word {
        "cohort" => "Who counts",
        "exclude" => "Excluded",
        "numerator" | "denominator" | "measure" | "minimum" => "What is measured",
        "standard" => "Standard and colour",
        "attribute" => "For whom it counts",
        "window" | "lag" | "history" | "as" => "The period",
        _ => return None,
    };
    let items = &definitions.ast(span.file)?.items;
    let id = items.iter().find_map(|item| match item {
        Item::Indicator(indicator) if span.is_inside(indicator.span) => Some(indicator.name.value.as_str()),
        _ => None,
    })?;
    let (program, indicator) = indicator(definitions, id)?;
    let mut page = describe::indicator(&program.model, indicator);
    page.sections.retain(|section| section.title == title);
    if word == "exclude" {
        let reason = part_at(tree, span.start as usize).and_then(|part| tree.tokens.list.get(part.tokens.start + 1));
        only_reason(&mut page, reason.map_or("", |t| tree.text_of(t)));
    }
    (!page.sections.is_empty()).then(|| sections(page))
}

/// Leaves only what is said of the exclusion with this reason, where there are several.
fn only_reason(page: &mut Page, reason: &str) {
    for point in page.sections.iter_mut().flat_map(|section| &mut section.points) {
        if point.under.iter().any(|under| under.text.contains(reason)) {
            point.under.retain(|under| under.text.contains(reason));
        }
    }
}

/// The indicator with this id, in the first hierarchy in which it is shown.
pub(super) fn indicator<'d>(definitions: &'d Definitions, id: &str) -> Option<(&'d Program, &'d Indicator)> {
    definitions.program().hierarchies().find_map(|program| Some((program, program.find(id)?)))
}

/// The part of a declaration that holds a byte.
fn part_at<'t>(tree: &'t Tree<'_>, at: usize) -> Option<&'t Part> {
    let token = tree.tokens.list.partition_point(|t| t.range.end <= at);
    let item = tree.items.iter().find(|item| item.tokens.contains(&token))?;
    item.parts.iter().find(|part| part.tokens.contains(&token))
}

/// The comments right above a part, and those on its lines.
fn comments(tree: &Tree<'_>, part: &Part) -> Option<String> {
    let list = tree.tokens.list.get(part.tokens.clone())?;
    let mut lines = Vec::new();
    let mut ends = 0;
    for trivia in tree.tokens.trivia(&list.first()?.leading) {
        match trivia.kind {
            TriviaKind::Comment => {
                ends = 0;
                lines.push(trivia.range.clone());
            }
            TriviaKind::LineEnd => ends += 1,
            TriviaKind::Blanks | TriviaKind::ForeignComment => {}
        }
        // An empty line parts a comment from what follows.
        if ends > 1 {
            lines.clear();
        }
    }
    let beside = list.iter().flat_map(|token| tree.tokens.trivia(&token.trailing));
    lines.extend(beside.filter(|t| t.kind == TriviaKind::Comment).map(|t| t.range.clone()));
    let said: Vec<&str> = lines.into_iter().map(|range| tree.slice(range).trim_start_matches('#').trim()).collect();
    let said: Vec<&str> = said.into_iter().filter(|line| !line.is_empty() && !line.starts_with("--")).collect();
    (!said.is_empty()).then(|| said.join("  \n"))
}

/// A part as it is written, cut where it is long.
fn written(tree: &Tree<'_>, part: &Part) -> String {
    let list = tree.tokens.list.get(part.tokens.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (list.first(), list.last()) else { return String::new() };
    let text = tree.slice(first.range.start..last.range.end);
    let mut lines: Vec<&str> = text.lines().take(LINES).map(str::trim_end).collect();
    if text.lines().count() > LINES {
        lines.push("...");
    }
    lines.join("\n")
}
