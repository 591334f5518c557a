//! The steps from all rows to those that are counted: the cohort, the pick of one row for each, and
//! the exclusions.

use super::Refused;
use super::names::{closed, indented, quoted};
use super::scope::Scope;
use super::writer::Writer;
use crate::ir::{Missing, Pick, RowId};

/// A step of the query: a name, the comment above it, and its text.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) comment: String,
    pub(super) text: String,
}

impl Writer<'_> {
    /// The rows of the cohort in each window, and those that may belong: `belongs` is true or not
    /// known.
    pub(super) fn cohort(&self, said: &str) -> Result<Step, Refused> {
        let cohort = &self.indicator.cohort;
        let scope = Scope::of_cohort(cohort.table, "c", "w");
        let (surely, perhaps) = self.parted(&cohort.condition, &scope);
        // The first of all rows may be one that does not belong.
        let all = cohort.pick.as_ref().is_some_and(|pick| pick.ever);
        let known = perhaps.is_empty();
        let whole = self.value(&cohort.condition, &scope)?;
        let (surely, perhaps) = match all {
            true => ("TRUE".to_owned(), whole),
            false => (self.all_hold(&surely, &scope)?, self.all_hold(&perhaps, &scope)?),
        };
        let from = format!("FROM windows AS w\nCROSS JOIN {} AS c{}", self.known(cohort.table), scope.joins());
        let filter = if surely == "TRUE" { String::new() } else { format!("\nWHERE {surely}") };
        let columns = format!("SELECT {}, c.*,\n       {perhaps} AS belongs", self.window_columns("w"));
        let text = match all || known {
            true => format!("{columns}\n{from}{filter}"),
            false => {
                let inner = indented(&format!("{columns}\n{from}{filter}"));
                format!("SELECT *\nFROM (\n{inner}\n) AS asked\nWHERE belongs IS NOT FALSE")
            }
        };
        let comment = if known {
            said.to_owned()
        } else {
            format!("{said}\n`belongs`: whether the condition holds; NULL where that is not known.")
        };
        Ok(Step { name: "cohort", comment, text })
    }

    /// Who holds each row on its day of attribution.
    pub(super) fn held(&self, from: &str, said: &str) -> Result<Vec<Step>, Refused> {
        let table = self.indicator.cohort.table;
        let scope = Scope::of_cohort(table, "c", "c");
        let on = self.value(&self.indicator.attribution.at, &scope)?;
        let on_text = format!("SELECT c.*, {on} AS held_on\nFROM {from} AS c{}", scope.joins());
        let scope = Scope::of_cohort(table, "c", "c");
        let holders = self.holders(&scope, "c", "c.held_on")?;
        let levels = self.levels_of(&holders);
        let only = if self.indicator.by_level() { "\nWHERE e.level = c.level" } else { "" };
        let columns = if self.indicator.by_level() { "c.*, e.entity_id" } else { "c.*, e.level, e.entity_id" };
        let joins = scope.joins();
        let held = format!(
            "SELECT {columns}\nFROM attributed AS c{joins}\nCROSS JOIN LATERAL (VALUES\n  {levels}\n) AS e (level, entity_id){only}"
        );
        Ok(vec![
            Step { name: "attributed", comment: said.to_owned(), text: on_text },
            Step {
                name: "held",
                comment: "Who holds the row on that day, once for each level; nobody is `unassigned`.".to_owned(),
                text: held,
            },
        ])
    }

    /// One row for each that is picked for. A row that surely counts is picked when no other such
    /// row comes before it; another is kept to be reported as unsure where it may come before.
    pub(super) fn picked(&self, pick: &Pick, from: &str, said: &str) -> Result<Vec<Step>, Refused> {
        let table = self.indicator.cohort.table;
        self.stands_in_order(table)?;
        let scope = Scope::of_cohort(table, "c", "c");
        let per = self.row_at(&scope, RowId::COHORT, &pick.per)?;
        let way = if pick.last { "DESC NULLS FIRST" } else { "ASC NULLS LAST" };
        let mut placed = vec!["TRUE".to_owned()];
        let mut order = Vec::new();
        for by in &pick.by {
            let text = self.value(by, &scope)?;
            if by.missing != Missing::OpenEnd && !self.is_known(by, &scope) {
                placed.push(format!("{} IS NOT NULL", closed(&text)));
            }
            order.push(format!("{} {way}", self.in_order(by, &scope)?));
        }
        let placed = if placed.len() == 1 { "TRUE".to_owned() } else { placed[1..].join(" AND ") };
        order.push(format!("{} {}", self.order("c", table), if pick.last { "DESC" } else { "ASC" }));
        let level = if pick.each_level {
            ", c.level, c.entity_id"
        } else if self.indicator.by_level() {
            ", c.level"
        } else {
            ""
        };
        let of = format!("PARTITION BY c.window_start, c.window_end{level}, {per}");
        let order = order.join(", ");
        let joins = scope.joins();
        if placed == "TRUE" && self.is_known(&self.indicator.cohort.condition, &scope) {
            let belongs = if pick.ever { "\n  AND p.belongs" } else { "" };
            let inner = format!(
                "SELECT c.*,\n       row_number() OVER ({of}\n         ORDER BY {order}) AS place\nFROM {from} AS c{joins}\nWHERE {per} IS NOT NULL"
            );
            let text = format!(
                "SELECT p.*, TRUE AS counts, FALSE AS doubted\nFROM (\n{}\n) AS p\nWHERE p.place = 1{belongs}",
                indented(&inner)
            );
            return Ok(vec![Step { name: "picked", comment: said.to_owned(), text }]);
        }
        let in_order = format!(
            "SELECT c.*,\n       {placed} AS placed,\n       row_number() OVER ({of} ORDER BY {order}) AS place,\n       {per} AS picked_for\nFROM {from} AS c{joins}\nWHERE {per} IS NOT NULL"
        );
        let level = level.replace("c.", "o.");
        let of = format!("PARTITION BY o.window_start, o.window_end{level}, o.picked_for");
        // Where the first of all rows is picked, each of them counts there.
        let sure = if pick.ever { "o.placed" } else { "o.placed AND o.belongs IS TRUE" };
        let first = format!(
            "SELECT o.*,\n       min(CASE WHEN {sure} THEN o.place END) OVER ({of}) AS first_sure,\n       \
             coalesce(bool_or(NOT o.placed) OVER ({of}), FALSE) AS loose,\n       \
             min(CASE WHEN o.placed AND NOT coalesce({sure}, FALSE) THEN o.place END) OVER ({of}) AS first_perhaps\nFROM in_order AS o"
        );
        let keeps = "(NOT p.placed OR p.first_sure IS NULL OR p.place <= p.first_sure)";
        let counted = if pick.ever { "p.belongs IS NOT FALSE" } else { "TRUE" };
        let contested = "(p.loose OR coalesce(p.first_perhaps < p.place, FALSE))";
        let columns = format!(
            "SELECT p.*,\n       p.placed AND p.belongs IS TRUE AND p.place = p.first_sure AS counts,\n       NOT p.placed OR p.belongs IS NOT TRUE OR {contested} AS doubted"
        );
        let picked = format!("{columns}\nFROM ranked AS p\nWHERE {keeps} AND {counted}");
        let word = if pick.last { "last" } else { "first" };
        Ok(vec![
            Step { name: "in_order", comment: said.to_owned(), text: in_order },
            Step {
                name: "ranked",
                comment: format!("The place of the {word} row that surely counts; rows whose place is not known may lie anywhere (`loose`)."),
                text: first,
            },
            Step {
                name: "picked",
                comment: "`counts`: the row is picked. Rows that may have to be picked instead are kept to be reported (`doubted`).".to_owned(),
                text: picked,
            },
        ])
    }

    /// Which rows are excluded, and why.
    pub(super) fn judged(&self, from: &str, said: &str, picked: bool) -> Result<Step, Refused> {
        let scope = Scope::of_cohort(self.indicator.cohort.table, "c", "c");
        let mut texts = Vec::new();
        for exclusion in &self.indicator.exclusions {
            let known = self.is_known(&exclusion.condition, &scope);
            texts.push((quoted(&exclusion.reason), closed(&self.value(&exclusion.condition, &scope)?), known));
        }
        let cases: Vec<String> = texts.iter().map(|(reason, text, _)| format!("WHEN {text} THEN {reason}")).collect();
        let reason = if cases.is_empty() {
            "CAST(NULL AS TEXT)".to_owned()
        } else {
            format!("CASE {} END", cases.join("\n            "))
        };
        let (counts, doubted) =
            if picked { ("c.counts", "c.doubted") } else { ("c.belongs IS TRUE", "c.belongs IS NULL") };
        let mut doubts = vec![doubted.to_owned()];
        doubts.extend(texts.iter().filter(|(_, _, known)| !known).map(|(_, text, _)| format!("{text} IS NULL")));
        let text = format!(
            "SELECT c.*,\n       {reason} AS reason,\n       {counts} AS counted,\n       {} AS unsure\nFROM {from} AS c{}",
            doubts.join(" OR "),
            scope.joins()
        );
        Ok(Step { name: "judged", comment: said.to_owned(), text })
    }

    /// The columns of a window; where each level is measured by itself, its level among them.
    pub(super) fn window_columns(&self, alias: &str) -> String {
        let level = if self.indicator.by_level() { format!(", {alias}.level") } else { String::new() };
        format!("{alias}.window_start, {alias}.window_end, {alias}.as_of{level}")
    }
}
