//! Breakdowns: what `groups` declares, and how the rows of each indicator fall into it.
//!
//! The value is typed once on a row of its table, so that its mistakes are told once, and is then
//! put on the row that the cohort's rows lead to, with their day of attribution for `at`. Of a
//! level that is the row that holds a cohort's row on that day. Of the value the condition of each
//! group is made.

use super::decimals;
use super::declared::{Declared as AllDeclared, repeated};
use super::follow_up;
use super::indicator::Checked;
use super::look_back;
use super::model::in_words;
use super::named::{Definition, Meanings};
use super::references::{Kind, Names};
use super::relation::comparison;
use super::typer::{Typer, negated};
use super::types::{Place, Value, all_of, never_null, words};
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::split::{CROSSED, NOT_KNOWN};
use crate::ir::{
    At, Attribution, Breakdown, CompareOp, Expr, ExprKind, Function, Grouped, Indicator, Missing, RowId, Ty,
};
use crate::model::{ColumnId, Model, Step, TableId};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Bound, CompareOp as Written};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The row variable that stands for the day of attribution until the indicator is known. No
/// question has it.
const AT: RowId = RowId(u16::MAX);

/// What groups can be made of, in messages.
const KINDS: &str = "groups are made of a column with a list of words, of true or false, of a number with `bands`, of a text with `bands`, or of texts between which `if` chooses";

/// A declared breakdown that is right by itself.
#[derive(Debug)]
pub(super) struct Declared<'w> {
    written: &'w ast::Groups,
    table: TableId,
    values: Vec<String>,
}

/// `at`, of an indicator that is not known yet. It may be missing.
pub(super) fn day() -> Expr {
    let kind = ExprKind::Column { row: AT, links: Vec::new(), column: ColumnId(u16::MAX) };
    Expr { kind, ty: Ty::Date, missing: Missing::Unknown, at: At::default() }
}

/// The breakdowns that are right by themselves.
pub(super) fn of_the_model<'w>(
    world: &'w World<'w>,
    declared: &AllDeclared<'w>,
    meanings: &mut Meanings,
    names: &mut Names,
    out: &mut Diagnostics,
) -> Vec<Declared<'w>> {
    let mut found = Vec::new();
    for &written in &declared.groups {
        let Some(table) = table(world, declared, written, out) else {
            names.declare(Kind::Groups, &written.name, None);
            continue;
        };
        let mut typer = Typer::new(world, std::mem::take(meanings), table);
        let conditions = typer.value_of(definition(written, table)).and_then(|value| typer.conditions(value, written));
        names.declare(Kind::Groups, &written.name, conditions.as_ref().map(|(_, ty)| words(world, *ty)));
        names.extend(typer.names);
        out.extend(typer.found);
        *meanings = typer.meanings;
        if let Some((conditions, ty)) = conditions {
            found.push(Declared { written, table, values: values(&world.model, ty, written, &conditions) });
        }
    }
    found
}

fn table(world: &World, declared: &AllDeclared, written: &ast::Groups, out: &mut Diagnostics) -> Option<TableId> {
    let name = &written.table;
    let found = world.tables.get(name.value.as_str()).copied();
    if world.of_words.contains(name.value.as_str()) {
        out.push(super::words_table::is_no_other(name));
        return None;
    }
    if found.is_none() && !declared.unread.contains(name.value.as_str()) {
        let known: Vec<_> = world.tables.keys().copied().collect();
        let message = format!("there is no table `{}`", name.value);
        let help = suggest::help(&name.value, "tables", &known);
        out.push(Diagnostic::new(code::UNKNOWN_TABLE, name.span, message).help(help));
    }
    found
}

fn definition<'w>(written: &'w ast::Groups, table: TableId) -> Definition<'w> {
    Definition { name: &written.name, value: &written.value, kind: Kind::Groups, table }
}

