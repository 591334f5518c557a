//! Counts and a standard to a state, a value and a band.
//!
//! What each kind of measure makes of counts is in [`super::figures`], and nowhere else.

use super::as_published::PublishedFigures;
use super::band::{Limits, Share};
use super::bounds::{Bounds, bounds};
use super::cell::{Band, Cell, Extent, OwnTarget, State};
use super::complete::Complete;
use super::figures::{Figures, figures};
use super::own::{self, Own};
use super::reason::{CellReason, Reason, Reasons};
use super::rollup::{Total, Totals};
use super::row::Day;
use crate::counts::{Counts, Measured};
use crate::hierarchy::Hierarchy;
use std::collections::BTreeMap;
use std::sync::Arc;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, Program};

/// One indicator, ready to be judged cell by cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Index into the program's indicators.
    pub indicator: usize,
    /// The unit of its values.
    pub unit: String,
    /// The last day the data is complete through.
    pub as_of: Day,
    /// Per window, oldest first, what its cells have in common.
    pub windows: Vec<Column>,
    /// The group that its counts are of, where rows are broken down; `None` of all rows.
    pub group: Option<Group>,
    /// The counts.
    pub totals: Totals,
    /// Cells that are withheld for a reason of their own, by entity and number of the window.
    pub withheld: BTreeMap<(usize, usize), State>,
    /// Cells that stay as they were published before, by entity and number of the window.
    pub as_published: BTreeMap<(usize, usize), PublishedFigures>,
    /// For readers outside of the organization: counts below this limit are suppressed. Then no
    /// cell says how many rows are undetermined, excluded, unsure or unread.
    pub hide_under: Option<u64>,
    /// Of entities that have standards of their own, what judges their cells, window by window.
    pub own: BTreeMap<usize, Vec<Own>>,
}

/// A group of rows, where rows are broken down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// By what rows are broken down: `age`, `age / sex`.
    pub by: Arc<str>,
    /// The group: `under 1`, `under 1 / female`, `not known`.
    pub value: String,
    /// Whether it is known of its rows what they are.
    pub is_known: bool,
    /// The meaning hash of the indicator that is broken down so.
    pub meaning: Arc<str>,
    /// For each window, how many rows that went may stand in the place of any row, of this group or
    /// another (see [`Doubt::instead`](crate::counts::Doubt::instead)).
    pub instead: Vec<u64>,
}

/// The counts from which a cell is computed. Cells of one indicator and window with equal keys are
/// alike but for their entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellKey([u64; 7]);

impl CellKey {
    /// A hash of the counts, for tables that are indexed by a number.
    #[must_use]
    pub fn scatter(self) -> usize {
        let mixed = self.0.into_iter().fold(0_u64, |mixed, count| (mixed.rotate_left(5) ^ count).wrapping_mul(ODD));
        (mixed >> 32) as usize
    }
}

/// The multiplier of the hash, an odd number: 2^64 divided by the golden ratio.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// What the cells of one window have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The window.
    pub window: Window,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// Why the counts of the window are withheld for all entities, if they are.
    withheld: Option<CellReason>,
    /// The standard in force on its last day.
    standard: Option<Limits>,
    /// The figures of an entity without rows, as most workers are in most windows.
    nothing: Figures,
    /// The reasons of cells without a value, or with one that can still change.
    reasons: Reasons,
}

impl Column {
    /// Whether what the window shows can still change.
    pub(super) fn may_change(&self) -> bool {
        self.reasons.provisional.is_some()
    }
}

