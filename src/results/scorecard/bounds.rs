//! The range that a value could take if everything unknown about its rows were known: [`Doubt`]
//! rows may belong or not, and missing values may be anything.
//!
//! Both ends are certain. Where rows depend on each other (one of two may have been picked, not
//! both), the range may be wider than the values that are possible. A value without a bound, such
//! as a mean with an unknown value, has no range. A missing link is no unknown value: a row that
//! leads nowhere belongs to nobody in the range, too.

use super::band::Share;
use super::percentile;
use super::rollup::Total;
use crate::counts::{Counts, Doubt};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, Expr, ExprKind, Measure, Missing, Ty};

/// The least and the most that a value could be; `None` where there is no such end, or no value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bounds {
    /// The lower end.
    pub least: Option<Share>,
    /// The upper end.
    pub most: Option<Share>,
}

/// The range of the value of an entity in a window. `instead` is the number of rows that went, of
/// any entity, that may replace any row that was picked.
#[must_use]
pub fn bounds(measure: &Measure, total: &Total, instead: u64, window: Window, value: Option<Share>) -> Bounds {
    let counts = &total.counts;
    if counts.undetermined == 0 && counts.doubt.is_none() && instead == 0 {
        return Bounds { least: value, most: value };
    }
    let nothing = Doubt::default();
    let doubt = &Doubt { instead, ..counts.doubt.as_deref().unwrap_or(&nothing).clone() };
    let Bounds { least, most } = match measure {
        Measure::Proportion { .. } => proportion(counts, doubt),
        Measure::Rate { per, events, exposure, of_window } => {
            let days = if *of_window { window.days() } else { 1 };
            rate(events, exposure, i128::from(*per) * i128::from(days), counts, doubt)
        }
        Measure::Percentile { percent, .. } => {
            let unknown = counts.undetermined + doubt.brings[0].unsigned_abs();
            let gone = (doubt.takes[0].unsigned_abs() + doubt.instead).min(total.values.rows());
            let (least, most) = percentile::range(&total.values, *percent, unknown, gone);
            Bounds { least, most }
        }
        // A sum has no end when one of its values is unknown; a row more can turn an estimate from
        // rows that are followed either way.
        Measure::Mean { .. } | Measure::Until { .. } | Measure::Incidence { .. } => Bounds::default(),
    };
    // An exposure below zero would turn the ends around: then there are none.
    let figure = value.map(Share::figure);
    let holds = |low: Option<f64>, high: Option<f64>| low.zip(high).is_none_or(|(low, high)| low <= high);
    Bounds {
        least: least.filter(|least| holds(Some(least.figure()), figure)),
        most: most.filter(|most| holds(figure, Some(most.figure()))),
    }
}

/// Lower end: unknown outcomes are unmet, met rows that may leave do, and unmet rows that may come
/// do. Upper end: the same, with met and unmet exchanged.
fn proportion(counts: &Counts, doubt: &Doubt) -> Bounds {
    let (met, all) = (i128::from(counts.met), i128::from(counts.denominator));
    let undetermined = i128::from(counts.undetermined);
    // A row that was picked may have to make room for one that went.
    let leave = |takes: i64, of: i128| (i128::from(takes) + i128::from(doubt.instead)).min(of);
    let (met_leave, unmet_leave) = (leave(doubt.takes[0], met), leave(doubt.takes[1], all - met - undetermined));
    let [met_come, unmet_come] = doubt.brings.map(i128::from);
    // Where nothing is left below the line, only rows that are all met (or all unmet) could be
    // there.
    let whole = |any: bool, share| any.then(|| Share::of(100, share, 1)).flatten();
    let least = Share::of(100, met - met_leave, all - met_leave + unmet_come);
    let most = Share::of(100, met + undetermined + met_come, all - unmet_leave + met_come);
    Bounds {
        least: least.or_else(|| whole(all + met_come > 0, 1)),
        most: most.or_else(|| whole(all + unmet_come > 0, 0)),
    }
}

/// The fewest events over the most exposure, and the reverse. Neither is negative, but a whole
/// number that is summed may be.
fn rate(events: &Expr, exposure: &Expr, scale: i128, counts: &Counts, doubt: &Doubt) -> Bounds {
    let happens = events.ty == Ty::Bool;
    let counted = matches!(&events.kind, ExprKind::Linked(q) if q.ask == Ask::Count);
    // Nothing is known of the events of a row that would make room.
    if !happens && !counted || doubt.instead > 0 {
        return Bounds::default();
    }
    let [events_leave, exposure_leaves] = doubt.takes.map(i128::from);
    let [events_come, exposure_comes] = doubt.brings.map(i128::from);
    let unknown = i128::from(counts.undetermined + doubt.blank);
    let (sum, days) = (i128::from(counts.amount), i128::from(counts.exposure));
    // A number that is never missing is not known where it breaks its column.
    let unread =
        |e: &Expr| matches!(e.kind, ExprKind::Column { .. }) && e.missing == Missing::Never && e.ty != Ty::Date;
    // Of rows that went anything may be unknown.
    let blank = doubt.unread > 0 && doubt.blank > 0;
    let endless = blank || unknown > 0 && (exposure.missing != Missing::Never || exposure.has(&unread));
    let (fewest, longest) = if endless { (0, 1) } else { (sum - events_leave, days + exposure_comes) };
    let least = Share::of(scale, fewest, longest);
    // A row whose condition is unknown has one event at most; how many a count leaves out is not
    // known.
    let most = (happens || unknown == 0)
        .then(|| Share::of(scale, sum + events_come + unknown, days - exposure_leaves))
        .flatten();
    Bounds { least, most }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(met: u64, undetermined: u64, all: u64, takes: [i64; 2], brings: [i64; 2]) -> (Option<f64>, Option<f64>) {
        let counts = Counts { met, undetermined, denominator: all, ..Counts::default() };
        let Bounds { least, most } = proportion(&counts, &Doubt { takes, brings, ..Doubt::default() });
        (least.map(Share::figure), most.map(Share::figure))
    }

    #[test]
    fn a_share_is_least_when_what_is_unknown_is_unmet_and_most_when_it_is_met() {
        assert_eq!(of(5, 2, 10, [0, 0], [0, 0]), (Some(50.0), Some(70.0)));
        // One met row may leave, one unmet row may leave: 4 of 9, and 5 of 9.
        assert_eq!(of(5, 0, 10, [1, 1], [0, 0]), (Some(400.0 / 9.0), Some(500.0 / 9.0)));
        // Two rows may come, one of which cannot be met: 5 of 12, 6 of 11.
        assert_eq!(of(5, 0, 10, [0, 0], [1, 2]), (Some(500.0 / 12.0), Some(600.0 / 11.0)));
    }

    #[test]
    fn where_all_may_leave_what_is_left_says_the_ends() {
        assert_eq!(of(2, 0, 2, [2, 0], [0, 0]), (Some(100.0), Some(100.0)));
        assert_eq!(of(0, 0, 2, [0, 2], [0, 0]), (Some(0.0), Some(0.0)));
        assert_eq!(of(0, 0, 0, [0, 0], [1, 0]), (Some(100.0), Some(100.0)));
        assert_eq!(of(0, 0, 0, [0, 0], [1, 1]), (Some(0.0), Some(100.0)));
        assert_eq!(of(0, 0, 0, [0, 0], [0, 0]), (None, None));
    }
}
