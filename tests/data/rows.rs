//! Rows that break the model: set aside, counted once, shown, and never repaired.

use super::parquet::{parquet, text};
use super::world::*;
use arrow::array::{ArrayRef, Int64Array};
use std::sync::Arc;
use yardstick::data::{self, Options};

/// The sound files and these.
fn with(rows: &[&str]) -> yardstick::data::Loaded {
    let text = format!("{FILES}{}\n", rows.join("\n"));
    Folder::sound(&[("file.csv", &text)]).load().unwrap()
}

#[test]
fn values_that_cannot_be_read() {
    let loaded = with(&[
        "f4,c1,,2024-02-30,,,,true,,",
        "f5,c1,,2024-01-01,,,01/02/2024 10:00,true,,",
        "f6,c1,,2024-01-01,,,,maybe,,",
        "f7,c1,,2024-01-01,,,,true,1.5,",
        "f8,c1,,2024-01-01,2024-02-30,,,true,,",
    ]);
    // The start and the end of the stay are its place; an end that cannot be read is no open end.
    assert_eq!(aside(&loaded, FILE), ["unreadable value opened: 1", "unreadable end closed: 1"]);
    let expected = [("seen", "01/02/2024 10:00"), ("urgent", "maybe"), ("pages", "1.5")];
    let expected = expected.map(|(column, word)| format!("unreadable value {column}: 1 ({word} 1)"));
    assert_eq!(unknown(&loaded, FILE), expected);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3", "f5", "f6", "f7"]);
    assert_eq!(values(&loaded.store, FILE, "urgent")[4], "-");
    assert_eq!(loaded.report.table(FILE).unwrap().open, Some(4));
    let example = &loaded.report.table(FILE).unwrap().aside[0].examples[0];
    assert_eq!(
        (example.id.as_deref(), example.text.as_str(), example.place.as_str()),
        (Some("f4"), "2024-02-30", "line 5")
    );
    let example = &loaded.report.table(FILE).unwrap().unknown[1].examples[0];
    assert_eq!((example.id.as_deref(), example.text.as_str(), example.place.as_str()), (Some("f6"), "maybe", "line 7"));
}

#[test]
fn a_day_whose_absence_says_not_yet_takes_its_row_along_when_it_cannot_be_read() {
    let mut model = model();
    model.tables[3].columns[6].not_yet = true;
    let text = format!("{FILES}f4,c1,,2024-01-01,,,soon,true,,\n");
    let loaded = Folder::sound(&[("file.csv", &text)]).load_as(&model).unwrap();
    assert_eq!(aside(&loaded, FILE), ["unreadable end seen: 1"]);
}

#[test]
fn words_that_break_a_column_are_counted_in_rows_in_use() {
    let loaded = with(&[
        "f4,c1,,2024-01-01,,pink,,true,,",
        "f5,c1,,2024-01-01,,grey,,true,,",
        "f6,c1,,2024-01-01,,pink,,true,,",
        "f7,c1,,2024-01-02,2024-01-01,pink,,true,,",
    ]);
    assert_eq!(unknown(&loaded, FILE), ["unknown code kind: 3 (pink 2, grey 1)"]);
    let places: Vec<_> = loaded.report.table(FILE).unwrap().unknown[0].examples.iter().map(|e| &e.place).collect();
    assert_eq!(places, ["line 5", "line 6", "line 7"]);
}

#[test]
fn what_becomes_known_with_a_later_day_cannot_be_wrong_yet() {
    let mut model = model();
    model.tables[3].columns[5].known = yardstick::model::Known::With(yardstick::model::ColumnId(4));
    model.tables[3].columns[4].known = yardstick::model::Known::OwnDay;
    let text = format!("{FILES}f4,c1,,2024-01-01,2024-09-01,pink,,true,,\n");
    let folder = Folder::sound(&[("file.csv", &text)]);
    let load = |day: &str| {
        let options = Options { as_of: Some(day.parse().unwrap()), ..Options::default() };
        data::load(&model, &data::Source::folder(folder.path()), &[FILE].into(), &options).unwrap()
    };
    assert_eq!(unknown(&load("2024-08-31"), FILE), [""; 0]);
    assert_eq!(unknown(&load("2024-09-01"), FILE), ["unknown code kind: 1 (pink 1)"]);
}

