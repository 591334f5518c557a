//! What the functions that count the time from one day to another have in common.

use super::Misfit;
use crate::ir::{Expr, Ty};

/// The type of the count, when it is counted between two days.
pub(super) fn of_two_days(of: &[Expr], count: Ty) -> Result<Ty, Misfit> {
    if of.len() != 2 {
        return Err(Misfit::Number(2));
    }
    let other = of.iter().position(|e| e.ty != Ty::Date);
    other.map_or(Ok(count), |place| Err(Misfit::Takes { place, wanted: "a day" }))
}
