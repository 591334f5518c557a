//! A trend for programs: CSV with a line for each window, JSON as one object.

use crate::report::Csv;
use crate::scorecard::Trend;
use crate::scorecard::process_chart::Rule;
use crate::scorecard::trend::{Point, words_of};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Window {
    window_start: String,
    window_end: String,
    value: Option<f64>,
    denominator: Option<f64>,
    reason: Option<String>,
    provisional: bool,
    band: Option<&'static str>,
    standard_least: Option<f64>,
    standard_most: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    signals: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Whole<'a> {
    indicator: &'a str,
    level: &'a str,
    entity_id: &'a str,
    entity_name: &'a str,
    as_of: String,
    window: &'a str,
    unit: &'a str,
    meaning: &'a str,
    centre: Option<f64>,
    /// What the chart says of the latest final point; where there is no chart, why.
    variation: String,
    assurance: Option<String>,
    windows: Vec<Window>,
}

fn window(point: &Point) -> Window {
    let end = |end: f64| Some(end).filter(|end| end.is_finite());
    let [standard_least, standard_most] = point.standard_ends();
    Window {
        window_start: point.window.start.to_string(),
        window_end: point.window.last_day().to_string(),
        value: point.value,
        denominator: point.denominator,
        reason: point.reason.clone(),
        provisional: point.provisional,
        band: point.band.map(crate::scorecard::Band::id),
        standard_least,
        standard_most,
        low: point.judged.as_ref().and_then(|judged| end(judged.low)),
        high: point.judged.as_ref().and_then(|judged| end(judged.high)),
        signals: point.judged.iter().flat_map(|judged| &judged.signals).map(|signal| words_of(*signal)).collect(),
    }
}

/// One object.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn json(of: &Trend) -> std::io::Result<Vec<u8>> {
    let [level, id, name] = &of.entity;
    let whole = Whole {
        indicator: &of.id,
        level,
        entity_id: id,
        entity_name: name,
        as_of: of.as_of.to_string(),
        window: &of.window,
        unit: &of.unit,
        meaning: &of.meaning,
        centre: of.centre.as_ref().ok().copied(),
        variation: of.variation(),
        assurance: of.assurance_in_words(),
        windows: of.points.iter().map(window).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The columns of the CSV.
const COLUMNS: &str = "indicator level entity_id entity_name window_start window_end as_of value denominator unit reason provisional \
                       band standard_least standard_most centre low high beyond shift trend near_limit meaning";
/// The rules, in the order of their columns.
const RULES: [Rule; 4] = [Rule::Beyond, Rule::Shift, Rule::Trend, Rule::NearLimit];

/// A line for each window, oldest first.
///
/// # Errors
/// When a line cannot be written: a fault of ours.
pub fn csv(of: &Trend, form: Csv) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    out.write_record(COLUMNS.split_whitespace())?;
    let figure = |figure: Option<f64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let text = |text: &str| form.text(text).into_owned();
    let [level, id, name] = &of.entity;
    for point in &of.points {
        let row = window(point);
        let mut cells = vec![of.id.clone(), text(level), text(id), text(name), row.window_start, row.window_end];
        cells.extend([of.as_of.to_string(), figure(row.value), figure(row.denominator), text(&of.unit)]);
        cells.extend([text(row.reason.as_deref().unwrap_or_default()), row.provisional.to_string()]);
        cells.extend([row.band.unwrap_or_default().to_owned(), figure(row.standard_least), figure(row.standard_most)]);
        cells.extend([figure(of.centre.as_ref().ok().copied()), figure(row.low), figure(row.high)]);
        let judged = point.judged.as_ref();
        let has = |rule: Rule| judged.map(|of| of.signals.iter().any(|signal| signal.rule == rule).to_string());
        cells.extend(RULES.map(|rule| has(rule).unwrap_or_default()));
        cells.push(of.meaning.clone());
        out.write_record(cells)?;
    }
    out.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}
