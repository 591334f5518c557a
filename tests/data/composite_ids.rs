//! Ids that are made of several columns of the file.

use super::parquet::text;
use super::workbook::{row, workbook};
use super::world::*;
use crate::generated::parsed;
use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch};
use datafusion::parquet::arrow::ArrowWriter;
use std::sync::Arc;
use yardstick::data::Loaded;
use yardstick::model::{Model, TableId};

const PLACE: TableId = TableId(1);
const PLAN: TableId = TableId(2);

/// Places, which are told apart by office and carrier, and plans there. How ids are read is said at
/// the key, and whether the link may be missing.
fn model(key: &str, maybe: &str) -> Model {
    let text = format!(
        r#"levels whole > office > place
domains only "Only"
text "NULL" mean missing
table office {{ office_id key }}
table place "a carrier at an office" {{
  place    key {key} from "OFFICE" and "CARRIER"
  office   -> office from "OFFICE"
  carrier  text? from "CARRIER"
}}
table plan "a plan" {{
  plan_id  key
  place    -> place{maybe} from "office" and "carrier"
  begun    date
}}"#
    );
    parsed::program(&[text]).unwrap().model
}

/// These places and plans, with four plain offices.
fn folder(places: &[&str], plans: &[&str]) -> Folder {
    let places = format!("CARRIER,OFFICE\n{}\n", places.join("\n"));
    let plans = format!("plan_id,office,carrier,begun\n{}\n", plans.join("\n"));
    let offices = "office_id\na\nab\n1\n01\n";
    Folder::new(&[("office.csv", offices), ("place.csv", &places), ("plan.csv", &plans)])
}

/// The ids that the plans lead to.
fn led(loaded: &Loaded) -> Vec<String> {
    let places = ids(&loaded.store, PLACE);
    let of = |row: String| row.parse::<usize>().map_or("-".to_owned(), |row| places[row].clone());
    let (plans, links) = (ids(&loaded.store, PLAN), values(&loaded.store, PLAN, "place"));
    plans.into_iter().zip(links).map(|(plan, row)| format!("{plan} {}", of(row))).collect()
}

#[test]
fn parts_are_told_apart() {
    let places = ["bc,a", "c,ab", "x/y,a", "y,a"];
    let plans = ["p1,ab,c,2024-01-01", "p2,a,bc,2024-01-01", "p3,a,x/y,2024-01-01", "p4,a,y,2024-01-01"];
    let loaded = folder(&places, &plans).load_as(&model("", "")).unwrap();
    assert_eq!(ids(&loaded.store, PLACE), ["a/bc", "a/x\\/y", "a/y", "ab/c"]);
    assert_eq!(led(&loaded), ["p1 ab/c", "p2 a/bc", "p3 a/x\\/y", "p4 a/y"]);
    assert_eq!(values(&loaded.store, PLACE, "carrier"), ["bc", "x/y", "y", "c"]);
    assert_eq!((loaded.report.aside_rows(), loaded.report.unknown_values()), (0, 0));
}

#[test]
fn a_part_that_is_missing_breaks_a_key_and_is_no_link() {
    let places = ["x,a", ",a", "NULL,ab"];
    let plans = ["p1,a,x,2024-01-01", "p2,a,,2024-01-01", "p3,NULL,x,2024-01-01", "p4,,,2024-01-01"];
    let loaded = folder(&places, &plans).load_as(&model("", "?")).unwrap();
    assert_eq!(aside(&loaded, PLACE), ["missing value OFFICE and CARRIER: 2"]);
    assert_eq!(led(&loaded), ["p1 a/x", "p2 -", "p3 -", "p4 -"]);
    assert_eq!(loaded.report.unknown_values(), 0);
    let loaded = folder(&places, &plans).load_as(&model("", "")).unwrap();
    assert_eq!(led(&loaded), ["p1 a/x"]);
    assert_eq!(aside(&loaded, PLAN), ["missing value office and carrier: 3"]);
}

