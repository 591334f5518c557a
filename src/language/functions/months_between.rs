//! `months from A to B`: the largest n with A + n months on or before B. Missing when one of the
//! days is, an open end too.

use super::between::of_two_days;
use super::{Day, Definition, English, Form, Value, days, when_one_is};
use crate::ir::Ty;
use crate::model::Counted;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Between(Counted::Months),
    gives: |of| of_two_days(of, Ty::Length(Counted::Months)),
    missing: when_one_is,
    day: Day::None,
    english: English::FromTo("the number of full months"),
    evaluate: |of, arithmetic| {
        let [from, to] = days(of)?;
        Some(Value::Int(arithmetic.months_between(from, to)))
    },
};
