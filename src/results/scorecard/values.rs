//! The values of an entity's rows in a window, in order, each with how many rows have it.

/// The rows that have one value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Valued {
    /// How many.
    pub rows: u64,
    /// Of a time until something happens: for how many of them it has happened.
    pub met: u64,
}

/// Values in order, each once. Most entities have a few, and there may be millions of entities and
/// windows: a list takes a fraction of the memory of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(Vec<(i64, Valued)>);

impl Values {
    /// No value.
    pub const NONE: Self = Self(Vec::new());

    /// The rows of a value; none so far when it is new.
    pub fn of(&mut self, value: i64) -> &mut Valued {
        let place = self.0.binary_search_by_key(&value, |(known, _)| *known);
        let place = place.unwrap_or_else(|place| {
            if self.0.is_empty() {
                // Often the only one.
                self.0.reserve_exact(1);
            }
            self.0.insert(place, (value, Valued::default()));
            place
        });
        &mut self.0[place].1
    }

    /// All of them, the smallest first.
    pub fn iter(&self) -> impl Iterator<Item = (i64, Valued)> {
        self.0.iter().copied()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rows of all of them.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.0.iter().map(|(_, valued)| valued.rows).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_in_order_and_each_once() {
        let mut values = Values::NONE;
        for value in [3, -1, 3, 7, -1, 3, 0] {
            values.of(value).rows += 1;
        }
        let found: Vec<_> = values.iter().map(|(value, valued)| (value, valued.rows)).collect();
        assert_eq!(found, [(-1, 2), (0, 1), (3, 3), (7, 1)]);
        assert_eq!(values.rows(), 7);
    }
}
