//! Stays in out-of-home care: how long, how they end, and the homes on the way.

use super::dates::{Day, age};
use super::dice::Dice;
use super::family::Child;
use super::practice::{Practice, progress};
use super::world::World;

/// A stay in care.
#[derive(Debug)]
pub(crate) struct Stay {
    pub(crate) removed: Day,
    pub(crate) exited: Day,
    pub(crate) exit: &'static str,
    pub(crate) meeting: Option<Day>,
    pub(crate) hearing: Option<Day>,
    pub(crate) placements: Vec<Placement>,
}

impl Stay {
    /// The kind of home on a day.
    pub(crate) fn setting_on(&self, day: Day) -> Option<&'static str> {
        self.placements.iter().find(|p| p.started <= day && day < p.ended).map(|p| p.home.setting)
    }
}

/// Days in one home.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placement {
    pub(crate) home: Home,
    pub(crate) started: Day,
    pub(crate) ended: Day,
}

/// A home: an id of letters and a number, and what kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) letters: &'static str,
    pub(crate) number: u64,
    pub(crate) setting: &'static str,
}

/// Brothers and sisters who are removed on the same day: one meeting, one hearing, often one home
/// and one way back.
pub(crate) struct Group {
    office: usize,
    family: u64,
    removed: Day,
    meeting: Option<Day>,
    hearing: Option<Day>,
    /// The eldest's way out and homes.
    first: Option<(Day, &'static str, Vec<Placement>)>,
}

impl Group {
    /// What is the same for all of them.
    pub(crate) fn new(world: &World, office: usize, family: u64, removed: Day, dice: &mut Dice) -> Self {
        let hearing = dice.chance(0.88).then(|| world.calendar.business_days_after(removed, dice.between(2, 3)));
        let practice = &world.offices[office].practice;
        let in_time = dice.chance(practice.meetings_on(removed, world.as_of).min(0.97));
        let meeting = if in_time {
            Some(removed + dice.between(-6, 1))
        } else {
            dice.chance(0.6).then(|| removed + dice.between(5, 30))
        };
        Self { office, family, removed, meeting, hearing, first: None }
    }

