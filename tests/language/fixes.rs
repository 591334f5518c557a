//! Findings that carry an exact replacement: when it is made, they are gone.

use crate::texts::{checked, each, name};
use std::fs;
use yardstick::diag::{Edit, Severity};
use yardstick::source::FileId;

/// A text with every edit made that a finding about it carries, and how many findings had one.
fn mended(name: &str, text: &str) -> (String, usize) {
    let found = checked(name, text).findings;
    let fixes: Vec<Vec<Edit>> =
        found.sorted().into_iter().map(|f| f.fix.clone()).filter(|fix| !fix.is_empty()).collect();
    let mut edits: Vec<&Edit> = fixes.iter().flatten().filter(|edit| edit.span.file == FileId(0)).collect();
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    let mut mended = text.to_owned();
    for edit in edits.into_iter().rev() {
        mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    (mended, fixes.len())
}

#[test]
fn what_is_replaced_is_found_no_more() {
    let fixed = std::cell::Cell::new(0);
    each("language/golden/errors", |input| {
        let name = name(input);
        let before = fs::read_to_string(input).unwrap();
        let (mut text, mut rounds) = (before.clone(), 0);
        let mut fixes = 0;
        loop {
            let (next, some) = mended(&name, &text);
            if some == 0 {
                break;
            }
            (text, rounds, fixes) = (next, rounds + 1, fixes + some);
            assert!(rounds < 20, "{name} is never mended:\n{text}");
        }
        let errors = |text: &str| {
            let found = checked(&name, text).findings;
            found.sorted().into_iter().filter(|f| f.severity == Severity::Error).count()
        };
        if fixes > 0 && !name.starts_with("E0101") {
            assert!(errors(&text) < errors(&before), "{name}:\n{text}\n{}", checked(&name, &text).shown());
        }
        fixed.set(fixed.get() + fixes);
    });
    assert!(fixed.get() > 15, "only {fixed:?}");
}

#[test]
fn forms_of_earlier_versions_mean_the_same_when_they_are_mended() {
    let indicator = |window: &str, standard: &str| {
        format!(
            "indicator one {{\n  window {window}\n  cohort removal where exited_on in window\n  numerator exit_type = adoption\n  \
             attribute child.worker at window.last_day\n{standard}}}\n"
        )
    };
    let bare =
        "  standard at least 90% from 2014-10-01\n    source \"a book\"  status published   # why\n  minimum 3\n";
    let braces =
        "  standard at least 90% from 2014-10-01\n    { source \"a book\"  status published }   # why\n  minimum 3\n";
    for (old, new) in [
        ("day", "month end"),
        ("1 day", "month end"),
        ("year", "12 months"),
        ("day every quarter", "month end every quarter"),
    ] {
        let (mended, _) = mended("one.ind", &indicator(old, bare));
        assert_eq!(mended, indicator(new, braces));
        assert!(!checked("one.ind", &mended).findings.has_errors());
    }
    // Where the old form took a source as the indicator's, its author says whose it is.
    let apart = "  standard at least 90% from 2014-10-01\n  source \"a book\"\n";
    let text = indicator("month", apart);
    assert_eq!(mended("one.ind", &text), (text.clone(), 0));
}

#[test]
fn signs_of_other_languages_get_blanks_where_they_become_words() {
    let text = "indicator one { cohort x where a==b&& !c||d<>e and f is not null }";
    let (mended, fixes) = mended("one.ind", text);
    assert_eq!(mended, "indicator one { cohort x where a=b and not c or d!=e and f is known }");
    assert_eq!(fixes, 6);
}
