//! Rows that are told one by one: those that went and may be in the cohort, and those of which it
//! is not known who holds them. What each adds to the counts of those that hold it, or may.

use super::measure::{column, groups, wrong};
use super::other_holders::{On, OtherHolders};
use crate::plan::{self, Standing};
use datafusion::arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use datafusion::arrow::datatypes::{ArrowPrimitiveType, Date32Type, Int32Type, Int64Type};
use datafusion::error::Result;
use std::sync::Arc;
use yardstick_language::ir::{Indicator, Outcome};
use yardstick_results::counts::{ANY_GROUP, CountRow, Counts};
use yardstick_results::elsewhere::{self, Judged, has_groups_by_holder, may_come, may_leave};

/// What such rows add to the counts; `first` is the number of the plan's first window, and `only`
/// the level that was asked about, where each is measured by itself. Those that went are in no
/// other counts: they are there for the one that holds them, too. `others` is `None` where no day
/// decides who that is.
pub(super) fn read(
    answer: &RecordBatch,
    indicator: &Indicator,
    others: Option<&OtherHolders>,
    standing: Standing,
    first: usize,
    only: Option<usize>,
) -> Result<Vec<CountRow>> {
    let rows = Rows::of(answer)?;
    let groups = groups(answer, indicator)?;
    let by_holder = has_groups_by_holder(indicator);
    let mut parts = Vec::new();
    for (row, group) in groups.into_iter().enumerate() {
        let said = rows.said(row);
        let (outcome, would) = rows.outcomes(row, indicator, standing);
        let judged = Judged {
            outcome: &outcome,
            would: &would,
            unsure: rows.unsure.value(row) && standing == Standing::InUse,
            comes: standing == Standing::InUse || rows.unsure.value(row),
            amount: number::<Int64Type>(rows.amount, row),
            exposure: number::<Int64Type>(rows.exposure, row),
        };
        let window = first + rows.window(row);
        if standing != Standing::InUse {
            let counts = elsewhere::unread(indicator, &judged, rows.is_anybodys(row));
            let entities = said.as_slice().into();
            parts.push(CountRow { window, entities, group, level: only, value: None, counts });
        }
        let Some(others) = others else { continue };
        let levels = rows.others(row, others, &said).into_iter().zip(said).zip(1..);
        for ((others, said), level) in levels.filter(|(_, level)| only.is_none_or(|only| only == *level)) {
            if others.is_empty() {
                continue;
            }
            let mut add = |holder, group, counts: Counts| {
                if counts != Counts::NONE {
                    let mut entities = vec![None; rows.entities.len()];
                    entities[level - 1] = holder;
                    let entities = Arc::from(entities);
                    parts.push(CountRow { window, entities, group, level: Some(level), value: None, counts });
                }
            };
            add(said, group, may_leave(indicator, &judged));
            for other in others {
                // Its group may be another, where groups are made by who holds a row.
                let group = if by_holder { ANY_GROUP } else { group };
                add(other, group, may_come(indicator, &judged));
            }
        }
    }
    Ok(parts)
}

/// The columns of rows that were judged one by one, see [`plan::rows_that_went`].
pub(super) struct Rows<'b> {
    windows: Option<&'b dyn Array>,
    excluded: &'b dyn Array,
    met: &'b BooleanArray,
    amount: &'b dyn Array,
    exposure: &'b dyn Array,
    held: &'b BooleanArray,
    unsure: &'b BooleanArray,
    /// Absent from the rows behind a cell.
    anybodys: Option<&'b BooleanArray>,
    at: &'b dyn Array,
    at_unknown: &'b BooleanArray,
    owner: &'b dyn Array,
    entities: Vec<&'b dyn Array>,
}

impl<'b> Rows<'b> {
    pub(super) fn of(batch: &'b RecordBatch) -> Result<Self> {
        let truth = |name| column(batch, name)?.as_boolean_opt().ok_or_else(|| wrong(name));
        let levels = (1..).map(plan::entity).map_while(|name| column(batch, &name).ok());
        Ok(Self {
            windows: column(batch, plan::WINDOWS).ok(),
            excluded: column(batch, plan::EXCLUDED)?,
            met: truth(plan::MET)?,
            amount: column(batch, plan::AMOUNT)?,
            exposure: column(batch, plan::EXPOSURE)?,
            held: truth(plan::HELD)?,
            unsure: truth(plan::UNSURE)?,
            anybodys: truth(plan::ANYBODYS).ok(),
            at: column(batch, plan::AT)?,
            at_unknown: truth(plan::AT_UNKNOWN)?,
            owner: column(batch, plan::OWNER)?,
            entities: levels.collect(),
        })
    }

    /// The number of the row's window in the plan.
    fn window(&self, row: usize) -> usize {
        let set = self.windows.and_then(|sets| number::<Int64Type>(sets, row));
        set.map_or(0, |set| set.trailing_zeros() as usize)
    }

    /// Whether the row may stand in the place of any other.
    fn is_anybodys(&self, row: usize) -> bool {
        self.anybodys.is_some_and(|is| is.is_valid(row) && is.value(row))
    }

    /// By level below the whole, who is said to hold a row.
    fn said(&self, row: usize) -> Vec<Option<i32>> {
        self.entities.iter().map(|of_level| number::<Int32Type>(*of_level, row)).collect()
    }

    /// By level, who may hold it beside them.
    pub(super) fn others(
        &self,
        row: usize,
        others: &OtherHolders,
        said: &[Option<i32>],
    ) -> Vec<super::other_holders::Perhaps> {
        let on = match number::<Date32Type>(self.at, row) {
            Some(day) => On::Day(day),
            None if self.at_unknown.value(row) => On::AnyDay,
            None => On::NoDay,
        };
        others.beside(said, number::<Int32Type>(self.owner, row), on)
    }

    /// What a row is, and what it is or would be if it belonged.
    fn outcomes(&self, row: usize, indicator: &Indicator, standing: Standing) -> (Outcome, Outcome) {
        let has_met = indicator.measure.kind().has_met_rows();
        let would = match number::<Int32Type>(self.excluded, row) {
            Some(number) => {
                let exclusion = usize::try_from(number).ok().and_then(|number| indicator.exclusions.get(number));
                Outcome::Excluded(exclusion.map(|exclusion| exclusion.reason.clone()))
            }
            None if self.met.is_null(row) => Outcome::Undetermined,
            None if !self.met.value(row) => Outcome::Unmet,
            None if has_met => Outcome::Met,
            None => Outcome::Counted,
        };
        let outcome = match standing {
            Standing::Went(_) => Outcome::Unread,
            Standing::InUse if !self.held.value(row) => Outcome::Unsure,
            Standing::InUse => would.clone(),
        };
        (outcome, would)
    }
}

/// A number of a column, unless it is missing or the column is of another type.
fn number<T: ArrowPrimitiveType>(of: &dyn Array, row: usize) -> Option<T::Native> {
    of.as_primitive_opt::<T>().filter(|of| of.is_valid(row)).map(|of| of.value(row))
}
