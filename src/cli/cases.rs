//! `yardstick cases`: the rows behind a cell, with the dates that decided them.

use super::asked_window::AskedWindow;
use super::case_data::{self, CaseData};
use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{case_table, definitions, entities, hierarchy, rows_of, spreadsheet};
use crate::calendar::Window;
use crate::data::Projection;
use crate::elsewhere;
use crate::ir::{Indicator, Outcome, Program, WindowLength};
use crate::run::{self, Case};
use chrono::NaiveDate;
use clap::ValueEnum;
use std::path::PathBuf;

/// List the rows behind a cell of the scorecard
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick cases returned_in_time --entity B4 --met\n  yardstick cases readers_in_time --window 2026-09-30 -o cases.csv"
)]
#[command(group = clap::ArgGroup::new("outcome").multiple(false))]
pub(super) struct Arguments {
    #[command(flatten)]
    of: rows_of::Arguments,
    /// The level of the entity, where several levels have its id
    #[arg(long)]
    level: Option<String>,
    /// The last day of the reporting window [default: the latest that can be reported]; or another
    /// window than the indicator's, as `scorecard --window` takes it: `month`, `month ending
    /// 2025-06-30`
    #[arg(long, value_name = "DATE", value_parser = Wanted::read)]
    window: Option<Wanted>,
    /// Only rows that are met: they count in the numerator
    #[arg(long, group = "outcome")]
    met: bool,
    /// Only rows that are unmet: they count in the denominator alone
    #[arg(long, group = "outcome")]
    unmet: bool,
    /// Only rows that are undetermined: something that decides them is not known
    #[arg(long, group = "outcome")]
    undetermined: bool,
    /// Only rows that are excluded
    #[arg(long, group = "outcome")]
    excluded: bool,
    /// Only rows that are unsure: it is not known whether they belong to the denominator
    #[arg(long, group = "outcome")]
    unsure: bool,
    /// Only rows that are unread: they were set aside and may belong to the denominator
    #[arg(long, group = "outcome")]
    unread: bool,
    /// Format of the list [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// One line per row.
    Csv,
    /// One object per row.
    Json,
}

/// A window by its last day, by another length, or by both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) length: Option<String>,
    pub(super) last_day: Option<NaiveDate>,
}

impl Wanted {
    /// The last day, where one is named.
    pub(super) fn last_day(&self) -> Option<NaiveDate> {
        self.last_day
    }

    /// The other window, where one is named.
    pub(super) fn other(&self) -> Result<Option<AskedWindow>, Failure> {
        self.length.as_deref().map(AskedWindow::of).transpose()
    }

    /// `2025-06-30`, `month` or `month ending 2025-06-30`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(' ') {
            return Ok(Self { length: None, last_day: Some(case_data::day(text)?) });
        }
        let ending = text.rsplit_once(" ending ").filter(|(_, day)| day.starts_with(|c: char| c.is_ascii_digit()));
        let (length, last_day) = match ending {
            Some((length, day)) => (length, Some(case_data::day(day)?)),
            None => (text, None),
        };
        Ok(Self { length: Some(length.to_owned()), last_day })
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Table, "format of a list"))?;
    let csv = arguments.csv.form(format == Format::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let wanted = arguments.window.as_ref();
    let asked = wanted.map(Wanted::other).transpose()?.flatten();
    let (_, program) = definitions::load(arguments.of.definitions.paths())?.sound()?;
    let (levels, level) = (arguments.of.levels.as_deref(), arguments.level.as_deref());
    let mut program = hierarchy::of_indicator(program, &arguments.of.indicator, levels, level)?;
    let (number, _) = definitions::indicator(&program, &arguments.of.indicator)?;
    if let Some(asked) = &asked {
        asked.put(&mut program, &[number])?;
    }
    let (_, indicator) = definitions::indicator(&program, &arguments.of.indicator)?;
    let level = arguments.level.as_deref().map(|l| entities::levels(&program, Some(l))).transpose()?;
    let case_data = case_data::load(&program, &[number], Projection::All, &arguments.of.data)?;
    target.unread()?;
    let window = window(&program, indicator, wanted.and_then(Wanted::last_day), &case_data)?;
    let store = &case_data.loaded.store;
    let hierarchy = run::hierarchy(&program.model, store, case_data.as_of());
    let entity = match &arguments.of.entity {
        Some(id) => entities::entity(&hierarchy, id, level.as_deref())?,
        None => 0,
    };
    let of_level = hierarchy.entities[entity].level;
    let cases = run::cases(&program, number, store, case_data.as_of(), window, of_level, &case_data.running())
        .map_err(|e| case_data::failed(&e))?;
    let seen = |case: &Case| elsewhere::case_of(indicator, case, elsewhere::hold_of(&hierarchy, entity, case)?);
    let mut cases: Vec<Case> = cases.iter().filter_map(seen).collect();
    cases.retain(|case| arguments.wants(case));
    let complete = case_data.complete();
    let provisional = complete.provisional(&program.model, indicator, window).map(|p| p.to_string());
    let as_of = case_data.as_of();
    let (hierarchy, cases, word) = (&hierarchy, &cases, case_table::word);
    let list = case_table::List { indicator, hierarchy, entity, window, as_of, provisional, cases, word };
    let text = match format {
        Format::Table => list.table(),
        Format::Csv => list.csv(csv)?,
        Format::Json => list.json()?,
    };
    target.put(text.as_bytes(), format == Format::Table)?;
    warn_of_bad_data(&program, number, &case_data);
    Ok(Exit::Fine)
}

