//! Files that were extracted from a database: their texts are read as those of CSV.

use super::world::*;
use arrow::array::StringArray;
use std::fs;
use tempfile::TempDir;
use yardstick::data::{Extract, Loaded, Problem};
use yardstick::model::{Form, Model, Times};
use yardstick::zone::Zone;

/// The rows of a CSV text as an extracted file; `typed` are the columns that have a type for days,
/// times or flags in the database.
fn extracted(csv: &str, typed: &[&str]) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.parquet");
    let columns: Vec<(&str, bool)> = names.iter().map(|n| (n.as_str(), typed.contains(&n.as_str()))).collect();
    let mut file = Extract::begin(&path, &columns).unwrap();
    let column = |rows: &[csv::StringRecord], at: usize| {
        rows.iter().map(|row| row.get(at).filter(|text| !text.is_empty())).collect::<StringArray>()
    };
    // In two pieces, as they come.
    for rows in rows.chunks(2) {
        file.add((0..names.len()).map(|at| column(rows, at)).collect()).unwrap();
    }
    let (written, hash) = file.finish().unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!((written, hash), (rows.len() as u64, blake3_of(&bytes)));
    bytes
}

fn blake3_of(bytes: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("x"), bytes).unwrap();
    yardstick::inputs::hash(&folder.path().join("x")).unwrap()
}

/// What is read of `file`, when it is these rows, from CSV and from an extract.
fn both(csv: &str, typed: &[&str], model: &Model) -> [Result<Loaded, Problem>; 2] {
    let from_csv = Folder::sound(&[("file.csv", csv)]);
    let from_extract = Folder::sound(&[]);
    from_extract.remove("file.csv");
    from_extract.write("file.parquet", &extracted(csv, typed));
    [from_csv.load_as(model), from_extract.load_as(model)]
}

/// What was found in `file`, without the places, which are lines there and rows here.
fn told(loaded: &Loaded) -> (Vec<String>, Vec<String>) {
    (aside(loaded, FILE), unknown(loaded, FILE))
}

#[test]
fn an_extract_is_read_as_the_same_texts_of_a_csv_file() {
    let row = |cells: &str| format!("{FILES}{cells}\n");
    for csv in [
        FILES.to_owned(),
        row("f4,c1,,infinity,,red,,true,,"),
        row("f4,c1,,2024-01-01,infinity,red,,true,,"),
        row("f4,c1,,2024-02-30,,red,,true,,"),
        row("f4,c1,,2024-01-01,unknown,red,,true,,"),
        row("f4,c1,,0044-03-15 BC,,red,,true,,"),
        row("f4,c1,,2024-01-01 00:00:00,9999-12-31,pink,2024-13-01 10:00,perhaps,12.5,x"),
        row("f4,c9,,2024-01-01,,red,2024-01-01 10:00:00.123456,f,9223372036854775808,"),
        row("f1,c1,,2024-01-01,,red,,true,,\nf4,c1,,,,red,,t,007,"),
        row("F1,c1,,2024-01-01,2023-01-01,red,,true,,\n ,c1,,2024-01-01,,red,,true,,"),
    ] {
        let [from_csv, from_extract] = both(&csv, &[], &model());
        let (from_csv, from_extract) = (from_csv.unwrap(), from_extract.unwrap());
        assert_eq!(everything(&from_extract.store), everything(&from_csv.store), "{csv}");
        assert_eq!(told(&from_extract), told(&from_csv), "{csv}");
    }
}

#[test]
fn a_day_without_end_is_told_and_no_day_of_any_time() {
    let csv = format!("{FILES}f4,c1,,infinity,,red,,true,,\nf5,c1,,2024-01-01,infinity,red,,true,,\n");
    let [_, extract] = both(&csv, &["opened", "closed", "seen", "urgent"], &model());
    let loaded = extract.unwrap();
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3"]);
    let found = ["cannot be read opened: 1", "end that cannot be read closed: 1"];
    assert_eq!(aside(&loaded, FILE).len(), found.len(), "{:?}", aside(&loaded, FILE));
    // Where the word means that a stay is open, the model says so.
    let open = Model { missing_words: vec!["infinity".into()], ..model() };
    let [_, extract] = both(&csv, &["opened", "closed"], &open);
    let loaded = extract.unwrap();
    assert_eq!(ids(&loaded.store, FILE), ["f1", "f2", "f3", "f5"]);
    assert_eq!(values(&loaded.store, FILE, "closed")[3], "-");
}

#[test]
fn a_column_that_is_mostly_days_without_end_names_the_line_that_reads_it() {
    let rows: String = (0..4).map(|n| format!("g{n},c1,,2024-01-01,infinity,red,,true,,\n")).collect();
    let csv = format!("{FILES}{rows}");
    for problem in both(&csv, &["opened", "closed"], &model()).map(Result::unwrap_err) {
        assert!(problem.message.contains("4 of the 4 values that cannot be read are the word `infinity`"), "{problem}");
        assert!(problem.help.unwrap().contains("add `text \"infinity\" mean missing` to the model"));
    }
}

#[test]
fn days_of_a_type_for_days_are_read_whatever_form_the_model_names_for_texts() {
    let mut model = model();
    model.tables[3].columns[3].forms = vec![Form::parse("dd/mm/yyyy").unwrap()];
    let [csv, extract] = both(FILES, &["opened"], &model);
    assert!(csv.is_err());
    assert_eq!(values(&extract.unwrap().store, FILE, "opened"), ["2024-01-01", "2024-03-01", "2024-05-01"]);
    // Texts have the form of the model, also in an extract.
    assert!(both(FILES, &[], &model)[1].is_err());
    let written =
        FILES.replace("f1,c1,,2024-01-01", "f1,c1,,01/01/2024").replace("f2,c2,f1,2024-03-01", "f2,c2,f1,01/03/2024");
    let written = written.replace("f3,,,2024-05-01", "f3,,,01/05/2024");
    let [csv, extract] = both(&written, &[], &model);
    assert_eq!(everything(&extract.unwrap().store), everything(&csv.unwrap().store));
}

#[test]
fn instants_of_a_database_are_local_times_where_the_model_says_where() {
    let csv = FILES.replace("2024-01-01 09:30", "2024-01-01 17:30:00.5+00");
    let local = Model { times: Times::LocalTo(Zone::named("America/Los_Angeles").unwrap()), ..model() };
    let [_, extract] = both(&csv, &["seen"], &local);
    assert_eq!(values(&extract.unwrap().store, FILE, "seen")[0], "2024-01-01T09:30:00");
    let [_, extract] = both(&csv, &["seen"], &model());
    assert_eq!(extract.unwrap_err().code.as_str(), "E0824");
}

#[test]
fn a_table_without_rows_is_one() {
    let [csv, extract] = both(FILES.lines().next().unwrap(), &[], &model());
    assert_eq!(everything(&extract.unwrap().store), everything(&csv.unwrap().store));
}
