//! Percentiles, times until something happens and shares that have ended, in exact fractions and
//! without any of the program's formulas.

use num_bigint::BigUint;
use std::cmp::Ordering;
use yardstick::ir::Fate;

/// Twice the smallest value that so many percent do not exceed; when it is exactly so many, halfway
/// to the next. Doubled, it is always whole.
pub(crate) fn percentile(values: &[i64], percent: u8) -> Option<i64> {
    let reached = |value: i64| 100 * values.iter().filter(|v| **v <= value).count();
    let goal = usize::from(percent) * values.len();
    let first = values.iter().copied().filter(|v| reached(*v) >= goal).min()?;
    if reached(first) > goal {
        return Some(2 * first);
    }
    Some(first + values.iter().copied().filter(|v| *v > first).min()?)
}

/// The same of times, each with whether it has happened by then, in Efron's way: each row stands
/// for one part of the whole, and who leaves without it having happened hands their part on, in
/// equal shares, to all who come after. It shares no formula with a product of shares.
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
    // Nothing happens any more: the time at which so many were gone.
    level.map(|since| 2 * since)
}

/// The share, in percent, to which the end that counts has come, of rows by their days: each stands
/// for one part of the whole, and who is lost sight of hands their part on, in equal shares, to all
/// who come after, those who were followed all through among them. Nothing when there is nobody to
/// hand it on to.
pub(crate) fn incidence(rows: &[(i64, Fate)]) -> Option<f64> {
    let through = rows.iter().filter(|(_, fate)| *fate == Fate::Through).count();
    let mut others: Vec<(i64, Fate)> = rows.iter().copied().filter(|(_, fate)| *fate != Fate::Through).collect();
    // Of those with one time, the ones that have ended come first.
    others.sort_unstable_by_key(|(days, fate)| (*days, *fate == Fate::Censored));
    if rows.is_empty() {
        return None;
    }
    let mut part = Fraction { above: BigUint::from(1_u8), below: BigUint::from(rows.len()) };
    let mut met = Fraction { above: BigUint::from(0_u8), below: BigUint::from(1_u8) };
    for (n, (_, fate)) in others.iter().enumerate() {
        match fate {
            Fate::Met => met = met.plus(&part),
            Fate::Censored => {
                let after = others.len() - n - 1 + through;
                if after == 0 {
                    return None;
                }
                part = Fraction { above: part.above * (after + 1), below: part.below * after };
            }
            Fate::Otherwise | Fate::Unclear | Fate::Through => {}
        }
    }
    let hundredths = met.above * 100_u8 * BigUint::from(10_u8).pow(16) / met.below;
    Some(hundredths.to_string().parse::<f64>().unwrap() / 1e16)
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
