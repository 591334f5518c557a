//! The files of a month: made from one run, so that all of them say the same.

use super::super::case_data::{self, CaseData};
use super::super::failure::Failure;
use super::super::scorecard::Book;
use super::super::{data, entities, output, plans, progress};
use super::manifest::{Before, Manifest};
use super::months::{Months, refuse};
use super::outside;
use super::{Arguments, Books};
use crate::atomic_output::folders_within;
use crate::describe::{self, Page};
use crate::inputs;
use crate::ir::Indicator;
use crate::report::changes::{self, Changes};
use crate::report::{self, Report};
use crate::scorecard::as_published::Kept;
use crate::scorecard::published::Said;
use crate::scorecard::{self, Moved, Names, Published};
use crate::source::Sources;
use crate::visible;
use chrono::NaiveDate;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// The result rows.
pub(super) const RESULTS: &str = "results.csv.gz";
/// What moved since the month before.
pub(super) const CHANGES: &str = "changes.md";
/// The folder of the books.
pub(super) const BOOKS: &str = "books/";
/// What each measure means, in English.
const CATALOGUE: &str = "catalogue.md";
/// What was found in the data.
const DATA_REPORT: &str = "data.txt";
/// The formats that people read, and their files.
const PAGES: [(&str, &str); 2] = [("html", "scorecard.html"), ("xlsx", "scorecard.xlsx")];
/// The folder of the definitions.
pub(super) const DEFINITIONS: &str = "definitions";
/// The folder of the case data, where it is kept.
pub(super) const DATA: &str = "data";

/// The files that a month is made from.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) definitions: Vec<Input>,
    pub(super) data: Vec<Input>,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Input {
    path: PathBuf,
    /// Where it lies in its folder, with strokes.
    pub(super) name: String,
    pub(super) hash: String,
}

impl Inputs {
    /// What this run has read: of the definitions, and in the folder of the case data.
    pub(super) fn of(sources: &Sources, arguments: &case_data::Arguments) -> Result<Self, Failure> {
        let whole = |path: &Path| fs::canonicalize(path).map_err(|e| refuse(path, &e));
        let definitions = sources.iter().map(|(_, file)| whole(&file.path)).collect::<Result<BTreeSet<_>, _>>()?;
        let folder = whole(&case_data::folder(arguments.data.as_deref(), "--data DIR")?)?;
        let data = inputs::all().into_iter().filter(|path| path.starts_with(&folder) && !definitions.contains(path));
        let root = common(&definitions);
        Ok(Self { data: hashed(data, &folder)?, definitions: hashed(definitions.into_iter(), &root)? })
    }
}

fn hashed(paths: impl Iterator<Item = PathBuf>, root: &Path) -> Result<Vec<Input>, Failure> {
    let file = |path: PathBuf| {
        let name = path.strip_prefix(root).unwrap_or(&path).components();
        let name: Vec<_> = name.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let hash = inputs::hash(&path).map_err(|e| refuse(&path, &e))?;
        Ok(Input { path, name: name.join("/"), hash })
    };
    paths.map(file).collect()
}

/// The deepest folder that holds all of these files.
fn common(files: &BTreeSet<PathBuf>) -> PathBuf {
    let folders = files.iter().filter_map(|file| file.parent());
    let shared = |one: PathBuf, other: &Path| {
        let same = one.components().zip(other.components()).take_while(|(a, b)| a == b);
        same.map(|(part, _): (Component, Component)| part).collect()
    };
    let mut folders = folders.map(Path::to_path_buf);
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |one, other| shared(one, &other))
}

/// Writes a month's files into a folder; gives back its manifest with their hashes, and how much of
/// what readers outside get stays as it was.
pub(super) fn write(
    books: Books,
    case_data: &CaseData,
    (manifest, inputs): (&Manifest, &Inputs),
    months: &Months,
    (folder, arguments): (&Path, &Arguments),
) -> Result<(Manifest, Kept), Failure> {
    let book = books.inside;
    let mut made = Made { folder, manifest: manifest.clone() };
    let report = {
        let _sign_of_life = progress::spinner("measuring");
        let report = book.report(case_data, arguments.data.threads.number)?;
        let plans = plans::of_columns(book.program(), book.columns(), books.sources, case_data)?;
        Report { plans, ..report }
    };
    for (format, name) in PAGES {
        made.format(format, name, &report)?;
    }
    made.results(&report)?;
    let said = data::summary(&case_data.loaded, book.program());
    made.file(DATA_REPORT, |out| out.write_all(said.as_bytes()))?;
    made.file(CATALOGUE, |out| out.write_all(catalogue(book).as_bytes()))?;
    let compared = manifest.before.as_ref().map(|before| Compared::of(months, before, folder)).transpose()?;
    if let Some(compared) = &compared {
        let said = compared.changes(book, case_data)?;
        made.file(CHANGES, |out| out.write_all(said.as_bytes()))?;
    }
    if let Some(level) = &manifest.books {
        let level = entities::levels(book.program(), Some(level))?.first().copied().unwrap_or_default();
        let before = compared.as_ref().map(Compared::before);
        for (name, bytes) in super::super::book::of_level(&report.judged, level, before.as_ref(), &report.plans)? {
            made.file(&format!("{BOOKS}{name}"), |out| out.write_all(&bytes))?;
        }
    }
    drop(report);
    let stays = match books.outside {
        Some(outside) => outside::write(&mut made, outside, case_data, months, arguments.data.threads.number)?,
        None => Kept::default(),
    };
    for file in &inputs.definitions {
        made.copy(DEFINITIONS, file)?;
    }
    for file in inputs.data.iter().filter(|_| arguments.keep_data) {
        made.copy(DATA, file)?;
    }
    Ok((made.manifest, stays))
}

