//! The names outside expressions: what is declared in models, scorecards and tests, and what is
//! spoken of there.

use super::declared::Declared;
use super::keys::{declares, list, spans_word};
use super::references::{Key, Kind, Names};
use super::types::{Place, words};
use super::world::{Member, World};
use crate::ir::{RowId, Ty, WordList};
use crate::model::{ColumnType, Counted, TableId};
use crate::source::Spanned;
use crate::syntax::ast::{self, Clause, Expect, KnownWith, Name};

/// All declarations outside expressions, and the names that mean them there; of tests, the
/// indicator alone.
pub(super) fn gather(world: &World, declared: &Declared, names: &mut Names) {
    let mut gatherer = Gatherer { world, names };
    gatherer.levels_and_domains(declared);
    for (number, table) in declared.tables.iter().enumerate() {
        gatherer.table(TableId(number as u16), table);
    }
    for codes in &declared.codes {
        gatherer.names.declare(Kind::Codes, codes.name, None);
    }
    for rows in &declared.rows {
        let table = world.keys.table_named(&rows.table.value);
        gatherer.means(rows.table, table);
        // Those of a table are declared where their condition is typed.
        if table.is_none() {
            gatherer.names.declare(Kind::Rows, rows.name, None);
        }
    }
    for groups in &declared.groups {
        gatherer.means(&groups.table, world.keys.table_named(&groups.table.value));
    }
    for define in &declared.defines {
        gatherer.means(&define.table, world.keys.table_named(&define.table.value));
    }
    if let Some((table, column)) = declared.business.first().and_then(|days| days.except.as_ref()) {
        gatherer.means(table, world.keys.table_named(&table.value));
        gatherer.member_of(table, column);
    }
    declared.indicators.iter().for_each(|indicator| gatherer.indicator(indicator));
    declared.scorecards.iter().for_each(|scorecard| gatherer.scorecard(scorecard));
    declared.plans.iter().for_each(|plan| gatherer.plan(plan));
    for test in &declared.tests {
        gatherer.means(&test.indicator, world.keys.indicator(&test.indicator.value));
    }
}

/// The names in a test that are declared in the model.
pub(super) fn of_test(world: &World, test: &ast::Test, names: &mut Names) {
    Gatherer { world, names }.test(test);
}

struct Gatherer<'g, 'a> {
    world: &'g World<'a>,
    names: &'g mut Names,
}

impl Gatherer<'_, '_> {
    fn means(&mut self, name: &Name, meaning: Option<Key>) {
        if let Some(meaning) = meaning {
            self.names.refer(name.span, meaning);
        }
    }

    /// A name on a row of the table of another name.
    fn member_of(&mut self, table: &Name, name: &Name) {
        if let Some(id) = self.world.tables.get(table.value.as_str()) {
            self.means(name, self.world.keys.member(*id, &name.value));
        }
    }

    fn levels_and_domains(&mut self, declared: &Declared) {
        for line in &declared.levels {
            if let Some(name) = &line.name {
                self.names.declare(Kind::Hierarchy, name, None);
            }
            let Some((whole, below)) = line.levels.split_first() else { continue };
            let first = self.world.keys.level(&whole.value);
            if first == Some((whole.span, Kind::Level)) {
                self.names.declare(Kind::Level, whole, None);
            } else {
                self.means(whole, first);
            }
            below.iter().for_each(|level| self.means(level, self.world.keys.table_named(&level.value)));
        }
        for (name, _) in &declared.domains {
            self.names.declare(Kind::Domain, name, None);
        }
    }

    fn table(&mut self, id: TableId, table: &ast::Table) {
        self.names.declare(Kind::Table, &table.name, None);
        if let Some(span) = spans_word(table) {
            let member = |name: &str| Spanned::new(name.to_owned(), span);
            self.names.declare(Kind::Days, &member("days"), Some(words(self.world, Ty::Length(Counted::Days))));
            self.names.declare(Kind::LastDay, &member("last_day"), Some(words(self.world, Ty::Date)));
        }
        if let Some((of, column)) = &table.words_of {
            self.means(of, self.world.keys.table_named(&of.value));
            self.member_of(of, column);
        }
        for line in &table.members {
            self.line(id, line);
        }
    }

    fn line(&mut self, table: TableId, line: &ast::Member) {
        // The types of derived columns and rules are known once they are typed.
        let typed_later = |kind| matches!(kind, Kind::Derived | Kind::Rule);
        if let Some((name, kind)) = declares(line).filter(|(_, kind)| !typed_later(*kind)) {
            self.names.declare(kind, name, self.type_of(table, name));
        }
        for word in list(line).into_iter().flat_map(|(_, words)| words) {
            let name = list(line).map(|(name, _)| format!("a word of `{}`", name.value));
            self.names.declare(Kind::Word, word, name);
        }
        let own: Vec<&Name> = match line {
            ast::Member::Key { .. }
            | ast::Member::Derived { .. }
            | ast::Member::Rule { .. }
            | ast::Member::Attribute { .. } => Vec::new(),
            ast::Member::Column { known, joined, .. } => {
                if let Some(joined) = joined {
                    self.means(&joined.table, self.world.keys.table_named(&joined.table.value));
                    self.member_of(&joined.table, &joined.column);
                }
                day(known.as_ref()).into_iter().collect()
            }
            ast::Member::Link { target, through, known, .. } => {
                self.means(target, self.world.keys.table_named(&target.value));
                through.iter().for_each(|by| self.means(by, self.world.keys.table_named(&by.value)));
                day(known.as_ref()).into_iter().collect()
            }
            ast::Member::Back { table, via, .. } => {
                self.means(table, self.world.keys.table_named(&table.value));
                via.iter().for_each(|via| self.member_of(table, via));
                Vec::new()
            }
            ast::Member::Spans { from, until, .. } => vec![from, until],
            ast::Member::Peers { column, .. } | ast::Member::Begins { column, .. } => vec![column],
        };
        own.into_iter().for_each(|name| self.means(name, self.world.keys.member(table, &name.value)));
    }

