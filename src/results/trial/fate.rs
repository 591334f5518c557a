//! What became of each row that a test draws of its cohort's table.

use super::{Asked, Interpreter, Rows, told_of};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Outcome, Program, Test};

/// What became of a row in a window, at the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFate {
    /// Its id.
    pub id: String,
    /// What it is; behind it that it is unsure, where it is not known that it belongs.
    pub is: Vec<Outcome>,
    /// The id of the entity that holds it, at the level of the attribution.
    pub held_by: String,
    /// What each clause found, in words.
    pub because: Vec<String>,
}

/// What became of each row of the cohort's table in a window; nothing where the window cannot be
/// reported yet.
///
/// # Errors
/// When a drawn row breaks the model, and for mistakes of the program.
pub fn fates(program: &Program, test: &Test, window: Window) -> Result<Vec<RowFate>, String> {
    let mut rows = Interpreter::new(program, test)?;
    let indicator = rows.indicator();
    if !indicator.reportable(window, test.as_of) {
        return Ok(Vec::new());
    }
    let table = indicator.cohort.table;
    let ids: Vec<String> = (0..rows.world.rows(table).len()).map(|row| rows.world.name(table, row)).collect();
    let asked = Asked { window, of: None, group: None };
    let fate = |id: String| {
        let became = rows.row(asked, &id)?;
        let because = rows.clauses(asked, &id)?;
        let (is, held_by) = told_of(became.as_ref());
        Ok(RowFate { id, is, held_by: held_by.to_owned(), because })
    };
    ids.into_iter().map(fate).collect()
}
