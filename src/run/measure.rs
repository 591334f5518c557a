//! Counts of indicators.

use super::Error;
use super::measured::{Counts, Measured, Part};
use super::session::{Session, Settings, block_on};
use crate::calendar::Window;
use crate::ir::{Indicator, Program};
use crate::plan;
use crate::store::Store;
use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};

/// Measures the indicators (by index into the program), each in its own windows; `on_done` hears of each that is done.
///
/// # Errors
/// When the engine fails.
pub fn measure(
    program: &Program,
    indicators: &[usize],
    store: &Store,
    as_of: NaiveDate,
    windows: &[Vec<Window>],
    settings: Settings,
    on_done: &mut dyn FnMut(usize),
) -> std::result::Result<Vec<Measured>, Error> {
    let failed = |indicator: usize, cause| Error { indicator: program.indicators[indicator].id.clone(), cause };
    let mut all = Vec::new();
    let mut fault = None;
    let outcome = block_on(settings, async {
        let mut session = Session::new(&program.model, store, settings)?;
        for (indicator, windows) in indicators.iter().copied().zip(windows) {
            match measure_one(program, indicator, &mut session, as_of, windows).await {
                Ok(measured) => all.push(measured),
                Err(cause) => {
                    fault = Some(failed(indicator, cause));
                    return Ok(());
                }
            }
            on_done(indicator);
        }
        Ok(())
    });
    match (fault, outcome) {
        (Some(error), _) => Err(error),
        (None, Err(cause)) => Err(Error { indicator: "the whole run".to_owned(), cause }),
        (None, Ok(())) => Ok(all),
    }
}

async fn measure_one(
    program: &Program,
    number: usize,
    session: &mut Session,
    as_of: NaiveDate,
    windows: &[Window],
) -> Result<Measured> {
    let indicator = &program.indicators[number];
    let mut parts = Vec::new();
    if !windows.is_empty() {
        let plan = plan::counts(&program.model, indicator, as_of, windows)?;
        for batch in session.run(plan).await? {
            read_parts(&batch, indicator, program.model.levels.len(), &mut parts)?;
        }
    }
    parts.sort();
    Ok(Measured { indicator: number, windows: windows.to_vec(), parts })
}

fn read_parts(batch: &RecordBatch, indicator: &Indicator, levels: usize, parts: &mut Vec<Part>) -> Result<()> {
    let int32 =
        |name: &str| -> Result<_> { column(batch, name)?.as_primitive_opt::<Int32Type>().ok_or_else(|| wrong(name)) };
    let counted = |name: &str, row: usize| -> Result<u64> {
        let column = column(batch, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(name))?;
        u64::try_from(column.value(row)).map_err(|_| wrong(name))
    };
    let windows = int32(plan::WINDOW)?;
    let entities = (1..levels).map(|l| int32(&plan::entity(l))).collect::<Result<Vec<_>>>()?;
    for row in 0..batch.num_rows() {
        let excluded = (0..indicator.exclusions.len()).map(|i| counted(&format!("excluded.{i}"), row));
        parts.push(Part {
            window: usize::try_from(windows.value(row)).map_err(|_| wrong(plan::WINDOW))?,
            entities: entities.iter().map(|e| e.is_valid(row).then(|| e.value(row))).collect(),
            counts: Counts {
                cohort: counted("cohort", row)?,
                excluded: excluded.collect::<Result<Vec<_>>>()?,
                denominator: counted("denominator", row)?,
                met: counted("met", row)?,
                undetermined: counted("undetermined", row)?,
            },
        });
    }
    Ok(())
}

/// The column of an answer.
pub(super) fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b dyn Array> {
    Ok(batch.column_by_name(name).ok_or_else(|| wrong(name))?.as_ref())
}

/// An answer that does not look as planned.
pub(super) fn wrong(column: &str) -> DataFusionError {
    DataFusionError::Internal(format!("the answer's column `{column}` is missing or of another type"))
}
