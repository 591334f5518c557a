//! `years from A to B`: whole months divided by 12, rounded down. Missing when one of the
//! days is, an open end too.

use super::between::of_two_days;
use super::{Day, Definition, English, Form, Value, days, when_one_is};
use crate::ir::Ty;
use crate::model::Counted;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Between(Counted::Years),
    gives: |of| of_two_days(of, Ty::Length(Counted::Years)),
    missing: when_one_is,
    day: Day::None,
    english: English::FromTo("the number of full years"),
    evaluate: |of, arithmetic| {
        let [from, to] = days(of)?;
        Some(Value::Int(arithmetic.months_between(from, to).div_euclid(12)))
    },
};
