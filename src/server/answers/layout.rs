//! The text in its one layout: the lines that change, as one edit.

use super::{Refused, text};
use crate::session::Session;
use gen_lsp_types::{DocumentFormattingParams, TextEdit};
use yardstick_language::format::format;
use yardstick_language::source::Span;

pub(super) fn layout(session: &Session, params: &DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>, Refused> {
    let place = text(session, &params.text_document.uri)?;
    let before = place.definitions().sources().file(place.file).text.as_str();
    let after = format(before);
    if after == before {
        return Ok(None);
    }
    let same = |of: &mut dyn Iterator<Item = (&str, &str)>| -> usize {
        of.take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum()
    };
    let lines = |text| str::split_inclusive(text, '\n');
    let start = same(&mut lines(before).zip(lines(&after)));
    let piece = |of: &str, from, to| of.get(from..to).unwrap_or_default().to_owned();
    let (rest, made) = (piece(before, start, before.len()), piece(&after, start, after.len()));
    let end = same(&mut lines(&rest).rev().zip(lines(&made).rev()));
    let span = Span { file: place.file, start: start as u32, end: (before.len() - end) as u32 };
    let made = piece(&made, 0, made.len() - end);
    let new_text = if place.has_windows_lines() { made.replace('\n', "\r\n") } else { made };
    Ok(Some(vec![TextEdit { range: place.range(span), new_text }]))
}
