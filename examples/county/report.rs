//! Reports: when they come in, who answers them and how soon, and what is found.

use super::care::Stay;
use super::dates::{Day, add_months, month_start};
use super::dice::Dice;
use super::world::World;

/// A report to the department, and the investigation of it.
#[derive(Debug)]
pub(crate) struct Report {
    /// Seconds since 1970-01-01.
    pub(crate) received: i64,
    pub(crate) response: &'static str,
    pub(crate) attempt: Option<i64>,
    pub(crate) contact: Option<i64>,
    pub(crate) closed: Day,
    pub(crate) worker: Option<usize>,
    pub(crate) allegations: Vec<Allegation>,
    /// Visits to a child for this report.
    pub(crate) visits: Vec<(usize, Day)>,
}

impl Report {
    /// The day it was received.
    pub(crate) fn received_on(&self) -> Day {
        day_of(self.received)
    }
}

/// What a report says about one child.
#[derive(Debug)]
pub(crate) struct Allegation {
    pub(crate) child: usize,
    pub(crate) kind: &'static str,
    pub(crate) disposition: &'static str,
    pub(crate) disposed: Day,
    pub(crate) incident: Option<Day>,
    pub(crate) perpetrator: Option<&'static str>,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Removal,
    Services,
    Nothing,
}

/// The day of a moment.
pub(crate) fn day_of(seconds: i64) -> Day {
    Day::try_from(seconds.div_euclid(86_400)).unwrap_or_default()
}

fn moment(day: Day, minute: i32) -> i64 {
    i64::from(day) * 86_400 + i64::from(minute) * 60
}

/// Most reports come in during school and office hours.
fn minute_of_day(dice: &mut Dice) -> i32 {
    if dice.chance(0.78) { dice.between(7 * 60 + 30, 18 * 60) } else { dice.between(0, 24 * 60 - 1) }
}

/// A report that nobody had to look into.
pub(crate) fn evaluated_out(world: &World, office: usize, day: Day, children: &[usize], dice: &mut Dice) -> Report {
    let closed = day + dice.between(0, 3);
    let allegations = children.iter().map(|child| allegation(*child, "unfounded", day, closed, dice)).collect();
    Report {
        received: moment(day, minute_of_day(dice)),
        response: "evaluated_out",
        attempt: None,
        contact: None,
        closed,
        worker: worker(world, office, day, 0.3, dice),
        allegations,
        visits: Vec::new(),
    }
}

/// A report about these children that was looked into.
pub(crate) fn investigated(
    world: &World,
    office: usize,
    day: Day,
    children: &[usize],
    substantiated: bool,
    outcome: Outcome,
    dice: &mut Dice,
) -> Report {
    let urgent = dice.chance(if outcome == Outcome::Removal { 0.72 } else { 0.3 });
    let mut report = answered(world, office, day, urgent, dice);
    let disposed = report.closed - dice.between(0, 4).min(report.closed - day);
    for (index, child) in children.iter().enumerate() {
        let disposition = if substantiated && (index == 0 || dice.chance(0.8)) {
            "substantiated"
        } else if dice.chance(if substantiated { 0.6 } else { 0.3 }) {
            "inconclusive"
        } else {
            "unfounded"
        };
        let mut one = allegation(*child, disposition, day, disposed, dice);
        if index > 0 && dice.chance(0.35) {
            one.kind = "at_risk_sibling";
        }
        report.allegations.push(one);
        // A second kind of maltreatment in the same report.
        if dice.chance(0.12) {
            let less = if dice.chance(0.5) { disposition } else { "inconclusive" };
            report.allegations.push(allegation(*child, less, day, disposed, dice));
        }
    }
    visits(world, office, &mut report, children, dice);
    report
}

/// A report that a child in care is harmed by those who look after it.
pub(crate) fn about_caregiver(
    world: &World,
    office: usize,
    day: Day,
    child: usize,
    stay: &Stay,
    dice: &mut Dice,
) -> Report {
    let mut report = answered(world, office, day, true, dice);
    let disposition = dice.pick("unfounded", &[(4.0, "substantiated"), (4.0, "inconclusive"), (4.0, "unfounded")]);
    let mut one = allegation(child, disposition, day, report.closed, dice);
    one.perpetrator = Some(match stay.setting_on(day) {
        Some("relative" | "nonrelated_extended_family") => "relative_caregiver",
        Some("group_home" | "shelter") => "facility_staff",
        _ => "foster_parent",
    });
    one.incident = dice.chance(0.8).then(|| (day - dice.between(0, 30)).max(stay.removed));
    report.allegations.push(one);
    visits(world, office, &mut report, &[child], dice);
    report
}

