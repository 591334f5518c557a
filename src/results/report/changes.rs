//! What moved since the run before, as Markdown: definitions, colours, windows that were revised,
//! and the whole.

use super::amount;
use super::markdown::plain;
use crate::scorecard::moved::{Moved, Newest, Redefined, Revised, Why};
use crate::scorecard::published::{Name, Place, PublishedCell, Said};
use crate::scorecard::{Names, Published, words};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is compared, and whose it is.
#[derive(Debug)]
pub struct Changes<'a> {
    /// Whose data it is.
    pub organization: &'a str,
    /// The as-of days before and now.
    pub as_of: [NaiveDate; 2],
    /// The texts of both.
    pub names: &'a Names,
    /// The results now.
    pub now: &'a Published,
    /// What moved.
    pub moved: &'a Moved,
    /// What is said of the indicators.
    pub said: &'a Said<'a>,
}

/// So many levels from the top are listed cell by cell; of the others cells are counted.
const LISTED: usize = 3;

/// The page.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn markdown(of: &Changes) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let [before, now] = of.as_of.map(words::day);
    writeln!(out, "# What moved from {before} to {now}\n\n{}\n", plain(of.organization))?;
    in_short(of, &mut out)?;
    of.definitions(&mut out)?;
    of.colours(&mut out)?;
    of.revisions(&mut out)?;
    of.whole(&mut out)?;
    Ok(out)
}

/// The numbers of all that follows.
fn in_short(of: &Changes, out: &mut String) -> std::fmt::Result {
    let Moved { redefined, revised, newest, compared } = of.moved;
    let turned = of.moved.turned().count();
    writeln!(
        out,
        "- Definitions: {}",
        if redefined.is_empty() { "all as before".to_owned() } else { format!("{} not as before", redefined.len()) }
    )?;
    writeln!(
        out,
        "- Colours: {turned} of {} newest cells have another, or a value or none where it was otherwise",
        newest.len()
    )?;
    let by = |why: Why| revised.iter().filter(|of| of.why == why).count();
    let each = [Why::Corrected, Why::Settled, Why::Unknown, Why::Definition].map(|why| (why, by(why)));
    let each: Vec<_> =
        each.iter().filter(|(_, n)| *n > 0).map(|(why, n)| format!("{n} because {}", why.words())).collect();
    let said = if each.is_empty() { String::new() } else { format!(": {}", each.join(", ")) };
    writeln!(out, "- Windows that were shown before: {} of {compared} cells say something else{said}\n", revised.len())
}

