//! A small made-up department: two offices and three units, seven indicators, and every kind of
//! cell.

use chrono::NaiveDate;
use yardstick::counts::{CountRow, Counts, Measured};
use yardstick::ir::measure::Proportion;
use yardstick::ir::{
    About, At, Attribution, Cohort, Exclusion, Expr, ExprKind, Indicator, Measure, Missing, Period, Program, Standard,
    Thresholds, Ty, WindowEnds, WindowLength, WindowPoint,
};
use yardstick::model::{Domain, Level, Model, TableId};
use yardstick::report::Report;
use yardstick::scorecard::Complete;
use yardstick::scorecard::judge::{self, Table};
use yardstick::scorecard::rollup::Totals;
use yardstick::scorecard::{Entity, Group, Heading, Hierarchy, Judged, Peers, Reason, Selection, State};
use yardstick::source::{FileId, Span};

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// How a report of the sample is asked for.
pub(super) struct Asked {
    pub(super) months: u32,
    pub(super) levels: Vec<usize>,
    pub(super) under: Option<&'static str>,
    pub(super) peers: Option<Peers>,
    pub(super) width: usize,
    pub(super) spread: bool,
    /// Offices more, with the cases of the unit `u1`.
    pub(super) more: i32,
    /// Broken down by age, and the first two indicators by sex, too: units by turns.
    pub(super) groups: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self { months: 1, levels: vec![1], under: None, peers: None, width: 100, spread: false, more: 0, groups: false }
    }
}

pub(super) fn report(asked: &Asked) -> Report {
    let (program, hierarchy) = (program(), hierarchy(asked.more));
    let as_of = day(2026, 1, 31);
    let measured: Vec<Measured> = (0..program.indicators.len())
        .map(|i| {
            let windows = program.indicators[i].windows(as_of, asked.months);
            Measured { indicator: i, parts: parts(i, windows.len(), asked), windows }
        })
        .collect();
    let complete = Complete { from: Some(day(2024, 1, 1)), ..Complete::through(as_of) };
    let aside = Reason::SetAside { table: "placement".into(), share: 0.12, help: None };
    let table = |m: &Measured| {
        let bad = (m.indicator == 5).then_some(&aside);
        judge::table(&program, &hierarchy, m, &complete, bad).unwrap()
    };
    let mut tables: Vec<_> = measured.iter().map(table).collect();
    hide(&mut tables[3], &hierarchy);
    if asked.groups {
        tables = tables.into_iter().zip(&measured).flat_map(|(whole, m)| with_groups(whole, m, &hierarchy)).collect();
    }
    let selection = Selection {
        levels: asked.levels.clone(),
        under: asked.under.and_then(|id| hierarchy.find(id).next()),
        peers: asked.peers,
    };
    let heading = Heading {
        title: "Tier I scorecard".into(),
        organization: "Example County".into(),
        as_of,
        notes: vec!["removals: 12 of 4,031 rows set aside (0.3 %)".into()],
    };
    let indicators: Vec<usize> = (0..program.indicators.len()).collect();
    Report {
        judged: Judged { program, hierarchy, heading, indicators, tables, reference: Default::default(), selection },
        width: asked.width,
        spread: asked.spread,
        threads: None,
        csv: Default::default(),
        descriptions: Vec::new(),
        cases: Vec::new(),
        plans: Vec::new(),
    }
}

/// A table, and those of its groups.
fn with_groups(whole: Table, measured: &Measured, hierarchy: &Hierarchy) -> Vec<Table> {
    let breakdowns = [("age", ["under 1", "1 & over", "not known"]), ("sex", ["female", "male", "not known"])];
    let named = &breakdowns[..if measured.indicator < 2 { 2 } else { 1 }];
    let of_group = |(by, values): &(&str, [&str; 3])| {
        let table = |(number, value): (usize, &&str)| Table {
            group: Some(Group {
                by: (*by).into(),
                value: (*value).into(),
                is_known: number < 2,
                meaning: "fedcba9876543210".into(),
                instead: vec![0; whole.windows.len()],
            }),
            totals: Totals::of_group(measured, hierarchy, number),
            ..whole.clone()
        };
        values.iter().enumerate().map(table).collect::<Vec<_>>()
    };
    let groups: Vec<Table> = named.iter().flat_map(of_group).collect();
    std::iter::once(whole).chain(groups).collect()
}

