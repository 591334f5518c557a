//! The English return in small, in `examples/english`: read as the return has it, and every number
//! of its scorecard made once more here, from the text of the files, by other means: day by day
//! and placement by placement.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../examples/english/generate.rs"]
mod generate;

const FOLDER: &str = "examples/english";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER)
}

/// What the program says to these arguments, without blanks at the ends of lines; it must end well.
fn said(arguments: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(arguments.split(' '))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert!(done.status.success(), "{arguments}:\n{said}");
    said.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn its_definitions_have_no_errors_and_no_warnings() {
    let said = said(&format!("check {FOLDER}/indicators"));
    assert!(said.ends_with("no errors\n"), "{said}");
}

#[test]
fn its_tests_pass() {
    let said = said(&format!("test {FOLDER}/indicators --engine both"));
    assert!(said.ends_with(" passed, 0 failed\n"), "{said}");
}

#[test]
fn each_measure_has_five_tests() {
    for file in fs::read_dir(folder().join("indicators")).unwrap().map(|entry| entry.unwrap().path()) {
        let (text, id) = (fs::read_to_string(&file).unwrap(), file.file_stem().unwrap().to_str().unwrap().to_owned());
        if text.contains(&format!("\nindicator {id} {{")) {
            let tests = text.lines().filter(|line| line.starts_with(&format!("test {id} \""))).count();
            assert!(tests >= 5, "{id}: {tests} tests");
        }
    }
}

#[test]
fn its_files_are_those_of_the_generator() {
    for (name, text) in generate::files() {
        let there = fs::read_to_string(folder().join("data").join(name)).unwrap();
        assert!(there == text, "{name} is another: run `cargo run --example english`");
    }
}

#[test]
fn its_readme_shows_what_the_program_prints() {
    let path = folder().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (mut shown, mut made) = (0, readme.clone());
    for block in readme.split("```console\n").skip(1) {
        let (command, output) = block.split_once("\n```").unwrap().0.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ cargo run -q -- ").unwrap_or_else(|| panic!("not run here: {command}"));
        let said = said(arguments);
        made = made.replace(&format!("{command}\n{output}\n"), &format!("{command}\n{said}"));
        shown += 1;
    }
    // As with the pages that the tutorial's test fills.
    if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        fs::write(&path, &made).unwrap();
    } else {
        assert_eq!(readme, made, "{}", path.display());
    }
    assert!(shown >= 3, "the README shows too few commands");
}

#[test]
fn its_numbers_are_those_of_an_independent_calculation() {
    let world = World::read();
    for (levels, measures) in [("", 6), (" --levels needs", 5), (" --levels placements", 5)] {
        let compared = compared(&world, levels);
        // Comparisons of nothing with nothing show nothing.
        assert_eq!(compared.len(), measures, "{levels} {compared:?}");
        assert!(compared.values().all(|cells| *cells >= 8), "{levels} {compared:?}");
    }
}

/// How many cells of each measure, in some levels, were something and the same.
fn compared(world: &World, levels: &str) -> BTreeMap<String, usize> {
    let table = said(&format!(
        "scorecard {FOLDER}/indicators --data {FOLDER}/data --level all --months 40 --format csv{levels}"
    ));
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| names.iter().position(|n| *n == name).unwrap();
    let [indicator, level, entity, ending] = ["indicator", "level", "entity_id", "window_end"].map(at);
    let figures = ["numerator", "denominator"].map(at);
    let mut compared: BTreeMap<String, usize> = BTreeMap::new();
    for cells in lines.map(fields) {
        let last: NaiveDate = cells[ending].parse().unwrap();
        let shown = figures.map(|at| cells[at].parse::<i64>().unwrap_or(0));
        let here = Here { level: cells[level].clone(), entity: cells[entity].clone() };
        let made = match cells[indicator].as_str() {
            // A rate is known for authorities only, and of an entity without population it is none.
            "looked_after_per_10_000" => world.per_population(&here, last),
            "looked_after" => {
                let count = world.looked_after(&here, last).len() as i64;
                [count, count]
            }
            "three_or_more_placements" => world.share(&world.looked_after(&here, last), |c| world.moved_often(c, last)),
            "two_years_in_one_placement" => {
                let all = world
                    .looked_after(&here, last)
                    .into_iter()
                    .filter(|c| world.long_in_care(*c, last))
                    .collect::<Vec<_>>();
                world.share(&all, |child| world.settled(child, last))
            }
            "reviews_in_time" => {
                let all = world
                    .looked_after(&here, last)
                    .into_iter()
                    .filter(|c| world.reviewed(*c, last))
                    .collect::<Vec<_>>();
                world.share(&all, |child| world.reviews_in_time(child, last))
            }
            "adopted" => world.share(&world.left(&here, last), |child| world.was_adopted(child, last)),
            other => panic!("nothing is made of {other}"),
        };
        assert_eq!(shown, made, "{} of {} {} through {last}", cells[indicator], here.level, here.entity);
        *compared.entry(cells[indicator].clone()).or_default() += usize::from(made[1] > 0);
    }
    compared
}

