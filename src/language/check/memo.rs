//! What was found out about indicators and tests at the last check, to be taken over at the next.
//!
//! What an indicator means follows from its own tree, from the declarations that every indicator
//! may name, and from what was asked about names that could not be read. What a test means follows
//! from its own tree, from the same declarations, from the indicator that it is of, and from the
//! columns with targets. An answer is taken over where all of these are equal, with every place in
//! the text; the trees themselves are compared, and no hash of them. Everything else is worked out
//! at each check: it takes little time, or speaks of all texts together.
//!
//! The memo is a part of what was checked, and what was checked is moved, and not copied.

use super::indicator::Checked;
use super::references::Names;
use super::said::Said;
use super::unread::{Answers, Unread};
use crate::diag::Diagnostics;
use crate::ir::{self, Grouped, Program};
use crate::model::Targets;
use crate::source::Span;
use crate::syntax::ast::{self, Ast, Item};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The answers of the last check.
#[derive(Debug, Clone, Default)]
pub(super) struct Memo {
    /// The declarations that every indicator and test may name.
    shared: Vec<Item>,
    /// What these asked about names that could not be read.
    asked: Answers,
    /// By name.
    indicators: BTreeMap<String, Known<ast::Indicator, KnownIndicator>>,
    /// The columns with targets.
    targets: Vec<Targets>,
    /// By place.
    tests: BTreeMap<Span, Known<(ast::Test, Option<u64>), KnownTest>>,
    /// What was checked, as long as the next check has not taken it over.
    last: Last,
    /// The number of this check.
    round: u64,
    /// The number of indicators that were worked out so far.
    worked_out: u64,
    /// The number of indicators and of tests that this check has worked out.
    anew: (usize, usize),
}

/// What was checked, by the number of the hierarchy and the name or the place.
#[derive(Debug, Clone, Default)]
struct Last {
    indicators: BTreeMap<(usize, String), ir::Indicator>,
    said: BTreeMap<String, Vec<Said>>,
    tests: BTreeMap<(usize, Span), ir::Test>,
}

/// An answer, and what it follows from.
#[derive(Debug, Clone)]
struct Known<K, T> {
    from: K,
    /// What was asked about names that could not be read.
    asked: Answers,
    answer: T,
    /// When it was worked out: two answers about one indicator with one number are the same.
    number: u64,
    /// The check in which it was asked for last.
    round: u64,
}

/// What an indicator means in each hierarchy in which it is shown, by the number of the hierarchy;
/// nothing when it has a mistake.
#[derive(Debug, Default)]
pub(super) struct OfIndicator {
    pub(super) checked: Option<Vec<(usize, Checked)>>,
    pub(super) names: Names,
    pub(super) found: Diagnostics,
}

/// How the rows of an indicator fall into groups, by the number of the hierarchy.
type GroupsByHierarchy = Vec<(usize, BTreeMap<usize, Option<Arc<Grouped>>>)>;

/// The same without the indicators, which are part of the program.
#[derive(Debug, Clone)]
struct KnownIndicator {
    groups: Option<GroupsByHierarchy>,
    names: Names,
    found: Diagnostics,
}

/// What a test expects in each hierarchy, by the number of the hierarchy.
#[derive(Debug, Default)]
pub(super) struct OfTest {
    pub(super) tests: Vec<(usize, ir::Test)>,
    pub(super) names: Names,
    pub(super) found: Diagnostics,
}

/// The same without the tests, which are part of the program: the numbers of the hierarchies.
#[derive(Debug, Clone)]
struct KnownTest {
    numbers: Vec<usize>,
    names: Names,
    found: Diagnostics,
}

impl Memo {
    /// The memo of a check with what was checked: nothing of it is taken over without the other.
    pub(super) fn of(before: super::Checked) -> Self {
        let super::Checked { program, said, mut memo, .. } = before;
        memo.last = Last { said, ..Last::default() };
        let Program { further, indicators, tests, .. } = program;
        let further = further.into_iter().map(|program| (program.indicators, program.tests));
        for (number, (indicators, tests)) in std::iter::once((indicators, tests)).chain(further).enumerate() {
            memo.last.indicators.extend(indicators.into_iter().map(|of| ((number, of.id.clone()), of)));
            memo.last.tests.extend(tests.into_iter().map(|of| ((number, of.span), of)));
        }
        memo
    }

    /// Begins a check, and forgets the last one where what is shared has changed. What is shared
    /// has been looked at: what it asked about unread names is known.
    pub(super) fn begin(&mut self, files: &[Ast], unread: &Unread) {
        self.round += 1;
        self.anew = (0, 0);
        let now_asked = unread.take_asked();
        let shared = || files.iter().flat_map(|file| &file.items).filter(|item| item.is_of_model());
        if shared().eq(&self.shared) && unread.answers(&self.asked) {
            return;
        }
        self.indicators.clear();
        self.tests.clear();
        self.shared = shared().cloned().collect();
        self.asked = now_asked;
    }

