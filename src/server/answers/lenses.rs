//! The tests that can be run beside the text.

use super::{Refused, text};
use crate::capabilities::RUN_TESTS;
use crate::session::Session;
use gen_lsp_types::{CodeLens, CodeLensParams, Command, ExecuteCommandParams};
use lsp_server::ErrorCode;
use serde_json::{Value, json};
use yardstick_language::ide::lenses::{self, Runs};

pub(super) fn lenses(session: &Session, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>, Refused> {
    let place = text(session, &params.text_document.uri)?;
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

pub(super) fn run(_session: &Session, params: ExecuteCommandParams) -> Result<Option<Value>, Refused> {
    Err(Refused::new(ErrorCode::InvalidParams, format!("there is no command `{}`", params.command)))
}
