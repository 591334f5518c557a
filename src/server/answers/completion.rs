//! Which words and names can stand at a place.

use super::Refused;
use crate::session::Session;
use gen_lsp_types::{CompletionParams, CompletionResponse};

pub(super) fn completion(_session: &Session, _params: CompletionParams) -> Result<Option<CompletionResponse>, Refused> {
    Ok(None)
}
