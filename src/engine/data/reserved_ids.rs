//! Ids that no entity may have: `unassigned` stands for those whom nobody holds, and the whole is
//! called by the name of its level. With such an id, two different rows of a scorecard would have
//! one name.

use super::problem::Problem;
use super::staged_table::StagedTable;
use yardstick_language::diag::code;
use yardstick_language::model::{Model, UNASSIGNED};

/// Looks through the ids of every level's table, those of rows in use.
///
/// # Errors
/// The first entity with such an id.
pub(super) fn check(model: &Model, staged_tables: &[StagedTable<'_>]) -> Result<(), Problem> {
    for staged in staged_tables {
        let reserved_ids = model.reserved_ids(staged.id);
        if reserved_ids.is_empty() {
            continue;
        }
        for row in (0..staged.rows()).filter(|row| !staged.rejects.is_dropped(*row)) {
            if let Some(id) = staged.shown_id(row).filter(|id| reserved_ids.contains(&&**id)) {
                return Err(reserved(staged, row, &id));
            }
        }
    }
    Ok(())
}

fn reserved(staged: &StagedTable<'_>, row: usize, id: &str) -> Problem {
    let place = staged.example(row, None, "");
    let file = if place.file.is_empty() { String::new() } else { format!("{}, ", place.file) };
    let meaning = if id == UNASSIGNED { "those whom nobody holds" } else { "the whole" };
    let message = format!(
        "table `{}` has a row with the id `{id}` ({file}{}), by which scorecards call {meaning}",
        staged.table.name, place.place
    );
    let help = if id == UNASSIGNED {
        "give the row another id, here and where others lead to it; if it stands for cases that nobody holds, leave it and its links out: \
         they are then counted as unassigned"
    } else {
        "give the row another id, here and where others lead to it; or give the first of the `levels` another name"
    };
    Problem::new(code::DATA_RESERVED_ID, message).help(help)
}
