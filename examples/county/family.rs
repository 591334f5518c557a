//! One family's life: reports, removals, returns, and open cases, from the day it first becomes
//! known.

use super::care::{self, Group, Stay};
use super::dates::{Day, NEVER, add_months, age, date};
use super::dice::Dice;
use super::practice::Practice;
use super::report::{self, Outcome, Report};
use super::world::World;

/// A child and what happened to it.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) born: Day,
    pub(crate) sex: &'static str,
    pub(crate) ethnicity: Option<&'static str>,
    pub(crate) died: Day,
    pub(crate) stays: Vec<Stay>,
    /// Open cases as they come about, overlapping; [`Child::cases`] joins them.
    pub(crate) services: Vec<Service>,
}

/// A reason for an open case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    pub(crate) from: Day,
    pub(crate) until: Day,
    pub(crate) court: bool,
}

impl Child {
    /// The day of the 18th birthday.
    pub(crate) fn adult_on(&self) -> Day {
        add_months(self.born, 216)
    }

    fn in_care(&self, day: Day) -> bool {
        self.stays.iter().any(|s| s.removed <= day && day < s.exited)
    }

    fn at_home(&self, day: Day) -> bool {
        self.born <= day && day < self.adult_on() && day < self.died && !self.in_care(day)
    }

    /// Open cases, joined where they touch, oldest first.
    pub(crate) fn cases(&self) -> Vec<Service> {
        join(self.services.clone())
    }
}

/// Joins what overlaps or touches.
pub(crate) fn join(mut services: Vec<Service>) -> Vec<Service> {
    services.sort_by_key(|s| (s.from, s.until));
    let mut joined: Vec<Service> = Vec::new();
    for service in services {
        match joined.last_mut() {
            Some(last) if service.from <= last.until => {
                last.until = last.until.max(service.until);
                last.court |= service.court;
            }
            _ => joined.push(service),
        }
    }
    joined
}

/// A family: children who live together, and the reports about them.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) number: u64,
    pub(crate) office: usize,
    pub(crate) children: Vec<Child>,
    pub(crate) reports: Vec<Report>,
    /// How likely reports about it are true.
    strain: f64,
}

#[derive(Debug)]
enum Event {
    /// Somebody reports the family.
    Report,
    /// Children who went home are removed again.
    Return(Vec<usize>),
    /// A child in care is reported to be harmed by a caregiver.
    Harm(usize),
}

/// What an investigation found, and what comes of it.
#[derive(Debug)]
struct Finding {
    /// The day of the report.
    day: Day,
    /// The children who were at home.
    home: Vec<usize>,
    /// Those the report is about.
    involved: Vec<usize>,
    substantiated: bool,
    outcome: Outcome,
}

impl Family {
    /// The life of family `number`, first reported on `known_on`, up to the as-of date.
    pub(crate) fn live(world: &World, number: u64, known_on: Day, dice: &mut Dice) -> Self {
        let office = world.office(dice);
        let strain = if dice.chance(0.3) { 2.5 } else { 0.45 };
        let children = children(known_on, dice);
        let mut family = Self { number, office, children, reports: Vec::new(), strain };
        let mut events = vec![(in_season(known_on, dice), Event::Report)];
        while let Some(next) = (0..events.len()).min_by_key(|i| events[*i].0) {
            let (day, event) = events.swap_remove(next);
            if day > world.as_of {
                continue;
            }
            match event {
                Event::Report => family.reported(world, day, &mut events, dice),
                Event::Return(children) => family.back_again(world, day, &children, &mut events, dice),
                Event::Harm(child) => family.harmed_in_care(world, day, child, dice),
            }
        }
        family.reports.sort_by_key(|r| r.received);
        family
    }

