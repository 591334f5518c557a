//! Nobody gets back what a scorecard for readers outside hides: on made-up trees, two attackers who
//! see everything that is shown, at every level, and know who was below whom, try it.
//!
//! `YARDSTICK_TREES=100000 cargo test --release hidden` tries more than the ordinary 3,000 trees.

use crate::generated::parsed;
use crate::publications::attack::eliminate;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::sync::Arc;
use yardstick::counts::{CountRow, Counts, Doubt, Measured};
use yardstick::hierarchy::Entity;
use yardstick::ir::Program;
use yardstick::scorecard::Complete;
use yardstick::scorecard::judge::{self, Table};
use yardstick::scorecard::{
    BrokenDown, Heading, Hierarchy, Judged, Judging, Selection, State, suppress, suppress_groups,
};

const LIMIT: u64 = 11;
/// More rows than any tree has.
const MANY: i64 = 100_000;

const TEXT: &str = r#"
levels town > ward > street > house
table ward { ward_id key }
table street { street_id key  ward -> ward }
table house { house_id key  street -> street }
table visit { visit_id key  house -> house  came_on date  seen bool? }
indicator seen_share {
  window     month
  cohort     visit where came_on in window
  exclude    "late" came_on after window.last_day
  numerator  seen
  attribute  house at came_on
  standard   at least 50%
}
"#;

/// A tree with rows, and what is hidden of it.
struct Case {
    hierarchy: Hierarchy,
    parts: Vec<CountRow>,
    table: Table,
}

/// An entity of this level, by its number there.
pub(crate) fn entity(level: usize, row: usize, parent: Option<usize>) -> Entity {
    Entity {
        level,
        row: Some(row as i32),
        id: format!("e{level}.{row}"),
        name: String::new(),
        parent,
        group: None,
        left: None,
    }
}

/// Up to three levels of a few entities each. `moves` lets rows of a house be below another street
/// as well, and whole branches be unassigned.
fn case(program: &Program, seed: u64, moves: bool) -> (Case, Measured) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut entities = Vec::new();
    let wards = rng.random_range(1..=4);
    entities.extend((0..wards).map(|w| entity(1, w, None)));
    let streets: Vec<usize> = (0..wards).flat_map(|w| vec![w; rng.random_range(1..=4)]).collect();
    entities.extend(streets.iter().enumerate().map(|(s, &w)| entity(2, s, Some(w))));
    let houses: Vec<usize> = (0..streets.len()).flat_map(|s| vec![s; rng.random_range(0..=5)]).collect();
    entities.extend(houses.iter().enumerate().map(|(h, &s)| entity(3, h, Some(wards + s))));
    let hierarchy = Hierarchy::new(["town", "ward", "street", "house"].map(String::from).to_vec(), entities);
    let mut parts: Vec<CountRow> = Vec::new();
    let mut add = |rng: &mut ChaCha8Rng, chain: [Option<usize>; 3]| {
        let entities: Arc<[Option<i32>]> = chain.iter().map(|e| e.map(|e| e as i32)).collect();
        if !parts.iter().any(|p| p.entities == entities) {
            parts.push(CountRow { window: 0, entities, group: 0, level: None, value: None, counts: counts(rng) });
        }
    };
    for (house, &street) in houses.iter().enumerate() {
        add(&mut rng, [Some(streets[street]), Some(street), Some(house)]);
        if moves && rng.random_bool(0.2) {
            let other = rng.random_range(0..streets.len());
            add(&mut rng, [Some(streets[other]), Some(other), Some(house)]);
        }
    }
    if rng.random_bool(0.5) {
        add(&mut rng, [None, None, None]);
    }
    if moves && rng.random_bool(0.3) {
        let ward = rng.random_range(0..wards);
        add(&mut rng, [Some(ward), None, None]);
    }
    let window = yardstick::calendar::Window {
        start: chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(),
        end: chrono::NaiveDate::from_ymd_opt(2024, 2, 1).unwrap(),
    };
    let measured = Measured { indicator: 0, windows: vec![window], parts: parts.clone() };
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    let mut table = judge::table(program, &hierarchy, &measured, &Complete::through(as_of), None).unwrap();
    suppress::hide(program, &hierarchy, &measured, LIMIT, &mut table);
    (Case { hierarchy, parts, table }, measured)
}

