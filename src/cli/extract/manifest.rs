//! What an extract was made from: read by people and by other programs, and by no command.

use super::tables::Found;
use crate::cli::failure::Failure;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::SystemTime;
use yardstick_sources::dialect::Written;

/// The file in the folder of an extract.
pub(super) const NAME: &str = "manifest.json";

/// Where the files come from, and what they hold.
#[derive(Debug, Serialize)]
pub(super) struct Manifest {
    program: String,
    /// The address, without a password.
    source: String,
    server: String,
    /// The moment as of which all tables were read, by the clock of the database, in UTC.
    moment: String,
    /// When reading began and ended, by the clock of this machine, in UTC.
    began: String,
    ended: String,
    /// The last day of which everything has been entered, as it was said.
    as_of: String,
    /// By the name of the file.
    tables: BTreeMap<String, OfTable>,
}

#[derive(Debug, Serialize)]
struct OfTable {
    /// Schema and name in the database.
    from: String,
    rows: u64,
    /// Of the whole file.
    blake3: String,
    columns: Vec<OfColumn>,
}

#[derive(Debug, Serialize)]
struct OfColumn {
    name: String,
    /// The type in the database.
    #[serde(rename = "type")]
    ty: String,
    /// How it stands in the file.
    written: &'static str,
}

impl Manifest {
    /// Of what was read.
    pub(super) fn of(as_of: NaiveDate, found: &Found, began: SystemTime) -> Self {
        let clock = |time: SystemTime| DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true);
        let tables = found.plan.tables.iter().zip(&found.tables).map(|(table, file)| {
            let columns = table.columns.iter().map(|column| OfColumn {
                name: column.name.clone(),
                ty: column.ty.clone(),
                written: match column.written {
                    Written::AsFound => "text",
                    Written::AsTheLanguage => "text, as the language writes it",
                },
            });
            let of = OfTable {
                from: table.from.clone(),
                rows: file.rows,
                blake3: file.hash.clone(),
                columns: columns.collect(),
            };
            (file.name.clone(), of)
        });
        Self {
            program: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            source: found.source.clone(),
            server: found.plan.server.clone(),
            moment: found.plan.moment.clone(),
            began: clock(began),
            ended: clock(SystemTime::now()),
            as_of: as_of.to_string(),
            tables: tables.collect(),
        }
    }

    /// As it is written.
    pub(super) fn text(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|e| Failure::internal(format!("the manifest could not be written: {e}")))
    }
}
