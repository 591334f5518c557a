//! An attacker who has result rows, of one publication or of several, and knows who is below whom.

use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// More rows than there are.
const MANY: i64 = 1_000_000;
/// All, met, not met.
const KINDS: usize = 3;

/// An entity, the first of its blocks, and the block after the last.
type Run = (usize, usize, usize);

/// The least and the most of each figure.
type Bounds = BTreeMap<Run, [(i64, i64); KINDS]>;

/// Whose cell, the first day, and the day after the last.
type Days = (usize, NaiveDate, NaiveDate);

/// A figure that must be what it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Secret {
    pub(crate) of: String,
    pub(crate) figure: i64,
}

/// What is known: figures of entities in windows, each a run of blocks of days.
pub(crate) struct Attack {
    names: Vec<String>,
    below: Vec<Vec<usize>>,
    /// The first day of each block, and the end of the last.
    cuts: Vec<NaiveDate>,
    /// Each cell by its entity and its blocks: its figures where they are shown.
    cells: BTreeMap<Run, Option<[i64; KINDS]>>,
    /// What differs between two publications of the same cell.
    corrections: Vec<Secret>,
}

type Cells = BTreeMap<Days, Option<[i64; KINDS]>>;

impl Attack {
    pub(crate) fn of(tree: &BTreeMap<String, Vec<String>>, publications: &[&str]) -> Self {
        let names: Vec<String> = tree.keys().cloned().collect();
        let place = |name: &String| names.iter().position(|of| of == name);
        let below = tree.values().map(|below| below.iter().filter_map(place).collect()).collect();
        let (mut known, mut corrections): (Cells, Vec<Secret>) = (BTreeMap::new(), Vec::new());
        for text in publications {
            for (cell, figures) in cells(&names, text) {
                let Some(before) = known.insert(cell, figures) else { continue };
                for (now, before) in before.iter().flatten().zip(figures.iter().flatten()) {
                    corrections.push(Secret { of: format!("correction of {cell:?}"), figure: (now - before).abs() });
                }
            }
        }
        let cuts: BTreeSet<NaiveDate> = known.keys().flat_map(|(_, first, end)| [*first, *end]).collect();
        let cuts: Vec<NaiveDate> = cuts.into_iter().collect();
        let cut = |day: &NaiveDate| cuts.iter().position(|of| of == day).unwrap();
        let cells = known.iter().map(|((node, first, end), of)| ((*node, cut(first), cut(end)), *of)).collect();
        Self { names, below, cuts, cells, corrections }
    }

    /// How many cells show their figures.
    pub(crate) fn shown(&self) -> usize {
        self.cells.values().flatten().count()
    }

