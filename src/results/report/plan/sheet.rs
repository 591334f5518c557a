//! The follow-up page of a plan in words: its verdict, facts, actions and months.

use crate::report::amount;
use crate::report::book::document::Table;
use crate::report::book::sheet::{Chart, EXPECTED, PointMark, Series, VALUE};
use crate::report::mark;
use crate::scorecard::plan::{Action, Month, Says, Seen, Standing, Verdict};
use crate::scorecard::{Progress, words};
use chrono::NaiveDate;

/// More decimals nobody reads.
const MOST_DECIMALS: usize = 6;

/// A follow-up page.
pub(in crate::report) struct PlanSheet<'a> {
    /// The plan.
    pub(in crate::report) of: &'a Progress,
    /// What it is about, and whose: its title.
    pub(in crate::report) title: String,
    /// The verdict, and what must be known with it, a sentence or two each.
    pub(in crate::report) says: Vec<String>,
    /// Names and texts.
    pub(in crate::report) facts: Vec<(&'static str, String)>,
    /// What is done; without rows where no action is declared.
    pub(in crate::report) actions: Table,
    /// The months, the latest first.
    pub(in crate::report) months: Table,
    /// The values, and what is expected.
    pub(in crate::report) chart: Chart,
}

/// The sheet of a plan.
pub(in crate::report) fn sheet(of: &Progress) -> PlanSheet<'_> {
    PlanSheet {
        of,
        title: format!("Plan: {}, {}", of.title, who(of)),
        says: says(of),
        facts: facts(of),
        actions: actions(of),
        months: months(of),
        chart: chart(of),
    }
}

/// `office O11 Glenwood`; the whole by its level alone.
pub(super) fn who(of: &Progress) -> String {
    let [level, id, name] = &of.entity;
    match (id == level, name.is_empty() || name.eq_ignore_ascii_case(id)) {
        (true, _) => level.clone(),
        (false, true) => format!("{level} {id}"),
        (false, false) => format!("{level} {id} {name}"),
    }
}

/// A figure of the plan with its sign: `75 %`.
fn figure(of: &Progress, figure: f64) -> String {
    format!("{figure} {}", words::sign(&of.unit)).trim().to_owned()
}

/// The value and what is expected, with as many decimals as it takes to see how the one stands to
/// the other.
pub(super) fn numbers(of: &Progress, month: &Month) -> (String, String) {
    let short = |figure: f64, decimals: usize| format!("{figure:.decimals$}");
    let Some((seen, value)) = month.seen.as_ref().and_then(|seen| Some((seen, seen.value?))) else {
        return (String::new(), short(month.expected, 1));
    };
    let reached = |value: f64, expected: f64| of.plan.path.is_reached(value, expected);
    let honest = |value_text: &str, expected: &str| {
        let read = value_text.parse().ok().zip(expected.parse().ok());
        read.is_some_and(|(a, b)| reached(a, b) == reached(value, month.expected))
    };
    let tries = (1..=MOST_DECIMALS).map(|decimals| {
        let own = if decimals == 1 { seen.number.clone() } else { short(value, decimals) };
        (own, short(month.expected, decimals))
    });
    let mut tries = tries.filter(|(value, expected)| honest(value, expected));
    tries.next().unwrap_or_else(|| (short(value, MOST_DECIMALS), short(month.expected, MOST_DECIMALS)))
}

/// `68.4 % (13 of 19)`.
fn value(of: &Progress, month: &Month) -> String {
    let (value, _) = numbers(of, month);
    let counts = month.seen.as_ref().map(|seen| counts(of, seen)).filter(|counts| !counts.is_empty());
    let value = format!("{value} {}", words::sign(&of.unit)).trim().to_owned();
    counts.map_or(value.clone(), |counts| format!("{value} ({counts})"))
}

fn counts(of: &Progress, seen: &Seen) -> String {
    if of.unit == "count" { String::new() } else { amount::counts(seen.counts.0, seen.counts.1) }
}

/// `25.8 to 65.8`.
fn interval(seen: &Seen) -> Option<String> {
    seen.interval.map(|of| format!("{:.1} to {:.1}", of.low, of.high))
}

