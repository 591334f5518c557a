//! What is declared in a text, and in all texts.

use super::{Refused, text};
use crate::session::{Place, Session};
use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, SymbolKind, WorkspaceSymbol,
    WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use yardstick_language::check::references::Kind;
use yardstick_language::ide::symbols::{self, Symbol};

pub(super) fn outline(
    session: &Session,
    params: &DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, Refused> {
    let place = text(session, &params.text_document.uri)?;
    let all = symbols::outline(place.definitions(), place.file);
    Ok(Some(DocumentSymbolResponse::DocumentSymbolList(all.iter().map(|of| symbol(&place, of)).collect())))
}

fn symbol(place: &Place<'_>, of: &Symbol) -> DocumentSymbol {
    let kind = match of.kind {
        symbols::SymbolKind::Table => SymbolKind::Struct,
        symbols::SymbolKind::Member => SymbolKind::Field,
        symbols::SymbolKind::Indicator => SymbolKind::Class,
        symbols::SymbolKind::Clause => SymbolKind::Property,
        symbols::SymbolKind::Page => SymbolKind::Namespace,
        symbols::SymbolKind::Test => SymbolKind::Method,
        symbols::SymbolKind::Value => SymbolKind::Variable,
        symbols::SymbolKind::List => SymbolKind::Enum,
        symbols::SymbolKind::Setting => SymbolKind::Constant,
    };
    let children: Vec<_> = of.inside.iter().map(|inside| symbol(place, inside)).collect();
    #[expect(deprecated, reason = "the type asks for the field, which is left out")]
    DocumentSymbol {
        name: of.name.clone(),
        detail: Some(of.detail.clone()),
        kind,
        tags: None,
        deprecated: None,
        range: place.range(of.span),
        selection_range: place.range(of.named),
        children: (!children.is_empty()).then_some(children),
    }
}

pub(super) fn search(
    session: &Session,
    params: &WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>, Refused> {
    let mut all = Vec::new();
    for set in session.sets() {
        for found in symbols::search(&set.definitions, &params.query) {
            let base = BaseSymbolInformation {
                name: found.name,
                kind: kind(found.kind),
                tags: None,
                container_name: Some(found.kind.words().to_owned()),
            };
            let location = set.location(session, found.span).into();
            all.push(WorkspaceSymbol { location, data: None, base_symbol_information: base });
        }
    }
    Ok(Some(WorkspaceSymbolResponse::WorkspaceSymbolList(all)))
}

fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Table | Kind::Rows | Kind::Level => SymbolKind::Struct,
        Kind::Key
        | Kind::Column
        | Kind::Link
        | Kind::DatedLink
        | Kind::BackLink
        | Kind::Derived
        | Kind::Rule
        | Kind::Days
        | Kind::LastDay => SymbolKind::Field,
        Kind::Word | Kind::Codes => SymbolKind::EnumMember,
        Kind::Indicator => SymbolKind::Class,
        Kind::Scorecard | Kind::Plan | Kind::Hierarchy | Kind::Domain | Kind::Groups => SymbolKind::Namespace,
        Kind::Let | Kind::Alias => SymbolKind::Variable,
    }
}
