//! `business days from A to B`: the largest `n` with `A + n business days` on or before B; negative
//! when B is earlier. Missing when one of the days is, an open end too.

use super::between::of_two_days;
use super::{Day, Definition, English, Form, Value, days, when_one_is};
use crate::ir::Ty;
use crate::model::Counted;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Between(Counted::BusinessDays),
    gives: |of| of_two_days(of, Ty::Length(Counted::BusinessDays)),
    missing: when_one_is,
    day: Day::None,
    english: English::FromTo("the number of business days"),
    evaluate: |of, arithmetic| {
        let [from, to] = days(of)?;
        Some(Value::Int(arithmetic.business_days_between(from, to)?))
    },
};
