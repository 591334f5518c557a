//! How tables lie in memory: names, Arrow types, and the tables themselves once their rows have
//! been found sound.
//!
//! Every table is one sorted batch. Its column [`ROW`] numbers the rows 0, 1, 2 ... in the order of
//! their key's text (tables without a key: in the order of all their columns), so that a row number
//! stands for the row everywhere, joins are on integers, and "ties by key" are ties by row number.
//! The same rows in another order give the same bytes.
//!
//! | in the model | Arrow type | holds |
//! |---|---|---|
//! | key | not stored as a column; [`StoredTable::keys`] has the text of each row number, where it was asked for | |
//! | link | Int32 | the row number in the target table |
//! | codes | Int32 | index into the column's words |
//! | date | Date32 | |
//! | timestamp | Timestamp(Second), no zone | |
//! | bool, int, text | Boolean, Int64, Utf8 | |

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::collections::BTreeMap;
use std::sync::Arc;
use yardstick_language::model::{ColumnType, Model, TableId};

/// The column that numbers a table's rows.
pub const ROW: &str = "__row";
/// The column of ids where they stand by themselves.
pub const ID: &str = "id";
/// Columns of a dated link's table: the owner's row number (Int32), the target's (Int32), and the
/// days it holds, half-open; a missing `until` (Date32) means still holding. For one owner, no two
/// rows share a day.
pub const OWNER: &str = "owner";
/// See [`OWNER`].
pub const TARGET: &str = "target";
/// See [`OWNER`].
pub const FROM: &str = "from";
/// See [`OWNER`].
pub const UNTIL: &str = "until";

/// Beside the columns of a table, of its rows that went: whether an end that is missing is still to
/// come, as in rows in use (Boolean). Otherwise it is not known when that day is.
pub const ENDS_KNOWN: &str = "__ends_known";
/// Likewise: the id of the row as text (Utf8), missing where it has none.
pub const WENT_ID: &str = "__id";
/// Likewise: why the row went, for people (Utf8); missing where too many went.
pub const WHY: &str = "__why";

/// One table in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTable {
    /// Its rows, sorted by [`ROW`]: of the columns of [`schema`] those that were asked for.
    pub rows: RecordBatch,
    /// The id of each row as text, by row number. `None` for a table without a key, and for one
    /// whose ids nobody asked for.
    pub keys: Option<StringArray>,
    /// The rows that went because their identity or place is broken, see [`went_schema`]; `None`
    /// when none did.
    pub went: Option<RecordBatch>,
}

/// All tables that were loaded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Store {
    /// Tables by id; those nobody asked for are absent.
    pub tables: BTreeMap<TableId, StoredTable>,
    /// Dated links, by the table that declares them and their number there; sorted by owner, then
    /// from.
    pub dated: BTreeMap<(TableId, usize), RecordBatch>,
}

/// The schema of a table's batch: [`ROW`] and then every column but the key, by its name in the
/// language.
#[must_use]
pub fn schema(model: &Model, table: TableId) -> SchemaRef {
    let columns = model.table(table).columns.iter().filter_map(|c| {
        let ty = match &c.ty {
            ColumnType::Key => return None,
            ColumnType::Link(_) | ColumnType::Codes(_) => DataType::Int32,
            ColumnType::Text => DataType::Utf8,
            ColumnType::Bool => DataType::Boolean,
            ColumnType::Int | ColumnType::Decimal(_) => DataType::Int64,
            ColumnType::Date => DataType::Date32,
            ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Second, None),
        };
        // Even a required column may be missing in a test's drawn rows.
        Some(Field::new(&c.name, ty, true))
    });
    Arc::new(Schema::new(std::iter::once(Field::new(ROW, DataType::Int32, false)).chain(columns).collect::<Vec<_>>()))
}

/// The schema of the rows of a table that went: the columns of [`schema`], in which what is broken
/// is missing, their ids as text where they have one, [`ENDS_KNOWN`] and [`WHY`]. They are numbered
/// on from the rows in use, so that no number stands for two rows; those of which the ends are
/// known stand first.
#[must_use]
pub fn went_schema(model: &Model, table: TableId) -> SchemaRef {
    let more = [(WENT_ID, DataType::Utf8, true), (ENDS_KNOWN, DataType::Boolean, false), (WHY, DataType::Utf8, true)];
    let more = more.map(|(name, ty, optional)| Arc::new(Field::new(name, ty, optional)));
    Arc::new(Schema::new(schema(model, table).fields().iter().cloned().chain(more).collect::<Vec<_>>()))
}

/// Which of the rows of a table that went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Those of which the ends are known.
    Known,
    /// The others.
    Unknown,
    /// All, where their ends make no difference.
    Any,
}

/// The name that the rows of a table that went have in plans.
#[must_use]
pub fn went_name(table: &str, ends: Ends) -> String {
    let ends = match ends {
        Ends::Known => ", ends known",
        Ends::Unknown => ", ends not known",
        Ends::Any => "",
    };
    format!("{table} that went{ends}")
}

/// The schema of a table's ids by themselves.
#[must_use]
pub fn ids_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new(ID, DataType::Utf8, false)]))
}

/// The schema of a dated link's batch.
#[must_use]
pub fn dated_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new(OWNER, DataType::Int32, false),
        Field::new(TARGET, DataType::Int32, false),
        Field::new(FROM, DataType::Date32, false),
        Field::new(UNTIL, DataType::Date32, true),
    ]))
}

/// The name a dated link's table has in plans: `child.worker`.
#[must_use]
pub fn dated_name(model: &Model, table: TableId, link: usize) -> String {
    let table = model.table(table);
    format!("{}.{}", table.name, table.dated[link].name)
}
