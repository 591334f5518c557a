//! Suppression of groups: hides cells of a breakdown so that no hidden figure can be worked out
//! from what is shown of other entities, of other groups, and of all rows together.
//!
//! Figures add up twice: those of an entity's groups to the entity, and those of the entities below
//! to the entity above, group by group. To protect single cells of such a table takes many others,
//! and it is hard to see that it is done. So cells are hidden in whole rows and columns:
//!
//! - *Groups.* A group that is small in the whole is hidden for every entity. So are the next
//!   smallest beside it, until the hidden groups together are neither small nor a few rows each.
//!   What is left of an entity's rows when its shown groups are taken away, the *rest*, everybody
//!   can work out. It is treated as one group more.
//! - *Entities.* An entity shows its groups only when the one above it does, when its own cell of
//!   all rows is shown, and when every group and the rest have no small figure. It shows all of
//!   them or none; also those without rows, since it gives something away which groups are empty.
//! - Of the entities below one that shows its groups, those that do not are together neither small
//!   nor a few rows each in any group. Where they are, the next smallest beside them hides its
//!   groups, too, or the one above them does.
//!
//! So what is known of hidden figures are sums over the hidden entities for each group, and sums
//! over the groups for each entity whose cell of all rows is shown. All of them are 0 or at least
//! the limit. Where two entities and two groups have rows, no figure is determined by such sums.
//!
//! Counts of different rows do not add up. Their groups are hidden altogether.

use super::cell::State;
use super::judge::Table;
use super::suppress::{CellCounts, FEW, ROWS, add, chain, figures, is_small};
use crate::counts::Measured;
use crate::hierarchy::Hierarchy;
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::ir::{Measure, Program};

/// Suppresses the cells of the groups of an indicator; `whole` is its table of all rows, in which
/// cells were suppressed already, and `measured` are the counts from which the tables were built.
pub fn hide(
    program: &Program,
    hierarchy: &Hierarchy,
    measured: &Measured,
    limit: u64,
    whole: &Table,
    groups: &mut [Table],
) {
    let Some(indicator) = program.indicators.get(whole.indicator) else { return };
    for table in groups.iter_mut() {
        table.hide_under = Some(limit);
    }
    for window in 0..whole.windows.len() {
        let mut tree = Tree { groups: groups.len(), ..Tree::default() };
        for part in measured.parts.iter().filter(|part| part.window == window && part.counts.denominator > 0) {
            tree.add(&chain(hierarchy, part), part.group, &figures(&indicator.measure, &part.counts));
        }
        // How many different rows the groups lead to adds up to nothing that is known.
        let shown = match indicator.measure {
            Measure::Distinct(_) => Shown::default(),
            Measure::Proportion(_)
            | Measure::Rate(_)
            | Measure::Count(_)
            | Measure::Mean(_)
            | Measure::Percentile(_)
            | Measure::Until(_)
            | Measure::Incidence(_) => tree.shown(limit, |entity| whole.withheld.contains_key(&(entity, window))),
        };
        for node in &tree.nodes {
            for (number, table) in groups.iter_mut().enumerate() {
                if !shown.entities.contains(&node.entity) || shown.rest.contains(&number) {
                    table.withheld.insert((node.entity, window), State::Suppressed);
                }
            }
        }
    }
}

/// What may be shown of the groups of one window.
#[derive(Debug, Default)]
struct Shown {
    /// The entities that show their groups.
    entities: BTreeSet<usize>,
    /// The groups that nobody shows.
    rest: BTreeSet<usize>,
}

/// The rows of one window by group: each node what an entity has of the rows of the one above it.
#[derive(Debug, Default)]
struct Tree {
    /// The number of groups.
    groups: usize,
    /// Every node after the one above it.
    nodes: Vec<Node>,
    /// The index of each node, by its parent and its entity.
    places: BTreeMap<(Option<usize>, usize), usize>,
}

#[derive(Debug)]
struct Node {
    entity: usize,
    above: Option<usize>,
    below: Vec<usize>,
    /// Its figures by group.
    figures: Vec<CellCounts>,
}

impl Tree {
    /// Adds rows of a group to all who hold them, from the whole down.
    fn add(&mut self, chain: &[usize], group: usize, figures: &CellCounts) {
        let mut above: Option<usize> = None;
        for &entity in chain {
            let new = self.nodes.len();
            let at = *self.places.entry((above, entity)).or_insert(new);
            if at == new {
                let figures = vec![CellCounts::default(); self.groups];
                self.nodes.push(Node { entity, above, below: Vec::new(), figures });
                if let Some(above) = above {
                    self.nodes[above].below.push(new);
                }
            }
            if let Some(sum) = self.nodes[at].figures.get_mut(group) {
                add(sum, figures);
            }
            above = Some(at);
        }
    }

