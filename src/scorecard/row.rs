//! The result row: one cell in the form that files carry. Its names are fixed.

use serde::Serialize;

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