impl Arguments {
    fn wants(&self, case: &Case) -> bool {
        let any = !(self.met || self.unmet || self.undetermined || self.excluded || self.unsure || self.unread);
        any || (self.unsure && case.unsure)
            || match &case.outcome {
                Outcome::Met => self.met,
                Outcome::Unmet => self.unmet,
                Outcome::Counted => false,
                Outcome::Undetermined => self.undetermined,
                Outcome::Excluded(_) => self.excluded,
                Outcome::Unread => self.unread,
                Outcome::Unsure | Outcome::NotCounted => false,
            }
    }
}

/// The window that ends on `last_day`, or the latest one; either must be reportable.
pub(super) fn window(
    program: &Program,
    indicator: &Indicator,
    last_day: Option<NaiveDate>,
    case_data: &CaseData,
) -> Result<Window, Failure> {
    let as_of = case_data.complete().through_of(&program.model, indicator);
    let id = &indicator.id;
    let latest = indicator.latest_window(as_of);
    let Some(last_day) = last_day else {
        return latest
            .ok_or_else(|| Failure::usage(format!("no window of `{id}` can be reported on data through {as_of}")));
    };
    let window = indicator.window_ending(last_day).ok_or_else(|| {
        let help = match indicator.window {
            WindowLength::Day if indicator.ends.are_all() => {
                "the windows of this indicator are the last days of months".to_owned()
            }
            WindowLength::Day
            | WindowLength::Week
            | WindowLength::Months(_)
            | WindowLength::YearToDate(_)
            | WindowLength::AllTime => indicator.ends_in_words(),
        };
        Failure::usage(format!("no window of `{id}` ends on {last_day}")).help(help)
    })?;
    if !indicator.reportable(window, as_of) {
        let help = latest.map_or_else(
            || "no window can be reported".to_owned(),
            |w| format!("the latest that can be reported ends on {}", w.last_day()),
        );
        return Err(Failure::usage(format!(
            "{} on data through {as_of}",
            if indicator.as_it_stands {
                format!("the window ending {last_day} is not shown yet")
            } else {
                format!("the outcomes of the window ending {last_day} are not known")
            }
        ))
        .help(help));
    }
    if case_data.complete().from.is_some_and(|from| indicator.begins(window) < from) {
        return Err(Failure::usage(format!("the window ending {last_day} begins before the data is complete")));
    }
    if let Some(reason) = case_data.complete().lacks(&program.model, indicator, window) {
        super::failure::warn(&format!("the scorecard shows no number for this window: {reason}"), None);
    }
    Ok(window)
}

/// Says that a scorecard shows no number where so many rows or values are bad.
pub(super) fn warn_of_bad_data(program: &Program, number: usize, case_data: &CaseData) {
    if !case_data.bad(program, &[number]).is_empty() {
        super::failure::warn(
            "so many rows of a table this indicator reads were set aside that the scorecard shows no number",
            Some("`yardstick data` names them"),
        );
    }
}
