//! Differences between groups: who a family is, drawn when its life is known.
//!
//! Real counties see children of some groups removed more often than others, and sent home less
//! often. Here every family lives by the same chances, and its group is drawn afterwards, by what
//! happened to it: where families with a removed child are twice as often of one group, children of
//! that group are removed more often. So the differences are there, and no life is another.

use super::dice::Dice;
use super::family::{Child, Family};

/// A stream of its own: what is drawn here moves no other draw.
const STREAM: u64 = 0x6772_6f75_7073;

/// A group: its name, its share of all families, and how many times as often families are of it
/// that had a child removed, of whom a child went home within a year, and of whom a child came back
/// into care.
const GROUPS: [(Option<&str>, f64, [f64; 3]); 6] = [
    (Some("Hispanic"), 56.0, [0.75, 1.1, 0.9]),
    (Some("Black"), 24.0, [2.4, 0.6, 1.5]),
    (Some("White"), 12.0, [0.7, 1.2, 0.6]),
    (Some("Asian or Pacific Islander"), 4.0, [0.4, 1.4, 0.6]),
    (Some("American Indian"), 1.0, [3.0, 0.6, 1.3]),
    (None, 3.0, [1.0, 1.0, 1.0]),
];

/// Gives the children of a family their group.
pub(crate) fn draw(family: &mut Family, seed: u64) {
    let mut dice = Dice::new(seed ^ STREAM, family.number);
    let is = |of: fn(&Child) -> bool| family.children.iter().any(of);
    let happened = [is(|c| !c.stays.is_empty()), is(went_home), is(|c| c.stays.len() > 1)];
    let weight = |share: f64, times: [f64; 3]| {
        share * happened.iter().zip(times).filter(|(is, _)| **is).map(|(_, times)| times).product::<f64>()
    };
    let choices = GROUPS.map(|(name, share, times)| (weight(share, times), name));
    let ethnicity = dice.pick(None, &choices);
    family.children.iter_mut().for_each(|child| child.ethnicity = ethnicity);
}

/// Whether a stay ended at home within a year.
fn went_home(child: &Child) -> bool {
    child.stays.iter().any(|stay| stay.exit == "reunification" && stay.exited - stay.removed < 365)
}
