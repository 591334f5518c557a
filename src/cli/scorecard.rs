//! `yardstick scorecard`: runs the indicators on case data and shows the judged cells.

use super::asked_window::AskedWindow;
use super::breakdown::{self, Breakdown, Run, Runs};
use super::case_data::{self, CaseData};
use super::definitions;
use super::entities;
use super::failure::{Done, Exit, Failure};
use super::hierarchy;
use super::output::{self, Target};
use super::plans;
use super::progress;
use super::settings;
use super::spreadsheet;
use super::terminal;
use super::timings::Timings;
use super::with_cases;
use crate::calendar::Window;
use crate::counts::Measured;
use crate::data::Projection;
use crate::describe;
use crate::diag::suggest;
use crate::ir::{Indicator, Program};
use crate::report::{self, Csv, Format, Kind, Report, Rows, Writing};
use crate::run::{self, Cost};
use crate::scorecard::judge::Table;
use crate::scorecard::{BrokenDown, Columns, Heading, Hierarchy, Judged, Judging, NoColumns, Reference, Selection};
use crate::timing::Stages;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Run the indicators on case data and show the scorecard
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick scorecard --level branch --months 24 -o scorecard.html\n  yardstick scorecard --entity \"Hill Street\" --scorecard libraries"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    #[command(flatten)]
    data: case_data::Arguments,
    /// Only this scorecard of the definitions; can be given several times [default: those that
    /// `yardstick.toml` names, else all but those that hide counts]
    #[arg(long, value_name = "NAME")]
    scorecard: Vec<String>,
    /// Show the results in this hierarchy of levels, which the model declares by `levels NAME: ...`
    /// [default: the first, or the only one that has the level]
    #[arg(long, value_name = "NAME")]
    levels: Option<String>,
    /// The level whose entities are shown, or `all` [default: the one that `yardstick.toml` names,
    /// else the third from the top; of a page or workbook all]
    #[arg(long)]
    level: Option<String>,
    /// Show only this entity (its id, or a name that no other has) and the entities below it
    #[arg(long, value_name = "ID|NAME")]
    entity: Option<String>,
    /// Compare each entity with its peer group; with `--entity`, show only that entity's group
    /// [level: the one whose table has `peers by ...`]
    #[arg(long)]
    peers: bool,
    /// Break the rows down by this: show every value for each group, too; given twice, the two are
    /// crossed
    #[arg(long, value_name = "NAME")]
    by: Vec<String>,
    /// Compare each group with this one [default: with all other groups together]
    #[arg(long, value_name = "GROUP")]
    reference: Option<String>,
    /// Under each value of a table, show how the entities one level down are coloured; a page and
    /// result rows always show it
    #[arg(long)]
    spread: bool,
    /// Show the windows that end in the last N months; more than one month shows a trend. Where
    /// counts are hidden, those of them that share no rows [default: 1; of a page or workbook 24]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1200))]
    months: Option<u32>,
    /// Show the measures for this window instead of their own, as it is written in an indicator:
    /// `month`, `12 months ending in June`. Only measures whose text does not depend on how long
    /// the window is; without standards, which are for the windows of the definitions
    #[arg(long, value_name = "WINDOW", conflicts_with = "by")]
    window: Option<String>,
    /// Put the rows behind the latest cells into the page or workbook: ids of people are among
    /// them, so it is for those alone who may see them. Never of a scorecard that hides counts
    #[arg(long)]
    with_cases: bool,
    /// Format of the scorecard [default: by the ending of the output file, else table]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<&'static Format>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// At the end, show how long each step took
    #[arg(long)]
    timings: bool,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The format that can be written in several forms.
