//! Colour and width: what standard output and standard error can show.

use crate::diag::render::{Form, PLAIN_WIDTH};
use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use std::io::IsTerminal;

/// Errors.
pub(super) const RED: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();

/// What passed.
pub(super) const GREEN: Style = AnsiColor::Green.on_default();

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always, in a pipe too.
    Always,
    /// Never.
    Never,
}

/// Sets the choice for the whole run.
pub(super) fn choose(color: Color) {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// How findings look on standard output.
pub(super) fn form_on_stdout() -> Form {
    form(std::io::stdout().is_terminal(), anstream::AutoStream::choice(&std::io::stdout()))
}

/// How findings look on standard error.
pub(super) fn form_on_stderr() -> Form {
    form(std::io::stderr().is_terminal(), anstream::AutoStream::choice(&std::io::stderr()))
}

fn form(terminal: bool, choice: ColorChoice) -> Form {
    let color = matches!(choice, ColorChoice::Always | ColorChoice::AlwaysAnsi);
    if terminal || color { Form::Fancy { color, width: width() } } else { Form::Plain }
}

/// Whether a person reads standard output as it comes.
pub(super) fn is_watched() -> bool {
    std::io::stdout().is_terminal()
}

/// A terminal that says it is narrower than this does not know its width.
const NARROWEST: usize = 40;

/// The terminal's width in characters; a readable one when there is no terminal.
pub(super) fn width() -> usize {
    let told = comfy_table::Table::new().width().map(usize::from);
    told.filter(|w| *w >= NARROWEST).unwrap_or(PLAIN_WIDTH)
}
