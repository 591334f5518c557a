//! One column while it is read: values are turned into what the store holds. Bad ones are not
//! known, or set their row aside where they are its identity or place. Values come one at a time as
//! text (CSV, drawn rows) or many at once (Parquet).

use super::chunks;
use super::composite_ids;
use super::forms::{self, Guess};
use super::instant::{self, Instants};
use super::near_misses;
use super::packed_ids;
use super::problem::Problem;
use super::rejects::Rejects;
use super::report::{Hint, Rule};
use super::unreadable_words::UnreadableWords;
use super::value;
use crate::scratch::Scratch;
use arrow::array::{
    Array, ArrayRef, BooleanBuilder, Date32Builder, Int32Builder, Int64Builder, StringBuilder, TimestampSecondBuilder,
};
use arrow::buffer::NullBuffer;
use arrow::error::ArrowError;
use std::borrow::Cow;
use std::sync::Arc;
use yardstick_language::diag::code;
use yardstick_language::model::{Column, ColumnId, ColumnType, Form, Model, Spelled, Table};

/// This many unreadable values, and more than half of all values, are not bad rows but a column of
/// another type.
const WRONG_TYPE: u64 = 3;

/// A column being filled.
pub(super) struct ColumnBuilder<'m> {
    pub(super) id: ColumnId,
    /// Whether a row goes when its value here breaks the model; otherwise the value is not known.
    places: bool,
    /// Whether a missing value here has not come yet.
    open: bool,
    pub(super) column: &'m Column,
    /// Of an id that is made of several columns of the file: those, which are read one by one and
    /// put together in the end.
    parts: Vec<Self>,
    /// Days that mean "missing", by number.
    pub(super) missing_days: Vec<i32>,
    /// Words that mean "missing".
    missing_words: &'m [String],
    /// Those of them that an id could be, as long as all ids have been such that they can be
    /// packed; `None` otherwise.
    packs: Option<Vec<u64>>,
    /// How days and times are written.
    forms: &'m [Form],
    /// Whether codes and flags are written as the language does, whatever the files do.
    in_words: bool,
    /// What is written where no spelling of a code fits and `otherwise` takes it.
    pub(super) otherwise: UnreadableWords,
    /// Values that came many at a time, in the types of the store; links may be dictionaries of
    /// ids.
    chunks: Vec<ArrayRef>,
    /// How many of the chunks have been spilled.
    aside: usize,
    /// Values that came one at a time since.
    values: Values,
    present: u64,
    unreadable: u64,
    example: Option<String>,
    /// Whether values that cannot be read were no text to begin with.
    native: bool,
    /// What is written where a value cannot be read or a code is unknown.
    odd: UnreadableWords,
    /// Its instants, when it has some.
    pub(super) instants: Instants<'m>,
    /// How days are written that cannot be read.
    guess: Guess,
    /// Whether days came as text from a file that has a type for them, and the model names no form.
    formless: bool,
    /// Text beyond what one column can hold.
    overflow: bool,
}

/// What is wrong with one of many values.
pub(super) enum Odd {
    Missing,
    UnknownCode(String),
    Unreadable(String),
}

/// Values in the types of the store; ids are still text.
enum Values {
    Text(StringBuilder),
    Codes(Int32Builder),
    Bool(BooleanBuilder),
    Int(Int64Builder),
    Day(Date32Builder),
    Time(TimestampSecondBuilder),
}

