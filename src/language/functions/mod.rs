//! The functions of values, a file each: how it is written, what it takes and gives, when it is
//! missing, how late its day can be, its English, and its value.
//!
//! To add one, add its name to [`Function`], its file here, and its line in [`definition`]. The
//! engine lowers each by name, and does not compile where one is missing.

mod arithmetic;
mod between;
mod business_days_between;
mod day_of;
mod days_between;
mod earliest;
mod first_known;
mod hours_between;
mod if_else;
mod latest;
mod minus;
mod minutes_between;
mod month_of;
mod months_between;
mod number;
mod plus;
mod times;
mod value;
mod weekday_of;
mod year_of;
mod years_between;

use crate::ir::{At, Expr, ExprKind, Function, Missing, Ty};
use crate::model::Counted;
pub use arithmetic::{Arithmetic, Calendar};
use chrono::NaiveDate;
pub use value::{Cell, Value};

/// All that is said of a function.
#[derive(Debug)]
pub struct Definition {
    /// How it is written.
    pub form: Form,
    /// What it gives for values of these types.
    pub gives: fn(&[Expr]) -> Result<Ty, Misfit>,
    /// Whether its value can be missing, and what that means.
    pub missing: fn(&[Expr]) -> Missing,
    /// Where its day lies.
    pub day: Day,
    /// How a sentence says it.
    pub english: English,
    /// Its value.
    pub evaluate: fn(&[Argument], &dyn Arithmetic) -> Cell,
}

/// How a function is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// These words, and then the values: `day of T`, `earliest of A, B`.
    Of(&'static str),
    /// The time from one day to another: `days from A to B`.
    Between(Counted),
    /// A sign between two numbers: `A + B`.
    Sign(&'static str),
    /// `if C then A else B`.
    IfElse,
}

/// Where the day that a function gives lies among the days it takes. From this is computed how long
/// outcomes take to be known, and how far is looked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// It gives no day, and an open end is missing in it.
    None,
    /// The day of the only value.
    OfIts,
    /// The earliest.
    Earliest,
    /// The latest.
    Latest,
    /// One of them: the first that is known.
    FirstKnown,
    /// One of those after the first, which is a condition.
    Chosen,
}

/// How a sentence says the value of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum English {
    /// These words, and then the value: `the day of ...`.
    Of(&'static str),
    /// These words, and then `from ... to ...`.
    FromTo(&'static str),
    /// One of several, or their sum: as it is said of two, and over a list.
    OfSeveral {
        /// `the earlier of ... and ...`
        pair: &'static str,
        /// `the earliest of these:`
        list: &'static str,
    },
    /// A number less another: `... minus ...`.
    Minus,
    /// A value, if a condition is true, and otherwise another.
    Chosen,
}

/// A value that a function takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The value.
    pub cell: Cell,
    /// Whether a missing value is an open end, later than every day.
    pub open: bool,
    /// Whether a value that is missing may be there all the same: of a row that was set aside.
    pub doubtful: bool,
}

/// Why a function does not take some values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// It takes this, such as `a time`.
    Takes {
        /// The first value that is something else.
        place: usize,
        /// What it takes.
        wanted: &'static str,
    },
    /// It takes so many values.
    Number(usize),
    /// A value has another type than the first.
    Differs(usize),
    /// It takes a time, and this is a day already.
    IsADay,
}

/// All that is said of a function.
#[must_use]
pub fn definition(function: Function) -> &'static Definition {
    match function {
        Function::DayOf => &day_of::DEFINITION,
        Function::WeekdayOf => &weekday_of::DEFINITION,
        Function::MonthOf => &month_of::DEFINITION,
        Function::YearOf => &year_of::DEFINITION,
        Function::DaysBetween => &days_between::DEFINITION,
        Function::BusinessDaysBetween => &business_days_between::DEFINITION,
        Function::MonthsBetween => &months_between::DEFINITION,
        Function::YearsBetween => &years_between::DEFINITION,
        Function::HoursBetween => &hours_between::DEFINITION,
        Function::MinutesBetween => &minutes_between::DEFINITION,
        Function::Earliest => &earliest::DEFINITION,
        Function::Latest => &latest::DEFINITION,
        Function::FirstKnown => &first_known::DEFINITION,
        Function::Plus => &plus::DEFINITION,
        Function::Minus => &minus::DEFINITION,
        Function::Times => &times::DEFINITION,
        Function::IfElse => &if_else::DEFINITION,
    }
}

/// The function that is written so.
#[must_use]
pub fn written(form: Form) -> Option<Function> {
    Function::ALL.iter().copied().find(|function| definition(*function).form == form)
}

/// The value of a function of some values.
///
/// # Errors
/// When it does not take them.
pub fn call(function: Function, of: Vec<Expr>) -> Result<Expr, Misfit> {
    let definition = definition(function);
    let ty = (definition.gives)(&of)?;
    let missing = (definition.missing)(&of);
    Ok(Expr { kind: ExprKind::Call { function, of }, ty, missing, at: At::default() })
}

/// What a function counts, when it counts the time between two days.
#[must_use]
pub fn counts(function: Function) -> Option<Counted> {
    match definition(function).form {
        Form::Between(counted) => Some(counted),
        Form::Of(_) | Form::Sign(_) | Form::IfElse => None,
    }
}

/// The time from one day to another, counted in this unit; nothing where the unit is of the clock.
#[must_use]
pub fn counted(unit: Counted, from: NaiveDate, to: NaiveDate, arithmetic: &dyn Arithmetic) -> Option<i64> {
    let day = |day| Argument { cell: Some(Value::Date(day)), open: false, doubtful: false };
    let function = definition(written(Form::Between(unit))?);
    match (function.evaluate)(&[day(from), day(to)], arithmetic) {
        Some(Value::Int(number)) => Some(number),
        _ => None,
    }
}

/// The only value; nothing when there are several.
fn only(of: &[Expr]) -> Result<&Expr, Misfit> {
    if let [one] = of { Ok(one) } else { Err(Misfit::Number(1)) }
}

/// This type, of a function of one day.
fn of_a_day(of: &[Expr], gives: Ty) -> Result<Ty, Misfit> {
    match only(of)?.ty {
        Ty::Date => Ok(gives),
        Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Timestamp | Ty::Code(_) | Ty::Row(_) => {
            Err(Misfit::Takes { place: 0, wanted: "a day" })
        }
    }
}

/// The type of several values of one type.
fn one_type(of: &[Expr]) -> Result<Ty, Misfit> {
    let first = of.first().ok_or(Misfit::Number(1))?.ty;
    of.iter().position(|e| e.ty != first).map_or(Ok(first), |other| Err(Misfit::Differs(other)))
}

/// Missing when one of the values is, an open end too.
fn when_one_is(of: &[Expr]) -> Missing {
    if of.iter().all(|e| e.missing == Missing::Never) { Missing::Never } else { Missing::Unknown }
}

/// The days that a function takes, when all are there.
fn days<const N: usize>(of: &[Argument]) -> Option<[NaiveDate; N]> {
    let day = |argument: &Argument| if let Some(Value::Date(day)) = argument.cell { Some(day) } else { None };
    let days: Vec<_> = of.iter().map(day).collect::<Option<_>>()?;
    days.try_into().ok()
}
