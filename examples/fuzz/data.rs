//! How the tests write case data.

#[path = "../../tests/data/foreign.rs"]
pub(crate) mod foreign;
#[path = "../../tests/data/parquet.rs"]
pub(crate) mod parquet;
#[path = "../../tests/data/workbook.rs"]
pub(crate) mod workbook;
#[path = "../../tests/data/world.rs"]
pub(crate) mod world;
