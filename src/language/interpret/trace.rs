//! What each clause of an indicator found on one row, part by part: why a row counts, or does not.

use super::evaluate::{Evaluator, Fault, Question};
use super::rows::Rows;
use crate::functions::Cell;
use crate::ir::{Expr, ExprKind, Indicator, Part};

/// A clause of an indicator that is asked of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clause {
    /// Whether the row is in the cohort.
    Cohort,
    /// What the rows of one pick are put in order by.
    By,
    /// The exclusion of this number.
    Exclude(usize),
    /// A part of what is measured.
    Measure(Part),
    /// The day of attribution.
    AttributedOn,
}

/// What an expression was worth, and what its parts were, as far down as was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'e> {
    /// The expression.
    pub expr: &'e Expr,
    /// Its value; `None` when it is missing or unknown.
    pub value: Cell,
    /// What the expressions directly inside it were worth.
    pub parts: Vec<Finding<'e>>,
    /// Of a question about other rows: what its condition, and then its values, were worth on each
    /// row, by the row's number.
    pub rows: Vec<(usize, Vec<Finding<'e>>)>,
}

/// What each clause found on a row of the cohort's table, in the order in which they are asked,
/// with the parts of its expression so many levels down. Questions about rows inside one another
/// have many parts: each further level multiplies them.
///
/// The indicator is looked at as it stands in the question: see [`as_asked`](super::as_asked).
///
/// # Errors
/// When a value has another type than its expression: a mistake of the program.
pub fn trace<'a>(asked: Question<'a>, row: usize, levels: usize) -> Result<Vec<(Clause, Finding<'a>)>, Fault> {
    let evaluator = Evaluator::new(asked);
    let rows = evaluator.row_of_cohort(row);
    let found = clauses(asked.indicator).into_iter().map(|(clause, e)| (clause, evaluator.finding(e, &rows, levels)));
    let found = found.collect();
    evaluator.sound(found)
}

/// The expressions of an indicator by their clauses.
pub(crate) fn clauses(indicator: &Indicator) -> Vec<(Clause, &Expr)> {
    let mut all = vec![(Clause::Cohort, &indicator.cohort.condition)];
    all.extend(indicator.cohort.pick.iter().flat_map(|pick| &pick.by).map(|e| (Clause::By, e)));
    all.extend(indicator.exclusions.iter().enumerate().map(|(number, e)| (Clause::Exclude(number), &e.condition)));
    all.extend(indicator.measure.parts().into_iter().map(|(part, e)| (Clause::Measure(part), e)));
    all.push((Clause::AttributedOn, &indicator.attribution.at));
    all
}

impl Evaluator<'_> {
    fn finding<'e>(&self, e: &'e Expr, rows: &Rows, levels: usize) -> Finding<'e> {
        let mut found = Finding { expr: e, value: self.value(e, rows), parts: Vec::new(), rows: Vec::new() };
        let Some(levels) = levels.checked_sub(1) else { return found };
        if let ExprKind::Linked(q) = &e.kind {
            for row in self.rows_asked(q, rows).into_iter().flatten() {
                let seen = rows.with(q.row, q.table, row);
                found.rows.push((row, e.children().into_iter().map(|e| self.finding(e, &seen, levels)).collect()));
            }
        } else {
            found.parts = e.children().into_iter().map(|e| self.finding(e, rows, levels)).collect();
        }
        found
    }
}
