//! An indicator's clauses by kind: which stand where, which are missing, which stand twice.

use super::declared::repeated;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Clause, Cohort, Duration, Expr, Name, Path, Text};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// `exclude "reason" condition`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exclude<'a> {
    pub(super) reason: &'a Text,
    pub(super) condition: &'a Expr,
}

/// `attribute child.worker at last_day`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) path: &'a Path,
    pub(super) at: &'a Expr,
    pub(super) span: Span,
}

/// The clauses, the first of each kind.
#[derive(Debug, Default)]
pub(super) struct Clauses<'a> {
    pub(super) title: Option<&'a Text>,
    pub(super) tier: Option<&'a Spanned<i64>>,
    pub(super) domain: Option<&'a Name>,
    pub(super) question: Option<&'a Text>,
    pub(super) reading: Option<&'a Text>,
    pub(super) source: Option<&'a Text>,
    pub(super) status: Option<&'a Name>,
    pub(super) owner: Option<&'a Text>,
    pub(super) approved: Option<&'a ast::Approved>,
    pub(super) review: Option<&'a Spanned<NaiveDate>>,
    pub(super) window: Option<&'a ast::Window>,
    pub(super) lag: Option<&'a Spanned<Duration>>,
    pub(super) history: Option<&'a Spanned<Duration>>,
    pub(super) as_it_stands: Option<Span>,
    pub(super) cohort: Option<(&'a Cohort, Span)>,
    pub(super) measure: Option<&'a Spanned<ast::Measure>>,
    pub(super) numerator: Option<(&'a Expr, Span)>,
    pub(super) denominator: Option<(&'a ast::Denominator, Span)>,
    /// Of the hierarchy at hand.
    pub(super) attribute: Option<Attribute<'a>>,
    /// Of all hierarchies.
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) minimum: Option<&'a Spanned<i64>>,
    pub(super) lets: Vec<(&'a Name, &'a Expr)>,
    pub(super) exclusions: Vec<Exclude<'a>>,
    pub(super) standards: Vec<(&'a ast::Standard, Span)>,
}

impl<'a> Clauses<'a> {
    /// Sorts the clauses by kind.
    pub(super) fn of(indicator: &'a ast::Indicator, out: &mut Diagnostics) -> Self {
        let mut all = Self::default();
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for clause in &indicator.clauses {
            if let Some(word) = once(&clause.value) {
                if let Some(first) = seen.get(word) {
                    let message = format!("the clause `{word}` is written twice");
                    out.push(repeated(code::CLAUSE_REPEATED, message, clause.span, *first).help("keep one of the two"));
                    continue;
                }
                seen.insert(word, clause.span);
            }
            all.add(&clause.value, clause.span);
        }
        all.missing(indicator, out);
        all
    }

    fn add(&mut self, clause: &'a Clause, span: Span) {
        match clause {
            Clause::Title(text) => self.title = Some(text),
            Clause::Tier(n) => self.tier = Some(n),
            Clause::Domain(name) => self.domain = Some(name),
            Clause::Question(text) => self.question = Some(text),
            Clause::Reading(text) => self.reading = Some(text),
            Clause::Source(text) => self.source = Some(text),
            Clause::Status(name) => self.status = Some(name),
            Clause::Owner(text) => self.owner = Some(text),
            Clause::Approved(approved) => self.approved = Some(approved),
            Clause::Review(day) => self.review = Some(day),
            Clause::Window(window) => self.window = Some(window),
            Clause::Lag(lag) => self.lag = Some(lag),
            Clause::History(history) => self.history = Some(history),
            Clause::AsItStands => self.as_it_stands = Some(span),
            Clause::Let { name, value } => self.lets.push((name, value)),
            Clause::Cohort(cohort) => self.cohort = Some((cohort, span)),
            Clause::Exclude { reason, condition } => self.exclusions.push(Exclude { reason, condition }),
            Clause::Measure(measure) => self.measure = Some(measure),
            Clause::Denominator(value) => self.denominator = Some((value, span)),
            Clause::Numerator(condition) => self.numerator = Some((condition, span)),
            Clause::Attribute { path, at } => self.attributes.push(Attribute { path, at, span }),
            Clause::Standard(standard) => self.standards.push((standard, span)),
            Clause::Minimum(n) => self.minimum = Some(n),
            // What is taken over has been found before.
            Clause::Without(_) => {}
        }
    }

    /// Whether the measure says by itself what is measured, as a mean or a count does.
    fn is_said_by_measure(&self) -> bool {
        self.measure.is_some_and(|m| match m.value {
            ast::Measure::Proportion | ast::Measure::Rate { .. } => false,
            ast::Measure::Count
            | ast::Measure::Distinct(_)
            | ast::Measure::Mean(_)
            | ast::Measure::Percentile { .. }
            | ast::Measure::Incidence(_) => true,
        })
    }

    fn missing(&self, indicator: &ast::Indicator, out: &mut Diagnostics) {
        let needed = [
            (
                self.window.is_some(),
                "window",
                "how long a reporting period is: `window 12 months`, `window month` or `window month end`",
            ),
            (self.cohort.is_some(), "cohort", "which rows it is about: `cohort removal where removed_on in window`"),
            (
                self.numerator.is_some() || self.is_said_by_measure(),
                "numerator",
                "what is counted on them: `numerator exit_type = reunification`",
            ),
            (
                !self.attributes.is_empty(),
                "attribute",
                "who a row belongs to: `attribute child.worker at window.last_day`",
            ),
        ];
        for (there, word, help) in needed {
            if !there {
                let message = format!("indicator `{}` has no `{word}`", indicator.name.value);
                out.push(
                    Diagnostic::new(code::CLAUSE_MISSING, indicator.name.span, message).help(format!("say {help}")),
                );
            }
        }
    }
}

/// The word of a clause that may stand once.
pub(super) fn once(clause: &Clause) -> Option<&'static str> {
    match clause {
        Clause::Title(_) => Some("title"),
        Clause::Tier(_) => Some("tier"),
        Clause::Domain(_) => Some("domain"),
        Clause::Question(_) => Some("question"),
        Clause::Reading(_) => Some("reading"),
        Clause::Source(_) => Some("source"),
        Clause::Status(_) => Some("status"),
        Clause::Owner(_) => Some("owner"),
        Clause::Approved(_) => Some("approved"),
        Clause::Review(_) => Some("review"),
        Clause::Window(_) => Some("window"),
        Clause::Lag(_) => Some("lag"),
        Clause::History(_) => Some("history"),
        Clause::AsItStands => Some("as it stands"),
        Clause::Cohort(_) => Some("cohort"),
        Clause::Measure(_) => Some("measure"),
        Clause::Numerator(_) => Some("numerator"),
        Clause::Denominator(_) => Some("denominator"),
        Clause::Minimum(_) => Some("minimum"),
        Clause::Let { .. }
        | Clause::Exclude { .. }
        | Clause::Attribute { .. }
        | Clause::Standard(_)
        | Clause::Without(_) => None,
    }
}
