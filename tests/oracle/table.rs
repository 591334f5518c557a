//! Tables as vectors of rows, read from the text of their files, without the rows whose identity or
//! place is broken. Any other value that breaks the model is read as missing.

use super::cell::{Cell, Value};
use super::cut::cut;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};
use yardstick::model::{Column, ColumnId, ColumnType, Known, Model, Spans, Table, TableId};

/// A file as it stands: names of columns, and rows of text; empty is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Raw {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// One sound row, a cell for each column of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Its key's text; empty in a table without a key.
    pub(crate) id: String,
    pub(crate) cells: Vec<Cell>,
    /// Where it stands in its file.
    pub(crate) line: usize,
}

/// A row whose identity or place is broken, without what is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Went {
    pub(crate) row: Row,
    /// Whether an end that is missing is still to come.
    pub(crate) ends_known: bool,
}

/// All tables, each in the order of its keys; without a key, in the order of [`told`].
pub(crate) struct World {
    pub(crate) model: Model,
    tables: Vec<Vec<Row>>,
    /// The rows of each table that went. A row that is there once more is none of them.
    went: Vec<Vec<Went>>,
    /// For each link column and row of its target: the rows that link there.
    linked: BTreeMap<(TableId, ColumnId), Vec<Vec<usize>>>,
    /// How many rows of each table were set aside.
    pub(crate) aside: Vec<usize>,
}

/// What is told of a row from the start, missing values first, and then day by day; the end of it
/// is after all days.
type Told = (Vec<Cell>, Vec<(bool, Option<NaiveDateTime>, usize, Vec<Cell>)>);

fn told(table: &Table, row: &Row) -> Told {
    let comes = |id: ColumnId| table.fed && table.begins != Some(id) && table.column(id).known == Known::OwnDay;
    let tells = |id: ColumnId| table.fed && table.columns().any(|(_, column)| column.known == Known::With(id));
    let day_of = |id: ColumnId| match table.column(id).known {
        Known::With(day) if table.fed => Some(day),
        Known::OwnDay | Known::With(_) | Known::WithRow => None,
    };
    let cell = |id: ColumnId| row.cells[id.0 as usize].clone();
    let ids = || table.columns().map(|(id, _)| id);
    let mut known: Vec<Cell> = ids().filter(|id| day_of(*id).is_none() && !comes(*id)).map(cell).collect();
    // What is there without its day is known.
    let without_day = |id: &ColumnId| day_of(*id).is_some_and(|day| cell(day).is_none());
    known.extend(ids().filter(|id| day_of(*id).is_some()).map(|id| cell(id).filter(|_| without_day(&id))));
    let mut days = Vec::new();
    for id in ids().filter(|id| comes(*id) || tells(*id)) {
        let at = match cell(id) {
            Some(Value::Date(day)) => Some(day.and_time(NaiveTime::MIN)),
            Some(Value::Time(time)) => Some(time),
            _ => None,
        };
        let with_it = ids().filter(|other| day_of(*other) == Some(id));
        days.push((
            at.is_none(),
            at,
            id.0 as usize,
            if at.is_some() { with_it.map(cell).collect() } else { Vec::new() },
        ));
    }
    days.sort();
    (known, days)
}

impl World {
    /// The files as they were at the end of `last`.
    pub(crate) fn read(model: &Model, files: &BTreeMap<TableId, Raw>, last: NaiveDate) -> Self {
        let (files, lines) = cut(model, files, last);
        let mut world = Self::read_all(model, &files);
        for (id, table) in world.tables.iter_mut().enumerate() {
            let lines = lines.get(&TableId(id as u16));
            let went = world.went[id].iter_mut().map(|went| &mut went.row);
            table.iter_mut().chain(went).for_each(|row| row.line = lines.unwrap()[row.line]);
        }
        world
    }

