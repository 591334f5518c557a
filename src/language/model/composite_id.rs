//! Ids that are made of several columns: one text, from which the parts can be told again.

/// Stands between two parts.
const BETWEEN: char = '/';
/// Stands before a sign of a part that would be taken for one of these two.
const BEFORE: char = '\\';

/// The id that these parts make up: `north/A1`. A sign `/` or `\` of a part has a `\` before it, so
/// that two lists of parts are never the same id.
#[must_use]
pub fn composite_id<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut id = String::new();
    for (place, part) in parts.into_iter().enumerate() {
        if place > 0 {
            id.push(BETWEEN);
        }
        for sign in part.chars() {
            if matches!(sign, BETWEEN | BEFORE) {
                id.push(BEFORE);
            }
            id.push(sign);
        }
    }
    id
}

/// The parts that make up an id.
#[must_use]
pub fn parts_of(id: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut signs = id.chars();
    while let Some(sign) = signs.next() {
        match sign {
            BETWEEN => parts.push(std::mem::take(&mut part)),
            BEFORE => part.extend(signs.next()),
            _ => part.push(sign),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn parts_are_told_apart() {
        assert_eq!(composite_id(["north", "A1"]), "north/A1");
        assert_eq!(composite_id(["a/b", "c\\"]), "a\\/b/c\\\\");
        let texts = ["", "a", "b", "ab", "/", "\\", "a/", "/a", "\\/", "é", "a\\"];
        let mut ids = BTreeSet::new();
        for first in texts {
            for second in texts {
                let id = composite_id([first, second]);
                assert_eq!(parts_of(&id), [first, second]);
                assert!(ids.insert(id), "{first} {second}");
            }
        }
    }
}
