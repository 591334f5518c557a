//! Percentiles, times until something happens and incidences, against naive calculations in exact
//! fractions, against R's `survfit` on 500 samples (`tests/published/survfit.tsv`), and against a
//! published example.

use crate::oracle::estimate;
use chrono::NaiveDate;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::process::Command;
use yardstick::calendar::Window;
use yardstick::ir::measure::{Followed, Incidence, Percentile, Until};
use yardstick::ir::{At, Expr, ExprKind, Fate, Measure, Missing, Period, Ty};
use yardstick::model::Counted;
use yardstick::scorecard::band::Share;
use yardstick::scorecard::figures::{Figures, figures};
use yardstick::scorecard::rollup::Total;
use yardstick::scorecard::spearman::spearman;

/// The figures of rows with these times and whether it has happened by then.
fn of(percent: u8, censored: bool, times: &[(i64, bool)]) -> Figures {
    let mut total = Total::default();
    for (time, happened) in times {
        let valued = total.values.of(*time);
        valued.rows += 1;
        total.counts.denominator += 1;
        if *happened {
            valued.met += 1;
            total.counts.met += 1;
        }
    }
    let measure = match censored {
        true => Measure::Until(Until { percent, unit: Counted::Days, rows: followed() }),
        false => Measure::Percentile(Percentile { percent, of: day() }),
    };
    figures(&measure, &total, NO_WINDOW)
}

/// The figures of rows with these days and fates.
fn of_fates(rows: &[(i64, Fate)]) -> Figures {
    let mut total = Total::default();
    for (days, fate) in rows {
        total.values.of(fate.after(*days)).rows += 1;
        total.counts.denominator += 1;
        total.counts.met += u64::from(*fate == Fate::Met);
        total.counts.undetermined += u64::from(*fate == Fate::Unclear);
    }
    let by = Period { months: 12, days: 0 };
    let measure = Measure::Incidence(Incidence { of: Expr::truth(), by, rows: followed() });
    figures(&measure, &total, NO_WINDOW)
}

const NO_WINDOW: Window = Window { start: NaiveDate::MIN, end: NaiveDate::MIN };

fn day() -> Expr {
    Expr { kind: ExprKind::AsOf, ty: Ty::Date, missing: Missing::Never, at: At::default() }
}

fn followed() -> Followed {
    Followed { from: day(), to: day(), censor: day() }
}

#[test]
fn estimates_are_those_of_a_naive_calculation() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (mut exact, mut none) = (0, 0);
    for _ in 0..1_500 {
        let (rows, latest, open) = (rng.random_range(0..26), rng.random_range(1..40), rng.random_range(0..70));
        let times: Vec<(i64, bool)> =
            (0..rows).map(|_| (rng.random_range(-2..latest), rng.random_range(0..100) >= open)).collect();
        let values: Vec<i64> = times.iter().map(|(time, _)| *time).collect();
        for percent in [1, 10, 20, 25, 30, 40, 49, 50, 51, 60, 70, 75, 80, 90, 99] {
            let doubled = |figures: Figures| figures.value.map(|v| 2.0 * v.figure());
            let whole = |value: Option<i64>| value.map(|v| v as f64);
            assert_eq!(
                doubled(of(percent, false, &times)),
                whole(estimate::percentile(&values, percent)),
                "percentile {percent} of {values:?}"
            );
            let found = of(percent, true, &times);
            assert_eq!(doubled(found), whole(estimate::until(&times, percent)), "{percent} of {times:?}");
            assert_eq!(found.is_not_estimable(), found.value.is_none() && rows > 0);
            exact += usize::from(found.value.is_some_and(|v| v.figure().fract() != 0.0));
            none += usize::from(found.is_not_estimable());
        }
    }
    assert!(exact > 300 && none > 300, "{exact} values between two times, {none} not estimable");
}

/// Thirty-odd sizes of a cell with long histories, where products of shares are long and come near
/// every percent.
#[test]
fn long_products_are_compared_exactly() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for rows in 100..130 {
        let times: Vec<(i64, bool)> = (0..rows).map(|n| (n / 2, rng.random_range(0..3) > 0)).collect();
        for percent in 1..100 {
            let found = of(percent, true, &times).value.map(|v| 2.0 * v.figure());
            assert_eq!(found, estimate::until(&times, percent).map(|v| v as f64), "{percent} of {times:?}");
        }
    }
}

