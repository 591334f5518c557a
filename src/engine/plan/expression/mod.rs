//! Expressions of the typed form as expressions over columns: in a window, and in all windows at
//! once.

mod count_compare;
pub(in crate::plan) mod lower;
pub(in crate::plan) mod scope;
pub(in crate::plan) mod truth;
pub(in crate::plan) mod values;
pub(in crate::plan) mod window_compare;