/// The values of a breakdown, as shown.
fn values(model: &Model, ty: Ty, written: &ast::Groups, conditions: &[Expr]) -> Vec<String> {
    match ty {
        Ty::Bool => vec!["yes".to_owned(), "no".to_owned()],
        Ty::Code(list) => {
            let title = |word: &str| Some(word.replace('_', " ")).filter(|title| title != NOT_KNOWN);
            list.words(model).into_iter().map(|word| title(word).unwrap_or_else(|| word.to_owned())).collect()
        }
        Ty::Text if written.bands.is_empty() => conditions.iter().filter_map(written_text).collect(),
        Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Row(_) => {
            written.bands.iter().map(|band| band.title.value.clone()).collect()
        }
    }
}

/// How the rows of an indicator fall into the groups of each breakdown that its rows lead to;
/// `None` where the groups can change for ever.
pub(super) fn of_indicator(
    model: &Model,
    (indicator, settled, looked): (&Indicator, Option<&follow_up::Settled>, &look_back::Looked),
    groups: Vec<(usize, Vec<Expr>)>,
) -> BTreeMap<usize, Option<Arc<Grouped>>> {
    let grouped = |conditions: Vec<Expr>| {
        let follow_up = follow_up::of_groups(model, (indicator, settled), &conditions)?;
        let look_back = looked.back_with(&conditions);
        Some(Arc::new(Grouped { conditions, follow_up, look_back }))
    };
    groups.into_iter().map(|(number, conditions)| (number, grouped(conditions))).collect()
}

fn unbounded(written: &ast::Groups, indicator: &Indicator) -> Diagnostic {
    let message = format!(
        "the groups of `{}` can change for ever, so nothing can be broken down by them (`{}`, say)",
        written.name.value, indicator.id
    );
    let help = "ask what was so on the day of attribution: `at` is that day (`... where began_on before at`)";
    Diagnostic::new(code::UNBOUNDED_GROUPS, written.value.span, message).help(help)
}

/// The breakdowns with the indicators that can be broken down by them. A breakdown whose groups can
/// change for ever in every indicator at hand draws a warning: it may be meant for others.
pub(super) fn of_indicators(declared: &[Declared], indicators: &[Checked], out: &mut Diagnostics) -> Vec<Breakdown> {
    let of = |number: usize| -> BTreeMap<usize, Arc<Grouped>> {
        let grouped = indicators.iter().enumerate();
        grouped.filter_map(move |(i, checked)| Some((i, checked.groups.get(&number)?.clone()?))).collect()
    };
    for (number, declared) in declared.iter().enumerate().filter(|(number, _)| of(*number).is_empty()) {
        let leading = indicators.iter().find(|checked| checked.groups.contains_key(&number));
        if let Some(checked) = leading {
            out.push(unbounded(declared.written, &checked.indicator));
        }
    }
    let breakdown = |(number, declared): (usize, &Declared)| Breakdown {
        name: declared.written.name.value.clone(),
        title: declared
            .written
            .title
            .as_ref()
            .map_or_else(|| in_words(&declared.written.name.value), |title| title.value.clone()),
        table: declared.table,
        values: declared.values.clone(),
        of: of(number),
    };
    declared.iter().enumerate().map(breakdown).collect()
}

