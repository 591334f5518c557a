//! Which empty fields can leave an answer open, by the form of the expressions.
//!
//! A set of fields is taken to be empty and all others to be filled, and the expression is
//! evaluated on what its values *can* be: whether a day is before another is true or false, `x is
//! missing or x before y` of an empty `x` is true. Sets of one field are tried, of all fields that
//! are one column, of the values of one `first known of`, and of two fields, each together with
//! fields of which it is asked whether they are empty. A field that leaves an answer open of a row
//! that does not count then is none: a row without an end does not end in the window.

use super::{Ask, CompareOp, Expr, ExprKind, Function, Indicator, LinkedQuery, Missing, RowId, reads};
use crate::model::{ColumnId, Model, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// What can leave an answer open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// This field of the row reached is empty.
    Field(RowId, Vec<ColumnId>, ColumnId),
    /// No row of this variable counts, and a day of those that do is asked for.
    NoRow(RowId),
}

/// More causes than this are not tried in pairs.
const PAIRED: usize = 16;
/// Of more fields it is not tried that they are empty so that a row counts.
const GUARDS: usize = 6;

/// What a condition can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Truth {
    yes: bool,
    no: bool,
    unknown: bool,
}

impl Truth {
    const EITHER: Self = Self { yes: true, no: true, unknown: false };
    const UNKNOWN: Self = Self { yes: false, no: false, unknown: true };

    fn only(is: bool) -> Self {
        Self { yes: is, no: !is, unknown: false }
    }

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes, unknown: self.unknown }
    }

    fn and(self, other: Self) -> Self {
        let open = |a: Self| a.yes || a.unknown;
        Self {
            yes: self.yes && other.yes,
            no: self.no || other.no,
            unknown: (self.unknown && open(other)) || (other.unknown && open(self)),
        }
    }

    fn or_else(self, other: Self) -> Self {
        Self { yes: self.yes || other.yes, no: self.no || other.no, unknown: self.unknown || other.unknown }
    }
}

/// What a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    there: bool,
    missing: bool,
}

impl Cell {
    const THERE: Self = Self { there: true, missing: false };

    fn missing_if(is: bool) -> Self {
        Self { there: !is, missing: is }
    }
}

/// What can leave answers about an indicator open.
#[derive(Debug)]
pub struct LeftOpen<'a> {
    model: &'a Model,
    indicator: &'a Indicator,
    tables: BTreeMap<RowId, TableId>,
}

impl<'a> LeftOpen<'a> {
    /// Of this indicator.
    #[must_use]
    pub fn new(model: &'a Model, indicator: &'a Indicator) -> Self {
        Self { model, indicator, tables: reads::row_tables(indicator) }
    }

    /// What can leave it open whether a row belongs to the cohort, or stands where in the order of
    /// a pick.
    #[must_use]
    pub fn of_cohort(&self) -> Vec<Cause> {
        let cohort = &self.indicator.cohort;
        let by = cohort.pick.as_ref().map_or(&[][..], |pick| &pick.by);
        let asked: Vec<&Expr> = by.iter().chain([&cohort.condition]).collect();
        let ever = cohort.pick.as_ref().is_some_and(|pick| pick.ever);
        self.causes(&asked, |tried| {
            let belongs = tried.truth(&cohort.condition);
            let unplaced = by.iter().any(|e| e.missing != Missing::OpenEnd && tried.cell(e).missing);
            belongs.unknown || (unplaced && (ever || belongs.yes))
        })
    }

    /// What can leave it open whether a row of the cohort is excluded for the n-th reason.
    #[must_use]
    pub fn of_exclusion(&self, n: usize) -> Vec<Cause> {
        let (before, condition) = match self.indicator.exclusions.get(n) {
            Some(this) => (self.indicator.exclusions.get(..n).unwrap_or_default(), &this.condition),
            None => return Vec::new(),
        };
        self.causes(&[condition], |tried| {
            let stays = before.iter().all(|e| tried.stays(&e.condition));
            tried.truth(&self.indicator.cohort.condition).yes && stays && tried.truth(condition).unknown
        })
    }

    /// What can leave one of these open, of a row that counts.
    #[must_use]
    pub fn of_measured(&self, of: &[&Expr]) -> Vec<Cause> {
        self.causes(of, |tried| tried.counts() && of.iter().any(|e| tried.leaves_open(e)))
    }

