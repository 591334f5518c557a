//! Which clauses of an indicator its tests have tried, and which of them a result hangs on.
//!
//! ```text
//!  Indicator ──of──▶ Clauses ──tests run on `indicator`, watched──▶ Seen ──┐
//!                      └───── `forced`, clause by clause, tests run again ──┴──counted──▶ Coverage
//! ```
//!
//! One model for all that is shown: the percentage, the marks in the text and the list of what is
//! missing are made of the same [`Goal`]s. A goal is an outcome that a clause can have (true,
//! false, unknown), or that a result hangs on the clause. What cannot occur is no goal: a clause
//! whose values are never missing, by the types of the model, is never unknown, and a constant has
//! one outcome. How many of these there are is told.

mod mark;
mod unknown;

use crate::interpret::{Clause as Role, Seen, clauses};
use crate::ir::{ExprKind, Indicator, Part, Ty};
use crate::model::Model;
use crate::source::Span;
use std::collections::BTreeMap;

/// What tests can show of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// It was true of a row.
    True,
    /// It was false of a row.
    False,
    /// It was unknown of a row.
    Unknown,
    /// A result hangs on it: with another truth value in its place, an expectation does not hold.
    Decides,
}

impl Goal {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::True, Self::False, Self::Unknown, Self::Decides];

    /// The letter in the marks.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::True => 'T',
            Self::False => 'F',
            Self::Unknown => 'U',
            Self::Decides => 'D',
        }
    }

    /// What is missing when it was not reached.
    #[must_use]
    pub fn missing(self) -> &'static str {
        match self {
            Self::True => "never true",
            Self::False => "never false",
            Self::Unknown => "never unknown",
            Self::Decides => "decides no result",
        }
    }
}

/// A clause of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its text.
    pub place: Span,
    /// What it is part of: `cohort`, `numerator`, `exclude "in care under 8 days"`.
    pub role: String,
    /// What tests can show of it, in order.
    pub goals: Vec<Goal>,
    /// Whether it is the same of every row, as `true` is.
    pub constant: bool,
}

/// The clauses of an indicator, in the order of their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Clauses {
    /// The indicator in which the clauses have places, and nothing else has: of the same meaning.
    pub indicator: Indicator,
    /// The clauses.
    pub all: Vec<Clause>,
    /// How many of its expressions are values and no conditions: days, numbers.
    pub values: usize,
}

impl Clauses {
    /// The clauses of an indicator; `texts` are the declarations of all indicators. A clause that
    /// an indicator takes over from another is shown there, and what a name of the model means is
    /// one clause, at the name.
    #[must_use]
    pub fn of(model: &Model, indicator: &Indicator, texts: &[Span]) -> Self {
        let indicator = mark::marked(indicator, texts);
        let rows = unknown::Rows::of(model, &indicator);
        let mut found: BTreeMap<Span, Clause> = BTreeMap::new();
        let mut values = 0;
        for (role, e) in clauses(&indicator) {
            values += usize::from(e.ty != Ty::Bool && matches!(role, Role::Measure(_)));
            e.walk(&mut |e| {
                let Some(place) = e.at.own().filter(|_| e.ty == Ty::Bool) else { return };
                let truth = if let ExprKind::Bool(truth) = e.kind { Some(truth) } else { None };
                let can = |goal: &Goal| match goal {
                    Goal::True => truth != Some(false),
                    Goal::False => truth != Some(true),
                    Goal::Unknown => truth.is_none() && unknown::may_be(e, &rows),
                    Goal::Decides => truth.is_none(),
                };
                let mut goals: Vec<Goal> = Goal::ALL.into_iter().filter(can).collect();
                let clause = found.entry(place).or_insert_with(|| Clause {
                    place,
                    role: words(&indicator, role),
                    goals: Vec::new(),
                    constant: truth.is_some(),
                });
                clause.constant &= truth.is_some();
                // A name that stands in two places can be what it can be in either.
                goals.extend(&clause.goals);
                goals.sort_unstable();
                goals.dedup();
                clause.goals = goals;
            });
        }
        Self { all: found.into_values().collect(), values, indicator }
    }

