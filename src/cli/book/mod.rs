//! `yardstick book`: the data book of an entity, for the meeting about it; or one for each entity
//! of a level.

mod folder;
mod review;

use super::breakdown::{self, Breakdown, Runs};
use super::case_data::{self, CaseData};
use super::failure::{Done, Exit, Failure};
use super::output::Target;
use super::scorecard::Work;
use super::{definitions, entities, hierarchy, measured, plans, refresh, settings};
use crate::data::Projection;
use crate::describe;
use crate::diag::suggest;
use crate::ir::{Indicator, Program};
use crate::report::book::{self, BookFormat};
use crate::run;
use crate::scorecard::book::{Before, Sentence, Words};
use crate::scorecard::{Book, Columns, Hierarchy, Judged, Moved, Names, Progress, Published};
use chrono::NaiveDate;
use folder::Folder;
use review::Reviews;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

/// The data book of an entity: its scorecard, what changed, and a page for each indicator with its
/// trend, its peers, those below, and cases to review
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick book --entity \"Hill Street\" -o book.html\n  yardstick book --all branch -o books --since published/2026-09"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    #[command(flatten)]
    data: case_data::Arguments,
    /// Of this entity: its id, or a name that no other has [default: the whole]
    #[arg(long, value_name = "ID|NAME")]
    entity: Option<String>,
    /// A book for each entity of this level, in the folder that `-o` names
    #[arg(long, value_name = "LEVEL", conflicts_with_all = ["entity", "level"], requires = "output")]
    all: Option<String>,
    /// In this hierarchy of levels [default: the first, or the only one that has the level]
    #[arg(long, value_name = "NAME")]
    levels: Option<String>,
    /// The level of the entity, where several levels have its id
    #[arg(long)]
    level: Option<String>,
    /// Only this scorecard of the definitions; can be given several times [default: those that
    /// `yardstick.toml` names, else all but those that hide counts]
    #[arg(long, value_name = "NAME")]
    scorecard: Vec<String>,
    /// On each indicator's page, break the rows down by this; given twice, the two are crossed
    /// [default: as the scorecards are split]
    #[arg(long, value_name = "NAME")]
    by: Vec<String>,
    /// Compare each group with this one [default: with all other groups together]
    #[arg(long, value_name = "GROUP")]
    reference: Option<String>,
    /// The windows that end in the last N months; where counts are hidden, those of them that share
    /// no rows [default: 24]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1200))]
    months: Option<u32>,
    /// Say what moved since this month of `refresh`, such as `published/2026-09`, and why [default:
    /// since the window before]
    #[arg(long, value_name = "FOLDER")]
    since: Option<PathBuf>,
    /// Suggest N cases for review of each indicator [default: 3; where counts are hidden 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    cases: Option<u32>,
    /// Choose the cases by this text, too: another text gives others
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    /// Format: md, html, pptx; pdf where the program was built with it [default: by the ending of
    /// the output file, else md; with `--all` html]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<&'static BookFormat>,
    /// Write to this file, completely or not at all; with `--all` to this folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The windows, and the cases for review, when nobody says how many.
const MONTHS: u32 = 24;
const CASES: u32 = 3;

/// The format of the books of a level, when nobody says which.
const PAGE: &str = "html";

/// The parts of a description that a book holds.
const ENGLISH: [&str; 3] = ["Who counts", "Excluded", "What is measured"];

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = chosen(arguments)?;
    let (target, folder) = match (&arguments.all, &arguments.output) {
        (Some(_), Some(path)) => (Target::Stdout, Some(Folder::open(path)?)),
        (_, output) => (Target::open(output.as_deref())?, None),
    };
    if folder.is_none() && !format.is_text && target.is_terminal() {
        return Err(Failure::usage(format!("the format {} is not for reading on a terminal", format.name))
            .help("name a file with `-o`"));
    }
    let (sources, program) = definitions::load(&arguments.definitions.paths())?.sound()?;
    let asked = Asked::of(arguments, program)?;
    let case_data = asked.load(arguments)?;
    target.unread()?;
    let known = run::hierarchy(&asked.program.model, &case_data.loaded.store, case_data.as_of());
    let (level, entities) = asked.entities(arguments, &known)?;
    let judged = asked.judged(&case_data, known, level)?;
    let mut names = Names::default();
    let before = match &arguments.since {
        Some(folder) => Some(refresh::published(folder, &mut names)?),
        None => None,
    };
    let moved = match &before {
        Some((as_of, before)) => Some((*as_of, moved(&judged, (*as_of, before), &mut names, case_data.as_of())?)),
        None => None,
    };
    let before = moved.as_ref().map(|(as_of, moved)| Before { as_of: *as_of, names: &names, moved });
    let seed = arguments.seed.as_deref();
    let reviews = Reviews::of(&judged, &case_data, (&entities, level), (asked.cases, seed))?;
    let english: Vec<Vec<Sentence>> =
        asked.indicators().map(|indicator| sentences(&asked.program, indicator)).collect();
    let plans = plans::of_columns(&asked.program, &asked.columns, &sources, &case_data)?;
    let bytes = |entity: usize| {
        let words = Words { english: english.clone(), reviews: reviews.of_entity(entity), plans: plans.clone() };
        let book = Book::of(&judged, entity, &words, before.as_ref());
        let book = book.ok_or_else(|| Failure::internal("internal error: nothing was measured"))?;
        let bytes = bytes_of(&book, format)?;
        Ok((book.has_cases(), book.entity, bytes))
    };
    match (folder, entities.as_slice()) {
        (Some(folder), _) => folder.write(format, &entities, bytes)?,
        (None, [entity]) => {
            let (_, _, bytes) = bytes(*entity)?;
            target.put(&bytes, false)?;
        }
        (None, _) => return Err(Failure::internal("internal error: one book of several entities")),
    }
    Ok(Exit::Fine)
}