    /// What an indicator means, with the clauses that it takes over.
    pub(super) fn indicator(
        &mut self,
        of: &ast::Indicator,
        unread: &Unread,
        work_out: impl FnOnce() -> OfIndicator,
    ) -> OfIndicator {
        let name = &of.name.value;
        if let Some(known) = self.indicators.get_mut(name)
            && known.from == *of
            && unread.answers(&known.asked)
            && let Some(checked) = self.last.checked(name, known.answer.groups.as_ref())
        {
            known.round = self.round;
            let KnownIndicator { names, found, .. } = known.answer.clone();
            return OfIndicator { checked, names, found };
        }
        unread.take_asked();
        let answer = work_out();
        self.worked_out += 1;
        self.anew.0 += 1;
        let groups = |(number, checked): &(usize, Checked)| (*number, checked.groups.clone());
        let groups = answer.checked.as_ref().map(|checked| checked.iter().map(groups).collect());
        let known = Known {
            from: of.clone(),
            asked: unread.take_asked(),
            answer: KnownIndicator { groups, names: answer.names.clone(), found: answer.found.clone() },
            number: self.worked_out,
            round: self.round,
        };
        self.indicators.insert(name.clone(), known);
        answer
    }

    /// All indicators have been asked for, and these are the columns with targets.
    pub(super) fn turn_to_tests(&mut self, targets: &[Targets]) {
        let round = self.round;
        self.indicators.retain(|_, known| known.round == round);
        if self.targets != targets {
            self.tests.clear();
            targets.clone_into(&mut self.targets);
        }
    }

    /// What a test of a declared indicator means. The place of the indicator among the others may
    /// be another than at the last check: `place` gives it, by the number of the hierarchy.
    pub(super) fn test(
        &mut self,
        of: &ast::Test,
        unread: &Unread,
        place: impl Fn(usize) -> Option<usize>,
        work_out: impl FnOnce() -> OfTest,
    ) -> OfTest {
        let indicator = self.indicators.get(&of.indicator.value).map(|known| known.number);
        if let Some(known) = self.tests.get_mut(&of.span)
            && known.from.1 == indicator
            && known.from.0 == *of
            && unread.answers(&known.asked)
            && let Some(tests) = self.last.tests(of.span, &known.answer.numbers, place)
        {
            known.round = self.round;
            let KnownTest { names, found, .. } = known.answer.clone();
            return OfTest { tests, names, found };
        }
        unread.take_asked();
        let answer = work_out();
        self.anew.1 += 1;
        let numbers = answer.tests.iter().map(|(number, _)| *number).collect();
        let known = Known {
            from: (of.clone(), indicator),
            asked: unread.take_asked(),
            answer: KnownTest { numbers, names: answer.names.clone(), found: answer.found.clone() },
            number: 0,
            round: self.round,
        };
        self.tests.insert(of.span, known);
        answer
    }

    /// The number of indicators and of tests that the last check has worked out.
    pub(super) fn anew(&self) -> (usize, usize) {
        self.anew
    }

    /// Ends a check: what was not asked for is forgotten.
    pub(super) fn end(&mut self) {
        let round = self.round;
        self.tests.retain(|_, known| known.round == round);
        self.last = Last::default();
    }
}

impl Last {
    /// An indicator in each hierarchy; `None` when it is not there.
    fn checked(&mut self, name: &str, groups: Option<&GroupsByHierarchy>) -> Option<Option<Vec<(usize, Checked)>>> {
        let Some(groups) = groups else { return Some(None) };
        // Kept of the first hierarchy alone.
        let first = groups.iter().map(|(number, _)| *number).min();
        let checked = |(number, groups): &(usize, BTreeMap<_, _>)| {
            let indicator = self.indicators.remove(&(*number, name.to_owned()))?;
            let said = if first == Some(*number) { self.said.remove(name)? } else { Vec::new() };
            Some((*number, Checked { indicator, groups: groups.clone(), said }))
        };
        Some(Some(groups.iter().map(checked).collect::<Option<_>>()?))
    }

    /// A test in each of these hierarchies; `None` when it is not there.
    fn tests(
        &mut self,
        span: Span,
        numbers: &[usize],
        place: impl Fn(usize) -> Option<usize>,
    ) -> Option<Vec<(usize, ir::Test)>> {
        let test = |number: &usize| {
            let test = self.tests.remove(&(*number, span))?;
            Some((*number, ir::Test { indicator: place(*number)?, ..test }))
        };
        numbers.iter().map(test).collect()
    }
}