fn says(of: &Progress) -> Vec<String> {
    [Some(verdict(of)), together(of), run(of), first_known(of)].into_iter().flatten().collect()
}

/// The verdict, and what it rests on.
pub(super) fn verdict(of: &Progress) -> String {
    let Some(((month, _, sure), verdict)) = of.judged().next_back().zip(of.verdict()) else { return none_yet(of) };
    let (_, expected) = numbers(of, month);
    let at = if of.plan.path.rises() { "at least" } else { "at most" };
    let sign = words::sign(&of.unit);
    let expected = format!("{at} {expected} {sign}").trim().to_owned();
    let mut said = format!("{}: {} {}, {expected} expected.", capital(verdict.words()), value(of, month), month.when);
    match month.seen.as_ref().and_then(interval) {
        Some(interval) => said += &format!(" By chance alone it could be {interval} % (95 % interval)."),
        None => said += " How far chance alone moves this measure is not computed, so one month says little.",
    }
    if !sure {
        said += " What is not known of some of its rows could turn this.";
    }
    if month.from_before {
        said += &format!(
            " This window has days from before {}, so it cannot show the whole of what the plan does.",
            words::day(of.plan.since)
        );
    }
    if let Some(reason) = since_then(of, month) {
        said += &format!(" No later window has a value: {reason}.");
    }
    said
}

