//! Pairs of an indicator and data, put to the engine and to the row-by-row evaluator: what differs,
//! and what the pairs were like.

use super::compare;
use crate::generated::indicator;
use crate::generated::world::Files;
use crate::generated::{Generated, Text, parsed};
use std::collections::BTreeSet;
use std::sync::Mutex;
use yardstick::ir::{Expr, ExprKind, Fate, Indicator, LinkedQuery, Measure, reads};
use yardstick::model::Model;
use yardstick::run::{Counts, Measured};

pub(crate) fn all_texts(model: &str, texts: &[Text]) -> Vec<String> {
    std::iter::once(model.to_owned()).chain(texts.iter().map(ToString::to_string)).collect()
}

/// What is wrong with one indicator on one set of files; `None` when nothing is, or the text is not
/// accepted.
pub(crate) fn failure(model: &str, text: &Text, files: &Files) -> Option<String> {
    let program = parsed::program(&all_texts(model, std::slice::from_ref(text))).ok()?;
    let program = indicator::broken_down(&program, std::slice::from_ref(text));
    let (store, world) = compare::both(&program.model, files);
    if let Some(rows) = compare::rows_differ(&program.model, &store, &world) {
        return Some(rows);
    }
    let windows = vec![compare::windows(&program, 0, files.as_of)];
    let measured = match compare::measure(&program, &store, files.as_of, &windows, &[0]) {
        Ok(measured) => measured,
        Err(said) => return Some(said),
    };
    (0..windows[0].len())
        .find_map(|n| compare::difference(&program, &store, &world, files.as_of, &measured[0], Some(n)))
}

/// The first indicator of a generated set that engine and oracle do not agree on.
pub(crate) fn first_disagreement(made: &Generated, told: &Mutex<Told>) -> Option<(usize, String)> {
    let Generated { program, files, seed, .. } = made;
    let (store, world) = compare::both(&program.model, files);
    if let Some(rows) = compare::rows_differ(&program.model, &store, &world) {
        return Some((0, rows));
    }
    let all: Vec<usize> = (0..program.indicators.len()).collect();
    let windows: Vec<_> = all.iter().map(|n| compare::windows(program, *n, files.as_of)).collect();
    match compare::measure(program, &store, files.as_of, &windows, &all) {
        Ok(measured) => measured.iter().enumerate().find_map(|(n, measured)| {
            told.lock().unwrap().count(&program.model, &program.indicators[measured.indicator], measured);
            let cases_of = Some((*seed as usize + n) % measured.windows.len());
            Some((n, compare::difference(program, &store, &world, files.as_of, measured, cases_of)?))
        }),
        Err(said) => {
            let one = |n: &usize| compare::measure(program, &store, files.as_of, &windows[*n..=*n], &[*n]).is_err();
            Some((all.into_iter().find(one).unwrap_or(0), said))
        }
    }
}

/// What the pairs were like: a comparison of nothing with nothing shows nothing.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) indicators: usize,
    pub(crate) with_rows: usize,
    pub(crate) with_met_and_unmet: usize,
    pub(crate) with_undetermined: usize,
    pub(crate) with_excluded: usize,
    pub(crate) with_unsure: usize,
    /// Unsure rows that are counted, and that are not.
    pub(crate) with_leaving: usize,
    pub(crate) with_coming: usize,
    /// Rows that went and may belong, and such as may stand in the place of any.
    pub(crate) with_unread: usize,
    pub(crate) with_instead: usize,
    /// Of which every level is measured by itself, and figures that differ between levels.
    pub(crate) by_level: usize,
    pub(crate) with_different_levels: usize,
    /// Times of which some have come to their end and some have not.
    pub(crate) with_censored: usize,
    /// Incidences, and those whose rows have come to the ends of their times in several ways.
    pub(crate) incidences: usize,
    pub(crate) with_several_fates: usize,
    /// Questions about the rows of somebody who may be missing.
    pub(crate) without_owner: usize,
    /// Questions about all rows of a table, whatever they link to.
    pub(crate) of_all_rows: usize,
    /// Broken down, by who holds the row, by two at once, with rows in several groups, and with
    /// rows whose group is known and others whose group is not.
    pub(crate) broken_down: usize,
    pub(crate) by_holder: usize,
    pub(crate) crossed: usize,
    pub(crate) with_several_groups: usize,
    pub(crate) with_some_not_known: usize,
}

impl Told {
    fn count(&mut self, model: &Model, indicator: &Indicator, measured: &Measured) {
        let measure = &indicator.measure;
        let tables = reads::row_tables(indicator);
        let of_nobody = |q: &LinkedQuery| q.via.is_some() && model.may_lead_nowhere(tables[&q.owner], &q.owner_links);
        let asks = |e: &Expr| e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if of_nobody(q)));
        self.without_owner += usize::from(indicator.expressions().any(asks));
        let of_all = |e: &Expr| e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if q.via.is_none()));
        self.of_all_rows += usize::from(indicator.expressions().any(of_all));
        if let Some(split) = &indicator.split {
            let groups: BTreeSet<usize> = measured.parts.iter().map(|part| part.group).collect();
            self.broken_down += 1;
            let by_holder = groups.len() > 1 && indicator.groups().any(|e| !e.holders().is_empty());
            self.by_holder += usize::from(by_holder);
            self.crossed += usize::from(split.by.len() > 1);
            self.with_several_groups += usize::from(groups.len() > 1);
            self.with_some_not_known += usize::from(groups.len() > 1 && groups.contains(&(split.groups() - 1)));
        }
        if matches!(measure, Measure::Incidence(_)) {
            let fates: BTreeSet<Fate> = measured.parts.iter().filter_map(|p| p.value).map(|v| Fate::of(v).1).collect();
            self.incidences += 1;
            self.with_several_fates += usize::from(fates.len() > 1);
        }
        let mut all = Counts::default();
        measured.parts.iter().for_each(|part| all.add(&part.counts));
        self.indicators += 1;
        self.with_rows += usize::from(all.cohort > 0);
        let met_and_unmet = all.met > 0 && all.met + all.undetermined < all.denominator;
        self.with_met_and_unmet += usize::from(met_and_unmet);
        self.with_censored += usize::from(met_and_unmet && matches!(measure, Measure::Until(_)));
        self.with_undetermined += usize::from(all.undetermined > 0);
        self.with_excluded += usize::from(all.excluded_total() > 0);
        self.with_unread += usize::from(all.unread() > 0);
        self.with_instead += usize::from(all.doubt.as_ref().is_some_and(|doubt| doubt.instead > 0));
        if let Some(doubt) = all.doubt.as_ref().filter(|doubt| doubt.rows > 0) {
            self.with_unsure += 1;
            self.with_leaving += usize::from(doubt.takes != [0, 0]);
            self.with_coming += usize::from(doubt.brings != [0, 0]);
        }
        if measured.parts.iter().any(|part| part.level.is_some()) {
            let of = |level| {
                let mut of_level = Counts::default();
                let parts = measured.parts.iter().filter(|part| part.level == Some(level));
                parts.for_each(|part| of_level.add(&part.counts));
                of_level
            };
            self.by_level += 1;
            self.with_different_levels += usize::from((1..4).any(|level| of(level) != of(0) && of(level).cohort > 0));
        }
    }
}
