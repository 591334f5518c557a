//! Plans: the indicator, the entity's level, the path in the measure's unit and in the direction of
//! its standard, and days in order.

use super::declared::{Declared, repeated};
use super::scorecard::{is_declared, place};
use super::standard;
use crate::calendar::first_of_month;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::{Action, Indicator, Path, Plan, Program, WindowLength};
use crate::model::UNASSIGNED;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, ExpectedPath, Name, PlanLine, Text};
use chrono::{Datelike, NaiveDate};

/// More months than this nobody plans for.
const LONGEST: i32 = 120;

/// The lines of a plan of which there is one each.
struct Lines<'a> {
    entity: (&'a Name, Option<&'a Text>),
    since: &'a Spanned<NaiveDate>,
    because: &'a Text,
    path: &'a ExpectedPath,
}

/// Checks one plan: with the number of the hierarchy that has its entity's level; nothing when
/// there is a mistake in it, or in its indicator.
pub(super) fn check(
    declared: &Declared,
    programs: &[Program],
    decl: &ast::Plan,
    out: &mut Diagnostics,
) -> Option<(usize, Plan)> {
    let lines = lines(decl, out);
    let actions = actions(decl, out);
    if !is_declared(declared, &decl.indicator, out) {
        return None;
    }
    let lines = lines?;
    let id = &decl.indicator.value;
    let of = |program: &Program| place(&program.indicators, |of| &of.id, id);
    // Without one, the indicator has a mistake of its own.
    let any = programs.iter().find_map(|program| program.indicators.get(of(program)?))?;
    let found = entity(programs, &of, (lines.entity, id), out);
    let path = path(lines.path, any, out);
    if let Some(path) = &path {
        direction(path, lines.path, any, out);
        begins_in_time(lines.since, path, lines.path, out);
    }
    let (number, indicator, level) = found?;
    let plan = Plan {
        name: decl.name.value.clone(),
        span: lines.entity.1.map_or(lines.entity.0.span, |id| id.span),
        indicator,
        level,
        entity: lines.entity.1.map(|id| id.value.clone()),
        since: lines.since.value,
        because: lines.because.value.clone(),
        path: path?,
        actions: actions?,
    };
    if let Some(indicator) = programs.get(number).and_then(|program| program.indicators.get(indicator)) {
        can_be_known(&plan, indicator, lines.path, out);
    }
    Some((number, plan))
}

/// The lines of which there is one each; a finding for each that is missing or stands twice.
fn lines<'a>(decl: &'a ast::Plan, out: &mut Diagnostics) -> Option<Lines<'a>> {
    let entity = one(decl, "entity", "`entity office \"O03\"`", out, |line| match line {
        PlanLine::Entity { level, id } => Some((level, id.as_ref())),
        PlanLine::Since(_) | PlanLine::Because(_) | PlanLine::Expect(_) | PlanLine::Action(_) => None,
    });
    let since = one(decl, "since", "`since 2026-02-01`", out, since);
    let because = one(decl, "because", "`because \"...\"`", out, |line| match line {
        PlanLine::Because(why) => Some(why),
        PlanLine::Entity { .. } | PlanLine::Since(_) | PlanLine::Expect(_) | PlanLine::Action(_) => None,
    });
    let example = "`expect from 20% in 2026-02 to 75% by 2026-10`";
    let path = one(decl, "expect", example, out, |line| match line {
        PlanLine::Expect(path) => Some(path),
        PlanLine::Entity { .. } | PlanLine::Since(_) | PlanLine::Because(_) | PlanLine::Action(_) => None,
    });
    Some(Lines { entity: entity?, since: since?, because: because?, path: path? })
}

fn since(line: &PlanLine) -> Option<&Spanned<NaiveDate>> {
    match line {
        PlanLine::Since(day) => Some(day),
        PlanLine::Entity { .. } | PlanLine::Because(_) | PlanLine::Expect(_) | PlanLine::Action(_) => None,
    }
}

fn one<'a, T>(
    decl: &'a ast::Plan,
    word: &str,
    example: &str,
    out: &mut Diagnostics,
    is_it: impl Fn(&'a PlanLine) -> Option<T>,
) -> Option<T> {
    let mut all = decl.lines.iter().filter_map(|line| Some((is_it(&line.value)?, line.span)));
    let Some((first, span)) = all.next() else {
        let message = format!("the plan `{}` has no `{word}`", decl.name.value);
        let help = format!("add a line such as {example}");
        out.push(Diagnostic::new(code::CLAUSE_MISSING, decl.name.span, message).help(help));
        return None;
    };
    for (_, again) in all {
        let message = format!("the line `{word}` is written twice");
        let finding = repeated(code::CLAUSE_REPEATED, message, again, span);
        out.push(finding.help("keep one of the two; a plan for another entity or time is a plan of its own"));
    }
    Some(first)
}

