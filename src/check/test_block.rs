//! `test` blocks.

use super::declared::Declared;
use crate::diag::Diagnostics;
use crate::ir::{Indicator, Test};
use crate::model::Model;
use crate::syntax::ast;

pub(super) fn check(
    model: &Model,
    declared: &Declared,
    indicators: &[Indicator],
    decl: &ast::Test,
    out: &mut Diagnostics,
) -> Option<Test> {
    let _ = (model, declared, indicators, decl, out);
    None
}
