//! The plan of an indicator as text.

use super::Error;
use crate::plan::{self, Known, Slice, Standing};
use chrono::NaiveDate;
use std::fmt::Write;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Program;

/// The logical plan of an indicator's counts, step by step, as DataFusion prints it before it is optimised.
///
/// # Errors
/// When the plan cannot be built.
pub fn explain(
    program: &Program,
    indicator: usize,
    as_of: NaiveDate,
    windows: &[Window],
) -> std::result::Result<String, Error> {
    let measured = &program.indicators[indicator];
    // The last windows that one plan measures.
    let some = windows.rchunks(plan::at_once(measured)).next().unwrap_or_default();
    let plan = plan::counts(
        &program.model,
        measured,
        Known { as_of, holidays: &[], slice: Slice::WHOLE, standing: Standing::InUse, went: &[] },
        some,
        0,
    )
    .map_err(|cause| Error { indicator: measured.id.clone(), cause })?;
    let mut text = String::new();
    for step in &plan.steps {
        let _ = writeln!(text, "step {}:\n{}\n", step.name, step.plan.display_indent());
    }
    let _ = writeln!(text, "counts:\n{}", plan.answer.display_indent());
    Ok(text)
}
