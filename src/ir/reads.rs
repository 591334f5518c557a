//! What an indicator reads: its tables, and the columns of each.

use super::{Expr, ExprKind, Indicator, Measure, Program, RowId};
use crate::model::{ColumnId, ColumnType, Model, Step, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// Tables with the columns that are read; a table may be read for its rows alone.
pub type Reads = BTreeMap<TableId, BTreeSet<ColumnId>>;

impl Program {
    /// Every table needed to measure these indicators and to name the entities of every level.
    #[must_use]
    pub fn tables(&self, indicators: impl IntoIterator<Item = usize>) -> BTreeSet<TableId> {
        let of_levels = level_reads(&self.model).into_keys();
        let of_indicators = indicators.into_iter().filter_map(|i| self.indicators.get(i));
        of_indicators.flat_map(|i| i.reads(&self.model).into_keys()).chain(of_levels).collect()
    }
}

impl Indicator {
    /// What the indicator reads, the way from the attributed row up to the highest level included.
    #[must_use]
    pub fn reads(&self, model: &Model) -> Reads {
        let mut reader = Reader { model, rows: BTreeMap::new(), reads: Reads::new() };
        reader.rows.insert(RowId::COHORT, self.cohort.table);
        reader.table(self.cohort.table);
        for expr in self.expressions() {
            expr.walk(&mut |e| reader.expr(e));
        }
        for link in self.cohort.pick.iter().flat_map(|p| &p.per) {
            reader.column(self.cohort.table, *link);
        }
        let mut table = self.cohort.table;
        for step in &self.attribution.steps {
            table = reader.step(table, *step);
        }
        for level in model.levels.iter().take(self.attribution.level + 1) {
            reader.level(level);
        }
        reader.reads
    }

    /// Every expression of the definition, in the order of the text.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let Measure::Proportion { numerator } = &self.measure;
        std::iter::once(&self.cohort.condition)
            .chain(self.cohort.pick.iter().flat_map(|p| &p.by))
            .chain(self.exclusions.iter().map(|e| &e.condition))
            .chain([numerator, &self.attribution.at])
    }
}

/// What naming the entities of every level reads.
#[must_use]
pub fn level_reads(model: &Model) -> Reads {
    let mut reader = Reader { model, rows: BTreeMap::new(), reads: Reads::new() };
    for level in &model.levels {
        reader.level(level);
    }
    reader.reads
}

struct Reader<'a> {
    model: &'a Model,
    /// The table of each row variable met so far.
    rows: BTreeMap<RowId, TableId>,
    reads: Reads,
}

impl Reader<'_> {
    fn table(&mut self, table: TableId) {
        self.reads.entry(table).or_default();
    }

    fn column(&mut self, table: TableId, column: ColumnId) {
        self.reads.entry(table).or_default().insert(column);
    }

    /// Follows plain links and gives the table they lead to.
    fn links(&mut self, row: RowId, links: &[ColumnId]) -> Option<TableId> {
        let mut table = *self.rows.get(&row)?;
        for link in links {
            table = self.step(table, Step::Link(*link));
        }
        Some(table)
    }

    fn step(&mut self, table: TableId, step: Step) -> TableId {
        let target = match step {
            Step::Link(column) => {
                self.column(table, column);
                match self.model.table(table).column(column).ty {
                    ColumnType::Link(target) => target,
                    ColumnType::Key
                    | ColumnType::Text
                    | ColumnType::Bool
                    | ColumnType::Int
                    | ColumnType::Date
                    | ColumnType::Timestamp
                    | ColumnType::Codes(_) => table,
                }
            }
            Step::Dated(number) => {
                let link = &self.model.table(table).dated[number];
                let (through, target) = (link.through, link.target);
                let columns = [link.owner, link.value];
                let spans = self.model.table(through).spans.map(|s| [s.from, s.until]);
                for column in columns.into_iter().chain(spans.into_iter().flatten()) {
                    self.column(through, column);
                }
                target
            }
        };
        self.table(target);
        target
    }

    fn level(&mut self, level: &crate::model::Level) {
        let Some(table) = level.table else { return };
        self.table(table);
        if let Some(name) = self.model.table(table).label() {
            self.column(table, name);
        }
        if let Some(up) = level.up {
            self.step(table, up);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Column { row, links, column } => {
                if let Some(table) = self.links(*row, links) {
                    self.column(table, *column);
                }
            }
            ExprKind::Row { row, links } => {
                self.links(*row, links);
            }
            ExprKind::Some(q) => {
                self.links(q.owner, &q.owner_links);
                self.rows.insert(q.row, q.table);
                self.column(q.table, q.via);
            }
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
            | ExprKind::DaysBetween(..)
            | ExprKind::MonthsBetween(..)
            | ExprKind::YearsBetween(..)
            | ExprKind::Extreme { .. }
            | ExprKind::FirstKnown(_)
            | ExprKind::DayOf(_) => {}
        }
    }
}
