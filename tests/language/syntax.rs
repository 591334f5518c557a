//! What the syntax room promises: every form is read as it is meant, every slip is told apart, and
//! no text makes it wait.

mod forms;
pub(crate) mod layout;
pub(crate) mod limits;
mod mistakes;

use yardstick::diag::{Code, Diagnostics};
use yardstick::source::Sources;
use yardstick::syntax::{self, ast::Ast};

pub(crate) fn parse(text: &str) -> (Ast, Diagnostics, Sources) {
    let mut sources = Sources::default();
    let file = sources.add("test.ind", text);
    let (ast, found) = syntax::parse(&sources, file);
    (ast, found, sources)
}

/// Each finding as `CODE line:column place`.
fn findings(text: &str) -> Vec<String> {
    let (_, found, sources) = parse(text);
    let one = |d: &yardstick::diag::Diagnostic| {
        let span = d.span().unwrap();
        let (line, column) = sources.file(span.file).line_column(span.start);
        format!("{} {line}:{column} {}", Code::as_str(d.code), sources.text(span))
    };
    found.sorted().into_iter().map(one).collect()
}
