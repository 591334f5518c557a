//! The rows that a book suggests for review.

use crate::cli::case_data::{self, CaseData};
use crate::cli::case_table::{self, List, MISSING};
use crate::cli::failure::Failure;
use crate::run::{self, Case};
use crate::scorecard::Judged;
use crate::scorecard::review::{Review, against, first_by_hash};
use std::collections::BTreeMap;

/// Columns of a list of rows that say nothing of rows that are chosen by their outcome.
const ALIKE: [&str; 3] = ["outcome", "unsure", "reason"];

/// For each column the rows of each entity.
pub(super) struct Reviews(Vec<BTreeMap<usize, Review>>);

impl Reviews {
    /// The rows of these entities, `n` of each indicator; the rows of an indicator are gone through
    /// once for all of them.
    pub(super) fn of(
        judged: &Judged,
        case_data: &CaseData,
        (entities, level): (&[usize], usize),
        (n, seed): (usize, Option<&str>),
    ) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for &number in &judged.indicators {
            let chosen =
                if n == 0 { BTreeMap::new() } else { chosen(judged, number, case_data, (entities, level), (n, seed))? };
            all.push(chosen);
        }
        Ok(Self(all))
    }

    /// Those of an entity, column by column.
    pub(super) fn of_entity(&self, entity: usize) -> Vec<Option<Review>> {
        self.0.iter().map(|of| of.get(&entity).cloned()).collect()
    }
}

fn chosen(
    judged: &Judged,
    number: usize,
    case_data: &CaseData,
    (entities, level): (&[usize], usize),
    (n, seed): (usize, Option<&str>),
) -> Result<BTreeMap<usize, Review>, Failure> {
    let (program, hierarchy, as_of) = (&judged.program, &judged.hierarchy, case_data.as_of());
    let Some(indicator) = program.indicators.get(number) else { return Ok(BTreeMap::new()) };
    let (Some(outcome), Some(window)) = (against(indicator), judged.latest_window(number)) else {
        return Ok(BTreeMap::new());
    };
    let store = &case_data.loaded.store;
    let mut cases = run::cases(program, number, store, as_of, window, level, &case_data.running())
        .map_err(|e| case_data::failed(&e))?;
    cases.retain(|case| case.outcome == outcome);
    let mut held: BTreeMap<usize, Vec<Case>> = entities.iter().map(|&entity| (entity, Vec::new())).collect();
    for case in cases {
        let holder = hierarchy.holder_of(level, &case.entities);
        if let Some(of) = holder.and_then(|holder| held.get_mut(&holder)) {
            of.push(case);
        }
    }
    let word = case_table::word(&outcome);
    let review = |(entity, cases): (usize, Vec<Case>)| {
        let id = hierarchy.entities.get(entity).map_or("", |of| of.id.as_str());
        let own = format!("{id}/{}/{}", indicator.id, window.last_day());
        let seed = seed.map_or_else(|| own.clone(), |seed| format!("{seed}/{own}"));
        let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        let places = first_by_hash(&seed, &ids, n);
        let chosen: Vec<Case> = places.iter().filter_map(|place| cases.get(*place).cloned()).collect();
        let list = List {
            indicator,
            hierarchy,
            entity,
            window,
            as_of,
            provisional: None,
            cases: &chosen,
            word: case_table::word,
        };
        let rows = chosen.iter().map(|case| {
            list.read_cells(case).into_iter().filter(|(name, _)| !ALIKE.contains(&name.as_str())).collect::<Vec<_>>()
        });
        let rows: Vec<_> = rows.collect();
        let head = rows.first().map(|row| row.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default();
        let texts = |row: Vec<(String, Option<String>)>| {
            row.into_iter().map(|(_, text)| text.unwrap_or_else(|| MISSING.to_owned())).collect()
        };
        let rows = rows.into_iter().map(texts).collect();
        (entity, Review { outcome: word, seed, of: cases.len(), head, rows })
    };
    Ok(held.into_iter().map(review).collect())
}