impl<'w> Typer<'w> {
    /// The conditions of the groups, asked of a row of the cohort's table, of each breakdown that
    /// such a row leads to; `at` is its day of attribution.
    pub(super) fn groups(
        &mut self,
        breakdowns: &[Declared<'w>],
        cohort: TableId,
        attribution: &Attribution,
    ) -> Vec<(usize, Vec<Expr>)> {
        let mut found = Vec::new();
        for (number, breakdown) in breakdowns.iter().enumerate() {
            let Some(place) = grouped(&self.world.model, cohort, attribution, breakdown.table) else { continue };
            let definition = definition(breakdown.written, breakdown.table);
            // No part of the indicator's own text.
            let most = self.text.most;
            let value = self.put(&breakdown.written.name, definition, &place);
            self.text.most = most;
            if let Some((conditions, _)) = value.and_then(|value| self.conditions(value, breakdown.written)) {
                found.push((
                    number,
                    conditions.iter().map(|condition| attributed(condition, &attribution.at)).collect(),
                ));
            }
        }
        found
    }

    /// The condition of each group, and the type of the value.
    fn conditions(&mut self, value: Value, written: &'w ast::Groups) -> Option<(Vec<Expr>, Ty)> {
        let value = self.typed(value, written.value.span)?;
        let ty = value.ty;
        let conditions = match ty {
            Ty::Bool => {
                self.without_bands(written)?;
                vec![value.clone(), negated(value)]
            }
            Ty::Code(list) => {
                self.without_bands(written)?;
                let words = u16::try_from(list.words(&self.world.model).len()).unwrap_or(u16::MAX);
                (0..words).map(|word| is_word(&value, word)).collect()
            }
            Ty::Int | Ty::Decimal(_) | Ty::Length(_) => self.numbers(&value, written)?,
            Ty::Text => match chosen_texts(&value) {
                Some(texts) if written.bands.is_empty() => self.chosen(&value, &texts, written.value.span)?,
                _ => self.texts(&value, written)?,
            },
            Ty::Date | Ty::Timestamp | Ty::Row(_) => {
                let what = words(self.world, ty);
                let message = format!("`{}` is {what}, of which there are no groups", written.name.value);
                self.found.push(Diagnostic::new(code::GROUPS, written.value.span, message).help(KINDS));
                return None;
            }
        };
        Some((conditions, ty))
    }

    fn without_bands(&mut self, written: &ast::Groups) -> Option<()> {
        let Some(band) = written.bands.first() else { return Some(()) };
        let message = format!("`{}` needs no bands: each of its values is a group already", written.name.value);
        self.found
            .push(Diagnostic::new(code::GROUPS, band.span, message).help("leave out `bands` and what follows it"));
        None
    }

    /// `if ... then "under 10%" else "10% and over"`: each text is a group, in this order.
    fn chosen(&mut self, value: &Expr, texts: &[&str], span: Span) -> Option<Vec<Expr>> {
        texts.iter().try_for_each(|text| self.can_be_called(text, span))?;
        let text = |text: &&str| never_null(ExprKind::Text((*text).to_owned()), Ty::Text);
        Some(texts.iter().map(|one| comparison(CompareOp::Eq, value.clone(), text(one))).collect())
    }

    /// `bands "under 1" < 1, "1 to 5" < 6, "6 and over"`.
    fn numbers(&mut self, value: &Expr, written: &'w ast::Groups) -> Option<Vec<Expr>> {
        let (last, bounded) = self.bands(written, "\"under 1\" < 1")?;
        let mut bounds: Vec<(CompareOp, i64, Span)> = Vec::new();
        for band in bounded {
            let (op, bound) = self.bound(band, last)?;
            let op = match op.value {
                Written::Less => Some(CompareOp::Lt),
                Written::LessEqual => Some(CompareOp::Le),
                Written::Equal
                | Written::NotEqual
                | Written::Greater
                | Written::GreaterEqual
                | Written::Before
                | Written::OnOrBefore
                | Written::After
                | Written::OnOrAfter => None,
            };
            let (Some(op), Some(number)) = (op, self.end_of_band(bound, value.ty, band.span)?) else {
                let message = match value.ty {
                    Ty::Decimal(_) => "a band of decimals ends with `<` or `<=` and a number",
                    _ => "a band of numbers ends with `<` or `<=` and a whole number",
                };
                let help = "the values that are left by the bands before it and lie under the number belong to it: `\"1 to 5\" < 6`";
                self.found.push(Diagnostic::new(code::BANDS, band.span, message).help(help));
                return None;
            };
            // What a band ends with, as the first number that it no longer holds.
            let end = |op: CompareOp, number: i64| number.saturating_add(i64::from(op == CompareOp::Le));
            if let Some((_, _, first)) = bounds.last().filter(|(o, n, _)| end(op, number) <= end(*o, *n)) {
                let message = format!("no value falls into \"{}\": the band before it ends later", band.title.value);
                let finding = Diagnostic::new(code::BANDS, band.span, message).also(*first, "this band");
                self.found.push(finding.help("write the bands from the smallest number to the largest"));
                return None;
            }
            bounds.push((op, number, band.span));
        }
        let compared = |op, number: i64| comparison(op, value.clone(), never_null(ExprKind::Int(number), value.ty));
        let from = |place: usize| {
            let before = place.checked_sub(1).and_then(|before| bounds.get(before));
            before.map(|(op, number, _)| compared(op.negated(), *number))
        };
        let until = |place: usize| bounds.get(place).map(|(op, number, _)| compared(*op, *number));
        let places = 0..=bounds.len();
        Some(places.map(|place| all_of(from(place).into_iter().chain(until(place)).collect())).collect())
    }

    /// The number with which a band ends, as values of this type are kept; none where it is no such
    /// number.
    fn end_of_band(&mut self, bound: &Bound, ty: Ty, span: Span) -> Option<Option<i64>> {
        let written = match bound {
            Bound::Number(number) => match ty {
                Ty::Decimal(_) => self.as_decimal(*number, ty, span)?,
                _ => return Some(Some(*number)),
            },
            Bound::Decimal(number) => self.decimal(*number, span)?,
            Bound::Text(_) => return Some(None),
        };
        let fitting = decimals::in_digits_of(&written, ty);
        if fitting.is_none() && matches!(ty, Ty::Decimal(_)) {
            let message = "this number has more digits after the point than the values of the band";
            let finding = Diagnostic::new(code::BANDS, span, message);
            self.found.push(finding.help("write it with as many as the values have"));
            return None;
        }
        Some(fitting)
    }

    /// `bands "north" = "N", "south" = "S", "other"`.
    fn texts(&mut self, value: &Expr, written: &'w ast::Groups) -> Option<Vec<Expr>> {
        let (last, bounded) = self.bands(written, "\"north\" = \"N\"")?;
        let (mut conditions, mut others) = (Vec::new(), Vec::new());
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for band in bounded {
            let (op, bound) = self.bound(band, last)?;
            let (Written::Equal, Bound::Text(text)) = (op.value, bound) else {
                let message = "a band of texts says which text belongs to it, with `=`";
                let help =
                    format!("write `\"{}\" = \"...\"`, with the text as it stands in the files", band.title.value);
                self.found.push(Diagnostic::new(code::BANDS, band.span, message).help(help));
                return None;
            };
            let text = never_null(ExprKind::Text(text.clone()), Ty::Text);
            let (one, text) = self.in_one_case(value.clone(), text, band.span)?;
            if let ExprKind::Text(text) = &text.kind
                && let Some(first) = seen.insert(text.clone(), band.span)
            {
                let message = format!("\"{text}\" belongs to two bands");
                self.found.push(repeated(code::BANDS, message, band.span, first).help("keep it in one of the two"));
                return None;
            }
            conditions.push(comparison(CompareOp::Eq, one.clone(), text.clone()));
            others.push(comparison(CompareOp::Ne, one, text));
        }
        conditions.push(all_of(others));
        Some(conditions)
    }

    /// The last band, and those before it.
    fn bands(&mut self, written: &'w ast::Groups, like: &str) -> Option<(&'w ast::Band, &'w [ast::Band])> {
        let Some((last, bounded)) = written.bands.split_last().filter(|(_, before)| !before.is_empty()) else {
            let message = format!("`{}` needs bands, or every single value would be a group", written.name.value);
            let help = format!("write them in order, the last one without an end: `bands {like}, \"the rest\"`");
            self.found.push(Diagnostic::new(code::GROUPS, written.value.span, message).help(help));
            return None;
        };
        if last.bound.is_some() {
            let message = format!("values after \"{}\" belong to no band", last.title.value);
            let help = "add a last band without an end, which takes all that is left: `\"16 and over\"`, `\"other\"`";
            self.found.push(Diagnostic::new(code::BANDS, last.span, message).help(help));
            return None;
        }
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for band in &written.bands {
            let title = band.title.value.as_str();
            if let Some(first) = seen.insert(title, band.span) {
                let message = format!("two bands are called \"{title}\"");
                self.found.push(repeated(code::BANDS, message, band.span, first).help("give each its own name"));
                return None;
            }
            self.can_be_called(title, band.title.span)?;
        }
        Some((last, bounded))
    }

    /// Refuses names that groups cannot have.
    fn can_be_called(&mut self, title: &str, span: Span) -> Option<()> {
        if title != NOT_KNOWN && !title.contains(CROSSED) && !title.trim().is_empty() {
            return Some(());
        }
        let message = format!("no band can be called \"{title}\"");
        let help = format!(
            "\"{NOT_KNOWN}\" is the group of rows whose value is missing, and `{}` joins the names of two groups",
            CROSSED.trim()
        );
        self.found.push(Diagnostic::new(code::BANDS, span, message).help(help));
        None
    }

    /// What the values of a band before the last one compare with.
    fn bound(&mut self, band: &'w ast::Band, last: &ast::Band) -> Option<(Spanned<Written>, &'w Bound)> {
        if let Some((op, bound)) = &band.bound {
            return Some((op.clone(), bound));
        }
        let message =
            format!("\"{}\" takes all that is left, so no value falls into the bands after it", band.title.value);
        let finding = Diagnostic::new(code::BANDS, band.span, message).also(last.span, "the last band");
        self.found.push(finding.help("say which values belong to it; only the last band takes what is left"));
        None
    }
}

/// The row that a cohort's row leads to, by which it is grouped: of a level that the attribution
/// reaches the holder, else the row at the end of the links.
fn grouped(model: &Model, cohort: TableId, attribution: &Attribution, table: TableId) -> Option<Place> {
    let place = |links: Vec<ColumnId>| {
        let missing = model.may_lead_nowhere(cohort, &links);
        Place { row: RowId::COHORT, links, table, missing }
    };
    let level = model.levels.iter().position(|level| level.table == Some(table));
    match level.filter(|level| *level <= attribution.level) {
        None => model.way(cohort, table).map(place),
        Some(level) => Some(match undated(model, attribution, level) {
            Some(links) => place(links),
            None => Place { row: RowId::holder(table), links: Vec::new(), table, missing: true },
        }),
    }
}

/// The links by which an attribution reaches a level, where none of them is dated.
fn undated(model: &Model, attribution: &Attribution, level: usize) -> Option<Vec<ColumnId>> {
    let above = model.levels.get(level + 1..=attribution.level)?.iter().rev().map(|level| level.up);
    let steps = attribution.steps.iter().copied().map(Some).chain(above);
    steps.map(|step| if let Some(Step::Link(column)) = step { Some(column) } else { None }).collect()
}

/// The texts of a value that conditions choose, in the order in which they are written, each once;
/// nothing of a value that may be another.
fn chosen_texts(value: &Expr) -> Option<Vec<&str>> {
    if let ExprKind::Text(text) = &value.kind {
        return Some(vec![text]);
    }
    let [_, then, otherwise] = value.call(Function::IfElse)? else { return None };
    let mut texts = chosen_texts(then)?;
    for text in chosen_texts(otherwise)? {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Some(texts)
}

/// The written text that a condition compares with.
fn written_text(condition: &Expr) -> Option<String> {
    let ExprKind::Compare { right, .. } = &condition.kind else { return None };
    if let ExprKind::Text(text) = &right.kind { Some(text.clone()) } else { None }
}

/// Whether a code is this word of its list.
fn is_word(value: &Expr, word: u16) -> Expr {
    let kind = ExprKind::InCodes { value: Box::new(value.clone()), codes: vec![word] };
    let missing = if value.missing == Missing::Never { Missing::Never } else { Missing::Unknown };
    Expr { kind, ty: Ty::Bool, missing, at: At::default() }
}

/// An expression in which the day of attribution stands for `at`. An end that is still open is not
/// known there.
fn attributed(e: &Expr, at: &Expr) -> Expr {
    if matches!(e.kind, ExprKind::Column { row: AT, .. }) {
        let missing = if at.missing == Missing::Never { Missing::Never } else { Missing::Unknown };
        return Expr { missing, ..at.clone() };
    }
    Expr { kind: e.kind_with(&|inner| attributed(inner, at)), ..*e }
}
