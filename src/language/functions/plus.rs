//! `A + B`: the sum of two numbers of one unit. Missing when one of them is, and when the result
//! is too large.

use super::number::{of_one_unit, reckoned};
use super::{Day, Definition, English, Form, when_one_is};

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Sign("+"),
    gives: of_one_unit,
    missing: when_one_is,
    day: Day::None,
    english: English::OfSeveral { pair: "sum", list: "sum" },
    evaluate: |of, _| reckoned(of, i64::checked_add),
};
