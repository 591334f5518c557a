//! A DataFusion session over a store: tables by name, steps kept as they are run.

use super::other_holders::PossibleHolders;
use super::physical::{Partitions, Planner};
use super::spill;
use crate::plan::{self, Ends, Gone, HolderIndex, Plan, Shape, Slice, Standing, Step, Tables};
use crate::scratch::Scratch;
use crate::store::{self, Store};
use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::OptimizerRule;
use datafusion::optimizer::common_subexpr_eliminate::CommonSubexprEliminate;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::push_down_filter::PushDownFilter;
use datafusion::physical_plan::{ExecutionPlan, collect_partitioned, execute_stream};
use datafusion::prelude::SessionConfig;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use yardstick_language::ir::Indicator;
use yardstick_language::model::{Model, Table, TableId};
use yardstick_results::parallel;

/// Rows per batch.
const BATCH: usize = 8192;
/// The number of partitioned plans that run at once: while one is planned or emits its last rows,
/// another keeps the threads busy.
const AT_ONCE: usize = 2;
/// From this number of plans per thread on, each plan is run by one thread.
const MANY: usize = 2;
/// Below this many rows in all tables, one thread is faster than several.
const SMALL: usize = 200_000;

/// A plan that runs out of memory is run again on smaller slices of the cohort: this many times
/// smaller each time,
const FINER: i32 = 4;
/// down to this number of slices.
const SLICES: i32 = 1024;
/// As many rows are told one by one at once,
const TOLD: usize = 1 << 20;
/// and where memory is limited, one for so many bytes.
const BYTES_TOLD: usize = 1024;
/// Bytes per row that DataFusion does not account for: kept state, and keys to sort by.
const UNCOUNTED: usize = 104;

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Threads that run plans; as many as the machine has when missing. With one thread, the
    /// calling thread runs the plans; with several, the calling thread only collects results. Their
    /// number changes no count.
    pub threads: Option<usize>,
    /// The memory limit, and where to spill. It changes no count.
    pub scratch: Scratch,
    /// The number of slices into which a cohort is cut from the start, before memory runs out. It
    /// changes no count.
    pub slices: Option<i32>,
    /// The number of parts into which each plan is cut, where memory is not limited; as many as are
    /// worth it when missing. It changes no count.
    pub parts: Option<usize>,
}

/// A session over one store, in which several threads may run plans.
pub(super) struct Session {
    context: SessionContext,
    runtime: Runtime,
    scratch: Scratch,
    /// How many rows each table has.
    rows: BTreeMap<TableId, usize>,
    at_once: usize,
    partitions: usize,
    slices: i32,
    tables: Mutex<BTreeMap<String, Arc<Partitions>>>,
    /// Every table whole, by its name.
    whole: BTreeMap<String, RecordBatch>,
    /// For each table with rows that went, whether some have known ends and some have not.
    gone: Gone,
    /// Columns beside those of the tables, by the names of the table and the column.
    beside: Mutex<BTreeMap<(String, String), ArrayRef>>,
    /// Who may hold what by a dated link, by its table and number there, once it was asked.
    possible: Mutex<BTreeMap<(TableId, usize), Arc<PossibleHolders>>>,
    /// The stays of dated links, by their names; found by their owners once a plan asks for them.
    dated: Mutex<BTreeMap<String, Dated>>,
}

/// The stays of a dated link.
struct Dated {
    stays: RecordBatch,
    found: Option<Arc<HolderIndex>>,
}

impl Tables for Session {
    fn column(&self, table: &str, column: &str) -> Option<ArrayRef> {
        let beside = || held(&self.beside).get(&(table.to_owned(), column.to_owned())).cloned();
        self.whole.get(table)?.column_by_name(column).cloned().or_else(beside)
    }

    fn holders(&self, dated: &str) -> Option<Arc<HolderIndex>> {
        let mut links = held(&self.dated);
        let link = links.get_mut(dated)?;
        if link.found.is_none() {
            link.found = HolderIndex::new(&link.stays).ok().map(Arc::new);
        }
        link.found.clone()
    }
}