    /// The stay of one child of the group; `own` tells its homes from those of the others.
    pub(crate) fn stay(&mut self, world: &World, child: &Child, own: u64, dice: &mut Dice) -> Stay {
        let practice = &world.offices[self.office].practice;
        let (mut exited, mut exit) = way_out(practice, child, self.removed, dice);
        let mut shared = None;
        if let Some((first_exited, first_exit, homes)) = &self.first {
            if matches!(*first_exit, "reunification" | "adoption" | "guardianship")
                && *first_exited < child.adult_on()
                && dice.chance(0.72)
            {
                (exited, exit) = (*first_exited, first_exit);
            }
            if dice.chance((0.74 * practice.together).min(0.95)) {
                shared = Some(homes.clone());
            }
        }
        let route = Route { world, office: self.office, family: self.family, own, age: age(child.born, self.removed) };
        let homes = shared.unwrap_or_else(|| route.homes(self.removed, exited, dice));
        if self.first.is_none() {
            self.first = Some((exited, exit, homes.clone()));
        }
        let placements = route.placements(homes, exited, exit, dice);
        Stay { removed: self.removed, exited, exit, meeting: self.meeting, hearing: self.hearing, placements }
    }
}

/// How a stay will end, and when.
fn way_out(practice: &Practice, child: &Child, removed: Day, dice: &mut Dice) -> (Day, &'static str) {
    // Reunification, adoption, guardianship, none of these, runaway, and all else, by age at
    // removal.
    let [home, adopted, guardian, adrift, away] = match age(child.born, removed) {
        i32::MIN..2 => [50.0, 33.0, 7.0, 7.0, 0.0],
        2..9 => [61.0, 17.0, 10.0, 11.0, 0.0],
        9..14 => [60.0, 5.0, 11.0, 26.0, 1.0],
        14.. => [55.0, 1.0, 6.0, 30.0, 4.0],
    };
    let kind = dice.pick(
        "transfer",
        &[
            (home * practice.home, "reunification"),
            (adopted, "adoption"),
            (guardian, "guardianship"),
            (adrift * practice.adrift, "adrift"),
            (away, "runaway"),
            (1.6, "transfer"),
            (0.12, "death"),
        ],
    );
    let days = match kind {
        "reunification" => days_to_reunification(practice, dice),
        "adoption" => f64::from(dice.skewed(840.0, 0.38)) * practice.slow_permanency,
        "guardianship" => f64::from(dice.skewed(640.0, 0.45)) * practice.slow_permanency,
        "adrift" => 500.0 + f64::from(dice.wait(2_000.0)) * practice.slow_permanency,
        _ => f64::from(dice.skewed(260.0, 1.0)),
    };
    let exit = match kind {
        "adrift" => dice.pick("guardianship", &[(35.0, "adoption"), (45.0, "guardianship"), (20.0, "reunification")]),
        other => other,
    };
    let exited = removed + days as Day;
    let adult = child.adult_on();
    if exited < adult {
        return (exited, exit);
    }
    if adult - removed > 240 && dice.chance(0.09) {
        return ((adult - dice.between(5, 400)).max(removed + 30), "emancipation");
    }
    // Some leave on the birthday or soon after; the others may stay on until they are 21.
    let (soon, later) = (dice.between(1, 60), dice.between(61, 730));
    let stays_on = dice.pick(0, &[(10.0, 0), (45.0, soon), (45.0, later)]);
    (adult + stays_on, "aged_out")
}

fn days_to_reunification(practice: &Practice, dice: &mut Dice) -> f64 {
    if dice.chance(0.09) {
        f64::from(dice.between(1, 7))
    } else if dice.chance(0.14) {
        f64::from(dice.between(8, 60))
    } else {
        f64::from(dice.skewed(238.0, 0.66)) * practice.slow_home
    }
}

/// When children who went home are removed again, if they are.
pub(crate) fn back_on(often: f64, went_home: Day, dice: &mut Dice) -> Option<Day> {
    if dice.chance((0.085 * often).min(0.6)) {
        let gap = if dice.chance(0.04) { 0 } else { dice.wait(150.0) };
        return Some(went_home + if gap > 364 { dice.between(5, 364) } else { gap });
    }
    dice.chance(0.05).then(|| went_home + dice.between(366, 1_300))
}

/// When a child in this stay is reported to be harmed by a caregiver, if it is.
pub(crate) fn harm(practice: &Practice, stay: &Stay, dice: &mut Dice) -> Option<Day> {
    let days = stay.exited - stay.removed;
    let likely = 0.016 * practice.harm * f64::from(days) / 365.0;
    (days > 10 && dice.chance(likely)).then(|| stay.removed + dice.between(3, days - 1))
}

/// What decides where a child is placed.
struct Route<'a> {
    world: &'a World,
    office: usize,
    family: u64,
    own: u64,
    age: i32,
}