#[test]
fn a_column_of_unreadable_values_is_a_wrong_type() {
    let text = "clerk_id,hired\nc1,2020-01-01\nc2,June\nc3,July\nc4,May\nc5,2020-01-01\n";
    let (code, message, help) = Folder::sound(&[("clerk.csv", text)]).refused();
    assert_eq!(code, "E0806");
    assert_eq!(
        message,
        "column `hired` of table `clerk` does not hold dates: 3 of its 5 values cannot be read, for example `June`"
    );
    assert!(help.contains("2024-02-29"), "{help}");
    // Half of them, or only two: bad rows.
    let text = "clerk_id,hired\nc1,2020-01-01\nc2,June\nc3,July\n";
    let loaded =
        Folder::sound(&[("clerk.csv", text), ("seat.csv", "clerk_id,desk_id,from,until\n"), ("file.csv", FILES)])
            .load()
            .unwrap();
    assert_eq!(unknown(&loaded, CLERK), ["unreadable value hired: 2 (July 1, June 1)"]);
    assert_eq!(values(&loaded.store, CLERK, "hired"), ["2020-01-01", "-", "-"]);
}

#[test]
fn a_word_that_is_most_of_what_cannot_be_read_is_no_heap_of_bad_values() {
    let file = |word: &str, kind: &str, times: usize| {
        let rows: String = (0..times).map(|n| format!("g{n},c1,,2024-01-01,{word},{kind},,true,,\n")).collect();
        let sound: String = (0..9).map(|n| format!("h{n},c1,,2024-01-01,2024-01-02,red,,true,,\n")).collect();
        Folder::sound(&[("file.csv", &format!("{FILES}{rows}{sound}"))])
    };
    for word in ["NULL", "NA", "\\N", "0000-00-00", "still there"] {
        let (code, message, help) = file(word, "", 4).refused();
        assert_eq!(code, "E0806");
        let expected = "in column `closed` of table `file`, 4 of the 4 values that cannot be read are the word";
        assert_eq!(message, format!("{expected} `{word}`"));
        let written = word.replace('\\', "\\\\");
        assert!(help.contains(&format!("add `text \"{written}\" mean missing` to the model")), "{help}");
    }
    assert!(file("", "n/a", 3).refused().1.contains("column `kind`"));
    // Two are no habit; a new code and a day that does not exist are what they are.
    assert!(file("NULL", "", 2).load().is_ok());
    assert_eq!(unknown(&file("", "pink", 4).load().unwrap(), FILE), ["unknown code kind: 4 (pink 4)"]);
    assert_eq!(aside(&file("2024-02-30", "", 4).load().unwrap(), FILE), ["unreadable end closed: 4"]);
}

#[test]
fn a_word_that_most_links_to_nothing_say_is_no_id() {
    let file = |id: &str, times: usize| {
        let rows: String = (0..times).map(|n| format!("g{n},{id},,2024-01-01,,,,true,,\n")).collect();
        Folder::sound(&[("file.csv", &format!("{FILES}{rows}"))])
    };
    let (code, message, help) = file("NULL", 3).refused();
    assert_eq!(code, "E0806");
    assert_eq!(message, "in column `clerk_id` of table `file`, 3 of the 3 links that lead nowhere are the word `NULL`");
    assert!(help.contains("add `text \"NULL\" mean missing` to the model"), "{help}");
    // Two are no habit, and other ids may be those of rows that are lost.
    assert_eq!(unknown(&file("NULL", 2).load().unwrap(), FILE), ["link to nothing clerk_id: 2 (NULL 2)"]);
    assert_eq!(unknown(&file("c9", 3).load().unwrap(), FILE), ["link to nothing clerk_id: 3 (c9 3)"]);
}

