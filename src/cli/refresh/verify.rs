//! A month made again from what its folder keeps, and every file compared.

use super::super::failure::{Done, Exit, Failure};
use super::super::scorecard::Book;
use super::super::{definitions, failure, output};
use super::contents::{self, DATA, DEFINITIONS, Inputs};
use super::manifest::Manifest;
use super::months::{Months, is_month, refuse};
use super::{Arguments, Books, arrived};
use crate::atomic_output::{BEGINS, ENDS, UNFINISHED};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// Makes a month again, and says which files differ.
pub(super) fn run(arguments: &Arguments, month: &str) -> Done {
    let months = Months::look(&arguments.to);
    let none = || {
        Failure::usage(format!("there is no month `{month}` in `{}`", arguments.to.display()))
            .help("a month is written like 2026-10")
    };
    let there = if is_month(month) { months.manifest(month)? } else { None };
    let there = there.ok_or_else(none)?;
    months.is_whole(&there)?;
    let place = months.path(month);
    let (sources, program) = definitions::load(&[place.join(DEFINITIONS)])?.sound()?;
    let outside = Book::outside(program.clone())?;
    let book = Book::inside(program)?;
    let books = Books { inside: &book, outside: outside.as_ref(), sources: &sources };
    let kept = place.join(DATA);
    let has_data = there.files.keys().any(|name| name.starts_with("data/"));
    let as_of =
        there.as_of.parse().map_err(|_| Failure::usage(format!("the manifest of `{month}` has no as-of day")))?;
    let mut data = arguments.data.clone();
    data.as_of = Some(as_of);
    if has_data {
        data.data = Some(kept);
    }
    let case_data = book.load(outside.as_ref(), &data)?;
    let allowed = arrived(books, &case_data, true)?;
    let inputs = Inputs::of(&sources, &data)?;
    let of = (month.to_owned(), there.before.clone(), allowed);
    let (asked, published_before) = (there.books.clone(), there.published_before.clone());
    let manifest = Manifest { books: asked, published_before, ..Manifest::of(books, &case_data, &inputs, of) };
    let differences: Vec<String> = there.differences(&manifest);
    if manifest.data != there.data {
        return Err(Failure::data(format!("the month cannot be made again: {}", differences.join("; "))).help(
            "name the data it was made from with `--data`; `refresh --keep-data` keeps it in the month's folder",
        ));
    }
    for said in &differences {
        failure::warn(said, None);
    }
    let make = || tempfile::Builder::new().prefix(BEGINS).suffix(ENDS).tempdir();
    let draft = UNFINISHED.begin(make, TempDir::path).map_err(|e| refuse(&place, &e))?;
    let asked = Arguments { keep_data: has_data, data, ..arguments.clone() };
    let (made, _) = contents::write(books, &case_data, (&manifest, &inputs), &months, (draft.path(), &asked))?;
    let path = draft.path().to_path_buf();
    UNFINISHED.finish(&path, || draft.close()).map_err(|e| refuse(&path, &e))?;
    compare(&there.files, &made.files, month)
}

fn compare(there: &BTreeMap<String, String>, made: &BTreeMap<String, String>, month: &str) -> Done {
    let names = there.keys().chain(made.keys().filter(|name| !there.contains_key(*name)));
    let others: Vec<&str> = names.filter(|name| there.get(*name) != made.get(*name)).map(String::as_str).collect();
    if others.is_empty() {
        output::say(&format!("{month}: {} files, each made again with the same bytes\n", there.len()))?;
        return Ok(Exit::Fine);
    }
    Err(Failure::data(format!("`{month}` made again is not the same: {}", others.join(", ")))
        .help("the program, the definitions or the data are not those it was made with"))
}
