//! Files that write in other ways what the model means, and a model that says so.

use super::parquet::{columns, folder, one_by_one, parquet, replaced, text};
use super::world::*;
use arrow::array::{ArrayRef, Float64Array, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use std::sync::Arc;
use yardstick::model::{Form, Model, ReadAs};

const PLAIN: ReadAs = ReadAs { trimmed: false, ignoring_case: false, whole_number: false };
const TRIMMED: ReadAs = ReadAs { trimmed: true, ..PLAIN };
const ANY_CASE: ReadAs = ReadAs { ignoring_case: true, ..PLAIN };
const NUMBER: ReadAs = ReadAs { whole_number: true, ..PLAIN };

/// The model with this said of a table's key and of all links there.
fn ids(table: usize, read_as: ReadAs) -> Model {
    let mut model = model();
    let id = yardstick::model::TableId(table as u16);
    for (number, of) in model.tables.iter_mut().enumerate() {
        for (place, column) in of.columns.iter_mut().enumerate() {
            let is_key = number == table && of.key.is_some_and(|key| usize::from(key.0) == place);
            if is_key || column.target() == Some(id) {
                column.read_as = read_as;
            }
        }
    }
    model
}

fn forms(texts: &[&str]) -> Vec<Form> {
    texts.iter().map(|text| Form::parse(text).unwrap()).collect()
}

fn texts(values: &[&str]) -> ArrayRef {
    text(&values.iter().map(|v| (!v.is_empty()).then_some(*v)).collect::<Vec<_>>())
}

#[test]
fn days_in_forms() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let mut model = model();
    model.tables[3].columns[3].forms = forms(&["dd/mm/yyyy", "d.m.yy"]);
    model.tables[3].columns[4].forms = forms(&["yyyymmdd"]);
    model.tables[3].columns[6].forms = forms(&["m/d/yyyy H:MM:SS AM", "m/d/yyyy H:MM AM"]);
    let csv = FILES
        .replace(",2024-01-01,2024-02-01,", ",01/01/2024,20240201,")
        .replace("2024-03-01,,", "1.3.24,99991231,")
        .replace("2024-05-01,2024-05-01", "01/05/2024 00:00:00,20240501T00:00")
        .replace("2024-01-01 09:30", "1/1/2024 9:30 am")
        .replace("2024-05-01T10:00:30", "5/1/2024 10:00:30.75 AM");
    let loaded = Folder::sound(&[("file.csv", &csv)]).load_as(&model).unwrap();
    assert_eq!(
        (everything(&loaded.store), aside(&loaded, FILE), unknown(&loaded, FILE)),
        (plain.clone(), vec![], vec![])
    );
    // The same as text in Parquet, also where some files of a folder hold days.
    let mut all = columns();
    for (name, column) in &mut all {
        match *name {
            "opened" => *column = texts(&["01/01/2024", "1.3.24", "01/05/2024"]),
            "closed" => *column = texts(&["20240201", "", "20240501"]),
            "seen" => *column = texts(&["1/1/2024 9:30 AM", "", "5/1/2024 10:00:30 AM"]),
            _ => {}
        }
    }
    let in_parquet = folder(&all);
    assert_eq!(everything(&in_parquet.load_as(&model).unwrap().store), plain);
    in_parquet.write("file.parquet", &one_by_one(&all, true));
    assert_eq!(everything(&in_parquet.load_as(&model).unwrap().store), plain);
    in_parquet.remove("file.parquet");
    let part =
        |of: &[(&'static str, ArrayRef)], from| of.iter().map(|(n, c)| (*n, c.slice(from, 1))).collect::<Vec<_>>();
    in_parquet.write("file/a.parquet", &parquet(&part(&all, 0)));
    in_parquet.write("file/b.parquet", &parquet(&part(&columns(), 1)));
    in_parquet.write("file/c.parquet", &parquet(&part(&all, 2)));
    assert_eq!(everything(&in_parquet.load_as(&model).unwrap().store), plain);
}

#[test]
fn what_is_of_no_form_is_unreadable() {
    let mut model = model();
    model.tables[3].columns[4].forms = forms(&["dd/mm/yyyy"]);
    // Not even a day as the language writes it.
    let rows = [
        "f4,c1,,2024-01-01,2024-02-01,,,true,,",
        "f5,c1,,2024-01-01,01/02/2024,,,true,,",
        "f6,c1,,2024-01-01,05/02/2024,,,true,,",
    ];
    let csv =
        format!("{}{}\n", FILES.replace(",2024-02-01,", ",,").replace(",2024-05-01,blue", ",,blue"), rows.join("\n"));
    let loaded = Folder::sound(&[("file.csv", &csv)]).load_as(&model).unwrap();
    assert_eq!(aside(&loaded, FILE), ["unreadable end closed: 1"]);
    let hint = loaded.report.table(FILE).unwrap().aside[0].hint.as_ref().unwrap();
    assert_eq!(
        hint.help,
        "they would be read by `closed date? written \"yyyy-mm-dd\"`: is the whole column written so?"
    );
}

#[test]
fn some_days_in_another_form_are_told_with_both() {
    let rows = ["f4,c1,,2024-01-01,15/02/2024,,,true,,"];
    let loaded = Folder::sound(&[("file.csv", &format!("{FILES}{}\n", rows.join("\n")))]).load().unwrap();
    let hint = loaded.report.table(FILE).unwrap().aside[0].hint.as_ref().unwrap();
    let line =
        "if they are days of that form, write `closed date? written \"yyyy-mm-dd\" or \"dd/mm/yyyy\"` in the model";
    assert_eq!(hint.help, line);
}

#[test]
fn text_in_parquet_needs_a_form() {
    let help = |column: &str, values: &[&str]| {
        let (code, message, help) = replaced(column, texts(values)).refused();
        assert_eq!(code, "E0806", "{message}");
        help
    };
    assert!(
        help("opened", &["2024-01-01", "2024-03-01", "2024-05-01"]).contains("`opened date written \"yyyy-mm-dd\"`")
    );
    assert!(help("closed", &["", "3/14/2024", ""]).contains("`closed date? written \"m/d/yyyy\"`"));
    assert!(help("seen", &["2024-01-01 09:30:00", "", ""]).contains("written \"yyyy-mm-dd HH:MM:SS\""));
    assert!(help("opened", &["soon", "later", "never"]).contains("`2024-02-29`"));
}

#[test]
fn days_with_a_midnight() {
    let csv = FILES.replace(",2024-01-01,2024-02-01,", ",2024-01-01 00:00:00,2024-02-01T00:00:00.000,");
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    assert_eq!(everything(&Folder::sound(&[("file.csv", &csv)]).load().unwrap().store), plain);
    let csv = FILES.replace(",2024-01-01,2024-02-01,", ",2024-01-01,2024-02-01 08:00,");
    let loaded = Folder::sound(&[("file.csv", &csv)]).load().unwrap();
    assert_eq!(aside(&loaded, FILE), ["unreadable end closed: 1"]);
}

#[test]
fn ids_whatever_their_blanks_case_and_zeros() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    for (read_as, clerks, files) in [
        (TRIMMED, CLERKS.replace("c1,", "c1  ,"), FILES.replace(",c2,", ", c2,")),
        (ANY_CASE, CLERKS.to_owned(), FILES.replace(",c1,", ",C1,").replace(",c2,", ",C2,")),
    ] {
        let folder = Folder::sound(&[("clerk.csv", &clerks), ("file.csv", &files)]);
        let loaded = folder.load_as(&ids(1, read_as)).unwrap();
        assert_eq!((everything(&loaded.store), unknown(&loaded, FILE)), (plain.clone(), vec![]));
    }
    // Ids are shown as they stand at the key.
    let clerks = CLERKS.replace("c1,", "C1,");
    let loaded = Folder::sound(&[("clerk.csv", &clerks)]).load_as(&ids(1, ANY_CASE)).unwrap();
    assert_eq!(super::world::ids(&loaded.store, CLERK), ["C1", "c2"]);
    assert_eq!(values(&loaded.store, FILE, "clerk"), ["0", "1", "-"]);
    let digits = |text: &str, one: &str, two: &str| text.replace("c1", one).replace("c2", two);
    let clerks = digits(CLERKS, "001", "2");
    let (files, seats) = (digits(FILES, "1", "2.0"), digits(SEATS, "1.0", "002"));
    let folder = Folder::sound(&[("clerk.csv", &clerks), ("file.csv", &files), ("seat.csv", &seats)]);
    let loaded = folder.load_as(&ids(1, NUMBER)).unwrap();
    assert_eq!(super::world::ids(&loaded.store, CLERK), ["1", "2"]);
    assert_eq!(values(&loaded.store, FILE, "clerk"), ["0", "1", "-"]);
    // Without the clause they are other ids.
    assert_eq!(folder.load().unwrap_err().code.as_str(), "E0825");
}

#[test]
fn ids_that_are_one_are_rows_that_share_an_id() {
    let clerks = format!("{CLERKS}C1,2020-01-01\nC2,2022-01-01\n");
    let folder = Folder::sound(&[("clerk.csv", &clerks)]);
    assert_eq!(aside(&folder.load().unwrap(), CLERK), [""; 0]);
    let loaded = folder.load_as(&ids(1, ANY_CASE)).unwrap();
    assert_eq!(aside(&loaded, CLERK), ["repeated row -: 1", "duplicate key clerk_id: 2"]);
    assert_eq!(super::world::ids(&loaded.store, CLERK), ["c1"]);
}

#[test]
fn ids_in_parquet() {
    let one = |array: ArrayRef| {
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        [array.clone(), cast(&array, &dictionary).unwrap()]
    };
    for (read_as, texts) in [(TRIMMED, ["c1 ", " c2"]), (ANY_CASE, ["C1", "C2"])] {
        for array in one(text(&[Some(texts[0]), Some(texts[1]), None])) {
            let loaded = replaced("clerk_id", array).load_as(&ids(1, read_as)).unwrap();
            assert_eq!(values(&loaded.store, FILE, "clerk"), ["0", "1", "-"], "{texts:?}");
        }
    }
    // Whole fractions are ids where the model reads them as whole numbers, and nowhere else.
    let clerks = CLERKS.replace("c1", "001").replace("c2", "2");
    let seats = SEATS.replace("c1", "1").replace("c2", "2");
    let doubles: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), Some(2.0), None]));
    let decimals = cast(&doubles, &DataType::Decimal128(10, 2)).unwrap();
    let whole: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), Some(2), None]));
    for (array, refused) in [(doubles, true), (decimals, true), (whole, false)] {
        let folder = replaced("clerk_id", array.clone());
        folder.write("clerk.csv", clerks.as_bytes());
        folder.write("seat.csv", seats.as_bytes());
        assert_eq!(values(&folder.load_as(&ids(1, NUMBER)).unwrap().store, FILE, "clerk"), ["0", "1", "-"]);
        match folder.load() {
            Err(problem) => {
                assert!(
                    refused && problem.help.as_ref().is_some_and(|help| help.contains("as whole number")),
                    "{problem:?}"
                );
            }
            Ok(loaded) => assert!(!refused && unknown(&loaded, FILE) == ["link to nothing clerk_id: 1 (1 1)"]),
        }
    }
    let halves: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.5), Some(2.0), None]));
    let folder = replaced("clerk_id", halves);
    folder.write("clerk.csv", clerks.as_bytes());
    folder.write("seat.csv", seats.as_bytes());
    assert_eq!(unknown(&folder.load_as(&ids(1, NUMBER)).unwrap(), FILE), ["unreadable value clerk_id: 1 (1.5 1)"]);
}

