//! One indicator: its clauses, checked and joined.

use super::clauses::Clauses;
use super::declared::{refuse_reserved, twice};
use super::groups::{self, Declared};
use super::model::in_words;
use super::named::{Definition, Meanings};
use super::references::{Kind, Names};
use super::said::{self, Said};
use super::typer::{Asked, Typer};
use super::types::{length_words, period};
use super::world::World;
use super::{cohort, follow_up, lints, look_back, standard, window};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::{About, Approved, Exclusion, Expr, Grouped, Indicator, Measure, Period, RowId};
use crate::model::{ColumnId, ColumnType, TableId};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, WindowSpec};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a definition may be: as published, changed to fit, or our own reading.
const STATUSES: [&str; 3] = ["published", "adapted", "inferred"];

/// Checks one indicator in the hierarchy of the world's levels, for which one of its attributions
/// is; `None` when a mistake leaves nothing to run. What its names mean is added to `names`; those
/// of the model are known in `meanings`.
pub(super) fn check<'w>(
    world: &'w World<'w>,
    (decl, attribution): (&'w ast::Indicator, usize),
    breakdowns: &[Declared<'w>],
    meanings: &mut Meanings,
    names: &mut Names,
    out: &mut Diagnostics,
) -> Option<Checked> {
    let mut clauses = Clauses::of(decl, out);
    clauses.attribute = clauses.attributes.get(attribution).copied();
    let about = about(world, decl, &clauses, out);
    let window = clauses.window.map(|w| window::window(w, out));
    let wait = clauses.lag.map_or(Some(Period::default()), |l| length(l, "lag", out));
    let history = clauses.history.map(|h| length(h, "history", out));
    let minimum = clauses.minimum.and_then(|n| positive(n, "minimum", "a denominator has at least one case", out));
    let table = clauses.cohort.and_then(|(c, _)| cohort::table(world, c, out))?;
    let rows = rows(world, &clauses, (table, breakdowns), meanings, names, out);
    let measure = rows.as_ref().map(|r| &r.measure);
    let standards = standard::standards(&clauses.standards, measure, out);
    let own_standards = standard::own_standards(world, &clauses.standards, measure, names, out);
    let ((window, ends), lag, rows) = (window??, wait?, rows?);
    window::has_first_day(window, &clauses, &rows, out)?;
    of_the_window(world, &clauses, &rows, out)?;
    let settled = follow_up::follow_up(world, &clauses, window, &rows, out)?;
    let history = match history {
        Some(history) => Some(history?),
        None => None,
    };
    let mut indicator = Indicator {
        id: decl.name.value.clone(),
        span: decl.span,
        about: About { names: rows.lets, ..about },
        window,
        ends,
        follow_up: follow_up::wait(settled.as_ref()),
        as_it_stands: clauses.as_it_stands.is_some(),
        lag,
        look_back: BTreeMap::new(),
        history,
        cohort: rows.cohort,
        exclusions: rows.exclusions,
        measure: rows.measure,
        attribution: rows.attribution,
        standards,
        own_standards,
        minimum: minimum.and_then(|n| u64::try_from(n).ok()),
        split: None,
        meaning: String::new(),
    };
    follow_up::unused(&indicator, &clauses, out);
    let looked = look_back::Looked::of(&world.model, &indicator);
    indicator.look_back = looked.back();
    indicator.meaning = crate::ir::print::meaning(&world.model, &indicator);
    let groups = groups::of_indicator(&world.model, (&indicator, settled.as_ref(), &looked), rows.groups);
    Some(Checked { indicator, groups, said: rows.said })
}

/// An indicator, and how its rows fall into the groups of the breakdowns, by their index; `None`
/// where they can change for ever.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) indicator: Indicator,
    pub(super) groups: BTreeMap<usize, Option<Arc<Grouped>>>,
    /// Where its text says which condition.
    pub(super) said: Vec<Said>,
}

/// What is said of the cohort's rows.
pub(super) struct Rows {
    pub(super) cohort: crate::ir::Cohort,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) measure: Measure,
    pub(super) attribution: crate::ir::Attribution,
    /// The local names with what they stand for.
    lets: Vec<(String, Expr)>,
    /// The conditions of the groups of each breakdown, by its index.
    groups: Vec<(usize, Vec<Expr>)>,
    /// Each question, by its row.
    asked: Vec<Asked>,
    /// Where each condition stands.
    said: Vec<Said>,
}

impl Rows {
    /// The question that a row variable is of; `None` for the row of the cohort.
    pub(super) fn asked(&self, row: RowId) -> Option<&Asked> {
        self.asked.get(usize::from(row.0).checked_sub(1)?)
    }
}

