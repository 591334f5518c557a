//! Rules: what must hold of every row of a table.

use super::measure::Proportion;
use super::{About, Attribution, Cohort, Expr, Indicator, Measure, Period, WindowEnds, WindowLength, print};
use crate::model::{Model, TableId};
use crate::source::Span;
use std::collections::BTreeMap;

/// A condition that must hold of every row of a table. A row *keeps* the rule when the condition is
/// true and *breaks* it when it is false; when it is unknown, it is not known whether the row keeps
/// the rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name, which no other member of the table has.
    pub name: String,
    /// What must hold, in words.
    pub title: String,
    /// Where the name is declared.
    pub span: Span,
    /// The table.
    pub table: TableId,
    /// The condition, asked of the row as the cohort's row. It asks nothing of the window.
    pub condition: Expr,
    /// Who a row belongs to, and on which day; at the whole when the table does not say it, and on
    /// the day on which the row begins.
    pub attribution: Attribution,
    /// Whether rows have such a day; without one, they belong to no month.
    pub dated: bool,
}

impl Rule {
    /// The name with that of its table, which no other rule has.
    #[must_use]
    pub fn full_name(&self, model: &Model) -> String {
        format!("{}.{}", model.table(self.table).name, self.name)
    }

    /// The rule as an indicator of all rows of the table: those met keep the rule, those unmet
    /// break it.
    #[must_use]
    pub fn of_all_rows(&self, model: &Model) -> Indicator {
        self.indicator(model, self.full_name(model), WindowLength::AllTime, Expr::truth())
    }

    /// The rule as an indicator of the rows that belong to a month.
    #[must_use]
    pub fn of_each_month(&self, model: &Model) -> Indicator {
        let in_month = Expr::in_window(self.attribution.at.clone());
        // Not the id of the other: what is run side by side is told apart by its id.
        let id = format!("{} by month", self.full_name(model));
        self.indicator(model, id, WindowLength::Months(1), in_month)
    }

    fn indicator(&self, model: &Model, id: String, window: WindowLength, condition: Expr) -> Indicator {
        let mut indicator = Indicator {
            id,
            span: self.span,
            about: About { title: self.title.clone(), ..About::default() },
            window,
            ends: WindowEnds::default(),
            follow_up: Some(Period::default()),
            as_it_stands: false,
            lag: Period::default(),
            look_back: BTreeMap::new(),
            history: None,
            cohort: Cohort { table: self.table, pick: None, condition },
            exclusions: Vec::new(),
            measure: Measure::Proportion(Proportion { numerator: self.condition.clone() }),
            attribution: self.attribution.clone(),
            standards: Vec::new(),
            own_standards: Vec::new(),
            minimum: None,
            split: None,
            meaning: String::new(),
        };
        indicator.meaning = print::meaning(model, &indicator);
        indicator
    }
}
