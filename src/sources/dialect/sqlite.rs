//! SQLite.

use super::{Listed, ListedColumn, Proof, Spoken, Written, place, quoted};

pub(super) struct Sqlite;

impl Spoken for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn system(&self) -> Option<&'static str> {
        Some("sqlite")
    }

    fn session(&self, seconds: u64) -> Vec<String> {
        vec![format!("PRAGMA busy_timeout = {}", seconds.saturating_mul(1000))]
    }

    fn server(&self) -> &'static str {
        "SELECT 'SQLite ' || sqlite_version(), strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    }

    fn catalogue(&self) -> &'static str {
        "SELECT 'main', m.name, '1', '0', p.name, p.type, lower(p.type) \
         FROM main.sqlite_schema m, pragma_table_xinfo(m.name) p \
         WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         ORDER BY m.name, p.cid"
    }

    /// A number that changes with what others have written, once it can be seen.
    fn mark(&self) -> &'static str {
        "SELECT CAST(data_version AS TEXT) FROM pragma_data_version"
    }

    fn begin(&self, _: &[&Listed]) -> Vec<String> {
        vec!["BEGIN".to_owned()]
    }

    /// A type is a wish there: each value has its own.
    fn written(&self, _: &ListedColumn) -> Written {
        Written::AsFound
    }

    /// The text of a value by its own type. A number with a fraction gets as many digits as it
    /// takes to be that number, and none after the point when it is whole. Before each stands `=`,
    /// and a missing one is an empty text: the driver takes the type of a column from its first
    /// values, and missing ones have none.
    fn text(&self, column: &ListedColumn) -> String {
        let value = format!("t.{}", quoted(&column.name));
        format!(
            "CASE typeof({value}) WHEN 'null' THEN '' WHEN 'blob' THEN '=\\x' || lower(hex({value})) WHEN 'real' THEN '=' || CASE \
             WHEN {value} = CAST({value} AS INTEGER) AND abs({value}) < 9007199254740992.0 THEN CAST(CAST({value} AS INTEGER) AS TEXT) \
             WHEN CAST(CAST({value} AS TEXT) AS REAL) = {value} THEN CAST({value} AS TEXT) \
             ELSE printf('%!.17g', {value}) END ELSE '=' || CAST({value} AS TEXT) END"
        )
    }

    /// A driver may end quietly where the file is damaged.
    fn proof(&self, table: &Listed) -> Proof {
        Proof::Rows {
            query: format!("SELECT CAST(count(*) AS TEXT) FROM {}", place(table)),
            help: "the file may be damaged (`PRAGMA integrity_check` says so); nothing was written",
        }
    }

    fn value<'c>(&self, cell: Option<&'c str>) -> Option<&'c str> {
        cell.and_then(|cell| cell.strip_prefix('='))
    }
}
