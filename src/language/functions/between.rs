//! What the functions that count the time from one day to another have in common.

use super::{Argument, Cell, Misfit, Value};
use crate::ir::{Expr, Ty};

/// The type of the count, when it is counted between two days.
pub(super) fn of_two_days(of: &[Expr], count: Ty) -> Result<Ty, Misfit> {
    of_two(of, (Ty::Date, "a day"), count)
}

/// The type of the count, when it is counted between two times.
pub(super) fn of_two_times(of: &[Expr], count: Ty) -> Result<Ty, Misfit> {
    of_two(of, (Ty::Timestamp, "a time"), count)
}

fn of_two(of: &[Expr], (ty, wanted): (Ty, &'static str), count: Ty) -> Result<Ty, Misfit> {
    if of.len() != 2 {
        return Err(Misfit::Number(2));
    }
    let other = of.iter().position(|e| e.ty != ty);
    other.map_or(Ok(count), |place| Err(Misfit::Takes { place, wanted }))
}

/// How often so many seconds have passed from one time to another, rounded down.
pub(super) fn elapsed(of: &[Argument], seconds: i64) -> Cell {
    let [Argument { cell: Some(Value::Time(from)), .. }, Argument { cell: Some(Value::Time(to)), .. }] = of else {
        return None;
    };
    Some(Value::Int((*to - *from).num_seconds().div_euclid(seconds)))
}
