//! Tables as vectors of rows, and the ways from row to row.

use crate::functions::{Cell, Value};
use crate::model::{ColumnId, ColumnType, Model, Spans, Step, TableId};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// One row, a cell for each column of the model. A link holds the number of the row it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The text of its key; empty in a table without a key.
    pub id: String,
    /// Its cells, in the order of the columns.
    pub cells: Vec<Cell>,
    /// Its place in the text it was read from.
    pub line: usize,
}

/// A row that was set aside because its identity or place is broken: without what is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Went {
    /// What can be read of it.
    pub row: Row,
    /// Whether an end that is missing is still to come.
    pub ends_known: bool,
}

/// A day on which links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// This one.
    Day(NaiveDate),
    /// There is none.
    NoDay,
    /// It is not known which.
    AnyDay,
}

/// The first day of a stay, and its target.
type Began = (NaiveDate, Option<usize>);

/// Whether a stay with this end is over on a day.
pub(super) fn is_over(spans: Spans, until: &Cell, on: NaiveDate) -> bool {
    let over = |day: NaiveDate| if spans.through { day < on } else { day <= on };
    matches!(until, Some(Value::Date(day)) if over(*day))
}

/// The number of the row that a cell leads to. The rows of a table of words are the words, in the
/// order of the list.
pub(super) fn led_to(cell: &Cell) -> Option<usize> {
    match cell {
        Some(Value::Row(row)) => Some(*row),
        Some(Value::Code(word)) => Some(usize::from(*word)),
        _ => None,
    }
}

/// All tables, each in the order of its keys.
#[derive(Debug)]
pub struct World<'m> {
    /// What is declared of them.
    pub model: &'m Model,
    /// How many rows of each table were set aside.
    pub aside: Vec<usize>,
    pub(super) tables: Vec<Vec<Row>>,
    /// The rows of each table that were set aside. A repeated row is none of them.
    pub(super) went: Vec<Vec<Went>>,
    /// For each link column and each row of its target: the rows that link there.
    pub(super) linked: BTreeMap<(TableId, ColumnId), Vec<Vec<usize>>>,
    pub(super) holidays: BTreeSet<NaiveDate>,
}

impl<'m> World<'m> {
    /// A world of tables whose links are row numbers already: of each table the rows in use, in the
    /// order of its keys, and the rows that were set aside. The rows of a table of words are the
    /// words.
    #[must_use]
    pub fn of(model: &'m Model, tables: Vec<Vec<Row>>, went: Vec<Vec<Went>>) -> Self {
        let mut linked = BTreeMap::new();
        for (id, table) in model.tables() {
            for (link, column) in table.columns() {
                let Some(target) = column.target() else { continue };
                let mut rows = vec![Vec::new(); tables[usize::from(target.0)].len()];
                for (number, row) in tables[usize::from(id.0)].iter().enumerate() {
                    let to = led_to(&row.cells[usize::from(link.0)]);
                    if let Some(rows) = to.and_then(|to| rows.get_mut(to)) {
                        rows.push(number);
                    }
                }
                linked.insert((id, link), rows);
            }
        }
        let aside = went.iter().map(Vec::len).collect();
        let mut world = Self { model, aside, tables, went, linked, holidays: BTreeSet::new() };
        let except = model.business.as_ref().and_then(|business| business.except);
        world.holidays = except.map(|column| world.days(column)).unwrap_or_default();
        world
    }

    /// Puts another value into a cell of a row in use, that is no link, and gives what was there:
    /// what would be, had it been otherwise. Business days stay as they were read.
    pub fn put(&mut self, table: TableId, row: usize, column: ColumnId, cell: Cell) -> Cell {
        let row = self.tables[usize::from(table.0)].get_mut(row);
        let cells = row.map(|row| &mut row.cells[usize::from(column.0)]);
        cells.and_then(|place| std::mem::replace(place, cell))
    }

    /// Puts a further row of these cells behind those in use, and gives its number: what would be,
    /// had it been recorded. Holidays, and values that stand in another table, stay as they were
    /// read; nothing leads to the row.
    pub fn add(&mut self, table: TableId, cells: Vec<Cell>) -> usize {
        let number = self.rows(table).len();
        for (link, _) in self.model.table(table).columns().filter(|(_, column)| column.target().is_some()) {
            let to = cells.get(usize::from(link.0)).and_then(led_to);
            let rows = to.and_then(|to| self.linked.get_mut(&(table, link))?.get_mut(to));
            rows.into_iter().for_each(|rows| rows.push(number));
        }
        let row = Row { id: String::new(), cells, line: number };
        self.tables[usize::from(table.0)].push(row);
        number
    }

