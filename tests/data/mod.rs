//! Case data in: what is read, what is set aside, and what is refused.

mod as_written;
mod checked;
mod composite_ids;
mod dated;
mod decimals;
mod drawn;
mod encodings;
mod extracted;
pub(crate) mod foreign;
mod history;
mod instants;
mod joined;
pub(crate) mod parquet;
mod refused;
mod rows;
mod spelled;
mod text;
pub(crate) mod workbook;
pub(crate) mod world;
mod written;
