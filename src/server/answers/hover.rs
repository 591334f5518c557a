//! What a name or a word means.

use super::{Refused, place};
use crate::session::Session;
use gen_lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind};
use yardstick_language::ide::hover;

pub(super) fn hover(session: &Session, params: &HoverParams) -> Result<Option<Hover>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    Ok(hover::at(place.definitions(), place.file, offset).map(|found| {
        let says = MarkupContent { kind: MarkupKind::Markdown, value: found.says };
        Hover { contents: says.into(), range: Some(place.range(found.span)) }
    }))
}
