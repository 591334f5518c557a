//! `yardstick why`: why one row counts as it does, or does not; and what made a cell move.

mod cell;

use super::asked_window::AskedWindow;
use super::case_data::{self, CaseData};
use super::cases::{self, Wanted};
use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{definitions, entities, hierarchy, rows_of, spreadsheet, terminal};
use crate::calendar::Window;
use crate::check::said::Said;
use crate::data::Projection;
use crate::diag::suggest;
use crate::explanation::{self, Asked, Explanation};
use crate::interpret::{self, Calendar, Question, Standing, World};
use crate::ir::{Indicator, Program};
use crate::model::TableId;
use crate::report::{self, why::Passage, why::Why};
use crate::run;
use crate::scorecard::words;
use crate::source::{Sources, Span};
use clap::ValueEnum;
use std::path::PathBuf;

/// Why a row counts as it does, or does not: its days, what each clause found, what decided, and
/// what would have made the difference
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick why returned_in_time L0004 -o why.html\n  yardstick why returned_in_time --entity B4"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: rows_of::Arguments,
    /// The id of a row of its cohort's table, as `yardstick cases` and the page show it; without
    /// it, which rows of the entity are others than in the window before. With it and an entity: as
    /// the entity sees it, where every level is measured by itself
    row: Option<String>,
    /// The level of the entity, where several levels have its id
    #[arg(long)]
    level: Option<String>,
    /// The last day of the reporting window, or another window, as `cases --window` takes it
    /// [default: the latest of the last two years in which the row is in the cohort]
    #[arg(long, value_name = "DATE", value_parser = Wanted::read)]
    window: Option<Wanted>,
    /// Without a row: a folder with the case data as it was delivered before, to tell which rows of
    /// the window before have been corrected since
    #[arg(long, value_name = "DIR", conflicts_with = "row")]
    earlier_data: Option<PathBuf>,
    /// Format [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// A page with the indicator's text, coloured for the row.
    Html,
    /// One object.
    Json,
    /// Without a row: one line for each row that is another.
    Csv,
}

/// Windows of so many months are looked through for the row.
const MONTHS: u32 = 24;

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Table, "format"))?;
    let form = arguments.csv.form(format == Format::Csv)?;
    fits(format, arguments.row.as_deref())?;
    let target = Target::open(arguments.output.as_deref())?;
    let wanted = arguments.window.as_ref();
    let asked = wanted.and_then(|w| w.length.as_deref()).map(AskedWindow::of).transpose()?;
    let mut read = definitions::load(arguments.of.definitions.paths())?;
    let mut said = std::mem::take(&mut read.said);
    let (sources, program) = read.sound()?;
    let (levels, level) = (arguments.of.levels.as_deref(), arguments.level.as_deref());
    let mut program = hierarchy::of_indicator(program, &arguments.of.indicator, levels, level)?;
    let (number, _) = definitions::indicator(&program, &arguments.of.indicator)?;
    if let Some(asked) = &asked {
        asked.put(&mut program, &[number])?;
    }
    let (_, indicator) = definitions::indicator(&program, &arguments.of.indicator)?;
    let level = level.map(|level| entities::levels(&program, Some(level))).transpose()?;
    let case_data = case_data::load(&program, &[number], Projection::All, &arguments.of.data)?;
    target.unread()?;
    let store = &case_data.loaded.store;
    let known = run::hierarchy(&program.model, store, case_data.as_of());
    let entity = match &arguments.of.entity {
        Some(id) => entities::entity(&known, id, level.as_deref())?,
        None => 0,
    };
    let width = if arguments.output.is_none() { terminal::width() } else { report::WIDTH };
    let last_day = wanted.and_then(|w| w.last_day);
    let Some(id) = &arguments.row else {
        let delivered = arguments.delivered(&program, number)?;
        let cell = cell::moved(&program, number, &case_data, (&known, entity), last_day, delivered.as_ref())?;
        let written = match format {
            Format::Table | Format::Html => {
                report::why::cell_text(&cell, width).map(String::into_bytes).map_err(|e| internal(&e))
            }
            Format::Csv => report::why::cell_csv(&cell, form).map_err(|e| internal(&e)),
            Format::Json => report::why::cell_json(&cell).map_err(|e| internal(&e)),
        };
        target.put(&written?, format == Format::Table)?;
        cases::warn_of_bad_data(&program, number, &case_data);
        return Ok(Exit::Fine);
    };
    let mut world = run::world(&program.model, store);
    let said = said.remove(&indicator.id).unwrap_or_default();
    let of = Of { program: &program, indicator, case_data: &case_data, level: known.entities[entity].level };
    let (row, mut notes) = of.row(&world, id)?;
    let window = of.window(&world, row, last_day)?;
    let why = of.why(&mut world, (row, window), (&said, &sources), &mut notes)?;
    let written = match format {
        Format::Table | Format::Csv => report::why::text(&why, width).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Html => report::why::page(&why).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Json => report::why::json(&why).map_err(|e| internal(&e)),
    };
    target.put(&written?, format == Format::Table)?;
    cases::warn_of_bad_data(&program, number, &case_data);
    Ok(Exit::Fine)
}