    fn read_all(model: &Model, files: &BTreeMap<TableId, Raw>) -> Self {
        let empty = Raw::default();
        let read = model.tables().map(|(id, table)| sound(model, table, files.get(&id).unwrap_or(&empty)));
        let (mut tables, mut went): (Vec<Vec<Row>>, Vec<Vec<Went>>) = read.unzip();
        set_links_to_nothing_aside(model, &mut tables, &mut went);
        let all = model.tables().map(|(id, _)| files.get(&id).map_or(0, |raw| raw.rows.len()));
        let aside = all.zip(&tables).map(|(all, sound)| all - sound.len()).collect();
        forget_ids_of_nobody(model, &mut tables, &mut went);
        for ((_, table), rows) in model.tables().zip(&mut tables) {
            rows.sort_by_cached_key(|row| (row.id.clone(), told(table, row)));
        }
        let linked = links_by_row_number(model, &mut tables, &mut went);
        Self { model: model.clone(), tables, went, linked, aside }
    }

    /// The rows that went.
    pub(crate) fn went(&self, table: TableId) -> &[Went] {
        &self.went[table.0 as usize]
    }

    /// A row by its number: those that went are numbered on from the others.
    pub(crate) fn row(&self, table: TableId, number: usize) -> &Row {
        self.gone(table, number).map_or_else(|| &self.rows(table)[number], |went| &went.row)
    }

    /// A row that went by its number; nothing when it is in use.
    pub(crate) fn gone(&self, table: TableId, number: usize) -> Option<&Went> {
        number.checked_sub(self.rows(table).len()).map(|place| &self.went(table)[place])
    }

    /// The files were made of some lines of others: rows stand where they stood there.
    pub(crate) fn renumber(&mut self, lines: &BTreeMap<TableId, Vec<usize>>) {
        for (id, lines) in lines {
            self.tables[id.0 as usize].iter_mut().for_each(|row| row.line = lines[row.line]);
        }
    }

    pub(crate) fn rows(&self, table: TableId) -> &[Row] {
        &self.tables[table.0 as usize]
    }

    /// The days that stand in a column.
    pub(crate) fn days(&self, (table, column): (TableId, ColumnId)) -> Vec<NaiveDate> {
        let cells = self.rows(table).iter().map(|row| row.cells[column.0 as usize].clone());
        cells
            .flatten()
            .map(|cell| if let Value::Date(day) = cell { day } else { panic!("{cell:?} is no day") })
            .collect()
    }

    /// The rows of `table` whose link `via` leads to `owner`.
    pub(crate) fn linked(&self, table: TableId, via: ColumnId, owner: usize) -> &[usize] {
        self.linked[&(table, via)].get(owner).map_or(&[], Vec::as_slice)
    }

    /// The row that plain links lead to.
    pub(crate) fn follow(&self, table: TableId, row: usize, links: &[ColumnId]) -> Option<(TableId, usize)> {
        let Some((first, rest)) = links.split_first() else { return Some((table, row)) };
        let ColumnType::Link(target) = &self.model.table(table).column(*first).ty else { panic!("not a link") };
        match &self.row(table, row).cells[first.0 as usize] {
            Some(Value::Row(next)) => self.follow(*target, *next, rest),
            None => None,
            Some(other) => panic!("a link holds {other:?}"),
        }
    }

    /// The target of a dated link on a day: of the stays open that day the one that began last,
    /// ties by the smallest id.
    pub(crate) fn held_by(&self, table: TableId, row: usize, link: usize, on: NaiveDate) -> Option<usize> {
        let dated = &self.model.table(table).dated[link];
        let spans = self.model.table(dated.through).spans.unwrap();
        let mut holder: Option<(NaiveDate, Option<usize>)> = None;
        for stay in self.linked(dated.through, dated.owner, row) {
            let cells = &self.rows(dated.through)[*stay].cells;
            let Some(Value::Date(from)) = cells[spans.from.0 as usize] else { continue };
            let open = match cells[spans.until.0 as usize] {
                Some(Value::Date(until)) => from <= on && on < until,
                None => from <= on,
                _ => panic!("the end of a stay is no day"),
            };
            let target = match cells[dated.value.0 as usize] {
                Some(Value::Row(target)) => Some(target),
                _ => None,
            };
            // A stay without a target goes after those with one.
            let smaller = |held: Option<usize>| target.is_some() && held.is_none_or(|held| target < Some(held));
            if open && holder.is_none_or(|(began, held)| from > began || (from == began && smaller(held))) {
                holder = Some((from, target));
            }
        }
        holder?.1
    }
}