const CSV: &str = "csv";
/// The formats in which one goes down from level to level and sees a trend, and for how long that
/// is when nobody says.
const PAGE: &str = "html";
const BOOKS: [&str; 2] = [PAGE, "xlsx"];
const MONTHS_OF_A_BOOK: u32 = 24;

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = chosen(arguments)?;
    let csv = arguments.csv.form(format.name == CSV)?;
    let target = Target::open(arguments.output.as_deref())?;
    if format.kind == Kind::Binary && target.is_terminal() {
        return Err(Failure::usage(format!("the format {} is not for reading on a terminal", format.name))
            .help("name a file with `-o`"));
    }
    let asked = arguments.window.as_deref().map(AskedWindow::of).transpose()?;
    let mut timings = Timings::start();
    let (sources, program) =
        timings.time("definitions", || definitions::load(&arguments.definitions.paths())?.sound())?;
    let level = arguments.level.as_deref();
    let scorecards = settings::scorecards(&program, &arguments.scorecard)?;
    let ids = hierarchy::ids(&program, &scorecards);
    let mut program = hierarchy::chosen(program, arguments.levels.as_deref(), level)?;
    hierarchy::may_show(&program, &scorecards, &ids)?;
    if arguments.peers {
        entities::peers_level(&program, level)?;
    } else {
        entities::levels(&program, level)?;
    }
    let mut columns = columns(&program, &scorecards)?;
    if let Some(asked) = &asked {
        asked.may_show(&columns)?;
        asked.put(&mut program, &columns.indicators)?;
    }
    if asked.is_some() {
        // Groups are waited for by the window of the definition.
        columns.split_by.clear();
    }
    may_list(arguments, format, columns.hides())?;
    let breakdowns = breakdown::of(&program, &arguments.by, arguments.reference.as_deref(), &mut columns)?;
    // What is measured, and read for it.
    let runs = Runs::of(&program, &breakdowns, &columns);
    let numbers = runs.numbers();
    // A list of rows names what they lead to, too.
    let read = || Projection::Only(runs.program.reads(numbers.iter().copied()));
    let wanted = if arguments.with_cases { Projection::All } else { read() };
    let case_data = timings.time("case data", || case_data::load(&runs.program, &numbers, wanted, &arguments.data))?;
    timings.inside(&case_data.loaded.stages);
    target.unread()?;
    let is_book = BOOKS.contains(&format.name);
    let shape = Shape {
        peers: arguments.peers,
        level: arguments.level.as_deref(),
        entity: arguments.entity.as_deref(),
        is_book,
        width: if arguments.output.is_none() { terminal::width() } else { report::WIDTH },
    };
    let report = report(&program, &columns, &case_data, &shape)?;
    let mut report = Report { csv, spread: arguments.spread, threads: arguments.data.threads.number, ..report };
    if format.name == PAGE {
        report.descriptions = descriptions(&program, &columns.indicators);
        // Of measures in their own windows alone.
        if asked.is_none() {
            report.plans = plans::of_columns(&program, &columns, &sources, &case_data)?;
        }
    }
    report.judged.heading.notes.extend(hierarchy::notes(&ids, &program));
    report.judged.heading.notes.extend(asked.iter().map(AskedWindow::note));
    broken_down(&mut report.judged, &breakdowns);
    let work = Work {
        program: &program,
        runs: &runs,
        breakdowns: &breakdowns,
        columns: &columns,
        case_data: &case_data,
        months: arguments.months.unwrap_or(if is_book { MONTHS_OF_A_BOOK } else { 1 }),
    };
    match (format.writing, &target) {
        // A file is put in its place when it is whole.
        (Writing::Rows(begin), Target::File(_)) => {
            let stage = "measuring, adding up and writing";
            let (took, wrote) = timings.time(stage, || work.write(report, begin, &target))?;
            timings.inside(&wrote);
            timings.indicators(took);
        }
        // Nothing is shown before all is known.
        (Writing::Rows(_) | Writing::Whole(_), _) => {
            let (took, tables) = timings.time("measuring and adding up", || work.tables(&report.judged.hierarchy))?;
            timings.indicators(took);
            report.judged.tables = tables;
            if arguments.with_cases {
                report.cases = timings.time("rows behind cells", || with_cases::lists(&report.judged, &case_data))?;
            }
            timings.time("writing", || write(&report, format, &target))?;
        }
    }
    if arguments.timings {
        timings.tell();
    }
    Ok(Exit::Fine)
}

fn write(report: &Report, format: &Format, target: &Target) -> Result<(), Failure> {
    match (format.kind, &target) {
        (Kind::Coloured, Target::Stdout) => output::say(&coloured(format, report)?),
        (Kind::Coloured, Target::File(_) | Target::Stream(_)) => {
            let text = anstream::adapter::strip_str(&coloured(format, report)?).to_string();
            target.write(|out| out.write_all(text.as_bytes()))
        }
        (Kind::Text | Kind::Binary, _) => target.write(|out| format.write(report, out)),
    }
}

