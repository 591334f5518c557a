//! What a chart has to hold: its ends upwards, and how figures on it are written.

use crate::scorecard::Trend;
use crate::scorecard::trend::Point;

/// The least and the most figure that is drawn: values, limits, the centre line, standards.
pub(super) fn ends(of: &Trend) -> Option<(f64, f64)> {
    let of_point = |point: &Point| {
        let limits = point.judged.iter().flat_map(|judged| [judged.low, judged.high]);
        let standard = point.standard.into_iter().flat_map(|standard| standard.ends());
        point.value.into_iter().chain(limits).chain(standard).collect::<Vec<f64>>()
    };
    let mut all: Vec<f64> = of.points.iter().flat_map(of_point).chain(of.centre.as_ref().ok().copied()).collect();
    all.retain(|figure| figure.is_finite());
    all.sort_by(f64::total_cmp);
    Some((*all.first()?, *all.last()?))
}

/// A limit or an end, with one decimal; of counts and days none where there is none.
pub(super) fn figure(of: f64) -> String {
    if of.abs() >= 1000.0 || of.fract() == 0.0 { format!("{of:.0}") } else { format!("{of:.1}") }
}
