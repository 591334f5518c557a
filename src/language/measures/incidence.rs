//! The incidence of an end by some time, where rows may end otherwise, or not have ended yet.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::ir::measure::Incidence;
use crate::ir::{Fate, Outcome, Period};
use chrono::{Days, NaiveDate};

impl Kind for Incidence {
    fn scale(&self) -> Scale {
        Scale::Percent
    }

    fn summary(&self) -> Summary {
        Summary::Values
    }

    fn above(&self) -> Option<&'static str> {
        None
    }

    fn may_be_inestimable(&self) -> bool {
        true
    }

    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        vec![("days".to_owned(), RowFigure::Amount)]
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        let Some((days, fate)) = self.fate(row) else { return Contribution::only(Outcome::Undetermined) };
        let outcome = match fate {
            Fate::Met => Outcome::Met,
            Fate::Unclear => Outcome::Undetermined,
            Fate::Otherwise | Fate::Censored | Fate::Through => Outcome::Unmet,
        };
        Contribution { fate: Some(fate), ..Contribution::valued(outcome, days) }
    }
}

impl Incidence {
    /// How long a row was followed, and how that ended: by an end, by the day that lies `by` after
    /// the first one, or by the day it was last heard of.
    fn fate(&self, row: &dyn RowValues) -> Option<(i64, Fate)> {
        let (from, censor) = (row.day(&self.rows.from)?, row.day(&self.rows.censor)?);
        let last = later(from, self.by, row)?;
        let known_until = last.min(censor);
        let (end, fate) = match row.day(&self.rows.to).filter(|day| *day <= known_until) {
            Some(day) => match row.truth(&self.of) {
                Some(true) => (day, Fate::Met),
                Some(false) => (day, Fate::Otherwise),
                None => (day, Fate::Unclear),
            },
            None if known_until == last => (last, Fate::Through),
            None => (censor, Fate::Censored),
        };
        (end >= from).then(|| ((end - from).num_days(), fate))
    }
}

fn later(day: NaiveDate, by: Period, row: &dyn RowValues) -> Option<NaiveDate> {
    let day = row.arithmetic().plus_months(day, i64::from(by.months))?;
    day.checked_add_days(Days::new(u64::from(by.days)))
}
