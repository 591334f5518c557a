//! Percentiles, and times until something happens, against naive calculations in exact fractions, and against a published example.

use crate::oracle::estimate;
use chrono::NaiveDate;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::process::Command;
use yardstick::calendar::Window;
use yardstick::ir::{Expr, ExprKind, Measure, Missing, Ty};
use yardstick::model::Counted;
use yardstick::scorecard::figures::{Figures, figures};
use yardstick::scorecard::rollup::Total;

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
    let day = || Expr { kind: ExprKind::AsOf, ty: Ty::Date, missing: Missing::Never };
    let measure = match censored {
        true => Measure::Until { percent, unit: Counted::Days, from: day(), to: day() },
        false => Measure::Percentile { percent, of: day() },
    };
    let window = Window { start: NaiveDate::default(), end: NaiveDate::default() };
    figures(&measure, &total, window)
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

/// Thirty-odd sizes of a cell with long histories, where products of shares are long and come near every percent.
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
fn published_examples_are_met() {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(["test", "tests/published"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert!(done.status.success() && said.trim_end().ends_with(" passed, 0 failed"), "{said}");
}
