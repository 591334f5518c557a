//! Why a database cannot be read.

use std::fmt;

/// Whose move it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// What was asked for cannot be meant: the address, an option.
    Usage,
    /// The database, or what is in it.
    Data,
}

/// A database that cannot be read: what is wrong, and what to do. Neither text holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose move it is.
    pub blame: Blame,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { blame: Blame::Usage, message: message.into(), help: None }
    }

    pub(crate) fn data(message: impl Into<String>) -> Self {
        Self { blame: Blame::Data, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
