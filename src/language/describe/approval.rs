//! Who answers for an indicator, who has agreed to it, and when somebody looks at it again.

use super::page::Point;
use super::words::day;
use crate::ir::{About, Approved, Program, Standing};

/// What is said of it, an item each; nothing where the text says nothing.
#[must_use]
pub fn sentences(about: &About, meanings: &[&str]) -> Vec<String> {
    let owner = about.owner.as_ref().map(|owner| format!("Owner: {}.", owner.trim_end_matches('.')));
    let review = about.review_by.map(|by| format!("To be reviewed by {}.", day(by)));
    owner.into_iter().chain(standing(about, meanings)).chain(review).collect()
}

/// Whether it is approved as it stands; nothing where the text says nothing of an approval.
#[must_use]
pub fn standing(about: &About, meanings: &[&str]) -> Option<String> {
    match about.standing(meanings) {
        Standing::Unsaid => None,
        Standing::AsApproved(approved) => {
            Some(format!("Approved as it stands: by {}, on {}.", approved.by, day(approved.on)))
        }
        Standing::Otherwise(approved) => {
            let as_what = match approved.meanings.as_slice() {
                [] => "and it is not said as which meaning".to_owned(),
                of => format!("as meaning {}", of.join(", ")),
            };
            let (by, on, now) = (&approved.by, day(approved.on), meanings.join(", "));
            Some(format!("Not approved as it stands: approved by {by} on {on} {as_what}; it is now {now}."))
        }
    }
}

/// What stands in the head of a page.
pub(super) fn points(program: &Program, id: &str, about: &About) -> Vec<Point> {
    sentences(about, &program.meanings(id)).into_iter().map(Point::new).collect()
}

/// The clause to write once somebody has agreed.
pub(super) fn to_write(program: &Program, id: &str) -> Point {
    let clause = Approved::clause("...", &program.meanings(id));
    Point::new(format!("Once somebody has agreed, its text says so: `{clause}`"))
}
