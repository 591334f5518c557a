//! The one layout of definitions: where lines break, how far they are indented, what stands below
//! what. Comments stay where they were, and what cannot be read stays byte for byte.
//!
//! The layout follows the forms that the grammar read ([`Tree`]): a clause, a line and a
//! declaration begin a line, and what continues them is indented by the form it belongs to. The
//! file `forms.rs` holds what is said of single forms; a form that is not named there is laid out
//! by the general rules alone. Where a condition or a list breaks stays the writer's choice, at the
//! places where one can be broken (`may_break`); a line that is too long is broken there, too. All
//! other blanks and line ends are the format's.

mod align;
mod block;
mod drawn;
mod forms;
mod line;
mod part;

use crate::syntax;
use crate::syntax::tokens::{Kind, TriviaKind};
use crate::syntax::tree::Tree;

/// No line that can be broken is longer, in characters. Comments at its end are not counted.
const WIDTH: usize = 120;

/// `text` in its one layout. What a text means stays, and so do all comments and their order; a
/// declaration that cannot be read keeps its bytes. The result in turn is its own layout. A byte
/// order mark is kept, and all lines end as the first one does; a text with a carriage return
/// alone, which is a mistake, stays as it is.
#[must_use]
pub fn format(text: &str) -> String {
    let plain = text.strip_prefix(MARK).unwrap_or(text);
    // Before a line feed that comes it would be the line end of Windows.
    if syntax::lone_return(plain).is_some() {
        return text.to_owned();
    }
    let windows = plain.find('\n').is_some_and(|at| plain.get(..at).is_some_and(|line| line.ends_with('\r')));
    let made = laid_out(&plain.replace("\r\n", "\n"));
    let made = if windows { made.replace('\n', "\r\n") } else { made };
    if plain.len() < text.len() { format!("{MARK}{made}") } else { made }
}

const MARK: char = '\u{FEFF}';

/// How often a layout is laid out anew at most. What is broken, being too long, no longer says
/// where its like stands, and that may move once more.
const MOST_PASSES: usize = 4;

/// `text` in its layout, or as it is when that would lose something or would not be final: in a
/// text with mistakes, where a declaration ends is told by its columns, too.
fn laid_out(text: &str) -> String {
    let tree = Tree::of(text);
    let mut made = block::file(&tree);
    for _ in 0..MOST_PASSES {
        let again = Tree::of(&made);
        if !same(&tree, &again) {
            break;
        }
        let next = block::file(&again);
        if next == made {
            return made;
        }
        made = next;
    }
    text.to_owned()
}

/// Whether two texts have the same forms, made of the same tokens, and the same comments.
fn same(one: &Tree<'_>, other: &Tree<'_>) -> bool {
    let alike = |(one, other): (&_, &_)| written(one) == written(other);
    let items = |tree: &Tree<'_>| tree.items.iter().map(|item| (item.sound, item.nodes.clone())).collect::<Vec<_>>();
    let tokens = |tree: &Tree<'_>| {
        let text = |token| (tree.text_of(token).to_owned(), Kind::clone(&token.kind));
        tree.tokens.list.iter().map(text).collect::<Vec<_>>()
    };
    let (these, those) = (tokens(one), tokens(other));
    these.len() == those.len()
        && these.iter().zip(&those).all(alike)
        && items(one) == items(other)
        && comments(one) == comments(other)
}

/// A token without what its layout is.
fn written((text, kind): &(String, Kind)) -> (Kind, Vec<String>) {
    let pieces: Vec<_> = match kind {
        Kind::Text => text.lines().map(|line| line.trim().to_owned()).collect(),
        Kind::Row => text.split('|').map(|cell| cell.trim().to_owned()).collect(),
        _ => vec![text.clone()],
    };
    (*kind, pieces)
}

/// The comments of a text in their order, without the blanks at their ends.
fn comments<'t>(tree: &Tree<'t>) -> Vec<&'t str> {
    let is_comment = |kind| matches!(kind, TriviaKind::Comment | TriviaKind::ForeignComment);
    let all = tree.tokens.trivia.iter().filter(|trivia| is_comment(trivia.kind));
    all.map(|comment| tree.slice(comment.range.clone()).trim_end()).collect()
}