/// None, a few, or many rows, of which none, all, or some are met.
fn counts(rng: &mut ChaCha8Rng) -> Counts {
    let most = [0, 1, 4, 20, 60, 200][rng.random_range(0..6)];
    let denominator = rng.random_range(0..=most);
    let met = match rng.random_range(0..4) {
        0 => 0,
        1 => denominator,
        2 => denominator.min(rng.random_range(0..=3)),
        _ => rng.random_range(0..=denominator),
    };
    let undetermined = rng.random_range(0..=(denominator - met).min(2));
    let excluded = rng.random_range(0..=2);
    let excluded = vec![excluded; 1];
    let takes = [met.min(1) as i64, (denominator - met - undetermined).min(1) as i64];
    let doubt = Doubt { rows: (takes[0] + takes[1]) as u64 + 1, takes, brings: [1, 1], unread: 1, ..Doubt::default() };
    let doubt = rng.random_bool(0.5).then(|| Box::new(doubt));
    let cohort = denominator + excluded[0];
    Counts { cohort, excluded, denominator, met, undetermined, doubt, ..Counts::default() }
}

/// All, met, not met.
type Known = [i64; 3];

/// What an entity has of the rows of the one above it, by the way to it from the whole.
type Place = Vec<usize>;

impl Case {
    /// Everybody's figures by place.
    fn truth(&self) -> BTreeMap<Place, Known> {
        let mut truth: BTreeMap<Place, Known> = BTreeMap::new();
        for part in self.parts.iter().filter(|p| p.counts.denominator > 0) {
            let row = |level: usize| if level == 0 { None } else { part.entities[level - 1] };
            let chain: Place = (0..=3).map(|level| self.hierarchy.holder(level, row(level)).unwrap()).collect();
            let (all, met) = (part.counts.denominator as i64, part.counts.met as i64);
            for length in 1..=chain.len() {
                let known = truth.entry(chain[..length].to_vec()).or_default();
                known.iter_mut().zip([all, met, all - met]).for_each(|(sum, n)| *sum += n);
            }
        }
        truth
    }

    fn is_hidden(&self, place: &Place) -> bool {
        self.table.withheld.contains_key(&(*place.last().unwrap(), 0))
    }

    /// Each place with those one level down.
    fn sums(truth: &BTreeMap<Place, Known>) -> Vec<(&Place, Vec<&Place>)> {
        let below = |place: &Place| {
            truth.keys().filter(|p| p.len() == place.len() + 1 && p.starts_with(place)).collect::<Vec<_>>()
        };
        truth.keys().map(|place| (place, below(place))).filter(|(_, below)| !below.is_empty()).collect()
    }

    /// The first attacker reckons with the least and the most that each hidden figure can be, until
    /// nothing changes any more.
    fn bounds<'a>(&self, truth: &'a BTreeMap<Place, Known>) -> BTreeMap<&'a Place, [(i64, i64); 3]> {
        // What counts nothing is shown, so what is hidden counts something.
        let open = [(1, MANY), (0, MANY), (0, MANY)];
        let shown = |known: &Known| known.map(|n| (n, n));
        let mut bounds: BTreeMap<&Place, [(i64, i64); 3]> =
            truth.iter().map(|(p, known)| (p, if self.is_hidden(p) { open } else { shown(known) })).collect();
        let sums = Self::sums(truth);
        loop {
            let before = bounds.clone();
            for (above, below) in &sums {
                for kind in 0..3 {
                    let total = |end: fn((i64, i64)) -> i64| below.iter().map(|p| end(bounds[*p][kind])).sum::<i64>();
                    let (least, most) = (total(|b| b.0), total(|b| b.1));
                    let (low, high) = bounds[*above][kind];
                    let (low, high) = (low.max(least), high.min(most));
                    bounds.get_mut(*above).unwrap()[kind] = (low, high);
                    for place in below {
                        let (own_low, own_high) = bounds[*place][kind];
                        let tighter = (own_low.max(low - (most - own_high)), own_high.min(high - (least - own_low)));
                        bounds.get_mut(*place).unwrap()[kind] = tighter;
                    }
                }
            }
            for [all, met, unmet] in bounds.values_mut() {
                *all = (all.0.max(met.0 + unmet.0), all.1.min(met.1 + unmet.1));
                *met = (met.0.max(all.0 - unmet.1), met.1.min(all.1 - unmet.0));
                *unmet = (unmet.0.max(all.0 - met.1), unmet.1.min(all.1 - met.0));
            }
            if bounds == before {
                return bounds;
            }
        }
    }

    /// The second attacker solves the sums as equations; what comes out with one value only.
    fn solved(&self, truth: &BTreeMap<Place, Known>) -> Vec<(Place, usize)> {
        let hidden: Vec<&Place> = truth.keys().filter(|p| self.is_hidden(p)).collect();
        let at = |place: &Place, kind: usize| hidden.iter().position(|h| *h == place).map(|at| 3 * at + kind);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let mut add = |entries: &[(Option<usize>, f64)]| {
            let mut row = vec![0.0; 3 * hidden.len()];
            entries.iter().for_each(|(at, n)| at.iter().for_each(|at| row[*at] += n));
            rows.push(row);
        };
        for (above, below) in Self::sums(truth) {
            for kind in 0..3 {
                let parts = below.iter().map(|p| (at(p, kind), -1.0));
                add(&parts.chain([(at(above, kind), 1.0)]).collect::<Vec<_>>());
            }
        }
        for place in &hidden {
            add(&[(at(place, 0), 1.0), (at(place, 1), -1.0), (at(place, 2), -1.0)]);
        }
        let alone = |row: &Vec<f64>| {
            let mut places = row.iter().enumerate().filter(|(_, n)| n.abs() > 1e-9).map(|(at, _)| at);
            places.next().filter(|_| places.next().is_none())
        };
        let width = rows.first().map_or(0, Vec::len);
        eliminate(&mut rows, width);
        rows.iter().filter_map(alone).map(|at| (hidden[at / 3].clone(), at % 3)).collect()
    }
}

