//! The meaning hash: what changes a number or a colour changes it, and nothing else does.

use yardstick::source::Sources;
use yardstick::{check, syntax};

const MODEL: &str = include_str!("../../indicators/model.ind");
const TEXT: &str = include_str!("../../indicators/tier1/reentry_into_foster_care.ind");

fn meaning(model: &str, text: &str) -> String {
    let mut sources = Sources::default();
    let mut asts = Vec::new();
    for (name, text) in [("model.ind", model), ("text.ind", text)] {
        let file = sources.add(name, text);
        let (ast, found) = syntax::parse(&sources, file);
        assert!(!found.has_errors(), "{text}\n{found:?}");
        asts.push(ast);
    }
    let check::Checked { program, findings: found, .. } = check::check(&asts);
    assert!(!found.has_errors(), "{text}\n{found:?}");
    program.indicators[0].meaning.clone()
}

/// The text (or the model) with one part written another way.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "no `{old}` in\n{text}");
    text.replace(old, new)
}

#[test]
fn words_and_layout_do_not_change_it() {
    let first = meaning(MODEL, TEXT);
    assert_eq!(first.len(), 16);
    assert!(first.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()));
    for (old, new) in [
        ("  window     12 months", "  window 1 year # a year"),
        ("\"Re-entry into foster care\"", "\"Back in care\""),
        ("later", "again"),
        ("exited_on + 12 months", "exited_on + 1 year"),
        ("title ", "let back_by = exited_on + 12 months\n  title "),
        ("status     published", "status     inferred"),
        ("tier       1", "tier       2"),
        ("75", "76"),
    ] {
        if TEXT.contains(old) {
            assert_eq!(meaning(MODEL, &with(TEXT, old, new)), first, "{old} -> {new}");
        }
    }
    for (old, new) in [
        ("\"a stay in out-of-home care\"", "\"a stay\""),
        ("screened_on  date", "screened_on  date?"),
        ("removals     <- removal\n  placements", "stays        <- removal\n  removals     <- removal\n  placements"),
        ("# The county model", "# A county model"),
    ] {
        assert_eq!(meaning(&with(MODEL, old, new), TEXT), first, "{old} -> {new}");
    }
}

#[test]
fn a_standard_is_the_ends_of_its_bands_however_they_are_written() {
    let of = |standards: &str| {
        let cohort = "window 12 months cohort removal where removed_on in window numerator true";
        meaning(MODEL, &format!("indicator i {{ {cohort} attribute child.worker at removed_on {standards} }}"))
    };
    let same = |one, other| assert_eq!(of(one), of(other), "{one}, {other}");
    same("standard at least 94.6% yellow within 10%", "standard at least 94.6% yellow at least 85.14%");
    same("standard at most 9.9% yellow within 10%", "standard at most 9.9% yellow at most 18.91%");
    same("standard between 40% and 60% yellow within 10%", "standard between 40% and 60% yellow between 36% and 64%");
    same("standard none", "");
    same(
        "standard none until 2020-01-01 standard at least 90% from 2020-01-01 { source \"s\" }",
        "standard at least 90% from 2020-01-01",
    );
    let range = "standard between 40% and 60% yellow between 36% and 64%";
    for other in [
        "standard between 40% and 60%",
        "standard between 41% and 60% yellow between 36% and 64%",
        "standard between 40% and 61% yellow between 36% and 64%",
        "standard between 40% and 60% yellow between 37% and 64%",
        "standard between 40% and 60% yellow between 36% and 65%",
        "standard between 40% and 60% yellow within 11%",
        "standard at least 40% yellow at least 36%",
        "standard none",
    ] {
        assert_ne!(of(other), of(range), "{other}");
    }
    let gap = "standard at least 90% until 2020-01-01 standard none from 2020-01-01 until 2021-01-01 \
               standard at least 95% from 2021-01-01";
    assert_ne!(of(gap), of(&gap.replace("until 2021-01-01", "until 2022-01-01").replace("from 2021", "from 2022")));
    assert_ne!(of(gap), of("standard at least 90% until 2021-01-01 standard at least 95% from 2021-01-01"));
}

