//! The tests that can be run beside the text, and what they came to.

use super::{Refused, text};
use crate::capabilities::RUN_TESTS;
use crate::session::{Place, Session};
use crate::{Miss, RunTest};
use gen_lsp_types::{CodeLens, CodeLensParams, Command, ExecuteCommandParams, Uri};
use lsp_server::ErrorCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use yardstick_language::ide::lenses::{self, Runs};
use yardstick_language::ir::{Program, Test};
use yardstick_language::source::Span;

pub(super) fn lenses(session: &Session, params: &CodeLensParams) -> Result<Option<Vec<CodeLens>>, Refused> {
    let place = text(session, &params.text_document.uri)?;
    if session.tests.is_none() {
        return Ok(None);
    }
    let uri = &params.text_document.uri.0;
    let lens = |lens: lenses::Lens| {
        let (title, arguments) = match lens.runs {
            Runs::Test { indicator, title } => {
                ("run test".to_owned(), vec![json!(uri), json!(indicator), json!(title)])
            }
            Runs::Tests { indicator, count: 1 } => ("run its test".to_owned(), vec![json!(uri), json!(indicator)]),
            Runs::Tests { indicator, count } => (format!("run its {count} tests"), vec![json!(uri), json!(indicator)]),
        };
        let command = Command { title, tooltip: None, command: RUN_TESTS.to_owned(), arguments: Some(arguments) };
        CodeLens { range: place.range(lens.span), command: Some(command), data: None }
    };
    Ok(Some(lenses::all(place.definitions(), place.file).into_iter().map(lens).collect()))
}

/// Runs tests: the answer says how many passed and failed, in one line and in full.
pub(super) fn run(session: &Session, params: &ExecuteCommandParams) -> Result<Option<Value>, Refused> {
    let Some(run) = session.tests.filter(|_| params.command == RUN_TESTS) else {
        return Err(Refused::new(ErrorCode::InvalidParams, format!("there is no command `{}`", params.command)));
    };
    let arguments = params.arguments.as_deref().unwrap_or_default();
    let argument = |at: usize| arguments.get(at).and_then(Value::as_str);
    let (Some(uri), Some(indicator)) = (argument(0), argument(1)) else {
        let asked = "the arguments are the address of a text, an indicator and, for one test, its title";
        return Err(Refused::new(ErrorCode::InvalidParams, asked));
    };
    let place = text(session, &Uri(uri.to_owned()))?;
    let (errors, first) = (place.definitions().errors().count(), place.definitions().errors().next());
    if let Some(first) = first {
        let what = if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") };
        let why = format!("the tests cannot be run: the definitions have {what}; {}", first.message);
        return Err(Refused::new(ErrorCode::RequestFailed, why));
    }
    let tests = wanted(place.definitions().program(), indicator, argument(2));
    if tests.is_empty() {
        return Err(Refused::new(ErrorCode::RequestFailed, format!("there is no such test of `{indicator}`")));
    }
    Ok(Some(outcome(&place, run, &tests)))
}

/// A test with what it expects in each hierarchy of levels.
type Parts<'p> = Vec<(&'p Program, &'p Test)>;

/// The tests of an indicator, or the one with this title, in the order of the text.
fn wanted<'p>(program: &'p Program, indicator: &str, title: Option<&str>) -> BTreeMap<Span, Parts<'p>> {
    let mut all: BTreeMap<Span, Parts<'p>> = BTreeMap::new();
    for of in program.hierarchies() {
        for test in &of.tests {
            let is = of.indicators.get(test.indicator).is_some_and(|known| known.id == indicator);
            if is && title.is_none_or(|title| title == test.title) {
                all.entry(test.span).or_default().push((of, test));
            }
        }
    }
    all
}

fn outcome(place: &Place<'_>, run: RunTest, tests: &BTreeMap<Span, Parts<'_>>) -> Value {
    let (mut failed, mut said) = (0, String::new());
    for parts in tests.values() {
        let title = parts.first().map_or("", |(_, test)| test.title.as_str());
        let misses = parts.iter().map(|(program, test)| run(program, test)).collect::<Result<Vec<_>, _>>();
        match misses.map(|misses| misses.concat()) {
            Ok(misses) if misses.is_empty() => {
                let _ = writeln!(said, "pass {title}");
            }
            Ok(misses) => {
                failed += 1;
                let _ = writeln!(said, "FAIL {title}");
                misses.iter().for_each(|miss| tell(place, miss, &mut said));
            }
            Err(why) => {
                failed += 1;
                let _ = writeln!(said, "FAIL {title}\n     {why}");
            }
        }
    }
    let passed = tests.len() - failed;
    let summary = match (tests.len(), failed) {
        (1, 0) => "the test passes".to_owned(),
        (1, _) => "the test fails".to_owned(),
        (all, 0) => format!("all {all} tests pass"),
        (all, failed) => format!("{failed} of {all} tests fail"),
    };
    json!({ "passed": passed, "failed": failed, "summary": summary, "text": said })
}

fn tell(place: &Place<'_>, miss: &Miss, said: &mut String) {
    let line = place.range(miss.span).start.line + 1;
    let _ = writeln!(said, "     line {line}\n       expected {}\n       found    {}", miss.expected, miss.found);
    for clause in &miss.because {
        let _ = writeln!(said, "         {clause}");
    }
}
