//! Names and paths: which rows are in sight, and what a name means on them.

use super::declared::refuse_reserved;
use super::groups;
use super::named::Definition;
use super::references::{Key, Kind};
use super::typer::{Frame, Typer};
use super::types::{Place, Value, never_null, words};
use super::words_table;
use super::world::Member;
use crate::diag::{Diagnostic, code, suggest};
use crate::ir::{Expr, ExprKind, Ty, WindowPoint};
use crate::model::{ColumnType, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use crate::syntax::of_the_clock;

/// What the first name of a path means.
enum Start<'w> {
    /// An alias: the row itself.
    Row(Place),
    /// A member of a row in sight.
    Member(Place, Member<'w>),
    /// A `let`.
    Let(&'w Name, &'w ast::Expr),
}

/// The rows of a question.
pub(super) enum Many {
    /// Those that link to a row, by the number of its back link.
    Linked { owner: Place, back: usize },
    /// All rows of a table.
    All(TableId),
}

impl<'w> Typer<'w> {
    /// The value of a path; a single word that names nothing is kept as a word.
    pub(super) fn path(&mut self, path: &[Name]) -> Option<Value> {
        let first = path.first()?;
        if let Some(special) = self.special(path) {
            return special.map(Value::Expr);
        }
        if path.len() == 1 && !self.in_sight(&first.value) {
            if self.is_told(&first.value) {
                return None;
            }
            return Some(Value::Word(first.clone()));
        }
        let rest = path.get(1..).unwrap_or_default();
        match self.start(first)? {
            Start::Row(place) => self.walk(&place, rest).map(Value::Expr),
            Start::Member(place, member) => self.member(&place, member, first, rest).map(Value::Expr),
            Start::Let(name, value) => match rest.first() {
                None => self.local(first, name, value),
                Some(_) if matches!(value.kind, ast::ExprKind::Beside(_)) => {
                    let span = path.last().map_or(first.span, |last| first.span.to(last.span));
                    self.asked_of_let(first, span, rest).map(Value::Expr)
                }
                Some(next) => {
                    let message = format!("`{}` is a value, not a row, so it has no `{}`", first.value, next.value);
                    self.found.push(
                        Diagnostic::new(code::UNKNOWN_NAME, next.span, message).help("only links lead to other rows"),
                    );
                    None
                }
            },
        }
    }

    /// The row a path ends at: an alias, or links.
    pub(super) fn row_path(&mut self, path: &[Name]) -> Option<Place> {
        let first = path.first()?;
        let mut place = match self.start(first)? {
            Start::Row(place) => place,
            Start::Member(place, member) => self.follow(&place, member, first)?,
            Start::Let(_, value) => {
                let beside = matches!(value.kind, ast::ExprKind::Beside(_));
                self.found.push(if beside { no_rows_of(first) } else { not_a_row(first) });
                return None;
            }
        };
        for name in path.get(1..).unwrap_or_default() {
            let member = self.member_of(&place, name)?;
            place = self.follow(&place, member, name)?;
        }
        Some(place)
    }

    /// The rows a path ends at by a back link.
    pub(super) fn many(&mut self, path: &[Name]) -> Option<Many> {
        let (last, before) = path.split_last()?;
        if before.is_empty()
            && !self.in_sight(&last.value)
            && let Some(table) = self.world.tables.get(last.value.as_str())
        {
            self.means(last, self.world.keys.table(*table));
            return Some(Many::All(*table));
        }
        if before.is_empty() && !self.in_sight(&last.value) && self.world.of_words.contains(last.value.as_str()) {
            self.found.push(words_table::is_no_other(last));
            return None;
        }
        let (place, member) = if before.is_empty() {
            match self.start(last)? {
                Start::Member(place, member) => (place, member),
                Start::Row(_) | Start::Let(..) => {
                    self.found.push(self.not_many(last));
                    return None;
                }
            }
        } else {
            let place = self.row_path(before)?;
            let member = self.member_of(&place, last)?;
            (place, member)
        };
        match member {
            Member::Back(back) => Some(Many::Linked { owner: place, back }),
            Member::Broken => None,
            Member::Column(_) | Member::Derived(..) | Member::Dated(_) | Member::Days | Member::LastDay => {
                self.found.push(self.not_many(last));
                None
            }
        }
    }

    /// The value of a `let`, which is asked of the cohort's row.
    fn local(&mut self, used: &Name, name: &'w Name, value: &'w ast::Expr) -> Option<Value> {
        let place = self.text.scope.first()?.place.clone();
        self.put(used, Definition { name, value, kind: Kind::Let, table: place.table }, &place)
    }

    /// `window.start` and its like, and `as_of`; `None` when the path is none of them.
    fn special(&mut self, path: &[Name]) -> Option<Option<Expr>> {
        let first = path.first()?;
        match (first.value.as_str(), path.get(1)) {
            ("at", None) if self.in_groups() => Some(Some(groups::day())),
            ("at", None) if !self.in_sight("at") => {
                let message = "`at` is the day of attribution, and is known in `groups` alone";
                let help = "name the day itself: a column, or `window.last_day`";
                self.found.push(Diagnostic::new(code::UNKNOWN_NAME, first.span, message).help(help));
                Some(None)
            }
            ("as_of", None) => Some(Some(never_null(ExprKind::AsOf, Ty::Date))),
            ("window", point) => Some(self.window_point(first, point, path.get(2))),
            _ => None,
        }
    }

    fn window_point(&mut self, window: &Name, point: Option<&Name>, beyond: Option<&Name>) -> Option<Expr> {
        let points = ["start", "end", "last_day"];
        let found = match (point.map(|p| p.value.as_str()), beyond) {
            (Some("start"), None) => WindowPoint::Start,
            (Some("end"), None) => WindowPoint::End,
            (Some("last_day"), None) => WindowPoint::LastDay,
            _ => {
                let wrong = beyond.or(point);
                let message = match wrong {
                    Some(name) => format!("the window has no `{}`", name.value),
                    None => "the window is not a value by itself".into(),
                };
                let help = match point {
                    Some(name) => suggest::help(&name.value, "points of the window", &points),
                    None => "write `window.start`, `window.last_day`, `window.end` (the day after), or `... in window`"
                        .into(),
                };
                self.found.push(Diagnostic::new(code::UNKNOWN_NAME, wrong.unwrap_or(window).span, message).help(help));
                return None;
            }
        };
        Some(never_null(ExprKind::Window(found), Ty::Date))
    }

    /// Notes what a name means.
    pub(super) fn means(&mut self, name: &Name, meaning: Option<Key>) {
        if let Some(meaning) = meaning.filter(|_| !self.again) {
            self.names.refer(name.span, meaning);
        }
    }

    /// Whether a name that means nothing here was declared with a mistake that has been reported.
    fn is_told(&self, name: &str) -> bool {
        !self.world.is_word(name) && self.world.is_broken(name)
    }

    /// Whether a single name means anything here.
    fn in_sight(&self, name: &str) -> bool {
        self.lets.contains_key(name)
            || self.text.scope.iter().any(|f| match f.alias {
                Some(alias) => alias.value == name,
                None => self.world.member(f.place.table, name).is_some(),
            })
    }

    fn start(&mut self, name: &Name) -> Option<Start<'w>> {
        let called = |f: &&Frame| f.alias.is_some_and(|alias| alias.value == name.value);
        if let Some(Frame { alias: Some(alias), place }) = self.text.scope.iter().rev().find(called) {
            let (row, meaning) = (Start::Row(place.clone()), (alias.span, Kind::Alias));
            self.means(name, Some(meaning));
            return Some(row);
        }
        let world = self.world;
        let mut found: Vec<(Place, Member<'w>)> = self
            .text
            .scope
            .iter()
            .filter(|f| f.alias.is_none())
            .filter_map(|f| Some((f.place.clone(), world.member(f.place.table, &name.value)?)))
            .collect();
        let local = self.lets.get(name.value.as_str()).copied();
        if found.len() + usize::from(local.is_some()) > 1 {
            self.ambiguous(name, &found, local.is_some());
            return None;
        }
        if let Some((declared, value)) = local {
            self.means(name, Some((declared.span, Kind::Let)));
            return Some(Start::Let(declared, value));
        }
        if let Some((place, member)) = found.pop() {
            self.means(name, world.keys.member(place.table, &name.value));
            return Some(Start::Member(place, member));
        }
        self.found.push(self.unknown(name));
        None
    }

    fn ambiguous(&mut self, name: &Name, found: &[(Place, Member)], local: bool) {
        let mut whose: Vec<String> = if local { vec!["a `let`".into()] } else { Vec::new() };
        for (i, (place, _)) in found.iter().enumerate() {
            let which = if i == 0 && !local { "outer" } else { "inner" };
            whose.push(format!("the {which} row of `{}`", self.world.table_name(place.table)));
        }
        let message = format!("`{}` could belong to {}", name.value, whose.join(" or to "));
        let help = format!(
            "give the inner row a name, `as later`, and write `later.{0}` for its own; a bare `{0}` then means the outer row's",
            name.value
        );
        self.found.push(Diagnostic::new(code::AMBIGUOUS, name.span, message).help(help));
    }

    /// The finding that a name means nothing here.
    pub(super) fn unknown(&self, name: &Name) -> Diagnostic {
        let mut known: Vec<&str> = Vec::new();
        for frame in &self.text.scope {
            match frame.alias {
                Some(alias) => known.push(&alias.value),
                None => known.extend(self.world.names(frame.place.table)),
            }
        }
        known.extend(self.lets.keys().copied());
        known.extend(["window", "as_of"]);
        let help = match self
            .text
            .scope
            .iter()
            .find(|f| f.alias.is_some() && self.world.member(f.place.table, &name.value).is_some())
        {
            Some(Frame { alias: Some(alias), .. }) => format!("write `{}.{}`", alias.value, name.value),
            _ => of_the_clock(&name.value).map_or_else(|| suggest::help(&name.value, "names", &known), str::to_owned),
        };
        Diagnostic::new(code::UNKNOWN_NAME, name.span, format!("nothing here is called `{}`", name.value)).help(help)
    }

    pub(super) fn member_of(&mut self, place: &Place, name: &Name) -> Option<Member<'w>> {
        let member = self.world.member(place.table, &name.value);
        self.means(name, self.world.keys.member(place.table, &name.value));
        if member.is_none() && !self.is_told(&name.value) {
            let known = self.world.names(place.table);
            let message = format!("`{}` has no `{}`", self.world.table_name(place.table), name.value);
            self.found.push(Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(suggest::help(
                &name.value,
                "names",
                &known,
            )));
        }
        member
    }

    pub(super) fn walk(&mut self, place: &Place, rest: &[Name]) -> Option<Expr> {
        let Some((name, rest)) = rest.split_first() else { return Some(place.identity()) };
        let member = self.member_of(place, name)?;
        self.member(place, member, name, rest)
    }

    fn member(&mut self, place: &Place, member: Member<'w>, name: &Name, rest: &[Name]) -> Option<Expr> {
        if let (Member::Derived(definition), Some(last)) = (member, rest.last())
            && matches!(definition.value.kind, ast::ExprKind::Beside(_))
        {
            let of = self.named_beside(name, definition, place)?;
            return self.of_row_beside(of, name.span.to(last.span), |typer, row| typer.walk(row, rest));
        }
        if !rest.is_empty() {
            let next = self.follow(place, member, name)?;
            return self.walk(&next, rest);
        }
        match member {
            Member::Column(column) => Some(place.column(self.world, column)),
            Member::Derived(definition) => {
                let put = self.put(name, definition, place)?;
                self.typed(put, definition.value.span)
            }
            Member::Back(_) => {
                let message = format!("`{}` leads to many rows, and one value is needed here", name.value);
                let help = format!(
                    "ask about them: `some {0} where ...`, `no {0} where ...`, `count {0}`, `latest ... among {0}`",
                    name.value
                );
                self.found.push(Diagnostic::new(code::MANY_ROWS, name.span, message).help(help));
                None
            }
            Member::Dated(_) => {
                self.found.push(dated(name));
                None
            }
            Member::Days => self.days(place),
            Member::LastDay => self.last_day(place),
            Member::Broken => None,
        }
    }

    pub(super) fn follow(&mut self, place: &Place, member: Member, name: &Name) -> Option<Place> {
        match member {
            Member::Column(column) => {
                let declared = self.world.model.table(place.table).column(column);
                if let ColumnType::Link(target) = declared.ty {
                    return Some(place.follow(column, target, declared.optional));
                }
                self.found.push(not_a_row(name));
            }
            Member::Back(_) => {
                let message = format!("`{}` leads to many rows, so it has no single value", name.value);
                let help = format!("ask about them: `some {0} as one where ... one.NAME ...`", name.value);
                self.found.push(Diagnostic::new(code::MANY_ROWS, name.span, message).help(help));
            }
            Member::Dated(_) => self.found.push(dated(name)),
            Member::Derived(definition) if matches!(definition.value.kind, ast::ExprKind::Beside(_)) => {
                self.found.push(no_rows_of(name));
            }
            Member::Derived(..) | Member::Days | Member::LastDay => self.found.push(not_a_row(name)),
            Member::Broken => {}
        }
        None
    }

    fn not_many(&self, name: &Name) -> Diagnostic {
        let backs: Vec<String> = (self.text.scope.iter())
            .flat_map(|f| self.world.model.table(f.place.table).backs.iter().map(|b| format!("`{}`", b.name)))
            .collect();
        let help = match backs.is_empty() {
            true => "declare the rows that link here in the model: `removals <- removal`".to_string(),
            false => {
                format!("rows that link here: {}; or ask about the value itself, without `some`", backs.join(", "))
            }
        };
        Diagnostic::new(code::NOT_MANY_ROWS, name.span, format!("`{}` is not a set of rows", name.value)).help(help)
    }

    /// Brings a row into sight under a name; `false` when the name is taken.
    pub(super) fn name_row(&mut self, alias: Option<&'w Name>, place: Place) {
        if let Some(alias) = alias {
            if !self.again {
                self.names.declare(Kind::Alias, alias, Some(words(self.world, Ty::Row(place.table))));
            }
            refuse_reserved(alias, &mut self.found);
            if self.in_sight(&alias.value) {
                let message = format!("`{}` is already a name here", alias.value);
                self.found.push(
                    Diagnostic::new(code::DECLARED_TWICE, alias.span, message)
                        .help("give the row a name that nothing else has"),
                );
            }
        }
        self.text.scope.push(Frame { alias, place });
    }

    /// The finding that a word is not in a column's list.
    pub(super) fn unknown_code(&self, word: &str, span: Span, ty: Ty) -> Diagnostic {
        let Ty::Code(list) = ty else {
            return Diagnostic::new(code::UNKNOWN_NAME, span, format!("nothing here is called `{word}`"));
        };
        let message = format!("`{word}` is not {}", list.one(&self.world.model));
        let help = suggest::help(word, "words", &list.words(&self.world.model));
        Diagnostic::new(code::UNKNOWN_CODE, span, message).help(help)
    }
}

fn not_a_row(name: &Name) -> Diagnostic {
    Diagnostic::new(code::TYPE_MISMATCH, name.span, format!("`{}` is a value, not a row", name.value))
        .help("a path goes from row to row by links: `child.born_on`")
}

/// The finding that rows are asked about that lead to a row which a question finds.
fn no_rows_of(name: &Name) -> Diagnostic {
    let message =
        format!("`{}` is found by a question, and nothing can be asked of the rows that lead to it", name.value);
    Diagnostic::new(code::NO_ROW_BESIDE, name.span, message)
        .help(format!("ask for its columns, `{}.NAME`, or follow its links", name.value))
}

fn dated(name: &Name) -> Diagnostic {
    let message = format!("`{}` depends on the day, and a condition names no day", name.value);
    Diagnostic::new(code::DATED_LINK_IN_CONDITION, name.span, message)
        .help("dated links say who a row belongs to, in `attribute ... at ...`; in a condition, ask about the rows that the link goes through")
}
