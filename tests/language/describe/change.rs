//! Small changes to an indicator: a number, a comparison, a code, a column, a clause.

use chrono::Days;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use yardstick::decimal::Decimal;
use yardstick::ir::measure::{Count, Exposure, Followed, Incidence, Mean, Percentile, Proportion, Rate, Until};
use yardstick::ir::{
    Ask, At, CompareOp, Expr, ExprKind, Function, Indicator, LinkedQuery, Measure, Missing, OwnStandard, Period, RowId,
    Standard, Thresholds, Ty, WindowEnds, WindowLength, WindowPoint, reads,
};
use yardstick::model::{ColumnId, ColumnType, Counted, Model, TableId, Targets};

const OPS: [CompareOp; 6] = [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];
const POINTS: [WindowPoint; 3] = [WindowPoint::Start, WindowPoint::End, WindowPoint::LastDay];

/// Calls `change` on every expression, the innermost first.
pub(super) fn each(indicator: &mut Indicator, change: &mut impl FnMut(&mut Expr)) {
    if let Some(pick) = &mut indicator.cohort.pick {
        pick.by.iter_mut().for_each(|e| inside(e, change));
    }
    inside(&mut indicator.cohort.condition, change);
    indicator.exclusions.iter_mut().for_each(|e| inside(&mut e.condition, change));
    let changed = std::cell::RefCell::new(&mut *change);
    indicator.measure = indicator.measure.with(|_, e| {
        let mut e = e.clone();
        inside(&mut e, &mut **changed.borrow_mut());
        e
    });
    inside(&mut indicator.attribution.at, change);
}

fn inside(e: &mut Expr, change: &mut impl FnMut(&mut Expr)) {
    match &mut e.kind {
        ExprKind::And(of) | ExprKind::Or(of) | ExprKind::Call { of, .. } => {
            of.iter_mut().for_each(|e| inside(e, change));
        }
        ExprKind::Not(e)
        | ExprKind::InWindow(e)
        | ExprKind::IsMissing(e)
        | ExprKind::Elsewhere(e)
        | ExprKind::Shift { date: e, .. }
        | ExprKind::BusinessDay { date: e, .. }
        | ExprKind::InCodes { value: e, .. } => inside(e, change),
        ExprKind::Compare { left: a, right: b, .. } | ExprKind::Move { date: a, by: b, .. } => {
            inside(a, change);
            inside(b, change);
        }
        ExprKind::Linked(q) => {
            inside(&mut q.condition, change);
            match &mut q.ask {
                Ask::Exists | Ask::Count => {}
                Ask::Distinct(v) | Ask::Sum(v) | Ask::Earliest(v) | Ask::Latest(v) => inside(v, change),
                Ask::Days { from: one, until: two } | Ask::Ordered { value: one, by: two, .. } => {
                    inside(one, change);
                    inside(two, change);
                }
            }
        }
        _ => {}
    }
    change(e);
}

/// The same indicator with other numbers for its rows.
pub(super) fn renumbered(mut indicator: Indicator) -> Indicator {
    let other = |row: &mut RowId| {
        if *row != RowId::COHORT {
            row.0 = 1000 - row.0;
        }
    };
    each(&mut indicator, &mut |e| match &mut e.kind {
        ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => other(row),
        ExprKind::Linked(q) => {
            other(&mut q.row);
            other(&mut q.owner);
            q.other_than.iter_mut().for_each(other);
        }
        _ => {}
    });
    indicator
}

/// The clauses that can be changed.
pub(super) const CLAUSES: [&str; 20] = [
    "window",
    "follow-up",
    "as it stands",
    "no end",
    "lag",
    "history",
    "minimum",
    "first or last",
    "ever",
    "each level",
    "order",
    "pick",
    "order of exclusions",
    "exclusion",
    "level",
    "steps",
    "measure",
    "own standard",
    "further standard",
    "standard",
];
/// The expressions in which something can be changed.
pub(super) const EXPRESSIONS: [&str; 22] = [
    "Bool",
    "Int",
    "Text",
    "Date",
    "Code",
    "Window",
    "AsOf",
    "Column",
    "And",
    "Or",
    "Not",
    "Compare",
    "InCodes",
    "InWindow",
    "IsMissing",
    "Shift",
    "BusinessDay",
    "days",
    "earliest",
    "first-known",
    "Elsewhere",
    "Linked",
];