/// The rows that are sound in themselves, and share no key with another such row; and the others.
/// Links still hold the id they name.
fn sound(model: &Model, table: &Table, raw: &Raw) -> (Vec<Row>, Vec<Went>) {
    let (mut rows, mut went): (Vec<Row>, Vec<Went>) = (Vec::new(), Vec::new());
    let mut distinct: BTreeSet<(Vec<Cell>, Vec<Option<String>>)> = BTreeSet::new();
    for (line, text) in raw.rows.iter().enumerate() {
        let Read { cells, broken, ends_known } = cells(model, table, raw, text);
        let id = match table.key.map(|key| &cells[key.0 as usize]) {
            Some(Some(Value::Text(id))) => id.clone(),
            _ => String::new(),
        };
        // Where rows are to be distinct, one that says the same as an earlier one is no other row.
        // What cannot be read says what is written.
        let unread = table.columns.iter().zip(&cells).map(|(column, cell)| {
            let text = &text[place(raw, &column.file_name)];
            let says_nothing =
                text.is_empty() || model.missing_words.contains(text) || parse(&column.ty, text).is_some();
            (cell.is_none() && !says_nothing).then(|| text.clone())
        });
        if table.distinct && !broken && !distinct.insert((cells.clone(), unread.collect())) {
            continue;
        }
        let row = Row { id, cells, line };
        if broken { went.push(Went { row, ends_known }) } else { rows.push(row) }
    }
    if table.key.is_none() {
        return (rows, went);
    }
    // Of rows alike in every column, ids included, one stays; of those that differ none does.
    let mut by_id: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    rows.into_iter().for_each(|row| by_id.entry(row.id.clone()).or_default().push(row));
    let mut sound = Vec::new();
    for rows in by_id.into_values() {
        if rows.iter().all(|row| row.cells == rows[0].cells) {
            sound.extend(rows.into_iter().take(1));
        } else {
            went.extend(rows.into_iter().map(|row| Went { row, ends_known: true }));
        }
    }
    (sound, went)
}

/// Whether a row cannot do without a sound value here: its own id, a link that has no `?`, the day
/// it begins, both days of a stay, and a day whose absence says that it is still to come.
pub(crate) fn bears_the_row(table: &Table, number: usize) -> bool {
    let column = &table.columns[number];
    let of_stay = |spans: &Spans| [spans.from, spans.until].contains(&ColumnId(number as u16));
    match column.ty {
        ColumnType::Key => true,
        ColumnType::Link(_) => !column.optional,
        _ => {
            column.not_yet || table.begins == Some(ColumnId(number as u16)) || table.spans.as_ref().is_some_and(of_stay)
        }
    }
}

/// Whether a missing value here has not come yet.
pub(crate) fn is_open_end(table: &Table, number: usize) -> bool {
    let ends = table.spans.as_ref().is_some_and(|spans| spans.until == ColumnId(number as u16));
    table.columns[number].optional && (ends || table.columns[number].not_yet)
}

/// A row as it is read.
struct Read {
    cells: Vec<Cell>,
    broken: bool,
    ends_known: bool,
}

fn cells(model: &Model, table: &Table, raw: &Raw, row: &[String]) -> Read {
    let (mut cells, mut broken, mut ends_known) = (Vec::new(), false, true);
    for (number, column) in table.columns.iter().enumerate() {
        let bears = bears_the_row(table, number);
        let cell = match row[place(raw, &column.file_name)].as_str() {
            "" => None,
            text if model.missing_words.iter().any(|word| word == text) => None,
            text => {
                let cell = parse(&column.ty, &letters(column, text));
                broken |= cell.is_none() && bears;
                ends_known &= cell.is_some() || !is_open_end(table, number);
                cell
            }
        };
        let cell = cell.filter(|c| match c {
            Value::Date(day) => !model.missing_dates.contains(day),
            Value::Time(time) => !model.missing_dates.contains(&time.date()),
            _ => true,
        });
        broken |= cell.is_none() && !column.optional && bears;
        cells.push(cell);
    }
    if let Some(spans) = table.spans
        && let (Some(from), Some(until)) = (&cells[spans.from.0 as usize], &cells[spans.until.0 as usize])
        && until.order(from).is_lt()
    {
        // Either of the two may be wrong.
        (broken, ends_known) = (true, false);
        (cells[spans.from.0 as usize], cells[spans.until.0 as usize]) = (None, None);
    }
    Read { cells, broken, ends_known }
}