/// As a later rule of privacy would do it.
fn hide(table: &mut Table, hierarchy: &Hierarchy) {
    let hidden = hierarchy.find_at(1, "o3").unwrap();
    table.withheld = (0..table.windows.len()).map(|window| ((hidden, window), State::Suppressed)).collect();
}

fn hierarchy(more: i32) -> Hierarchy {
    let entity = |level, row, id: &str, name: &str, parent: Option<usize>| Entity {
        level,
        row: Some(row),
        id: id.into(),
        name: name.into(),
        parent,
        left: None,
        // The first two are alike, the closed one has a group to itself, the others have none.
        group: (level == 1)
            .then(|| ["urban", "urban", "", "desert"].get(row as usize).copied())
            .flatten()
            .filter(|g| !g.is_empty())
            .map(String::from),
    };
    let mut entities = vec![
        entity(1, 0, "o1", "Norwood", None),
        entity(1, 1, "o2", "Harbor & <b>\"Bay\"</b>", None),
        entity(1, 2, "o3", "San Gabriel Valley, East and West", None),
        entity(1, 3, "o4", "Closed", None),
        entity(2, 0, "u1", "u1", Some(0)),
        entity(2, 1, "u2", "u2", Some(0)),
        entity(2, 2, "u3", "u3", Some(1)),
        entity(2, 3, "u4", "u4", Some(2)),
    ];
    entities.extend((0..more).map(|n| entity(1, FIRST_MORE + n, &format!("x{n:03}"), "More", None)));
    Hierarchy::new(["department", "office", "unit"].map(String::from).to_vec(), entities)
}

/// The row number of the first office beyond the sample's own.
const FIRST_MORE: i32 = 1000;

/// Met and denominator of each unit in the latest window, by indicator.
const COUNTS: [[(u64, u64); 4]; 7] = [
    [(310, 330), (163, 170), (451, 480), (3, 4)],
    [(80, 400), (71, 410), (131, 640), (1, 30)],
    [(33, 80), (40, 78), (28, 71), (0, 0)],
    [(12, 55), (9, 40), (20, 61), (5, 12)],
    [(4, 60), (8, 61), (9, 90), (11, 31)],
    [(1, 2), (3, 4), (5, 6), (7, 8)],
    [(1, 12), (2, 11), (6, 15), (0, 9)],
];

fn parts(indicator: usize, windows: usize, asked: &Asked) -> Vec<CountRow> {
    let more = asked.more;
    let mut parts = Vec::new();
    for window in 0..windows {
        let age = (windows - 1 - window) as u64;
        for (unit, &(met, denominator)) in COUNTS[indicator].iter().enumerate() {
            if denominator == 0 {
                continue;
            }
            let office = [0, 0, 1, 2][unit];
            let undetermined = u64::from(indicator == 3 && unit == 1) * 2;
            let excluded = u64::from(indicator == 4) * (unit as u64 + 1);
            let met = (met + age * (unit as u64 + 1) % 5).saturating_sub(age % 3).min(denominator - undetermined);
            let counts = Counts {
                cohort: denominator + excluded,
                excluded: if indicator == 4 { vec![excluded] } else { vec![] },
                denominator,
                met,
                undetermined,
                ..Counts::default()
            };
            if unit == 0 {
                let alike = |n| CountRow {
                    window,
                    entities: [Some(FIRST_MORE + n), None].into(),
                    group: 0,
                    level: None,
                    value: None,
                    counts: counts.clone(),
                };
                parts.extend((0..more).map(alike));
            }
            parts.push(CountRow {
                window,
                entities: [Some(office), Some(unit as i32)].into(),
                group: if asked.groups { unit % 2 } else { 0 },
                level: None,
                value: None,
                counts,
            });
        }
        if indicator == 1 {
            let counts = Counts { cohort: 3, denominator: 3, met: 1, ..Counts::default() };
            let group = if asked.groups { 2 } else { 0 };
            parts.push(CountRow { window, entities: [None, None].into(), group, level: None, value: None, counts });
        }
    }
    parts
}

