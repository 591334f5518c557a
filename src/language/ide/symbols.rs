//! What is declared: the outline of a text, and all names of all texts.

use super::Definitions;
use crate::check::references::Kind;
use crate::source::{FileId, Span};
use crate::syntax::tokens;
use crate::syntax::tree::{Item, Part, PartKind, Tree};

/// A line of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name; of a test, of which indicator it is.
    pub name: String,
    /// What is said beside it: the word it is declared with, or the title of a test.
    pub detail: String,
    /// What it is like.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// Its name.
    pub named: Span,
    /// What is declared inside.
    pub inside: Vec<Symbol>,
}

/// What a line of the outline is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A table, or a set of its rows.
    Table,
    /// A column, a link, a rule.
    Member,
    /// An indicator.
    Indicator,
    /// A clause of an indicator.
    Clause,
    /// A scorecard or a plan.
    Page,
    /// A test.
    Test,
    /// A name for a condition or value.
    Value,
    /// A list of words or levels.
    List,
    /// What is said about the files.
    Setting,
}

/// The outline of a text, also of one with mistakes.
#[must_use]
pub fn outline(definitions: &Definitions, file: FileId) -> Vec<Symbol> {
    let tree = Tree::of(definitions.text(file));
    tree.items.iter().filter_map(|item| declaration(&tree, file, item)).collect()
}

fn declaration(tree: &Tree<'_>, file: FileId, item: &Item) -> Option<Symbol> {
    let word = item.word?.text;
    let tokens = tree.tokens.list.get(item.tokens.clone())?;
    let (first, last) = (tokens.first()?, tokens.last()?);
    let kind = match word {
        "table" | "rows" => SymbolKind::Table,
        "indicator" => SymbolKind::Indicator,
        "scorecard" | "plan" => SymbolKind::Page,
        "test" => SymbolKind::Test,
        "define" | "groups" => SymbolKind::Value,
        "codes" | "levels" | "domains" => SymbolKind::List,
        _ => SymbolKind::Setting,
    };
    let named = tokens.get(1).filter(|t| t.kind == tokens::Kind::Word && kind != SymbolKind::Setting).unwrap_or(first);
    let name = if kind == SymbolKind::Setting { word } else { tree.text_of(named) };
    let title = tokens.get(2).filter(|t| kind == SymbolKind::Test && t.kind == tokens::Kind::Text);
    let detail = title.map_or(word, |t| tree.text_of(t).trim_matches('"')).to_owned();
    let inside = item.parts.iter().filter_map(|part| line(tree, file, kind, part)).collect();
    let span = |range: &std::ops::Range<usize>| Span::new(file, range.start, range.end);
    let all = span(&first.range).to(span(&last.range));
    Some(Symbol { name: name.to_owned(), detail, kind, span: all, named: span(&named.range), inside })
}

/// A clause of an indicator, or a line of a table.
fn line(tree: &Tree<'_>, file: FileId, of: SymbolKind, part: &Part) -> Option<Symbol> {
    let tokens = tree.tokens.list.get(part.tokens.clone())?;
    let (first, last) = (tokens.first()?, tokens.last()?);
    let kind = match (part.kind, of) {
        (PartKind::Clause, _) => SymbolKind::Clause,
        (PartKind::Line, SymbolKind::Table) => SymbolKind::Member,
        _ => return None,
    };
    let span = |range: &std::ops::Range<usize>| Span::new(file, range.start, range.end);
    let rest = tree.slice(first.range.end..last.range.end).trim();
    let detail = rest.lines().next().unwrap_or_default().trim_end().to_owned();
    let all = span(&first.range).to(span(&last.range));
    Some(Symbol {
        name: tree.text_of(first).to_owned(),
        detail,
        kind,
        span: all,
        named: span(&first.range),
        inside: Vec::new(),
    })
}

/// A declared name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name.
    pub name: String,
    /// What it was declared as.
    pub kind: Kind,
    /// Where.
    pub span: Span,
}

/// The declared names that hold the letters of `query` in this order, whatever their case; names
/// that are known in one question or indicator alone are left out.
#[must_use]
pub fn search(definitions: &Definitions, query: &str) -> Vec<Found> {
    let query = query.to_lowercase();
    let fits = |name: &str| {
        let mut letters = name.chars().flat_map(char::to_lowercase);
        query.chars().all(|wanted| letters.any(|letter| letter == wanted))
    };
    let everywhere = |kind: Kind| !matches!(kind, Kind::Let | Kind::Alias | Kind::Days | Kind::LastDay | Kind::Word);
    let declared = definitions.references().declarations().map(|(_, declared)| declared);
    let found = declared.filter(|of| everywhere(of.kind) && fits(&of.name));
    found.map(|of| Found { name: of.name.clone(), kind: of.kind, span: of.span }).collect()
}
