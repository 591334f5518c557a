//! The tables as they were known at the end of the as-of day: rows that begin later are not there,
//! days that lie later have not come, and what becomes known with such a day is missing.

use super::Refused;
use super::names::{closed, day, name, quoted};
use super::writer::Writer;
use crate::model::{Column, ColumnId, ColumnType, Known, Table, TableId};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

const AS_OF: &str = "(SELECT as_of FROM params)";

impl Writer<'_> {
    /// The steps for the tables that are needed, each after those it goes by.
    pub(super) fn known_tables(&self) -> Result<Vec<String>, Refused> {
        // Writing a table may need others.
        let mut written: BTreeMap<TableId, (BTreeSet<ColumnId>, String)> = BTreeMap::new();
        loop {
            let needs = self.needs();
            let open = needs.iter().find(|(table, columns)| written.get(table).is_none_or(|(of, _)| of != *columns));
            let Some((table, columns)) = open else { break };
            let text = self.known_table(*table, columns)?;
            written.insert(*table, (columns.clone(), text));
        }
        let mut order = Vec::new();
        for table in written.keys() {
            self.put_in_order(*table, &mut Vec::new(), &mut order)?;
        }
        Ok(order.into_iter().filter_map(|table| written.remove(&table)).map(|(_, text)| text).collect())
    }

    fn put_in_order(
        &self,
        table: TableId,
        on_the_way: &mut Vec<TableId>,
        order: &mut Vec<TableId>,
    ) -> Result<(), Refused> {
        if order.contains(&table) {
            return Ok(());
        }
        if on_the_way.contains(&table) {
            return Err(Refused::circle(&self.model.table(table).name));
        }
        on_the_way.push(table);
        for (_, target) in self.hangs(table) {
            self.put_in_order(target, on_the_way, order)?;
        }
        on_the_way.pop();
        order.push(table);
        Ok(())
    }

    /// The links of a row without a day of its own to rows that may not be there yet.
    fn hangs(&self, table: TableId) -> Vec<(ColumnId, TableId)> {
        let declared = self.model.table(table);
        let links = declared.columns().filter(|(id, column)| match declared.begins_with {
            Some(with) => with == *id,
            None => !column.optional,
        });
        let links = links.filter_map(|(id, column)| Some((id, column.target()?)));
        let undated = declared.fed && declared.begins.is_none();
        links.filter(|(_, target)| undated && self.may_not_be_there(*target, 0)).collect()
    }

    /// Whether rows of a table may begin after the as-of day.
    fn may_not_be_there(&self, table: TableId, depth: usize) -> bool {
        const DEEP: usize = 8;
        let declared = self.model.table(table);
        declared.fed
            && (declared.begins.is_some()
                || depth > DEEP
                || declared
                    .hangs_on()
                    .filter_map(|id| declared.column(id).target())
                    .any(|to| self.may_not_be_there(to, depth + 1)))
    }

    fn known_table(&self, id: TableId, columns: &BTreeSet<ColumnId>) -> Result<String, Refused> {
        let table = self.model.table(id);
        let known = name(&format!("known_{}", table.name));
        if let Some((of, column)) = table.words_of {
            let words = self.model.table(of).column(column).ty.spelled_words().unwrap_or_default();
            let rows: Vec<String> = words.iter().map(|word| format!("({})", quoted(word))).collect();
            let column = columns.iter().next().map_or_else(|| "word".to_owned(), |column| self.bare(id, *column));
            return Ok(format!("{known} ({column}) AS (VALUES {})", rows.join(", ")));
        }
        let mut selected: Vec<String> = Vec::new();
        for column in columns {
            let value = self.known_value(id, table, *column)?;
            let bare = self.bare(id, *column);
            let plain = value == format!("t.{bare}");
            selected.push(if plain { value } else { format!("{value} AS {bare}") });
        }
        if self.numbered().contains(&id) {
            selected.push(format!("row_number() OVER (ORDER BY {}) AS row_no", self.order_of_rows(id, table)?));
        }
        if selected.is_empty() {
            selected.push("1 AS is_there".to_owned());
        }
        let (columns, file) = (selected.join(",\n         "), name(&table.file));
        let mut text = format!("{known} {} (\n  SELECT {columns}\n  FROM {file} AS t", self.says.in_place());
        let there = self.is_there(id, table)?;
        if !there.is_empty() {
            text.push_str(&format!("\n  WHERE {}", there.join("\n    AND ")));
        }
        Ok(text + "\n)")
    }

    /// A column as it stands in the table, with what stands for nothing as missing.
    fn raw(&self, id: TableId, column: ColumnId) -> Result<String, Refused> {
        let table = self.model.table(id);
        let declared = table.column(column);
        if let Some(joined) = declared.joined {
            let of = self.model.table(joined.table);
            let key = table.key.ok_or_else(|| Refused::internal("a value of another table for no key"))?;
            let value = self.raw_in("j", of.column(joined.column));
            return Ok(format!(
                "(SELECT min({value}) FROM {} AS j WHERE {} = {})",
                name(&of.file),
                self.raw_in("j", of.column(joined.via)),
                self.raw_in("t", table.column(key))
            ));
        }
        self.plain(id, declared)?;
        Ok(self.raw_in("t", declared))
    }

    fn raw_in(&self, alias: &str, column: &Column) -> String {
        if !column.parts.is_empty() {
            let parts = column.parts.iter().map(|part| {
                let text = format!("{alias}.{}", name(&part.file_name));
                format!("replace(replace({text}, '\\', '\\\\'), '/', '\\/')")
            });
            return parts.collect::<Vec<_>>().join(" || '/' || ");
        }
        let text = format!("{alias}.{}", name(&column.file_name));
        let days = || self.model.missing_dates.iter().map(|date| day(*date)).collect::<Vec<_>>().join(", ");
        match &column.ty {
            ColumnType::Date if column.optional && !self.model.missing_dates.is_empty() => {
                format!("CASE WHEN {text} NOT IN ({}) THEN {text} END", days())
            }
            ColumnType::Timestamp if column.optional && !self.model.missing_dates.is_empty() => {
                format!("CASE WHEN CAST({text} AS DATE) NOT IN ({}) THEN {text} END", days())
            }
            ColumnType::Codes(_) | ColumnType::Bool if !column.spellings.is_plain() => spelled(&text, column),
            ColumnType::Key
            | ColumnType::Link(_)
            | ColumnType::Text
            | ColumnType::Bool
            | ColumnType::Int
            | ColumnType::Decimal(_)
            | ColumnType::Date
            | ColumnType::Timestamp
            | ColumnType::Codes(_) => text,
        }
    }

    /// A column as it was known.
    fn known_value(&self, id: TableId, table: &Table, column: ColumnId) -> Result<String, Refused> {
        let raw = self.raw(id, column)?;
        let by = match table.column(column).known {
            Known::WithRow => return Ok(raw),
            Known::OwnDay => column,
            Known::With(day) => day,
        };
        if !table.fed {
            return Ok(raw);
        }
        if by != column {
            let text = self.written_day(id, table, by)?;
            let later = self.not_among(&format!("{} > {AS_OF}", text.1), &text.1, |date| date > self.as_of);
            return Ok(format!("CASE WHEN {later} THEN NULL ELSE {raw} END"));
        }
        let (text, _) = self.written_day(id, table, by)?;
        Ok(format!("CASE WHEN {} THEN {text} END", self.has_come(id, table, by)?))
    }

    /// Whether the day of a column has come.
    fn has_come(&self, id: TableId, table: &Table, column: ColumnId) -> Result<String, Refused> {
        let (_, day) = self.written_day(id, table, column)?;
        Ok(self.not_among(&format!("{day} <= {AS_OF}"), &day, |date| date <= self.as_of))
    }

    /// A day as it is written, whatever it stands for; and of a time, its day.
    fn written_day(&self, id: TableId, table: &Table, column: ColumnId) -> Result<(String, String), Refused> {
        let declared = table.column(column);
        let text = match declared.joined {
            Some(_) => self.raw(id, column)?,
            None => format!("t.{}", name(&declared.file_name)),
        };
        let day = day_text(&text, &declared.ty);
        Ok((text, day))
    }

    /// The condition, and that the day is none of those that stand for nothing.
    fn not_among(&self, condition: &str, text: &str, may: impl Fn(NaiveDate) -> bool) -> String {
        let days: Vec<String> =
            self.model.missing_dates.iter().filter(|date| may(**date)).map(|date| day(*date)).collect();
        match days.as_slice() {
            [] => condition.to_owned(),
            [one] => format!("{condition} AND {text} <> {one}"),
            _ => format!("{condition} AND {text} NOT IN ({})", days.join(", ")),
        }
    }

    /// What must hold of a row that is there.
    fn is_there(&self, id: TableId, table: &Table) -> Result<Vec<String>, Refused> {
        if !table.fed {
            return Ok(Vec::new());
        }
        if let Some(begins) = table.begins {
            let own = table.columns().filter(|(other, column)| *other != begins && column.known == Known::OwnDay);
            let days = std::iter::once(begins).chain(own.map(|(id, _)| id));
            let days: Vec<String> =
                days.map(|column| self.has_come(id, table, column)).collect::<Result<_, Refused>>()?;
            return Ok(vec![match days.as_slice() {
                [one] => one.clone(),
                _ => format!("({})", days.join("\n      OR ")),
            }]);
        }
        let mut all = Vec::new();
        for (link, target) in self.hangs(id) {
            let link_text = self.raw(id, link)?;
            let key =
                self.model.table(target).key.ok_or_else(|| Refused::internal("a link to a table without a key"))?;
            all.push(format!(
                "{} IN (SELECT {} FROM {})",
                closed(&link_text),
                self.bare(target, key),
                self.known(target)
            ));
        }
        Ok(all)
    }

    /// Refuses a table without a key whose rows stand in an order that goes by several days.
    pub(super) fn stands_in_order(&self, id: TableId) -> Result<(), Refused> {
        let table = self.model.table(id);
        let told = table.columns().filter(|(id, _)| table.comes(*id) || self.tells(table, *id)).count();
        if table.key.is_none() && told > 1 {
            return Err(Refused::order(&table.name));
        }
        Ok(())
    }

    fn tells(&self, table: &Table, id: ColumnId) -> bool {
        table.fed && table.columns().any(|(_, column)| column.known == Known::With(id))
    }

    /// By what the rows of a table without a key stand in order: by what is known of a row from the
    /// start, missing values first, and then by the day that became known, and what is known with
    /// it.
    fn order_of_rows(&self, id: TableId, table: &Table) -> Result<String, Refused> {
        let with = |id: ColumnId| match table.column(id).known {
            Known::With(day) if table.fed => Some(day),
            Known::OwnDay | Known::With(_) | Known::WithRow => None,
        };
        let (mut first, mut without, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for (column, declared) in table.columns() {
            let value = self.known_value(id, table, column)?;
            let ordered = match &declared.ty {
                ColumnType::Key | ColumnType::Text => self.says.by_bytes(&closed(&value)),
                ColumnType::Link(target) => self.order_of_link(*target, &closed(&value))?,
                ColumnType::Codes(_) => self.place_of_word(&closed(&value), &declared.ty),
                ColumnType::Bool
                | ColumnType::Int
                | ColumnType::Decimal(_)
                | ColumnType::Date
                | ColumnType::Timestamp => value,
            };
            match with(column) {
                Some(day) => {
                    let on = self.known_value(id, table, day)?;
                    without.push(format!("CASE WHEN {on} IS NULL THEN {ordered} END NULLS FIRST"));
                    later.push(format!("CASE WHEN {on} IS NOT NULL THEN {ordered} END NULLS FIRST"));
                }
                None if table.comes(column) => later.insert(0, format!("{ordered} NULLS LAST")),
                None => first.push(format!("{ordered} NULLS FIRST")),
            }
        }
        first.extend(without);
        first.extend(later);
        Ok(first.join(", "))
    }
}

