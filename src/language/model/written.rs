//! How values are written in files that do not write them as the language does: the forms of days
//! (`dd/mm/yyyy`), and the differences between texts that are ignored (`trimmed, ignoring case`).

use chrono::NaiveDate;
use std::borrow::Cow;

/// The differences between texts in the files that are ignored, and how such a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadAs {
    /// Ignore the blanks around it.
    pub trimmed: bool,
    /// Ignore case: the text is read in small letters.
    pub ignoring_case: bool,
    /// Ignore how a whole number is written: `001` and `1.0` are `1`. Other texts stay as they are.
    pub whole_number: bool,
}

impl ReadAs {
    /// Whether no difference is ignored.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }

    /// The differences that either of the two ignores.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            trimmed: self.trimmed || other.trimmed,
            ignoring_case: self.ignoring_case || other.ignoring_case,
            whole_number: self.whole_number || other.whole_number,
        }
    }

    /// As the language says it: `trimmed, ignoring case`.
    #[must_use]
    pub fn words(self) -> String {
        let said =
            [(self.trimmed, "trimmed"), (self.ignoring_case, "ignoring case"), (self.whole_number, "as whole number")];
        said.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect::<Vec<_>>().join(", ")
    }

    /// The text as it is shown: in its own letters.
    #[must_use]
    pub fn shown(self, text: &str) -> &str {
        let text = if self.trimmed { text.trim() } else { text };
        if self.whole_number { whole_number(text) } else { text }
    }

    /// The text as it is compared with others.
    #[must_use]
    pub fn compared(self, text: &str) -> Cow<'_, str> {
        let shown = self.shown(text);
        if self.ignoring_case && !is_small(shown) { Cow::Owned(in_small_letters(shown)) } else { Cow::Borrowed(shown) }
    }

    /// The place in a list of the word that a text is.
    #[must_use]
    pub fn place(self, words: &[String], text: &str) -> Option<usize> {
        let text = self.compared(text);
        words.iter().position(|word| if self.ignoring_case { in_small_letters(word) == text } else { *word == text })
    }
}

/// How the files spell the words of a list, or true and false.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spellings {
    /// Each spelling, with the place of its word in the list. Of a `bool`, 0 is false and 1 is
    /// true.
    spelled: Vec<(String, usize)>,
    /// The place of the word that any other text is.
    otherwise: Option<usize>,
}

/// The word that a text of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled {
    /// Its place in the list.
    pub place: usize,
    /// Whether no spelling of the list is the text, and `otherwise` takes it.
    pub otherwise: bool,
}

impl Spellings {
    /// Spellings, each with the place of its word, and the place of the word that takes all others.
    #[must_use]
    pub fn new(spelled: Vec<(String, usize)>, otherwise: Option<usize>) -> Self {
        Self { spelled, otherwise }
    }

    /// Whether the model says nothing of them: the files have the words themselves.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.spelled.is_empty() && self.otherwise.is_none()
    }

    /// The spellings of the word at a place, in the order of the model.
    pub fn of(&self, place: usize) -> impl Iterator<Item = &str> {
        self.spelled.iter().filter(move |(_, of)| *of == place).map(|(text, _)| text.as_str())
    }

    /// The place of the word that any other text is.
    #[must_use]
    pub fn otherwise(&self) -> Option<usize> {
        self.otherwise
    }

    /// The word that a text is; none where no spelling is the text and nothing takes all others.
    #[must_use]
    pub fn word(&self, text: &str, read_as: ReadAs) -> Option<Spelled> {
        let text = read_as.compared(text);
        match self.spelled.iter().find(|(spelling, _)| read_as.compared(spelling) == text) {
            Some((_, place)) => Some(Spelled { place: *place, otherwise: false }),
            None => self.otherwise.map(|place| Spelled { place, otherwise: true }),
        }
    }
}

fn is_small(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase())
}

/// A text in small letters, letter by letter.
#[must_use]
pub fn in_small_letters(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The digits of a whole number without leading zeros, and without a fraction of zeros; any other
/// text as it is.
fn whole_number(text: &str) -> &str {
    let (digits, fraction) = text.split_once('.').map_or((text, None), |(digits, fraction)| (digits, Some(fraction)));
    let is_fraction = |zeros: &str| zeros.is_empty() || zeros.bytes().any(|b| b != b'0');
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || fraction.is_some_and(is_fraction) {
        return text;
    }
    match digits.trim_start_matches('0') {
        "" => digits.get(digits.len() - 1..).unwrap_or(digits),
        number => number,
    }
}

/// A form in which days or times are written: `dd/mm/yyyy HH:MM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    parts: Vec<Part>,
    text: String,
}