    fn practice<'a>(&self, world: &'a World) -> &'a Practice {
        &world.offices[self.office].practice
    }

    fn reported(&mut self, world: &World, day: Day, events: &mut Vec<(Day, Event)>, dice: &mut Dice) {
        let home: Vec<usize> = (0..self.children.len()).filter(|c| self.children[*c].at_home(day)).collect();
        if home.is_empty() {
            // All in care, or not yet born: perhaps later.
            if self.children.iter().any(|c| day < c.adult_on()) {
                events.push((in_season(day + dice.wait(250.0), dice), Event::Report));
            }
            return;
        }
        let again = if self.strain > 1.0 { 0.73 } else { 0.46 };
        let risk = self.practice(world).risk.max(0.5);
        if dice.chance((again * (0.85 + 0.15 * risk)).min(0.9)) {
            let mean = if dice.chance(0.42) { 100.0 / risk } else { 800.0 };
            events.push((in_season(day + dice.wait(mean), dice), Event::Report));
        }
        if dice.chance(0.14) {
            let involved = some_of(&home, dice);
            self.reports.push(report::evaluated_out(world, self.office, day, &involved, dice));
            return;
        }
        let open = self.children.iter().any(|c| c.services.iter().any(|s| s.from <= day && day < s.until));
        let practice = self.practice(world);
        let true_share = (0.16 * self.strain * practice.risk * if open { 1.25 } else { 1.0 }).min(0.75);
        let involved = some_of(&home, dice);
        let substantiated = dice.chance(true_share);
        let infant = involved.iter().any(|c| age(self.children[*c].born, day) < 1);
        let removal = practice.entry * if substantiated { 0.192 } else { 0.008 } * if infant { 1.5 } else { 1.0 };
        let outcome = if dice.chance(removal) {
            Outcome::Removal
        } else if dice.chance(if substantiated { 0.38 } else { 0.062 }) && !open {
            Outcome::Services
        } else {
            Outcome::Nothing
        };
        self.settle(world, Finding { day, home, involved, substantiated, outcome }, events, dice);
    }

    /// Lets the outcome of an investigation happen, and writes the report down.
    fn settle(&mut self, world: &World, mut found: Finding, events: &mut Vec<(Day, Event)>, dice: &mut Dice) {
        match found.outcome {
            Outcome::Removal => {
                // Brothers and sisters at home often go too; each has an allegation.
                for child in found.home {
                    if !found.involved.contains(&child) && dice.chance(0.6) {
                        found.involved.push(child);
                    }
                }
                found.involved.sort_unstable();
                let delays = [(40.0, 0), (18.0, 1), (8.0, 2), (6.0, 4), (10.0, 9), (10.0, 17), (8.0, 28)];
                let removed = found.day + dice.pick(0, &delays);
                self.remove(world, removed, &found.involved, events, dice);
            }
            Outcome::Services => {
                let from = found.day + dice.between(4, 32);
                let until = from + dice.skewed(240.0, 0.5);
                let court = dice.chance(0.4);
                for child in found.home {
                    if found.involved.contains(&child) || dice.chance(0.5) {
                        self.serve(child, from, until, court);
                    }
                }
            }
            Outcome::Nothing => {}
        }
        let Finding { day, involved, substantiated, outcome, .. } = found;
        self.reports.push(report::investigated(world, self.office, day, &involved, substantiated, outcome, dice));
    }

    fn serve(&mut self, child: usize, from: Day, until: Day, court: bool) {
        let child = &mut self.children[child];
        // Only a stay goes on after the 18th birthday.
        let last = child.stays.iter().map(|s| s.exited).fold(child.adult_on(), Day::max);
        let until = until.min(last).max(from + 1);
        child.services.push(Service { from, until, court });
    }

    fn remove(&mut self, world: &World, day: Day, group: &[usize], events: &mut Vec<(Day, Event)>, dice: &mut Dice) {
        if day > world.as_of {
            return;
        }
        let group: Vec<usize> = group.iter().copied().filter(|c| self.children[*c].at_home(day)).collect();
        let office = self.office;
        let mut plan = Group::new(world, office, self.number, day, dice);
        let mut went_home: Vec<(Day, Vec<usize>)> = Vec::new();
        for child in group {
            let before = self.children[child].stays.len() as u64;
            let stay = plan.stay(world, &self.children[child], child as u64 * 16 + before, dice);
            let exited = stay.exited;
            if stay.exit == "reunification" {
                match went_home.iter_mut().find(|(day, _)| *day == exited) {
                    Some((_, group)) => group.push(child),
                    None => went_home.push((exited, vec![child])),
                }
            }
            if stay.exit == "death" {
                self.children[child].died = exited;
            }
            if let Some(harm) = care::harm(self.practice(world), &stay, dice) {
                events.push((harm, Event::Harm(child)));
            }
            let after = if stay.exit == "reunification" { dice.between(60, 230) } else { dice.between(0, 12) };
            self.children[child].stays.push(stay);
            self.serve(child, day, exited + after, true);
        }
        for (exited, group) in went_home {
            let often = self.practice(world).returns_on(exited, world.as_of);
            if let Some(back) = care::back_on(often, exited, dice) {
                let group = group
                    .into_iter()
                    .enumerate()
                    .filter(|(i, _)| *i == 0 || dice.chance(0.85))
                    .map(|(_, c)| c)
                    .collect();
                events.push((back, Event::Return(group)));
            }
        }
    }

    fn back_again(
        &mut self,
        world: &World,
        day: Day,
        group: &[usize],
        events: &mut Vec<(Day, Event)>,
        dice: &mut Dice,
    ) {
        let group: Vec<usize> = group.iter().copied().filter(|c| self.children[*c].at_home(day)).collect();
        if group.is_empty() {
            return;
        }
        if dice.chance(0.85) {
            let received = day - dice.between(0, 3);
            self.reports.push(report::investigated(world, self.office, received, &group, true, Outcome::Removal, dice));
        }
        self.remove(world, day, &group, events, dice);
    }

    fn harmed_in_care(&mut self, world: &World, day: Day, child: usize, dice: &mut Dice) {
        let Some(stay) = self.children[child].stays.iter().find(|s| s.removed <= day && day < s.exited) else { return };
        let report = report::about_caregiver(world, self.office, day, child, stay, dice);
        self.reports.push(report);
    }

    /// The last day on which anything was going on.
    pub(crate) fn last_day(&self) -> Day {
        let reports = self.reports.iter().map(|r| r.received_on().max(r.closed));
        let services = self.children.iter().flat_map(|c| &c.services).map(|s| s.until);
        reports.chain(services).max().unwrap_or_default()
    }
}

