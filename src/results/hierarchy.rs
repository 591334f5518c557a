//! The entities of every level, and who lies under whom.

use crate::targets::TargetRows;
use chrono::NaiveDate;
use std::collections::BTreeMap;
pub use yardstick_language::model::UNASSIGNED;

/// One entity of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The level; 0 is the whole.
    pub level: usize,
    /// The row number in the level's table; `None` for the whole and for unassigned.
    pub row: Option<i32>,
    /// Its id: the key, the level's name for the whole (`department`), or `unassigned`.
    pub id: String,
    /// Its name as shown.
    pub name: String,
    /// The entity above it on the as-of date (index into the hierarchy), where there is one.
    pub parent: Option<usize>,
    /// What it has in common with its peers, where its level declares peers and it has any.
    pub group: Option<String>,
    /// The first day from which on nobody above has held it again, where that is known by day and
    /// such a day has come.
    pub left: Option<NaiveDate>,
}

impl Entity {
    /// Whether it stands for the rows nobody of its level holds.
    #[must_use]
    pub fn is_unassigned(&self) -> bool {
        self.level > 0 && self.row.is_none()
    }
}

/// All entities: level by level from the whole down, by id inside a level, `unassigned` last in its
/// level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// Names of the levels, the whole first.
    pub levels: Vec<String>,
    /// The entities.
    pub entities: Vec<Entity>,
    /// For each level, who holds which row number.
    holders: Vec<Holders>,
    /// For each entity, those one level down that lie under it.
    below: Vec<Vec<usize>>,
    /// The targets that are set for entities.
    targets: TargetRows,
}

/// The entities of one level by row number: asked for every part of every measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Holders {
    by_row: Vec<Option<usize>>,
    /// The whole, or who holds what nobody holds.
    rest: Option<usize>,
}

impl Hierarchy {
    /// A hierarchy of these levels and entities, put in order (parents are renumbered with them).
    ///
    /// The whole and each level's `unassigned` are added where they are not given, and what lies
    /// just below the whole lies under it: so every row of a measure has an entity at every level.
    #[must_use]
    pub fn new(levels: Vec<String>, mut entities: Vec<Entity>) -> Self {
        for (level, name) in levels.iter().enumerate() {
            if !entities.iter().any(|e| e.level == level && e.row.is_none()) {
                let id = if level == 0 { name.as_str() } else { UNASSIGNED };
                entities.push(Entity {
                    level,
                    row: None,
                    id: id.to_owned(),
                    name: capitalised(id),
                    parent: None,
                    group: None,
                    left: None,
                });
            }
        }
        let mut order: Vec<usize> = (0..entities.len()).collect();
        order.sort_by_key(|&i| {
            let e = &entities[i];
            (e.level, e.is_unassigned(), e.id.as_str(), e.row)
        });
        let mut place = vec![0; entities.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let entities: Vec<Entity> = order
            .iter()
            .map(|&old| {
                let mut entity = entities[old].clone();
                entity.parent = entity.parent.and_then(|p| place.get(p).copied());
                if entity.level == 1 {
                    entity.parent = Some(0);
                }
                entity
            })
            .collect();
        let holders = (0..levels.len()).map(|level| Holders::of(&entities, level)).collect();
        let mut hierarchy = Self { levels, entities, holders, below: Vec::new(), targets: TargetRows::default() };
        let mut below = vec![Vec::new(); hierarchy.entities.len()];
        for entity in 1..hierarchy.entities.len() {
            if let Some(under) = hierarchy.above(entity).and_then(|above| below.get_mut(above)) {
                under.push(entity);
            }
        }
        hierarchy.below = below;
        hierarchy
    }

    /// The same with the targets that are set for its entities.
    #[must_use]
    pub fn with_targets(self, targets: TargetRows) -> Self {
        Self { targets, ..self }
    }

    /// The targets that are set for the entities.
    #[must_use]
    pub fn targets(&self) -> &TargetRows {
        &self.targets
    }

    /// The entity of a level with this row number. A row number the level does not have is
    /// unassigned: never dropped.
    #[must_use]
    pub fn holder(&self, level: usize, row: Option<i32>) -> Option<usize> {
        let Holders { by_row, rest } = self.holders.get(level)?;
        let held = row.and_then(|row| by_row.get(usize::try_from(row).ok()?).copied().flatten());
        held.or(*rest)
    }

    /// The entity of a level that a row with these holders counts for: their row numbers by level,
    /// from the largest below the whole. A level they do not reach is unassigned.
    #[must_use]
    pub fn holder_of(&self, level: usize, holders: &[Option<i32>]) -> Option<usize> {
        self.holder(level, level.checked_sub(1).and_then(|below| holders.get(below).copied().flatten()))
    }

    /// Whether a row with these holders counts for an entity.
    #[must_use]
    pub fn holds(&self, entity: usize, holders: &[Option<i32>]) -> bool {
        self.entities.get(entity).is_some_and(|e| self.holder_of(e.level, holders) == Some(entity))
    }

    /// The entities with this id, from the largest level down: ids may be used at more than one
    /// level.
    pub fn find<'a>(&'a self, id: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.entities.iter().enumerate().filter(move |(_, e)| e.id == id).map(|(i, _)| i)
    }