impl Session {
    /// A session in which every table of the store can be scanned and looked into by its name, and
    /// every dated link queried. `plans` is the number of plans that will be run.
    ///
    /// Many plans are run side by side, each by one thread, since no row is then handed from one to
    /// another. A few plans are each cut into parts; where memory is short, they are run one after
    /// the other.
    pub(super) fn new(model: &Model, store: &Store, settings: &Settings, plans: usize) -> Result<Self> {
        let rows: BTreeMap<TableId, usize> = store.tables.iter().map(|(id, t)| (*id, t.rows.num_rows())).collect();
        let threads = parallel::threads(settings.threads);
        let scratch = settings.scratch.clone();
        let (at_once, partitions) = match (scratch.memory(), settings.parts) {
            // Plans run one after the other, each with all of the memory and with a single
            // partition: when one of several partitions runs out of memory, another may wait for it
            // forever.
            (Some(_), _) => (1, 1),
            (None, Some(parts)) => (1, parts),
            (None, None) if rows.values().sum::<usize>() < SMALL || plans >= threads * MANY => (threads, 1),
            (None, None) => (threads.min(AT_ONCE), threads),
        };
        let mut config = SessionConfig::new().with_target_partitions(partitions).with_batch_size(BATCH);
        let optimizer = &mut config.options_mut().optimizer;
        // The plans are built as they should be run; a second pass over them finds nothing.
        optimizer.max_passes = 1;
        spill::frugal(&mut config, &scratch);
        let environment = spill::environment(&scratch)?;
        let state = SessionStateBuilder::new().with_config(config).with_runtime_env(environment);
        // Our plans are typed and simple as they are built: the analyzer and the simplifier take
        // longer than they save.
        let state = state.with_analyzer_rules(Vec::new()).with_optimizer_rules(rules());
        let context = SessionContext::new_with_state(state.build());
        let name = |id: &TableId| model.table(*id).name.clone();
        let whole = store.tables.iter().map(|(id, table)| (name(id), table.rows.clone())).collect();
        let dated = store.dated.iter().map(|((table, link), stays)| {
            (store::dated_name(model, *table, *link), Dated { stays: stays.clone(), found: None })
        });
        let (tables, dated) = (Mutex::default(), Mutex::new(dated.collect()));
        let (runtime, slices) = (runtime(threads)?, settings.slices.unwrap_or(1));
        let (gone, beside, possible) = (Gone::new(), Mutex::default(), Mutex::default());
        let mut session = Self {
            context,
            runtime,
            scratch,
            rows,
            at_once,
            partitions,
            slices,
            tables,
            whole,
            gone,
            beside,
            possible,
            dated,
        };
        for (name, rows) in &session.whole {
            session.keep(name.clone(), session.split(rows)?);
        }
        for (id, table) in &store.tables {
            if let Some(went) = &table.went {
                session.keep_went(model.table(*id), *id, went)?;
            }
        }
        Ok(session)
    }

    /// Keeps the rows of a table that went, those with known ends apart from the others.
    fn keep_went(&mut self, table: &Table, id: TableId, went: &RecordBatch) -> Result<()> {
        let known = went.column_by_name(store::ENDS_KNOWN).and_then(|known| known.as_boolean_opt());
        let known = known.map_or(0, BooleanArray::true_count);
        self.keep(store::went_name(&table.name, Ends::Any), self.split(went)?);
        for (ends, rows) in [(Ends::Known, 0..known), (Ends::Unknown, known..went.num_rows())] {
            if !rows.is_empty() {
                let rows = went.slice(rows.start, rows.len());
                self.keep(store::went_name(&table.name, ends), self.split(&rows)?);
                // Also by the links by which it is known of some whose they are.
                let of_some = table.columns().filter(|(_, column)| column.leads_to().is_some());
                let of_some = of_some.filter(|(_, column)| {
                    rows.column_by_name(&column.name).is_some_and(|to| to.null_count() < rows.num_rows())
                });
                for via in of_some.map(|(link, _)| Some(link)).chain([None]) {
                    self.gone.entry((id, via)).or_default().push(Standing::Went(ends));
                }
            }
        }
        Ok(())
    }

