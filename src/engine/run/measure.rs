//! Counts of indicators.

use super::Error;
use super::holidays::holidays;
use super::other_holders::OtherHolders;
use super::session::{Session, Settings};
use super::told;
use crate::plan::{self, Doubtful, RunContext, Shape, Slice, Standing};
use crate::store::Store;
use chrono::NaiveDate;
use datafusion::arrow::array::{Array, AsArray, Int32Array, Int64Array, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, Program};
use yardstick_language::model::Model;
use yardstick_results::counts::{CountRow, Counts, Doubt, Measured};
use yardstick_results::parallel;

/// The counts that every answer has, but for those of exclusions.
const COUNTS: [&str; 4] = [plan::COHORT, plan::DENOMINATOR, plan::MET, plan::UNDETERMINED];

/// The time and slices that measuring an indicator took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// The time to make its plans.
    pub planning: Duration,
    /// Wall-clock time from start to end; other indicators may have been measured meanwhile.
    pub all: Duration,
    /// The number of slices into which its cohort was cut; 1 when memory sufficed.
    pub slices: i32,
}

/// Measures the indicators (by index into the program), each in its own windows. `take` gets the
/// counts of each in their order, with their cost, and says whether to go on. Where memory is
/// short, `take` gets the counts of an indicator slice by slice of its cohort, and the cost with
/// the last slice.
///
/// # Errors
/// When the engine fails.
pub fn measure(
    program: &Program,
    indicators: &[usize],
    store: &Store,
    as_of: NaiveDate,
    windows: &[Vec<Window>],
    settings: &Settings,
    take: &mut dyn FnMut(Measured, Option<Cost>) -> ControlFlow<()>,
) -> std::result::Result<(), Error> {
    let failed = |indicator: usize, cause| Error { indicator: program.indicators[indicator].id.clone(), cause };
    let holidays = holidays(&program.model, store);
    let whole = |cause| Error { indicator: "the whole run".to_owned(), cause };
    let session = Session::new(&program.model, store, settings, indicators.len()).map_err(whole)?;
    let (slice, standing, gone) = (Slice::WHOLE, Standing::InUse, session.gone());
    let run = RunContext { as_of, holidays: &holidays, slice, standing, went: &[], gone };
    let asked: Vec<(usize, &Vec<Window>)> = indicators.iter().copied().zip(windows).collect();
    let one = |piece: usize, give: &mut dyn FnMut(Vec<CountRow>)| {
        let (indicator, windows) = asked[piece];
        let spent = measure_one(program, indicator, store, &session, run, windows, give);
        session.block_on(spent).map_err(|cause| failed(indicator, cause))
    };
    let measured = |piece: usize, mut parts: Vec<CountRow>| {
        let (indicator, windows) = asked[piece];
        // Each plan's are in order already, and stretches in order are merged.
        parts.sort();
        Measured { indicator, windows: windows.clone(), parts }
    };
    if settings.scratch.memory().is_some() {
        for piece in 0..asked.len() {
            let mut goes_on = ControlFlow::Continue(());
            let spent = one(piece, &mut |parts| {
                if goes_on.is_continue() {
                    goes_on = take(measured(piece, parts), None);
                }
            })?;
            if goes_on.is_break() || take(measured(piece, Vec::new()), Some(spent)).is_break() {
                break;
            }
        }
        return Ok(());
    }
    let work = |piece: usize| {
        let mut parts = Vec::new();
        let spent = one(piece, &mut |some| if parts.is_empty() { parts = some } else { parts.extend(some) })?;
        let mut measured = measured(piece, parts);
        measured.merge();
        Ok((measured, spent))
    };
    parallel::ordered_map(asked.len(), session.at_once(), work, |(measured, spent)| take(measured, Some(spent)))
}

