//! `minutes from T to U`: completed minutes from one time to another, rounded down; negative when U
//! is earlier. Missing when one of the times is, an open end too.

use super::between::{elapsed, of_two_times};
use super::{Day, Definition, English, Form, when_one_is};
use crate::ir::Ty;
use crate::model::Counted;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Between(Counted::Minutes),
    gives: |of| of_two_times(of, Ty::Length(Counted::Minutes)),
    missing: when_one_is,
    day: Day::None,
    english: English::FromTo("the number of full minutes"),
    evaluate: |of, _| elapsed(of, 60),
};
