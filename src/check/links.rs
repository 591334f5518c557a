//! Links between tables: keys they need, dated links by way of a table of stays, and back links.

use super::declared::Declared;
use super::model::{Tables, find_table};
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{Back, ColumnId, ColumnType, DatedLink, Model, TableId};
use crate::syntax::ast::{Member, Name};
use std::collections::BTreeSet;

/// Adds dated links and back links, once all columns are known.
pub(super) fn connect(model: &mut Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    keys(model, declared, ids, out);
    for (i, decl) in declared.tables.iter().enumerate() {
        let owner = TableId(i as u16);
        for member in &decl.members {
            match member {
                Member::Link { name, target, through: Some(through), .. } => {
                    let link = dated(model, ids, owner, name, target, through, out);
                    model.tables[i].dated.extend(link);
                }
                Member::Back { name, table, via } => {
                    let back = back(model, ids, owner, name, table, via.as_ref(), out);
                    model.tables[i].backs.extend(back);
                }
                Member::Link { through: None, .. }
                | Member::Key { .. }
                | Member::Column { .. }
                | Member::Derived { .. }
                | Member::Spans { .. }
                | Member::Peers { .. } => {}
            }
        }
    }
}

/// Every table that others link to has a key; the first link to one without is reported.
fn keys(model: &Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    for member in declared.tables.iter().flat_map(|t| &t.members) {
        let Member::Link { name, target, .. } = member else { continue };
        let Some(id) = ids.ids.get(target.value.as_str()) else { continue };
        let table = model.table(*id);
        // A column with a mistake of its own may be the key.
        let broken = |m: &Member| matches!(m, Member::Column { name, .. } if table.find(&name.value).is_none());
        let perhaps = declared.tables.get(usize::from(id.0)).is_some_and(|t| t.members.iter().any(broken));
        if table.key.is_some() || perhaps || !told.insert(*id) {
            continue;
        }
        let message = format!("the link `{}` leads to table `{}`, which has no key", name.value, target.value);
        out.push(
            Diagnostic::new(code::KEY, target.span, message)
                .help(format!("declare the column that names a row of `{0}`: `{0}_id key`", target.value)),
        );
    }
}

/// The link columns of `table` that lead to `target`.
fn links_to(model: &Model, table: TableId, target: TableId) -> Vec<ColumnId> {
    model.table(table).columns().filter(|(_, c)| c.ty == ColumnType::Link(target)).map(|(id, _)| id).collect()
}

fn dated(
    model: &Model,
    ids: &Tables,
    owner: TableId,
    name: &Name,
    target: &Name,
    through: &Name,
    out: &mut Diagnostics,
) -> Option<DatedLink> {
    let target_id = find_table(target, ids, out);
    let through_id = find_table(through, ids, out);
    let (target_id, through_id) = (target_id?, through_id?);
    let by = model.table(through_id);
    let mut refuse =
        |message: String, help: String| out.push(Diagnostic::new(code::THROUGH, through.span, message).help(help));
    if by.spans.is_none() {
        refuse(
            format!("`{}` has no stays, so it cannot say who holds on a day", by.name),
            format!("add a line `spans FROM until UNTIL` to table `{}`", by.name),
        );
        return None;
    }
    let mut one = |to: TableId| match links_to(model, through_id, to).as_slice() {
        [only] => Some(*only),
        found => {
            let (count, to) = (if found.is_empty() { "no link" } else { "more than one link" }, &model.table(to).name);
            refuse(
                format!("`{}` has {count} to `{to}`", by.name),
                format!("table `{0}` must have exactly one column `... -> {to}` to carry `{1}`", by.name, name.value),
            );
            None
        }
    };
    let owner_column = one(owner);
    let value = if target_id == owner { owner_column } else { one(target_id) };
    Some(DatedLink {
        name: name.value.clone(),
        target: target_id,
        through: through_id,
        owner: owner_column?,
        value: value?,
    })
}

fn back(
    model: &Model,
    ids: &Tables,
    owner: TableId,
    name: &Name,
    table: &Name,
    via: Option<&Name>,
    out: &mut Diagnostics,
) -> Option<Back> {
    let id = find_table(table, ids, out)?;
    let links = links_to(model, id, owner);
    let written =
        |column: ColumnId| format!("`{} <- {}.{}`", name.value, table.value, model.table(id).column(column).name);
    let owner_name = &model.table(owner).name;
    if let Some(via) = via {
        let found = links.iter().copied().find(|c| model.table(id).column(*c).name == via.value);
        if found.is_none() {
            let message = format!("`{}.{}` is not a link to `{owner_name}`", table.value, via.value);
            let options: Vec<_> = links.iter().map(|c| written(*c)).collect();
            let help = match options.is_empty() {
                true => format!("declare a column `{owner_name} -> {owner_name}` in table `{}`", table.value),
                false => format!("write {}", options.join(" or ")),
            };
            out.push(Diagnostic::new(code::BACK, via.span, message).help(help));
        }
        return found.map(|via| Back { name: name.value.clone(), table: id, via });
    }
    let (message, help) = match links.as_slice() {
        [only] => return Some(Back { name: name.value.clone(), table: id, via: *only }),
        [] => (
            format!("no column of `{}` links to `{owner_name}`", table.value),
            format!("declare a column `{owner_name} -> {owner_name}` in table `{}`", table.value),
        ),
        several => (
            format!("more than one column of `{}` links to `{owner_name}`", table.value),
            format!("write {}", several.iter().map(|c| written(*c)).collect::<Vec<_>>().join(" or ")),
        ),
    };
    out.push(Diagnostic::new(code::BACK, table.span, message).help(help));
    None
}