/// The indicator with one thing changed, where that can be, and what that is.
pub(super) fn changed(rng: &mut ChaCha8Rng, model: &Model, mut indicator: Indicator) -> (Indicator, String) {
    if rng.random_range(0..100) < 35 {
        let what = *CLAUSES.choose(rng).unwrap();
        clause(rng, model, &mut indicator, what);
        return (indicator, what.to_owned());
    }
    let tables = reads::row_tables(&indicator);
    let mut sites = 0;
    each(&mut indicator, &mut |_| sites += 1);
    let (at, mut now, mut what) = (rng.random_range(0..sites), 0, String::new());
    each(&mut indicator, &mut |e| {
        if now == at {
            what = match &e.kind {
                ExprKind::Call { function, .. } => function.canonical().to_owned(),
                kind => format!("{kind:?}").chars().take_while(|c| c.is_alphanumeric()).collect(),
            };
            expression(rng, model, &tables, e);
        }
        now += 1;
    });
    (indicator, what)
}

fn clause(rng: &mut ChaCha8Rng, model: &Model, indicator: &mut Indicator, what: &str) {
    match what {
        "window" => {
            let lengths = [
                WindowLength::Day,
                WindowLength::Week,
                WindowLength::Months(1),
                WindowLength::Months(6),
                WindowLength::Months(12),
                WindowLength::YearToDate(1),
                WindowLength::YearToDate(7),
                WindowLength::AllTime,
            ];
            indicator.window = *lengths.choose(rng).unwrap();
            let ends = [WindowEnds::default(), WindowEnds::QUARTERS, WindowEnds::of(&[3, 9])];
            indicator.ends = if indicator.window == WindowLength::Week { ends[0] } else { *ends.choose(rng).unwrap() };
        }
        "follow-up" => {
            let mut follow_up = indicator.follow_up.unwrap_or_default();
            wait(rng, &mut follow_up);
            indicator.follow_up = Some(follow_up);
        }
        "as it stands" => indicator.as_it_stands = indicator.follow_up.is_none() || !indicator.as_it_stands,
        "no end" => (indicator.as_it_stands, indicator.follow_up) = (true, None),
        "lag" => wait(rng, &mut indicator.lag),
        "history" => {
            let mut history = indicator.history.unwrap_or_default();
            wait(rng, &mut history);
            indicator.history = Some(history).filter(|period| *period != Period::default());
        }
        "minimum" => indicator.minimum = [None, Some(1), Some(10), Some(1000)].choose(rng).copied().unwrap(),
        "first or last" => indicator.cohort.pick.iter_mut().for_each(|p| p.last = !p.last),
        "ever" => indicator.cohort.pick.iter_mut().for_each(|p| p.ever = !p.ever),
        "each level" => indicator.cohort.pick.iter_mut().for_each(|p| p.each_level = !p.each_level),
        "order" => indicator.cohort.pick.iter_mut().for_each(|p| p.by.reverse()),
        "pick" => indicator.cohort.pick = None,
        "order of exclusions" => indicator.exclusions.reverse(),
        "exclusion" => drop(indicator.exclusions.pop()),
        "level" => indicator.attribution.level = rng.random_range(0..model.levels.len()),
        "steps" => drop(indicator.attribution.steps.pop()),
        "measure" => measure(rng, &mut indicator.measure),
        "own standard" => indicator.own_standards = own_standards(rng, model),
        "further standard" => indicator.standards.push(Standard {
            green: thresholds(rng),
            yellow: None,
            from: None,
            until: None,
            source: None,
            status: None,
            yellow_status: None,
        }),
        _ => indicator.standards.last_mut().into_iter().for_each(|last| standard(rng, last)),
    }
}

