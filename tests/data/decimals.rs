//! Columns of decimals: exact, or not read at all.

use super::parquet::text;
use super::workbook::{row, workbook};
use super::world::*;
use crate::generated::parsed;
use arrow::array::{ArrayRef, Decimal128Array, Float32Array, Float64Array, Int64Array, RecordBatch};
use datafusion::parquet::arrow::ArrowWriter;
use std::sync::Arc;
use yardstick::data::Loaded;
use yardstick::model::{Model, TableId};

const BILL: TableId = TableId(0);

fn model() -> Model {
    let text = r#"levels whole > bill
domains only "Only"
table bill { bill_id key  paid decimal(6, 2)? }"#;
    parsed::program(&[text.to_owned()]).unwrap().model
}

fn paid(loaded: &Loaded) -> String {
    values(&loaded.store, BILL, "paid").join(" ")
}

#[test]
fn values_are_kept_to_the_last_digit() {
    let bills = "bill_id,paid\na,12.5\nb,-0.05\nc,9999.99\nd,7\ne,1.500\nf,\ng,-0\nh,007.10\n";
    let loaded = Folder::new(&[("bill.csv", bills)]).load_as(&model()).unwrap();
    assert_eq!(paid(&loaded), "1250 -5 999999 700 150 - 0 710");
    assert_eq!((loaded.report.aside_rows(), loaded.report.unknown_values()), (0, 0));
}

#[test]
fn nothing_is_rounded() {
    let bad = ["1.505", "10000", "\"1,234.50\"", ".5", "5.", "1e3", "+1", "--1", "1.-5", " 1", "$1", "٣"];
    for bad in bad {
        let bills = format!("bill_id,paid\na,12.5\nb,1\nc,{bad}\n");
        let loaded = Folder::new(&[("bill.csv", &bills)]).load_as(&model()).unwrap();
        assert_eq!(paid(&loaded), "1250 100 -", "{bad}");
        assert_eq!(unknown(&loaded, BILL), [format!("unreadable value paid: 1 ({} 1)", bad.trim_matches('"'))]);
    }
    let bills = "bill_id,paid\na,1.505\nb,1.005\nc,1.255\n";
    let problem = Folder::new(&[("bill.csv", bills)]).load_as(&model()).unwrap_err();
    assert!(problem.message.starts_with("column `paid` of table `bill` does not hold decimals"), "{problem:?}");
}

fn of_parquet(values: ArrayRef) -> Loaded {
    let ids: Vec<String> = (0..values.len()).map(|n| format!("b{n}")).collect();
    let ids: Vec<Option<&str>> = ids.iter().map(|id| Some(id.as_str())).collect();
    let batch = RecordBatch::try_from_iter([("bill_id", text(&ids)), ("paid", values)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let folder = Folder::new(&[]);
    folder.write("bill.parquet", &bytes);
    folder.load_as(&model()).unwrap()
}

#[test]
fn parquet_has_them_in_several_types() {
    let decimals = |values: Vec<Option<i128>>, scale| -> ArrayRef {
        Arc::new(Decimal128Array::from(values).with_precision_and_scale(20, scale).unwrap())
    };
    assert_eq!(paid(&of_parquet(decimals(vec![Some(1250), None, Some(-5)], 2))), "1250 - -5");
    assert_eq!(paid(&of_parquet(decimals(vec![Some(15000), Some(15010), Some(15001)], 4))), "150 - -");
    assert_eq!(paid(&of_parquet(decimals(vec![Some(1), Some(100_000)], 0))), "100 -");
    assert_eq!(paid(&of_parquet(Arc::new(Int64Array::from(vec![Some(12), None, Some(9_999)])))), "1200 - 999900");
    assert_eq!(paid(&of_parquet(Arc::new(Float32Array::from(vec![0.1, 2.5, 0.0])))), "10 250 0");
    let doubles = vec![12.34, 0.1, 0.125, 1e-7];
    let loaded = of_parquet(Arc::new(Float64Array::from(doubles)));
    assert_eq!(paid(&loaded), "1234 10 - -");
    assert_eq!(unknown(&loaded, BILL), ["unreadable value paid: 2 (0.0000001 1, 0.125 1)"]);
}

#[test]
fn a_workbook_has_them_as_numbers() {
    let rows = [
        row(1, &["bill_id", "paid"]),
        row(2, &["a", "<c><v>12.34</v></c>"]),
        row(3, &["b", "5.1"]),
        row(4, &["c", "<c><v>0.30000000000000004</v></c>"]),
    ];
    let folder = Folder::new(&[]);
    folder.write("bill.xlsx", &workbook(&[("Bills", &rows.concat())], false));
    let loaded = folder.load_as(&model()).unwrap();
    assert_eq!(paid(&loaded), "1234 510 -");
}
