//! What the types of numbers say of them.

use super::Ty;
use crate::decimal::Decimal;

/// The most digits after the point.
pub const MOST_DECIMALS: u8 = 18;

impl Ty {
    /// The digits that a number of this type has after the point; none of what is no number.
    #[must_use]
    pub fn decimals(self) -> Option<u8> {
        match self {
            Self::Int => Some(0),
            Self::Decimal(after) => Some(after),
            Self::Bool | Self::Length(_) | Self::Text | Self::Date | Self::Timestamp | Self::Code(_) | Self::Row(_) => {
                None
            }
        }
    }

    /// Whether it is a number, also of a length of time.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Decimal(_) | Self::Length(_))
    }

    /// A number of this type that is kept as a whole one, as people write it: `12.50`.
    #[must_use]
    pub fn written(self, number: i64) -> String {
        let scale = i128::from(self.one());
        Decimal { digits: number.into(), scale }.to_string()
    }

    /// The whole number as which 1 is kept: a power of ten.
    #[must_use]
    pub fn one(self) -> i64 {
        10_i64.pow(u32::from(self.decimals().unwrap_or(0).min(MOST_DECIMALS)))
    }

    /// What a day is moved by when it is moved by such a number, as words: `months`.
    #[must_use]
    pub fn moves_by(self) -> &'static str {
        match self {
            Self::Length(counted) => counted.word(),
            Self::Bool
            | Self::Int
            | Self::Decimal(_)
            | Self::Text
            | Self::Date
            | Self::Timestamp
            | Self::Code(..)
            | Self::Row(_) => "days",
        }
    }
}
