//! How the files spell the words of a list, and true and false: `reunification "E4" "E4A"`.

use super::declared::repeated;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{ColumnType, ReadAs, Spellings};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name, Spelled};
use std::collections::BTreeMap;

/// The spellings of a column's words; none where the files have the words themselves.
pub(super) fn spellings(
    column: &Name,
    ty: &ColumnType,
    spelled: &[Spelled],
    read_as: ReadAs,
    out: &mut Diagnostics,
) -> Spellings {
    let Some(first) = spelled.first() else { return Spellings::default() };
    let Some(words) = ty.spelled_words() else {
        let message = format!("`{}` has no words that a file could spell in its own way", column.value);
        out.push(
            Diagnostic::new(code::SPELLED, first.word.span, message)
                .help("leave the list out: words are for a list of codes, and for `bool`"),
        );
        return Spellings::default();
    };
    if *ty == ColumnType::Bool {
        true_and_false(column, spelled, out);
    }
    let mut all: Vec<(String, usize)> = Vec::new();
    let mut otherwise: Option<(usize, Span)> = None;
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for word in spelled {
        let Some(place) = words.iter().position(|listed| *listed == word.word.value) else { continue };
        for (text, span) in texts(word) {
            let compared = read_as.compared(text).into_owned();
            if compared.is_empty() {
                let message = format!("`{}` is spelled as nothing, and an empty cell is missing", word.word.value);
                out.push(
                    Diagnostic::new(code::SPELLED, span, message)
                        .help(format!("leave it out, and ask `{} is missing`", column.value)),
                );
            } else if let Some(first) = seen.insert(compared, span) {
                let message = format!("`{text}` is in the list of `{}` twice", column.value);
                out.push(
                    repeated(code::SPELLED, message, span, first)
                        .help("one text of the file is one word: remove one of the two"),
                );
            } else {
                all.push((text.to_owned(), place));
            }
        }
        match (word.otherwise, otherwise) {
            (Some(span), Some((_, first))) => {
                let message = format!("two words of `{}` take whatever else is there", column.value);
                out.push(repeated(code::SPELLED, message, span, first).help("write `otherwise` behind one of them"));
            }
            (Some(span), None) => otherwise = Some((place, span)),
            (None, _) => {}
        }
    }
    Spellings::new(all, otherwise.map(|(place, _)| place))
}

/// What a file may have for a word, each with its place: its spellings, or else the word itself.
fn texts(word: &Spelled) -> Vec<(&str, Span)> {
    if word.texts.is_empty() && word.otherwise.is_none() {
        return vec![(word.word.value.as_str(), word.word.span)];
    }
    word.texts.iter().map(|text| (text.value.as_str(), text.span)).collect()
}

/// What the files have for the words of a column, each with its place; nothing of columns without a
/// list.
pub(super) fn in_files(member: &Member) -> Vec<(&str, Span)> {
    match member {
        Member::Column { spelled, .. } if !spelled.is_empty() => spelled.iter().flat_map(texts).collect(),
        Member::Column { ty: ast::ColumnType::Codes(words), .. } => {
            words.iter().map(|word| (word.value.as_str(), word.span)).collect()
        }
        Member::Column { .. }
        | Member::Key { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Spans { .. }
        | Member::Peers { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Begins { .. } => Vec::new(),
    }
}

/// The list of a `bool` has both of its words, and no other.
fn true_and_false(column: &Name, spelled: &[Spelled], out: &mut Diagnostics) {
    let help = "write `bool { true \"Y\", false \"N\" }`, with what the file has for each";
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for Spelled { word, .. } in spelled {
        if !matches!(word.value.as_str(), "true" | "false") {
            let message = format!("`{}` is `true` or `false`, and never `{}`", column.value, word.value);
            out.push(Diagnostic::new(code::SPELLED, word.span, message).help(help));
        } else if let Some(first) = seen.insert(word.value.as_str(), word.span) {
            let message = format!("`{}` is in the list of `{}` twice", word.value, column.value);
            out.push(repeated(code::SPELLED, message, word.span, first).help("write all of its spellings behind it"));
        }
    }
    for missing in ["true", "false"].into_iter().filter(|word| !seen.contains_key(word)) {
        let message = format!("the list of `{}` does not say what the file has for `{missing}`", column.value);
        out.push(Diagnostic::new(code::SPELLED, column.span, message).help(help));
    }
}
