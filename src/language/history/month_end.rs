//! Where it matters what `+ 1 month` means on a day that the next month does not have. That the
//! choice is one which people have to make is shown by Monat, Fromherz and Merigoux, "Formalizing
//! Date Arithmetic and Statically Detecting Ambiguities for the Law" (ESOP 2024); theirs is a proof
//! for all days, this a search.

use super::answer::RowAnswer;
use super::apart::{self, Apart, Sides};
use super::edges::Overflowing;
use super::values::read;
use super::{Bounds, Definition, Shown};
use crate::functions::Calendar;
use crate::interpret::{self, Arithmetic, Clause, Question};
use crate::ir::{Expr, ExprKind, Function, Ty};
use crate::model::{ColumnType, Counted};
use chrono::{Datelike, NaiveDate};

/// Rows on which an outcome depends on the arithmetic of months.
#[derive(Debug, Clone)]
pub struct MonthEnd {
    /// The first clause that finds something else, when it can be told.
    pub clause: Option<Clause>,
    /// The rows, what this language makes of them (as new), and what a language makes of them in
    /// which days that a month does not have run into the next one (as old).
    pub apart: Apart,
    /// The days of the rows that are none of every month: 29, 30 or 31.
    pub days: Vec<NaiveDate>,
}

/// Looks for rows on which an outcome depends on the arithmetic of months; nothing where no clause
/// reckons with months, or none were found.
#[must_use]
pub fn month_end(of: Definition, shown: &dyn Shown, bounds: Bounds) -> Option<MonthEnd> {
    if !has_months(of) {
        return None;
    }
    let sides = Sides { definitions: [of, of], arithmetic: [&Calendar, &Overflowing], later: 0 };
    let apart = apart::search(&sides, shown, bounds).found?;
    let days = days(of, &apart);
    Some(MonthEnd { clause: clause(of, &apart), apart, days })
}

/// Whether a clause moves a day by months or years, or counts them.
pub(super) fn has_months(of: Definition) -> bool {
    let counted = |ty: Ty| matches!(ty, Ty::Length(Counted::Months | Counted::Years));
    let is_months = |e: &Expr| match &e.kind {
        ExprKind::Shift { months, .. } => *months != 0,
        ExprKind::Move { by, .. } => counted(by.ty),
        ExprKind::Call { function: Function::MonthsBetween | Function::YearsBetween, .. } => true,
        _ => false,
    };
    let measure = &of.indicator().measure;
    of.indicator().expressions().any(|e| e.has(&is_months))
        || measure.counts(Counted::Months)
        || measure.counts(Counted::Years)
}

/// The first clause that finds something else on a row that turns out otherwise.
fn clause(of: Definition, apart: &Apart) -> Option<Clause> {
    let test = apart.shape.test(&apart.history, of.model(), of);
    let world = interpret::drawn(of.model(), &test).ok()?;
    let indicator = &*interpret::as_asked(of.model(), of.indicator());
    let window = indicator.window_ending(apart.history.last_day)?;
    let traced = |row: usize, arithmetic: &dyn Arithmetic| {
        let question = Question { world: &world, indicator, as_of: apart.history.as_of, window, level: 0, arithmetic };
        let found = interpret::trace(question, row, 0).unwrap_or_default();
        found.into_iter().map(|(clause, finding)| (clause, finding.value)).collect::<Vec<_>>()
    };
    let rows = 0..world.rows(indicator.cohort.table).len();
    rows.into_iter().find_map(|row| {
        let (here, there) = (traced(row, &Calendar), traced(row, &Overflowing));
        here.into_iter().zip(there).find(|(here, there)| here.1 != there.1).map(|((clause, _), _)| clause)
    })
}

fn days(of: Definition, apart: &Apart) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    for (table, rows) in &apart.history.tables {
        for (place, column) in apart.shape.columns.get(table).into_iter().flatten().enumerate() {
            let is_day =
                matches!(of.model().table(*table).column(*column).ty, ColumnType::Date | ColumnType::Timestamp);
            let read = |row: &super::Cells| read(row.get(place)?.as_deref()?).map(|time| time.date());
            days.extend(rows.iter().filter(|_| is_day).filter_map(read).filter(|day| day.day() > 28));
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

impl MonthEnd {
    /// The rows as a test, with what the other arithmetic would say in a comment.
    #[must_use]
    pub fn block(&self, of: Definition) -> String {
        self.apart.block_saying(of, "Where days that a month does not have run into the next month", "with those days")
    }

    /// The first row that turns out otherwise: its name, what it is here, and what it would be.
    #[must_use]
    pub fn row(&self) -> Option<(String, RowAnswer, RowAnswer)> {
        let name = self.apart.new.other_rows(&self.apart.old).into_iter().next()?;
        Some((name.clone(), self.apart.new.row(&name), self.apart.old.row(&name)))
    }
}