/// Measures an indicator; `give` gets the rows of each plan.
async fn measure_one(
    program: &Program,
    number: usize,
    store: &Store,
    session: &Session,
    run: RunContext<'_>,
    windows: &[Window],
    give: &mut dyn FnMut(Vec<CountRow>),
) -> Result<Cost> {
    let start = Instant::now();
    let indicator = &program.indicators[number];
    let table = indicator.cohort.table;
    let others = OtherHolders::of(&program.model, indicator, store, session)?;
    let went_rows = store.tables.get(&table).and_then(|table| table.went.as_ref()).map_or(0, RecordBatch::num_rows);
    let run = RunContext { went: session.went(table), ..run };
    let standings = plan::standings(&program.model, indicator, run);
    let mut one = One {
        model: &program.model,
        indicator,
        session,
        others,
        went_rows,
        cost: Cost { slices: 1, ..Cost::default() },
    };
    let at_once = plan::at_once(indicator);
    for level in 0..if indicator.by_level() { program.model.levels.len() } else { 1 } {
        for (i, some) in windows.chunks(at_once).enumerate() {
            let asked = Asked { windows: some, first: i * at_once, level };
            one.count(run, asked, give).await?;
            for standing in &standings {
                one.tell(RunContext { standing: *standing, ..run }, asked, give).await?;
            }
        }
    }
    Ok(Cost { all: start.elapsed(), ..one.cost })
}

/// Windows that are measured at once, and the level, where each is measured by itself.
#[derive(Clone, Copy)]
struct Asked<'w> {
    windows: &'w [Window],
    /// The number of the first of them.
    first: usize,
    level: usize,
}

/// One indicator while it is measured.
struct One<'a> {
    model: &'a Model,
    indicator: &'a Indicator,
    session: &'a Session,
    others: Option<OtherHolders>,
    /// How many rows of the cohort's table went.
    went_rows: usize,
    cost: Cost,
}

impl One<'_> {
    /// The level of which the rows of an answer are, where each is measured by itself.
    fn level(&self, asked: Asked<'_>) -> Option<usize> {
        self.indicator.by_level().then_some(asked.level)
    }

    /// The rows in use that someone else may hold than the one that is said to, if there are some.
    fn doubtful(&self, run: RunContext<'_>) -> Option<Doubtful<'_>> {
        let owners = self.others.as_ref()?.doubtful.as_deref();
        (owners.is_some() || plan::may_lack_day(self.model, self.indicator, run)).then_some(Doubtful { owners })
    }

    /// Gives the counts of the rows in use, and what those of them add that are told one by one, as
    /// it is not known who holds them.
    async fn count(
        &mut self,
        run: RunContext<'_>,
        asked: Asked<'_>,
        give: &mut dyn FnMut(Vec<CountRow>),
    ) -> Result<()> {
        let (model, indicator, of_level) = (self.model, self.indicator, self.level(asked));
        let levels = model.levels.len();
        let (others, doubtful) = (self.others.as_ref(), self.doubtful(run));
        let plan =
            |slice| plan::counts(model, indicator, RunContext { slice, ..run }, asked.windows, asked.level, doubtful);
        let mut read = |shape: Shape, answer: Vec<RecordBatch>| {
            let Some(schema) = answer.first().map(RecordBatch::schema) else { return Ok(()) };
            let answer = concat_batches(&schema, &answer)?;
            let mut parts = Vec::new();
            match shape {
                Shape::Sums => read_sums(&answer, indicator, levels, asked.first, &mut parts)?,
                Shape::Lists => read_lists(&answer, indicator, levels, asked.first, &mut parts)?,
                Shape::Rows => {
                    give(told::read(&answer, indicator, others, Standing::InUse, asked.first, of_level)?);
                    return Ok(());
                }
            }
            parts.iter_mut().for_each(|part| part.level = of_level);
            give(parts);
            Ok(())
        };
        let mut planning = Duration::default();
        let slices = self.session.run(indicator, asked.windows.len(), 0, &mut planning, plan, &mut read).await?;
        self.cost.planning += planning;
        self.cost.slices = self.cost.slices.max(slices);
        Ok(())
    }

    /// Gives what the rows that went add, which are told one by one.
    async fn tell(&mut self, run: RunContext<'_>, asked: Asked<'_>, give: &mut dyn FnMut(Vec<CountRow>)) -> Result<()> {
        let (model, indicator, of_level) = (self.model, self.indicator, self.level(asked));
        let (others, standing) = (self.others.as_ref(), run.standing);
        let plan =
            |slice| plan::rows_that_went(model, indicator, RunContext { slice, ..run }, asked.windows, asked.level);
        let mut read = |_: Shape, answer: Vec<RecordBatch>| {
            for batch in answer {
                give(told::read(&batch, indicator, others, standing, asked.first, of_level)?);
            }
            Ok(())
        };
        let told = self.went_rows * asked.windows.len();
        let planning = &mut self.cost.planning;
        let slices = self.session.run(indicator, asked.windows.len(), told, planning, plan, &mut read).await?;
        self.cost.slices = self.cost.slices.max(slices);
        Ok(())
    }
}