/// One part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `yyyy`
    Year,
    /// `yy`: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068.
    ShortYear,
    /// `mm`, or `m` for one digit or two.
    Month { loose: bool },
    /// `mon`: the first three letters of its English name.
    MonthName,
    /// `dd`, or `d` for one digit or two.
    Day { loose: bool },
    /// `HH`, or `H` for one digit or two.
    Hour { loose: bool },
    /// `MM`
    Minute,
    /// `SS`; a fraction is ignored.
    Second,
    /// `AM`: before or after noon.
    Half,
    /// The text between the other parts.
    Sign(char),
}

/// Whether a part is of some kind.
type IsPart = fn(&Part) -> bool;

/// The days and times of a form: what was read so far.
#[derive(Debug, Clone, Copy, Default)]
struct Read {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    afternoon: Option<bool>,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The words of a form; of two with the same beginning, the longer is first.
const WORDS: [(&str, Part); 13] = [
    ("yyyy", Part::Year),
    ("yy", Part::ShortYear),
    ("mon", Part::MonthName),
    ("mm", Part::Month { loose: false }),
    ("m", Part::Month { loose: true }),
    ("dd", Part::Day { loose: false }),
    ("d", Part::Day { loose: true }),
    ("HH", Part::Hour { loose: false }),
    ("H", Part::Hour { loose: true }),
    ("MM", Part::Minute),
    ("SS", Part::Second),
    ("AM", Part::Half),
    ("T", Part::Sign('T')),
];

/// The two-digit years from this one on are of the last century.
const LAST_CENTURY: u32 = 69;

impl Form {
    /// The form that a text describes.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let word = WORDS.iter().find_map(|(word, part)| Some((*part, rest.strip_prefix(word)?)));
            let (part, after) = match word {
                Some(found) => found,
                None if next.is_alphanumeric() => {
                    return Err(format!("`{next}` is not part of a form"));
                }
                None => (Part::Sign(next), rest.get(next.len_utf8()..).unwrap_or_default()),
            };
            parts.push(part);
            rest = after;
        }
        let form = Self { parts, text: text.to_owned() };
        form.check()?;
        Ok(form)
    }

    /// Checks that each part occurs once, that no part is lacking, and that the end of every number
    /// can be found.
    fn check(&self) -> Result<(), String> {
        let kinds: [(&str, IsPart); 7] = [
            ("year", |p| matches!(p, Part::Year | Part::ShortYear)),
            ("month", |p| matches!(p, Part::Month { .. } | Part::MonthName)),
            ("day", |p| matches!(p, Part::Day { .. })),
            ("hour", |p| matches!(p, Part::Hour { .. })),
            ("minute", |p| *p == Part::Minute),
            ("second", |p| *p == Part::Second),
            ("half of the day", |p| *p == Part::Half),
        ];
        let times = kinds.map(|(_, is)| self.parts.iter().filter(|p| is(p)).count());
        for ((kind, _), times) in kinds.iter().zip(times) {
            if times > 1 {
                return Err(format!("it has {times} parts for the {kind}"));
            }
        }
        for ((kind, _), times) in kinds.iter().zip(times).take(3) {
            if times == 0 {
                return Err(format!("it does not say the {kind}"));
            }
        }
        let [_, _, _, hour, minute, second, half] = times;
        if hour != minute {
            return Err("hours and minutes go together".to_owned());
        }
        if second > minute || half > hour {
            return Err("seconds, `AM` and `PM` need hours and minutes".to_owned());
        }
        for pair in self.parts.windows(2) {
            let [first, second] = pair else { continue };
            let loose =
                matches!(first, Part::Month { loose: true } | Part::Day { loose: true } | Part::Hour { loose: true });
            if loose && !matches!(second, Part::Sign(_) | Part::MonthName | Part::Half) {
                return Err("nobody could tell where one number ends and the next begins".to_owned());
            }
        }
        Ok(())
    }

    /// As the model says it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it has a time of day.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.parts.contains(&Part::Minute)
    }

    /// Whether some text may have this form and the other one: both then have the same signs and
    /// names between their digits. True for every form with seconds, since their fraction may
    /// contain a sign of the other form.
    #[must_use]
    pub fn may_share_texts_with(&self, other: &Self) -> bool {
        let has_seconds = |form: &Self| form.parts.contains(&Part::Second);
        has_seconds(self) || has_seconds(other) || self.between_digits() == other.between_digits()
    }

    /// The parts that are not digits, with `None` for each run of digits.
    fn between_digits(&self) -> Vec<Option<Part>> {
        let is_digits = |part: &Part| !matches!(part, Part::Sign(_) | Part::MonthName | Part::Half);
        let mut parts: Vec<_> = self.parts.iter().map(|part| (!is_digits(part)).then_some(*part)).collect();
        parts.dedup_by(|one, other| one.is_none() && other.is_none());
        parts
    }

    /// The day of a text of this form, and the seconds since its midnight; `None` when the text has
    /// another form.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<(NaiveDate, u32)> {
        let (mut read, mut rest) = (Read::default(), text);
        for part in &self.parts {
            rest = part.take(&mut read, rest)?;
        }
        if !rest.is_empty() || read.year == 0 || read.minute > 59 || read.second > 59 {
            return None;
        }
        let hour = match read.afternoon {
            None => read.hour,
            Some(_) if !(1..=12).contains(&read.hour) => return None,
            Some(afternoon) => read.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let day = NaiveDate::from_ymd_opt(i32::try_from(read.year).ok()?, read.month, read.day)?;
        (hour < 24).then_some((day, hour * 3600 + read.minute * 60 + read.second))
    }

    /// A day in this form, at 10:11:12; `short` leaves out the zeros that it need not have.
    #[must_use]
    pub fn write(&self, year: u32, month: u32, day: u32, short: bool) -> String {
        let digits =
            |number: u32, loose: bool| if loose && short { number.to_string() } else { format!("{number:02}") };
        let parts = self.parts.iter().map(|part| match *part {
            Part::Year => format!("{year:04}"),
            Part::ShortYear => format!("{:02}", year % 100),
            Part::Month { loose } => digits(month, loose),
            Part::MonthName => MONTHS.get((month as usize).wrapping_sub(1)).copied().unwrap_or_default().to_owned(),
            Part::Day { loose } => digits(day, loose),
            Part::Hour { loose } => digits(10, loose),
            Part::Minute => "11".to_owned(),
            Part::Second => "12".to_owned(),
            Part::Half => "AM".to_owned(),
            Part::Sign(sign) => sign.to_string(),
        });
        parts.collect()
    }
}

