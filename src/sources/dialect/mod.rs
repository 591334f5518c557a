//! The SQL of each database: how its tables are found, how they stand still, and how a value
//! becomes text without losing anything.
//!
//! | | PostgreSQL | SQLite | DuckDB |
//! |---|---|---|---|
//! | one moment | `REPEATABLE READ`, the tables locked against being cut or rebuilt | one transaction | one transaction; what views read is the same before and after |
//! | days, times | as ISO text; `infinity` stays a word; instants in UTC, with `+00` | as they stand | as in PostgreSQL |
//! | numbers | every digit, without zeros at the end; `money` as a number | every digit, whole ones without `.0` | every digit, without zeros at the end |
//! | `char(n)` | without the blanks that fill it up | as it stands | there is none |
//! | bytes | `\x` and hexadecimal digits | likewise | likewise |
//! | rows that a policy hides | an error | there are none | there are none |

mod duckdb;
mod postgres;
mod sqlite;

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
    /// DuckDB.
    DuckDb,
}

/// A table or view as its database lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The schema it lies in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether a name without a schema means it.
    pub is_near: bool,
    /// Whether it can be held as it is: of PostgreSQL, foreign tables and stored views cannot be
    /// locked; of DuckDB, a view may read files that others write.
    pub can_be_held: bool,
    /// Its columns.
    pub columns: Vec<ListedColumn>,
}

/// One of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedColumn {
    /// Its name.
    pub name: String,
    /// Its type, as the database says it.
    pub ty: String,
    /// The type by which it is read: without length, and of a domain the type behind it.
    pub base: String,
}

/// How the texts of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As they stand in the database.
    AsFound,
    /// Days, times and flags, as the language writes them.
    AsTheLanguage,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Sqlite, Self::DuckDb];

    /// The one that a database speaks, by the name that it gives itself to ODBC.
    #[must_use]
    pub fn of_system(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.into_iter().find(|dialect| dialect.spoken().system().is_some_and(|start| name.starts_with(start)))
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spoken().name()
    }

    /// How it is spoken.
    pub(crate) fn spoken(self) -> &'static dyn Spoken {
        match self {
            Self::Postgres => &postgres::Postgres,
            Self::Sqlite => &sqlite::Sqlite,
            Self::DuckDb => &duckdb::DuckDb,
        }
    }
}

/// What a database must be asked, and how.
pub(crate) trait Spoken {
    /// Its name, as people know it.
    fn name(&self) -> &'static str;

    /// How the name begins that it gives itself to ODBC, in small letters; `None` where it is not
    /// read by way of ODBC.
    fn system(&self) -> Option<&'static str>;

    /// What makes the texts of values the same in every session, and bounds its waits.
    fn session(&self, seconds: u64) -> Vec<String>;

    /// The query for what database this is, and which moment it is there: two texts.
    fn server(&self) -> &'static str;

    /// The query for all tables and views with their columns, a row for each column in the order of
    /// schema and table: schema, table, `1` when a name without a schema means it, `1` when it can
    /// be held, column, type, base type.
    fn catalogue(&self) -> &'static str;

    /// The query for what stays as it is for as long as the moment lasts, as text.
    fn mark(&self) -> &'static str;

    /// The query for a text that is the same before the moment begins and when every table is held,
    /// unless one was made anew in between: an older moment would see none of its rows.
    fn made(&self) -> Option<&'static str> {
        None
    }

    /// The query for a text that changes with the rows of a table which a transaction does not
    /// hold, as far as these columns go; `None` where it holds them.
    fn contents(&self, _: &Listed, _: &[&ListedColumn]) -> Option<String> {
        None
    }

    /// What begins the moment as of which all tables are read.
    fn begin(&self, tables: &[&Listed]) -> Vec<String>;

    /// How the texts of a column of this type are written.
    fn written(&self, column: &ListedColumn) -> Written;

    /// The text of a column of the table `t`. It is asked for by its table, or a database may take
    /// a name that it does not know for a text.
    fn text(&self, column: &ListedColumn) -> String;

    /// What shows that all rows of a table have come.
    fn proof(&self, table: &Listed) -> Proof;

    /// The value behind the text of a cell.
    fn value<'c>(&self, cell: Option<&'c str>) -> Option<&'c str> {
        cell
    }

    /// The query for the rows of a table: of each of these columns its text.
    fn rows(&self, table: &Listed, columns: &[&ListedColumn]) -> String {
        let cells: Vec<String> = columns.iter().map(|column| self.text(column)).collect();
        format!("SELECT {} FROM {} t", cells.join(", "), place(table))
    }
}

/// Schema and name of a table, as SQL has them.
fn place(table: &Listed) -> String {
    format!("{}.{}", quoted(&table.schema), quoted(&table.name))
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What shows that all rows of a table have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A statement that fails when the connection or the transaction has.
    Alive(&'static str),
    /// A query for their number, and what to do when it is another.
    Rows { query: String, help: &'static str },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Listed {
        let column = |name: &str, base: &str| ListedColumn { name: name.into(), ty: base.into(), base: base.into() };
        let columns =
            vec![column("id", "bigint"), column("a \"day\"", "date"), column("fee", "money"), column("n", "numeric")];
        Listed { schema: "Case Work".into(), name: "st\"ay".into(), is_near: true, can_be_held: true, columns }
    }

    #[test]
    fn names_are_quoted_and_every_value_is_text() {
        let table = table();
        let columns: Vec<&ListedColumn> = table.columns.iter().collect();
        assert_eq!(
            Dialect::Postgres.spoken().rows(&table, &columns),
            "SELECT t.\"id\"::text, t.\"a \"\"day\"\"\"::text, t.\"fee\"::numeric::text, trim_scale(t.\"n\")::text \
             FROM \"Case Work\".\"st\"\"ay\" t"
        );
        let lite = Dialect::Sqlite.spoken().rows(&table, &columns);
        assert!(lite.contains("WHEN 'blob' THEN '=\\x' || lower(hex(t.\"a \"\"day\"\"\"))"), "{lite}");
        let days = |dialect: Dialect| dialect.spoken().written(&table.columns[1]);
        assert_eq!((days(Dialect::Postgres), days(Dialect::Sqlite)), (Written::AsTheLanguage, Written::AsFound));
    }

    #[test]
    fn the_moment_begins_when_every_table_that_can_be_held_is() {
        let (stay, view) = (table(), Listed { can_be_held: false, ..table() });
        let [begin, lock, held, other] = &Dialect::Postgres.spoken().begin(&[&stay, &view])[..] else {
            panic!("four statements")
        };
        assert_eq!(begin, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        assert_eq!(lock, "LOCK TABLE \"Case Work\".\"st\"\"ay\" IN ACCESS SHARE MODE");
        assert_eq!(held, other);
        assert_eq!(held, "SELECT FROM \"Case Work\".\"st\"\"ay\" LIMIT 0");
        assert_eq!(Dialect::Postgres.spoken().begin(&[&view]).len(), 2);
    }

    #[test]
    fn a_cell_of_sqlite_says_whether_there_is_a_value() {
        let value = |cell: Option<&str>| Dialect::Sqlite.spoken().value(cell).map(str::to_owned);
        assert_eq!(
            [value(None), value(Some("")), value(Some("=")), value(Some("=="))],
            [None, None, Some(String::new()), Some("=".into())]
        );
    }
}
