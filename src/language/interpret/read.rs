//! Text to rows. A row whose identity or place is broken is set aside; any other value that breaks
//! the model is read as missing.

use super::cut::cut_filled;
use super::joined::filled;
use super::order::told;
use super::table::{Row, Went, World};
use super::text::{Layout, TextTable};
use crate::calendar::{FIRST_YEAR, LAST_YEAR};
use crate::functions::{Cell, Value};
use crate::model::{Column, ColumnId, ColumnType, Digits, Model, ReadAs, Table, TableId};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

impl<'m> World<'m> {
    /// The tables as they were at the end of `last`. All times are local.
    #[must_use]
    pub fn read(model: &'m Model, files: &BTreeMap<TableId, TextTable>, last: NaiveDate) -> Self {
        let (files, lines) = cut_filled(model, &filled(model, files, last), last);
        let mut world = Self::read_all(model, &files);
        world.renumber(&lines);
        world
    }

    fn read_all(model: &'m Model, files: &BTreeMap<TableId, TextTable>) -> Self {
        let empty = TextTable::default();
        let read = model.tables().map(|(id, table)| match table.words_of {
            Some(of) => (words(model, of), Vec::new()),
            None => sound(model, table, files.get(&id).unwrap_or(&empty)),
        });
        let (mut tables, mut went): (Vec<Vec<Row>>, Vec<Vec<Went>>) = read.unzip();
        set_links_to_nothing_aside(model, &mut tables, &mut went);
        let all = model.tables().zip(&tables).map(|((id, table), rows)| match table.words_of {
            Some(_) => rows.len(),
            None => files.get(&id).map_or(0, |text| text.rows.len()),
        });
        let aside = all.zip(&tables).map(|(all, sound)| all - sound.len()).collect();
        forget_ids_of_nobody(model, &mut tables, &mut went);
        let read = model.tables().zip(&mut tables).filter(|((_, table), _)| table.words_of.is_none());
        for ((_, table), rows) in read {
            rows.sort_by_cached_key(|row| (compared(table, &row.id), told(table, row)));
        }
        let linked = links_by_row_number(model, &mut tables, &mut went);
        let mut world = Self { model, tables, went, linked, aside, holidays: BTreeSet::new() };
        let except = model.business.as_ref().and_then(|business| business.except);
        world.holidays = except.map(|column| world.days(column)).unwrap_or_default();
        world
    }
}

/// A row for each word of a column's list, in the order of the list.
fn words(model: &Model, (table, column): (TableId, ColumnId)) -> Vec<Row> {
    let words = model.table(table).column(column).ty.spelled_words().unwrap_or_default();
    let row = |(line, word): (usize, &str)| {
        let id = word.to_owned();
        Row { cells: vec![Some(Value::Text(id.clone()))], id, line }
    };
    words.into_iter().enumerate().map(row).collect()
}

/// The rows that are sound in themselves, and share no key with another such row; and the others.
/// Links still hold the id they name.
fn sound(model: &Model, table: &Table, text: &TextTable) -> (Vec<Row>, Vec<Went>) {
    let layout = Layout::of(table, text);
    let (mut rows, mut went): (Vec<Row>, Vec<Went>) = (Vec::new(), Vec::new());
    let mut distinct: BTreeSet<(Vec<Cell>, Vec<Option<String>>)> = BTreeSet::new();
    for (line, texts) in text.rows.iter().enumerate() {
        let Read { cells, broken, ends_known } = cells(model, &layout, texts);
        // A table whose rows are distinct has the first of several that say the same.
        if table.distinct && !broken && !distinct.insert((cells.clone(), unreadable(model, &layout, texts, &cells))) {
            continue;
        }
        let id = match table.key.map(|key| &cells[usize::from(key.0)]) {
            Some(Some(Value::Text(id))) => id.clone(),
            _ => String::new(),
        };
        let row = Row { id, cells, line };
        if broken { went.push(Went { row, ends_known }) } else { rows.push(row) }
    }
    match table.key {
        None => (rows, went),
        Some(key) => (one_of_each_id(table, key, rows, &mut went), went),
    }
}

/// An id of a table in the form in which ids are compared and put in order.
fn compared(table: &Table, id: &str) -> String {
    table.key.map_or_else(String::new, |key| table.column(key).read_as.compared(id).into_owned())
}

/// Whether a text says that its value is missing.
pub(super) fn says_nothing(model: &Model, text: &str) -> bool {
    text.is_empty() || model.missing_words.iter().any(|word| word == text)
}