#[test]
fn words_that_mean_missing() {
    let mut model = model();
    model.missing_words = vec!["NULL".into(), "\\N".into()];
    let text = format!(
        "{FILES}f4,NULL,\\N,2024-01-01,NULL,NULL,\\N,true,NULL,NULL\n\
         f5,c1,,2024-01-01,null,,,NULL,,null\nNULL,c1,,2024-01-01,,,,true,,\nf6,c1,,NULL,,,,true,,\n"
    );
    let loaded = Folder::sound(&[("file.csv", &text)]).load_as(&model).unwrap();
    // As empty cells are: an id and the start of a stay are needed, a value that is needed is not
    // known. Other words are words.
    assert_eq!(
        aside(&loaded, FILE),
        ["missing value file_id: 1", "missing value opened: 1", "unreadable end closed: 1"]
    );
    assert_eq!(unknown(&loaded, FILE), [""; 0]);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3", "f4"]);
    for column in ["clerk", "after", "closed", "kind", "seen", "pages", "note"] {
        assert_eq!(values(&loaded.store, FILE, column)[3], "-", "{column}");
    }
    assert_eq!(loaded.report.table(FILE).unwrap().open, Some(2));
    // The same rows with empty cells are the same.
    let empty = text.replace("NULL", "").replace("\\N", "");
    assert_eq!(everything(&Folder::sound(&[("file.csv", &empty)]).load().unwrap().store), everything(&loaded.store));
}

#[test]
fn days_that_mean_missing() {
    let loaded = with(&["f4,c1,,2024-01-01,9999-12-31,,9999-12-31 23:59,true,,", "f5,c1,,0001-01-01,,,,true,,"]);
    assert_eq!(aside(&loaded, FILE), ["missing value opened: 1"]);
    assert_eq!(values(&loaded.store, FILE, "closed")[3], "-");
    assert_eq!(values(&loaded.store, FILE, "seen")[3], "-");
    assert_eq!(loaded.report.table(FILE).unwrap().open, Some(2));
    // A model that does not declare them takes them as they stand.
    let mut model = model();
    model.missing_dates.clear();
    let text = format!("{FILES}f4,c1,,0001-01-01,9999-12-31,,,true,,\n");
    let loaded = Folder::sound(&[("file.csv", &text)]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "opened")[3], "0001-01-01");
    assert_eq!(values(&loaded.store, FILE, "closed")[3], "9999-12-31");
}

#[test]
fn missing_values_unknown_codes_and_ends_before_starts() {
    let loaded = with(&[
        ",c1,,2024-01-01,,,,true,,",
        "f5,c1,,2024-01-01,,,,,,",
        "f6,c1,,2024-01-01,,Red,,true,,",
        "f7,c1,,2024-01-02,2024-01-01,,,true,,",
        "f8,c1,,2024-01-02,2024-01-02,,,true,,",
    ]);
    assert_eq!(aside(&loaded, FILE), ["missing value file_id: 1", "end before start closed: 1"]);
    assert_eq!(unknown(&loaded, FILE), ["missing value urgent: 1 ()", "unknown code kind: 1 (Red 1)"]);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3", "f5", "f6", "f8"]);
    let report = loaded.report.table(FILE).unwrap();
    assert_eq!(report.aside[0].examples[0].id, None);
    assert_eq!(report.aside[1].examples[0].text, "2024-01-01 is before 2024-01-02");
}

#[test]
fn a_row_counts_once_under_its_first_fault() {
    let loaded = with(&["f4,c9,,2024-02-30,,pink,,maybe,x,"]);
    assert_eq!(aside(&loaded, FILE), ["unreadable value opened: 1"]);
}