/// The actions, each due and done once the plan has begun.
fn actions(decl: &ast::Plan, out: &mut Diagnostics) -> Option<Vec<Action>> {
    let since = decl.lines.iter().find_map(|line| since(&line.value));
    let mut actions = Some(Vec::new());
    for line in &decl.lines {
        let PlanLine::Action(ast::Action { what, owner, due, done }) = &line.value else { continue };
        let days = [("is due on", Some(due)), ("was done on", done.as_ref())];
        let early = |(_, day): &(&str, Option<&Spanned<NaiveDate>>)| {
            day.zip(since).is_some_and(|(day, since)| day.value < since.value)
        };
        if let Some((words, Some(day))) = days.into_iter().find(early) {
            let message = format!("the action {words} {}, before the plan begins", day.value);
            let mut finding = Diagnostic::new(code::PLAN_DAYS, day.span, message);
            if let Some(since) = since {
                finding = finding.also(since.span, "begins here");
            }
            out.push(finding.help("let the plan begin with its first action, or mend the day"));
            actions = None;
        }
        if let Some(actions) = &mut actions {
            let done = done.as_ref().map(|day| day.value);
            actions.push(Action { what: what.value.clone(), owner: owner.value.clone(), due: due.value, done });
        }
    }
    actions
}

/// The hierarchy in which the indicator reaches the entity's level, the indicator and the level
/// there.
fn entity(
    programs: &[Program],
    of: &impl Fn(&Program) -> Option<usize>,
    ((level, entity), id): ((&Name, Option<&Text>), &str),
    out: &mut Diagnostics,
) -> Option<(usize, usize, usize)> {
    let all = programs.iter().enumerate();
    let shown = all.filter_map(|(number, program)| Some((number, program, of(program)?)));
    let mut levels: Vec<&str> = Vec::new();
    let mut found = None;
    for (number, program, indicator) in shown {
        let reached = program.indicators.get(indicator).map_or(0, |of| of.attribution.level);
        let of_these = program.model.levels.iter().take(reached + 1).map(|level| level.name.as_str());
        levels.extend(of_these);
        let place = program.model.find_level(&level.value).filter(|place| *place <= reached);
        found = found.or(place.map(|place| (number, indicator, place)));
    }
    let Some((number, indicator, place)) = found else {
        let known = programs.iter().any(|program| program.model.find_level(&level.value).is_some());
        let (message, help) = match known {
            true => (
                format!("the rows of `{id}` are attributed to no `{}`", level.value),
                format!("it reaches the levels {}", levels.join(" > ")),
            ),
            false => (format!("there is no level `{}`", level.value), suggest::help(&level.value, "levels", &levels)),
        };
        out.push(Diagnostic::new(code::PLAN_ENTITY, level.span, message).help(help));
        return None;
    };
    match (place, entity) {
        (0, Some(entity)) if entity.value != level.value => {
            let message = format!("`{}` is the whole, and has no `{}` in it", level.value, entity.value);
            let help = format!("write `entity {}`, or the level of the entity", level.value);
            out.push(Diagnostic::new(code::PLAN_ENTITY, entity.span, message).help(help));
            None
        }
        (1.., None) => {
            let message = format!("this does not say which {}", level.value);
            let help = format!("write its id behind the level: `entity {} \"...\"`", level.value);
            out.push(Diagnostic::new(code::PLAN_ENTITY, level.span, message).help(help));
            None
        }
        (_, Some(entity)) if entity.value == UNASSIGNED => {
            let message = "rows without anybody have nobody who could carry out a plan".to_owned();
            let help = "name an entity; that fewer rows are unassigned is a plan of the level above";
            out.push(Diagnostic::new(code::PLAN_ENTITY, entity.span, message).help(help));
            None
        }
        _ => Some((number, indicator, place)),
    }
}

