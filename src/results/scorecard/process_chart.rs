//! Whether a series is more than chance: the process behaviour chart (XmR), with the four rules of
//! NHS England's *Making Data Count* as its package NHSRplotthedots 0.2 applies them.
//!
//! Limits lie 2.66 mean moving ranges from the centre line (Wheeler, *Understanding Variation*,
//! 1993). Of percentages of rows the scatter that chance alone gives differs with the number of
//! rows: they are divided by it before the ranges are taken, and the limits multiplied (Laney,
//! *Improved control charts for attributes*, Quality Engineering 14, 2002). With equal numbers of
//! rows that is the XmR chart; where months scatter as chance has it, the p-chart.

/// So many values are needed. Fewer do not tell how far they scatter.
pub const LEAST: usize = 12;
/// Limits lie so many mean moving ranges from the centre line.
const RANGES: f64 = 2.66;
/// So many points on one side of the centre line are a shift, and so many rising or falling a
/// trend.
const RUN: usize = 7;
/// Beyond this share of the way to a limit, a point is near it.
const NEAR: f64 = 2.0 / 3.0;
/// A point that is no further than this share of the way to a limit lies on the centre line.
const ON_THE_LINE: f64 = 1e-9;

/// A value of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The value, in any unit; a percentage from 0 to 100.
    pub value: f64,
    /// Of a percentage of rows: how many rows it is of, above 0.
    pub rows: Option<f64>,
}

/// A side of the centre line, or the way a trend goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Above, or rising.
    High,
    /// Below, or falling.
    Low,
}

/// What cannot well be chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A point beyond a limit.
    Beyond,
    /// Seven or more points in a row on one side of the centre line; one on it ends the row.
    Shift,
    /// Seven or more points in a row, each above, or each below, the one before.
    Trend,
    /// Two of three points in a row that lie on one side are in the outer third before a limit.
    NearLimit,
}

/// A rule of which a point is part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal {
    /// The rule.
    pub rule: Rule,
    /// On which side, or which way.
    pub side: Side,
}

/// What is said of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The lower natural limit; it may lie below what a value can be.
    pub low: f64,
    /// The upper one.
    pub high: f64,
    /// The rules of which the point is part, each once.
    pub signals: Vec<Signal>,
}

/// The chart of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessChart {
    /// The centre line: the mean; of percentages of rows, that of all rows together.
    pub centre: f64,
    /// One for each place of the series, `None` where it has no value.
    pub points: Vec<Option<Judgement>>,
}

/// Why there is no chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoChart {
    /// So few values; [`LEAST`] are needed, and two of them side by side.
    TooFew(usize),
    /// All values are the same, so nothing tells how far they scatter.
    AllAlike,
}

/// The chart of a series, in order; `None` is a gap, which no range and no run goes over.
///
/// # Errors
/// Where there are too few values, or all are alike.
pub fn chart(series: &[Option<Observation>]) -> Result<ProcessChart, NoChart> {
    let known: Vec<Observation> = series.iter().copied().flatten().collect();
    let centre = centre(&known);
    let scatter = |one: &Observation| one.rows.map_or(1.0, |rows| (centre * (100.0 - centre) / rows).sqrt());
    let scaled = |one: &Observation| (one.value - centre) / scatter(one);
    let beside = series.iter().zip(series.iter().skip(1));
    let ranges: Vec<f64> =
        beside.filter_map(|(a, b)| Some((scaled(a.as_ref()?) - scaled(b.as_ref()?)).abs())).collect();
    if known.len() < LEAST || ranges.is_empty() {
        return Err(NoChart::TooFew(known.len()));
    }
    let reach = RANGES * mean(&ranges);
    let first = known.first().map(|one| one.value);
    if known.iter().all(|one| Some(one.value) == first) || !reach.is_finite() || reach <= 0.0 {
        return Err(NoChart::AllAlike);
    }
    let places: Vec<Option<Place>> = (series.iter())
        .map(|one| one.as_ref().map(|one| Place { value: one.value, reach: reach * scatter(one), centre }))
        .collect();
    let mut points: Vec<Option<Judgement>> = (places.iter())
        .map(|place| {
            let place = place.as_ref()?;
            let signals = place.beyond().into_iter().collect();
            Some(Judgement { low: centre - place.reach, high: centre + place.reach, signals })
        })
        .collect();
    let mut mark = |number: usize, signal: Signal| {
        if let Some(Some(point)) = points.get_mut(number)
            && !point.signals.contains(&signal)
        {
            point.signals.push(signal);
        }
    };
    shifts(&places, &mut mark);
    trends(&places, &mut mark);
    near_limits(&places, &mut mark);
    Ok(ProcessChart { centre, points })
}

/// The mean; of percentages of rows, each by its rows.
fn centre(known: &[Observation]) -> f64 {
    let weight = |one: &Observation| one.rows.unwrap_or(1.0);
    let all: f64 = known.iter().map(weight).sum();
    known.iter().map(|one| one.value * weight(one)).sum::<f64>() / all
}

fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}

/// Where a value lies on the chart.
#[derive(Debug, Clone, Copy)]
struct Place {
    value: f64,
    /// How far the limits are from the centre line.
    reach: f64,
    centre: f64,
}

impl Place {
    /// How much of the way to a limit; below the line less than nothing.
    fn share(&self) -> f64 {
        (self.value - self.centre) / self.reach
    }

    fn side(&self) -> Option<Side> {
        let share = self.share();
        match share.abs() <= ON_THE_LINE {
            true => None,
            false => Some(if share > 0.0 { Side::High } else { Side::Low }),
        }
    }

    fn beyond(&self) -> Option<Signal> {
        let is = self.share().abs() > 1.0;
        self.side().filter(|_| is).map(|side| Signal { rule: Rule::Beyond, side })
    }

    fn is_near(&self) -> bool {
        let share = self.share().abs();
        share > NEAR && share <= 1.0
    }
}

/// Marks the runs of places that `step` tells to go the same way, from one place to the next.
fn runs(sides: &[Option<Side>], long: usize, mut found: impl FnMut(std::ops::Range<usize>, Side)) {
    let mut start = 0;
    while let Some(side) = sides.get(start) {
        let run = sides.iter().skip(start).take_while(|other| *other == side).count();
        if let Some(side) = side.filter(|_| run >= long) {
            found(start..start + run, side);
        }
        start += run;
    }
}

fn shifts(places: &[Option<Place>], mark: &mut impl FnMut(usize, Signal)) {
    let sides: Vec<Option<Side>> = places.iter().map(|place| place.as_ref()?.side()).collect();
    runs(&sides, RUN, |run, side| run.for_each(|number| mark(number, Signal { rule: Rule::Shift, side })));
}

fn trends(places: &[Option<Place>], mark: &mut impl FnMut(usize, Signal)) {
    let step = |(a, b): (&Option<Place>, &Option<Place>)| {
        let (a, b) = (a.as_ref()?, b.as_ref()?);
        match a.value.partial_cmp(&b.value)? {
            std::cmp::Ordering::Less => Some(Side::High),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Side::Low),
        }
    };
    let steps: Vec<Option<Side>> = places.iter().zip(places.iter().skip(1)).map(step).collect();
    // Seven points have six steps between them.
    runs(&steps, RUN - 1, |run, side| {
        (run.start..=run.end).for_each(|number| mark(number, Signal { rule: Rule::Trend, side }));
    });
}

