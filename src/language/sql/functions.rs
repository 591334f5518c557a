//! Functions of values as SQL.

use super::Refused;
use super::names::closed;
use super::scope::Scope;
use super::writer::Writer;
use crate::ir::expr::LARGEST;
use crate::ir::{Ask, Expr, ExprKind, Function, Missing, Ty};

/// A number of days, rows or words is not larger than this.
const SMALL: u128 = 10_000_000_000;

impl Writer<'_> {
    pub(super) fn called(&self, function: Function, e: &Expr, of: &[Expr], scope: &Scope) -> Result<String, Refused> {
        let texts: Vec<String> = of.iter().map(|e| self.value(e, scope)).collect::<Result<_, _>>()?;
        let closed: Vec<String> = texts.iter().map(|text| closed(text)).collect();
        let one = || closed.first().cloned().ok_or_else(|| Refused::internal("a function of nothing"));
        let two = || match closed.as_slice() {
            [a, b] => Ok((a.clone(), b.clone())),
            [..] => Err(Refused::internal("a function of two values")),
        };
        match function {
            Function::DayOf => Ok(format!("CAST({} AS DATE)", one()?)),
            Function::WeekdayOf => Ok(self.weekday(&one()?)),
            Function::MonthOf => Ok(self.says.part("MONTH", &one()?)),
            Function::YearOf => Ok(self.says.part("YEAR", &one()?)),
            Function::DaysBetween => two().map(|(from, to)| self.says.days_between(&from, &to)),
            Function::BusinessDaysBetween => {
                let (from, to) = two()?;
                self.business_days_between(&from, &to)
            }
            Function::MonthsBetween => two().map(|(from, to)| self.months_between(&from, &to)),
            Function::YearsBetween => {
                let (from, to) = two()?;
                Ok(format!("CAST(floor(({}) / 12.0) AS BIGINT)", self.months_between(&from, &to)))
            }
            Function::HoursBetween => two().map(|(from, to)| elapsed(&from, &to, 3_600)),
            Function::MinutesBetween => two().map(|(from, to)| elapsed(&from, &to, 60)),
            Function::Earliest => Ok(self.outermost("least", of, &closed, scope)),
            Function::Latest => Ok(self.outermost("greatest", of, &closed, scope)),
            Function::FirstKnown if closed.is_empty() => Ok(format!("CAST(NULL AS {})", type_name(e.ty))),
            Function::FirstKnown if closed.len() == 1 => one(),
            Function::FirstKnown => Ok(format!("coalesce({})", texts.join(", "))),
            Function::Plus => self.reckoned("+", of, &closed, e),
            Function::Minus => self.reckoned("-", of, &closed, e),
            Function::Times => self.reckoned("*", of, &closed, e),
            Function::IfElse => match closed.as_slice() {
                // An unknown condition chooses neither.
                [condition, then, otherwise] => {
                    Ok(format!("CASE {condition} WHEN TRUE THEN {then} WHEN FALSE THEN {otherwise} END"))
                }
                [..] => Err(Refused::internal("a choice of two values")),
            },
        }
    }

    fn weekday(&self, day: &str) -> String {
        let words = crate::ir::WordList::Weekdays.words(self.model);
        let cases: Vec<String> = words.iter().zip(1..).map(|(word, n)| format!("WHEN {n} THEN '{word}'")).collect();
        format!("CASE {} {} END", self.says.weekday(day), cases.join(" "))
    }

    /// The largest number of months that can be added to the one day without passing the other.
    pub(super) fn months_between(&self, from: &str, to: &str) -> String {
        let part = |part: &str, day: &str| self.says.part(part, day);
        let years = format!("12 * ({} - {})", part("YEAR", to), part("YEAR", from));
        let months = format!("{} - {}", part("MONTH", to), part("MONTH", from));
        // The last month is not full when its day has not come, unless it has no such day.
        let early = format!("{} < {}", part("DAY", to), part("DAY", from));
        let goes_on = format!("{} <> 1", part("DAY", &format!("({to} + 1)")));
        format!("{years} + {months} - CASE WHEN {early} AND {goes_on} THEN 1 ELSE 0 END")
    }

    /// The earliest or latest of several days: an open end is later than all, and what is not known
    /// may be any.
    fn outermost(&self, function: &str, of: &[Expr], texts: &[String], scope: &Scope) -> String {
        let latest = function == "greatest";
        // An open end that is missing says that it is open.
        let asked = |e: &Expr| if e.missing == Missing::OpenEnd { latest } else { !self.is_known(e, scope) };
        let nulls: Vec<String> =
            of.iter().zip(texts).filter(|(e, _)| asked(e)).map(|(_, text)| format!("{text} IS NULL")).collect();
        // A database refuses a value twice among three.
        let mut each: Vec<&String> = Vec::new();
        texts.iter().for_each(|text| each.extend(Some(text).filter(|text| !each.contains(text))));
        let two = |one: String, other: &String| format!("{function}({one}, {other})");
        let found = each.split_first().map(|(first, others)| others.iter().fold((*first).clone(), |a, b| two(a, b)));
        let found = found.unwrap_or_else(|| "NULL".to_owned());
        if nulls.is_empty() { found } else { format!("CASE WHEN {} THEN NULL ELSE {found} END", nulls.join(" OR ")) }
    }

    /// A sum, difference or product; missing when it is too large.
    fn reckoned(&self, sign: &str, of: &[Expr], texts: &[String], e: &Expr) -> Result<String, Refused> {
        let ([a, b], [x, y]) = (of, texts) else { return Err(Refused::internal("a number of two numbers")) };
        if let (Some(a), Some(b)) = (largest(a), largest(b))
            && (if sign == "*" { a.saturating_mul(b) } else { a + b }) <= u128::from(LARGEST)
        {
            return Ok(format!("{x} {sign} {y}"));
        }
        let reckoned = format!("{} {sign} {}", self.says.wide(x), self.says.wide(y));
        let reckoned = if matches!(e.ty, Ty::Decimal(_)) { format!("{x} {sign} {y}") } else { reckoned };
        Ok(self.within(&reckoned, e.ty))
    }

    /// The number, unless it is too large.
    pub(super) fn within(&self, number: &str, ty: Ty) -> String {
        let most = ty.written(i64::try_from(LARGEST).unwrap_or(i64::MAX));
        format!("CASE WHEN abs({number}) <= {most} THEN {number} END")
    }
}

