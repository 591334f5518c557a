//! How a database is named: `postgresql://reader@host/casework`, `sqlite:casework.db`. An address
//! holds no password.

use crate::fault::Fault;
use crate::secret::{Secret, escaped};
use std::fmt;
use std::path::{Path, PathBuf};

/// The variable of the environment that holds the password for any database.
pub const PASSWORD: &str = "YARDSTICK_PASSWORD";

/// What stands in an address in front of everything else, with what it begins.
const KINDS: [(&str, Kind); 5] = [
    ("postgresql://", Kind::Postgres),
    ("postgres://", Kind::Postgres),
    ("sqlite:", Kind::Sqlite),
    ("duckdb:", Kind::DuckDb),
    ("odbc:", Kind::Odbc),
];

/// What an address must not hold, in small letters.
const PASSWORDS: [&str; 3] = ["password", "sslpassword", "pwd"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Postgres,
    Sqlite,
    DuckDb,
    Odbc,
}

/// A database, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A PostgreSQL server, or one that speaks as it does: the address as its own programs take it.
    Postgres(String),
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A file of DuckDB.
    DuckDb(PathBuf),
    /// A database by way of ODBC: the name of a data source, or what its driver takes
    /// (`Driver=...;Server=...`).
    Odbc(String),
}

impl Address {
    /// Whether a text is meant as an address of a database, and not as a folder.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        KINDS.iter().any(|(start, _)| text.starts_with(start.trim_end_matches('/')))
    }

    /// The database that a text names.
    ///
    /// # Errors
    /// When it names none, or holds a password.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let found = KINDS.iter().find_map(|(start, kind)| Some((*kind, text.strip_prefix(start)?)));
        match found {
            Some((Kind::Postgres, rest)) => Self::postgres(rest),
            Some((Kind::Sqlite, "")) => {
                Err(Fault::usage("`sqlite:` names no file").help("write it as in `sqlite:casework.db`"))
            }
            Some((Kind::DuckDb, "")) => {
                Err(Fault::usage("`duckdb:` names no file").help("write it as in `duckdb:casework.duckdb`"))
            }
            Some((Kind::Odbc, rest)) => Self::odbc(rest),
            Some((Kind::Sqlite, path)) => Ok(Self::Sqlite(PathBuf::from(path))),
            Some((Kind::DuckDb, path)) => Ok(Self::DuckDb(PathBuf::from(path))),
            None => Err(Fault::usage(format!("`{}` is no address of a database", without_password(text))).help(
                "write `postgresql://user@host/database` (with a port as in `host:5433`), `sqlite:casework.db`, `duckdb:casework.duckdb`, or `odbc:NAME`",
            )),
        }
    }

    fn postgres(rest: &str) -> Result<Self, Fault> {
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let parameters = || parameters.split('&').filter(|parameter| !parameter.is_empty());
        let named = |parameter: &str| unescaped(parameter.split('=').next().unwrap_or_default());
        // A password may hold any sign, also one at which an address is divided.
        let (user, hosts) = place.rsplit_once('@').unwrap_or(("", place));
        let hosts = hosts.split_once('/').map_or(hosts, |(hosts, _)| hosts);
        let is_divided_elsewhere = !hosts.split(',').all(has_plain_port) || parameters().any(|p| !p.contains('='));
        let has_one = user.contains(':') || parameters().any(|p| PASSWORDS.contains(&named(p).as_str()));
        if has_one || is_divided_elsewhere {
            return Err(holds_a_password());
        }
        Ok(Self::Postgres(format!("postgresql://{rest}")))
    }

    fn odbc(rest: &str) -> Result<Self, Fault> {
        if rest.trim().is_empty() {
            return Err(Fault::usage("`odbc:` names no data source")
                .help("write the name of one as in `odbc:Casework`, or what its driver takes as in `odbc:Driver={...};Server=...;Database=...`"));
        }
        let named = |part: &str| part.split('=').next().unwrap_or_default().trim().to_lowercase();
        match rest.split(';').any(|part| part.contains('=') && PASSWORDS.contains(&named(part).as_str())) {
            true => Err(holds_a_password()),
            false => Ok(Self::Odbc(rest.to_owned())),
        }
    }

    /// What kind of database it is, where the address says so.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "PostgreSQL",
            Self::Sqlite(_) => "SQLite",
            Self::DuckDb(_) => "DuckDB",
            Self::Odbc(_) => "ODBC",
        }
    }

    /// The names under which the driver is looked for: that of its library, and that of those who
    /// install drivers.
    pub(crate) fn drivers(&self) -> [&'static str; 2] {
        match self {
            Self::Postgres(_) => ["adbc_driver_postgresql", "postgresql"],
            Self::Sqlite(_) => ["adbc_driver_sqlite", "sqlite"],
            // It is its own driver.
            Self::DuckDb(_) => ["duckdb", "duckdb"],
            // The driver manager of the machine knows it.
            Self::Odbc(_) => ["", ""],
        }
    }

    /// The function at which the driver begins, where it is not the usual one.
    pub(crate) fn driver_begins_at(&self) -> Option<&'static [u8]> {
        match self {
            Self::DuckDb(_) => Some(b"duckdb_adbc_init"),
            Self::Postgres(_) | Self::Sqlite(_) | Self::Odbc(_) => None,
        }
    }

    /// Where its driver comes from.
    pub(crate) fn help_to_install(&self) -> String {
        match self {
            Self::DuckDb(_) => {
                "install DuckDB's library for C, of the version that wrote the file or a later one, and name its file \
                                (`libduckdb.so`) with `--driver`"
                    .to_owned()
            }
            Self::Postgres(_) | Self::Sqlite(_) | Self::Odbc(_) => {
                let (database, [library, _]) = (self.kind(), self.drivers());
                format!(
                    "install the ADBC driver for {database}, and name its file with `--driver` (of the Python package `{}`: the file \
                     `lib{library}.so` in it)",
                    library.replace('_', "-")
                )
            }
        }
    }

    /// What may be wrong where it cannot be opened.
    pub(crate) fn help_to_open(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "is the address right, is the server running, and may you connect to it from here?",
            Self::Sqlite(_) => "is it a file of SQLite, may you read it, and is `--driver` its driver?",
            Self::DuckDb(_) => {
                "is it a file of DuckDB, of this version of its library, may you read it, and does no other program have it open for writing?"
            }
            Self::Odbc(_) => {
                "does the driver manager know the data source (`odbcinst -q -s`) and the driver (`odbcinst -q -d`), and is the server running?"
            }
        }
    }

    /// The address as the driver takes it, with the password, and with an end to every wait.
    pub(crate) fn for_driver(&self, secret: &Secret, seconds: u64) -> String {
        match self {
            Self::Postgres(address) => {
                let mut all = address.clone();
                let mut add = |name: &str, value: &str| {
                    if !address.contains(&format!("{name}=")) {
                        all.push(if all.contains('?') { '&' } else { '?' });
                        all += &format!("{name}={}", escaped(value));
                    }
                };
                add("connect_timeout", &seconds.to_string());
                add("application_name", "yardstick");
                // Text in another encoding would arrive as it lies there.
                add("client_encoding", "UTF8");
                // A network that is gone is found out.
                add("keepalives_idle", "30");
                add("keepalives_interval", "10");
                add("keepalives_count", "3");
                if let Some(password) = secret.password() {
                    add("password", password);
                }
                all
            }
            // Read only: SQLite makes an empty file where there is none.
            Self::Sqlite(path) => format!("file:{}?mode=ro", escaped_path(path)),
            Self::DuckDb(path) => path.display().to_string(),
            Self::Odbc(given) => {
                let given =
                    if given.contains('=') { given.trim_end_matches(';').to_owned() } else { format!("DSN={given}") };
                let password = secret.password().map(|password| format!(";PWD={{{}}}", password.replace('}', "}}")));
                given + &password.unwrap_or_default()
            }
        }
    }

    /// What an ADBC driver is told before it opens the database: names and values.
    pub(crate) fn options(&self, secret: &Secret, seconds: u64) -> Vec<(&'static str, String)> {
        let address = self.for_driver(secret, seconds);
        match self {
            Self::DuckDb(_) => vec![
                ("path", address),
                ("access_mode", "READ_ONLY".to_owned()),
                // What is not installed is told, and not loaded from somewhere.
                ("autoinstall_known_extensions", "false".to_owned()),
            ],
            Self::Postgres(_) | Self::Sqlite(_) | Self::Odbc(_) => vec![("uri", address)],
        }
    }

    /// What can be said before a driver is asked.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Postgres(_) | Self::Odbc(_) => Ok(()),
            Self::Sqlite(path) | Self::DuckDb(path) if path.is_file() => Ok(()),
            Self::Sqlite(path) | Self::DuckDb(path) => {
                Err(Fault::data(format!("there is no file `{}`", path.display()))
                    .help(format!("name the file of the {} database", self.kind())))
            }
        }
    }
}

