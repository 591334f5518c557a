//! Suppression: hides cells so that no person can be recognised (primary suppression), and as many
//! others as it takes that no hidden figure can be worked out from the rest (complementary
//! suppression).
//!
//! A cell is hidden when a count it would show is small: more than 0 and below the limit. Figures
//! of one window add up: the figure of an entity is the sum of those of its children. So the rules
//! hold over all levels, whether they are shown or not:
//!
//! - hidden figures that a sum gives away together are 0, or not small and not all of a few rows.
//!   Where they are not, the next smallest beside them is hidden, too.
//! - of a hidden entity, at least one of those below is hidden.
//! - sums put into each other, down to the smallest entities that are hidden, give away no small
//!   figure either, nor that each of them has one row.
//!
//! These are the rules of California's Data De-Identification Guidelines (4.4.1), applied to every
//! count of a cell and through all levels. An entity that reported to several parents in the window
//! is always suppressed, and counts as one suppressed entity under each parent; so the hierarchy
//! stays a tree.
//!
//! Each window is suppressed by itself, which is enough for windows that share no rows. All others,
//! and those that can still change, are suppressed altogether (see [`super::apart`]).

use super::apart;
use super::cell::State;
use super::judge::Table;
use crate::counts::{CountRow, Counts, Measured};
use crate::hierarchy::Hierarchy;
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::ir::{Measure, Program};
use yardstick_language::measures::Summary;

/// Siblings with at most this number each are known well enough from their sum, however large it
/// is.
pub(super) const FEW: u64 = 3;

/// Suppresses the cells of an indicator's table; `limit` is the smallest count that may be shown.
/// `measured` are the counts from which the table was built.
pub fn hide(program: &Program, hierarchy: &Hierarchy, measured: &Measured, limit: u64, table: &mut Table) {
    let Some(indicator) = program.indicators.get(table.indicator) else { return };
    table.hide_under = Some(limit);
    for window in 0..table.windows.len() {
        let column = &table.windows[window];
        if !apart::is_apart(indicator, column.window) || column.may_change() {
            let all = 0..hierarchy.entities.len();
            table.withheld.extend(all.map(|entity| ((entity, window), State::Suppressed)));
            continue;
        }
        let mut tree = Tree::default();
        for part in measured.parts.iter().filter(|part| part.window == window && part.counts.denominator > 0) {
            let different = part.value.filter(|_| matches!(indicator.measure, Measure::Distinct(_)));
            tree.add(&chain(hierarchy, part), &figures(&indicator.measure, &part.counts), different);
        }
        tree.hide(limit);
        let hidden = tree.nodes.iter().filter(|node| node.hidden);
        table.withheld.extend(hidden.map(|node| ((node.entity, window), State::Suppressed)));
    }
}

/// The holders of a count row, from the whole down. Where every level is measured by itself,
/// nothing adds up, and there is only the holder at that level.
pub(super) fn chain(hierarchy: &Hierarchy, part: &CountRow) -> Vec<usize> {
    let own = |level: &usize| part.level.is_none_or(|own| own == *level);
    (0..hierarchy.levels.len()).filter(own).filter_map(|level| hierarchy.holder_of(level, &part.entities)).collect()
}

/// The counts that a cell gives away: all rows, met, not met, known, events. Each is the sum of
/// those of the children.
pub(super) type CellCounts = [u64; 5];

/// The index of the events among these counts; of a count of different rows, of their number. It is
/// no sum of those of the children, but gives as much away.
const EVENTS: usize = 4;

/// The index of all rows among these counts.
pub(super) const ROWS: usize = 0;

pub(super) fn figures(measure: &Measure, counts: &Counts) -> CellCounts {
    let rest = |of: u64| counts.denominator.saturating_sub(of);
    let events = match measure.kind().summary() {
        Summary::Events => counts.amount.unsigned_abs(),
        Summary::MetOfRows | Summary::SumOfValues | Summary::Values => 0,
    };
    [counts.denominator, counts.met, rest(counts.met), rest(counts.undetermined), events]
}

pub(super) fn is_small(figure: u64, limit: u64) -> bool {
    figure > 0 && figure < limit
}

/// Adds figures to others.
pub(super) fn add(sum: &mut CellCounts, figures: &CellCounts) {
    sum.iter_mut().zip(figures).for_each(|(sum, n)| *sum += n);
}

/// The rows of one window: each node what an entity has of the rows of the one above it.
#[derive(Debug, Default)]
struct Tree {
    /// The whole first; every node after the one above it.
    nodes: Vec<Node>,
    /// The index of each node, by its parent and its entity.
    places: BTreeMap<(Option<usize>, usize), usize>,
}

