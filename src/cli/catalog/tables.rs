//! The pages of the model's tables.

use super::World;
use crate::model::{self, ColumnType};
use crate::report::catalog::{Column, Link, Table};
use crate::source::Span;
use crate::syntax::ast::Item;

/// All tables, in the order of their names.
pub(super) fn all(world: &World) -> Vec<Table> {
    let reads: Vec<(Link, Vec<Link>)> =
        world.indicators.iter().map(|of| (world.link(&of.id, String::new()), world.reads(of))).collect();
    let mut tables: Vec<Table> = world.program.model.tables.iter().map(|of| table(world, of, &reads)).collect();
    tables.sort_by(|one, other| one.name.cmp(&other.name));
    tables
}

fn table(world: &World, of: &model::Table, reads: &[(Link, Vec<Link>)]) -> Table {
    let reading = || reads.iter().filter_map(|(by, tables)| Some((by, tables.iter().find(|t| t.name == of.name)?)));
    let readers = reading().map(|(by, table)| Link { note: table.note.clone(), ..by.clone() }).collect();
    let column = |column: &model::Column| {
        let reads_it = |table: &Link| table.note.split(", ").any(|name| name == column.name);
        Column {
            name: column.name.clone(),
            holds: holds(column),
            leads_to: column.target().map(|target| {
                let name = &world.program.model.table(target).name;
                Link { name: name.clone(), page: world.pages.of_table(name), note: String::new() }
            }),
            in_file: in_file(world, of, column),
            readers: reading().filter(|(_, table)| reads_it(table)).map(|(by, _)| by.clone()).collect(),
        }
    };
    Table {
        name: of.name.clone(),
        page: world.pages.of_table(&of.name),
        title: of.title.clone(),
        file: file(world, of),
        columns: of.columns.iter().map(column).collect(),
        text: world.declaration(&of.name).map(|span| world.code(span)).unwrap_or_default(),
        readers,
    }
}

/// What a column holds; of a link, what stands before the name of the table.
fn holds(column: &model::Column) -> String {
    let what = match &column.ty {
        ColumnType::Key => "the id of the row".to_owned(),
        ColumnType::Link(_) => "the id of a row of".to_owned(),
        ColumnType::Text => "a text".to_owned(),
        ColumnType::Bool => "true or false".to_owned(),
        ColumnType::Int => match column.counted {
            Some(unit) => format!("a whole number of {}", unit.word()),
            None => "a whole number".to_owned(),
        },
        ColumnType::Decimal(digits) => format!("a number with {} digits after the point", digits.after),
        ColumnType::Date => "a day".to_owned(),
        ColumnType::Timestamp => "a day and the time of day".to_owned(),
        ColumnType::Codes(words) => format!("one of {}", words.join(", ")),
    };
    match (column.optional, column.not_yet) {
        (_, true) => format!("missing as long as it has not happened; {what}"),
        (true, false) => format!("may be missing; {what}"),
        (false, false) => what,
    }
}

/// Where the value stands.
fn in_file(world: &World, of: &model::Table, column: &model::Column) -> String {
    match (&column.joined, of.words_of) {
        (Some(joined), _) => {
            let other = world.program.model.table(joined.table);
            format!("{}.{}", other.name, other.column(joined.column).name)
        }
        (None, Some(_)) => String::new(),
        (None, None) => column.file_name.clone(),
    }
}

/// Where the rows stand, in a sentence or two.
fn file(world: &World, of: &model::Table) -> String {
    if let Some((table, column)) = of.words_of {
        let table = world.program.model.table(table);
        return format!("Its rows are the words of {}.{}.", table.name, table.column(column).name);
    }
    let sheet = of.sheet.as_ref().map(|sheet| format!(", sheet \"{sheet}\"")).unwrap_or_default();
    let fed = if of.fed { "" } else { " Its rows are there whatever the day." };
    format!("It is read from \"{}\"{sheet}.{fed}", of.file)
}

impl World<'_> {
    /// Where a table is declared.
    fn declaration(&self, name: &str) -> Option<Span> {
        let items = self.editor.asts().iter().flat_map(|ast| &ast.items);
        let span = items.into_iter().find_map(|item| match item {
            Item::Table(table) if table.name.value == name => Some(table.span),
            // No other declaration is a table.
            _ => None,
        })?;
        // The texts of the editor stand in the order of their paths.
        let file = self.sources.find(&self.editor.sources().file(span.file).path)?;
        Some(Span { file, ..span })
    }
}
