//! Another name, everywhere.

use super::Refused;
use crate::session::Session;
use gen_lsp_types::{PrepareRenameParams, PrepareRenameResult, RenameParams, WorkspaceEdit};

pub(super) fn prepare(
    _session: &Session,
    _params: PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, Refused> {
    Ok(None)
}

pub(super) fn rename(_session: &Session, _params: RenameParams) -> Result<Option<WorkspaceEdit>, Refused> {
    Ok(None)
}
