//! Spearman's rank correlation: whether two figures of the same entities go up and down together.
//!
//! The figures are taken by their ranks, those that are alike by the mean of the ranks they share
//! (mid-ranks), and the coefficient is Pearson's of the ranks. The interval is that of Bonett and
//! Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
//! Psychometrika 65 (2000), 23-28: Fisher's z = atanh r is taken as normal, with the standard error
//! `√((1 + r²/2) / (n - 3))`. It holds the coefficient in 95 of 100 cases, if the entities are
//! independent of each other.

use super::wilson_interval::{DEVIATIONS, Interval};

/// With fewer pairs nothing is estimated: the standard error has `n - 3` below the line.
pub const FEWEST: usize = 4;

/// A rank correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spearman {
    /// The coefficient, from -1 to 1.
    pub rho: f64,
    /// Its 95 % interval; `None` where all ranks agree or all are turned round, since z has no end
    /// there.
    pub interval: Option<Interval>,
}

/// Why there is no coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEstimable {
    /// There are fewer than [`FEWEST`] pairs.
    TooFew,
    /// All figures of one side are the same, the first side (`false`) or the second (`true`).
    AllAlike(bool),
}

/// The rank correlation of pairs of figures.
///
/// # Errors
/// Why there is none.
pub fn spearman(pairs: &[(f64, f64)]) -> Result<Spearman, NotEstimable> {
    if pairs.len() < FEWEST {
        return Err(NotEstimable::TooFew);
    }
    let x = ranks(&pairs.iter().map(|(x, _)| *x).collect::<Vec<_>>());
    let y = ranks(&pairs.iter().map(|(_, y)| *y).collect::<Vec<_>>());
    // Twice the ranks are whole numbers, and so are four times their products: sums are exact.
    let n = pairs.len() as i128;
    let of = |a: &[i128], b: &[i128]| {
        let products: i128 = a.iter().zip(b).map(|(a, b)| a * b).sum();
        n * products - a.iter().sum::<i128>() * b.iter().sum::<i128>()
    };
    let (spread_x, spread_y) = (of(&x, &x), of(&y, &y));
    if spread_x == 0 || spread_y == 0 {
        return Err(NotEstimable::AllAlike(spread_x != 0));
    }
    let together = of(&x, &y);
    // In one order, or in the two that are turned round, ranks are the same number by number.
    let is_line = spread_x == spread_y && together.abs() == spread_x;
    let rho = match is_line {
        true => together.signum() as f64,
        false => together as f64 / (spread_x as f64 * spread_y as f64).sqrt(),
    };
    Ok(Spearman { rho, interval: (!is_line).then(|| interval(rho, pairs.len())) })
}

fn interval(rho: f64, pairs: usize) -> Interval {
    let error = ((1.0 + rho * rho / 2.0) / (pairs - 3) as f64).sqrt();
    let (z, half) = (rho.atanh(), DEVIATIONS * error);
    Interval { low: (z - half).tanh(), high: (z + half).tanh() }
}

/// Twice the mid-rank of each figure, counted from 1.
fn ranks(figures: &[f64]) -> Vec<i128> {
    let mut order: Vec<usize> = (0..figures.len()).collect();
    order.sort_by(|a, b| figures[*a].total_cmp(&figures[*b]));
    let mut ranks = vec![0; figures.len()];
    let mut before = 0;
    for alike in order.chunk_by(|a, b| figures[*a] == figures[*b]) {
        let (first, last) = (before + 1, before + alike.len() as i128);
        alike.iter().for_each(|place| ranks[*place] = first + last);
        before = last;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: &[f64], y: &[f64]) -> Result<Spearman, NotEstimable> {
        spearman(&x.iter().copied().zip(y.iter().copied()).collect::<Vec<_>>())
    }

    #[test]
    fn by_hand_with_ties() {
        // Ranks 1.5 1.5 3 4 and 1 2.5 2.5 4: products of deviations 1.5 + 0 + 0 + 2.25 ...
        let found = of(&[1.0, 1.0, 2.0, 3.0], &[5.0, 6.0, 6.0, 9.0]).unwrap();
        assert!((found.rho - 3.75 / 4.5).abs() < 1e-15, "{found:?}");
        let z = (3.75_f64 / 4.5).atanh();
        let half = 1.959_963_984_540_054 * (1.0 + (3.75_f64 / 4.5).powi(2) / 2.0).sqrt();
        let interval = found.interval.unwrap();
        assert!((interval.low - (z - half).tanh()).abs() < 1e-12, "{interval:?}");
        assert!((interval.high - (z + half).tanh()).abs() < 1e-12, "{interval:?}");
    }

    #[test]
    fn the_ends_have_no_interval() {
        let up = of(&[1.0, 2.0, 2.0, 7.0], &[0.1, 0.2, 0.2, 0.3]).unwrap();
        assert_eq!(up, Spearman { rho: 1.0, interval: None });
        let down = of(&[1.0, 2.0, 3.0, 7.0], &[-1.0, -2.0, -3.0, -4.0]).unwrap();
        assert_eq!(down, Spearman { rho: -1.0, interval: None });
    }

    #[test]
    fn what_cannot_be_estimated_is_said() {
        assert_eq!(of(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), Err(NotEstimable::TooFew));
        assert_eq!(of(&[], &[]), Err(NotEstimable::TooFew));
        assert_eq!(of(&[4.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]), Err(NotEstimable::AllAlike(false)));
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0, 5.0], &[0.0; 5]), Err(NotEstimable::AllAlike(true)));
    }
}
