//! What a reviewer misses.

use crate::check::clauses::Clauses;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Approved, Indicator, Program, Standing};
use crate::syntax::ast::{self, Clause};
use chrono::NaiveDate;

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

/// An approval of another definition than the one that stands here.
pub(super) fn approval(decl: &ast::Indicator, program: &Program, of: &Indicator, out: &mut Diagnostics) {
    // What an indicator takes over from another is no part of its text; an approval never is.
    let written = decl.clauses.iter().find_map(|clause| match &clause.value {
        Clause::Approved(approved) => Some((clause.span, approved)),
        // No other clause is an approval.
        _ => None,
    });
    let now = program.meanings(&of.id);
    let (Some((place, written)), Standing::Otherwise(approved)) = (written, of.about.standing(&now)) else { return };
    let (id, by, on, of_now) = (&of.id, &approved.by, approved.on, now.join(", "));
    let no_hash = written.meanings.iter().find(|meaning| !is_hash(&meaning.value));
    let (place, message) = match (written.meanings.as_slice(), no_hash) {
        (_, Some(no_hash)) => {
            (no_hash.span, format!("`{id}` is approved as \"{}\", which is no meaning hash", no_hash.value))
        }
        ([], None) => {
            (place, format!("it is not said as which meaning `{id}` was approved on {on}; it is now {of_now}"))
        }
        (_, None) => {
            let then = approved.meanings.join(", ");
            let message = format!(
                "`{id}` is not approved as it stands: it was approved on {on} as meaning {then}, and is now {of_now}"
            );
            (place, message)
        }
    };
    out.push(Diagnostic::new(code::NOT_AS_APPROVED, place, message).help(format!(
        "who approves it sees what has changed with `yardstick describe {id} --since PATH`; once it is agreed to, write \
         `{}`",
        Approved::clause(by, &now)
    )));
}

/// Whether this is written as a meaning hash.
fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// A review that is due on the as-of day, or that was to be before the approval.
pub(super) fn due(decl: &ast::Indicator, as_of: Option<NaiveDate>, out: &mut Diagnostics) {
    let (mut by, mut approved) = (None, None);
    for clause in &decl.clauses {
        match &clause.value {
            Clause::Review(day) => by = Some(day),
            Clause::Approved(of) => approved = Some(&of.on),
            // No other clause has a day of these.
            _ => {}
        }
    }
    let Some(by) = by else { return };
    let name = &decl.name.value;
    let next = "look at it again with its owner, and write the day of the next review; when it has changed, have it approved anew";
    if let Some(approved) = approved.filter(|approved| by.value <= approved.value) {
        let message =
            format!("the review of `{name}` was to be by {}, and it was approved on {}", by.value, approved.value);
        let finding = Diagnostic::new(code::REVIEW_DUE, by.span, message).also(approved.span, "the approval");
        out.push(finding.help("write the day by which the next review is to be"));
    } else if let Some(as_of) = as_of.filter(|as_of| by.value <= *as_of) {
        let message = format!("the review of `{name}` is due: it was to be by {}, and it is {as_of}", by.value);
        out.push(Diagnostic::new(code::REVIEW_DUE, by.span, message).help(next));
    }
}
