//! From profiles to a model: names, keys, links, stays, levels.

use super::columns::{self, Kind};
use super::links::{self, Key, Link, Named, without_id};
use super::names::{free, name, plural};
use super::pairs::{self, Pair};
use super::profile::{Column, Native, Table};
use super::stays::{self, Days, FEW};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use yardstick_language::model::{Digits, Encoding};

/// When fewer values are missing than this share, they are taken for mistakes.
const MISTAKES: f64 = 0.002;

/// So many rows must lead to different rows for one row each: files have mistakes.
const ONE_EACH: f64 = 0.98;

/// A model, a line after the other.
#[derive(Debug)]
pub(super) struct Guessed {
    pub(super) tables: Vec<TableText>,
    /// From the smallest above the whole down; nothing where none was found.
    pub(super) levels: Vec<String>,
    /// The days that mean missing, with the columns in which they stand.
    pub(super) no_days: BTreeMap<NaiveDate, Vec<String>>,
    /// The words that mean missing, likewise.
    pub(super) nothing: BTreeMap<&'static str, Vec<String>>,
    /// Whether the files hold instants.
    pub(super) instants: bool,
}

/// A table's declaration.
#[derive(Debug)]
pub(super) struct TableText {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) sheet: Option<String>,
    pub(super) encoding: Encoding,
    pub(super) rows: u64,
    /// Whether its rows are there on every day.
    pub(super) not_fed: bool,
    pub(super) lines: Vec<Line>,
}

/// A line of a table: what it says, and what the guess rests on.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) says: String,
    pub(super) note: String,
}

/// Everything that is known of a table before its lines are written.
struct Found<'t> {
    named: Named<'t>,
    key: Option<Key>,
    links: Vec<Option<Link>>,
    optional: Vec<bool>,
    days: Days,
    /// The table in which its stays end, and the column of the end there.
    ends_in: Option<(usize, usize)>,
    /// The names of its columns as the model has them: links without `_id`.
    members: Vec<String>,
    /// The two columns that are its id together.
    two: Option<[usize; 2]>,
    /// What it leads to by two columns: the table, its name here, and the columns.
    leads: Vec<(usize, String, [usize; 2])>,
}

impl Found<'_> {
    /// Whether its rows have an id.
    fn has_id(&self) -> bool {
        self.key.is_some() || self.two.is_some()
    }
}

/// A model for these tables.
pub(super) fn model(tables: &[Table]) -> Guessed {
    let usual = columns::usual_order(tables.iter().flat_map(|table| &table.columns));
    let mut names: Vec<String> = Vec::new();
    let mut named: Vec<Named<'_>> = Vec::new();
    for table in tables {
        let own = free(&name(table.sheet.as_ref().unwrap_or(&table.file)), &names);
        names.push(own.clone());
        let mut of_columns: Vec<String> = Vec::new();
        for column in &table.columns {
            let column = free(&name(&column.name), &of_columns);
            of_columns.push(column);
        }
        let held = table.columns.iter().map(|column| columns::held(column, usual)).collect();
        named.push(Named { table, name: own, columns: of_columns, held });
    }
    let keys = links::keys(&named);
    let all_links: Vec<_> = (0..named.len()).map(|at| links::links(at, &named, &keys)).collect();
    let pairs = pairs::pairs(&named, &keys);
    let mut found: Vec<Found<'_>> = Vec::new();
    let (owned_keys, owners) = (keys.clone(), names.clone());
    for ((named, key), links) in named.into_iter().zip(keys).zip(all_links) {
        let optional: Vec<bool> = named.table.columns.iter().map(is_optional).collect();
        let days = stays::of(&named, &optional);
        let members = members(&named, &links, &owned_keys, &owners, tables);
        found.push(Found { named, key, links, optional, days, ends_in: None, members, two: None, leads: Vec::new() });
    }
    for Pair { table, columns, links } in pairs {
        let Some(of) = found.get_mut(table) else { continue };
        of.two = Some(columns);
        let name = of.named.name.clone();
        for link in links {
            let Some(from) = found.get_mut(link.from) else { continue };
            let taken: Vec<String> =
                from.members.iter().chain(from.leads.iter().map(|(_, name, _)| name)).cloned().collect();
            from.leads.push((table, free(&name, &taken), link.columns));
        }
    }
    let ends: Vec<_> = (0..found.len()).map(|at| ends_in(at, &found)).collect();
    found.iter_mut().zip(ends).for_each(|(of, ends)| of.ends_in = ends);
    let dated = dated_links(&found);
    let texts = (0..found.len()).map(|at| table_text(at, &found, &dated)).collect();
    let mut no_days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    let mut nothing: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for of in &found {
        for (column, held) in of.named.table.columns.iter().zip(&of.named.held) {
            let place = format!("{}.{}", of.named.table.file, column.name);
            column.no_days.keys().for_each(|day| no_days.entry(*day).or_default().push(place.clone()));
            column.nothing.iter().for_each(|(word, times)| {
                // In a free text or a list, a word that stands there now and then may mean itself.
                let free = matches!(held.kind, Kind::Text | Kind::Words(_));
                if !free || *times as f64 > MISTAKES * column.rows as f64 {
                    nothing.entry(*word).or_default().push(place.clone());
                }
            });
        }
    }
    let instants = found.iter().flat_map(|of| &of.named.held).any(|held| held.kind == Kind::Instant);
    Guessed { levels: levels(&found, &dated), tables: texts, no_days, nothing, instants }
}

