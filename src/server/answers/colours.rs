//! What each word of a text is, as numbers that each say how far it is from the one before.

use super::{Refused, text};
use crate::session::Session;
use gen_lsp_types::{SemanticToken, SemanticTokens, SemanticTokensParams};
use yardstick_language::ide::semantic_tokens::{self, TokenKind};

pub(super) fn colours(session: &Session, params: &SemanticTokensParams) -> Result<Option<SemanticTokens>, Refused> {
    let place = text(session, &params.text_document.uri)?;
    let (mut line, mut column) = (0, 0);
    let mut data = Vec::new();
    for token in semantic_tokens::all(place.definitions(), place.file) {
        let range = place.range(token.span);
        let (start, end) = (range.start, range.end);
        if start.line != end.line || start.character == end.character {
            continue;
        }
        let before = if start.line == line { column } else { 0 };
        let number = TokenKind::ALL.iter().position(|kind| *kind == token.kind).unwrap_or_default();
        data.push(SemanticToken {
            delta_line: start.line - line,
            delta_start: start.character - before,
            length: end.character - start.character,
            token_type: u32::try_from(number).unwrap_or_default(),
            token_modifiers_bitset: u32::from(token.declares),
        });
        (line, column) = (start.line, start.character);
    }
    Ok(Some(SemanticTokens { result_id: None, data }))
}
