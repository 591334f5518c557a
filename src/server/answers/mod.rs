//! Each kind of request: what it asks of [`yardstick_language::ide`], and how the protocol says the
//! answer.

mod actions;
mod colours;
mod completion;
pub(crate) mod findings;
mod hints;
mod hover;
mod layout;
mod lenses;
mod outline;
mod places;
mod rename;
pub(crate) mod texts;

use crate::session::{Place, Session};
use gen_lsp_types::{Request, TextDocumentPositionParams, Uri};
use lsp_server::ErrorCode;
use serde_json::Value;

/// Why a request has no answer.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl Refused {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The answer to a request.
pub(crate) fn answer(session: &Session, method: &str, params: Value) -> Result<Value, Refused> {
    use gen_lsp_types as asks;
    match method {
        "textDocument/completion" => ask::<asks::CompletionRequest>(session, params, completion::completion),
        "textDocument/hover" => ask::<asks::HoverRequest>(session, params, hover::hover),
        "textDocument/definition" => ask::<asks::DefinitionRequest>(session, params, places::definition),
        "textDocument/references" => ask::<asks::ReferencesRequest>(session, params, places::references),
        "textDocument/documentHighlight" => ask::<asks::DocumentHighlightRequest>(session, params, places::highlight),
        "textDocument/documentSymbol" => ask::<asks::DocumentSymbolRequest>(session, params, outline::outline),
        "workspace/symbol" => ask::<asks::WorkspaceSymbolRequest>(session, params, outline::search),
        "textDocument/codeAction" => ask::<asks::CodeActionRequest>(session, params, actions::actions),
        "textDocument/codeLens" => ask::<asks::CodeLensRequest>(session, params, lenses::lenses),
        "textDocument/prepareRename" => ask::<asks::PrepareRenameRequest>(session, params, rename::prepare),
        "textDocument/rename" => ask::<asks::RenameRequest>(session, params, rename::rename),
        "textDocument/semanticTokens/full" => ask::<asks::SemanticTokensRequest>(session, params, colours::colours),
        "textDocument/formatting" => ask::<asks::DocumentFormattingRequest>(session, params, layout::layout),
        "textDocument/inlayHint" => ask::<asks::InlayHintRequest>(session, params, hints::hints),
        "workspace/executeCommand" => ask::<asks::ExecuteCommandRequest>(session, params, lenses::run),
        _ => Err(Refused::new(ErrorCode::MethodNotFound, format!("the server knows no request `{method}`"))),
    }
}

fn ask<R: Request>(
    session: &Session,
    params: Value,
    answer: impl FnOnce(&Session, &R::Params) -> Result<R::Result, Refused>,
) -> Result<Value, Refused> {
    let params = serde_json::from_value(params).map_err(|e| Refused::new(ErrorCode::InvalidParams, e.to_string()))?;
    let answer = answer(session, &params)?;
    serde_json::to_value(answer).map_err(|e| Refused::new(ErrorCode::InternalError, e.to_string()))
}

/// The text that a request speaks of.
fn text<'s>(session: &'s Session, uri: &Uri) -> Result<Place<'s>, Refused> {
    let unknown = || Refused::new(ErrorCode::InvalidParams, format!("the text `{}` is not open", uri.0));
    session.place(uri).ok_or_else(unknown)
}

/// The text and the byte that a request speaks of.
fn place<'s>(session: &'s Session, at: &TextDocumentPositionParams) -> Result<(Place<'s>, u32), Refused> {
    let place = text(session, &at.text_document.uri)?;
    Ok((place, place.offset(at.position)))
}