/// The texts of a row that cannot be read: they say what is written.
fn unreadable(model: &Model, layout: &Layout, texts: &[String], cells: &[Cell]) -> Vec<Option<String>> {
    let unread = |((id, column), cell): ((ColumnId, &Column), &Cell)| {
        let written = layout.cell(id, texts).filter(|_| cell.is_none())?;
        (!says_nothing(model, written) && parse(column, written).is_none()).then(|| written.to_owned())
    };
    layout.table.columns().zip(cells).map(unread).collect()
}

/// Of rows that share an id and are alike in every other column, one stays; of those that differ
/// none does.
fn one_of_each_id(table: &Table, key: ColumnId, rows: Vec<Row>, went: &mut Vec<Went>) -> Vec<Row> {
    let mut by_id: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    rows.into_iter().for_each(|row| by_id.entry(compared(table, &row.id)).or_default().push(row));
    let alike = |a: &Row, b: &Row| {
        table.columns().zip(a.cells.iter().zip(&b.cells)).all(|((id, _), (a, b))| id == key || a == b)
    };
    let mut sound = Vec::new();
    for rows in by_id.into_values() {
        if rows.iter().all(|row| alike(row, &rows[0])) {
            sound.extend(rows.into_iter().take(1));
        } else {
            went.extend(rows.into_iter().map(|row| Went { row, ends_known: true }));
        }
    }
    sound
}

/// A row as it is read.
struct Read {
    cells: Vec<Cell>,
    broken: bool,
    ends_known: bool,
}

fn cells(model: &Model, layout: &Layout, texts: &[String]) -> Read {
    let table = layout.table;
    let mut read = Read { cells: Vec::new(), broken: false, ends_known: true };
    for (id, column) in table.columns() {
        let Some(written) = layout.cell(id, texts) else {
            read.cells.push(None);
            continue;
        };
        let says_nothing = says_nothing(model, written);
        let value = if says_nothing { None } else { parse(column, written) };
        let unreadable = !says_nothing && value.is_none();
        read.ends_known &= !(unreadable && table.has_open_end(id));
        let value = value.filter(|value| !stands_for_missing(model, value));
        let breaks = unreadable || (value.is_none() && !column.optional);
        read.broken |= breaks && table.places(id);
        read.cells.push(value);
    }
    if let Some(spans) = table.spans
        && let (from, until) = (usize::from(spans.from.0), usize::from(spans.until.0))
        && read.cells[from].is_some()
        && read.cells[until].is_some()
        && read.cells[until] < read.cells[from]
    {
        // Either of the two may be wrong.
        (read.broken, read.ends_known) = (true, false);
        (read.cells[from], read.cells[until]) = (None, None);
    }
    read
}

pub(super) fn stands_for_missing(model: &Model, value: &Value) -> bool {
    match value {
        Value::Date(day) => model.missing_dates.contains(day),
        Value::Time(time) => model.missing_dates.contains(&time.date()),
        Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Code(_) | Value::Row(_) => false,
    }
}

/// The value of a text; `None` for a word that is not in the list, a day that does not exist, and
/// whatever else the column cannot hold.
pub(crate) fn parse(column: &Column, text: &str) -> Option<Value> {
    Some(match &column.ty {
        ColumnType::Key => Value::Text(column.read_as.shown(text).to_owned()),
        ColumnType::Link(_) | ColumnType::Text => Value::Text(column.read_as.compared(text).into_owned()),
        ColumnType::Bool => Value::Bool(text.parse().ok()?),
        ColumnType::Int => Value::Int(text.parse().ok()?),
        ColumnType::Decimal(digits) => Value::Int(decimal(text, digits)?),
        ColumnType::Date => Value::Date(day(text)?),
        ColumnType::Timestamp => Value::Time(time(text)?),
        ColumnType::Codes(words) => Value::Code(u16::try_from(column.read_as.place(words, text)?).ok()?),
    })
}

/// `2024-02-29`, and no other form.
fn day(text: &str) -> Option<NaiveDate> {
    let day = of_digits(text)?;
    (FIRST_YEAR..=LAST_YEAR).contains(&day.year()).then_some(day)
}

/// The same of any year from 0 to 9999.
pub(super) fn of_digits(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() });
    let number = |place: std::ops::Range<usize>| text.get(place).filter(|_| shape)?.parse::<u32>().ok();
    NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)
}

/// `2024-02-29 14:30`, with seconds or without, and with a `T` instead of the blank.
fn time(text: &str) -> Option<NaiveDateTime> {
    let day = day(text.get(..10)?)?;
    let clock = text.get(10..)?.strip_prefix([' ', 'T'])?;
    let parts: Vec<u32> =
        clock.split(':').map(|part| part.parse().ok().filter(|_| part.len() == 2)).collect::<Option<_>>()?;
    match parts.as_slice() {
        [hour, minute] => day.and_hms_opt(*hour, *minute, 0),
        [hour, minute, second] => day.and_hms_opt(*hour, *minute, *second),
        [..] => None,
    }
}