    /// Whether an open end may be missing of a row that belongs to the cohort, by its condition.
    #[must_use]
    pub fn may_be_open(&self, e: &Expr) -> bool {
        let mut ends = BTreeSet::new();
        e.walk(&mut |e| self.possible(e, &mut ends));
        let cohort = &self.indicator.cohort;
        if cohort.pick.as_ref().is_some_and(|pick| pick.ever) {
            return true;
        }
        let belongs = |empty: &BTreeSet<Cause>| (Tried { of: self, empty }).truth(&cohort.condition).yes;
        let guards = self.asked_whether_empty();
        let missing = |guards: &BTreeSet<Cause>| {
            let empty: BTreeSet<Cause> = ends.union(guards).cloned().collect();
            (Tried { of: self, empty: &empty }).cell(e).missing && belongs(&empty)
        };
        guards.iter().any(missing)
    }

    /// The table of a row, and the column that is empty.
    #[must_use]
    pub fn field(&self, cause: &Cause) -> Option<(TableId, ColumnId)> {
        match cause {
            Cause::Field(row, links, column) => Some((self.table_at(*row, links)?, *column)),
            Cause::NoRow(_) => None,
        }
    }

    fn table_at(&self, row: RowId, links: &[ColumnId]) -> Option<TableId> {
        self.model.reached(*self.tables.get(&row)?, links)
    }

    /// Those of all possible causes by which something is open.
    fn causes(&self, asked: &[&Expr], is_open: impl Fn(Tried) -> bool) -> Vec<Cause> {
        let (all, mut groups) = self.candidates(asked);
        let open = |empty: &BTreeSet<Cause>| is_open(Tried { of: self, empty });
        let guards = self.asked_whether_empty();
        // The group opens it, where the guards by themselves do not.
        let opens = |group: &BTreeSet<Cause>| {
            let with = |guards: &&BTreeSet<Cause>| {
                let empty = group.union(guards).cloned().collect();
                open(&empty) && !open(guards)
            };
            guards.iter().any(|guards| with(&guards))
        };
        let alone: BTreeSet<Cause> =
            all.iter().filter(|cause| opens(&BTreeSet::from([(*cause).clone()]))).cloned().collect();
        if all.len() <= PAIRED {
            let all: Vec<&Cause> = all.iter().collect();
            let pairs = all.iter().enumerate().flat_map(|(n, a)| all.iter().skip(n + 1).map(move |b| (*a, *b)));
            groups.extend(pairs.map(|(a, b)| BTreeSet::from([a.clone(), b.clone()])));
        }
        let together = groups.into_iter().filter(|group| group.is_disjoint(&alone) && opens(group)).flatten();
        let by_themselves = guards.iter().find(|guards| open(guards)).into_iter().flatten().cloned();
        let found: BTreeSet<Cause> = together.chain(by_themselves).collect();
        alone.union(&found).cloned().collect()
    }

    /// All that can be empty in these expressions, and what may have to be empty together: the
    /// values of a choice among some, and a column of several rows.
    fn candidates(&self, asked: &[&Expr]) -> (BTreeSet<Cause>, Vec<BTreeSet<Cause>>) {
        let mut all = BTreeSet::new();
        let mut groups: Vec<BTreeSet<Cause>> = Vec::new();
        for e in asked {
            e.walk(&mut |e| {
                self.possible(e, &mut all);
                if let ExprKind::Call { function: Function::FirstKnown, of } = &e.kind {
                    let mut together = BTreeSet::new();
                    of.iter().for_each(|e| e.walk(&mut |e| self.possible(e, &mut together)));
                    groups.push(together);
                }
            });
        }
        let mut by_column: BTreeMap<(TableId, ColumnId), BTreeSet<Cause>> = BTreeMap::new();
        for cause in &all {
            if let Some(field) = self.field(cause) {
                by_column.entry(field).or_default().insert(cause.clone());
            }
        }
        groups.extend(by_column.into_values());
        (all, groups)
    }

    /// The sets of fields of which the indicator asks whether they are empty, the smallest first: a
    /// row may count only where they are.
    fn asked_whether_empty(&self) -> Vec<BTreeSet<Cause>> {
        let mut guards = Vec::new();
        for e in reads::expressions(self.indicator) {
            e.walk(&mut |e| {
                if let ExprKind::IsMissing(value) = &e.kind {
                    self.mentioned(value, &mut guards);
                }
            });
        }
        guards.truncate(GUARDS);
        let of = |set: u32| (0..).zip(&guards).filter(|(n, _)| set >> n & 1 == 1).map(|(_, g)| g.clone()).collect();
        let mut sets: Vec<BTreeSet<Cause>> = (0..1_u32 << guards.len()).map(of).collect();
        sets.sort_by_key(BTreeSet::len);
        if !sets.iter().any(|empty| (Tried { of: self, empty }).counts()) {
            // A row may count because it is not known that it is excluded.
            let mut causes = Vec::new();
            self.indicator.exclusions.iter().for_each(|e| self.mentioned(&e.condition, &mut causes));
            sets.extend(causes.into_iter().map(|cause| BTreeSet::from([cause])));
        }
        sets
    }

