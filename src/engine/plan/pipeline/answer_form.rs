//! In which columns the answer of a quantifier is kept.

use crate::plan::analysis::uses_window;
use crate::plan::pipeline::context::Context;
use yardstick_language::ir::{Ask, LinkedQuery};

/// What the answer of a quantifier is to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum AnswerForm {
    /// Whether a linked row passes, as a Boolean.
    Truth,
    /// Whether one passes, as two sets: the windows in which one does, and in which none does.
    TruthSets,
    /// A number or a day.
    Value,
    /// A list with a number or a day for each window (see `functions::window_list`).
    ValueLists,
    /// How often each window counts (see `count_threshold`).
    CountSets,
}

impl AnswerForm {
    /// The form in which a quantifier is answered.
    pub(in crate::plan) fn of(q: &LinkedQuery, ctx: &Context<'_>) -> Self {
        // Where there is one window, a count that is compared is a number like others.
        let compared_in_sets = ctx.scope.has_lists() && ctx.compared_counts.contains(&q.row);
        if compared_in_sets {
            Self::CountSets
        } else if ctx.scope.in_lists(q) {
            Self::ValueLists
        } else if q.ask != Ask::Exists {
            Self::Value
        } else if uses_window(q) && !ctx.scope.is_split {
            Self::TruthSets
        } else {
            Self::Truth
        }
    }
}
