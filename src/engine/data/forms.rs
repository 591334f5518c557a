//! Days and times that stand in the files as text, in the forms that the model names; and which
//! forms would fit where none does.

use super::value::{self, DAY};
use yardstick_language::model::{Column, ColumnType, Form};

/// The number of the day that a text says. A midnight may follow.
pub(super) fn day(forms: &[Form], text: &str) -> Option<i32> {
    let of_form = |form: &Form| {
        let whole = form.read(text).or_else(|| form.read(value::without_midnight(text)));
        whole.filter(|(_, seconds)| *seconds == 0).map(|(day, _)| value::day_number(day))
    };
    match forms {
        [] => value::date(text).or_else(|| value::date(value::without_midnight(text))),
        forms => forms.iter().find_map(of_form),
    }
}

/// Seconds since 1970-01-01 of the time that a text says, as if the clock had no zone. A bare day
/// is midnight.
pub(super) fn time(forms: &[Form], text: &str) -> Option<i64> {
    let of_form = |form: &Form| {
        form.read(text).map(|(day, seconds)| i64::from(value::day_number(day)) * DAY + i64::from(seconds))
    };
    match forms {
        [] => value::timestamp(text),
        forms => forms.iter().find_map(of_form),
    }
}

/// The forms that fit all of some texts.
#[derive(Debug, Default)]
pub(super) struct Guess {
    /// `None` before the first text.
    fit: Option<Vec<Candidate>>,
}

/// One way in which a column may be written: one form, or one with and one without a time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    /// Candidates in which day, month and year follow one another in the same way.
    order: usize,
    forms: Vec<Form>,
}

/// Day, month and year in the ways they follow one another, `Y` for either kind of year, and the
/// two signs between them.
const SHAPES: [(usize, &str); 15] = [
    (0, "dd1mm2Y"),
    (0, "d1m2Y"),
    (1, "mm1dd2Y"),
    (1, "m1d2Y"),
    (2, "Y1mm2dd"),
    (2, "Y1m2d"),
    (0, "dd1mon2Y"),
    (0, "d1mon2Y"),
    (1, "mon1dd2Y"),
    (1, "mon1d2Y"),
    (2, "Y1mon2dd"),
    (2, "Ymmdd"),
    (0, "ddmmY"),
    (1, "mmddY"),
    (0, "ddmonY"),
];

/// The clocks that may follow, after a blank or a `T`.
const CLOCKS: [&str; 8] = ["HH:MM", "H:MM", "HH:MM:SS", "H:MM:SS", "HH:MM AM", "H:MM AM", "HH:MM:SS AM", "H:MM:SS AM"];

/// The forms that fit so many of these texts, as a share from 0 to 1: of each order of day, month
/// and year the first, with a second one where some texts are of another form of that order.
pub(super) fn fitting(texts: &[&str], ty: &ColumnType, share: f64) -> Vec<(usize, Vec<String>)> {
    let Some(first) = texts.first() else { return Vec::new() };
    let reads = |forms: &[Form], text: &str| match ty {
        ColumnType::Timestamp => time(forms, text).is_some(),
        _ => day(forms, text).is_some(),
    };
    let enough = |fit: usize| fit as f64 >= share * texts.len() as f64;
    let mut found: Vec<(usize, Vec<String>)> = Vec::new();
    for candidate in candidates(first, ty) {
        if found.iter().any(|(order, _)| *order == candidate.order) {
            continue;
        }
        let (fit, rest): (Vec<&str>, Vec<&str>) = texts.iter().partition(|text| reads(&candidate.forms, text));
        let mut forms: Vec<String> = candidate.forms.iter().map(|form| form.text().to_owned()).collect();
        if !enough(fit.len()) {
            let Some(other) = rest.first() else { continue };
            let of_rest = |of: &Candidate| rest.iter().filter(|text| reads(&of.forms, text)).count();
            let second = candidates(other, ty).into_iter().filter(|of| of.order == candidate.order);
            let Some(second) = second.into_iter().find(|of| enough(fit.len() + of_rest(of))) else { continue };
            forms.extend(second.forms.iter().map(|form| form.text().to_owned()));
        }
        found.push((candidate.order, forms));
    }
    found
}