impl Route<'_> {
    /// The homes from removal to exit, without visits and absences.
    fn homes(&self, removed: Day, exited: Day, dice: &mut Dice) -> Vec<Placement> {
        let practice = &self.world.offices[self.office].practice;
        let mut placements: Vec<Placement> = Vec::new();
        let mut home = self.first_home(removed, dice);
        let unsettled = dice.chance(0.58);
        let mut at = removed;
        loop {
            let early = at - removed < 100;
            let with_relatives = matches!(home.setting, "relative" | "nonrelated_extended_family");
            let moves_a_year = if unsettled { if early { 1.9 } else { 0.95 } } else { 0.12 };
            let moves_a_year = moves_a_year * practice.moves * if with_relatives { 0.7 } else { 1.15 };
            let days = if home.setting == "shelter" { dice.between(1, 28) } else { dice.wait(365.0 / moves_a_year) };
            let until = (at + days).min(exited);
            placements.push(Placement { home, started: at, ended: until });
            if until >= exited {
                return placements;
            }
            at = until;
            home = self.next_home(at, home, dice);
        }
    }

    fn relatives_share(&self, day: Day) -> f64 {
        let practice = &self.world.offices[self.office].practice;
        // Slowly rising for ten years.
        let trend = 0.41 + 0.13 * progress(day, self.world.as_of, 120);
        (trend * practice.relatives).min(0.85)
    }

    fn first_home(&self, day: Day, dice: &mut Dice) -> Home {
        if dice.chance(self.relatives_share(day)) {
            return self.kin(0, dice);
        }
        if dice.chance(0.13) {
            return Home { letters: "HS", number: self.office as u64 + 1, setting: "shelter" };
        }
        self.stranger(dice)
    }

    fn next_home(&self, day: Day, from: Home, dice: &mut Dice) -> Home {
        // The first move is often to relatives who have been found.
        let kin = self.relatives_share(day) * if from.setting == "relative" { 0.45 } else { 1.05 };
        if dice.chance(kin) {
            return self.kin(1 + dice.below(3) as u64, dice);
        }
        loop {
            let home = self.stranger(dice);
            if home != from {
                return home;
            }
        }
    }

    fn kin(&self, which: u64, dice: &mut Dice) -> Home {
        let setting = if dice.chance(0.14) { "nonrelated_extended_family" } else { "relative" };
        Home { letters: "HR", number: self.family * 10 + which, setting }
    }

    fn stranger(&self, dice: &mut Dice) -> Home {
        let teen = if self.age >= 12 { 30.0 } else { 2.0 };
        let (letters, setting) = dice.pick(
            ("HF", "foster_home"),
            &[
                (42.0, ("HF", "foster_home")),
                (44.0, ("HA", "agency_home")),
                (teen, ("HG", "group_home")),
                (3.0, ("HD", "guardian_home")),
            ],
        );
        let pool = if letters == "HG" { 12 } else { 260 };
        Home { letters, number: self.office as u64 * 1_000 + dice.below(pool) as u64, setting }
    }

    /// The homes cut or stretched to the stay's end, with absences and a trial home visit.
    fn placements(&self, homes: Vec<Placement>, exited: Day, exit: &str, dice: &mut Dice) -> Vec<Placement> {
        let mut placements: Vec<Placement> = homes.into_iter().filter(|p| p.started < exited).collect();
        let Some(last) = placements.last_mut() else { return placements };
        last.ended = exited;
        self.absence(&mut placements, dice);
        let Some(last) = placements.last_mut() else { return placements };
        let days = last.ended - last.started;
        if exit == "reunification" && days > 40 && dice.chance(0.38) {
            let started = exited - dice.between(7, 85.min(days - 10));
            last.ended = started;
            let home = Home { letters: "HP", number: self.family, setting: "trial_home_visit" };
            placements.push(Placement { home, started, ended: exited });
        }
        if exit == "runaway" {
            let gone = (exited - dice.between(1, 60)).max(placements.last().map_or(exited, |p| p.started + 1));
            if let Some(last) = placements.last_mut().filter(|p| p.ended > gone) {
                last.ended = gone;
                placements.push(Placement { home: self.away("runaway"), started: gone, ended: exited });
            }
        }
        placements
    }

    /// Some days in hospital, or nobody knows where, and back to the same home.
    fn absence(&self, placements: &mut Vec<Placement>, dice: &mut Dice) {
        let likely = if self.age >= 13 { 0.16 } else { 0.05 };
        if !dice.chance(likely) {
            return;
        }
        let index = dice.below(placements.len());
        let whole = placements[index];
        let days = whole.ended - whole.started;
        if days < 60 {
            return;
        }
        let ran = self.age >= 13 && dice.chance(0.7);
        let started = whole.started + dice.between(5, days - 45);
        let ended = started + dice.between(2, 35);
        let home = self.away(if ran { "runaway" } else { "hospital" });
        placements[index].ended = started;
        placements.insert(index + 1, Placement { home, started, ended });
        placements.insert(index + 2, Placement { started: ended, ..whole });
    }

    fn away(&self, setting: &'static str) -> Home {
        Home { letters: "HX", number: self.family * 200 + self.own, setting }
    }
}