#[test]
fn copies_and_shared_ids() {
    let copy = "f1,c1,,2024-01-01,2024-02-01,red,2024-01-01 09:30,true,12,first";
    let loaded = with(&[copy, copy, "f2,c2,f1,2024-03-02,,,,false,,"]);
    assert_eq!(aside(&loaded, FILE), ["repeated row -: 2", "duplicate key file_id: 2"]);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f3"]);
    // A copy among rows that differ does not save them.
    let loaded = with(&[copy, "f1,c1,,2024-01-01,,,,true,,"]);
    assert_eq!(aside(&loaded, FILE), ["duplicate key file_id: 3"]);
    assert_eq!(unknown(&loaded, FILE), ["link to a row set aside after_id: 1 (f1 1)"]);
    // A row set aside for a value of its own does not make the other a duplicate.
    let loaded = with(&["f3,c1,,2024-02-30,,,,true,,"]);
    assert_eq!(aside(&loaded, FILE), ["unreadable value opened: 1"]);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3"]);
}

#[test]
fn copies_in_a_table_without_ids() {
    let text = format!("{SEATS}c1,d1,2020-01-01,\nc1,d1,2020-01-01,9999-12-31\nc1,d2,2020-01-01,\n");
    let loaded = Folder::sound(&[("seat.csv", &text)]).load().unwrap();
    // They may differ in a column that is not read: all stay, and it is told.
    assert_eq!(aside(&loaded, SEAT), [""; 0]);
    assert_eq!(loaded.report.table(SEAT).unwrap().alike, 2);
    assert_eq!(values(&loaded.store, SEAT, "desk"), ["0", "0", "0", "1", "1"]);
}

#[test]
fn links_to_nothing_and_to_rows_set_aside() {
    let loaded = with(&[
        "f4,c9,,2024-01-01,,,,true,,",
        "f5,c1,f4,2024-01-01,,,,true,,",
        "f6,c1,f5,2024-01-01,,,,true,,",
        "f7,c1,f6,2024-01-01,,,,true,,",
        "f8,c1,F1,2024-01-01,,,,true,,",
    ]);
    // These links may be missing: they are not known, and their rows stay.
    assert_eq!(unknown(&loaded, FILE), ["link to nothing clerk_id: 1 (c9 1)", "link to nothing after_id: 1 (F1 1)"]);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"]);
    assert_eq!(values(&loaded.store, FILE, "clerk")[3], "-");
    assert_eq!(values(&loaded.store, FILE, "after")[4..], ["3", "4", "5", "-"]);
    // Links that must lead somewhere take their rows along, to the end of the chain.
    let mut model = model();
    model.tables[3].columns[2].optional = false;
    let text = "file_id,clerk_id,after_id,opened,closed,kind,seen,urgent,pages,note\n\
        f1,c1,f1,2024-01-01,,,,true,,\nf4,c1,f9,2024-01-01,,,,true,,\nf5,c1,f4,2024-01-01,,,,true,,\n\
        f6,c1,f5,2024-01-01,,,,true,,\nf7,c1,,2024-01-01,,,,true,,\n";
    let loaded = Folder::sound(&[("file.csv", text)]).load_as(&model).unwrap();
    assert_eq!(
        aside(&loaded, FILE),
        ["missing value after_id: 1", "link to nothing after_id: 1", "link to a row set aside after_id: 2"]
    );
    assert_eq!(ids(&loaded.store, FILE), ["f1"]);
    let examples = &loaded.report.table(FILE).unwrap().aside[2].examples;
    assert_eq!(examples.iter().map(|e| e.text.as_str()).collect::<Vec<_>>(), ["f4", "f5"]);
}

#[test]
fn a_fall_goes_through_all_tables() {
    // Two clerks share an id: neither stands, the seat goes, and whose the files are is not known.
    let clerks = "clerk_id,hired\nc0,2020-01-01\nc1,2020-02-01\nc1,2020-03-01\nc2,2021-06-30\n";
    let loaded = Folder::sound(&[("clerk.csv", clerks)]).load().unwrap();
    assert_eq!(aside(&loaded, SEAT), ["link to a row set aside clerk_id: 1"]);
    assert_eq!(unknown(&loaded, FILE), ["link to a row set aside clerk_id: 1 (c1 1)"]);
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3"]);
    assert_eq!(values(&loaded.store, FILE, "clerk"), ["-", "1", "-"]);
    assert_eq!(ids(&loaded.store, CLERK), ["c0", "c2"]);
    assert_eq!(values(&loaded.store, SEAT, "clerk"), ["1"]);
}

