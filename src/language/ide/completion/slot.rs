//! Which kind of names can stand at a place, by the words before it.

use super::sight::{self, Sight};
use super::{Found, texts};
use crate::check::references::Kind;
use crate::syntax::tree::{PartKind, Tree};
use crate::syntax::{expected, tokens, vocabulary};

/// What is written around a place.
#[derive(Debug)]
pub(super) struct Written<'t> {
    /// The word of the declaration.
    pub(super) declaration: &'static str,
    /// The words of the declaration so far.
    pub(super) all: Vec<&'t str>,
    /// Those of the clause or line at hand.
    pub(super) part: Vec<&'t str>,
    /// Whether the place is in the head of the declaration.
    pub(super) in_head: bool,
    /// Whether the place is in a text or a comment; drawn rows are neither.
    closed: bool,
    /// The drawn row at hand, up to the place, and the lines of its table before it.
    row: Option<(&'t str, Vec<&'t str>)>,
    /// The words that follow on the place, up to the end of the clause or what can be it.
    pub(super) behind: Vec<&'t str>,
}

impl<'t> Written<'t> {
    pub(super) fn new(before: &Tree<'t>, behind: &'t str) -> Option<Self> {
        let item = before.items.last()?;
        let part = expected::part_at_hand(before, item)?;
        let list = |range: &std::ops::Range<usize>| before.tokens.list.get(range.clone()).unwrap_or_default();
        let tokens = list(&part.tokens);
        let row = tokens
            .last()
            .filter(|t| t.kind == tokens::Kind::Row && !before.slice(t.range.end..before.len()).contains('\n'));
        let rows = tokens.iter().filter(|t| t.kind == tokens::Kind::Row).map(|t| before.text_of(t));
        let row = row.map(|t| (before.slice(t.range.start..before.len()), rows.collect()));
        let after = Tree::of(behind);
        let behind = after.tokens.list.iter().take_while(|t| t.kind != tokens::Kind::End);
        let behind = behind.take_while(|t| !(t.first && vocabulary::find(after.text_of(t)).is_some_and(begins)));
        let part_words = texts(before, tokens);
        let opened = part.kind == PartKind::Head && part_words.contains(&"{");
        let braced = ["table", "indicator", "scorecard", "plan", "test"].contains(&item.word?.text);
        Some(Self {
            declaration: item.word?.text,
            all: texts(before, list(&item.tokens)),
            part: if opened && braced { Vec::new() } else { part_words },
            in_head: part.kind == PartKind::Head && !(opened && braced),
            closed: expected::in_text_or_comment(before),
            row,
            behind: behind.map(|t| after.text_of(t)).collect(),
        })
    }

    /// The last word before the place.
    pub(super) fn last(&self) -> &'t str {
        self.part.last().copied().unwrap_or_default()
    }

    /// The word before the last.
    fn last_but_one(&self) -> &'t str {
        self.part.len().checked_sub(2).and_then(|at| self.part.get(at)).copied().unwrap_or_default()
    }

    /// Whether the place follows this word and the sign `.`, and the word before it.
    pub(super) fn after_dot(&self) -> Option<&'t str> {
        (self.last() == ".").then(|| self.last_but_one())
    }

    /// The word that follows the first of these words.
    fn following(&self, words: &[&str]) -> Option<&'t str> {
        let at = self.all.iter().position(|word| words.contains(word))?;
        self.all.get(at + 1).copied()
    }

    fn has(&self, word: &str) -> bool {
        self.part.contains(&word)
    }
}

fn begins(word: &vocabulary::Word) -> bool {
    let kinds = word.kinds();
    kinds.contains(&vocabulary::Kind::Declaration) || kinds.contains(&vocabulary::Kind::Clause)
}

/// The names that can stand there, if any can.
pub(super) fn names<'a>(written: &Written<'a>, any: bool, found: &mut Found<'_, 'a>) {
    if let Some((row, rows)) = &written.row {
        return drawn(written, row, rows, found);
    }
    // After `.` and in a list there are names, whatever the grammar could read of it.
    if written.closed || !any && ![".", "{", ","].contains(&written.last()) {
        return;
    }
    match written.declaration {
        "levels" => {
            found.tables();
            found.names(found.declared.levels.iter().map(|name| name.value.as_str()), Kind::Level);
        }
        "business" => match (written.after_dot(), written.last()) {
            (Some(table), _) => found.members(table, |_| true),
            (None, "except") => found.tables(),
            _ => found.plain(&WEEKDAYS),
        },
        "codes" => found.all_words(),
        "rows" | "define" | "groups" => of_rows(written, found),
        "scorecard" => scorecard(written, found),
        "plan" => plan(written, found),
        "test" => test(written, found),
        "table" => table(written, found),
        "indicator" => indicator(written, found),
        _ => {}
    }
}

pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const STATUSES: [&str; 3] = ["published", "adapted", "inferred"];

/// `rows x = T where ...`, `define x of T = ...`, `groups x "..." of T = ...`.
fn of_rows<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    let (introduces, then) = if written.declaration == "rows" { ("=", "where") } else { ("of", "=") };
    if written.last() == introduces && written.all.iter().filter(|w| **w == introduces).count() == 1 {
        return found.tables();
    }
    let Some(at) = written.part.iter().position(|word| *word == then) else { return };
    let table = written.following(&[introduces]).and_then(|name| found.declared.table_of(name));
    let said = written.part.get(at + 1..).unwrap_or_default();
    sight::names(&Sight::of(table, said, &written.behind, found.declared), found);
}

fn scorecard<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    if written.in_head {
        return;
    }
    let (indicators, domains) = (names(&found.declared.indicators), names(&found.declared.domains));
    match (written.has("split"), written.last()) {
        (true, _) => found.names(names(&found.declared.groups), Kind::Groups),
        (false, ":" | ",") => found.names(indicators, Kind::Indicator),
        (false, _) => found.names(domains, Kind::Domain),
    }

    fn names<'a>(all: &[&'a crate::syntax::ast::Name]) -> Vec<&'a str> {
        all.iter().map(|name| name.value.as_str()).collect()
    }
}

fn plan<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    let declared = found.declared;
    match written.last() {
        "of" => found.names(declared.indicators.iter().map(|name| name.value.as_str()), Kind::Indicator),
        "entity" => found.names(declared.levels.iter().map(|name| name.value.as_str()), Kind::Level),
        _ => {}
    }
}

fn test<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    let declared = found.declared;
    match written.last() {
        "test" => found.names(declared.indicators.iter().map(|name| name.value.as_str()), Kind::Indicator),
        "in" => found.names(declared.levels.iter().map(|name| name.value.as_str()), Kind::Level),
        "of" => found.names(declared.groups.iter().map(|name| name.value.as_str()), Kind::Groups),
        _ if !written.in_head => found.tables(),
        _ => {}
    }
}

/// In a drawn row: the columns of its table in the first line, the words of a list in the others.
fn drawn<'a>(written: &Written<'a>, row: &'a str, rows: &[&'a str], found: &mut Found<'_, 'a>) {
    let table = written.part.iter().find(|word| !word.starts_with('|')).copied().unwrap_or_default();
    if rows.len() < 2 {
        return found.members(table, |member| matches!(member.kind, Kind::Key | Kind::Column | Kind::Link));
    }
    let cells = |row: &'a str| row.split('|').skip(1).map(str::trim).collect::<Vec<_>>();
    let at = cells(row).len().saturating_sub(1);
    let column = rows.first().and_then(|head| cells(head).get(at).copied());
    let member = column.and_then(|column| found.declared.member(table, column)).copied();
    for word in member.into_iter().flat_map(|member| member.words) {
        found.add(&word.value, Some(Kind::Word), "a word of the column");
    }
    found.plain(&["true", "false"]);
}

