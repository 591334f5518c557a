//! Which words and names can stand at a place.

use super::{Refused, place};
use crate::session::Session;
use gen_lsp_types::{CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, TextEdit};
use yardstick_language::check::references::Kind;
use yardstick_language::ide::completion;

pub(super) fn completion(session: &Session, params: &CompletionParams) -> Result<Option<CompletionResponse>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    let found = completion::at(place.definitions(), place.file, offset);
    let range = found.replaces.map(|span| place.range(span));
    let item = |(number, item): (usize, completion::Item)| CompletionItem {
        kind: Some(item.kind.map_or(CompletionItemKind::Keyword, kind)),
        detail: Some(item.detail).filter(|detail| !detail.is_empty()),
        // The likeliest first, whatever the alphabet says.
        sort_text: Some(format!("{number:05}")),
        text_edit: range.map(|range| TextEdit { range, new_text: item.text.clone() }.into()),
        label: item.text,
        ..CompletionItem::default()
    };
    Ok(Some(CompletionResponse::CompletionItemList(found.items.into_iter().enumerate().map(item).collect())))
}

fn kind(kind: Kind) -> CompletionItemKind {
    match kind {
        Kind::Table | Kind::Rows | Kind::Level => CompletionItemKind::Struct,
        Kind::Key | Kind::Column | Kind::Derived | Kind::Rule | Kind::Days | Kind::LastDay => CompletionItemKind::Field,
        Kind::Link | Kind::DatedLink | Kind::BackLink => CompletionItemKind::Reference,
        Kind::Word | Kind::Codes => CompletionItemKind::EnumMember,
        Kind::Indicator | Kind::Scorecard | Kind::Plan => CompletionItemKind::Class,
        Kind::Hierarchy | Kind::Domain | Kind::Groups => CompletionItemKind::Module,
        Kind::Let | Kind::Alias => CompletionItemKind::Variable,
    }
}
