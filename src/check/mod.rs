//! AST to typed IR: names, types, units, grain, time, standards. Never sees text, pest, files or DataFusion.

use crate::diag::Diagnostics;
use crate::ir::Program;
use crate::syntax::ast::Ast;

/// Checks all files together. With errors, the program holds only what is right and must not be run.
#[must_use]
pub fn check(files: &[Ast]) -> (Program, Diagnostics) {
    let _ = files;
    (Program::default(), Diagnostics::default())
}
