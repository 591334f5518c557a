//! How offices differ: what each does better or worse than the average, and how that changed.

use super::dates::Day;
use super::dice::Dice;

/// One office's practice. 1 is the county's average; a number multiplies how often something
/// happens.
#[derive(Debug, Clone)]
pub(crate) struct Practice {
    /// New substantiated reports.
    pub(crate) risk: f64,
    /// Removals after a report.
    pub(crate) entry: f64,
    /// Length of stays that end in reunification.
    pub(crate) slow_home: f64,
    /// Share of stays that end in reunification.
    pub(crate) home: f64,
    /// Length of stays that end in adoption or guardianship.
    pub(crate) slow_permanency: f64,
    /// Share of stays that end in no permanent home.
    pub(crate) adrift: f64,
    /// Returns to care.
    pub(crate) returns: f64,
    /// First placements with relatives.
    pub(crate) relatives: f64,
    /// Siblings placed together.
    pub(crate) together: f64,
    /// Moves from home to home.
    pub(crate) moves: f64,
    /// Maltreatment by caregivers in care.
    pub(crate) harm: f64,
    /// Late first contacts with reported families.
    pub(crate) late: f64,
    /// Investigations open for too long.
    pub(crate) lingering: f64,
    /// Months without a visit.
    pub(crate) missed_visits: f64,
    /// Share of removals with a meeting in time: three and a half years ago, and for the last half
    /// year.
    pub(crate) meetings: (f64, f64),
    /// Late exams.
    pub(crate) late_exams: f64,
    /// Screenings left out.
    pub(crate) missed_screenings: f64,
    /// Workers leaving, and children changing workers.
    pub(crate) turnover: f64,
    /// Returns to care now, as a multiple of `returns`: a trend over four years that ends a year
    /// ago, since it takes a year to see who came back.
    pub(crate) returns_trend: f64,
    /// Turnover and missed visits now, as a multiple: a trend over the last two years.
    pub(crate) strain_trend: f64,
}

impl Practice {
    fn average() -> Self {
        Self {
            risk: 1.0,
            entry: 1.0,
            slow_home: 1.0,
            home: 1.0,
            slow_permanency: 1.0,
            adrift: 1.0,
            returns: 1.0,
            relatives: 1.0,
            together: 1.0,
            moves: 1.0,
            harm: 1.0,
            late: 1.0,
            lingering: 1.0,
            missed_visits: 1.0,
            meetings: (0.45, 0.55),
            late_exams: 1.0,
            missed_screenings: 1.0,
            turnover: 1.0,
            returns_trend: 1.0,
            strain_trend: 1.0,
        }
    }

    /// Returns to care on a day.
    pub(crate) fn returns_on(&self, day: Day, as_of: Day) -> f64 {
        self.returns * blend(1.0, self.returns_trend, progress(day, as_of - 365, 48))
    }

    /// Turnover and missed visits on a day.
    pub(crate) fn strain_on(&self, day: Day, as_of: Day) -> f64 {
        blend(1.0, self.strain_trend, progress(day, as_of, 24))
    }

    /// Share of removals with a meeting in time on a day.
    pub(crate) fn meetings_on(&self, day: Day, as_of: Day) -> f64 {
        blend(self.meetings.0, self.meetings.1, progress(day, as_of - 180, 36))
    }
}

fn blend(before: f64, now: f64, progress: f64) -> f64 {
    before + (now - before) * progress
}

/// 0 until so many months before the as-of date, then rising evenly to 1.
pub(crate) fn progress(day: Day, as_of: Day, months: i32) -> f64 {
    (1.0 - f64::from(as_of - day) / (f64::from(months) * 30.44)).clamp(0.0, 1.0)
}

/// A regional office as it is set up.
#[derive(Debug, Clone)]
pub(crate) struct Office {
    pub(crate) name: &'static str,
    pub(crate) peer_group: &'static str,
    /// Its share of the county's families, relative to the others.
    pub(crate) weight: f64,
    pub(crate) practice: Practice,
}

const NAMES: [&str; 20] = [
    "Harbor",
    "Ridge View",
    "Mission",
    "High Desert",
    "Glenwood",
    "Palm Street",
    "Eastgate",
    "Arroyo",
    "Lakeside",
    "Foothill",
    "Riverbend",
    "Central",
    "Canyon",
    "Westside",
    "Orchard",
    "Pioneer",
    "Bayview",
    "Valley North",
    "Valley South",
    "Sierra",
];

