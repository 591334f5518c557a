//! Logical plans of ours made into physical ones, node by node.
//!
//! The engine's own planner looks for the best plan of any query: it makes one that may be run and
//! changes it rule by rule, each time working out anew what is known of every node. Ours are of few
//! kinds, and how each is best run is known: a join builds its table from the side with fewer rows
//! and streams the other in place, rows are grouped at once where there is one partition, and what
//! is above a join or a filter names the columns that it gives. So each node is made once.
//!
//! What a node needs of its rows, as their order, is checked at the end by the engine's own rule.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::config::ConfigOptions;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{
    Aggregate, Expr, ExprSchemable, Filter, Join, JoinType, LogicalPlan, Projection, TableScan, Union, Unnest, Window,
    ident,
};
use datafusion::physical_expr::aggregate::LoweredAggregateBuilder;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{
    Distribution, LexOrdering, Partitioning, PartitioningSatisfaction, PhysicalExpr, PhysicalSortExpr,
    create_physical_expr, create_physical_sort_exprs,
};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::sanity_checker::SanityCheckPlan;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode, PhysicalGroupBy};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExecBuilder;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{CrossJoinExec, HashJoinExec, NestedLoopJoinExec, PartitionMode};
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::unnest::{ListUnnest, UnnestExec};
use datafusion::physical_plan::windows::{BoundedWindowAggExec, WindowAggExec};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, InputOrderMode};
use datafusion::physical_planner::create_window_expr_with_name;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One row in so many passes a filter, as far as is guessed.
const PASSES: usize = 5;

/// The rows of a table or step: their schema, and the batches of each partition.
pub(super) type Partitions = (SchemaRef, Vec<Vec<RecordBatch>>);

/// Makes physical plans.
pub(super) struct Planner<'p> {
    /// The rows of a table or step, by its name.
    pub(super) rows: &'p dyn Fn(&str) -> Option<Arc<Partitions>>,
    /// How many partitions a plan is cut into.
    pub(super) partitions: usize,
    /// Rows per batch.
    pub(super) batch: usize,
    pub(super) options: &'p ConfigOptions,
}

/// A physical plan, and about how many rows it gives.
struct Made {
    plan: Arc<dyn ExecutionPlan>,
    rows: usize,
}

impl Made {
    /// What it takes to hold all its rows.
    fn size(&self) -> usize {
        self.rows.saturating_mul(self.plan.schema().fields().len().max(1))
    }

    /// The plan with all rows in one partition.
    fn together(self) -> Arc<dyn ExecutionPlan> {
        if self.partitions() == 1 { self.plan } else { Arc::new(CoalescePartitionsExec::new(self.plan)) }
    }

    fn partitions(&self) -> usize {
        self.plan.output_partitioning().partition_count()
    }
}

