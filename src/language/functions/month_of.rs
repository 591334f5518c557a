//! `month of D`: the month of a day, 1 to 12. Missing when the day is, an open end too.

use super::{Day, Definition, English, Form, Value, days, of_a_day, when_one_is};
use crate::ir::Ty;
use chrono::Datelike;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("month of"),
    gives: |of| of_a_day(of, Ty::Int),
    missing: when_one_is,
    day: Day::None,
    english: English::Of("the month of"),
    evaluate: |of, _| {
        let [day] = days(of)?;
        Some(Value::Int(i64::from(day.month())))
    },
};
