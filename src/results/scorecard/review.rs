//! Rows that are suggested for review, by a rule that is said and that nobody can steer: those that
//! count against the entity, in the order of a hash of their ids.

use yardstick_language::ir::{Indicator, Outcome};

/// The rows of one cell that are suggested for review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Which rows count against the entity: `unmet` or `met`.
    pub outcome: &'static str,
    /// What is put before the id of a row when it is hashed.
    pub seed: String,
    /// How many such rows there are.
    pub of: usize,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows, each with as many texts as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The rows that count against an entity: the unmet, or the met where fewer are wanted. `None` of a
/// measure whose rows are neither.
#[must_use]
pub fn against(indicator: &Indicator) -> Option<Outcome> {
    let lower = indicator.higher_is_better() == Some(false);
    indicator.measure.kind().has_met_rows().then_some(if lower { Outcome::Met } else { Outcome::Unmet })
}

/// The places of the first `n` of these ids in the order of the BLAKE3 hash of `SEED/ID`, in that
/// order. The order of `ids` plays no part but for equal ids.
#[must_use]
pub fn first_by_hash(seed: &str, ids: &[&str], n: usize) -> Vec<usize> {
    let mut order: Vec<([u8; 32], usize)> = ids
        .iter()
        .enumerate()
        .map(|(place, id)| (*blake3::hash(format!("{seed}/{id}").as_bytes()).as_bytes(), place))
        .collect();
    order.sort_unstable();
    order.into_iter().take(n).map(|(_, place)| place).collect()
}

impl Review {
    /// The rule, in a sentence.
    #[must_use]
    pub fn rule(&self) -> String {
        let Self { outcome, seed, of, rows, .. } = self;
        match (*of, rows.len()) {
            (0, _) => format!("No row of this window is {outcome}."),
            (1, _) => format!("The one {outcome} row of this window."),
            (of, n) if n == of => format!("All {of} {outcome} rows of this window."),
            (of, n) => format!(
                "{n} of the {of} {outcome} rows of this window, chosen by nobody: the first in the order of the BLAKE3 hash of \
                 SEED/ID, where SEED is {seed}."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_and_the_ids_alone_decide() {
        let ids = ["a", "b", "c", "d", "e", "f"];
        let chosen = |seed: &str, ids: &[&str]| -> Vec<String> {
            first_by_hash(seed, ids, 3).into_iter().map(|place| ids[place].to_owned()).collect()
        };
        let mut turned = ids;
        turned.reverse();
        assert_eq!(chosen("s", &ids), chosen("s", &turned));
        assert_ne!(chosen("s", &ids), chosen("t", &ids));
        // A row that goes lets the others stand.
        let first = chosen("s", &ids);
        let without: Vec<&str> = ids.into_iter().filter(|id| **id != *first[0]).collect();
        assert_eq!(chosen("s", &without)[..2], first[1..]);
        // `printf s/a | b3sum`
        assert_eq!(first_by_hash("s", &["a"], 9), [0]);
        assert!(first_by_hash("s", &ids, 0).is_empty());
    }
}
