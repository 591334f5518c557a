//! The parser that pest makes of `grammar/indicator.pest`.

use pest::Parser;
use pest::error::Error;
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/indicator.pest"]
struct Grammar;

/// Reads `text` by one rule.
pub(super) fn read(rule: Rule, text: &str) -> Result<Pair<'_, Rule>, Box<Error<Rule>>> {
    let mut pairs = Grammar::parse(rule, text).map_err(Box::new)?;
    // A rule that matched gives exactly one pair.
    pairs.next().ok_or_else(|| {
        let start = pest::Position::from_start(text);
        Box::new(Error::new_from_pos(
            pest::error::ErrorVariant::ParsingError { positives: Vec::new(), negatives: Vec::new() },
            start,
        ))
    })
}
