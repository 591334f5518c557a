//! The result row: one cell in the form that files carry. Its names are fixed.

use super::cell::Cell;
use super::children_by_band::ChildrenByBand;
use super::judge::{Column, Table};
use super::ratio::Ratio;
use crate::hierarchy::Entity;
use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use yardstick_language::ir::Indicator;

/// The names of the columns, in order: the fields of [`ResultRow`].
const COLUMNS: &str = "indicator level entity_id entity_name window_start window_end as_of numerator denominator value \
                       unit state reason band standard standard_least standard_most undetermined excluded unsure unread least most meaning low high straddles peer_group below_green below_yellow below_red below_none group group_value ratio ratio_low ratio_high ratio_to";

/// A day, with its ISO text: many rows share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// As it is written.
    pub text: String,
}

impl Day {
    /// A day and its text.
    #[must_use]
    pub fn new(date: NaiveDate) -> Self {
        Self { date, text: date.to_string() }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// One cell, made when it is written. Dates are ISO days; `window_end` is the window's last day.
#[derive(Debug, Clone, PartialEq, Serialize)]
// The fields are the documented columns of the result.
pub struct ResultRow<'a> {
    pub indicator: &'a str,
    pub level: &'a str,
    pub entity_id: &'a str,
    pub entity_name: &'a str,
    pub window_start: &'a Day,
    pub window_end: &'a Day,
    pub as_of: &'a Day,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub unit: &'a str,
    pub state: &'a str,
    /// Why there is no value, or one that can still change.
    pub reason: Option<&'a str>,
    pub band: Option<&'a str>,
    /// The threshold for green, where there is one; of a range there are two.
    pub standard: Option<f64>,
    /// Green values are not less, and not more.
    pub standard_least: Option<f64>,
    pub standard_most: Option<f64>,
    pub undetermined: Option<u64>,
    pub excluded: Option<u64>,
    pub unsure: Option<u64>,
    /// Rows that went, because their identity or place is broken, and may belong.
    pub unread: Option<u64>,
    /// The range of the value, if all that is not known of the rows were known.
    pub least: Option<f64>,
    pub most: Option<f64>,
    pub meaning: &'a str,
    /// Of a proportion, the ends of its 95 % Wilson interval.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Whether the interval holds the standard.
    pub straddles: Option<bool>,
    /// What the entity has in common with its peers.
    pub peer_group: Option<&'a str>,
    /// Of the entities one level down, how many have which colour, and how many have cases and
    /// none.
    pub below_green: Option<u64>,
    pub below_yellow: Option<u64>,
    pub below_red: Option<u64>,
    pub below_none: Option<u64>,
    /// By what rows are broken down, and the group that the counts are of; none of all rows.
    pub group: Option<&'a str>,
    pub group_value: Option<&'a str>,
    /// Of a proportion, the ratio to the rows of other groups, the ends of its interval, and which
    /// groups those are.
    pub ratio: Option<f64>,
    pub ratio_low: Option<f64>,
    pub ratio_high: Option<f64>,
    pub ratio_to: Option<&'a str>,
}

impl ResultRow<'_> {
    /// The names of the columns, in order.
    pub fn columns() -> impl Iterator<Item = &'static str> {
        COLUMNS.split_whitespace()
    }
}

impl<'a> ResultRow<'a> {
    /// The row with the ratio of its group, and what it is the ratio to.
    pub(super) fn with_ratio(self, ratio: Option<(Ratio, &'a str)>) -> Self {
        let Some((Ratio { value, interval }, to)) = ratio else { return self };
        let (ratio_low, ratio_high) = (interval.map(|i| i.low), interval.map(|i| i.high));
        Self { ratio: Some(value), ratio_low, ratio_high, ratio_to: Some(to), ..self }
    }
}

/// The row of a cell.
pub(super) fn row<'a>(
    indicator: &'a Indicator,
    level: &'a str,
    entity: &'a Entity,
    table: &'a Table,
    column: &'a Column,
    cell: &Cell<'a>,
    below: Option<ChildrenByBand>,
) -> ResultRow<'a> {
    ResultRow {
        indicator: &indicator.id,
        level,
        entity_id: &entity.id,
        entity_name: &entity.name,
        window_start: &column.first,
        window_end: &column.last,
        as_of: &table.as_of,
        numerator: cell.numerator,
        denominator: cell.denominator,
        value: cell.value,
        unit: &table.unit,
        state: cell.state.id(),
        reason: cell.reason,
        band: cell.band.map(|b| b.id()),
        standard: cell.standard.and_then(|s| s.least.xor(s.most)),
        standard_least: cell.standard.and_then(|s| s.least),
        standard_most: cell.standard.and_then(|s| s.most),
        undetermined: cell.counts.map(|c| c.undetermined),
        excluded: cell.counts.map(|c| c.excluded_total()),
        unsure: cell.counts.map(|c| c.unsure()),
        unread: cell.counts.map(|c| c.unread()),
        least: cell.range.least,
        most: cell.range.most,
        meaning: table.group.as_ref().map_or(&indicator.meaning, |group| &group.meaning),
        low: cell.interval.map(|i| i.low),
        high: cell.interval.map(|i| i.high),
        straddles: cell.straddles(),
        peer_group: entity.group.as_deref(),
        below_green: below.map(|b| b.green),
        below_yellow: below.map(|b| b.yellow),
        below_red: below.map(|b| b.red),
        below_none: below.map(|b| b.none),
        group: table.group.as_ref().map(|group| &*group.by),
        group_value: table.group.as_ref().map(|group| group.value.as_str()),
        ratio: None,
        ratio_low: None,
        ratio_high: None,
        ratio_to: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_the_fields() {
        let day = Day { text: String::new(), date: NaiveDate::default() };
        let row = ResultRow {
            indicator: "",
            level: "",
            entity_id: "",
            entity_name: "",
            window_start: &day,
            window_end: &day,
            as_of: &day,
            numerator: None,
            denominator: None,
            value: None,
            unit: "",
            state: "",
            reason: None,
            band: None,
            standard: None,
            standard_least: None,
            standard_most: None,
            undetermined: None,
            excluded: None,
            unsure: None,
            unread: None,
            least: None,
            most: None,
            meaning: "",
            low: None,
            high: None,
            straddles: None,
            peer_group: None,
            below_green: None,
            below_yellow: None,
            below_red: None,
            below_none: None,
            group: None,
            group_value: None,
            ratio: None,
            ratio_low: None,
            ratio_high: None,
            ratio_to: None,
        };
        let text = serde_json::to_string(&row).unwrap();
        let fields: Vec<_> = text.split('"').skip(1).step_by(2).filter(|name| !name.is_empty()).collect();
        assert_eq!(ResultRow::columns().collect::<Vec<_>>(), fields);
    }
}
