//! Percentiles, and times until something happens, in exact fractions and without any of the program's formulas.

use num_bigint::BigUint;
use std::cmp::Ordering;

/// Twice the smallest value that so many percent do not exceed; when it is exactly so many, halfway to the next. Doubled, it is always
/// whole.
pub(crate) fn percentile(values: &[i64], percent: u8) -> Option<i64> {
    let reached = |value: i64| 100 * values.iter().filter(|v| **v <= value).count();
    let goal = usize::from(percent) * values.len();
    let first = values.iter().copied().filter(|v| reached(*v) >= goal).min()?;
    if reached(first) > goal {
        return Some(2 * first);
    }
    Some(first + values.iter().copied().filter(|v| *v > first).min()?)
}

/// The same of times, each with whether it has happened by then, in Efron's way: each row stands for one part of the whole, and who leaves
/// without it having happened hands their part on, in equal shares, to all who come after. It shares no formula with a product of shares.
pub(crate) fn until(times: &[(i64, bool)], percent: u8) -> Option<i64> {
    let mut rows = times.to_vec();
    // Of those with one time, the ones for whom it has happened come first.
    rows.sort_unstable_by_key(|(time, happened)| (*time, !happened));
    // What each row that is left stands for, and what those stood for to whom it has happened.
    let mut part = Fraction { above: BigUint::from(1_u8), below: BigUint::from(rows.len()) };
    let mut gone = Fraction { above: BigUint::from(0_u8), below: BigUint::from(1_u8) };
    let mut level = None;
    for (n, (time, happened)) in rows.iter().enumerate() {
        let after = rows.len() - n - 1;
        if !happened {
            if after > 0 {
                part = Fraction { above: part.above * (after + 1), below: part.below * after };
            }
            continue;
        }
        if let Some(since) = level {
            return Some(since + time);
        }
        gone = gone.plus(&part);
        if rows.get(n + 1) == Some(&(*time, true)) {
            continue;
        }
        match gone.against(percent) {
            Ordering::Greater => return Some(2 * time),
            Ordering::Equal => level = Some(*time),
            Ordering::Less => {}
        }
    }
    None
}

struct Fraction {
    above: BigUint,
    below: BigUint,
}

impl Fraction {
    fn plus(&self, other: &Self) -> Self {
        let above = &self.above * &other.below + &other.above * &self.below;
        Self { above, below: &self.below * &other.below }
    }

    /// How it stands to so many hundredths.
    fn against(&self, percent: u8) -> Ordering {
        (&self.above * 100_u8).cmp(&(&self.below * percent))
    }
}