fn is_optional(column: &Column) -> bool {
    let share = column.missing as f64 / column.rows.max(1) as f64;
    column.missing > 0 && (column.rows < FEW || share >= MISTAKES) || column.present() == 0
}

/// The names of the columns in the model: a link is called after what it leads to.
fn members(
    named: &Named<'_>,
    links: &[Option<Link>],
    keys: &[Option<Key>],
    tables: &[String],
    files: &[Table],
) -> Vec<String> {
    let mut members: Vec<String> = Vec::new();
    for ((column, link), written) in named.columns.iter().zip(links).zip(&named.table.columns) {
        let target = link.as_ref().and_then(|link| {
            let key = keys.get(link.to).copied().flatten()?;
            let same = files.get(link.to)?.columns.get(key.column)?.name.eq_ignore_ascii_case(&written.name);
            let bare = without_id(column);
            let target = tables.get(link.to)?;
            // `child_id` is `child`, `PersonalID` of a client `client`.
            Some(if same || target.starts_with(bare) { target.clone() } else { bare.to_owned() })
        });
        let others: Vec<String> =
            members.iter().chain(named.columns.iter().filter(|c| *c != column)).cloned().collect();
        members.push(free(&target.unwrap_or_else(|| column.clone()), &others));
    }
    members
}

/// The table with a row each for the rows of another that have ended, and the column of the day on
/// which they did: one that leads to nothing else but by name, and begins when those have begun.
fn ends_in(at: usize, found: &[Found<'_>]) -> Option<(usize, usize)> {
    let of = found.get(at).filter(|of| of.days.ends.is_none())?;
    let (key, begins) = (of.key?, of.days.begins?);
    found.iter().enumerate().filter(|(other, _)| *other != at).find_map(|(other, from)| {
        let mut links = (0..from.links.len()).filter(|column| from.leads_to(*column, at));
        let (link, None) = (links.next()?, links.next()) else { return None };
        let end = from.days.begins?;
        let one_each = from.named.table.columns.get(link).is_some_and(|link| {
            link.present() > 0 && link.present() == link.rows && link.hashes.len() as f64 >= ONE_EACH * link.rows as f64
        });
        let ends = one_each && stays::end_elsewhere((&of.named, key.column, begins), (&from.named, link, end));
        ends.then_some((other, end))
    })
}

impl Found<'_> {
    /// Whether a column is a link to a table.
    fn leads_to(&self, column: usize, table: usize) -> bool {
        self.links.get(column).and_then(Option::as_ref).is_some_and(|link| link.to == table)
    }
}

/// A link whose target depends on the day, by way of a table of stays: its owner, name, target and
/// that table.
struct DatedLink {
    owner: usize,
    name: String,
    to: usize,
    through: usize,
}