    /// The entity of this level with this id.
    #[must_use]
    pub fn find_at(&self, level: usize, id: &str) -> Option<usize> {
        self.find(id).find(|&i| self.entities[i].level == level)
    }

    /// The entities of a level, in order.
    pub fn at(&self, level: usize) -> impl Iterator<Item = usize> + '_ {
        self.entities.iter().enumerate().filter(move |(_, e)| e.level == level).map(|(i, _)| i)
    }

    /// The entity and all above it, from itself up. Everything lies under the whole.
    #[must_use]
    pub fn chain(&self, entity: usize) -> Vec<usize> {
        let mut chain = vec![entity];
        // A parent lies on a smaller level, so the way up ends.
        while let Some(&last) = chain.last() {
            match self.entities.get(last).and_then(|e| Some((e.level, e.parent?))) {
                Some((level, parent)) if self.entities.get(parent).is_some_and(|p| p.level < level) => {
                    chain.push(parent);
                }
                _ => break,
            }
        }
        if chain.last().is_some_and(|&top| top != 0) {
            chain.push(0);
        }
        chain
    }

    /// The entity one level up: its parent on the as-of date, or the unassigned of that level.
    fn above(&self, entity: usize) -> Option<usize> {
        let Entity { level, parent, .. } = *self.entities.get(entity)?;
        let up = level.checked_sub(1)?;
        let parent = parent.filter(|&p| self.entities.get(p).is_some_and(|p| p.level == up));
        parent.or_else(|| self.holder(up, None))
    }

    /// The entities one level down that lie under an entity on the as-of date, in order. Who lies
    /// under nobody lies under the unassigned, so each entity is below exactly one.
    #[must_use]
    pub fn below(&self, entity: usize) -> &[usize] {
        self.below.get(entity).map_or(&[], Vec::as_slice)
    }

    /// Whether an entity is `top` or lies under it on the as-of date.
    #[must_use]
    pub fn under(&self, entity: usize, top: usize) -> bool {
        self.chain(entity).contains(&top)
    }

    /// Entities in the order of a tree: each followed by those under it, `unassigned` after its
    /// siblings.
    #[must_use]
    pub fn tree(&self) -> Vec<usize> {
        let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for entity in 1..self.entities.len() {
            let above = self.chain(entity).get(1).copied().unwrap_or(0);
            children.entry(above).or_default().push(entity);
        }
        let mut order = Vec::with_capacity(self.entities.len());
        let mut waiting: Vec<usize> = if self.entities.is_empty() { vec![] } else { vec![0] };
        while let Some(entity) = waiting.pop() {
            order.push(entity);
            waiting.extend(children.remove(&entity).unwrap_or_default().into_iter().rev());
        }
        order
    }
}

