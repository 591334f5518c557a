//! Texts that fit nothing, and would if blanks, case or zeros did not matter: what to write in the
//! model so that they are read so. Nothing is read so unasked.

use super::links::{Place, nowhere};
use super::packed_ids::text;
use super::problem::Problem;
use super::report::Hint;
use super::staged_table::StagedTable;
use super::unreadable_words::UnreadableWords;
use arrow::array::{Array, ArrayRef};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use yardstick_language::diag::code;
use yardstick_language::model::{Column, ColumnId, ReadAs, Table};

/// The most distinct texts that are examined.
const WORDS: usize = 1000;

/// Longer texts are no ids.
const LONGEST: usize = 200;

/// In a table with more ids than this, they are looked through only where more than one in [`RARE`]
/// links leads nowhere.
const MANY: usize = 200_000;

/// See [`MANY`].
const RARE: u64 = 20;

/// Fewer than this are a column of another kind only when they are all there is.
const FEW: u64 = 3;

/// A clause, or two, that may be missing.
const CLAUSES: [ReadAs; 5] = [
    clauses(true, false, false),
    clauses(false, true, false),
    clauses(false, false, true),
    clauses(true, true, false),
    clauses(true, false, true),
];

const fn clauses(trimmed: bool, ignoring_case: bool, whole_number: bool) -> ReadAs {
    ReadAs { trimmed, ignoring_case, whole_number }
}

/// Texts of one column that fit nothing.
#[derive(Debug, Default)]
pub(super) struct Misfits {
    /// Different ones, with how often each stands there.
    words: BTreeMap<String, u64>,
    /// How many there are in all.
    all: u64,
    /// How many texts the column has.
    present: u64,
}

/// What would make most of them fit.
#[derive(Debug)]
struct Near {
    read_as: ReadAs,
    /// How many would fit.
    rows: u64,
    /// A text, and what it would be.
    example: (String, String),
}

/// What makes codes fit that the list does not have; a problem when that is most of the column.
pub(super) fn codes(column: &Column, table: &str, odd: &UnreadableWords, known: u64) -> Result<Option<Hint>, Problem> {
    let mut misfits = Misfits { all: odd.all(), present: known + odd.all(), ..Misfits::default() };
    misfits.words = odd.words().map(|(word, times)| (word.to_owned(), times)).collect();
    misfits.codes(column, table)
}

/// What makes texts fit a spelling of the list that `otherwise` takes; a problem when that is most
/// of the column. Each such text counts by itself: the others may well be other words.
pub(super) fn otherwise(
    column: &Column,
    table: &str,
    taken: &UnreadableWords,
    present: u64,
) -> Result<Option<Hint>, Problem> {
    let closest = column.read_as.and(clauses(true, true, true));
    let close = taken.words().filter(|(word, _)| fits(column, closest, word).is_some());
    let words: BTreeMap<String, u64> = close.map(|(word, times)| (word.to_owned(), times)).collect();
    let misfits = Misfits { all: words.values().sum(), present, words };
    misfits.codes(column, table)
}

/// The spelling that a text is under some clauses.
fn fits(column: &Column, read_as: ReadAs, text: &str) -> Option<String> {
    let place = column.word_read_as(text, read_as).filter(|word| !word.otherwise)?.place;
    let word = column.ty.spelled_words()?.get(place).copied()?;
    let is = |spelling: &&str| read_as.compared(spelling) == read_as.compared(text);
    Some(column.spellings.of(place).find(is).unwrap_or(word).to_owned())
}

