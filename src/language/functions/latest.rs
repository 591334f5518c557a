//! `latest of A, B`: the latest of several days or times. Missing when one is; an open end is later
//! than every day, so the latest is one when one of them is.

use super::earliest::{of_dates, outermost, unless_unknown};
use super::{Day, Definition, English, Form};
use crate::ir::Missing;
use std::cmp::Ordering;

pub(super) static DEFINITION: Definition = Definition {
    form: Form::Of("latest of"),
    gives: of_dates,
    missing: |of| match unless_unknown(of) {
        Missing::Never if of.iter().any(|e| e.missing == Missing::OpenEnd) => Missing::OpenEnd,
        missing => missing,
    },
    day: Day::Latest,
    english: English::OfSeveral { pair: "later", list: "latest" },
    evaluate: |of, _| outermost(of, Ordering::Greater),
};
