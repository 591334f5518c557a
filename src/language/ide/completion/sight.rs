//! The names of a condition or value: the rows in sight, their members, and the words that a column
//! is compared with.

use super::Found;
use super::slot::{WEEKDAYS, Written, cohort_table};
use crate::check::references::Kind;
use crate::ide::Definitions;
use crate::ide::members::{Declared, Member};
use crate::syntax::ast::{Clause, Indicator, Item};

/// More indicators are not like one another.
const LIKE: usize = 10;

/// A row in sight.
#[derive(Debug, Clone)]
struct Frame<'a> {
    alias: Option<&'a str>,
    table: &'a str,
    /// How many brackets are open around its question.
    depth: usize,
}

/// What can be named at a place.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    frames: Vec<Frame<'a>>,
    /// Names for conditions and values, each with the table of the row that it stands for.
    lets: Vec<(&'a str, Option<&'a str>)>,
    /// The words of the condition or value so far.
    said: Vec<&'a str>,
    /// What follows on the place.
    behind: Vec<&'a str>,
}

/// The words with which a condition or value can begin.
const BEGIN: [&str; 27] = [
    "if", "some", "no", "all", "not", "count", "sum", "earliest", "latest", "first", "last", "previous", "next",
    "days", "months", "years", "hours", "minutes", "business", "day", "weekday", "month", "year", "held", "keeps",
    "as_of", "at",
];

impl<'a> Sight<'a> {
    /// The rows in sight after some words about a row of `table`, with what follows on them.
    pub(super) fn of(table: Option<&'a str>, said: &[&'a str], behind: &[&'a str], declared: &Declared<'a>) -> Self {
        let frames = table.into_iter().map(|table| Frame { alias: None, table, depth: 0 }).collect();
        let mut sight = Self { frames, lets: Vec::new(), said: said.to_vec(), behind: behind.to_vec() };
        sight.walk(said, behind, declared);
        sight
    }

