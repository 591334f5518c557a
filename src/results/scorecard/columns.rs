//! Which indicators are the columns of a card, and the smallest counts that may be shown.

use super::apart;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, Program, Scorecard};

/// The columns of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The titles of the scorecards.
    pub title: String,
    /// Indices into the program's indicators, each once.
    pub indicators: Vec<usize>,
    /// The smallest count that may be shown, for indicators of a scorecard that hides counts.
    limits: BTreeMap<usize, u64>,
    /// The breakdowns by which all of the scorecards are split.
    pub split_by: Vec<usize>,
}

/// Why there are no columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoColumns {
    /// The program has no indicator.
    NoIndicator,
    /// The program has no scorecard of this name.
    NoScorecard(String),
}

impl Columns {
    /// The columns of every scorecard declared (or of those asked for), in order, each indicator
    /// once; without a scorecard, every indicator. A scorecard that hides counts is for readers
    /// outside: it is shown when it is asked for, or when there is no other. What stands in several
    /// is shown by the strictest.
    ///
    /// # Errors
    /// When there is nothing to show.
    pub fn of(program: &Program, asked: &[String]) -> Result<Self, NoColumns> {
        if program.indicators.is_empty() {
            return Err(NoColumns::NoIndicator);
        }
        let is_known = |name: &&String| program.scorecards.iter().any(|s| s.name == **name);
        if let Some(unknown) = asked.iter().find(|name| !is_known(name)) {
            return Err(NoColumns::NoScorecard(unknown.clone()));
        }
        let shown = shown(program, asked);
        let mut seen = BTreeSet::new();
        let each = shown.iter().flat_map(|s| &s.indicators).copied();
        let declared: Vec<usize> = each.filter(|i| seen.insert(*i)).collect();
        let titles: Vec<_> = shown.iter().map(|s| s.title.as_str()).collect();
        let limits = limits(&shown);
        let by_all = |by: &usize| shown.iter().all(|s| s.split_by.contains(by));
        let split_by = shown.iter().take(1).flat_map(|s| &s.split_by).copied().filter(by_all).collect();
        Ok(if declared.is_empty() {
            Self {
                title: "Scorecard".to_owned(),
                indicators: (0..program.indicators.len()).collect(),
                limits,
                split_by,
            }
        } else {
            Self { title: titles.join(", "), indicators: declared, limits, split_by }
        })
    }

    /// The smallest count of an indicator that may be shown, when small ones are hidden.
    #[must_use]
    pub fn limit(&self, indicator: usize) -> Option<u64> {
        self.limits.get(&indicator).copied()
    }

    /// The windows of an indicator that are shown of those that end in the last `months` months:
    /// all that can be reported; where small counts are hidden, those that share no rows.
    #[must_use]
    pub fn windows(&self, number: usize, indicator: &Indicator, through: NaiveDate, months: u32) -> Vec<Window> {
        match self.limit(number) {
            Some(_) => apart::windows(indicator, through, months),
            None => indicator.windows(through, months),
        }
    }

    /// The id of an indicator of which counts are hidden, and that has no windows that share no
    /// rows.
    #[must_use]
    pub fn never_apart<'p>(&self, program: &'p Program) -> Option<&'p str> {
        let hidden = self.indicators.iter().filter(|number| self.limit(**number).is_some());
        let mut hidden = hidden.filter_map(|number| program.indicators.get(*number));
        hidden.find(|of| apart::is_never(of)).map(|of| of.id.as_str())
    }

    /// Whether counts of any indicator are hidden.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.indicators.iter().any(|number| self.limit(*number).is_some())
    }

    /// What is said of the counts that are hidden, for each limit.
    #[must_use]
    pub fn hidden(&self, program: &Program) -> Vec<String> {
        let limits: BTreeSet<u64> = self.limits.values().copied().collect();
        let of = |limit: u64| {
            let ids: Vec<_> = self.indicators.iter().filter(|i| self.limits.get(i) == Some(&limit)).collect();
            if ids.len() == self.indicators.len() {
                return String::new();
            }
            let ids: Vec<_> = ids.iter().filter_map(|i| Some(program.indicators.get(**i)?.id.as_str())).collect();
            format!(" of {}", ids.join(", "))
        };
        let said = |limit: u64| {
            format!(
                "Counts under {limit}{} are hidden, and with them as many others as it takes that nobody can work them out; \
                 how many cases are undetermined, excluded, unsure or unread is not shown",
                of(limit)
            )
        };
        limits.into_iter().map(said).collect()
    }
}

/// The scorecards asked for, or those that are shown to everybody inside.
#[must_use]
pub fn shown<'p>(program: &'p Program, asked: &[String]) -> Vec<&'p Scorecard> {
    let inside = program.scorecards.iter().any(|s| s.hide_under.is_none());
    let unasked = |s: &Scorecard| asked.is_empty() && (s.hide_under.is_none() || !inside);
    program.scorecards.iter().filter(|s| unasked(s) || asked.contains(&s.name)).collect()
}

/// The strictest limit of each indicator.
fn limits(shown: &[&Scorecard]) -> BTreeMap<usize, u64> {
    let mut limits = BTreeMap::new();
    for scorecard in shown {
        for (&indicator, limit) in scorecard.indicators.iter().filter_map(|i| Some((i, scorecard.hide_under?))) {
            let strictest = limits.entry(indicator).or_insert(limit);
            *strictest = limit.max(*strictest);
        }
    }
    limits
}
