//! A connection by way of a driver for ADBC, a library that was installed on this machine.

use crate::connection::Source;
use crate::fault::Fault;
use adbc_core::error::{Error, Status};
use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection as _, Database as _, Driver as _, LOAD_FLAG_DEFAULT, Statement as _};
use adbc_driver_manager::{ManagedConnection, ManagedDatabase, ManagedDriver};
use arrow::array::{RecordBatch, RecordBatchReader};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;

/// An open connection.
pub(crate) struct Adbc {
    connection: ManagedConnection,
    /// Held for as long as the connection.
    _database: ManagedDatabase,
}

impl Adbc {
    /// Loads the driver and connects.
    pub(crate) fn open(source: &Source) -> Result<Self, Fault> {
        let mut driver = driver(source)?;
        let options = source.address.options(&source.secret, source.seconds).into_iter();
        let options = options.map(|(name, value)| (OptionDatabase::from(name), OptionValue::String(value)));
        let refused = |error: Error| source.refused(&error.message);
        let database = driver.new_database_with_opts(options).map_err(refused)?;
        let connection = database.new_connection().map_err(refused)?;
        Ok(Self { connection, _database: database })
    }

    /// Runs a statement that gives no rows.
    pub(crate) fn run(&mut self, source: &Source, sql: &str) -> Result<(), Fault> {
        let failed = |error: Error| source.failed(&error.message, &state(&error));
        let mut statement = self.connection.new_statement().map_err(failed)?;
        statement.set_sql_query(sql).and_then(|()| statement.execute_update()).map(drop).map_err(failed)
    }

    /// Runs a query, and hands on its rows, batch by batch.
    pub(crate) fn query(
        &mut self,
        source: &Source,
        sql: &str,
        each: &mut dyn FnMut(&RecordBatch) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let failed = |error: Error| source.failed(&error.message, &state(&error));
        let mut statement = self.connection.new_statement().map_err(failed)?;
        let rows: Box<dyn RecordBatchReader + Send> =
            statement.set_sql_query(sql).and_then(|()| statement.execute()).map_err(failed)?;
        for batch in rows {
            each(&batch.map_err(|e| source.broke_off(&e.to_string()))?)?;
        }
        Ok(())
    }
}

/// The driver that is named, by its file or its name; otherwise the one of the address, under
/// either of the names that installers give it.
fn driver(source: &Source) -> Result<ManagedDriver, Fault> {
    let begins = source.address.driver_begins_at();
    let load = |name: &OsStr| ManagedDriver::load_from_name(name, begins, AdbcVersion::V110, LOAD_FLAG_DEFAULT, None);
    let Some(named) = &source.driver else {
        let [name, short] = source.address.drivers();
        // Of two errors, the one about the usual name.
        return load(OsStr::new(name))
            .or_else(|error| load(OsStr::new(short)).map_err(|_| error))
            .map_err(|error| no_driver(source, name, &error));
    };
    // A name without a folder is looked for where drivers are installed, and not here.
    let file = fs::canonicalize(named).ok().filter(|file| file.is_file());
    let name = file.map_or_else(|| OsString::from(named), PathBuf::into_os_string);
    load(&name).map_err(|error| no_driver(source, named, &error))
}

/// The five letters by which databases know errors; none where the driver says nothing.
fn state(error: &Error) -> String {
    match error.status {
        Status::Cancelled | Status::Timeout => "57014".to_owned(),
        _ => error.sqlstate.iter().map(|sign| char::from(sign.unsigned_abs())).filter(|sign| *sign != '\0').collect(),
    }
}

fn no_driver(source: &Source, name: &str, error: &Error) -> Fault {
    let said = source.said(&error.message);
    let database = source.address.kind();
    Fault::usage(format!("the driver `{name}` for {database} cannot be loaded: {said}"))
        .help(source.address.help_to_install())
}
