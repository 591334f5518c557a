//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read.

use super::code::{self, Level, Lint};
use super::{Diagnostic, Edit, Severity};
use crate::source::{Sources, Span, printable};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Where the schema of the format lies.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// All findings of a run as one document, with a line break at its end. `unreadable` are the
/// messages about files that could not be read, and `version` is that of the program.
#[must_use]
pub fn document(sources: &Sources, findings: &[&Diagnostic], unreadable: &[String], version: &str) -> String {
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    let rules: Vec<&str> = codes.into_iter().collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(sources, finding, &rules)).collect();
    let notes: Vec<Value> =
        unreadable.iter().map(|text| json!({ "level": "error", "message": message(text) })).collect();
    let driver = json!({
        "name": "yardstick",
        "version": version,
        "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
    });
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": unreadable.is_empty(), "toolExecutionNotifications": notes }],
            "results": results,
        }],
    });
    // Strings and numbers always serialize.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// What is said of a code: the head of its page, and the page.
fn rule(code: &str) -> Value {
    let page = code::page(code).unwrap_or_default();
    let head = page.lines().next().unwrap_or_default().trim_start_matches("# ");
    let about = head.split_once(": ").map_or(head, |(_, about)| about);
    let lint = code::LINTS.iter().find(|lint| lint.code.as_str() == code);
    let mut rule = json!({
        "id": code,
        "shortDescription": message(about),
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": lint.map_or("error", level) },
    });
    if let (Some(lint), Some(rule)) = (lint, rule.as_object_mut()) {
        rule.insert("name".to_owned(), Value::from(lint.name));
    }
    rule
}

fn level(lint: &Lint) -> &'static str {
    match lint.level {
        Level::Off => "none",
        Level::Warn => "warning",
        Level::Error => "error",
    }
}

fn result(sources: &Sources, finding: &Diagnostic, rules: &[&str]) -> Value {
    let mut text = finding.message.clone();
    if let Some(first) = finding.labels.first().filter(|label| !label.text.is_empty()) {
        text += &format!(" ({})", first.text);
    }
    if let Some(help) = &finding.help {
        text += &format!("; {help}");
    }
    let mut result = json!({
        "ruleId": finding.code.as_str(),
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": message(&text),
        "locations": finding.span().map(|span| json!({ "physicalLocation": location(sources, span) })).into_iter().collect::<Vec<_>>(),
    });
    let Some(members) = result.as_object_mut() else { return result };
    if let Some(index) = rules.iter().position(|code| *code == finding.code.as_str()) {
        members.insert("ruleIndex".to_owned(), Value::from(index));
    }
    let related = finding.labels.iter().enumerate().skip(1).map(|(id, label)| {
        json!({ "id": id, "message": message(&label.text), "physicalLocation": location(sources, label.span) })
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        members.insert("relatedLocations".to_owned(), Value::from(related));
    }
    if !finding.fix.is_empty() {
        let changes: Vec<Value> = finding.fix.iter().map(|edit| change(sources, edit)).collect();
        members.insert("fixes".to_owned(), json!([{ "artifactChanges": changes }]));
    }
    result
}

/// A text; an empty one is no message.
fn message(text: &str) -> Value {
    let text = printable(text);
    json!({ "text": if text.is_empty() { "here" } else { text.as_ref() } })
}

fn change(sources: &Sources, edit: &Edit) -> Value {
    json!({
        "artifactLocation": artifact(sources, edit.span),
        "replacements": [{ "deletedRegion": region(sources, edit.span), "insertedContent": { "text": edit.text } }],
    })
}

fn location(sources: &Sources, span: Span) -> Value {
    json!({ "artifactLocation": artifact(sources, span), "region": region(sources, span) })
}

fn artifact(sources: &Sources, span: Span) -> Value {
    json!({ "uri": uri(&sources.file(span.file).path) })
}

/// Lines and columns from 1; the last column is the one behind the last character.
fn region(sources: &Sources, span: Span) -> Value {
    let file = sources.file(span.file);
    let ((line, column), (end_line, end_column)) =
        (file.line_column(span.start), file.line_column(span.end.max(span.start)));
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

/// A path as a reference of RFC 3986: relative ones stay relative.
fn uri(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    let mut uri = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri += &format!("%{other:02X}"),
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri(Path::new("indicators/a b.ind")), "indicators/a%20b.ind");
        assert_eq!(uri(Path::new("../é:#?.ind")), "../%C3%A9%3A%23%3F.ind");
        assert_eq!(uri(Path::new("/srv/a.ind")), "file:///srv/a.ind");
    }
}