    /// All that can be worked out, and is not shown as it is.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut found = self.corrections.clone();
        (0..KINDS).for_each(|kind| found.extend(self.solved(kind)));
        found.extend(self.bounded());
        found
    }

    fn blocks(&self) -> usize {
        self.cuts.len().saturating_sub(1)
    }

    fn leaves(&self, node: usize) -> Vec<usize> {
        match self.below[node].as_slice() {
            [] => vec![node],
            below => below.iter().flat_map(|of| self.leaves(*of)).collect(),
        }
    }

    fn named(&self, what: &str, node: usize, (first, end): (usize, usize)) -> String {
        format!("{what} of {} from {} to {}", self.names[node], self.cuts[first], self.cuts[end])
    }

    /// A sum over entities and blocks, in the figures of the smallest entities in each block.
    fn sum(&self, nodes: &[usize], (first, end): (usize, usize)) -> Vec<f64> {
        let mut row = vec![0.0; self.names.len() * self.blocks() + 1];
        for leaf in nodes.iter().flat_map(|node| self.leaves(*node)) {
            (first..end).for_each(|block| row[leaf * self.blocks() + block] += 1.0);
        }
        row
    }

    /// The figures, of any entity and any run of blocks, that the shown ones determine as sums and
    /// differences; and of those that are hidden below a shown one together.
    fn solved(&self, kind: usize) -> Vec<Secret> {
        let mut rows = Vec::new();
        for ((node, first, end), figures) in &self.cells {
            let Some(figures) = figures else { continue };
            let mut row = self.sum(&[*node], (*first, *end));
            *row.last_mut().unwrap() = figures[kind] as f64;
            rows.push(row);
        }
        // The last column is what the rows come to.
        let known = rows.first().map_or(0, Vec::len).saturating_sub(1);
        let pivots = eliminate(&mut rows, known);
        let mut asked: Vec<(String, Vec<f64>)> = Vec::new();
        for node in 0..self.names.len() {
            for first in 0..self.blocks() {
                // Longer runs are of these, or of no window.
                for end in [1, 2, 3, 6, 12].map(|run| first + run).into_iter().filter(|end| *end <= self.blocks()) {
                    asked.push((self.named("sum", node, (first, end)), self.sum(&[node], (first, end))));
                }
            }
        }
        for (node, first, end) in self.cells.keys() {
            let hidden = |of: &&usize| self.cells.get(&(**of, *first, *end)) == Some(&None);
            let hidden: Vec<usize> = self.below[*node].iter().filter(hidden).copied().collect();
            asked.push((self.named("hidden below", *node, (*first, *end)), self.sum(&hidden, (*first, *end))));
        }
        let mut found = Vec::new();
        for (of, mut row) in asked {
            for (at, pivot) in &pivots {
                let times = row[*pivot];
                if times.abs() > 1e-9 {
                    row.iter_mut().zip(&rows[*at]).for_each(|(n, by)| *n -= times * by);
                }
            }
            let (value, left) = row.split_last().unwrap();
            if left.iter().all(|n| n.abs() < 1e-6) {
                found.push(Secret { of: format!("{of}, figure {kind}"), figure: -value.round() as i64 });
            }
        }
        found
    }

    /// The figures, of any entity and block or window, of which the least and the most are the
    /// same.
    fn bounded(&self) -> Vec<Secret> {
        // Each entity in each block, and in each window that was published of anybody.
        let runs: BTreeSet<(usize, usize)> = self.cells.keys().map(|(_, first, end)| (*first, *end)).collect();
        let single = (0..self.blocks()).map(|block| (block, block + 1));
        let runs: Vec<(usize, usize)> = runs.into_iter().chain(single).collect::<BTreeSet<_>>().into_iter().collect();
        let mut bounds: Bounds = BTreeMap::new();
        let mut sums: Vec<(Run, Vec<Run>)> = Vec::new();
        for node in 0..self.names.len() {
            for &(first, end) in &runs {
                let cell = (node, first, end);
                let known = match self.cells.get(&cell) {
                    Some(Some(figures)) => figures.map(|n| (n, n)),
                    // What counts nothing is shown.
                    Some(None) => [(1, MANY), (0, MANY), (0, MANY)],
                    None => [(0, MANY); KINDS],
                };
                bounds.insert(cell, known);
                if !self.below[node].is_empty() {
                    sums.push((cell, self.below[node].iter().map(|below| (*below, first, end)).collect()));
                }
                if end > first + 1 {
                    sums.push((cell, (first..end).map(|block| (node, block, block + 1)).collect()));
                }
            }
        }
        // Most is known after a few rounds; each round is right by itself.
        for _ in 0..40 {
            let before = bounds.clone();
            for (above, parts) in &sums {
                (0..KINDS).for_each(|kind| tighten(&mut bounds, kind, *above, parts));
            }
            for [all, met, unmet] in bounds.values_mut() {
                *all = (all.0.max(met.0 + unmet.0), all.1.min(met.1 + unmet.1));
                *met = (met.0.max(all.0 - unmet.1), met.1.min(all.1 - unmet.0));
                *unmet = (unmet.0.max(all.0 - met.1), unmet.1.min(all.1 - met.0));
            }
            if bounds == before {
                break;
            }
        }
        let mut found = Vec::new();
        for ((node, first, end), kinds) in bounds {
            let determined = kinds.into_iter().enumerate().filter(|(_, (low, high))| low == high);
            found.extend(determined.map(|(kind, (figure, _))| Secret {
                of: format!("{}, figure {kind}", self.named("bounds", node, (first, end))),
                figure,
            }));
        }
        found
    }
}

/// Of a sum and its parts, what each must be by the others.
fn tighten(bounds: &mut Bounds, kind: usize, above: Run, parts: &[Run]) {
    let total = |end: fn((i64, i64)) -> i64| parts.iter().map(|part| end(bounds[part][kind])).sum::<i64>();
    let (least, most) = (total(|b| b.0), total(|b| b.1));
    let (low, high) = bounds[&above][kind];
    let (low, high) = (low.max(least), high.min(most));
    bounds.get_mut(&above).unwrap()[kind] = (low, high);
    for part in parts {
        let own = &mut bounds.get_mut(part).unwrap()[kind];
        *own = (own.0.max(low - (most - own.1)), own.1.min(high - (least - own.0)));
    }
}

/// The cells of result rows: whose, the first day, the day after the last, and the figures.
fn cells(names: &[String], text: &str) -> Vec<(Days, Option<[i64; KINDS]>)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|of| of == name).unwrap();
    let columns = ["entity_id", "window_start", "window_end", "state", "denominator", "numerator"].map(column);
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let [id, first, last, state, all, met] = columns.map(|at| record.get(at).unwrap());
        let Some(node) = names.iter().position(|name| name == id) else { continue };
        let number = |text: &str| text.parse::<f64>().unwrap_or_default() as i64;
        let figures = match state {
            "suppressed" => None,
            "value" | "no_cases" | "too_few" => Some([number(all), number(met), number(all) - number(met)]),
            _ => continue,
        };
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        found.push(((node, day(first), day(last).succ_opt().unwrap()), figures));
    }
    found
}

/// Gauss and Jordan over the first columns: each row that is not 0 in them with a leading 1 that no
/// other row has; gives back the row and the column of each.
pub(crate) fn eliminate(rows: &mut [Vec<f64>], columns: usize) -> Vec<(usize, usize)> {
    let mut pivots = Vec::new();
    for column in 0..columns {
        let next = pivots.len();
        let Some(pivot) = (next..rows.len()).find(|&r| rows[r][column].abs() > 1e-9) else { continue };
        rows.swap(next, pivot);
        let scale = rows[next][column];
        rows[next].iter_mut().for_each(|n| *n /= scale);
        let by = rows[next].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, row)| *at != next && row[column] != 0.0) {
            let times = row[column];
            row.iter_mut().zip(&by).for_each(|(n, by)| *n -= times * by);
        }
        pivots.push((next, column));
    }
    pivots
}
