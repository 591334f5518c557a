//! `day of T`: the day of a time. Missing and open ends stay so.

use super::{Day, Definition, English, Form, Misfit, Value, only};
use crate::ir::{Missing, Ty};

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("day of"),
    gives: |of| match only(of)?.ty {
        Ty::Timestamp => Ok(Ty::Date),
        Ty::Date => Err(Misfit::IsADay),
        Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Code(_) | Ty::Row(_) => {
            Err(Misfit::Takes { place: 0, wanted: "a time" })
        }
    },
    missing: |of| of.first().map_or(Missing::Unknown, |time| time.missing),
    day: Day::OfIts,
    english: English::Of("the day of"),
    evaluate: |of, _| match of.first()?.cell {
        Some(Value::Time(time)) => Some(Value::Date(time.date())),
        _ => None,
    },
};