/// The books of a level as pages, by their file names: for the folder of a month, so without rows,
/// which are not for everybody who reads it. Entities without cases have none.
pub(super) fn of_level(
    judged: &Judged,
    level: usize,
    before: Option<&Before<'_>>,
    plans: &[Progress],
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let format = book::find(PAGE).ok_or_else(|| Failure::internal("no format `html`"))?;
    let indicators = judged.indicators.iter().filter_map(|number| judged.program.indicators.get(*number));
    let english = indicators.map(|indicator| sentences(&judged.program, indicator)).collect();
    let words = Words { english, reviews: vec![None; judged.indicators.len()], plans: plans.to_vec() };
    let (mut names, mut books) = (BTreeSet::new(), Vec::new());
    for entity in judged.hierarchy.at(level) {
        let Some(book) = Book::of(judged, entity, &words, before).filter(Book::has_cases) else { continue };
        let bytes = bytes_of(&book, format)?;
        books.push((folder::free(&mut names, &book.entity.id, format.name), bytes));
    }
    Ok(books)
}

/// The bytes of a book.
///
/// # Errors
/// Where a text of the book cannot be shown in the format.
fn bytes_of(book: &Book, format: &BookFormat) -> Result<Vec<u8>, Failure> {
    format.bytes(book).map_err(|e| match e.kind() {
        io::ErrorKind::InvalidData => {
            let whose = book.entity.with_level();
            Failure::usage(format!("the book of {whose} cannot be written as {}: {e}", format.name))
                .help(format!("write the page, which is drawn with the fonts of its reader: `--format {PAGE}`"))
        }
        _ => Failure::internal(format!("internal error: {e}")),
    })
}

/// What to do for a format that this build has not.
fn not_built(name: &str) -> Option<(String, String)> {
    let (name, feature) = book::NOT_BUILT.iter().find(|(of, _)| of.eq_ignore_ascii_case(name))?;
    Some((
        format!("the format `{name}` is not in this build of the program"),
        format!(
            "build it with the format, `cargo build --release --features {feature}`, or write the page (`--format {PAGE}`) and print it \
             from a browser"
        ),
    ))
}

/// A format by name.
fn format(name: &str) -> Result<&'static BookFormat, String> {
    if let Some((message, help)) = not_built(name) {
        return Err(format!("{message}; {help}"));
    }
    book::find(name).ok_or_else(|| {
        let names: Vec<_> = book::FORMATS.iter().map(|of| of.name).collect();
        format!("there is no format `{name}`; {}", suggest::help(name, "formats", &names))
    })
}

/// The format asked for, or the one that the output file's ending names.
fn chosen(arguments: &Arguments) -> Result<&'static BookFormat, Failure> {
    if let Some(format) = arguments.format {
        return Ok(format);
    }
    let file = arguments.output.as_ref().filter(|_| arguments.all.is_none());
    let ending = file.and_then(|path| path.extension()).map(|ending| ending.to_string_lossy().into_owned());
    let name = match (&ending, &arguments.all) {
        (Some(ending), _) => ending,
        (None, Some(_)) => PAGE,
        (None, None) => "md",
    };
    if let Some((message, help)) = not_built(name) {
        return Err(Failure::usage(message).help(help));
    }
    book::find(name).ok_or_else(|| {
        let names: Vec<_> = book::FORMATS.iter().map(|of| of.name).collect();
        Failure::usage(format!("no format of a book has the file ending `.{name}`"))
            .help(format!("name one with `--format`: {}", names.join(", ")))
    })
}

/// What is asked for, with the definitions in the hierarchy that is shown.
struct Asked {
    program: Program,
    columns: Columns,
    breakdowns: Vec<Breakdown>,
    runs: Runs,
    months: u32,
    cases: usize,
    ids: Vec<String>,
}