impl Planner<'_> {
    /// The physical plan of a logical one.
    ///
    /// # Errors
    /// When it has a node of another kind, or a table that is not there.
    pub(super) fn plan(&self, plan: &LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
        SanityCheckPlan::new().optimize(self.make(plan)?.plan, self.options)
    }

    fn make(&self, plan: &LogicalPlan) -> Result<Made> {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(scan),
            LogicalPlan::Projection(projection) => self.projection(projection),
            LogicalPlan::Filter(filter) => self.filter(filter, None),
            LogicalPlan::Join(join) => self.join(join, None),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate),
            LogicalPlan::Window(window) => self.window(window),
            LogicalPlan::Unnest(unnest) => self.unnest(unnest),
            LogicalPlan::Union(union) => self.union(union),
            LogicalPlan::Sort(sort) => {
                let input = self.make(&sort.input)?;
                let by = create_physical_sort_exprs(&sort.expr, sort.input.schema(), &props(), &context())?;
                let rows = input.rows;
                Ok(Made { plan: sorted(input.together(), by, false)?, rows })
            }
            other => Err(DataFusionError::Internal(format!("no physical plan is made of `{}`", other.display()))),
        }
    }

    fn scan(&self, scan: &TableScan) -> Result<Made> {
        let name = scan.table_name.table();
        if !scan.filters.is_empty() || scan.fetch.is_some() {
            return Err(DataFusionError::Internal(format!("a scan of `{name}` does not filter")));
        }
        let unknown = || DataFusionError::Internal(format!("no table `{name}` was loaded"));
        let table = (self.rows)(name).ok_or_else(unknown)?;
        let (schema, partitions) = &*table;
        // By name: the table may have fewer columns than the model, and a step fewer than it could.
        let columns = scan.projected_schema.fields().iter().map(|field| Ok(schema.index_of(field.name())?));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let plan = MemorySourceConfig::try_new_exec(partitions, Arc::clone(schema), Some(columns))?;
        Ok(Made { plan, rows: partitions.iter().flatten().map(RecordBatch::num_rows).sum() })
    }

    fn projection(&self, projection: &Projection) -> Result<Made> {
        let all = projection.input.schema();
        let used = || -> Result<Vec<usize>> {
            let columns = projection.expr.iter().flat_map(Expr::column_refs);
            let used = columns.map(|column| all.index_of_column(column)).collect::<Result<BTreeSet<_>>>()?;
            Ok(used.into_iter().collect())
        };
        let (input, schema) = match &*projection.input {
            LogicalPlan::Filter(filter) => {
                let used = used()?;
                (self.filter(filter, Some(&used))?, Arc::new(only(all, &used)?))
            }
            LogicalPlan::Join(join) => {
                let used = used()?;
                (self.join(join, Some(&used))?, Arc::new(only(all, &used)?))
            }
            other => (self.make(other)?, Arc::clone(all)),
        };
        let names = projection.schema.fields().iter().map(|field| field.name());
        let columns = projection
            .expr
            .iter()
            .zip(names)
            .map(|(e, name)| Ok(ProjectionExpr { expr: expression(e, &schema)?, alias: name.clone() }));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        if is_all(&columns, &input.plan.schema()) {
            return Ok(input);
        }
        Ok(Made { plan: Arc::new(ProjectionExec::try_new(columns, input.plan)?), rows: input.rows })
    }

    /// The rows that pass, with only the columns at these places of its input.
    fn filter(&self, filter: &Filter, columns: Option<&[usize]>) -> Result<Made> {
        let input = self.make(&filter.input)?;
        let rows = input.rows.div_ceil(PASSES);
        let passes = expression(&filter.predicate, filter.input.schema())?;
        let columns = columns.filter(|columns| columns.len() < filter.input.schema().fields().len());
        let plan = FilterExecBuilder::new(passes, input.plan)
            .apply_projection(columns.map(<[usize]>::to_vec))?
            .with_batch_size(self.batch)
            .build()?;
        Ok(Made { plan: Arc::new(plan), rows })
    }

    /// The joined rows, with only the columns at these places of those of both sides.
    fn join(&self, join: &Join, places: Option<&[usize]>) -> Result<Made> {
        let sides = (Side::of(self.make(&join.left)?, &join.left), Side::of(self.make(&join.right)?, &join.right));
        let rows = match join.join_type {
            JoinType::Left => sides.0.made.rows,
            _ if join.on.is_empty() => sides.0.made.rows.saturating_mul(sides.1.made.rows),
            _ => sides.0.made.rows.max(sides.1.made.rows),
        };
        let (mut left, mut right) = sides;
        let own = left.width();
        let mut filter = match &join.filter {
            None => None,
            Some(filter) if !join.on.is_empty() => Some(join_filter(filter, &left, &right)?),
            Some(filter) => {
                let filter = right.work_out(left.work_out(filter.clone(), "left")?, "right")?;
                Some(join_filter(&filter, &left, &right)?)
            }
        };
        let keys = join.on.iter().map(|(l, r)| Ok((expression(l, &left.columns)?, expression(r, &right.columns)?)));
        let mut keys = keys.collect::<Result<Vec<_>>>()?;
        // Where the columns stand once both sides have all that is worked out.
        let place = |place: usize| if place < own { place } else { place - own + left.width() };
        let mut places: Vec<usize> = match places {
            Some(places) => places.iter().copied().map(place).collect(),
            None => (0..join.schema.fields().len()).map(place).collect(),
        };
        let (lefts, rights) = (left.width(), right.width());
        let (mut build, mut stream, mut kind) = (left.made, right.made, join.join_type);
        if kind.supports_swap() && build.size() > stream.size() {
            (build, stream, kind) = (stream, build, kind.swap());
            keys.iter_mut().for_each(|(left, right)| std::mem::swap(left, right));
            filter = filter.map(|filter| filter.swap());
            places.iter_mut().for_each(|place| *place = if *place < lefts { *place + rights } else { *place - lefts });
        }
        let (build, stream) = (build.together(), stream.plan);
        let every = places.iter().copied().eq(0..lefts + rights);
        let places = (!every).then_some(places);
        let plan: Arc<dyn ExecutionPlan> = if !keys.is_empty() {
            let mode = PartitionMode::CollectLeft;
            let (nulls, aware) = (join.null_equality, join.null_aware);
            Arc::new(HashJoinExec::try_new(build, stream, keys, filter, &kind, places, mode, nulls, aware)?)
        } else if filter.is_some() || kind != JoinType::Inner {
            Arc::new(NestedLoopJoinExec::try_new(build, stream, filter, &kind, places)?)
        } else {
            at_places(Arc::new(CrossJoinExec::new(build, stream)), places)?
        };
        Ok(Made { plan, rows })
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Result<Made> {
        let input = self.make(&aggregate.input)?;
        let rows = input.rows;
        let (schema, given) = (aggregate.input.schema(), input.plan.schema());
        let mut names = aggregate.schema.fields().iter().map(|field| field.name().clone());
        let keys = aggregate.group_expr.iter().zip(names.by_ref());
        let keys = keys.map(|(key, name)| Ok((expression(key, schema)?, name))).collect::<Result<Vec<_>>>()?;
        let sums = aggregate.aggr_expr.iter().zip(names).map(|(sum, name)| {
            let (props, context) = (props(), context());
            let sum = LoweredAggregateBuilder::new(sum, schema, &given, &props, &context);
            let sum = sum.with_name(name).with_human_display("").build()?;
            Ok((sum.aggregate, sum.filter))
        });
        let (sums, filters): (Vec<_>, Vec<_>) = sums.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let (grouped, keyless) = (PhysicalGroupBy::new_single(keys), aggregate.group_expr.is_empty());
        let mode = if input.partitions() == 1 { AggregateMode::Single } else { AggregateMode::Partial };
        let first = AggregateExec::try_new(mode, grouped, sums, filters.clone(), input.plan, Arc::clone(&given))?;
        if mode == AggregateMode::Single {
            return Ok(Made { plan: Arc::new(first), rows });
        }
        let (sums, keys) = (first.aggr_expr().to_vec(), first.group_expr().as_final());
        let by = first.group_expr().output_exprs();
        let (mode, parts): (_, Arc<dyn ExecutionPlan>) = if keyless {
            (AggregateMode::Final, Arc::new(CoalescePartitionsExec::new(Arc::new(first))))
        } else {
            let by = Partitioning::Hash(by, self.partitions);
            (AggregateMode::FinalPartitioned, Arc::new(RepartitionExec::try_new(Arc::new(first), by)?))
        };
        Ok(Made { plan: Arc::new(AggregateExec::try_new(mode, keys, sums, filters, parts, given)?), rows })
    }

    fn window(&self, window: &Window) -> Result<Made> {
        let input = self.make(&window.input)?;
        let rows = input.rows;
        let new = window.schema.fields().iter().skip(window.input.schema().fields().len());
        let functions = window.window_expr.iter().zip(new).map(|(function, field)| {
            create_window_expr_with_name(function, field.name().clone(), &window.schema, &props(), &context())
        });
        let functions = functions.collect::<Result<Vec<_>>>()?;
        let [first, ..] = &functions[..] else {
            return Err(DataFusionError::Internal("a window without a function".to_owned()));
        };
        let (keys, order) = (first.partition_by().to_vec(), first.order_by());
        let asked = |key: &&Arc<dyn PhysicalExpr>| !order.iter().any(|by| by.expr.eq(*key));
        let by_key =
            keys.iter().filter(asked).map(|key| PhysicalSortExpr::new(Arc::clone(key), SortOptions::new(false, false)));
        let by: Vec<PhysicalSortExpr> = by_key.chain(order.iter().cloned()).collect();
        let input = if keys.is_empty() { input.together() } else { self.by_keys(input.plan, keys)? };
        let input = sorted(input, by, true)?;
        let split = self.partitions > 1;
        let plan: Arc<dyn ExecutionPlan> = match functions.iter().all(|function| function.uses_bounded_memory()) {
            true => Arc::new(BoundedWindowAggExec::try_new(functions, input, InputOrderMode::Sorted, split)?),
            false => Arc::new(WindowAggExec::try_new(functions, input, split)?),
        };
        Ok(Made { plan, rows })
    }

    /// All rows of one combination of keys in one partition.
    fn by_keys(
        &self,
        input: Arc<dyn ExecutionPlan>,
        keys: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let partitioning = input.output_partitioning();
        let needed = Distribution::KeyPartitioned(keys.clone());
        let is = partitioning.satisfaction(&needed, input.equivalence_properties(), false);
        if partitioning.partition_count() == 1 || is == PartitioningSatisfaction::Exact {
            return Ok(input);
        }
        Ok(Arc::new(RepartitionExec::try_new(input, Partitioning::Hash(keys, self.partitions))?))
    }

    fn unnest(&self, unnest: &Unnest) -> Result<Made> {
        let input = self.make(&unnest.input)?;
        let lists = unnest.list_type_columns.iter();
        let lists = lists.map(|(place, of)| ListUnnest { index_in_input_schema: *place, depth: of.depth }).collect();
        let structs = unnest.struct_type_columns.clone();
        let schema = Arc::clone(unnest.schema.inner());
        let plan = UnnestExec::new(input.plan, lists, structs, schema, unnest.options.clone())?;
        Ok(Made { plan: Arc::new(plan), rows: input.rows })
    }

    fn union(&self, union: &Union) -> Result<Made> {
        let inputs = union.inputs.iter().map(|input| self.make(input)).collect::<Result<Vec<_>>>()?;
        let rows = inputs.iter().map(|input| input.rows).sum();
        let all = UnionExec::try_new(inputs.into_iter().map(|input| input.plan).collect())?;
        // Where plans are not cut into parts, the next node expects one.
        let all = Made { plan: all, rows };
        Ok(if self.partitions == 1 { Made { plan: all.together(), rows } } else { all })
    }
}

