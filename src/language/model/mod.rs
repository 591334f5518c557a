//! The world that indicators are about: tables, columns, links, stays and levels, as data.
//!
//! A model is declared in text and built by `check`; this room only holds the types, and no name of
//! any particular world. Names of tables and columns are kept for messages and files; everything
//! else uses ids.

mod composite_id;
mod counted;
mod hierarchy;
mod targets;
mod written;

use crate::zone::Zone;
use chrono::NaiveDate;

pub use composite_id::{composite_id, parts_of};
pub use counted::Counted;
pub use hierarchy::{Hierarchy, Level, Step};
pub use targets::Targets;
pub use written::{Form, ReadAs, Spelled, Spellings, in_small_letters};

/// The id of the entity for rows that no entity of the level holds.
pub const UNASSIGNED: &str = "unassigned";

/// A table of the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u16);

/// A column of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u16);

/// All tables and what is said about them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Tables by id.
    pub tables: Vec<Table>,
    /// Levels from the whole (index 0, which has no table) to the smallest: those of the hierarchy
    /// at hand.
    pub levels: Vec<Level>,
    /// All hierarchies of levels: the one without a name first, where there is one.
    pub hierarchies: Vec<Hierarchy>,
    /// The number of the hierarchy at hand.
    pub hierarchy: usize,
    /// Domains in their order, with the words shown.
    pub domains: Vec<Domain>,
    /// Dates that stand for a missing value in the files.
    pub missing_dates: Vec<NaiveDate>,
    /// Words that stand for a missing value in the files, in order; none is empty.
    pub missing_words: Vec<String>,
    /// The largest share (0 to 1) of a table's rows that may be set aside, and of a column's values
    /// that may break it, before numbers that read it are withheld, where it is declared; see
    /// [`Model::limit`].
    pub quality: Option<f64>,
    /// What the times in the files are.
    pub times: Times,
    /// Which days count as business days; without a declaration nothing can be counted in them.
    pub business: Option<BusinessDays>,
    /// Whether columns of the files are found by their names in any case.
    pub headers_ignore_case: bool,
    /// The columns from which indicators take targets, in order.
    pub targets: Vec<Targets>,
}

/// What the times in the files are. Times in the old form of Parquet do not say whether they are
/// local or instants; others do.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Times {
    /// Nothing is declared: only times that are marked as local can be read.
    #[default]
    Undeclared,
    /// Local times; a time that is not marked is local.
    Local,
    /// Local times, and instants, which this zone converts to local time; a time that is not marked
    /// is an instant.
    LocalTo(Zone),
}

impl Times {
    /// The zone that converts an instant to local time.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        match self {
            Self::Undeclared | Self::Local => None,
            Self::LocalTo(zone) => Some(zone),
        }
    }
}

/// Which days are business days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessDays {
    /// Which weekdays are business days, Monday first; at least one is.
    pub weekdays: [bool; 7],
    /// The column of days that are holidays.
    pub except: Option<(TableId, ColumnId)>,
}

/// A domain of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Its id.
    pub name: String,
    /// As shown.
    pub title: String,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in the language.
    pub name: String,
    /// What one row is ("a stay in out-of-home care").
    pub title: String,
    /// The name of its file or folder, without ending.
    pub file: String,
    /// The sheet, when the model says that it is one of a workbook.
    pub sheet: Option<String>,
    /// How the text of a CSV file is encoded.
    pub encoding: Encoding,
    /// Its columns, keys and plain links included.
    pub columns: Vec<Column>,
    /// The column of another table whose words are its rows, in the order of the list: it is read
    /// from no file, and its key is the word.
    pub words_of: Option<(TableId, ColumnId)>,
    /// The column with the id of a row, when there is one.
    pub key: Option<ColumnId>,
    /// The day or time on which a row begins: the start of its stay, or the first day that is never
    /// missing. A row without such a day begins with the rows that it must link to (see
    /// [`Table::hangs_on`]).
    pub begins: Option<ColumnId>,
    /// For a row without such a day: the link to the row with which it begins, where the model
    /// names one.
    pub begins_with: Option<ColumnId>,
    /// Whether rows are added as time goes by. The rows of a calendar or a schedule are there on
    /// every day.
    pub fed: bool,
    /// For a table without a key: whether only the first counts of rows that are the same in every
    /// column of the file.
    pub distinct: bool,
    /// The stay a row describes.
    pub spans: Option<Spans>,
    /// For the table of a level: the column of text or codes by which its rows have peers.
    pub peers: Option<ColumnId>,
    /// Links whose target depends on a date.
    pub dated: Vec<DatedLink>,
    /// Names for the rows of other tables that link here.
    pub backs: Vec<Back>,
}

