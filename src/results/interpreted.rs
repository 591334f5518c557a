//! What the evaluator found of single rows, as counts.

use crate::counts::{Counts, Doubt};
pub use crate::elsewhere::Hold;
use crate::elsewhere::{self, Judged};
use crate::scorecard::Band;
use crate::scorecard::band::{Limits, Share};
use crate::scorecard::figures::figures;
use crate::scorecard::judge;
use crate::scorecard::rollup::Total;
use std::collections::BTreeSet;
use yardstick_language::calendar::Window;
use yardstick_language::interpret::Verdict;
use yardstick_language::ir::{Indicator, Outcome};

/// How one at a level, by its number in the level's table, holds a row; `None` stands for nobody,
/// and at the whole for all.
#[must_use]
pub fn hold(row: &Verdict, level: usize, whose: Option<usize>) -> Option<Hold> {
    let Some(below) = level.checked_sub(1) else { return Some(Hold::Surely) };
    let others = row.others.get(below);
    if row.entities.get(below).copied().flatten() == whose {
        return Some(if others.is_none_or(BTreeSet::is_empty) { Hold::Surely } else { Hold::SoFar });
    }
    others.filter(|others| others.contains(&whose)).map(|_| Hold::Perhaps)
}

/// Whether a row counts in a group for one that holds it so: in which it would be for another is
/// not known where groups are made by who holds a row.
#[must_use]
pub fn is_in_group(indicator: &Indicator, row: &Verdict, hold: Hold, group: usize) -> bool {
    row.group == group || hold == Hold::Perhaps && elsewhere::has_groups_by_holder(indicator)
}

/// The counts of one row for one that holds it so, and the value under which it is counted there.
pub(crate) fn counted(indicator: &Indicator, row: &Verdict, hold: Hold) -> (Counts, Option<i64>) {
    let value = value(indicator, row).filter(|_| hold != Hold::Perhaps);
    (counts_of(indicator, row, hold), value)
}

/// The counts of one row for one that holds it so, in a level below the whole or in it.
fn counts_of(indicator: &Indicator, row: &Verdict, hold: Hold) -> Counts {
    match hold {
        Hold::Surely => counts(indicator, row),
        Hold::SoFar => {
            let mut all = counts(indicator, row);
            all.add(&doubt_of_holder(indicator, row, hold));
            all
        }
        Hold::Perhaps => doubt_of_holder(indicator, row, hold),
    }
}

/// What a row adds to the counts of one of whom it is not known whether it holds the row.
#[must_use]
pub fn doubt_of_holder(indicator: &Indicator, row: &Verdict, hold: Hold) -> Counts {
    let judged = Judged {
        outcome: &row.outcome,
        would: &row.would,
        unsure: row.unsure,
        comes: row.comes,
        amount: row.amount,
        exposure: row.exposure,
    };
    match hold {
        Hold::Surely => Counts::NONE,
        Hold::SoFar => elsewhere::may_leave(indicator, &judged),
        Hold::Perhaps => elsewhere::may_come(indicator, &judged),
    }
}

/// What some rows of one window come to for one that holds them.
#[must_use]
pub fn total<'v>(indicator: &Indicator, rows: impl IntoIterator<Item = (&'v Verdict, Hold)>) -> Total {
    let mut total = Total::default();
    for (row, hold) in rows {
        let (counts, value) = counted(indicator, row, hold);
        if let Some(value) = value {
            let valued = total.values.of(value);
            valued.rows += counts.denominator;
            valued.met += counts.met;
        }
        total.counts.add(&counts);
    }
    total
}

/// The value under which a row is counted, where values do not add up: that of a percentile, the
/// time until something happens, the days and the fate of an incidence.
#[must_use]
pub fn value(indicator: &Indicator, row: &Verdict) -> Option<i64> {
    let by_value = !indicator.measure.is_additive();
    row.amount.filter(|_| by_value && is_held(row)).map(|value| row.fate.map_or(value, |fate| fate.after(value)))
}