#[test]
fn where_targets_stand_and_what_is_made_of_them_changes_it() {
    let goal = "table goal { office -> office from_on date target int? other int since date begins on from_on }";
    let of = |goal: &str, standard: &str| {
        let cohort = "window month cohort removal where exited_on in window numerator exit_type = adoption";
        let text = format!("indicator i {{ {cohort} attribute child.worker at removed_on {standard} }}");
        meaning(&format!("{MODEL}\n{goal}"), &text)
    };
    let own = "standard at least goal.target% of each office from goal.from_on yellow within 10%";
    let first = of(goal, own);
    assert_eq!(
        of(goal, ""),
        meaning(
            MODEL,
            "indicator i { window month cohort removal where exited_on in window \
        numerator exit_type = adoption attribute child.worker at removed_on }"
        ),
        "a table that nobody reads"
    );
    for (old, new) in [
        ("target%", "other%"),
        ("at least", "at most"),
        ("within 10%", "within 11%"),
        ("yellow within 10%", ""),
        (own, ""),
    ] {
        assert_ne!(of(goal, &with(own, old, new)), first, "{old} -> {new}");
    }
    assert_eq!(of(goal, &with(own, "10%", "10.0%")), first);
    assert_eq!(of(goal, &with(own, "yellow", "{ source \"s\" } yellow")), first);
    let since = with(goal, "begins on from_on", "begins on since");
    assert_ne!(of(&since, &with(own, "goal.from_on", "goal.since")), first);
    assert_ne!(of(&with(goal, "target int?", "target int? from \"GOAL\""), own), first, "the target is read elsewhere");
}

#[test]
fn each_part_of_a_time_until_something_happens_changes_it() {
    let of = |measure: &str| {
        let cohort = "window 12 months cohort removal where removed_on in window";
        let text = format!("indicator i {{ {cohort} measure {measure} attribute child.worker at removed_on }}");
        meaning(MODEL, &text)
    };
    assert_eq!(
        of("median of days from removed_on to window.end"),
        of("percentile 50 of days from removed_on to window.end")
    );
    assert_ne!(
        of("median of days from removed_on to window.end"),
        of("percentile 51 of days from removed_on to window.end")
    );
    let first = of("median of days from removed_on to exited_on, censored at as_of");
    for other in [
        "percentile 51 of days from removed_on to exited_on, censored at as_of",
        "median of months from removed_on to exited_on, censored at as_of",
        "median of days from window.start to exited_on, censored at as_of",
        "median of days from removed_on to hearing_on, censored at as_of",
        "median of days from removed_on to exited_on + 1 day, censored at as_of",
        "median of days from removed_on to exited_on, censored at window.last_day",
        "median of days from removed_on to exited_on, censored at earliest of hearing_on, as_of",
        "incidence of true by 12 months from removed_on to exited_on, censored at as_of",
        "median of days from removed_on to earliest of exited_on, window.end",
    ] {
        assert_ne!(of(other), first, "{other}");
    }
    assert_eq!(of("percentile 50 of days from removed_on to exited_on, censored at as_of"), first);
}

#[test]
fn each_part_of_an_incidence_changes_it() {
    let of = |measure: &str| {
        let cohort = "window 12 months cohort removal where removed_on in window";
        let text =
            format!("indicator i {{ {cohort} measure incidence of {measure} attribute child.worker at removed_on }}");
        meaning(MODEL, &text)
    };
    let first = of("exit_type = adoption by 12 months from removed_on to exited_on, censored at as_of");
    for other in [
        "exit_type = guardianship by 12 months from removed_on to exited_on, censored at as_of",
        "exit_type = adoption by 11 months from removed_on to exited_on, censored at as_of",
        "exit_type = adoption by 365 days from removed_on to exited_on, censored at as_of",
        "exit_type = adoption by 12 months from window.start to exited_on, censored at as_of",
        "exit_type = adoption by 12 months from removed_on to exited_on, censored at window.last_day",
    ] {
        assert_ne!(of(other), first, "{other}");
    }
    assert_eq!(
        of("exit_type in { adoption } by 1 year from removed_on to exited_on, censored at as_of"),
        of("exit_type in { adoption } by 12 months from removed_on to exited_on, censored at as_of")
    );
}

#[test]
fn whatever_can_change_a_number_changes_it() {
    let first = meaning(MODEL, TEXT);
    for (old, new) in [
        ("window     12 months", "window     6 months"),
        ("window     12 months", "window     12 months\n  lag        1 month"),
        ("window     12 months", "window     12 months\n  as it stands"),
        ("cohort     last removal", "cohort     first removal"),
        ("cohort     last removal of each child by exited_on", "cohort     removal"),
        ("exit_type = reunification", "exit_type = adoption"),
        ("some other child", "some child"),
        ("on or after exited_on", "after exited_on"),
        ("exited_on + 12 months", "exited_on + 365 days"),
        ("numerator  some", "exclude    \"short\" days < 8 days\n  numerator  some"),
        ("attribute  child.worker at last_day", "attribute  child.worker at removed_on"),
        ("at most 9.9%", "at most 9.8%"),
        ("from 2007-01-01", "from 2008-01-01"),
        ("standard ", "minimum    10 cases\n  standard "),
    ] {
        assert_ne!(meaning(MODEL, &with(TEXT, old, new)), first, "{old} -> {new}");
    }
    for (old, new) in [
        ("mean missing", ", 1900-01-01 mean missing"),
        ("quality at most 10%", "text \"NULL\" mean missing\nquality at most 10%"),
        ("quality at most 10%", "quality at most 11%"),
        ("exited_on    date? ", "exited_on    date? written \"dd/mm/yyyy\" "),
        ("exited_on    date? ", "exited_on    date? written \"mm/dd/yyyy\" "),
        ("removal_id   key", "removal_id   key trimmed"),
        ("removal_id   key", "removal_id   key ignoring case"),
        ("child_id     key", "child_id     key as whole number"),
        ("runaway, transfer,\n", "runaway, moved, transfer,\n"),
        ("runaway, transfer,\n", "runaway \"R\", transfer,\n"),
        ("death }?  known with exited_on", "death otherwise }?  known with exited_on"),
        ("exited_on    date? ", "exited_on    date? from \"END_DT\" "),
        ("meeting_on   date? missing means not yet", "meeting_on   date"),
        ("meeting_on   date? missing means not yet", "meeting_on   date?"),
        ("until until_on\n}\n\ntable sibling", "until until_on\n  note text?\n}\n\ntable sibling"),
        ("levels department > bureau > office > unit > worker", "levels department > office > unit > worker"),
    ] {
        assert_ne!(meaning(&with(MODEL, old, new), TEXT), first, "{old} -> {new}");
    }
}

