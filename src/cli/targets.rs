//! Targets in the data that no value can have.

use crate::data::Loaded;
use crate::ir::OwnStandard;
use crate::model::{Model, Targets};
use crate::run;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// How many are named of each column.
const NAMED: usize = 5;

/// What is said of targets that lie outside of the scale, of these standards: where they stand, and
/// whose they are.
pub(super) fn out_of_scale<'o>(
    model: &Model,
    loaded: &Loaded,
    own: impl IntoIterator<Item = &'o OwnStandard>,
) -> Vec<String> {
    let said: BTreeMap<_, _> = own.into_iter().filter_map(|own| of_column(model, loaded, own)).collect();
    said.into_values().collect()
}

fn of_column(model: &Model, loaded: &Loaded, own: &OwnStandard) -> Option<((Targets, bool), String)> {
    let hierarchy = run::hierarchy(model, &loaded.store, loaded.as_of.unwrap_or(NaiveDate::MAX));
    let level = model.levels.iter().position(|level| level.table == Some(own.entities))?;
    let known = hierarchy.targets().known(own.targets);
    let wrong: Vec<String> = known
        .filter(|(_, _, figure)| own.with(*figure).is_none())
        .filter_map(|(row, from, figure)| {
            let entity = hierarchy.holder(level, Some(row)).and_then(|entity| hierarchy.entities.get(entity))?;
            Some(format!("{} has {figure} from {from}", entity.id))
        })
        .collect();
    if wrong.is_empty() {
        return None;
    }
    let table = model.table(own.targets.table);
    let column = &table.column(own.targets.figure).name;
    let [least, most] = own.range();
    let named = wrong.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = if wrong.len() > NAMED { format!(" and {} more", wrong.len() - NAMED) } else { String::new() };
    let targets = if wrong.len() == 1 { "1 target does".to_owned() } else { format!("{} targets do", wrong.len()) };
    let text = format!(
        "{targets} not lie between {least} and {most} in `{column}` of `{}`, and gives no colour: {named}{more}",
        table.name
    );
    let text = if wrong.len() == 1 { text } else { text.replacen("and gives", "and give", 1) };
    Some(((own.targets, own.is_percent), text))
}
