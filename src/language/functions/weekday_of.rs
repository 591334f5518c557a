//! `weekday of D`: one of `monday` to `sunday`. Missing when the day is, an open end too.

use super::{Day, Definition, English, Form, Misfit, Value, days, only, when_one_is};
use crate::ir::{Ty, WordList};
use chrono::Datelike;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("weekday of"),
    gives: |of| match only(of)?.ty {
        Ty::Date => Ok(Ty::Code(WordList::Weekdays)),
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
    english: English::Of("the weekday of"),
    evaluate: |of, _| {
        let [day] = days(of)?;
        u16::try_from(day.weekday().num_days_from_monday()).ok().map(Value::Code)
    },
};