    /// The rows of a table that went, if some did.
    pub(super) fn went(&self, table: TableId) -> &[Standing] {
        self.gone.get(&(table, None)).map_or(&[], Vec::as_slice)
    }

    /// The rows that went of every table.
    pub(super) fn gone(&self) -> &Gone {
        &self.gone
    }

    /// Who may hold what by a dated link: found once, and kept.
    pub(super) fn possible_holders(
        &self,
        link: (TableId, usize),
        find: impl FnOnce() -> Result<Option<PossibleHolders>>,
    ) -> Result<Option<Arc<PossibleHolders>>> {
        let mut known = held(&self.possible);
        if let Some(found) = known.get(&link) {
            return Ok(Some(Arc::clone(found)));
        }
        let found = find()?.map(Arc::new);
        known.extend(found.clone().map(|found| (link, found)));
        Ok(found)
    }

    /// Lets plans look into a column that is none of its table in the store.
    pub(super) fn look_up_too(&self, table: &str, column: &str, values: ArrayRef) {
        held(&self.beside).insert((table.to_owned(), column.to_owned()), values);
    }

    /// Runs a future to its end, on the thread that asks and those of the session.
    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// How many plans are best under way at once.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// Runs the plan that `plan` makes for the whole cohort; `take` gets its answer as one list of
    /// batches in the plan's order. When memory runs out, the plans of ever smaller slices are run
    /// one after the other, and `take` gets the answer of each. Gives the number of slices. No
    /// other plan under way may have steps of the same names. `told` is the number of rows that the
    /// answer may have, where it has one for each row and window. Planning time is added to
    /// `planning`.
    pub(super) async fn run(
        &self,
        indicator: &Indicator,
        windows: usize,
        told: usize,
        planning: &mut Duration,
        plan: impl Fn(Slice) -> Result<Plan>,
        take: &mut impl FnMut(Shape, Vec<RecordBatch>) -> Result<()>,
    ) -> Result<i32> {
        let mut of = self.slices.max(self.slices_for(indicator, windows)).max(self.slices_of(told));
        let mut left: VecDeque<Slice> = Slice::WHOLE.finer(of).collect();
        while let Some(slice) = left.front() {
            let start = Instant::now();
            let plan = plan(*slice)?;
            *planning += start.elapsed();
            let shape = plan.shape;
            match self.run_plan(plan, planning).await {
                Ok((answer, told)) => {
                    left.pop_front();
                    take(shape, answer)?;
                    take(Shape::Rows, told)?;
                }
                // The others would be too large as well.
                Err(error) if of < SLICES && spill::out_of_memory(&error) => {
                    left = left.into_iter().flat_map(|slice| slice.finer(FINER)).collect();
                    of *= FINER;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(of)
    }

    /// The number of slices to begin with where memory is limited. DataFusion does not account for
    /// the rows that it sorts for a pick, nor for those of an answer with a row for each value in
    /// each window.
    fn slices_for(&self, indicator: &Indicator, windows: usize) -> i32 {
        let Some(memory) = spill::of_plans(&self.scratch) else { return 1 };
        let times = match (indicator.measure.is_additive(), &indicator.cohort.pick) {
            (false, _) => windows,
            (true, Some(_)) => 1,
            (true, None) => return 1,
        };
        let rows = self.rows.get(&indicator.cohort.table).copied().unwrap_or(0);
        let bytes = rows.saturating_mul(times).saturating_mul(UNCOUNTED);
        i32::try_from(bytes.div_ceil(memory.max(1))).map_or(SLICES, |of| of.clamp(1, SLICES))
    }

    /// The number of slices of which none has too many rows to be told one by one.
    fn slices_of(&self, told: usize) -> i32 {
        let most = self.scratch.memory().map_or(TOLD, |memory| (memory / BYTES_TOLD).clamp(BATCH, TOLD));
        i32::try_from(told.div_ceil(most)).map_or(SLICES, |of| of.clamp(1, SLICES))
    }

    /// The answer of a plan, and the rows that are told beside it.
    async fn run_plan(&self, plan: Plan, planning: &mut Duration) -> Result<(Vec<RecordBatch>, Vec<RecordBatch>)> {
        let told = plan.told.iter().flat_map(|told| &told.steps);
        let names: Vec<String> = plan.steps.iter().chain(told).map(|step| step.name.clone()).collect();
        let both = async {
            let answer = self.run_steps(plan.steps, plan.answer, planning).await?;
            let told = match plan.told {
                Some(told) => self.run_steps(told.steps, told.rows, planning).await?,
                None => Vec::new(),
            };
            Ok((answer, told))
        };
        let both = both.await;
        for name in names {
            held(&self.tables).remove(&name);
        }
        both
    }

    async fn run_steps(
        &self,
        steps: Vec<Step>,
        answer: LogicalPlan,
        planning: &mut Duration,
    ) -> Result<Vec<RecordBatch>> {
        for step in steps {
            let rows = self.collect(step.plan, planning, true).await?;
            if step.decides && rows.1.iter().flatten().all(|batch| batch.num_rows() == 0) {
                return Ok(Vec::new());
            }
            self.keep(step.name, rows);
        }
        let (_, answer) = self.collect(answer, planning, false).await?;
        Ok(answer.into_iter().flatten().collect())
    }

    /// The rows of a plan; those of a step are spilled where memory is limited.
    async fn collect(&self, plan: LogicalPlan, planning: &mut Duration, step: bool) -> Result<Partitions> {
        let start = Instant::now();
        let plan = self.physical(plan)?;
        *planning += start.elapsed();
        let schema = plan.schema();
        let tasks = self.context.task_ctx();
        if !step || self.scratch.memory().is_none() {
            return Ok((schema, collect_partitioned(plan, tasks).await?));
        }
        // With a memory limit, there is one partition.
        let rows = execute_stream(plan, tasks)?;
        Ok((Arc::clone(&schema), vec![spill::collect(&schema, rows, &self.scratch, BATCH).await?]))
    }

    /// The plan as it is run, with what its lookups name.
    fn physical(&self, plan: LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
        let state = self.context.state();
        let plan = state.optimize(&plan::with_tables(plan, self)?)?;
        let rows = |name: &str| held(&self.tables).get(name).cloned();
        let options = state.config_options();
        Planner { rows: &rows, partitions: self.partitions, batch: BATCH, options }.plan(&plan)
    }

    fn keep(&self, name: String, (schema, partitions): Partitions) {
        let partitions = if partitions.is_empty() { vec![Vec::new()] } else { partitions };
        held(&self.tables).insert(name, Arc::new((schema, partitions)));
    }

    /// A batch cut into one run of batches for each partition; nothing is copied.
    fn split(&self, rows: &RecordBatch) -> Result<Partitions> {
        let share = rows.num_rows().div_ceil(self.partitions).max(1);
        let partitions = (0..self.partitions)
            .map(|p| {
                let (start, end) = ((p * share).min(rows.num_rows()), ((p + 1) * share).min(rows.num_rows()));
                Ok(self.scratch.batches(&rows.slice(start, end - start), BATCH)?)
            })
            .collect::<Result<_>>()?;
        Ok((rows.schema(), partitions))
    }
}

/// The optimizer rules for our plans, in this order. The other rules find nothing in them. A plan
/// that needs one of the others fails; it gives no other number.
fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![Arc::new(PushDownFilter::new()), Arc::new(CommonSubexprEliminate::new()), Arc::new(OptimizeProjections::new())]
}

/// Threads that run plans; one is the thread that asks. It is that one, too, where the system does
/// not let so many begin: a runtime that gets fewer than it wants may never end.
fn runtime(threads: usize) -> Result<Runtime> {
    let threads = if threads > 1 && !parallel::can_begin(threads) { 1 } else { threads };
    let mut builder = if threads == 1 { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    let runtime = builder.worker_threads(threads).enable_all().build();
    runtime.map_err(|e| DataFusionError::External(Box::new(e)))
}

/// The content of a lock, also after a panic of its holder: no critical section leaves the content
/// half changed.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
