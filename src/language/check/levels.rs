//! Levels: each but the whole is a table, and each finds its way to the one above.

use super::declared::{Declared, repeated};
use super::model::Tables;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{Hierarchy, Level, Model, Step, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name};
use std::collections::BTreeMap;

/// Reads the `levels` lines into the model: the hierarchy without a name first. A line with an
/// error gives a hierarchy without levels, and what hangs on it is not checked.
pub(super) fn build(model: &mut Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    if declared.levels.is_empty()
        && let Some(indicator) = declared.indicators.first()
        && declared.unread.is_empty()
    {
        let message = "the model declares no levels, so there is nobody to show a result for";
        out.push(
            Diagnostic::new(code::LEVELS, indicator.name.span, message)
                .help("write a line such as `levels department > office > worker`, from the whole to the smallest"),
        );
    }
    for line in in_order(declared, out) {
        let levels = hierarchy(model, declared, ids, line, out).unwrap_or_default();
        let name = line.name.as_ref().map(|name| name.value.clone());
        model.hierarchies.push(Hierarchy { name, levels });
    }
    model.turn_to(0);
}

/// The lines that are right by their names, the one without a name first.
fn in_order<'a>(declared: &Declared<'a>, out: &mut Diagnostics) -> Vec<&'a ast::Levels> {
    let mut seen: BTreeMap<Option<&str>, Span> = BTreeMap::new();
    let mut lines = Vec::new();
    for line in &declared.levels {
        let name = line.name.as_ref().map(|name| name.value.as_str());
        let place = line.name.as_ref().map_or(line.span, |name| name.span);
        if let Some(first) = seen.get(&name) {
            let (message, help) = match name {
                Some(name) => (format!("the levels `{name}` are declared twice"), "give one of the two another name"),
                None => (
                    "`levels` is declared twice".to_owned(),
                    "remove one of the two lines, or give the second a name: `levels providers: department > agency`",
                ),
            };
            out.push(repeated(code::DECLARED_TWICE, message, place, *first).help(help));
            continue;
        }
        seen.insert(name, place);
        lines.push(*line);
    }
    lines.sort_by_key(|line| line.name.is_some());
    lines
}

fn hierarchy(
    model: &Model,
    declared: &Declared,
    ids: &Tables,
    line: &ast::Levels,
    out: &mut Diagnostics,
) -> Option<Vec<Level>> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut levels: Option<Vec<Level>> = Some(Vec::new());
    for (i, name) in line.levels.iter().enumerate() {
        if let Some(first) = seen.insert(&name.value, name.span) {
            let message = format!("the level `{}` is listed twice", name.value);
            out.push(repeated(code::DECLARED_TWICE, message, name.span, first).help("name each level once"));
            levels = None;
            continue;
        }
        let level = if i == 0 { Some(whole(name)) } else { below(model, declared, ids, name, levels.as_deref(), out) };
        match (&mut levels, level) {
            (Some(levels), Some(level)) => levels.push(level),
            (levels, _) => *levels = None,
        }
    }
    if line.levels.len() < 2 {
        let message = "there is only one level, so no row can be attributed to anyone";
        out.push(
            Diagnostic::new(code::LEVELS, line.span, message)
                .help("write `levels department > worker`, with a table `worker`"),
        );
        levels = None;
    }
    levels
}

fn whole(name: &Name) -> Level {
    Level { name: name.value.clone(), table: None, up: None }
}

fn below(
    model: &Model,
    declared: &Declared,
    ids: &Tables,
    name: &Name,
    above: Option<&[Level]>,
    out: &mut Diagnostics,
) -> Option<Level> {
    let Some(table) = ids.ids.get(name.value.as_str()).copied() else {
        if declared.unread.contains(name.value.as_str()) {
            return None;
        }
        let known: Vec<_> = model.tables.iter().map(|t| t.name.as_str()).collect();
        let message = format!("the level `{}` has no table of that name", name.value);
        out.push(Diagnostic::new(code::LEVELS, name.span, message).help(suggest::help(&name.value, "tables", &known)));
        return None;
    };
    if model.table(table).key.is_none() {
        let message = format!("table `{}` is a level but has no key", name.value);
        out.push(
            Diagnostic::new(code::KEY, name.span, message)
                .help(format!("declare the column that identifies a row: `{0}_id key`", name.value)),
        );
        return None;
    }
    let above = above?.last()?;
    let Some(bigger) = above.table else {
        return Some(Level { name: name.value.clone(), table: Some(table), up: None });
    };
    if ids.of_words.contains(name.value.as_str()) {
        let message = format!("the words of `{}` lead to no `{}`", name.value, above.name);
        let help = "a level made of words stands just below the whole: `levels NAME: WHOLE > WORDS`";
        out.push(Diagnostic::new(code::LEVEL_PATH, name.span, message).help(help));
        return None;
    }
    let links_above = |m: &Member| matches!(m, Member::Link { target, .. } if target.value == above.name);
    let linked = declared.tables.get(usize::from(table.0)).is_some_and(|t| t.members.iter().any(links_above));
    let up = match paths(model, table, bigger).as_slice() {
        [only] => *only,
        // The link is there, with a mistake that has been reported.
        [] if linked => return None,
        found => {
            out.push(no_path(name, &above.name, found.is_empty()));
            return None;
        }
    };
    Some(Level { name: name.value.clone(), table: Some(table), up: Some(up) })
}

fn paths(model: &Model, from: TableId, to: TableId) -> Vec<Step> {
    let table = model.table(from);
    let plain = table.columns().filter(|(_, c)| c.leads_to() == Some(to)).map(|(id, _)| Step::Link(id));
    let dated = table.dated.iter().enumerate().filter(|(_, d)| d.target == to).map(|(i, _)| Step::Dated(i));
    plain.chain(dated).collect()
}

fn no_path(name: &Name, above: &str, none: bool) -> Diagnostic {
    let level = &name.value;
    let (message, help) = if none {
        (
            format!("the level `{level}` has no path to the level above, `{above}`"),
            format!(
                "declare `{above} -> {above}` in table `{level}`, or `{above} -> {above} through ...` when it changes over time"
            ),
        )
    } else {
        (
            format!("the level `{level}` has more than one path to the level above, `{above}`"),
            format!("keep one column of `{level}` that links to `{above}`"),
        )
    };
    Diagnostic::new(code::LEVEL_PATH, name.span, message).help(help)
}