#[test]
fn what_is_left_is_what_a_folder_without_the_bad_rows_gives() {
    let bad = with(&["f0,c1,,,,,,true,,", "f25,c1,,2024-01-02,2024-01-01,,,true,,", ",c1,f25,2024-01-01,,,,true,,"]);
    assert_eq!(everything(&bad.store), everything(&Folder::sound(&[]).load().unwrap().store));
}

#[test]
fn circles_of_rows_and_tables_end() {
    let model = tables(&[("a", &["a_id key", "b >1"]), ("b", &["b_id key", "a >0", "n int?"])]);
    // A sound circle stays; a long chain that ends in a bad row falls as a whole.
    let mut a = "a_id,b_id\nx,x\n".to_owned();
    let mut b = "b_id,a_id,n\nx,x,1\n".to_owned();
    for i in 0..20_000 {
        a += &format!("a{i},b{i}\n");
        b += &format!("b{i},a{},\n", i + 1);
    }
    a += "a20000,nowhere\n";
    let loaded = Folder::new(&[("a.csv", &a), ("b.csv", &b)]).load_as(&model).unwrap();
    assert_eq!((ids(&loaded.store, DESK), ids(&loaded.store, CLERK)), (vec!["x".to_owned()], vec!["x".to_owned()]));
    assert_eq!(aside(&loaded, DESK), ["link to nothing b_id: 1", "link to a row set aside b_id: 20000"]);
    assert_eq!(aside(&loaded, CLERK), ["link to a row set aside a_id: 20000"]);
}

