//! Workers and units: who sat in which chair, from when until when.
//!
//! A unit has chairs; a chair has one occupant after the other, with a gap until somebody is hired.
//! Families belong to a chair, so that a worker's leaving or transfer hands the children to whoever
//! comes next.

use super::dates::{Day, NEVER, day};
use super::dice::Dice;
use super::practice::Office;

/// The job a chair is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    Investigator,
    CaseCarrying,
    Supervisor,
    Other,
}

impl Position {
    /// The word in the files.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Investigator => "investigator",
            Self::CaseCarrying => "case_carrying",
            Self::Supervisor => "supervisor",
            Self::Other => "other",
        }
    }
}

/// Somebody's time in a chair.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stint {
    pub(crate) worker: usize,
    pub(crate) from: Day,
    pub(crate) until: Day,
}

#[derive(Debug)]
struct Chair {
    position: Position,
    stints: Vec<Stint>,
    /// While empty: when somebody starts.
    filled_on: Day,
}

/// A unit of one supervisor.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) office: usize,
    chairs: Vec<Chair>,
}

impl Unit {
    /// All stints in this unit.
    pub(crate) fn stints(&self) -> impl Iterator<Item = &Stint> {
        self.chairs.iter().flat_map(|c| &c.stints)
    }
}

/// A worker of the department.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) hired_on: Day,
    /// [`NEVER`] while employed.
    pub(crate) separated_on: Day,
    pub(crate) reason: &'static str,
    pub(crate) position: Position,
}

/// A chair, by unit and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChairId {
    pub(crate) unit: usize,
    chair: usize,
}

/// Everybody who ever worked here.
#[derive(Debug)]
pub(crate) struct Workforce {
    pub(crate) units: Vec<Unit>,
    pub(crate) workers: Vec<Worker>,
    /// Per office: chairs of investigators and of case-carrying workers.
    chairs: Vec<[Vec<ChairId>; 2]>,
}

/// Share of workers who leave in a year, where nothing makes it better or worse.
const LEAVING: f64 = 0.115;
/// Share of workers who change units in a year.
const TRANSFERS: f64 = 0.06;

impl Workforce {
    /// About `staff` workers in the offices from `first` to `as_of`.
    pub(crate) fn new(offices: &[Office], staff: f64, first: Day, as_of: Day, seed: u64) -> Self {
        let mut dice = Dice::new(seed, (1 << 40) + 1);
        let mut force = Self { units: Vec::new(), workers: Vec::new(), chairs: Vec::new() };
        let total: f64 = offices.iter().map(|o| o.weight).sum();
        for (number, office) in offices.iter().enumerate() {
            force.open_office(number, staff * office.weight / total, first, &mut dice);
        }
        let mut month = first;
        while month <= as_of {
            force.live_month(offices, month, as_of, &mut dice);
            month += 30;
        }
        force
    }

    fn open_office(&mut self, office: usize, staff: f64, first: Day, dice: &mut Dice) {
        let count = ((staff / 8.0).round() as usize).max(2);
        let mut kinds = [Vec::new(), Vec::new()];
        for number in 0..count {
            let investigates = number * 10 < count * 3;
            let position = if investigates { Position::Investigator } else { Position::CaseCarrying };
            let mut positions = vec![position; 6 + usize::from(dice.chance(0.5))];
            positions.push(Position::Supervisor);
            if dice.chance(0.5) {
                positions.push(Position::Other);
            }
            let unit = self.units.len();
            for (chair, seat) in positions.iter().enumerate() {
                if *seat == position {
                    kinds[usize::from(!investigates)].push(ChairId { unit, chair });
                }
            }
            let chairs = positions.into_iter().map(|p| self.first_occupant(p, first, dice)).collect();
            self.units.push(Unit { office, chairs });
        }
        self.chairs.push(kinds);
    }

    fn first_occupant(&mut self, position: Position, first: Day, dice: &mut Dice) -> Chair {
        let worker = self.hire(position, (first - dice.wait(2_200.0)).max(day(1985, 1, 1)));
        let from = self.workers[worker].hired_on;
        Chair { position, stints: vec![Stint { worker, from, until: NEVER }], filled_on: 0 }
    }

    fn hire(&mut self, position: Position, on: Day) -> usize {
        self.workers.push(Worker { hired_on: on, separated_on: NEVER, reason: "", position });
        self.workers.len() - 1
    }

    /// Thirty days of hiring, leaving and moving.
    fn live_month(&mut self, offices: &[Office], month: Day, as_of: Day, dice: &mut Dice) {
        for unit in 0..self.units.len() {
            let practice = &offices[self.units[unit].office].practice;
            let turnover = practice.turnover * practice.strain_on(month, as_of);
            for chair in 0..self.units[unit].chairs.len() {
                let today = month + dice.between(0, 29);
                self.live_chair(ChairId { unit, chair }, today, turnover, dice);
            }
        }
    }

