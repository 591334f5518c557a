//! How long outcomes take to be known, computed from the text: months and days after the window's
//! end, or never.

use crate::texts::shipped;
use std::collections::BTreeMap;
use yardstick::diag::code;
use yardstick::ir::{Period, WindowLength, reads};
use yardstick::source::Sources;
use yardstick::{check, syntax};

const MODEL: &str = include_str!("../../indicators/model.ind");

/// The follow-up of an indicator with these clauses; `None` when a part of it looks forward without
/// an end.
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
    let check::Checked { program, findings: found, .. } = check::check(&asts);
    let errors: Vec<_> = found.sorted().into_iter().filter(|d| d.code.as_str().starts_with('E')).collect();
    if !errors.is_empty() {
        assert!(errors.iter().all(|d| d.code == code::UNBOUNDED), "{text}\n{errors:?}");
        return None;
    }
    let Period { months, days } = program.indicators[0].follow_up.unwrap();
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
    assert_eq!(
        wait("month end", "cohort removal open on window.last_day numerator open on window.start"),
        Some((0, 0))
    );
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
    // The visit has begun by then; when it ends, and with it the stay, is known when both have a
    // bound.
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
    // Nor is the day waited for on which a row is lost sight of; but rows that are asked for it
    // are.
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
fn the_earliest_of_a_sure_day_and_of_rows_is_known_on_that_day() {
    let to = |rows: &str| {
        format!(
            "cohort removal where removed_on in window
               measure median of days from removed_on to earliest of removed_on + 60 days, {rows}"
        )
    };
    waits(Some((0, 59)), &to("(earliest p.started_on among placements as p)"));
    waits(Some((0, 59)), &to("(earliest c.contacted_on among child.contacts as c where c.completed)"));
    let since = "(earliest x.examined_on among child.exams as x where x.examined_on on or after removed_on)";
    waits(Some((0, 59)), &to(since));
    waits(Some((0, 59)), &to("(earliest a.referral.received_on among child.allegations as a)"));
    waits(Some((0, 59)), &to("exited_on"));
    // A contact of which nobody knows the report may come at any time, and then it is not known
    // which is the first.
    waits(None, &to("(earliest c.contacted_on among child.contacts as c where c.referral.response = immediate)"));
}

#[test]
fn a_number_of_years_or_months_is_a_bound_on_both_days() {
    for two in ["years from born_on to window.last_day = 2", "2 = years from born_on to window.last_day"] {
        waits(Some((0, 0)), &format!("cohort child where {two} numerator sex = female"));
    }
    waits(Some((0, 0)), "cohort child where months from born_on to window.last_day = 24 numerator sex = female");
    waits(Some((0, 0)), "cohort child where days from born_on to window.last_day = 700 numerator sex = female");
    waits(Some((0, 0)), "cohort removal where months from removed_on to window.last_day = 6 numerator days < 30 days");
    let entries = "cohort removal where removed_on in window numerator";
    waits(Some((3, 0)), &format!("{entries} some placements as p where months from removed_on to p.started_on = 2"));
    waits(Some((0, 5)), &format!("{entries} some placements as p where days from removed_on to p.started_on = 5"));
    // Also a number below nothing: the first of the two days is the later one.
    waits(Some((12, 0)), &format!("{entries} months from exited_on to removed_on >= -12"));
    waits(Some((0, 30)), &format!("{entries} days from exited_on to removed_on >= -30"));
    waits(Some((13, 0)), &format!("{entries} months from exited_on to removed_on = -13"));
    // That it is not so bounds nothing.
    waits(None, "cohort child where years from born_on to window.last_day != 2 numerator sex = female");
}

#[test]
fn the_earliest_of_bounded_rows_is_bounded() {
    let entries = "cohort removal where removed_on in window numerator";
    let first = "(earliest p.started_on among placements as p where p.started_on before removed_on + 30 days)";
    waits(Some((0, 62)), &format!("{entries} exited_on before {first} + 34 days"));
    waits(Some((0, 63)), &format!("{entries} days from {first} to exited_on <= 34"));
    // Without a placement nothing is known of any contact, and a contact may come at any time.
    let first = "(earliest p.started_on among placements as p where p.started_on in window)";
    let contact = "some child.contacts as c where c.contacted_on";
    waits(None, &format!("{entries} {contact} on or before {first} + 34 days"));
    let first = format!("(first known of {first}, removed_on)");
    waits(Some((0, 34)), &format!("{entries} {contact} on or before {first} + 34 days"));
    waits(Some((0, 34)), &format!("{entries} {contact} = {first} + 34 days"));
}