/// The counts of each combination of entities in each window, as parts; `first` is the number of
/// the plan's first window.
fn read_lists(
    answer: &RecordBatch,
    indicator: &Indicator,
    levels: usize,
    first: usize,
    parts: &mut Vec<CountRow>,
) -> Result<()> {
    let groups = groups(answer, indicator)?;
    let mut held: Vec<((Holders, usize), usize)> = Entities::of(answer, levels)?.all().zip(groups).zip(0..).collect();
    // Parts are sorted by window first: sorting the combinations once is less work than sorting all
    // parts.
    held.sort_unstable();
    let excluded = (0..indicator.exclusions.len()).map(|i| Tally::of(answer, &plan::excluded(i)));
    let excluded = excluded.collect::<Result<Vec<_>>>()?;
    let [cohort, denominator, met, undetermined] = COUNTS.map(|name| Tally::of(answer, name));
    let (cohort, denominator, met, undetermined) = (cohort?, denominator?, met?, undetermined?);
    let added = |name: &str| answer.column_by_name(name).map(|_| Tally::of(answer, name)).transpose();
    let (amount, exposure, unexposed) = (added(plan::AMOUNT)?, added(plan::EXPOSURE)?, added(plan::UNEXPOSED)?);
    let sum = |of: &Option<Tally>, row, window| of.as_ref().map_or(0, |sums| sums.sum(row, window));
    let doubts = plan::DOUBTS.into_iter().map(added).collect::<Result<Vec<_>>>()?;
    for window in 0..cohort.windows {
        for ((entities, group), row) in held.iter().map(|(of, row)| (of, *row)) {
            let doubt = doubt(|n| sum(&doubts[n], row, window));
            if cohort.at(row, window) == 0 && doubt.is_none() {
                continue;
            }
            parts.push(CountRow {
                window: first + window,
                entities: Arc::clone(entities),
                group: *group,
                level: None,
                value: None,
                counts: Counts {
                    cohort: cohort.at(row, window),
                    excluded: excluded.iter().map(|e| e.at(row, window)).collect(),
                    denominator: denominator.at(row, window),
                    met: met.at(row, window),
                    undetermined: undetermined.at(row, window),
                    amount: sum(&amount, row, window),
                    exposure: sum(&exposure, row, window),
                    unexposed: sum(&unexposed, row, window).unsigned_abs(),
                    doubt,
                },
            });
        }
    }
    Ok(())
}

/// The sums of each window and combination of entities (and value, of a median), as parts; `first`
/// is the number of the plan's first window.
fn read_sums(
    answer: &RecordBatch,
    indicator: &Indicator,
    levels: usize,
    first: usize,
    parts: &mut Vec<CountRow>,
) -> Result<()> {
    let entities = Entities::of(answer, levels)?.all().zip(groups(answer, indicator)?);
    let whole = |name: &str| -> Result<&Int64Array> {
        column(answer, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(name))
    };
    let excluded = (0..indicator.exclusions.len()).map(|i| whole(&plan::excluded(i)));
    let excluded = excluded.collect::<Result<Vec<_>>>()?;
    let [cohort, denominator, met, undetermined] = COUNTS.map(whole);
    let (cohort, denominator, met, undetermined) = (cohort?, denominator?, met?, undetermined?);
    let set = whole(plan::WINDOWS)?;
    let (value, amount, exposure) = (whole(plan::VALUE)?, whole(plan::AMOUNT)?, whole(plan::EXPOSURE)?);
    let unexposed = whole(plan::UNEXPOSED)?;
    let doubts = answer.column_by_name(plan::UNSURE).map(|_| plan::DOUBTS.map(whole));
    let doubts = doubts.into_iter().flatten().collect::<Result<Vec<_>>>()?;
    for ((entities, group), row) in entities.zip(0..) {
        let doubt = doubt(|n| doubts.get(n).map_or(0, |of| of.value(row)));
        if cohort.value(row) == 0 && doubt.is_none() {
            continue;
        }
        let rows = |of: &Int64Array| of.value(row).unsigned_abs();
        parts.push(CountRow {
            window: first + set.value(row).trailing_zeros() as usize,
            entities,
            group,
            level: None,
            value: value.is_valid(row).then(|| value.value(row)),
            counts: Counts {
                cohort: rows(cohort),
                excluded: excluded.iter().map(|e| rows(e)).collect(),
                denominator: rows(denominator),
                met: rows(met),
                undetermined: rows(undetermined),
                amount: amount.value(row),
                exposure: exposure.value(row),
                unexposed: rows(unexposed),
                doubt,
            },
        });
    }
    Ok(())
}

