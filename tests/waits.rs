//! How long outcomes take to be known, computed from the text: months and days after the window's end, or never.

use yardstick::diag::code;
use yardstick::ir::Period;
use yardstick::source::Sources;
use yardstick::{check, syntax};

const MODEL: &str = include_str!("../indicators/model.ind");

/// The follow-up of an indicator with these clauses; `None` when a part of it looks forward without an end.
fn wait(window: &str, clauses: &str) -> Option<(u32, u32)> {
    let worker = if clauses.contains("cohort child") { "worker" } else { "child.worker" };
    let text = format!("indicator one {{\n  window {window}\n  attribute {worker} at window.last_day\n{clauses}\n}}\n");
    let mut sources = Sources::default();
    let mut asts = Vec::new();
    for (name, text) in [("model.ind", MODEL), ("one.ind", text.as_str())] {
        let file = sources.add(name, text);
        let (ast, found) = syntax::parse(&sources, file);
        assert!(found.is_empty(), "{text}\n{found:?}");
        asts.push(ast);
    }
    let (program, found) = check::check(&asts);
    let errors: Vec<_> = found.sorted().into_iter().filter(|d| d.code.as_str().starts_with('E')).collect();
    if !errors.is_empty() {
        assert!(errors.iter().all(|d| d.code == code::UNBOUNDED), "{text}\n{errors:?}");
        return None;
    }
    let Period { months, days } = program.indicators[0].follow_up;
    Some((months, days))
}

#[track_caller]
fn waits(expected: Option<(u32, u32)>, clauses: &str) {
    assert_eq!(wait("12 months", clauses), expected, "{clauses}");
}

#[test]
fn what_the_window_bounds_is_known_when_it_ends() {
    waits(Some((0, 0)), "cohort removal where removed_on in window numerator exited_on in window");
    waits(Some((0, 0)), "cohort placement open on window.last_day numerator setting = relative");
    waits(
        Some((0, 0)),
        "cohort removal overlapping window numerator exit_type = adoption and exited_on before window.end",
    );
    waits(Some((0, 0)), "cohort removal where exited_on in window numerator exited_on before removed_on + 12 months");
    waits(Some((0, 0)), "cohort removal where exited_on in window numerator days < 8 days");
    waits(Some((0, 0)), "cohort removal where exited_on in window numerator removed_on before child.born_on + 1 year");
    assert_eq!(wait("day", "cohort removal open on window.last_day numerator open on window.start"), Some((0, 0)));
}

#[test]
fn what_may_come_later_is_waited_for() {
    let entries = "cohort removal where removed_on in window ";
    waits(Some((12, 0)), &format!("{entries} numerator exited_on before removed_on + 12 months"));
    waits(Some((12, 0)), &format!("{entries} numerator not exited_on before removed_on + 12 months"));
    waits(Some((12, 0)), &format!("{entries} numerator exited_on on or before removed_on + 12 months"));
    waits(Some((0, 7)), &format!("{entries} exclude \"short\" days < 8 days numerator true"));
    waits(Some((0, 3)), &format!("{entries} numerator meeting_on on or before removed_on + 3 days"));
    waits(Some((12, 0)), &format!("{entries} numerator months from removed_on to exited_on < 12"));
    let meeting = "numerator meeting_on on or before removed_on + 3 days";
    waits(Some((0, 3)), &format!("{entries} {meeting} and meeting_on before hearing_on"));
    // A date that has come in time leaves the other one open.
    let both = "exited_on before removed_on + 12 months and hearing_on before removed_on + 30 days";
    waits(Some((12, 0)), &format!("{entries} numerator {both}"));
    let chain = "meeting_on before hearing_on and hearing_on before removed_on + 3 days";
    waits(Some((0, 2)), &format!("{entries} numerator {chain}"));
    let contact = "cohort allegation where referral.received_on in window numerator";
    waits(Some((0, 1)), &format!("{contact} referral.first_contact_at on or before referral.received_at + 24 hours"));
}

#[test]
fn a_window_in_the_past_needs_less_waiting() {
    waits(Some((0, 0)), "cohort removal open on window.start numerator exited_on before window.start + 12 months");
    waits(Some((12, 0)), "cohort removal open on window.start numerator exited_on before window.start + 24 months");
    assert_eq!(
        wait("6 months", "cohort removal open on window.start numerator exited_on before window.start + 12 months"),
        Some((6, 0))
    );
}

