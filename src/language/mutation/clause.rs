//! What is changed in each clause of an indicator.

use super::edits::Edits;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Clause, Cohort, Denominator, Expr, Measure, Window, WindowSpec};

impl Edits<'_> {
    /// The changes of a clause, one by one. Whoever adds a clause says here what they are.
    pub(super) fn clause(&mut self, clause: &Spanned<Clause>) {
        let whole = clause.span;
        match &clause.value {
            // Words, and what is judged or shown of a value, and no row becomes another by it.
            Clause::Title(_)
            | Clause::Tier(_)
            | Clause::Domain(_)
            | Clause::Question(_)
            | Clause::Reading(_)
            | Clause::Source(_)
            | Clause::Status(_)
            | Clause::Owner(_)
            | Clause::Approved(_)
            | Clause::Review(_)
            | Clause::Standard(_)
            | Clause::Minimum(_)
            | Clause::Without(_)
            // A test draws all of the past that there is.
            | Clause::History(_) => {}
            Clause::Window(window) => self.window(whole, window),
            Clause::Lag(length) => self.length(length.span),
            Clause::AsItStands => self.replace(whole, "", whole),
            Clause::Let { value, .. } => self.expr(value),
            Clause::Cohort(cohort) => self.cohort(whole, cohort),
            Clause::Exclude { condition, .. } => {
                self.shown(condition.span, "false", whole, "left out");
                self.condition(condition);
            }
            Clause::Measure(measure) => self.measure(measure),
            Clause::Numerator(e) => self.condition(e),
            Clause::Denominator(Denominator::Value(e)) => self.expr(e),
            Clause::Denominator(Denominator::ShareOfWindow(_)) => {}
            Clause::Attribute { at, .. } => {
                for day in ["+ 1 day", "- 1 day"] {
                    let text = format!("({}) {day}", self.text(at.span));
                    self.shown(at.span, &text, at.span, &format!("{} {day}", self.text(at.span)));
                }
                self.expr(at);
            }
        }
    }

    fn window(&mut self, whole: Span, window: &Window) {
        let length = window.length.span;
        let other = match &window.length.value {
            WindowSpec::Months(_) => return self.months(whole, length, window),
            WindowSpec::MonthEnd => "month",
            WindowSpec::Week => "month end",
            WindowSpec::Quarter => "2 months",
            WindowSpec::YearToDate { .. } | WindowSpec::AllTime => "12 months",
            WindowSpec::Other(..) => return,
        };
        self.replace(length, other, whole);
        self.ends(whole, window);
    }

    fn months(&mut self, whole: Span, length: Span, window: &Window) {
        // `window month` is written as a word.
        if self.text(length).starts_with(|c: char| c.is_ascii_digit()) {
            self.lengths(length, whole);
        } else {
            self.replace(length, "2 months", whole);
        }
        self.ends(whole, window);
    }

    fn ends(&mut self, whole: Span, window: &Window) {
        if let Some(ends) = &window.ends {
            self.replace(ends.span, "", whole);
        }
    }

    fn cohort(&mut self, whole: Span, cohort: &Cohort) {
        if let Some(pick) = &cohort.pick {
            let (is, other) = if pick.last { ("last", "first") } else { ("first", "last") };
            let shown =
                whole.until(cohort.relation.as_ref().map(|r| r.span).or(cohort.condition.as_ref().map(|c| c.span)));
            self.word(whole, is, other, shown);
            if pick.ever {
                self.word(whole, "ever", "", shown);
            }
            if pick.each_level {
                self.word(whole, "at each level", "", shown);
            }
        }
        if let Some(relation) = &cohort.relation {
            self.relation(relation);
        }
        if let Some(condition) = &cohort.condition {
            self.asked_of_rows(condition);
        }
    }

    fn measure(&mut self, measure: &Spanned<Measure>) {
        match &measure.value {
            // So much of what a rate is per is how the value is shown.
            Measure::Proportion | Measure::Count | Measure::Rate { .. } => {}
            Measure::Distinct(e) | Measure::Mean(e) => self.expr(e),
            Measure::Percentile { percent, value, censored } => {
                for other in [percent.value - 1, percent.value + 1] {
                    let is_median = self.text(percent.span).starts_with("median");
                    let text = if is_median { format!("percentile {other}") } else { other.to_string() };
                    self.replace(percent.span, &text, measure.span);
                }
                self.expr(value);
                self.all(censored.as_ref());
            }
            Measure::Incidence(of) => {
                self.expr(&of.of);
                self.length(of.by.span);
                self.expr(&of.from);
                self.expr(&of.to);
                self.all(of.censored.as_ref());
            }
        }
    }

    /// Expressions, where there are any.
    pub(super) fn all<'e>(&mut self, all: impl IntoIterator<Item = &'e Expr>) {
        for e in all {
            self.expr(e);
        }
    }
}
