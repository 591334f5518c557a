//! How a database is reached: the flags, the password, and what is said where it fails.

use crate::cli::failure::Failure;
use console::Term;
use std::env;
use std::io::IsTerminal;
use yardstick_sources::connection::Source;
use yardstick_sources::database_address::{Address, PASSWORD};
use yardstick_sources::fault::{Blame, Fault};
use yardstick_sources::secret::Secret;

/// Variables in which drivers find a password by themselves.
const OF_DRIVERS: [&str; 2] = ["PGPASSWORD", "PGSSLPASSWORD"];

/// Seconds that are waited for an answer, unless it is said.
const PATIENCE: u64 = 60;

/// How a database is reached.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub(in crate::cli) struct Arguments {
    /// The driver for the database (ADBC), by its name or its file [default:
    /// `adbc_driver_postgresql`, `adbc_driver_sqlite` or `duckdb`, where drivers are installed]
    #[arg(long, value_name = "DRIVER")]
    driver: Option<String>,
    /// Ask for the password on the terminal
    #[arg(long)]
    ask_password: bool,
    /// Give up when it takes longer to connect, to wait for a lock, or for the next rows
    #[arg(long, value_name = "SECONDS", default_value_t = PATIENCE, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
}

/// As when no flag is given.
impl Default for Arguments {
    fn default() -> Self {
        Self { driver: None, ask_password: false, timeout: PATIENCE }
    }
}

impl Arguments {
    /// The database that is named, with what it takes to reach it.
    pub(in crate::cli) fn source(&self, named: &str) -> Result<Source, Failure> {
        let address = Address::parse(named).map_err(|fault| told(&fault))?;
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let password = if self.ask_password { Some(asked(&address)?) } else { variable(PASSWORD) };
        let others = OF_DRIVERS.iter().filter_map(|name| variable(name)).collect();
        let secret = Secret::new(password, others);
        Ok(Source { address, secret, driver: self.driver.clone(), seconds: self.timeout })
    }
}

/// The password as it is typed; nothing of it is shown.
fn asked(address: &Address) -> Result<String, Failure> {
    let terminal = Term::stderr();
    let unread = |why: &str| {
        Failure::usage(format!("the password cannot be asked for: {why}")).help(format!(
            "`--ask-password` needs a terminal; without one, put the password into the variable `{PASSWORD}`"
        ))
    };
    if !terminal.is_term() || !std::io::stdin().is_terminal() {
        return Err(unread("there is no terminal"));
    }
    let read = terminal.write_str(&format!("Password for {address}: ")).and_then(|()| terminal.read_secure_line());
    read.map_err(|e| unread(&e.to_string().to_lowercase()))
}

/// What is said of a database that cannot be read.
pub(in crate::cli) fn told(fault: &Fault) -> Failure {
    let failure = match fault.blame {
        Blame::Usage => Failure::usage(fault.message.clone()),
        Blame::Data => Failure::data(fault.message.clone()),
    };
    match &fault.help {
        Some(help) => failure.help(help.clone()),
        None => failure,
    }
}