/// What expressions of ours need of the engine's state: nothing.
fn props() -> ExecutionProps {
    ExecutionProps::new()
}

fn context() -> PhysicalPlanningContext {
    PhysicalPlanningContext::default()
}

fn expression(e: &Expr, columns: &DFSchema) -> Result<Arc<dyn PhysicalExpr>> {
    create_physical_expr(e, columns, &props(), &context())
}

/// The columns at these places.
fn only(columns: &DFSchema, places: &[usize]) -> Result<DFSchema> {
    let column = |place: &usize| {
        let (table, field) = columns.qualified_field(*place);
        (table.cloned(), Arc::clone(field))
    };
    DFSchema::new_with_metadata(places.iter().map(column).collect(), columns.metadata().clone())
}

/// Whether these are all columns of the rows, under their names and in their order.
fn is_all(columns: &[ProjectionExpr], rows: &Schema) -> bool {
    let passes = |(place, column): (usize, &ProjectionExpr)| {
        let of = column.expr.downcast_ref::<Column>();
        of.is_some_and(|of| of.index() == place && of.name() == column.alias)
    };
    columns.len() == rows.fields().len() && columns.iter().enumerate().all(passes)
}

/// The plan with the columns at these places, in this order.
fn at_places(plan: Arc<dyn ExecutionPlan>, places: Option<Vec<usize>>) -> Result<Arc<dyn ExecutionPlan>> {
    let Some(places) = places else { return Ok(plan) };
    let schema = plan.schema();
    let columns = places.into_iter().map(|place| {
        let name = schema.field(place).name().clone();
        let column = Column::new(&name, place);
        ProjectionExpr { expr: Arc::new(column), alias: name }
    });
    Ok(Arc::new(ProjectionExec::try_new(columns.collect::<Vec<_>>(), plan)?))
}

