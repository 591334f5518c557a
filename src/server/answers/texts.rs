//! What the editor tells of texts.

use crate::address;
use crate::session::Session;
use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    TextDocumentContentChangeEvent as Change,
};
use lsp_server::Notification;
use serde::de::DeserializeOwned;

/// Takes a notification in. What is not known, or cannot be read, is passed over: nobody waits for
/// an answer.
pub(crate) fn notice(session: &mut Session, notification: Notification) {
    match notification.method.as_str() {
        "textDocument/didOpen" => read(notification, |params: DidOpenTextDocumentParams| {
            let opened = params.text_document;
            session.open(opened.uri, opened.version, opened.text);
        }),
        "textDocument/didChange" => read(notification, |params: DidChangeTextDocumentParams| {
            let changes = params.content_changes.into_iter().map(|change| match change {
                Change::TextDocumentContentChangePartial(part) => (Some(part.range), part.text),
                Change::TextDocumentContentChangeWholeDocument(whole) => (None, whole.text),
            });
            session.change(&params.text_document.text_document_identifier.uri, params.text_document.version, changes);
        }),
        "textDocument/didClose" => {
            read(notification, |params: DidCloseTextDocumentParams| session.close(&params.text_document.uri));
        }
        "workspace/didChangeWatchedFiles" => read(notification, |params: DidChangeWatchedFilesParams| {
            for change in params.changes {
                address::path(&change.uri).into_iter().for_each(|path| session.on_disk(&path));
            }
        }),
        _ => {}
    }
}

fn read<P: DeserializeOwned>(notification: Notification, take: impl FnOnce(P)) {
    if let Ok(params) = serde_json::from_value(notification.params) {
        take(params);
    }
}