/// Targets from any columns that could be some.
fn own_standards(rng: &mut ChaCha8Rng, model: &Model) -> Vec<OwnStandard> {
    let is_level = |id: TableId| model.is_level(id);
    let found = model.tables().flat_map(|(table, of)| {
        let columns = |is: &dyn Fn(&ColumnType) -> bool| -> Vec<ColumnId> {
            of.columns().filter(|(_, c)| is(&c.ty)).map(|(id, _)| id).collect()
        };
        let days = columns(&|ty| *ty == ColumnType::Date);
        let figures = columns(&|ty| *ty == ColumnType::Int);
        let entities = columns(&|ty| matches!(ty, ColumnType::Link(to) if is_level(*to)));
        let all = entities.into_iter().flat_map(move |entity| {
            let figures = figures.clone();
            days.clone().into_iter().flat_map(move |from| {
                figures.clone().into_iter().map(move |figure| Targets { table, entity, from, figure })
            })
        });
        all.collect::<Vec<_>>()
    });
    let found: Vec<Targets> = found.collect();
    let Some(targets) = found.choose(rng).copied() else { return Vec::new() };
    let entities = model.table(targets.table).column(targets.entity).target().unwrap();
    let within = [None, Some(Decimal { digits: 10, scale: 1 }), Some(Decimal { digits: 5, scale: 10 })];
    vec![OwnStandard {
        targets,
        entities,
        at_least: rng.random(),
        is_percent: true,
        within: *within.choose(rng).unwrap(),
        source: None,
        status: None,
        yellow_status: None,
    }]
}

fn wait(rng: &mut ChaCha8Rng, period: &mut Period) {
    *period = Period { months: rng.random_range(0..3) * 6, days: rng.random_range(0..3) * 5 };
}

fn measure(rng: &mut ChaCha8Rng, measure: &mut Measure) {
    *measure = match measure.clone() {
        Measure::Proportion(of) => match rng.random_range(0..2) {
            0 => Measure::Proportion(of),
            _ => Measure::Count(Count { events: of.numerator }),
        },
        Measure::Count(of) => match of.events.ty {
            Ty::Bool => Measure::Proportion(Proportion { numerator: of.events }),
            _ => Measure::Mean(Mean { of: of.events }),
        },
        Measure::Distinct(of) => Measure::Distinct(of),
        Measure::Mean(of) => Measure::Percentile(Percentile { percent: 50, of: of.of }),
        Measure::Percentile(of) => match rng.random_range(0..2) {
            0 => Measure::Mean(Mean { of: of.of }),
            _ => Measure::Percentile(Percentile { percent: of.percent + 1, ..of }),
        },
        Measure::Until(of) => match rng.random_range(0..4) {
            0 => Measure::Until(Until { percent: of.percent + 1, ..of }),
            1 => Measure::Until(Until { rows: turned(of.rows), ..of }),
            2 => {
                let by = Period { months: 12, days: 0 };
                Measure::Incidence(Incidence { of: Expr::truth(), by, rows: of.rows })
            }
            _ => {
                let unit =
                    *[Counted::Days, Counted::BusinessDays, Counted::Months, Counted::Years].choose(rng).unwrap();
                Measure::Until(Until { unit, ..of })
            }
        },
        Measure::Incidence(mut of) => match rng.random_range(0..3) {
            0 => {
                wait(rng, &mut of.by);
                Measure::Incidence(of)
            }
            1 => Measure::Incidence(Incidence { rows: turned(of.rows), ..of }),
            _ => Measure::Until(Until { percent: 50, unit: Counted::Days, rows: of.rows }),
        },
        Measure::Rate(of) => match rng.random_range(0..3) {
            0 => Measure::Rate(Rate { per: of.per + 1, ..of }),
            1 => Measure::Rate(Rate { events: of.exposure, exposure: of.events, ..of }),
            _ => {
                let unit = match of.unit {
                    Exposure::Time(_) | Exposure::Named(_) => Exposure::OfWindow,
                    Exposure::OfWindow | Exposure::Events => Exposure::Time(Counted::Days),
                };
                Measure::Rate(Rate { unit, ..of })
            }
        },
    }
}

fn turned(rows: Followed) -> Followed {
    Followed { from: rows.to, to: rows.from, censor: rows.censor }
}

/// `at least`, `at most`, `between` or `none`.
fn thresholds(rng: &mut ChaCha8Rng) -> Option<Thresholds> {
    let mut end = || f64::from(rng.random_range(0..500)) / 10.0;
    let (low, more) = (end(), end());
    match rng.random_range(0..4) {
        0 => Some(Thresholds { least: Some(low), most: None }),
        1 => Some(Thresholds { least: None, most: Some(low) }),
        2 => Some(Thresholds { least: Some(low), most: Some(low + more) }),
        _ => None,
    }
}

