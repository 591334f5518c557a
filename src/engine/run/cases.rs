//! The rows behind a cell.

use super::Error;
use super::holidays::holidays;
use super::measure::{column, groups, wrong};
use super::other_holders::OtherHolders;
use super::session::{Session, Settings};
use super::told;
use crate::plan::{self, Fact, RunContext, Shape, Slice, Standing};
use crate::store::{Store, StoredTable, WENT_ID, WHY};
use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Date32Type, Int32Type, Int64Type, TimestampSecondType};
use datafusion::error::{DataFusionError, Result};
use std::collections::BTreeSet;
use std::time::Duration;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Fate, Indicator, Measure, Outcome, Program, Ty};
use yardstick_language::measures::Summary;
use yardstick_language::model::{ColumnType, Model, TableId};
use yardstick_results::counts::Case;

/// Every row of an indicator's cohort in one window and every one that may be in it, by row number:
/// the counts of any cell are counts of these. Where every level is measured by itself, these are
/// the rows of `level`, and count for its cells alone.
///
/// # Errors
/// When the engine fails.
pub fn cases(
    program: &Program,
    indicator: usize,
    store: &Store,
    as_of: NaiveDate,
    window: Window,
    level: usize,
    settings: &Settings,
) -> std::result::Result<Vec<Case>, Error> {
    let measured = &program.indicators[indicator];
    let read = || {
        with_ids(&program.model, store)?;
        let holidays = holidays(&program.model, store);
        let session = Session::new(&program.model, store, settings, 1)?;
        let went = session.went(measured.cohort.table);
        let (slice, standing, gone) = (Slice::WHOLE, Standing::InUse, session.gone());
        let run = RunContext { as_of, holidays: &holidays, slice, standing, went, gone };
        let plan = |standing, slice| {
            plan::cases(&program.model, measured, RunContext { standing, slice, ..run }, window, level)
        };
        let (_, facts) = plan(Standing::InUse, Slice::WHOLE)?;
        let others = OtherHolders::of(&program.model, measured, store, &session)?;
        let mut all = Vec::new();
        let mut planning = Duration::default();
        for standing in std::iter::once(Standing::InUse).chain(plan::standings(&program.model, measured, run)) {
            let reader = Reader { model: &program.model, indicator: measured, store, facts: &facts, standing };
            let mut take = |_: Shape, answer: Vec<RecordBatch>| {
                for batch in answer {
                    let judged = told::Rows::of(&batch)?;
                    for (row, group) in groups(&batch, measured)?.into_iter().enumerate() {
                        let case = reader.case(&batch, row)?;
                        let perhaps = others.as_ref().map(|others| judged.others(row, others, &case.entities));
                        let others = perhaps.unwrap_or_else(|| vec![BTreeSet::new(); case.entities.len()]);
                        all.push(Case { group, others, ..case });
                    }
                }
                Ok(())
            };
            let plan = |slice| plan(standing, slice).map(|(plan, _)| plan);
            session.block_on(session.run(measured, 1, 0, &mut planning, plan, &mut take))?;
        }
        // Of several slices of the cohort, each has its own order.
        all.sort_by_key(|case: &Case| case.row);
        Ok(all)
    };
    read().map_err(|cause| Error { indicator: measured.id.clone(), cause })
}

/// Rows are told by their ids, so these must have been loaded.
fn with_ids(model: &Model, store: &Store) -> Result<()> {
    let without = |(id, table): (&TableId, &StoredTable)| table.keys.is_none() && model.table(*id).key.is_some();
    match store.tables.iter().find(|table| without(*table)) {
        Some((id, _)) => {
            Err(DataFusionError::Internal(format!("the ids of `{}` were not loaded", model.table(*id).name)))
        }
        None => Ok(()),
    }
}

struct Reader<'a> {
    model: &'a Model,
    indicator: &'a Indicator,
    store: &'a Store,
    facts: &'a [Fact],
    standing: Standing,
}

