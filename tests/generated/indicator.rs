//! Generated indicators, as text over any model, in parts that a shrinker can take away.

use super::condition::{Maker, Scope};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::fmt;
use yardstick::ir::Program;
use yardstick::model::{ColumnType, Model, Table, TableId};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cond {
    Leaf(String),
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    /// `some client.stays as q1 overlapping window`, `where`, `have`.
    Linked {
        head: String,
        passing: Option<Box<Cond>>,
        have: Option<Box<Cond>>,
    },
    /// `(count client.stays as q1 where ...) <= 2`: a value made of rows, and what it is compared
    /// with.
    Compared {
        rows: Box<Cond>,
        with: String,
    },
}

impl fmt::Display for Cond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined =
            |all: &[Self], by: &str| format!("({})", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(by));
        match self {
            Self::Leaf(text) => write!(f, "{text}"),
            Self::And(all) => write!(f, "{}", joined(all, " and ")),
            Self::Or(all) => write!(f, "{}", joined(all, " or ")),
            Self::Not(c) => write!(f, "not ({c})"),
            Self::Linked { head, passing, have } => {
                write!(f, "({head}")?;
                passing.iter().try_for_each(|c| write!(f, " where {c}"))?;
                have.iter().try_for_each(|c| write!(f, " have {c}"))?;
                write!(f, ")")
            }
            Self::Compared { rows, with } => write!(f, "{rows} {with}"),
        }
    }
}

/// One indicator in its parts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) window: String,
    pub(crate) lag: Option<String>,
    /// `as it stands`.
    pub(crate) stands: bool,
    pub(crate) lets: Vec<(String, String)>,
    pub(crate) cohort: Cohort,
    pub(crate) passing: Option<Cond>,
    pub(crate) excludes: Vec<Cond>,
    /// `rate per 1_000 days`, `percentile 90 of days`; nothing for a proportion.
    pub(crate) measure: Option<String>,
    pub(crate) numerator: Option<Cond>,
    pub(crate) denominator: Option<String>,
    pub(crate) attribute: String,
    /// `at least 50%`, with its yellow band.
    pub(crate) standard: Option<String>,
    /// By what its rows are broken down, which is no part of its text.
    pub(crate) by: Vec<String>,
}

/// A cohort without its condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cohort {
    /// `first ever ` and ` of each client by began, client`.
    pub(crate) pick: Option<(String, String)>,
    pub(crate) rows: String,
    pub(crate) relation: Option<String>,
}

impl fmt::Display for Cohort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (which, of) = self.pick.as_ref().map_or(("", ""), |(which, of)| (which, of));
        write!(f, "{which}{}{of}", self.rows)?;
        self.relation.iter().try_for_each(|relation| write!(f, " {relation}"))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "indicator {} {{", self.id)?;
        writeln!(f, "  title      \"{}\"\n  domain     only\n  status     inferred", self.id)?;
        writeln!(f, "  window     {}", self.window)?;
        self.lag.iter().try_for_each(|lag| writeln!(f, "  lag        {lag}"))?;
        if self.stands {
            writeln!(f, "  as it stands")?;
        }
        self.lets.iter().try_for_each(|(name, value)| writeln!(f, "  let        {name} = {value}"))?;
        writeln!(f, "  cohort     {}", self.cohort)?;
        self.passing.iter().try_for_each(|c| writeln!(f, "    where    {c}"))?;
        for (n, c) in self.excludes.iter().enumerate() {
            writeln!(f, "  exclude    \"reason {n}\" {c}")?;
        }
        self.measure.iter().try_for_each(|m| writeln!(f, "  measure    {m}"))?;
        self.numerator.iter().try_for_each(|n| writeln!(f, "  numerator  {n}"))?;
        self.denominator.iter().try_for_each(|d| writeln!(f, "  denominator {d}"))?;
        writeln!(f, "  attribute  {}", self.attribute)?;
        self.standard.iter().try_for_each(|standard| writeln!(f, "  standard   {standard}"))?;
        writeln!(f, "}}")
    }
}

