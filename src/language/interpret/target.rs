//! The target of an entity on a day.

use super::table::{Row, World, led_to};
use crate::functions::Value;
use crate::ir::Target;
use crate::model::Targets;
use chrono::NaiveDate;

impl World<'_> {
    /// What is known of the target of an entity, by its row, that is in force on a day.
    #[must_use]
    pub fn target(&self, targets: Targets, entity: usize, day: NaiveDate) -> Target {
        let begins = |row: &Row| match row.cells[usize::from(targets.from.0)] {
            Some(Value::Date(from)) => Some(from),
            _ => None,
        };
        // A row that went could be anybody's.
        let is_of = |row: &&Row| led_to(&row.cells[usize::from(targets.entity.0)]).is_none_or(|of| of == entity);
        let has_begun = |row: &&Row| begins(row).is_none_or(|from| from <= day);
        let sound: Vec<&Row> = self.rows(targets.table).iter().filter(is_of).filter(has_begun).collect();
        let went: Vec<&Row> =
            self.went(targets.table).iter().map(|went| &went.row).filter(is_of).filter(has_begun).collect();
        let Some(last) = sound.iter().chain(&went).map(|row| begins(row)).max() else { return Target::None };
        let is_open = sound.iter().chain(&went).any(|row| begins(row).is_none());
        let latest: Vec<&&Row> = sound.iter().filter(|row| begins(row) == last).collect();
        let doubted = is_open || went.iter().any(|row| begins(row) == last);
        match (latest.as_slice(), doubted) {
            ([row], false) => match row.cells[usize::from(targets.figure.0)] {
                Some(Value::Int(figure)) => Target::Is(figure),
                _ => Target::Unknown,
            },
            _ => Target::Unknown,
        }
    }
}