fn small(n: i64) -> bool {
    n > 0 && n < LIMIT as i64
}

fn trees() -> u64 {
    std::env::var("YARDSTICK_TREES").ok().and_then(|n| n.parse().ok()).unwrap_or(3_000)
}

#[test]
fn nobody_works_out_what_is_hidden() {
    let program = parsed::program(&[TEXT.to_owned()]).unwrap();
    let (mut hidden, mut shown) = (0, 0);
    for seed in 0..trees() {
        let (case, _) = case(&program, seed, seed % 3 == 2);
        let truth = case.truth();
        for (place, known) in &truth {
            let withheld = case.is_hidden(place);
            assert!(withheld || !known.iter().any(|&n| small(n)), "seed {seed}: {place:?} is small and shown");
            hidden += usize::from(withheld);
            shown += usize::from(!withheld);
        }
        for (place, bounds) in case.bounds(&truth) {
            for (kind, (low, high)) in bounds.into_iter().enumerate().filter(|_| case.is_hidden(place)) {
                let own = truth[place][kind];
                assert!(low <= own && own <= high, "seed {seed}: the attacker is wrong about {place:?}");
                assert!(low < high || !small(low), "seed {seed}: figure {kind} of {place:?} must be {low}");
            }
        }
        for (place, kind) in case.solved(&truth) {
            let own = truth[&place][kind];
            assert!(!small(own), "seed {seed}: figure {kind} of {place:?} comes out as {own}");
        }
        for (above, below) in Case::sums(&truth).iter().filter(|(above, _)| !case.is_hidden(above)) {
            let rest = |kind: usize| below.iter().filter(|p| case.is_hidden(p)).map(|p| truth[*p][kind]).sum::<i64>();
            assert!(!(0..3).any(|kind| small(rest(kind))), "seed {seed}: those hidden below {above:?} are few");
        }
    }
    assert!(hidden > 1_000 && shown > 1_000, "{hidden} hidden, {shown} shown");
}

#[test]
fn a_hidden_cell_says_nothing_and_its_colour_is_in_no_spread() {
    let program = parsed::program(&[TEXT.to_owned()]).unwrap();
    for seed in 0..300 {
        let (case, _) = case(&program, seed, true);
        let Case { hierarchy, table, .. } = &case;
        let spread = |entity: usize| table.spreads(&program, hierarchy, entity);
        let bands = |entity: usize| table.cells(&program, entity).next().unwrap();
        for entity in 0..hierarchy.entities.len() {
            let below = hierarchy.below(entity).iter().map(|&e| bands(e)).collect::<Vec<_>>();
            assert_eq!(bands(entity).sure, None, "whether the range leaves the band would say something of it");
            let Some(spread) = spread(entity).first().copied() else { continue };
            let coloured = below.iter().filter(|c| c.band.is_some()).count() as u64;
            assert_eq!(spread.green + spread.yellow + spread.red, coloured);
            assert!(below.iter().filter(|c| c.state == State::Suppressed).count() as u64 <= spread.none);
        }
        let heading =
            Heading { title: String::new(), organization: String::new(), as_of: table.as_of.date, notes: vec![] };
        let judged = Judged {
            program: program.clone(),
            hierarchy: hierarchy.clone(),
            heading,
            indicators: vec![0],
            tables: vec![table.clone()],
            reference: Default::default(),
            selection: Selection { levels: vec![0, 1, 2, 3], ..Selection::default() },
        };
        for row in judged.rows() {
            let counts = [row.undetermined, row.excluded, row.unsure, row.unread];
            assert_eq!((counts, row.least, row.most), ([None; 4], None, None), "these are said of no cell");
            if row.state == "suppressed" {
                let figures = [row.numerator, row.denominator, row.value, row.low, row.high];
                let below = [row.below_green, row.below_yellow, row.below_red, row.below_none];
                assert_eq!(row.reason, Some("hidden: small counts"));
                assert_eq!((figures, below, row.band, row.straddles), ([None; 5], [None; 4], None, None), "{row:?}");
            }
        }
    }
}