/// Writes one indicator.
pub(crate) fn indicator(rng: &mut ChaCha8Rng, model: &Model, id: &str) -> Text {
    let by = by(rng.clone());
    let tables =
        ["stay", "stay", "stay", "event", "event", "mark", "mark", "part", "client", "client", "agent", "holding"];
    let table = model.find_table(tables.choose(rng).unwrap()).unwrap();
    let scopes = vec![Scope { prefix: String::new(), table }];
    let mut maker = Maker { rng, model, scopes, aliases: 0, lets: Vec::new(), beside_lets: Vec::new(), holders: false };
    for _ in 0..maker.rng.random_range(0..6u32).saturating_sub(3) {
        let value = maker.date(1);
        maker.lets.push((format!("when{}", maker.lets.len()), value));
    }
    if maker.chance(20) {
        let name = "near".to_owned();
        let value = maker.let_beside();
        maker.beside_lets.extend(value.map(|value| (name, value)));
    }
    let cohort = maker.cohort(table);
    let passing = maker.chance(85).then(|| maker.passing());
    maker.holders = true;
    let excludes = (0..maker.rng.random_range(0..4u32).saturating_sub(1)).map(|_| maker.condition(1)).collect();
    let (measure, numerator, denominator) = maker.measured();
    maker.holders = false;
    let holder = maker.attribution(table);
    let of_rows = if maker.chance(15) { maker.value_of_rows(1).filter(|(_, number)| !number) } else { None };
    let day = of_rows.map_or_else(|| maker.date(2), |(rows, _)| rows.to_string());
    let attribute = format!("{holder} at {day}");
    let window = maker.one_of(&[
        "month end",
        "week",
        "week",
        "quarter",
        "year to date",
        "fiscal year to date from July",
        "all time",
        "6 months ending in March, August",
        "12 months every quarter",
        "month",
        "2 months",
        "3 months",
        "6 months",
        "12 months",
        "12 months",
        "12 months",
        "1 year",
    ]);
    let lag = maker.chance(10).then(|| maker.one_of(&["1 month", "10 days"]));
    let stands = maker.chance(6);
    let lets = [maker.lets, maker.beside_lets].concat();
    let standard = standard(&mut rng.clone(), measure.as_deref());
    let id = id.to_owned();
    let text = Text {
        id,
        window,
        lag,
        stands,
        lets,
        cohort,
        passing,
        excludes,
        measure,
        numerator,
        denominator,
        attribute,
        standard,
        by,
    };
    // All time has no first day.
    let begins = ["window.start", "covering window", "share of window"];
    let written = text.to_string();
    if text.window == "all time" && begins.iter().any(|words| written.contains(words)) {
        return Text { window: "quarter".to_owned(), ..text };
    }
    text
}

/// A standard of each form, in the unit of the measure; nothing of a mean or a percentile, of which
/// the unit depends on what is measured. It is drawn from a copy, so that the indicators after it
/// are the same without it.
fn standard(rng: &mut ChaCha8Rng, measure: Option<&str>) -> Option<String> {
    let unit = match measure {
        None => "%",
        Some(measure) if measure.starts_with("incidence") => "%",
        Some(measure) if measure.starts_with("rate") => "",
        Some(measure) if measure.contains(", censored") => {
            [" days", " months", " years"].into_iter().find(|unit| measure.contains(&format!(" of{unit} from")))?
        }
        Some(_) => return None,
    };
    let written = |thousandths: u32| format!("{}.{:03}{unit}", thousandths / 1000, thousandths % 1000);
    let low = rng.random_range(1..50_000);
    let more = low + rng.random_range(1..50_000);
    let green = match rng.random_range(0..8) {
        0..3 => format!("at least {}", written(low)),
        3..5 => format!("at most {}", written(low)),
        5..7 => format!("between {} and {}", written(low), written(more)),
        _ => return Some("none".into()),
    };
    let yellow = match rng.random_range(0..3) {
        0 => return Some(green),
        1 => format!("within {}.{}%", rng.random_range(1..100), rng.random_range(0..10)),
        _ if green.starts_with("between") => format!("between {} and {}", written(low - 1), written(more)),
        _ if green.starts_with("at least") => format!("at least {}", written(low - 1)),
        _ => format!("at most {}", written(low + 1)),
    };
    Some(format!("{green}\n    yellow   {yellow}"))
}

/// By what the rows are broken down, where they lead to it: the first one or two of these.
fn by(mut rng: ChaCha8Rng) -> Vec<String> {
    let mut all = [
        "colour", "size", "old", "old", "seen", "lately", "lately", "lasted", "paid", "worth", "cost", "note", "mode",
        "grade",
    ];
    rng.random::<u64>();
    all.shuffle(&mut rng);
    all.iter().map(|name| (*name).to_owned()).collect()
}

