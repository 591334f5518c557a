//! Codes and flags as files write them: `{ red "1" "01", other otherwise }`.

use super::parquet::{folder, replaced, text};
use super::world::*;
use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int8Array, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use std::sync::Arc;
use yardstick::data::Loaded;
use yardstick::model::{Column, Model, ReadAs, Spellings};

/// The words of `kind` are red, green, blue.
fn spelled(of: &[(&str, usize)], otherwise: Option<usize>) -> Model {
    let mut model = model();
    model.tables[3].columns[5].spellings = spellings(of, otherwise);
    model
}

fn spellings(of: &[(&str, usize)], otherwise: Option<usize>) -> Spellings {
    Spellings::new(of.iter().map(|(text, place)| ((*text).to_owned(), *place)).collect(), otherwise)
}

fn kind(model: &mut Model) -> &mut Column {
    &mut model.tables[3].columns[5]
}

fn urgent(model: &mut Model) -> &mut Column {
    &mut model.tables[3].columns[7]
}

/// What `otherwise` took, as `column word: values (text times, ...)`.
fn taken(loaded: &Loaded) -> Vec<String> {
    let report = loaded.report.table(FILE).unwrap();
    let words = |o: &yardstick::data::Otherwise| {
        o.words.iter().map(|w| format!("{} {}", w.text, w.rows)).collect::<Vec<_>>().join(", ")
    };
    report.otherwise.iter().map(|o| format!("{} {}: {} ({})", o.column, o.word, o.values, words(o))).collect()
}

/// Rows whose kinds are these.
fn with_kinds(kinds: &[&str]) -> Folder {
    let rows: String =
        kinds.iter().enumerate().map(|(n, kind)| format!("f{},c1,,2024-01-01,,{kind},,true,,\n", n + 1)).collect();
    Folder::sound(&[("file.csv", &format!("{}\n{rows}", FILES.lines().next().unwrap()))])
}

#[test]
fn each_spelling_is_its_word() {
    let model = spelled(&[("1", 0), ("4B", 0), ("Not Applicable", 1), ("blue", 2)], None);
    let loaded = with_kinds(&["1", "4B", "Not Applicable", "blue", ""]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "0", "1", "2", "-"]);
    assert_eq!((unknown(&loaded, FILE), taken(&loaded)), (vec![], vec![]));
    // A word is not a spelling of itself where the model gives it another.
    let loaded = with_kinds(&["1", "1", "red", "01"]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "0", "-", "-"]);
    assert_eq!(unknown(&loaded, FILE), ["unknown code kind: 2 (01 1, red 1)"]);
}

#[test]
fn otherwise_takes_any_other_text_and_nothing_that_is_missing() {
    let mut model = spelled(&[("E4", 0)], Some(2));
    model.missing_words = vec!["NULL".into()];
    let loaded = with_kinds(&["E4", "E8", "E8", "E9", "", "NULL"]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "2", "2", "2", "-", "-"]);
    assert_eq!((unknown(&loaded, FILE), taken(&loaded)), (vec![], vec!["kind blue: 3 (E8 2, E9 1)".to_owned()]));
    // The same in Parquet, as text and as a dictionary of it, a null included.
    let kinds = text(&[Some("E4"), Some("E8"), None]);
    for kinds in [cast(&kinds, &dictionary()).unwrap(), kinds] {
        let loaded = replaced("kind", kinds).load_as(&model).unwrap();
        assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "2", "-"]);
        assert_eq!(taken(&loaded), ["kind blue: 1 (E8 1)"]);
    }
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

#[test]
fn otherwise_takes_no_usual_word_for_missing() {
    let model = spelled(&[("E4", 0)], Some(2));
    let problem = with_kinds(&["E4", "E4", "E4", "E4", "E8", "E8", "E8", "E8", "n/a", "n/a", "n/a"]);
    let problem = problem.load_as(&model).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0806");
    assert!(problem.message.contains("3 values are the word `n/a`"), "{}", problem.message);
    // Said to be a word, it is one.
    let model = spelled(&[("E4", 0), ("n/a", 2)], Some(2));
    let loaded = with_kinds(&["E4", "E8", "n/a", "n/a", "n/a"]).load_as(&model).unwrap();
    assert_eq!(taken(&loaded), ["kind blue: 1 (E8 1)"]);
}

#[test]
fn otherwise_tells_of_texts_that_are_nearly_a_spelling() {
    let model = spelled(&[("E4", 0), ("E11", 1)], Some(2));
    let kinds = ["E4", "E11", "E4", "e4", "E11 ", "E8", "E8", "E8", "E8"];
    let loaded = with_kinds(&kinds).load_as(&model).unwrap();
    assert_eq!(taken(&loaded), ["kind blue: 6 (E8 4, E11  1, e4 1)"]);
    let hint = loaded.report.table(FILE).unwrap().otherwise[0].hint.clone().unwrap();
    assert!(hint.help.contains("`trimmed, ignoring case`"), "{hint:?}");
    // Most of the column is a mistake of the model.
    let problem = with_kinds(&["e4", "e4", "e4", "E11"]).load_as(&model).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0825", "{}", problem.message);
}