/// A text as its column has it: in small letters, where capitals mean the same.
fn letters(column: &Column, text: &str) -> String {
    let is_text = matches!(column.ty, ColumnType::Text | ColumnType::Link(_));
    if column.read_as.ignoring_case && is_text { text.to_lowercase() } else { text.to_owned() }
}

/// The value of a text; `None` for a word that is not in the list and a day that does not exist.
fn parse(ty: &ColumnType, text: &str) -> Option<Value> {
    Some(match ty {
        ColumnType::Key | ColumnType::Link(_) | ColumnType::Text => Value::Text(text.to_owned()),
        ColumnType::Bool => Value::Bool(text.parse().unwrap()),
        ColumnType::Int => Value::Int(text.parse().unwrap()),
        ColumnType::Date => Value::Date(text.parse().ok()?),
        ColumnType::Timestamp => Value::Time(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").unwrap()),
        ColumnType::Codes(words) => Value::Code(words.iter().position(|w| w == text)? as u16),
    })
}

fn place(raw: &Raw, name: &str) -> usize {
    raw.header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"))
}

/// Sets aside rows that must lead to a row that is not there, again and again, since that may take
/// others with it.
fn set_links_to_nothing_aside(model: &Model, tables: &mut [Vec<Row>], went: &mut [Vec<Went>]) {
    loop {
        let ids: Vec<BTreeSet<String>> = tables.iter().map(|t| t.iter().map(|r| r.id.clone()).collect()).collect();
        let before: usize = tables.iter().map(Vec::len).sum();
        for ((table, rows), went) in model.tables.iter().zip(tables.iter_mut()).zip(went.iter_mut()) {
            let leads_somewhere = |row: &Row| {
                let must = table.columns.iter().zip(&row.cells).filter(|(column, _)| !column.optional);
                must.into_iter().all(|(column, cell)| match (&column.ty, cell) {
                    (ColumnType::Link(target), Some(Value::Text(id))) => ids[target.0 as usize].contains(id),
                    _ => true,
                })
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
    let ids: Vec<BTreeSet<String>> = tables.iter().map(|t| t.iter().map(|r| r.id.clone()).collect()).collect();
    for ((table, rows), went) in model.tables.iter().zip(tables).zip(went) {
        let all = rows.iter_mut().chain(went.iter_mut().map(|went| &mut went.row));
        for (column, cell) in all.flat_map(|row| table.columns.iter().zip(&mut row.cells)) {
            let Some(target) = column.target() else { continue };
            cell.take_if(|id| !matches!(id, Value::Text(id) if ids[target.0 as usize].contains(id)));
        }
    }
}

/// Puts the row's number where a link names its id, and collects who links where. The id of a row
/// that is not there names nobody.
fn links_by_row_number(
    model: &Model,
    tables: &mut [Vec<Row>],
    went: &mut [Vec<Went>],
) -> BTreeMap<(TableId, ColumnId), Vec<Vec<usize>>> {
    let numbers: Vec<BTreeMap<String, usize>> =
        tables.iter().map(|t| t.iter().enumerate().map(|(n, row)| (row.id.clone(), n)).collect()).collect();
    let mut linked = BTreeMap::new();
    for (id, table) in model.tables() {
        for (column, declared) in table.columns() {
            let ColumnType::Link(target) = &declared.ty else { continue };
            let mut rows = vec![Vec::new(); tables[target.0 as usize].len()];
            for (n, row) in tables[id.0 as usize].iter_mut().enumerate() {
                if let Some(Value::Text(name)) = &row.cells[column.0 as usize] {
                    let to = numbers[target.0 as usize].get(name).copied();
                    to.into_iter().for_each(|to| rows[to].push(n));
                    row.cells[column.0 as usize] = to.map(Value::Row);
                }
            }
            for Went { row, .. } in &mut went[id.0 as usize] {
                if let Some(Value::Text(name)) = &row.cells[column.0 as usize] {
                    row.cells[column.0 as usize] = numbers[target.0 as usize].get(name).copied().map(Value::Row);
                }
            }
            linked.insert((id, column), rows);
        }
    }
    linked
}
