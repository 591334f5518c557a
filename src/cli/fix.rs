//! `check --fix`: makes the edits that findings carry.
//!
//! Outside the edits every byte stays, a byte order mark and the line ends of Windows included.

use super::definitions::Definitions;
use super::failure::Failure;
use super::read::BYTE_ORDER_MARK;
use super::rewrite;
use crate::diag::{Diagnostic, Edit};
use crate::source::{FileId, SourceFile};
use std::collections::BTreeMap;

/// What was written in the place of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// The file as it is shown in messages.
    pub(super) file: String,
    /// Line and column before the change, from 1.
    pub(super) place: (usize, usize),
    /// The code of the finding.
    pub(super) code: &'static str,
    /// The text that went.
    pub(super) was: String,
    /// The text that came.
    pub(super) is: String,
}

/// Makes every edit that a finding carries, in the files that were named. Of findings whose edits
/// overlap the first is mended. `changes` gets what was written, also when it fails in the end.
///
/// # Errors
/// When a file changed since it was read, or cannot be written.
pub(super) fn make(definitions: &Definitions, changes: &mut Vec<Change>) -> Result<(), Failure> {
    for (file, edits) in chosen(definitions) {
        let source = definitions.sources.file(file);
        rewrite::file(source, |bytes| mended(bytes, &edits))?;
        changes.extend(edits.iter().map(|(finding, edit)| change(source, finding, edit)));
    }
    Ok(())
}

/// The edits of each file in their order, none of which overlap.
fn chosen(definitions: &Definitions) -> BTreeMap<FileId, Vec<(&Diagnostic, &Edit)>> {
    let mut chosen: BTreeMap<FileId, Vec<(&Diagnostic, &Edit)>> = BTreeMap::new();
    for finding in definitions.findings.sorted() {
        let named = |edit: &Edit| definitions.is_named(edit.span.file);
        let free = |edit: &Edit| {
            let of_file = chosen.get(&edit.span.file);
            of_file.is_none_or(|all| all.iter().all(|(_, other)| apart(edit, other)))
        };
        if finding.fix.iter().all(|edit| named(edit) && free(edit)) {
            for edit in &finding.fix {
                chosen.entry(edit.span.file).or_default().push((finding, edit));
            }
        }
    }
    chosen.values_mut().for_each(|edits| edits.sort_by_key(|(_, edit)| edit.span));
    chosen
}

/// Whether two edits do not touch: two insertions at one place would have no order.
fn apart(one: &Edit, other: &Edit) -> bool {
    one.span.end < other.span.start || other.span.end < one.span.start
}

fn change(source: &SourceFile, finding: &Diagnostic, edit: &Edit) -> Change {
    let was = source.text.get(edit.span.start as usize..edit.span.end as usize).unwrap_or_default();
    Change {
        file: source.path.display().to_string(),
        place: source.line_column(edit.span.start),
        code: finding.code.as_str(),
        was: was.to_owned(),
        is: edit.text.clone(),
    }
}

/// The bytes of a file with edits whose places count bytes of its text as it was checked: without a
/// byte order mark, and with plain line ends.
fn mended(bytes: &[u8], edits: &[(&Diagnostic, &Edit)]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(bytes.len() + 64);
    let mut edits = edits.iter().map(|(_, edit)| *edit).peekable();
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let (head, rest) = bytes.split_at(mark);
    mended.extend_from_slice(head);
    let (mut at, mut gone_until) = (0_u32, 0_u32);
    for (n, byte) in rest.iter().enumerate() {
        let windows_end = *byte == b'\r' && rest.get(n + 1) == Some(&b'\n');
        if let Some(edit) = edits.next_if(|edit| edit.span.start == at) {
            mended.extend_from_slice(edit.text.as_bytes());
            gone_until = edit.span.end;
        }
        if at >= gone_until {
            mended.push(*byte);
        }
        at += u32::from(!windows_end);
    }
    edits.for_each(|edit| mended.extend_from_slice(edit.text.as_bytes()));
    mended
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::read;
    use crate::diag::code;
    use crate::source::Span;

    /// `bytes` with edits at places of the text that is read from them.
    fn changed(bytes: &[u8], edits: &[(usize, usize, &str)]) -> Vec<u8> {
        let at = |start, end| Span::new(FileId(0), start, end);
        let found = Diagnostic::new(code::SYNTAX, at(0, 0), "");
        let edits: Vec<_> =
            edits.iter().map(|(start, end, text)| Edit { span: at(*start, *end), text: (*text).to_owned() }).collect();
        mended(bytes, &edits.iter().map(|edit| (&found, edit)).collect::<Vec<_>>())
    }

    #[test]
    fn nothing_outside_the_edits_changes() {
        assert_eq!(changed(b"a == b\n", &[(2, 4, "=")]), b"a = b\n");
        assert_eq!(changed(b"\xEF\xBB\xBFa\r\nb==c\r\n\r", &[(3, 5, " = ")]), b"\xEF\xBB\xBFa\r\nb = c\r\n\r");
        assert_eq!(changed(b"a\r\nb", &[(1, 1, " {"), (3, 3, " }")]), b"a {\r\nb }");
        assert_eq!(changed("é; ü".as_bytes(), &[(2, 3, "")]), "é ü".as_bytes());
        assert_eq!(changed(b"ab", &[(0, 2, "")]), b"");
        assert_eq!(changed(b"", &[(0, 0, "x")]), b"x");
    }

    #[test]
    fn every_place_of_a_mixed_text_is_found() {
        let bytes = "\u{FEFF}a\r\né\n\r\nb".as_bytes();
        let text = read::decode(bytes.to_vec()).unwrap();
        for (start, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let new = read::decode(changed(bytes, &[(start, start, "<>")])).unwrap();
            let (before, after) = text.split_at(start);
            let wanted = format!("{before}<>{after}");
            assert_eq!(new, wanted);
        }
    }
}
