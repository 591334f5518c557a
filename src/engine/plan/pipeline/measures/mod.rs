//! What each kind of measure asks of a row, a file each: in its window, and in all windows at once.

mod count;
mod distinct;
mod events;
mod followed;
mod incidence;
mod mean;
mod percentile;
mod proportion;
mod rate;
mod until;

use crate::plan::expression::truth::Truth;
use crate::plan::pipeline::context::Context;
use crate::plan::window_set;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, lit, when};
use datafusion::scalar::ScalarValue;
use yardstick_language::ir::Measure;

/// What a kind of measure asks of a row.
pub(super) trait Planned {
    /// In its window.
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome>;

    /// In all windows at once, where sums are enough.
    fn outcomes(&self, ctx: &Context<'_>) -> Result<Outcomes>;
}

/// What is measured of a row in its window.
pub(super) struct Outcome {
    /// Whether it is met (of a rate or a count, whether there is an event; of a value, true where
    /// there is one); missing when something that is needed is not known.
    pub(super) met: Expr,
    /// What it adds above the line, or its value (Int64).
    pub(super) amount: Expr,
    /// What it adds below the line (Int64).
    pub(super) exposure: Expr,
}

/// What is measured of a row in all windows.
pub(super) struct Outcomes {
    /// The windows in which it is met.
    pub(super) met: Expr,
    /// Those in which something that is needed is not known.
    pub(super) unknown: Expr,
    /// What it adds in each above the line, where it adds something.
    pub(super) amounts: Option<Expr>,
    /// What it adds in each below the line, where it adds something.
    pub(super) exposures: Option<Expr>,
    /// Of a proportion, the windows in which it is met and unmet.
    pub(super) truth: Option<Truth>,
}

/// What is planned of a measure.
pub(super) fn planned(measure: &Measure) -> &dyn Planned {
    match measure {
        Measure::Proportion(of) => of,
        Measure::Rate(of) => of,
        Measure::Count(of) => of,
        Measure::Distinct(of) => of,
        Measure::Mean(of) => of,
        Measure::Percentile(of) => of,
        Measure::Until(of) => of,
        Measure::Incidence(of) => of,
    }
}

/// No number.
fn nothing() -> Expr {
    Expr::Literal(ScalarValue::Int64(None), None)
}

/// A value, and whether it is there.
fn of_value(value: Expr) -> Result<Outcome> {
    let met = when(value.clone().is_not_null(), lit(true)).end()?;
    Ok(Outcome { met, amount: value, exposure: nothing() })
}

/// The windows that are not in this set.
fn other_windows(ctx: &Context<'_>, known: Expr) -> Expr {
    window_set::not(known, ctx.windows())
}

fn one_by_one() -> Result<Outcomes> {
    Err(DataFusionError::Internal("single values are counted one by one".to_owned()))
}
