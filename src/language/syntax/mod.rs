//! Text to AST. The only room that names pest.
//!
//! [`tokens`] makes one list of the text, comments and blanks included; `scan` cuts it into
//! declarations and finds what is open or stray; the grammar (`grammar/indicator.pest`) reads them
//! one by one; `build` turns what it read into the AST at once. `recover` goes on after a mistake
//! inside a declaration; `failure` says what was expected, with the words of the [`vocabulary`],
//! and [`expected`] which of them can come next.
//! [`tree`] shows the same declarations with all that is written, for those who print it again.

pub mod ast;
mod build;
pub mod expected;
mod failure;
mod first_typed;
mod grammar;
mod heads;
mod of_model;
mod recover;
mod rules;
mod scan;
pub mod tokens;
pub mod tree;
pub mod vocabulary;

use crate::diag::{Diagnostic, Diagnostics, code};
use crate::source::{FileId, Sources, Span};
use build::Builder;
use scan::{Cut, Declaration, Scan};
use tokens::{Token, Tokens};

pub(crate) use first_typed::of_the_clock;

/// More mistakes than this in one file help nobody: it is not a text of this language.
const MOST_MISTAKES: usize = 200;

/// No declaration that people read is longer; what is, would only take memory.
const LONGEST_DECLARATION: usize = 1 << 20;

/// The file that is read.
#[derive(Debug, Clone, Copy)]
struct File<'t> {
    id: FileId,
    text: &'t str,
    tokens: &'t Tokens,
}

impl<'t> File<'t> {
    fn text_of(self, token: &Token) -> &'t str {
        self.text.get(token.range.clone()).unwrap_or_default()
    }
}

/// Reads one file. Never fails: a declaration that cannot be read is left out and reported, the
/// next ones are still read.
#[must_use]
pub fn parse(sources: &Sources, file: FileId) -> (ast::Ast, Diagnostics) {
    let text = sources.file(file).text.as_str();
    let scan = scan::scan(text, file, Cut::AsWritten);
    let (ast, mut found) =
        as_written(text, file, scan).unwrap_or_else(|| by_lines(text, file, scan::scan(text, file, Cut::ByLines)));
    if let Some(at) = lone_return(text) {
        let message = "a line ends with a carriage return alone, as on old machines";
        let finding = Diagnostic::new(code::STRANGE_CHARACTER, Span::new(file, at, at + 1), message);
        found.push(finding.help("save the file with the line ends of Unix or Windows"));
    }
    (ast, found)
}

/// The first carriage return without a line feed. It ends a line for some programs and not for
/// others: what stands behind a comment would be read by the one and not by the other.
pub(crate) fn lone_return(text: &str) -> Option<usize> {
    let mut all = text.match_indices('\r').map(|(at, _)| at);
    all.find(|at| text.as_bytes().get(at + 1) != Some(&b'\n'))
}

/// Reads a file of which the grammar can read every declaration; columns and line ends mean
/// nothing. `None` when there is one that it cannot read.
fn as_written(text: &str, id: FileId, scan: Scan) -> Option<(ast::Ast, Diagnostics)> {
    let Scan { tokens, declarations, mut found, faulty } = scan;
    if faulty {
        return None;
    }
    let file = File { id, text, tokens: &tokens };
    let mut ast = ast::Ast::default();
    for declaration in &declarations {
        let rule = vocabulary::declaration(declaration.word_in(text))?;
        if declaration.range.len() > LONGEST_DECLARATION || found.counts().0 >= MOST_MISTAKES {
            return None;
        }
        let (item, mistakes) = read_whole(file, declaration, rule)?;
        found.extend(mistakes);
        add(file, declaration, item, &mut ast);
    }
    Some((ast, found))
}

/// Reads a file with mistakes in it. Where one declaration ends and the next begins is also told by
/// the first column, so that a mistake in one does not hide the next.
fn by_lines(text: &str, id: FileId, scan: Scan) -> (ast::Ast, Diagnostics) {
    let Scan { tokens, declarations, mut found, .. } = scan;
    let file = File { id, text, tokens: &tokens };
    let mut ast = ast::Ast::default();
    for declaration in &declarations {
        if found.counts().0 >= MOST_MISTAKES {
            let place = Span::new(id, declaration.range.start, declaration.word.end);
            found.push(
                Diagnostic::new(code::SYNTAX, place, format!("more than {MOST_MISTAKES} mistakes in one file"))
                    .help("the rest of the file was not read; correct the first ones, or check that this is a file of definitions"),
            );
            break;
        }
        let item = read(file, declaration, &mut found);
        add(file, declaration, item, &mut ast);
    }
    (ast, found)
}

fn add(file: File<'_>, declaration: &Declaration, item: Option<ast::Item>, ast: &mut ast::Ast) {
    match item {
        Some(item) => ast.items.push(item),
        None => ast.unread.extend(recover::name_of(file, declaration)),
    }
}

fn read(file: File<'_>, declaration: &Declaration, found: &mut Diagnostics) -> Option<ast::Item> {
    let Some(rule) = vocabulary::declaration(declaration.word_in(file.text)) else {
        found.push(failure::unknown_declaration(file, declaration));
        return None;
    };
    if declaration.range.len() > LONGEST_DECLARATION {
        let place = Span::new(file.id, declaration.range.start, declaration.word.end);
        found.push(
            Diagnostic::new(code::TOO_BIG, place, "this declaration is longer than a million characters")
                .help("split it into several declarations"),
        );
        return None;
    }
    let whole = if declaration.faults.is_empty() { read_whole(file, declaration, rule) } else { None };
    let Some((item, mistakes)) = whole else {
        recover::mistakes(file, declaration, rule, found);
        return None;
    };
    found.extend(mistakes);
    item
}

/// What the grammar could read as a whole: the declaration, unless a mistake leaves its meaning
/// open, and the mistakes.
fn read_whole(
    file: File<'_>,
    declaration: &Declaration,
    rule: grammar::Rule,
) -> Option<(Option<ast::Item>, Diagnostics)> {
    let part = file.text.get(declaration.range.clone())?;
    let pair = grammar::read(rule, part).ok()?;
    let mut builder = Builder::new(file.id, declaration.range.start, file.text);
    let item = build::item(&mut builder, pair);
    Some((item, builder.found))
}