/// As it was written, without a password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(address) => f.write_str(address),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::DuckDb(path) => write!(f, "duckdb:{}", path.display()),
            Self::Odbc(given) => write!(f, "odbc:{given}"),
        }
    }
}

/// Whether what follows the name of a host is a number, if anything does: `db`, `db:5433`,
/// `[::1]:5433`.
fn has_plain_port(host: &str) -> bool {
    let after_brackets = host.rsplit_once(']').map_or(host, |(_, after)| after);
    let is_number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    after_brackets.split_once(':').is_none_or(|(_, port)| is_number(port))
}

/// Such an address is not taken.
fn holds_a_password() -> Fault {
    Fault::usage("the address holds a password, which everybody on this machine could read").help(format!(
        "leave it out of the address; put it into the variable `{PASSWORD}`, into the driver's own file (`~/.pgpass`, a service file), or ask for \
         a prompt with `--ask-password`"
    ))
}

/// A text that is no address, without what may be a password in it.
fn without_password(text: &str) -> String {
    let may_hold_one = text.contains("://") || text.contains(['@', ';']);
    let kind = text.split(':').next().unwrap_or_default();
    match may_hold_one {
        true if kind.contains(['@', ';']) => "...".to_owned(),
        true => format!("{kind}:..."),
        false => text.to_owned(),
    }
}

