//! What editor and server agree on at the start.

use crate::address;
use crate::document::Columns;
use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeLensOptions, CompletionOptions, ExecuteCommandOptions, Full,
    InitializeParams, PositionEncodingKind, RenameOptions, SemanticTokensLegend, SemanticTokensOptions,
    ServerCapabilities, TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFolders,
};
use std::path::PathBuf;
use yardstick_language::ide::semantic_tokens::TokenKind;

/// Runs the tests of an indicator, or one of them; its arguments are the address of a text, the
/// indicator, and the title.
pub(crate) const RUN_TESTS: &str = "yardstick.runTests";

/// The columns that editor and server count in: bytes where the editor can, as nothing has to be
/// counted then.
pub(crate) fn columns(client: &InitializeParams) -> Columns {
    let offered = client.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    match offered.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8)) {
        true => Columns::Utf8,
        false => Columns::Utf16,
    }
}

/// The folders that the editor has open.
pub(crate) fn folders(client: &InitializeParams) -> Vec<PathBuf> {
    let folders = client.workspace_folders_initialize_params.workspace_folders.as_ref();
    let mut all: Vec<PathBuf> = match folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| address::path(&folder.uri)).collect()
        }
        Some(WorkspaceFolders::Null) | None => Vec::new(),
    };
    if all.is_empty() {
        #[expect(deprecated, reason = "older editors say nothing else")]
        all.extend(client.root_uri.as_ref().and_then(address::path));
    }
    all
}

/// Whether the editor tells of changed files when it is asked to.
pub(crate) fn watches(client: &InitializeParams) -> bool {
    let workspace = client.capabilities.workspace.as_ref();
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    watched.and_then(|watched| watched.dynamic_registration).unwrap_or(false)
}

/// What the server can do; tests are run only where something runs them.
pub(crate) fn server(columns: Columns, tests: bool) -> ServerCapabilities {
    let encoding = match columns {
        Columns::Utf8 => PositionEncodingKind::UTF8,
        Columns::Utf16 => PositionEncodingKind::UTF16,
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        ..TextDocumentSyncOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::SourceFixAll]),
        ..CodeActionOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(sync.into()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", " ", "{", "|"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_formatting_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        code_action_provider: Some(actions.into()),
        code_lens_provider: tests.then(CodeLensOptions::default),
        rename_provider: Some(RenameOptions { prepare_provider: Some(true), ..RenameOptions::default() }.into()),
        inlay_hint_provider: Some(true.into()),
        execute_command_provider: tests.then(|| ExecuteCommandOptions {
            commands: vec![RUN_TESTS.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: SemanticTokensLegend {
                    token_types: TokenKind::ALL.iter().map(|kind| colour(*kind).to_owned()).collect(),
                    token_modifiers: vec!["declaration".to_owned()],
                },
                range: None,
                full: Some(Full::Bool(true)),
                work_done_progress_options: Default::default(),
            }
            .into(),
        ),
        ..ServerCapabilities::default()
    }
}

/// What editors call a kind of words: they have a colour for each of these.
fn colour(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Keyword => "keyword",
        TokenKind::Comment => "comment",
        TokenKind::Text => "string",
        TokenKind::Number => "number",
        TokenKind::Operator => "operator",
        TokenKind::Table => "type",
        TokenKind::Member => "property",
        TokenKind::Word => "enumMember",
        TokenKind::Indicator => "function",
        TokenKind::Group => "namespace",
        TokenKind::Local => "variable",
    }
}
