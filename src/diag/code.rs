//! The table of codes: one line each. Every code has a page in `pages/` and a failing example in the tests.

use super::Severity;

/// A stable code such as `E0203`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// The code as text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// `W` codes are warnings, all others errors.
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.0.starts_with('W') { Severity::Warning } else { Severity::Error }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $name:ident;)*) => {
        $($(#[$doc])* pub const $name: Code = Code(stringify!($code));)*

        /// Every code with its page, in order.
        pub const ALL: &[(Code, &str)] = &[$((Code(stringify!($code)), include_str!(concat!("pages/", stringify!($code), ".md")))),*];
    };
}

codes! {
    /// The text cannot be read from here on.
    E0101 SYNTAX;
}

/// The page of a code written as text, in any case.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    ALL.iter().find(|(c, _)| c.as_str().eq_ignore_ascii_case(code)).map(|(_, page)| *page)
}
