//! Links between tables: keys they need, dated links by way of a table of stays, and back links.

use super::declared::Declared;
use super::model::{Tables, find_any_table, find_table};
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{Back, ColumnId, DatedLink, Model, TableId};
use crate::syntax::ast::{Member, Name};
use std::collections::{BTreeMap, BTreeSet};

/// More ways to write a line are not listed.
const SHOWN: usize = 12;

/// The link columns of each table by the table they lead to.
type Links = BTreeMap<(TableId, TableId), Vec<ColumnId>>;

/// Adds dated links and back links, once all columns are known.
pub(super) fn connect(model: &mut Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    keys(model, declared, ids, out);
    let links = links(model);
    for (i, decl) in declared.tables.iter().enumerate() {
        let owner = TableId(i as u16);
        for member in &decl.members {
            match member {
                Member::Link { name, target, through: Some(through), .. } => {
                    let link = dated(model, &links, ids, owner, (name, target, through), out);
                    model.tables[i].dated.extend(link);
                }
                Member::Back { name, table, via } => {
                    let back = back(model, &links, ids, owner, (name, table, via.as_ref()), out);
                    model.tables[i].backs.extend(back);
                }
                Member::Link { through: None, .. }
                | Member::Key { .. }
                | Member::Column { .. }
                | Member::Derived { .. }
                | Member::Rule { .. }
                | Member::Attribute { .. }
                | Member::Spans { .. }
                | Member::Peers { .. }
                | Member::Begins { .. } => {}
            }
        }
    }
}

fn links(model: &Model) -> Links {
    let mut all = Links::new();
    for (from, table) in model.tables() {
        for (id, column) in table.columns() {
            if let Some(to) = column.leads_to() {
                all.entry((from, to)).or_default().push(id);
            }
        }
    }
    all
}

/// The columns of `table` that lead to `target`.
fn links_to(links: &Links, table: TableId, target: TableId) -> &[ColumnId] {
    links.get(&(table, target)).map_or(&[], Vec::as_slice)
}

/// Every table that others link to has a key; the first link to one without is reported.
fn keys(model: &Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    let mut looked_at = BTreeSet::new();
    for member in declared.tables.iter().flat_map(|t| &t.members) {
        let Member::Link { name, target, .. } = member else { continue };
        let Some(id) = ids.ids.get(target.value.as_str()) else { continue };
        if !looked_at.insert(*id) || model.table(*id).key.is_some() || perhaps_key(model, declared, *id) {
            continue;
        }
        let message = format!("the link `{}` leads to table `{}`, which has no key", name.value, target.value);
        out.push(
            Diagnostic::new(code::KEY, target.span, message)
                .help(format!("declare the column that identifies a row of `{0}`: `{0}_id key`", target.value)),
        );
    }
}

/// Whether a column with a mistake of its own may be the table's key.
fn perhaps_key(model: &Model, declared: &Declared, id: TableId) -> bool {
    let sound: BTreeSet<&str> = model.table(id).columns.iter().map(|c| c.name.as_str()).collect();
    let broken = |m: &Member| matches!(m, Member::Column { name, .. } if !sound.contains(name.value.as_str()));
    declared.tables.get(usize::from(id.0)).is_some_and(|t| t.members.iter().any(broken))
}

/// `name -> target through through`.
fn dated(
    model: &Model,
    links: &Links,
    ids: &Tables,
    owner: TableId,
    (name, target, through): (&Name, &Name, &Name),
    out: &mut Diagnostics,
) -> Option<DatedLink> {
    let target_id = find_any_table(target, ids, out);
    let through_id = find_table(through, ids, out);
    let (target_id, through_id) = (target_id?, through_id?);
    let by = model.table(through_id);
    let mut refuse =
        |message: String, help: String| out.push(Diagnostic::new(code::THROUGH, through.span, message).help(help));
    if by.spans.is_none() {
        refuse(
            format!("`{}` has no `spans` line, so it cannot say who holds a row on a day", by.name),
            format!("add a line `spans FROM until UNTIL` to table `{}`", by.name),
        );
        return None;
    }
    let mut one = |to: TableId| match links_to(links, through_id, to) {
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

/// `name <- table.via`.
fn back(
    model: &Model,
    links: &Links,
    ids: &Tables,
    owner: TableId,
    (name, table, via): (&Name, &Name, Option<&Name>),
    out: &mut Diagnostics,
) -> Option<Back> {
    let id = find_table(table, ids, out)?;
    let links = links_to(links, id, owner);
    let of = |column: &ColumnId| &model.table(id).column(*column).name;
    // No reader picks from a longer list.
    let written = || {
        let some = links.iter().take(SHOWN).map(|c| format!("`{} <- {}.{}`", name.value, table.value, of(c)));
        some.collect::<Vec<_>>().join(" or ")
    };
    let owner_name = &model.table(owner).name;
    if let Some(via) = via {
        let found = links.iter().copied().find(|c| *of(c) == via.value);
        if found.is_none() {
            let message = format!("`{}.{}` is not a link to `{owner_name}`", table.value, via.value);
            let help = match links.is_empty() {
                true => format!("declare a column `{owner_name} -> {owner_name}` in table `{}`", table.value),
                false => format!("write {}", written()),
            };
            out.push(Diagnostic::new(code::BACK, via.span, message).help(help));
        }
        return found.map(|via| Back { name: name.value.clone(), table: id, via });
    }
    let (message, help) = match links {
        [only] => return Some(Back { name: name.value.clone(), table: id, via: *only }),
        [] => (
            format!("no column of `{}` links to `{owner_name}`", table.value),
            format!("declare a column `{owner_name} -> {owner_name}` in table `{}`", table.value),
        ),
        [_, _, ..] => (
            format!("more than one column of `{}` links to `{owner_name}`", table.value),
            format!("write {}", written()),
        ),
    };
    out.push(Diagnostic::new(code::BACK, table.span, message).help(help));
    None
}
