//! What `yardstick explain --shared` says: which work indicators share, in words.

use super::case_data;
use crate::data;
use crate::describe::{Page, Point, Section};
use crate::ir::{Indicator, Program, WindowLength, reads};
use crate::model::TableId;
use crate::run::{self, Sharing, WindowStrategy};

/// The page on these indicators, which stand under a title.
pub(super) fn page(program: &Program, title: &str, indicators: &[usize]) -> Page {
    let sharing = run::sharing(program, indicators);
    let words = Words { program, indicators, sharing: &sharing };
    Page {
        id: "What indicators share when they are measured together".to_owned(),
        sections: vec![
            Section { title: "Together", points: words.indicators(title) },
            Section { title: "Read once", points: words.tables() },
            Section { title: "Who held what on which day", points: words.dated() },
            Section { title: "The same rows", points: words.populations() },
            Section { title: "Windows", points: words.windows() },
            Section { title: "Levels", points: words.levels() },
            Section { title: "Not shared", points: apart() },
        ],
        ..Page::default()
    }
}

struct Words<'a> {
    program: &'a Program,
    /// All that are measured together.
    indicators: &'a [usize],
    sharing: &'a Sharing,
}

impl Words<'_> {
    fn indicators(&self, title: &str) -> Vec<Point> {
        let what = format!("{title}: {}:", count(self.indicators.len(), "indicator"));
        vec![Point::over(what, vec![self.ids(self.indicators)])]
    }

    fn tables(&self) -> Vec<Point> {
        let model = &self.program.model;
        let mut points = vec![Point::new(
            "Each table is read from its files once, with all columns that the model gives it, and each of its rows is checked \
             once. Ids become row numbers once, so that to follow a link is to look up a number. After that the rows lie in \
             memory for all.",
        )];
        for (table, used) in &self.sharing.tables {
            let columns = used.columns.iter().map(|c| format!("`{}`", model.table(*table).column(*c).file_name));
            let columns: Vec<_> = columns.collect();
            let columns = if columns.is_empty() { "which rows there are".to_owned() } else { columns.join(", ") };
            let mut under = vec![Point::new(columns)];
            under.extend(self.those(&used.by));
            points.push(Point::over(format!("{} is used by {}:", self.table(*table), self.many(&used.by)), under));
        }
        let named: Vec<_> = reads::level_reads(model).into_keys().collect();
        if !named.is_empty() {
            let what = "The entities of every level are named, and put under each other, once for all; that uses";
            points.push(Point::new(format!("{what} {}.", self.names(&named))));
        }
        let read = data::closure(model, &case_data::tables(self.program, self.indicators));
        let unused = |t: &TableId| !self.sharing.tables.contains_key(t) && !named.contains(t);
        let rest: Vec<_> = read.into_iter().filter(unused).collect();
        if !rest.is_empty() {
            let why = "as those above lead there: to see that what they link to is sound. No number here is made of it";
            points.push(Point::new(format!("Read, too, {why}: {}.", self.names(&rest))));
        }
        points
    }

    fn dated(&self) -> Vec<Point> {
        if self.sharing.dated.is_empty() {
            return Vec::new();
        }
        let mut points = vec![Point::new(
            "Where stays overlap, one of them holds the day. Which one is settled once for every such link and all days; each \
             indicator looks its own rows up there, on its own days.",
        )];
        for ((table, number), by) in &self.sharing.dated {
            let owner = self.program.model.table(*table);
            let link = &owner.dated[*number];
            let through = &self.program.model.table(link.through).name;
            let what = format!("`{}.{}`, by the rows of `{through}`, is looked up by", owner.name, link.name);
            points.push(self.listed(format!("{what} {}", self.many(by)), by));
        }
        points
    }

    fn populations(&self) -> Vec<Point> {
        let (alike, alone): (Vec<_>, Vec<_>) = self.sharing.populations.iter().partition(|of| of.len() > 1);
        if alike.is_empty() {
            return vec![Point::new("No two have a cohort of the same rows in the same windows.")];
        }
        let mut points = vec![Point::new(
            "These have the same cohort: the same table, the same conditions and windows, before any rows are excluded. They share the \
             reading, not the measuring: each finds its rows for itself.",
        )];
        for of in alike {
            let first = of.first().and_then(|i| self.program.indicators.get(*i));
            if let Some(first) = first {
                let (table, windows) = (self.table(first.cohort.table), length(first));
                points.push(self.listed(format!("{}: rows of {table} in {windows}", capital(&self.many(of))), of));
            }
        }
        if !alone.is_empty() {
            points.push(Point::new(format!("Every other has a cohort of its own ({}).", alone.len())));
        }
        points
    }

    fn windows(&self) -> Vec<Point> {
        let ways = self.sharing.windows.iter().rev();
        ways.map(|(way, of)| self.listed(format!("For {}, {}", self.many(of), strategy_text(*way)), of)).collect()
    }

    fn levels(&self) -> Vec<Point> {
        let by_level = &self.sharing.by_level;
        let once: Vec<usize> = self.indicators.iter().copied().filter(|i| !by_level.contains(i)).collect();
        let levels = &self.program.model.levels;
        let mut points = Vec::new();
        if !once.is_empty() {
            let what = "all levels are measured at once: each row finds its holders at every level, rows with the same holders are \
                        put together, and every level is made of these";
            points.push(Point::new(format!("For {}, {what}.", self.many(&once))));
        }
        if !by_level.is_empty() {
            let names: Vec<_> = levels.iter().map(|l| l.name.as_str()).collect();
            let what = format!(
                "For {}, each level is measured by itself ({}), as smaller entities do not add up to larger ones",
                self.many(by_level),
                names.join(", ")
            );
            points.push(self.listed(what, by_level));
        }
        points
    }

    /// What is said of some indicators, with their ids under it.
    fn listed(&self, what: String, of: &[usize]) -> Point {
        match self.those(of) {
            Some(ids) => Point::over(what + ":", vec![ids]),
            None => Point::new(what + "."),
        }
    }

    /// The ids of some; those of all stand at the top.
    fn those(&self, of: &[usize]) -> Option<Point> {
        (of.len() < self.indicators.len()).then(|| self.ids(of))
    }

    fn ids(&self, of: &[usize]) -> Point {
        let ids = of.iter().filter_map(|i| self.program.indicators.get(*i)).map(|i| i.id.as_str());
        Point::new(ids.collect::<Vec<_>>().join(", "))
    }

    /// `2 indicators`, or that it is all of them.
    fn many(&self, of: &[usize]) -> String {
        let all = if of.len() > 1 && of.len() == self.indicators.len() { "all " } else { "" };
        format!("{all}{}", count(of.len(), "indicator"))
    }

    fn table(&self, id: TableId) -> String {
        let table = self.program.model.table(id);
        format!("`{}` ({})", table.name, table.title)
    }

    fn names(&self, tables: &[TableId]) -> String {
        let names = tables.iter().map(|t| format!("`{}`", self.program.model.table(*t).name));
        names.collect::<Vec<_>>().join(", ")
    }
}

