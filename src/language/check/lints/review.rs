//! What a reviewer misses.

use crate::check::clauses::Clauses;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::syntax::ast;

/// Words without which nobody can approve an indicator.
pub(in crate::check) fn words(decl: &ast::Indicator, clauses: &Clauses, out: &mut Diagnostics) {
    let words = [
        (clauses.question.is_none(), "question"),
        (clauses.source.is_none(), "source"),
        (clauses.status.is_none(), "status"),
    ];
    let missing: Vec<_> = words.iter().filter(|(missing, _)| *missing).map(|(_, word)| format!("`{word}`")).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("`{}` has no {}, which a reviewer needs", decl.name.value, missing.join(", no "));
    out.push(
        Diagnostic::new(code::NOT_FOR_REVIEW, decl.name.span, message)
            .help("say what question it answers, where its definition comes from, and how close to it this is (`published`, `adapted`, `inferred`)"),
    );
}
