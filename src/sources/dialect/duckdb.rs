//! DuckDB: its own tables, and what its views read: Delta tables, Parquet files in folders by year,
//! files of a cloud's storage, other databases.

use super::{Listed, ListedColumn, Proof, Spoken, Written, place, quoted};

pub(super) struct DuckDb;

impl Spoken for DuckDb {
    fn name(&self) -> &'static str {
        "DuckDB"
    }

    /// Its driver for ODBC is not tried.
    fn system(&self) -> Option<&'static str> {
        None
    }

    /// Rows come in the order in which they lie.
    fn session(&self, _: u64) -> Vec<String> {
        vec!["SET preserve_insertion_order = true".to_owned()]
    }

    fn server(&self) -> &'static str {
        "SELECT 'DuckDB ' || version(), strftime(make_timestamp(epoch_us(now())), '%Y-%m-%dT%H:%M:%S.%gZ')"
    }

    /// A view alone can read what somebody else may be writing.
    fn catalogue(&self) -> &'static str {
        "SELECT c.schema_name, c.table_name, CASE WHEN c.schema_name = current_schema() THEN '1' ELSE '0' END, \
         CASE WHEN t.table_oid IS NULL THEN '0' ELSE '1' END, c.column_name, c.data_type, \
         lower(regexp_replace(c.data_type, '\\(.*', '')) \
         FROM duckdb_columns() c LEFT JOIN duckdb_tables() t ON t.database_oid = c.database_oid AND t.table_oid = c.table_oid \
         WHERE c.database_name = current_database() AND NOT c.internal ORDER BY 1, 2, c.column_index"
    }

    /// The number of the transaction.
    fn mark(&self) -> &'static str {
        "SELECT CAST(txid_current() AS VARCHAR)"
    }

    fn begin(&self, _: &[&Listed]) -> Vec<String> {
        vec!["BEGIN TRANSACTION READ ONLY".to_owned()]
    }

    /// A transaction holds the tables of the file, and not what a view reads elsewhere.
    fn contents(&self, table: &Listed, columns: &[&ListedColumn]) -> Option<String> {
        let cells: Vec<String> = columns.iter().map(|column| format!("t.{}", quoted(&column.name))).collect();
        (!table.can_be_held).then(|| {
            format!(
                "SELECT CAST(count(*) AS VARCHAR) || ' ' || coalesce(CAST(sum(hash({})) AS VARCHAR), '') FROM {} t",
                cells.join(", "),
                place(table)
            )
        })
    }

    fn written(&self, column: &ListedColumn) -> Written {
        match column.base.as_str() {
            "date" | "boolean" => Written::AsTheLanguage,
            other if other.starts_with("timestamp") => Written::AsTheLanguage,
            _ => Written::AsFound,
        }
    }

    /// A number has no zeros after its last digit, an instant is of UTC, whatever the session's
    /// zone, and a day or time without end stays a word.
    fn text(&self, column: &ListedColumn) -> String {
        let value = format!("t.{}", quoted(&column.name));
        let text = format!("CAST({value} AS VARCHAR)");
        match column.base.as_str() {
            "decimal" => format!("regexp_replace({text}, '\\.0+$|(\\.[0-9]*[1-9])0+$', '\\1')"),
            "double" | "float" => format!("regexp_replace({text}, '\\.0$', '')"),
            "blob" => format!("'\\x' || lower(hex({value}))"),
            "timestamp with time zone" => format!(
                "CASE WHEN isfinite({value}) THEN CAST(make_timestamp(epoch_us({value})) AS VARCHAR) || '+00' ELSE {text} END"
            ),
            _ => text,
        }
    }

    fn proof(&self, table: &Listed) -> Proof {
        Proof::Rows {
            query: format!("SELECT CAST(count(*) AS VARCHAR) FROM {}", place(table)),
            help: "nothing was written; run again",
        }
    }
}
