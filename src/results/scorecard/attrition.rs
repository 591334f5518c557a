//! From all rows of a table to what is measured: how many are left after each step, of an entity.

use crate::counts::Case;
use crate::elsewhere::{self, Hold};
use crate::hierarchy::Hierarchy;
use yardstick_language::explanation::attrition::{Leaves, Picks, Place, Steps};
use yardstick_language::ir::{Indicator, Outcome};

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// All rows of the table.
    All,
    /// A condition of the cohort.
    Condition,
    /// The pick.
    Pick,
    /// It is not known whether they are in the cohort.
    Perhaps,
    /// The cohort.
    Cohort,
    /// An exclusion.
    Exclude,
    /// The denominator.
    Denominator,
    /// Of the denominator, those that are met (or counted, unmet, undetermined).
    Part,
    /// Of the denominator, those of which it is not known whether they stay.
    Unsure,
    /// Rows that another is said to hold, and that may be held here: they are none of the others.
    Coming,
    /// Rows that were set aside, and may be in the cohort: they are none of the others.
    Unread,
}

impl Kind {
    /// Its name in files for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Condition => "condition",
            Self::Pick => "pick",
            Self::Perhaps => "perhaps",
            Self::Cohort => "cohort",
            Self::Exclude => "exclude",
            Self::Denominator => "denominator",
            Self::Part => "part",
            Self::Unsure => "unsure",
            Self::Coming => "coming",
            Self::Unread => "unread",
        }
    }

    /// Whether rows leave here: with those that are left they are as many as the line before has.
    #[must_use]
    pub fn takes_away(self) -> bool {
        match self {
            Self::Condition | Self::Pick | Self::Perhaps | Self::Exclude => true,
            Self::All | Self::Cohort | Self::Denominator | Self::Part | Self::Unsure | Self::Coming | Self::Unread => {
                false
            }
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub kind: Kind,
    /// In words: the text of a condition, the reason of an exclusion.
    pub what: String,
    /// How many rows leave here.
    pub left: u64,
    /// How many rows are left; of a part, how many it has.
    pub rows: u64,
}

/// The lines of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attrition {
    /// As in [`Hierarchy::entities`].
    pub entity: usize,
    /// From all rows on.
    pub lines: Vec<Line>,
}

impl Attrition {
    /// The lines of an entity: the rows that it holds leave as `steps` says, and those that stay,
    /// or may, are these cases, where the cases are of all entities. `None` when the two do not
    /// agree: a mistake of the program.
    #[must_use]
    pub fn of(
        (indicator, table): (&Indicator, &str),
        hierarchy: &Hierarchy,
        entity: usize,
        steps: &Steps,
        cases: &[Case],
    ) -> Option<Self> {
        let held = |leaves: &&Leaves| {
            let holders = leaves.entities.iter().map(|holder| holder.and_then(|row| i32::try_from(row).ok()));
            hierarchy.holds(entity, &holders.collect::<Vec<_>>())
        };
        let places: Vec<Place> = steps.rows.iter().filter(held).map(|leaves| leaves.at).collect();
        let hold = |case: &Case| elsewhere::hold_of(hierarchy, entity, case);
        let seen =
            cases.iter().filter_map(|case| hold(case).map(|hold| (elsewhere::case_of(indicator, case, hold), hold)));
        let cases: Vec<(Case, Hold)> = seen.filter_map(|(case, hold)| Some((case?, hold))).collect();
        let at = |place: Place| places.iter().filter(|at| **at == place).count() as u64;
        let is = |test: &dyn Fn(&Case) -> bool| cases.iter().filter(|(case, _)| test(case)).count() as u64;
        let mut lines = Lines { lines: Vec::new(), rows: places.len() as u64 };
        lines.stands(Kind::All, format!("all rows of {table}"));
        let pick = (Kind::Pick, pick(indicator), at(Place::Pick));
        if steps.picks == Some(Picks::First) {
            lines.takes(pick.clone());
        }
        for (number, condition) in steps.conditions.iter().enumerate() {
            lines.takes((Kind::Condition, condition.clone(), at(Place::Condition(number))));
        }
        if steps.picks == Some(Picks::Last) {
            lines.takes(pick);
        }
        lines.takes((Kind::Perhaps, "known to be in the cohort".to_owned(), at(Place::Perhaps)));
        lines.stands(Kind::Cohort, "the cohort".to_owned());
        let is_held = |case: &Case| !matches!(case.outcome, Outcome::Unsure | Outcome::Unread);
        if lines.rows != is(&is_held) {
            return None;
        }
        for exclusion in &indicator.exclusions {
            let out = |case: &Case| case.outcome == Outcome::Excluded(Some(exclusion.reason.clone()));
            lines.takes((Kind::Exclude, exclusion.reason.clone(), is(&out)));
        }
        lines.stands(Kind::Denominator, "the denominator".to_owned());
        let has_met = indicator.measure.kind().has_met_rows();
        let parts = match has_met {
            true => vec![Outcome::Met, Outcome::Unmet, Outcome::Undetermined],
            false => vec![Outcome::Counted, Outcome::Undetermined],
        };
        let denominator = lines.rows;
        for part in parts {
            let word = super::words::outcome(&part).to_owned();
            lines.part(Kind::Part, word, is(&|case| case.outcome == part));
        }
        let stays = |case: &Case| is_held(case) && case.unsure && !matches!(case.outcome, Outcome::Excluded(_));
        lines.part(Kind::Unsure, "of these, not known whether they stay".to_owned(), is(&stays));
        let comes = |(case, hold): &&(Case, Hold)| *hold == Hold::Perhaps && case.outcome == Outcome::Unsure;
        let coming = cases.iter().filter(comes).count() as u64;
        if coming > 0 {
            lines.part(Kind::Coming, "held by another as far as is known, and perhaps here".to_owned(), coming);
        }
        let unread = is(&|case| case.outcome == Outcome::Unread);
        lines.part(Kind::Unread, "set aside as unreadable, and may be in the cohort".to_owned(), unread);
        let attrition = Self { entity, lines: lines.lines };
        let parts: u64 = attrition.lines.iter().filter(|line| line.kind == Kind::Part).map(|line| line.rows).sum();
        (parts == denominator).then_some(attrition)
    }

    /// The line of a kind that stands once.
    #[must_use]
    pub fn rows(&self, kind: Kind) -> Option<u64> {
        self.lines.iter().find(|line| line.kind == kind).map(|line| line.rows)
    }
}

/// Lines that are being written, and how many rows are left.
struct Lines {
    lines: Vec<Line>,
    rows: u64,
}

impl Lines {
    fn stands(&mut self, kind: Kind, what: String) {
        self.lines.push(Line { kind, what, left: 0, rows: self.rows });
    }

    fn takes(&mut self, (kind, what, left): (Kind, String, u64)) {
        self.rows = self.rows.saturating_sub(left);
        self.lines.push(Line { kind, what, left, rows: self.rows });
    }

    fn part(&mut self, kind: Kind, what: String, rows: u64) {
        self.lines.push(Line { kind, what, left: 0, rows });
    }
}

fn pick(indicator: &Indicator) -> String {
    let last = indicator.cohort.pick.as_ref().is_some_and(|pick| pick.last);
    format!("picked: the {} of the rows for the same", if last { "last" } else { "first" })
}