#[derive(Debug, Default)]
struct Node {
    entity: usize,
    figures: CellCounts,
    /// Of a count of different rows: these rows.
    different: BTreeSet<i64>,
    below: Vec<usize>,
    hidden: bool,
}

impl Tree {
    /// Adds rows to all who hold them, from the whole down.
    fn add(&mut self, chain: &[usize], figures: &CellCounts, different: Option<i64>) {
        let mut above: Option<usize> = None;
        for &entity in chain {
            let new = self.nodes.len();
            let at = *self.places.entry((above, entity)).or_insert(new);
            if at == new {
                self.nodes.push(Node { entity, ..Node::default() });
                if let Some(above) = above {
                    self.nodes[above].below.push(new);
                }
            }
            add(&mut self.nodes[at].figures, figures);
            self.nodes[at].different.extend(different);
            above = Some(at);
        }
    }

    fn hide(&mut self, limit: u64) {
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        self.nodes.iter().for_each(|node| *places.entry(node.entity).or_default() += 1);
        for node in &mut self.nodes {
            if !node.different.is_empty() {
                node.figures[EVENTS] = node.different.len() as u64;
            }
            let small = node.figures.iter().any(|&n| is_small(n, limit));
            node.hidden = small || places.get(&node.entity).is_some_and(|&places| places > 1);
        }
        // From the whole down, until nothing is left to hide.
        while (0..self.nodes.len()).filter(|&at| self.close(at, limit)).count() > 0 {}
    }

    /// Hides what lies below a node and would give away what is hidden there; whether there was
    /// something.
    fn close(&mut self, at: usize, limit: u64) -> bool {
        let mut any = false;
        while let Some(next) = self.next(at, limit) {
            self.nodes[next].hidden = true;
            any = true;
        }
        any
    }

    /// The next to be hidden below a node, or the node itself when nobody is left.
    fn next(&self, at: usize, limit: u64) -> Option<usize> {
        let node = self.nodes.get(at)?;
        let hidden: Vec<usize> = self.hidden_of(&node.below);
        if node.hidden {
            let bare = hidden.is_empty() && !node.below.is_empty();
            return if bare { self.smallest(&node.below, ROWS) } else { None };
        }
        if let Some(lack) = self.lack(&hidden, limit).or_else(|| self.few(&hidden)) {
            return self.smallest(&node.below, lack).or(Some(at));
        }
        // The sums of all that are hidden below it, put into its own.
        let (mut last, mut reached) = (Vec::new(), node.below.clone());
        let mut open = hidden;
        while let Some(at) = open.pop() {
            match self.nodes[at].below.as_slice() {
                [] => last.push(at),
                below => {
                    reached.extend(below);
                    open.extend(self.hidden_of(below));
                }
            }
        }
        let lack = self.lack(&last, limit)?;
        let lowest: Vec<usize> = reached.iter().copied().filter(|&at| self.nodes[at].below.is_empty()).collect();
        self.smallest(&lowest, lack).or_else(|| self.smallest(&reached, lack)).or(Some(at))
    }

    fn hidden_of(&self, nodes: &[usize]) -> Vec<usize> {
        nodes.iter().copied().filter(|&at| self.nodes[at].hidden).collect()
    }

    /// What is wrong with hidden nodes whose figures are known together: the place of a figure that
    /// is small, or all rows when each must have one, since who has none is shown.
    fn lack(&self, hidden: &[usize], limit: u64) -> Option<usize> {
        let mut total = CellCounts::default();
        for figures in hidden.iter().map(|&at| &self.nodes[at].figures) {
            add(&mut total, figures);
        }
        let one_each = total[ROWS] > 0 && total[ROWS] <= hidden.len() as u64;
        total.iter().position(|&sum| is_small(sum, limit)).or(one_each.then_some(ROWS))
    }

    /// The place of a figure of which hidden nodes beside each other have a few each.
    fn few(&self, hidden: &[usize]) -> Option<usize> {
        let most = |figure: usize| hidden.iter().map(|&at| self.nodes[at].figures[figure]).max();
        (0..CellCounts::default().len()).find(|&figure| most(figure).is_some_and(|most| most > 0 && most <= FEW))
    }

