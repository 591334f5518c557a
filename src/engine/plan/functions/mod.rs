//! The functions that the project adds to the engine: each knows nothing but its arguments, so a
//! plan can be sent elsewhere with them.

pub(in crate::plan) mod aggregate;
pub(in crate::plan) mod anniversary;
pub(in crate::plan) mod at_least;
pub(in crate::plan) mod business;
pub(in crate::plan) mod coalesce;
pub(in crate::plan) mod date;
pub(in crate::plan) mod day;
pub(in crate::plan) mod days;
pub(in crate::plan) mod extreme;
pub(in crate::plan) mod fold;
pub(in crate::plan) mod function;
pub(in crate::plan) mod kept;
pub(in crate::plan) mod lookup;
pub(in crate::plan) mod months;
pub(in crate::plan) mod moved;
pub(in crate::plan) mod pairs;
pub(in crate::plan) mod reached;
pub(in crate::plan) mod stays;
pub(in crate::plan) mod taken;
pub(in crate::plan) mod tally;
pub(in crate::plan) mod weekday;
pub(in crate::plan) mod window_list;