#[test]
fn texts_and_codes() {
    let mut model = model();
    model.missing_words = vec!["NULL".into()];
    model.tables[3].columns[5].read_as = TRIMMED.and(ANY_CASE);
    model.tables[3].columns[9].read_as = TRIMMED.and(ANY_CASE);
    let csv = FILES.replace(",red,", ", RED ,").replace(",blue,", ",NULL ,").replace(",first", ", First ");
    let loaded = Folder::sound(&[("file.csv", &csv)]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "kind")[..], ["0", "-", "-"]);
    assert_eq!(values(&loaded.store, FILE, "note")[0], "first");
    let array = texts(&["Red ", "", "NULL "]);
    let loaded = replaced("kind", array).load_as(&model).unwrap();
    assert_eq!(
        (values(&loaded.store, FILE, "kind"), unknown(&loaded, FILE)),
        (vec!["0".into(), "-".into(), "-".into()], vec![])
    );
}

#[test]
fn a_few_codes_in_another_case_are_told() {
    let rows = ["f4,c1,,2024-01-01,,Red,,true,,"];
    let loaded = Folder::sound(&[("file.csv", &format!("{FILES}{}\n", rows.join("\n")))]).load().unwrap();
    assert_eq!(unknown(&loaded, FILE), ["unknown code kind: 1 (Red 1)"]);
    let hint = loaded.report.table(FILE).unwrap().unknown[0].hint.clone().unwrap();
    assert!(hint.found.contains("`\"Red\"` for `\"red\"`"), "{hint:?}");
    assert_eq!(hint.help, "if they mean the same, write `ignoring case` after the list of `kind` in table `file`");
}

