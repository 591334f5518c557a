//! Questions about the rows that lead to a row, or about all rows of a table, as subqueries.
//!
//! Where it can be unknown whether a row counts, the rows are asked first (`holds`), and the answer
//! is made of what was found; where it cannot, the condition stands in `WHERE`.

use super::Refused;
use super::names::{indented, name};
use super::scope::Scope;
use super::writer::Writer;
use crate::ir::{Ask, Expr, LinkedQuery, Missing};

/// The rows that a question is about, and what is asked of each.
struct Asked {
    /// The rows, those for which something is surely false left out.
    rows: String,
    /// What is left of the condition.
    condition: String,
    /// Whether it can be unknown.
    unknown: bool,
    /// The owner of the rows, where it may be nobody.
    owner: Option<String>,
    /// The values that are asked of each row.
    values: Vec<Value>,
    /// By what the rows stand in order.
    order: String,
}

/// A value that is asked of each row.
struct Value {
    text: String,
    /// Whether it can be missing and not known.
    unknown: bool,
    /// Whether it can be missing at all.
    missing: bool,
}

impl Writer<'_> {
    pub(super) fn linked(&self, e: &Expr, q: &LinkedQuery, scope: &Scope) -> Result<String, Refused> {
        let asked = self.asked(q, scope)?;
        let answer = self.answer(e, q, &asked)?;
        Ok(match &asked.owner {
            Some(owner) => format!("CASE WHEN {owner} IS NOT NULL THEN {answer} END"),
            None => answer,
        })
    }

    /// How many rows, or values, surely count; `None` of a question that does not count.
    pub(super) fn certain(&self, q: &LinkedQuery, scope: &Scope) -> Result<Option<String>, Refused> {
        let counts = match &q.ask {
            Ask::Count => "count(*)",
            Ask::Distinct(_) => "count(DISTINCT q.value)",
            Ask::Exists | Ask::Sum(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } | Ask::Days { .. } => {
                return Ok(None);
            }
        };
        let asked = self.asked(q, scope)?;
        if !asked.unknown && asked.owner.is_none() && !asked.values.iter().any(|value| value.missing) {
            // Then the number is known.
            return Ok(None);
        }
        Ok(Some(subquery(&format!("SELECT {counts} FILTER (WHERE q.holds)\nFROM {}", of_each(&asked)))))
    }

    fn asked(&self, q: &LinkedQuery, scope: &Scope) -> Result<Asked, Refused> {
        let alias = self.new_name(&self.row_name(q));
        let inner = scope.with(q.row, q.table, alias.clone());
        let (known, open) = self.parted(&q.condition, &inner);
        let unknown = !open.is_empty();
        let condition = self.all_hold(&open, &inner)?;
        let known = known.iter().map(|e| self.all_hold(&[e], &inner)).collect::<Result<Vec<_>, _>>()?;
        let values = q.ask.values().into_iter().map(|e| self.asked_value(q, e, &inner)).collect::<Result<_, _>>()?;
        let order = self.order_if_asked(q, &alias)?;
        let mut of = Vec::new();
        let mut owner = None;
        if let Some(via) = q.via {
            let column = self.model.table(q.table).column(via);
            self.plain(q.table, column)?;
            let whose = self.row_at(scope, q.owner, &q.owner_links)?;
            let from = self.seen(scope, q.owner)?.table;
            owner = Some(whose.clone()).filter(|_| self.model.may_lead_nowhere(from, &q.owner_links));
            of.push(format!("{} = {whose}", self.column(&alias, q.table, via)));
        }
        if let Some(other) = q.other_than {
            let seen = self.seen(scope, other)?;
            of.push(format!("{} <> {}", self.identity(&alias, q.table), self.identity(&seen.alias, seen.table)));
        }
        of.extend(known);
        let mut rows = format!("{} AS {}{}", self.known(q.table), name(&alias), inner.joins());
        if !of.is_empty() {
            rows.push_str(&format!("\nWHERE {}", of.join("\n  AND ")));
        }
        Ok(Asked { rows, condition, unknown, owner, values, order })
    }

    fn asked_value(&self, q: &LinkedQuery, e: &Expr, inner: &Scope) -> Result<Value, Refused> {
        let text = match &q.ask {
            Ask::Ordered { by, .. } if std::ptr::eq(by, e) => self.in_order(e, inner)?,
            _ => self.value(e, inner)?,
        };
        let known = self.is_known(e, inner);
        Ok(Value {
            text,
            unknown: e.missing != Missing::OpenEnd && !known,
            missing: e.missing == Missing::OpenEnd || !known,
        })
    }

    /// The order of rows of which one is chosen; none of others.
    fn order_if_asked(&self, q: &LinkedQuery, alias: &str) -> Result<String, Refused> {
        match q.ask {
            Ask::Ordered { .. } => {
                self.stands_in_order(q.table)?;
                Ok(self.order(alias, q.table))
            }
            Ask::Exists
            | Ask::Count
            | Ask::Distinct(_)
            | Ask::Sum(_)
            | Ask::Earliest(_)
            | Ask::Latest(_)
            | Ask::Days { .. } => Ok(String::new()),
        }
    }

    fn answer(&self, e: &Expr, q: &LinkedQuery, asked: &Asked) -> Result<String, Refused> {
        if q.ask == Ask::Exists {
            return Ok(exists(asked));
        }
        if q.ask == Ask::Count && !asked.unknown {
            return Ok(subquery(&format!("SELECT count(*)\nFROM {}", asked.rows)));
        }
        let values = &asked.values;
        let unknown = |n: usize| values.get(n).is_some_and(|value| value.unknown);
        let missing = |n: usize| values.get(n).is_some_and(|value| value.missing);
        let is_missing = |what: &str| format!("bool_or(q.holds AND q.{what} IS NULL)");
        let mut doubts = Vec::new();
        if asked.unknown {
            doubts.push("bool_or(q.holds IS NULL)".to_owned());
        }
        let found = match &q.ask {
            Ask::Exists | Ask::Count => "count(*) FILTER (WHERE q.holds)".to_owned(),
            Ask::Distinct(_) => {
                doubts.extend(missing(0).then(|| is_missing("value")));
                "count(DISTINCT q.value) FILTER (WHERE q.holds)".to_owned()
            }
            Ask::Sum(_) => {
                doubts.extend(missing(0).then(|| is_missing("value")));
                self.within("coalesce(sum(q.value) FILTER (WHERE q.holds), 0)", e.ty)
            }
            Ask::Earliest(_) => {
                doubts.extend(unknown(0).then(|| is_missing("value")));
                "min(q.value) FILTER (WHERE q.holds)".to_owned()
            }
            Ask::Latest(_) => {
                doubts.extend(missing(0).then(|| is_missing("value")));
                "max(q.value) FILTER (WHERE q.holds)".to_owned()
            }
            Ask::Ordered { last, .. } => {
                doubts.extend(unknown(1).then(|| is_missing("by_value")));
                let way = if *last { "DESC NULLS FIRST" } else { "ASC NULLS LAST" };
                let ties = if *last { "DESC" } else { "ASC" };
                format!("(array_agg(q.value ORDER BY q.by_value {way}, q.in_table {ties}) FILTER (WHERE q.holds))[1]")
            }
            Ask::Days { .. } => {
                doubts.extend(
                    (missing(0) || missing(1)).then(|| "bool_or(q.value IS NULL OR q.until IS NULL)".to_owned()),
                );
                return Ok(self.days(asked, &doubts));
            }
        };
        let answer = match doubts.is_empty() {
            true => found,
            false => format!("CASE WHEN {} THEN NULL ELSE {found} END", doubts.join(" OR ")),
        };
        Ok(subquery(&format!("SELECT {answer}\nFROM {}", of_each(asked))))
    }

    /// On how many days at least one of the stays is open: of each stay those days that lie after
    /// the ends of all that began before it.
    fn days(&self, asked: &Asked, doubts: &[String]) -> String {
        let before = "max(q.until) OVER (ORDER BY q.value, q.until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)";
        let new = format!("greatest(q.until - greatest(q.value, coalesce({before}, q.value)), 0) AS new_days");
        // What does not count takes no part, and what may count is told all the same.
        let stays = format!(
            "(\n{}\n) AS q",
            indented(&format!(
                "SELECT q.holds, q.value, q.until, {new}\nFROM {}\nWHERE q.holds IS NOT FALSE",
                of_each(asked)
            ))
        );
        let found = "coalesce(sum(q.new_days), 0)";
        let answer = match doubts.is_empty() {
            true => found.to_owned(),
            false => format!("CASE WHEN {} THEN NULL ELSE {found} END", doubts.join(" OR ")),
        };
        subquery(&format!("SELECT CAST({answer} AS BIGINT)\nFROM {stays}"))
    }

    /// What a row of a question is called: as its table.
    fn row_name(&self, q: &LinkedQuery) -> String {
        self.said_alias(q).unwrap_or_else(|| self.model.table(q.table).name.clone())
    }
}

/// Whether a row is there: true when one surely is, and not known when one may be.
fn exists(asked: &Asked) -> String {
    if !asked.unknown {
        return format!("EXISTS {}", subquery(&format!("SELECT 1\nFROM {}", asked.rows)));
    }
    let answer = "CASE WHEN bool_or(q.holds) THEN TRUE WHEN bool_or(q.holds IS NULL) THEN NULL ELSE FALSE END";
    subquery(&format!("SELECT {answer}\nFROM {}", of_each(asked)))
}

/// All rows, each with whether it counts and the values that are asked of it.
fn of_each(asked: &Asked) -> String {
    let mut columns = vec![format!("{} AS holds", asked.condition)];
    let names: [&str; 2] = match asked.order.is_empty() {
        true => ["value", "until"],
        false => ["value", "by_value"],
    };
    columns.extend(asked.values.iter().zip(names).map(|(value, name)| format!("{} AS {name}", value.text)));
    if !asked.order.is_empty() {
        columns.push(format!("{} AS in_table", asked.order));
    }
    format!("(\n{}\n) AS q", indented(&format!("SELECT {}\nFROM {}", columns.join(",\n       "), asked.rows)))
}

fn subquery(text: &str) -> String {
    format!("(\n{}\n)", indented(text))
}
