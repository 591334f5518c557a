//! Finding the model's columns among a file's.

use super::problem::Problem;
use yardstick_language::diag::{code, suggest};
use yardstick_language::model::{Model, Table, in_small_letters};

/// The positions of the columns that the model does not speak of, in the order of their names.
pub(super) fn others(model: &Model, table: &Table, names: &[&str]) -> Result<Vec<usize>, Problem> {
    let read = positions(model, table, names)?;
    let mut others: Vec<usize> = (0..names.len()).filter(|at| !read.iter().flatten().any(|read| read == at)).collect();
    others.sort_by_key(|at| names[*at]);
    Ok(others)
}

/// The positions of each column of the model among the file's names: one, or those of the columns
/// that make up an id; none of a column that stands in another table. Columns the model does not
/// speak of are left alone.
///
/// # Errors
/// When a column is missing, or its name stands there twice.
pub(super) fn positions(model: &Model, table: &Table, names: &[&str]) -> Result<Vec<Vec<usize>>, Problem> {
    let in_any_case = |name: &str, wanted: &str| in_small_letters(name) == in_small_letters(wanted);
    let is = |name: &str, wanted: &str| name == wanted || model.headers_ignore_case && in_any_case(name, wanted);
    let mut missing = Vec::new();
    let mut found = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let mut of_column = Vec::new();
        for wanted in column.file_names().filter(|_| column.joined.is_none()) {
            let mut at = names.iter().enumerate().filter(|(_, n)| is(n, wanted)).map(|(i, _)| i);
            match (at.next(), at.next()) {
                (Some(at), None) => of_column.push(at),
                (None, _) => missing.push(wanted),
                (Some(_), Some(_)) => {
                    let message = format!("column `{wanted}` of table `{}` stands in the file twice", table.name);
                    return Err(Problem::new(code::DATA_COLUMN_TWICE, message).help("keep one of the two"));
                }
            }
        }
        found.push(of_column);
    }
    missing.dedup();
    let Some(first) = missing.first() else { return Ok(found) };
    let quoted: Vec<_> = missing.iter().map(|n| format!("`{n}`")).collect();
    let what = if missing.len() == 1 { "column" } else { "columns" };
    let message = format!("table `{}` has no {what} {} in its file", table.name, quoted.join(", "));
    let other_case = missing.iter().find_map(|wanted| names.iter().find(|name| in_any_case(name, wanted)));
    if let Some(name) = other_case {
        let help = format!(
            "the file has `{name}`: if the case of names does not matter, write `headers ignoring case` in the model"
        );
        return Err(Problem::new(code::DATA_MISSING_COLUMN, message).help(help));
    }
    // Names that already serve another column of the model are not what was meant.
    let serves = |name: &str| table.columns.iter().flat_map(|c| c.file_names()).any(|read| read == name);
    let free: Vec<&str> = names.iter().copied().filter(|name| !serves(name)).collect();
    let help = if free.is_empty() {
        "add the column to the file, empty where nothing is known".to_owned()
    } else {
        suggest::help(first, "other columns", &free)
    };
    Err(Problem::new(code::DATA_MISSING_COLUMN, message).help(help))
}