    /// What may be shown; `withheld` says whether the cell of all rows of an entity is hidden.
    fn shown(&self, limit: u64, withheld: impl Fn(usize) -> bool) -> Shown {
        let whole = self.nodes.iter().find(|node| node.entity == 0);
        let Some(rest) = whole.and_then(|whole| rest(&whole.figures, limit)) else { return Shown::default() };
        let columns: Vec<Vec<CellCounts>> = self.nodes.iter().map(|node| columns(&node.figures, &rest)).collect();
        let mut nodes = vec![false; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            let small = columns[at].iter().flatten().any(|&figure| is_small(figure, limit));
            nodes[at] = node.above.is_none_or(|above| nodes[above]) && !small && !withheld(node.entity);
        }
        // Until nothing is left to hide.
        while (0..nodes.len()).filter(|&at| self.close(at, limit, &mut nodes, &columns)).count() > 0 {}
        // Who is at several places shows all of it or nothing.
        let hidden: BTreeSet<usize> = self.entities(|at| !nodes[at]).collect();
        Shown { entities: self.entities(|at| nodes[at]).filter(|entity| !hidden.contains(entity)).collect(), rest }
    }

    fn entities(&self, wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(at, _)| wanted(*at)).map(|(_, node)| node.entity)
    }

    /// Hides the groups of a node and of all below it.
    fn hide(&self, at: usize, shown: &mut [bool]) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            shown[at] = false;
            open.extend(&self.nodes[at].below);
        }
    }

    /// Hides what lies below a node and would give away what is hidden there; whether there was
    /// something.
    fn close(&self, at: usize, limit: u64, shown: &mut [bool], columns: &[Vec<CellCounts>]) -> bool {
        let mut any = false;
        while let Some(next) = self.next(at, limit, shown, columns) {
            self.hide(next, shown);
            any = true;
        }
        any
    }

    /// The next node to be hidden so that those hidden below a node give nothing away.
    fn next(&self, at: usize, limit: u64, shown: &[bool], columns: &[Vec<CellCounts>]) -> Option<usize> {
        let below = &self.nodes[at].below;
        if !shown[at] {
            return None;
        }
        let hidden: Vec<usize> = below.iter().copied().filter(|&at| !shown[at]).collect();
        let number = columns[at].len();
        let of = |column: usize| hidden.iter().map(|&at| columns[at][column]).collect::<Vec<_>>();
        let column = (0..number).find(|&column| gives_away(&of(column), limit))?;
        let rows = |at: usize| columns[at].iter().map(|figures| figures[ROWS]).sum::<u64>();
        let beside = || below.iter().copied().filter(|&at| shown[at]);
        let having = beside().filter(|&at| columns[at][column][ROWS] > 0).min_by_key(|&at| (rows(at), at));
        Some(having.or_else(|| beside().min_by_key(|&at| (rows(at), at))).unwrap_or(at))
    }
}

/// The groups that nobody may show, by their figures in the whole; `None` when those are all
/// groups.
fn rest(whole: &[CellCounts], limit: u64) -> Option<BTreeSet<usize>> {
    let small = |group: &usize| whole[*group].iter().any(|&figure| is_small(figure, limit));
    let mut rest: BTreeSet<usize> = (0..whole.len()).filter(small).collect();
    while gives_away(&rest.iter().map(|&group| whole[group]).collect::<Vec<_>>(), limit) {
        // A group without rows protects nothing.
        let others = (0..whole.len()).filter(|group| !rest.contains(group) && whole[*group][ROWS] > 0);
        rest.insert(others.min_by_key(|&group| (whole[group][ROWS], group))?);
    }
    let shows = (0..whole.len()).any(|group| !rest.contains(&group) && whole[group][ROWS] > 0);
    shows.then_some(rest)
}

/// The figures of the groups that are shown, and then those of the rest together.
fn columns(figures: &[CellCounts], rest: &BTreeSet<usize>) -> Vec<CellCounts> {
    let mut columns = Vec::with_capacity(figures.len());
    let mut together = CellCounts::default();
    for (group, figures) in figures.iter().enumerate() {
        if rest.contains(&group) { add(&mut together, figures) } else { columns.push(*figures) }
    }
    columns.push(together);
    columns
}

/// Whether hidden figures whose sums are known are given away by these: a sum is small, one alone
/// has rows, each has one row, or each has a few.
fn gives_away(hidden: &[CellCounts], limit: u64) -> bool {
    let mut total = CellCounts::default();
    hidden.iter().for_each(|figures| add(&mut total, figures));
    let most = |figure: usize| hidden.iter().map(|figures| figures[figure]).max().unwrap_or_default();
    let few = |figure: usize| most(figure) > 0 && most(figure) <= FEW;
    let alone = hidden.len() == 1 && total[ROWS] > 0;
    let one_each = total[ROWS] > 0 && total[ROWS] <= hidden.len() as u64;
    alone || one_each || (0..total.len()).any(|figure| is_small(total[figure], limit) || few(figure))
}