/// How text is encoded. UTF-16 is known by the mark with which it begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// Windows-1252, as Windows writes it in western Europe and America.
    Windows1252,
}

/// One column as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the language (`child`).
    pub name: String,
    /// Its name in the file (`child_id`).
    pub file_name: String,
    /// What it holds.
    pub ty: ColumnType,
    /// Whether it may be missing.
    pub optional: bool,
    /// For a day or time that may be missing: a missing one has not happened yet, so it is later
    /// than every day.
    pub not_yet: bool,
    /// For a whole number: the unit of time that it counts, when it is a length of time.
    pub counted: Option<Counted>,
    /// From when the value is known.
    pub known: Known,
    /// For a day or time: the forms that the files use; the form of the language when there is
    /// none.
    pub forms: Vec<Form>,
    /// For an id, a text or a code: the differences that are ignored. A link ignores those of the
    /// key that it leads to, and its own.
    pub read_as: ReadAs,
    /// For a code or a `bool`: how the files spell its words, where the model says so.
    pub spellings: Spellings,
    /// For a code: the table whose rows are the words of the list, where the model declares one.
    pub words: Option<TableId>,
    /// Where the value stands when it is not in the table's own file.
    pub joined: Option<Joined>,
    /// Of an id that is made of several columns of the file: those columns, in order, each read as
    /// an id; `file_name` names them all. Empty for every other column.
    pub parts: Vec<Column>,
}

/// `left_on date? from exit.left_on`: the value stands in a table of which at most one row leads to
/// each row of this one. Where none does, it is missing; where several do that are not the same, it
/// cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// The other table.
    pub table: TableId,
    /// Its link to this one.
    pub via: ColumnId,
    /// Its column with the value.
    pub column: ColumnId,
}

/// From when a value of a row is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Known {
    /// From the beginning of the row, whatever the value is; a day may then lie in the future.
    #[default]
    WithRow,
    /// For a day or time: once it has come.
    OwnDay,
    /// Once the day in this column of the row has come.
    With(ColumnId),
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnType {
    /// The row's own id (text in the file).
    Key,
    /// The id of a row of another table (text in the file).
    Link(TableId),
    /// Free text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number with digits after the point, exact. It is kept as a whole number: 12.50 as 1250.
    Decimal(Digits),
    /// A day.
    Date,
    /// A local time, to the second.
    Timestamp,
    /// One of these words, in this order.
    Codes(Vec<String>),
}

/// How many digits a decimal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digits {
    /// At most so many, 1 to 18.
    pub all: u8,
    /// So many of them after the point, 1 or more.
    pub after: u8,
}

impl ColumnType {
    /// The words that a file can spell in its own way, in the order of their places: those of a
    /// list, `false` and `true`. None of another type.
    #[must_use]
    pub fn spelled_words(&self) -> Option<Vec<&str>> {
        match self {
            Self::Codes(words) => Some(words.iter().map(String::as_str).collect()),
            Self::Bool => Some(vec!["false", "true"]),
            Self::Key | Self::Link(_) | Self::Text | Self::Int | Self::Decimal(_) | Self::Date | Self::Timestamp => {
                None
            }
        }
    }
}

/// `spans from until until`: half-open; a missing `until` means still open. `spans from through
/// until`: the day of `until` is the last of the stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spans {
    /// A required date column.
    pub from: ColumnId,
    /// A date column.
    pub until: ColumnId,
    /// Whether the stay is still open on the day of `until`.
    pub through: bool,
}

/// `worker -> worker through assignment`: the target on a date is that of the row of `through` open
/// that day. Where several are open, the one that began last holds; ties go to the target with the
/// smallest id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedLink {
    /// Its name.
    pub name: String,
    /// The table it leads to.
    pub target: TableId,
    /// The table of stays that it goes through; it has `spans`.
    pub through: TableId,
    /// The link column of `through` that leads back to the owner.
    pub owner: ColumnId,
    /// The link column of `through` that leads to the target.
    pub value: ColumnId,
}

/// `removals <- removal`: rows of `table` whose link `via` leads here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// Its name.
    pub name: String,
    /// The table of the rows.
    pub table: TableId,
    /// Their link column.
    pub via: ColumnId,
}

