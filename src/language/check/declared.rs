//! All declarations of all files, by kind and in order. Of two with one name the first stays.

use super::unread::Unread;
use crate::diag::{Code, Diagnostic, Diagnostics, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Ast, Expr, Item, Name, Text};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// More declarations of one kind than this are refused, so that ids stay small numbers.
pub(super) const MANY: usize = 10_000;

/// `rows substantiated = allegation where ...`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) name: &'a Name,
    pub(super) table: &'a Name,
    pub(super) condition: &'a Expr,
}

/// `codes permanency = { ... }`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes<'a> {
    pub(super) name: &'a Name,
    pub(super) values: &'a [Name],
}

/// What was declared.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    pub(super) levels: Vec<&'a ast::Levels>,
    pub(super) domains: Vec<(&'a Name, Option<&'a Text>)>,
    pub(super) missing_dates: Vec<NaiveDate>,
    pub(super) missing_words: Vec<&'a Text>,
    pub(super) headers_ignore_case: bool,
    pub(super) quality: Vec<&'a Spanned<f64>>,
    pub(super) business: Vec<&'a ast::BusinessDays>,
    pub(super) times: Vec<(Option<&'a Name>, Span)>,
    pub(super) tables: Vec<&'a ast::Table>,
    pub(super) codes: Vec<Codes<'a>>,
    pub(super) rows: Vec<Rows<'a>>,
    pub(super) defines: Vec<&'a ast::Define>,
    pub(super) groups: Vec<&'a ast::Groups>,
    pub(super) indicators: Vec<&'a ast::Indicator>,
    /// Their names.
    pub(super) named: BTreeSet<&'a str>,
    pub(super) scorecards: Vec<&'a ast::Scorecard>,
    pub(super) plans: Vec<&'a ast::Plan>,
    pub(super) tests: Vec<&'a ast::Test>,
    /// Names of declarations that could not be read; a use of one is no further mistake.
    pub(super) unread: Unread<'a>,
}

impl<'a> Declared<'a> {
    /// Sorts the declarations by kind and reports names that stand twice.
    pub(super) fn collect(files: &'a [Ast], out: &mut Diagnostics) -> Self {
        let mut all = Self::default();
        for item in files.iter().flat_map(|f| &f.items) {
            all.add(item);
        }
        all.unread = Unread::new(files.iter().flat_map(|f| &f.unread).map(|n| n.value.as_str()));
        unique(&mut all.domains, "domain", |d| d.0, out);
        unique(&mut all.tables, "table", |t| &t.name, out);
        unique(&mut all.codes, "set of codes", |c| c.name, out);
        unique(&mut all.rows, "set of rows", |r| r.name, out);
        unique(&mut all.groups, "breakdown", |g| &g.name, out);
        unique(&mut all.indicators, "indicator", |i| &i.name, out);
        unique(&mut all.scorecards, "scorecard", |s| &s.name, out);
        unique(&mut all.plans, "plan", |p| &p.name, out);
        all.named = all.indicators.iter().map(|i| i.name.value.as_str()).collect();
        all.rows_are_not_tables(out);
        all.reserved(out);
        all
    }

    fn add(&mut self, item: &'a Item) {
        match item {
            Item::Levels(levels) => self.levels.push(levels),
            Item::Domains(domains) => self.domains.extend(domains.iter().map(|(n, t)| (n, t.as_ref()))),
            Item::MissingDates(dates) => self.missing_dates.extend(dates.iter().map(|d| d.value)),
            Item::MissingWords(words) => self.missing_words.extend(words),
            Item::HeadersIgnoreCase => self.headers_ignore_case = true,
            Item::Quality(share) => self.quality.push(share),
            Item::BusinessDays(days) => self.business.push(days),
            Item::Times { zone, span } => self.times.push((zone.as_ref(), *span)),
            Item::Table(table) => self.tables.push(table),
            Item::Codes { name, values } => self.codes.push(Codes { name, values }),
            Item::Rows { name, table, condition } => self.rows.push(Rows { name, table, condition }),
            Item::Define(define) => self.defines.push(define),
            Item::Groups(groups) => self.groups.push(groups),
            Item::Indicator(indicator) => self.indicators.push(indicator),
            Item::Scorecard(scorecard) => self.scorecards.push(scorecard),
            Item::Plan(plan) => self.plans.push(plan),
            Item::Test(test) => self.tests.push(test),
        }
    }

    fn rows_are_not_tables(&mut self, out: &mut Diagnostics) {
        let tables: BTreeMap<&str, Span> = self.tables.iter().map(|t| (t.name.value.as_str(), t.name.span)).collect();
        self.rows.retain(|rows| match tables.get(rows.name.value.as_str()) {
            Some(first) => {
                out.push(twice("name", rows.name, *first));
                false
            }
            None => true,
        });
    }

    fn reserved(&self, out: &mut Diagnostics) {
        let names = self.tables.iter().map(|t| &t.name);
        let names = names.chain(self.codes.iter().map(|c| c.name)).chain(self.rows.iter().map(|r| r.name));
        let names = names.chain(self.groups.iter().map(|g| &g.name));
        for name in names {
            refuse_reserved(name, out);
        }
    }
}

/// Reports a name that the language uses itself; whether it is one.
pub(super) fn refuse_reserved(name: &Name, out: &mut Diagnostics) -> bool {
    let reserved = matches!(name.value.as_str(), "window" | "as_of");
    if reserved {
        let message = format!("`{}` is a name the language keeps for itself", name.value);
        out.push(
            Diagnostic::new(code::RESERVED_NAME, name.span, message)
                .help("give it another name; a column keeps its name in the file with `from \"...\"`"),
        );
    }
    reserved
}

/// The finding that a name was declared before.
pub(super) fn twice(what: &str, name: &Name, first: Span) -> Diagnostic {
    repeated(code::DECLARED_TWICE, format!("the {what} `{}` is declared twice", name.value), name.span, first)
        .help("rename one of the two, or remove it")
}

/// A finding about a second thing that points at the first, too.
pub(super) fn repeated(code: Code, message: String, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(code, second, message).because("again here").also(first, "first here")
}

fn unique<'a, T>(items: &mut Vec<T>, what: &str, name: impl Fn(&T) -> &'a Name, out: &mut Diagnostics) {
    let mut seen: BTreeMap<&'a str, Span> = BTreeMap::new();
    items.retain(|item| {
        let name = name(item);
        match seen.get(name.value.as_str()) {
            Some(first) => {
                out.push(twice(what, name, *first));
                false
            }
            None => {
                seen.insert(&name.value, name.span);
                true
            }
        }
    });
    if let Some(beyond) = items.get(MANY) {
        let message = format!("there are more than {MANY} declarations of one kind ({what})");
        out.push(Diagnostic::new(code::TOO_LARGE, name(beyond).span, message).help("split the definitions"));
        items.truncate(MANY);
    }
}