/// A group of the rows of an entity, by its way from the whole; the group after the last is all of
/// them.
type CellPlace = (Place, usize);

/// A tree with rows in groups, and what is hidden of it.
struct Grouped {
    case: Case,
    groups: Vec<Table>,
}

const GROUPS: &str = r#"
groups colour of visit = colour
"#;

impl Grouped {
    fn of(program: &Program, seed: u64, moves: bool) -> Self {
        let (case, mut measured) = case(program, seed, moves);
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x9_e377);
        let numbers = rng.random_range(2..=5);
        let rare = rng.random_bool(0.5);
        // The rows of a house are of several groups.
        let parts = std::mem::take(&mut measured.parts).into_iter().flat_map(|part| {
            let mut left = part.counts.clone();
            left.doubt = None;
            let mut parts = Vec::new();
            for group in 0..numbers {
                let last = group + 1 == numbers;
                let share = |rng: &mut ChaCha8Rng, of: u64| match (last, rare && group == 0) {
                    (true, _) => of,
                    (false, true) => rng.random_range(0..=of.min(2)),
                    (false, false) if rng.random_bool(0.3) => 0,
                    (false, false) => rng.random_range(0..=of),
                };
                let (met, unmet) = (share(&mut rng, left.met), share(&mut rng, left.denominator - left.met));
                let unmet = unmet.max(if last { left.denominator - left.met } else { 0 });
                left.met -= met;
                left.denominator -= met + unmet;
                let counts = Counts { cohort: met + unmet, denominator: met + unmet, met, ..Counts::default() };
                parts.push(CountRow { group, counts, ..part.clone() });
            }
            parts
        });
        let parts: Vec<CountRow> = parts.filter(|part| part.counts.denominator > 0).collect();
        measured.parts.clone_from(&parts);
        let as_of = case.table.as_of.date;
        let complete = Complete::through(as_of);
        let values: Vec<(String, bool)> = (0..numbers).map(|n| (format!("g{n}"), n + 1 < numbers)).collect();
        let mut split = program.clone();
        split.indicators[0] = program.split(0, &[0]).unwrap();
        let of = BrokenDown { program: &split, bad: None, by: "colour", values: &values };
        let mut judging = Judging::new(program, &case.hierarchy, &complete, None, Some(LIMIT)).by(Some(of));
        judging.add(measured);
        let mut tables = judging.tables();
        let groups = tables.split_off(1);
        let case = Case { parts, table: tables.remove(0), ..case };
        Self { case, groups }
    }

    /// Everybody's figures by group and place.
    fn truth(&self) -> BTreeMap<CellPlace, Known> {
        let mut truth: BTreeMap<CellPlace, Known> = BTreeMap::new();
        let all = self.groups.len();
        for (place, known) in self.case.truth() {
            truth.extend((0..all).map(|group| ((place.clone(), group), [0; 3])));
            truth.insert((place, all), known);
        }
        for group in 0..all {
            let parts = self.case.parts.iter().filter(|part| part.group == group).cloned().collect();
            let (hierarchy, table) = (self.case.hierarchy.clone(), self.case.table.clone());
            let of_group = Case { hierarchy, parts, table }.truth();
            truth.extend(of_group.into_iter().map(|(place, known)| ((place, group), known)));
        }
        truth
    }

    fn is_hidden(&self, (place, group): &CellPlace) -> bool {
        let table = self.groups.get(*group).unwrap_or(&self.case.table);
        table.withheld.contains_key(&(*place.last().unwrap(), 0))
    }

    /// Each cell with those that add up to it: of the entities below, and of the groups.
    fn sums(&self, truth: &BTreeMap<CellPlace, Known>) -> Vec<(CellPlace, Vec<CellPlace>)> {
        let all = self.groups.len();
        let below = |(place, group): &CellPlace| {
            let is = |(p, g): &&CellPlace| g == group && p.len() == place.len() + 1 && p.starts_with(place);
            truth.keys().filter(is).cloned().collect::<Vec<_>>()
        };
        let down = truth.keys().map(|cell| (cell.clone(), below(cell)));
        let wholes = truth.keys().filter(|(_, group)| *group == all);
        let across = wholes.map(|(place, _)| ((place.clone(), all), (0..all).map(|g| (place.clone(), g)).collect()));
        down.chain(across).filter(|(_, parts): &(_, Vec<_>)| !parts.is_empty()).collect()
    }

    /// What the first attacker finds: the least and the most of every hidden figure.
    fn bounds(&self, truth: &BTreeMap<CellPlace, Known>) -> BTreeMap<CellPlace, [(i64, i64); 3]> {
        let shown = |known: &Known| known.map(|n| (n, n));
        let mut bounds: BTreeMap<CellPlace, [(i64, i64); 3]> = BTreeMap::new();
        for (cell, known) in truth {
            // Of all rows, what counts nothing is shown.
            let open = [(i64::from(cell.1 == self.groups.len()), MANY), (0, MANY), (0, MANY)];
            bounds.insert(cell.clone(), if self.is_hidden(cell) { open } else { shown(known) });
        }
        let sums = self.sums(truth);
        loop {
            let before = bounds.clone();
            for (above, below) in &sums {
                for kind in 0..3 {
                    let total = |end: fn((i64, i64)) -> i64| below.iter().map(|p| end(bounds[p][kind])).sum::<i64>();
                    let (least, most) = (total(|b| b.0), total(|b| b.1));
                    let (low, high) = bounds[above][kind];
                    let (low, high) = (low.max(least), high.min(most));
                    bounds.get_mut(above).unwrap()[kind] = (low, high);
                    for cell in below {
                        let (own_low, own_high) = bounds[cell][kind];
                        let tighter = (own_low.max(low - (most - own_high)), own_high.min(high - (least - own_low)));
                        bounds.get_mut(cell).unwrap()[kind] = tighter;
                    }
                }
            }
            for [all, met, unmet] in bounds.values_mut() {
                *all = (all.0.max(met.0 + unmet.0), all.1.min(met.1 + unmet.1));
                *met = (met.0.max(all.0 - unmet.1), met.1.min(all.1 - unmet.0));
                *unmet = (unmet.0.max(all.0 - met.1), unmet.1.min(all.1 - met.0));
            }
            if bounds == before {
                return bounds;
            }
        }
    }

    /// What the second attacker finds: the hidden figures that the sums determine.
    fn solved(&self, truth: &BTreeMap<CellPlace, Known>) -> Vec<(CellPlace, usize)> {
        let hidden: Vec<&CellPlace> = truth.keys().filter(|cell| self.is_hidden(cell)).collect();
        let places: BTreeMap<&CellPlace, usize> = hidden.iter().enumerate().map(|(at, cell)| (*cell, at)).collect();
        let at = |cell: &CellPlace, kind: usize| places.get(cell).map(|at| 3 * at + kind);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let mut add = |entries: &[(Option<usize>, f64)]| {
            let mut row = vec![0.0; 3 * hidden.len()];
            entries.iter().for_each(|(at, n)| at.iter().for_each(|at| row[*at] += n));
            if row.iter().any(|n| *n != 0.0) {
                rows.push(row);
            }
        };
        for (above, below) in self.sums(truth) {
            for kind in 0..3 {
                let parts = below.iter().map(|p| (at(p, kind), -1.0));
                add(&parts.chain([(at(&above, kind), 1.0)]).collect::<Vec<_>>());
            }
        }
        for cell in &hidden {
            add(&[(at(cell, 0), 1.0), (at(cell, 1), -1.0), (at(cell, 2), -1.0)]);
        }
        let alone = |row: &Vec<f64>| {
            let mut places = row.iter().enumerate().filter(|(_, n)| n.abs() > 1e-9).map(|(at, _)| at);
            places.next().filter(|_| places.next().is_none())
        };
        let width = rows.first().map_or(0, Vec::len);
        eliminate(&mut rows, width);
        rows.iter().filter_map(alone).map(|at| (hidden[at / 3].clone(), at % 3)).collect()
    }
}

