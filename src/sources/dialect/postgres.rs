//! PostgreSQL.

use super::{Listed, ListedColumn, Proof, Spoken, Written, place, quoted};

pub(super) struct Postgres;

impl Spoken for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn system(&self) -> Option<&'static str> {
        Some("postgresql")
    }

    fn session(&self, seconds: u64) -> Vec<String> {
        [
            "client_encoding = 'UTF8'".to_owned(),
            "DateStyle = 'ISO, YMD'".to_owned(),
            "IntervalStyle = 'iso_8601'".to_owned(),
            "TimeZone = 'UTC'".to_owned(),
            "bytea_output = 'hex'".to_owned(),
            "extra_float_digits = 1".to_owned(),
            "standard_conforming_strings = on".to_owned(),
            // Rows in the order in which they lie, from the first on.
            "synchronize_seqscans = off".to_owned(),
            // Rows that a policy hides would be missing in silence.
            "row_security = off".to_owned(),
            format!("lock_timeout = '{seconds}s'"),
        ]
        .map(|setting| format!("SET {setting}"))
        .to_vec()
    }

    fn server(&self) -> &'static str {
        "SELECT 'PostgreSQL ' || current_setting('server_version'), \
         to_char(transaction_timestamp(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    }

    fn catalogue(&self) -> &'static str {
        "SELECT n.nspname::text, c.relname::text, \
         CASE WHEN pg_table_is_visible(c.oid) THEN '1' ELSE '0' END, \
         CASE WHEN c.relkind IN ('r', 'p', 'v') THEN '1' ELSE '0' END, \
         a.attname::text, format_type(a.atttypid, a.atttypmod), \
         format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_type t ON t.oid = a.atttypid \
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' \
         AND n.nspname <> 'information_schema' ORDER BY 1, 2, a.attnum"
    }

    /// When the transaction began.
    fn mark(&self) -> &'static str {
        "SELECT transaction_timestamp()::text"
    }

    /// The files of all views that are stored: a new one holds rows of its own time only.
    fn made(&self) -> Option<&'static str> {
        Some(
            "SELECT coalesce(string_agg(c.oid || ':' || pg_relation_filenode(c.oid), ' ' ORDER BY c.oid), '') \
             FROM pg_class c WHERE c.relkind = 'm'",
        )
    }

    /// The tables are locked against being cut or rebuilt, which an older snapshot would see as no
    /// rows at all. Stored views, also those behind a view, are held by asking them for no rows.
    fn begin(&self, tables: &[&Listed]) -> Vec<String> {
        let lockable = tables.iter().filter(|table| table.can_be_held);
        let names: Vec<String> = lockable.map(|table| place(table)).collect();
        // Before any query: the moment begins when the locks are there.
        let lock = format!("LOCK TABLE {} IN ACCESS SHARE MODE", names.join(", "));
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned();
        let held = tables.iter().map(|table| format!("SELECT FROM {} LIMIT 0", place(table)));
        [begin].into_iter().chain((!names.is_empty()).then_some(lock)).chain(held).collect()
    }

    fn written(&self, column: &ListedColumn) -> Written {
        match column.base.as_str() {
            "date" | "boolean" | "timestamp without time zone" | "timestamp with time zone" => Written::AsTheLanguage,
            _ => Written::AsFound,
        }
    }

    fn text(&self, column: &ListedColumn) -> String {
        let value = format!("t.{}", quoted(&column.name));
        match column.base.as_str() {
            "money" => format!("{value}::numeric::text"),
            "numeric" => format!("trim_scale({value})::text"),
            _ => format!("{value}::text"),
        }
    }

    /// After rows that broke off, whatever the driver says, the transaction is over.
    fn proof(&self, _: &Listed) -> Proof {
        Proof::Alive("SELECT '1'::text")
    }
}