fn apart() -> Vec<Point> {
    vec![
        Point::new(
            "Each indicator goes through the rows in memory for itself, and uses nothing that another has found. So its numbers are the \
             same alone and in company.",
        ),
        Point::new("`yardstick explain INDICATOR` shows the steps of one."),
    ]
}

/// What is done with several windows.
fn strategy_text(way: WindowStrategy) -> String {
    match way {
        WindowStrategy { at_once: 0 | 1, .. } => {
            "one window is measured after the other, as the cohort counts different values that differ from window to window"
                .to_owned()
        }
        WindowStrategy { at_once, splits: false } => format!(
            "the rows are gone through once for up to {at_once} windows, and each keeps in which of them it counts; what differs \
             from window to window (a count of rows in it, who holds the row) is kept for each"
        ),
        WindowStrategy { at_once, splits: true } => format!(
            "the cohort is found for up to {at_once} windows at once, and most questions about other rows are asked for all of \
             them; after that each row is taken once for every window in which it counts"
        ),
    }
}

fn length(indicator: &Indicator) -> String {
    let length = match indicator.window {
        WindowLength::Day => "windows of one day".to_owned(),
        WindowLength::Week => "windows of a week".to_owned(),
        WindowLength::Months(n) => format!("windows of {}", count(n as usize, "month")),
        WindowLength::YearToDate(1) => "the year to date".to_owned(),
        WindowLength::YearToDate(_) => "the fiscal year to date".to_owned(),
        WindowLength::AllTime => "all time".to_owned(),
    };
    if indicator.ends.are_all() { length } else { format!("{length} that end with {}", indicator.ends.in_words()) }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
