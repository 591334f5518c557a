//! Case data in: what is read, what is set aside, and what is refused.

mod as_written;
mod checked;
mod dated;
mod drawn;
mod foreign;
mod history;
mod instants;
mod parquet;
mod refused;
mod rows;
mod spelled;
mod text;
mod world;
mod written;