impl<'m> ColumnBuilder<'m> {
    pub(super) fn new(model: &'m Model, table: &Table, id: ColumnId, column: &'m Column) -> Self {
        let values = match &column.ty {
            ColumnType::Key | ColumnType::Link(_) | ColumnType::Text => Values::Text(StringBuilder::new()),
            ColumnType::Codes(_) => Values::Codes(Int32Builder::new()),
            ColumnType::Bool => Values::Bool(BooleanBuilder::new()),
            ColumnType::Int | ColumnType::Decimal(_) => Values::Int(Int64Builder::new()),
            ColumnType::Date => Values::Day(Date32Builder::new()),
            ColumnType::Timestamp => Values::Time(TimestampSecondBuilder::new()),
        };
        let missing_days = model.missing_dates.iter().map(|d| value::day_number(*d)).collect();
        let chunks = Vec::new();
        let is_id = matches!(column.ty, ColumnType::Key | ColumnType::Link(_));
        let packs = (is_id && column.read_as.is_plain())
            .then(|| model.missing_words.iter().filter_map(|word| packed_ids::packed_word(word)).collect());
        Self {
            id,
            places: table.places(id),
            open: table.has_open_end(id),
            column,
            parts: column.parts.iter().map(|part| Self::new(model, table, id, part)).collect(),
            missing_days,
            missing_words: &model.missing_words,
            packs,
            forms: &column.forms,
            in_words: false,
            otherwise: UnreadableWords::default(),
            chunks,
            aside: 0,
            values,
            present: 0,
            unreadable: 0,
            example: None,
            native: false,
            odd: UnreadableWords::default(),
            instants: Instants::new(&model.times),
            guess: Guess::default(),
            formless: false,
            overflow: false,
        }
    }

    /// The columns of the file that it is read from: itself, or those that make up its id.
    pub(super) fn in_file(&mut self) -> &mut [Self] {
        if self.parts.is_empty() { std::slice::from_mut(self) } else { &mut self.parts }
    }

    /// Whether this text says that nothing is known: no text at all, or one of the model's words
    /// for it.
    pub(super) fn says_nothing(&self, text: &str) -> bool {
        let text = self.column.read_as.shown(text);
        text.is_empty() || self.missing_words.iter().any(|word| word == text)
    }

    /// Whether its values are ids that may be packed.
    pub(super) fn packs(&self) -> bool {
        self.packs.is_some()
    }

    /// Ids in eight bytes each; `None` where they cannot be, and then none of the column is tried
    /// again.
    pub(super) fn packed(&mut self, ids: &ArrayRef) -> Option<ArrayRef> {
        let packed = packed_ids::packed(ids, self.packs.as_ref()?);
        self.packs = self.packs.take().filter(|_| packed.is_some());
        packed
    }

    /// Takes days, times and codes as the language writes them, whatever the files do.
    pub(super) fn as_the_language_writes(&mut self) {
        self.forms = &[];
        self.in_words = true;
    }

    /// Whether days may come as text from a file that has a type for them: only in a form that the
    /// model names.
    pub(super) fn takes_text_of_days(&mut self) -> bool {
        self.formless |= self.column.forms.is_empty();
        !self.formless
    }