impl Guess {
    /// Leaves out the forms that do not fit this text of a column.
    pub(super) fn add(&mut self, text: &str, ty: &ColumnType) {
        let fit = self.fit.get_or_insert_with(|| candidates(text, ty));
        let reads = |forms: &[Form]| match ty {
            ColumnType::Timestamp => time(forms, text).is_some(),
            _ => day(forms, text).is_some(),
        };
        fit.retain(|candidate| reads(&candidate.forms));
    }

    /// Leaves out the forms that do not fit the texts of the same column further down.
    pub(super) fn append(&mut self, later: Self) {
        match (&mut self.fit, later.fit) {
            (Some(fit), Some(later)) => fit.retain(|candidate| later.contains(candidate)),
            (fit @ None, later) => *fit = later,
            (Some(_), None) => {}
        }
    }

    /// The first that fits of each order of day, month and year.
    fn found(&self) -> Vec<&Candidate> {
        let mut found: Vec<&Candidate> = Vec::new();
        for candidate in self.fit.iter().flatten() {
            if found.iter().all(|other| other.order != candidate.order) {
                found.push(candidate);
            }
        }
        found
    }

    /// What to write in the model so that the texts are read; nothing where no form fits them all.
    /// `plain` says whether other values of the column are written as the language writes them.
    pub(super) fn help(&self, column: &Column, plain: bool) -> Option<String> {
        let ty = if column.ty == ColumnType::Timestamp { "timestamp" } else { "date" };
        if plain && column.ty == ColumnType::Timestamp {
            let found = self.found().into_iter().next()?.forms.first()?.text();
            return Some(format!(
                "some are written as `2024-02-29 14:30`, others as `{found}`: write them in one form"
            ));
        }
        let optional = if column.optional { "?" } else { "" };
        let lines: Vec<String> = self
            .found()
            .into_iter()
            .map(|found| {
                let forms = found.forms.iter().map(Form::text);
                let forms = plain.then_some("yyyy-mm-dd").into_iter().chain(forms);
                let forms: Vec<String> = forms.map(|form| format!("\"{form}\"")).collect();
                format!("`{} {ty}{optional} written {}`", column.name, forms.join(" or "))
            })
            .collect();
        match lines.as_slice() {
            [] => None,
            [only] if column.forms.is_empty() => {
                Some(format!("if they are days of that form, write {only} in the model"))
            }
            [only] => Some(format!("they would be read by {only}: is the whole column written so?")),
            several => Some(format!(
                "the days fit several forms and nothing in them says which is meant: ask who writes the file, and write that one in the model: {}",
                several.join(" or ")
            )),
        }
    }
}

