//! The clauses of an indicator, and what its tests are asked to show of them.

use crate::texts::checked;
use yardstick::coverage::{Clauses, Goal};
use yardstick::interpret::Seen;
use yardstick::source::Span;

/// Its clauses, each as its role, its text, and the letters of what is asked for.
fn clauses(text: &str) -> Vec<String> {
    let checked = checked("text.ind", text);
    assert!(!checked.findings.has_errors(), "{}", checked.shown());
    let texts: Vec<Span> = checked.program.indicators.iter().map(|i| i.span).collect();
    let of = Clauses::of(&checked.program.model, checked.program.indicators.last().unwrap(), &texts);
    let words = |place| checked.sources.text(place).split_whitespace().collect::<Vec<_>>().join(" ");
    let letters = |goals: &[Goal]| goals.iter().map(|goal| goal.letter()).collect::<String>();
    of.all.iter().map(|c| format!("{} | {} | {}", c.role, words(c.place), letters(&c.goals))).collect()
}

fn indicator(clauses: &str) -> String {
    let words = "title \"X\" question \"?\" source \"made up\" status inferred window 12 months as it stands";
    format!("indicator x {{ {words}\n{clauses}\n}}\n")
}

#[test]
fn clauses_are_conditions_down_to_the_last_part() {
    let text = indicator(
        "let grown = child.born_on before removed_on - 18 years
         cohort removal overlapping window where not (exit_type = adoption or exited_on before removed_on)
         exclude \"grown up\" grown
         numerator some other child.removals as later where later.removed_on on or after exited_on
         attribute child.worker at removed_on",
    );
    let found = clauses(&text);
    let expected = [
        "exclude \"grown up\" | child.born_on before removed_on - 18 years | TFD",
        "cohort | overlapping window | TFD",
        "cohort | exit_type = adoption | TFUD",
        "cohort | exited_on before removed_on | TFD",
        "numerator | some other child.removals as later where later.removed_on on or after exited_on | TFD",
        "numerator | later.removed_on on or after exited_on | TFD",
    ];
    assert_eq!(found, expected);
}

#[test]
fn columns_that_are_conditions_names_of_the_model_and_constants_are_clauses() {
    let text = "rows decided = allegation where disposition is known and disposed_on is known\n".to_owned()
        + &indicator(
            "cohort contact where contacted_on in window and completed and in_person
             numerator some child.allegations as told where told is decided or true
             attribute child.worker at contacted_on",
        );
    let found = clauses(&text);
    let expected = [
        "cohort | contacted_on in window | TFD",
        "cohort | completed | TFD",
        "cohort | in_person | TFD",
        "numerator | some child.allegations as told where told is decided or true | TFD",
        "numerator | decided | TFD",
        "numerator | true | T",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_cannot_be_unknown_is_not_asked_to_be() {
    let condition = |condition: &str| {
        let text = format!("cohort allegation where referral.received_on in window\nnumerator {condition}");
        clauses(&indicator(&(text + "\nattribute child.worker at referral.received_on"))).last().cloned().unwrap()
    };
    // Guarded by its being missing, a value that is missing decides nothing else.
    assert!(
        condition("some child.removals where incident_on is missing or incident_on before removed_on").contains("U")
    );
    let guarded = |of: &str| {
        let text = format!("cohort allegation where referral.received_on in window\nnumerator {of}");
        clauses(&indicator(&(text + "\nattribute child.worker at referral.received_on")))
    };
    let inside = "no child.removals as stay where (incident_on is missing or incident_on before stay.removed_on)";
    assert!(guarded(inside)[1].ends_with("before stay.removed_on) | TFD"), "{:?}", guarded(inside));
    let open = "no child.removals as stay where (incident_on before stay.removed_on)";
    assert!(guarded(open)[1].ends_with("before stay.removed_on) | TFUD"), "{:?}", guarded(open));
    // An end that is open is later than every day, but the days up to it are not known.
    assert!(condition("child.died_on after referral.received_on").ends_with("TFD"));
    assert!(condition("days from referral.received_on to child.died_on > 3 days").ends_with("TFUD"));
    // Of no rows there is no earliest day.
    assert!(condition("(earliest removed_on among child.removals) after referral.received_on").ends_with("TFUD"));
    assert!(condition("count child.removals > 1").ends_with("TFD"));
}

#[test]
fn a_clause_of_another_indicator_is_shown_there() {
    let of = |name: &str, rest: &str| {
        let words = "title \"X\" question \"?\"";
        format!("indicator {name} {{ {words} {rest}\n}}\n")
    };
    let whole =
        "source \"made up\" status inferred window 12 months as it stands cohort removal where removed_on in window\n
                 numerator exit_type = adoption attribute child.worker at removed_on";
    let text = of("a", whole) + &of("b like a", "numerator exit_type = guardianship");
    let found = clauses(&text);
    assert_eq!(found, ["cohort | removed_on in window | TFD", "numerator | exit_type = guardianship | TFUD"]);
}

#[test]
fn nothing_is_reached_without_tests_and_places_change_no_meaning() {
    let text =
        indicator("cohort removal where removed_on in window\nnumerator true attribute child.worker at removed_on");
    let checked = checked("text.ind", &text);
    let indicator = &checked.program.indicators[0];
    let of = Clauses::of(&checked.program.model, indicator, &[indicator.span]);
    assert_eq!(of.indicator, *indicator);
    let coverage = of.counted(&Seen::default(), &[(false, false); 2]);
    assert_eq!((coverage.reached(), coverage.goals(), coverage.constants(), coverage.never_unknown()), (0, 4, 1, 1));
    assert_ne!(of.forced(&of.all[0], true), *indicator);
}
