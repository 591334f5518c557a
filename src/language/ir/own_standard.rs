//! Standards that entities have of their own: dated targets from a table.

use super::standard::{Standard, Thresholds};
use crate::decimal::Decimal;
use crate::model::{TableId, Targets};

/// The most that a target of something that is no percentage can be.
const MOST: i64 = 1_000_000_000;

/// The standard of the entities of one level: of each, the latest target that has come into force
/// on or before the window's last day. An entity without such a target has no standard.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnStandard {
    /// Where the targets stand.
    pub targets: Targets,
    /// The table of the entities, which is that of a level.
    pub entities: TableId,
    /// Whether values from the target up are green, and not those up to the target.
    pub at_least: bool,
    /// Whether targets are percentages.
    pub is_percent: bool,
    /// How many hundredths of the way from the target to the bad end are yellow; `None` without a
    /// yellow band. It has two decimals at most.
    pub within: Option<Decimal>,
    /// Where the targets come from.
    pub source: Option<String>,
    /// `published`, `adapted`, `inferred`.
    pub status: Option<String>,
    /// Status of the yellow band.
    pub yellow_status: Option<String>,
}

impl OwnStandard {
    /// The least and the most that a target can be.
    #[must_use]
    pub fn range(&self) -> [i64; 2] {
        [0, if self.is_percent { 100 } else { MOST }]
    }

    /// The standard of an entity with this target; `None` when no target can be such.
    #[must_use]
    pub fn with(&self, target: i64) -> Option<Standard> {
        let [least, most] = self.range();
        if !(least..=most).contains(&target) {
            return None;
        }
        let end = target as f64;
        let green = match self.at_least {
            true => Thresholds { least: Some(end), most: None },
            false => Thresholds { least: None, most: Some(end) },
        };
        let yellow = match self.within {
            Some(share) => Some(green.within(share, self.is_percent)?),
            None => None,
        };
        let (source, status) = (self.source.clone(), self.status.clone());
        let yellow_status = self.yellow_status.clone();
        Some(Standard { green: Some(green), yellow, from: None, until: None, source, status, yellow_status })
    }
}

/// What is known of an entity's target on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// None has come into force.
    None,
    /// It is missing or cannot be read, its row was set aside, or a row that was set aside could be
    /// of this entity and day.
    Unknown,
    /// The target.
    Is(i64),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ColumnId;

    fn own(at_least: bool, is_percent: bool, within: Option<f64>) -> OwnStandard {
        let column = ColumnId(0);
        let targets = Targets { table: TableId(0), entity: column, from: column, figure: column };
        let within = within.and_then(Decimal::of);
        let (source, status, yellow_status) = (None, None, None);
        OwnStandard { targets, entities: TableId(1), at_least, is_percent, within, source, status, yellow_status }
    }

    fn ends(standard: Option<Standard>) -> Option<(Vec<f64>, Vec<f64>)> {
        let standard = standard?;
        let of = |thresholds: Option<Thresholds>| thresholds.into_iter().flat_map(Thresholds::ends).collect();
        Some((of(standard.green), of(standard.yellow)))
    }

    #[test]
    fn a_percentage_lies_between_0_and_100() {
        let own = own(true, true, None);
        assert!([-1, 101, i64::MIN, i64::MAX].into_iter().all(|target| own.with(target).is_none()));
        assert_eq!(ends(own.with(0)), Some((vec![0.0], vec![])));
        assert_eq!(ends(own.with(100)), Some((vec![100.0], vec![])));
    }

    #[test]
    fn yellow_is_a_part_of_the_way_from_each_target() {
        assert_eq!(ends(own(true, true, Some(10.0)).with(75)), Some((vec![75.0], vec![67.5])));
        assert_eq!(ends(own(false, true, Some(10.0)).with(75)), Some((vec![75.0], vec![77.5])));
        assert_eq!(ends(own(false, false, Some(10.0)).with(75)), Some((vec![75.0], vec![82.5])));
        assert_eq!(ends(own(true, false, Some(0.01)).with(MOST)), Some((vec![1e9], vec![999_900_000.0])));
    }

    #[test]
    fn with_two_decimals_every_target_has_its_yellow() {
        let shares = (1..=10_000).step_by(37).map(|hundredths| Decimal { digits: hundredths, scale: 100 });
        for share in shares {
            for at_least in [true, false] {
                let percent = OwnStandard { within: Some(share), ..own(at_least, true, None) };
                assert!((0..=100).all(|target| percent.with(target).is_some()), "{share}");
                let number = OwnStandard { within: Some(share), ..own(at_least, false, None) };
                assert!(
                    [0, 1, 7, 999_999_999, MOST].into_iter().all(|target| number.with(target).is_some()),
                    "{share}"
                );
            }
        }
    }
}