fn answered(world: &World, office: usize, day: Day, urgent: bool, dice: &mut Dice) -> Report {
    let practice = &world.offices[office].practice;
    let received = moment(day, minute_of_day(dice));
    let late = dice.chance((0.055 * practice.late).min(0.6));
    let first = if urgent {
        let minutes =
            if late { dice.between(24 * 60 + 1, 96 * 60) } else { dice.between(25, 60 + minutes_allowed(received)) };
        received + i64::from(minutes) * 60
    } else {
        let due = world.calendar.business_days_after(day, 5);
        let on = if late { due + dice.between(1, 12) } else { day + dice.between(1, (due - day).max(1)) };
        moment(on, dice.between(8 * 60 + 30, 18 * 60 + 30))
    };
    // Nobody home the first time, often; now and then only the meeting itself was written down.
    let met_at_once = dice.chance(0.72);
    let contact = if met_at_once { first } else { first + i64::from(dice.between(2, 200)) * 3600 };
    let unnoted = met_at_once && dice.chance(0.25);
    let none = dice.chance(0.006);
    let lingering = dice.chance((0.036 * practice.lingering).min(0.5));
    let length = if lingering { dice.between(31, 100) } else { dice.between(7, 30) };
    Report {
        received,
        response: if urgent { "immediate" } else { "five_day" },
        attempt: (!none && !unnoted).then_some(first),
        contact: (!none && !dice.chance(0.02)).then_some(contact),
        closed: (day + length).max(day_of(contact)),
        worker: worker(world, office, day, 0.012, dice),
        allegations: Vec::new(),
        visits: Vec::new(),
    }
}

/// Minutes that the answer to an urgent report may take: longer for those that come in at night.
fn minutes_allowed(received: i64) -> i32 {
    let hour = received.rem_euclid(86_400) / 3600;
    if (6..17).contains(&hour) { 10 * 60 } else { 20 * 60 }
}

fn allegation(child: usize, disposition: &'static str, day: Day, disposed: Day, dice: &mut Dice) -> Allegation {
    let kind = dice.pick(
        "general_neglect",
        &[
            (46.0, "general_neglect"),
            (19.0, "physical"),
            (14.0, "emotional"),
            (9.0, "sexual"),
            (3.0, "severe_neglect"),
            (4.0, "caretaker_absence"),
            (5.0, "at_risk_sibling"),
        ],
    );
    let perpetrator = dice.pick(None, &[(82.0, Some("parent")), (9.0, Some("other")), (9.0, None)]);
    let incident =
        dice.chance(0.6).then(|| day - dice.pick(0, &[(50.0, 0), (20.0, 1), (15.0, 3), (10.0, 12), (5.0, 45)]));
    Allegation { child, kind, disposition, disposed, incident, perpetrator }
}

/// The first visit, and one in most months for as long as the investigation is open.
fn visits(world: &World, office: usize, report: &mut Report, children: &[usize], dice: &mut Dice) {
    let Some(contact) = report.contact.map(day_of) else { return };
    let practice = &world.offices[office].practice;
    let Some(first) = children.get(dice.below(children.len())) else { return };
    report.visits.push((*first, contact));
    let mut month = add_months(month_start(contact), 1);
    while month < report.closed {
        let days = report.closed.min(add_months(month, 1)) - month;
        if days > 3 && !dice.chance((0.055 * practice.missed_visits * practice.strain_on(month, world.as_of)).min(0.8))
        {
            let child = children[dice.below(children.len())];
            report.visits.push((child, month + dice.between(0, days - 1)));
        }
        month = add_months(month, 1);
    }
}

/// An investigator of the office; sometimes nobody was written down.
fn worker(world: &World, office: usize, day: Day, nobody: f64, dice: &mut Dice) -> Option<usize> {
    if dice.chance(nobody) {
        return None;
    }
    (0..4).find_map(|_| {
        let chair = world.workforce.chair(office, true, dice)?;
        world.workforce.occupant(chair, day).ok().map(|stint| stint.worker)
    })
}
