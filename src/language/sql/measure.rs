//! What each row adds, and what the rows of an entity come to.

use super::Refused;
use super::cohort::Step;
use super::names::closed;
use super::scope::Scope;
use super::writer::Writer;
use crate::ir::measure::{Count, Exposure, Rate};
use crate::ir::{Expr, ExprKind, Measure, Ty};

/// What rows come to: columns of the counts, and the figures made of them.
struct Figures {
    numerator: String,
    denominator: String,
    value: String,
    /// The number of rows that the smallest denominator is compared with.
    rows: String,
    undetermined: &'static str,
}

impl Writer<'_> {
    /// What each row that is counted adds.
    pub(super) fn measured(&self, from: &str, said: &str) -> Result<Step, Refused> {
        let scope = Scope::of_cohort(self.indicator.cohort.table, "c", "c");
        let columns = match &self.indicator.measure {
            Measure::Proportion(of) => format!("{} AS met", self.value(&of.numerator, &scope)?),
            Measure::Rate(Rate { events, exposure, .. }) => {
                let exposure = self.value(exposure, &scope)?;
                format!("{},\n       {exposure} AS exposure", self.events(events, &scope)?)
            }
            Measure::Count(Count { events }) => self.events(events, &scope)?,
            Measure::Distinct(of) => format!("{} AS amount", self.value(&of.of, &scope)?),
            Measure::Mean(of) => format!("{} AS amount", self.value(&of.of, &scope)?),
            Measure::Percentile(of) => format!("{} AS amount", self.value(&of.of, &scope)?),
            Measure::Until(_) => {
                return Err(Refused::estimate("a time until something happens, of which some have not ended"));
            }
            Measure::Incidence(_) => return Err(Refused::estimate("the share that ends in one way by some time")),
        };
        let text = format!("SELECT c.*,\n       {columns}\nFROM {from} AS c{}", scope.joins());
        Ok(Step { name: "measured", comment: said.to_owned(), text })
    }

    /// The events of a row, and those that are certain where their number is not known.
    fn events(&self, of: &Expr, scope: &Scope) -> Result<String, Refused> {
        let text = self.value(of, scope)?;
        if of.ty == Ty::Bool {
            return Ok(format!(
                "CASE {} WHEN TRUE THEN 1 WHEN FALSE THEN 0 END AS events,\n       0 AS certain",
                closed(&text)
            ));
        }
        let certain = match &of.kind {
            ExprKind::Linked(q) => self.certain(q, scope)?,
            _ => None,
        };
        let certain = certain.map_or_else(|| "0".to_owned(), |certain| format!("coalesce({certain}, 0)"));
        Ok(format!("{text} AS events,\n       {certain} AS certain"))
    }

    /// The counts of every entity and window.
    pub(super) fn counts(&self, from: &str) -> Step {
        let counted = "c.counted AND c.reason IS NULL";
        let sum = |what: &str| format!("coalesce(sum({what}) FILTER (WHERE {counted}), 0)");
        let rows = |what: &str| format!("count(*) FILTER (WHERE {counted} AND {what})");
        let own: Vec<String> = match &self.indicator.measure {
            Measure::Proportion(_) => {
                vec![format!("{} AS met", rows("c.met")), format!("{} AS undetermined", rows("c.met IS NULL"))]
            }
            Measure::Rate(_) => vec![
                format!("{} AS events", sum("CASE WHEN c.exposure >= 0 THEN coalesce(c.events, c.certain) ELSE 0 END")),
                format!("{} AS exposure", sum("CASE WHEN c.exposure >= 0 THEN c.exposure ELSE 0 END")),
                format!("{} AS undetermined", rows("(c.events IS NULL OR c.exposure IS NULL OR c.exposure < 0)")),
            ],
            Measure::Count(_) => vec![
                format!("{} AS events", sum("coalesce(c.events, c.certain)")),
                format!("{} AS undetermined", rows("c.events IS NULL")),
            ],
            Measure::Distinct(_) => vec![
                format!("count(DISTINCT c.amount) FILTER (WHERE {counted}) AS amount"),
                format!("{} AS undetermined", rows("c.amount IS NULL")),
            ],
            Measure::Mean(_) => {
                vec![format!("{} AS amount", sum("c.amount")), format!("{} AS undetermined", rows("c.amount IS NULL"))]
            }
            Measure::Percentile(_) | Measure::Until(_) | Measure::Incidence(_) => vec![
                format!(
                    "array_agg(c.amount ORDER BY c.amount) FILTER (WHERE {counted} AND c.amount IS NOT NULL) AS amounts"
                ),
                format!("{} AS undetermined", rows("c.amount IS NULL")),
            ],
        };
        let mut columns = vec![
            "c.window_start, c.window_end, c.level, c.entity_id".to_owned(),
            format!("count(*) FILTER (WHERE {counted}) AS rows_below"),
        ];
        columns.extend(own);
        columns.push("count(*) FILTER (WHERE c.counted AND c.reason IS NOT NULL) AS excluded".to_owned());
        columns.push("count(*) FILTER (WHERE c.unsure AND c.reason IS NULL) AS unsure".to_owned());
        Step {
            name: "counts",
            comment: "What the rows of each entity come to.".to_owned(),
            text: format!(
                "SELECT {}\nFROM {from} AS c\nGROUP BY c.window_start, c.window_end, c.level, c.entity_id",
                columns.join(",\n       ")
            ),
        }
    }

    /// The figures of a cell, of counts that are there for every entity.
    fn figures(&self) -> Figures {
        let undetermined = "undetermined";
        let valued = "(rows_below - undetermined)";
        match &self.indicator.measure {
            Measure::Proportion(_) => Figures {
                numerator: "met".to_owned(),
                denominator: "rows_below".to_owned(),
                value: "100.0 * met / nullif(rows_below, 0)".to_owned(),
                rows: "rows_below".to_owned(),
                undetermined,
            },
            Measure::Rate(of) => {
                let (below, days) = match of.unit {
                    Exposure::OfWindow => {
                        ("1.0 * exposure / (window_end - window_start)", "1.0 * (window_end - window_start) * ")
                    }
                    Exposure::Time(_) | Exposure::Named(_) | Exposure::Events => ("exposure", "1.0 * "),
                };
                Figures {
                    numerator: "events".to_owned(),
                    denominator: below.to_owned(),
                    value: format!("{} * {days}events / nullif(exposure, 0)", of.per),
                    rows: "rows_below".to_owned(),
                    undetermined,
                }
            }
            Measure::Count(_) => Figures {
                numerator: "events".to_owned(),
                denominator: "rows_below".to_owned(),
                value: "events".to_owned(),
                rows: "rows_below".to_owned(),
                undetermined,
            },
            Measure::Distinct(_) => Figures {
                numerator: "amount".to_owned(),
                denominator: valued.to_owned(),
                value: "amount".to_owned(),
                rows: valued.to_owned(),
                undetermined,
            },
            Measure::Mean(_) => Figures {
                numerator: "amount".to_owned(),
                denominator: valued.to_owned(),
                value: format!("1.0 * amount / nullif({valued}, 0)"),
                rows: valued.to_owned(),
                undetermined,
            },
            Measure::Percentile(of) => {
                let reach = format!("{valued} * {} / 100.0", of.percent);
                let at = |round: &str, more: &str| format!("amounts[CAST({round}({reach}) AS INTEGER){more}]");
                Figures {
                    numerator: "NULL".to_owned(),
                    denominator: valued.to_owned(),
                    value: format!("({} + {}) / 2.0", at("ceil", ""), at("floor", " + 1")),
                    rows: valued.to_owned(),
                    undetermined,
                }
            }
            Measure::Until(_) | Measure::Incidence(_) => Figures {
                numerator: "NULL".to_owned(),
                denominator: "NULL".to_owned(),
                value: "NULL".to_owned(),
                rows: valued.to_owned(),
                undetermined,
            },
        }
    }

    /// The entities of every level.
    pub(super) fn entities(&self) -> Result<Step, Refused> {
        let mut all = Vec::new();
        for level in &self.model.levels {
            let said = super::names::quoted(&level.name);
            let Some(table) = level.table else {
                all.push(format!("SELECT {said} AS level, {said} AS entity_id, CAST(NULL AS DATE) AS left_on"));
                continue;
            };
            let key = self.identity("t", table);
            let left = match level.up {
                Some(crate::model::Step::Dated(number)) => self.left_on(table, number, &key)?,
                Some(crate::model::Step::Link(_)) | None => "CAST(NULL AS DATE)".to_owned(),
            };
            all.push(format!("SELECT {said}, {key}, {left} FROM {} AS t", self.known(table)));
            all.push(format!("SELECT {said}, '{}', CAST(NULL AS DATE)", crate::model::UNASSIGNED));
        }
        Ok(Step {
            name: "entities",
            comment: "Who there is at each level; `left_on`: the day from which on nobody above has held it again."
                .to_owned(),
            text: all.join("\nUNION ALL "),
        })
    }

    /// The day from which on nobody has held a row again; missing when that goes on, or never was.
    fn left_on(&self, table: crate::model::TableId, number: usize, key: &str) -> Result<String, Refused> {
        let dated = self.model.table(table).dated.get(number);
        let dated = dated.ok_or_else(|| Refused::internal("a dated link that is not there"))?;
        let spans = self.model.table(dated.through).spans;
        let spans = spans.ok_or_else(|| Refused::internal("a dated link through no stays"))?;
        let of = |column| self.column("s", dated.through, column);
        let (until, owner) = (of(spans.until), of(dated.owner));
        let day = if spans.through { format!("max({until}) + 1") } else { format!("max({until})") };
        Ok(format!(
            "(SELECT CASE WHEN bool_or({until} IS NULL) THEN NULL ELSE {day} END FROM {} AS s WHERE {owner} = {key})",
            self.known(dated.through)
        ))
    }

    /// A row for each cell.
    pub(super) fn cells(&self) -> String {
        let scope = Scope::of_cohort(self.indicator.cohort.table, "c", "c");
        // A row of which the day of attribution is not known may be anybody's.
        let unsure = match (self.is_known(&self.indicator.attribution.at, &scope), self.model.levels.first()) {
            (false, Some(whole)) => {
                format!("CASE WHEN level = {} THEN unsure END AS unsure", super::names::quoted(&whole.name))
            }
            (true, _) | (_, None) => "unsure".to_owned(),
        };
        let Figures { numerator, denominator, value, rows, undetermined } = self.figures();
        let count = matches!(self.indicator.measure, Measure::Count(_) | Measure::Distinct(_));
        let minimum = self.indicator.minimum.map(|minimum| format!("{rows} < {minimum}"));
        let mut states = Vec::new();
        if !count {
            states.push(format!("WHEN {} IS NULL THEN 'no_cases'", closed(&value)));
        }
        states.extend(minimum.iter().map(|few| format!("WHEN {few} THEN 'too_few'")));
        let state = if states.is_empty() {
            "'value'".to_owned()
        } else {
            format!("CASE {} ELSE 'value' END", states.join(" "))
        };
        let shown = match minimum {
            Some(few) => format!("CASE WHEN NOT ({few}) THEN {value} END"),
            None => value,
        };
        let zero: Vec<String> = self
            .count_columns()
            .iter()
            .map(|column| format!("coalesce(k.{column}, 0) AS {column}"))
            .chain(matches!(self.indicator.measure, Measure::Percentile(_)).then(|| "k.amounts".to_owned()))
            .collect();
        format!(
            "SELECT level, entity_id, window_start, window_end - 1 AS window_end,\n       \
             {numerator} AS numerator, {denominator} AS denominator,\n       {shown} AS value,\n       \
             {state} AS state, {undetermined}, excluded, {unsure}\n\
             FROM (\n  SELECT e.level, e.entity_id, w.window_start, w.window_end,\n         {}\n  \
             FROM entities AS e\n  CROSS JOIN (SELECT DISTINCT window_start, window_end FROM windows) AS w\n  \
             LEFT JOIN counts AS k\n    ON k.level = e.level AND k.entity_id = e.entity_id\n   \
             AND k.window_start = w.window_start AND k.window_end = w.window_end\n  \
             -- Not of one who had left before the first window, and of whom no row counts.\n  \
             WHERE e.left_on IS NULL OR e.left_on > (SELECT min(window_start) FROM windows)\n    \
             OR EXISTS (SELECT 1 FROM counts AS o WHERE o.level = e.level AND o.entity_id = e.entity_id)\n) AS cells\n\
             ORDER BY level, entity_id, window_start, window_end",
            zero.join(",\n         ")
        )
    }

    fn count_columns(&self) -> Vec<&'static str> {
        let mut all = vec!["rows_below"];
        all.extend(match &self.indicator.measure {
            Measure::Proportion(_) => &["met"][..],
            Measure::Rate(_) => &["events", "exposure"][..],
            Measure::Count(_) => &["events"][..],
            Measure::Distinct(_) | Measure::Mean(_) => &["amount"][..],
            Measure::Percentile(_) | Measure::Until(_) | Measure::Incidence(_) => &[][..],
        });
        all.extend(["undetermined", "excluded", "unsure"]);
        all
    }
}