/// Whether a row is in the cohort, though it may have to leave it.
fn is_held(row: &Verdict) -> bool {
    !matches!(row.outcome, Outcome::Unsure | Outcome::Unread)
}

/// The counts of one row.
#[must_use]
pub fn counts(indicator: &Indicator, row: &Verdict) -> Counts {
    let mut counts = Counts { excluded: vec![0; indicator.exclusions.len()], ..Counts::default() };
    if row.unsure || row.outcome == Outcome::Unread {
        counts.doubt = Some(Box::new(doubt(indicator, row)));
    }
    counts.cohort = u64::from(is_held(row));
    let stays = !matches!(row.outcome, Outcome::Excluded(_));
    let counts_days = indicator.measure.kind().has_exposure() && stays && row.comes;
    counts.unexposed = u64::from(counts_days && row.exposure.is_none());
    match &row.outcome {
        Outcome::Excluded(reason) => {
            let mut reasons = indicator.exclusions.iter().zip(&mut counts.excluded);
            if let Some((_, excluded)) = reasons.find(|(exclusion, _)| Some(&exclusion.reason) == reason.as_ref()) {
                *excluded = 1;
            }
        }
        Outcome::Unsure | Outcome::Unread => {}
        Outcome::Met | Outcome::Unmet | Outcome::Counted | Outcome::Undetermined | Outcome::NotCounted => {
            counts.amount = row.amount.filter(|_| indicator.measure.is_additive()).unwrap_or(0);
            counts.exposure = row.exposure.unwrap_or(0);
            counts.denominator = 1;
            counts.met = u64::from(row.outcome == Outcome::Met);
            counts.undetermined = u64::from(row.outcome == Outcome::Undetermined);
        }
    }
    counts
}

/// What an unsure row would take away, or bring.
fn doubt(indicator: &Indicator, row: &Verdict) -> Doubt {
    let went = row.outcome == Outcome::Unread;
    let comes = went || row.outcome == Outcome::Unsure;
    let rows = Doubt {
        rows: u64::from(!went),
        unread: u64::from(went),
        instead: u64::from(went && row.anybodys),
        ..Doubt::default()
    };
    if !row.comes {
        return rows;
    }
    let Doubt { takes, brings, blank, .. } =
        elsewhere::doubt_of_row(indicator.measure.kind().summary(), comes, &row.would, row.amount, row.exposure);
    Doubt { takes, brings, blank, ..rows }
}

/// Each form in which a test can expect what rows of the whole come to in a window: `1 of 2`,
/// `1 of 2, red`, `value 50 of 2`. Figures have four decimals at most.
#[must_use]
pub fn expected(indicator: &Indicator, window: Window, rows: &[Verdict]) -> Vec<String> {
    let total = total(indicator, rows.iter().map(|row| (row, Hold::Surely)));
    let figures = figures(&indicator.measure, &total, window);
    let of = figures.denominator.map_or_else(|| "0".to_owned(), written);
    let above = figures.numerator.map(|above| format!("{} of {of}", written(above)));
    let value = match figures.value {
        Some(value) => Some(format!("value {} of {of}", written(value))),
        None if figures.is_not_estimable() => Some(format!("not estimable of {of}")),
        None => None,
    };
    let standard = indicator.standard_on(window.last_day()).and_then(Limits::of);
    let colour = standard.map(|standard| match judge::colour(indicator, Some(standard), &figures) {
        Some(Band::Green) => "green",
        Some(Band::Yellow) => "yellow",
        Some(Band::Red) => "red",
        None => "no colour",
    });
    let first = above.clone().or_else(|| value.clone()).unwrap_or_else(|| format!("0 of {of}"));
    let coloured = colour.map(|colour| format!("{first}, {colour}"));
    std::iter::once(first).chain(coloured).chain(value).collect()
}

/// A figure with as many decimals as a test needs: none where it is whole.
fn written(share: Share) -> String {
    let figure = share.figure();
    if figure.fract() == 0.0 { format!("{figure:.0}") } else { format!("{figure:.4}") }
}