fn table<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    let own = written.all.get(1).copied().unwrap_or_default();
    let first = written.part.first().copied().unwrap_or_default();
    if let Some(at) = written.part.iter().position(|word| *word == "=").filter(|at| *at == 1) {
        let said = written.part.get(at + 1..).unwrap_or_default();
        return sight::names(&Sight::of(Some(own), said, &written.behind, found.declared), found);
    }
    match (first, written.last()) {
        _ if written.in_head && written.last() == "of" => found.tables(),
        ("rule" | "attribute", _) if written.part.len() > 1 || first == "attribute" => {
            let said = written.part.get(1..).unwrap_or_default();
            sight::names(&Sight::of(Some(own), said, &written.behind, found.declared), found);
        }
        (_, ".") => {
            let table = written.after_dot().unwrap_or_default();
            found.members(table, |member| matches!(member.kind, Kind::Key | Kind::Column | Kind::Link));
        }
        ("spans" | "peers" | "begins", _) | (_, "with") => {
            found.members(own, |_| true);
            found.plain(&["by", "on", "with", "the"]);
        }
        (_, "known") => found.plain(&["with"]),
        (_, "->" | "<-" | "through" | "from") => found.tables(),
        (_, "missing") => found.plain(&["means"]),
        (_, "not") => found.plain(&["yet"]),
        (_, last) if last == first && !first.is_empty() => {
            let types: Vec<&str> = vocabulary::of(vocabulary::Kind::Type).map(|word| word.text).collect();
            found.plain(&types);
            found.plain(&["key"]);
        }
        _ => {}
    }
}

fn indicator<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    let declared = found.declared;
    let first = written.part.first().copied().unwrap_or_default();
    let one_line = |found: &mut Found<'_, 'a>, from: usize| {
        let sight = Sight::of_indicator(written, written.part.get(from..).unwrap_or_default(), found.declared);
        sight::names(&sight.with_definitions(found.definitions, &written.all), found);
    };
    match (first, written.last()) {
        _ if written.in_head && written.last() == "like" => {
            found.names(declared.indicators.iter().map(|name| name.value.as_str()), Kind::Indicator);
        }
        ("domain", "domain") => found.names(declared.domains.iter().map(|name| name.value.as_str()), Kind::Domain),
        (_, "status") => found.plain(&STATUSES),
        ("window", "in" | "from" | ",") => found.plain(&MONTHS),
        ("cohort", _) => cohort(written, found),
        ("standard", "from") => found.tables(),
        ("standard", _) => standard(written, found),
        ("let", _) if written.part.get(2) == Some(&"=") => one_line(found, 3),
        ("exclude", _) if written.part.len() > 1 => one_line(found, 2),
        ("measure", number) if number.starts_with(|c: char| c.is_ascii_digit()) => {
            let units: Vec<&str> = vocabulary::of(vocabulary::Kind::Unit).map(|word| word.text).collect();
            found.plain(&units);
        }
        ("measure" | "numerator" | "denominator" | "attribute", last) => {
            if last == "denominator" {
                found.plain(&["share"]);
            }
            one_line(found, 1);
        }
        _ => {}
    }
}

/// `standard at least goal.target% of each office from goal.from_on`.
fn standard<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    match (written.after_dot(), written.last()) {
        (Some(table), _) => found.members(table, |_| true),
        (None, "least" | "most") => found.tables(),
        (None, "each") => {
            let table =
                written.part.iter().position(|word| *word == ".").and_then(|at| written.part.get(at.checked_sub(1)?));
            found.members(table.copied().unwrap_or_default(), |member| member.kind == Kind::Link);
        }
        _ => {}
    }
}

/// `cohort last removal of each child by exited_on where ...`.
fn cohort<'a>(written: &Written<'a>, found: &mut Found<'_, 'a>) {
    let asked = ["where", "open", "overlapping", "covering"];
    let at = written.part.iter().position(|word| asked.contains(word));
    let of = written.part.iter().position(|word| ["of", "by"].contains(word));
    match (at.or(of), written.last()) {
        (None, "cohort" | "first" | "last" | "ever") => {
            found.tables();
            found.rows();
        }
        (None, _) => {}
        (Some(from), _) => {
            let said = written.part.get(from..).unwrap_or_default();
            let sight = Sight::of_indicator(written, said, found.declared);
            sight::names(&sight.with_definitions(found.definitions, &written.all), found);
        }
    }
}

/// The table of a cohort, by the words of its indicator.
pub(super) fn cohort_table<'t>(words: &[&'t str]) -> Option<&'t str> {
    let at = words.iter().position(|word| *word == "cohort")?;
    let after = words.get(at + 1..)?;
    let picks = |word: &str, next: Option<&&str>| {
        ["first", "last", "ever"].contains(&word) && next.is_some_and(|next| !["where", "of"].contains(next))
    };
    after.iter().enumerate().find(|(at, word)| !picks(word, after.get(at + 1))).map(|(_, word)| *word)
}