impl Part {
    /// Reads this part off the text; gives the rest.
    fn take<'t>(self, read: &mut Read, text: &'t str) -> Option<&'t str> {
        let (number, rest) = match self {
            Self::Sign(sign) => return text.strip_prefix(sign),
            Self::MonthName => month_name(text)?,
            Self::Half => {
                let (half, rest) = text.split_at_checked(2)?;
                let afternoon = half.eq_ignore_ascii_case("pm");
                read.afternoon = (afternoon || half.eq_ignore_ascii_case("am")).then_some(afternoon);
                return read.afternoon.map(|_| rest);
            }
            Self::Year => digits(text, 4)?,
            Self::Month { loose: true } | Self::Day { loose: true } | Self::Hour { loose: true } => {
                digits(text, 2).or_else(|| digits(text, 1))?
            }
            Self::ShortYear
            | Self::Month { .. }
            | Self::Day { .. }
            | Self::Hour { .. }
            | Self::Minute
            | Self::Second => digits(text, 2)?,
        };
        match self {
            Self::Year => read.year = number,
            Self::ShortYear => read.year = number + if number < LAST_CENTURY { 2000 } else { 1900 },
            Self::Month { .. } | Self::MonthName => read.month = number,
            Self::Day { .. } => read.day = number,
            Self::Hour { .. } => read.hour = number,
            Self::Minute => read.minute = number,
            Self::Second => {
                read.second = number;
                return Some(without_fraction(rest));
            }
            Self::Half | Self::Sign(_) => {}
        }
        Some(rest)
    }
}

/// The first `count` digits as a number, and the rest.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let number = digits.bytes().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))?;
    Some((number, rest))
}

fn month_name(text: &str) -> Option<(u32, &str)> {
    let (name, rest) = text.split_at_checked(3)?;
    let place = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    Some((place as u32 + 1, rest))
}

