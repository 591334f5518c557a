//! The rows of a test by the interpreter and by the engine, which must agree.

use super::engine::Engine;
use crate::ir::Target;
use crate::model::Targets;
use crate::scorecard::rollup::Total;
use crate::trial::{Asked, Became, Entity, Interpreter, Rows};
use chrono::NaiveDate;
use std::fmt::Debug;

pub(super) struct Both<'a> {
    pub(super) interpreter: Interpreter<'a>,
    pub(super) engine: Engine<'a>,
}

/// The one answer of the two.
fn agreed<T: PartialEq + Debug>(interpreter: T, engine: &T) -> Result<T, String> {
    if interpreter == *engine {
        return Ok(interpreter);
    }
    Err(format!(
        "internal error: interpreter and engine disagree; please report it with this test\n\
         interpreter {interpreter:?}\nengine      {engine:?}"
    ))
}

impl Rows for Both<'_> {
    fn total(&mut self, asked: Asked) -> Result<Total, String> {
        agreed(self.interpreter.total(asked)?, &self.engine.total(asked)?)
    }

    fn target(&mut self, targets: Targets, of: Entity, day: NaiveDate) -> Result<Target, String> {
        agreed(self.interpreter.target(targets, of, day)?, &self.engine.target(targets, of, day)?)
    }

    fn row(&mut self, asked: Asked, id: &str) -> Result<Option<Became>, String> {
        agreed(self.interpreter.row(asked, id)?, &self.engine.row(asked, id)?)
    }

    fn clauses(&mut self, asked: Asked, id: &str) -> Result<Vec<String>, String> {
        self.interpreter.clauses(asked, id)
    }
}