/// In which file a value stands, in which sheet, and how its text is encoded.
#[test]
fn where_a_value_stands_changes_it() {
    let table = "table removal \"a stay in out-of-home care\"";
    let sheet = with(MODEL, table, &format!("{table} sheet \"One\""));
    let encoded = with(MODEL, table, &format!("{table} in windows-1252"));
    let leaving = |more: &str| format!("{MODEL}\ntable leaving {{ removal -> removal  exited_on date{more} }}");
    let elsewhere = |more| with(&leaving(more), "exited_on    date? ", "exited_on    date? from leaving.exited_on ");
    let all = [MODEL.to_owned(), sheet, encoded, elsewhere(""), elsewhere(" written \"dd/mm/yyyy\"")];
    let meanings: std::collections::BTreeSet<String> = all.iter().map(|model| meaning(model, TEXT)).collect();
    assert_eq!(meanings.len(), 5);
    assert_eq!(meaning(&leaving(""), TEXT), meaning(MODEL, TEXT));
}

#[test]
fn where_times_are_local_changes_what_is_measured_of_times_and_days() {
    let with = |line: &str| meaning(&format!("{line}\n{MODEL}"), TEXT);
    let said = ["", "times are local", "times are local to America/Los_Angeles", "times are local to America/Denver"];
    let meanings: std::collections::BTreeSet<String> = said.into_iter().map(with).collect();
    assert_eq!(meanings.len(), 4);
    assert_eq!(with(""), meaning(MODEL, TEXT));
    // Of what has neither, nothing changes.
    let world = |line: &str| {
        let tables = "levels all > ward\ntable ward { ward_id key }\ntable seat not fed { ward -> ward  taken bool }";
        let text = "indicator i { window month end cohort seat where taken numerator window.start before 2024-06-01 attribute ward at window.last_day }";
        meaning(&format!("{line}\n{tables}"), text)
    };
    assert_eq!(world("times are local to America/Denver"), world(""));
}

/// `define` gives no more than a name to what it says, also by links and in questions.
#[test]
fn a_definition_means_what_it_says_and_its_name_does_not_matter() {
    let clauses = "title \"x\"  window 12 months  attribute child.worker at last_day";
    let of = |defines: &str, cohort: &str, numerator: &str| {
        let text = format!(
            "{defines}\nindicator x {{ {clauses}  cohort removal where exited_on in window and {cohort}  numerator {numerator} }}"
        );
        meaning(MODEL, &text)
    };
    let teen = "define is_teen of child = born_on on or before window.last_day - 13 years";
    let shelter = "define sheltered of placement = setting = shelter";
    let written = of(
        "",
        "child.born_on on or before window.last_day - 13 years",
        "some placements as own where own.started_on before exited_on and own.setting = shelter",
    );
    let both = format!("{teen}\n{shelter}");
    assert_eq!(
        of(&both, "child.is_teen", "some placements as own where own.started_on before exited_on and own.sheltered"),
        written
    );
    let other = with(&both, "sheltered", "another_name");
    assert_eq!(
        of(
            &other,
            "child.is_teen",
            "some placements as own where own.started_on before exited_on and own.another_name"
        ),
        written
    );
    let older = with(&both, "13 years", "14 years");
    assert_ne!(
        of(&older, "child.is_teen", "some placements as own where own.started_on before exited_on and own.sheltered"),
        written
    );
    // A derived column of the table itself says the same, but for the column it is no part of.
    let inside = with(MODEL, "  born_on ", "  is_teen = born_on on or before window.last_day - 13 years\n  born_on ");
    let by_column = format!(
        "{shelter}\nindicator x {{ {clauses}  cohort removal where exited_on in window and child.is_teen  numerator some placements as own where own.started_on before exited_on and own.sheltered }}"
    );
    assert_eq!(meaning(&inside, &by_column), written);
}
