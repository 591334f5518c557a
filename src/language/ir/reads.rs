//! What an indicator reads: columns of tables, and the tables behind them.

use super::{Expr, ExprKind, Function, Indicator, Program, RowId};
use crate::model::{Column, ColumnId, Counted, Model, Step, TableId, Targets};
use std::collections::{BTreeMap, BTreeSet};

/// Columns by table; a table may be read without any of its columns.
pub type Reads = BTreeMap<TableId, BTreeSet<ColumnId>>;

impl Program {
    /// The columns that these indicators read together, those with targets among them.
    #[must_use]
    pub fn reads(&self, indicators: impl IntoIterator<Item = usize>) -> Reads {
        let mut reads = Reads::new();
        let of_indicators = indicators.into_iter().filter_map(|i| self.indicators.get(i));
        for (table, columns) in of_indicators.flat_map(|i| i.reads(&self.model).into_iter().chain(targets(i))) {
            reads.entry(table).or_default().extend(columns);
        }
        reads
    }
}

impl Indicator {
    /// The columns that the indicator reads, including those of the way from the attributed row up
    /// to the highest level.
    #[must_use]
    pub fn reads(&self, model: &Model) -> Reads {
        let mut reads = outcome(model, self);
        for (table, columns) in attribution(model, self) {
            reads.entry(table).or_default().extend(columns);
        }
        reads
    }
}

/// The columns that are read to name the entities of every level.
#[must_use]
pub fn level_reads(model: &Model) -> Reads {
    let mut found = Finder { model, rows: BTreeMap::new(), reads: Reads::new(), dated: BTreeSet::new() };
    for level in &model.levels {
        let Some(table) = level.table else { continue };
        let of = model.table(table);
        found.reads.entry(table).or_default().extend(of.label().into_iter().chain(of.peers));
        if let Some(up) = level.up {
            found.step(table, up);
        }
    }
    found.reads
}

/// Every condition and value of the indicator, in the order of the text: pick, cohort, exclusions,
/// what is measured.
#[must_use]
pub fn expressions(indicator: &Indicator) -> Vec<&Expr> {
    let by = indicator.cohort.pick.iter().flat_map(|p| &p.by);
    let exclusions = indicator.exclusions.iter().map(|e| &e.condition);
    by.chain([&indicator.cohort.condition]).chain(exclusions).chain(indicator.measure.expressions()).collect()
}

/// What decides whether a row is counted and met, without its attribution.
#[must_use]
pub fn outcome(model: &Model, indicator: &Indicator) -> Reads {
    let mut found = Finder::new(model, indicator);
    for e in expressions(indicator) {
        found.expression(e);
    }
    if indicator.measure.counts(Counted::BusinessDays) {
        found.holidays();
    }
    if let Some(pick) = &indicator.cohort.pick {
        found.path(RowId::COHORT, &pick.per);
    }
    found.reads
}

/// Whether an indicator asks which days are business days.
#[must_use]
pub fn business_days(indicator: &Indicator) -> bool {
    let asks = |e: &Expr| {
        e.has(&|e| matches!(e.kind, ExprKind::BusinessDay { .. }) || e.call(Function::BusinessDaysBetween).is_some())
    };
    indicator.measure.counts(Counted::BusinessDays) || indicator.expressions().any(asks)
}

/// What decides who a row belongs to, at every level, and in which group it is.
#[must_use]
pub fn attribution(model: &Model, indicator: &Indicator) -> Reads {
    holders(model, indicator, 0).reads
}

/// What decides in which group a row is, where rows are broken down.
#[must_use]
pub fn groups(model: &Model, indicator: &Indicator) -> Reads {
    let holders_asked = indicator.groups().flat_map(Expr::holders);
    let level = |table| model.levels.iter().position(|level| level.table == Some(table));
    if let Some(largest) = holders_asked.filter_map(level).min() {
        return holders(model, indicator, largest).reads;
    }
    let mut found = Finder::new(model, indicator);
    if indicator.groups().next().is_some() {
        found.expression(&indicator.attribution.at);
    }
    indicator.groups().for_each(|e| found.expression(e));
    found.reads
}

/// The dated links that are followed to find who a row belongs to at every level, by their table
/// and number there.
#[must_use]
pub fn dated(model: &Model, indicator: &Indicator) -> BTreeSet<(TableId, usize)> {
    holders(model, indicator, 0).dated
}

