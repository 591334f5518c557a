//! `yardstick refresh`: the month's results as a folder of its own, beside those of the months
//! before, what moved since, and what readers outside get.

mod contents;
mod manifest;
mod months;
mod outside;
mod verify;

use super::case_data::{self, CaseData};
use super::failure::{Done, Exit, Failure};
use super::output;
use super::scorecard::Book;
use super::{definitions, entities, extract};
use crate::inputs;
use crate::scorecard::as_published::Kept;
use crate::scorecard::{Names, Published, Reason, words};
use crate::source::Sources;
use chrono::{Datelike, NaiveDate};
use contents::Inputs;
use flate2::read::GzDecoder;
use manifest::Manifest;
use months::Months;
use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Make the month's page, workbook and result rows in a folder of its own, and say what moved
/// since the month before
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick refresh --data extract --to published --books branch\n  yardstick refresh --to published --verify 2026-10"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    #[command(flatten)]
    data: case_data::Arguments,
    /// The folder that holds a folder for each month; made when it is not there
    #[arg(short = 'o', long, visible_alias = "output", value_name = "DIR", default_value = "published")]
    to: PathBuf,
    /// Go on though a table that is read has no rows, or gets none any more
    #[arg(id = "allow", long = "allow-no-rows", alias = "allow")]
    allow: bool,
    /// Make a month anew that was made from other data or definitions; the folder there was is kept
    /// beside it
    #[arg(long)]
    replace: bool,
    /// Make the data book of each entity of this level, too, as pages without lists of cases
    #[arg(long, value_name = "LEVEL")]
    books: Option<String>,
    /// Keep a copy of the case data in the month's folder, so that the month can be made again
    /// from that folder alone
    #[arg(long)]
    keep_data: bool,
    /// Make this month (`2026-10`) again from the definitions kept in its folder, and compare
    /// every file; nothing is written
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["indicators", "paths", "allow", "replace", "books", "keep_data"])]
    verify: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    if let Some(month) = &arguments.verify {
        return verify::run(arguments, month);
    }
    let (sources, program) = definitions::load(&arguments.definitions.paths())?.sound()?;
    let outside = Book::outside(program.clone())?;
    let book = Book::inside(program)?;
    entities::levels(book.program(), arguments.books.as_deref())?;
    let months = Months::open(&arguments.to)?;
    extract::no_database(&case_data::folder(arguments.data.data.as_deref(), "--data DIR")?)?;
    let case_data = book.load(outside.as_ref(), &arguments.data)?;
    let month = month(case_data.as_of())?;
    let made_of = Books { inside: &book, outside: outside.as_ref(), sources: &sources };
    let allowed = arrived(made_of, &case_data, arguments.allow)?;
    let inputs = Inputs::of(&sources, &arguments.data)?;
    let before = months.before(&month)?;
    let books = arguments.books.clone();
    let there = months.manifest(&month)?;
    let published_before = match &there {
        // What came after it is no reason to make it anew.
        Some(there) if !arguments.replace => there.published_before.clone(),
        Some(_) | None => months.publications()?,
    };
    let published_before = if outside.is_some() { published_before } else { BTreeMap::new() };
    let of = (month.clone(), before, allowed);
    let manifest = Manifest { books, published_before, ..Manifest::of(made_of, &case_data, &inputs, of) };
    if let Some(there) = there {
        let differences = there.differences(&manifest);
        if differences.is_empty() {
            months.is_whole(&there)?;
            output::say(&format!(
                "{} is as these data and definitions make it: nothing to do\n",
                months.path(&month).display()
            ))?;
            return Ok(Exit::Fine);
        }
        if !arguments.replace {
            return Err(Failure::usage(format!(
                "`{month}` was made already, from something else: {}",
                differences.join("; ")
            ))
            .help("`--replace` makes it anew, and keeps the folder there is beside it"));
        }
    }
    let draft = months.begin(&month)?;
    let (made, stays) = contents::write(made_of, &case_data, (&manifest, &inputs), &months, (draft.path(), arguments))?;
    let kept = months.put(&draft, &month, &made)?;
    output::say(&done(&months, &made, stays, kept))?;
    Ok(Exit::Fine)
}