#[test]
fn rows_that_share_all_parts_and_links_to_none() {
    let places = ["x,a", "x,a", "y,a", "x,ab"];
    let plans = ["p1,a,x,2024-01-01", "p2,ab,y,2024-01-01", "p3,ab,x,2024-01-01"];
    let folder = folder(&places, &plans);
    let loaded = folder.load_as(&model("", "?")).unwrap();
    assert_eq!(aside(&loaded, PLACE), ["repeated row -: 1"]);
    assert_eq!(led(&loaded), ["p1 a/x", "p2 -", "p3 ab/x"]);
    assert_eq!(unknown(&loaded, PLAN), ["link to nothing office and carrier: 1 (ab/y 1)"]);
    // Rows that differ in more than their id all go.
    folder.write("place.csv", b"CARRIER,OFFICE,name\nx,a,one\nx,a,two\ny,a,three\n");
    let named = r#"levels whole > place
domains only "Only"
table place { place key from "OFFICE" and "CARRIER"  name text }"#;
    let loaded = folder.load_as(&parsed::program(&[named.to_owned()]).unwrap().model).unwrap();
    let report = loaded.report.table(TableId(0)).unwrap();
    assert_eq!(report.aside[0].column.as_deref(), Some("OFFICE and CARRIER"));
    assert_eq!(report.aside[0].examples[0].id.as_deref(), Some("a/x"));
    assert_eq!(ids(&loaded.store, TableId(0)), ["a/y"]);
}

#[test]
fn each_part_is_read_as_the_key_says() {
    let places = ["Lee ,1", "lee,01"];
    let plans = ["p1,001,LEE,2024-01-01", "p2, 1.0,lee  ,2024-01-01"];
    let loaded = folder(&places[..1], &plans).load_as(&model("trimmed, ignoring case, as whole number", "")).unwrap();
    assert_eq!(led(&loaded), ["p1 1/Lee", "p2 1/Lee"]);
    let loaded = folder(&places, &["p1,1,Lee ,2024-01-01"]).load_as(&model("", "")).unwrap();
    assert_eq!(led(&loaded), ["p1 1/Lee "]);
    assert_eq!(ids(&loaded.store, PLACE), ["01/lee", "1/Lee "]);
}

#[test]
fn blanks_that_keep_links_from_their_rows_are_told() {
    let plans: Vec<String> = (0..6).map(|n| format!("p{n},a,x  ,2024-01-01")).collect();
    let plans: Vec<&str> = plans.iter().map(String::as_str).collect();
    let problem = folder(&["x,a"], &plans).load_as(&model("", "?")).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0825");
    assert!(problem.help.unwrap().contains("write `place key trimmed` in table `place`"));
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let folder = folder(&["x,a"], &[]);
    folder.write("plan.csv", b"plan_id,office,carriers,begun\n");
    let problem = folder.load_as(&model("", "")).unwrap_err();
    assert_eq!(problem.message, "table `plan` has no column `carrier` in its file");
    assert!(problem.help.unwrap().contains("`carriers`"));
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_has_numbers_and_texts_as_parts() {
    let folder = folder(&["x,1", "y,1"], &[]);
    folder.remove("plan.csv");
    let begun = super::parquet::days(&[Some("2024-01-01"), Some("2024-01-01"), Some("2024-01-01")]);
    let carrier = text(&[Some("x"), Some("y"), None]);
    let plans = |office: ArrayRef| {
        let ids = text(&[Some("p1"), Some("p2"), Some("p3")]);
        parquet(vec![("carrier", carrier.clone()), ("plan_id", ids), ("begun", begun.clone()), ("office", office)])
    };
    folder.write("plan.parquet", &plans(Arc::new(Int32Array::from(vec![1, 1, 1]))));
    let loaded = folder.load_as(&model("", "?")).unwrap();
    assert_eq!(led(&loaded), ["p1 1/x", "p2 1/y", "p3 -"]);
    let halves = plans(Arc::new(Float64Array::from(vec![1.0, 1.5, 1.0])));
    folder.write("plan.parquet", &halves);
    let problem = folder.load_as(&model("", "?")).unwrap_err();
    assert_eq!(
        problem.message,
        "column `office` of table `plan` holds numbers with fractions, where the model says ids"
    );
    let loaded = folder.load_as(&model("as whole number", "?")).unwrap();
    assert_eq!(led(&loaded), ["p1 1/x", "p2 -", "p3 -"]);
    assert_eq!(unknown(&loaded, PLAN), ["unreadable value office and carrier: 1 (1.5 1)"]);
}

#[test]
fn a_workbook_has_them_in_its_cells() {
    let folder = folder(&[], &["p1,1,x,2024-01-01"]);
    folder.remove("place.csv");
    let rows = [row(1, &["OFFICE", "CARRIER"]), row(2, &["<c><v>1</v></c>", "x"]), row(3, &["a"])].concat();
    folder.write("place.xlsx", &workbook(&[("Places", &rows)], false));
    let loaded = folder.load_as(&model("", "")).unwrap();
    assert_eq!(led(&loaded), ["p1 1/x"]);
    assert_eq!(aside(&loaded, PLACE), ["missing value OFFICE and CARRIER: 1"]);
}