    fn live_chair(&mut self, id: ChairId, today: Day, turnover: f64, dice: &mut Dice) {
        let chair = &mut self.units[id.unit].chairs[id.chair];
        let position = chair.position;
        let Some(stint) = chair.stints.last().copied().filter(|s| s.until == NEVER) else {
            if chair.filled_on <= today {
                let worker = self.hire(position, today);
                self.units[id.unit].chairs[id.chair].stints.push(Stint { worker, from: today, until: NEVER });
            }
            return;
        };
        if stint.from >= today {
            return;
        }
        let new = today - self.workers[stint.worker].hired_on < 500;
        let steady = matches!(position, Position::Supervisor | Position::Other);
        let leaving = LEAVING * turnover * if new { 1.5 } else { 1.0 } * if steady { 0.6 } else { 1.0 };
        if dice.chance(leaving * 30.0 / 365.0) {
            let long = today - self.workers[stint.worker].hired_on > 20 * 365;
            self.workers[stint.worker].separated_on = today;
            self.workers[stint.worker].reason = reason(long, dice);
            let chair = &mut self.units[id.unit].chairs[id.chair];
            if let Some(last) = chair.stints.last_mut() {
                last.until = today;
            }
            chair.filled_on = today + dice.between(20, 120);
        } else if dice.chance(TRANSFERS * turnover.sqrt() * 30.0 / 365.0 / 2.0) {
            self.swap(id, today, dice);
        }
    }

    /// Two workers of one job change units: usually within an office.
    fn swap(&mut self, one: ChairId, today: Day, dice: &mut Dice) {
        let position = self.units[one.unit].chairs[one.chair].position;
        let office = self.units[one.unit].office;
        let anywhere = dice.chance(0.25);
        let near: Vec<usize> =
            (0..self.units.len()).filter(|u| *u != one.unit && (anywhere || self.units[*u].office == office)).collect();
        let Some(unit) = near.get(dice.below(near.len())).copied() else { return };
        let fits =
            |c: &Chair| c.position == position && c.stints.last().is_some_and(|s| s.until == NEVER && s.from < today);
        let Some(chair) = self.units[unit].chairs.iter().position(fits) else { return };
        let other = ChairId { unit, chair };
        let (Some(left), Some(right)) = (self.leave_chair(one, today), self.leave_chair(other, today)) else { return };
        self.units[one.unit].chairs[one.chair].stints.push(Stint { worker: right, from: today, until: NEVER });
        self.units[unit].chairs[chair].stints.push(Stint { worker: left, from: today, until: NEVER });
    }

    fn leave_chair(&mut self, id: ChairId, today: Day) -> Option<usize> {
        let stint = self.units[id.unit].chairs[id.chair].stints.last_mut()?;
        stint.until = today;
        Some(stint.worker)
    }

    /// A chair of an office for investigations, or for open cases.
    pub(crate) fn chair(&self, office: usize, investigator: bool, dice: &mut Dice) -> Option<ChairId> {
        let chairs = &self.chairs.get(office)?[usize::from(!investigator)];
        chairs.get(dice.below(chairs.len())).copied()
    }

    /// Another chair of the same job in the same unit.
    pub(crate) fn neighbour(&self, id: ChairId, dice: &mut Dice) -> ChairId {
        let chairs = &self.units[id.unit].chairs;
        let position = chairs[id.chair].position;
        let others: Vec<usize> =
            (0..chairs.len()).filter(|c| *c != id.chair && chairs[*c].position == position).collect();
        ChairId { unit: id.unit, chair: others.get(dice.below(others.len())).copied().unwrap_or(id.chair) }
    }

    /// Who sits in a chair on a day; or, when nobody does, the day on which somebody sits down.
    pub(crate) fn occupant(&self, id: ChairId, on: Day) -> Result<Stint, Day> {
        let stints = &self.units[id.unit].chairs[id.chair].stints;
        let next = stints.partition_point(|s| s.until <= on);
        match stints.get(next) {
            Some(stint) if stint.from <= on => Ok(*stint),
            Some(stint) => Err(stint.from),
            None => Err(NEVER),
        }
    }
}

fn reason(long: bool, dice: &mut Dice) -> &'static str {
    if long && dice.chance(0.7) {
        return "retired";
    }
    dice.pick("other", &[(68.0, "resigned"), (8.0, "retired"), (12.0, "dismissed"), (1.0, "died"), (11.0, "other")])
}
