//! The cells of the rows that a test draws, judged as those of case data are.

use super::Interpreter;
use crate::counts::{CountRow, Measured};
use crate::hierarchy::{Entity, Hierarchy};
use crate::interpreted;
use crate::scorecard::judge::{self, Table};
use crate::scorecard::{Cell, Complete};
use crate::targets::{TargetRow, TargetRows};
use std::collections::BTreeSet;
use std::sync::Arc;
use yardstick_language::calendar::Window;
use yardstick_language::interpret::{Value, World};
use yardstick_language::ir::{Indicator, Program, Test};

/// The cells of a test: of every entity that is drawn or named, in some windows.
#[derive(Debug)]
pub struct Cells<'p> {
    program: &'p Program,
    /// The entities.
    pub hierarchy: Hierarchy,
    table: Table,
}

impl Cells<'_> {
    /// The cells of an entity, oldest window first.
    pub fn of(&self, entity: usize) -> impl Iterator<Item = Cell<'_>> {
        self.table.cells(self.program, entity)
    }

    /// Whether rows count for an entity in some window.
    #[must_use]
    pub fn has_rows(&self, entity: usize) -> bool {
        self.table.totals.has_rows(entity)
    }

    /// The unit of the values.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.table.unit
    }
}

/// The windows that a test asks about, oldest first.
#[must_use]
pub fn windows(test: &Test) -> Vec<Window> {
    let windows: BTreeSet<Window> = test.expects.iter().map(|expect| expect.window).collect();
    windows.into_iter().collect()
}

/// The cells of a test's rows in these windows, oldest first, evaluated one by one.
///
/// # Errors
/// When a drawn row breaks the model, and for mistakes of the program.
pub fn cells<'p>(program: &'p Program, test: &Test, windows: &[Window]) -> Result<Cells<'p>, String> {
    let mut rows = Interpreter::new(program, test)?;
    let indicator = rows.indicator();
    let hierarchy = hierarchy(program, indicator, &rows.world);
    let mut measured = Measured { indicator: test.indicator, windows: windows.to_vec(), parts: Vec::new() };
    for (number, window) in measured.windows.iter().enumerate() {
        if !indicator.reportable(*window, test.as_of) {
            continue;
        }
        for level in 0..hierarchy.levels.len() {
            for verdict in rows.verdicts(*window, level)? {
                for entity in hierarchy.at(level) {
                    let row = hierarchy.entities[entity].row;
                    let Some(hold) = interpreted::hold(verdict, level, row.and_then(|row| usize::try_from(row).ok()))
                    else {
                        continue;
                    };
                    let (counts, value) = interpreted::counted(indicator, verdict, hold);
                    let entities = holders(&hierarchy, level, row);
                    let part = CountRow { window: number, entities, group: 0, level: Some(level), value, counts };
                    measured.parts.push(part);
                }
            }
        }
    }
    let table = judge::table(program, &hierarchy, &measured, &Complete::through(test.as_of), None);
    let table = table.ok_or("internal error: the test is of no indicator")?;
    Ok(Cells { program, hierarchy, table })
}

/// The holders of rows of one entity: at its level its row, and nobody at the others.
fn holders(hierarchy: &Hierarchy, level: usize, row: Option<i32>) -> Arc<[Option<i32>]> {
    let below = 1..hierarchy.levels.len();
    below.map(|of| row.filter(|_| of == level)).collect()
}

/// The entities that are drawn or named. Who lies under whom is not told: nothing here is summed
/// from level to level.
fn hierarchy(program: &Program, indicator: &Indicator, world: &World) -> Hierarchy {
    let model = &program.model;
    let mut entities = Vec::new();
    for (level, declared) in model.levels.iter().enumerate() {
        let Some(table) = declared.table else { continue };
        let of_level = (0..world.rows(table).len()).map(|row| {
            let id = world.name(table, row);
            let (name, row) = (id.clone(), i32::try_from(row).ok());
            Entity { level, row, id, name, parent: None, group: None, left: None }
        });
        entities.extend(of_level);
    }
    let levels = model.levels.iter().map(|level| level.name.clone()).collect();
    Hierarchy::new(levels, entities).with_targets(targets(indicator, world))
}

/// The targets that are drawn.
fn targets(indicator: &Indicator, world: &World) -> TargetRows {
    let mut all = TargetRows::default();
    for targets in indicator.targets() {
        all.read(targets);
        for row in world.rows(targets.table) {
            let cell = |column: yardstick_language::model::ColumnId| &row.cells[usize::from(column.0)];
            let entity = match cell(targets.entity) {
                Some(Value::Row(row)) => i32::try_from(*row).ok(),
                Some(Value::Code(word)) => Some(i32::from(*word)),
                _ => None,
            };
            let from = match cell(targets.from) {
                Some(Value::Date(day)) => Some(*day),
                _ => None,
            };
            let figure = match cell(targets.figure) {
                Some(Value::Int(figure)) => Some(*figure),
                _ => None,
            };
            all.add(targets, entity, TargetRow { from, figure });
        }
    }
    all
}