    /// Takes the last row in use away, to which nothing leads: what [`World::add`] did is undone.
    pub fn take_away(&mut self, table: TableId) {
        let Some(row) = self.tables[usize::from(table.0)].pop() else { return };
        for (link, _) in self.model.table(table).columns().filter(|(_, column)| column.target().is_some()) {
            let to = row.cells.get(usize::from(link.0)).and_then(led_to);
            let rows = to.and_then(|to| self.linked.get_mut(&(table, link))?.get_mut(to));
            rows.and_then(Vec::pop);
        }
    }
}

impl World<'_> {
    /// The rows in use.
    #[must_use]
    pub fn rows(&self, table: TableId) -> &[Row] {
        &self.tables[usize::from(table.0)]
    }

    /// The rows that were set aside.
    #[must_use]
    pub fn went(&self, table: TableId) -> &[Went] {
        &self.went[usize::from(table.0)]
    }

    /// A row by its number: those that were set aside are numbered on from those in use.
    #[must_use]
    pub fn row(&self, table: TableId, number: usize) -> &Row {
        self.gone(table, number).map_or_else(|| &self.rows(table)[number], |went| &went.row)
    }

    /// A row that was set aside, by its number; nothing when the row is in use.
    #[must_use]
    pub fn gone(&self, table: TableId, number: usize) -> Option<&Went> {
        number.checked_sub(self.rows(table).len()).and_then(|place| self.went(table).get(place))
    }

    /// What a row in use is called: its id, or its number in a table without a key.
    #[must_use]
    pub fn name(&self, table: TableId, number: usize) -> String {
        let id = self.model.table(table).key.and_then(|_| self.rows(table).get(number)).map(|row| row.id.clone());
        id.unwrap_or_else(|| format!("row {number}"))
    }

    /// The row in use that is called so.
    #[must_use]
    pub fn find(&self, table: TableId, name: &str) -> Option<usize> {
        (0..self.rows(table).len()).find(|row| self.name(table, *row) == name)
    }

    /// The rows of `table` whose link `via` leads to `owner`.
    #[must_use]
    pub fn linked(&self, table: TableId, via: ColumnId, owner: usize) -> &[usize] {
        self.linked.get(&(table, via)).and_then(|rows| rows.get(owner)).map_or(&[], Vec::as_slice)
    }

    /// The days that are no business days, whatever their weekday.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<NaiveDate> {
        &self.holidays
    }

    /// The row that plain links lead to.
    #[must_use]
    pub fn follow(&self, table: TableId, row: usize, links: &[ColumnId]) -> Option<(TableId, usize)> {
        let Some((first, rest)) = links.split_first() else { return Some((table, row)) };
        let target = self.model.table(table).column(*first).leads_to()?;
        self.follow(target, led_to(&self.row(table, row).cells[usize::from(first.0)])?, rest)
    }

    /// The row that one step of an attribution leads to on a day.
    #[must_use]
    pub fn take(&self, table: TableId, row: usize, step: Step, on: Option<NaiveDate>) -> Option<(TableId, usize)> {
        match step {
            Step::Link(column) => self.follow(table, row, &[column]),
            Step::Dated(link) => {
                Some((self.model.table(table).dated[link].target, self.held_by(table, row, link, on?)?))
            }
        }
    }

    /// The rows that one step of an attribution may lead to, stays that were set aside among those
    /// it may go by; `None` is that it leads nowhere. A stay of which it is not known whose it is,
    /// is nobody's; the target of one that leads nowhere is no row.
    pub(super) fn may_take(
        &self,
        table: TableId,
        row: usize,
        step: Step,
        on: On,
    ) -> BTreeSet<Option<(TableId, usize)>> {
        let Step::Dated(link) = step else { return [self.take(table, row, step, None)].into() };
        let target = self.model.table(table).dated[link].target;
        let holders: BTreeSet<Option<usize>> = match on {
            On::NoDay => [None].into(),
            On::Day(day) => {
                let holds = self.stay_on(table, row, link, day);
                let perhaps = self.aside(table, row, link).filter(|stay| self.may_hold(table, link, stay, day, holds));
                perhaps.map(|stay| self.target_of(table, link, stay)).chain([holds.and_then(|(_, to)| to)]).collect()
            }
            On::AnyDay => {
                let aside = self.aside(table, row, link).map(|stay| self.target_of(table, link, stay));
                let ever = self.turns(table, row, link).into_iter().map(|day| self.held_by(table, row, link, day));
                aside.chain(ever).chain([None]).collect()
            }
        };
        holders.into_iter().map(|holder| holder.map(|holder| (target, holder))).collect()
    }

    /// The stays of a dated link of a row that were set aside.
    fn aside(&self, table: TableId, row: usize, link: usize) -> impl Iterator<Item = &Row> {
        let dated = &self.model.table(table).dated[link];
        let whose = move |went: &&Went| led_to(&went.row.cells[usize::from(dated.owner.0)]) == Some(row);
        self.went(dated.through).iter().filter(whose).map(|went| &went.row)
    }

    fn target_of(&self, table: TableId, link: usize, stay: &Row) -> Option<usize> {
        led_to(&stay.cells[usize::from(self.model.table(table).dated[link].value.0)])
    }

    /// Whether a stay that was set aside may be the one that counts on a day, beside the one in use
    /// that does.
    fn may_hold(&self, table: TableId, link: usize, stay: &Row, on: NaiveDate, holds: Option<Began>) -> bool {
        let dated = &self.model.table(table).dated[link];
        let Some(spans) = self.model.table(dated.through).spans else { return false };
        let cell = |column: ColumnId| &stay.cells[usize::from(column.0)];
        let began = match cell(spans.from) {
            Some(Value::Date(from)) => *from <= on && holds.is_none_or(|(began, _)| began <= *from),
            _ => true,
        };
        began && !is_over(spans, cell(spans.until), on)
    }

    /// The days on which it may change who holds a row by a dated link.
    fn turns(&self, table: TableId, row: usize, link: usize) -> BTreeSet<NaiveDate> {
        let dated = &self.model.table(table).dated[link];
        let Some(spans) = self.model.table(dated.through).spans else { return BTreeSet::new() };
        let stays = self.linked(dated.through, dated.owner, row).iter().map(|stay| &self.rows(dated.through)[*stay]);
        let days = stays.flat_map(|stay| [spans.from, spans.until].map(|column| &stay.cells[usize::from(column.0)]));
        let days = days.filter_map(|cell| if let Some(Value::Date(day)) = cell { Some(*day) } else { None });
        // A stay is over on the day of its end, or on the day after.
        days.flat_map(|day| [Some(day), day.succ_opt()]).flatten().collect()
    }

    /// The target of a dated link on a day: of the stays open that day, that of the one that began
    /// last; among those that began on one day, the target that comes first.
    #[must_use]
    pub fn held_by(&self, table: TableId, row: usize, link: usize, on: NaiveDate) -> Option<usize> {
        self.stay_on(table, row, link, on)?.1
    }

    /// When the stay began that holds on a day, and its target.
    pub(super) fn stay_on(&self, table: TableId, row: usize, link: usize, on: NaiveDate) -> Option<Began> {
        let dated = &self.model.table(table).dated[link];
        let spans = self.model.table(dated.through).spans?;
        let mut holder: Option<Began> = None;
        for stay in self.linked(dated.through, dated.owner, row) {
            let cells = &self.rows(dated.through)[*stay].cells;
            let cell = |column: ColumnId| &cells[usize::from(column.0)];
            let Some(Value::Date(from)) = cell(spans.from) else { continue };
            let target = led_to(cell(dated.value));
            // A stay without a target goes after those with one.
            let smaller = |held: Option<usize>| target.is_some() && held.is_none_or(|held| target < Some(held));
            let wins = |(began, held): Began| *from > began || (*from == began && smaller(held));
            if *from <= on && !is_over(spans, cell(spans.until), on) && holder.is_none_or(wins) {
                holder = Some((*from, target));
            }
        }
        holder
    }

    /// The tables were read from some lines of others: rows stand where they stood there.
    pub fn renumber(&mut self, lines: &BTreeMap<TableId, Vec<usize>>) {
        for (id, lines) in lines {
            let number = usize::from(id.0);
            let went = self.went[number].iter_mut().map(|went| &mut went.row);
            self.tables[number].iter_mut().chain(went).for_each(|row| row.line = lines[row.line]);
        }
    }

    /// The days that stand in a column.
    pub(super) fn days(&self, (table, column): (TableId, ColumnId)) -> BTreeSet<NaiveDate> {
        let is_day = self.model.table(table).column(column).ty == ColumnType::Date;
        let cells =
            self.rows(table).iter().filter(|_| is_day).filter_map(|row| row.cells[usize::from(column.0)].clone());
        cells.filter_map(|cell| if let Value::Date(day) = cell { Some(day) } else { None }).collect()
    }
}