impl Model {
    /// The share that `quality` declares, or 5%.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.quality.unwrap_or(0.05)
    }

    /// The table of an id.
    #[must_use]
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0 as usize]
    }

    /// Ids and tables, in the order of declaration.
    pub fn tables(&self) -> impl Iterator<Item = (TableId, &Table)> {
        self.tables.iter().enumerate().map(|(i, t)| (TableId(i as u16), t))
    }

    /// The table with this name.
    #[must_use]
    pub fn find_table(&self, name: &str) -> Option<TableId> {
        self.tables().find(|(_, t)| t.name == name).map(|(id, _)| id)
    }

    /// Whether the rows of a table are entities of a level, of any hierarchy.
    #[must_use]
    pub fn is_level(&self, table: TableId) -> bool {
        self.hierarchies.iter().any(|of| of.has(table))
    }

    /// The ids that no row of a table may have: those that mean something else at a level that the
    /// table is of. None when it is of no level.
    #[must_use]
    pub fn reserved_ids(&self, table: TableId) -> Vec<&str> {
        let of = self.hierarchies.iter().filter(|hierarchy| hierarchy.has(table));
        let wholes = of.filter_map(|hierarchy| Some(hierarchy.levels.first()?.name.as_str()));
        wholes.flat_map(|whole| [UNASSIGNED, whole]).collect()
    }

    /// Puts another of its hierarchies at hand.
    pub fn turn_to(&mut self, number: usize) {
        self.levels = self.hierarchies.get(number).map_or_else(Vec::new, |of| of.levels.clone());
        self.hierarchy = number;
    }

    /// Whether there are levels, and no mistake in them: without, there is another mistake to mend
    /// first.
    #[must_use]
    pub fn has_sound_levels(&self) -> bool {
        !self.hierarchies.is_empty() && self.hierarchies.iter().all(|of| !of.levels.is_empty())
    }

    /// The hierarchy at hand.
    #[must_use]
    pub fn at_hand(&self) -> Option<&Hierarchy> {
        self.hierarchies.get(self.hierarchy)
    }

    /// Whether a link on the way from a row of a table may be missing.
    #[must_use]
    pub fn may_lead_nowhere(&self, from: TableId, links: &[ColumnId]) -> bool {
        let mut table = Some(from);
        links.iter().any(|link| {
            let column = table.map(|t| self.table(t).column(*link));
            table = column.and_then(Column::target);
            column.is_some_and(|c| c.optional)
        })
    }

    /// The way by plain links from a row of one table to a row of another: the shortest one. `None`
    /// when there is none, or when two are equally short.
    #[must_use]
    pub fn way(&self, from: TableId, to: TableId) -> Option<Vec<ColumnId>> {
        let mut seen = vec![false; self.tables.len()];
        let mut ways = vec![(from, Vec::new())];
        while !ways.is_empty() {
            let mut there = ways.iter().filter(|(table, _)| *table == to).map(|(_, links)| links);
            if let Some(links) = there.next() {
                return there.next().is_none().then(|| links.clone());
            }
            ways.iter().for_each(|(table, _)| seen[usize::from(table.0)] = true);
            let further = |(table, links): &(TableId, Vec<ColumnId>)| {
                let on = self.table(*table).columns().filter_map(|(id, column)| Some((id, column.target()?)));
                let on = on.map(|(id, target)| (target, links.iter().copied().chain([id]).collect::<Vec<_>>()));
                on.collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(further).filter(|(table, _)| !seen[usize::from(table.0)]).collect();
        }
        None
    }

    /// The table of the row that links lead to from a row of another; `None` where a column is no
    /// link.
    #[must_use]
    pub fn reached(&self, from: TableId, links: &[ColumnId]) -> Option<TableId> {
        links.iter().try_fold(from, |table, link| self.table(table).column(*link).target())
    }

    /// Whether a column, reached by links from a row, is the day on which the row begins: its own
    /// first day, or that of the row with which it begins.
    #[must_use]
    pub fn begins(&self, table: TableId, links: &[ColumnId], column: ColumnId) -> bool {
        let table = self.table(table);
        match links {
            [] => table.begins == Some(column),
            [link] => {
                let with = table.column(*link).target().filter(|_| table.begins_with == Some(*link));
                with.is_some_and(|to| self.table(to).begins == Some(column))
            }
            [..] => false,
        }
    }

    /// The number of a level by name.
    #[must_use]
    pub fn find_level(&self, name: &str) -> Option<usize> {
        self.levels.iter().position(|l| l.name == name)
    }
}

impl Column {
    /// The table a plain link leads to; `None` for every other column.
    #[must_use]
    pub fn target(&self) -> Option<TableId> {
        match self.ty {
            ColumnType::Link(target) => Some(target),
            ColumnType::Key
            | ColumnType::Text
            | ColumnType::Bool
            | ColumnType::Int
            | ColumnType::Decimal(_)
            | ColumnType::Date
            | ColumnType::Timestamp
            | ColumnType::Codes(_) => None,
        }
    }

    /// The table that a step of an attribution leads to: that of a plain link, or that of the words
    /// of the column's list.
    #[must_use]
    pub fn leads_to(&self) -> Option<TableId> {
        self.target().or(self.words)
    }