/// The rows in this order, those of each partition by themselves if `apart`; as they are where they
/// are in it.
fn sorted(rows: Arc<dyn ExecutionPlan>, by: Vec<PhysicalSortExpr>, apart: bool) -> Result<Arc<dyn ExecutionPlan>> {
    match LexOrdering::new(by) {
        Some(by) if !rows.equivalence_properties().ordering_satisfy(by.clone())? => {
            Ok(Arc::new(SortExec::new(by, rows).with_preserve_partitioning(apart)))
        }
        _ => Ok(rows),
    }
}

/// One side of a join.
struct Side {
    made: Made,
    columns: Arc<DFSchema>,
}

impl Side {
    fn of(made: Made, plan: &LogicalPlan) -> Self {
        Self { made, columns: Arc::clone(plan.schema()) }
    }

    fn width(&self) -> usize {
        self.columns.fields().len()
    }

    /// What a condition on pairs asks of this side alone is worked out once for each of its rows,
    /// in more columns, and not once for each pair.
    fn work_out(&mut self, condition: Expr, side: &str) -> Result<Expr> {
        let mut more: Vec<(Expr, String)> = Vec::new();
        let columns = Arc::clone(&self.columns);
        let condition = condition.transform_down(|e| {
            let read = e.column_refs();
            let is_simple = matches!(e, Expr::Column(_) | Expr::Literal(..));
            if is_simple || read.is_empty() || !read.iter().all(|column| columns.has_column(column)) {
                return Ok(Transformed::no(e));
            }
            let known = more.iter().find(|(of, _)| *of == e).map(|(_, name)| name.clone());
            let name = known.unwrap_or_else(|| {
                let name = format!("{side}.{}", more.len());
                more.push((e, name.clone()));
                name
            });
            Ok(Transformed::new(ident(name), true, TreeNodeRecursion::Jump))
        })?;
        if more.is_empty() {
            return Ok(condition.data);
        }
        let mut fields: Vec<_> =
            self.columns.iter().map(|(table, field)| (table.cloned(), Arc::clone(field))).collect();
        let given = self.made.plan.schema();
        let own = given.fields().iter().enumerate().map(|(place, field)| ProjectionExpr {
            expr: Arc::new(Column::new(field.name(), place)),
            alias: field.name().clone(),
        });
        let mut all: Vec<ProjectionExpr> = own.collect();
        for (e, name) in more {
            all.push(ProjectionExpr { expr: expression(&e, &columns)?, alias: name.clone() });
            fields.push((None, e.alias(name).to_field(&columns)?.1));
        }
        self.made.plan = Arc::new(ProjectionExec::try_new(all, Arc::clone(&self.made.plan))?);
        self.columns = Arc::new(DFSchema::new_with_metadata(fields, columns.metadata().clone())?);
        Ok(condition.data)
    }
}

/// What pairs of rows pass beside having equal keys.
fn join_filter(filter: &Expr, left: &Side, right: &Side) -> Result<JoinFilter> {
    let read = filter.column_refs();
    let places = |of: &DFSchema| -> Vec<usize> {
        let places: BTreeSet<usize> = read.iter().filter_map(|column| of.index_of_column(column).ok()).collect();
        places.into_iter().collect()
    };
    let (lefts, rights) = (places(&left.columns), places(&right.columns));
    let columns = only(&left.columns, &lefts)?.join(&only(&right.columns, &rights)?)?;
    let fields = |of: &Side, places: &[usize]| -> Vec<_> {
        let schema = of.made.plan.schema();
        places.iter().map(|place| Arc::clone(&schema.fields()[*place])).collect()
    };
    let schema = Schema::new([fields(left, &lefts), fields(right, &rights)].concat());
    let passes = expression(filter, &columns)?;
    Ok(JoinFilter::new(passes, JoinFilter::build_column_indices(lefts, rights), Arc::new(schema)))
}
