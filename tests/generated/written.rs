//! Generated worlds as files, written as their model says that files are.

use super::world::{Files, csv};
use crate::oracle::Raw;
use std::path::Path;
use yardstick::model::{Column, ColumnType, Model, Table, parts_of};

/// Writes the files, as the model says that they are written, and the county's settings.
pub(crate) fn write(model: &Model, files: &Files, dir: &Path) {
    for (id, raw) in &files.tables {
        let table = model.table(*id);
        std::fs::write(dir.join(format!("{}.csv", table.file)), csv(&as_written(model, table, raw))).unwrap();
    }
    std::fs::write(dir.join("dataset.toml"), format!("name = \"generated\"\nas_of = {}\n", files.as_of)).unwrap();
}

/// A file as others write it: days in forms, texts with blanks around them and in capitals, where
/// the model says that this does not matter. In a table without a key there is a column that nobody
/// reads.
fn as_written(model: &Model, table: &Table, raw: &Raw) -> Raw {
    let mut all = raw.clone();
    for (name, place) in raw.header.iter().zip(0..) {
        let column = table.columns.iter().find(|c| c.file_name == *name).unwrap();
        for (number, row) in all.rows.iter_mut().enumerate() {
            row[place] = cell_as_written(model, column, &row[place], number + place);
        }
    }
    take_ids_apart(model, table, &mut all);
    if model.headers_ignore_case {
        all.header.iter_mut().for_each(|name| *name = name.to_uppercase());
    }
    if table.key.is_none() {
        all.header.push("nobody_reads".to_owned());
        all.rows.iter_mut().for_each(|row| row.push("the same".to_owned()));
    }
    all
}

/// Puts columns in the place of an id that is made of them. One that has not as many parts is
/// repeated, as is a word for nothing, which may have a `/` in it; of one that is missing, a part
/// may be there.
fn take_ids_apart(model: &Model, table: &Table, raw: &mut Raw) {
    for column in table.columns.iter().filter(|column| !column.parts.is_empty()) {
        let place = raw.header.iter().position(|name| *name == column.file_name).unwrap();
        let names = column.file_names().map(str::to_owned);
        raw.header.splice(place..=place, names);
        for (number, row) in raw.rows.iter_mut().enumerate() {
            let is_nothing = model.missing_words.contains(&row[place]);
            let parts = match parts_of(&row[place]) {
                parts if parts.len() == column.parts.len() && !is_nothing => parts,
                _ if row[place].is_empty() && number % 2 == 0 => vec!["1".to_owned(), String::new()],
                _ => vec![row[place].clone(); column.parts.len()],
            };
            row.splice(place..=place, parts);
        }
    }
}

fn cell_as_written(model: &Model, column: &Column, text: &str, number: usize) -> String {
    if text.is_empty() || model.missing_words.iter().any(|word| word == text) {
        return text.to_owned();
    }
    if matches!(column.ty, ColumnType::Date | ColumnType::Timestamp) {
        let form = column.forms.first().map_or("", |form| form.text());
        // Where the file has two forms, some rows are in the other.
        return if column.forms.len() > 1 && number.is_multiple_of(3) {
            text.to_owned()
        } else {
            in_form(form, text, number)
        };
    }
    let mut text = spelled(column, text, number);
    // The ids themselves are shown, in their own letters.
    if column.read_as.ignoring_case && column.ty != ColumnType::Key && !number.is_multiple_of(3) {
        text = text.to_uppercase();
    }
    if column.read_as.whole_number && text.bytes().all(|b| b.is_ascii_digit()) {
        text = format!("{}{text}{}", ["", "0", "00"][number % 3], ["", ".0"][number % 2]);
    }
    match number % 4 {
        1 if column.read_as.trimmed => format!("{text}  "),
        2 if column.read_as.trimmed => format!(" {text}"),
        _ => text,
    }
}

/// A word in one of its spellings; of one that takes whatever is there, also in no spelling at all.
fn spelled(column: &Column, text: &str, number: usize) -> String {
    let place = match &column.ty {
        ColumnType::Codes(words) => words.iter().position(|word| word == text),
        ColumnType::Bool => Some(usize::from(text == "true")),
        _ => None,
    };
    let Some(place) = place.filter(|_| !column.spellings.is_plain()) else { return text.to_owned() };
    let spellings: Vec<&str> = column.spellings.of(place).collect();
    match (spellings.as_slice(), number % 5) {
        ([], n) => format!("other {n}"),
        (_, n) if column.spellings.otherwise() == Some(place) && n > 2 => format!("other {n}"),
        (some, n) => some[n % some.len()].to_owned(),
    }
}

/// A day or time in a form; without one, a midnight may follow a day.
fn in_form(form: &str, text: &str, number: usize) -> String {
    let (day, clock) = text.split_once('T').unwrap_or((text, ""));
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts[..] else { return text.to_owned() };
    let short = |digits: &str| digits.trim_start_matches('0').to_owned();
    match form {
        "dd/mm/yyyy" => format!("{day}/{month}/{year}"),
        "m/d/yyyy" => format!("{}/{}/{year}", short(month), short(day)),
        "ddmonyyyy" => {
            let names = ["jan", "FEB", "Mar", "apr", "MAY", "jun", "jul", "aug", "sep", "Oct", "nov", "DEC"];
            format!("{day}{}{year}", names[month.parse::<usize>().unwrap() - 1])
        }
        "dd.mm.yyyy HH:MM:SS" => format!("{day}.{month}.{year} {clock}"),
        "m/d/yyyy H:MM:SS AM" => {
            let (hour, rest) = clock.split_once(':').unwrap();
            let hour: u32 = hour.parse().unwrap();
            let half = if hour < 12 { "am" } else { "PM" };
            format!("{}/{}/{year} {}:{rest} {half}", short(month), short(day), (hour + 11) % 12 + 1)
        }
        "" if clock.is_empty() && number.is_multiple_of(5) => format!("{text} 00:00:00.000"),
        "" => text.to_owned(),
        other => panic!("no such form is generated: {other}"),
    }
}