/// The cells of a line, some of them in quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

/// An entity of the scorecard.
struct Here {
    level: String,
    entity: String,
}

/// One line of the episodes.
struct Episode {
    from: NaiveDate,
    reason: String,
    legal: String,
    need: String,
    place: String,
    until: Option<NaiveDate>,
    code: String,
}

impl Episode {
    fn is_short_break(&self) -> bool {
        matches!(self.legal.as_str(), "V3" | "V4")
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A stretch of days, half-open.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

/// The category of need of a code.
fn need(code: &str) -> &str {
    match code {
        "N1" => "abuse_or_neglect",
        "N2" => "disability",
        "N3" => "parental_illness",
        "N4" => "family_in_stress",
        "N5" => "family_dysfunction",
        "N8" => "absent_parents",
        other => panic!("{other} is in no file"),
    }
}

/// The kind of placement of a code.
fn place(code: &str) -> &str {
    match code {
        "A5" | "A6" => "for_adoption",
        "U1" | "U3" => "with_relative_or_friend",
        "U4" | "U6" => "with_foster_carer",
        "P2" | "H5" => "independent",
        "K2" => "residential",
        other => panic!("{other} is in no file"),
    }
}

struct World {
    /// Born on, authority, team.
    children: BTreeMap<u64, (Option<NaiveDate>, String, String)>,
    /// In the order of their days.
    episodes: BTreeMap<u64, Vec<Episode>>,
    reviews: BTreeMap<u64, BTreeSet<NaiveDate>>,
    population: BTreeMap<(String, i32), i64>,
    holidays: BTreeSet<NaiveDate>,
}

fn lines(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder().join("data").join(name)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%d/%m/%Y").ok()
}

/// The first day of the year of which this is the last.
fn first_day(last: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(last.year() - 1, 4, 1).unwrap()
}

impl World {
    fn read() -> Self {
        let mut world = Self {
            children: BTreeMap::new(),
            episodes: BTreeMap::new(),
            reviews: BTreeMap::new(),
            population: BTreeMap::new(),
            holidays: lines("bank_holidays.csv").iter().map(|row| day(&row[0]).unwrap()).collect(),
        };
        for row in lines("header.csv") {
            world.children.insert(row[0].parse().unwrap(), (day(&row[2]), row[4].clone(), row[5].clone()));
        }
        for row in lines("episodes.csv") {
            let [reason, legal, need, place, code] = [2, 3, 4, 5, 8].map(|at: usize| row[at].clone());
            let (from, until) = (day(&row[1]).unwrap(), day(&row[7]));
            let episode = Episode { from, reason, legal, need, place, until, code };
            if episode.until.is_none_or(|until| until >= episode.from) {
                world.episodes.entry(row[0].parse().unwrap()).or_default().push(episode);
            }
        }
        world.episodes.values_mut().for_each(|all| all.sort_by_key(|episode| episode.from));
        for row in lines("reviews.csv") {
            world.reviews.entry(row[0].parse().unwrap()).or_default().insert(day(&row[2]).unwrap());
        }
        for row in lines("population.csv") {
            world.population.insert((row[0].clone(), row[1].parse().unwrap()), row[2].parse().unwrap());
        }
        world
    }

    /// Whether a child with this episode counts for an entity.
    fn is_of(&self, child: u64, episode: &Episode, here: &Here) -> bool {
        let (_, authority, team) = &self.children[&child];
        match here.level.as_str() {
            "england" => true,
            "authority" => *authority == here.entity,
            "team" => *team == here.entity,
            "need" => need(&episode.need) == here.entity,
            "place" => place(&episode.place) == here.entity,
            other => panic!("{other} is no level"),
        }
    }

    fn looked_after(&self, here: &Here, day: NaiveDate) -> Vec<u64> {
        let is = |child: u64, all: &Vec<Episode>| {
            let on = all.iter().filter(|episode| episode.is_on(day) && !episode.is_short_break());
            on.max_by_key(|episode| episode.from).is_some_and(|episode| self.is_of(child, episode, here))
        };
        self.episodes.iter().filter(|(child, all)| is(**child, all)).map(|(child, _)| *child).collect()
    }

    fn share(&self, all: &[u64], is: impl Fn(u64) -> bool) -> [i64; 2] {
        [all.iter().filter(|child| is(**child)).count() as i64, all.len() as i64]
    }

    fn per_population(&self, here: &Here, last: NaiveDate) -> [i64; 2] {
        // Populations are those of authorities: no team has one.
        if here.level == "team" && here.entity != "unassigned" {
            return [0, 0];
        }
        let of = |authority: &str| here.level != "authority" || here.entity == authority;
        let year = first_day(last).year();
        let people = self.population.iter().filter(|((authority, y), _)| *y == year && of(authority));
        let people: i64 = people.map(|(_, children)| children).sum();
        let whole =
            Here { level: if here.level == "team" { "england".into() } else { here.level.clone() }, ..here.copy() };
        [if people > 0 { self.looked_after(&whole, last).len() as i64 } else { 0 }, people]
    }

    /// Placements: episodes that follow each other with the same carer are one.
    fn placements(&self, child: u64) -> Vec<Stretch> {
        let mut placements: Vec<Stretch> = Vec::new();
        for episode in self.episodes[&child].iter().filter(|episode| !episode.is_short_break()) {
            match placements.last_mut() {
                Some(last) if matches!(episode.reason.as_str(), "L" | "T" | "U") => last.until = episode.until,
                _ => placements.push(Stretch { from: episode.from, until: episode.until }),
            }
        }
        placements
    }

    fn moved_often(&self, child: u64, last: NaiveDate) -> bool {
        let in_year = |p: &&Stretch| p.from <= last && p.until.is_none_or(|until| until > first_day(last));
        self.placements(child).iter().filter(in_year).count() >= 3
    }

    /// Since when a child has been in care on a day, without a gap.
    fn since(&self, child: u64, day: NaiveDate) -> NaiveDate {
        let mut since = day;
        while self.episodes[&child].iter().any(|e| e.is_on(since) && !e.is_short_break()) {
            since = since.pred_opt().unwrap();
        }
        since.succ_opt().unwrap()
    }

    fn long_in_care(&self, child: u64, last: NaiveDate) -> bool {
        let end = last.succ_opt().unwrap();
        let sixteen = self.children[&child].0.unwrap() + Months::new(16 * 12);
        sixteen > last && self.since(child, last) + Months::new(30) <= end
    }

    fn settled(&self, child: u64, last: NaiveDate) -> bool {
        let end = last.succ_opt().unwrap();
        let placements: Vec<Stretch> = self.placements(child).into_iter().filter(|p| p.from <= last).collect();
        let two_years = |p: &Stretch| p.from + Months::new(24) <= end;
        let for_adoption = self.episodes[&child].iter().any(|e| e.is_on(last) && e.place.starts_with('A'));
        let [.., before, now] = placements.as_slice() else { return two_years(&placements[0]) };
        two_years(now) || for_adoption && two_years(before)
    }

    fn after_working_days(&self, from: NaiveDate, days: usize) -> NaiveDate {
        let is_work =
            |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(day);
        from.iter_days().skip(1).filter(is_work).nth(days - 1).unwrap()
    }

    fn reviewed(&self, child: u64, last: NaiveDate) -> bool {
        self.after_working_days(self.since(child, last), 20) <= last
    }

    /// Goes from one day on which a review is due to the next.
    fn reviews_in_time(&self, child: u64, last: NaiveDate) -> bool {
        let since = self.since(child, last);
        let none = BTreeSet::new();
        let reviews = self.reviews.get(&child).unwrap_or(&none).range(since..=last);
        let mut due = self.after_working_days(since, 20);
        let mut months = 3;
        for held in reviews {
            if *held > due && due >= first_day(last) && due <= last {
                return false;
            }
            due = *held + Months::new(months);
            months = 6;
        }
        due > last || due < first_day(last)
    }

    fn leaving(&self, child: u64, last: NaiveDate) -> Option<&Episode> {
        let left = |e: &&Episode| {
            let in_year = e.until.is_some_and(|until| until >= first_day(last) && until <= last);
            in_year && e.code != "X1" && !e.is_short_break()
        };
        self.episodes[&child].iter().filter(left).max_by_key(|e| e.until)
    }

    fn left(&self, here: &Here, last: NaiveDate) -> Vec<u64> {
        let all = self.episodes.keys().copied();
        all.filter(|child| self.leaving(*child, last).is_some_and(|e| self.is_of(*child, e, here))).collect()
    }

    fn was_adopted(&self, child: u64, last: NaiveDate) -> bool {
        self.leaving(child, last).is_some_and(|e| matches!(e.code.as_str(), "E11" | "E12"))
    }
}

impl Here {
    fn copy(&self) -> Self {
        Self { level: self.level.clone(), entity: self.entity.clone() }
    }
}

#[test]
fn working_days_pass_over_holidays() {
    let world = World::read();
    let from = NaiveDate::from_ymd_opt(2025, 4, 17).unwrap();
    // Good Friday and Easter Monday.
    assert_eq!(world.after_working_days(from, 1), from + Days::new(5));
}
