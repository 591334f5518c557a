//! Plans for programs: CSV with a line for each month, JSON with an object for each plan.

use super::sheet::{first_known, standing, verdict, why};
use crate::report::Csv;
use crate::scorecard::Progress;
use crate::scorecard::plan::{Month, Says, Standing, Verdict};
use chrono::NaiveDate;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Row {
    window_start: String,
    window_end: String,
    expected: f64,
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    least: Option<f64>,
    most: Option<f64>,
    verdict: &'static str,
    sure: Option<bool>,
    from_before: bool,
    final_on: Option<String>,
    reason: String,
}

#[derive(Debug, Serialize)]
struct ActionRow<'a> {
    action: &'a str,
    owner: &'a str,
    due: String,
    done: Option<String>,
    standing: &'static str,
    in_words: String,
}

#[derive(Debug, Serialize)]
struct TogetherRow {
    months: usize,
    numerator: f64,
    denominator: f64,
    value: f64,
    expected: f64,
    low: f64,
    high: f64,
    verdict: &'static str,
}

#[derive(Debug, Serialize)]
struct Whole<'a> {
    plan: &'a str,
    indicator: &'a str,
    level: &'a str,
    entity_id: &'a str,
    entity_name: &'a str,
    as_of: String,
    window: &'a str,
    unit: &'a str,
    meaning: &'a str,
    since: String,
    because: &'a str,
    from: f64,
    start: String,
    to: f64,
    end: String,
    verdict: Option<&'static str>,
    says: String,
    together: Option<TogetherRow>,
    first_known: Option<String>,
    first_known_on: Option<String>,
    first_known_in_words: Option<String>,
    actions: Vec<ActionRow<'a>>,
    months: Vec<Row>,
}

/// What stands in the column `verdict`.
fn id(says: &Says) -> &'static str {
    match says {
        Says::Start => "start",
        Says::Before => "before_plan",
        Says::Judged { verdict, .. } => verdict.id(),
        Says::Waits(_) => "waits",
        Says::NoValue(state) => state.id(),
    }
}

fn row(of: &Progress, month: &Month) -> Row {
    let seen = month.seen.clone().unwrap_or_default();
    let (sure, until) = match month.says {
        Says::Judged { sure, .. } => (Some(sure), None),
        Says::Waits(until) => (None, until),
        Says::Start | Says::Before | Says::NoValue(_) => (None, None),
    };
    Row {
        window_start: month.window.start.to_string(),
        window_end: month.window.last_day().to_string(),
        expected: month.expected,
        value: seen.value,
        numerator: seen.counts.0,
        denominator: seen.counts.1,
        low: seen.interval.map(|of| of.low),
        high: seen.interval.map(|of| of.high),
        least: seen.range.least,
        most: seen.range.most,
        verdict: id(&month.says),
        sure,
        from_before: month.from_before,
        final_on: day(until),
        reason: why(of, month),
    }
}

fn day(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn whole(of: &Progress) -> Whole<'_> {
    let [level, id, name] = &of.entity;
    let plan = &of.plan;
    let actions = plan.actions.iter().map(|action| ActionRow {
        action: &action.what,
        owner: &action.owner,
        due: action.due.to_string(),
        done: day(action.done),
        standing: Standing::of(action, of.as_of).id(),
        in_words: standing(action, of.as_of),
    });
    Whole {
        plan: &plan.name,
        indicator: &of.indicator,
        level,
        entity_id: id,
        entity_name: name,
        as_of: of.as_of.to_string(),
        window: &of.window,
        unit: &of.unit,
        meaning: &of.meaning,
        since: plan.since.to_string(),
        because: &plan.because,
        from: plan.path.from,
        start: plan.path.start.to_string(),
        to: plan.path.to,
        end: plan.path.end.to_string(),
        verdict: of.verdict().map(Verdict::id),
        says: verdict(of),
        together: of.together().map(|all| TogetherRow {
            months: all.months,
            numerator: all.counts.0,
            denominator: all.counts.1,
            value: all.value,
            expected: all.expected,
            low: all.interval.low,
            high: all.interval.high,
            verdict: all.verdict.id(),
        }),
        first_known: of.first.as_ref().map(|first| first.window.last_day().to_string()),
        first_known_on: day(of.first.as_ref().and_then(|first| first.on)),
        first_known_in_words: first_known(of),
        actions: actions.collect(),
        months: of.months.iter().map(|month| row(of, month)).collect(),
    }
}

/// An object for each plan.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn json(plans: &[Progress]) -> std::io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(&plans.iter().map(whole).collect::<Vec<_>>())?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The columns of the CSV.
const COLUMNS: &str = "plan indicator level entity_id entity_name window_start window_end as_of unit expected value numerator denominator \
                       low high least most verdict sure from_before final_on reason plan_verdict meaning";

/// A line for each month of each plan, oldest first.
///
/// # Errors
/// When a line cannot be written: a fault of ours.
pub fn csv(plans: &[Progress], form: Csv) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    out.write_record(COLUMNS.split_whitespace())?;
    let figure = |figure: Option<f64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let text = |text: &str| form.text(text).into_owned();
    for of in plans {
        let [level, id, name] = &of.entity;
        for month in &of.months {
            let row = row(of, month);
            let mut cells = vec![of.plan.name.clone(), of.indicator.clone(), text(level), text(id), text(name)];
            cells.extend([row.window_start, row.window_end, of.as_of.to_string(), text(&of.unit)]);
            cells.extend([figure(Some(row.expected)), figure(row.value), figure(row.numerator)]);
            cells.extend([row.denominator, row.low, row.high, row.least, row.most].map(figure));
            cells.extend([row.verdict.to_owned(), row.sure.map(|sure| sure.to_string()).unwrap_or_default()]);
            cells.extend([row.from_before.to_string(), row.final_on.unwrap_or_default(), text(&row.reason)]);
            cells.extend([of.verdict().map_or("", Verdict::id).to_owned(), of.meaning.clone()]);
            out.write_record(cells)?;
        }
    }
    out.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}
