//! How the time of a row ended, in an incidence: a number of days and a fate, as one whole number.

/// What became of a row that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It has ended in the way that counts.
    Met,
    /// It has ended otherwise.
    Otherwise,
    /// It has ended, and it is not known how.
    Unclear,
    /// It had not ended on the last day on which it was followed.
    Censored,
    /// It had not ended by the last day that an incidence looks at.
    Through,
}

impl Fate {
    /// All of them, by their numbers.
    pub const ALL: [Self; 5] = [Self::Met, Self::Otherwise, Self::Unclear, Self::Censored, Self::Through];
    /// A row's number is its days times this, plus the number of its fate.
    pub const PLACES: i64 = 8;

    /// Its number.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Met => 0,
            Self::Otherwise => 1,
            Self::Unclear => 2,
            Self::Censored => 3,
            Self::Through => 4,
        }
    }

    /// The number of a row with this fate after `days` days. Sorting rows by this number sorts them
    /// by their days.
    #[must_use]
    pub fn after(self, days: i64) -> i64 {
        days * Self::PLACES + self.number()
    }

    /// The days and the fate that a row's number stands for.
    #[must_use]
    pub fn of(number: i64) -> (i64, Self) {
        let fate = usize::try_from(number.rem_euclid(Self::PLACES)).ok().and_then(|n| Self::ALL.get(n).copied());
        (number.div_euclid(Self::PLACES), fate.unwrap_or(Self::Censored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_fate_are_found_again_and_stand_in_the_order_of_days() {
        let mut last = -1;
        for days in [0, 1, 365, 36_525] {
            for fate in Fate::ALL {
                let number = fate.after(days);
                assert_eq!(Fate::of(number), (days, fate));
                assert!(number > last);
                last = number;
            }
        }
    }
}