/// The most that a number can be, by its form.
fn largest(e: &Expr) -> Option<u128> {
    match &e.kind {
        ExprKind::Int(n) => Some(n.unsigned_abs().into()),
        ExprKind::Linked(q) => match q.ask {
            Ask::Count | Ask::Distinct(_) | Ask::Days { .. } => Some(SMALL),
            Ask::Exists | Ask::Sum(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } => None,
        },
        ExprKind::Call { function, of } => match function {
            Function::DaysBetween
            | Function::BusinessDaysBetween
            | Function::MonthsBetween
            | Function::YearsBetween
            | Function::HoursBetween
            | Function::MinutesBetween
            | Function::MonthOf
            | Function::YearOf => Some(SMALL),
            Function::Plus | Function::Minus => of.iter().map(largest).sum(),
            Function::Times => of.iter().map(largest).try_fold(1_u128, |all, one| all.checked_mul(one?)),
            Function::IfElse => of.iter().skip(1).map(largest).try_fold(0, |most, one| Some(one?.max(most))),
            Function::FirstKnown => of.iter().map(largest).try_fold(0, |most, one| Some(one?.max(most))),
            Function::DayOf | Function::WeekdayOf | Function::Earliest | Function::Latest => None,
        },
        _ => None,
    }
}

/// How often so many seconds have passed.
fn elapsed(from: &str, to: &str, seconds: u32) -> String {
    format!("CAST(floor(EXTRACT(EPOCH FROM ({to} - {from})) / {seconds}) AS BIGINT)")
}

/// The type of a column of these values.
pub(super) fn type_name(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "BOOLEAN",
        Ty::Int | Ty::Length(_) => "BIGINT",
        Ty::Decimal(_) => "NUMERIC",
        Ty::Text | Ty::Code(_) | Ty::Row(_) => "TEXT",
        Ty::Date => "DATE",
        Ty::Timestamp => "TIMESTAMP",
    }
}