fn rows<'w>(
    world: &'w World<'w>,
    clauses: &Clauses<'w>,
    (table, breakdowns): (TableId, &[Declared<'w>]),
    meanings: &mut Meanings,
    names: &mut Names,
    out: &mut Diagnostics,
) -> Option<Rows> {
    let mut typer = Typer::new(world, std::mem::take(meanings), table);
    let lets = lets(&mut typer, clauses, table);
    let cohort = clauses.cohort.and_then(|(c, _)| typer.cohort(c, table));
    typer.holders = true;
    let exclusions: Vec<Option<Exclusion>> = clauses
        .exclusions
        .iter()
        .map(|e| Some(Exclusion { reason: e.reason.value.clone(), condition: typer.condition(e.condition)? }))
        .collect();
    let measure = typer.measure(clauses);
    typer.holders = false;
    let attribution = clauses.attribute.and_then(|of| typer.attribution(of.path, of.at, table));
    // What the days of the other hierarchies name is used.
    for other in clauses.attributes.iter().filter(|of| clauses.attribute.is_none_or(|own| own.span != of.span)) {
        typer.expr(other.at);
    }
    let day_window = clauses.window.is_some_and(|w| w.length.value == WindowSpec::MonthEnd);
    lints::conditions::of_an_indicator(world, day_window, &typer.typed, out);
    if let (Some(measure), Some(attribution)) = (&measure, &attribution) {
        let asked = exclusions.iter().flatten().map(|e| &e.condition).chain(measure.expressions());
        lints::holders::never_move(world, asked, attribution, clauses, out);
    }
    lints::unused::lets(&typer.lets, &typer.names, out);
    one_reason_each(clauses, out);
    let exclusions = exclusions.into_iter().collect::<Option<Vec<_>>>();
    if let (Some(cohort), Some(exclusions)) = (&cohort, &exclusions) {
        lints::exclusions::against_cohort(world, day_window, clauses, cohort, exclusions, measure.as_ref(), out);
    }
    let groups = attribution.as_ref().map(|of| typer.groups(breakdowns, table, of)).unwrap_or_default();
    names.extend(typer.names);
    out.extend(typer.found);
    *meanings = typer.meanings.of_the_model();
    let asked = typer.text.rows;
    let said = said::all(typer.typed, typer.said);
    Some(Rows {
        cohort: cohort?,
        exclusions: exclusions?,
        measure: measure?,
        attribution: attribution?,
        lets,
        groups,
        asked,
        said,
    })
}

/// The cohort must be of the window, or every month counts the same rows. Rows of a table without
/// days are the same in every month whatever is said; then what is measured must be of the window.
fn of_the_window(world: &World, clauses: &Clauses, rows: &Rows, out: &mut Diagnostics) -> Option<()> {
    let exclusions = rows.exclusions.iter().map(|e| &e.condition);
    let table = world.model.table(rows.cohort.table);
    let above = rows.measure.expressions().into_iter().filter(|_| !table.is_dated());
    if exclusions.chain([&rows.cohort.condition]).chain(above).any(Expr::uses_window) {
        return Some(());
    }
    let (_, span) = clauses.cohort?;
    let message = "the cohort does not name the window: the same rows would count in every month".to_owned();
    out.push(Diagnostic::new(code::WINDOW_NOT_NAMED, span, message).help(window_help(world, rows.cohort.table)));
    None
}

/// Ways to name the window with the days that a table has.
fn window_help(world: &World, table: TableId) -> String {
    let table = world.model.table(table);
    let day = |column: ColumnId| {
        let column = table.column(column);
        if column.ty == ColumnType::Timestamp { format!("day of {}", column.name) } else { column.name.clone() }
    };
    match (table.spans, table.begins) {
        (Some(spans), _) => {
            let (from, until) = (day(spans.from), day(spans.until));
            format!(
                "write which rows are of the window: `where {from} in window`, `where {until} in window`, `open on window.last_day` or \
                 `overlapping window`; all that have begun so far are `where {from} before window.end`"
            )
        }
        (None, Some(begins)) => {
            let begins = day(begins);
            format!(
                "write which rows are of the window: `where {begins} in window`; all that are there so far are \
                 `where {begins} before window.end`"
            )
        }
        (None, None) => {
            "write which rows are of the window, by a day of the row, of a row it leads to, or of rows that lead to it: \
             `where some ... in window`"
                .to_owned()
        }
    }
}

fn one_reason_each(clauses: &Clauses, out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for exclude in &clauses.exclusions {
        if let Some(first) = seen.insert(&exclude.reason.value, exclude.reason.span) {
            let message = format!("two exclusions give the reason \"{}\"", exclude.reason.value);
            out.push(
                super::declared::repeated(code::DECLARED_TWICE, message, exclude.reason.span, first)
                    .help("give each its own reason, or join the conditions by `or`"),
            );
        }
    }
}

/// Brings the local names into sight, and looks at each by itself so that mistakes in unused ones
/// are found, too; gives what they stand for.
fn lets<'w>(typer: &mut Typer<'w>, clauses: &Clauses<'w>, table: TableId) -> Vec<(String, Expr)> {
    let mut stand_for = Vec::new();
    let mut spans: BTreeMap<&str, Span> = BTreeMap::new();
    for (name, value) in &clauses.lets {
        if refuse_reserved(name, &mut typer.found) {
            continue;
        }
        if let Some(first) = spans.get(name.value.as_str()) {
            typer.found.push(twice("local name", name, *first));
            continue;
        }
        if typer.world.member(table, &name.value).is_some() {
            let message = format!("`{}` is already a name on a row of `{}`", name.value, typer.world.table_name(table));
            let finding =
                Diagnostic::new(code::DECLARED_TWICE, name.span, message).help("give the local name another name");
            typer.found.push(finding);
            continue;
        }
        spans.insert(&name.value, name.span);
        typer.lets.insert(&name.value, (name, value));
    }
    for (name, value) in &clauses.lets {
        if typer.lets.get(name.value.as_str()).is_some_and(|(kept, _)| kept.span == name.span) {
            let definition = Definition { name, value, kind: Kind::Let, table };
            let ty = typer.look_at(definition);
            typer.names.declare(Kind::Let, name, ty);
            stand_for.extend(typer.stands_for(definition).map(|e| (name.value.clone(), e)));
        }
    }
    let derived = typer.world.derived.get(usize::from(table.0)).into_iter().flat_map(|derived| derived.values());
    for definition in derived {
        stand_for.extend(typer.stands_for(*definition).map(|e| (definition.name.value.clone(), e)));
    }
    stand_for
}