fn standard(rng: &mut ChaCha8Rng, standard: &mut Standard) {
    let day = |rng: &mut ChaCha8Rng| chrono::NaiveDate::from_ymd_opt(rng.random_range(2020..2023), 1, 1);
    match rng.random_range(0..5) {
        0 => (standard.green, standard.yellow) = (thresholds(rng), None),
        1 => standard.green = standard.green.map(|green| green.map(|end| end + 0.1)),
        2 => standard.yellow = standard.yellow.map(|y| y.map(|end| end + 0.01)).or(standard.green),
        3 => standard.from = day(rng),
        _ => standard.until = day(rng),
    }
}

fn expression(rng: &mut ChaCha8Rng, model: &Model, tables: &BTreeMap<RowId, TableId>, e: &mut Expr) {
    let around = rng.random_range(0..10);
    match e.ty {
        Ty::Bool if around == 0 => return wrapped(e, ExprKind::Not),
        Ty::Bool if around == 1 => {
            let other = Expr { kind: ExprKind::Bool(rng.random()), ..Expr::truth() };
            return wrapped(e, |e| ExprKind::Or(vec![*e, other]));
        }
        Ty::Date if around == 0 => {
            let (months, days) = (rng.random_range(-1..2), rng.random_range(-2..3));
            return wrapped(e, |date| ExprKind::Shift { date, months, days, minutes: 0 });
        }
        Ty::Date if around == 1 => return wrapped(e, |date| ExprKind::BusinessDay { date, days: 5 }),
        Ty::Int if around == 0 => {
            let one = Expr { kind: ExprKind::Int(1), ty: Ty::Int, missing: Missing::Never, at: At::default() };
            return wrapped(e, |e| ExprKind::Call { function: Function::Minus, of: vec![*e, one] });
        }
        Ty::Int if around == 1 => {
            let two = Expr { kind: ExprKind::Int(2), ty: Ty::Int, missing: Missing::Never, at: At::default() };
            return wrapped(e, |e| ExprKind::Call { function: Function::Times, of: vec![two, *e] });
        }
        Ty::Int if around == 2 => {
            let one = Expr { kind: ExprKind::Int(1), ty: Ty::Int, missing: Missing::Never, at: At::default() };
            return wrapped(e, |e| ExprKind::Call { function: Function::IfElse, of: vec![Expr::truth(), *e, one] });
        }
        Ty::Date if around == 2 => {
            let by = Box::new(Expr {
                kind: ExprKind::Int(3),
                ty: Ty::Length(Counted::Months),
                missing: Missing::Never,
                at: At::default(),
            });
            return wrapped(e, |date| ExprKind::Move { date, by, back: true });
        }
        _ => {}
    }
    match &mut e.kind {
        ExprKind::Bool(truth) => *truth = !*truth,
        ExprKind::Int(n) => *n += rng.random_range(-1..2),
        ExprKind::Text(text) => *text += ["x", " ", "\" or \"", "."].choose(rng).unwrap(),
        ExprKind::Date(date) => *date = *date + Days::new(rng.random_range(0..40)),
        ExprKind::Code(i) => *i = if *i == 0 { 1 } else { *i - 1 },
        ExprKind::Window(point) => *point = *POINTS.choose(rng).unwrap(),
        ExprKind::AsOf => e.kind = ExprKind::Window(WindowPoint::LastDay),
        ExprKind::Column { row, links, column } => {
            if let Some(table) = end(model, tables, *row, links) {
                *column = like(rng, model, table, *column);
            }
        }
        ExprKind::Row { .. } => {}
        ExprKind::And(of) | ExprKind::Or(of) if rng.random() => {
            if of.len() > 2 && rng.random() {
                of.pop();
            } else {
                of.reverse();
            }
        }
        ExprKind::And(of) => e.kind = ExprKind::Or(std::mem::take(of)),
        ExprKind::Or(of) => e.kind = ExprKind::And(std::mem::take(of)),
        ExprKind::Not(inner) => *e = (**inner).clone(),
        ExprKind::Compare { op, left, right } => match rng.random() {
            true => *op = *OPS.choose(rng).unwrap(),
            false => std::mem::swap(left, right),
        },
        ExprKind::InCodes { codes, .. } => match codes.len() {
            1 => codes.push(codes[0] + 1 - 2 * u16::from(codes[0] > 0)),
            _ => drop(codes.pop()),
        },
        ExprKind::InWindow(day) => e.kind = ExprKind::IsMissing(day.clone()),
        ExprKind::IsMissing(_) => wrapped(e, ExprKind::Not),
        ExprKind::Shift { months, days, minutes, .. } => match rng.random_range(0..4) {
            0 => *months += 1,
            1 => *days -= 1,
            2 => std::mem::swap(months, days),
            _ => *minutes += 0,
        },
        ExprKind::BusinessDay { days, .. } => *days = -*days,
        ExprKind::Call { function, of } => call(rng, function, of),
        ExprKind::Elsewhere(day) => e.kind = ExprKind::InWindow(day.clone()),
        ExprKind::Move { back, .. } => *back = !*back,
        ExprKind::Linked(q) => question(rng, model, tables, q),
    }
}

