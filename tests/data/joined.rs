//! Columns whose values stand in another table, as `left_on date? from exit.left_on` says.

use super::parquet::text;
use super::world::*;
use crate::generated::parsed;
use arrow::array::{ArrayRef, Date32Array, RecordBatch};
use datafusion::parquet::arrow::ArrowWriter;
use std::collections::BTreeSet;
use std::sync::Arc;
use yardstick::data::{self, Loaded, Options};
use yardstick::model::{Model, TableId};

const STAY: TableId = TableId(1);
const EXIT: TableId = TableId(2);

fn model() -> Model {
    let text = r#"levels whole > home
domains only "Only"
dates 9999-12-31 mean missing
table home { home_id key }
table stay {
  stay_id   key trimmed, ignoring case
  home      -> home
  began_on  date
  left_on   date? from exit.left_on
  gone_to   { kin, street }? known with left_on from exit.gone_to
  spans     began_on until left_on
}
table exit from "Exit" {
  stay      -> stay from "StayID"
  left_on   date written "dd/mm/yyyy" from "ExitDate"
  gone_to   { kin "1", street "2" }?
}"#;
    parsed::program(&[text.to_owned()]).unwrap().model
}

const STAYS: &str = "stay_id,home_id,began_on\na1,h,2024-01-01\nA2,h,2024-01-01\na3,h,2024-01-01\na4,h,2024-01-01\n";

/// The stays above, with these rows of exits.
fn folder(exits: &[&str]) -> Folder {
    let exits = format!("StayID,ExitDate,gone_to,by\n{}\n", exits.join("\n"));
    Folder::new(&[("home.csv", "home_id\nh\n"), ("stay.csv", STAYS), ("Exit.csv", &exits)])
}

fn load(exits: &[&str]) -> Loaded {
    folder(exits).load_as(&model()).unwrap()
}

fn ends(loaded: &Loaded) -> Vec<String> {
    ids(&loaded.store, STAY)
        .into_iter()
        .zip(values(&loaded.store, STAY, "left_on"))
        .map(|(a, b)| format!("{a} {b}"))
        .collect()
}

#[test]
fn the_row_that_leads_to_a_row_has_its_value() {
    let loaded = load(&[" A1,05/03/2024,1,x", "a2,31/12/9999,,y", "a4,01/01/2024,2,z"]);
    assert_eq!(ends(&loaded), ["a1 2024-03-05", "a3 -", "a4 2024-01-01"]);
    assert_eq!(values(&loaded.store, STAY, "gone_to"), ["0", "-", "1"]);
    // The one whose end is missing, and may not be there.
    assert_eq!(aside(&loaded, STAY), ["unreadable end exit.left_on: 1"]);
    assert_eq!(aside(&loaded, EXIT), ["missing value ExitDate: 1"]);
}

#[test]
fn what_cannot_be_read_is_told_where_it_stands() {
    let loaded = load(&["a1,05/03/2024,1,x", "a2,30/02/2024,1,x", "a3,05/03/2024,7,x"]);
    assert_eq!(ends(&loaded), ["a1 2024-03-05", "a3 2024-03-05", "a4 -"]);
    assert_eq!(aside(&loaded, STAY), ["unreadable end exit.left_on: 1"]);
    let report = loaded.report.table(STAY).unwrap();
    let shown = |e: &data::Example| format!("{} {} {} {}", e.file, e.place, e.id.as_deref().unwrap_or("-"), e.text);
    assert_eq!(shown(&report.aside[0].examples[0]), "Exit.csv line 3 A2 30/02/2024");
    assert_eq!(unknown(&loaded, STAY), ["unreadable value exit.gone_to: 1 (7 1)"]);
    assert_eq!(shown(&report.unknown[0].examples[0]), "Exit.csv line 4 a3 7");
}

#[test]
fn of_several_rows_that_differ_none_is_taken() {
    let loaded = load(&["a1,05/03/2024,1,x", "A1,05/03/2024,1,y", "a2,05/03/2024,1,x", "a2,05/03/2024,2,x"]);
    assert_eq!(ends(&loaded), ["a1 2024-03-05", "a3 -", "a4 -"]);
    assert_eq!(aside(&loaded, STAY), ["unreadable end exit.left_on: 1"]);
    let example = &loaded.report.table(STAY).unwrap().aside[0].examples[0];
    assert_eq!((example.text.as_str(), example.place.as_str()), ("2 rows of `exit`", "line 4"));
}

#[test]
fn a_row_that_leads_nowhere_ends_nothing() {
    let loaded = load(&["a1,05/03/2024,1,x", "b9,06/03/2024,1,x"]);
    assert_eq!(ends(&loaded), ["a1 2024-03-05", "A2 -", "a3 -", "a4 -"]);
    assert_eq!(aside(&loaded, EXIT), ["link to nothing StayID: 1"]);
}

#[test]
fn an_end_before_the_start_is_found() {
    let loaded = load(&["a1,31/12/2023,1,x", "a2,01/01/2024,1,x"]);
    assert_eq!(aside(&loaded, STAY), ["end before start exit.left_on: 1"]);
}

#[test]
fn what_has_not_come_has_not_happened() {
    let folder = folder(&["a1,05/03/2024,1,x", "a1,05/04/2024,2,x", "a2,05/04/2024,2,x"]);
    let at = |as_of: &str| {
        let options = Options { as_of: Some(as_of.parse().unwrap()), ..Options::default() };
        let all: BTreeSet<TableId> = [STAY].into();
        data::load(&model(), &data::Source::folder(folder.path()), &all, &options).unwrap()
    };
    // As an extract of that day would have had one row.
    let early = at("2024-03-31");
    assert_eq!(ends(&early), ["a1 2024-03-05", "A2 -", "a3 -", "a4 -"]);
    assert_eq!(values(&early.store, STAY, "gone_to"), ["0", "-", "-", "-"]);
    assert_eq!(ends(&at("2024-03-04")), ["a1 -", "A2 -", "a3 -", "a4 -"]);
    assert_eq!(ends(&at("2024-04-05")), ["A2 2024-04-05", "a3 -", "a4 -"]);
}

#[test]
fn parquet_files_have_no_such_column_either() {
    let folder = folder(&["a1,05/03/2024,1,x"]);
    folder.remove("stay.csv");
    let began: ArrayRef = Arc::new(Date32Array::from(vec![19_000, 19_000]));
    let columns =
        [("began_on", began), ("home_id", text(&[Some("h"), Some("h")])), ("stay_id", text(&[Some("a1"), Some("a2")]))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    folder.write("stay.parquet", &bytes);
    assert_eq!(ends(&folder.load_as(&model()).unwrap()), ["a1 2024-03-05", "a2 -"]);
}

#[test]
fn the_other_table_is_read_with_it() {
    let folder = folder(&[]);
    folder.remove("Exit.csv");
    let load = data::load(&model(), &data::Source::folder(folder.path()), &[STAY].into(), &Options::default());
    assert_eq!(load.unwrap_err().message, "there is no file for table `exit`");
}