#[test]
fn spellings_ignore_what_the_column_ignores() {
    let mut model = spelled(&[("01", 0), ("2", 1), ("Z x", 2)], None);
    kind(&mut model).read_as = ReadAs { trimmed: true, ignoring_case: true, whole_number: true };
    let loaded = with_kinds(&["1", "001", " 1.0 ", "02", "z X", "Z x  "]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "0", "0", "1", "2", "2"]);
}

#[test]
fn numbers_of_parquet_are_spelled_in_digits() {
    let model = spelled(&[("1", 0), ("2", 1), ("-3", 2)], None);
    let whole: [ArrayRef; 3] = [
        Arc::new(Int64Array::from(vec![Some(1), None, Some(-3)])),
        Arc::new(Int8Array::from(vec![Some(1), None, Some(-3)])),
        Arc::new(Decimal128Array::from(vec![Some(1), None, Some(-3)]).with_precision_and_scale(5, 0).unwrap()),
    ];
    for numbers in whole {
        let loaded = replaced("kind", Arc::clone(&numbers)).load_as(&model).unwrap();
        assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "-", "2"]);
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(numbers.data_type().clone()));
        if let Ok(numbers) = cast(&numbers, &dictionary) {
            let loaded = replaced("kind", numbers).load_as(&model).unwrap();
            assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "-", "2"]);
        }
        let (code, _, help) = replaced("kind", numbers).refused();
        assert_eq!(code, "E0806");
        assert!(help.contains("say in the model what the file has"), "{help}");
    }
    let loaded = replaced("kind", Arc::new(Int64Array::from(vec![1, 7, 2]))).load_as(&model).unwrap();
    assert_eq!(unknown(&loaded, FILE), ["unknown code kind: 1 (7 1)"]);
    // Fractions only where the model says that they are whole numbers.
    let halves: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None, Some(2.5)]));
    assert!(replaced("kind", Arc::clone(&halves)).load_as(&model).is_err());
    let mut model = model;
    kind(&mut model).read_as.whole_number = true;
    let loaded = replaced("kind", halves).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "kind"), ["0", "-", "-"]);
    assert_eq!(unknown(&loaded, FILE), ["unknown code kind: 1 (2.5 1)"]);
}

#[test]
fn flags_as_files_have_them() {
    let mut model = model();
    urgent(&mut model).spellings = spellings(&[("J", 1), ("1", 1), ("N", 0), ("2", 0)], None);
    let csv = FILES.replace(",true,", ",J,").replace(",false,", ",2,").replace(",yes,", ",1,");
    let loaded = Folder::sound(&[("file.csv", &csv)]).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "urgent"), ["true", "false", "true"]);
    // Nothing else is a flag then, not even `true`.
    let loaded = Folder::sound(&[("file.csv", &csv.replace(",J,", ",true,"))]).load_as(&model).unwrap();
    assert_eq!(unknown(&loaded, FILE), ["unreadable value urgent: 1 (true 1)"]);
    // In Parquet: numbers, text, and a column of flags, whose type says what they are.
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 1]));
    let (letters, flags) = (text(&[Some("J"), Some("N"), Some("1")]), columns_flags());
    for flags in [numbers, letters, flags] {
        let loaded = replaced("urgent", flags).load_as(&model).unwrap();
        assert_eq!(values(&loaded.store, FILE, "urgent"), ["true", "false", "true"]);
    }
    let (code, _, help) = replaced("urgent", text(&[Some("Y"), Some("N"), Some("Y")])).refused();
    assert_eq!(code, "E0806");
    assert!(help.contains("bool { true \"Y\", false \"N\" }"), "{help}");
    urgent(&mut model).spellings = spellings(&[("J", 1)], Some(0));
    let loaded = replaced("urgent", text(&[Some("J"), Some("N"), Some("J")])).load_as(&model).unwrap();
    assert_eq!(values(&loaded.store, FILE, "urgent"), ["true", "false", "true"]);
    assert_eq!(taken(&loaded), ["urgent false: 1 (N 1)"]);
}

fn columns_flags() -> ArrayRef {
    let all = super::parquet::columns();
    all.into_iter().find(|(name, _)| *name == "urgent").unwrap().1
}

#[test]
fn files_of_one_folder_are_counted_together() {
    let model = spelled(&[("red", 0)], Some(1));
    let all = super::parquet::columns();
    let in_parts = folder(&all);
    in_parts.remove("file.parquet");
    for (number, name) in ["file/a.parquet", "file/b.parquet", "file/c.parquet"].into_iter().enumerate() {
        let part: Vec<_> = all.iter().map(|(n, c)| (*n, c.slice(number, 1))).collect();
        in_parts.write(name, &super::parquet::parquet(&part));
    }
    let loaded = in_parts.load_as(&model).unwrap();
    assert_eq!(
        (values(&loaded.store, FILE, "kind"), taken(&loaded)),
        (vec!["0".into(), "-".into(), "1".into()], vec!["kind green: 1 (blue 1)".to_owned()])
    );
}