    /// The one that is shown with the fewest rows, among those that have some of this figure or,
    /// where none has, among all.
    fn smallest(&self, of: &[usize], figure: usize) -> Option<usize> {
        let shown = || of.iter().map(|&at| (&self.nodes[at], at)).filter(|(node, _)| !node.hidden);
        let fewest = |(node, at): &(&Node, usize)| (node.figures[ROWS], node.entity, *at);
        let having = shown().filter(|(node, _)| node.figures[figure] > 0).min_by_key(fewest);
        having.or_else(|| shown().min_by_key(fewest)).map(|(_, at)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which entities are hidden where counts under 11 are, of the smallest ones with their rows
    /// and how many of them are met. An entity is named by the one above it and a letter.
    fn hidden(rows: &[(&str, u64, u64)]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut tree = Tree::default();
        for &(name, all, met) in rows {
            let chain = (0..=name.len()).map(|letters| {
                let name: String = name.chars().take(letters).collect();
                names.iter().position(|n| *n == name).unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                })
            });
            let chain: Vec<usize> = chain.collect();
            tree.add(&chain, &[all, met, all - met, all, 0], None);
        }
        tree.hide(11);
        let mut hidden: Vec<String> = tree.nodes.iter().filter(|n| n.hidden).map(|n| names[n.entity].clone()).collect();
        hidden.sort();
        hidden
    }

    #[test]
    fn the_limit_itself_and_nothing_at_all_are_shown() {
        assert_eq!(hidden(&[("a", 22, 11), ("b", 22, 22), ("c", 11, 0)]), [""; 0]);
    }

    #[test]
    fn each_small_count_hides_a_cell() {
        // 10 rows; 10 met; 10 not met.
        for (all, met) in [(10, 0), (60, 10), (60, 50)] {
            assert_eq!(hidden(&[("a", all, met), ("b", 200, 100), ("c", 300, 100)]), ["a", "b"], "{met} of {all}");
        }
    }

    #[test]
    fn one_hidden_beside_others_hides_the_next_smallest() {
        assert_eq!(hidden(&[("a", 5, 0), ("b", 100, 50), ("c", 60, 30)]), ["a", "c"]);
    }

    #[test]
    fn hidden_together_they_are_not_small_either() {
        assert_eq!(hidden(&[("a", 4, 0), ("b", 3, 0), ("c", 60, 30), ("d", 40, 20)]), ["a", "b", "d"]);
        assert_eq!(hidden(&[("a", 4, 0), ("b", 7, 0), ("c", 60, 30), ("d", 40, 20)]), ["a", "b"]);
    }

    #[test]
    fn a_few_each_are_not_enough_however_many_they_are() {
        let few: Vec<String> = ('a'..='p').map(|c| c.to_string()).collect();
        let mut rows: Vec<(&str, u64, u64)> = few.iter().map(|name| (name.as_str(), 3, 0)).collect();
        rows.extend([("y", 90, 40), ("z", 80, 40)]);
        let hidden = hidden(&rows);
        assert!(hidden.contains(&"z".to_owned()) && !hidden.contains(&"y".to_owned()), "{hidden:?}");
    }

    #[test]
    fn who_is_hidden_for_another_has_somebody_hidden_below() {
        // a is small, and b is hidden for it; all below b could be shown.
        let hidden = hidden(&[("ax", 5, 0), ("bx", 60, 30), ("by", 40, 20), ("cx", 500, 200)]);
        assert_eq!(hidden, ["a", "ax", "b", "by"]);
    }

    #[test]
    fn sums_put_into_each_other_give_nothing_away() {
        // 40 and 2 below 42, and of the 40 two are hidden: these two and the other two would be
        // known together.
        let hidden = hidden(&[("ax", 2, 0), ("ay", 38, 0), ("bx", 2, 0)]);
        assert_eq!(hidden, ["a", "ax", "ay", "b", "bx"]);
    }

    #[test]
    fn when_all_below_are_hidden_and_few_each_the_one_above_is_hidden() {
        let names: Vec<String> = ('a'..='l').map(|c| format!("a{c}")).collect();
        let mut rows: Vec<(&str, u64, u64)> = names.iter().map(|name| (name.as_str(), 1, 0)).collect();
        rows.extend([("bx", 90, 40), ("cx", 80, 40)]);
        let hidden = hidden(&rows);
        let is = |name: &str| hidden.contains(&name.to_owned());
        assert!(is("a") && is("c") && is("cx") && !is("b") && !is(""), "{hidden:?}");
    }

    #[test]
    fn who_was_below_two_is_hidden_and_the_rest_of_each_is_not_small() {
        let mut tree = Tree::default();
        for (chain, all) in [([0, 1, 3], 40), ([0, 2, 3], 5), ([0, 1, 4], 50), ([0, 2, 5], 60), ([0, 2, 6], 70)] {
            tree.add(&chain, &[all, 0, all, all, 0], None);
        }
        tree.hide(11);
        let hidden: Vec<(usize, u64)> =
            tree.nodes.iter().filter(|n| n.hidden).map(|n| (n.entity, n.figures[ROWS])).collect();
        // What 3 has below 2 is small, so 5 is hidden with it.
        assert_eq!(hidden, [(3, 40), (3, 5), (5, 60)]);
    }
}