impl Arguments {
    /// The data that was delivered before, as of its own day.
    fn delivered(&self, program: &Program, number: usize) -> Result<Option<CaseData>, Failure> {
        let Some(folder) = &self.earlier_data else { return Ok(None) };
        case_data::load(program, &[number], Projection::All, &self.of.data.of_folder(folder)).map(Some)
    }
}

/// A page is of a row, and lines are of a cell.
fn fits(format: Format, row: Option<&str>) -> Result<(), Failure> {
    match (format, row) {
        (Format::Csv, Some(_)) => Err(Failure::usage("why a row counts as it does is no table")
            .help("write it as `.html`, `.json` or `.txt`; without a row, the rows that made the cell move are one")),
        (Format::Html, None) => Err(Failure::usage("a page is of a row, and none is named")
            .help("name the id of a row behind the indicator's id; without one, write `.csv`, `.json` or `.txt`")),
        (Format::Table | Format::Json | Format::Csv | Format::Html, _) => Ok(()),
    }
}

fn internal(error: &dyn std::fmt::Display) -> Failure {
    Failure::internal(format!("internal error: {error}"))
}

/// What is asked about, and where.
struct Of<'a> {
    program: &'a Program,
    indicator: &'a Indicator,
    case_data: &'a CaseData,
    level: usize,
}