/// The rows of a table by their ids, in the form in which one of the links to them is compared.
struct Ids(BTreeMap<String, usize>);

impl Ids {
    fn of(rows: &[Row], read_as: ReadAs) -> Self {
        Self(rows.iter().enumerate().map(|(n, row)| (read_as.compared(&row.id).into_owned(), n)).collect())
    }

    fn row(&self, id: &Cell) -> Option<usize> {
        let Some(Value::Text(id)) = id else { return None };
        self.0.get(id).copied()
    }
}

/// The ids that each link of a table leads to.
fn targets(table: &Table, tables: &[Vec<Row>]) -> Vec<(ColumnId, Ids)> {
    let links = table.columns().filter_map(|(id, column)| Some((id, column, column.target()?)));
    links.map(|(id, column, target)| (id, Ids::of(&tables[usize::from(target.0)], column.read_as))).collect()
}

/// Sets aside rows that must lead to a row that is not there, again and again, since that may take
/// others with it.
fn set_links_to_nothing_aside(model: &Model, tables: &mut [Vec<Row>], went: &mut [Vec<Went>]) {
    loop {
        let before: usize = tables.iter().map(Vec::len).sum();
        let lead: Vec<_> = model.tables.iter().map(|table| targets(table, tables)).collect();
        let each = model.tables.iter().zip(lead).zip(tables.iter_mut().zip(went.iter_mut()));
        for ((table, lead), (rows, went)) in each {
            let leads_somewhere = |row: &Row| {
                let must = lead.iter().filter(|(link, _)| !table.column(*link).optional);
                must.map(|(link, ids)| (&row.cells[usize::from(link.0)], ids))
                    .all(|(cell, ids)| cell.is_none() || ids.row(cell).is_some())
            };
            let lost = rows.iter().filter(|row| !leads_somewhere(row)).cloned();
            went.extend(lost.map(|row| Went { row, ends_known: true }));
            rows.retain(leads_somewhere);
        }
        if tables.iter().map(Vec::len).sum::<usize>() == before {
            return;
        }
    }
}

/// A link to a row that is not there is missing, also where rows without a key are put in order.
fn forget_ids_of_nobody(model: &Model, tables: &mut [Vec<Row>], went: &mut [Vec<Went>]) {
    for (number, table) in model.tables.iter().enumerate() {
        let lead = targets(table, tables);
        let went = went[number].iter_mut().map(|went| &mut went.row);
        for row in tables[number].iter_mut().chain(went) {
            for (link, ids) in &lead {
                let cell = &mut row.cells[usize::from(link.0)];
                if ids.row(cell).is_none() {
                    *cell = None;
                }
            }
        }
    }
}

/// Puts the row's number where a link names its id, and collects who links where.
fn links_by_row_number(
    model: &Model,
    tables: &mut [Vec<Row>],
    went: &mut [Vec<Went>],
) -> BTreeMap<(TableId, ColumnId), Vec<Vec<usize>>> {
    let lead: Vec<_> = model.tables.iter().map(|table| targets(table, tables)).collect();
    let sizes: Vec<usize> = tables.iter().map(Vec::len).collect();
    let mut linked = BTreeMap::new();
    for ((id, table), lead) in model.tables().zip(lead) {
        let number = usize::from(id.0);
        for (link, ids) in lead {
            let place = usize::from(link.0);
            let target = table.column(link).target().map_or(0, |target| sizes[usize::from(target.0)]);
            let mut rows = vec![Vec::new(); target];
            for (n, row) in tables[number].iter_mut().enumerate() {
                let to = ids.row(&row.cells[place]);
                to.into_iter().for_each(|to| rows[to].push(n));
                row.cells[place] = to.map(Value::Row);
            }
            for Went { row, .. } in &mut went[number] {
                row.cells[place] = ids.row(&row.cells[place]).map(Value::Row);
            }
            linked.insert((id, link), rows);
        }
    }
    linked
}

/// A decimal as a whole number: the digits before the point, and as many after it as the column
/// has. Zeros beyond these change nothing.
fn decimal(text: &str, digits: &Digits) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let (sign, whole) = whole.strip_prefix('-').map_or((1, whole), |whole| (-1, whole));
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let after = usize::from(digits.after);
    let kept: String = fraction.chars().chain("0".repeat(after).chars()).take(after).collect();
    let is_exact = fraction.chars().skip(after).all(|c| c == '0');
    let number: i64 = format!("{whole}{kept}").parse().ok()?;
    (is_exact && number.to_string().len() <= usize::from(digits.all)).then_some(sign * number)
}
