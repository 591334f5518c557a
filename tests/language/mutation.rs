//! Mutants of an indicator: what is changed, how it is shown, and what comes of it.

use crate::texts::checked;
use std::collections::BTreeMap;
use yardstick::mutation::{Changed, Library};

fn indicator(clauses: &str) -> String {
    let words = "title \"X\" question \"?\" source \"made up\" status inferred";
    format!("indicator x {{ {words}\n{clauses}\n}}\n")
}

/// The changes of an indicator, each as `before -> after`, by what comes of them.
fn mutants(text: &str) -> BTreeMap<&'static str, Vec<String>> {
    let checked = checked("text.ind", text);
    assert!(!checked.findings.has_errors(), "{}", checked.shown());
    let library = Library::of(&checked.sources);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for mutant in library.mutants("x") {
        let came = match library.changed(&mutant) {
            Changed::Refused => "refused",
            Changed::Same => "same",
            Changed::TestRefused => "test refused",
            Changed::Other(_) => "other",
        };
        let (before, after) = (one_line(checked.sources.text(mutant.edit.place)), one_line(&mutant.edit.after));
        found.entry(came).or_default().push(format!("{before} -> {after}"));
    }
    found
}

#[test]
fn every_form_changes_by_a_step() {
    let text = indicator(
        "window 12 months
         as it stands
         cohort last removal of each child by removed_on
           where removed_on in window and exit_type in { reunification, adoption } and not (child.sex = male)
         exclude \"short\" days < 8 days
         numerator (some other child.removals as later
                     where later.removed_on before removed_on + 45 days and later.exit_type is known)
                   or exit_type = adoption
         attribute child.worker at earliest of exited_on, window.last_day",
    );
    insta::assert_debug_snapshot!(mutants(&text));
}

#[test]
fn what_no_row_can_tell_apart_is_no_mutant() {
    let found = mutants(&indicator(
        "window month end
         cohort removal open on window.last_day
         numerator child.born_on before window.start
         attribute child.worker at window.start",
    ));
    let same = [
        "window month end -> window month",
        "window.last_day -> window.start",
        "window.start -> window.last_day",
        "window.start -> window.last_day",
    ];
    // With a month in its place, the first day of the window is another.
    assert_eq!(found.get("same").unwrap(), &same[1..], "{found:?}");
    assert!(found["other"].iter().any(|mutant| mutant == same[0]), "{found:?}");
    let found = mutants(&indicator(
        "window month end
         cohort removal open on window.last_day
         numerator child.born_on before window.last_day
         attribute child.worker at window.last_day",
    ));
    assert!(found["same"].iter().any(|mutant| mutant == same[0]), "{found:?}");
}

#[test]
fn the_day_of_attribution_decides_nothing_without_a_link_that_depends_on_it() {
    let days = |path: &str, cohort: &str, came: &str| {
        let text = format!("window month\ncohort {cohort}\nnumerator true\nattribute {path} at window.last_day");
        let found = mutants(&indicator(&text));
        found.get(came).into_iter().flatten().filter(|mutant| mutant.starts_with("window.last_day ->")).count()
    };
    // A day more is a day more to wait, and that can be told.
    assert_eq!(days("office", "residents where of_year = year of window.last_day", "same"), 2);
    assert_eq!(days("child.worker", "removal where removed_on in window", "same"), 0);
}

#[test]
fn a_test_that_cannot_be_read_notices() {
    let text = indicator(
        "window 12 months every quarter
         cohort removal where removed_on in window
         numerator true
         attribute child.worker at removed_on",
    ) + "test x \"all of them\" {
  removal | removal_id | child | removed_on |
          | r1         | c1    | 2023-01-05 |
  expect window ending 2023-12-31: 1 of 1
}
";
    let found = mutants(&text);
    assert!(found["other"].contains(&"window 12 months every quarter -> window 12 months".to_owned()), "{found:?}");
}