/// The program with each indicator broken down by the first of its breakdowns that its rows lead
/// to, every third by two that are crossed, and every fourth by none.
pub(crate) fn broken_down(program: &Program, texts: &[Text]) -> Program {
    let mut split = program.clone();
    for (number, indicator) in program.indicators.iter().enumerate() {
        let Some(text) = texts.iter().find(|text| text.id == indicator.id) else { continue };
        let numbers = text.by.iter().filter_map(|name| program.find_breakdown(name));
        let mut fitting: Vec<usize> = numbers.filter(|b| program.breakdowns[*b].of.contains_key(&number)).collect();
        // `old` stands in it twice.
        let twice = fitting.clone();
        let mut place = 0..;
        fitting.retain(|b| twice.iter().position(|other| other == b) == place.next());
        let crossed = match text.by.first().map_or(0, String::len) {
            5 => 2,
            6 => 0,
            _ => 1,
        };
        fitting.truncate(crossed);
        if !fitting.is_empty() {
            split.indicators[number] = program.split(number, &fitting).unwrap();
        }
    }
    split
}

impl Maker<'_> {
    /// What is measured: most often a proportion.
    fn measured(&mut self) -> (Option<String>, Option<Cond>, Option<String>) {
        if self.chance(14)
            && let Some(measure) = self.until()
        {
            return (Some(measure), None, None);
        }
        let stays = self.model.table(self.scopes[0].table).spans.is_some();
        match self.rng.random_range(0..100) {
            0..12 => {
                let form = self.one_of(&["mean", "median", "percentile 25", "percentile 90"]);
                (Some(format!("{form} of {}", self.number())), None, None)
            }
            12..24 => {
                let events = if self.chance(60) { self.counted(1) } else { None };
                let events = events.unwrap_or_else(|| self.condition(1));
                if stays && self.chance(30) {
                    return (Some("rate per 100".into()), Some(events), Some("share of window".into()));
                }
                let days = if stays && self.chance(50) { None } else { self.days_among() };
                let days = days.unwrap_or_else(|| if stays { "days in window".into() } else { self.days_between() });
                (Some("rate per 1_000 days".into()), Some(events), Some(days))
            }
            24..36 => self.how_many(),
            _ => {
                let linked = match self.rng.random_range(0..100) {
                    0..50 => self.linked(2),
                    50..65 => self.compared(2),
                    _ => None,
                };
                (None, Some(linked.unwrap_or_else(|| self.condition(2))), None)
            }
        }
    }

    /// A count, or a number of the row by another.
    fn how_many(&mut self) -> (Option<String>, Option<Cond>, Option<String>) {
        let whole = |maker: &mut Self| match maker.chance(35) {
            true => maker.reckoned_plain(1),
            false => maker.column(|c| c.ty == ColumnType::Int && c.counted.is_none()).map(|(column, _)| column),
        };
        match self.rng.random_range(0..6) {
            0 => (Some("count".into()), None, None),
            1 => (Some("count".into()), Some(self.condition(1)), None),
            2 => {
                let events = if self.chance(60) { self.counted(1) } else { None };
                let events = events.or_else(|| whole(self).map(Cond::Leaf));
                (Some("count".into()), events, None)
            }
            3 => match self.links(self.scopes[0].table).choose(self.rng) {
                Some((link, _)) => (Some(format!("count distinct {link}")), None, None),
                None => (Some("count".into()), None, None),
            },
            4 => {
                let events = if self.chance(60) { self.counted(1) } else { None };
                let events = events.unwrap_or_else(|| self.condition(1));
                let below = if self.chance(60) { self.counted(1).map(|rows| rows.to_string()) } else { None };
                match below.or_else(|| whole(self)) {
                    Some(below) => (Some("rate per 100 things".into()), Some(events), Some(below)),
                    None => (Some("count".into()), Some(events), None),
                }
            }
            _ => {
                let unit = self.one_of(&["days", "months", "years"]);
                let between = |maker: &mut Self| format!("({unit} from {} to {})", maker.date(1), maker.date(1));
                let (above, below) = (between(self), between(self));
                (Some("proportion".into()), Some(Cond::Leaf(above)), Some(below))
            }
        }
    }

    /// A time that may go on at the as-of date.
    fn until(&mut self) -> Option<String> {
        let form = self.one_of(&["median", "percentile 20", "percentile 75"]);
        let unit = self.one_of(&["days", "days", "business days", "months", "years"]);
        let from = if self.chance(60) { self.day_of_row() } else { self.date(1) };
        let to = self.open_day()?;
        let censor = self.last_heard_of();
        if self.chance(40) {
            let within = self.one_of(&["12 months", "1 month", "6 weeks", "90 days", "2 years"]);
            let told = if self.chance(70) { self.code() } else { None };
            let of = told.map_or_else(|| self.condition(1), Cond::Leaf);
            return Some(format!("incidence of {of} by {within} from {from} to {to}, censored at {censor}"));
        }
        Some(format!("{form} of {unit} from {from} to {to}, censored at {censor}"))
    }

    /// The last day on which a row is followed.
    fn last_heard_of(&mut self) -> String {
        match self.rng.random_range(0..10) {
            0..5 => "as_of".to_owned(),
            5 => "window.last_day".to_owned(),
            6..8 => self.open_day().map_or("as_of".to_owned(), |day| format!("earliest of {day}, as_of")),
            _ => format!("earliest of {}, as_of", self.date(1)),
        }
    }

    fn cohort(&mut self, table: TableId) -> Cohort {
        let declared = self.model.table(table);
        let pick = if self.chance(45) { self.pick() } else { None };
        let named = declared.name == "mark" && self.chance(30);
        let rows = if named { "good_mark" } else { &declared.name }.to_owned();
        let relation = (declared.spans.is_some() && self.chance(30)).then(|| self.relation(0));
        Cohort { pick, rows, relation }
    }

    fn pick(&mut self) -> Option<(String, String)> {
        let table = self.scopes[0].table;
        let links = self.links(table);
        let (link, target) = links.choose(self.rng)?.clone();
        let mut per = link;
        if self.chance(20)
            && let Some((next, _)) = self.links(target).choose(self.rng)
        {
            per = format!("{per}.{next}");
        }
        let mut by = Vec::new();
        for _ in 0..self.rng.random_range(1..3) {
            by.push(if self.chance(15) { links.choose(self.rng)?.0.clone() } else { self.sortable()? });
        }
        by.dedup();
        let which = self.one_of(&["first ", "last ", "last ", "first ever ", "last ever "]);
        let level = if !which.contains("ever") && self.chance(25) { " at each level" } else { "" };
        Some((which, format!(" of each {per}{level} by {}", by.join(", "))))
    }

    /// What the cohort asks of a row: most often that something happened in the window.
    fn passing(&mut self) -> Cond {
        let mut all = Vec::new();
        if self.chance(75) {
            let day = self.day_of_row();
            all.push(Cond::Leaf(format!("{day} in window")));
        }
        if self.chance(10) {
            all.extend([self.linked(1), self.linked(1)].into_iter().flatten());
        }
        while all.is_empty() || self.chance(20) {
            all.push(self.condition(1));
        }
        if all.len() == 1 { all.remove(0) } else { Cond::And(all) }
    }

    /// A path by links, plain or dated, to a row of some level.
    fn attribution(&mut self, table: TableId) -> String {
        let mut found = Vec::new();
        self.to_levels(table, "", 3, &mut found);
        let declared = self.model.table(table);
        if self.model.levels.iter().any(|l| l.table == Some(table)) && declared.find(&declared.name).is_none() {
            found.push(declared.name.clone());
        }
        found.choose(self.rng).unwrap().clone()
    }

    fn to_levels(&self, table: TableId, path: &str, steps: usize, found: &mut Vec<String>) {
        if steps == 0 {
            return;
        }
        let next = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let declared: &Table = self.model.table(table);
        let dated = declared.dated.iter().map(|d| (d.name.clone(), d.target));
        let words = declared.columns.iter().filter_map(|c| Some((c.name.clone(), c.words?)));
        let dated = dated.chain(words);
        for (name, target) in self.links(table).into_iter().chain(dated) {
            if self.model.levels.iter().any(|l| l.table == Some(target)) {
                found.push(next(&name));
            }
            self.to_levels(target, &next(&name), steps - 1, found);
        }
    }
}
