//! A connection to a database by way of a driver that was installed on this machine: SQL in,
//! batches of text out.

use crate::adbc::Adbc;
use crate::database_address::Address;
use crate::dialect::Dialect;
use crate::fault::Fault;
#[cfg(feature = "odbc")]
use crate::odbc::Odbc;
use crate::secret::Secret;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use std::sync::Arc;

/// What drivers write before the query in their errors.
const QUERIES: [&str; 3] = ["\nquery: ", "\nQuery was: ", "\nQuery: "];

/// A source to be opened.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it is.
    pub address: Address,
    /// With what.
    pub secret: Secret,
    /// The driver, by its name or its file; without one, the one of the address.
    pub driver: Option<String>,
    /// How long it may take to connect, to wait for a lock, and to answer.
    pub seconds: u64,
}

/// An open connection.
pub(crate) struct Connection<'s> {
    source: &'s Source,
    by: By,
    /// What the database speaks.
    pub(crate) dialect: Dialect,
}

/// The kinds of drivers.
enum By {
    Adbc(Adbc),
    #[cfg(feature = "odbc")]
    Odbc(Odbc),
}

impl<'s> Connection<'s> {
    /// Loads the driver and connects.
    pub(crate) fn open(source: &'s Source) -> Result<Self, Fault> {
        source.address.check()?;
        let (by, dialect) = match &source.address {
            Address::Postgres(_) => (By::Adbc(Adbc::open(source)?), Dialect::Postgres),
            Address::Sqlite(_) => (By::Adbc(Adbc::open(source)?), Dialect::Sqlite),
            Address::DuckDb(_) => (By::Adbc(Adbc::open(source)?), Dialect::DuckDb),
            #[cfg(feature = "odbc")]
            Address::Odbc(_) => {
                let (odbc, dialect) = Odbc::open(source)?;
                (By::Odbc(odbc), dialect)
            }
            #[cfg(not(feature = "odbc"))]
            Address::Odbc(_) => return Err(no_odbc()),
        };
        Ok(Self { source, by, dialect })
    }

    /// Runs a statement that gives no rows.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Fault> {
        match &mut self.by {
            By::Adbc(adbc) => adbc.run(self.source, sql),
            #[cfg(feature = "odbc")]
            By::Odbc(odbc) => odbc.run(self.source, sql),
        }
    }

    /// Runs a query of so many columns, all of them text, and hands on its rows, batch by batch;
    /// none of the batches is empty. Stops at the first that is not taken.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        columns: usize,
        mut each: impl FnMut(&[StringArray]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let source = self.source;
        let mut take = |batch: &RecordBatch| match batch.num_rows() {
            0 => Ok(()),
            _ if batch.num_columns() != columns => {
                Err(source.broke_off("the rows have other columns than were asked for"))
            }
            _ => each(&texts(batch).map_err(|e| source.broke_off(&e.to_string()))?),
        };
        match &mut self.by {
            By::Adbc(adbc) => adbc.query(source, sql, &mut take),
            #[cfg(feature = "odbc")]
            By::Odbc(odbc) => odbc.query(source, sql, columns, &mut take),
        }
    }

    /// The rows of a short query of so many columns.
    pub(crate) fn all(&mut self, sql: &str, columns: usize) -> Result<Vec<Vec<String>>, Fault> {
        let mut rows = Vec::new();
        self.query(sql, columns, |columns| {
            let length = columns.first().map_or(0, StringArray::len);
            rows.extend((0..length).map(|row| columns.iter().map(|column| column.value(row).to_owned()).collect()));
            Ok(())
        })?;
        Ok(rows)
    }
}

/// The program was built without ODBC.
#[cfg(not(feature = "odbc"))]
fn no_odbc() -> Fault {
    Fault::usage("this program was built without ODBC")
        .help("build it with `cargo build --release --features odbc`, where the driver manager of the machine is installed (unixODBC)")
}

/// The columns of a batch as text. What a driver hands over is not believed: that its bytes are
/// letters is looked at.
fn texts(batch: &RecordBatch) -> Result<Vec<StringArray>, ArrowError> {
    let text = |array: &ArrayRef| -> Result<StringArray, ArrowError> {
        array.to_data().validate_full()?;
        let array = match array.data_type() {
            DataType::Utf8 => Arc::clone(array),
            _ => cast(array, &DataType::Utf8)?,
        };
        Ok(array.as_string::<i32>().clone())
    };
    batch.columns().iter().map(text).collect()
}

impl Source {
    /// What a driver or a server says, on one line, and without a secret.
    pub(crate) fn said(&self, text: &str) -> String {
        // The address as the driver takes it, and the query, say nothing to those who read it.
        let text = text.replace(&self.address.for_driver(&self.secret, self.seconds), &self.address.to_string());
        let text = QUERIES.iter().fold(text.as_str(), |text, head| text.split(head).next().unwrap_or_default());
        let text = self.secret.cleaned(text);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("; ")
    }

    /// It cannot be connected to.
    pub(crate) fn refused(&self, said: &str) -> Fault {
        let said = self.said(said);
        let help = if said.contains("no password supplied") || said.contains("password authentication failed") {
            format!(
                "put the password into the variable `{}`, into the driver's own file (`~/.pgpass`, a service file), or ask for a prompt with \
                 `--ask-password`",
                crate::database_address::PASSWORD
            )
        } else {
            self.address.help_to_open().to_owned()
        };
        Fault::data(format!("`{}` cannot be opened: {said}", self.address)).help(help)
    }

    /// A statement was refused, with the five letters by which databases know errors.
    pub(crate) fn failed(&self, said: &str, state: &str) -> Fault {
        let said = self.said(said);
        let patience = || format!("or wait longer than {} seconds with `--timeout`", self.seconds);
        let help = match state {
            "55P03" => format!("somebody holds the table for themselves; wait until they are done, {}", patience()),
            "42501" => "ask for the right to read all rows of this table, or of a view with the columns that the model names (`GRANT SELECT`)".to_owned(),
            "57014" => "the server ends what takes long: ask its keepers for more time (`statement_timeout`), or read at night".to_owned(),
            "42P01" | "42703" => "the table was changed at this moment; run again".to_owned(),
            _ if said.contains("database is locked") => {
                format!("somebody is writing to the file; wait until they are done, {}", patience())
            }
            _ if said.contains("file is not a database") => "name the file of a SQLite database".to_owned(),
            _ => "nothing was written; run again when the database answers".to_owned(),
        };
        Fault::data(format!("`{}` did not answer: {said}", self.address)).help(help)
    }

    /// The rows stopped coming.
    pub(crate) fn broke_off(&self, said: &str) -> Fault {
        let said = self.said(said.trim_start_matches("C Data interface error: "));
        Fault::data(format!("`{}` broke off: {said}", self.address))
            .help("nothing was written; run again, and all tables are read anew, as of one moment")
    }
}