/// Why the windows after a month have no value, where that is no wait.
fn since_then(of: &Progress, last: &Month) -> Option<String> {
    let mut later = of.months.iter().rev().take_while(|month| last.window.end < month.window.end);
    later.find(|month| matches!(month.says, Says::NoValue(_))).map(|month| why(of, month))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Why there is no verdict: a wait is a wait.
fn none_yet(of: &Progress) -> String {
    let next = of.months.iter().find_map(|month| match month.says {
        Says::Waits(until) => Some((month, until)),
        Says::Start | Says::Before | Says::Judged { .. } | Says::NoValue(_) => None,
    });
    let reason = of.months.iter().rev().find_map(|month| match month.says {
        Says::NoValue(_) => Some(why(of, month)),
        Says::Start | Says::Before | Says::Judged { .. } | Says::Waits(_) => None,
    });
    match (next, reason) {
        (_, Some(reason)) => format!("No verdict: no window has a final value. {}.", capital(&reason)),
        (Some((month, Some(until))), None) => format!(
            "No verdict yet: {} is final on data that is complete through {}, and this is complete through {}.",
            month.in_words,
            words::day(until),
            words::day(of.as_of)
        ),
        (Some((_, None)), None) => "No verdict: what this measure says of a window can always change.".to_owned(),
        (None, None) => "No verdict: no month of the plan has a value.".to_owned(),
    }
}

/// The months of the last year together.
fn together(of: &Progress) -> Option<String> {
    let all = of.together()?;
    let (low, high) = (all.interval.low, all.interval.high);
    Some(format!(
        "The last {} months together, {}: {:.1} % ({}), {:.1} % expected. By chance alone it could be {low:.1} to {high:.1} %.",
        all.months,
        all.verdict.words(),
        all.value,
        amount::counts(Some(all.counts.0), Some(all.counts.1)),
        all.expected
    ))
}

fn run(of: &Progress) -> Option<String> {
    let (months, better) = of.run()?;
    let side = if better { "ahead of the path" } else { "behind the path" };
    Some(format!("Each of the last {months} months is {side}: that is more than chance."))
}

/// When one can first know, and why not earlier.
pub(super) fn first_known(of: &Progress) -> Option<String> {
    let since = words::day(of.plan.since);
    let Some(first) = &of.first else {
        return Some(format!("No window has only days since {since}: one can never know."));
    };
    let on = match first.on {
        Some(day) => format!("on data that is complete through {}", words::day(day)),
        None => "and can always change".to_owned(),
    };
    let mut said = format!("One can first know {}, {on}: no earlier window has only days since {since}.", first.when);
    if of.overlap {
        said += &format!(
            " With windows of {} that share days, the value follows a change only slowly: until then each has days from before the plan.",
            of.window
        );
    }
    if first.carries_over {
        said += " What was before a window counts in this measure, too, so it moves more slowly still.";
    }
    Some(said)
}

fn facts(of: &Progress) -> Vec<(&'static str, String)> {
    let plan = &of.plan;
    let path = format!(
        "from {} in {} to {} by {}",
        figure(of, plan.path.from),
        words::month(plan.path.start),
        figure(of, plan.path.to),
        words::month(plan.path.end)
    );
    let standard = of.standard.as_ref().map(|standard| format!("; the standard then: {standard}")).unwrap_or_default();
    let mut facts = vec![
        ("Why", plan.because.clone()),
        ("Since", words::day(plan.since)),
        ("Expected", format!("{path}{standard}")),
    ];
    let mut add = |name: &'static str, text: Option<String>| facts.extend(text.map(|text| (name, text)));
    add("Start", start(of));
    add("Target", target(of));
    add("Months", tally(of));
    add("Next", next(of));
    add("Waits", Some(of.wait.clone()).filter(|wait| wait != "none"));
    let reading = "within chance: the 95 % interval of the value reaches what is expected; `?`: what is not known of some rows could turn the verdict";
    add("Reading", Some(reading.to_owned()));
    add("Indicator", Some(format!("{}, {}, meaning {}", of.indicator, of.window, of.meaning)));
    facts
}

/// What the plan takes for its start, and what the data says of it.
fn start(of: &Progress) -> Option<String> {
    let month = of.months.iter().find(|month| month.says == Says::Start)?;
    let (seen, from) = (month.seen.as_ref()?, of.plan.path.from);
    let taken = figure(of, from);
    let said = format!("the plan takes {taken}; the data says {} {}", value(of, month), month.when);
    let far = match seen.interval {
        Some(interval) => from < interval.low || interval.high < from,
        None => (seen.value? - from).abs() >= 0.05,
    };
    Some(match (far, seen.interval) {
        (false, _) => said,
        (true, Some(_)) => format!("{said}, which is more than chance away from it"),
        (true, None) => format!("{said}, which is not the same"),
    })
}

/// What became of the month by which the value was to be reached.
fn target(of: &Progress) -> Option<String> {
    let (month, verdict, _) = of.judged().find(|(month, ..)| month.window.last_day() == of.plan.path.end)?;
    Some(format!("{} {}: {}", value(of, month), month.when, verdict.words()))
}

/// `of 40 with a verdict 21 on the path, 12 on the path, within chance, ...`.
fn tally(of: &Progress) -> Option<String> {
    let count = |of_all: &[Verdict], verdict: Verdict| of_all.iter().filter(|of| **of == verdict).count();
    let all: Vec<Verdict> = of.judged().map(|(_, verdict, _)| verdict).collect();
    let each = Verdict::ALL.map(|verdict| (count(&all, verdict), verdict.words()));
    let each: Vec<String> = each.iter().filter(|(n, _)| *n > 0).map(|(n, of)| format!("{n} {of}")).collect();
    // The interval of a month misses in 5 of 100 cases, half of them on the one side.
    let by_chance = all.len() as f64 * 0.025;
    let has_interval = of.judged().any(|(month, ..)| month.seen.as_ref().is_some_and(|seen| seen.interval.is_some()));
    let warns = has_interval && by_chance >= 1.0 && all.contains(&Verdict::Behind);
    let warning = if warns {
        format!(" (of so many, about {by_chance:.0} would be called behind though all is on the path)")
    } else {
        String::new()
    };
    (!all.is_empty()).then(|| format!("{} with a verdict: {}{warning}", all.len(), each.join("; ")))
}

/// The next month that will be final.
fn next(of: &Progress) -> Option<String> {
    of.months.iter().find_map(|month| match month.says {
        Says::Waits(Some(until)) => {
            Some(format!("{}, on data that is complete through {}", month.in_words, words::day(until)))
        }
        Says::Start | Says::Before | Says::Judged { .. } | Says::Waits(None) | Says::NoValue(_) => None,
    })
}

fn actions(of: &Progress) -> Table {
    let mut table = Table::new(["action", "how far", "owner", "due"]);
    for action in &of.plan.actions {
        let cells = [action.what.clone(), standing(action, of.as_of), action.owner.clone(), words::day(action.due)];
        table.add(cells, None, false);
    }
    table
}

/// `done 10 Jul 2023, late`, `overdue`, `open`.
pub(super) fn standing(action: &Action, as_of: NaiveDate) -> String {
    let later = action.done.filter(|done| *done > as_of);
    let later = later.map(|day| format!(", done {}, after the last day of the data", words::day(day)));
    match Standing::of(action, as_of) {
        Standing::Done(day) if day > action.due => format!("done {}, late", words::day(day)),
        Standing::Done(day) => format!("done {}", words::day(day)),
        Standing::Open => format!("open{}", later.unwrap_or_default()),
        Standing::Overdue => format!("overdue{}", later.unwrap_or_default()),
    }
}

/// The verdict on a month, or what stands in its place.
pub(super) fn verdict_of(month: &Month) -> String {
    match &month.says {
        Says::Start => "start".to_owned(),
        Says::Before => "before the plan".to_owned(),
        Says::Judged { verdict, sure: true } => verdict.words().to_owned(),
        Says::Judged { verdict, sure: false } => format!("{} ?", verdict.words()),
        Says::Waits(_) => "no verdict yet".to_owned(),
        Says::NoValue(_) => "no verdict".to_owned(),
    }
}

/// Why a month has no verdict, or one that says less than it seems.
pub(super) fn why(of: &Progress, month: &Month) -> String {
    let reason = month.seen.as_ref().and_then(|seen| seen.reason.clone());
    let said = match &month.says {
        Says::Waits(Some(until)) => Some(reason.unwrap_or_else(|| format!("waits until {until}"))),
        Says::Waits(None) => Some(reason.unwrap_or_else(|| "it can always change".to_owned())),
        Says::NoValue(state) => Some(reason.unwrap_or_else(|| mark::meaning(*state).to_owned())),
        Says::Start | Says::Before | Says::Judged { .. } => reason,
    };
    let range = month.seen.as_ref().filter(|_| matches!(month.says, Says::Judged { sure: false, .. })).map(|seen| {
        let end = |end: Option<f64>| end.map_or_else(|| "no end".to_owned(), |end| format!("{end:.1}"));
        format!("if all were known of its rows: least {}, most {}", end(seen.range.least), end(seen.range.most))
    });
    let judged = matches!(month.says, Says::Judged { .. });
    let before = (judged && month.from_before).then(|| format!("has days from before {}", words::day(of.plan.since)));
    [said, range, before].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn months(of: &Progress) -> Table {
    let mut table = Table::new(["month", "value", "expected", "verdict", "counts", "by chance", "why"]);
    for month in of.months.iter().rev() {
        let (value, expected) = numbers(of, month);
        let seen = month.seen.as_ref();
        let cells = [
            month.in_words.clone(),
            value,
            expected,
            verdict_of(month),
            seen.map(|seen| counts(of, seen)).unwrap_or_default(),
            seen.and_then(interval).unwrap_or_default(),
            why(of, month),
        ];
        table.add(cells, None, false);
    }
    table
}

fn chart(of: &Progress) -> Chart {
    let mark = |month: &Month| match month.seen.as_ref().is_some_and(|seen| seen.provisional) {
        true => PointMark::Provisional,
        false => PointMark::Plain,
    };
    let value = |month: &Month| month.seen.as_ref().and_then(|seen| seen.value);
    Chart {
        title: of.title.clone(),
        categories: of.months.iter().map(|month| month.in_words.clone()).collect(),
        series: vec![
            Series { name: VALUE, values: of.months.iter().map(value).collect() },
            Series { name: EXPECTED, values: of.months.iter().map(|month| Some(month.expected)).collect() },
        ],
        bands: Vec::new(),
        most: (of.unit == "percent").then_some(100.0),
        marks: of.months.iter().map(mark).collect(),
    }
}