    /// All that can be empty in an expression, in the order of the text: how rows are numbered must
    /// not decide what is tried.
    fn mentioned(&self, e: &Expr, all: &mut Vec<Cause>) {
        e.walk(&mut |e| {
            let mut found = BTreeSet::new();
            self.possible(e, &mut found);
            all.extend(found.into_iter().filter(|cause| !all.contains(cause)).collect::<Vec<_>>());
        });
    }

    /// What can be missing in this form itself.
    fn possible(&self, e: &Expr, found: &mut BTreeSet<Cause>) {
        match &e.kind {
            ExprKind::Column { row, links, column } => {
                self.on_the_way(*row, links, found);
                let place = self.table_at(*row, links).map(|table| self.model.table(table));
                if place.is_some_and(|table| table.column(*column).optional || !table.places(*column)) {
                    found.insert(Cause::Field(*row, links.clone(), *column));
                }
            }
            ExprKind::Row { row, links } => self.on_the_way(*row, links, found),
            ExprKind::Linked(q) => {
                if q.via.is_some() {
                    self.on_the_way(q.owner, &q.owner_links, found);
                }
                if matches!(q.ask, Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. }) {
                    found.insert(Cause::NoRow(q.row));
                }
            }
            _ => {}
        }
    }

    /// The links of a path that may be missing.
    fn on_the_way(&self, row: RowId, links: &[ColumnId], found: &mut BTreeSet<Cause>) {
        for (n, link) in links.iter().enumerate() {
            let before = links.get(..n).unwrap_or_default();
            if self.table_at(row, before).is_some_and(|table| self.model.table(table).column(*link).optional) {
                found.insert(Cause::Field(row, before.to_vec(), *link));
            }
        }
    }
}

/// An indicator on rows of which some fields are empty.
#[derive(Clone, Copy)]
struct Tried<'t> {
    of: &'t LeftOpen<'t>,
    empty: &'t BTreeSet<Cause>,
}