/// The way from a row to its holders at every level, up to the largest that is asked for.
fn holders<'a>(model: &'a Model, indicator: &Indicator, largest: usize) -> Finder<'a> {
    let mut found = Finder::new(model, indicator);
    found.expression(&indicator.attribution.at);
    indicator.groups().for_each(|e| found.expression(e));
    let mut table = indicator.cohort.table;
    for step in &indicator.attribution.steps {
        table = found.step(table, *step);
    }
    // The whole has no table.
    for level in model.levels.iter().take(indicator.attribution.level + 1).skip(largest + 1).rev() {
        if let (Some(table), Some(up)) = (level.table, level.up) {
            found.step(table, up);
        } else if let (Some(table), None) = (level.table, level.up) {
            found.reads.entry(table).or_default();
        }
    }
    found
}

/// All tables whose rows can change a number of the indicator: those it reads, and those they link
/// to, because a row that links to a row set aside is set aside, too; and those in which values of
/// theirs stand.
#[must_use]
pub fn tables(model: &Model, indicator: &Indicator) -> BTreeSet<TableId> {
    let open = outcome(model, indicator).into_keys().chain(attribution(model, indicator).into_keys()).collect();
    let mut all = BTreeSet::new();
    close(model, open, &mut all);
    all
}

/// Adds these tables, and those that their rows link to or take values from.
fn close(model: &Model, mut open: Vec<TableId>, all: &mut BTreeSet<TableId>) {
    while let Some(table) = open.pop() {
        if all.insert(table) {
            open.extend(model.table(table).columns.iter().filter_map(Column::target));
            open.extend(model.table(table).joined().map(|(_, joined)| joined.table));
        }
    }
}

/// The columns with the targets of entities, by which cells have colours. No count depends on them.
#[must_use]
pub fn targets(indicator: &Indicator) -> Reads {
    let mut reads = Reads::new();
    for Targets { table, entity, from, figure } in indicator.targets() {
        reads.entry(table).or_default().extend([entity, from, figure]);
    }
    reads
}

/// All tables whose rows can change a number or a colour of the indicator.
#[must_use]
pub fn with_targets(model: &Model, indicator: &Indicator) -> BTreeSet<TableId> {
    let mut all = tables(model, indicator);
    close(model, targets(indicator).into_keys().collect(), &mut all);
    all
}

/// The tables in which the values of columns stand that are read.
#[must_use]
pub fn joined(model: &Model, reads: &Reads) -> BTreeSet<TableId> {
    let of_table = |(table, read): (&TableId, &BTreeSet<ColumnId>)| {
        let joined = model.table(*table).joined().filter(|(column, _)| read.contains(column));
        joined.map(|(_, joined)| joined.table).collect::<Vec<_>>()
    };
    reads.iter().flat_map(of_table).collect()
}

/// What must keep coming in for an indicator to be right: rows, and days in columns that are filled
/// in when their day has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrivals {
    /// The tables of the rows: those it asks for, and those in which values of theirs stand.
    pub rows: BTreeSet<TableId>,
    /// The columns, those among them with whose day what is read becomes known.
    pub days: BTreeSet<(TableId, ColumnId)>,
}

/// What must keep coming in for an indicator to be right.
#[must_use]
pub fn arrivals(model: &Model, indicator: &Indicator) -> Arrivals {
    let mut reads = indicator.reads(model);
    // Where the rows of another table end those that are read, these never end without it.
    let joined = joined(model, &reads);
    for table in &joined {
        reads.entry(*table).or_default();
    }
    let rows = reads.keys().copied().filter(|of| indicator.look_back.contains_key(of) || joined.contains(of));
    let columns = reads.iter().flat_map(|(table, of)| of.iter().map(|column| (*table, *column)));
    let days = columns.map(|(table, column)| (table, model.table(table).day_known_with(column)));
    Arrivals { rows: rows.collect(), days: days.collect() }
}

