//! Where a name is declared, and where it is used.

use super::Definitions;
use crate::check::references::DeclarationId;
use crate::source::{FileId, Span};
use std::collections::BTreeSet;

/// Where the name at a place is declared: several places for the word of a named set that belongs
/// to several lists. Of `days` and `last_day`, the word `spans`.
#[must_use]
pub fn declarations(definitions: &Definitions, file: FileId, offset: u32) -> Vec<Span> {
    let references = definitions.references();
    let meanings = meanings(definitions, file, offset);
    meanings.into_iter().filter_map(|id| references.declaration(id)).map(|declared| declared.span).collect()
}

/// Every place where what is named at a place is used, and with `declared` also where it is
/// declared.
#[must_use]
pub fn uses(definitions: &Definitions, file: FileId, offset: u32, declared: bool) -> BTreeSet<Span> {
    let references = definitions.references();
    let meanings = meanings(definitions, file, offset);
    let used = meanings.iter().flat_map(|id| references.uses_of(*id)).map(|used| used.span);
    let own = meanings.iter().filter(|_| declared).filter_map(|id| references.declaration(*id)).map(|d| d.span);
    used.chain(own).collect()
}

/// The places of one file that mean what is named at a place.
#[must_use]
pub fn highlighted(definitions: &Definitions, file: FileId, offset: u32) -> BTreeSet<Span> {
    uses(definitions, file, offset, true).into_iter().filter(|span| span.file == file).collect()
}

/// What the name at a place means.
pub(super) fn meanings(definitions: &Definitions, file: FileId, offset: u32) -> Vec<DeclarationId> {
    let references = definitions.references();
    let place = references.place_at(file, offset);
    place.into_iter().flat_map(|place| references.meanings_of(place)).collect()
}