/// A table without a key, with a stay and two links, says for the one who the other is on a day.
fn dated_links(found: &[Found<'_>]) -> Vec<DatedLink> {
    let mut dated: Vec<DatedLink> = Vec::new();
    for (through, of) in found.iter().enumerate() {
        let links: Vec<(usize, &Link)> =
            of.links.iter().enumerate().filter_map(|(at, link)| Some((at, link.as_ref()?))).collect();
        let [(first, owner), (second, to)] = links.as_slice() else { continue };
        let required = [first, second].into_iter().all(|at| !of.optional.get(*at).copied().unwrap_or(true));
        if of.has_id() || of.days.ends.is_none() || !required || owner.to == to.to {
            continue;
        }
        let Some(name) = of.members.get(*second) else { continue };
        let taken = found.get(owner.to).is_some_and(|of| of.members.contains(name))
            || dated.iter().any(|link| link.owner == owner.to && link.name == *name);
        if !taken {
            dated.push(DatedLink { owner: owner.to, name: name.clone(), to: to.to, through });
        }
    }
    dated
}

/// The longest way up through tables without days, and those that a dated link leads to.
fn levels(found: &[Found<'_>], dated: &[DatedLink]) -> Vec<String> {
    let is_level = |at: usize| {
        let of = found.get(at);
        of.is_some_and(|of| of.has_id() && of.days.begins.is_none()) || dated.iter().any(|link| link.to == at)
    };
    let up = |at: usize| -> Option<usize> {
        let by_date = dated.iter().find(|link| link.owner == at && is_level(link.to)).map(|link| link.to);
        let plain = found.get(at).and_then(|of| {
            let links = of.links.iter().zip(&of.optional).filter(|(_, optional)| !**optional);
            links.filter_map(|(link, _)| link.as_ref()).map(|link| link.to).find(|to| *to != at && is_level(*to))
        });
        plain.or(by_date)
    };
    let way = |bottom: usize| {
        let mut way = vec![bottom];
        while let Some(next) = way.last().and_then(|last| up(*last)).filter(|next| !way.contains(next)) {
            way.push(next);
        }
        way
    };
    let ways = (0..found.len()).filter(|at| is_level(*at)).map(way);
    let mut longest: Vec<usize> = Vec::new();
    for way in ways {
        if way.len() > longest.len() {
            longest = way;
        }
    }
    if longest.len() < 2 {
        return Vec::new();
    }
    longest.iter().rev().filter_map(|at| found.get(*at)).map(|of| of.named.name.clone()).collect()
}

fn table_text(at: usize, found: &[Found<'_>], dated: &[DatedLink]) -> TableText {
    let Some(of) = found.get(at) else {
        return TableText {
            name: String::new(),
            file: String::new(),
            sheet: None,
            encoding: Encoding::Utf8,
            rows: 0,
            not_fed: false,
            lines: Vec::new(),
        };
    };
    let mut lines: Vec<Line> = two_columns(of).into_iter().collect();
    lines.extend((0..of.members.len()).filter_map(|column| column_line(column, of, found)));
    lines.extend(of.leads.iter().filter_map(|lead| led_by_two(lead, of, found)));
    let mut taken: Vec<String> = lines.iter().map(|line| line.name.clone()).chain(of.members.iter().cloned()).collect();
    for link in dated.iter().filter(|link| link.owner == at) {
        let (Some(to), Some(through)) = (found.get(link.to), found.get(link.through)) else { continue };
        let says = format!("-> {} through {}", to.named.name, through.named.name);
        lines.push(Line { name: link.name.clone(), says, note: "the one of the day asked for".to_owned() });
        taken.push(link.name.clone());
    }
    lines.extend(days_of_times(of, &mut taken));
    for (other, from) in found.iter().enumerate() {
        let here: Vec<usize> = from
            .links
            .iter()
            .enumerate()
            .filter(|(_, link)| link.as_ref().is_some_and(|link| link.to == at))
            .map(|(column, _)| column)
            .collect();
        for (place, column) in here.iter().enumerate() {
            let several = here.len() > 1;
            let Some(link) = from.members.get(*column) else { continue };
            let many =
                if place == 0 { plural(&from.named.name) } else { format!("{}_by_{link}", plural(&from.named.name)) };
            let many = free(if other == at { "below" } else { &many }, &taken);
            let by = if several { format!(".{link}") } else { String::new() };
            taken.push(many.clone());
            lines.push(Line { name: many, says: format!("<- {}{by}", from.named.name), note: String::new() });
        }
    }
    for from in found {
        for (_, link, _) in from.leads.iter().filter(|(to, ..)| *to == at) {
            let many = free(&plural(&from.named.name), &taken);
            taken.push(many.clone());
            lines.push(Line { name: many, says: format!("<- {}.{link}", from.named.name), note: String::new() });
        }
    }
    lines.extend(end_elsewhere(of, found, &taken));
    lines.extend(spans(of));
    // Rows with a key, or that lead to rows, come as time goes by.
    let alone = !of.has_id() && of.leads.is_empty() && of.links.iter().all(Option::is_none);
    TableText {
        name: of.named.name.clone(),
        file: of.named.table.file.clone(),
        sheet: of.named.table.sheet.clone(),
        encoding: of.named.table.encoding,
        rows: of.named.table.rows,
        not_fed: alone && of.days.ends.is_none() && of.ends_in.is_none() && of.named.table.rows < 1000,
        lines,
    }
}

/// The id that is made of two columns.
fn two_columns(of: &Found<'_>) -> Option<Line> {
    let columns = of.two?;
    let name = free(&of.named.name, &of.members);
    let note = "guess: no two rows have the same of both, and rows of other files have both".to_owned();
    Some(Line { name, says: format!("key{}", from_two(of, columns)?), note })
}

/// A link by two columns.
fn led_by_two((to, name, columns): &(usize, String, [usize; 2]), of: &Found<'_>, found: &[Found<'_>]) -> Option<Line> {
    let target = &found.get(*to)?.named.name;
    let optional = columns.iter().any(|column| of.optional.get(*column).copied().unwrap_or(true));
    let maybe = if optional { "?" } else { "" };
    let says = format!("-> {target}{maybe}{}", from_two(of, *columns)?);
    Some(Line { name: name.clone(), says, note: "guess: by the names of both".to_owned() })
}

/// ` from "OFFICE" and "CARRIER"`.
fn from_two(of: &Found<'_>, columns: [usize; 2]) -> Option<String> {
    let name = |column: usize| Some(quoted(&of.named.table.columns.get(column)?.name));
    Some(format!(" from \"{}\" and \"{}\"", name(columns[0])?, name(columns[1])?))
}

/// The end of a stay that stands in another table, and the stay.
fn end_elsewhere(of: &Found<'_>, found: &[Found<'_>], taken: &[String]) -> Vec<Line> {
    let stands = of.ends_in.and_then(|(other, end)| Some((found.get(other)?, end)));
    let parts = stands.and_then(|(from, end)| Some((from, from.members.get(end)?, of.members.get(of.days.begins?)?)));
    let Some((from, end, begin)) = parts else { return Vec::new() };
    let name = free(end, taken);
    let table = &from.named.name;
    let note = format!("guess: rows of `{table}` lead here, one each, and none is before the start");
    let until = Line { name: name.clone(), says: format!("date? from {table}.{end}"), note };
    let note = "guess: does the last day belong to the stay?".to_owned();
    vec![until, Line { name: "spans".to_owned(), says: format!("{begin} until {name}"), note }]
}

fn spans(of: &Found<'_>) -> Option<Line> {
    let ((end, named), begin) = (of.days.ends?, of.days.begins?);
    let (from, until) = (of.members.get(begin)?, of.members.get(end)?);
    let why = if named { "by their names, and no end is before its start" } else { "no end is before its start" };
    let note = format!("guess: {why}; does the last day belong to the stay?");
    Some(Line { name: "spans".to_owned(), says: format!("{from} until {until}"), note })
}

/// `received_on = day of received_at`.
fn days_of_times(of: &Found<'_>, taken: &mut Vec<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    let columns = of.members.iter().zip(&of.named.held).zip(&of.optional);
    for ((name, held), _) in columns.filter(|(_, optional)| !**optional) {
        let is_time = matches!(held.kind, Kind::Time(_) | Kind::Instant);
        let Some(start) = name.strip_suffix("_at").filter(|_| is_time) else { continue };
        let day = format!("{start}_on");
        if !taken.contains(&day) {
            taken.push(day.clone());
            lines.push(Line { name: day, says: format!("= day of {name}"), note: String::new() });
        }
    }
    lines
}

fn column_line(at: usize, of: &Found<'_>, found: &[Found<'_>]) -> Option<Line> {
    let (member, held) = (of.members.get(at)?, of.named.held.get(at)?);
    let column = of.named.table.columns.get(at)?;
    let mut notes: Vec<String> = Vec::new();
    let optional = of.optional.get(at).copied().unwrap_or(true);
    if column.missing > 0 && !optional {
        notes.push(format!("missing in {} rows, taken for mistakes", column.missing));
    }
    let maybe = if optional { "?" } else { "" };
    if let Some(key) = of.key.filter(|key| key.column == at) {
        let twice = column.present().saturating_sub(column.hashes.len() as u64);
        if twice > 0 {
            notes.push(format!("{twice} rows have an id that another has"));
        }
        if !key.by_name {
            notes.push("guess: unique, never missing, the first column".to_owned());
        }
        return Some(line(column, member, "key".to_owned(), member, &notes));
    }
    if let Some(link) = of.links.get(at).and_then(Option::as_ref) {
        let target = found.get(link.to)?;
        if !link.by_name {
            notes.push("guess: by its values alone".to_owned());
        }
        if link.share < 1.0 {
            notes.push(format!("{:.1}% of its ids are there", link.share * 100.0));
        }
        let says = format!("-> {}{maybe}", target.named.name);
        return Some(line(column, member, says, &format!("{member}_id"), &notes));
    }
    notes.extend(held.notes.iter().cloned());
    let later = if of.days.not_yet.contains(&at) {
        notes.push("guess: on or after the day on which the row begins".to_owned());
        " missing means not yet"
    } else {
        ""
    };
    let says = match &held.kind {
        Kind::Day(forms) => format!("date{maybe}{later}{}", written(forms)),
        Kind::Time(forms) => format!("timestamp{maybe}{later}{}", written(forms)),
        Kind::Instant => format!("timestamp{maybe}{later}"),
        Kind::Truth => format!("bool{maybe}{}", known(at, of, &mut notes)),
        Kind::Whole(unit) => format!("{unit}{maybe}{}", known(at, of, &mut notes)),
        Kind::Decimal(Digits { all, after }) => format!("decimal({all}, {after}){maybe}{}", known(at, of, &mut notes)),
        Kind::Words(words) => format!("{{ {} }}{maybe}{}", words.join(", "), known(at, of, &mut notes)),
        Kind::Text => format!("text{maybe}{}", known(at, of, &mut notes)),
        Kind::Other => {
            let what = if column.native == Native::Fraction { "numbers of too many digits" } else { "of another kind" };
            let says = format!("{member} is left out: {what}");
            return Some(Line { name: "#".to_owned(), says, note: String::new() });
        }
    };
    Some(line(column, member, says, member, &notes))
}