#[test]
fn nobody_works_out_what_is_hidden_of_groups() {
    let text = TEXT.replace("seen bool? }", "seen bool?  colour { red, green }? }");
    let program = parsed::program(&[text, GROUPS.to_owned()]).unwrap();
    let (mut hidden, mut shown, mut broken_down) = (0, 0, 0);
    for seed in 0..trees() / 6 {
        let of = Grouped::of(&program, seed, seed % 3 == 2);
        let truth = of.truth();
        let all = of.groups.len();
        for (cell, known) in &truth {
            let withheld = of.is_hidden(cell);
            assert!(withheld || !known.iter().any(|&n| small(n)), "seed {seed}: {cell:?} is small and shown");
            if cell.1 < all {
                let whole = (cell.0.clone(), all);
                assert!(withheld || !of.is_hidden(&whole), "seed {seed}: {cell:?} is shown, and its whole is not");
                hidden += usize::from(withheld);
                shown += usize::from(!withheld && known[0] > 0);
            }
        }
        broken_down += usize::from((0..all).any(|g| !of.is_hidden(&(vec![0], g)) && truth.contains_key(&(vec![0], g))));
        for (cell, bounds) in of.bounds(&truth) {
            for (kind, (low, high)) in bounds.into_iter().enumerate().filter(|_| of.is_hidden(&cell)) {
                let own = truth[&cell][kind];
                assert!(low <= own && own <= high, "seed {seed}: the attacker is wrong about {cell:?}");
                assert!(low < high || !small(low), "seed {seed}: figure {kind} of {cell:?} must be {low}");
            }
        }
        for (cell, kind) in of.solved(&truth) {
            let own = truth[&cell][kind];
            assert!(!small(own), "seed {seed}: figure {kind} of {cell:?} comes out as {own}");
        }
    }
    assert!(hidden > 1_000 && shown > 300 && broken_down > 50, "{hidden} hidden, {shown} shown, {broken_down}");
}

