//! A DataFusion session over a store: tables by name, steps kept as they are run.

use super::timeline::timeline;
use crate::model::Model;
use crate::plan::{Plan, timeline_name};
use crate::store::{self, Store};
use crate::turns;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::collect_partitioned;
use datafusion::prelude::SessionConfig;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// Rows a batch.
const BATCH: usize = 8192;
/// Plans cut into parts for several threads that are under way at once: while one is planned or brings its last rows, another keeps the
/// threads busy.
const AT_ONCE: usize = 2;
/// With so many plans for each thread, each is run by one thread.
const MANY: usize = 2;
/// Below this many rows in all tables, one thread is faster than several.
const SMALL: usize = 200_000;

/// How to run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Threads that run plans; as many as the machine has when missing. One is the thread that asks; of several, none is: it collects
    /// what is done. Their number changes no count.
    pub threads: Option<usize>,
}

/// A session over one store, in which several threads may run plans.
pub(super) struct Session {
    context: SessionContext,
    runtime: Runtime,
    at_once: usize,
    partitions: usize,
    tables: Mutex<BTreeMap<String, Arc<dyn TableProvider>>>,
    /// Dated links by the name of their timeline, which is made when a plan asks for it.
    dated: Mutex<BTreeMap<String, RecordBatch>>,
}

impl Session {
    /// A session for so many plans, in which every table and dated link of the store can be scanned by its name.
    ///
    /// Many plans are run side by side, each by one thread, since no row is then handed from one to another. A few plans are each cut into parts.
    pub(super) fn new(model: &Model, store: &Store, settings: Settings, plans: usize) -> Result<Self> {
        let rows: usize = store.tables.values().map(|t| t.rows.num_rows()).sum();
        let threads = turns::threads(settings.threads);
        let whole = rows < SMALL || plans >= threads * MANY;
        let (at_once, partitions) = if whole { (threads, 1) } else { (threads.min(AT_ONCE), threads) };
        let mut config = SessionConfig::new().with_target_partitions(partitions).with_batch_size(BATCH);
        let optimizer = &mut config.options_mut().optimizer;
        // Of two tables joined, the smaller is looked up in, whole, and the larger is streamed past it where it lies: moving rows between
        // partitions first costs more than looking them up.
        optimizer.hash_join_single_partition_threshold = usize::MAX;
        optimizer.hash_join_single_partition_threshold_rows = usize::MAX;
        // The plans are built as they should be run; a second pass over them finds nothing.
        optimizer.max_passes = 1;
        let context = SessionContext::new_with_config(config);
        let (tables, dated) = (Mutex::default(), Mutex::default());
        let session = Self { context, runtime: runtime(threads)?, at_once, partitions, tables, dated };
        for (id, table) in &store.tables {
            session.keep(model.table(*id).name.clone(), session.split(&table.rows))?;
        }
        for ((table, link), rows) in &store.dated {
            session.keep(store::dated_name(model, *table, *link), session.split(rows))?;
            held(&session.dated).insert(timeline_name(model, *table, *link), rows.clone());
        }
        Ok(session)
    }

    /// Runs a future to its end, on the thread that asks and those of the session.
    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// How many plans are best under way at once.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// Runs the plan's steps and then its answer, as one list of batches in the plan's order. The names of the steps must not be those of
    /// another plan under way. `planning` grows by the time it takes to turn the plan into one that can be run.
    pub(super) async fn run(&self, plan: Plan, planning: &mut Duration) -> Result<Vec<RecordBatch>> {
        let mut kept = Vec::new();
        for step in plan.steps {
            let (schema, partitions) = self.collect(step.plan, planning).await?;
            self.keep(step.name.clone(), (schema, partitions))?;
            kept.push(step.name);
        }
        let (_, answer) = self.collect(plan.answer, planning).await?;
        for name in kept {
            held(&self.tables).remove(&name);
        }
        Ok(answer.into_iter().flatten().collect())
    }

    async fn collect(&self, plan: LogicalPlan, planning: &mut Duration) -> Result<(SchemaRef, Vec<Vec<RecordBatch>>)> {
        self.make_timelines(&plan)?;
        let start = Instant::now();
        let plan = self.resolve(plan)?;
        let physical = self.context.state().create_physical_plan(&plan).await?;
        *planning += start.elapsed();
        let schema = physical.schema();
        Ok((schema, collect_partitioned(physical, self.context.task_ctx()).await?))
    }

    /// Makes the timelines that the plan scans and no plan before it did.
    fn make_timelines(&self, plan: &LogicalPlan) -> Result<()> {
        // Held until they are made: another plan may want the same.
        let mut dated = held(&self.dated);
        let mut wanted = Vec::new();
        plan.apply(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                wanted.extend(dated.remove_entry(scan.table_name.table()));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        for (name, stays) in wanted {
            self.keep(name, self.split(&timeline(&stays)?))?;
        }
        Ok(())
    }

    /// The plan with every scan reading the table of its name.
    fn resolve(&self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let resolved = plan.transform_up(|node| match node {
            LogicalPlan::TableScan(mut scan) => {
                let name = scan.table_name.table();
                let table = held(&self.tables).get(name).cloned();
                let unknown = || DataFusionError::Internal(format!("no table `{name}` was loaded"));
                scan.source = provider_as_source(table.ok_or_else(unknown)?);
                Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
            }
            other => Ok(Transformed::no(other)),
        })?;
        Ok(resolved.data)
    }

    fn keep(&self, name: String, (schema, partitions): (SchemaRef, Vec<Vec<RecordBatch>>)) -> Result<()> {
        let partitions = if partitions.is_empty() { vec![Vec::new()] } else { partitions };
        held(&self.tables).insert(name, Arc::new(MemTable::try_new(schema, partitions)?));
        Ok(())
    }

    /// A batch cut into one run of batches for each partition; nothing is copied.
    fn split(&self, rows: &RecordBatch) -> (SchemaRef, Vec<Vec<RecordBatch>>) {
        let share = rows.num_rows().div_ceil(self.partitions).max(1);
        let partitions = (0..self.partitions)
            .map(|p| {
                let (start, end) = ((p * share).min(rows.num_rows()), ((p + 1) * share).min(rows.num_rows()));
                (start..end).step_by(BATCH).map(|from| rows.slice(from, BATCH.min(end - from))).collect()
            })
            .collect();
        (rows.schema(), partitions)
    }
}

/// Threads that run plans; one is the thread that asks.
fn runtime(threads: usize) -> Result<Runtime> {
    let mut builder = if threads == 1 { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    let runtime = builder.worker_threads(threads).enable_all().build();
    runtime.map_err(|e| DataFusionError::External(Box::new(e)))
}

/// What a lock holds. A thread that broke off left it as it was: no piece of work is done while it is held that could leave it half done.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
