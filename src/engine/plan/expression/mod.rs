//! Expressions of the typed form as expressions over columns: in a window, and in all windows at
//! once.

mod counts;
pub(in crate::plan) mod lower;
pub(in crate::plan) mod moving;
pub(in crate::plan) mod scope;
pub(in crate::plan) mod truth;
pub(in crate::plan) mod values;