#[test]
fn rows_are_known_by_the_smallest_bound_on_one_of_their_dates() {
    let exits = "cohort removal where exited_on in window numerator";
    let later = "some other child.removals as later where later.removed_on on or after exited_on";
    waits(Some((12, 0)), &format!("{exits} {later} and later.removed_on before exited_on + 12 months"));
    waits(Some((0, 30)), &format!("{exits} {later} and later.removed_on on or before exited_on + 30 days"));
    waits(Some((0, 0)), &format!("{exits} {later} and later.removed_on in window"));
    waits(
        Some((6, 0)),
        &format!("{exits} {later} and (later.removed_on in window or later.removed_on before exited_on + 6 months)"),
    );
    let entries = "cohort removal where removed_on in window numerator";
    let visit = |bound: &str| {
        format!(
            "{entries} exit_type = reunification and (exited_on before removed_on + 12 months
               or {bound} some placements as visit where visit.setting = trial_home_visit and visit.ended_on = exited_on
                 and visit.started_on + 30 days before removed_on + 12 months)"
        )
    };
    // The visit has begun by then; when it ends, and with it the stay, is known when both have a bound.
    waits(None, &visit(""));
    waits(Some((18, 0)), &visit("exited_on before removed_on + 18 months and"));
    waits(
        Some((0, 0)),
        &format!(
            "{entries} some child.siblings as pair where some pair.sibling.removals as stay where stay.removed_on in window"
        ),
    );
    waits(
        Some((3, 0)),
        &format!(
            "{entries} some placements as stay where stay.started_on in window
               and some child.exams as exam where exam.examined_on before stay.started_on + 3 months"
        ),
    );
}

#[test]
fn a_choice_among_dates_is_bounded_as_a_whole() {
    let children = "cohort child where some removals as stay where stay overlapping window";
    let when = "(first known of a.incident_on, a.referral.received_on)";
    let held = "where stay open on";
    let text = format!(
        "{children}\n numerator no allegations as a where {when} in window and some removals as stay {held} {when}"
    );
    // A report of an incident in the window may come at any time.
    waits(None, &text);
    let text = text
        .replace("in window and some", "in window and a.referral.received_on before window.end + 2 months and some");
    waits(Some((2, 0)), &text);
}

#[test]
fn values_made_of_rows_are_known_when_their_rows_are() {
    let stays = "cohort removal overlapping window numerator";
    let homes = "count distinct p.home_id among placements as p where p.started_on";
    waits(Some((0, 0)), &format!("{stays} ({homes} before window.end) <= 2"));
    waits(Some((0, 0)), &format!("{stays} ({homes} before earliest of exited_on, window.end) <= 2"));
    waits(Some((0, 8)), &format!("{stays} ({homes} before window.end + 8 days) <= 2"));
    waits(None, &format!("{stays} ({homes} after window.start) <= 2"));
    let first = "(earliest c.contacted_on among child.contacts as c where c.completed and c.contacted_on";
    // Contacts after the window's end are later than it, whatever is asked of them.
    waits(Some((0, 0)), &format!("{stays} {first} before window.end + 30 days) before window.end"));
    waits(Some((0, 20)), &format!("{stays} {first} before window.end + 30 days) before window.end + 20 days"));
    waits(Some((0, 0)), "cohort removal covering window measure mean of count child.assignments overlapping window");
    waits(None, "cohort removal covering window measure mean of count child.assignments");
}

#[test]
fn a_mean_waits_for_its_values() {
    waits(Some((0, 0)), "cohort removal where exited_on in window measure median of days");
    waits(None, "cohort removal where removed_on in window measure median of days");
    waits(
        Some((0, 0)),
        "cohort removal open on window.last_day measure median of days from removed_on to window.last_day",
    );
    waits(
        Some((6, 0)),
        "cohort removal where removed_on in window
           measure mean of days from removed_on to earliest of exited_on, removed_on + 6 months",
    );
}

