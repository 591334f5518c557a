//! The tables and columns that a model names among those of a database: each found once, or told
//! with what is there instead.

use crate::dialect::{Listed, ListedColumn};
use crate::fault::Fault;
use crate::wanted::Wanted;
use yardstick_language::diag::suggest;

/// A table that is read, and which of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Its name in the files.
    pub(crate) file: String,
    /// The table.
    pub(crate) table: Listed,
    /// The names in the files, and the columns of the table.
    pub(crate) columns: Vec<(String, ListedColumn)>,
    /// The columns that the model does not name, where they matter.
    pub(crate) others: Vec<ListedColumn>,
}

/// Finds what is wanted among the tables of the database.
pub(crate) fn chosen(listed: &[Listed], wanted: &[Wanted], address: &str) -> Result<Vec<Chosen>, Fault> {
    let missing: Vec<&Wanted> = wanted.iter().filter(|wanted| tables(listed, wanted).next().is_none()).collect();
    if let Some(first) = missing.first() {
        return Err(no_table(listed, first, &missing, address));
    }
    wanted.iter().map(|wanted| choose(listed, wanted, address)).collect()
}

/// The tables that a name may mean.
fn tables<'l>(listed: &'l [Listed], wanted: &'l Wanted) -> impl Iterator<Item = &'l Listed> {
    let (schema, name) = wanted.place();
    let whole = move |table: &&Listed| table.is_near && table.name == wanted.file;
    let placed = move |table: &&Listed| schema.is_some_and(|schema| table.schema == schema) && table.name == name;
    listed.iter().filter(move |table| whole(table) || placed(table))
}

fn choose(listed: &[Listed], wanted: &Wanted, address: &str) -> Result<Chosen, Fault> {
    let found: Vec<&Listed> = tables(listed, wanted).collect();
    let [table] = found[..] else {
        let names: Vec<String> = found.iter().map(|table| format!("`{}.{}`", table.schema, table.name)).collect();
        let fault = Fault::data(format!("`{}` may mean {}", wanted.file, names.join(" and ")));
        return Err(fault.help("rename one of them, or read a view of another name"));
    };
    let named = |name: &String| table.columns.iter().filter(|column| wanted.is(&column.name, name)).collect::<Vec<_>>();
    let missing: Vec<&String> = wanted.columns.iter().filter(|name| named(name).is_empty()).collect();
    if !missing.is_empty() {
        return Err(no_column(table, wanted, &missing, address));
    }
    let mut columns = Vec::new();
    for name in &wanted.columns {
        let [column] = named(name)[..] else {
            let fault = Fault::data(format!("table `{}` has more than one column `{name}`, in any case", wanted.file));
            return Err(fault.help("leave `headers ignoring case` out of the model, or read a view with one of them"));
        };
        columns.push((name.clone(), column.clone()));
    }
    let is_named = |column: &&ListedColumn| columns.iter().any(|(_, named)| named.name == column.name);
    let others = table.columns.iter().filter(|column| wanted.distinct && !is_named(column)).cloned().collect();
    Ok(Chosen { file: wanted.file.clone(), table: table.clone(), columns, others })
}

fn no_table(listed: &[Listed], first: &Wanted, missing: &[&Wanted], address: &str) -> Fault {
    let names: Vec<String> = missing.iter().map(|wanted| format!("`{}`", wanted.file)).collect();
    let what = if names.len() == 1 { "table" } else { "tables" };
    let fault = Fault::data(format!("`{}` has no {what} {}", address, names.join(", ")));
    let (_, name) = first.place();
    let near: Vec<&str> = listed.iter().filter(|table| table.is_near).map(|table| table.name.as_str()).collect();
    let elsewhere = listed.iter().find(|table| table.name == name).map(|other| {
        format!(
            "there is one in the schema `{0}`: write `from \"{0}.{1}\"` after the title of table `{2}`",
            other.schema,
            other.name,
            first.tables.join("`, `")
        )
    });
    fault.help(match (suggest::nearest(name, near.iter().copied()), elsewhere) {
        (Some(nearest), Some(elsewhere)) => format!("did you mean `{nearest}`? {elsewhere}"),
        (None, Some(elsewhere)) => elsewhere,
        (_, None) if near.is_empty() => {
            "you see no table at all there: is it the right database, and may you read its tables?".to_owned()
        }
        (_, None) => suggest::help(name, "tables", &near),
    })
}

