//! Which tests there are, and where: what can be run beside the text.

use super::Definitions;
use crate::source::{FileId, Span};
use crate::syntax::ast::Item;

/// Something that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The name of the test or indicator, beside which it is shown.
    pub span: Span,
    /// What is run.
    pub runs: Runs,
}

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// One test: of this indicator, with this title.
    Test { indicator: String, title: String },
    /// All tests of an indicator, so many.
    Tests { indicator: String, count: usize },
}

/// The tests of a text, and its indicators with their tests, wherever these stand.
#[must_use]
pub fn all(definitions: &Definitions, file: FileId) -> Vec<Lens> {
    let items = || definitions.asts().iter().flat_map(|ast| &ast.items);
    let tests_of =
        |name: &str| items().filter(|item| matches!(item, Item::Test(t) if t.indicator.value == name)).count();
    let own = definitions.ast(file).into_iter().flat_map(|ast| &ast.items);
    own.filter_map(|item| match item {
        Item::Test(test) => {
            let runs = Runs::Test { indicator: test.indicator.value.clone(), title: test.title.value.clone() };
            Some(Lens { span: test.indicator.span, runs })
        }
        Item::Indicator(of) => {
            let count = tests_of(&of.name.value);
            let runs = Runs::Tests { indicator: of.name.value.clone(), count };
            (count > 0).then_some(Lens { span: of.name.span, runs })
        }
        _ => None,
    })
    .collect()
}
