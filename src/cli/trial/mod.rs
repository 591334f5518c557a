//! What the rows of a `test` block are evaluated by: the interpreter, the engine, or both.

mod both;
mod engine;

use crate::ir::{Program, Test};
use crate::trial::{Interpreter, Rows, RowsBy, one_by_one};
use clap::ValueEnum;

/// What a test's rows are evaluated by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Row by row: by far the fastest for a few rows.
    #[default]
    Interpreter,
    /// By the engine that runs scorecards.
    #[value(name = "datafusion")]
    Engine,
    /// By the one and the other, which must agree.
    Both,
}

impl By {
    /// What evaluates the rows so.
    pub(super) fn rows(self) -> RowsBy<'static> {
        match self {
            Self::Interpreter => &one_by_one,
            Self::Engine => &engine,
            Self::Both => &both,
        }
    }
}

fn engine<'a>(program: &'a Program, test: &'a Test) -> Result<Box<dyn Rows + 'a>, String> {
    Ok(Box::new(engine::Engine::new(program, test)?))
}

fn both<'a>(program: &'a Program, test: &'a Test) -> Result<Box<dyn Rows + 'a>, String> {
    let interpreter = Interpreter::new(program, test)?;
    Ok(Box::new(both::Both { interpreter, engine: engine::Engine::new(program, test)? }))
}
