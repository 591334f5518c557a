//! Result rows as CSV: a head line, then one line per cell; a missing figure is an empty field.

use super::{Format, Kind, Report};
use crate::scorecard::ResultRow;

/// `csv`.
pub(super) const FORMAT: Format = Format { name: "csv", extension: "csv", kind: Kind::Text, write };

/// Figures are written by hand because the csv crate would write the count 31 as `31.0`.
type Field = (&'static str, fn(&ResultRow) -> String);

const FIELDS: [Field; 17] = [
    ("indicator", |r| r.indicator.clone()),
    ("level", |r| r.level.clone()),
    ("entity_id", |r| r.entity_id.clone()),
    ("entity_name", |r| r.entity_name.clone()),
    ("window_start", |r| r.window_start.clone()),
    ("window_end", |r| r.window_end.clone()),
    ("as_of", |r| r.as_of.clone()),
    ("numerator", |r| figure(r.numerator)),
    ("denominator", |r| figure(r.denominator)),
    ("value", |r| figure(r.value)),
    ("unit", |r| r.unit.clone()),
    ("state", |r| r.state.clone()),
    ("band", |r| r.band.clone().unwrap_or_default()),
    ("standard", |r| figure(r.standard)),
    ("undetermined", |r| figure(r.undetermined)),
    ("excluded", |r| figure(r.excluded)),
    ("meaning", |r| r.meaning.clone()),
];

fn figure(figure: Option<impl ToString>) -> String {
    figure.map(|f| f.to_string()).unwrap_or_default()
}

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let problem = |e: ::csv::Error| e.to_string();
    writer.write_record(FIELDS.map(|(name, _)| name)).map_err(problem)?;
    for row in &report.rows {
        writer.write_record(FIELDS.map(|(_, field)| field(row))).map_err(problem)?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_names_the_columns_of_the_result() {
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
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.serialize(&row).unwrap();
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        assert_eq!(text.lines().next().unwrap(), FIELDS.map(|(name, _)| name).join(","));
    }
}
