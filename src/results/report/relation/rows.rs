//! A relation for programs: CSV with a line for each entity, JSON as one object.

use crate::report::Csv;
use crate::scorecard::Relation;
use crate::scorecard::relation::Side;
use serde::Serialize;

/// One entity. `left_out` says why it is not among those that the coefficient is of.
#[derive(Debug, Serialize)]
struct Entity<'a> {
    entity_id: &'a str,
    entity_name: &'a str,
    x: Option<f64>,
    y: Option<f64>,
    left_out: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Measure<'a> {
    indicator: &'a str,
    unit: &'a str,
    window_start: String,
    window_end: String,
    meaning: &'a str,
}

#[derive(Debug, Serialize)]
struct Whole<'a> {
    level: &'a str,
    as_of: String,
    x: Measure<'a>,
    y: Measure<'a>,
    n: usize,
    rho: Option<f64>,
    rho_low: Option<f64>,
    rho_high: Option<f64>,
    /// The result in words; where there is no coefficient, why.
    result: String,
    warnings: Vec<String>,
    entities: Vec<Entity<'a>>,
}

fn measure(side: &Side) -> Measure<'_> {
    let (window_start, window_end) = (side.window.start.to_string(), side.window.last_day().to_string());
    Measure { indicator: &side.id, unit: &side.unit, window_start, window_end, meaning: &side.meaning }
}

fn entities(of: &Relation) -> Vec<Entity<'_>> {
    let points = of.points.iter().map(|point| Entity {
        entity_id: &point.id,
        entity_name: &point.name,
        x: Some(point.values[0]),
        y: Some(point.values[1]),
        left_out: None,
    });
    let left_out = of.left_out.iter().map(|one| Entity {
        entity_id: &one.id,
        entity_name: &one.name,
        x: one.values[0],
        y: one.values[1],
        left_out: Some(&one.why),
    });
    points.chain(left_out).collect()
}

/// The coefficient and the ends of its interval.
fn estimate(of: &Relation) -> [Option<f64>; 3] {
    let found = of.spearman.ok();
    let interval = found.and_then(|found| found.interval);
    [found.map(|found| found.rho), interval.map(|i| i.low), interval.map(|i| i.high)]
}

/// One object.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn json(of: &Relation) -> std::io::Result<Vec<u8>> {
    let [rho, rho_low, rho_high] = estimate(of);
    let [x, y] = &of.sides;
    let whole = Whole {
        level: &of.level,
        as_of: of.as_of.to_string(),
        x: measure(x),
        y: measure(y),
        n: of.points.len(),
        rho,
        rho_low,
        rho_high,
        result: of.result(),
        warnings: of.warnings(),
        entities: entities(of),
    };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The columns of the CSV.
const COLUMNS: &str = "level entity_id entity_name x_indicator x_window_end x y_indicator y_window_end y left_out n rho \
                       rho_low rho_high";

/// A line for each entity; what is of all stands on every line.
///
/// # Errors
/// When a line cannot be written: a fault of ours.
pub fn csv(of: &Relation, form: Csv) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    out.write_record(COLUMNS.split_whitespace())?;
    let figure = |figure: Option<f64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let [rho, low, high] = estimate(of).map(figure);
    let [x, y] = &of.sides;
    let n = of.points.len().to_string();
    for one in entities(of) {
        let text = |text: &str| form.text(text).into_owned();
        out.write_record([
            text(&of.level),
            text(one.entity_id),
            text(one.entity_name),
            x.id.clone(),
            x.window.last_day().to_string(),
            figure(one.x),
            y.id.clone(),
            y.window.last_day().to_string(),
            figure(one.y),
            text(one.left_out.unwrap_or_default()),
            n.clone(),
            rho.clone(),
            low.clone(),
            high.clone(),
        ])?;
    }
    out.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}
