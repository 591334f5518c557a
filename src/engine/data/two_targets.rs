//! Targets of one entity from one day: which of two holds is said nowhere.

use super::keys::Keys;
use super::problem::Problem;
use super::staged_table::StagedTable;
use super::value;
use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int32Type};
use std::borrow::Cow;
use std::collections::HashMap;
use yardstick_language::diag::code;
use yardstick_language::model::{Model, Targets};

/// Looks through the rows in use of every table with targets, whose links are ranks already.
///
/// # Errors
/// The first row with the entity and the day of an earlier one.
pub(super) fn check(model: &Model, staged_tables: &[StagedTable<'_>], keys: &[Keys]) -> Result<(), Problem> {
    for staged in staged_tables {
        for targets in model.targets.iter().filter(|targets| targets.table == staged.id) {
            let column = |id: usize| staged.columns.get(id);
            let entities = column(targets.entity.0.into()).and_then(|c| c.as_primitive_opt::<Int32Type>());
            let days = column(targets.from.0.into()).and_then(|c| c.as_primitive_opt::<Date32Type>());
            let Some((entities, days)) = entities.zip(days) else { continue };
            let mut seen: HashMap<(i32, i32), usize> = HashMap::new();
            for row in 0..staged.rows() {
                if staged.rejects.is_dropped(row) || entities.is_null(row) || days.is_null(row) {
                    continue;
                }
                let (entity, day) = (entities.value(row), days.value(row));
                let Some(first) = seen.insert((entity, day), row) else { continue };
                // The second of two rows that are the same is left out later.
                let figures = &staged.columns[usize::from(targets.figure.0)];
                let same = staged.table.distinct && figures.slice(first, 1) == figures.slice(row, 1);
                if !same {
                    let id = id(model, *targets, staged_tables, keys, entity);
                    return Err(two_targets(staged, *targets, [first, row], &id, day));
                }
            }
        }
    }
    Ok(())
}

/// The id of the entity of this rank, or the word of this place.
fn id(model: &Model, of: Targets, staged_tables: &[StagedTable<'_>], keys: &[Keys], rank: i32) -> String {
    let rank = usize::try_from(rank).unwrap_or_default();
    let link = model.table(of.table).column(of.entity);
    let target = staged_tables.iter().zip(keys).find(|(staged, _)| link.target() == Some(staged.id));
    let by_key = || {
        let (staged, keys) = target?;
        staged.shown_id(*keys.rows.get(rank)? as usize).map(Cow::into_owned)
    };
    let word = || link.ty.spelled_words()?.get(rank).map(|word| (*word).to_owned());
    by_key().or_else(word).unwrap_or_default()
}

fn two_targets(staged: &StagedTable<'_>, of: Targets, rows: [usize; 2], id: &str, day: i32) -> Problem {
    let table = staged.table;
    let places = rows.map(|row| {
        let at = staged.example(row, None, "");
        if at.file.is_empty() { at.place } else { format!("{}, {}", at.file, at.place) }
    });
    let [first, second] = places;
    let day = value::day(day).map(|day| day.to_string()).unwrap_or_default();
    let entity = &table.column(of.entity).name;
    let message = format!("table `{}` has two targets of {entity} `{id}` from {day}: {first} and {second}", table.name);
    Problem::new(code::DATA_TWO_TARGETS, message)
        .help("remove one of the rows, or give it the day from which it holds: which of two is meant is said nowhere")
}