fn escaped_path(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let parts: Vec<String> = whole.to_string_lossy().split('/').map(escaped).collect();
    parts.join("/")
}

/// The text of a name in which letters may be written as `%` and two digits.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut after = rest.clone();
        let digits = [after.next(), after.next()].map(|digit| digit.and_then(|d| char::from(d).to_digit(16)));
        match (byte, digits) {
            (b'%', [Some(high), Some(low)]) => {
                bytes.push((high * 16 + low) as u8);
                rest = after;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_password_is_refused_and_not_repeated() {
        for text in [
            "postgresql://reader:hush@db/casework",
            "postgres://reader:hush@db",
            "postgresql://db/casework?password=hush",
            "postgresql://db/casework?sslmode=require&PASSWORD=hush",
            "postgresql://db/casework?pass%77ord=hush",
            "postgresql://reader:hush@one,two/casework",
            "postgresql://reader:hush/hush@db/casework",
            "postgresql://reader:hush?hush@db/casework",
            "postgresql://reader:12?hush@db/casework",
            "postgresql://reader:hush#1@db",
            "mysql://reader:hush@db/casework",
            "mysql://reader:hush",
            "hush@db",
            "reader:hush@db",
            "odbc:Driver={x};UID=a; PWD = hush",
            "odbc:DSN=x;password={hush}",
        ] {
            let fault = Address::parse(text).unwrap_err();
            assert!(!format!("{fault:?}").contains("hush"), "{fault:?}");
        }
    }

    #[test]
    fn an_address_is_taken_as_its_own_programs_take_it() {
        for text in [
            "postgresql://",
            "postgresql://db:5433/casework",
            "postgresql://reader@db/casework?sslmode=verify-full",
            "postgresql:///casework?host=/run/postgresql",
            "postgresql://?service=casework",
            "postgresql://[::1]:5432/casework",
            "postgresql://one:5432,two:5433/casework?target_session_attrs=any",
            "postgresql://reader@[::1]/casework",
            "sqlite:some folder/case work.db",
            "duckdb:some folder/case work.duckdb",
            "odbc:Casework",
            "odbc:Driver={ODBC Driver 18 for SQL Server};Server=db;Trusted_Connection=yes",
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Address::parse("postgres://db").unwrap().to_string(), "postgresql://db");
        for text in ["", "files", "sqlite:", "duckdb:", "postgresql:db", "C:\\data", "mysql://db"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        assert!(Address::is_meant("postgresql:db") && Address::is_meant("sqlite:x") && !Address::is_meant("files/x"));
    }

    #[test]
    fn what_the_driver_gets_ends_every_wait_and_keeps_what_was_said() {
        let secret = Secret::new(Some("a b".into()), Vec::new());
        let given = |text: &str| Address::parse(text).unwrap().for_driver(&secret, 60);
        let all = given("postgresql://db/casework?connect_timeout=5");
        assert!(all.starts_with(
            "postgresql://db/casework?connect_timeout=5&application_name=yardstick&client_encoding=UTF8&"
        ));
        assert!(all.ends_with("&password=a%20b"));
        assert!(given("postgresql://db").starts_with("postgresql://db?connect_timeout=60&"));
        assert_eq!(given("odbc:Casework"), "DSN=Casework;PWD={a b}");
        assert_eq!(given("odbc:Driver=x;Server=y;"), "Driver=x;Server=y;PWD={a b}");
        assert_eq!(given("sqlite:/no where/x?y.db"), "file:/no%20where/x%3Fy.db?mode=ro");
    }
}
