//! Text to AST. The only room that names pest.
//!
//! `scan` cuts a file into declarations and finds what is open or stray; the grammar
//! (`grammar/indicator.pest`) reads them one by one; `build` turns what it read into the AST at
//! once; `recover` goes on after a mistake inside a declaration; `failure` says what was expected.

pub mod ast;
mod build;
mod failure;
mod grammar;
mod lexeme;
mod recover;
mod rules;
mod scan;

use crate::diag::{Diagnostic, Diagnostics, code};
use crate::source::{FileId, Sources, Span};
use build::Builder;
use scan::{Declaration, Scan};

/// More mistakes than this in one file help nobody: it is not a text of this language.
const MOST_MISTAKES: usize = 200;

/// No declaration that people read is longer; what is, would only take memory.
const LONGEST_DECLARATION: usize = 1 << 20;

/// Reads one file. Never fails: a declaration that cannot be read is left out and reported, the
/// next ones are still read.
#[must_use]
pub fn parse(sources: &Sources, file: FileId) -> (ast::Ast, Diagnostics) {
    let text = sources.file(file).text.as_str();
    let Scan { declarations, mut found } = scan::scan(text, file);
    let mut ast = ast::Ast::default();
    for declaration in &declarations {
        let (errors, _) = found.counts();
        if errors >= MOST_MISTAKES {
            let place = Span::new(file, declaration.range.start, declaration.word.end);
            found.push(
                Diagnostic::new(code::SYNTAX, place, format!("more than {MOST_MISTAKES} mistakes in one file"))
                    .help("the rest of the file was not read; correct the first ones, or check that this is a file of definitions"),
            );
            break;
        }
        read(text, file, declaration, &mut ast, &mut found);
    }
    (ast, found)
}

fn read(text: &str, file: FileId, declaration: &Declaration, ast: &mut ast::Ast, found: &mut Diagnostics) {
    let unread = || recover::name_of(text, file, declaration);
    let Some(rule) = rules::declaration(declaration.word_in(text)) else {
        found.push(failure::unknown_declaration(text, file, declaration));
        ast.unread.extend(unread());
        return;
    };
    if declaration.range.len() > LONGEST_DECLARATION {
        let place = Span::new(file, declaration.range.start, declaration.word.end);
        found.push(
            Diagnostic::new(code::TOO_BIG, place, "this declaration is longer than a million characters")
                .help("split it into several declarations"),
        );
        ast.unread.extend(unread());
        return;
    }
    let whole = if declaration.faults.is_empty() { read_whole(text, file, declaration, rule) } else { None };
    let item = match whole {
        Some((item, mistakes)) => {
            found.extend(mistakes);
            item
        }
        None => {
            recover::mistakes(text, file, declaration, rule, found);
            None
        }
    };
    match item {
        Some(item) => ast.items.push(item),
        None => ast.unread.extend(unread()),
    }
}

/// What the grammar could read as a whole: the declaration, unless a mistake leaves its meaning
/// open, and the mistakes.
fn read_whole(
    text: &str,
    file: FileId,
    declaration: &Declaration,
    rule: grammar::Rule,
) -> Option<(Option<ast::Item>, Diagnostics)> {
    let part = text.get(declaration.range.clone())?;
    let pair = grammar::read(rule, part).ok()?;
    let mut builder = Builder::new(file, declaration.range.start, text);
    let item = build::item(&mut builder, pair);
    Some((item, builder.found))
}