fn coloured(format: &Format, report: &Report) -> Result<String, Failure> {
    let bytes = format.bytes(report).map_err(|e| Failure::usage(e.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A format by name.
fn format(name: &str) -> Result<&'static Format, String> {
    report::find(name).ok_or_else(|| {
        let names: Vec<_> = report::FORMATS.iter().map(|f| f.name).collect();
        format!("there is no format `{name}`; {}", suggest::help(name, "formats", &names))
    })
}

/// The format asked for, or the one that the output file's ending names.
fn chosen(arguments: &Arguments) -> Result<&'static Format, Failure> {
    if let Some(format) = arguments.format {
        return Ok(format);
    }
    let ending = arguments.output.as_ref().and_then(|p| p.extension()).map(|e| e.to_string_lossy().into_owned());
    match ending {
        Some(ending) => report::find_extension(&ending).ok_or_else(|| {
            let names: Vec<_> = report::FORMATS.iter().map(|f| f.name).collect();
            Failure::usage(format!("no format has the file ending `.{ending}`"))
                .help(format!("name one with `--format`: {}", names.join(", ")))
        }),
        None => report::FORMATS.first().ok_or_else(|| Failure::usage("there is no format")),
    }
}

/// Rows are listed in a page and a workbook alone, and for nobody outside.
fn may_list(arguments: &Arguments, format: &Format, hides: bool) -> Result<(), Failure> {
    if !arguments.with_cases {
        return Ok(());
    }
    if !BOOKS.contains(&format.name) {
        return Err(Failure::usage(format!("`--with-cases` is for a page or a workbook, and not for {}", format.name))
            .help(
                "name a file that ends in `.html` or `.xlsx` with `-o`; `yardstick cases` lists the rows of one cell",
            ));
    }
    if hides {
        return Err(Failure::usage("`--with-cases` is not for a scorecard that hides counts")
            .help("its readers must not know who is counted; leave it out, or choose another scorecard"));
    }
    Ok(())
}

/// The columns of the scorecards asked for.
pub(super) fn columns(program: &Program, asked: &[String]) -> Result<Columns, Failure> {
    let columns = Columns::of(program, asked).map_err(|why| match why {
        NoColumns::NoIndicator => Failure::definitions("the definitions contain no indicator")
            .help("an indicator is declared with `indicator name { ... }`"),
        NoColumns::NoScorecard(name) => {
            let known: Vec<_> = program.scorecards.iter().map(|s| s.name.as_str()).collect();
            Failure::usage(format!("there is no scorecard `{name}`")).help(suggest::help(&name, "scorecards", &known))
        }
    })?;
    match columns.never_apart(program) {
        None => Ok(columns),
        Some(id) => Err(Failure::definitions(format!("a scorecard that hides counts cannot show `{id}`"))
            .help("its window is `all time`: what it shows of a month, less what it showed of the month before, gives away what either hides")),
    }
}

/// Which entities a report shows, and how wide its lines are.
struct Shape<'a> {
    peers: bool,
    level: Option<&'a str>,
    entity: Option<&'a str>,
    is_book: bool,
    width: usize,
}

/// The report without what is measured.
fn report(program: &Program, columns: &Columns, case_data: &CaseData, shape: &Shape) -> Result<Report, Failure> {
    let as_of = case_data.as_of();
    let hierarchy = run::hierarchy(&program.model, &case_data.loaded.store, as_of);
    let choose = if shape.peers { entities::peers } else { entities::selection };
    let every = (shape.is_book && !shape.peers).then_some(entities::ALL);
    let selection = choose(program, &hierarchy, shape.level.or(every), shape.entity)?;
    let judged = blank(program, columns, case_data, (hierarchy, selection));
    let (csv, descriptions, cases, plans) = (Csv::default(), Vec::new(), Vec::new(), Vec::new());
    Ok(Report { judged, width: shape.width, spread: false, threads: None, csv, descriptions, cases, plans })
}

/// What is said of a result before anything is measured.
fn blank(
    program: &Program,
    columns: &Columns,
    case_data: &CaseData,
    (hierarchy, selection): (Hierarchy, Selection),
) -> Judged {
    let heading = Heading {
        title: columns.title.clone(),
        organization: case_data.name().to_owned(),
        as_of: case_data.as_of(),
        notes: [columns.hidden(program), case_data.notes(program, &columns.indicators, columns.hides())].concat(),
    };
    let (program, indicators) = (program.clone(), columns.indicators.clone());
    let (tables, reference) = (Vec::new(), Reference::default());
    Judged { program, hierarchy, heading, indicators, tables, reference, selection }
}

/// Scorecards at all levels and over two years: what a page holds.
pub(super) struct Book {
    program: Program,
    /// The scorecards, by name; none for all that hide nothing.
    scorecards: Vec<String>,
    columns: Columns,
    breakdowns: Vec<Breakdown>,
    runs: Runs,
}

impl Book {
    /// The scorecards that hide nothing.
    pub(super) fn inside(program: Program) -> Result<Self, Failure> {
        let book = Self::of(program, Vec::new())?;
        if let Some(number) = book.indicators().iter().find(|number| book.columns.limit(**number).is_some()) {
            let id = book.program.indicators.get(*number).map_or("", |of| of.id.as_str());
            return Err(Failure::usage(format!("every scorecard hides counts, that of `{id}` too")).help(
                "declare one for those inside, without `hide counts`: what readers outside get is made beside it",
            ));
        }
        Ok(book)
    }

