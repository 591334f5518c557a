//! A database in the place of a data folder: extracted into a folder that goes when it has been
//! read.

use super::database::Arguments;
use super::tables;
use crate::atomic_output::{self, BEGINS, ENDS, UNFINISHED};
use crate::cli::failure::Failure;
use crate::cli::memory;
use crate::model::Model;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;
use yardstick_sources::database_address::Address;

/// Whether a database was read in this run: a second time it would be another moment.
static READ: AtomicBool = AtomicBool::new(false);

/// The help where a database cannot stand in the place of a folder.
const FIRST: &str =
    "read it into a folder first, with `yardstick extract SOURCE -o DIR --as-of DATE`, and name the folder";

/// A folder that goes when it is dropped, and when the program is interrupted.
pub(in crate::cli) struct Temporary(TempDir);

impl Temporary {
    pub(in crate::cli) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What cannot be taken away stays in the list of what an interrupt takes away.
        UNFINISHED.finish(self.0.path(), || {
            let _ = atomic_output::take_away(self.0.path());
        });
    }
}

/// The rows of a database, when a data folder is called as one is; none when it is not.
pub(in crate::cli) fn of_database(model: &Model, named: &Path) -> Result<Option<Temporary>, Failure> {
    let Some(address) = named.to_str().filter(|named| Address::is_meant(named)) else { return Ok(None) };
    let source = Arguments::default().source(address)?;
    if READ.swap(true, Ordering::Relaxed) {
        let message = "this command reads the data twice, and a database would be another at the second time";
        return Err(Failure::usage(message).help(FIRST));
    }
    let above = memory::usual();
    let make = || tempfile::Builder::new().prefix(BEGINS).suffix(ENDS).tempdir_in(&above);
    let folder = UNFINISHED.begin(make, TempDir::path).map(Temporary);
    let folder = folder.map_err(|e| tables::Failed::Disk(e).told(&above))?;
    tables::read(source, model, folder.path()).map_err(|failed| failed.told(&above))?;
    Ok(Some(folder))
}

/// Refuses a database where what was read must be there again.
pub(in crate::cli) fn no_database(named: &Path) -> Result<(), Failure> {
    match named.to_str().is_some_and(Address::is_meant) {
        true => Err(Failure::usage("this is made from a folder of files only, and not from a database").help(FIRST)),
        false => Ok(()),
    }
}
