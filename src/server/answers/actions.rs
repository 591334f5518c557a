//! What to write instead of what is wrong.

use super::findings::diagnostic;
use super::{Refused, text};
use crate::session::{Place, Session};
use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, TextEdit, Uri, WorkspaceEdit};
use std::collections::HashMap;
use yardstick_language::diag::Edit;
use yardstick_language::ide::quick_fixes;

pub(super) fn actions(
    session: &Session,
    params: &CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, Refused> {
    let place = text(session, &params.text_document.uri)?;
    let wanted = |kind: &CodeActionKind| params.context.only.as_ref().is_none_or(|only| only.contains(kind));
    let mut all = Vec::new();
    if wanted(&CodeActionKind::QuickFix) {
        let (start, end) = (place.offset(params.range.start), place.offset(params.range.end));
        for fix in quick_fixes::at(place.definitions(), place.file, start, end) {
            all.push(CodeAction {
                title: fix.title,
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(vec![diagnostic(session, place.set, &fix.finding)]),
                is_preferred: Some(fix.certain),
                edit: Some(edit(&place, &fix.edits)),
                ..CodeAction::default()
            });
        }
    }
    let certain = quick_fixes::all(place.definitions(), place.file);
    if wanted(&CodeActionKind::SourceFixAll) && !certain.is_empty() {
        all.push(CodeAction {
            title: "write what is certain, as `yardstick check --fix` does".to_owned(),
            kind: Some(CodeActionKind::SourceFixAll),
            edit: Some(edit(&place, &certain)),
            ..CodeAction::default()
        });
    }
    Ok(Some(all.into_iter().map(CodeActionResponse::CodeAction).collect()))
}

/// Edits as the protocol says them, by text.
pub(super) fn edit<'e>(place: &Place<'_>, edits: impl IntoIterator<Item = &'e Edit>) -> WorkspaceEdit {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for Edit { span, text } in edits {
        let edit = TextEdit { range: place.range(*span), new_text: text.clone() };
        changes.entry(place.uri(span.file)).or_default().push(edit);
    }
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}
