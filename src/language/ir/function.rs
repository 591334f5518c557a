//! The functions of values, by name. What each of them means is said in the room `functions`, in a
//! file of its own.

/// Declares each function once: its name, and its name in the canonical text.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $canonical:literal,)*) => {
        /// A function of values of one row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[$doc])* $name,)*
        }

        impl Function {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in the canonical text, on which the meaning hash stands: it never changes.
            #[must_use]
            pub fn canonical(self) -> &'static str {
                match self {
                    $(Self::$name => $canonical,)*
                }
            }
        }
    };
}

functions! {
    /// The day of a time.
    DayOf "day",
    /// The weekday of a day.
    WeekdayOf "weekday",
    /// The month of a day, 1 to 12.
    MonthOf "month-of",
    /// The year of a day.
    YearOf "year-of",
    /// Days from one day to another.
    DaysBetween "days",
    /// Business days from one day to another.
    BusinessDaysBetween "business-days",
    /// Completed months from one day to another.
    MonthsBetween "months",
    /// Completed years from one day to another.
    YearsBetween "years",
    /// Completed hours from one time to another.
    HoursBetween "hours",
    /// Completed minutes from one time to another.
    MinutesBetween "minutes",
    /// The earliest of several days.
    Earliest "earliest",
    /// The latest of several days.
    Latest "latest",
    /// The first of several values that is known.
    FirstKnown "first-known",
    /// The sum of two numbers.
    Plus "plus",
    /// The difference of two numbers.
    Minus "minus",
    /// The product of two numbers.
    Times "times",
    /// One of two values, by a condition.
    IfElse "if",
}
