//! Cumulative incidence: the share of rows that have ended in one way by some time, where others
//! end otherwise (competing events) or have not ended yet (censored rows).

use super::band::Share;
use super::values::Values;
use num_bigint::BigUint;
use yardstick_language::ir::Fate;

/// Fractions of larger numbers (in bits) are reduced before they are compared with a standard.
const BITS: u64 = 63;

/// The estimate of Aalen and Johansen in percent, of rows by their times and fates (see
/// [`yardstick_language::ir::Measure::Incidence`]); `None` without rows, and where nobody was
/// followed so long.
pub(super) fn of(values: &Values) -> Option<Share> {
    let mut left = values.rows();
    if left == 0 {
        return None;
    }
    let mut estimate = Estimate::new(left);
    for time in times(values) {
        estimate.step(left, time.met, time.ended);
        left = left.saturating_sub(time.ended + time.censored);
    }
    // Who was followed all through is left, or everybody has ended.
    if left == 0 && !estimate.all_ended() {
        return None;
    }
    estimate.share()
}

/// The events at one time.
#[derive(Debug, Default)]
struct Time {
    days: i64,
    met: u64,
    /// Rows that end in whatever way.
    ended: u64,
    censored: u64,
}

/// The times in order, of those who were not followed all through.
fn times(values: &Values) -> Vec<Time> {
    let mut times: Vec<Time> = Vec::new();
    for (number, valued) in values.iter() {
        let (days, fate) = Fate::of(number);
        if fate == Fate::Through {
            continue;
        }
        if times.last().is_none_or(|last| last.days != days) {
            times.push(Time { days, ..Time::default() });
        }
        let Some(time) = times.last_mut() else { continue };
        match fate {
            Fate::Censored => time.censored += valued.rows,
            Fate::Met => (time.met, time.ended) = (time.met + valued.rows, time.ended + valued.rows),
            Fate::Otherwise | Fate::Unclear | Fate::Through => time.ended += valued.rows,
        }
    }
    times
}

/// Sums of products of fractions, in whole numbers. Where nobody leaves without having ended, the
/// share that is met at a time is the met, by those left at the beginning of that stretch: so there
/// is one fraction for each stretch, and not for each time.
#[derive(Debug)]
struct Estimate {
    /// Met before this stretch, over `below`.
    met: BigUint,
    /// Not ended before this stretch, over `below`.
    ahead: BigUint,
    below: BigUint,
    /// Left when this stretch began, and now.
    began: u64,
    now: u64,
    /// Met in this stretch.
    since: u64,
}

impl Estimate {
    fn new(rows: u64) -> Self {
        let one = || BigUint::from(1_u8);
        Self { met: BigUint::from(0_u8), ahead: one(), below: one(), began: rows, now: rows, since: 0 }
    }

    /// One event time: rows at risk, those of them that are met, and those that end in whatever
    /// way.
    fn step(&mut self, left: u64, met: u64, ended: u64) {
        if ended == 0 {
            return;
        }
        if left != self.now {
            self.close();
            (self.began, self.now) = (left, left);
        }
        self.now = self.now.saturating_sub(ended);
        self.since += met;
    }

    /// Ends a stretch.
    fn close(&mut self) {
        self.met = &self.met * self.began + &self.ahead * self.since;
        self.ahead = &self.ahead * self.now;
        self.below = &self.below * self.began;
        self.since = 0;
    }

    fn all_ended(&self) -> bool {
        self.now == 0
    }

    fn share(mut self) -> Option<Share> {
        self.close();
        let (mut above, mut below) = (self.met, self.below);
        if below.bits() > BITS {
            let common = common(&above, &below);
            (above, below) = (above / &common, below / common);
        }
        // A fraction that is still so large is no short decimal, so it meets no standard exactly:
        // nearly is enough.
        let spare = below.bits().saturating_sub(BITS);
        Share::of(100, i128::try_from(above >> spare).ok()?, i128::try_from(below >> spare).ok()?)
    }
}

