//! What each kind of measure makes of the rows of an entity, a file each: its figures, and the
//! range in which they could lie.

mod count;
mod distinct;
mod incidence;
mod mean;
mod percentile;
mod proportion;
mod rate;
mod until;

use super::band::Share;
use super::bounds::Bounds;
use super::figures::Figures;
use super::rollup::Total;
use crate::counts::Doubt;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Expr, ExprKind, Measure, Ty};

/// What a kind of measure makes of the rows of an entity in a window.
pub(super) trait Computed {
    /// Its figures.
    fn figures(&self, total: &Total, window: Window) -> Figures;

    /// The range of its value, where something of some rows is not known.
    fn bounds(&self, total: &Total, doubt: &Doubt, window: Window) -> Bounds;
}

/// What is computed of a measure.
pub(super) fn computed(measure: &Measure) -> &dyn Computed {
    match measure {
        Measure::Proportion(of) => of,
        Measure::Rate(of) => of,
        Measure::Count(of) => of,
        Measure::Distinct(of) => of,
        Measure::Mean(of) => of,
        Measure::Percentile(of) => of,
        Measure::Until(of) => of,
        Measure::Incidence(of) => of,
    }
}

/// The rows that have a value.
fn valued(total: &Total) -> u64 {
    total.counts.denominator.saturating_sub(total.counts.undetermined)
}

/// The figures of a value that is found from single values.
fn of_values(rows: u64, value: Option<Share>) -> Figures {
    Figures { numerator: None, denominator: number(rows), rows, value, interval: None }
}

/// A figure of numbers of this type: decimals are kept as whole numbers.
fn of_type(figure: Option<Share>, ty: Ty) -> Option<Share> {
    figure.and_then(|figure| figure.part(ty.one()))
}

/// A whole number.
fn number(whole: impl Into<i128>) -> Option<Share> {
    Share::of(1, whole.into(), 1)
}

/// How the events of a row can be more or fewer than is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Events {
    /// A condition: one at most.
    Condition,
    /// A count of rows or values: never fewer than are certain.
    Rows,
    /// Any number.
    Number,
}

fn events(of: &Expr) -> Events {
    match &of.kind {
        _ if of.ty == Ty::Bool => Events::Condition,
        ExprKind::Linked(q) if q.ask.is_count() => Events::Rows,
        _ => Events::Number,
    }
}
