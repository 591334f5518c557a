//! The targets of entities, as they stand in the data.

use chrono::NaiveDate;
use std::collections::BTreeMap;
use yardstick_language::ir::Target;
use yardstick_language::model::Targets;

/// The rows of the tables with targets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetRows(BTreeMap<Targets, OfTable>);

/// The rows of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct OfTable {
    /// By the row of the entity.
    by_entity: BTreeMap<i32, Vec<TargetRow>>,
    /// Rows that were set aside and could be of any entity.
    anybodys: Vec<TargetRow>,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetRow {
    /// The first day on which it is in force; where it was set aside, it may have none.
    pub from: Option<NaiveDate>,
    /// The target, where it is known. Of a row that was set aside it never is.
    pub figure: Option<i64>,
}

impl TargetRows {
    /// Declares that the rows of a table are known, be it none.
    pub fn read(&mut self, targets: Targets) {
        self.0.entry(targets).or_default();
    }

    /// Adds a row of an entity, by the entity's row; of any entity, where it is not known of which.
    pub fn add(&mut self, targets: Targets, entity: Option<i32>, row: TargetRow) {
        let of = self.0.entry(targets).or_default();
        match entity {
            Some(entity) => of.by_entity.entry(entity).or_default().push(row),
            None => of.anybodys.push(row),
        }
    }

    /// What is known of the target of an entity that is in force on a day; nothing of a table that
    /// was not read. Nobody has none.
    #[must_use]
    pub fn target(&self, targets: Targets, entity: Option<i32>, day: NaiveDate) -> Target {
        let (Some(of), Some(entity)) = (self.0.get(&targets), entity) else {
            return if entity.is_none() { Target::None } else { Target::Unknown };
        };
        let own = of.by_entity.get(&entity).into_iter().flatten();
        let mut latest: Option<TargetRow> = None;
        for row in own.chain(&of.anybodys) {
            let Some(from) = row.from else { return Target::Unknown };
            if from > day {
                continue;
            }
            latest = match latest {
                Some(other) if other.from > row.from => Some(other),
                // Which of two holds is not known.
                Some(other) if other.from == row.from => Some(TargetRow { figure: None, ..other }),
                Some(_) | None => Some(*row),
            };
        }
        match latest {
            None => Target::None,
            Some(TargetRow { figure: None, .. }) => Target::Unknown,
            Some(TargetRow { figure: Some(figure), .. }) => Target::Is(figure),
        }
    }

    /// Every known target with the row of its entity and its first day.
    pub fn known(&self, targets: Targets) -> impl Iterator<Item = (i32, NaiveDate, i64)> + '_ {
        let of_entity = |(entity, rows): (&i32, &Vec<TargetRow>)| {
            let entity = *entity;
            rows.clone().into_iter().filter_map(move |row| Some((entity, row.from?, row.figure?)))
        };
        self.0.get(&targets).into_iter().flat_map(|of| &of.by_entity).flat_map(of_entity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yardstick_language::model::{ColumnId, TableId};

    const GOAL: Targets = Targets { table: TableId(0), entity: ColumnId(0), from: ColumnId(1), figure: ColumnId(2) };

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, n).unwrap()
    }

    fn rows(of: &[(Option<i32>, Option<u32>, Option<i64>)]) -> TargetRows {
        let mut rows = TargetRows::default();
        rows.read(GOAL);
        of.iter().for_each(|&(entity, from, figure)| rows.add(GOAL, entity, TargetRow { from: from.map(day), figure }));
        rows
    }

    #[test]
    fn the_latest_target_that_has_come_into_force_holds() {
        let rows = rows(&[(Some(1), Some(10), Some(75)), (Some(1), Some(5), Some(50)), (Some(2), Some(7), Some(90))]);
        let of = |entity, on| rows.target(GOAL, Some(entity), day(on));
        assert_eq!(
            [4, 5, 9, 10, 31].map(|on| of(1, on)),
            [Target::None, Target::Is(50), Target::Is(50), Target::Is(75), Target::Is(75)]
        );
        assert_eq!((of(2, 6), of(2, 7), of(3, 31)), (Target::None, Target::Is(90), Target::None));
        assert_eq!(rows.target(GOAL, None, day(31)), Target::None, "nobody");
    }

    #[test]
    fn what_may_be_another_is_not_known() {
        let known = (Some(1), Some(5), Some(50));
        let on = |more: (Option<i32>, Option<u32>, Option<i64>), day_of: u32| {
            rows(&[known, more]).target(GOAL, Some(1), day(day_of))
        };
        // A later target that is missing ends the one before it.
        assert_eq!([9, 10].map(|d| on((Some(1), Some(10), None), d)), [Target::Is(50), Target::Unknown]);
        // Two of one day.
        assert_eq!(on((Some(1), Some(5), Some(60)), 9), Target::Unknown);
        // A row that was set aside: of this entity, of another, of anybody; without a day.
        assert_eq!(on((Some(2), Some(10), None), 31), Target::Is(50));
        assert_eq!([9, 10].map(|d| on((None, Some(10), None), d)), [Target::Is(50), Target::Unknown]);
        assert_eq!(on((None, Some(5), None), 9), Target::Unknown);
        assert_eq!(on((None, Some(4), None), 9), Target::Is(50), "a later one is known");
        assert_eq!(on((Some(1), None, None), 9), Target::Unknown);
    }

    #[test]
    fn of_a_table_that_was_not_read_nothing_is_known() {
        assert_eq!(TargetRows::default().target(GOAL, Some(1), day(1)), Target::Unknown);
    }
}