impl Tried<'_> {
    /// Whether a row can belong to the cohort and not be excluded.
    fn counts(self) -> bool {
        let indicator = self.of.indicator;
        self.truth(&indicator.cohort.condition).yes && indicator.exclusions.iter().all(|e| self.stays(&e.condition))
    }

    fn stays(self, exclusion: &Expr) -> bool {
        let excluded = self.truth(exclusion);
        excluded.no || excluded.unknown
    }

    fn leaves_open(self, e: &Expr) -> bool {
        if e.ty == super::Ty::Bool { self.truth(e).unknown } else { self.cell(e).missing }
    }

    fn truth(self, e: &Expr) -> Truth {
        match &e.kind {
            ExprKind::Bool(is) => Truth::only(*is),
            ExprKind::And(all) => all.iter().map(|e| self.truth(e)).fold(Truth::only(true), Truth::and),
            ExprKind::Or(all) => all.iter().map(|e| self.truth(e).not()).fold(Truth::only(true), Truth::and).not(),
            ExprKind::Not(e) => self.truth(e).not(),
            ExprKind::Compare { op, left, right } => self.compared(*op, left, right),
            ExprKind::InWindow(e) | ExprKind::Elsewhere(e) => self.asked(e, Truth::only(false)),
            ExprKind::InCodes { value, .. } => self.asked(value, Truth::UNKNOWN),
            ExprKind::IsMissing(e) => {
                let cell = self.cell(e);
                Truth { yes: cell.missing, no: cell.there, unknown: false }
            }
            ExprKind::Linked(q) if q.ask == Ask::Exists => {
                if self.is_empty(q.owner, &q.owner_links, None) && q.via.is_some() {
                    return Truth::UNKNOWN;
                }
                Truth { no: true, ..self.truth(&q.condition) }
            }
            _ => {
                let cell = self.cell(e);
                Truth { yes: cell.there, no: cell.there, unknown: cell.missing }
            }
        }
    }

    /// True or false of a value that is there, unknown of one that is not known, and this of an
    /// open end.
    fn asked(self, e: &Expr, open: Truth) -> Truth {
        let cell = self.cell(e);
        let there = if cell.there { Truth::EITHER } else { Truth::default() };
        let missing = if e.missing == Missing::OpenEnd { open } else { Truth::UNKNOWN };
        if cell.missing { there.or_else(missing) } else { there }
    }

    fn compared(self, op: CompareOp, left: &Expr, right: &Expr) -> Truth {
        let (a, b) = (self.cell(left), self.cell(right));
        let mut can = Truth::default();
        let unknown = |cell: Cell, e: &Expr| cell.missing && e.missing != Missing::OpenEnd;
        can.unknown = unknown(a, left) || unknown(b, right);
        let open = |cell: Cell, e: &Expr| cell.missing && e.missing == Missing::OpenEnd;
        if a.there && b.there {
            can = can.or_else(Truth::EITHER);
        }
        if open(a, left) && b.there {
            can = can.or_else(Truth::only(matches!(op, CompareOp::Gt | CompareOp::Ge | CompareOp::Ne)));
        }
        if a.there && open(b, right) {
            can = can.or_else(Truth::only(matches!(op, CompareOp::Lt | CompareOp::Le | CompareOp::Ne)));
        }
        if open(a, left) && open(b, right) {
            can = can.or_else(Truth::only(op == CompareOp::Ne));
        }
        can
    }

    fn cell(self, e: &Expr) -> Cell {
        match &e.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf => Cell::THERE,
            ExprKind::Column { row, links, column } => Cell::missing_if(self.is_empty(*row, links, Some(*column))),
            ExprKind::Row { row, links } => Cell::missing_if(self.is_empty(*row, links, None)),
            ExprKind::Shift { date: e, .. } | ExprKind::BusinessDay { date: e, .. } => self.cell(e),
            ExprKind::Move { date, by, .. } => self.unless_missing([&**date, &**by]),
            ExprKind::Call { function, of } => self.call(*function, of),
            ExprKind::Linked(q) if q.ask != Ask::Exists => self.made_of_rows(q),
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::Linked(_) => {
                let truth = self.truth(e);
                Cell { there: truth.yes || truth.no, missing: truth.unknown }
            }
        }
    }

    fn unless_missing<'e>(self, of: impl IntoIterator<Item = &'e Expr>) -> Cell {
        let cells = of.into_iter().map(|e| self.cell(e));
        let both = |a: Cell, b: Cell| Cell { there: a.there && b.there, missing: a.missing || b.missing };
        cells.fold(Cell::THERE, both)
    }

    fn call(self, function: Function, of: &[Expr]) -> Cell {
        match function {
            Function::DayOf
            | Function::WeekdayOf
            | Function::MonthOf
            | Function::YearOf
            | Function::DaysBetween
            | Function::BusinessDaysBetween
            | Function::MonthsBetween
            | Function::YearsBetween
            | Function::HoursBetween
            | Function::MinutesBetween
            | Function::Plus
            | Function::Minus
            | Function::Times
            | Function::Latest => self.unless_missing(of),
            Function::IfElse => {
                let [condition, a, b] = of else { return Cell::missing_if(true) };
                let (chooses, a, b) = (self.truth(condition), self.cell(a), self.cell(b));
                Cell {
                    there: chooses.yes && a.there || chooses.no && b.there,
                    missing: chooses.unknown || chooses.yes && a.missing || chooses.no && b.missing,
                }
            }
            Function::FirstKnown => {
                let cells: Vec<Cell> = of.iter().map(|e| self.cell(e)).collect();
                Cell { there: cells.iter().any(|c| c.there), missing: cells.iter().all(|c| c.missing) }
            }
            // An open end is later than what else there is.
            Function::Earliest => {
                let (ends, others): (Vec<&Expr>, Vec<&Expr>) = of.iter().partition(|e| e.missing == Missing::OpenEnd);
                let others_known = self.unless_missing(others.iter().copied());
                let no_end = ends.iter().all(|e| self.cell(e).missing);
                let an_end = ends.iter().any(|e| self.cell(e).there);
                match others.is_empty() {
                    true => Cell { there: an_end, missing: no_end },
                    false => others_known,
                }
            }
        }
    }

    fn made_of_rows(self, q: &LinkedQuery) -> Cell {
        if q.via.is_some() && self.is_empty(q.owner, &q.owner_links, None) {
            return Cell::missing_if(true);
        }
        let condition = self.truth(&q.condition);
        let of_one = matches!(q.ask, Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. });
        let values = q.ask.values().into_iter().any(|e| self.cell(e).missing);
        // The earliest of open ends and days is a day.
        let mut missing = condition.unknown || (condition.yes && values);
        if of_one {
            missing |= self.empty.contains(&Cause::NoRow(q.row));
        }
        Cell { there: true, missing }
    }

    /// Whether a field or a link on the way to it is empty.
    fn is_empty(self, row: RowId, links: &[ColumnId], column: Option<ColumnId>) -> bool {
        let empty = |n: usize, column: ColumnId| {
            let before = links.get(..n).unwrap_or_default();
            self.empty.iter().any(
                |cause| matches!(cause, Cause::Field(r, l, c) if *r == row && l.as_slice() == before && *c == column),
            )
        };
        links.iter().enumerate().any(|(n, link)| empty(n, *link)) || column.is_some_and(|c| empty(links.len(), c))
    }
}