/// The path, when its figures are the measure's and windows end with its months, which stand in
/// order.
fn path(written: &ExpectedPath, indicator: &Indicator, out: &mut Diagnostics) -> Option<Path> {
    let (from, to) = (
        standard::value(&written.from, "expectation", &indicator.measure, out),
        standard::value(&written.to, "expectation", &indicator.measure, out),
    );
    let (start, end) = months(written, indicator, out)?;
    let (from, to) = (from?, to?);
    if from == to {
        let message =
            format!("from {} to {} nothing moves", standard::shown(&written.from), standard::shown(&written.to));
        out.push(
            Diagnostic::new(code::PLAN_DIRECTION, written.to.span, message)
                .help("write the value that is to be reached; what is to be kept is a `standard` of the indicator"),
        );
        return None;
    }
    Some(Path { from, start, to, end })
}

/// The last days of the first and the last month.
fn months(written: &ExpectedPath, indicator: &Indicator, out: &mut Diagnostics) -> Option<(NaiveDate, NaiveDate)> {
    let mut wrong = |span: Span, message: String, help: String| {
        out.push(Diagnostic::new(code::PLAN_MONTHS, span, message).help(help));
        None
    };
    let no_months = match indicator.window {
        WindowLength::Week => Some("weeks, which end with no month"),
        WindowLength::AllTime => Some("all time, so what was before the plan never leaves it"),
        WindowLength::Day | WindowLength::Months(_) | WindowLength::YearToDate(_) => None,
    };
    if let Some(why) = no_months {
        let message = format!("the windows of `{}` are {why}", indicator.id);
        let help = "plan for an indicator whose windows end with a month, such as one like it with `window month`";
        return wrong(written.start.span, message, help.to_owned());
    }
    let (start, end) = (written.start.value, written.end.value);
    let between = (end.year() - start.year()) * 12 + end.month().cast_signed() - start.month().cast_signed();
    if between <= 0 {
        let message = "the month by which the value is to be reached is not after the one it starts in".to_owned();
        return wrong(
            written.end.span,
            message,
            "write the earlier month after `in`, the later one after `by`".to_owned(),
        );
    }
    if between > LONGEST {
        let message = format!("this is a plan for {between} months");
        return wrong(written.end.span, message, format!("write a plan for {LONGEST} months at most"));
    }
    let last_day = |month: &Spanned<NaiveDate>| crate::ir::end_of_month(month.value).unwrap_or(month.value);
    for month in [&written.start, &written.end] {
        if !indicator.ends_on(last_day(month)) {
            let message = format!("no window of `{}` ends with this month", indicator.id);
            return wrong(month.span, message, indicator.ends_in_words());
        }
    }
    Some((last_day(&written.start), last_day(&written.end)))
}

/// A plan moves a value to where the standard calls it better.
fn direction(path: &Path, written: &ExpectedPath, indicator: &Indicator, out: &mut Diagnostics) {
    if indicator.higher_is_better().is_some_and(|higher| higher != path.rises()) {
        let (better, moves) = if path.rises() { ("lower", "up") } else { ("higher", "down") };
        let message = format!(
            "by its standard, {better} values of `{}` are better, and this plan moves it {moves}",
            indicator.id
        );
        let [from, to] = [&written.from, &written.to].map(standard::shown);
        out.push(
            Diagnostic::new(code::PLAN_DIRECTION, written.to.span, message)
                .help(format!("write the present value first: is `from {to} ... to {from}` meant?")),
        );
    }
}

/// A plan begins before the month by which its value is to be reached has ended.
fn begins_in_time(since: &Spanned<NaiveDate>, path: &Path, written: &ExpectedPath, out: &mut Diagnostics) {
    if since.value > path.end {
        let message = format!("the plan begins on {}, after its value is to be reached", since.value);
        out.push(
            Diagnostic::new(code::PLAN_DAYS, since.span, message)
                .also(written.end.span, "to be reached by then")
                .help("`since` is the day from which on something is done differently"),
        );
    }
}

/// A value is to be reached no earlier than in a window that has only days of the plan.
fn can_be_known(plan: &Plan, indicator: &Indicator, written: &ExpectedPath, out: &mut Diagnostics) {
    let Some(first) = plan.first_after(indicator) else { return };
    let last_day = first.last_day();
    if plan.since <= plan.path.end && plan.path.end < last_day {
        let message = format!(
            "by then, every window of `{}` still has days from before {}: the first that has none ends on {last_day}",
            indicator.id, plan.since
        );
        let month = first_of_month(last_day).format("%Y-%m");
        out.push(Diagnostic::new(code::PLAN_TOO_SOON, written.end.span, message).help(format!(
            "let the value be reached later, such as by {month}, or plan for an indicator with shorter windows"
        )));
    }
}
