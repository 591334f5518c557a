//! `first known of A, B`: the first of several values that is not missing; an open end is missing
//! here. Of none, nothing.

use super::{Day, Definition, English, Form, one_type};
use crate::ir::Missing;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("first known of"),
    gives: one_type,
    missing: |of| {
        if of.iter().any(|e| e.missing == Missing::Never) {
            Missing::Never
        } else if of.iter().all(|e| e.missing == Missing::OpenEnd) {
            Missing::OpenEnd
        } else {
            Missing::Unknown
        }
    },
    day: Day::FirstKnown,
    english: English::OfSeveral { pair: "first known", list: "first known, in this order," },
    // What comes after a value that may be there is not known to be the first.
    evaluate: |of, _| of.iter().find(|argument| argument.cell.is_some() || argument.doubtful)?.cell.clone(),
};
