//! What indicators have to do with each other, with tables, scorecards and plans.

use super::World;
use super::code::table_around;
use crate::check::references::{DeclarationId, Kind};
use crate::ide::Definitions;
use crate::ir::{Indicator, Program};
use crate::report::catalog::{Link, Links};
use crate::syntax::ast::{self, Item};
use std::collections::{BTreeMap, BTreeSet};

impl World<'_> {
    /// The tables that an indicator reads, with its columns, in the order of their names.
    pub(super) fn reads(&self, of: &Indicator) -> Vec<Link> {
        let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for program in self.program.hierarchies() {
            let Some(number) = program.indicators.iter().position(|other| other.id == of.id) else { continue };
            for (table, columns) in program.reads([number]) {
                let table = program.model.table(table);
                let names = columns.iter().map(|column| table.column(*column).name.as_str());
                all.entry(&table.name).or_default().extend(names);
            }
        }
        let link = |(table, columns): (&str, BTreeSet<&str>)| Link {
            name: table.to_owned(),
            page: self.pages.of_table(table),
            note: columns.into_iter().collect::<Vec<_>>().join(", "),
        };
        all.into_iter().map(link).collect()
    }

    /// A link to the page of an indicator.
    pub(super) fn link(&self, id: &str, note: String) -> Link {
        let of = self.indicators.iter().find(|of| of.id == id);
        let name = of.map_or(id, |of| of.about.title.as_str());
        Link { name: name.to_owned(), page: self.pages.of_indicator(id), note }
    }

    /// The scorecards that show an indicator: their names and titles.
    pub(super) fn scorecards(&self, of: &Indicator) -> BTreeSet<(String, String)> {
        let shows = |program: &Program, number: &usize| program.indicators.get(*number).is_some_and(|i| i.id == of.id);
        let all = self.program.hierarchies().flat_map(|program| program.scorecards.iter().map(move |s| (program, s)));
        let showing = all.filter(|(program, card)| card.indicators.iter().any(|number| shows(program, number)));
        showing.map(|(_, card)| (card.name.clone(), card.title.clone())).collect()
    }

    /// Everything else that an indicator has to do with, by heading.
    pub(super) fn links(&self, of: &Indicator) -> Vec<Links> {
        let scorecards = self.scorecards(of).into_iter();
        let scorecards =
            scorecards.map(|(name, title)| Link { name: title, page: String::new(), note: name }).collect();
        let all = [
            ("Scorecards that show it", scorecards),
            ("It says what this one says, but for its own clauses", self.like(of)),
            ("Others that say what it says, but for their own clauses", self.alike(of)),
            ("Others that use the same notions", self.sharing(of)),
            ("Plans to move it", self.plans(of)),
        ];
        let some = all.into_iter().filter(|(_, links)| !links.is_empty());
        some.map(|(heading, links)| Links { heading: heading.to_owned(), links }).collect()
    }

    fn written(&self) -> impl Iterator<Item = &ast::Indicator> {
        written(&self.editor)
    }

    fn like(&self, of: &Indicator) -> Vec<Link> {
        let own = self.written().filter(|written| written.name.value == of.id);
        own.filter_map(|written| written.like.as_ref()).map(|like| self.link(&like.value, String::new())).collect()
    }

    fn alike(&self, of: &Indicator) -> Vec<Link> {
        let is_like = |written: &&ast::Indicator| written.like.as_ref().is_some_and(|like| like.value == of.id);
        self.written().filter(is_like).map(|written| self.link(&written.name.value, String::new())).collect()
    }

    fn plans(&self, of: &Indicator) -> Vec<Link> {
        let is_of_it =
            |program: &Program, number: usize| program.indicators.get(number).is_some_and(|other| other.id == of.id);
        let all = self.program.hierarchies().flat_map(|program| program.plans.iter().map(move |plan| (program, plan)));
        let plans = all.filter(|(program, plan)| is_of_it(program, plan.indicator));
        plans
            .map(|(_, plan)| Link { name: plan.name.clone(), page: String::new(), note: plan.because.clone() })
            .collect()
    }

    /// The other indicators whose texts use notions that this one's uses, each with these.
    fn sharing(&self, of: &Indicator) -> Vec<Link> {
        let Some(notions) = self.notions.get(&of.id) else { return Vec::new() };
        let references = self.editor.references();
        let others = self.notions.iter().filter(|(id, _)| **id != of.id);
        let shared = others.filter_map(|(id, of_other)| {
            let names = of_other.intersection(notions).filter_map(|id| references.declaration(*id));
            let names: BTreeSet<&str> = names.map(|of| of.name.as_str()).collect();
            let note = names.into_iter().collect::<Vec<_>>().join(", ");
            (!note.is_empty()).then(|| self.link(id, note))
        });
        let mut shared: Vec<Link> = shared.collect();
        shared.sort();
        shared
    }
}

/// The indicators as they are written.
fn written(editor: &Definitions) -> impl Iterator<Item = &ast::Indicator> {
    let items = editor.asts().iter().flat_map(|ast| &ast.items);
    items.filter_map(|item| match item {
        Item::Indicator(written) => Some(written),
        // No other declaration is an indicator.
        _ => None,
    })
}

/// The names that the model gives to words, rows and conditions, as far as the text of each
/// indicator uses them, by its id.
pub(super) fn notions(editor: &Definitions) -> BTreeMap<String, BTreeSet<DeclarationId>> {
    let references = editor.references();
    let is_notion = |id: &DeclarationId| {
        references.declaration(*id).is_some_and(|of| match of.kind {
            Kind::Rows | Kind::Codes => true,
            // One that stands in a table is a column like others.
            Kind::Derived => table_around(editor, of.span).is_none(),
            Kind::Table
            | Kind::Level
            | Kind::Key
            | Kind::Column
            | Kind::Link
            | Kind::DatedLink
            | Kind::BackLink
            | Kind::Rule
            | Kind::Days
            | Kind::LastDay
            | Kind::Word
            | Kind::Indicator
            | Kind::Scorecard
            | Kind::Plan
            | Kind::Hierarchy
            | Kind::Domain
            | Kind::Groups
            | Kind::Let
            | Kind::Alias => false,
        })
    };
    let of_one = |written: &ast::Indicator| {
        let places = references.places_in(written.span.file).iter();
        let used = places.filter(|of| of.span.is_inside(written.span)).map(|of| of.declaration);
        (written.name.value.clone(), used.filter(is_notion).collect())
    };
    written(editor).map(of_one).collect()
}
