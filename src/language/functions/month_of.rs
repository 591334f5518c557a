//! `month of D`: the month of a day, 1 to 12. Missing when the day is, an open end too.

use super::{Day, Definition, English, Form, Misfit, Value, days, only, when_one_is};
use crate::ir::Ty;
use chrono::Datelike;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("month of"),
    gives: |of| match only(of)?.ty {
        Ty::Date => Ok(Ty::Int),
        Ty::Bool
        | Ty::Int
        | Ty::Days
        | Ty::Months
        | Ty::Years
        | Ty::Text
        | Ty::Timestamp
        | Ty::Code(_)
        | Ty::Row(_) => Err(Misfit::Takes { place: 0, wanted: "a day" }),
    },
    missing: when_one_is,
    day: Day::None,
    english: English::Of("the month of"),
    evaluate: |of, _| {
        let [day] = days(of)?;
        Some(Value::Int(i64::from(day.month())))
    },
};
