//! The children of three made-up authorities, from a seed: the tables of the return as text.
//!
//! A child lives after the other, each from a stream of random numbers of its own, so the same seed
//! gives the same bytes. What is generated is what the return has: an episode ends and another
//! begins whenever the legal status or the placement changes.

use chrono::{Datelike, Days, Months, NaiveDate};
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The day through which the data is complete.
pub(crate) const AS_OF: &str = "2026-06-30";
/// How many children each team has had, how long placements last there on average, and how many of
/// a hundred reviews are late.
const TEAMS: [(&str, &str, &str, u64, f64, u32); 6] = [
    ("T1", "Long-term care", "901", 110, 1_050.0, 1),
    ("T2", "Assessment", "901", 60, 420.0, 3),
    ("T3", "Long-term care", "902", 90, 900.0, 2),
    ("T4", "Assessment", "902", 75, 380.0, 8),
    ("T5", "North", "903", 80, 800.0, 2),
    ("T6", "South", "903", 60, 620.0, 4),
];
const AUTHORITIES: [(&str, &str, u32); 3] =
    [("901", "Ashford Vale", 7_900), ("902", "Brackmoor", 6_800), ("903", "Castle Weald", 9_600)];
/// Bank holidays of England, but for those at a week's end.
const HOLIDAYS: [&str; 67] = [
    "02/01/2018",
    "30/03/2018",
    "02/04/2018",
    "07/05/2018",
    "28/05/2018",
    "27/08/2018",
    "25/12/2018",
    "26/12/2018",
    "01/01/2019",
    "19/04/2019",
    "22/04/2019",
    "06/05/2019",
    "27/05/2019",
    "26/08/2019",
    "25/12/2019",
    "26/12/2019",
    "01/01/2020",
    "10/04/2020",
    "13/04/2020",
    "08/05/2020",
    "25/05/2020",
    "31/08/2020",
    "25/12/2020",
    "28/12/2020",
    "01/01/2021",
    "02/04/2021",
    "05/04/2021",
    "03/05/2021",
    "31/05/2021",
    "30/08/2021",
    "27/12/2021",
    "28/12/2021",
    "03/01/2022",
    "15/04/2022",
    "18/04/2022",
    "02/05/2022",
    "02/06/2022",
    "03/06/2022",
    "29/08/2022",
    "19/09/2022",
    "26/12/2022",
    "27/12/2022",
    "02/01/2023",
    "07/04/2023",
    "10/04/2023",
    "01/05/2023",
    "08/05/2023",
    "29/05/2023",
    "28/08/2023",
    "25/12/2023",
    "26/12/2023",
    "01/01/2024",
    "29/03/2024",
    "01/04/2024",
    "06/05/2024",
    "27/05/2024",
    "26/08/2024",
    "25/12/2024",
    "26/12/2024",
    "01/01/2025",
    "18/04/2025",
    "21/04/2025",
    "05/05/2025",
    "26/05/2025",
    "25/08/2025",
    "25/12/2025",
    "26/12/2025",
];
const HOLIDAYS_OF_THE_LAST_YEAR: [&str; 5] = ["01/01/2026", "03/04/2026", "06/04/2026", "04/05/2026", "25/05/2026"];

/// The files, each with its name.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    let mut files = Files::default();
    let mut number = 0;
    for team in TEAMS {
        for _ in 0..team.3 {
            number += 1;
            Child::new(number, team).live(&mut files);
        }
    }
    // What real files have: a day that does not exist, an end before the beginning, a code of an
    // older guide, and a review of a child whom the header does not know.
    files
        .episodes
        .push_str("1001,14/02/2025,S,V2,N1,U6,PR1,01/02/2025,E8\n1002,03/03/2020,S,V2,N4,U6,PR4,19/06/2020,E50\n");
    files.header.push_str("1001,1,29/02/2015,WBRI,901,T1\n1002,2,11/11/2011,WBRI,903,T5\n");
    files.reviews.push_str("9999,01/01/2014,07/07/2025,PN4\n");
    let authorities: String = AUTHORITIES.iter().map(|(id, name, _)| format!("{id},{name}\n")).collect();
    let teams: String = TEAMS.iter().map(|(id, name, of, ..)| format!("{id},{name},{of}\n")).collect();
    let years = AUTHORITIES.iter().flat_map(|(id, _, people)| {
        (2021..=2025_u32).map(move |year| format!("{id},{year},{}\n", people + (year - 2021) * 40))
    });
    let holidays = HOLIDAYS.iter().chain(&HOLIDAYS_OF_THE_LAST_YEAR).map(|day| format!("{day}\n"));
    vec![
        ("episodes.csv", format!("CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n{}", files.episodes)),
        ("header.csv", format!("CHILD,SEX,DOB,ETHNIC,LA,TEAM\n{}", files.header)),
        ("reviews.csv", format!("CHILD,DOB,REVIEW,REVIEW_CODE\n{}", files.reviews)),
        ("authorities.csv", format!("LA,NAME\n{authorities}")),
        ("teams.csv", format!("TEAM,NAME,LA\n{teams}")),
        ("population.csv", format!("LA,YEAR,CHILDREN\n{}", years.collect::<String>())),
        ("bank_holidays.csv", format!("DAY\n{}", holidays.collect::<String>())),
        ("dataset.toml", format!("name = \"Three authorities\"\nas_of = {AS_OF}\n")),
    ]
}

