//! Rows without ids stand in the same order on every day, as far as they can be told apart on it.

use super::world::*;
use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::fmt::Write;
use yardstick::data::{self, Options};
use yardstick::model::{ColumnId, Known, Model, Spans, TableId};
use yardstick::scratch::Scratch;

const STAY: TableId = TableId(1);
/// What is known with the row before and after, an end with a word, a time with a word, and a day
/// known with the row with a word.
const COLUMNS: [&str; 9] = [
    "kind a|b?",
    "from date",
    "until date?",
    "why a|b?",
    "seen timestamp?",
    "how a|b?",
    "said a|b?",
    "due date?",
    "last int?",
];

/// The model whose stays become known bit by bit.
fn stays() -> Model {
    let mut model = tables(&[("desk", &["desk_id key"]), ("stay", &COLUMNS)]);
    let stay = &mut model.tables[1];
    stay.spans = Some(Spans { from: ColumnId(1), until: ColumnId(2), through: false });
    stay.begins = Some(ColumnId(1));
    let with = |day| Known::With(ColumnId(day));
    let later = [(2, Known::OwnDay), (3, with(2)), (4, Known::OwnDay), (5, with(4)), (6, with(7))];
    for (column, known) in later {
        stay.columns[column].known = known;
    }
    model
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(number)
}

/// The rows as of a day, in order; with memory to spare and with next to none.
fn rows(model: &Model, folder: &Folder, as_of: NaiveDate) -> Vec<Vec<String>> {
    let all: BTreeSet<TableId> = model.tables().map(|(id, _)| id).collect();
    let scratch = Scratch::new(&std::env::temp_dir(), 1 << 11).unwrap();
    let [rows, frugal] = [Scratch::default(), scratch].map(|scratch| {
        let options = Options { as_of: Some(as_of), scratch, ..Options::default() };
        let store = data::load(model, &data::Source::folder(folder.path()), &all, &options).unwrap().store;
        let columns = COLUMNS.map(|column| values(&store, STAY, column.split(' ').next().unwrap()));
        (0..columns[0].len()).map(|row| columns.iter().map(|values| values[row].clone()).collect()).collect::<Vec<_>>()
    });
    assert_eq!(rows, frugal);
    rows
}

/// What is known of a row on a day.
fn cut(mut row: Vec<String>, as_of: NaiveDate) -> Vec<String> {
    for (at, told, comes) in [(2, 3, true), (4, 5, true), (7, 6, false)] {
        let has_come = |text: &str| text.get(..10).unwrap().parse::<NaiveDate>().unwrap() <= as_of;
        if row[at] != "-" && !has_come(&row[at]) {
            row[told] = "-".to_owned();
            if comes {
                row[at] = "-".to_owned();
            }
        }
    }
    row
}

#[test]
fn rows_without_ids_keep_their_order_as_more_becomes_known() {
    let model = stays();
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let mut told_apart_later = 0;
    for _ in 0..15 {
        let mut text = "kind,from,until,why,seen,how,said,due,last\n".to_owned();
        for _ in 0..12 {
            let word = |rng: &mut ChaCha8Rng| ["", "a", "b"][rng.random_range(0..3)];
            let [why, how, said] = [(); 3].map(|()| word(&mut rng));
            let kind = ["", "a"][rng.random_range(0..2)];
            let last = rng.random_range(0..2);
            let mut date = || rng.random_bool(0.8).then(|| day(rng.random_range(1..9)).to_string());
            let (until, seen) = (date(), date());
            let due = ["", "2024-01-05"][rng.random_range(0..2)];
            let seen = seen.map_or(String::new(), |seen| format!("{seen}T09:00"));
            let until = until.unwrap_or_default();
            writeln!(text, "{kind},{},{until},{why},{seen},{how},{said},{due},{last}", day(0)).unwrap();
        }
        let folder = Folder::new(&[("desk.csv", "desk_id\n"), ("stay.csv", &text)]);
        let late = rows(&model, &folder, day(30));
        for early in 0..9 {
            let expected: Vec<_> = late.iter().map(|row| cut(row.clone(), day(early))).collect();
            told_apart_later += expected.windows(2).filter(|pair| pair[0] == pair[1]).count();
            assert_eq!(rows(&model, &folder, day(early)), expected, "as of {}:\n{text}", day(early));
        }
    }
    assert!(told_apart_later > 50, "{told_apart_later}");
}
