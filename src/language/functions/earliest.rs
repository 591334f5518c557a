//! `earliest of A, B`: the earliest of several days or times. Missing when one is that is not an
//! open end; an open end is later than every day.

use super::{Argument, Cell, Day, Definition, English, Form, Misfit, one_type};
use crate::ir::{Expr, Missing, Ty};
use std::cmp::Ordering;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("earliest of"),
    gives: of_dates,
    missing: |of| if of.iter().all(|e| e.missing == Missing::OpenEnd) { Missing::OpenEnd } else { unless_unknown(of) },
    day: Day::Earliest,
    english: English::OfSeveral { pair: "earlier", list: "earliest" },
    evaluate: |of, _| outermost(of, Ordering::Less),
};

/// Days or times, all of one type.
pub(super) fn of_dates(of: &[Expr]) -> Result<Ty, Misfit> {
    match one_type(of)? {
        ty @ (Ty::Date | Ty::Timestamp) => Ok(ty),
        Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Code(_) | Ty::Row(_) => {
            Err(Misfit::Takes { place: 0, wanted: "dates" })
        }
    }
}

/// There, unless one of the values may be unknown.
pub(super) fn unless_unknown(of: &[Expr]) -> Missing {
    if of.iter().any(|e| e.missing == Missing::Unknown) { Missing::Unknown } else { Missing::Never }
}

/// The value that lies before (or after) all others, an open end after every day; nothing when one
/// is not known.
pub(super) fn outermost(of: &[Argument], wins: Ordering) -> Cell {
    let mut best: Option<(bool, &Cell)> = None;
    for Argument { cell, open, .. } in of {
        if cell.is_none() && !open {
            return None;
        }
        let this = (cell.is_none(), cell);
        if best.is_none_or(|best| this.cmp(&best) == wins) {
            best = Some(this);
        }
    }
    best?.1.clone()
}