/// The ways in which a column may be written that has this text.
fn candidates(text: &str, ty: &ColumnType) -> Vec<Candidate> {
    let signs: Vec<char> = text.chars().filter(|c| !c.is_alphanumeric()).collect();
    let sign = |place: usize| signs.get(place).map(char::to_string).unwrap_or_default();
    let mut days: Vec<Candidate> = Vec::new();
    for (order, shape) in SHAPES {
        for year in ["yyyy", "yy"] {
            let form = shape.replace('1', &sign(0)).replace('2', &sign(1)).replace('Y', year);
            let form = Form::parse(&form).ok().map(|form| Candidate { order, forms: vec![form] });
            days.extend(form.filter(|candidate| !days.contains(candidate)));
        }
    }
    if *ty != ColumnType::Timestamp {
        return days;
    }
    // A column of times with times alone, with days alone, and with both.
    let mut with_clock = Vec::new();
    for day in &days {
        for (between, clock) in [" ", "T"].iter().flat_map(|between| CLOCKS.map(|clock| (between, clock))) {
            let form = day.forms.first().map(Form::text).unwrap_or_default();
            let form = Form::parse(&format!("{form}{between}{clock}")).ok();
            with_clock.extend(form.map(|form| Candidate { order: day.order, forms: vec![form] }));
        }
    }
    let both = with_clock.iter().flat_map(|clock| {
        let of_day = days.iter().filter(|day| {
            let (day, clock) = (day.forms.first(), clock.forms.first());
            day.zip(clock).is_some_and(|(day, clock)| clock.text().starts_with(day.text()))
        });
        of_day.map(|day| Candidate { order: day.order, forms: [clock.forms.clone(), day.forms.clone()].concat() })
    });
    let both: Vec<Candidate> = both.collect();
    days.into_iter().chain(with_clock).chain(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(ty: &ColumnType, texts: &[&str]) -> Vec<String> {
        let mut guess = Guess::default();
        texts.iter().for_each(|text| guess.add(text, ty));
        let forms = |c: &Candidate| c.forms.iter().map(Form::text).collect::<Vec<_>>().join(" or ");
        guess.found().into_iter().map(forms).collect()
    }

    #[test]
    fn the_form_that_fits_all() {
        for (texts, forms) in [
            (&["15/01/2023", "03/02/2023"][..], &["dd/mm/yyyy"][..]),
            (&["01/02/2023", "03/02/2023"], &["dd/mm/yyyy", "mm/dd/yyyy"]),
            (&["1/2/2023", "1/15/2023"], &["m/d/yyyy"]),
            (&["01/15/2023", "1/15/2023"], &["m/d/yyyy"]),
            (&["15.01.23", "16.01.23"], &["dd.mm.yy", "yy.mm.dd"]),
            (&["15.01.2023 00:00:00"], &["dd.mm.yyyy"]),
            (&["20230115"], &["yyyymmdd"]),
            (&["15JAN2023"], &["ddmonyyyy"]),
            (&["5-Jan-23", "15-Jan-23"], &["d-mon-yy"]),
            (&["2023-01-15"], &["yyyy-mm-dd"]),
            (&["15/01/2023", "soon"], &[]),
            (&["15/01/2023", "01/15/2023"], &[]),
            (&["", "x"], &[]),
        ] {
            assert_eq!(guess(&ColumnType::Date, texts), forms, "{texts:?}");
        }
        for (texts, forms) in [
            (&["15/01/2023 10:00", "16/01/2023 9:30"][..], &["dd/mm/yyyy H:MM"][..]),
            (&["1/15/2023 10:00:00 PM"], &["mm/dd/yyyy HH:MM:SS AM"][..0]),
            (&["11/15/2023 10:00:00 PM"], &["mm/dd/yyyy HH:MM:SS AM"]),
            (&["15/01/2023", "16/01/2023 09:30"], &["dd/mm/yyyy HH:MM or dd/mm/yyyy"]),
            (&["16/01/2023 09:30", "15/01/2023"], &["dd/mm/yyyy HH:MM or dd/mm/yyyy"]),
        ] {
            if !forms.is_empty() {
                assert_eq!(guess(&ColumnType::Timestamp, texts), forms, "{texts:?}");
            }
        }
    }

    #[test]
    fn parts_of_a_column_fit_together() {
        let of = |texts: &[&str]| {
            let mut guess = Guess::default();
            texts.iter().for_each(|text| guess.add(text, &ColumnType::Date));
            guess
        };
        let mut guess = Guess::default();
        for part in [of(&[]), of(&["01/02/2023"]), of(&[]), of(&["1/12/2023"]), of(&["1/13/2023"])] {
            guess.append(part);
        }
        assert_eq!(guess.found()[0].forms[0].text(), "m/d/yyyy");
        assert_eq!(guess.found().len(), 1);
    }
}
