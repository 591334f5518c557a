//! A connection by way of a driver for ODBC, which the machine's driver manager knows.
//!
//! Whatever lengths a driver says its columns have, there is the same room for each text, and a
//! text that is longer is refused and not cut.

use crate::connection::Source;
use crate::dialect::Dialect;
use crate::fault::Fault;
use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use odbc_api::buffers::{ColumnarBuffer, TextColumn};
use odbc_api::{Connection, ConnectionOptions, Cursor, Error, environment};
use std::sync::Arc;

/// The longest text that can be read, in letters as UTF-16 counts them.
const LONGEST: usize = 1 << 13;
/// Letters that are held for the rows that come, and the most rows that come at a time.
const LETTERS: usize = 1 << 25;
const ROWS: usize = 4096;

/// An open connection.
pub(crate) struct Odbc {
    connection: Connection<'static>,
}

impl Odbc {
    /// Connects, and says what the database speaks.
    pub(crate) fn open(source: &Source) -> Result<(Self, Dialect), Fault> {
        let refused = |error: Error| source.refused(&error.to_string());
        let login_timeout_sec = Some(u32::try_from(source.seconds).unwrap_or(u32::MAX));
        let options = ConnectionOptions { login_timeout_sec, ..ConnectionOptions::default() };
        let address = source.address.for_driver(&source.secret, source.seconds);
        let connection =
            environment().and_then(|all| all.connect_with_connection_string(&address, options)).map_err(refused)?;
        let name = connection.database_management_system_name().map_err(refused)?;
        let Some(dialect) = Dialect::of_system(&name) else {
            let known: Vec<&str> = Dialect::ALL
                .iter()
                .filter(|dialect| dialect.spoken().system().is_some())
                .map(|dialect| dialect.name())
                .collect();
            let fault = Fault::usage(format!("`{}` is {name}, which cannot be read yet", source.address));
            return Err(fault.help(format!("known are {}", known.join(", "))));
        };
        Ok((Self { connection }, dialect))
    }

    /// Runs a statement that gives no rows.
    pub(crate) fn run(&mut self, source: &Source, sql: &str) -> Result<(), Fault> {
        self.connection.execute(sql, (), None).map(drop).map_err(|e| failed(source, &e))
    }

    /// Runs a query of so many columns, and hands on its rows, batch by batch.
    pub(crate) fn query(
        &mut self,
        source: &Source,
        sql: &str,
        columns: usize,
        each: &mut dyn FnMut(&RecordBatch) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let cursor = self.connection.execute(sql, (), None).map_err(|e| failed(source, &e))?;
        let Some(cursor) = cursor else { return Err(source.broke_off("the query gave no rows")) };
        let broken = |error: Error| source.broke_off(&error.to_string());
        let rows = (LETTERS / LONGEST / columns.max(1)).clamp(1, ROWS);
        let numbers = 1..=u16::try_from(columns).unwrap_or(u16::MAX);
        // Letters of two bytes: those of one byte depend on the machine's settings.
        let buffer = ColumnarBuffer::new(numbers.map(|n| (n, TextColumn::<u16>::new(rows, LONGEST))).collect());
        let mut cursor = cursor.bind_buffer(buffer).map_err(broken)?;
        while let Some(rows) = cursor.fetch().map_err(broken)? {
            each(&batch(source, rows, columns)?)?;
        }
        Ok(())
    }
}

/// Rows as texts; none of them is cut.
fn batch(source: &Source, rows: &ColumnarBuffer<TextColumn<u16>>, columns: usize) -> Result<RecordBatch, Fault> {
    let column = |number: usize| -> Result<ArrayRef, Fault> {
        let cells = rows.column(number);
        if cells.has_truncated_values().is_some() {
            let fault = source.broke_off(&format!("a text is longer than {LONGEST} letters"));
            return Err(fault.help("take the column out of the model, or read a view without it"));
        }
        let mut texts = StringBuilder::new();
        for cell in cells.iter() {
            let text = cell.map(|cell| String::from_utf16(cell.as_slice())).transpose();
            texts.append_option(text.map_err(|e| source.broke_off(&e.to_string()))?);
        }
        Ok(Arc::new(texts.finish()))
    };
    let fields: Vec<Field> = (0..columns).map(|n| Field::new(n.to_string(), DataType::Utf8, true)).collect();
    let columns = (0..columns).map(column).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|e| source.broke_off(&e.to_string()))
}

fn failed(source: &Source, error: &Error) -> Fault {
    let state = match error {
        Error::Diagnostics { record, .. } => String::from_utf8_lossy(&record.state.0).into_owned(),
        _ => String::new(),
    };
    source.failed(&error.to_string(), &state)
}
