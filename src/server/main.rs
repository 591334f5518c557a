//! `yardstick-lsp`: the language server alone, a small program without engine and results: it runs
//! no tests.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match yardstick_lsp::serve(None) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "error: the editor's message could not be read: {problem}");
            ExitCode::FAILURE
        }
    }
}
