//! What is computed of an indicator, behind its window.

use super::{Refused, text};
use crate::session::Session;
use gen_lsp_types::{InlayHint, InlayHintParams};
use yardstick_language::ide::inlay_hints;

pub(super) fn hints(session: &Session, params: &InlayHintParams) -> Result<Option<Vec<InlayHint>>, Refused> {
    let place = text(session, &params.text_document.uri)?;
    let all = inlay_hints::all(place.definitions(), place.file).into_iter().map(|hint| InlayHint {
        position: place.range(hint.place).start,
        label: hint.text.into(),
        kind: None,
        text_edits: None,
        tooltip: Some(hint.more.into()),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    });
    let asked = params.range;
    Ok(Some(all.filter(|hint| (asked.start.line..=asked.end.line).contains(&hint.position.line)).collect()))
}