impl Holders {
    fn of(entities: &[Entity], level: usize) -> Self {
        let mut holders = Self::default();
        for (place, entity) in entities.iter().enumerate().filter(|(_, e)| e.level == level) {
            let Some(row) = entity.row else {
                holders.rest = Some(place);
                continue;
            };
            let Ok(row) = usize::try_from(row) else { continue };
            if holders.by_row.len() <= row {
                holders.by_row.resize(row + 1, None);
            }
            holders.by_row[row] = Some(place);
        }
        holders
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Which entities of a result are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The levels.
    pub levels: Vec<usize>,
    /// Only this entity and those under it.
    pub under: Option<usize>,
    /// Side by side with those alike.
    pub peers: Option<Peers>,
}

/// Entities of one level by what they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peers {
    /// Every group.
    All,
    /// The group of this entity alone.
    Of(usize),
}

impl Selection {
    /// Whether it shows this entity.
    #[must_use]
    pub fn shows(&self, hierarchy: &Hierarchy, entity: usize) -> bool {
        hierarchy.entities.get(entity).is_some_and(|e| self.levels.contains(&e.level))
            && self.under.is_none_or(|top| hierarchy.under(entity, top))
            && self.alike(hierarchy, entity)
    }

    fn alike(&self, hierarchy: &Hierarchy, entity: usize) -> bool {
        let Some(Peers::Of(one)) = self.peers else { return true };
        let group = |e: usize| hierarchy.entities.get(e).and_then(|e| Some((e.level, e.group.as_ref()?)));
        entity == one || group(entity).is_some_and(|own| group(one) == Some(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(level: usize, row: i32, id: &str, parent: Option<usize>) -> Entity {
        Entity { level, row: Some(row), id: id.into(), name: id.to_uppercase(), parent, group: None, left: None }
    }

    fn hierarchy() -> Hierarchy {
        let levels = ["department", "office", "unit"].map(String::from).to_vec();
        Hierarchy::new(
            levels,
            vec![
                entity(2, 1, "u2", Some(3)),
                entity(2, 0, "u1", Some(3)),
                entity(2, 2, "u3", None),
                entity(1, 1, "o2", None),
                entity(1, 0, "o1", None),
            ],
        )
    }

    #[test]
    fn entities_come_in_order_with_the_whole_and_the_unassigned() {
        let ids: Vec<_> = hierarchy().entities.into_iter().map(|e| e.id).collect();
        assert_eq!(ids, ["department", "o1", "o2", "unassigned", "u1", "u2", "u3", "unassigned"]);
    }

    #[test]
    fn parents_follow_their_entities() {
        let d = hierarchy();
        let u2 = d.find_at(2, "u2").unwrap();
        assert_eq!(d.chain(u2), [u2, d.find_at(1, "o2").unwrap(), 0]);
        assert!(d.under(u2, 0) && !d.under(u2, d.find_at(1, "o1").unwrap()));
        let orphan = d.find_at(2, "u3").unwrap();
        assert_eq!(d.chain(orphan), [orphan, 0], "without a parent it still lies under the whole");
    }

    #[test]
    fn the_tree_puts_each_under_its_own() {
        let d = hierarchy();
        let ids: Vec<_> = d.tree().into_iter().map(|i| d.entities[i].id.as_str()).collect();
        assert_eq!(ids, ["department", "o1", "o2", "u1", "u2", "unassigned", "u3", "unassigned"]);
    }

    #[test]
    fn each_entity_is_below_exactly_one() {
        let d = hierarchy();
        let below = |id: usize| d.below(id).iter().map(|&e| d.entities[e].id.as_str()).collect::<Vec<_>>();
        assert_eq!(below(0), ["o1", "o2", "unassigned"]);
        assert_eq!(below(d.find_at(1, "o1").unwrap()), Vec::<&str>::new());
        assert_eq!(below(d.find_at(1, "o2").unwrap()), ["u1", "u2"]);
        assert_eq!(below(d.find_at(1, UNASSIGNED).unwrap()), ["u3", "unassigned"]);
        assert_eq!(d.entities.iter().enumerate().map(|(e, _)| d.below(e).len()).sum::<usize>(), d.entities.len() - 1);
    }

    #[test]
    fn a_row_nobody_knows_is_unassigned() {
        let d = hierarchy();
        assert_eq!(d.holder(1, Some(9)), d.find_at(1, UNASSIGNED));
        assert_eq!(d.holder(1, None), d.find_at(1, UNASSIGNED));
    }
}
