//! What `yardstick data` says of the model's rules: how many rows keep and break each of them, by
//! whom they belong to and by month, and which rows break one.

use super::case_table;
use super::failure::Failure;
use super::stopped::{self, Stopped};
use super::{case_data, entities, hierarchy};
use crate::calendar::{Window, add_months};
use crate::data::Loaded;
use crate::diag::suggest;
use crate::ir::{Outcome, Program, Rule};
use crate::report::Csv;
use crate::run;
use crate::scorecard::Hierarchy;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;

/// How rules are counted and listed.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// List the rows that break this rule of the model, instead of the report: a name, with its
    /// table where several have it (`removal.born_before_removed`)
    #[arg(long, value_name = "NAME")]
    pub(super) rule: Option<String>,
    /// In the list: also rows of which it is not known whether they keep the rule
    #[arg(long, requires = "rule")]
    not_known: bool,
    /// In the list: only the rows of this entity
    #[arg(long, value_name = "ID", requires = "rule")]
    entity: Option<String>,
    /// In this hierarchy of levels [default: the first, or the only one that has the level]
    #[arg(long, value_name = "NAME")]
    levels: Option<String>,
    /// The level by which broken rules are counted, or `all` [default: the one
    /// that `yardstick.toml` names, else the third from the top]
    #[arg(long)]
    level: Option<String>,
    /// How many months of broken rules are counted, the last of the data included
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1200))]
    months: u16,
}

/// The rules that are asked, with two indicators for each: of all rows, and of those of a month.
/// Behind them stand those that count the rows that come in.
#[derive(Debug)]
pub(super) struct Asked {
    /// The rules.
    rules: Vec<Rule>,
    /// The model with these indicators and no others: those of a rule stand side by side.
    pub(super) program: Program,
    levels: Vec<usize>,
    months: u16,
}

impl Asked {
    /// The rules of a program, or the one that `--rule` names.
    pub(super) fn of(program: Program, arguments: &Arguments) -> Result<Self, Failure> {
        let program = hierarchy::chosen(program, arguments.levels.as_deref(), arguments.level.as_deref())?;
        let levels = entities::levels(&program, arguments.level.as_deref())?;
        let rules = match &arguments.rule {
            Some(name) => vec![named(&program, name)?.clone()],
            None => program.rules.clone(),
        };
        let model = &program.model;
        let of_rules = rules.iter().flat_map(|rule| [rule.of_all_rows(model), rule.of_each_month(model)]);
        let arriving = if arguments.rule.is_some() { Vec::new() } else { stopped::indicators(&program) };
        let indicators = of_rules.chain(arriving).collect();
        let program = Program { indicators, scorecards: Vec::new(), tests: Vec::new(), ..program };
        Ok(Self { rules, program, levels, months: arguments.months })
    }

    /// Of whom rows come no more.
    pub(super) fn stopped(
        &self,
        loaded: &Loaded,
        as_of: NaiveDate,
        settings: &run::Settings,
    ) -> Result<Vec<Stopped>, Failure> {
        stopped::find(&self.program, 2 * self.rules.len(), loaded, as_of, settings)
    }

    /// The last months up to that of the as-of day, the earliest first.
    fn windows(&self, as_of: NaiveDate) -> Vec<Window> {
        let Some(first) = as_of.with_day(1) else { return Vec::new() };
        let month = |back: i64| Some(Window { start: add_months(first, -back)?, end: add_months(first, 1 - back)? });
        (0..i64::from(self.months)).rev().filter_map(month).collect()
    }

    /// How many rows keep and break each rule.
    pub(super) fn count(
        &self,
        loaded: &Loaded,
        as_of: NaiveDate,
        settings: &run::Settings,
    ) -> Result<Vec<OfRule>, Failure> {
        let months = self.windows(as_of);
        let hierarchy = run::hierarchy(&self.program.model, &loaded.store, as_of);
        let Some(all) = months.last().copied() else { return Ok(Vec::new()) };
        let indicators: Vec<usize> = (0..2 * self.rules.len()).collect();
        let windows: Vec<_> = indicators.iter().map(|i| if i % 2 == 0 { vec![all] } else { months.clone() }).collect();
        let mut found: Vec<OfRule> = self.rules.iter().map(|rule| OfRule::new(self, rule)).collect();
        let mut take = |measured: run::Measured, _| {
            let number = measured.indicator;
            if let (Some(found), Some(rule)) = (found.get_mut(number / 2), self.rules.get(number / 2)) {
                if number.is_multiple_of(2) {
                    measured.parts.iter().for_each(|part| found.all.add(&part.counts));
                } else if rule.dated {
                    found.add(&measured, &hierarchy, &self.levels_of(rule));
                }
            }
            ControlFlow::Continue(())
        };
        run::measure(&self.program, &indicators, &loaded.store, as_of, &windows, settings, &mut take)
            .map_err(|error| case_data::failed(&error))?;
        Ok(found)
    }