#[test]
fn links_and_codes_that_nothing_would_help_have_no_hint() {
    let rows = ["f4,c9,,2024-01-01,,pink,,true,,"];
    let loaded = Folder::sound(&[("file.csv", &format!("{FILES}{}\n", rows.join("\n")))]).load().unwrap();
    assert!(loaded.report.table(FILE).unwrap().unknown.iter().all(|u| u.hint.is_none()));
}

/// Seats with a column that the model does not name: twice the same, once another there.
const SEATED: &str = "clerk_id,desk_id,from,until,by\nc1,d1,2020-01-01,,x\nc1,d1,2020-01-01,,y\nc1,d1,2020-01-01,9999-12-31,x\nc2,d2,2021-06-30,2022-01-01,x\n";

#[test]
fn rows_the_same_in_every_column_of_the_file() {
    let folder = Folder::sound(&[("seat.csv", SEATED)]);
    let loaded = folder.load().unwrap();
    let report = loaded.report.table(SEAT).unwrap();
    assert_eq!((report.read, report.used, report.alike, report.copies), (4, 4, 1, 0));
    let mut model = model();
    model.tables[2].distinct = true;
    let loaded = folder.load_as(&model).unwrap();
    let report = loaded.report.table(SEAT).unwrap();
    assert_eq!((report.read, report.used, report.alike, report.copies, report.aside_rows()), (4, 3, 0, 1, 0));
    assert_eq!(values(&loaded.store, SEAT, "desk"), ["0", "0", "1"]);
    // Where every column is read, too.
    let all = format!("{SEATS}c1,d1,2020-01-01,\n");
    let loaded = Folder::sound(&[("seat.csv", &all)]).load_as(&model).unwrap();
    assert_eq!(loaded.report.table(SEAT).unwrap().copies, 1);
}