/// The day of a day or a time.
fn day_text(text: &str, ty: &ColumnType) -> String {
    match ty {
        ColumnType::Timestamp => format!("CAST({text} AS DATE)"),
        ColumnType::Key
        | ColumnType::Link(_)
        | ColumnType::Text
        | ColumnType::Bool
        | ColumnType::Int
        | ColumnType::Decimal(_)
        | ColumnType::Date
        | ColumnType::Codes(_) => closed(text),
    }
}

/// The words of the model for the words of the table; of a condition, true and false.
fn spelled(text: &str, column: &Column) -> String {
    let words = column.ty.spelled_words().unwrap_or_default();
    let literal = |place: usize| match (&column.ty, words.get(place)) {
        (ColumnType::Bool, Some(word)) => word.to_uppercase(),
        (_, Some(word)) => quoted(word),
        (_, None) => "NULL".to_owned(),
    };
    let of_word = |place: usize| {
        column.spellings.of(place).map(move |spelling| format!("WHEN {} THEN {}", quoted(spelling), literal(place)))
    };
    let cases: Vec<String> = (0..words.len()).flat_map(of_word).collect();
    let cases = cases.join(" ");
    match (column.spellings.otherwise(), cases.is_empty()) {
        (Some(place), true) => format!("CASE WHEN {text} IS NOT NULL THEN {} END", literal(place)),
        (Some(place), false) => {
            format!("CASE WHEN {text} IS NOT NULL THEN CASE {text} {cases} ELSE {} END END", literal(place))
        }
        (None, _) => format!("CASE {text} {cases} END"),
    }
}