#[test]
fn at_most_five_examples_are_kept_and_long_values_are_cut() {
    let rows: Vec<String> = (10..30).map(|i| format!("f{i},{},,2024-01-01,,,,true,,", "c".repeat(500))).collect();
    let loaded = with(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let unknown = &loaded.report.table(FILE).unwrap().unknown[0];
    assert_eq!((unknown.rows, unknown.examples.len()), (20, 5));
    assert!(unknown.examples[0].text.len() < 80 && unknown.words[0].text.len() < 80);
    let rows: Vec<String> = (10..30).map(|i| format!("{},d1,2020-01-01,", "c".repeat(400 + i))).collect();
    let text = format!("{SEATS}{}\n", rows.join("\n"));
    let loaded = Folder::sound(&[("seat.csv", &text)]).load().unwrap();
    let aside = &loaded.report.table(SEAT).unwrap().aside[0];
    assert_eq!((aside.rows, aside.examples.len()), (20, 5));
    assert!(aside.examples[0].text.len() < 80);
}

/// Seats of which so many are sound and so many lead to nothing.
fn seats(sound: usize, bad: usize) -> yardstick::data::Loaded {
    let rows = |id: &str, n: usize| format!("{id},d1,2020-01-01,\n").repeat(n);
    let text = format!("clerk_id,desk_id,from,until\n{}{}", rows("c1", sound), rows("c9", bad));
    Folder::sound(&[("seat.csv", &text)]).load().unwrap()
}

#[test]
fn too_many_bad_rows_make_a_table_bad() {
    let bad = |limit: Option<f64>, sound, bad| {
        let model = yardstick::model::Model { quality: limit, ..model() };
        !seats(sound, bad).report.bad_tables(&model).is_empty()
    };
    // Where the model says nothing, the limit is 5%.
    assert!(bad(None, 90, 5) && !bad(None, 95, 5));
    assert!(bad(Some(0.2), 19, 5) && !bad(Some(0.2), 20, 5));
    // A few of a small table are told and no more, unless they are most of it.
    assert!(!bad(None, 2, 1) && !bad(Some(0.0), 4, 4));
    assert!(bad(None, 1, 2) && bad(None, 0, 1) && bad(None, 2, 98));
    assert!(!bad(Some(0.0), 8, 0) && !bad(None, 0, 0));
}

#[test]
fn too_many_values_that_are_not_known_make_a_column_bad() {
    let model = model();
    let bad = |sound: usize, words: usize| {
        let row = |kind: &str| format!("f,c1,,2024-01-01,,{kind},,true,,\n");
        let rows = (0..sound).map(|_| row("red")).chain((0..words).map(|_| row("pink")));
        let rows: String = rows.enumerate().map(|(n, row)| row.replacen('f', &format!("f1{n}"), 1)).collect();
        let loaded = Folder::sound(&[("file.csv", &format!("{FILES}{rows}"))]).load().unwrap();
        assert!(loaded.report.bad_tables(&model).is_empty());
        loaded.report.bad_columns(&model).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(bad(80, 5), [((FILE, yardstick::model::ColumnId(5)), 5)]);
    assert_eq!(bad(92, 5), []);
    assert_eq!(bad(1, 4), []);
    assert_eq!(bad(0, 4), [((FILE, yardstick::model::ColumnId(5)), 4)]);
}

#[test]
fn strict_refuses_what_would_be_set_aside() {
    let folder = Folder::sound(&[("file.csv", &format!("{FILES}f4,c9,,2024-01-01,,,,true,,\n"))]);
    let all = [FILE].into();
    let strict = Options { strict: true, ..Options::default() };
    let problem = data::load(&model(), &data::Source::folder(folder.path()), &all, &strict).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0813");
    assert_eq!(problem.message, "1 value breaks the model: `file`: 1 link to nothing");
    let text = format!("{FILES}f4,c9,,2024-01-01,,pink,,true,,\nf5,c1,,,,,,true,,\n");
    let problem =
        data::load(&model(), &data::Source::folder(Folder::sound(&[("file.csv", &text)]).path()), &all, &strict)
            .unwrap_err();
    assert_eq!(
        problem.message,
        "1 row and 2 values break the model: `file`: 1 missing value, `file`: 1 unknown code, `file`: 1 link to nothing"
    );
    assert!(data::load(&model(), &data::Source::folder(Folder::sound(&[]).path()), &all, &strict).is_ok());
}

#[test]
fn tables_are_closed_over_links() {
    let loaded =
        data::load(&model(), &data::Source::folder(Folder::sound(&[]).path()), &[CLERK].into(), &Options::default())
            .unwrap();
    assert_eq!(loaded.store.tables.keys().copied().collect::<Vec<_>>(), [DESK, CLERK, SEAT]);
    let loaded =
        data::load(&model(), &data::Source::folder(Folder::sound(&[]).path()), &[FILE].into(), &Options::default())
            .unwrap();
    assert_eq!(loaded.store.tables.len(), 4);
}

#[test]
fn one_column_may_be_the_key_and_a_link() {
    // Each row of the second table, in the place of the clerks, is about the row of the first that
    // has its id.
    let mut model =
        tables(&[("desk", &["desk_id key", "name text"]), ("lamp", &["lamp_id key", "desk >0", "watts int"])]);
    for column in &mut model.tables[1].columns[..2] {
        column.file_name = "DESK".to_owned();
    }
    let folder = Folder::new(&[("desk.csv", DESKS), ("lamp.csv", "watts,DESK\n40,d2\n60,d1\n25,d9\n")]);
    let loaded = folder.load_as(&model).unwrap();
    assert_eq!(ids(&loaded.store, CLERK), ["d1", "d2"]);
    assert_eq!(values(&loaded.store, CLERK, "desk"), ["0", "1"]);
    assert_eq!(values(&loaded.store, CLERK, "watts"), ["60", "40"]);
    assert_eq!(aside(&loaded, CLERK), ["link to nothing DESK: 1"]);
    let lamps =
        [("DESK", text(&[Some("d2"), Some("d1")])), ("watts", Arc::new(Int64Array::from(vec![40, 60])) as ArrayRef)];
    folder.remove("lamp.csv");
    folder.write("lamp.parquet", &parquet(&lamps));
    let loaded = folder.load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, CLERK, "watts"), ["60", "40"]);
}
