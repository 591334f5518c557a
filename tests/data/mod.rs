//! Case data in: what is read, what is set aside, and what is refused.

mod as_written;
mod checked;
mod composite_ids;
mod dated;
mod decimals;
mod drawn;
mod encodings;
mod extracted;
mod foreign;
mod history;
mod instants;
mod joined;
mod parquet;
mod refused;
mod rows;
mod spelled;
mod text;
mod workbook;
mod world;
mod written;
