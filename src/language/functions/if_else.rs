//! `if C then A else B`: one of two values of one type, by a condition. Missing when the condition
//! is unknown, and when the value that it chooses is; neither of the values is an open end.

use super::{Argument, Day, Definition, English, Form, Misfit, Value, one_type, when_one_is};
use crate::ir::Ty;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::IfElse,
    gives: |of| match of {
        [condition, values @ ..] if condition.ty == Ty::Bool && values.len() == 2 => one_type(values),
        [_, _, _] => Err(Misfit::Takes { place: 0, wanted: "a condition" }),
        _ => Err(Misfit::Number(2)),
    },
    missing: when_one_is,
    day: Day::Chosen,
    english: English::Chosen,
    evaluate: |of, _| match of {
        [Argument { cell: Some(Value::Bool(condition)), .. }, a, b] => (if *condition { a } else { b }).cell.clone(),
        _ => None,
    },
};