    /// A text as it is read: an id in its own letters, since it is shown; others as they are
    /// compared.
    pub(super) fn as_read<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.column.ty {
            ColumnType::Key => Cow::Borrowed(self.column.read_as.shown(text)),
            _ => self.column.read_as.compared(text),
        }
    }

    /// The word that a text is, of a code or of a flag whose words are spelled.
    pub(super) fn word(&self, text: &str) -> Option<Spelled> {
        match &self.column.ty {
            ColumnType::Codes(words) if self.in_words => {
                self.column.read_as.place(words, text).map(|place| Spelled { place, otherwise: false })
            }
            _ => self.column.word(text),
        }
    }

    /// Whether the model says how the files spell true and false.
    fn has_spelled_flags(&self) -> bool {
        !self.in_words && !self.column.spellings.is_plain()
    }

    /// A flag that stands there as text.
    fn flag(&mut self, cell: &str) -> Option<bool> {
        if !self.has_spelled_flags() {
            return value::boolean(cell);
        }
        let word = self.column.word(cell)?;
        if word.otherwise {
            self.otherwise.add(cell);
        }
        Some(word.place == 1)
    }

    /// Adds one value as text, which may say that it is missing.
    pub(super) fn push_text(&mut self, cell: &str, row: usize, rejects: &mut Rejects) {
        if self.says_nothing(cell) {
            return self.push_missing(row, rejects);
        }
        match &mut self.values {
            Values::Text(_) => self.push_str(&self.as_read(cell)),
            Values::Codes(_) => self.push_code(cell, row, rejects),
            Values::Bool(_) => {
                let flag = self.flag(cell);
                self.push_bool(flag, row, rejects, || cell.to_owned());
            }
            Values::Int(_) => {
                let number = match self.column.ty {
                    ColumnType::Decimal(digits) => value::decimal(cell, digits),
                    _ => value::int(cell),
                };
                self.push_int(number, row, rejects, || cell.to_owned());
            }
            Values::Day(_) => match forms::day(self.forms, cell) {
                None if self.forms.is_empty() => self.push_instant(cell, row, rejects),
                day => self.push_day(day, row, rejects, || cell.to_owned()),
            },
            Values::Time(_) => match forms::time(self.forms, cell) {
                None if self.forms.is_empty() => self.push_instant(cell, row, rejects),
                time => self.push_time(time, row, rejects, || cell.to_owned()),
            },
        }
    }

    /// Adds a missing value, which breaks the model when the column is required.
    pub(super) fn push_missing(&mut self, row: usize, rejects: &mut Rejects) {
        self.push_null();
        self.note_missing(row, rejects);
    }

    fn note_missing(&mut self, row: usize, rejects: &mut Rejects) {
        if !self.column.optional {
            self.broken(row, Rule::MissingValue, rejects, String::new);
        }
    }

    /// A value breaks the model: its row goes, or it is not known.
    fn broken(&mut self, row: usize, rule: Rule, rejects: &mut Rejects, text: impl FnOnce() -> String) {
        let text = text();
        if rule != Rule::MissingValue {
            self.odd.add(&text);
        }
        if self.places {
            rejects.set_aside(row, rule, Some(self.id), || text);
        } else {
            rejects.unknown.add(row, rule, self.id, text);
        }
    }

    /// Adds a missing value that nobody is to blame for.
    pub(super) fn push_null(&mut self) {
        match &mut self.values {
            Values::Text(out) => out.append_null(),
            Values::Codes(out) => out.append_null(),
            Values::Bool(out) => out.append_null(),
            Values::Int(out) => out.append_null(),
            Values::Day(out) => out.append_null(),
            Values::Time(out) => out.append_null(),
        }
    }

    /// Adds a value that is there but is not of the column's type.
    pub(super) fn push_unreadable(&mut self, row: usize, rejects: &mut Rejects, text: impl Fn() -> String) {
        self.push_null();
        if matches!(self.values, Values::Day(_) | Values::Time(_)) {
            self.guess.add(&text(), &self.column.ty);
        }
        self.note_unreadable(row, rejects, text);
    }

    fn note_unreadable(&mut self, row: usize, rejects: &mut Rejects, text: impl Fn() -> String) {
        self.present += 1;
        self.unreadable += 1;
        if self.example.is_none() {
            self.example = Some(super::rejects::shorten(text()));
        }
        let rule = if self.open { Rule::UnreadableEnd } else { Rule::Unreadable };
        self.broken(row, rule, rejects, text);
    }

    fn push_str(&mut self, cell: &str) {
        let Values::Text(out) = &mut self.values else { return };
        if out.values_slice().len() + cell.len() > i32::MAX as usize {
            self.overflow = true;
            out.append_null();
        } else {
            out.append_value(cell);
        }
    }

    fn push_code(&mut self, cell: &str, row: usize, rejects: &mut Rejects) {
        let word = self.word(cell);
        let Values::Codes(out) = &mut self.values else { return };
        match word {
            Some(Spelled { place, otherwise }) => {
                out.append_value(place as i32);
                self.present += 1;
                if otherwise {
                    self.otherwise.add(cell);
                }
            }
            None => {
                out.append_null();
                self.broken(row, Rule::UnknownCode, rejects, || cell.to_owned());
            }
        }
    }

    fn push_bool(&mut self, value: Option<bool>, row: usize, rejects: &mut Rejects, text: impl Fn() -> String) {
        match (value, &mut self.values) {
            (Some(value), Values::Bool(out)) => out.append_value(value),
            _ => return self.push_unreadable(row, rejects, text),
        }
        self.present += 1;
    }

    fn push_int(&mut self, value: Option<i64>, row: usize, rejects: &mut Rejects, text: impl Fn() -> String) {
        match (value, &mut self.values) {
            (Some(value), Values::Int(out)) => out.append_value(value),
            _ => return self.push_unreadable(row, rejects, text),
        }
        self.present += 1;
    }

    /// Adds a day by its number; the model's missing days become missing values.
    fn push_day(&mut self, value: Option<i32>, row: usize, rejects: &mut Rejects, text: impl Fn() -> String) {
        match (value, &mut self.values) {
            (Some(day), _) if self.missing_days.contains(&day) => return self.push_missing(row, rejects),
            (Some(day), Values::Day(out)) => out.append_value(day),
            _ => return self.push_unreadable(row, rejects, text),
        }
        self.present += 1;
    }

    /// Adds a time by its seconds; a time on one of the model's missing days becomes a missing
    /// value.
    fn push_time(&mut self, value: Option<i64>, row: usize, rejects: &mut Rejects, text: impl Fn() -> String) {
        let day = value.map(|v| v.div_euclid(value::DAY) as i32);
        match (value, &mut self.values) {
            (Some(_), _) if day.is_some_and(|d| self.missing_days.contains(&d)) => {
                return self.push_missing(row, rejects);
            }
            (Some(value), Values::Time(out)) => out.append_value(value),
            _ => return self.push_unreadable(row, rejects, text),
        }
        self.present += 1;
    }

    /// Adds a day or a time of a file that has a type for them, by its seconds; a day is a
    /// midnight. `text` is how it is shown.
    pub(super) fn push_clock(&mut self, seconds: i64, text: &str, row: usize, rejects: &mut Rejects) {
        match self.values {
            Values::Day(_) => {
                let is_midnight = seconds.rem_euclid(value::DAY) == 0;
                let day = is_midnight.then(|| seconds.div_euclid(value::DAY) as i32);
                self.push_day(day, row, rejects, || text.to_owned());
            }
            Values::Time(_) => self.push_time(Some(seconds), row, rejects, || text.to_owned()),
            Values::Text(_) | Values::Codes(_) | Values::Bool(_) | Values::Int(_) => {
                self.push_text(text, row, rejects);
            }
        }
    }

    /// Adds the local time of an instant, or the day that begins with it. One on a missing day, as
    /// it is written or there, is missing.
    fn push_instant(&mut self, cell: &str, row: usize, rejects: &mut Rejects) {
        let Some(written) = instant::written(cell) else {
            return self.push_unreadable(row, rejects, || cell.to_owned());
        };
        let Some(zone) = self.instants.zone() else {
            self.instants.refuse(cell);
            return self.push_null();
        };
        let is_day = matches!(self.values, Values::Day(_));
        let local = if is_day { instant::first(zone, written.instant) } else { instant::local(zone, written.instant) };
        let day = local.map(|local| local.div_euclid(value::DAY) as i32);
        if [Some(written.day), day].into_iter().flatten().any(|day| self.missing_days.contains(&day)) {
            return self.push_missing(row, rejects);
        }
        self.instants.note(written.instant, local.is_some());
        if is_day {
            self.push_day(day, row, rejects, || cell.to_owned());
        } else {
            self.push_time(local, row, rejects, || cell.to_owned());
        }
    }

    /// Adds many values at once, for rows from `first` on. Those that are no values of this column
    /// are missing among them; `missing` of them were so before, and `odd` tells what is wrong with
    /// each.
    pub(super) fn push_many(
        &mut self,
        values: ArrayRef,
        missing: usize,
        first: usize,
        rejects: &mut Rejects,
        odd: impl Fn(usize) -> Odd,
    ) {
        self.present += (values.len() - values.null_count()) as u64;
        // In an optional column, values that were missing before are nobody's fault.
        let blame = !self.column.optional || values.null_count() > missing;
        for i in values.nulls().filter(|_| blame).iter().flat_map(|nulls| absent(nulls)) {
            let row = first + i;
            match odd(i) {
                Odd::Missing => self.note_missing(row, rejects),
                Odd::UnknownCode(word) => self.broken(row, Rule::UnknownCode, rejects, || word),
                Odd::Unreadable(text) => {
                    self.native = true;
                    self.note_unreadable(row, rejects, || text.clone());
                }
            }
        }
        self.chunks.push(values);
    }

    /// Appends the values of a later unit of the same column.
    pub(super) fn append(&mut self, mut later: Self) {
        self.flush();
        later.flush();
        self.chunks.append(&mut later.chunks);
        self.present += later.present;
        self.unreadable += later.unreadable;
        self.example = self.example.take().or(later.example);
        self.native |= later.native;
        self.odd.append(later.odd);
        self.otherwise.append(later.otherwise);
        self.instants.append(later.instants);
        self.guess.append(later.guess);
        self.formless |= later.formless;
        self.overflow |= later.overflow;
        self.parts.iter_mut().zip(later.parts).for_each(|(part, later)| part.append(later));
    }

    /// Spills the values that have been read, where memory is short.
    pub(super) fn spill(&mut self, scratch: &Scratch) -> Result<(), ArrowError> {
        self.flush();
        for chunk in self.chunks.iter_mut().skip(self.aside) {
            *chunk = scratch.spill(Arc::clone(chunk))?;
        }
        self.aside = self.chunks.len();
        self.parts.iter_mut().try_for_each(|part| part.spill(scratch))
    }

    /// Makes a chunk of what came one at a time.
    fn flush(&mut self) {
        let values = self.values.finish();
        if !values.is_empty() {
            let packed = self.packed(&values);
            self.chunks.push(packed.unwrap_or(values));
        }
    }

    /// Makes one of the dictionaries that have the same words, as those of one file do.
    pub(super) fn join_dictionaries(&mut self) -> Result<(), ArrowError> {
        chunks::join_dictionaries(&mut self.chunks)?;
        self.parts.iter_mut().try_for_each(Self::join_dictionaries)
    }

    /// The whole column, or why it is not the column the model speaks of.
    ///
    /// With it, what would make values readable that cannot be read.
    pub(super) fn finish(mut self, table: &str, scratch: &Scratch) -> Result<(ArrayRef, Option<Hint>), Problem> {
        self.flush();
        if self.chunks.is_empty() && !self.parts.is_empty() {
            return composite_ids::finish(self.parts, self.column, table, scratch);
        }
        if self.chunks.is_empty() {
            self.chunks.push(self.values.finish());
        }
        let name = &self.column.file_name;
        let too_large = || chunks::too_large(name, table);
        if self.overflow || chunks::are_too_large(&self.chunks) {
            return Err(too_large());
        }
        let hint = self.refused(table)?;
        let whole = chunks::joined(self.chunks, scratch).map_err(|error| match error {
            ArrowError::IoError(..) | ArrowError::InvalidArgumentError(_) => super::internal(&error),
            // Ids that are written out because only some of their chunks are dictionaries.
            _ => too_large(),
        })?;
        Ok((whole, hint))
    }

    /// Whether the column is another than the model speaks of; if not, what would make values
    /// readable that cannot be read.
    fn refused(&self, table: &str) -> Result<Option<Hint>, Problem> {
        let (name, kind) = (&self.column.file_name, kind(&self.column.ty));
        if let Some(problem) = self.instants.problem(name, table) {
            return Err(problem);
        }
        let hint = self.guess.help(self.column, self.forms.is_empty() && self.unreadable < self.present);
        if self.formless {
            let message = format!("column `{name}` of table `{table}` holds text, where the model says {kind}");
            let help = hint.unwrap_or_else(|| {
                format!("{}; or name the form of the text with `written`", how_to_write(&self.column.ty))
            });
            return Err(Problem::new(code::DATA_WRONG_TYPE, message).help(help));
        }
        let (unreadable, present) = (self.unreadable, self.present);
        let help = self.instants.help(unreadable).or_else(|| hint.clone());
        let is_other = unreadable * 2 > present && (unreadable >= WRONG_TYPE || hint.is_some());
        // One word again and again says more than a type.
        let word = self.odd.missing_word(self.column, table, self.native);
        if let Some(problem) = word.filter(|_| !is_other || help.is_none() && !self.native) {
            return Err(problem);
        }
        if is_other {
            let message = format!(
                "column `{name}` of table `{table}` does not hold {kind}: {unreadable} of its {present} values cannot be read, for example `{}`",
                self.example.as_deref().unwrap_or_default()
            );
            let help = help.unwrap_or_else(|| how_to_write(&self.column.ty).to_owned());
            return Err(Problem::new(code::DATA_WRONG_TYPE, message).help(help));
        }
        if let Some(problem) = self.otherwise.taken_for_a_word(self.column, table) {
            return Err(problem);
        }
        let close = near_misses::otherwise(self.column, table, &self.otherwise, self.present)?;
        match &self.column.ty {
            _ if close.is_some() => Ok(close),
            ColumnType::Codes(_) => near_misses::codes(self.column, table, &self.odd, self.present),
            _ => Ok(hint.map(|help| Hint { found: String::new(), help })),
        }
    }
}

