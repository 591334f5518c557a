//! The target of an entity on a day, by the evaluator and from the store: the same on generated
//! worlds, with rows that went, missing values, and several rows of a day.
//!
//! `YARDSTICK_TARGETS=5000 cargo test --release targets` puts more than the ordinary 60 worlds.

use crate::generated::generate;
use crate::oracle;
use crate::properties::compare;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use yardstick::ir::Target;
use yardstick::model::{ColumnId, ColumnType, Model, Targets};
use yardstick::run;

/// Worlds apart from those of the other laws.
const FIRST: u64 = 9_700_001;

/// All columns of a model that could hold targets, whatever the checker would say of them.
fn candidates(model: &Model) -> Vec<Targets> {
    let mut all = Vec::new();
    for (table, of) in model.tables() {
        let columns = |is: &dyn Fn(&ColumnType) -> bool| -> Vec<ColumnId> {
            of.columns().filter(|(_, column)| is(&column.ty)).map(|(id, _)| id).collect()
        };
        let entities = columns(&|ty| matches!(ty, ColumnType::Link(to) if model.is_level(*to)));
        for entity in entities {
            for from in columns(&|ty| *ty == ColumnType::Date) {
                for figure in columns(&|ty| *ty == ColumnType::Int) {
                    all.push(Targets { table, entity, from, figure });
                }
            }
        }
    }
    all
}

#[test]
fn targets_are_the_same_by_the_evaluator_and_from_the_store() {
    let worlds = std::env::var("YARDSTICK_TARGETS").map_or(60, |n| n.parse().unwrap());
    let (mut found, mut read) = ([0_u64; 3], 0);
    for seed in FIRST..FIRST + worlds {
        let made = generate(seed);
        let model = &made.program.model;
        let with = Model { targets: candidates(model), ..model.clone() };
        let Some(store) = compare::readable(model, &made.files) else { continue };
        read += 1;
        let world = oracle::read(model, &made.files.tables, made.files.as_of);
        let hierarchy = run::hierarchy(&with, &store, made.files.as_of);
        for targets in &with.targets {
            let days: BTreeSet<NaiveDate> = world
                .rows(targets.table)
                .iter()
                .filter_map(|row| match row.cells[usize::from(targets.from.0)] {
                    Some(yardstick::interpret::Value::Date(day)) => Some(day),
                    _ => None,
                })
                .flat_map(|day| [day.pred_opt().unwrap(), day])
                .chain([made.files.as_of])
                .collect();
            let entities = model.table(targets.table).column(targets.entity).target().unwrap();
            for entity in 0..world.rows(entities).len() {
                for day in &days {
                    let mine = world.target(*targets, entity, *day);
                    let theirs = hierarchy.targets().target(*targets, i32::try_from(entity).ok(), *day);
                    assert_eq!(mine, theirs, "seed {seed}, {targets:?}, entity {entity}, {day}\n{}", made.model);
                    match mine {
                        Target::None => found[0] += 1,
                        Target::Unknown => found[1] += 1,
                        Target::Is(_) => found[2] += 1,
                    }
                }
            }
        }
    }
    assert!(read * 10 >= worlds * 9, "{read} of {worlds} worlds were read");
    assert!(worlds < 60 || found.iter().all(|n| *n > 50), "of none, unknown and known targets there were {found:?}");
}
