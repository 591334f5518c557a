//! Which worker is responsible for a child, day by day.

use super::dates::Day;
use super::dice::Dice;
use super::family::{Family, Service};
use super::workforce::ChairId;
use super::world::World;

/// A worker's time with a child or a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) worker: usize,
    pub(crate) from: Day,
    pub(crate) until: Day,
}

/// The workers of each child of a family: mostly the family's worker, sometimes the child's own.
pub(crate) fn charges(world: &World, family: &Family, dice: &mut Dice) -> Vec<Vec<Charge>> {
    let all = family.children.iter().flat_map(|c| c.services.iter().copied()).collect();
    let of_family: Vec<Charge> =
        super::family::join(all).into_iter().flat_map(|span| track(world, family, span, dice)).collect();
    family
        .children
        .iter()
        .map(|child| {
            let own = dice.chance(0.07);
            child
                .cases()
                .into_iter()
                .flat_map(|case| if own { track(world, family, case, dice) } else { clip(&of_family, case) })
                .collect()
        })
        .collect()
}

fn clip(charges: &[Charge], case: Service) -> Vec<Charge> {
    charges
        .iter()
        .map(|c| Charge { worker: c.worker, from: c.from.max(case.from), until: c.until.min(case.until) })
        .filter(|c| c.from < c.until)
        .collect()
}

/// The workers from the first day of an open case to its last: the investigator for a month, then a
/// unit's worker, then whoever follows that worker, or has to take the family over.
fn track(world: &World, family: &Family, span: Service, dice: &mut Dice) -> Vec<Charge> {
    let mut charges = Vec::new();
    let handover = span.from + dice.between(18, 45);
    let investigator = family
        .reports
        .iter()
        .rfind(|r| r.received_on() <= span.from && r.worker.is_some())
        .and_then(|r| r.worker)
        .filter(|w| world.workforce.workers[*w].separated_on >= handover);
    if let Some(worker) = investigator {
        charges.push(Charge { worker, from: span.from, until: handover.min(span.until) });
    }
    let mut at = if investigator.is_some() { handover } else { span.from };
    let Some(mut chair) = world.workforce.chair(family.office, false, dice) else { return charges };
    let practice = &world.offices[family.office].practice;
    while at < span.until.min(world.as_of + 1) {
        let changes = 0.2 * practice.turnover * practice.strain_on(at, world.as_of);
        let until = span.until.min(at + dice.wait(365.0 / changes));
        serve(world, chair, at, until, &mut charges, dice);
        at = until;
        chair = reassigned(world, family.office, chair, dice);
    }
    joined(charges)
}

/// A chair's occupants from one day to another; while it is empty a neighbour stands in, or nobody
/// does.
fn serve(world: &World, chair: ChairId, from: Day, until: Day, charges: &mut Vec<Charge>, dice: &mut Dice) {
    let mut at = from;
    while at < until {
        match world.workforce.occupant(chair, at) {
            Ok(stint) => {
                let end = stint.until.min(until);
                charges.push(Charge { worker: stint.worker, from: at, until: end });
                at = end;
            }
            Err(next) => {
                let end = next.min(until);
                let stand_in = world.workforce.occupant(world.workforce.neighbour(chair, dice), at);
                if let Ok(stint) = stand_in.and_then(|s| if dice.chance(0.85) { Ok(s) } else { Err(0) }) {
                    charges.push(Charge { worker: stint.worker, from: at, until: stint.until.min(end) });
                }
                at = end;
            }
        }
    }
}

/// Another worker: usually of the same unit, sometimes of another unit or, when the family moves,
/// another office.
fn reassigned(world: &World, office: usize, chair: ChairId, dice: &mut Dice) -> ChairId {
    let turn = dice.unit();
    if turn < 0.75 {
        return world.workforce.neighbour(chair, dice);
    }
    let office = if turn < 0.96 { office } else { world.office(dice) };
    world.workforce.chair(office, false, dice).unwrap_or(chair)
}

fn joined(charges: Vec<Charge>) -> Vec<Charge> {
    let mut joined: Vec<Charge> = Vec::new();
    for charge in charges {
        match joined.last_mut() {
            Some(last) if last.worker == charge.worker && last.until == charge.from => last.until = charge.until,
            _ => joined.push(charge),
        }
    }
    joined
}
