//! The plan of an indicator as text.

use super::Error;
use crate::calendar::Window;
use crate::ir::Program;
use crate::plan;
use chrono::NaiveDate;
use std::fmt::Write;

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
    let plan = plan::counts(&program.model, measured, as_of, windows)
        .map_err(|cause| Error { indicator: measured.id.clone(), cause })?;
    let mut text = String::new();
    for step in &plan.steps {
        let _ = writeln!(text, "step {}:\n{}\n", step.name, step.plan.display_indent());
    }
    let _ = writeln!(text, "counts:\n{}", plan.answer.display_indent());
    Ok(text)
}
