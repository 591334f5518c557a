//! `days from A to B`: days from one day to another; negative when B is earlier. Missing when one
//! of the days is, an open end too.

use super::between::of_two_days;
use super::{Day, Definition, English, Form, Value, days, when_one_is};
use crate::ir::Ty;
use crate::model::Counted;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Between(Counted::Days),
    gives: |of| of_two_days(of, Ty::Length(Counted::Days)),
    missing: when_one_is,
    day: Day::None,
    english: English::FromTo("the number of days"),
    evaluate: |of, _| {
        let [from, to] = days(of)?;
        Some(Value::Int((to - from).num_days()))
    },
};
