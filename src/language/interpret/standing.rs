//! What becomes of one row, also of one that does not come into the cohort, and where it fell out.

use super::cohort::Belongs;
use super::evaluate::{Evaluator, Fault, Question};
use super::{Verdict, as_asked};
use crate::ir::Outcome;

/// What becomes of a row of the cohort's table in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is in the cohort, or may be: what [`cases`](super::cases) says of it.
    Case(Verdict),
    /// The condition of the cohort is false.
    Out,
    /// The condition holds, or may, and the row is not the one that is picked: these rows come
    /// before it.
    NotPicked(Vec<usize>),
    /// The condition holds, or may, and it is not known for what the row would be picked.
    PickedForNothing,
    /// It is not known whether it is in the cohort, and it would be excluded for this reason.
    OutInAnyCase(String),
}

impl Standing {
    /// What became of the row.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Case(verdict) => verdict.outcome.clone(),
            Self::Out | Self::NotPicked(_) | Self::PickedForNothing | Self::OutInAnyCase(_) => Outcome::NotCounted,
        }
    }
}

/// The rows that are picked for the same as a row, whatever their columns say that are no links;
/// nothing where all rows must be looked at.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn rivals(asked: Question, row: usize) -> Result<Option<Vec<usize>>, Fault> {
    let evaluator = Evaluator::new(asked);
    let cohort = &asked.indicator.cohort;
    let in_use = asked.world.gone(cohort.table, row).is_none();
    let pick = cohort.pick.as_ref().filter(|pick| !pick.each_level && in_use);
    let found = pick.and_then(|pick| evaluator.rivals(pick, row));
    evaluator.sound(found)
}

/// What becomes of a row; those that were set aside are numbered on from those in use. Only the
/// rows that are picked for the same are looked at besides.
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn standing(asked: Question, row: usize) -> Result<Standing, Fault> {
    standing_among(asked, row, None)
}

/// The same, where the rows are known that are picked for the same: see [`rivals`].
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn standing_among(asked: Question, row: usize, rivals: Option<&[usize]>) -> Result<Standing, Fault> {
    let indicator = &*as_asked(asked.world.model, asked.indicator);
    let evaluator = Evaluator::new(Question { indicator, ..asked });
    let found = evaluator.standing(row, rivals);
    evaluator.sound(found)
}

impl Evaluator<'_> {
    fn standing(&self, row: usize, rivals: Option<&[usize]>) -> Standing {
        let cohort = &self.asked.indicator.cohort;
        if self.asked.world.gone(cohort.table, row).is_some() {
            return match self.unread(row) {
                Some(verdict) => Standing::Case(verdict),
                None if self.truth(&cohort.condition, &self.row_of_cohort(row)) == Some(false) => Standing::Out,
                None => self.excluded(row),
            };
        }
        let Some(pick) = &cohort.pick else {
            let belongs = self.cohort_among(std::iter::once(row));
            return belongs.first().map_or(Standing::Out, |(_, belongs)| self.stands(row, *belongs));
        };
        if self.truth(&cohort.condition, &self.row_of_cohort(row)) == Some(false) {
            return Standing::Out;
        }
        let rivals = rivals.map(<[usize]>::to_vec).or_else(|| self.rivals(pick, row));
        let Some(rivals) = rivals else { return Standing::PickedForNothing };
        let everyone = self.cohort_among(rivals.iter().copied());
        if let Some((_, belongs)) = everyone.iter().find(|(other, _)| *other == row) {
            return self.stands(row, *belongs);
        }
        if pick.ever {
            return Standing::NotPicked(self.first_ever(pick, rivals));
        }
        Standing::NotPicked(everyone.into_iter().map(|(other, _)| other).collect())
    }

    fn stands(&self, row: usize, belongs: Belongs) -> Standing {
        self.verdict(row, belongs).map_or_else(|| self.excluded(row), Standing::Case)
    }

    /// The row is excluded, whether it belongs or not.
    fn excluded(&self, row: usize) -> Standing {
        let rows = self.row_of_cohort(row);
        let mut exclusions = self.asked.indicator.exclusions.iter();
        let out = exclusions.find(|exclusion| self.truth(&exclusion.condition, &rows) == Some(true));
        Standing::OutInAnyCase(out.map(|exclusion| exclusion.reason.clone()).unwrap_or_default())
    }
}
