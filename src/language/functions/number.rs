//! What the functions that reckon with two numbers have in common. A result beyond
//! [`LARGEST`](crate::ir::expr::LARGEST) is missing, so that nothing wraps around.

use super::{Argument, Cell, Misfit, Value, one_type};
use crate::ir::expr::within;
use crate::ir::{Expr, Ty};

/// The unit of two numbers of one unit.
pub(super) fn of_one_unit(of: &[Expr]) -> Result<Ty, Misfit> {
    if of.len() != 2 {
        return Err(Misfit::Number(2));
    }
    match one_type(of)? {
        ty @ (Ty::Int | Ty::Decimal(_) | Ty::Length(_)) => Ok(ty),
        Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(_) | Ty::Row(_) => {
            Err(Misfit::Takes { place: 0, wanted: "numbers" })
        }
    }
}

/// What `reckon` makes of two numbers that are there; nothing where it is too large.
pub(super) fn reckoned(of: &[Argument], reckon: fn(i64, i64) -> Option<i64>) -> Cell {
    let [Argument { cell: Some(Value::Int(a)), .. }, Argument { cell: Some(Value::Int(b)), .. }] = of else {
        return None;
    };
    within(reckon(*a, *b)).map(Value::Int)
}
