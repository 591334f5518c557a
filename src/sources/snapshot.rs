//! All tables that a model names, as of one moment: looked up, held still, read one after the
//! other.

use crate::connection::{Connection, Source};
use crate::dialect::{Listed, ListedColumn, Proof, Spoken, Written};
use crate::fault::Fault;
use crate::lookup::{Chosen, chosen};
use crate::wanted::Wanted;
use arrow::array::{Array, StringArray, StringBuilder};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// The column that stands for all that the model does not name, where rows that are the same in
/// every column count once: a hash of it.
pub const OTHERS: &str = "hash of all other columns";

/// Batches that wait to be written.
const AHEAD: usize = 4;
/// The driver's own end of a wait says more than ours, and so comes first.
const LATER: u64 = 15;

/// A table of the database that is going to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in the files.
    pub file: String,
    /// Where it is in the database.
    pub from: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the files.
    pub name: String,
    /// Its type in the database.
    pub ty: String,
    /// How its texts are written.
    pub written: Written,
}

/// What is known before the first row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The database and its version.
    pub server: String,
    /// The moment, by the clock of the database, in UTC.
    pub moment: String,
    /// The tables, in order.
    pub tables: Vec<Table>,
}

/// What a reader is told, in order: the plan, then the rows of each table and its end.
#[derive(Debug)]
pub enum Event {
    /// The tables that come.
    Plan(Plan),
    /// Rows of the table with this number: the texts of each of its columns, none for a missing
    /// value.
    Rows(usize, Vec<StringArray>),
    /// All rows of the table with this number have come.
    End(usize),
}

/// What the thread that reads says.
#[derive(Debug)]
enum Said {
    Event(Event),
    Fault(Fault),
    /// All tables have been read, and the moment was one to the end.
    Done,
}

/// A snapshot that is being read, on a thread of its own: a driver that never answers is given up.
#[derive(Debug)]
pub struct Snapshot {
    said: Receiver<Said>,
    patience: Duration,
    address: String,
    is_over: bool,
}

impl Snapshot {
    /// Begins to read.
    #[must_use]
    pub fn begin(source: Source, wanted: Vec<Wanted>) -> Self {
        let (to, said) = sync_channel(AHEAD);
        let patience = Duration::from_secs(source.seconds.saturating_add(LATER));
        let address = source.address.to_string();
        let reading = move || {
            let last = read(&source, &wanted, &to).map_or_else(Said::Fault, |()| Said::Done);
            // Nobody is left to hear when the reader has gone.
            let _ = to.send(last);
        };
        // Without the thread, nothing is ever said.
        let _ = thread::Builder::new().name("database".into()).spawn(reading);
        Self { said, patience, address, is_over: false }
    }
}

/// Ends after the last table, or with the first fault: all rows have come only when it has ended
/// without one.
impl Iterator for Snapshot {
    type Item = Result<Event, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let fault = match self.said.recv_timeout(self.patience) {
            Ok(Said::Event(event)) => return Some(Ok(event)),
            Ok(Said::Done) => None,
            Ok(Said::Fault(fault)) => Some(fault),
            Err(RecvTimeoutError::Timeout) => {
                let seconds = self.patience.as_secs();
                let fault = Fault::data(format!("`{}` has not answered for {seconds} seconds", self.address));
                Some(
                    fault
                        .help("does the server still answer others? wait longer with `--timeout`; nothing was written"),
                )
            }
            Err(RecvTimeoutError::Disconnected) => {
                let fault = Fault::data(format!("the driver for `{}` broke down", self.address));
                Some(fault.help("nothing was written; run again, or install another version of the driver"))
            }
        };
        self.is_over = true;
        fault.map(Err)
    }
}

/// Where the thread that reads says what it has.
type To = SyncSender<Said>;

/// Reads all tables.
fn read(source: &Source, wanted: &[Wanted], to: &To) -> Result<(), Fault> {
    let address = source.address.to_string();
    let mut connection = Connection::open(source)?;
    let dialect = connection.dialect.spoken();
    for setting in dialect.session(source.seconds) {
        connection.run(&setting)?;
    }
    // Looked at before, so that what is missing is said in our words; and again when nothing moves.
    let before = chosen(&listed(&mut connection, dialect)?, wanted, &address)?;
    let made = made(&mut connection, dialect)?;
    let mut tables: Vec<&Listed> = before.iter().map(|chosen| &chosen.table).collect();
    tables.dedup();
    for statement in dialect.begin(&tables) {
        connection.run(&statement)?;
    }
    let found = chosen(&listed(&mut connection, dialect)?, wanted, &address)?;
    if found != before || self::made(&mut connection, dialect)? != made {
        let fault = Fault::data(format!("a table of `{}` was changed at this moment", source.address));
        return Err(fault.help("run again"));
    }
    let mark = connection.all(dialect.mark(), 1)?;
    let contents = contents(&mut connection, dialect, &found)?;
    let [server, moment] = server(&mut connection, dialect)?;
    let tables = found.iter().map(|chosen| chosen.described(dialect)).collect();
    tell(to, Event::Plan(Plan { server, moment, tables }))?;
    for (number, chosen) in found.iter().enumerate() {
        let rows = read_table(&mut connection, dialect, chosen, |rows| tell(to, Event::Rows(number, rows)))?;
        prove(&mut connection, dialect, chosen, rows)?;
        tell(to, Event::End(number))?;
    }
    let after = self::contents(&mut connection, dialect, &found)?;
    if let Some((changed, _)) =
        found.iter().zip(contents.iter().zip(&after)).find(|(_, (before, after))| before != after)
    {
        let fault = Fault::data(format!("`{}` of `{address}` was written while it was read", changed.file));
        return Err(fault.help("nothing was written; run again when nobody writes the files that its view reads"));
    }
    // Some drivers end a transaction of their own accord.
    if connection.all(dialect.mark(), 1)? != mark {
        let fault =
            Fault::data(format!("the tables of `{address}` are not of one moment: the driver ended the transaction"));
        return Err(fault.help("nothing was written; use another driver"));
    }
    connection.run("COMMIT")
}