/// Many rows that lead to few others give these away, in all and by group.
#[test]
fn few_different_rows_behind_many_are_hidden() {
    let text = TEXT
        .replace("  numerator  seen\n", "")
        .replace("  standard   at least 50%\n", "")
        .replace("  exclude", "  measure    count distinct house\n  exclude");
    let program = parsed::program(&[text]).unwrap();
    let entity = |row: usize| Entity {
        level: 1,
        row: Some(row as i32),
        id: format!("w{row}"),
        name: String::new(),
        parent: None,
        group: None,
        left: None,
    };
    let levels = ["town", "ward", "street", "house"].map(String::from).to_vec();
    let hierarchy = Hierarchy::new(levels, vec![entity(0), entity(1)]);
    // Below the first ward, 40 rows lead to 2 others, below the second one, to 40.
    let part = |ward: i32, value: i64, rows: u64| CountRow {
        window: 0,
        entities: [Some(ward), None, None].into(),
        group: 0,
        level: None,
        value: Some(value),
        counts: Counts { cohort: rows, excluded: vec![0], denominator: rows, ..Counts::default() },
    };
    let parts = [part(0, 1, 20), part(0, 2, 20)].into_iter().chain((10..50).map(|value| part(1, value, 1))).collect();
    let day = |month| chrono::NaiveDate::from_ymd_opt(2024, month, 1).unwrap();
    let window = yardstick::calendar::Window { start: day(1), end: day(2) };
    let measured = Measured { indicator: 0, windows: vec![window], parts };
    let complete = Complete::through(day(6));
    let mut table = judge::table(&program, &hierarchy, &measured, &complete, None).unwrap();
    let mut groups = vec![table.clone(), table.clone()];
    suppress::hide(&program, &hierarchy, &measured, LIMIT, &mut table);
    let is_hidden = |table: &Table, id: &str| {
        let entity = hierarchy.entities.iter().position(|e| e.id == id).unwrap();
        table.cells(&program, entity).all(|cell| cell.state == State::Suppressed)
    };
    // The second one is hidden with it: from the whole and the one the other would be known.
    assert!(is_hidden(&table, "w0") && is_hidden(&table, "w1"));
    suppress_groups::hide(&program, &hierarchy, &measured, LIMIT, &table, &mut groups);
    assert!(groups.iter().all(|group| is_hidden(group, "w0") && is_hidden(group, "w1") && is_hidden(group, "town")));
}
