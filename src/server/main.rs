//! `yardstick-lsp`: the language server alone, a small program without the engine.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match yardstick_lsp::serve() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "error: the editor's message could not be read: {problem}");
            ExitCode::FAILURE
        }
    }
}