#[test]
fn rows_that_differ_in_what_cannot_be_read_are_not_the_same() {
    let mut model = model();
    model.tables[2].distinct = true;
    model.tables[2].columns[1].optional = true;
    let rows = "c1,gone,2020-01-01,\nc1,away,2020-01-01,\nc1,gone,2020-01-01,\n";
    let loaded = Folder::sound(&[("seat.csv", &format!("{SEATS}{rows}"))]).load_as(&model).unwrap();
    assert_eq!(loaded.report.table(SEAT).unwrap().copies, 1);
    assert_eq!(unknown(&loaded, SEAT), ["link to nothing desk_id: 2 (away 1, gone 1)"]);
}

#[test]
fn copies_in_parquet() {
    let mut model = model();
    model.tables[2].distinct = true;
    let day = |texts: &[&str]| cast(&self::texts(texts), &DataType::Date32).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("by", texts(&["x", "y", "x", "", "x", ""])),
        ("clerk_id", texts(&["c1", "c1", "c1", "c1", "c2", "c1"])),
        ("desk_id", texts(&["d1", "d1", "d1", "d1", "d2", "d1"])),
        ("from", day(&["2020-01-01", "2020-01-01", "2020-01-01", "2020-01-01", "2021-06-30", "2020-01-01"])),
        ("until", day(&["", "", "", "", "", ""])),
        ("count", Arc::new(Int64Array::from(vec![1, 1, 1, 1, 1, 1]))),
    ];
    let folder = Folder::sound(&[]);
    folder.remove("seat.csv");
    for bytes in [parquet(&columns), one_by_one(&columns, true), one_by_one(&columns, false)] {
        folder.write("seat.parquet", &bytes);
        let report = folder.load_as(&model).unwrap().report;
        assert_eq!((report.table(SEAT).unwrap().copies, report.table(SEAT).unwrap().used), (2, 4));
        assert_eq!(folder.load().unwrap().report.table(SEAT).unwrap().alike, 2);
    }
    // In a folder of parts columns count by their names.
    folder.remove("seat.parquet");
    folder.write("seat/a.parquet", &parquet(&columns));
    let mut turned = columns.clone();
    turned.reverse();
    folder.write("seat/b.parquet", &parquet(&turned));
    let report = folder.load_as(&model).unwrap().report;
    assert_eq!((report.table(SEAT).unwrap().copies, report.table(SEAT).unwrap().used), (8, 4));
}

#[test]
fn headers_in_any_case() {
    let capitals = SEATS.replace("clerk_id,desk_id,from,until", "CLERK_ID,Desk_Id,FROM,until");
    let folder = Folder::sound(&[("seat.csv", &capitals)]);
    let (code, _, help) = folder.refused();
    assert_eq!(code, "E0805");
    assert!(help.contains("`CLERK_ID`") && help.contains("`headers ignoring case`"), "{help}");
    let mut model = model();
    model.headers_ignore_case = true;
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    assert_eq!(everything(&folder.load_as(&model).unwrap().store), plain);
    // Two columns that are one then.
    let twice = SEATS.replace("from,until", "from,FROM");
    let problem = Folder::sound(&[("seat.csv", &twice)]).load_as(&model).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0807");
}
