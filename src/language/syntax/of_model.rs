//! Which declarations are of the model, and which are of what is measured by it.

use super::ast::Item;

impl Item {
    /// Whether every indicator may speak of what a declaration declares.
    #[must_use]
    pub fn is_of_model(&self) -> bool {
        match self {
            Self::Levels(_)
            | Self::Domains(_)
            | Self::MissingDates(_)
            | Self::MissingWords(_)
            | Self::HeadersIgnoreCase
            | Self::Quality(_)
            | Self::BusinessDays(_)
            | Self::Times { .. }
            | Self::Table(_)
            | Self::Codes { .. }
            | Self::Rows { .. }
            | Self::Define(_)
            | Self::Groups(_) => true,
            Self::Indicator(_) | Self::Scorecard(_) | Self::Plan(_) | Self::Test(_) => false,
        }
    }
}