#[test]
fn a_day_that_equals_a_bounded_one_is_bounded() {
    let exits = "cohort removal where exited_on in window numerator";
    waits(Some((0, 0)), &format!("{exits} some placements as p where p.started_on = exited_on"));
    waits(Some((0, 3)), &format!("{exits} some other child.removals as r where r.removed_on = exited_on + 3 days"));
    waits(Some((0, 0)), &format!("{exits} some child.allegations as a where exited_on = a.referral.received_on"));
    let both = "some placements as p where p.ended_on = exited_on and p.started_on = p.ended_on";
    waits(Some((0, 0)), &format!("{exits} {both}"));
    let same = "cohort removal where hearing_on = meeting_on and meeting_on in window numerator";
    waits(Some((0, 29)), &format!("{same} exited_on before hearing_on + 30 days"));
}

#[test]
fn a_bound_reaches_through_a_second_column() {
    let entries = "cohort removal where removed_on in window numerator";
    let stay = "some placements as p where p.started_on on or before p.ended_on and p.ended_on";
    waits(Some((0, 29)), &format!("{entries} {stay} before removed_on + 30 days"));
    let three = "meeting_on on or before hearing_on and hearing_on on or before exited_on";
    waits(Some((0, 29)), &format!("{entries} {three} and exited_on before removed_on + 30 days"));
    // Of the rows that are asked about, through a column of the row itself.
    let visit = "some placements as p where p.started_on on or before meeting_on";
    waits(Some((0, 30)), &format!("{entries} {visit} and meeting_on on or before removed_on + 30 days"));
    let heard = "cohort removal where hearing_on in window and meeting_on on or before hearing_on numerator";
    waits(Some((0, 9)), &format!("{heard} exited_on before meeting_on + 10 days"));
}

#[test]
fn a_row_of_which_nothing_is_known_as_long_as_it_is_open_may_come_at_any_time() {
    let exits = "cohort removal where exited_on in window numerator";
    let long_ago = "some placements as p where months from p.ended_on to window.end >= 13";
    waits(None, &format!("{exits} {long_ago}"));
    waits(Some((0, 0)), &format!("{exits} {long_ago} and p.started_on in window"));
    // The day itself is later than every day as long as it has not come.
    waits(Some((0, 0)), &format!("{exits} some placements as p where p.ended_on + 13 months on or before window.end"));
}

#[test]
fn a_comparison_that_bounds_a_day_waits_for_that_day() {
    let entries = "cohort removal where removed_on in window numerator child.sex = female and";
    waits(Some((0, 3)), &format!("{entries} meeting_on on or before removed_on + 3 days"));
    waits(Some((0, 3)), &format!("{entries} removed_on + 3 days on or after meeting_on"));
    waits(Some((0, 3)), &format!("{entries} days from removed_on to meeting_on <= 3"));
    waits(Some((0, 2)), &format!("{entries} meeting_on before removed_on + 3 days"));
    waits(Some((1, 1)), &format!("{entries} meeting_on on or before window.end + 1 month"));
    let stays = "some placements as p where p.started_on on or before removed_on and p.ended_on on or before";
    waits(Some((0, 30)), &format!("{entries} {stays} removed_on + 30 days"));
    // Another bound that is as late is waited for a day longer than it must be.
    waits(
        Some((0, 3)),
        &format!("{entries} meeting_on on or before hearing_on and hearing_on on or before removed_on + 3 days"),
    );
}

#[test]
fn the_ways_out_of_a_wait_without_an_end_are_ways_out() {
    let entries = "cohort removal where removed_on in window";
    let went_home = "numerator exit_type = reunification";
    waits(None, &format!("{entries} {went_home}"));
    waits(Some((12, 0)), &format!("{entries} {went_home} and exited_on before removed_on + 12 months"));
    waits(Some((0, 0)), &format!("{entries} {went_home} and exited_on in window"));
    let ended = "measure incidence of exit_type = reunification by 12 months from removed_on to exited_on";
    waits(Some((0, 0)), &format!("{entries} {ended}, censored at as_of"));
    let days = "measure median of days from removed_on to exited_on";
    waits(None, &format!("{entries} {days}"));
    waits(Some((12, 0)), &format!("{entries} and exited_on before removed_on + 12 months {days}"));
    waits(Some((0, 0)), &format!("{entries} {days}, censored at as_of"));
    waits(None, &format!("cohort removal where removed_on before window.end and exited_on is missing {went_home}"));
    waits(Some((0, 0)), "cohort removal open on window.last_day numerator removed_on before window.start");
}

