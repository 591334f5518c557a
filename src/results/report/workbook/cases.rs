//! The rows behind the latest cells, a sheet for each indicator, where they were asked for.

use super::tables::{LINES, Value, line, table};
use crate::scorecard::case_list::CaseList;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// A list that is longer than a sheet, and how long it is.
pub(super) fn too_long(lists: &[CaseList]) -> Option<(&CaseList, usize)> {
    lists.iter().map(|list| (list, list.rows.len())).find(|(_, lines)| *lines > LINES)
}

pub(super) fn sheet(sheet: &mut Worksheet, list: &CaseList) -> Result<(), XlsxError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (number, row) in list.rows.iter().enumerate() {
        let texts: Vec<String> = row.texts.iter().map(text).collect();
        let values: Vec<Value<'_>> = texts.iter().map(|text| Value::Text(text)).collect();
        line(sheet, number + 1, &values)?;
    }
    let heads = heads(&list.head);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    table(sheet, &heads, list.rows.len())
}

/// The names of the columns. To Excel, two that differ in capitals alone are one.
fn heads(names: &[String]) -> Vec<String> {
    let mut heads: Vec<String> = Vec::new();
    for name in names {
        let taken = |head: &str| heads.iter().any(|other| other.to_lowercase() == head.to_lowercase());
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|head| !taken(head));
        heads.extend(free);
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_heads_are_one_to_excel() {
        let names = ["id", "seen", "Seen", "SEEN"].map(str::to_owned);
        assert_eq!(heads(&names), ["id", "seen", "Seen (2)", "SEEN (3)"]);
    }
}