fn near_limits(places: &[Option<Place>], mark: &mut impl FnMut(usize, Signal)) {
    for (start, three) in places.windows(3).enumerate() {
        let [Some(a), Some(b), Some(c)] = three else { continue };
        let Some(side) = a.side().filter(|side| b.side() == Some(*side) && c.side() == Some(*side)) else { continue };
        let near = [a, b, c].map(Place::is_near);
        if near.iter().filter(|is| **is).count() >= 2 {
            let numbers = near.iter().enumerate().filter(|(_, is)| **is);
            numbers.for_each(|(number, _)| mark(start + number, Signal { rule: Rule::NearLimit, side }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two packages on 200 series, with what they do otherwise: abspc's factor is 3 / 1.128 and
    /// shewhart's 3 / 1.128379, where NHS England has 2.66; abspc's p-chart takes it that months
    /// scatter as chance has it; shewhart cuts limits off at 0 and 100. None knows gaps otherwise
    /// than we do.
    const SERIES: &str = include_str!("../../../tests/published/spc.tsv");

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * (1.0 + a.abs())
    }

    fn figures(text: &str) -> Vec<Option<f64>> {
        text.split_whitespace().map(|figure| figure.parse().ok()).collect()
    }

    fn series(values: &str, rows: &str) -> Vec<Option<Observation>> {
        let both = figures(values).into_iter().zip(figures(rows));
        both.map(|(value, rows)| value.map(|value| Observation { value, rows })).collect()
    }

    fn marks(chart: &ProcessChart, rule: Rule) -> String {
        let has = |point: &Option<Judgement>| {
            point.as_ref().is_some_and(|point| point.signals.iter().any(|signal| signal.rule == rule))
        };
        chart.points.iter().map(|point| if has(point) { 'x' } else { '.' }).collect()
    }

    #[test]
    fn two_packages_say_the_same_of_200_series() {
        let (mut none, mut between, mut signals, mut shewhart) = (0, 0, 0, 0);
        for line in SERIES.lines().filter(|line| !line.starts_with('#')).skip(1) {
            let [values, rows, centre, low, high, other_low, other_high, rules @ ..] =
                line.split('\t').collect::<Vec<_>>().try_into().unwrap_or([""; 11]);
            let series = series(values, rows);
            let Ok(found) = chart(&series) else {
                none += 1;
                continue;
            };
            assert!(close(found.centre, centre.parse().unwrap()), "{line}");
            let reaches: Vec<f64> = found.points.iter().flatten().map(|point| point.high - found.centre).collect();
            let of_rows = series.iter().flatten().any(|one| one.rows.is_some());
            // Of percentages, how much wider than by chance is the same for all points.
            let ratios: Vec<f64> = figures(high)
                .iter()
                .zip(&reaches)
                .map(|(high, reach)| reach / (high.unwrap() - found.centre))
                .collect();
            let expected = if of_rows { ratios[0] } else { RANGES / (3.0 / 1.128) };
            assert!(ratios.iter().all(|ratio| close(*ratio, expected)), "{ratios:?} {line}");
            assert_eq!(figures(low).len(), figures(high).len());
            for (number, (other_low, other_high)) in figures(other_low).into_iter().zip(figures(other_high)).enumerate()
            {
                let reach = reaches[number] * (3.0 / std::f64::consts::FRAC_2_SQRT_PI) / RANGES;
                let cut = |end: f64| if of_rows { end.clamp(0.0, 100.0) } else { end };
                assert!(close(cut(found.centre - reach), other_low.unwrap()), "{line}");
                assert!(close(cut(found.centre + reach), other_high.unwrap()), "{line}");
                shewhart += 1;
            }
            // A value may lie between a limit by the one factor and by the other.
            let share = |(one, point): (&Observation, &Judgement)| {
                (one.value - found.centre).abs() / (point.high - found.centre)
            };
            let known = || series.iter().flatten().zip(found.points.iter().flatten());
            let at_a_limit = known().map(share).any(|share| (share - 1.0).abs() < 5e-4 || (share - NEAR).abs() < 5e-4);
            between += usize::from(at_a_limit);
            for (rule, said) in [Rule::Beyond, Rule::Shift, Rule::Trend, Rule::NearLimit].into_iter().zip(rules) {
                if said != "-" && !(at_a_limit && matches!(rule, Rule::Beyond | Rule::NearLimit)) {
                    assert_eq!(marks(&found, rule), said, "{rule:?} {line}");
                    signals += said.matches('x').count();
                }
            }
        }
        assert!(none <= 10 && between < 5 && signals > 500 && shewhart > 1000, "{none} {between} {signals} {shewhart}");
    }

    fn values(of: &[f64]) -> Vec<Option<Observation>> {
        of.iter().map(|&value| (!value.is_nan()).then_some(Observation { value, rows: None })).collect()
    }

    #[test]
    fn a_point_on_the_line_and_a_gap_end_a_run() {
        let seven = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
        let above = [9.0, 8.0, 9.0, 8.0, 9.0, 8.0, 9.0];
        let both = chart(&values(&[seven, above].concat())).unwrap();
        assert_eq!(marks(&both, Rule::Shift), "xxxxxxxxxxxxxx");
        let gap = [&seven[..3], &[f64::NAN], &seven[3..], &above].concat();
        assert_eq!(marks(&chart(&values(&gap)).unwrap(), Rule::Shift), "........xxxxxxx");
        // The mean of all is 5.
        let on_the_line = [&[1.0, 1.0, 1.0, 5.0, 1.0, 1.0, 1.0, 1.0][..], &[9.0; 7][..]].concat();
        assert_eq!(marks(&chart(&values(&on_the_line)).unwrap(), Rule::Shift), "........xxxxxxx");
    }

    #[test]
    fn seven_points_are_a_trend_and_six_are_none() {
        let six = [3.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 1.0, 6.0, 1.0, 6.0, 1.0];
        assert_eq!(marks(&chart(&values(&six)).unwrap(), Rule::Trend), "............");
        let seven = [3.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 1.0, 6.0, 1.0, 6.0];
        assert_eq!(marks(&chart(&values(&seven)).unwrap(), Rule::Trend), ".xxxxxxx....");
        let equal = [3.0, 0.0, 1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 1.0, 6.0, 1.0, 6.0];
        assert_eq!(marks(&chart(&values(&equal)).unwrap(), Rule::Trend), "............");
    }

    #[test]
    fn few_values_and_values_that_are_all_alike_have_no_chart() {
        assert_eq!(chart(&[]), Err(NoChart::TooFew(0)));
        assert_eq!(chart(&values(&[1.0, 2.0].repeat(5))), Err(NoChart::TooFew(10)));
        assert_eq!(chart(&values(&[1.0, f64::NAN].repeat(20))), Err(NoChart::TooFew(20)));
        assert_eq!(chart(&values(&[0.1; 24])), Err(NoChart::AllAlike));
        let percent =
            |value: f64| (1..=24).map(|n| Some(Observation { value, rows: Some(f64::from(n)) })).collect::<Vec<_>>();
        for value in [0.0, 100.0, 100.0 / 3.0] {
            assert_eq!(chart(&percent(value)), Err(NoChart::AllAlike));
        }
    }
}