    /// The levels by which a rule is counted: rows that belong to nobody in particular count for
    /// the whole alone.
    fn levels_of(&self, rule: &Rule) -> Vec<usize> {
        if rule.attribution.level == 0 { vec![0] } else { self.levels.clone() }
    }

    /// The rows that break the rule that is asked.
    pub(super) fn list(
        &self,
        loaded: &Loaded,
        as_of: NaiveDate,
        (arguments, format): (&Arguments, Form),
        settings: &run::Settings,
    ) -> Result<String, Failure> {
        let store = &loaded.store;
        let hierarchy = run::hierarchy(&self.program.model, store, as_of);
        let level = arguments.level.as_ref().map(|_| self.levels.as_slice());
        let entity = match &arguments.entity {
            Some(id) => entities::entity(&hierarchy, id, level)?,
            None => 0,
        };
        let (Some(indicator), Some(window)) = (self.program.indicators.first(), self.windows(as_of).last().copied())
        else {
            return Ok(String::new());
        };
        let mut cases = run::cases(&self.program, 0, store, as_of, window, 0, settings)
            .map_err(|error| case_data::failed(&error))?;
        cases.retain(|case| {
            let wanted = case.outcome == Outcome::Unmet || arguments.not_known && case.outcome == Outcome::Undetermined;
            wanted && hierarchy.holds(entity, &case.entities)
        });
        let list = case_table::List {
            indicator,
            hierarchy: &hierarchy,
            entity,
            window,
            as_of,
            provisional: None,
            cases: &cases,
            word,
        };
        match format {
            Form::Text => Ok(list.table()),
            Form::Csv(form) => list.csv(form),
            Form::Json => list.json(),
        }
    }
}

/// How a list is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// For reading.
    Text,
    /// One line per row.
    Csv(Csv),
    /// One object.
    Json,
}

/// What became of a row, of a rule.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "kept",
        Outcome::Unmet => "broken",
        Outcome::Undetermined => "not known",
        Outcome::Counted | Outcome::Excluded(_) | Outcome::Unsure | Outcome::Unread | Outcome::NotCounted => {
            case_table::word(outcome)
        }
    }
}

/// The rule of this name, with or without that of its table.
fn named<'p>(program: &'p Program, name: &str) -> Result<&'p Rule, Failure> {
    let model = &program.model;
    let full = |rule: &Rule| rule.full_name(model);
    let found: Vec<&Rule> = program.rules.iter().filter(|rule| rule.name == name || full(rule) == name).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] if program.rules.is_empty() => Err(Failure::usage("the model has no rules")
            .help("say in a table what must hold of every row: `rule NAME \"TEXT\" CONDITION`")),
        [] => {
            let names: Vec<String> = program.rules.iter().flat_map(|rule| [rule.name.clone(), full(rule)]).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Err(Failure::usage(format!("there is no rule `{name}`")).help(suggest::help(name, "rules", &names)))
        }
        several => {
            let names: Vec<String> = several.iter().map(|rule| format!("`{}`", full(rule))).collect();
            Err(Failure::usage(format!("several tables have a rule `{name}`"))
                .help(format!("name the table, too: {}", names.join(", "))))
        }
    }
}

/// Rows by what a rule says of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    kept: u64,
    broke: u64,
    not_known: u64,
}

impl Tally {
    fn add(&mut self, counts: &crate::counts::Counts) {
        self.kept += counts.met;
        self.not_known += counts.undetermined;
        self.broke += counts.denominator.saturating_sub(counts.met + counts.undetermined);
    }

    fn is_finding(self) -> bool {
        self.broke > 0 || self.not_known > 0
    }
}

/// What was found of one rule.
#[derive(Debug, Serialize)]
pub(super) struct OfRule {
    table: String,
    rule: String,
    title: String,
    #[serde(flatten)]
    all: Tally,
    /// By entity and month.
    cells: Vec<Cell>,
}

/// The rows of an entity that belong to a month.
#[derive(Debug, Serialize)]
struct Cell {
    level: String,
    entity_id: String,
    entity: String,
    month: String,
    #[serde(flatten)]
    rows: Tally,
}

impl OfRule {
    fn new(asked: &Asked, rule: &Rule) -> Self {
        Self {
            table: asked.program.model.table(rule.table).name.clone(),
            rule: rule.name.clone(),
            title: rule.title.clone(),
            all: Tally::default(),
            cells: Vec::new(),
        }
    }