/// The largest number that divides both.
fn common(a: &BigUint, b: &BigUint) -> BigUint {
    let (mut a, mut b) = (a.clone(), b.clone());
    while b.bits() > 0 {
        (a, b) = (b.clone(), a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::band::Limit;
    use std::cmp::Ordering;

    /// Times as they are printed: `6a` has ended in the way that counts, `6b` otherwise, `6?`
    /// nobody knows how, `6+` not by then; `>` was followed all through.
    fn values(text: &str) -> Values {
        let mut values = Values::NONE;
        for time in text.split(' ') {
            let (days, fate) = time.split_at(time.len() - 1);
            let (days, fate) = match fate {
                "a" => (days.parse().unwrap(), Fate::Met),
                "b" => (days.parse().unwrap(), Fate::Otherwise),
                "?" => (days.parse().unwrap(), Fate::Unclear),
                "+" => (days.parse().unwrap(), Fate::Censored),
                _ => (365, Fate::Through),
            };
            values.of(fate.after(days)).rows += 1;
        }
        values
    }

    fn at(text: &str) -> Option<f64> {
        of(&values(text)).map(Share::figure)
    }

    #[test]
    fn where_all_are_followed_it_is_their_share() {
        assert_eq!(at("5b 5b 5b 10a 10a"), Some(40.0));
        assert_eq!(at("5b 10a > >"), Some(25.0));
        assert_eq!(at("> >"), Some(0.0));
        assert_eq!(at("3a 7a"), Some(100.0));
        assert_eq!(at("5b 5? 5b 10a >"), Some(20.0), "not known how it ended: it has ended");
    }

    #[test]
    fn who_leaves_hands_on_their_part() {
        // 1/4, then of the two left of three quarters one: 3/8.
        assert_eq!(at("1a 2+ 3a >"), Some(62.5));
        assert_eq!(at("1b 2+ 3a >"), Some(37.5));
        assert_eq!(at("1a 3+ 3a >"), Some(50.0), "at equal times the ended come first");
    }

    #[test]
    fn nobody_followed_so_long_is_no_value() {
        assert_eq!(of(&Values::NONE), None);
        assert_eq!(at("1a 2+"), None);
        assert_eq!(at("3+ 5+"), None);
        assert_eq!(at("1a 2+ 2b"), None);
        assert_eq!(at("1a 2+ 3b"), Some(100.0 / 3.0), "everybody has ended, or handed on their part");
        assert_eq!(at("1a 2+ >"), Some(100.0 / 3.0));
    }

    #[test]
    fn a_tie_with_the_standard_is_told_exactly_however_long_the_history() {
        // Many stretches whose fractions cancel: the two of each day leave, one of them met, and
        // one is censored the day after.
        let mut values = Values::NONE;
        values.of(Fate::Met.after(1)).rows = 40;
        values.of(Fate::Otherwise.after(1)).rows = 60;
        for day in 0..200 {
            values.of(Fate::Censored.after(0)).rows += 1;
            values.of(Fate::Censored.after(2 + day)).rows += 0;
        }
        let share = of(&values).unwrap();
        assert_eq!(share.against(&Limit::new(40.0)), Ordering::Equal);
        let mut long = Values::NONE;
        for day in 0..300 {
            long.of(Fate::Met.after(day)).rows = 3;
            long.of(Fate::Otherwise.after(day)).rows = 2;
            long.of(Fate::Censored.after(day)).rows = 1;
        }
        long.of(Fate::Through.after(300)).rows = 7;
        let share = of(&long).unwrap();
        // Of every five that end three are met, at whatever time; so of all that have ended.
        assert_eq!(share.against(&Limit::new(60.0)), Ordering::Less);
        assert!(share.figure() > 50.0 && share.figure() < 60.0, "{}", share.figure());
    }
}
