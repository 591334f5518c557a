//! `weekday of D`: one of `monday` to `sunday`. Missing when the day is, an open end too.

use super::{Day, Definition, English, Form, Value, days, of_a_day, when_one_is};
use crate::ir::{Ty, WordList};
use chrono::Datelike;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("weekday of"),
    gives: |of| of_a_day(of, Ty::Code(WordList::Weekdays)),
    missing: when_one_is,
    day: Day::None,
    english: English::Of("the weekday of"),
    evaluate: |of, _| {
        let [day] = days(of)?;
        u16::try_from(day.weekday().num_days_from_monday()).ok().map(Value::Code)
    },
};
