//! What the aggregate functions of this project share: the glue to DataFusion.

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature,
};
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

/// An aggregate function whose result depends on its arguments alone.
pub(in crate::plan) trait Aggregate: Debug + Clone + Eq + Hash + Send + Sync + 'static {
    /// The state of all groups.
    type Groups: Groups;

    fn name(&self) -> &'static str;
    fn signature(&self) -> Signature;
    fn return_type(&self) -> DataType;
    /// The type of the intermediate state, where groups are aggregated in parts and then merged.
    fn state_type(&self) -> DataType;
    /// The state before the first row.
    fn new_groups(&self) -> Self::Groups;

    /// The aggregate of these arguments.
    fn of(self, arguments: Vec<Expr>) -> Expr {
        let signature = self.signature();
        AggregateUDF::from(Frame { aggregate: self, signature }).call(arguments)
    }
}

/// The state of all groups of an aggregate. Groups are numbered from 0.
pub(in crate::plan) trait Groups: Debug + Send + Sync + 'static {
    /// Extends the state to this number of groups.
    fn resize(&mut self, groups: usize);
    /// Adds rows; `None` when the arguments have other types than the aggregate takes.
    fn update_batch(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()>;
    /// Adds intermediate states that [`Groups::state`] gave; `None` when they have another type.
    fn merge_batch(&mut self, state: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()>;
    /// The results of the groups to emit, which are removed; the numbers of the others move up.
    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef>;
    /// The intermediate states of the groups to emit, which are removed; the numbers of the others
    /// move up.
    fn state(&mut self, emit: EmitTo) -> Result<ArrayRef>;
    /// The size of the state in bytes.
    fn size(&self) -> usize;
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Frame<A> {
    aggregate: A,
    signature: Signature,
}

impl<A: Aggregate> Frame<A> {
    fn accumulated(&self) -> Accumulated<A> {
        Accumulated { aggregate: self.aggregate.clone(), groups: self.aggregate.new_groups() }
    }
}

impl<A: Aggregate> AggregateUDFImpl for Frame<A> {
    fn name(&self) -> &str {
        self.aggregate.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.aggregate.return_type())
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[kept]", args.name), self.aggregate.state_type(), true))])
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(self.accumulated()))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(self.accumulated()))
    }
}

#[derive(Debug)]
struct Accumulated<A: Aggregate> {
    aggregate: A,
    groups: A::Groups,
}

impl<A: Aggregate> Accumulated<A> {
    fn wrong(&self) -> DataFusionError {
        DataFusionError::Internal(format!("`{}` was called with other arguments", self.aggregate.name()))
    }

    fn update_batch(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        self.groups.update_batch(arguments, group_of).ok_or_else(|| self.wrong())
    }

    fn merge_batch(&mut self, state: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let taken = state.first().and_then(|state| self.groups.merge_batch(state, group_of));
        taken.ok_or_else(|| self.wrong())
    }
}

impl<A: Aggregate> GroupsAccumulator for Accumulated<A> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        _: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.groups.resize(total);
        self.update_batch(values, |row| groups[row])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.groups.resize(total);
        self.merge_batch(values, |row| groups[row])
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.groups.evaluate(emit)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.groups.state(emit)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut rows = Self { aggregate: self.aggregate.clone(), groups: self.aggregate.new_groups() };
        rows.groups.resize(values.first().map_or(0, |v| v.len()));
        rows.update_batch(values, |row| row)?;
        GroupsAccumulator::state(&mut rows, EmitTo::All)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.groups.size()
    }
}

/// Without groups there is one.
impl<A: Aggregate> Accumulator for Accumulated<A> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.groups.resize(1);
        self.update_batch(values, |_| 0)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.groups.resize(1);
        self.merge_batch(states, |_| 0)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.groups.resize(1);
        ScalarValue::try_from_array(&self.groups.evaluate(EmitTo::All)?, 0)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups.resize(1);
        Ok(vec![ScalarValue::try_from_array(&self.groups.state(EmitTo::All)?, 0)?])
    }

    fn size(&self) -> usize {
        GroupsAccumulator::size(self)
    }
}
