//! The law of engine and evaluator, as the tests have it.

#[path = "../../tests/properties/compare.rs"]
pub(crate) mod compare;
#[path = "../../tests/properties/pairs.rs"]
pub(crate) mod pairs;
