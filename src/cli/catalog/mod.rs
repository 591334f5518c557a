//! `yardstick catalog`: a folder of pages to read and search the definitions, without a network.

mod code;
mod indicators;
mod links;
mod shown;
mod tables;

use super::failure::{Done, Exit, Failure};
use super::own_folder::{Kind, OwnFolder};
use super::{case_data, definitions, output, threads};
use crate::check::references::DeclarationId;
use crate::describe;
use crate::ide::Definitions;
use crate::ide::semantic_tokens::{self, SemanticToken};
use crate::ir::{Indicator, Program};
use crate::report::catalog::{self, Catalogue, Points};
use crate::scorecard::words;
use crate::source::{FileId, Sources};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const PAGES: Kind = Kind {
    list: "catalogue.txt",
    is_file: "a catalogue is a folder of pages: name a folder with `-o`",
    one: "page",
    others: "name a folder that is not there yet, or is empty, or holds a catalogue that `yardstick catalog` wrote",
};

/// Make a folder of pages to read and search the definitions: what each measures, its text, its
/// standards, its tests and what they show, what it reads, who has approved it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick catalog -o catalogue\n  yardstick catalog indicators -o catalogue --as-of 2026-10-31"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    /// The folder for the pages; made when it is not there. A catalogue that is there is replaced
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// The day on which it is asked whether a review is due; without it only the days are shown
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: Option<NaiveDate>,
    /// Do not try which changes of the definitions the tests notice, which takes most of the time
    #[arg(long)]
    no_mutants: bool,
    #[command(flatten)]
    threads: threads::Arguments,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let folder = OwnFolder::open(&arguments.output, PAGES)?;
    let (sources, program) = definitions::load(&arguments.definitions.paths())?.sound()?;
    let catalogue = catalogue(arguments, &sources, &program)?;
    let files =
        catalog::files(&catalogue).map_err(|e| Failure::internal(format!("the catalogue could not be made: {e}")))?;
    let draft = folder.begin()?;
    for (name, bytes) in &files {
        folder.add(&draft, name, bytes)?;
    }
    let list: Vec<_> = files.iter().map(|(name, bytes)| (name.clone(), format!("{} bytes", bytes.len()))).collect();
    folder.put(draft, &list)?;
    output::say(&crate::visible::lines(&format!(
        "{}: {}, {}; begin with {}\n",
        folder.path().display(),
        catalog::counted(catalogue.indicators.len(), "indicator"),
        catalog::counted(catalogue.tables.len(), "table"),
        arguments.output.join(catalog::INDEX).display()
    )))?;
    Ok(Exit::Fine)
}

/// What all pages are made of.
struct World<'a> {
    sources: &'a Sources,
    program: &'a Program,
    /// The same texts, with what each word of them is.
    editor: Definitions,
    /// The words of each of these texts.
    tokens: BTreeMap<FileId, Vec<SemanticToken>>,
    /// The names that the model gives to words, rows and conditions, as far as the text of each
    /// indicator uses them, by its id.
    notions: BTreeMap<String, BTreeSet<DeclarationId>>,
    /// The indicators by tier and id, each in the first hierarchy in which it is shown.
    indicators: Vec<&'a Indicator>,
    /// The pages of indicators and tables, by their names.
    pages: Pages,
    as_of: Option<NaiveDate>,
}

/// The files of the pages.
struct Pages {
    indicators: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
}

impl Pages {
    /// A file for each; two names that differ in large and small letters alone have two.
    fn of(program: &Program, indicators: &[&Indicator]) -> Self {
        let mut taken = BTreeSet::new();
        let mut file = |prefix: &str, name: &str| {
            let stem = format!("{prefix}-{}", name.chars().take(80).collect::<String>());
            let all = (1..).map(|number| match number {
                1 => format!("{stem}.html"),
                _ => format!("{stem}-{number}.html"),
            });
            let mut free = all.filter(|file| !catalog::is_taken(file)).filter(|file| taken.insert(file.to_lowercase()));
            (name.to_owned(), free.next().unwrap_or_default())
        };
        let tables = program.model.tables.iter().map(|table| file("table", &table.name)).collect();
        Self { indicators: indicators.iter().map(|of| file("indicator", &of.id)).collect(), tables }
    }

    fn of_indicator(&self, id: &str) -> String {
        self.indicators.get(id).cloned().unwrap_or_default()
    }

    fn of_table(&self, name: &str) -> String {
        self.tables.get(name).cloned().unwrap_or_default()
    }
}

fn catalogue(arguments: &Arguments, sources: &Sources, program: &Program) -> Result<Catalogue, Failure> {
    let mut all: BTreeMap<&str, &Indicator> = BTreeMap::new();
    for indicator in program.hierarchies().flat_map(|of| &of.indicators) {
        all.entry(&indicator.id).or_insert(indicator);
    }
    let mut indicators: Vec<&Indicator> = all.into_values().collect();
    indicators.sort_by_key(|of| (of.about.tier.unwrap_or(i64::MAX), of.id.as_str()));
    let texts = sources.iter().map(|(_, file)| (file.path.clone(), file.text.clone()));
    let editor = Definitions::new(texts, false);
    let world = World {
        sources,
        program,
        tokens: editor.sources().iter().map(|(file, _)| (file, semantic_tokens::all(&editor, file))).collect(),
        notions: links::notions(&editor),
        editor,
        pages: Pages::of(program, &indicators),
        indicators,
        as_of: arguments.as_of,
    };
    let tried = shown::tried(&world, arguments)?;
    let described = describe::book(program, &world.indicators);
    let mut described = described.into_iter();
    let same = described.next().unwrap_or_default();
    let pages = world.indicators.iter().zip(described);
    Ok(Catalogue {
        as_of: arguments.as_of.map(words::day),
        indicators: pages.map(|(of, page)| indicators::indicator(&world, of, &page, &tried)).collect(),
        tables: tables::all(&world),
        same: same.sections.into_iter().map(|section| (section.title.to_owned(), Points(section.points))).collect(),
    })
}
