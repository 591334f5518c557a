//! A DataFusion session over a store: tables by name, steps kept as they are run.

use super::timeline::timeline;
use crate::model::Model;
use crate::plan::{Plan, timeline_name};
use crate::store::{self, Store};
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
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;

/// Rows a batch.
const BATCH: usize = 8192;
/// Plans under way at once, where there are several threads; each holds rows of its own.
const AT_ONCE: usize = 2;
/// Below this many rows in all tables, one thread is faster than several.
const SMALL: usize = 200_000;

/// How to run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Threads that run plans, and partitions of every table; as many as the machine has when missing. One is the thread that asks;
    /// of several, none is: it plans what comes next and collects what is done. Their number changes no count.
    pub threads: Option<usize>,
}

/// A session over one store. Several plans may be under way in it: while one is planned or brings its last rows, another keeps the threads busy.
pub(super) struct Session {
    context: SessionContext,
    partitions: usize,
    tables: RefCell<BTreeMap<String, Arc<dyn TableProvider>>>,
    /// Dated links by the name of their timeline, which is made when a plan asks for it.
    dated: RefCell<BTreeMap<String, RecordBatch>>,
}

impl Session {
    /// A session in which every table and dated link of the store can be scanned by its name.
    pub(super) fn new(model: &Model, store: &Store, settings: Settings) -> Result<Self> {
        let rows: usize = store.tables.values().map(|t| t.rows.num_rows()).sum();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let partitions = settings.threads.unwrap_or(if rows < SMALL { 1 } else { cores }).max(1);
        let mut config = SessionConfig::new().with_target_partitions(partitions).with_batch_size(BATCH);
        let optimizer = &mut config.options_mut().optimizer;
        // Of two tables joined, the smaller is looked up in, whole, and the larger is streamed past it where it lies: moving rows between
        // partitions first costs more than looking them up.
        optimizer.hash_join_single_partition_threshold = usize::MAX;
        optimizer.hash_join_single_partition_threshold_rows = usize::MAX;
        // The plans are built as they should be run; a second pass over them finds nothing.
        optimizer.max_passes = 1;
        let context = SessionContext::new_with_config(config);
        let session = Self { context, partitions, tables: RefCell::default(), dated: RefCell::default() };
        for (id, table) in &store.tables {
            session.keep(model.table(*id).name.clone(), session.split(&table.rows))?;
        }
        for ((table, link), rows) in &store.dated {
            session.keep(store::dated_name(model, *table, *link), session.split(rows))?;
            session.dated.borrow_mut().insert(timeline_name(model, *table, *link), rows.clone());
        }
        Ok(session)
    }

    /// How many plans are best under way at once.
    pub(super) fn at_once(&self) -> usize {
        self.partitions.min(AT_ONCE)
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
            self.tables.borrow_mut().remove(&name);
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
        let mut wanted = Vec::new();
        plan.apply(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                wanted.extend(self.dated.borrow_mut().remove_entry(scan.table_name.table()));
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
                let table = self.tables.borrow().get(name).cloned();
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
        self.tables.borrow_mut().insert(name, Arc::new(MemTable::try_new(schema, partitions)?));
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

/// Runs a future to its end, on threads of its own unless it is to be one thread.
pub(super) fn block_on<T>(settings: Settings, work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut builder = match settings.threads {
        Some(0 | 1) => Builder::new_current_thread(),
        Some(_) | None => Builder::new_multi_thread(),
    };
    if let Some(threads) = settings.threads {
        builder.worker_threads(threads.max(1));
    }
    let runtime = builder.enable_all().build().map_err(|e| DataFusionError::External(Box::new(e)))?;
    runtime.block_on(work)
}