/// Says something; an error when nobody listens any more.
fn tell(to: &To, event: Event) -> Result<(), Fault> {
    to.send(Said::Event(event)).map_err(|_| Fault::data("nobody waits for the rows any more"))
}

/// What tells whether a table was made anew.
fn made(connection: &mut Connection<'_>, dialect: &dyn Spoken) -> Result<Vec<Vec<String>>, Fault> {
    dialect.made().map_or(Ok(Vec::new()), |query| connection.all(query, 1))
}

/// For each table what tells whether its rows are the same; nothing where the transaction holds
/// them.
fn contents(
    connection: &mut Connection<'_>,
    dialect: &dyn Spoken,
    found: &[Chosen],
) -> Result<Vec<Vec<Vec<String>>>, Fault> {
    let queries = found.iter().map(|chosen| dialect.contents(&chosen.table, &chosen.read()));
    queries.map(|query| query.map_or(Ok(Vec::new()), |query| connection.all(&query, 1))).collect()
}

fn server(connection: &mut Connection<'_>, dialect: &dyn Spoken) -> Result<[String; 2], Fault> {
    let row = connection.all(dialect.server(), 2)?.into_iter().next().unwrap_or_default();
    let mut texts = row.into_iter();
    Ok([texts.next().unwrap_or_default(), texts.next().unwrap_or_default()])
}

/// All tables and views of the database.
fn listed(connection: &mut Connection<'_>, dialect: &dyn Spoken) -> Result<Vec<Listed>, Fault> {
    let mut tables: Vec<Listed> = Vec::new();
    for row in connection.all(dialect.catalogue(), 7)? {
        let Ok([schema, name, is_near, can_be_held, column, ty, base]) = <[String; 7]>::try_from(row) else {
            continue;
        };
        let column = ListedColumn { name: column, ty, base };
        match tables.last_mut().filter(|last| last.schema == schema && last.name == name) {
            Some(last) => last.columns.push(column),
            None => {
                let (is_near, can_be_held) = (is_near == "1", can_be_held == "1");
                tables.push(Listed { schema, name, is_near, can_be_held, columns: vec![column] });
            }
        }
    }
    Ok(tables)
}

impl Chosen {
    /// The columns that are read: those that the model names, then the others that matter.
    fn read(&self) -> Vec<&ListedColumn> {
        self.columns.iter().map(|(_, column)| column).chain(&self.others).collect()
    }

    fn described(&self, dialect: &dyn Spoken) -> Table {
        let named = self.columns.iter().map(|(name, column)| Column {
            name: name.clone(),
            ty: column.ty.clone(),
            written: dialect.written(column),
        });
        let others = (!self.others.is_empty()).then(|| Column {
            name: OTHERS.to_owned(),
            ty: "hash".to_owned(),
            written: Written::AsFound,
        });
        Table {
            file: self.file.clone(),
            from: format!("{}.{}", self.table.schema, self.table.name),
            columns: named.chain(others).collect(),
        }
    }
}

/// Reads a table; gives how many rows it has.
fn read_table(
    connection: &mut Connection<'_>,
    dialect: &dyn Spoken,
    chosen: &Chosen,
    mut each: impl FnMut(Vec<StringArray>) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    let columns = chosen.read();
    let mut rows = 0;
    connection.query(&dialect.rows(&chosen.table, &columns), columns.len(), |cells| {
        rows += cells.first().map_or(0, StringArray::len) as u64;
        let (named, others) = cells.split_at_checked(chosen.columns.len()).unwrap_or((cells, &[]));
        let mut texts: Vec<StringArray> = named.iter().map(|cells| values(dialect, cells)).collect();
        if !others.is_empty() {
            texts.push(hashes(others));
        }
        each(texts)
    })?;
    Ok(rows)
}

/// The texts behind cells; a text without a letter is a missing value, as in files.
fn values(dialect: &dyn Spoken, cells: &StringArray) -> StringArray {
    let mut out = StringBuilder::with_capacity(cells.len(), cells.value_data().len());
    cells.iter().for_each(|cell| out.append_option(dialect.value(cell).filter(|text| !text.is_empty())));
    out.finish()
}

/// For each row what tells it from others in these columns.
fn hashes(columns: &[StringArray]) -> StringArray {
    let rows = columns.first().map_or(0, StringArray::len);
    let hash = |row: usize| {
        let mut hasher = blake3::Hasher::new();
        for column in columns {
            let text = column.is_valid(row).then(|| column.value(row));
            hasher.update(&text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            hasher.update(text.unwrap_or_default().as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    };
    (0..rows).map(|row| Some(hash(row))).collect()
}

/// Makes sure that the rows have come to their end, and did not just stop.
fn prove(connection: &mut Connection<'_>, dialect: &dyn Spoken, chosen: &Chosen, rows: u64) -> Result<(), Fault> {
    match dialect.proof(&chosen.table) {
        Proof::Alive(statement) => connection.all(statement, 1).map(drop),
        Proof::Rows { query, help } => {
            let counted = connection.all(&query, 1)?.into_iter().flatten().next();
            if counted.as_deref() == Some(rows.to_string().as_str()) {
                return Ok(());
            }
            let counted = counted.unwrap_or_default();
            let fault = Fault::data(format!("of `{}`, {rows} rows came of {counted}", chosen.file));
            Err(fault.help(help))
        }
    }
}