#[test]
fn what_has_not_happened_by_the_as_of_date_is_not_waited_for() {
    let entries = "cohort removal where removed_on in window";
    waits(None, &format!("{entries} measure median of days from removed_on to exited_on"));
    waits(Some((0, 0)), &format!("{entries} measure median of days from removed_on to exited_on, censored at as_of"));
    // The cohort and the first day have waits of their own.
    waits(
        Some((6, 0)),
        "cohort removal where removed_on in window and exited_on on or after removed_on + 6 months
           measure percentile 90 of months from removed_on to exited_on, censored at as_of",
    );
    waits(None, &format!("{entries} measure median of days from meeting_on to exited_on, censored at as_of"));
    let first = "(first known of (earliest p.started_on among placements as p), removed_on)";
    waits(None, &format!("{entries} measure median of days from {first} to exited_on, censored at as_of"));
    waits(
        None,
        &format!("{entries} measure median of days from removed_on to latest of exited_on, {first}, censored at as_of"),
    );
    // Nor is the day waited for on which a row is lost sight of; but rows that are asked for it are.
    let until = format!("{entries} measure median of days from removed_on to exited_on, censored at");
    waits(Some((0, 0)), &format!("{until} earliest of hearing_on, as_of"));
    waits(Some((0, 0)), &format!("{until} window.last_day"));
    waits(None, &format!("{until} earliest of (earliest p.started_on among placements as p), as_of"));
}

#[test]
fn an_incidence_waits_for_what_tells_how_a_row_has_ended() {
    let incidence = |of: &str| {
        format!(
            "cohort removal where removed_on in window
             measure incidence of {of} by 12 months from removed_on to exited_on, censored at as_of"
        )
    };
    waits(Some((0, 0)), &incidence("exit_type = reunification"));
    // The end itself has come of every row that is asked; other days may still come.
    waits(Some((0, 0)), &incidence("exited_on before removed_on + 6 months"));
    waits(Some((0, 29)), &incidence("hearing_on before removed_on + 30 days"));
    let seen = "some placements as p where p.started_on before removed_on + 30 days";
    waits(Some((0, 29)), &incidence(seen));
    waits(None, &incidence("some placements as p where p.started_on after removed_on"));
}

#[test]
fn a_rate_waits_for_its_events_and_its_exposure() {
    let children = "cohort child where some removals overlapping window measure rate per 100_000 days";
    let events = "numerator count allegations as a where a.referral.received_on in window";
    waits(Some((0, 0)), &format!("{children} {events} denominator days in window among removals"));
    // Eight days must pass before a stay that begins on the last day is one of eight days.
    waits(
        Some((0, 7)),
        &format!("{children} {events} denominator days in window among removals as stay where stay.days >= 8"),
    );
    waits(None, &format!("{children} numerator count allegations denominator days in window among removals"));
}

#[test]
fn business_days_are_waited_for_by_the_week() {
    let five = "numerator referral.closed_on on or before referral.received_on + 5 business days";
    waits(Some((0, 14)), &format!("cohort allegation where referral.received_on in window {five}"));
}

#[test]
fn a_schedule_looks_back() {
    let band = "some exam_schedule as band where band.from_months <= 12";
    let exam = "some child.exams as exam where exam.examined_on on or before window.last_day";
    let since = "exam.examined_on after window.last_day - band.every_months";
    waits(Some((0, 0)), &format!("cohort removal open on window.last_day numerator {band} and {exam} and {since}"));
}

#[test]
fn what_has_no_end_is_refused() {
    let exits = "cohort removal where exited_on in window numerator";
    waits(None, &format!("{exits} some other child.removals as later where later.removed_on on or after exited_on"));
    waits(None, &format!("{exits} no placements as stay where stay.setting = relative"));
    waits(None, &format!("{exits} some placements as stay where stay.started_on in window or stay.setting = relative"));
    waits(None, "cohort removal where removed_on before window.end and exited_on is missing numerator exit_type = adoption");
    waits(None, "cohort removal where removed_on in window numerator meeting_on after hearing_on");
    // What is missing may come at any time; `missing means not yet` makes the question unnecessary.
    let asked =
        "meeting_on on or before removed_on + 3 days and (hearing_on is missing or meeting_on before hearing_on)";
    waits(None, &format!("cohort removal where removed_on in window numerator {asked}"));
    waits(
        None,
        "cohort last ever removal of each child by removed_on where removed_on in window numerator exit_type = adoption",
    );
}