    /// The scorecards that hide counts, for readers outside; `None` when there is none.
    pub(super) fn outside(program: Program) -> Result<Option<Self>, Failure> {
        let hiding = program.scorecards.iter().filter(|of| of.hide_under.is_some());
        let scorecards: Vec<String> = hiding.map(|of| of.name.clone()).collect();
        if scorecards.is_empty() { Ok(None) } else { Self::of(program, scorecards).map(Some) }
    }

    fn of(program: Program, scorecards: Vec<String>) -> Result<Self, Failure> {
        let program = hierarchy::chosen(program, None, None)?;
        let mut columns = columns(&program, &scorecards)?;
        let breakdowns = breakdown::of(&program, &[], None, &mut columns)?;
        let runs = Runs::of(&program, &breakdowns, &columns);
        Ok(Self { program, scorecards, columns, breakdowns, runs })
    }

    /// The program in the hierarchy that is shown.
    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    /// What is shown.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The indicators that are shown.
    pub(super) fn indicators(&self) -> &[usize] {
        &self.columns.indicators
    }

    /// The data for this and for another of the same definitions.
    pub(super) fn load(&self, other: Option<&Self>, arguments: &case_data::Arguments) -> Result<CaseData, Failure> {
        let (mut program, mut numbers) = (self.runs.program.clone(), self.runs.numbers());
        for run in other.iter().flat_map(|of| &of.runs.runs) {
            numbers.push(program.indicators.len());
            program.indicators.extend(other.and_then(|of| of.runs.program.indicators.get(run.number)).cloned());
        }
        let wanted = Projection::Only(program.reads(numbers.iter().copied()));
        case_data::load(&program, &numbers, wanted, arguments)
    }

    /// All of it, measured and judged.
    pub(super) fn report(&self, case_data: &CaseData, threads: Option<usize>) -> Result<Report, Failure> {
        let Self { program, scorecards, columns, breakdowns, runs } = self;
        let shape = Shape { peers: false, level: None, entity: None, is_book: true, width: report::WIDTH };
        let mut report = Report { threads, ..report(program, columns, case_data, &shape)? };
        report.descriptions = descriptions(program, &columns.indicators);
        report.judged.heading.notes.extend(hierarchy::notes(&hierarchy::ids(program, scorecards), program));
        broken_down(&mut report.judged, breakdowns);
        let work = Work { program, runs, breakdowns, columns, case_data, months: MONTHS_OF_A_BOOK };
        let (_, tables) = work.tables(&report.judged.hierarchy)?;
        report.judged.tables = tables;
        Ok(report)
    }
}

/// Says with what groups are compared, and what cannot be broken down.
fn broken_down(judged: &mut Judged, breakdowns: &[Breakdown]) {
    for breakdown in breakdowns {
        judged.reference = breakdown.reference;
        judged.heading.notes.extend(breakdown.left_out.clone());
    }
}

/// What each indicator measures, in words, and under no id how to read that.
fn descriptions(program: &Program, indicators: &[usize]) -> Vec<(String, String)> {
    let of: Vec<&Indicator> = indicators.iter().filter_map(|number| program.indicators.get(*number)).collect();
    let pages = describe::book(program, &of).into_iter();
    pages
        .zip(std::iter::once("").chain(of.iter().map(|of| of.id.as_str())))
        .map(|(page, id)| (id.to_owned(), page.text()))
        .collect()
}

/// What is to be measured.
pub(super) struct Work<'a> {
    pub(super) program: &'a Program,
    pub(super) runs: &'a Runs,
    pub(super) breakdowns: &'a [Breakdown],
    pub(super) columns: &'a Columns,
    pub(super) case_data: &'a CaseData,
    pub(super) months: u32,
}

/// What each indicator took, by its id.
type Costs<'a> = Vec<(&'a str, Cost)>;

