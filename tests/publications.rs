//! Nobody gets back what is hidden by putting windows and publications side by side: on made-up
//! trees with rows in 30 months, attackers who have all that was published, at every level, of one
//! month and of the months before, try it.
//!
//! `YARDSTICK_TREES=100000 cargo test --release publications` tries more than the ordinary trees.

pub(crate) mod attack;
mod grid;

use crate::generated::parsed;
use crate::hidden::entity;
use attack::{Attack, Secret};
use chrono::{Months, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::sync::Arc;
use yardstick::calendar::Window;
use yardstick::counts::{CountRow, Counts, Measured};
use yardstick::hierarchy::Entity;
use yardstick::ir::Program;
use yardstick::report::{self, Csv, Report};
use yardstick::scorecard::judge::{self, Table};
use yardstick::scorecard::{
    AsPublished, Columns, Complete, Heading, Hierarchy, Judged, Reference, Selection, State, suppress,
};

const LIMIT: u64 = 11;
/// The months in which there are rows, and those of a publication.
const ALL_MONTHS: u32 = 30;
const SHOWN_MONTHS: u32 = 24;

const TEXT: &str = r#"
levels town > ward > street
domains service "Service"
table ward { ward_id key }
table street { street_id key  ward -> ward }
table visit { visit_id key  street -> street  came_on date  seen bool? }
indicator seen_share {
  domain     service
  window     WINDOW
  cohort     visit where came_on in window
  numerator  seen
  attribute  street at came_on
  standard   at least 50%
}
scorecard outside "Outside" {
  service: seen_share
  hide counts under 11
}
"#;

fn program(window: &str) -> Program {
    parsed::program(&[TEXT.replace("WINDOW", window)]).unwrap()
}

/// Rows of each street and month: all, and met.
type Rows = Vec<Vec<(u64, u64)>>;

/// A town with the rows of its streets.
#[derive(Clone)]
struct Town {
    hierarchy: Hierarchy,
    /// The ward of each street.
    wards: Vec<usize>,
    rows: Rows,
}

fn first_of(month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Months::new(month)
}

fn last_of(month: u32) -> NaiveDate {
    first_of(month + 1).pred_opt().unwrap()
}

impl Town {
    fn of(rng: &mut ChaCha8Rng) -> Self {
        let number = rng.random_range(1..=3);
        let wards: Vec<usize> = (0..number).flat_map(|w| vec![w; rng.random_range(1..=4)]).collect();
        let mut entities: Vec<Entity> = (0..number).map(|w| entity(1, w, None)).collect();
        entities.extend(wards.iter().enumerate().map(|(s, &w)| entity(2, s, Some(w))));
        let hierarchy = Hierarchy::new(["town", "ward", "street"].map(String::from).to_vec(), entities);
        let mut street = || {
            // Nothing, a few, or enough to be shown.
            let (quiet, few) = ([0.0, 0.7, 0.95][rng.random_range(0..3)], rng.random_range(0.0..0.7));
            let month = |_| match (rng.random_bool(quiet), rng.random_bool(few)) {
                (true, _) => (0, 0),
                (false, true) => (rng.random_range(0..=5), 0),
                (false, false) => (rng.random_range(33..=60), rng.random_range(11..=22)),
            };
            (0..ALL_MONTHS).map(month).collect()
        };
        let rows = wards.iter().map(|_| street()).collect();
        Self { hierarchy, wards, rows }
    }

    /// The same after rows were entered late, and others taken out.
    fn corrected(&self, rng: &mut ChaCha8Rng) -> Self {
        let mut rows = self.rows.clone();
        for (all, met) in rows.iter_mut().flatten() {
            match rng.random_range(0..8) {
                0 => *all += 1,
                1 if *all > *met => *all -= 1,
                2 if *all > *met => *met += 1,
                _ => {}
            }
        }
        Self { rows, ..self.clone() }
    }

    /// What each street has in a window.
    fn parts(&self, number: usize, window: Window) -> Vec<CountRow> {
        let months = (0..ALL_MONTHS).filter(|m| window.start <= first_of(*m) && last_of(*m) < window.end);
        let months: Vec<usize> = months.map(|month| month as usize).collect();
        let mut parts = Vec::new();
        for (street, ward) in self.wards.iter().enumerate() {
            let sum = |of: fn((u64, u64)) -> u64| months.iter().map(|m| of(self.rows[street][*m])).sum::<u64>();
            let (denominator, met) = (sum(|rows| rows.0), sum(|rows| rows.1));
            let counts = Counts { cohort: denominator, denominator, met, ..Counts::default() };
            let entities: Arc<[Option<i32>]> = [Some(*ward as i32), Some(street as i32)].into();
            parts.push(CountRow { window: number, entities, group: 0, level: None, value: None, counts });
        }
        parts.retain(|part| part.counts.denominator > 0);
        parts
    }

    fn table(&self, program: &Program, windows: &[Window], as_of: NaiveDate) -> (Measured, Table) {
        let parts = windows.iter().enumerate().flat_map(|(number, window)| self.parts(number, *window)).collect();
        let measured = Measured { indicator: 0, windows: windows.to_vec(), parts };
        let table = judge::table(program, &self.hierarchy, &measured, &Complete::through(as_of), None).unwrap();
        (measured, table)
    }

    fn judged(&self, program: &Program, table: Table, as_of: NaiveDate) -> Judged {
        Judged {
            program: program.clone(),
            hierarchy: self.hierarchy.clone(),
            heading: Heading { title: String::new(), organization: String::new(), as_of, notes: vec![] },
            indicators: vec![0],
            tables: vec![table],
            reference: Reference::default(),
            selection: Selection { levels: vec![0, 1, 2], ..Selection::default() },
        }
    }

    /// What is published as of the end of a month, as the program does it: result rows.
    fn published(&self, program: &Program, month: u32, before: &AsPublished) -> String {
        let as_of = last_of(month);
        let columns = Columns::of(program, &[]).unwrap();
        let windows = columns.windows(0, &program.indicators[0], as_of, SHOWN_MONTHS);
        let (measured, mut table) = self.table(program, &windows, as_of);
        suppress::hide(program, &self.hierarchy, &measured, columns.limit(0).unwrap(), &mut table);
        let mut judged = self.judged(program, table, as_of);
        before.keep(&mut judged, &str::to_owned);
        csv(judged)
    }

    /// What would be published if every window were shown, each suppressed by itself.
    fn published_carelessly(&self, program: &Program, month: u32) -> String {
        let as_of = last_of(month);
        let windows = program.indicators[0].windows(as_of, SHOWN_MONTHS);
        let (_, mut table) = self.table(program, &windows, as_of);
        let year = Window { start: first_of(0), end: first_of(12) };
        table.hide_under = Some(LIMIT);
        for (number, window) in windows.iter().enumerate() {
            // Its rows in a window of the grid.
            let (mut measured, mut alone) = self.table(program, &[year], as_of);
            measured.parts = self.parts(0, *window);
            suppress::hide(program, &self.hierarchy, &measured, LIMIT, &mut alone);
            table.withheld.extend(alone.withheld.keys().map(|(entity, _)| ((*entity, number), State::Suppressed)));
        }
        csv(self.judged(program, table, as_of))
    }

    /// Who is below whom, as an attacker knows it.
    fn tree(&self) -> BTreeMap<String, Vec<String>> {
        let name = |at: usize| self.hierarchy.entities[at].id.clone();
        let all =
            (0..self.hierarchy.entities.len()).filter(|at| self.hierarchy.entities[*at].row.is_some() || *at == 0);
        let mut tree: BTreeMap<String, Vec<String>> = all.map(|at| (name(at), Vec::new())).collect();
        for at in 0..self.hierarchy.entities.len() {
            let below = self.hierarchy.below(at).iter().map(|below| name(*below));
            if let Some(known) = tree.get_mut(&name(at)) {
                *known = below.filter(|id| id.starts_with('e')).collect();
            }
        }
        tree
    }
}

fn csv(judged: Judged) -> String {
    let csv = Csv { raw: true, mark: false };
    let report = Report {
        judged,
        width: report::WIDTH,
        spread: false,
        threads: None,
        csv,
        descriptions: vec![],
        cases: vec![],
        plans: vec![],
    };
    String::from_utf8(report::find("csv").unwrap().bytes(&report).unwrap()).unwrap()
}

fn trees() -> u64 {
    std::env::var("YARDSTICK_TREES").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}

fn small(secrets: Vec<Secret>) -> Vec<Secret> {
    secrets.into_iter().filter(|of| of.figure > 0 && of.figure < LIMIT as i64).collect()
}

#[test]
fn nobody_works_out_what_is_hidden_from_several_windows() {
    let (mut shown, mut careless, mut tried) = (0, 0, 0);
    for window in ["3 months", "6 months", "12 months"] {
        let program = program(window);
        for seed in 0..trees() {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let town = Town::of(&mut rng);
            let month = rng.random_range(18..ALL_MONTHS);
            let published = town.published(&program, month, &AsPublished::default());
            let attack = Attack::of(&town.tree(), &[&published]);
            let found = small(attack.secrets());
            assert!(found.is_empty(), "{window}, seed {seed}: {found:#?}\n{published}");
            shown += attack.shown();
            // The attackers are good enough: without the rule they succeed.
            if seed < 10 {
                let published = town.published_carelessly(&program, month);
                careless += usize::from(!small(Attack::of(&town.tree(), &[&published]).secrets()).is_empty());
                tried += 1;
            }
        }
    }
    assert!(shown > 1_000, "{shown}");
    assert!(careless * 3 > tried, "without the rule, {careless} of {tried} give something away");
}

#[test]
fn nobody_works_out_what_is_hidden_from_the_publications_of_several_months() {
    let (mut shown, mut careless, mut tried) = (0, 0, 0);
    for window in ["month", "3 months", "6 months", "12 months"] {
        let program = program(window);
        for seed in 0..trees() / 3 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut town = Town::of(&mut rng);
            let corrects = seed % 2 == 0;
            let mut before = AsPublished::default();
            let (mut all, mut forgetful) = (Vec::new(), Vec::new());
            for month in [14, rng.random_range(15..20), 23, 24, 28, 29] {
                let published = town.published(&program, month, &before);
                before.read(published.as_bytes()).unwrap();
                all.push(published);
                forgetful.push(town.published(&program, month, &AsPublished::default()));
                if corrects {
                    town = town.corrected(&mut rng);
                }
            }
            let texts: Vec<&str> = all.iter().map(String::as_str).collect();
            let attack = Attack::of(&town.tree(), &texts);
            let found = small(attack.secrets());
            assert!(found.is_empty(), "{window}, seed {seed}: {found:#?}");
            shown += attack.shown();
            if corrects {
                let texts: Vec<&str> = forgetful.iter().map(String::as_str).collect();
                careless += usize::from(!small(Attack::of(&town.tree(), &texts).secrets()).is_empty());
                tried += 1;
            }
        }
    }
    assert!(shown > 1_000, "{shown}");
    assert!(careless * 2 > tried, "when nobody remembers, {careless} of {tried} give a correction away");
}

/// A window that another definition published, or that has days in common with another, is not
/// shown; one that has none is.
#[test]
fn what_another_definition_published_is_not_shown_again() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut town = Town::of(&mut rng);
    town.rows.iter_mut().flatten().for_each(|rows| *rows = (40, 20));
    let (quarter, half) = (program("3 months"), program("6 months"));
    let mut before = AsPublished::default();
    before.read(town.published(&quarter, 14, &before).as_bytes()).unwrap();
    let ends = |csv: &str| -> Vec<String> {
        let town = csv.lines().filter(|line| line.contains(",town,") && line.contains(",value,"));
        town.map(|line| line.split(',').nth(5).unwrap().to_owned()).collect()
    };
    assert_eq!(ends(&town.published(&quarter, 17, &before)).last().unwrap(), "2025-06-30");
    // The half year to June has the quarter to March in it.
    assert_eq!(ends(&town.published(&half, 17, &before)), [""; 0]);
    assert_eq!(ends(&town.published(&half, 23, &before)), ["2025-12-31"]);
    assert_eq!(ends(&town.published(&half, 23, &AsPublished::default())).len(), 4);
}