fn about(world: &World, decl: &ast::Indicator, clauses: &Clauses, out: &mut Diagnostics) -> About {
    let text = |t: Option<&ast::Text>| t.map(|t| t.value.clone());
    lints::review::words(decl, clauses, out);
    About {
        title: text(clauses.title).unwrap_or_else(|| in_words(&decl.name.value)),
        tier: clauses.tier.and_then(|n| positive(n, "tier", "tiers are counted from 1", out)),
        domain: clauses.domain.and_then(|d| domain(world, d, out)),
        question: text(clauses.question),
        reading: text(clauses.reading),
        source: text(clauses.source),
        status: clauses.status.and_then(|s| status(s, out)),
        owner: text(clauses.owner),
        approved: clauses.approved.map(approved),
        review_by: clauses.review.map(|day| day.value),
        names: Vec::new(),
    }
}

fn approved(written: &ast::Approved) -> Approved {
    let meanings = written.meanings.iter().map(|meaning| meaning.value.clone()).collect();
    Approved { by: written.by.value.clone(), on: written.on.value, meanings }
}

/// The number of a domain by name, or a finding.
pub(super) fn domain(world: &World, name: &Name, out: &mut Diagnostics) -> Option<usize> {
    let domains = &world.model.domains;
    let found = world.domains.get(name.value.as_str()).copied();
    // Without any domain, their line may be what could not be read.
    let perhaps_unread = domains.is_empty() && !world.unread.is_empty();
    if found.is_none() && !perhaps_unread {
        let known: Vec<_> = domains.iter().map(|d| d.name.as_str()).collect();
        let message = format!("there is no domain `{}`", name.value);
        let help = match known.is_empty() {
            true => format!("declare it: `domains {} \"...\"`", name.value),
            false => suggest::help(&name.value, "domains", &known),
        };
        out.push(Diagnostic::new(code::UNKNOWN_DOMAIN, name.span, message).help(help));
    }
    found
}

/// A status, or a finding.
pub(super) fn status(name: &Name, out: &mut Diagnostics) -> Option<String> {
    if STATUSES.contains(&name.value.as_str()) {
        return Some(name.value.clone());
    }
    let message = format!("`{}` is not a status", name.value);
    out.push(Diagnostic::new(code::UNKNOWN_STATUS, name.span, message).help(suggest::help(
        &name.value,
        "statuses",
        &STATUSES,
    )));
    None
}

fn positive(n: &Spanned<i64>, what: &str, why: &str, out: &mut Diagnostics) -> Option<i64> {
    if n.value >= 1 {
        return Some(n.value);
    }
    let message = format!("the {what} is {}", n.value);
    out.push(
        Diagnostic::new(code::NUMBER_RANGE, n.span, message)
            .help(format!("{why}; leave the clause out when there is none")),
    );
    None
}

/// A wait, or a time to look back.
fn length(length: &Spanned<ast::Duration>, what: &str, out: &mut Diagnostics) -> Option<Period> {
    let possible = period(length.value);
    if possible.is_none() {
        let message = format!("a {what} of {} is not possible", length_words(length.value));
        out.push(
            Diagnostic::new(code::LAG_LENGTH, length.span, message)
                .help("write days, weeks, months or years, up to a hundred years"),
        );
    }
    possible
}