/// `known with exited_on`, of a value that is missing where that day is.
fn known(at: usize, of: &Found<'_>, notes: &mut Vec<String>) -> String {
    let (Some(column), true) = (of.named.table.columns.get(at), of.optional.get(at).copied().unwrap_or(false)) else {
        return String::new();
    };
    let days: Vec<(usize, &Column)> = (of.named.table.columns.iter().enumerate())
        .filter(|(day, _)| {
            let held = of.named.held.get(*day);
            held.is_some_and(|held| matches!(held.kind, Kind::Day(_) | Kind::Time(_) | Kind::Instant))
                && of.optional.get(*day).copied().unwrap_or(false)
        })
        .collect();
    match stays::known_with(column, &days).and_then(|day| of.members.get(day)) {
        Some(day) => {
            notes.push("guess: missing in the same rows".to_owned());
            format!(" known with {day}")
        }
        // Of a stay, the program asks.
        None if of.days.ends.is_some() || of.ends_in.is_some() => {
            notes.push("guess: or `known with` a day".to_owned());
            " known with the row".to_owned()
        }
        None => String::new(),
    }
}

fn written(forms: &[String]) -> String {
    let forms: Vec<String> = forms.iter().map(|form| format!("\"{form}\"")).collect();
    if forms.is_empty() { String::new() } else { format!(" written {}", forms.join(" or ")) }
}

/// A line of a column; where it is called otherwise in the file, that name follows.
fn line(column: &Column, member: &str, says: String, default: &str, notes: &[String]) -> Line {
    let says = if column.name == default { says } else { format!("{says} from \"{}\"", quoted(&column.name)) };
    Line { name: member.to_owned(), says, note: notes.join("; ") }
}

/// A column's name as it stands between quotation marks.
fn quoted(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"")
}
