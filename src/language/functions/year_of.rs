//! `year of D`: the year of a day. Missing when the day is, an open end too.

use super::{Day, Definition, English, Form, Value, days, of_a_day, when_one_is};
use crate::ir::Ty;
use chrono::Datelike;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("year of"),
    gives: |of| of_a_day(of, Ty::Int),
    missing: when_one_is,
    day: Day::None,
    english: English::Of("the year of"),
    evaluate: |of, _| {
        let [day] = days(of)?;
        Some(Value::Int(i64::from(day.year())))
    },
};