#[test]
fn incidences_are_those_of_a_naive_calculation() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let (mut between, mut none) = (0, 0);
    for _ in 0..3_000 {
        let (rows, latest, through) = (rng.random_range(0..40), rng.random_range(1..40), rng.random_range(0..3));
        let fate = |rng: &mut ChaCha8Rng| match rng.random_range(0..10) {
            0..4 => Fate::Met,
            4..6 => Fate::Otherwise,
            6 => Fate::Unclear,
            _ => Fate::Censored,
        };
        let followed = (0..rows).map(|_| (rng.random_range(0..latest), fate(&mut rng)));
        let mut all: Vec<(i64, Fate)> = followed.collect();
        all.extend((0..through).map(|n| (latest + n % 2, Fate::Through)));
        let found = of_fates(&all);
        let expected = estimate::incidence(&all);
        match (found.value.map(|v| v.figure()), expected) {
            (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9, "{a} and {b} of {all:?}"),
            (a, b) => assert_eq!(a, b, "{all:?}"),
        }
        assert_eq!(found.denominator.map(Share::figure), Some(all.len() as f64));
        assert_eq!(found.is_not_estimable(), found.value.is_none() && !all.is_empty());
        between += usize::from(found.value.is_some_and(|v| v.figure() > 0.0 && v.figure() < 100.0));
        none += usize::from(found.is_not_estimable());
    }
    assert!(between > 1_500 && none > 300, "{between} values, {none} not estimable");
}

/// One sample and what R says of it.
struct Sample {
    /// Each row's time; 0 when nothing has happened by then, otherwise which of two things.
    rows: Vec<(i64, u8)>,
    /// From so many percent on, the figure of `quantile`.
    quantiles: Vec<(u8, Option<f64>)>,
    /// By percent, the figure by the rule of the printed median where it is another.
    printed: BTreeMap<u8, Option<f64>>,
    /// A time, whether it lies after the last one, and the shares that the two things have happened
    /// to.
    incidence: Vec<(i64, bool, [f64; 2])>,
}

impl Sample {
    fn of(line: &str) -> Self {
        let figure = |text: &str| (text != "-").then(|| text.parse().unwrap());
        let fields: Vec<&str> = line.split('\t').collect();
        let [times, quantiles, printed, incidence] = fields[..] else { panic!("{line}") };
        let row = |text: &str| {
            let (time, how) = text.split_at(text.len() - 1);
            (time.parse().unwrap(), ["+", "a", "b"].iter().position(|h| *h == how).unwrap() as u8)
        };
        let by_percent = |text: &str| -> Vec<(u8, Option<f64>)> {
            let one = |part: &str| part.split_once(':').map(|(percent, f)| (percent.parse().unwrap(), figure(f)));
            text.split_whitespace().map(|part| one(part).unwrap()).collect()
        };
        let at = |text: &str| {
            let parts: Vec<&str> = text.split(':').collect();
            let [time, first, second] = parts[..] else { panic!("{text}") };
            let beyond = time.ends_with('*');
            (time.trim_end_matches('*').parse().unwrap(), beyond, [first, second].map(|f| f.parse().unwrap()))
        };
        Self {
            rows: times.split(' ').map(row).collect(),
            quantiles: by_percent(quantiles),
            printed: by_percent(printed).into_iter().collect(),
            incidence: incidence.split(' ').map(at).collect(),
        }
    }

    fn quantile(&self, percent: u8) -> Option<f64> {
        self.quantiles.iter().rev().find(|(from, _)| *from <= percent).unwrap().1
    }

    /// The fates of the rows, seen from a time on.
    fn by(&self, time: i64, thing: u8) -> Vec<(i64, Fate)> {
        let one = |(at, how): &(i64, u8)| match *how {
            _ if *at > time => (time, Fate::Through),
            0 if *at == time => (time, Fate::Through),
            0 => (*at, Fate::Censored),
            how if how == thing => (*at, Fate::Met),
            _ => (*at, Fate::Otherwise),
        };
        self.rows.iter().map(one).collect()
    }
}

fn samples() -> Vec<Sample> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/survfit.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|l| !l.starts_with('#')).skip(1).map(Sample::of).collect()
}

