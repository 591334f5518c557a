//! Every form of a report, on a small made-up department.
#![cfg(test)]

#[path = "report/book.rs"]
pub(crate) mod book;
#[path = "report/page.rs"]
pub(crate) mod page;
#[cfg(feature = "pdf")]
#[path = "report/pdf.rs"]
mod pdf;
#[path = "report/sample.rs"]
mod sample;
#[path = "report/slides.rs"]
mod slides;
#[path = "report/workbook.rs"]
pub(crate) mod workbook;

use sample::{Asked, report};
use yardstick::report::{FORMATS, Kind, find, find_extension};
use yardstick::scorecard::Peers;

/// The text of a format, colours stripped.
fn text(format: &str, asked: &Asked) -> String {
    let bytes = find(format).unwrap().bytes(&report(asked)).unwrap();
    anstream::adapter::strip_str(std::str::from_utf8(&bytes).unwrap()).to_string()
}

fn snapshot(name: &str, text: &str) {
    let text = &page::without_style_and_script(text);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("report/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn table() {
    snapshot("table", &text("table", &Asked::default()));
}

#[test]
fn table_in_eighty_columns_with_a_trend() {
    snapshot("table_narrow_trend", &text("table", &Asked { months: 24, width: 80, ..Asked::default() }));
}

#[test]
fn table_of_all_levels() {
    snapshot("table_all", &text("table", &Asked { levels: vec![0, 1, 2], ..Asked::default() }));
}

#[test]
fn table_under_one_entity() {
    snapshot("table_under", &text("table", &Asked { levels: vec![2], under: Some("o1"), ..Asked::default() }));
}

#[test]
fn peers_stand_together() {
    let asked = || Asked { peers: Some(Peers::All), ..Asked::default() };
    snapshot("table_peers", &text("table", &asked()));
    snapshot("markdown_peers", &text("markdown", &asked()));
    let page = text("html", &asked());
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(at(r#"scope="rowgroup">urban<"#) < at("Norwood") && at("Norwood") < at(r#"scope="rowgroup">no group<"#));
}

#[test]
fn who_is_asked_about_stands_above_its_peers() {
    // `o2`: the second in its level, the first of its group.
    let hierarchy = report(&Asked::default()).judged.hierarchy;
    let one = hierarchy.find_at(1, "o2").unwrap();
    let report = report(&Asked { peers: Some(Peers::Of(one)), ..Asked::default() });
    let ids: Vec<_> = report.judged.card(false).rows.iter().map(|r| r.id.clone()).collect();
    assert_eq!(ids, ["o2", "o1"]);
    let rows: Vec<_> = report.judged.rows().map(|r| (r.entity_id, r.peer_group)).collect();
    assert!(rows.contains(&("o1", Some("urban"))) && rows.iter().all(|r| ["o1", "o2"].contains(&r.0)), "{rows:?}");
}

#[test]
fn groups_of_several_breakdowns_stand_below_each_entity() {
    let asked = || Asked { groups: true, ..Asked::default() };
    for format in ["table", "markdown", "html", "csv", "json"] {
        snapshot(&format!("groups_{format}"), &text(format, &asked()));
    }
    for width in [50, 60, 72, 80, 100] {
        let text = text("table", &Asked { width, ..asked() });
        assert!(text.lines().all(|l| l.chars().count() <= width), "{width}\n{text}");
    }
}

#[test]
fn the_spread_behind_each_cell() {
    let asked = || Asked { spread: true, levels: vec![1], ..Asked::default() };
    snapshot("table_spread", &text("table", &asked()));
    snapshot("markdown_spread", &text("markdown", &asked()));
    for width in [50, 60, 72, 80, 100] {
        let text = text("table", &Asked { width, ..asked() });
        assert!(text.lines().all(|l| l.chars().count() <= width), "{width}\n{text}");
    }
}

#[test]
fn a_spread_is_the_colours_of_the_rows_below() {
    let report = report(&Asked { months: 24, levels: vec![0, 1, 2], ..Asked::default() });
    let hierarchy = &report.judged.hierarchy;
    let rows: Vec<_> = report.judged.rows().collect();
    let place = |r: &yardstick::scorecard::ResultRow| {
        (0..hierarchy.entities.len())
            .find(|&e| {
                hierarchy.entities[e].id == r.entity_id && hierarchy.levels[hierarchy.entities[e].level] == r.level
            })
            .unwrap()
    };
    let mut seen = 0;
    for row in &rows {
        let said = [row.below_green, row.below_yellow, row.below_red, row.below_none];
        if row.level == "unit" || ["no_cases", "suppressed", "not_observable", "bad_data"].contains(&row.state) {
            assert_eq!(said, [None; 4], "{row:?}");
            continue;
        }
        let below = hierarchy.below(place(row));
        let same = |r: &&yardstick::scorecard::ResultRow| {
            r.indicator == row.indicator && r.window_end == row.window_end && below.contains(&place(r))
        };
        let of = |band: Option<&str>| {
            rows.iter().filter(same).filter(|r| r.band == band && (band.is_some() || r.state != "no_cases")).count()
        };
        let counted = [Some("green"), Some("yellow"), Some("red"), None].map(|band| Some(of(band) as u64));
        assert_eq!(said, counted, "{row:?}");
        seen += of(None);
    }
    assert!(seen > 0, "no entity below has cases and no colour");
}

#[test]
fn table_in_blocks_where_columns_do_not_fit() {
    snapshot("table_blocks", &text("table", &Asked { width: 50, ..Asked::default() }));
}

#[test]
fn titles_stand_again_above_many_rows() {
    let bytes = find("table").unwrap().bytes(&report(&Asked { more: 100, ..Asked::default() })).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap().matches("recurrence").count(),
        3 + 1 + 1,
        "three heads, what is said of too few cases, and the list of columns"
    );
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in [60, 72, 80, 100, 132, 200] {
        for months in [1, 24] {
            let text = text("table", &Asked { width, months, levels: vec![0, 1, 2], ..Asked::default() });
            let widest = text.lines().map(|l| l.chars().count()).max().unwrap();
            assert!(widest <= width, "{widest} > {width}\n{text}");
        }
    }
}

#[test]
fn colours_stand_behind_letters() {
    let bytes = find("table").unwrap().bytes(&report(&Asked::default())).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let line = text.lines().find(|l| l.starts_with("o1 Norwood")).unwrap();
    snapshot("table_colours", &line.replace('\u{1b}', "ESC"));
}

#[test]
fn csv() {
    snapshot("csv", &text("csv", &Asked { levels: vec![0, 1], ..Asked::default() }));
}

#[test]
fn json() {
    snapshot("json", &text("json", &Asked { levels: vec![0], ..Asked::default() }));
}

#[test]
fn markdown() {
    snapshot("markdown", &text("markdown", &Asked::default()));
}

#[test]
fn markdown_with_a_trend() {
    snapshot("markdown_trend", &text("markdown", &Asked { months: 6, levels: vec![1, 2], ..Asked::default() }));
}

#[test]
fn levels_add_up_in_the_result() {
    let rows = report(&Asked { months: 6, levels: vec![0, 1, 2], ..Asked::default() });
    let rows: Vec<_> = rows.judged.rows().collect();
    let hidden = |r: &&yardstick::scorecard::ResultRow| r.indicator == "permanency_24_months";
    for whole in rows.iter().filter(|r| r.level == "department" && r.denominator.is_some()).filter(|r| !hidden(r)) {
        for level in ["office", "unit"] {
            let same = |r: &&yardstick::scorecard::ResultRow| {
                r.level == level && r.indicator == whole.indicator && r.window_end == whole.window_end
            };
            let sum = |of: fn(&yardstick::scorecard::ResultRow) -> Option<f64>| {
                rows.iter().filter(same).filter_map(of).sum::<f64>()
            };
            assert_eq!(Some(sum(|r| r.numerator)), whole.numerator, "{whole:?}");
            assert_eq!(Some(sum(|r| r.denominator)), whole.denominator, "{whole:?}");
        }
    }
}

#[test]
fn html() {
    snapshot("html", &text("html", &Asked::default()));
}

/// Writes the pages to look at in a browser: `LOOK=dir cargo test -- report::look`.
#[test]
fn look() {
    let Ok(dir) = std::env::var("LOOK") else { return };
    for (name, months) in [("one", 1), ("trend", 24)] {
        for format in ["html", "table", "markdown"] {
            let asked = Asked { months, ..Asked::default() };
            std::fs::write(format!("{dir}/{name}.{format}"), find(format).unwrap().bytes(&report(&asked)).unwrap())
                .unwrap();
        }
    }
}

#[test]
fn the_page_lets_no_text_become_markup() {
    let page = text("html", &Asked { months: 24, levels: vec![0, 1, 2], ..Asked::default() });
    assert!(!page.contains("<b>\"Bay") && !page.contains("<soon>"));
}

#[test]
fn the_same_bytes_from_run_to_run() {
    let asked = Asked { months: 24, levels: vec![0, 1, 2], ..Asked::default() };
    for format in FORMATS {
        let [one, two] = [(); 2].map(|()| format.bytes(&report(&asked)).unwrap());
        assert!(one == two, "{}", format.name);
    }
}

#[test]
fn formats_are_found_by_name_and_by_ending() {
    for format in FORMATS {
        assert_eq!(find(format.name).unwrap().name, format.name);
        assert_eq!(find_extension(&format.extension.to_uppercase()).unwrap().name, format.name);
        assert_eq!(format.kind == Kind::Binary, ["parquet", "xlsx"].contains(&format.name));
    }
    assert!(find("docx").is_none() && find_extension("docx").is_none());
}

mod parquet {
    use super::sample::{Asked, report};
    use arrow::array::{Array, AsArray, RecordBatch};
    use arrow::datatypes::{Date32Type, Float64Type};
    use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use std::fs::File;
    use std::io::{Seek, SeekFrom, Write};
    use yardstick::report::{Report, Writing, find};

    fn read(asked: &Asked) -> Vec<RecordBatch> {
        let reader = reader(&find("parquet").unwrap().bytes(&report(asked)).unwrap()).build().unwrap();
        reader.collect::<Result<_, _>>().unwrap()
    }

    fn reader(bytes: &[u8]) -> ParquetRecordBatchReaderBuilder<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
    }

    #[test]
    fn columns_are_typed_and_hold_every_row() {
        let asked = Asked::default();
        let batches = read(&asked);
        let types: Vec<String> = batches[0]
            .schema()
            .fields()
            .iter()
            .map(|f| format!("{} {}{}", f.name(), f.data_type(), if f.is_nullable() { " or missing" } else { "" }))
            .collect();
        super::snapshot("parquet_types", &types.join("\n"));
        assert_eq!(batches.iter().map(|b| b.num_rows()).sum::<usize>(), report(&asked).judged.rows().count());
    }

    #[test]
    fn groups_have_the_rows_of_the_other_formats() {
        let asked = Asked { groups: true, ..Asked::default() };
        let bytes = find("parquet").unwrap().bytes(&report(&asked)).unwrap();
        let rows: usize = reader(&bytes).build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(rows, super::text("csv", &asked).lines().count() - 1);
    }

    #[test]
    fn indicators_with_many_rows_and_with_few_stand_in_their_order() {
        let asked = |months| report(&Asked { months, more: 60, levels: vec![0, 1, 2], ..Asked::default() });
        let (mut all, many) = (asked(1), asked(600).judged.tables);
        let few = all.judged.tables.clone();
        all.judged.tables = [&few, &many[..2], &few].into_iter().flatten().cloned().collect();
        let Writing::Rows(begin) = find("parquet").unwrap().writing else {
            panic!("not written indicator by indicator")
        };
        let bytes = [Some(1), Some(3)].map(|threads| {
            let (mut out, mut rows) = (Vec::new(), begin().unwrap());
            let mut one = Report { threads, ..all.clone() };
            for table in &all.judged.tables {
                one.judged.tables = vec![table.clone()];
                rows.add(&one, &mut out).unwrap();
            }
            rows.end(&mut out).unwrap();
            out
        });
        assert!(bytes[0] == bytes[1], "the number of threads changes bytes");
        let reader = reader(&bytes[0]);
        // The few before, two for each of the two, the few behind.
        assert_eq!(reader.metadata().num_row_groups(), 1 + 2 + 2 + 1);
        let batches: Vec<RecordBatch> = reader.build().unwrap().collect::<Result<_, _>>().unwrap();
        let found = batches.iter().flat_map(|batch| {
            let texts = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
            let numbers = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().clone();
            let days = batch.column_by_name("window_end").unwrap().as_primitive::<Date32Type>().clone();
            let (ids, entities, bands, values) =
                (texts("indicator"), texts("entity_id"), texts("band"), numbers("value"));
            (0..batch.num_rows()).map(move |row| {
                let band = bands.is_valid(row).then(|| bands.value(row).to_owned());
                let value = values.is_valid(row).then(|| values.value(row));
                (ids.value(row).to_owned(), entities.value(row).to_owned(), days.value_as_date(row), band, value)
            })
        });
        let rows = all.judged.rows().map(|row| {
            let band = row.band.map(str::to_owned);
            (row.indicator.to_owned(), row.entity_id.to_owned(), Some(row.window_end.date), band, row.value)
        });
        assert!(found.eq(rows));
    }

    #[test]
    fn no_rows_are_still_a_table() {
        let mut empty = report(&Asked::default());
        empty.judged.tables.clear();
        assert!(find("parquet").unwrap().bytes(&empty).is_ok());
    }
}
