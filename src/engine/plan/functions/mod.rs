//! The functions that the project adds to the engine: each knows nothing but its arguments, so a
//! plan can be sent elsewhere with them.

pub(in crate::plan) mod add_period;
pub(in crate::plan) mod aggregate;
pub(in crate::plan) mod anniversary;
pub(in crate::plan) mod arithmetic;
pub(in crate::plan) mod at_least;
pub(in crate::plan) mod business_day;
pub(in crate::plan) mod business_days_between;
pub(in crate::plan) mod clock;
pub(in crate::plan) mod coalesce;
pub(in crate::plan) mod count_by_window;
pub(in crate::plan) mod date;
pub(in crate::plan) mod day_of;
pub(in crate::plan) mod days_covered;
pub(in crate::plan) mod first_per_group;
pub(in crate::plan) mod fold_by_window;
pub(in crate::plan) mod groups_in;
pub(in crate::plan) mod holders;
pub(in crate::plan) mod if_else;
pub(in crate::plan) mod least_greatest;
pub(in crate::plan) mod lookup;
pub(in crate::plan) mod month_of;
pub(in crate::plan) mod months_between;
pub(in crate::plan) mod optimizer_fence;
pub(in crate::plan) mod row_windows;
pub(in crate::plan) mod scalar;
pub(in crate::plan) mod sum;
pub(in crate::plan) mod weekday_of;
pub(in crate::plan) mod window_list;
pub(in crate::plan) mod windows_reached;
pub(in crate::plan) mod year_of;