#[test]
fn every_percentile_of_500_samples_is_that_of_r() {
    let samples = samples();
    assert_eq!(samples.len(), 500);
    let (mut values, mut none, mut between, mut to_the_end) = (0, 0, 0, 0);
    for sample in &samples {
        let times: Vec<(i64, bool)> = sample.rows.iter().map(|(time, how)| (*time, *how > 0)).collect();
        let last = times.iter().map(|(time, _)| *time).max().unwrap() as f64;
        for percent in 1..100 {
            let found = of(percent, true, &times).value.map(|v| v.figure());
            let quantile = sample.quantile(percent);
            let printed = sample.printed.get(&percent).copied().unwrap_or(quantile);
            assert_eq!(found, printed, "{percent} of {times:?}");
            assert_eq!(estimate::until(&times, percent).map(|v| v as f64 / 2.0), printed, "{percent} of {times:?}");
            if quantile != printed {
                // Where the curve stays there to its end, `quantile` goes halfway to the last time
                // of all.
                assert_eq!(quantile, printed.map(|at| (at + last) / 2.0), "{percent} of {times:?}");
                to_the_end += 1;
            }
            values += usize::from(found.is_some());
            none += usize::from(found.is_none());
            between += usize::from(found.is_some_and(|v| !times.contains(&(v as i64, true)) || v.fract() != 0.0));
        }
    }
    println!(
        "{values} values, {between} of them between two times, {to_the_end} where the curve ends flat; {none} none"
    );
    assert!(
        values > 25_000 && none > 10_000 && between > 500 && to_the_end > 50,
        "{values} {none} {between} {to_the_end}"
    );
}

#[test]
fn every_incidence_of_500_samples_is_that_of_r() {
    let (mut values, mut none) = (0, 0);
    for sample in samples() {
        for (time, beyond, shares) in &sample.incidence {
            for (thing, share) in [1, 2].into_iter().zip(shares) {
                let rows = sample.by(*time, thing);
                let found = of_fates(&rows).value.map(|v| v.figure() / 100.0);
                let oracle = estimate::incidence(&rows).map(|v| v / 100.0);
                let last = sample.rows.iter().map(|(at, _)| *at).max().unwrap();
                // R goes on after the last time when it is told to; that is known only where nobody
                // is left by then.
                let known = !beyond || !sample.rows.contains(&(last, 0));
                for found in [found, oracle] {
                    let same = found.is_some_and(|f| (f - share).abs() < 1e-12);
                    assert!(
                        if known { same } else { found.is_none() },
                        "{found:?}, R {share} at {time} of {:?}",
                        sample.rows
                    );
                }
                values += usize::from(known);
                none += usize::from(!known);
            }
        }
    }
    assert!(values > 4_000 && none > 300, "{values} values, {none} beyond what is known");
}

/// Boundary days, rows that are lost sight of, mistakes in rows, and rows that belong to nobody.
#[test]
fn what_is_followed_in_the_shipped_world() {
    tests_pass(&["indicators/model.ind", "indicators/codes.ind", "tests/followed"]);
}

/// Mid-ranks, the coefficient and its interval, and what has none.
#[test]
fn every_rank_correlation_of_300_samples_is_that_of_r() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/published/spearman.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let (mut values, mut none, mut without_interval) = (0, 0, 0);
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let [x, y, figures @ ..] = line.split('\t').collect::<Vec<_>>().try_into().unwrap_or([""; 5]);
        let series = |text: &str| text.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<f64>>();
        let pairs: Vec<(f64, f64)> = series(x).into_iter().zip(series(y)).collect();
        let [rho, low, high] = figures.map(|figure| figure.parse::<f64>().ok());
        let found = spearman(&pairs).ok();
        let ends = found.and_then(|found| found.interval).map(|i| [i.low, i.high]);
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (None, None) => true,
            (a, b) => a.zip(b).is_some_and(|(a, b)| (a - b).abs() < 1e-12),
        };
        assert!(near(found.map(|found| found.rho), rho), "{found:?}, R {line}");
        assert!(near(ends.map(|ends| ends[0]), low) && near(ends.map(|ends| ends[1]), high), "{found:?}, R {line}");
        values += usize::from(ends.is_some());
        none += usize::from(found.is_none());
        without_interval += usize::from(found.is_some() && ends.is_none());
    }
    assert!(values > 150 && none > 50 && without_interval > 3, "{values} {none} {without_interval}");
}

#[test]
fn published_examples_are_met() {
    tests_pass(&["tests/published"]);
}

fn tests_pass(files: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .arg("test")
        .args(files)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert!(done.status.success() && said.trim_end().ends_with(" passed, 0 failed"), "{said}");
}
