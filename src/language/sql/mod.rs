//! An indicator as a query for a database, that gives the same cells.
//!
//! A query is one `WITH`: the parameters, the tables as they were known at the end of the as-of day
//! (`tables`), and then a step for each clause (`cohort`, `holders`, `measure`). An expression is
//! one expression of SQL (`value`, `functions`, `business`), a question about rows a subquery
//! (`question`); a path by links is a join beside the row from which it begins (`scope`). What
//! databases say differently is said in `dialect`, a file each.
//!
//! What cannot be said exactly is refused, with the reason, and never said nearly.

mod business;
mod clauses;
mod cohort;
mod dialect;
mod folded;
mod functions;
mod holders;
mod measure;
mod names;
mod question;
mod refused;
mod scope;
mod tables;
mod value;
mod writer;

use crate::calendar::Window;
use crate::interpret;
use crate::ir::{Indicator, Program};
use crate::source::Sources;
use chrono::NaiveDate;
use clauses::Clauses;
use cohort::Step;
pub use dialect::Dialect;
use names::{comment, day, indented, quoted};
pub use refused::Refused;
use writer::Writer;

/// What a query is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The database.
    pub dialect: Dialect,
    /// The last day that the data is complete through.
    pub as_of: NaiveDate,
    /// The windows, which can be reported.
    pub windows: &'a [Window],
}

/// The query that gives the cells of an indicator.
///
/// # Errors
/// When something of it cannot be said exactly.
pub fn query(program: &Program, indicator: &Indicator, sources: &Sources, asked: Asked) -> Result<String, Refused> {
    let model = &program.model;
    if asked.windows.is_empty() {
        return Err(Refused::no_window(asked.as_of));
    }
    let measured = folded::indicator(&interpret::as_asked(model, indicator));
    let said = Clauses::of(sources, indicator);
    let writer = Writer::new(model, &measured, asked.dialect.says(), asked.as_of, said.aliases(sources, &measured));
    writer.free_names()?;
    let steps = steps(&writer, &said)?;
    // The holidays are read from a table that is known.
    let holidays = writer.holidays();
    let known = writer.known_tables()?;
    let mut parts = vec![params(asked), windows(&writer, asked)];
    parts.extend(known);
    parts.extend(holidays);
    parts.extend(steps.iter().map(|step| {
        let text = format!("{} {} (\n{}\n)", step.name, writer.says.once(), indented(&step.text));
        if step.comment.is_empty() { text } else { format!("{}\n{text}", comment(&step.comment)) }
    }));
    let head = head(indicator, &writer);
    Ok(format!("{head}\nWITH\n{}\n{};\n", parts.join(",\n"), writer.cells()))
}

/// The steps from the cohort to the counts.
fn steps(writer: &Writer, said: &Clauses) -> Result<Vec<Step>, Refused> {
    let indicator = writer.indicator;
    let mut steps = vec![writer.cohort(&said.cohort)?];
    let mut last = "cohort";
    if indicator.by_level() {
        steps.extend(writer.held(last, &said.attribute)?);
        last = "held";
    }
    if let Some(pick) = &indicator.cohort.pick {
        steps.extend(writer.picked(pick, last, &said.picked)?);
        last = "picked";
    }
    steps.push(writer.judged(last, &said.exclusions, indicator.cohort.pick.is_some())?);
    steps.push(writer.measured("judged", &said.measured)?);
    last = "measured";
    if !indicator.by_level() {
        steps.extend(writer.held(last, &said.attribute)?);
        last = "held";
    }
    steps.push(writer.counts(last));
    steps.push(writer.entities()?);
    Ok(steps)
}

fn params(asked: Asked) -> String {
    format!("-- The last day that the tables are complete through.\nparams AS (SELECT {} AS as_of)", day(asked.as_of))
}

/// The windows, each with the as-of day; where every level is measured by itself, with each level.
fn windows(writer: &Writer, asked: Asked) -> String {
    let rows: Vec<String> =
        asked.windows.iter().map(|window| format!("({}, {})", day(window.start), day(window.end))).collect();
    let rows = format!("(VALUES\n    {}\n  ) AS v (window_start, window_end)", rows.join(",\n    "));
    let (level, levels) = match writer.indicator.by_level() {
        false => ("", String::new()),
        true => {
            let all: Vec<String> =
                writer.model.levels.iter().map(|level| format!("({})", quoted(&level.name))).collect();
            (", l.level", format!("\n  CROSS JOIN (VALUES {}) AS l (level)", all.join(", ")))
        }
    };
    format!(
        "-- Reporting windows: the first day, and the day after the last.\nwindows AS (\n  SELECT v.window_start, v.window_end, params.as_of{level}\n  FROM params\n  CROSS JOIN {rows}{levels}\n)"
    )
}

/// What stands above the query.
fn head(indicator: &Indicator, writer: &Writer) -> String {
    let mut text = format!("{}: {}\n", indicator.id, indicator.about.title);
    text += &format!("Meaning {}, written for {} by `yardstick sql`.\n", indicator.meaning, writer.says.tried_with());
    text += "A condition is TRUE, FALSE, or NULL where it is not known; a row whose numerator is not known is undetermined, and not met. \
             `window_end` of the result is the last day of the window.\n\
             The tables and columns are those of the model, and hold sound rows: keys are unique, links lead to a row, an end is not before \
             its start, codes are the words of the model, what is missing or cannot be read is NULL. The program sets aside rows that break \
             this (`yardstick data`): leave them out first. No row leads to one that begins after the as-of day.\n";
    comment(&text)
}
