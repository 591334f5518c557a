//! The layout: formatted twice, a text is what it was after the first time; comments, meaning and
//! what cannot be read stay.

use super::Target;
use super::ind::Corpus;
use crate::laws_of_text::{formatted, meaning};
use rand_chacha::ChaCha8Rng;
use yardstick::source::Sources;
use yardstick::syntax::ast::Ast;
use yardstick::syntax::parse;

pub(super) struct Format(Corpus);

impl Format {
    pub(super) fn new() -> Self {
        Self(Corpus::new())
    }
}

impl Target for Format {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let base = self.0.base(rng);
        self.0.mutated(rng, base).into_bytes()
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let text = String::from_utf8_lossy(input);
        let made = formatted("the text", &text);
        let Some(was) = read(&text) else { return 0 };
        let is = read(&made).unwrap_or_else(|| panic!("cannot be read any more:\n{made}"));
        assert!(meaning(&was) == meaning(&is), "read as something else:\n{made}");
        1
    }
}

/// The text as it is read; `None` when something is wrong with it.
fn read(text: &str) -> Option<Ast> {
    let mut sources = Sources::default();
    let file = sources.add("a.ind", text);
    let (ast, found) = parse(&sources, file);
    (!found.has_errors()).then_some(ast)
}