    /// The columns of the file that it is read from, by name: one, or those that make up its id.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        self.in_file().iter().map(|column| column.file_name.as_str())
    }

    /// The columns of the file that it is read from: itself, or those that make up its id.
    #[must_use]
    pub fn in_file(&self) -> &[Self] {
        if self.parts.is_empty() { std::slice::from_ref(self) } else { &self.parts }
    }

    /// Sets which differences between texts are ignored, of each column that makes up its id, too.
    pub fn set_read_as(&mut self, read_as: ReadAs) {
        self.read_as = read_as;
        self.parts.iter_mut().for_each(|part| part.read_as = read_as);
    }

    /// The word of its list that a text of a file is; of a `bool` whose words are spelled, 0 for
    /// false and 1 for true. None for texts that are no word, and for other columns.
    #[must_use]
    pub fn word(&self, text: &str) -> Option<Spelled> {
        self.word_read_as(text, self.read_as)
    }

    /// The word that a text would be if other differences were ignored.
    #[must_use]
    pub fn word_read_as(&self, text: &str, read_as: ReadAs) -> Option<Spelled> {
        match &self.ty {
            ColumnType::Codes(words) if self.spellings.is_plain() => {
                read_as.place(words, text).map(|place| Spelled { place, otherwise: false })
            }
            ColumnType::Codes(_) | ColumnType::Bool => self.spellings.word(text, read_as),
            ColumnType::Key
            | ColumnType::Link(_)
            | ColumnType::Text
            | ColumnType::Int
            | ColumnType::Decimal(_)
            | ColumnType::Date
            | ColumnType::Timestamp => None,
        }
    }
}

impl Table {
    /// Whether its rows have a day on which they begin, their own or that of another row.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        self.begins.is_some() || self.begins_with.is_some()
    }

    /// The columns whose values stand in another table.
    pub fn joined(&self) -> impl Iterator<Item = (ColumnId, Joined)> {
        self.columns().filter_map(|(id, column)| Some((id, column.joined?)))
    }

    /// The column of an id.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> &Column {
        &self.columns[id.0 as usize]
    }

    /// Ids and columns, in the order of declaration.
    pub fn columns(&self) -> impl Iterator<Item = (ColumnId, &Column)> {
        self.columns.iter().enumerate().map(|(i, c)| (ColumnId(i as u16), c))
    }

    /// The column with this name in the language.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ColumnId> {
        self.columns().find(|(_, c)| c.name == name).map(|(id, _)| id)
    }

    /// The links to the rows with which a row without a day of its own begins.
    pub fn hangs_on(&self) -> impl Iterator<Item = ColumnId> {
        let without_day = self.fed && self.begins.is_none();
        let links = self.columns().filter(move |(_, c)| without_day && c.target().is_some() && !c.optional);
        links.map(|(id, _)| id).filter(|id| self.begins_with.is_none_or(|with| with == *id))
    }

    /// Whether a missing value of a column is still to come, and so is later than every day. An end
    /// that is never missing is known with the row, and may lie in the future.
    #[must_use]
    pub fn has_open_end(&self, id: ColumnId) -> bool {
        let column = self.column(id);
        column.optional && (column.not_yet || self.spans.is_some_and(|s| s.until == id))
    }

    /// Whether a day of a row that is there already becomes known once it has come.
    #[must_use]
    pub fn comes(&self, id: ColumnId) -> bool {
        self.fed && self.begins != Some(id) && self.column(id).known == Known::OwnDay
    }

    /// The column of the day with which a value of this one becomes known; itself where there is no
    /// other.
    #[must_use]
    pub fn day_known_with(&self, id: ColumnId) -> ColumnId {
        match self.column(id).known {
            Known::With(day) => day,
            Known::OwnDay | Known::WithRow => id,
        }
    }

    /// Whether a row is set aside for a value that breaks this column, because the column is part
    /// of its identity or place: its key, a link that must lead somewhere, the day on which it
    /// begins, the end of its stay, and a day that is still to come when it is missing.
    #[must_use]
    pub fn places(&self, id: ColumnId) -> bool {
        let column = self.column(id);
        let stay = self.spans.is_some_and(|s| s.from == id || s.until == id);
        let leads = column.target().is_some() && !column.optional;
        let begins = self.begins == Some(id);
        stay || begins || leads || column.ty == ColumnType::Key || self.has_open_end(id)
    }

    /// The column that names a row for people: the one called `name`, when there is one.
    #[must_use]
    pub fn label(&self) -> Option<ColumnId> {
        self.columns().find(|(_, c)| c.name == "name" && c.ty == ColumnType::Text).map(|(id, _)| id)
    }
}
