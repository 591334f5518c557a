//! Text of definitions with what each word is, and where it leads.

use super::World;
use crate::check::references::Kind;
use crate::ide::Definitions;
use crate::ide::semantic_tokens::{SemanticToken, TokenKind};
use crate::report::catalog::{Code, Piece};
use crate::source::Span;
use crate::syntax::ast::Item;

impl World<'_> {
    /// A part of a text, in pieces.
    pub(super) fn code(&self, of: Span) -> Code {
        let file = self.sources.file(of.file);
        let place = format!("{}, line {}", file.path.display(), file.line_column(of.start).0);
        let text = |from: u32, to: u32| file.text.get(from as usize..to as usize).unwrap_or_default().to_owned();
        let Some(there) = self.editor.find(&file.path) else {
            let whole = Piece { text: text(of.start, of.end), class: None, page: None };
            return Code { place, pieces: vec![whole] };
        };
        let (mut pieces, mut at) = (Vec::new(), of.start);
        let tokens = self.tokens.get(&there).into_iter().flatten();
        for token in tokens.filter(|token| of.start <= token.span.start && token.span.end <= of.end) {
            if at < token.span.start {
                pieces.push(Piece { text: text(at, token.span.start), class: None, page: None });
            }
            let written = text(token.span.start, token.span.end);
            pieces.push(Piece { text: written, class: class(token.kind), page: self.leads_to(token) });
            at = token.span.end;
        }
        pieces.push(Piece { text: text(at, of.end), class: None, page: None });
        Code { place, pieces }
    }

    /// The page of what a name means, where it means something that has one; none where it is
    /// declared.
    fn leads_to(&self, token: &SemanticToken) -> Option<String> {
        let references = self.editor.references();
        let id = references.declaration_at(token.span.file, token.span.start)?;
        let declared = references.declaration(id).filter(|_| !token.declares)?;
        match declared.kind {
            Kind::Table => self.pages.tables.get(&declared.name).cloned(),
            Kind::Indicator => self.pages.indicators.get(&declared.name).cloned(),
            Kind::Key | Kind::Column | Kind::Link => {
                let page = self.pages.of_table(table_around(&self.editor, declared.span)?);
                (!page.is_empty()).then(|| format!("{page}#{}", declared.name))
            }
            Kind::DatedLink | Kind::BackLink | Kind::Derived | Kind::Rule | Kind::Days | Kind::LastDay => {
                Some(self.pages.of_table(table_around(&self.editor, declared.span)?)).filter(|page| !page.is_empty())
            }
            Kind::Rows
            | Kind::Level
            | Kind::Word
            | Kind::Codes
            | Kind::Scorecard
            | Kind::Plan
            | Kind::Hierarchy
            | Kind::Domain
            | Kind::Groups
            | Kind::Let
            | Kind::Alias => None,
        }
    }
}

/// The name of the table in whose declaration something stands.
pub(super) fn table_around(editor: &Definitions, span: Span) -> Option<&str> {
    let items = &editor.ast(span.file)?.items;
    items.iter().find_map(|item| match item {
        Item::Table(table) if span.is_inside(table.span) => Some(table.name.value.as_str()),
        // Columns stand in tables alone.
        _ => None,
    })
}

fn class(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::Keyword => Some("k"),
        TokenKind::Comment => Some("c"),
        TokenKind::Text => Some("s"),
        TokenKind::Number => Some("n"),
        TokenKind::Table | TokenKind::Indicator | TokenKind::Group => Some("t"),
        TokenKind::Word => Some("w"),
        TokenKind::Operator | TokenKind::Member | TokenKind::Local => None,
    }
}