/// The month that ends on the as-of day.
fn month(as_of: NaiveDate) -> Result<String, Failure> {
    if as_of.succ_opt().is_some_and(|next| next.month() == as_of.month()) {
        let last = as_of.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(as_of);
        return Err(Failure::usage(format!(
            "the data is complete through {}, which is no end of a month",
            words::day(as_of)
        ))
        .help(format!("for the month before, say `--as-of {last}`")));
    }
    Ok(as_of.format("%Y-%m").to_string())
}

/// What a month is made of: the scorecards for those inside, and those for readers outside.
#[derive(Clone, Copy)]
struct Books<'a> {
    inside: &'a Book,
    outside: Option<&'a Book>,
    /// The texts of the definitions, to say where a plan is wrong.
    sources: &'a Sources,
}

impl<'a> Books<'a> {
    fn each(self) -> impl Iterator<Item = &'a Book> {
        std::iter::once(self.inside).chain(self.outside)
    }
}

/// What was allowed: the tables that are read and into which no rows come, or of which months are
/// not there that the latest windows reach into. A month with such a table is not made unless
/// somebody says so.
fn arrived(books: Books, case_data: &CaseData, allow: bool) -> Result<Vec<String>, Failure> {
    let bad = books.each().flat_map(|book| case_data.bad(book.program(), book.indicators()));
    let missing = bad.filter(|(_, why)| matches!(why, Reason::Still { .. } | Reason::Empty { .. }));
    let lost = books.each().flat_map(|book| case_data.lost(book.program(), book.indicators()));
    let mut said: Vec<String> =
        missing.map(|(_, why)| why.to_string()).chain(lost.map(|why| why.to_string())).collect();
    said.sort();
    said.dedup();
    if said.is_empty() || allow {
        return Ok(said);
    }
    Err(Failure::data(format!("data is missing: {}", said.join("; ")))
        .help("wait until it has come; or `--allow-no-rows` makes the month without the numbers that read it"))
}

/// What a month's folder published, and the as-of day of that month.
pub(super) fn published(folder: &Path, names: &mut Names) -> Result<(NaiveDate, Published), Failure> {
    let whole = fs::canonicalize(folder).map_err(|e| months::refuse(folder, &e))?;
    let month = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let refuse = || {
        Failure::usage(format!("`{}` is no month's folder of `refresh`", folder.display()))
            .help("name a folder such as `published/2026-10`")
    };
    let (true, Some(parent)) = (months::is_month(&month), whole.parent()) else { return Err(refuse()) };
    let months = Months::look(parent);
    let manifest = months.manifest(&month)?.filter(|of| of.month == month).ok_or_else(refuse)?;
    months.is_whole(&manifest)?;
    let as_of = manifest.as_of.parse::<NaiveDate>().map_err(|_| refuse())?;
    let path = whole.join(contents::RESULTS);
    let file = inputs::open(&path).map_err(|e| months::refuse(&path, &e))?;
    let published = Published::read(GzDecoder::new(BufReader::new(file)), names)
        .map_err(|why| Failure::data(format!("`{}` cannot be read: {why}", path.display())))?;
    Ok((as_of, published))
}

/// What was made, in words.
fn done(months: &Months, made: &Manifest, stays: Kept, kept: Option<PathBuf>) -> String {
    let mut said = format!("{}\n", months.path(&made.month).display());
    for name in made.files.keys().filter(|name| !name.contains('/')) {
        said += &format!("  {name}\n");
    }
    let books = made.files.keys().filter(|name| name.starts_with(contents::BOOKS)).count();
    if let Some(level) = &made.books {
        said += &format!("  {} ({books} of {level})\n", contents::BOOKS);
    }
    let outside = made.files.keys().filter(|name| name.starts_with(outside::FOLDER)).count();
    if outside > 0 {
        said += &format!("  {} ({outside} files, for readers outside{})\n", outside::FOLDER, outside::stays(stays));
    }
    if let Some(kept) = kept {
        said += &format!("the folder there was is {} now\n", kept.display());
    }
    match &made.before {
        Some(before) => said += &format!("what moved since {} is in {}\n", before.month, contents::CHANGES),
        None => said += "there is no month before it to compare it with\n",
    }
    said
}