impl Values {
    fn finish(&mut self) -> ArrayRef {
        match self {
            Values::Text(out) => Arc::new(out.finish()),
            Values::Codes(out) => Arc::new(out.finish()),
            Values::Bool(out) => Arc::new(out.finish()),
            Values::Int(out) => Arc::new(out.finish()),
            Values::Day(out) => Arc::new(out.finish()),
            Values::Time(out) => Arc::new(out.finish()),
        }
    }
}

/// The places of missing values.
fn absent(nulls: &NullBuffer) -> Vec<usize> {
    (!nulls.inner()).set_indices().collect()
}

/// What a column of this type holds, in words.
pub(super) fn kind(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::Key | ColumnType::Link(_) => "ids",
        ColumnType::Text => "text",
        ColumnType::Bool => "true or false",
        ColumnType::Int => "whole numbers",
        ColumnType::Decimal(_) => "decimals",
        ColumnType::Date => "dates",
        ColumnType::Timestamp => "times",
        ColumnType::Codes(_) => "codes",
    }
}

/// How values of this type are written.
pub(super) fn how_to_write(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::Key | ColumnType::Link(_) => "write ids as text, or as whole numbers",
        ColumnType::Text => "write text",
        ColumnType::Bool => {
            "write `true` or `false` (in Parquet: a boolean column), or say in the model what the file has for each, as in `bool { true \"Y\", false \"N\" }`"
        }
        ColumnType::Int => "write whole numbers such as `12` (in Parquet: an integer column)",
        ColumnType::Decimal(_) => {
            "write numbers such as `1234.50`, with no more digits than the model says (in Parquet: a column of decimals or numbers)"
        }
        ColumnType::Date => {
            "write days as `2024-02-29` (in Parquet: a date column, or a timestamp column in which every time is midnight)"
        }
        ColumnType::Timestamp => {
            "write local times as `2024-02-29 14:30:00` (in Parquet: a timestamp column that is not adjusted to UTC)"
        }
        ColumnType::Codes(_) => {
            "write the words that the model lists, as text, or say in the model what the file has for each, as in `{ met \"1\", missed \"2\" }`"
        }
    }
}