/// The pages of `describe` of all measures.
fn catalogue(book: &Book) -> String {
    let program = book.program();
    let of: Vec<&Indicator> = book.indicators().iter().filter_map(|number| program.indicators.get(*number)).collect();
    let pages: Vec<String> = describe::book(program, &of).iter().map(Page::markdown).collect();
    visible::lines(&pages.join("\n")).into_owned()
}

/// The files that were made so far.
pub(super) struct Made<'a> {
    folder: &'a Path,
    pub(super) manifest: Manifest,
}

impl Made<'_> {
    pub(super) fn file(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let path = self.folder.join(name);
        let filled = || {
            folders_within(self.folder, Path::new(name))?;
            let mut out = BufWriter::new(File::create(&path)?);
            fill(&mut out)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            inputs::hash(&path)
        };
        let hash =
            filled().map_err(|e| Failure::usage(format!("`{name}` cannot be written: {}", output::reason(&e))))?;
        self.manifest.files.insert(name.to_owned(), hash);
        Ok(())
    }

    pub(super) fn format(&mut self, format: &str, name: &str, report: &Report) -> Result<(), Failure> {
        let format = report::find(format).ok_or_else(|| Failure::internal(format!("no format `{format}`")))?;
        self.file(name, |out| format.write(report, out))
    }

    fn results(&mut self, report: &Report) -> Result<(), Failure> {
        let format = report::find("csv").ok_or_else(|| Failure::internal("no format `csv`"))?;
        self.file(RESULTS, |out| {
            // Neither a name nor a time stands in it: the same rows are the same bytes.
            let mut packed = GzEncoder::new(out, Compression::default());
            format.write(report, &mut packed)?;
            packed.finish().map(drop)
        })
    }

    /// A copy of what was read; another file in its place would be another month.
    fn copy(&mut self, folder: &str, file: &Input) -> Result<(), Failure> {
        let name = format!("{folder}/{}", file.name);
        self.file(&name, |out| io::copy(&mut inputs::open(&file.path)?, out).map(drop))?;
        if self.manifest.files.get(&name) == Some(&file.hash) {
            return Ok(());
        }
        Err(Failure::data(format!("`{}` was changed while the month was made", file.path.display()))
            .help("make it again"))
    }
}

/// What was published, and what is published now.
struct Compared {
    /// The as-of day of the month before.
    as_of: NaiveDate,
    names: Names,
    now: Published,
    moved: Moved,
}

impl Compared {
    fn of(months: &Months, before: &Before, folder: &Path) -> Result<Self, Failure> {
        let mut names = Names::default();
        let mut read = |path: PathBuf| {
            let file = inputs::open(&path).map_err(|e| refuse(&path, &e))?;
            Published::read(GzDecoder::new(BufReader::new(file)), &mut names)
                .map_err(|why| Failure::data(format!("`{}` cannot be read: {why}", path.display())))
        };
        let (old, now) = (read(months.path(&before.month).join(RESULTS))?, read(folder.join(RESULTS))?);
        let as_of = months.manifest(&before.month)?.and_then(|of| of.as_of.parse::<NaiveDate>().ok());
        let as_of =
            as_of.ok_or_else(|| Failure::data(format!("the manifest of `{}` has no as-of day", before.month)))?;
        let moved = Moved::between(&old, &now, &names);
        Ok(Self { as_of, names, now, moved })
    }

    /// The same for the books.
    fn before(&self) -> scorecard::book::Before<'_> {
        scorecard::book::Before { as_of: self.as_of, names: &self.names, moved: &self.moved }
    }

    /// What moved, as Markdown.
    fn changes(&self, book: &Book, case_data: &CaseData) -> Result<String, Failure> {
        let Self { as_of, names, now, moved } = self;
        let said = Said::of(book.program());
        let as_of = [*as_of, case_data.as_of()];
        let of = Changes { organization: case_data.name(), as_of, names, now, moved, said: &said };
        changes::markdown(&of).map_err(|e| Failure::internal(e.to_string()))
    }
}