/// Whether an indicator asks for those rows of a table that begin in the window, and for no others.
#[must_use]
pub fn asks_only_of_window(model: &Model, indicator: &Indicator, table: TableId) -> bool {
    let of = model.table(table);
    let is_column = |e: &Expr| match &e.kind {
        ExprKind::Column { row, links, column } => {
            *row == RowId::COHORT && links.is_empty() && of.begins == Some(*column)
        }
        _ => false,
    };
    let is_start = |e: &Expr| match &e.kind {
        ExprKind::Call { function: Function::DayOf, of } => of.iter().all(is_column),
        _ => is_column(e),
    };
    let begins_in_window = |e: &&Expr| matches!(&e.kind, ExprKind::InWindow(day) if is_start(day));
    let rows = row_tables(indicator);
    // A row that the cohort's leads to, as the stay before it.
    let leads_there = |row: &RowId, links: &[ColumnId]| {
        let mut at = rows.get(row).copied();
        links.iter().any(|link| {
            at = at.and_then(|at| model.table(at).column(*link).target());
            at == Some(table)
        })
    };
    let is_led_to = |e: &Expr| match &e.kind {
        ExprKind::Column { row, links, .. } | ExprKind::Row { row, links } => leads_there(row, links),
        ExprKind::Linked(q) => leads_there(&q.owner, &q.owner_links),
        _ => false,
    };
    let follows = |(table, link): &(TableId, usize)| model.table(*table).dated.get(*link).map(|link| link.through);
    indicator.cohort.table == table
        && indicator.cohort.condition.conjuncts().iter().any(begins_in_window)
        && !indicator.cohort.pick.as_ref().is_some_and(|pick| pick.ever)
        && !rows.iter().any(|(row, of)| *row != RowId::COHORT && *of == table)
        && !indicator.expressions().any(|e| e.has(&is_led_to))
        && !dated(model, indicator).iter().any(|link| follows(link) == Some(table))
}

/// The table of every row variable.
#[must_use]
pub fn row_tables(indicator: &Indicator) -> BTreeMap<RowId, TableId> {
    tables_of_rows(indicator.cohort.table, indicator.expressions())
}

/// The table of every row variable in these expressions, which are evaluated on rows of `cohort`;
/// of holders only those that are spoken of.
pub fn tables_of_rows<'a>(cohort: TableId, looked_at: impl IntoIterator<Item = &'a Expr>) -> BTreeMap<RowId, TableId> {
    let mut rows = BTreeMap::from([(RowId::COHORT, cohort)]);
    for e in looked_at {
        rows.extend(e.holders().into_iter().map(|table| (RowId::holder(table), table)));
        e.walk(&mut |e| {
            if let ExprKind::Linked(q) = &e.kind {
                rows.insert(q.row, q.table);
            }
        });
    }
    rows
}

struct Finder<'a> {
    model: &'a Model,
    rows: BTreeMap<RowId, TableId>,
    reads: Reads,
    dated: BTreeSet<(TableId, usize)>,
}

impl<'a> Finder<'a> {
    fn new(model: &'a Model, indicator: &Indicator) -> Self {
        let reads = Reads::from([(indicator.cohort.table, BTreeSet::new())]);
        Self { model, rows: row_tables(indicator), reads, dated: BTreeSet::new() }
    }

    fn read(&mut self, table: TableId, column: ColumnId) {
        self.reads.entry(table).or_default().insert(column);
    }

    /// Adds the links of a path, and gives the table at its end, of which no column is read yet.
    fn path(&mut self, row: RowId, links: &[ColumnId]) -> Option<TableId> {
        let mut table = *self.rows.get(&row)?;
        for link in links {
            self.read(table, *link);
            table = self.model.table(table).column(*link).target()?;
        }
        self.reads.entry(table).or_default();
        Some(table)
    }

    fn holidays(&mut self) {
        if let Some((table, column)) = self.model.business.and_then(|business| business.except) {
            self.read(table, column);
        }
    }

    fn step(&mut self, table: TableId, step: Step) -> TableId {
        match step {
            Step::Link(column) => {
                self.read(table, column);
                self.model.table(table).column(column).leads_to().unwrap_or(table)
            }
            Step::Dated(i) => {
                self.dated.insert((table, i));
                let link = &self.model.table(table).dated[i];
                self.read(link.through, link.owner);
                self.read(link.through, link.value);
                if let Some(spans) = self.model.table(link.through).spans {
                    self.read(link.through, spans.from);
                    self.read(link.through, spans.until);
                }
                link.target
            }
        }
    }

    fn expression(&mut self, e: &Expr) {
        e.walk(&mut |e| match &e.kind {
            ExprKind::Column { row, links, column } => {
                if let Some(table) = self.path(*row, links) {
                    self.read(table, *column);
                }
            }
            ExprKind::Row { row, links } => {
                // The identity of a linked row is in the last link; the row itself need not be
                // read.
                self.path(*row, links);
            }
            ExprKind::BusinessDay { .. } | ExprKind::Call { function: Function::BusinessDaysBetween, .. } => {
                self.holidays();
            }
            ExprKind::Linked(q) => match q.via {
                Some(via) => {
                    self.path(q.owner, &q.owner_links);
                    self.read(q.table, via);
                }
                None => drop(self.reads.entry(q.table).or_default()),
            },
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Shift { .. }
            | ExprKind::Move { .. }
            | ExprKind::Call { .. }
            | ExprKind::Elsewhere(_) => {}
        });
    }
}