/// What was measured of an indicator, summed and ready to be judged; `None` when the program has no
/// such indicator.
///
/// `complete` says from and through which day the data is complete; `bad` is why the data that the
/// indicator reads cannot be relied on, if so.
#[must_use]
pub fn table(
    program: &Program,
    hierarchy: &Hierarchy,
    measured: &Measured,
    complete: &Complete,
    bad: Option<&Reason>,
) -> Option<Table> {
    let indicator = program.indicators.get(measured.indicator)?;
    let column = |&window: &Window| Column {
        window,
        first: Day::new(window.start),
        last: Day::new(window.last_day()),
        withheld: withheld(program, indicator, window, complete, bad).map(CellReason::from),
        standard: indicator.standard_on(window.last_day()).and_then(Limits::of),
        nothing: figures(&indicator.measure, Totals::nothing(), window),
        reasons: Reasons::of(indicator, complete.provisional(&program.model, indicator, window)),
    };
    let windows: Vec<Column> = measured.windows.iter().map(column).collect();
    let said: Vec<_> = windows.iter().map(|c| (c.window.last_day(), c.reasons.provisional.as_deref())).collect();
    let own = own::own_standards(&program.model, hierarchy, indicator, &said);
    Some(Table {
        indicator: measured.indicator,
        unit: indicator.measure.kind().unit(),
        as_of: Day::new(complete.through),
        windows,
        group: None,
        totals: Totals::of(measured, hierarchy),
        withheld: BTreeMap::new(),
        as_published: BTreeMap::new(),
        hide_under: None,
        own,
    })
}

