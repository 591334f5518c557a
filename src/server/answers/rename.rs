//! Another name, everywhere.

use super::actions::edit;
use super::{Refused, place};
use crate::session::Session;
use gen_lsp_types::{PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit};
use lsp_server::ErrorCode;
use yardstick_language::ide::rename;

/// What can be renamed at a place; nothing where no name stands.
pub(super) fn prepare(session: &Session, params: &PrepareRenameParams) -> Result<Option<PrepareRenameResult>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    let found = rename::renameable(place.definitions(), place.file, offset).ok();
    Ok(found.map(|(span, placeholder)| PrepareRenamePlaceholder { range: place.range(span), placeholder }.into()))
}

pub(super) fn rename(session: &Session, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    let edits = rename::rename(place.definitions(), place.file, offset, &params.new_name);
    let edits = edits.map_err(|why| Refused::new(ErrorCode::RequestFailed, format!("this is not renamed: {why}")))?;
    Ok(Some(edit(&place, &edits)))
}