fn wrapped(e: &mut Expr, around: impl FnOnce(Box<Expr>) -> ExprKind) {
    let (ty, missing) = (e.ty, e.missing);
    let inner = std::mem::replace(e, Expr::truth());
    *e = Expr { kind: around(Box::new(inner)), ty, missing, at: At::default() };
}

fn question(rng: &mut ChaCha8Rng, model: &Model, tables: &BTreeMap<RowId, TableId>, q: &mut LinkedQuery) {
    match rng.random_range(0..5) {
        0 => q.condition = Expr::truth(),
        1 => {
            let rows: Vec<RowId> =
                tables.iter().filter(|(r, t)| **t == q.table && **r != q.row).map(|(r, _)| *r).collect();
            q.other_than = if q.other_than.is_some() { None } else { rows.choose(rng).copied() };
        }
        2 => q.via = q.via.map(|via| like(rng, model, q.table, via)),
        3 => q.owner_links.truncate(q.owner_links.len().saturating_sub(1)),
        _ => {
            q.ask = match q.ask.clone() {
                Ask::Earliest(v) => Ask::Latest(v),
                Ask::Latest(v) => Ask::Earliest(v),
                Ask::Distinct(v) if rng.random() => Ask::Sum(v),
                Ask::Sum(v) => Ask::Distinct(v),
                Ask::Ordered { last, value, by } => Ask::Ordered { last: !last, value, by },
                Ask::Distinct(_) | Ask::Days { .. } => Ask::Count,
                ask @ (Ask::Exists | Ask::Count) => ask,
            };
        }
    }
}

/// The table of the row reached.
fn end(model: &Model, tables: &BTreeMap<RowId, TableId>, row: RowId, links: &[ColumnId]) -> Option<TableId> {
    let first = *tables.get(&row)?;
    links.iter().try_fold(first, |table, link| model.table(table).column(*link).target())
}

/// A column that holds the same and is missing as often.
fn like(rng: &mut ChaCha8Rng, model: &Model, table: TableId, column: ColumnId) -> ColumnId {
    let of = model.table(table);
    let one = of.column(column);
    let until = |c: ColumnId| of.spans.is_some_and(|s| s.until == c);
    let fits = of.columns().filter(|(id, c)| {
        c.ty == one.ty
            && !matches!(c.ty, ColumnType::Codes(_))
            && c.optional == one.optional
            && (c.not_yet || until(*id)) == (one.not_yet || until(column))
    });
    fits.map(|(id, _)| id).collect::<Vec<_>>().choose(rng).copied().unwrap_or(column)
}

/// Another function of the same values, or the same of others.
fn call(rng: &mut ChaCha8Rng, function: &mut Function, of: &mut [Expr]) {
    let alike: &[Function] = match function {
        Function::DayOf | Function::WeekdayOf => return,
        Function::MonthOf | Function::YearOf => {
            *function = if *function == Function::MonthOf { Function::YearOf } else { Function::MonthOf };
            return;
        }
        Function::DaysBetween | Function::BusinessDaysBetween | Function::MonthsBetween | Function::YearsBetween => {
            &[Function::DaysBetween, Function::BusinessDaysBetween, Function::MonthsBetween, Function::YearsBetween]
        }
        Function::Plus | Function::Minus => &[Function::Plus, Function::Minus],
        Function::Times => return,
        Function::IfElse => return of[1..].reverse(),
        Function::HoursBetween | Function::MinutesBetween => &[Function::HoursBetween, Function::MinutesBetween],
        Function::Earliest | Function::Latest | Function::FirstKnown => {
            &[Function::Earliest, Function::Latest, Function::FirstKnown]
        }
    };
    match rng.random() {
        true => of.reverse(),
        false => *function = *alike.choose(rng).unwrap(),
    }
}