#[test]
fn what_has_no_end_is_refused() {
    let exits = "cohort removal where exited_on in window numerator";
    waits(None, &format!("{exits} some other child.removals as later where later.removed_on on or after exited_on"));
    waits(None, &format!("{exits} no placements as stay where stay.setting = relative"));
    waits(None, &format!("{exits} some placements as stay where stay.started_on in window or stay.setting = relative"));
    waits(
        None,
        "cohort removal where removed_on before window.end and exited_on is missing numerator exit_type = adoption",
    );
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

#[test]
fn each_window_has_its_own_wait() {
    let exits = "cohort removal where exited_on in window numerator exited_on before removed_on + 12 months";
    let back = "cohort removal where exited_on in window numerator some other child.removals as later \
                where later.removed_on on or after exited_on and later.removed_on before exited_on + 30 days";
    for window in ["week", "month", "quarter", "year to date", "fiscal year to date from July", "all time"] {
        assert_eq!(wait(window, exits), Some((0, 0)), "{window}");
        assert_eq!(wait(window, back), Some((0, 29)), "{window}");
        for ends in [" every quarter", " ending in June"].into_iter().filter(|_| !matches!(window, "week" | "quarter"))
        {
            assert_eq!(wait(&format!("{window}{ends}"), back), Some((0, 29)), "{window}{ends}");
        }
    }
    // Months from within a month can be a few days longer than from its last day.
    let year = back.replace("30 days", "12 months");
    assert_eq!(wait("month", &year), Some((12, 0)));
    assert_eq!(wait("week", &year), Some((12, 0)));
    assert_eq!(wait("week", &year.replace("12 months", "6 months")), Some((6, 3)));
}

#[test]
fn the_first_day_of_a_year_to_date_is_a_month_before_its_end_at_the_latest() {
    let of = |length: &str| {
        format!("cohort removal open on window.start numerator exited_on before window.start + {length}")
    };
    assert_eq!(wait("year to date", &of("1 month")), Some((0, 0)));
    assert_eq!(wait("year to date", &of("3 months")), Some((2, 0)));
    assert_eq!(wait("fiscal year to date from October", &of("12 months")), Some((11, 0)));
    assert_eq!(wait("week", &of("30 days")), Some((0, 23)));
}

/// The list of the library says of each indicator its window and what it waits for, as computed.
#[test]
fn the_list_of_the_library_says_the_windows_and_the_waits() {
    let shipped = shipped();
    let list = std::fs::read_to_string("../../indicators/README.md").unwrap();
    let rows = list.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let id = cells.get(1)?.strip_prefix("[`")?.split('`').next()?;
        Some((id.to_owned(), (*cells.get(7)?).to_owned()))
    });
    let listed: BTreeMap<String, String> = rows.collect();
    let plural = |n: u32, unit: &str| if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") };
    let computed = shipped.program.indicators.iter().map(|indicator| {
        let window = match indicator.window {
            WindowLength::Day => "month end".to_owned(),
            WindowLength::Months(1) => "month".to_owned(),
            WindowLength::Months(n) => plural(n, "month"),
            other => panic!("{other:?} is not in the list yet"),
        };
        let wait = indicator.follow_up.unwrap();
        let waits = [(wait.months, "month"), (wait.days, "day")].into_iter().filter(|(n, _)| *n > 0);
        let said = waits.fold(window, |said, (n, unit)| format!("{said} + {}", plural(n, unit)));
        (indicator.id.clone(), said)
    });
    assert_eq!(listed, computed.collect::<BTreeMap<_, _>>());
}

/// Months that are lost before the window do not matter to these, and to all others.
#[test]
fn who_asks_only_for_the_rows_of_the_window() {
    let program = shipped().program;
    let only = program.indicators.iter().filter(|of| reads::asks_only_of_window(&program.model, of, of.cohort.table));
    let only: Vec<&str> = only.map(|of| of.id.as_str()).collect();
    let asked = [
        "entries_into_care",
        "entry_with_timely_meeting",
        "no_maltreatment_in_home",
        "permanency_in_12_months_entries",
        "placement_moves_rate",
        "referrals_received",
        "screening_new_non_detained",
        "screening_newly_detained",
        "timely_response_five_day",
        "timely_response_immediate",
    ];
    assert_eq!(only, asked);
}