/// The rest after a fraction such as `.250`.
fn without_fraction(text: &str) -> &str {
    let Some(fraction) = text.strip_prefix('.') else { return text };
    let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == fraction.len() { text } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, text: &str) -> Option<String> {
        let (day, seconds) = Form::parse(form).unwrap().read(text)?;
        let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        Some(if seconds == 0 { day.to_string() } else { format!("{day} {clock}") })
    }

    #[test]
    fn days_of_a_form() {
        for (form, text, day) in [
            ("dd/mm/yyyy", "09/03/2024", "2024-03-09"),
            ("mm/dd/yyyy", "09/03/2024", "2024-09-03"),
            ("d/m/yyyy", "9/3/2024", "2024-03-09"),
            ("d/m/yyyy", "09/12/2024", "2024-12-09"),
            ("dd.mm.yy", "09.03.24", "2024-03-09"),
            ("dd.mm.yy", "09.03.68", "2068-03-09"),
            ("dd.mm.yy", "09.03.69", "1969-03-09"),
            ("yyyymmdd", "20240309", "2024-03-09"),
            ("ddmonyyyy", "09MAR2024", "2024-03-09"),
            ("d mon yyyy", "9 Mar 2024", "2024-03-09"),
            ("dd/mm/yyyy HH:MM", "09/03/2024 14:30", "2024-03-09 14:30:00"),
            ("yyyy-mm-ddTHH:MM:SS", "2024-03-09T14:30:07.250", "2024-03-09 14:30:07"),
            ("m/d/yyyy H:MM:SS AM", "3/9/2024 2:30:07 PM", "2024-03-09 14:30:07"),
            ("m/d/yyyy H:MM AM", "3/9/2024 12:00 am", "2024-03-09"),
            ("m/d/yyyy H:MM AM", "3/9/2024 12:05 PM", "2024-03-09 12:05:00"),
        ] {
            assert_eq!(read(form, text).as_deref(), Some(day), "{form} {text}");
        }
    }

    #[test]
    fn what_is_of_another_form() {
        for (form, text) in [
            ("dd/mm/yyyy", "9/3/2024"),
            ("dd/mm/yyyy", "09/13/2024"),
            ("dd/mm/yyyy", "29/02/2023"),
            ("dd/mm/yyyy", "01/01/0000"),
            ("dd/mm/yyyy", "09/03/2024 10:00"),
            ("dd/mm/yyyy", "09/03/24"),
            ("dd/mm/yyyy", " 09/03/2024"),
            ("dd/mm/yyyy", "09-03-2024"),
            ("dd/mm/yyyy", "é9/03/2024"),
            ("d/m/yyyy", "123/4/2024"),
            ("dd mon yyyy", "09 Mrz 2024"),
            ("dd/mm/yyyy HH:MM", "09/03/2024 24:00"),
            ("dd/mm/yyyy HH:MM", "09/03/2024 12:60"),
            ("dd/mm/yyyy HH:MM:SS", "09/03/2024 12:00:00."),
            ("m/d/yyyy H:MM AM", "3/9/2024 14:00 PM"),
            ("m/d/yyyy H:MM AM", "3/9/2024 0:30 AM"),
            ("m/d/yyyy H:MM AM", "3/9/2024 1:30 XM"),
            ("dd/mm/yyyy", ""),
        ] {
            assert_eq!(read(form, text), None, "{form} {text}");
        }
    }

    #[test]
    fn forms_that_make_no_sense() {
        for (form, why) in [
            ("dd/yyyy", "does not say the month"),
            ("dd/mm", "does not say the year"),
            ("", "does not say the year"),
            ("dd/mm/yyyy hh:mm", "`h` is not part"),
            ("DD/MM/YYYY", "`D` is not part"),
            ("31/12/2024", "`3` is not part"),
            ("dd/mm/mm/yyyy", "2 parts for the month"),
            ("dmyyyy", "where one number ends"),
            ("dd/mm/yyyy HH", "hours and minutes"),
            ("dd/mm/yyyy SS", "need hours"),
            ("dd/mm/yyyy AM", "need hours"),
            ("dd/mm/y", "`y` is not part"),
        ] {
            let found = Form::parse(form).unwrap_err();
            assert!(found.contains(why), "{form}: {found}");
        }
    }

    #[test]
    fn texts_as_they_are_read() {
        let all = ReadAs { trimmed: true, ignoring_case: true, whole_number: true };
        for (text, read) in [
            (" C1 ", "c1"),
            ("001", "1"),
            ("12.0", "12"),
            ("000", "0"),
            ("0012.00 ", "12"),
            ("1.5", "1.5"),
            ("1.", "1."),
            (".0", ".0"),
            ("-1", "-1"),
            ("A01", "a01"),
            ("É", "é"),
            ("", ""),
        ] {
            assert_eq!(all.compared(text), read, "{text}");
        }
        assert_eq!(ReadAs::default().compared(" 01 "), " 01 ");
        assert_eq!(ReadAs { trimmed: true, ..ReadAs::default() }.shown(" 01\u{a0}"), "01");
        assert_eq!(all.words(), "trimmed, ignoring case, as whole number");
    }
}
