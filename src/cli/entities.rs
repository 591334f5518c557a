//! Levels and entities as arguments.

use super::failure::Failure;
use super::settings;
use crate::diag::suggest;
use crate::ir::Program;
use crate::scorecard::{Entity, Hierarchy, Peers, Selection};

/// Every level.
pub(super) const ALL: &str = "all";
/// So many entities are named where a mistyped word is near to several.
const MOST_NEAR: usize = 3;
/// So many entities of one name are listed.
const MOST_LISTED: usize = 12;

/// The levels a `--level` names; without it, the one of the settings, else the third from the top
/// (the last when there are fewer).
pub(super) fn levels(program: &Program, level: Option<&str>) -> Result<Vec<usize>, Failure> {
    let count = program.model.levels.len();
    match level.or(settings::default_level(program)?) {
        Some(ALL) => Ok((0..count).collect()),
        Some(name) => program.model.find_level(name).map(|l| vec![l]).ok_or_else(|| {
            let mut names: Vec<_> = program.model.levels.iter().map(|l| l.name.as_str()).collect();
            names.push(ALL);
            Failure::usage(format!("there is no level `{name}`")).help(suggest::help(name, "levels", &names))
        }),
        None => Ok(vec![2.min(count.saturating_sub(1))]),
    }
}

/// The entity an `--entity` names: the one with this id, else the only one whose id or name is this
/// in large or small letters. Of several, one of `levels` decides, where only one of them is of
/// such a level.
pub(super) fn entity(hierarchy: &Hierarchy, text: &str, levels: Option<&[usize]>) -> Result<usize, Failure> {
    let mut found: Vec<usize> = hierarchy.find(text).collect();
    if found.is_empty() {
        let text = text.to_lowercase();
        let named = |of: &Entity| !of.is_unassigned() && of.name.to_lowercase() == text;
        let is_it = |of: &Entity| of.id.to_lowercase() == text || named(of);
        found = (0..hierarchy.entities.len()).filter(|e| hierarchy.entities.get(*e).is_some_and(is_it)).collect();
    }
    let asked = |e: &usize| levels.is_some_and(|l| l.contains(&hierarchy.entities[*e].level));
    let of_level: Vec<_> = found.iter().copied().filter(asked).collect();
    match (found.as_slice(), of_level.as_slice()) {
        ([], _) => Err(unknown(hierarchy, text)),
        ([one], _) | (_, [one]) => Ok(*one),
        (many, _) => Err(ambiguous(hierarchy, text, many)),
    }
}

/// An id or a name that no entity has.
fn unknown(hierarchy: &Hierarchy, text: &str) -> Failure {
    let real = || hierarchy.entities.iter().filter(|of| !of.is_unassigned());
    let words: Vec<(&str, &Entity)> = real().flat_map(|of| [(of.id.as_str(), of), (of.name.as_str(), of)]).collect();
    let mut left: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let mut near: Vec<&Entity> = Vec::new();
    while near.len() < MOST_NEAR
        && let Some(word) = suggest::nearest(text, left.iter().copied())
    {
        left.retain(|other| *other != word);
        let of_word = words.iter().filter(|(other, _)| *other == word).map(|(_, of)| *of);
        let new: Vec<&Entity> = of_word.filter(|of| !near.contains(of)).collect();
        near.extend(new);
    }
    let help = match near.as_slice() {
        [] => "`yardstick scorecard --level all --format csv` lists every id and name".to_owned(),
        near => {
            let near: Vec<String> = near.iter().take(MOST_NEAR).map(|of| shown(hierarchy, of)).collect();
            format!("did you mean {}?", near.join(", or "))
        }
    };
    Failure::usage(format!("there is no entity with the id or the name `{text}`")).help(help)
}

/// An id or a name that several entities have.
fn ambiguous(hierarchy: &Hierarchy, text: &str, many: &[usize]) -> Failure {
    let candidates: Vec<&Entity> = many.iter().filter_map(|e| hierarchy.entities.get(*e)).collect();
    let all: Vec<String> = candidates.iter().take(MOST_LISTED).map(|of| shown(hierarchy, of)).collect();
    let more = match candidates.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let same_id = candidates.windows(2).all(|two| two[0].id == two[1].id);
    let how = if same_id { "say which with `--level`" } else { "say which by its id" };
    Failure::usage(format!("`{text}` is the id or the name of several entities: {}{more}", all.join(", "))).help(how)
}

/// An entity as candidates are listed: `O03` (Mission, an entity of the level `office`).
fn shown(hierarchy: &Hierarchy, of: &Entity) -> String {
    let level = hierarchy.levels.get(of.level).map_or("", String::as_str);
    if of.id == of.name { format!("`{}` ({level})", of.id) } else { format!("`{}` ({level} {})", of.id, of.name) }
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
