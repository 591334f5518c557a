//! Whom a row belongs to on a day: along the steps of the attribution, and up from level to level.

use super::Refused;
use super::names::{closed, indented, name};
use super::scope::Scope;
use super::writer::Writer;
use crate::ir::{Expr, Missing};
use crate::model::{Step, TableId, UNASSIGNED};

/// A row on the way, by what tells it from others.
struct Place {
    table: TableId,
    /// Its key.
    key: String,
    /// What it is called, where it is joined.
    alias: Option<String>,
}

impl Writer<'_> {
    /// For each level below the whole, from the largest to the smallest, the id of the one who
    /// holds the row of the cohort on a day; `None` of levels that the attribution does not reach.
    /// What has to be joined for it is joined.
    pub(super) fn holders(&self, scope: &Scope, alias: &str, day: &str) -> Result<Vec<Option<String>>, Refused> {
        let attribution = &self.indicator.attribution;
        let table = self.indicator.cohort.table;
        let mut found = vec![None; self.model.levels.len().saturating_sub(1)];
        let key = self.identity(alias, table);
        let mut at = Place { table, key, alias: Some(alias.to_owned()) };
        for step in &attribution.steps {
            at = self.step(scope, at, *step, day)?;
        }
        for level in (1..=attribution.level).rev() {
            if let Some(found) = found.get_mut(level - 1) {
                *found = Some(at.key.clone());
            }
            match self.model.levels.get(level).and_then(|level| level.up) {
                Some(up) => at = self.step(scope, at, up, day)?,
                None => break,
            }
        }
        Ok(found)
    }

    fn step(&self, scope: &Scope, at: Place, step: Step, day: &str) -> Result<Place, Refused> {
        match step {
            Step::Link(link) => {
                let alias = match at.alias {
                    Some(alias) => alias,
                    None => {
                        let alias = self.new_name(&format!("its_{}", self.model.table(at.table).name));
                        let key = self.identity(&alias, at.table);
                        scope.beside(format!(
                            "LEFT JOIN {} AS {} ON {key} = {}",
                            self.known(at.table),
                            name(&alias),
                            at.key
                        ));
                        alias
                    }
                };
                let column = self.model.table(at.table).column(link);
                let table = column.leads_to().ok_or_else(|| Refused::internal("a step by no link"))?;
                Ok(Place { table, key: self.column(&alias, at.table, link), alias: None })
            }
            Step::Dated(number) => {
                let dated = self.model.table(at.table).dated.get(number);
                let dated = dated.ok_or_else(|| Refused::internal("a dated link that is not there"))?;
                let spans = self.model.table(dated.through).spans;
                let spans = spans.ok_or_else(|| Refused::internal("a dated link through no stays"))?;
                let stay = self.new_name(&self.model.table(dated.through).name);
                let of = |column| self.column(&stay, dated.through, column);
                let (from, until, value) = (of(spans.from), of(spans.until), of(dated.value));
                let over = if spans.through { ">=" } else { ">" };
                // The one that began last holds; ties go to the first id of the target.
                let target = self.order_of_link(dated.target, &value)?;
                let lateral = format!(
                    "SELECT {value} AS id\nFROM {} AS {}\nWHERE {} = {}\n  AND {from} <= {day}\n  AND ({until} {over} {day} OR {until} IS NULL)\nORDER BY {from} DESC, {target} ASC NULLS LAST\nLIMIT 1",
                    self.known(dated.through),
                    name(&stay),
                    of(dated.owner),
                    at.key,
                );
                let alias = self.new_name(&format!("its_{}", dated.name));
                scope.beside(format!("LEFT JOIN LATERAL (\n{}\n) AS {} ON TRUE", indented(&lateral), name(&alias)));
                Ok(Place { table: dated.target, key: format!("{}.id", name(&alias)), alias: None })
            }
        }
    }

    /// A link in the order of the rows of its table.
    pub(super) fn order_of_link(&self, target: TableId, link: &str) -> Result<String, Refused> {
        match self.model.table(target).words_of {
            Some((of, column)) => Ok(self.place_of_word(link, &self.model.table(of).column(column).ty)),
            None => Ok(self.says.by_bytes(link)),
        }
    }

    /// `VALUES` with a row for each level: its name and the entity that holds the row.
    pub(super) fn levels_of(&self, holders: &[Option<String>]) -> String {
        let rows = self.model.levels.iter().enumerate().map(|(n, level)| {
            let said = super::names::quoted(&level.name);
            match n.checked_sub(1) {
                None => format!("({said}, {said})"),
                Some(below) => match holders.get(below).cloned().flatten() {
                    Some(holder) => format!("({said}, coalesce({holder}, '{UNASSIGNED}'))"),
                    None => format!("({said}, '{UNASSIGNED}')"),
                },
            }
        });
        rows.collect::<Vec<_>>().join(",\n  ")
    }

    /// Whether the row is held by another on this day than on the day of attribution, at the level
    /// that is measured.
    pub(super) fn elsewhere(&self, on: &Expr, scope: &Scope) -> Result<String, Refused> {
        let cohort = self.seen(scope, crate::ir::RowId::COHORT)?;
        let then = self.value(&self.indicator.attribution.at, cohort)?;
        let now = self.value(on, scope)?;
        let at_first = self.holders(scope, &cohort.alias, &closed(&then))?;
        let later = self.holders(scope, &cohort.alias, &closed(&now))?;
        let level = format!("{}.level", scope.window);
        let largest = |of: &[Option<String>]| of.first().cloned().flatten().unwrap_or_else(|| "NULL".to_owned());
        let mut cases = Vec::new();
        for (n, of) in self.model.levels.iter().enumerate() {
            let said = super::names::quoted(&of.name);
            let differs = match n.checked_sub(1) {
                None => format!("{} IS NOT NULL AND {} IS NULL", largest(&at_first), largest(&later)),
                Some(below) => match (at_first.get(below), later.get(below)) {
                    (Some(Some(a)), Some(Some(b))) => format!("{a} IS DISTINCT FROM {b}"),
                    _ => "FALSE".to_owned(),
                },
            };
            cases.push(format!("WHEN {said} THEN {differs}"));
        }
        let unknown = if on.missing == Missing::OpenEnd { "FALSE" } else { "NULL" };
        Ok(format!("CASE WHEN {} IS NULL THEN {unknown} ELSE CASE {level} {} END END", closed(&now), cases.join(" ")))
    }
}