/// The counts of unsure rows, if there are any; `of` gives them in the order of [`plan::DOUBTS`].
fn doubt(of: impl Fn(usize) -> i64) -> Option<Box<Doubt>> {
    let rows = of(0).unsigned_abs();
    let (takes, brings, blank) = ([of(1), of(2)], [of(3), of(4)], of(5).unsigned_abs());
    let said = || Doubt { rows, takes, brings, blank, ..Doubt::default() };
    (rows > 0).then(|| Box::new(said()))
}

/// One count of every row of an answer, for each window.
struct Tally<'b> {
    windows: usize,
    counts: &'b Int64Array,
}

impl<'b> Tally<'b> {
    fn of(batch: &'b RecordBatch, name: &str) -> Result<Self> {
        let lists = column(batch, name)?.as_fixed_size_list_opt().ok_or_else(|| wrong(name))?;
        let counts = lists.values().as_primitive_opt().ok_or_else(|| wrong(name))?;
        Ok(Self { windows: usize::try_from(lists.value_length()).unwrap_or_default(), counts })
    }

    fn at(&self, row: usize, window: usize) -> u64 {
        self.sum(row, window).unsigned_abs()
    }

    /// The sum of no rows is null, and read as 0.
    fn sum(&self, row: usize, window: usize) -> i64 {
        let at = row * self.windows + window;
        if self.counts.is_valid(at) { self.counts.value(at) } else { 0 }
    }
}

/// The number of the group of each row of an answer; 0 where rows are not broken down.
pub(super) fn groups(answer: &RecordBatch, indicator: &Indicator) -> Result<Vec<usize>> {
    let Some(split) = &indicator.split else { return Ok(vec![0; answer.num_rows()]) };
    let places = (0..split.by.len()).map(|breakdown| {
        let name = plan::group(breakdown);
        column(answer, &name)?.as_primitive_opt::<Int32Type>().ok_or_else(|| wrong(&name))
    });
    let places = places.collect::<Result<Vec<_>>>()?;
    let number = |row| split.number(places.iter().map(|of| usize::try_from(of.value(row)).unwrap_or_default()));
    Ok((0..answer.num_rows()).map(number).collect())
}

/// Who holds the rows of a part at each level below the whole.
type Holders = Arc<[Option<i32>]>;

/// The entity of each level below the top of every row of an answer.
struct Entities<'b> {
    rows: usize,
    levels: Vec<&'b Int32Array>,
}

impl<'b> Entities<'b> {
    fn of(answer: &'b RecordBatch, levels: usize) -> Result<Self> {
        let of = |name: String| column(answer, &name)?.as_primitive_opt().ok_or_else(|| wrong(&name));
        let levels = (1..levels).map(|level| of(plan::entity(level))).collect::<Result<_>>()?;
        Ok(Self { rows: answer.num_rows(), levels })
    }

    /// The entities of each row, with equal combinations shared; `None` where a row has no entity
    /// of a level.
    fn all(self) -> impl Iterator<Item = Holders> + use<'b> {
        let mut seen: BTreeSet<Holders> = BTreeSet::new();
        (0..self.rows).map(move |row| {
            let of_row = self.levels.iter().map(|e| e.is_valid(row).then(|| e.value(row))).collect::<Vec<_>>();
            if let Some(known) = seen.get(of_row.as_slice()) {
                return Arc::clone(known);
            }
            let new: Holders = of_row.into();
            seen.insert(Arc::clone(&new));
            new
        })
    }
}

/// The column of an answer.
pub(super) fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b dyn Array> {
    Ok(batch.column_by_name(name).ok_or_else(|| wrong(name))?.as_ref())
}

/// The error of an answer that lacks a column, or has another type there.
pub(super) fn wrong(column: &str) -> DataFusionError {
    DataFusionError::Internal(format!("the answer's column `{column}` is missing or of another type"))
}
