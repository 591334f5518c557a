//! Plans as Markdown.

use super::sheet::{PlanSheet, sheet};
use crate::report::book::markdown::table;
use crate::report::markdown::plain;
use crate::scorecard::{Progress, words};
use std::fmt::{self, Write};

/// A page for each plan.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn markdown(plans: &[Progress]) -> Result<String, fmt::Error> {
    let mut out = String::new();
    if let Some(first) = plans.first() {
        let organization = plain(&first.organization);
        writeln!(out, "# Plans: {organization}\n\nData complete through {}", words::day(first.as_of))?;
    }
    plans.iter().try_for_each(|of| page(&sheet(of), &mut out))?;
    Ok(out)
}

/// The page of a plan.
pub(in crate::report) fn page(of: &PlanSheet, out: &mut String) -> fmt::Result {
    writeln!(out, "\n## {}\n", plain(&of.title))?;
    of.says.iter().try_for_each(|said| writeln!(out, "**{}**  ", plain(said)))?;
    writeln!(out)?;
    of.facts.iter().try_for_each(|(name, text)| writeln!(out, "- {name}: {}", plain(text)))?;
    if !of.actions.rows.is_empty() {
        writeln!(out, "\n### Actions\n")?;
        table(&of.actions, out)?;
    }
    writeln!(out, "\n### Months\n")?;
    table(&of.months, out)
}
