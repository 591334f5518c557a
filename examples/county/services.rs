//! What is done for a child while its case is open: visits, exams, screenings.

use super::care::Stay;
use super::dates::{Day, add_months, age_in_months, month_start};
use super::dice::Dice;
use super::family::{Child, Service};
use super::practice::Practice;
use super::world::World;

/// How often a child of an age needs an exam: kind, from and to months of age, every so many
/// months.
pub(crate) const EXAM_SCHEDULE: [(&str, i32, i32, i32); 6] = [
    ("medical", 0, 7, 2),
    ("medical", 7, 19, 4),
    ("medical", 19, 36, 6),
    ("medical", 36, 264, 12),
    ("dental", 12, 36, 12),
    ("dental", 36, 264, 6),
];

/// A contact with a child.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) day: Day,
    pub(crate) in_person: bool,
    pub(crate) completed: bool,
    pub(crate) in_residence: bool,
}

/// The contacts of an open case, from `first` on.
pub(crate) fn visits(world: &World, practice: &Practice, case: Service, first: Day, dice: &mut Dice) -> Vec<Visit> {
    let mut visits = Vec::new();
    let last = case.until.min(world.as_of + 1);
    let mut month = month_start(case.from.max(first));
    while month < last {
        let next = add_months(month, 1);
        let (from, until) = (month.max(case.from), next.min(last));
        let missed = (0.052 * practice.missed_visits * practice.strain_on(month, world.as_of)).min(0.9);
        // A case that is open for half of a month only is visited then in half of the cases.
        let likely = (1.0 - missed) * (f64::from(until - from) / 25.0).min(1.0);
        let mut visit = |in_person: bool, completed: bool, dice: &mut Dice| {
            let in_residence = in_person && dice.chance(0.74);
            visits.push(Visit { day: from + dice.between(0, until - from - 1), in_person, completed, in_residence });
        };
        if dice.chance(likely) {
            visit(true, true, dice);
            if dice.chance(0.12) {
                visit(true, true, dice);
            }
        } else if dice.chance(0.4) {
            visit(true, false, dice);
        }
        if dice.chance(0.06) {
            let completed = dice.chance(0.8);
            visit(false, completed, dice);
        }
        month = next;
    }
    visits
}

/// The exams of one kind during a stay, from `first` on.
pub(crate) fn exams(
    world: &World,
    practice: &Practice,
    child: &Child,
    stay: &Stay,
    kind: &str,
    first: Day,
    dice: &mut Dice,
) -> Vec<Day> {
    let mut exams = Vec::new();
    let last = stay.exited.min(world.as_of + 1);
    let late = (0.15 * practice.late_exams).min(0.6);
    let mut at = stay.removed + if dice.chance(late) { dice.between(31, 150) } else { dice.between(2, 30) };
    while at < last {
        let months = age_in_months(child.born, at);
        let band = EXAM_SCHEDULE.iter().find(|(k, from, to, _)| *k == kind && *from <= months && months < *to);
        let Some((_, _, _, every)) = band else {
            // Not old enough for a dentist.
            at += 60;
            continue;
        };
        if at >= first {
            exams.push(at);
        }
        let due = f64::from(*every) * 30.4;
        let share = if dice.chance(late) { 1.0 + 0.9 * dice.unit() } else { 0.72 + 0.26 * dice.unit() };
        at += ((due * share) as i32).max(10);
    }
    exams
}

/// The mental health screenings of a child, from `first` on.
pub(crate) fn screenings(world: &World, practice: &Practice, child: &Child, first: Day, dice: &mut Dice) -> Vec<Day> {
    let mut screenings = Vec::new();
    let missed = (0.085 * practice.missed_screenings).min(0.7);
    for stay in &child.stays {
        if !dice.chance(missed) {
            screenings.push(stay.removed + dice.between(-6, 28));
        } else if dice.chance(0.6) {
            screenings.push(stay.removed + dice.between(31, 120));
        }
    }
    for case in child.cases() {
        if !child.stays.iter().any(|s| s.removed <= case.from + 30 && case.from < s.exited)
            && !dice.chance(missed * 1.2)
        {
            screenings.push(case.from + dice.between(-10, 30));
        }
        let mut at = case.from + dice.between(200, 360);
        while at < case.until {
            screenings.push(at);
            at += if dice.chance(2.2 * missed) { dice.between(370, 760) } else { dice.between(270, 362) };
        }
    }
    screenings.retain(|day| (first..=world.as_of).contains(day));
    screenings.sort_unstable();
    screenings
}