impl Of<'_> {
    fn table(&self) -> TableId {
        self.indicator.cohort.table
    }

    /// The number of the row with this id, and what is said of it besides.
    fn row(&self, world: &World, id: &str) -> Result<(usize, Vec<String>), Failure> {
        let table = self.table();
        if let Some(row) = world.find(table, id) {
            return Ok((row, Vec::new()));
        }
        let in_use = world.rows(table).len();
        let went: Vec<usize> =
            (0..world.went(table).len()).map(|n| in_use + n).filter(|row| world.row(table, *row).id == id).collect();
        let Some(first) = went.first() else { return Err(self.no_such_row(world, id)) };
        let why = run::why_set_aside(&self.case_data.loaded.store, table, *first);
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        let name = &self.program.model.table(table).name;
        let mut notes =
            vec![format!("The row was set aside{why}: `yardstick data` says which rows of `{name}` were, and why.")];
        if went.len() > 1 {
            notes.push(format!("{} rows that were set aside have this id; this is the first.", went.len()));
        }
        Ok((*first, notes))
    }

    fn no_such_row(&self, world: &World, id: &str) -> Failure {
        let table = self.table();
        let name = &self.program.model.table(table).name;
        let as_of = self.case_data.as_of();
        let failure = Failure::usage(format!("there is no row `{id}` in `{name}`, as of {as_of}"));
        let near = suggest::nearest(id, world.rows(table).iter().map(|row| row.id.as_str()));
        let later = self.case_data.loaded.report.table(table).map_or(0, |table| table.later);
        failure.help(match (near, later) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, 0) => {
                format!("`yardstick cases {}` lists ids; a row is named by the id of `{name}`", self.indicator.id)
            }
            (None, later) => format!(
                "{later} rows of `{name}` begin after {as_of} and are not there yet; `yardstick cases {}` lists ids",
                self.indicator.id
            ),
        })
    }

    /// The window that is asked for, or the latest in which the row is in the cohort, or the
    /// latest.
    fn window(&self, world: &World, row: usize, last_day: Option<chrono::NaiveDate>) -> Result<Window, Failure> {
        let latest = cases::window(self.program, self.indicator, last_day, self.case_data)?;
        if last_day.is_some() {
            return Ok(latest);
        }
        let as_of = self.case_data.complete().through_of(&self.program.model, self.indicator);
        for window in self.indicator.windows(as_of, MONTHS).into_iter().rev() {
            let standing = interpret::standing(self.question(world, window), row).map_err(|e| internal(&e))?;
            if matches!(standing, Standing::Case(_)) {
                return Ok(window);
            }
        }
        Ok(latest)
    }

    fn question<'w>(&'w self, world: &'w World<'w>, window: Window) -> Question<'w> {
        let (indicator, as_of, level) = (self.indicator, self.case_data.as_of(), self.level);
        Question { world, indicator, as_of, window, level, arithmetic: &Calendar }
    }

    fn why(
        &self,
        world: &mut World,
        (row, window): (usize, Window),
        (said, sources): (&[Said], &Sources),
        notes: &mut Vec<String>,
    ) -> Result<Why, Failure> {
        let Self { indicator, level, case_data, .. } = *self;
        let as_of = case_data.as_of();
        let asked = Asked { indicator, as_of, window, level, said, sources };
        let explanation = explanation::explain(world, asked, row).map_err(|e| internal(&e))?;
        let complete = case_data.complete();
        notes.extend(
            complete.provisional(&self.program.model, indicator, window).map(|p| format!("The window is {p}.")),
        );
        let passages = passages(indicator, sources, &explanation);
        Ok(Why {
            indicator: indicator.id.clone(),
            title: indicator.about.title.clone(),
            meaning: indicator.meaning.clone(),
            organization: case_data.name().to_owned(),
            window: words::window(indicator.window, window),
            days: [window.start, window.last_day()],
            as_of,
            notes: std::mem::take(notes),
            explanation,
            passages,
        })
    }
}

/// The text of the indicator, and the lines of other texts that it is made of.
fn passages(indicator: &Indicator, sources: &Sources, explanation: &Explanation) -> Vec<Passage> {
    let mut spans = vec![indicator.span];
    let conditions = explanation.clauses.iter().filter_map(|clause| clause.condition.as_ref());
    let mut others: Vec<Span> = Vec::new();
    for condition in conditions {
        condition.each(&mut |part| others.extend(part.span.map(|span| whole_lines(sources, span))));
    }
    others.sort_unstable();
    for span in others {
        if spans.iter().any(|known| span.is_inside(*known)) {
            continue;
        }
        match spans.last_mut() {
            Some(last) if last.file == span.file && span.start <= last.end && *last != indicator.span => {
                *last = last.to(span);
            }
            _ => spans.push(span),
        }
    }
    let passage = |span: Span| Passage {
        path: sources.file(span.file).path.display().to_string(),
        span,
        text: sources.text(span).to_owned(),
    };
    spans.into_iter().map(passage).collect()
}

/// The lines on which a text stands, without the last line break.
fn whole_lines(sources: &Sources, span: Span) -> Span {
    let text = &sources.file(span.file).text;
    let (start, end) = (span.start as usize, span.end as usize);
    let start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
    Span::new(span.file, start, end)
}