impl Reader<'_> {
    fn case(&self, batch: &RecordBatch, row: usize) -> Result<Case> {
        let number = int32(batch, plan::ROW, row)?.ok_or_else(|| wrong(plan::ROW))?;
        let has_met = self.indicator.measure.kind().has_met_rows();
        let (held, unsure) = (truth(batch, plan::HELD, row)?, truth(batch, plan::UNSURE, row)?);
        let went = self.standing != Standing::InUse;
        let outcome = match int32(batch, plan::EXCLUDED, row)? {
            _ if went => Outcome::Unread,
            _ if held == Some(false) => Outcome::Unsure,
            Some(i) => {
                let exclusion = usize::try_from(i).ok().and_then(|i| self.indicator.exclusions.get(i));
                Outcome::Excluded(exclusion.map(|x| x.reason.clone()))
            }
            None => match truth(batch, plan::MET, row)? {
                Some(true) if has_met => Outcome::Met,
                Some(true) => Outcome::Counted,
                Some(false) => Outcome::Unmet,
                None => Outcome::Undetermined,
            },
        };
        let (mut links, mut facts) = (Vec::new(), Vec::new());
        for fact in self.facts {
            // Of a row that went, less may be looked at: what comes after a broken part says
            // nothing.
            let is_there = !went || batch.column_by_name(&fact.column).is_some();
            let value = if is_there { text(self.model, self.store, fact, batch, row)? } else { None };
            let linked = matches!(self.model.table(fact.table).column(fact.id).ty, ColumnType::Link(_));
            if linked { &mut links } else { &mut facts }.push((fact.name.clone(), value));
        }
        let levels = 1..self.model.levels.len();
        Ok(Case {
            row: number,
            id: if went { self.of_went(WENT_ID, number).unwrap_or_default() } else { self.id(number) },
            links,
            amount: self.figure(batch, plan::AMOUNT, row, &outcome)?,
            exposure: self.figure(batch, plan::EXPOSURE, row, &outcome)?,
            outcome,
            unsure: unsure == Some(true) && !went,
            entities: levels.map(|l| int32(batch, &plan::entity(l), row)).collect::<Result<_>>()?,
            others: Vec::new(),
            group: 0,
            attributed_on: date(batch, plan::AT, row)?,
            facts,
            why: if went { self.of_went(WHY, number) } else { None },
        })
    }

    /// A figure of a row that stays.
    fn figure(&self, batch: &RecordBatch, name: &str, row: usize, outcome: &Outcome) -> Result<Option<i64>> {
        if matches!(outcome, Outcome::Excluded(_) | Outcome::Unsure | Outcome::Unread)
            || self.indicator.measure.kind().summary() == Summary::MetOfRows
        {
            return Ok(None);
        }
        let column = column(batch, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(name))?;
        let figure = column.is_valid(row).then(|| column.value(row));
        // Of an incidence it is a number of days and a fate.
        Ok(if matches!(self.indicator.measure, Measure::Incidence(_)) { figure.map(|f| Fate::of(f).0) } else { figure })
    }

    fn id(&self, number: i32) -> String {
        key(self.store, self.indicator.cohort.table, number).unwrap_or_else(|| format!("row {number}"))
    }

    /// A text that is kept of a row that went.
    fn of_went(&self, name: &str, number: i32) -> Option<String> {
        let table = self.store.tables.get(&self.indicator.cohort.table)?;
        let texts = table.went.as_ref()?.column_by_name(name)?.as_string_opt::<i32>()?;
        let row = usize::try_from(number).ok()?.checked_sub(table.rows.num_rows())?;
        (row < texts.len() && texts.is_valid(row)).then(|| texts.value(row).to_owned())
    }
}

/// The text of a row's key, when its table has one.
pub(super) fn key(store: &Store, table: TableId, number: i32) -> Option<String> {
    let keys = store.tables.get(&table)?.keys.as_ref()?;
    let number = usize::try_from(number).ok()?;
    (number < keys.len()).then(|| keys.value(number).to_owned())
}

/// A fact as people write it; `None` when missing.
pub(super) fn text(
    model: &Model,
    store: &Store,
    fact: &Fact,
    batch: &RecordBatch,
    row: usize,
) -> Result<Option<String>> {
    let name = &fact.column;
    Ok(match &model.table(fact.table).column(fact.id).ty {
        ColumnType::Key => int32(batch, name, row)?.and_then(|n| key(store, fact.table, n)),
        ColumnType::Link(target) => {
            int32(batch, name, row)?.map(|n| key(store, *target, n).unwrap_or_else(|| format!("row {n}")))
        }
        ColumnType::Codes(words) => {
            let word = int32(batch, name, row)?.and_then(|n| usize::try_from(n).ok());
            word.and_then(|n| words.get(n).cloned())
        }
        ColumnType::Bool => truth(batch, name, row)?.map(|b| b.to_string()),
        ColumnType::Date => date(batch, name, row)?.map(|d| d.to_string()),
        ColumnType::Int => int64(batch, name, row)?.map(|n| n.to_string()),
        ColumnType::Decimal(digits) => int64(batch, name, row)?.map(|n| Ty::Decimal(digits.after).written(n)),
        ColumnType::Timestamp => {
            let column = column(batch, name)?.as_primitive_opt::<TimestampSecondType>().ok_or_else(|| wrong(name))?;
            let time = column.is_valid(row).then(|| column.value_as_datetime(row)).flatten();
            time.map(|t| t.format("%Y-%m-%d %H:%M:%S").to_string())
        }
        ColumnType::Text => {
            let column = column(batch, name)?;
            if column.is_null(row) {
                None
            } else if let Some(texts) = column.as_string_opt::<i32>() {
                Some(texts.value(row).to_owned())
            } else {
                Some(column.as_string_view_opt().ok_or_else(|| wrong(name))?.value(row).to_owned())
            }
        }
    })
}

fn int32(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<i32>> {
    let column = column(batch, name)?.as_primitive_opt::<Int32Type>().ok_or_else(|| wrong(name))?;
    Ok(column.is_valid(row).then(|| column.value(row)))
}

fn int64(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<i64>> {
    let column = column(batch, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(name))?;
    Ok(column.is_valid(row).then(|| column.value(row)))
}

fn date(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<NaiveDate>> {
    let column = column(batch, name)?.as_primitive_opt::<Date32Type>().ok_or_else(|| wrong(name))?;
    Ok(column.is_valid(row).then(|| column.value_as_date(row)).flatten())
}

fn truth(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<bool>> {
    let column = column(batch, name)?.as_boolean_opt().ok_or_else(|| wrong(name))?;
    Ok(column.is_valid(row).then(|| column.value(row)))
}
