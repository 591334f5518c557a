//! Days as whole numbers (0 is 1970-01-01), and the few calendar questions the simulation asks.

/// A day; arithmetic on days is plain addition.
pub(crate) type Day = i32;

/// Later than every day of the simulation: the end of what has not ended.
pub(crate) const NEVER: Day = 2_000_000;

/// The day of a date of the proleptic Gregorian calendar.
pub(crate) fn day(year: i32, month: i32, day_of_month: i32) -> Day {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day_of_month - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of the month.
pub(crate) fn date(day: Day) -> (i32, i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day_of_year - (153 * month_index + 2) / 5 + 1)
}

/// `yyyy-mm-dd`.
pub(crate) fn text(day: Day) -> String {
    let (y, m, d) = date(day);
    format!("{y:04}-{m:02}-{d:02}")
}

/// The same day of the month so many months later, or the month's last day where there is none.
pub(crate) fn add_months(start: Day, months: i32) -> Day {
    let (y, m, d) = date(start);
    let index = y * 12 + m - 1 + months;
    let first = day(index.div_euclid(12), index.rem_euclid(12) + 1, 1);
    let next = day((index + 1).div_euclid(12), (index + 1).rem_euclid(12) + 1, 1);
    first + (d - 1).min(next - first - 1)
}

/// The first day of the day's month.
pub(crate) fn month_start(any: Day) -> Day {
    let (y, m, _) = date(any);
    day(y, m, 1)
}

/// Completed years of age.
pub(crate) fn age(born: Day, on: Day) -> i32 {
    let (born_year, _, _) = date(born);
    let (year, _, _) = date(on);
    let years = year - born_year;
    if add_months(born, years * 12) > on { years - 1 } else { years }
}

/// Completed months of age.
pub(crate) fn age_in_months(born: Day, on: Day) -> i32 {
    let (born_year, born_month, _) = date(born);
    let (year, month, _) = date(on);
    let months = (year - born_year) * 12 + month - born_month;
    if add_months(born, months) > on { months - 1 } else { months }
}

/// 0 is Monday, 6 is Sunday.
pub(crate) fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

/// The holidays of a county, and the business days between them.
#[derive(Debug)]
pub(crate) struct Calendar {
    holidays: Vec<Day>,
}

impl Calendar {
    /// The holidays of the years from `first` to `last`, both included.
    pub(crate) fn new(first: i32, last: i32) -> Self {
        let mut holidays: Vec<Day> = (first..=last).flat_map(holidays_of).collect();
        holidays.sort_unstable();
        Self { holidays }
    }

    /// All of them, in order.
    pub(crate) fn holidays(&self) -> &[Day] {
        &self.holidays
    }

    fn is_business_day(&self, day: Day) -> bool {
        weekday(day) < 5 && self.holidays.binary_search(&day).is_err()
    }

    /// The `count`-th business day after `day`.
    pub(crate) fn business_days_after(&self, day: Day, count: i32) -> Day {
        let mut at = day;
        let mut left = count;
        while left > 0 {
            at += 1;
            if self.is_business_day(at) {
                left -= 1;
            }
        }
        at
    }
}

/// The days a Californian county's offices are closed: fixed ones move from a Sunday to Monday.
fn holidays_of(year: i32) -> Vec<Day> {
    let observed = |d: Day| if weekday(d) == 6 { d + 1 } else { d };
    let nth_monday = |month: i32, n: i32| {
        let first = day(year, month, 1);
        first + (7 - weekday(first)) % 7 + 7 * (n - 1)
    };
    let last_monday_of_may = {
        let last = day(year, 5, 31);
        last - weekday(last)
    };
    let november = day(year, 11, 1);
    let thanksgiving = november + (3 - weekday(november)).rem_euclid(7) + 21;
    let mut days = vec![
        observed(day(year, 1, 1)),
        nth_monday(1, 3),
        nth_monday(2, 3),
        observed(day(year, 3, 31)),
        last_monday_of_may,
        observed(day(year, 7, 4)),
        nth_monday(9, 1),
        nth_monday(10, 2),
        observed(day(year, 11, 11)),
        thanksgiving,
        thanksgiving + 1,
        observed(day(year, 12, 25)),
    ];
    if year >= 2022 {
        days.push(observed(day(year, 6, 19)));
    }
    days
}