impl Table {
    /// The cells of an entity, oldest window first.
    pub fn cells<'a>(&'a self, program: &'a Program, entity: usize) -> impl Iterator<Item = Cell<'a>> + use<'a> {
        let indicator = program.indicators.get(self.indicator);
        let windows = self.windows.iter().enumerate();
        windows.filter_map(move |(number, column)| Some(self.cell(indicator?, entity, number, column)))
    }

    /// Whether an entity has cells: not when it had left before the first window began (a worker
    /// who is no longer there), no row counts for it, and that is known of every window.
    #[must_use]
    pub fn concerns(&self, hierarchy: &Hierarchy, entity: usize) -> bool {
        let Some(left) = hierarchy.entities.get(entity).and_then(|e| e.left) else { return true };
        let mut windows = self.windows.iter();
        let has_rows = |number: usize| match self.as_published.get(&(entity, number)) {
            Some(published) => published.is_listed(),
            None => self.totals.has_rows_in(entity, number),
        };
        windows.any(|column| left > column.window.start || column.withheld.is_some())
            || (0..self.windows.len()).any(has_rows)
    }

    /// Whether an entity has rows in the window of this number, as far as readers may know.
    pub(super) fn has_rows_in(&self, entity: usize, number: usize) -> bool {
        match self.as_published.get(&(entity, number)) {
            Some(published) => published.has_cases(),
            None => self.totals.has_rows_in(entity, number),
        }
    }

    /// Whether files have rows of an entity: of a group, when it has cases, or may not tell that it
    /// has none.
    pub(super) fn may_have_rows(&self, entity: usize) -> bool {
        self.group.is_none() || self.hide_under.is_some() || self.totals.has_rows(entity)
    }

    /// The key of a cell; `None` when more than its counts decides it: when the cell is withheld
    /// for a reason of its own, or is computed from single values.
    #[must_use]
    pub fn key(&self, entity: usize, number: usize) -> Option<CellKey> {
        let Total { counts, values } = self.totals.total(entity, number);
        let doubted = counts.doubt.is_some() || counts.unexposed > 0;
        let place = (entity, number);
        let kept = self.withheld.contains_key(&place) || self.as_published.contains_key(&place);
        let alone = values.is_empty() && !doubted && !kept;
        let alone = alone && !self.own.contains_key(&entity);
        let Counts { cohort, denominator, met, undetermined, amount, exposure, .. } = *counts;
        let signed = [amount, exposure].map(i64::cast_unsigned);
        alone.then(|| CellKey([cohort, counts.excluded_total(), denominator, met, undetermined, signed[0], signed[1]]))
    }

    /// The cell of an entity in the window of this number.
    pub(super) fn cell<'a>(
        &'a self,
        indicator: &Indicator,
        entity: usize,
        number: usize,
        column: &'a Column,
    ) -> Cell<'a> {
        self.judged(indicator, (entity, number), column, self.hide_under.is_none())
    }

    /// The state and the band of a cell, without its range.
    pub(super) fn colour(
        &self,
        indicator: &Indicator,
        entity: usize,
        number: usize,
        column: &Column,
    ) -> (State, Option<Band>) {
        let cell = self.judged(indicator, (entity, number), column, false);
        (cell.state, cell.band)
    }

    fn judged<'a>(
        &'a self,
        indicator: &Indicator,
        (entity, number): (usize, usize),
        column: &'a Column,
        ranged: bool,
    ) -> Cell<'a> {
        let total = self.totals.total(entity, number);
        let counts = &total.counts;
        let (limits, own, untargeted) = self.standard(entity, number, column);
        let blank = Cell {
            indicator: self.indicator,
            entity,
            window: column.window,
            state: State::NoCases,
            reason: None,
            provisional: None,
            counts: None,
            uncertain: false,
            numerator: None,
            denominator: None,
            value: None,
            interval: None,
            range: Extent::default(),
            band: None,
            sure: None,
            standard: limits.map(|s| s.green()),
            yellow: limits.and_then(|s| s.yellow()),
            own,
        };
        let reasons = &column.reasons;
        let without =
            |cell: Cell<'a>, said: &'a CellReason| Cell { state: said.state, reason: Some(&said.text), ..cell };
        if let Some(said) = &column.withheld {
            return without(blank, said);
        }
        if let Some(published) = self.as_published.get(&(entity, number)) {
            let uncertain = counts.undetermined > 0 || counts.doubt.is_some();
            return published.cell(blank, uncertain, reasons);
        }
        if let Some(&state) = self.withheld.get(&(entity, number)) {
            return Cell { state, ..without(blank, &reasons.hidden) };
        }
        if counts.too_large() {
            return without(blank, &reasons.too_large);
        }
        let figures = match total.counts.cohort {
            0 => column.nothing,
            _ => figures(&indicator.measure, total, column.window),
        };
        let Figures { numerator, denominator, value, interval, .. } = figures;
        let shown = self.hide_under.is_none();
        let bounds = match ranged {
            true => {
                let instead = match &self.group {
                    None => self.totals.counts(0, number).instead(),
                    Some(group) => group.instead.get(number).copied().unwrap_or_default(),
                };
                bounds(&indicator.measure, total, instead, column.window, value)
            }
            false => Bounds::default(),
        };
        let counted = Cell {
            reason: reasons.provisional.as_deref(),
            provisional: reasons.provisional.as_deref(),
            counts: shown.then_some(counts),
            uncertain: counts.undetermined > 0 || counts.doubt.is_some(),
            numerator: numerator.map(Share::figure),
            denominator: denominator.map(Share::figure),
            range: Extent { least: bounds.least.map(Share::figure), most: bounds.most.map(Share::figure) },
            ..blank
        };
        let value = match answer(&figures, indicator.minimum) {
            Ok(value) => value,
            Err(NoValue::NoCases) => return without(counted, &reasons.no_cases),
            Err(NoValue::TooFew) => return without(counted, &reasons.too_few),
            Err(NoValue::NotEstimable) => return without(counted, &reasons.not_estimable),
        };
        let place = limits.map(|s| s.place(value));
        let in_place = |end: Option<Share>| end == Some(value) || limits.zip(end).map(|(s, end)| s.place(end)) == place;
        let sure = place.filter(|_| ranged).map(|_| in_place(bounds.least) && in_place(bounds.most));
        let band = place.map(|place| place.band);
        let reason = untargeted.or(counted.reason);
        Cell { state: State::Value, value: Some(value.figure()), interval, band, sure, reason, ..counted }
    }

    /// The standard that judges a cell, whether it is the entity's own, and the reason of a value
    /// that is not judged for want of one.
    fn standard<'a>(
        &'a self,
        entity: usize,
        number: usize,
        column: &Column,
    ) -> (Option<Limits>, Option<OwnTarget<'a>>, Option<&'a str>) {
        match self.own.get(&entity).map(|windows| windows.get(number)) {
            None => (column.standard, None, None),
            Some(Some(Own::Target(limits))) => (Some(**limits), Some(OwnTarget::Is), None),
            Some(Some(Own::Without { why, reason })) => (None, Some(OwnTarget::Without(why)), Some(reason)),
            Some(None) => (None, None, None),
        }
    }
}

/// Why figures that may be shown are no value.
enum NoValue {
    NoCases,
    TooFew,
    NotEstimable,
}

