//! How the files write values, where the model declares that they do it in a way of their own.

use super::page::Point;
use super::words::{joined, plain};
use crate::ir::{Indicator, reads};
use crate::model::{Column, ColumnType, Model, ReadAs, Table, TableId};
use std::collections::BTreeSet;

/// The notes on the files of the tables that the indicators read; none where the files write as the
/// language does.
pub(super) fn points(model: &Model, indicators: &[&Indicator]) -> Option<Point> {
    let mut said = Vec::new();
    let read: BTreeSet<TableId> =
        indicators.iter().flat_map(|indicator| reads::with_targets(model, indicator)).collect();
    for table in read.into_iter().map(|id| model.table(id)) {
        said.extend(table.columns.iter().flat_map(|column| column_in_files(model, table, column)));
        if table.distinct {
            said.push(format!("Rows of `{}` that are the same in every column of the file count once.", table.name));
        }
    }
    (!said.is_empty()).then(|| Point::over("In the files:", said.into_iter().map(Point::new).collect()))
}

fn column_in_files(model: &Model, table: &Table, column: &Column) -> Vec<String> {
    let name = format!("`{}` of `{}`", column.name, table.name);
    let forms: Vec<String> = column.forms.iter().map(|form| format!("`{}`", form.text())).collect();
    let written = (!forms.is_empty()).then(|| format!("{name} is written as {}.", joined(&forms, "or")));
    // A clause at a key holds for the links to it, too.
    let of_key = column.target().map(|to| model.table(to)).and_then(|to| Some(to.column(to.key?).read_as));
    let own = (of_key != Some(column.read_as)).then_some(column.read_as).filter(|own| !own.is_plain());
    let read_as = own.map(|own| {
        let links = if column.ty == ColumnType::Key { ", and in links to it," } else { "" };
        format!("In {name}{links} {}.", joined(&matters_not(own), "and"))
    });
    let composite = made_of(table, column);
    composite.into_iter().chain(written).chain(read_as).chain(spelled(column, &name)).collect()
}

/// The columns by which rows are told apart, where it takes several.
fn made_of(table: &Table, column: &Column) -> Option<String> {
    let names: Vec<String> = column.parts.iter().map(|part| format!("`{}`", part.file_name)).collect();
    let is_key = column.ty == ColumnType::Key && !names.is_empty();
    is_key.then(|| format!("Rows of `{}` are told apart by {} together.", table.name, joined(&names, "and")))
}

/// What the texts of the files mean, where they are not the words of the list.
fn spelled(column: &Column, name: &str) -> Option<String> {
    let words = column.ty.spelled_words()?;
    let mut said = Vec::new();
    for (place, word) in words.iter().copied().enumerate() {
        let texts: Vec<&str> = column.spellings.of(place).collect();
        if !texts.is_empty() && texts != [word] {
            let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
            let means = if texts.len() == 1 { "means" } else { "mean" };
            said.push(format!("{} {means} {}", joined(&quoted, "and"), plain(word)));
        }
    }
    let otherwise = column.spellings.otherwise().and_then(|place| words.get(place));
    said.extend(otherwise.map(|word| format!("anything else means {}", plain(word))));
    (!said.is_empty()).then(|| format!("In {name}, {}.", joined(&said, "and")))
}

/// `trial_home_visit` as `trial home visit`.
fn matters_not(read_as: ReadAs) -> Vec<String> {
    let said = [
        (read_as.trimmed, "blanks around a text do not count"),
        (read_as.ignoring_case, "capitals count as small letters"),
        (read_as.whole_number, "`001` and `1.0` count as `1`"),
    ];
    said.into_iter().filter(|(is, _)| *is).map(|(_, words)| words.to_owned()).collect()
}
