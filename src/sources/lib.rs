//! Databases as sources of case data: the tables and columns that a model names, all of one moment,
//! each value as the text that a CSV file would have.
//!
//! ```text
//!  model ──wanted──▶ tables and columns ──snapshot──▶ batches of text, table by table
//!                                            ▲
//!  address, secret ──connection──────────────┘  dialect: the SQL of each database
//! ```
//!
//! | room | takes | gives | never |
//! |---|---|---|---|
//! | [`database_address`] | what the command line names | a database, without any password | opens it |
//! | [`wanted`] | a model | the tables and columns to read | knows a database |
//! | [`dialect`] | names of tables and columns | SQL | runs it |
//! | `lookup` | tables that are wanted, and those that are there | each of them once | guesses |
//! | [`connection`] | SQL | batches of text | knows a model |
//! | [`snapshot`] | all of these | the rows of all tables, as of one moment | writes a file |
//!
//! Behind [`connection`] stand `adbc` and, as a feature, `odbc`: the two kinds of drivers.
//!
//! From the side: [`fault`] (why a database cannot be read), [`secret`] (what no message may hold).
//!
//! Values are text because the types of drivers lose what the loader must see: a day `infinity`
//! becomes a day of the far past, a day that does not exist becomes a missing one. As text, the
//! loader judges a value of a database as it judges one of a file.

mod adbc;
pub mod connection;
pub mod database_address;
pub mod dialect;
pub mod fault;
mod lookup;
#[cfg(feature = "odbc")]
mod odbc;
pub mod secret;
pub mod snapshot;
pub mod wanted;