fn program() -> Program {
    let domain = |name: &str, title: &str| Domain { name: name.into(), title: title.into() };
    let level = |name: &str| Level { name: name.into(), table: None, up: None };
    let model = Model {
        levels: ["department", "office", "unit"].map(level).to_vec(),
        domains: vec![
            domain("safety", "Safety"),
            domain("permanency", "Permanency"),
            domain("well_being", "Well-being"),
            domain("self_sufficiency", "Self-sufficiency"),
        ],
        ..Model::default()
    };
    Program { model, indicators: indicators(), ..Program::default() }
}

fn indicators() -> Vec<Indicator> {
    let year = WindowLength::Months(12);
    let months = |months| Period { months, days: 0 };
    let mut all = vec![
        indicator("no_recurrence_of_maltreatment", "No recurrence of maltreatment", 0, year, months(6)),
        indicator("foster_care_entry", "Foster care entry", 1, WindowLength::Months(1), months(0)),
        indicator("reunification_within_12_months", "Exit to reunification within 12 months", 1, year, months(12)),
        indicator("permanency_24_months", "Exit to permanency (24+ months in care)", 1, year, months(0)),
        indicator("reentry_into_foster_care", "Re-entry into foster care", 1, year, months(12)),
        indicator("placement_with_relatives", "Placement with relatives", 2, WindowLength::Day, months(0)),
        indicator("in_care_3_years_or_longer", "In care 3 years or longer", 3, year, months(0)),
    ];
    let standards = [(true, 94.6, Some(90.0)), (false, 20.0, None), (true, 48.4, Some(40.0)), (true, 29.1, Some(20.0))];
    for (indicator, (at_least, green, yellow)) in all.iter_mut().zip(standards) {
        indicator.standards = vec![standard(at_least, green, yellow)];
    }
    all[4].standards = vec![standard(false, 9.9, Some(18.91))];
    let range = |least, most| Some(Thresholds { least: Some(least), most: Some(most) });
    all[3].standards =
        vec![Standard { green: range(21.0, 31.0), yellow: range(18.9, 37.9), ..standard(true, 0.0, Some(0.0)) }];
    all[6].standards = vec![Standard { green: None, ..standard(true, 0.0, None) }];
    all[4].exclusions = vec![Exclusion { reason: "in care under 8 days".into(), condition: yes() }];
    all[4].about.question = Some("Of children reunified in the year, what share came back <soon>?".into());
    all[4].about.reading = Some("the day of the anniversary is too late".into());
    all[0].minimum = Some(10);
    all[6].follow_up = Some(months(24));
    all[6].lag = months(1);
    all
}

fn indicator(id: &str, title: &str, domain: usize, window: WindowLength, follow_up: Period) -> Indicator {
    Indicator {
        id: id.into(),
        span: Span { file: FileId(0), start: 0, end: 0 },
        about: About {
            title: title.into(),
            tier: Some(1),
            domain: Some(domain),
            question: Some(format!("What share? ({title})")),
            reading: None,
            source: Some("CFSR round 2".into()),
            status: Some("published".into()),
            ..About::default()
        },
        window,
        ends: WindowEnds::default(),
        follow_up: Some(follow_up),
        as_it_stands: false,
        lag: Period::default(),
        look_back: std::collections::BTreeMap::new(),
        history: None,
        cohort: Cohort { table: TableId(0), pick: None, condition: yes() },
        exclusions: vec![],
        measure: Measure::Proportion(Proportion { numerator: yes() }),
        attribution: Attribution {
            steps: vec![],
            level: 2,
            at: Expr {
                kind: ExprKind::Window(WindowPoint::LastDay),
                ty: Ty::Date,
                missing: Missing::Never,
                at: At::default(),
            },
        },
        standards: vec![],
        own_standards: vec![],
        minimum: None,
        split: None,
        meaning: "0123456789abcdef".into(),
    }
}

fn yes() -> Expr {
    Expr { kind: ExprKind::Bool(true), ty: Ty::Bool, missing: Missing::Never, at: At::default() }
}

fn standard(at_least: bool, green: f64, yellow: Option<f64>) -> Standard {
    let ends = |end| match at_least {
        true => Thresholds { least: Some(end), most: None },
        false => Thresholds { least: None, most: Some(end) },
    };
    Standard {
        green: Some(ends(green)),
        yellow: yellow.map(ends),
        from: None,
        until: None,
        source: Some("75th percentile goal".into()),
        status: Some("published".into()),
        yellow_status: yellow.map(|_| "inferred".into()),
    }
}
