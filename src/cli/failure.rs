//! How a command ends: its exit code, and what is said when it cannot go on.

use super::terminal;
use crate::visible;
use std::io::Write;
use std::process::ExitCode;

/// The exit codes; they are part of the documented interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done, and nothing is wrong.
    Fine,
    /// The definitions or tests have errors.
    Definitions,
    /// The command was used wrongly.
    Usage,
    /// The data cannot be used.
    Data,
    /// A mistake of ours.
    Internal,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The number a shell sees.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Definitions => 1,
            Self::Usage => 2,
            Self::Data => 3,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// Why a command cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
}

/// What a command gives back.
pub(super) type Done = Result<Exit, Failure>;

impl Failure {
    /// Wrong usage: a path, an id or a date that cannot be meant.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), help: None }
    }

    /// Definitions that have errors.
    pub(super) fn definitions(message: impl Into<String>) -> Self {
        Self { exit: Exit::Definitions, message: message.into(), help: None }
    }

    /// Data that cannot be used.
    pub(super) fn data(message: impl Into<String>) -> Self {
        Self { exit: Exit::Data, message: message.into(), help: None }
    }

    /// A mistake of ours that was noticed.
    pub(super) fn internal(message: impl Into<String>) -> Self {
        let help = "this is a mistake of the program, not of the definitions or the data; please report it";
        Self { exit: Exit::Internal, message: message.into(), help: Some(help.to_owned()) }
    }

    /// The same with words before its message: whose it is.
    pub(super) fn in_front(mut self, words: &str) -> Self {
        self.message.insert_str(0, words);
        self
    }

    /// The same with a line that says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says it on standard error.
    pub(super) fn report(self) -> Exit {
        if !self.message.is_empty() {
            complain(&self.message, self.help.as_deref());
        }
        self.exit
    }
}

/// `error: ...` and `  help: ...` on standard error.
pub(super) fn complain(message: &str, help: Option<&str>) {
    say("error", terminal::RED, message, help);
}

/// `warning: ...` and `  help: ...` on standard error.
pub(super) fn warn(message: &str, help: Option<&str>) {
    say("warning", terminal::YELLOW, message, help);
}

fn say(word: &str, style: anstyle::Style, message: &str, help: Option<&str>) {
    let mut err = anstream::stderr().lock();
    // Nobody is left to hear when standard error is closed.
    let _ = writeln!(err, "{style}{word}{style:#}: {}", visible::lines(message));
    if let Some(help) = help {
        let _ = writeln!(err, "  help: {}", visible::lines(help));
    }
}