    /// What a member of a table holds, in words.
    fn type_of(&self, id: TableId, name: &Name) -> Option<String> {
        let table = self.world.model.table(id);
        let row = |table| words(self.world, Ty::Row(table));
        match self.world.member(id, &name.value)? {
            Member::Column(column) => {
                Some(words(self.world, Place::of(RowId::COHORT, id).column(self.world, column).ty))
            }
            Member::Back(back) => {
                table.backs.get(back).map(|back| format!("rows of `{}`", self.world.table_name(back.table)))
            }
            Member::Dated(link) => table.dated.get(link).map(|link| row(link.target)),
            Member::Derived(..) | Member::Days | Member::LastDay | Member::Broken => None,
        }
    }

    fn indicator(&mut self, indicator: &ast::Indicator) {
        self.names.declare(Kind::Indicator, &indicator.name, None);
        if let Some(like) = &indicator.like {
            self.means(like, self.world.keys.indicator(&like.value));
        }
        for clause in &indicator.clauses {
            if let Clause::Domain(name) = &clause.value {
                self.means(name, self.world.keys.domain(&name.value));
            }
            if let Clause::Cohort(cohort) = &clause.value {
                let (keys, name) = (&self.world.keys, &cohort.table);
                self.means(name, keys.table_named(&name.value).or_else(|| keys.rows(&name.value)));
            }
        }
    }

    fn scorecard(&mut self, scorecard: &ast::Scorecard) {
        self.names.declare(Kind::Scorecard, &scorecard.name, None);
        for (domain, indicators) in &scorecard.rows {
            self.means(domain, self.world.keys.domain(&domain.value));
            indicators.iter().for_each(|name| self.means(name, self.world.keys.indicator(&name.value)));
        }
        scorecard.split_by.iter().for_each(|name| self.means(name, self.world.keys.groups(&name.value)));
    }

    fn plan(&mut self, plan: &ast::Plan) {
        self.names.declare(Kind::Plan, &plan.name, None);
        self.means(&plan.indicator, self.world.keys.indicator(&plan.indicator.value));
        for line in &plan.lines {
            if let ast::PlanLine::Entity { level, id } = &line.value {
                self.means(level, self.world.keys.level(&level.value));
                id.iter().for_each(|id| self.word_of(level, id));
            }
        }
    }

    fn test(&mut self, test: &ast::Test) {
        test.tables.iter().for_each(|drawn| self.drawn(drawn));
        for expect in &test.expects {
            if let Expect::Window { of: Some(of), .. } | Expect::NotObservable { of: Some(of), .. } = &expect.value {
                self.means(&of.level, self.world.keys.level(&of.level.value));
                self.word_of(&of.level, &of.id);
            }
            if let Expect::Window { group: Some(of), .. } | Expect::NotObservable { group: Some(of), .. } =
                &expect.value
            {
                self.means(&of.breakdown, self.world.keys.groups(&of.breakdown.value));
            }
        }
    }

    /// An entity of a level that is made of words.
    fn word_of(&mut self, level: &Name, id: &Name) {
        let model = &self.world.model;
        let Some((table, column)) = model.find_table(&level.value).and_then(|table| model.table(table).words_of) else {
            return;
        };
        let place = self.world.word(WordList::Column(table, column), &id.value);
        self.means(id, place.and_then(|place| self.world.keys.word(table, column, place)));
    }

    fn drawn(&mut self, drawn: &ast::DrawnTable) {
        self.means(&drawn.table, self.world.keys.table_named(&drawn.table.value));
        drawn.columns.iter().for_each(|column| self.member_of(&drawn.table, column));
        let Some(id) = self.world.tables.get(drawn.table.value.as_str()).copied() else { return };
        for (at, name) in drawn.columns.iter().enumerate() {
            let column = self.world.column(id, &name.value);
            let is_list = |c| matches!(self.world.model.table(id).column(c).ty, ColumnType::Codes(_));
            let Some(column) = column.filter(|c| is_list(*c)) else { continue };
            for cell in drawn.rows.iter().filter_map(|row| row.value.get(at)) {
                let place = self.world.word(WordList::Column(id, column), &cell.value);
                self.means(cell, place.and_then(|place| self.world.keys.word(id, column, place)));
            }
        }
    }
}

fn day(known: Option<&KnownWith>) -> Option<&Name> {
    known.and_then(|known| known.day.as_ref())
}
