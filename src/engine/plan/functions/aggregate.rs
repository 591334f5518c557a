//! The frame of the aggregates this project adds: what they share.

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

/// An aggregate: it knows nothing but its arguments.
pub(in crate::plan) trait Aggregate: Debug + Clone + Eq + Hash + Send + Sync + 'static {
    /// What it keeps of the groups.
    type Groups: Groups;

    fn name(&self) -> &'static str;
    fn takes(&self) -> Signature;
    fn returns(&self) -> DataType;
    /// The type of what is handed on when groups are put together in parts.
    fn hands_on(&self) -> DataType;
    /// Of no groups.
    fn none(&self) -> Self::Groups;

    /// The aggregate of these arguments.
    fn of(self, arguments: Vec<Expr>) -> Expr {
        let signature = self.takes();
        AggregateUDF::from(Frame { aggregate: self, signature }).call(arguments)
    }
}

/// What an aggregate keeps of its groups, which are numbered.
pub(in crate::plan) trait Groups: Debug + Send + Sync + 'static {
    /// Makes room for so many.
    fn make_room(&mut self, groups: usize);
    /// Takes in rows, or nothing when the arguments are not those it takes.
    fn take_in(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()>;
    /// Takes in what [`Groups::hand_on`] gave, or nothing when that is of another type.
    fn take_over(&mut self, handed_on: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()>;
    /// The answers for the groups asked for; the others move up.
    fn answer(&mut self, emit: EmitTo) -> Result<ArrayRef>;
    /// What another takes over, for the groups asked for; the others move up.
    fn hand_on(&mut self, emit: EmitTo) -> Result<ArrayRef>;
    /// Bytes held.
    fn bytes(&self) -> usize;
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Frame<A> {
    aggregate: A,
    signature: Signature,
}

impl<A: Aggregate> Frame<A> {
    fn kept(&self) -> Kept<A> {
        Kept { aggregate: self.aggregate.clone(), groups: self.aggregate.none() }
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
        Ok(self.aggregate.returns())
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[kept]", args.name), self.aggregate.hands_on(), true))])
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(self.kept()))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(self.kept()))
    }
}

#[derive(Debug)]
struct Kept<A: Aggregate> {
    aggregate: A,
    groups: A::Groups,
}

impl<A: Aggregate> Kept<A> {
    fn wrong(&self) -> DataFusionError {
        DataFusionError::Internal(format!("`{}` was called with other arguments", self.aggregate.name()))
    }

    fn take_in(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        self.groups.take_in(arguments, group_of).ok_or_else(|| self.wrong())
    }

    fn take_over(&mut self, handed_on: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let taken = handed_on.first().and_then(|handed_on| self.groups.take_over(handed_on, group_of));
        taken.ok_or_else(|| self.wrong())
    }
}

impl<A: Aggregate> GroupsAccumulator for Kept<A> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        _: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.groups.make_room(total);
        self.take_in(values, |row| groups[row])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.groups.make_room(total);
        self.take_over(values, |row| groups[row])
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.groups.answer(emit)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.groups.hand_on(emit)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut rows = Self { aggregate: self.aggregate.clone(), groups: self.aggregate.none() };
        rows.groups.make_room(values.first().map_or(0, |v| v.len()));
        rows.take_in(values, |row| row)?;
        GroupsAccumulator::state(&mut rows, EmitTo::All)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.groups.bytes()
    }
}

/// Without groups there is one.
impl<A: Aggregate> Accumulator for Kept<A> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.groups.make_room(1);
        self.take_in(values, |_| 0)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.groups.make_room(1);
        self.take_over(states, |_| 0)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.groups.make_room(1);
        ScalarValue::try_from_array(&self.groups.answer(EmitTo::All)?, 0)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups.make_room(1);
        Ok(vec![ScalarValue::try_from_array(&self.groups.hand_on(EmitTo::All)?, 0)?])
    }

    fn size(&self) -> usize {
        GroupsAccumulator::size(self)
    }
}