    /// The same in a clause of an indicator.
    pub(super) fn of_indicator(written: &Written<'a>, said: &[&'a str], declared: &Declared<'a>) -> Self {
        let words = || written.all.iter().chain(&written.behind).copied();
        let table = cohort_table(&words().collect::<Vec<_>>()).and_then(|name| declared.table_of(name));
        let mut sight = Self::of(None, said, &[], declared);
        sight.frames.extend(table.map(|table| Frame { alias: None, table, depth: 0 }));
        sight.lets = lets(&words().collect::<Vec<_>>(), declared);
        sight.behind.clone_from(&written.behind);
        sight.walk(said, &written.behind, declared);
        sight
    }

    /// Adds what the definition has, where it could be read, and the one that it is like.
    pub(super) fn with_definitions(mut self, definitions: &'a Definitions, words: &[&str]) -> Self {
        let declared = Declared::of(definitions);
        let find = |name: &str| {
            definitions.asts().iter().flat_map(|ast| &ast.items).find_map(|item| match item {
                Item::Indicator(of) if of.name.value == name => Some(of),
                _ => None,
            })
        };
        let like = words.iter().position(|word| *word == "like").and_then(|at| words.get(at + 1));
        let mut next: Option<&'a Indicator> = words.get(1).and_then(|name| find(name)).or_else(|| find(like?));
        for _ in 0..LIKE {
            let Some(of) = next else { break };
            self.take_over(of, &declared);
            next = of.like.as_ref().and_then(|like| find(&like.value));
        }
        let (said, behind) = (self.said.clone(), self.behind.clone());
        self.walk(&said, &behind, &declared);
        self
    }

    fn take_over(&mut self, of: &'a Indicator, declared: &Declared<'a>) {
        for clause in &of.clauses {
            match &clause.value {
                Clause::Let { name, value } => self.lets.push((&name.value, declared.beside(value))),
                Clause::Cohort(cohort) if self.frames.iter().all(|frame| frame.depth > 0 || frame.alias.is_some()) => {
                    let table = declared.table_of(&cohort.table.value);
                    self.frames.extend(table.map(|table| Frame { alias: None, table, depth: 0 }));
                }
                _ => {}
            }
        }
    }

    /// Goes through the words and notes the rows of each question that is open at the end.
    fn walk(&mut self, said: &[&'a str], behind: &[&'a str], declared: &Declared<'a>) {
        let mut depth = 1;
        let mut at = 0;
        while let Some(word) = said.get(at) {
            at += 1;
            match *word {
                "(" => depth += 1,
                ")" => {
                    self.frames.retain(|frame| frame.depth < depth);
                    depth = depth.saturating_sub(1).max(1);
                }
                "some" | "no" | "all" | "among" | "count" => self.question(said, at, depth, declared),
                "previous" | "next" => {
                    self.frames.extend(said.get(at).and_then(|table| declared.table_of(table)).map(|table| Frame {
                        alias: None,
                        table,
                        depth,
                    }))
                }
                _ => {}
            }
        }
        // In `sum V among R`, V is asked of the rows that are named behind it.
        if let Some(at) = behind.iter().position(|word| *word == "among") {
            self.question(behind, at + 1, depth, declared);
        }
    }

    /// The rows that are asked about after `some` and its like.
    fn question(&mut self, words: &[&'a str], at: usize, depth: usize, declared: &Declared<'a>) {
        let mut rest = words.get(at..).unwrap_or_default().iter().copied().peekable();
        rest.next_if(|word| *word == "other");
        let Some(first) = rest.next() else { return };
        let mut path = vec![first];
        while rest.next_if(|word| *word == ".").is_some() {
            path.extend(rest.next());
        }
        let Some(table) = self.leads_to(&path, declared) else { return };
        let alias = rest.next_if(|word| *word == "as").and_then(|_| rest.next());
        self.frames.push(Frame { alias, table, depth });
    }

    /// The table of the row or rows that a path leads to.
    fn leads_to(&self, path: &[&'a str], declared: &Declared<'a>) -> Option<&'a str> {
        let (first, rest) = path.split_first()?;
        let mut table = self.start(first, declared)?;
        for name in rest {
            table = declared.table_of(declared.member(table, name)?.leads_to?)?;
        }
        Some(table)
    }

    /// The table of the row that the first name of a path stands for.
    fn start(&self, name: &'a str, declared: &Declared<'a>) -> Option<&'a str> {
        if let Some(frame) = self.frames.iter().rev().find(|frame| frame.alias == Some(name)) {
            return Some(frame.table);
        }
        let own = self.frames.iter().rev().filter(|frame| frame.alias.is_none());
        let mut led = own.filter_map(|frame| declared.member(frame.table, name)?.leads_to);
        let by_let = || self.lets.iter().find(|(known, _)| *known == name).and_then(|(_, table)| *table);
        let led = led.next().or_else(by_let).unwrap_or(name);
        declared.table_of(led)
    }

    /// The member that a path ends with.
    fn member<'d>(&self, path: &[&'a str], declared: &'d Declared<'a>) -> Option<&'d Member<'a>> {
        let (last, before) = path.split_last()?;
        if before.is_empty() {
            return self.frames.iter().rev().find_map(|frame| declared.member(frame.table, last));
        }
        declared.member(self.leads_to(before, declared)?, last)
    }
}

/// The names for conditions and values in the words of an indicator.
fn lets<'a>(words: &[&'a str], declared: &Declared<'a>) -> Vec<(&'a str, Option<&'a str>)> {
    let of = |four: &[&'a str]| match four {
        ["let", name, "=", first, table] => {
            let beside = ["previous", "next"].contains(first).then(|| declared.table_of(table)).flatten();
            Some((*name, beside))
        }
        _ => None,
    };
    words.windows(5).filter_map(of).collect()
}

