//! `N * A`: a whole number times a number, whose unit the product has; of decimals, the product has
//! the digits of both after the point. Missing when one of them is,
//! and when the result is too large.

use super::number::reckoned;
use super::{Day, Definition, English, Form, Misfit, when_one_is};
use crate::ir::Ty;
use crate::ir::ty::MOST_DECIMALS;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Sign("*"),
    gives: |of| match of.iter().map(|e| e.ty).collect::<Vec<_>>().as_slice() {
        [Ty::Int, ty @ (Ty::Int | Ty::Length(_))] | [ty @ Ty::Length(_), Ty::Int] => Ok(*ty),
        [a, b] if a.decimals().is_some() && b.decimals().is_some() => {
            let after = a.decimals().unwrap_or(0) + b.decimals().unwrap_or(0);
            if after > MOST_DECIMALS {
                Err(Misfit::Takes { place: 0, wanted: "fewer decimals" })
            } else {
                Ok(Ty::Decimal(after))
            }
        }
        [_, _] => Err(Misfit::Takes { place: 0, wanted: "a whole number and a number" }),
        _ => Err(Misfit::Number(2)),
    },
    missing: when_one_is,
    day: Day::None,
    english: English::OfSeveral { pair: "product", list: "product" },
    evaluate: |of, _| reckoned(of, i64::checked_mul),
};
