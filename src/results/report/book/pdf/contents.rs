//! The contents of a book as JSON, which the template `book.typ` reads.

use crate::report::book::document::{Document, Table, TableRow};
use crate::report::book::sheet::{Group, Sheet};
use crate::report::plan::{self, sheet::PlanSheet};
use crate::report::trend::svg;
use crate::scorecard::Band;
use crate::scorecard::book::Sentence;
use serde_json::{Value, json};
use std::fmt;
use std::io;
use yardstick_language::visible;

/// The contents of a book.
pub(super) struct Contents {
    /// For the template.
    pub(super) json: Vec<u8>,
    /// Every text that is drawn.
    pub(super) texts: Vec<String>,
}

/// The member that holds a picture as SVG.
const PICTURE: &str = "picture";

/// The contents of a document. Characters that act, such as those that turn the direction of text,
/// are made visible.
///
/// # Errors
/// None: writing to a text cannot fail.
pub(super) fn of(document: &Document) -> io::Result<Contents> {
    let value = visible_in(book(document).map_err(io::Error::other)?);
    let json = serde_json::to_vec(&value).map_err(io::Error::other)?;
    let mut texts = Vec::new();
    collect(value, &mut texts);
    Ok(Contents { json, texts })
}

fn book(of: &Document) -> Result<Value, fmt::Error> {
    let changes = of.changes.as_ref().map(|changes| {
        let tables: Vec<Value> =
            changes.tables.iter().map(|(title, rows)| json!({ "title": title, "table": table(rows) })).collect();
        json!({ "since": changes.since, "tables": tables, "rest": changes.rest })
    });
    let card = of.card.iter().map(|(title, rows)| json!({ "title": title, "table": table(rows) }));
    Ok(json!({
        "title": of.title,
        "under": of.under,
        "card": card.collect::<Vec<_>>(),
        "changes": changes,
        "plans": of.plans.iter().map(follow_up).collect::<Result<Vec<_>, _>>()?,
        "sheets": of.sheets.iter().map(sheet).collect::<Result<Vec<_>, _>>()?,
        "marks": of.marks,
        "notes": of.notes,
    }))
}

fn follow_up(of: &PlanSheet) -> Result<Value, fmt::Error> {
    Ok(json!({
        "title": of.title,
        PICTURE: plan::svg(of.of, &of.title, of.says.first().map_or("", String::as_str))?,
        "says": of.says,
        "facts": of.facts,
        "actions": table(&of.actions),
        "months": table(&of.months),
    }))
}

fn sheet(of: &Sheet) -> Result<Value, fmt::Error> {
    Ok(json!({
        "title": of.title,
        "value": of.value,
        "band": of.band.map(Band::id),
        "question": of.question,
        PICTURE: of.trend.map(svg).transpose()?,
        "says": of.says,
        "facts": of.facts,
        "groups": of.groups.iter().map(group).collect::<Vec<_>>(),
        "review": of.review.as_ref().map(|(rule, rows)| json!({ "rule": rule, "table": table(rows) })),
        "windows": of.chart.is_some().then(|| table(&of.windows)),
        "english": of.english.iter().map(sentence).collect::<Vec<_>>(),
    }))
}

/// The values of several entities, each with the share of its bar in the longest.
fn group(of: &Group) -> Value {
    let series = of.charts.iter().flat_map(|chart| &chart.series);
    let values: Vec<Option<f64>> = series.flat_map(|series| series.values.iter().copied()).collect();
    let most = values.iter().flatten().copied().fold(0.0, f64::max);
    let share = |value: &Option<f64>| value.filter(|_| most > 0.0).map(|value| (value / most).clamp(0.0, 1.0));
    json!({ "title": of.title, "table": table(&of.table), "bars": values.iter().map(share).collect::<Vec<_>>() })
}

fn sentence(of: &Sentence) -> Value {
    json!({ "depth": of.depth, "text": of.text })
}

fn table(of: &Table) -> Value {
    let row = |row: &TableRow| json!({ "cells": row.cells, "band": row.band.map(Band::id), "own": row.is_own });
    json!({ "head": of.head, "rows": of.rows.iter().map(row).collect::<Vec<_>>() })
}

/// The same with characters that act made visible; pictures have them made visible already.
fn visible_in(value: Value) -> Value {
    let member = |(name, value): (String, Value)| match name.as_str() {
        PICTURE => (name, value),
        _ => (name, visible_in(value)),
    };
    match value {
        Value::String(text) => Value::String(visible::value(&text).into_owned()),
        Value::Array(all) => Value::Array(all.into_iter().map(visible_in).collect()),
        Value::Object(all) => Value::Object(all.into_iter().map(member).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn collect(value: Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(all) => all.into_iter().for_each(|value| collect(value, texts)),
        Value::Object(all) => all.into_iter().for_each(|(_, value)| collect(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