impl Changes<'_> {
    fn text(&self, name: Name) -> String {
        plain(self.names.text(name))
    }

    fn title(&self, indicator: Name) -> String {
        plain(self.said.title(self.names.text(indicator)))
    }

    /// `office O03 Mission`; the whole by its level alone.
    fn entity(&self, place: &Place) -> String {
        let (level, id) = (self.names.text(place.level), self.names.text(place.entity));
        let name = self.now.entities.get(&(place.level, place.entity)).map_or("", |name| self.names.text(*name));
        let parts = [level, if id == level { "" } else { id }, if name.eq_ignore_ascii_case(id) { "" } else { name }];
        plain(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }

    /// `51.8 % green (452 of 873)`, or the word of a state without a value; `end` is the last day
    /// of the window.
    fn cell(&self, indicator: Name, (end, of): (NaiveDate, PublishedCell)) -> String {
        let (id, unit, band) = (self.names.text(indicator), self.names.text(of.unit), self.names.text(of.band));
        let value = match of.value {
            Some(value) => format!("{} {}", self.said.number(id, (end, value, band)), words::sign(unit)),
            None => self.names.text(of.state).replace('_', " "),
        };
        let counts = match amount::counts(of.numerator, of.denominator) {
            counts if counts.is_empty() || self.said.is_count(id) => String::new(),
            counts => format!("({counts})"),
        };
        let parts = [value.trim().to_owned(), band.to_owned(), counts];
        plain(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }

    fn definitions(&self, out: &mut String) -> std::fmt::Result {
        if self.moved.redefined.is_empty() {
            return Ok(());
        }
        writeln!(out, "## Definitions that are not as before\n\n| indicator | meaning before | now |\n|:--|:--|:--|")?;
        for Redefined { indicator, before, now } in &self.moved.redefined {
            let [before, now] = [(before, "new"), (now, "gone")]
                .map(|(hash, none)| hash.map_or_else(|| none.to_owned(), |hash| format!("`{}`", self.text(hash))));
            writeln!(out, "| {} | {before} | {now} |", self.title(*indicator))?;
        }
        writeln!(out)
    }

    /// The levels whose cells are listed.
    fn is_listed(&self, place: &Place) -> bool {
        self.now.levels.iter().take(LISTED).any(|level| *level == place.level)
    }

    fn colours(&self, out: &mut String) -> std::fmt::Result {
        let (listed, others): (Vec<&Newest>, Vec<&Newest>) =
            self.moved.turned().partition(|of| self.is_listed(&of.place));
        if listed.is_empty() && others.is_empty() {
            return Ok(());
        }
        writeln!(out, "## Colours that turned\n")?;
        if !listed.is_empty() {
            writeln!(out, "| where | indicator | before | now | why |\n|:--|:--|:--|:--|:--|")?;
        }
        for of in listed {
            let (place, why) = (&of.place, of.why.map_or("", Why::words));
            let [before, now] = [of.before, of.now].map(|cell| self.cell(of.place.indicator, cell));
            writeln!(out, "| {} | {} | {before} | {now} | {why} |", self.entity(place), self.title(place.indicator))?;
        }
        writeln!(out)?;
        self.further(others.iter().map(|of| of.place.level), out)
    }

    /// How many cells there are at the levels that are not listed.
    fn further(&self, levels: impl Iterator<Item = Name>, out: &mut String) -> std::fmt::Result {
        let mut counts: BTreeMap<Name, usize> = BTreeMap::new();
        levels.for_each(|level| *counts.entry(level).or_default() += 1);
        let said =
            self.now.levels.iter().filter_map(|level| Some(format!("{} {}", counts.get(level)?, self.text(*level))));
        let said: Vec<String> = said.collect();
        if said.is_empty() { Ok(()) } else { writeln!(out, "And in cells of lower levels: {}.\n", said.join(", ")) }
    }

    fn revisions(&self, out: &mut String) -> std::fmt::Result {
        let revised = &self.moved.revised;
        if revised.is_empty() {
            return Ok(());
        }
        writeln!(out, "## Windows that were shown before and say something else\n")?;
        let is_whole = |of: &&Revised| self.now.levels.first() == Some(&of.place.level);
        let (whole, others): (Vec<&Revised>, Vec<&Revised>) = revised.iter().partition(is_whole);
        // The windows of one indicator that changed for one reason, the newest last.
        let mut alike: BTreeMap<(usize, Why), Vec<&Revised>> = BTreeMap::new();
        for of in whole {
            let place = self.now.indicators.iter().position(|name| *name == of.place.indicator);
            alike.entry((place.unwrap_or(usize::MAX), of.why)).or_default().push(of);
        }
        if !alike.is_empty() {
            writeln!(
                out,
                "| indicator | windows | the newest of them, to | before | now | why |\n|:--|--:|:--|:--|:--|:--|"
            )?;
        }
        for ((_, why), windows) in alike {
            let Some(of) = windows.last() else { continue };
            let cells = [of.before, of.now];
            let [before, now] = cells.map(|cell| self.cell(of.place.indicator, (of.end, cell)) + &unknown(&cell));
            let (title, end) = (self.title(of.place.indicator), words::day(of.end));
            writeln!(out, "| {title} | {} | {end} | {before} | {now} | {} |", windows.len(), why.words())?;
        }
        writeln!(out)?;
        self.further(others.iter().map(|of| of.place.level), out)
    }

    fn whole(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "## The whole\n\n| indicator | before | now | why |\n|:--|:--|:--|:--|")?;
        for of in self.moved.newest.iter().filter(|of| self.now.levels.first() == Some(&of.place.level)) {
            let [before, now] = [of.before, of.now].map(|cell| self.cell(of.place.indicator, cell));
            let why = of.why.map_or("as before", Why::words);
            writeln!(out, "| {} | {before} | {now} | {why} |", self.title(of.place.indicator))?;
        }
        writeln!(out)
    }
}

/// `, 3 not known`: of how many rows something is.
fn unknown(of: &PublishedCell) -> String {
    if of.unknown() == 0 { String::new() } else { format!(", {} not known", amount::grouped(of.unknown())) }
}
