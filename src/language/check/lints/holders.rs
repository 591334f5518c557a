//! `held elsewhere on` where no row is ever held elsewhere.

use crate::check::clauses::{Attribute, Clauses};
use crate::check::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Attribution, Expr, ExprKind};
use crate::model::Step;

/// Looks at whether rows can be held elsewhere on another day, where that is asked.
pub(in crate::check) fn never_move<'e>(
    world: &World,
    mut asked: impl Iterator<Item = &'e Expr>,
    attribution: &Attribution,
    clauses: &Clauses,
    out: &mut Diagnostics,
) {
    let levels = world.model.levels.iter().take(attribution.level + 1).filter_map(|l| l.up);
    let dated = attribution.steps.iter().copied().chain(levels).any(|s| matches!(s, Step::Dated(_)));
    let asks = |e: &Expr| e.has(&|e| matches!(e.kind, ExprKind::Elsewhere(_)));
    let Some(Attribute { path, .. }) = clauses.attribute.filter(|_| !dated && asked.any(asks)) else { return };
    let message = "no row is ever held elsewhere: no link of this path, or above its end, depends on the day";
    let help = "use a link `through` another table, which leads to different rows on different days";
    out.push(Diagnostic::new(code::ALWAYS_FALSE, path.span, message).help(help));
}