/// Fewer reports in summer and at the end of the year, when teachers do not see the children.
fn in_season(day: Day, dice: &mut Dice) -> Day {
    let (_, month, _) = date(day);
    let share = match month {
        6 => 0.82,
        7 => 0.7,
        8 => 0.74,
        12 => 0.8,
        3 | 5 | 10 => 1.0,
        _ => 0.93,
    };
    if dice.chance(share) { day } else { day + dice.between(40, 110) }
}

/// At least one of them, each more likely than not.
fn some_of(children: &[usize], dice: &mut Dice) -> Vec<usize> {
    let first = dice.below(children.len());
    let mut chosen = Vec::new();
    for (index, child) in children.iter().enumerate() {
        if index == first || dice.chance(0.36) {
            chosen.push(*child);
        }
    }
    chosen
}

fn children(known_on: Day, dice: &mut Dice) -> Vec<Child> {
    let count = dice.pick(1, &[(40.0, 1), (30.0, 2), (17.0, 3), (8.0, 4), (5.0, 5)]);
    let oldest = if dice.chance(0.12) { dice.between(0, 300) } else { dice.between(300, 6_400) };
    // It decided something once; without it every life would be another.
    dice.unit();
    let mut born = known_on - oldest;
    (0..count)
        .map(|_| {
            let sex = dice.pick("female", &[(50.0, "female"), (49.5, "male"), (0.5, "other")]);
            let child = Child { born, sex, ethnicity: None, died: NEVER, stays: Vec::new(), services: Vec::new() };
            born += if dice.chance(0.04) { 0 } else { dice.between(320, 1_700) };
            child
        })
        .collect()
}