fn no_column(table: &Listed, wanted: &Wanted, missing: &[&String], address: &str) -> Fault {
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    let what = if names.len() == 1 { "column" } else { "columns" };
    let message = format!("table `{}` of `{}` has no {what} {}", wanted.file, address, names.join(", "));
    let Some(first) = missing.first() else { return Fault::data(message) };
    let is_same = |column: &&ListedColumn| column.name.eq_ignore_ascii_case(first);
    if let Some(other) = table.columns.iter().find(is_same) {
        return Fault::data(message).help(format!(
            "the table has `{}`: if the case of names does not matter, write `headers ignoring case` in the model",
            other.name
        ));
    }
    let serves = |name: &str| wanted.columns.iter().any(|other| wanted.is(name, other));
    let free: Vec<&str> =
        table.columns.iter().map(|column| column.name.as_str()).filter(|name| !serves(name)).collect();
    Fault::data(message).help(if free.is_empty() {
        "name a view that has it, or take the column out of the model".to_owned()
    } else {
        suggest::help(first, "other columns", &free)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(schema: &str, name: &str, columns: &[&str]) -> Listed {
        let column = |name: &&str| ListedColumn { name: (*name).into(), ty: "text".into(), base: "text".into() };
        let columns = columns.iter().map(column).collect();
        Listed { schema: schema.into(), name: name.into(), is_near: schema == "public", can_be_held: true, columns }
    }

    fn wanted(file: &str, columns: &[&str]) -> Wanted {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Wanted { file: file.into(), tables: vec!["stay".into()], columns, ignoring_case: false, distinct: false }
    }

    /// What is found, or what is said.
    fn said(listed: &[Listed], wanted: Wanted) -> String {
        match chosen(listed, &[wanted], "db") {
            Ok(found) => {
                let of = &found[0];
                let columns: Vec<_> = of.columns.iter().map(|(name, of)| format!("{name}={}", of.name)).collect();
                let others: Vec<_> = of.others.iter().map(|of| of.name.as_str()).collect();
                format!("{}.{}: {} [{}]", of.table.schema, of.table.name, columns.join(" "), others.join(" "))
            }
            Err(fault) => format!("{fault}; {}", fault.help.as_deref().unwrap_or_default()),
        }
    }

    fn there() -> Vec<Listed> {
        vec![
            listed("old", "stays", &["id"]),
            listed("public", "care.stays", &["id"]),
            listed("public", "stays", &["id", "began", "ENDED", "note"]),
            listed("work", "calls", &["id"]),
        ]
    }

    #[test]
    fn a_table_is_found_where_its_name_says() {
        let there = there();
        assert_eq!(said(&there, wanted("stays", &["id"])), "public.stays: id=id []");
        assert_eq!(said(&there, wanted("old/stays", &["id"])), "old.stays: id=id []");
        assert_eq!(said(&there, wanted("old.stays", &["id"])), "old.stays: id=id []");
        assert_eq!(said(&there, wanted("care.stays", &["id"])), "public.care.stays: id=id []");
        let both = [there, vec![listed("care", "stays", &["id"])]].concat();
        assert!(
            said(&both, wanted("care.stays", &["id"]))
                .starts_with("`care.stays` may mean `public.care.stays` and `care.stays`")
        );
    }

    #[test]
    fn what_is_missing_is_told_with_what_is_there_instead() {
        let there = there();
        assert_eq!(said(&there, wanted("stay", &["id"])), "`db` has no table `stay`; did you mean `stays`?");
        assert_eq!(
            said(&there, wanted("calls", &["id"])),
            "`db` has no table `calls`; there is one in the schema `work`: write `from \"work.calls\"` after the title of table `stay`"
        );
        assert!(said(&[], wanted("calls", &["id"])).contains("you see no table at all there"));
        assert!(
            said(&there, wanted("stays", &["id", "begun"])).ends_with("has no column `begun`; did you mean `began`?")
        );
        assert!(
            said(&there, wanted("stays", &["ended"]))
                .contains("the table has `ENDED`: if the case of names does not matter")
        );
        let two = said(&there, wanted("stays", &["a", "b"]));
        assert!(two.starts_with("table `stays` of `db` has no columns `a`, `b`; "), "{two}");
        assert!(said(&there, wanted("work.calls", &["id", "x"])).ends_with("or take the column out of the model"));
    }

    #[test]
    fn names_in_any_case_are_one_column_where_the_model_says_so() {
        let any = |columns: &[&str]| Wanted { ignoring_case: true, ..wanted("stays", columns) };
        assert_eq!(said(&there(), any(&["Id", "ended"])), "public.stays: Id=id ended=ENDED []");
        let twice = [listed("public", "stays", &["id", "ID"])];
        assert!(said(&twice, any(&["id"])).starts_with("table `stays` has more than one column `id`"));
    }

    #[test]
    fn what_else_a_row_holds_is_read_only_where_it_matters() {
        let distinct = Wanted { distinct: true, ..wanted("stays", &["began"]) };
        assert_eq!(said(&there(), distinct), "public.stays: began=began [id ENDED note]");
    }
}