impl<'a> Work<'a> {
    /// Measures the indicators; `take` gets what was measured of each, summed, in their order, and
    /// says whether to go on: the table of all rows, and those of the groups.
    fn measure(
        &self,
        hierarchy: &Hierarchy,
        take: &mut dyn FnMut(Vec<Table>) -> ControlFlow<()>,
    ) -> Result<Costs<'a>, Failure> {
        let (program, case_data) = (self.program, self.case_data);
        let numbers = self.runs.numbers();
        let windows = self.windows()?;
        let bad = case_data.bad(program, &self.columns.indicators);
        let bad_groups: Vec<_> =
            self.breakdowns.iter().map(|by| case_data.bad(&by.program, &self.columns.indicators)).collect();
        let bar = progress::bar("measuring", numbers.len());
        let mut took = Vec::new();
        let mut judging: Option<Judging> = None;
        // The tables of an indicator of which further breakdowns are to come.
        let mut tables: Vec<Table> = Vec::new();
        let mut place = 0;
        let mut summed = |measured: Measured, spent: Option<Cost>| {
            let Some(run) = self.runs.runs.get(place) else { return ControlFlow::Break(()) };
            let so_far = judging.get_or_insert_with(|| {
                let by = run.by.and_then(|by| Some((self.breakdowns.get(by)?, bad_groups.get(by)?)));
                let broken_down = by.map(|(by, bad)| BrokenDown {
                    program: &by.program,
                    bad: bad.get(&run.of),
                    by: &by.by,
                    values: &by.values,
                });
                Judging::new(program, hierarchy, case_data.complete(), bad.get(&run.of), self.columns.limit(run.of))
                    .by(broken_down)
            });
            so_far.add(Measured { indicator: run.of, ..measured });
            let Some(spent) = spent else { return ControlFlow::Continue(()) };
            bar.step();
            took.push((self.runs.program.indicators[run.number].id.as_str(), spent));
            let of_run = judging.take().map(Judging::tables).unwrap_or_default();
            // All rows are the same in each breakdown.
            let (whole, groups): (Vec<Table>, Vec<Table>) = of_run.into_iter().partition(|t| t.group.is_none());
            if tables.is_empty() {
                tables.extend(whole);
            }
            tables.extend(groups);
            place += 1;
            let further = self.runs.runs.get(place).is_some_and(|next| next.of == run.of);
            if further { ControlFlow::Continue(()) } else { take(std::mem::take(&mut tables)) }
        };
        let (store, settings) = (&case_data.loaded.store, case_data.running());
        run::measure(&self.runs.program, &numbers, store, case_data.as_of(), &windows, &settings, &mut summed)
            .map_err(|e| case_data::failed(&e))?;
        Ok(took)
    }

    /// All of it, measured and judged, for a level of the hierarchy.
    pub(super) fn judged(&self, hierarchy: Hierarchy, level: usize) -> Result<Judged, Failure> {
        let (_, tables) = self.tables(&hierarchy)?;
        let selection = Selection { levels: vec![level], under: None, peers: None };
        let mut judged = blank(self.program, self.columns, self.case_data, (hierarchy, selection));
        broken_down(&mut judged, self.breakdowns);
        Ok(Judged { tables, ..judged })
    }

    /// What was measured of all indicators.
    fn tables(&self, hierarchy: &Hierarchy) -> Result<(Costs<'a>, Vec<Table>), Failure> {
        let mut tables = Vec::new();
        let mut keep = |more| {
            tables.extend(more);
            ControlFlow::Continue(())
        };
        let took = self.measure(hierarchy, &mut keep)?;
        Ok((took, tables))
    }

    /// Measures the indicators, and writes the rows of each when it is measured: a run may have
    /// more than memory can hold.
    fn write(
        &self,
        mut report: Report,
        begin: fn() -> io::Result<Box<dyn Rows>>,
        target: &Target,
    ) -> Result<(Costs<'a>, Stages), Failure> {
        let hierarchy = report.judged.hierarchy.clone();
        let (mut stages, mut took) = (Stages::default(), Ok(Vec::new()));
        let written = target.write(|out| {
            let mut rows = begin()?;
            let mut written = Ok(());
            took = self.measure(&hierarchy, &mut |tables| {
                report.judged.tables = tables;
                written = stages.time("writing the rows", || rows.add(&report, out));
                report.judged.tables.clear();
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            written?;
            match &took {
                Ok(_) => rows.end(out),
                // Nothing half done takes the place of a file.
                Err(_) => Err(io::Error::other("not measured")),
            }
        });
        let took = took?;
        written.map(|()| (took, stages))
    }

    /// The windows of all that is measured.
    fn windows(&self) -> Result<Vec<Vec<Window>>, Failure> {
        let as_of = self.case_data.as_of();
        let windows = |run: &Run| {
            let through = self.case_data.complete().through_of(&self.program.model, &run.windows);
            self.columns.windows(run.of, &run.windows, through, self.months)
        };
        let windows: Vec<_> = self.runs.runs.iter().map(windows).collect();
        if windows.iter().all(Vec::is_empty) {
            return Err(Failure::usage(format!("no window can be reported on data through {as_of}")));
        }
        Ok(windows)
    }
}
