//! Where a name is declared, and where it is used.

use super::{Refused, place};
use crate::session::Session;
use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightParams, Location,
    ReferenceParams,
};
use yardstick_language::ide::places;

pub(super) fn definition(session: &Session, params: &DefinitionParams) -> Result<Option<DefinitionResponse>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    let found = places::declarations(place.definitions(), place.file, offset);
    let found: Vec<Location> = found.into_iter().map(|span| place.location(span)).collect();
    Ok((!found.is_empty()).then_some(DefinitionResponse::Definition(Definition::LocationList(found))))
}

pub(super) fn references(session: &Session, params: &ReferenceParams) -> Result<Option<Vec<Location>>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    let found = places::uses(place.definitions(), place.file, offset, params.context.include_declaration);
    Ok(Some(found.into_iter().map(|span| place.location(span)).collect()))
}

pub(super) fn highlight(
    session: &Session,
    params: &DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Refused> {
    let (place, offset) = place(session, &params.text_document_position_params)?;
    let found = places::highlighted(place.definitions(), place.file, offset);
    Ok(Some(found.into_iter().map(|span| DocumentHighlight { range: place.range(span), kind: None }).collect()))
}