/// The path of names at the end of some words.
fn path_at_end<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut path = Vec::new();
    let mut rest = words.iter().rev().copied();
    while let Some(name) = rest.next() {
        path.push(name);
        if rest.next() != Some(".") {
            break;
        }
    }
    path.reverse();
    path
}

/// The names that can stand at the end of what is said.
pub(super) fn names<'a>(sight: &Sight<'a>, found: &mut Found<'_, 'a>) {
    let (declared, said) = (found.declared, sight.said.as_slice());
    let last = said.last().copied().unwrap_or_default();
    match last {
        "." => {
            let path = path_at_end(said.split_last().map_or(&[], |(_, before)| before));
            match path.as_slice() {
                ["window"] => found.plain(&["start", "end", "last_day"]),
                path => sight.leads_to(path, declared).into_iter().for_each(|table| of_row(table, found)),
            }
        }
        "as" => {}
        "is" => {
            found.plain(&["missing", "known"]);
            found.rows();
        }
        "in" => {
            compared(sight, said.len() - 1, found);
            found.plain(&["window"]);
            found.names(declared.codes.iter().map(|name| name.value.as_str()), Kind::Codes);
        }
        "{" | "," if in_list(said) => {
            let open = said.iter().rposition(|word| *word == "{").unwrap_or_default();
            compared(sight, open.saturating_sub(1), found);
        }
        _ => {
            if matches!(last, "=" | "!=") {
                compared(sight, said.len() - 1, found);
            }
            in_sight(sight, found);
            if matches!(last, "some" | "no" | "all" | "among" | "other" | "count" | "previous" | "next") {
                found.tables();
                found.rows();
            }
            found.plain(&["window", "true", "false"]);
            found.plain(&BEGIN);
            if matches!(last, "then" | "else") {
                found.all_words();
            }
        }
    }
}

/// Whether the place is inside the braces of a list.
fn in_list(said: &[&str]) -> bool {
    let open = said.iter().rposition(|word| *word == "{");
    open.is_some_and(|open| !said.get(open..).unwrap_or_default().contains(&"}"))
}

/// The words of the column that stands before an operator.
fn compared<'a>(sight: &Sight<'a>, operator: usize, found: &mut Found<'_, 'a>) {
    let mut before = sight.said.get(..operator).unwrap_or_default();
    while let Some((last, rest)) = before.split_last()
        && ["not", "in"].contains(last)
    {
        before = rest;
    }
    let path = path_at_end(before);
    let ahead = before.get(..(before.len() + 1).saturating_sub(2 * path.len().max(1))).unwrap_or_default();
    if ahead.ends_with(&["weekday", "of"]) {
        return found.plain(&WEEKDAYS);
    }
    match sight.member(&path, found.declared).map(|member| member.words) {
        Some(words) if !words.is_empty() => {
            words.iter().for_each(|word| found.add(&word.value, Some(Kind::Word), "a word of the column"));
        }
        Some(_) | None => found.all_words(),
    }
}

/// All that can be named on the rows in sight, the innermost first.
fn in_sight<'a>(sight: &Sight<'a>, found: &mut Found<'_, 'a>) {
    for frame in sight.frames.iter().rev() {
        match frame.alias {
            Some(alias) => found.add(alias, Some(Kind::Alias), format!("a row of `{}`", frame.table)),
            None => of_row(frame.table, found),
        }
    }
    for (name, _) in &sight.lets {
        found.add(name, Some(Kind::Let), Kind::Let.words());
    }
}

/// The members of a row.
fn of_row<'a>(table: &'a str, found: &mut Found<'_, 'a>) {
    found.members(table, |_| true);
    if found.declared.tables.get(table).is_some_and(|members| members.spans) {
        found.add("days", Some(Kind::Days), "the length of the stay");
        found.add("last_day", Some(Kind::LastDay), "the last day of the stay");
    }
}
