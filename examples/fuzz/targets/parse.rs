//! The grammar: whatever the text is, reading ends, every finding lies in the text, and the tree
//! gives the text back.

use super::Target;
use super::ind::Corpus;
use crate::laws_of_text::whole;
use rand_chacha::ChaCha8Rng;
use yardstick::diag::Diagnostic;
use yardstick::source::{Sources, Span};
use yardstick::syntax::parse;

pub(super) struct Parse(Corpus);

impl Parse {
    pub(super) fn new() -> Self {
        Self(Corpus::new())
    }
}

impl Target for Parse {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let base = self.0.base(rng);
        self.0.mutated(rng, base).into_bytes()
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let text = String::from_utf8_lossy(input);
        let mut sources = Sources::default();
        let file = sources.add("a.ind", text.as_ref());
        let (_, found) = parse(&sources, file);
        found.sorted().into_iter().for_each(|finding| in_the_text(&sources, finding));
        whole("the text", &text);
        u64::from(!found.has_errors())
    }
}

/// Panics unless every place of a finding lies in the text, between two characters.
pub(super) fn in_the_text(sources: &Sources, finding: &Diagnostic) {
    let lies = |span: Span| {
        let text = &sources.file(span.file).text;
        span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some()
    };
    assert!(!finding.labels.is_empty() && !finding.message.is_empty(), "no place: {finding:?}");
    let places = finding.labels.iter().map(|label| label.span).chain(finding.fix.iter().map(|edit| edit.span));
    places.for_each(|span| assert!(lies(span), "outside of the text: {finding:?}"));
}
