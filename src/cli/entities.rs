//! Levels and entities as arguments.

use super::failure::Failure;
use crate::diag::suggest;
use crate::ir::Program;
use crate::scorecard::{Entity, Hierarchy, Peers, Selection};

/// Every level.
pub(super) const ALL: &str = "all";

/// The levels a `--level` names; without it, the third from the top (the last when there are
/// fewer).
pub(super) fn levels(program: &Program, level: Option<&str>) -> Result<Vec<usize>, Failure> {
    let count = program.model.levels.len();
    match level {
        Some(ALL) => Ok((0..count).collect()),
        Some(name) => program.model.find_level(name).map(|l| vec![l]).ok_or_else(|| {
            let mut names: Vec<_> = program.model.levels.iter().map(|l| l.name.as_str()).collect();
            names.push(ALL);
            Failure::usage(format!("there is no level `{name}`")).help(suggest::help(name, "levels", &names))
        }),
        None => Ok(vec![2.min(count.saturating_sub(1))]),
    }
}

/// The entity an `--entity` names. An id used at several levels needs one of `levels` to decide.
pub(super) fn entity(hierarchy: &Hierarchy, id: &str, levels: Option<&[usize]>) -> Result<usize, Failure> {
    let all: Vec<_> = hierarchy.find(id).collect();
    let asked = |e: &usize| levels.is_some_and(|l| l.contains(&hierarchy.entities[*e].level));
    let of_level: Vec<_> = all.iter().copied().filter(asked).collect();
    match (all.as_slice(), of_level.as_slice()) {
        ([], _) => {
            let ids: Vec<_> = hierarchy.entities.iter().map(|e| e.id.as_str()).collect();
            let help = match suggest::nearest(id, ids) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`yardstick scorecard --level all --format csv` lists every id".to_owned(),
            };
            Err(Failure::usage(format!("there is no entity `{id}`")).help(help))
        }
        ([one], _) | (_, [one]) => Ok(*one),
        (many, _) => {
            let names: Vec<_> =
                many.iter().map(|e| format!("`{}`", hierarchy.levels[hierarchy.entities[*e].level])).collect();
            Err(Failure::usage(format!("`{id}` is an entity of several levels: {}", names.join(", ")))
                .help("say which with `--level`"))
        }
    }
}

/// The entity with this id, or the only one with this name, in large or small letters.
pub(super) fn by_id_or_name(hierarchy: &Hierarchy, text: &str, levels: Option<&[usize]>) -> Result<usize, Failure> {
    let asked = |level: usize| levels.is_none_or(|levels| levels.contains(&level));
    let named = hierarchy
        .entities
        .iter()
        .enumerate()
        .filter(|(_, of)| asked(of.level) && !of.is_unassigned() && of.name.to_lowercase() == text.to_lowercase());
    let named: Vec<(usize, &Entity)> = named.collect();
    match named.as_slice() {
        _ if hierarchy.find(text).next().is_some() => entity(hierarchy, text, levels),
        [(one, _)] => Ok(*one),
        [] => {
            let names = hierarchy.entities.iter().flat_map(|of| [of.id.as_str(), of.name.as_str()]);
            let help = match suggest::nearest(text, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`yardstick scorecard --level all --format csv` lists every id and name".to_owned(),
            };
            Err(Failure::usage(format!("there is no entity with the id or the name `{text}`")).help(help))
        }
        many => {
            let ids: Vec<String> =
                many.iter().map(|(_, of)| format!("`{}` ({})", of.id, hierarchy.levels[of.level])).collect();
            Err(Failure::usage(format!("several entities have the name `{text}`"))
                .help(format!("say which by its id: {}", ids.join(", "))))
        }
    }
}

/// The level whose entities are shown by their peers: the one named, else the largest that declares
/// peers.
pub(super) fn peers_level(program: &Program, level: Option<&str>) -> Result<usize, Failure> {
    let model = &program.model;
    let declares = |l: &usize| model.levels[*l].table.is_some_and(|t| model.table(t).peers.is_some());
    let having: Vec<usize> = (0..model.levels.len()).filter(declares).collect();
    let names: Vec<_> = having.iter().map(|&l| format!("`{}`", model.levels[l].name)).collect();
    let Some(&first) = having.first() else {
        return Err(Failure::usage("no level of the model declares peers")
            .help("declare in the table of a level which column tells its peers: `peers by COLUMN`"));
    };
    let Some(name) = level else { return Ok(first) };
    match levels(program, level)?.as_slice() {
        [one] if having.contains(one) => Ok(*one),
        [_] => Err(Failure::usage(format!("the level `{name}` declares no peers"))
            .help(format!("peers are declared by {}; leave `--level` out, or name that level", names.join(", ")))),
        _ => Err(Failure::usage("peers are shown for one level only")
            .help(format!("leave `--level` out, or name one that declares peers: {}", names.join(", ")))),
    }
}

/// What a scorecard with peers shows: the groups of a level, or of those under an entity; of an
/// entity of that level, its own group.
pub(super) fn peers(
    program: &Program,
    hierarchy: &Hierarchy,
    level: Option<&str>,
    id: Option<&str>,
) -> Result<Selection, Failure> {
    let of = peers_level(program, level)?;
    let all = Selection { levels: vec![of], under: None, peers: Some(Peers::All) };
    let Some(id) = id else { return Ok(all) };
    let one = entity(hierarchy, id, Some(&[of]))?;
    let asked = &hierarchy.entities[one];
    let (own, shown) = (&hierarchy.levels[asked.level], &hierarchy.levels[of]);
    if asked.level < of {
        return Ok(Selection { under: Some(one), ..all });
    }
    if asked.level > of {
        return Err(Failure::usage(format!("`{id}` is of the level `{own}`, which declares no peers"))
            .help(format!("name an entity of the level `{shown}`, which does")));
    }
    if asked.group.is_none() {
        return Err(Failure::usage(format!("`{id}` belongs to no group of peers")).help(
            "without `--entity`, all groups are shown, and entities without a group under a heading of their own",
        ));
    }
    Ok(Selection { peers: Some(Peers::Of(one)), ..all })
}

/// What a scorecard shows: the level asked for; with an entity and no level, the entity and the
/// level below it.
pub(super) fn selection(
    program: &Program,
    hierarchy: &Hierarchy,
    level: Option<&str>,
    id: Option<&str>,
) -> Result<Selection, Failure> {
    let asked = levels(program, level)?;
    let Some(id) = id else { return Ok(Selection { levels: asked, under: None, peers: None }) };
    let top = entity(hierarchy, id, level.map(|_| asked.as_slice()))?;
    let own = hierarchy.entities[top].level;
    let below = (own + 1).min(hierarchy.levels.len().saturating_sub(1));
    let levels = match level {
        None => [own, below].into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect(),
        Some(_) => asked,
    };
    let selection = Selection { levels, under: Some(top), peers: None };
    if !(0..hierarchy.entities.len()).any(|e| selection.shows(hierarchy, e)) {
        return Err(Failure::usage(format!("no entity of the level `{}` is below `{id}`", level.unwrap_or_default()))
            .help(format!("`{id}` is of the level `{}`", hierarchy.levels[own])));
    }
    Ok(selection)
}
