//! Why the data cannot be used: one error type for this room, with a code that has a page.

use std::fmt;
use std::path::{Path, PathBuf};
use yardstick_language::diag::Code;

/// What is wrong with the data as a whole. Single bad rows are no problem: they are set aside and
/// counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code, which has a page.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The file or folder it was found in.
    pub file: Option<PathBuf>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), file: None, help: None }
    }

    pub(super) fn file(mut self, file: &Path) -> Self {
        self.file = Some(file.to_path_buf());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