    /// Adds the rows of each month.
    fn add(&mut self, measured: &run::Measured, hierarchy: &Hierarchy, levels: &[usize]) {
        let mut tallies: BTreeMap<(usize, usize), Tally> = BTreeMap::new();
        for part in &measured.parts {
            for level in levels {
                if let Some(entity) = hierarchy.holder_of(*level, &part.entities) {
                    tallies.entry((entity, part.window)).or_default().add(&part.counts);
                }
            }
        }
        for ((entity, window), rows) in tallies {
            let (Some(of), Some(window)) = (hierarchy.entities.get(entity), measured.windows.get(window)) else {
                continue;
            };
            if rows == Tally::default() {
                continue;
            }
            self.cells.push(Cell {
                level: hierarchy.levels.get(of.level).cloned().unwrap_or_default(),
                entity_id: of.id.clone(),
                entity: of.name.clone(),
                month: window.start.format("%Y-%m").to_string(),
                rows,
            });
        }
    }
}

/// The counts for people: all rules, and below it the months of those that some rows break.
pub(super) fn text(found: &[OfRule]) -> String {
    let mut out = String::new();
    if found.is_empty() {
        return out;
    }
    let names: Vec<String> = found.iter().map(|of| format!("{}.{}", of.table, of.rule)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let _ =
        writeln!(out, "\n{:width$}  {:>10}  {:>10}  {:>10}  rows that keep it", "rule", "kept", "broke", "not known");
    for (of, name) in found.iter().zip(&names) {
        let Tally { kept, broke, not_known } = of.all;
        let _ = writeln!(out, "{name:width$}  {kept:>10}  {broke:>10}  {not_known:>10}  {}", of.title);
    }
    for (of, name) in found.iter().zip(&names).filter(|(of, _)| of.all.is_finding()) {
        by_month(&mut out, of, name);
    }
    if let Some((_, name)) = found.iter().zip(&names).find(|(of, _)| of.all.is_finding()) {
        let _ = writeln!(
            out,
            "\n`yardstick data DIR --rule {name}` lists the rows of a rule; `--months N` counts further back"
        );
    }
    out
}

/// The entities and months in which rows break a rule: `2 of 31`, and how many of these are not
/// known.
fn by_month(out: &mut String, of: &OfRule, name: &str) {
    let findings: Vec<&Cell> = of.cells.iter().filter(|cell| cell.rows.is_finding()).collect();
    let (Some(first), Some(_)) = (findings.first(), of.cells.first()) else { return };
    let mut months: Vec<&str> = of.cells.iter().map(|cell| cell.month.as_str()).collect();
    months.sort_unstable();
    months.dedup();
    let mut rows: Vec<(&str, &str, &str)> = Vec::new();
    for cell in &findings {
        let row = (cell.level.as_str(), cell.entity_id.as_str(), cell.entity.as_str());
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let shown = |(level, id, _): (&str, &str, &str), month: &str| {
        let cell = of.cells.iter().find(|c| c.level == level && c.entity_id == id && c.month == month);
        let rows = cell.map(|cell| cell.rows).unwrap_or_default();
        let all = rows.kept + rows.broke + rows.not_known;
        let unknown = if rows.not_known > 0 { format!(" ({} ?)", rows.not_known) } else { String::new() };
        if all == 0 { "-".to_owned() } else { format!("{} of {all}{unknown}", rows.broke) }
    };
    let label = |(level, id, entity): (&str, &str, &str)| {
        let entity = crate::visible::value(entity).into_owned();
        if id == entity || level == first.level { entity } else { format!("{level} {entity}") }
    };
    let width = rows.iter().map(|row| label(*row).chars().count()).chain([first.level.len()]).max().unwrap_or(0);
    let _ = writeln!(out, "\n{name}: rows that break it, by month");
    let _ = write!(out, "  {:width$}", first.level);
    let heads: String = months.iter().map(|month| format!("  {month:>16}")).collect();
    let _ = writeln!(out, "{heads}");
    for row in rows {
        let cells: String = months.iter().map(|month| format!("  {:>16}", shown(row, month))).collect();
        let _ = writeln!(out, "  {:width$}{cells}", label(row));
    }
}

/// The counts for programs: a line for each rule in all, and one for each entity and month.
pub(super) fn csv(found: &[OfRule], form: Csv) -> Result<String, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::internal(format!("the counts could not be written: {e}"));
    let mut writer = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    let head = ["table", "rule", "title", "level", "entity_id", "entity", "month", "kept", "broke", "not_known"];
    writer.write_record(head).map_err(|e| failed(&e))?;
    for of in found {
        let all = [(["", "", "", ""], of.all)].into_iter();
        let cells = of
            .cells
            .iter()
            .map(|c| ([c.level.as_str(), c.entity_id.as_str(), c.entity.as_str(), c.month.as_str()], c.rows));
        for (cell, rows) in all.chain(cells) {
            let texts = [of.table.as_str(), of.rule.as_str(), of.title.as_str()].into_iter().chain(cell);
            let texts = texts.map(|text| form.text(text).into_owned());
            let rows = [rows.kept, rows.broke, rows.not_known].map(|n| n.to_string());
            writer.write_record(texts.chain(rows)).map_err(|e| failed(&e))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}
