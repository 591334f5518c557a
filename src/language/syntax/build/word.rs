//! Names, paths and quoted texts.

use super::{Builder, Kids, Rule};
use crate::diag::code;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Name, Path, Text};
use chrono::NaiveDate;
use pest::iterators::Pair;

pub(super) fn name(b: &Builder<'_>, pair: &Pair<'_, Rule>) -> Name {
    Spanned::new(pair.as_str().to_owned(), b.span(pair))
}

/// The names among the parts that are left.
pub(super) fn names(b: &Builder<'_>, kids: Kids<'_>) -> Vec<Name> {
    kids.all(Rule::name).map(|p| name(b, &p)).collect()
}

/// `{ a, b }`.
pub(super) fn code_list(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Vec<Name> {
    let span = b.span(&pair);
    let list = names(b, Kids::of(pair));
    if list.is_empty() {
        empty_list(b, span);
    }
    list
}

/// Reports braces with nothing between them.
pub(super) fn empty_list(b: &mut Builder<'_>, span: Span) {
    b.report(
        code::EMPTY_LIST,
        span,
        "there is nothing between these braces",
        "write the words that are meant, as in `{ reunification, adoption }`",
    );
}

pub(super) fn path(b: &Builder<'_>, pair: Pair<'_, Rule>) -> Path {
    let span = b.span(&pair);
    Spanned::new(names(b, Kids::of(pair)), span)
}

/// A text without its quotes, escapes resolved, a line end with the blanks around it made one
/// blank.
pub(super) fn text(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Text> {
    let span = b.span(&pair);
    let inside = Kids::of(pair).next()?;
    let start = b.base + inside.as_span().start();
    if inside.as_rule() == Rule::wrong_quote {
        let value = inside.as_str().trim_matches('\'').to_owned();
        let is_no_text = value.parse::<NaiveDate>().is_ok() || value.parse::<f64>().is_ok();
        let help = match is_no_text {
            true => format!("write `{value}`: days and numbers are written without any"),
            false => format!("write `\"{value}\"`; the words of a column's list are written without any"),
        };
        b.report(code::QUOTES, span, "a text is written in double quotation marks", help);
        return Some(Spanned::new(value, span));
    }
    Some(Spanned::new(unescaped(b, inside.as_str(), start), span))
}

/// A text in which `\\N` may be written `\N`, as the tools that write it do.
pub(super) fn as_written(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Text> {
    let span = b.span(&pair);
    let inside = Kids::of(pair.clone()).next()?;
    if inside.as_rule() == Rule::wrong_quote {
        return text(b, pair);
    }
    let mut out = String::new();
    let mut chars = inside.as_str().chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = (c == '\\').then(|| chars.next_if(|next| matches!(next, '"' | '\\'))).flatten();
        out.push(escaped.unwrap_or(c));
    }
    Some(Spanned::new(out, span))
}

fn unescaped(b: &mut Builder<'_>, raw: &str, start: usize) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, quote @ ('"' | '\\'))) => out.push(quote),
                Some((end, other)) => {
                    let span = Span::new(b.file, start + i, start + end + other.len_utf8());
                    b.report(
                        code::QUOTES,
                        span,
                        format!("`\\{}` means nothing in a text", other.escape_debug()),
                        "write a backslash as `\\\\` and a quotation mark as `\\\"`",
                    );
                    out.push(other);
                }
                None => out.push('\\'),
            },
            '\n' => {
                while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                let kept = out.trim_end().len();
                out.truncate(kept);
                if !out.is_empty() && chars.peek().is_some() {
                    out.push(' ');
                }
            }
            _ => out.push(c),
        }
    }
    out
}