#[derive(Debug, Default)]
struct Files {
    episodes: String,
    header: String,
    reviews: String,
}

/// One child, and what is drawn for it.
struct Child {
    id: u64,
    rng: ChaCha8Rng,
    born: NaiveDate,
    /// The first day of care.
    came: NaiveDate,
    authority: &'static str,
    team: &'static str,
    placement_days: f64,
    late_reviews: u32,
}

/// What an episode is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    legal: &'static str,
    place: &'static str,
    provider: &'static str,
}

impl Child {
    fn new(id: u64, team: (&'static str, &str, &'static str, u64, f64, u32)) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(id);
        let came = date(2018, 4, 1) + Days::new(rng.random_range(0..3_000));
        let age = if rng.random_bool(0.25) { rng.random_range(0..365) } else { rng.random_range(0..6_200) };
        let born = came - Days::new(age);
        Self { id, rng, born, came, authority: team.2, team: team.0, placement_days: team.4, late_reviews: team.5 }
    }

    fn live(mut self, files: &mut Files) {
        let sex = self.rng.random_range(1..3);
        let ethnic = self.one(&["WBRI", "WBRI", "WBRI", "WOTH", "BAFR", "AIND", "MWBC", "NOBT"]);
        let Self { id, authority, team, .. } = self;
        files.header.push_str(&format!("{id},{sex},{},{ethnic},{authority},{team}\n", shown(self.born)));
        let mut from = self.came;
        let periods = if self.rng.random_bool(0.15) { 2 } else { 1 };
        for _ in 0..periods {
            let Some(until) = self.period(from, files) else { return };
            from = until + Days::new(self.rng.random_range(40..500));
        }
    }

    /// A period of care. Gives its end, when it has one and the child may come back.
    fn period(&mut self, from: NaiveDate, files: &mut Files) -> Option<NaiveDate> {
        let adult = self.born + Months::new(18 * 12);
        let as_of: NaiveDate = AS_OF.parse().unwrap_or_default();
        if from + Days::new(10) > adult || from > as_of {
            return None;
        }
        if self.rng.random_bool(0.03) {
            return self.short_break(from, adult.min(as_of), files);
        }
        let adopted = from < self.born + Months::new(40) && self.rng.random_bool(0.45);
        let length = if adopted { 300.0 + self.wait(240.0) } else { 10.0 + self.wait(1_150.0) };
        let until = (from + Days::new(length as u64)).min(adult);
        let need = self.one(&["N1", "N1", "N1", "N1", "N2", "N3", "N4", "N5", "N5", "N8"]);
        let mut day = from;
        let mut reason = "S";
        let mut state = State { legal: self.first_status(), ..self.place(from) };
        let placed_on = from + Days::new((length * 0.6) as u64);
        while let Some((next, into, change)) =
            self.change(day, state, adopted.then_some(placed_on)).filter(|c| c.0 < until)
        {
            if next > as_of {
                break;
            }
            self.episode((day, reason, state, need), Some((next, "X1")), files);
            (day, reason, state) = (next, change, into);
        }
        let ended = (until <= as_of).then(|| (until, self.end(until >= adult, adopted)));
        self.episode((day, reason, state, need), ended, files);
        self.reviews(from, until.min(as_of), files);
        ended.map(|(until, _)| until)
    }

    /// The next change within a period: its day, what the child is in from then on, and the reason.
    fn change(
        &mut self,
        day: NaiveDate,
        state: State,
        placed_on: Option<NaiveDate>,
    ) -> Option<(NaiveDate, State, &'static str)> {
        let next = day + Days::new(7 + self.wait(self.placement_days) as u64);
        if let Some(placed_on) =
            placed_on.filter(|placed_on| next > *placed_on && state.place != "A5" && state.place != "A6")
        {
            let place = if self.rng.random_bool(0.3) { "A5" } else { "A6" };
            let reason = if place == "A5" { "U" } else { "B" };
            return Some((placed_on.max(day + Days::new(1)), State { legal: "E1", place, provider: "PR1" }, reason));
        }
        if placed_on.is_some() && state.place.starts_with('A') {
            return None;
        }
        let legal = match state.legal {
            "L2" | "V2" => "C1",
            _ => "C2",
        };
        match self.rng.random_range(0..10) {
            0..4 if legal != state.legal => Some((next, State { legal, ..state }, "L")),
            4 if legal != state.legal => Some((next, State { legal, ..self.place(next) }, "B")),
            5 if state.place == "U6" => Some((next, State { place: "U4", ..state }, "T")),
            _ => Some((next, State { legal: state.legal, ..self.place(next) }, "P")),
        }
    }

    fn first_status(&mut self) -> &'static str {
        self.one(&["V2", "V2", "C1", "C1", "L2", "C2"])
    }

    /// A place for a child of this age on a day; the legal status is filled in.
    fn place(&mut self, day: NaiveDate) -> State {
        let grown = day >= self.born + Months::new(16 * 12);
        let places: &[(&str, &str)] = if grown {
            &[("H5", "PR4"), ("U6", "PR1"), ("K2", "PR4"), ("H5", "PR5"), ("P2", "PR1")]
        } else {
            &[("U6", "PR1"), ("U6", "PR4"), ("U6", "PR1"), ("U1", "PR1"), ("U3", "PR1"), ("U4", "PR4"), ("K2", "PR4")]
        };
        let (place, provider) = self.one(places);
        State { legal: "C2", place, provider }
    }

    fn end(&mut self, grown: bool, adopted: bool) -> &'static str {
        let codes: &[&str] = match (grown, adopted) {
            (true, _) => &["E17", "E5", "E6", "E8"],
            (false, true) => &["E11", "E12"],
            (false, false) => &["E4A", "E4A", "E4B", "E13", "E45", "E47", "E41", "E3", "E8"],
        };
        self.one(codes)
    }

    /// Some nights away, again and again.
    fn short_break(&mut self, from: NaiveDate, last: NaiveDate, files: &mut Files) -> Option<NaiveDate> {
        let mut day = from;
        let state = State { legal: "V4", place: "U6", provider: "PR1" };
        for _ in 0..self.rng.random_range(3..9) {
            let until = day + Days::new(self.rng.random_range(2..6));
            if until >= last {
                return None;
            }
            self.episode((day, "S", state, "N2"), Some((until, "E4A")), files);
            day = until + Days::new(30);
        }
        None
    }

    fn episode(
        &self,
        (from, reason, state, need): (NaiveDate, &str, State, &str),
        end: Option<(NaiveDate, &str)>,
        files: &mut Files,
    ) {
        let State { legal, place, provider } = state;
        let (until, code) = end.map_or_else(|| (String::new(), ""), |(until, code)| (shown(until), code));
        let (id, from) = (self.id, shown(from));
        files.episodes.push_str(&format!("{id},{from},{reason},{legal},{need},{place},{provider},{until},{code}\n"));
    }

    /// A review within 20 working days, one within three months, and one every half-year; some
    /// are late.
    fn reviews(&mut self, from: NaiveDate, last: NaiveDate, files: &mut Files) {
        let mut day = from + Days::new(self.rng.random_range(12..26)) + Days::new(self.delay());
        let mut months = 3;
        while day <= last {
            let codes: &[&str] =
                if day < self.born + Months::new(48) { &["PN0"] } else { &["PN1", "PN3", "PN5", "PN6", "PN7"] };
            let code = self.one(codes);
            let (id, born) = (self.id, shown(self.born));
            files.reviews.push_str(&format!("{id},{born},{},{code}\n", shown(day)));
            day = day + Months::new(months) - Days::new(self.rng.random_range(0..20)) + Days::new(self.delay());
            months = 6;
        }
    }

    fn delay(&mut self) -> u64 {
        if self.rng.random_ratio(self.late_reviews, 100) { self.rng.random_range(20..60) } else { 0 }
    }

    /// One of these; of none, nothing.
    fn one<T: Copy + Default>(&mut self, of: &[T]) -> T {
        of.get(self.rng.random_range(0..of.len().max(1))).copied().unwrap_or_default()
    }

    /// Days to wait for what happens once in `mean` days.
    fn wait(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.rng.random::<f64>()).ln()
    }
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn shown(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}