/// The value of figures that may be shown; an error where there is none.
fn answer(figures: &Figures, minimum: Option<u64>) -> Result<Share, NoValue> {
    match figures.value {
        None if !figures.is_not_estimable() => Err(NoValue::NoCases),
        _ if minimum.is_some_and(|minimum| figures.rows < minimum) => Err(NoValue::TooFew),
        None => Err(NoValue::NotEstimable),
        Some(value) => Ok(value),
    }
}

/// The colour of the figures of a window by a standard; `None` where they are no value, and without
/// a standard.
#[must_use]
pub fn colour(indicator: &Indicator, standard: Option<Limits>, figures: &Figures) -> Option<Band> {
    let standard = standard?;
    answer(figures, indicator.minimum).ok().map(|value| standard.place(value).band)
}

/// Why the counts of a window are withheld for all entities, if they are.
fn withheld(
    program: &Program,
    indicator: &Indicator,
    window: Window,
    complete: &Complete,
    bad: Option<&Reason>,
) -> Option<Reason> {
    let begins = complete
        .from
        .filter(|first| indicator.begins(window) < *first)
        .map(|complete_from| Reason::Begins { complete_from });
    let waits = || {
        let through = complete.through_of(&program.model, indicator);
        (!indicator.reportable(window, through)).then(|| Reason::Waits { until: indicator.shown_on(window) })
    };
    let lacks = || complete.lacks(&program.model, indicator, window);
    begins.or_else(waits).or_else(lacks).or_else(|| bad.cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::{CountRow, Counts};
    use crate::hierarchy::Entity;
    use chrono::NaiveDate;
    use yardstick_language::ir::Measure;
    use yardstick_language::ir::measure::{Proportion, Until};
    use yardstick_language::ir::{
        About, At, Attribution, Cohort, Expr, ExprKind, Followed, Missing, Period, Standard, Thresholds, Ty,
        WindowEnds, WindowLength, WindowPoint,
    };
    use yardstick_language::model::{Counted, TableId};
    use yardstick_language::source::{FileId, Span};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn indicator() -> Indicator {
        let expr = |kind, ty| Expr { kind, ty, missing: Missing::Never, at: At::default() };
        let yes = || expr(ExprKind::Bool(true), Ty::Bool);
        let at = expr(ExprKind::Window(WindowPoint::LastDay), Ty::Date);
        let standard = |green, from, until| Standard {
            green: Some(Thresholds { least: Some(green), most: None }),
            yellow: None,
            from,
            until,
            source: None,
            status: None,
            yellow_status: None,
        };
        Indicator {
            id: "a".into(),
            span: Span { file: FileId(0), start: 0, end: 0 },
            about: About::default(),
            window: WindowLength::Months(1),
            ends: WindowEnds::default(),
            follow_up: Some(Period { months: 1, days: 0 }),
            as_it_stands: false,
            lag: Period::default(),
            look_back: BTreeMap::new(),
            history: None,
            cohort: Cohort { table: TableId(0), pick: None, condition: yes() },
            exclusions: vec![],
            measure: Measure::Proportion(Proportion { numerator: yes() }),
            attribution: Attribution { steps: vec![], level: 0, at },
            standards: vec![
                standard(50.0, None, Some(day(2025, 3, 31))),
                standard(90.0, Some(day(2025, 3, 31)), Some(day(2025, 5, 1))),
            ],
            own_standards: vec![],
            minimum: None,
            split: None,
            meaning: String::new(),
        }
    }

    /// The table of the department's month that ends before this day.
    fn judged_table(indicator: Indicator, end: NaiveDate, rows: u64, as_of: NaiveDate) -> Table {
        let window = indicator.window.ending_before(end).unwrap();
        let program = Program { indicators: vec![indicator], ..Program::default() };
        let hierarchy = Hierarchy::new(vec!["department".into()], vec![]);
        let counts = Counts { cohort: rows, denominator: rows, ..Counts::default() };
        let parts = vec![CountRow { window: 0, entities: [].into(), group: 0, level: None, value: None, counts }];
        let measured = Measured { indicator: 0, windows: vec![window], parts };
        table(&program, &hierarchy, &measured, &Complete::through(as_of), None).unwrap()
    }

    /// What is said of the department's cell of the month that ends before this day.
    fn judged(indicator: Indicator, end: NaiveDate, met: u64, denominator: u64, asked: &Asked) -> CellReason {
        let window = indicator.window.ending_before(end).unwrap();
        let program = Program { indicators: vec![indicator], ..Program::default() };
        let hierarchy = Hierarchy::new(vec!["department".into()], vec![]);
        let counts = Counts { cohort: denominator, denominator, met, ..Counts::default() };
        let parts = if denominator == 0 {
            vec![]
        } else {
            vec![CountRow { window: 0, entities: [].into(), group: 0, level: None, value: None, counts }]
        };
        let measured = Measured { indicator: 0, windows: vec![window], parts };
        let complete = Complete { from: asked.complete_from, ..Complete::through(asked.as_of) };
        let table = table(&program, &hierarchy, &measured, &complete, bad(asked.bad).as_ref()).unwrap();
        let cells: Vec<Cell> = table.cells(&program, 0).collect();
        let [cell] = cells[..] else { panic!("{cells:?}") };
        CellReason { of: (cell.state, cell.value, cell.band, cell.counts.is_some()), standard: cell.standard }
    }

    struct CellReason {
        /// State, value, band, and whether counts are shown.
        of: (State, Option<f64>, Option<Band>, bool),
        standard: Option<Thresholds>,
    }

    fn bad(is: bool) -> Option<Reason> {
        is.then(|| Reason::SetAside { table: "case".into(), share: 0.5, help: None })
    }

    struct Asked {
        as_of: NaiveDate,
        complete_from: Option<NaiveDate>,
        bad: bool,
    }

    fn asked() -> Asked {
        Asked { as_of: day(2026, 1, 31), complete_from: None, bad: false }
    }

    #[test]
    fn nothing_over_nothing_has_no_value_and_no_band() {
        // Trap 19.
        let said = judged(indicator(), day(2025, 4, 1), 0, 0, &asked());
        assert_eq!(said.of, (State::NoCases, None, None, true));
    }

    #[test]
    fn who_had_left_before_the_first_window_and_has_no_rows_has_no_cells() {
        let concerned = |left: Option<NaiveDate>, rows: bool, is_bad: bool| {
            let ends = [day(2025, 4, 1), day(2025, 5, 1)];
            let windows = ends.map(|end| indicator().window.ending_before(end).unwrap()).to_vec();
            let program = Program { indicators: vec![indicator()], ..Program::default() };
            let levels = vec!["department".into(), "worker".into()];
            let worker =
                Entity { level: 1, row: Some(0), id: "w".into(), name: "w".into(), parent: None, group: None, left };
            let hierarchy = Hierarchy::new(levels, vec![worker]);
            let counts = Counts { cohort: 1, denominator: 1, ..Counts::default() };
            let part = CountRow { window: 0, entities: [Some(0)].into(), group: 0, level: None, value: None, counts };
            let parts = if rows { vec![part] } else { vec![] };
            let measured = Measured { indicator: 0, windows, parts };
            let table =
                table(&program, &hierarchy, &measured, &Complete::through(day(2026, 1, 31)), bad(is_bad).as_ref())
                    .unwrap();
            table.concerns(&hierarchy, hierarchy.find("w").next().unwrap())
        };
        // The windows are March and April.
        assert!(concerned(None, false, false), "still there");
        assert!(concerned(Some(day(2025, 3, 2)), false, false), "there on its first day");
        assert!(!concerned(Some(day(2025, 3, 1)), false, false), "gone on its first day");
        assert!(concerned(Some(day(2025, 3, 1)), false, true), "gone, but nothing is known of the window");
        assert!(concerned(Some(day(2020, 1, 1)), true, false), "gone, but rows count for it");
    }

    #[test]
    fn below_the_minimum_there_is_no_value() {
        // Trap 20; the minimum itself is enough.
        let least = |n| Indicator { minimum: Some(n), ..indicator() };
        assert_eq!(judged(least(4), day(2025, 4, 1), 3, 3, &asked()).of, (State::TooFew, None, None, true));
        let enough = judged(least(3), day(2025, 4, 1), 3, 3, &asked());
        assert_eq!(enough.of, (State::Value, Some(100.0), Some(Band::Green), true));
    }

    #[test]
    fn rows_without_a_value_are_not_estimable_and_have_no_band() {
        let day_of = || Expr { kind: ExprKind::AsOf, ty: Ty::Date, missing: Missing::Never, at: At::default() };
        let rows = || Followed { from: day_of(), to: day_of(), censor: day_of() };
        let measure = || Measure::Until(Until { percent: 50, unit: Counted::Days, rows: rows() });
        let of = |minimum, rows| {
            let indicator = Indicator { minimum, measure: measure(), ..indicator() };
            judged(indicator, day(2025, 4, 1), 0, rows, &asked()).of
        };
        assert_eq!(of(None, 3), (State::NotEstimable, None, None, true));
        assert_eq!(of(Some(3), 3), (State::NotEstimable, None, None, true));
        assert_eq!(of(Some(4), 3), (State::TooFew, None, None, true));
        assert_eq!(of(None, 0), (State::NoCases, None, None, true));
    }

    #[test]
    fn the_standard_in_force_on_the_last_day_judges() {
        let of = |end| {
            let said = judged(indicator(), end, 6, 10, &asked());
            (said.of.2, said.standard.and_then(|s| s.least))
        };
        assert_eq!(of(day(2025, 3, 1)), (Some(Band::Green), Some(50.0)));
        assert_eq!(of(day(2025, 4, 1)), (Some(Band::Red), Some(90.0)));
        assert_eq!(of(day(2025, 7, 1)), (None, None));
    }

    #[test]
    fn a_window_whose_outcomes_are_not_known_is_not_judged() {
        // The window of March is known through April.
        let at = |as_of| judged(indicator(), day(2025, 4, 1), 6, 10, &Asked { as_of, ..asked() }).of.0;
        assert_eq!(at(day(2025, 4, 29)), State::NotObservable);
        assert_eq!(at(day(2025, 4, 30)), State::Value);
    }

    #[test]
    fn what_is_shown_as_it_stands_is_provisional_until_it_would_be_shown_without() {
        let said = |as_of, indicator: Indicator, rows| {
            let table = judged_table(indicator, day(2025, 4, 1), rows, as_of);
            let column = &table.windows[0];
            let reason = column.withheld.as_ref().map(|said| said.text.clone());
            reason.or_else(|| column.reasons.provisional.clone())
        };
        let stands = || Indicator { as_it_stands: true, ..indicator() };
        assert_eq!(said(day(2025, 3, 30), stands(), 10).as_deref(), Some("waits until 2025-03-31"));
        assert_eq!(said(day(2025, 3, 31), stands(), 10).as_deref(), Some("provisional until 2025-04-30"));
        assert_eq!(said(day(2025, 4, 29), stands(), 10).as_deref(), Some("provisional until 2025-04-30"));
        assert_eq!(said(day(2025, 4, 30), stands(), 10), None);
        // The lag is waited for, and then the rest.
        let late = || Indicator { lag: Period { months: 0, days: 10 }, ..stands() };
        assert_eq!(said(day(2025, 4, 9), late(), 10).as_deref(), Some("waits until 2025-04-10"));
        assert_eq!(said(day(2025, 4, 10), late(), 10).as_deref(), Some("provisional until 2025-05-10"));
        let endless = || Indicator { follow_up: None, ..stands() };
        assert_eq!(said(day(2030, 1, 1), endless(), 10).as_deref(), Some("provisional: it can always change"));
    }

    #[test]
    fn a_window_that_begins_before_the_data_is_complete_is_not_judged() {
        let from = |first| Asked { complete_from: Some(first), bad: true, ..asked() };
        let said = |first| judged(indicator(), day(2025, 4, 1), 6, 10, &from(first)).of;
        assert_eq!(said(day(2025, 3, 2)), (State::NotObservable, None, None, false));
        assert_eq!(said(day(2025, 3, 1)), (State::BadData, None, None, false));
    }
}