    /// The indicator in which a clause has this truth value, whatever the row. All else stays: the
    /// time that its outcomes take, too.
    #[must_use]
    pub fn forced(&self, clause: &Clause, truth: bool) -> Indicator {
        mark::forced(&self.indicator, clause.place, truth)
    }

    /// What the tests have shown: what they saw, and for each clause whether an expectation fails
    /// with it true of every row, and with it false.
    #[must_use]
    pub fn counted(&self, seen: &Seen, fails: &[(bool, bool)]) -> Coverage {
        let clauses = self.all.iter().zip(fails).map(|(clause, (as_true, as_false))| {
            let truths = seen.of(clause.place);
            let reached = |goal: &Goal| match goal {
                Goal::True => truths.is_true > 0,
                Goal::False => truths.is_false > 0,
                Goal::Unknown => truths.unknown > 0,
                Goal::Decides => *as_true || *as_false,
            };
            Covered {
                clause: clause.clone(),
                reached: Goal::ALL.into_iter().filter(reached).collect(),
                fails_as_true: *as_true,
                fails_as_false: *as_false,
            }
        });
        Coverage { clauses: clauses.collect(), values: self.values }
    }
}

/// A clause and what the tests have shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The clause.
    pub clause: Clause,
    /// What they have shown, also what was not a goal: a value that is never missing in case data
    /// can be missing in a test that does not draw it.
    pub reached: Vec<Goal>,
    /// Whether an expectation fails when the clause is true of every row.
    pub fails_as_true: bool,
    /// Whether one fails when it is false of every row.
    pub fails_as_false: bool,
}

/// How a goal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Reached.
    Reached,
    /// Not reached.
    Missing,
    /// Not asked for: it cannot occur.
    Impossible,
}

impl Covered {
    /// How a goal stands.
    #[must_use]
    pub fn standing(&self, goal: Goal) -> Standing {
        match (self.clause.goals.contains(&goal), self.reached.contains(&goal)) {
            (false, _) => Standing::Impossible,
            (true, true) => Standing::Reached,
            (true, false) => Standing::Missing,
        }
    }

    /// The goals that were not reached, in order.
    pub fn missing(&self) -> impl Iterator<Item = Goal> + '_ {
        Goal::ALL.into_iter().filter(|goal| self.standing(*goal) == Standing::Missing)
    }
}

/// The coverage of an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By their places.
    pub clauses: Vec<Covered>,
    /// How many expressions are values and no conditions, which are not counted.
    pub values: usize,
}

impl Coverage {
    /// How many goals there are.
    #[must_use]
    pub fn goals(&self) -> usize {
        self.clauses.iter().map(|of| of.clause.goals.len()).sum()
    }

    /// How many of them were reached.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.goals() - self.clauses.iter().map(|of| of.missing().count()).sum::<usize>()
    }

    /// How many clauses are not asked to be unknown, because their values are never missing.
    #[must_use]
    pub fn never_unknown(&self) -> usize {
        let never = |of: &&Covered| !of.clause.constant && !of.clause.goals.contains(&Goal::Unknown);
        self.clauses.iter().filter(never).count()
    }

    /// How many clauses are the same of every row.
    #[must_use]
    pub fn constants(&self) -> usize {
        self.clauses.iter().filter(|of| of.clause.constant).count()
    }
}

/// What a clause is part of, as the text calls it.
fn words(indicator: &Indicator, role: Role) -> String {
    let part = match role {
        Role::Cohort => "cohort",
        Role::By => "by",
        Role::Exclude(number) => {
            let reason = indicator.exclusions.get(number).map_or("", |exclusion| exclusion.reason.as_str());
            return format!("exclude \"{reason}\"");
        }
        Role::Measure(part) => match part {
            Part::Numerator => "numerator",
            Part::Denominator => "denominator",
            Part::Value | Part::Distinct => "measure",
            Part::From => "from",
            Part::To => "to",
            Part::Censored => "censored at",
            Part::EndsBy => "incidence of",
        },
        Role::AttributedOn => "attribute",
    };
    part.to_owned()
}