/// The offices of a county: five with a story, the others drawn at random around the average.
pub(crate) fn offices(count: usize, seed: u64) -> Vec<Office> {
    let mut dice = Dice::new(seed, 1 << 40);
    let mut all: Vec<Office> = stories().into_iter().take(count).collect();
    while all.len() < count {
        let name = NAMES.get(all.len()).copied().unwrap_or("Outpost");
        all.push(drawn(name, &mut dice));
    }
    all
}

/// An office like many others, in some things better and in some worse; with fewer and shorter
/// stays than the five with a story, so that a county of many offices comes out at the published
/// sizes.
fn drawn(name: &'static str, dice: &mut Dice) -> Office {
    let mut around = |spread: f64| f64::from(dice.skewed(1000.0, spread)) / 1000.0;
    let practice = Practice {
        risk: around(0.22),
        entry: 0.93 * around(0.25),
        slow_home: 0.96 * around(0.14),
        home: around(0.08),
        slow_permanency: 0.88 * around(0.15),
        adrift: around(0.15),
        returns: around(0.3),
        relatives: around(0.12),
        together: around(0.12),
        moves: around(0.15),
        harm: around(0.4),
        late: around(0.45),
        lingering: around(0.4),
        missed_visits: around(0.4),
        late_exams: around(0.4),
        missed_screenings: around(0.45),
        turnover: around(0.25),
        meetings: (0.5 * around(0.25), 0.55 * around(0.25)),
        ..Practice::average()
    };
    let weight = around(0.25);
    let peer_group = dice.pick("urban", &[(5.0, "urban"), (4.0, "suburban"), (1.0, "desert")]);
    Office { name, peer_group, weight, practice }
}

/// The five offices whose stories `README.md` tells.
fn stories() -> Vec<Office> {
    let average = Practice::average;
    let office = |name, peer_group, weight, practice| Office { name, peer_group, weight, practice };
    vec![
        // Children used to come back from Harbor more than twice as often as elsewhere; within four
        // years that was turned round.
        office("Harbor", "urban", 1.2, Practice { returns: 3.0, returns_trend: 0.2, late_exams: 0.7, ..average() }),
        // Ridge View does nearly everything well.
        office(
            "Ridge View",
            "suburban",
            0.9,
            Practice {
                risk: 0.75,
                entry: 0.95,
                slow_home: 0.9,
                home: 1.1,
                slow_permanency: 0.85,
                adrift: 0.7,
                returns: 0.55,
                relatives: 1.25,
                together: 1.2,
                moves: 0.75,
                harm: 0.5,
                late: 0.4,
                lingering: 0.5,
                missed_visits: 0.5,
                meetings: (0.6, 0.7),
                late_exams: 0.5,
                missed_screenings: 0.4,
                turnover: 0.6,
                ..average()
            },
        ),
        // Mission is a large urban office that has been losing its workers for two years.
        office(
            "Mission",
            "urban",
            1.3,
            Practice {
                risk: 2.2,
                entry: 0.5,
                harm: 1.8,
                late: 2.0,
                lingering: 2.2,
                missed_visits: 1.4,
                late_exams: 1.6,
                missed_screenings: 1.8,
                turnover: 1.3,
                strain_trend: 1.9,
                moves: 1.15,
                ..average()
            },
        ),
        // High Desert removes many children, far from their relatives, and keeps them long, but
        // answers reports promptly.
        office(
            "High Desert",
            "desert",
            0.45,
            Practice {
                entry: 3.3,
                slow_home: 1.3,
                home: 0.85,
                slow_permanency: 1.45,
                adrift: 1.45,
                returns: 0.8,
                relatives: 0.68,
                together: 0.7,
                moves: 1.3,
                late: 0.6,
                ..average()
            },
        ),
        // Glenwood learned to hold team meetings in time. It removes many, its children go home
        // fast, and many come back.
        office(
            "Glenwood",
            "suburban",
            0.9,
            Practice {
                entry: 1.6,
                slow_home: 0.75,
                home: 1.12,
                returns: 2.7,
                meetings: (0.0, 0.8),
                late: 1.3,
                ..average()
            },
        ),
    ]
}