/// Of each link column that leads nowhere in some rows: what would make it lead somewhere. `found`
/// has the ranks of each stretch.
pub(super) fn links(
    staged_tables: &[StagedTable<'_>],
    found: &BTreeMap<Place, ArrayRef>,
) -> Result<BTreeMap<(usize, ColumnId), Hint>, Problem> {
    let mut columns: BTreeMap<(usize, ColumnId), Misfits> = BTreeMap::new();
    for ((staged, column, first), ranks) in found {
        // Of drawn rows, each that leads nowhere is a mistake of its test.
        let Some(of) = staged_tables.get(*staged).filter(|of| of.source.is_some()) else { continue };
        columns.entry((*staged, *column)).or_default().add(&of.columns[column.0 as usize], *first, ranks);
    }
    let mut hints = BTreeMap::new();
    for ((staged, column), misfits) in columns {
        let Some(of) = staged_tables.get(staged).filter(|_| misfits.all > 0) else { continue };
        let target = of.table.column(column).target();
        let target = target.and_then(|target| staged_tables.iter().find(|staged| staged.id == target));
        if let Some(hint) = target.map(|target| misfits.link(of.table, column, target)).transpose()?.flatten() {
            hints.insert((staged, column), hint);
        }
    }
    Ok(hints)
}

impl Misfits {
    /// Adds the links of a stretch of rows that lead nowhere.
    fn add(&mut self, ids: &ArrayRef, first: usize, ranks: &ArrayRef) {
        let ids = ids.slice(first, ranks.len());
        self.present += (ids.len() - ids.null_count()) as u64;
        for row in nowhere(&ids, ranks) {
            let word = text(&ids, row);
            self.all += 1;
            let has_room = self.words.len() < WORDS && word.len() <= LONGEST;
            if let Some(times) = self.words.get_mut(&*word) {
                *times += 1;
            } else if has_room {
                self.words.insert(word.into_owned(), 1);
            }
        }
    }

    /// The clauses under which codes fit their list.
    fn codes(&self, column: &Column, table: &str) -> Result<Option<Hint>, Problem> {
        let near = self.near(column.read_as, |read_as| {
            let fitting = self.words.keys().filter_map(|word| Some((word.as_str(), fits(column, read_as, word)?)));
            fitting.collect()
        });
        // The words of a list that is not spelled are names, and no numbers.
        let fit = |near: &Near| !near.read_as.whole_number || !column.spellings.is_plain();
        let Some(near) = near.filter(fit) else { return Ok(None) };
        let name = &column.file_name;
        let message = format!(
            "of the {} values of `{name}` in table `{table}` that are not in its list, {}",
            self.told(),
            near.words("would be", "in it")
        );
        let help = format!(
            "if they mean the same, write `{}` after the list of `{}` in table `{table}`",
            near.read_as.words(),
            column.name
        );
        self.said(message, help)
    }

    /// How many are told apart.
    fn told(&self) -> u64 {
        self.words.values().sum()
    }

    fn link(&self, table: &Table, id: ColumnId, target: &StagedTable<'_>) -> Result<Option<Hint>, Problem> {
        let Some(key) = target.table.key.map(|key| target.table.column(key)) else { return Ok(None) };
        let Some(ids) = target.shown_ids() else { return Ok(None) };
        if ids.len() > MANY && self.all * RARE < self.present {
            return Ok(None);
        }
        let column = table.column(id);
        // All ids are looked through once: what is the same under some clauses is so under all.
        let closest = column.read_as.and(clauses(true, true, true));
        let wanted: HashSet<Cow<'_, str>> = self.words.keys().map(|word| closest.compared(word)).collect();
        let texts = (0..ids.len()).filter(|row| ids.is_valid(*row)).map(|row| text(ids, row));
        let close: Vec<Cow<'_, str>> = texts.filter(|id| wanted.contains(closest.compared(id).as_ref())).collect();
        let near = self.near(column.read_as, |read_as| self.found_among(&close, read_as));
        let Some(near) = near else { return Ok(None) };
        let (name, of) = (&column.file_name, &target.table.name);
        let message = format!(
            "of the {} links of `{name}` in table `{}` that lead nowhere, {}",
            self.told(),
            table.name,
            near.words("would lead to", "a row")
        );
        let clauses = key.read_as.and(near.read_as).words();
        self.said(message, format!("if they mean the same, write `{} key {clauses}` in table `{of}`", key.name))
    }

    /// Of these texts, those that are an id when both are read so, with that id.
    fn found_among(&self, ids: &[Cow<'_, str>], read_as: ReadAs) -> BTreeMap<&str, String> {
        let mut wanted: HashMap<Cow<'_, str>, Vec<&str>> = HashMap::new();
        for word in self.words.keys() {
            wanted.entry(read_as.compared(word)).or_default().push(word);
        }
        let mut found = BTreeMap::new();
        for id in ids {
            if let Some(words) = wanted.remove(read_as.compared(id).as_ref()) {
                found.extend(words.into_iter().map(|word| (word, id.clone().into_owned())));
            }
        }
        found
    }

    /// The first clauses under which most of the texts fit; `fitting` gives those that do.
    fn near<'w>(&'w self, is: ReadAs, fitting: impl Fn(ReadAs) -> BTreeMap<&'w str, String>) -> Option<Near> {
        let added = CLAUSES.into_iter().filter(|clauses| is.and(*clauses) != is);
        added.map(|clauses| is.and(clauses)).find_map(|read_as| {
            let fitting = fitting(read_as);
            let rows: u64 = fitting.keys().filter_map(|word| self.words.get(*word)).sum();
            let (word, fits) = fitting.first_key_value()?;
            let example = ((*word).to_owned(), fits.clone());
            (rows * 2 > self.told()).then_some(Near { read_as, rows, example })
        })
    }

    /// A problem when it is most of the column, and otherwise what is told of it.
    fn said(&self, message: String, help: String) -> Result<Option<Hint>, Problem> {
        if self.all * 2 > self.present && (self.all >= FEW || self.all == self.present) {
            return Err(Problem::new(code::DATA_READ_AS, message).help(help));
        }
        Ok(Some(Hint { found: message, help }))
    }
}

impl Near {
    /// `4 would lead to a row without the blanks around them: "C001  " is "C001" then`.
    fn words(&self, would: &str, what: &str) -> String {
        let Self { read_as, rows, example: (text, fits) } = self;
        let how = [
            (read_as.trimmed, "without the blanks around them"),
            (read_as.ignoring_case, "in small letters"),
            (read_as.whole_number, "read as whole numbers"),
        ];
        let how: Vec<&str> = how.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect();
        format!("{rows} {would} {what} {}: `\"{text}\"` for `\"{fits}\"`", how.join(" and "))
    }
}
