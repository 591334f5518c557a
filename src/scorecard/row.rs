//! The result row: one cell in the form that files carry. Its names are fixed.

use super::cell::Cell;
use crate::ir::{Measure, Program};
use crate::run::entity::{Directory, Selection};
use chrono::NaiveDate;
use serde::Serialize;

/// The names of the columns, in order: the fields of [`ResultRow`].
const COLUMNS: &str = "indicator level entity_id entity_name window_start window_end as_of numerator denominator value \
                       unit state band standard undetermined excluded meaning";

/// One cell. Dates are ISO days; `window_end` is the window's last day.
#[derive(Debug, Clone, PartialEq, Serialize)]
// The fields are the documented columns of the result.
pub struct ResultRow {
    pub indicator: String,
    pub level: String,
    pub entity_id: String,
    pub entity_name: String,
    pub window_start: String,
    pub window_end: String,
    pub as_of: String,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub unit: String,
    pub state: String,
    pub band: Option<String>,
    pub standard: Option<f64>,
    pub undetermined: Option<u64>,
    pub excluded: Option<u64>,
    pub meaning: String,
}

impl ResultRow {
    /// The names of the columns, in order.
    pub fn columns() -> impl Iterator<Item = &'static str> {
        COLUMNS.split_whitespace()
    }
}

/// The rows of the cells that the selection shows, in their order.
pub fn rows<'a>(
    program: &'a Program,
    directory: &'a Directory,
    cells: &'a [Cell],
    selection: &Selection,
    as_of: NaiveDate,
) -> impl Iterator<Item = ResultRow> + use<'a> {
    let shown: Vec<bool> = (0..directory.entities.len()).map(|e| selection.shows(directory, e)).collect();
    let as_of = as_of.to_string();
    cells
        .iter()
        .filter(move |cell| shown.get(cell.entity).copied().unwrap_or(false))
        .filter_map(move |cell| row(program, directory, cell, &as_of))
}

fn row(program: &Program, directory: &Directory, cell: &Cell, as_of: &str) -> Option<ResultRow> {
    let indicator = program.indicators.get(cell.indicator)?;
    let entity = directory.entities.get(cell.entity)?;
    let counts = cell.counts.as_ref();
    let (numerator, denominator) = match indicator.measure {
        Measure::Proportion { .. } => (counts.map(|c| c.met as f64), counts.map(|c| c.denominator as f64)),
    };
    Some(ResultRow {
        indicator: indicator.id.clone(),
        level: directory.levels.get(entity.level).cloned().unwrap_or_default(),
        entity_id: entity.id.clone(),
        entity_name: entity.name.clone(),
        window_start: cell.window.start.to_string(),
        window_end: cell.window.last_day().to_string(),
        as_of: as_of.to_owned(),
        numerator,
        denominator,
        value: cell.value,
        unit: indicator.measure.unit().to_owned(),
        state: cell.state.id().to_owned(),
        band: cell.band.map(|b| b.id().to_owned()),
        standard: cell.standard,
        undetermined: counts.map(|c| c.undetermined),
        excluded: counts.map(crate::run::measured::Counts::excluded_total),
        meaning: indicator.meaning.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_the_fields() {
        let row = ResultRow {
            indicator: String::new(),
            level: String::new(),
            entity_id: String::new(),
            entity_name: String::new(),
            window_start: String::new(),
            window_end: String::new(),
            as_of: String::new(),
            numerator: None,
            denominator: None,
            value: None,
            unit: String::new(),
            state: String::new(),
            band: None,
            standard: None,
            undetermined: None,
            excluded: None,
            meaning: String::new(),
        };
        let text = serde_json::to_string(&row).unwrap();
        let fields: Vec<_> = text.split('"').skip(1).step_by(2).filter(|name| !name.is_empty()).collect();
        assert_eq!(ResultRow::columns().collect::<Vec<_>>(), fields);
    }
}