impl Asked {
    fn of(arguments: &Arguments, program: Program) -> Result<Self, Failure> {
        let level = arguments.all.as_deref().or(arguments.level.as_deref());
        let scorecards = settings::scorecards(&program, &arguments.scorecard)?;
        let ids = hierarchy::ids(&program, &scorecards);
        let program = hierarchy::chosen(program, arguments.levels.as_deref(), level)?;
        hierarchy::may_show(&program, &scorecards, &ids)?;
        if arguments.all.as_deref() == Some(entities::ALL) {
            return Err(Failure::usage("books are made for one level at a time").help("name it: `--all LEVEL`"));
        }
        entities::levels(&program, level)?;
        let columns = super::scorecard::columns(&program, &scorecards)?;
        let hides = columns.hides();
        // What moved, and rows, would give away what is hidden.
        let inside = [("--cases", arguments.cases.is_some_and(|n| n > 0)), ("--since", arguments.since.is_some())];
        if let Some((name, _)) = inside.iter().find(|(_, asked)| hides && *asked) {
            return Err(Failure::usage(format!("`{name}` is not for a scorecard that hides counts")).help(
                "its book has no list of cases and says of no published month what moved since: both would give away what is hidden",
            ));
        }
        // An indicator whose rows have no such groups keeps its page.
        let (by, reference) = (&arguments.by, arguments.reference.as_deref());
        let breakdowns = breakdown::of(&program, by, reference, &mut columns.clone())?;
        let runs = Runs::of(&program, &breakdowns, &columns);
        let months = arguments.months.unwrap_or(MONTHS);
        let cases = if hides { 0 } else { arguments.cases.unwrap_or(CASES) as usize };
        Ok(Self { program, columns, breakdowns, runs, months, cases, ids })
    }

    fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.columns.indicators.iter().filter_map(|number| self.program.indicators.get(*number))
    }

    /// The data; with the ids of rows only where rows are listed.
    fn load(&self, arguments: &Arguments) -> Result<CaseData, Failure> {
        let (program, numbers) = (&self.runs.program, self.runs.numbers());
        let wanted = match self.cases {
            0 => Projection::Only(program.reads(numbers.iter().copied())),
            _ => Projection::All,
        };
        case_data::load(program, &numbers, wanted, &arguments.data)
    }

    /// The level, and the entities of which books are made.
    fn entities(&self, arguments: &Arguments, known: &Hierarchy) -> Result<(usize, Vec<usize>), Failure> {
        if let Some(level) = &arguments.all {
            let level = entities::levels(&self.program, Some(level))?.first().copied().unwrap_or_default();
            return Ok((level, known.at(level).collect()));
        }
        let entity = match &arguments.entity {
            Some(id) => {
                let level = arguments.level.as_deref();
                let levels = level.map(|level| entities::levels(&self.program, Some(level))).transpose()?;
                entities::entity(known, id, levels.as_deref())?
            }
            None => 0,
        };
        Ok((known.entities.get(entity).map_or(0, |of| of.level), vec![entity]))
    }

    /// All cells, measured once for all levels.
    fn judged(&self, case_data: &CaseData, known: Hierarchy, level: usize) -> Result<Judged, Failure> {
        let Self { program, columns, breakdowns, runs, months, .. } = self;
        let work = Work { program, runs, breakdowns, columns, case_data, months: *months };
        let mut judged = work.judged(known, level)?;
        judged.heading.notes.extend(hierarchy::notes(&self.ids, &self.program));
        Ok(judged)
    }
}

/// What moved since something was published as of a day.
fn moved(
    judged: &Judged,
    (day, before): (NaiveDate, &Published),
    names: &mut Names,
    as_of: NaiveDate,
) -> Result<Moved, Failure> {
    if day > as_of {
        return Err(Failure::usage(format!("what `--since` names was published as of {day}, after {as_of}"))
            .help("name an earlier month, or another `--as-of`"));
    }
    let now = measured::published(judged, names)?;
    Ok(Moved::between(before, &now, names))
}

/// What is measured, as `describe` says it: who counts, who is excluded, what is counted.
fn sentences(program: &Program, indicator: &Indicator) -> Vec<Sentence> {
    fn add(points: &[describe::Point], depth: usize, to: &mut Vec<Sentence>) {
        for point in points {
            to.push(Sentence { depth, text: point.text.clone() });
            add(&point.under, depth + 1, to);
        }
    }
    let page = describe::page(program, indicator);
    let mut sentences = Vec::new();
    let parts = page.sections.iter().filter(|part| ENGLISH.contains(&part.title) && !part.points.is_empty());
    for part in parts {
        sentences.push(Sentence { depth: 0, text: part.title.to_owned() });
        add(&part.points, 1, &mut sentences);
    }
    sentences
}
