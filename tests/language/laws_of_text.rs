//! Laws that hold of whatever text: its tree gives it back, and its layout keeps what it means. The
//! tests try them on the texts of the project, and `examples/fuzz` on broken ones.

use yardstick::format::format;
use yardstick::syntax::ast::Ast;
use yardstick::syntax::tokens::TriviaKind;
use yardstick::syntax::tree::Tree;

/// Panics unless the tree gives the text back, and its parts follow one another without a gap.
pub(crate) fn whole(name: &str, text: &str) {
    let tree = Tree::of(text);
    assert_eq!(tree.print(), text, "{name}");
    let mut next = 0;
    for item in &tree.items {
        assert_eq!(item.tokens.start, next, "{name}: {item:?}");
        for part in &item.parts {
            assert_eq!(part.tokens.start, next, "{name}: {item:?}");
            next = part.tokens.end;
        }
        assert_eq!(item.tokens.end, next, "{name}: {item:?}");
    }
    assert_eq!(tree.tokens.list.len(), next + 1, "{name}: the last token is the end");
}

/// The text in its layout. Panics unless the laws hold.
pub(crate) fn formatted(name: &str, text: &str) -> String {
    let made = format(text);
    let tree = Tree::of(text);
    assert_eq!(format(&made), made, "{name}: not the same when formatted once more, of\n{text}");
    assert_eq!(comments(&Tree::of(&made)), comments(&tree), "{name}: other comments in\n{made}");
    // Line ends are those of the first line, also in what cannot be read.
    let plain = |text: &str| text.replace("\r\n", "\n");
    let (text, laid_out) = (plain(text), plain(&made));
    let tree = Tree::of(&text);
    let mut rest = laid_out.as_str();
    for item in tree.items.iter().filter(|item| !item.sound) {
        let tokens = &tree.tokens.list[item.tokens.clone()];
        let bytes = text.get(tokens[0].range.start..tokens[tokens.len() - 1].range.end).unwrap();
        let at = rest.find(bytes).unwrap_or_else(|| panic!("{name}: without\n{bytes}\nin\n{made}"));
        rest = rest.get(at + bytes.len()..).unwrap();
    }
    made
}

fn comments(tree: &Tree<'_>) -> Vec<String> {
    let text = tree.print();
    let all = tree.tokens.trivia.iter().filter(|t| matches!(t.kind, TriviaKind::Comment | TriviaKind::ForeignComment));
    all.map(|t| text.get(t.range.clone()).unwrap().trim_end().to_owned()).collect()
}

/// What is read, without the places.
pub(crate) fn meaning(ast: &Ast) -> String {
    let shown = format!("{ast:?}");
    let mut parts = shown.split("Span { file: ");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out += part.split_once('}').unwrap().1;
    }
    out
}
