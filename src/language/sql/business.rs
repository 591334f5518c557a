//! Business days as SQL. Days of work are numbered: the number of a day is how many of them lie on
//! or before it, since a Monday long ago; the days of the week are counted, and the holidays among
//! them taken away.

use super::Refused;
use super::names::closed;
use super::writer::Writer;
use crate::model::BusinessDays;

/// A Monday, the first day that a file may name.
const MONDAY: &str = "DATE '0001-01-01'";

impl Writer<'_> {
    fn business(&self) -> Result<BusinessDays, Refused> {
        self.counts_business_days()?;
        self.model.business.ok_or_else(|| Refused::internal("business days without a declaration"))
    }

    /// How many days of work lie on or before a day, holidays not looked at.
    fn weekdays_through(&self, day: &str, business: &BusinessDays) -> String {
        let per_week = business.weekdays.iter().filter(|works| **works).count();
        let mut so_far = 0;
        let cases: Vec<String> = business
            .weekdays
            .iter()
            .enumerate()
            .map(|(n, works)| {
                so_far += usize::from(*works);
                format!("WHEN {} THEN {so_far}", n + 1)
            })
            .collect();
        let weekday = self.says.weekday(day);
        // The Monday of its week is a whole number of weeks away.
        let weeks = format!("({day} - {MONDAY} - {weekday} + 1) / 7");
        format!("CAST({weeks} AS BIGINT) * {per_week} + CASE {weekday} {} END", cases.join(" "))
    }

    /// The number of a day: how many business days lie on or before it.
    fn number(&self, day: &str, business: &BusinessDays) -> String {
        let weekdays = self.weekdays_through(day, business);
        match business.except {
            None => weekdays,
            Some(_) => format!("{weekdays} - (SELECT count(*) FROM holidays AS h WHERE h.day <= {day})"),
        }
    }

    /// 1 for a business day, and 0 for another.
    fn is_business_day(&self, day: &str, business: &BusinessDays) -> String {
        let works: Vec<String> =
            business.weekdays.iter().zip(1..).filter(|(works, _)| **works).map(|(_, n)| n.to_string()).collect();
        let weekday = format!("{} IN ({})", self.says.weekday(day), works.join(", "));
        let holiday = match business.except {
            None => String::new(),
            Some(_) => format!(" AND NOT EXISTS (SELECT 1 FROM holidays AS h WHERE h.day = {day})"),
        };
        format!("CASE WHEN {weekday}{holiday} THEN 1 ELSE 0 END")
    }

    /// The day so many business days later, or before.
    pub(super) fn business_day(&self, day: &str, days: i32) -> Result<String, Refused> {
        if days == 0 {
            return Ok(day.to_owned());
        }
        let business = self.business()?;
        let day = &closed(day);
        let number = self.number(day, &business);
        let wanted = if days > 0 {
            format!("{number} + {days}")
        } else {
            // A business day is not before itself.
            format!("{number} - {} + 1 - {}", self.is_business_day(day, &business), days.unsigned_abs())
        };
        // The holidays before the day that has this number are those with a smaller one.
        let weekdays = match business.except {
            None => "n.wanted".to_owned(),
            Some(_) => "n.wanted + (SELECT count(*) FROM holidays AS h WHERE h.number < n.wanted)".to_owned(),
        };
        let works: Vec<usize> = (0..7).filter(|n| business.weekdays[*n]).collect();
        let offsets: Vec<String> = works.iter().enumerate().map(|(n, day)| format!("WHEN {n} THEN {day}")).collect();
        let per_week = works.len();
        Ok(format!(
            "(SELECT {MONDAY} + CAST(floor((d.weekdays - 1) / {per_week}.0) AS INTEGER) * 7 + \
             CASE (d.weekdays - 1) % {per_week} {} END\n \
             FROM (SELECT {weekdays} AS weekdays FROM (SELECT {wanted} AS wanted) AS n) AS d)",
            offsets.join(" ")
        ))
    }

    /// The business days from one day to another.
    pub(super) fn business_days_between(&self, from: &str, to: &str) -> Result<String, Refused> {
        let business = self.business()?;
        let (from, to) = (&closed(from), &closed(to));
        let [first, last] = [from, to].map(|day| self.number(day, &business));
        let backwards = format!("({last}) - ({first}) + {} - 1", self.is_business_day(from, &business));
        Ok(format!("CASE WHEN {to} >= {from} THEN ({last}) - ({first}) WHEN {to} < {from} THEN {backwards} END"))
    }

    /// The step with the holidays that fall on days of work, and their numbers.
    pub(super) fn holidays(&self) -> Option<String> {
        let business = self.model.business.filter(|_| self.has_business_days())?;
        let (table, column) = business.except?;
        let works: Vec<String> =
            business.weekdays.iter().zip(1..).filter(|(works, _)| **works).map(|(_, n)| n.to_string()).collect();
        let day = self.bare(table, column);
        let weekdays = self.weekdays_through("t.day", &business);
        Some(format!(
            "holidays AS (\n  SELECT t.day, {weekdays} - row_number() OVER (ORDER BY t.day) AS number\n  \
             FROM (SELECT DISTINCT {day} AS day FROM {} WHERE {day} IS NOT NULL) AS t\n  WHERE {} IN ({})\n)",
            self.known(table),
            self.says.weekday("t.day"),
            works.join(", ")
        ))
    }
}
