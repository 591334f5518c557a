//! Levels and entities as arguments.

use super::stop::Stop;
use crate::diag::suggest;
use crate::ir::Program;
use crate::scorecard::{Directory, Selection};

/// Every level.
const ALL: &str = "all";

/// The levels a `--level` names; without it, the third from the top (the last when there are fewer).
pub(super) fn levels(program: &Program, level: Option<&str>) -> Result<Vec<usize>, Stop> {
    let count = program.model.levels.len();
    match level {
        Some(ALL) => Ok((0..count).collect()),
        Some(name) => program.model.find_level(name).map(|l| vec![l]).ok_or_else(|| {
            let mut names: Vec<_> = program.model.levels.iter().map(|l| l.name.as_str()).collect();
            names.push(ALL);
            Stop::usage(format!("there is no level `{name}`")).help(suggest::help(name, "levels", &names))
        }),
        None => Ok(vec![2.min(count.saturating_sub(1))]),
    }
}

/// The entity an `--entity` names. An id used at several levels needs one of `levels` to decide.
pub(super) fn entity(directory: &Directory, id: &str, levels: Option<&[usize]>) -> Result<usize, Stop> {
    let all: Vec<_> = directory.find(id).collect();
    let asked = |e: &usize| levels.is_some_and(|l| l.contains(&directory.entities[*e].level));
    let of_level: Vec<_> = all.iter().copied().filter(asked).collect();
    match (all.as_slice(), of_level.as_slice()) {
        ([], _) => {
            let ids: Vec<_> = directory.entities.iter().map(|e| e.id.as_str()).collect();
            let help = match suggest::nearest(id, ids) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`yardstick scorecard --level all --format csv` lists every id".to_owned(),
            };
            Err(Stop::usage(format!("there is no entity `{id}`")).help(help))
        }
        ([one], _) | (_, [one]) => Ok(*one),
        (many, _) => {
            let names: Vec<_> =
                many.iter().map(|e| format!("`{}`", directory.levels[directory.entities[*e].level])).collect();
            Err(Stop::usage(format!("`{id}` is an entity of several levels: {}", names.join(", ")))
                .help("say which with `--level`"))
        }
    }
}

/// What a scorecard shows: the level asked for; with an entity and no level, the entity and the level below it.
pub(super) fn selection(
    program: &Program,
    directory: &Directory,
    level: Option<&str>,
    id: Option<&str>,
) -> Result<Selection, Stop> {
    let asked = levels(program, level)?;
    let Some(id) = id else { return Ok(Selection { levels: asked, under: None }) };
    let top = entity(directory, id, level.map(|_| asked.as_slice()))?;
    let own = directory.entities[top].level;
    let below = (own + 1).min(directory.levels.len().saturating_sub(1));
    let levels = match level {
        None => [own, below].into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect(),
        Some(_) => asked,
    };
    let selection = Selection { levels, under: Some(top) };
    if !(0..directory.entities.len()).any(|e| selection.shows(directory, e)) {
        return Err(Stop::usage(format!("nothing of the level `{}` lies under `{id}`", level.unwrap_or_default()))
            .help(format!("`{id}` is of the level `{}`", directory.levels[own])));
    }
    Ok(selection)
}
