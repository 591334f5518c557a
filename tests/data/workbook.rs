//! Tables in sheets of Excel workbooks.

use super::world::*;
use crate::generated::parsed;
use std::io::{Cursor, Write};
use yardstick::data::{self, Loaded};
use yardstick::model::Model;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const BOOK: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook of these sheets, each with the inside of its `sheetData`. Style 1 is a day, style 2 a
/// time, style 3 a length of time; styles 4 to 6 show a number with its unit.
pub(crate) fn workbook(sheets: &[(&str, &str)], from_1904: bool) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let number = |n: usize| n + 1;
    let all = |of: &dyn Fn(usize, &str) -> String| -> String {
        sheets.iter().enumerate().map(|(n, (name, _))| of(number(n), name)).collect()
    };
    let kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let overrides = all(&|n, _| {
        format!(r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>"#)
    });
    part(
        "[Content_Types].xml",
        format!(
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>{overrides}</Types>"#
        ),
    );
    part(
        "_rels/.rels",
        format!(
            r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    let listed = all(&|n, name| format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#));
    let epoch = if from_1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
    part(
        "xl/workbook.xml",
        format!(r#"<workbook xmlns="{BOOK}" xmlns:r="{OFFICE}">{epoch}<sheets>{listed}</sheets></workbook>"#),
    );
    let related = all(&|n, _| {
        format!(r#"<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>"#)
    });
    part(
        "xl/_rels/workbook.xml.rels",
        format!(
            r#"<Relationships xmlns="{PACKAGE}">{related}<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId98" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
        ),
    );
    part(
        "xl/styles.xml",
        format!(
            r#"<styleSheet xmlns="{BOOK}"><numFmts count="4"><numFmt numFmtId="170" formatCode="[h]:mm"/><numFmt numFmtId="171" formatCode="0\d"/><numFmt numFmtId="172" formatCode="0\m"/><numFmt numFmtId="173" formatCode="0&quot; days&quot;"/></numFmts><cellXfs count="7"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="173"/></cellXfs></styleSheet>"#
        ),
    );
    part(
        "xl/sharedStrings.xml",
        format!(
            r#"<sst xmlns="{BOOK}"><si><t>shared &amp; read</t></si><si><r><t xml:space="preserve">in </t></r><r><t>parts</t></r></si></sst>"#
        ),
    );
    for (n, (_, data)) in sheets.iter().enumerate() {
        part(
            &format!("xl/worksheets/sheet{}.xml", number(n)),
            format!(
                r#"<worksheet xmlns="{BOOK}"><dimension ref="A1:XFD1048576"/><sheetData>{data}</sheetData></worksheet>"#
            ),
        );
    }
    zip.finish().unwrap().into_inner()
}

/// A row of cells: texts, or whole cells as they stand in the file.
pub(crate) fn row(number: usize, cells: &[&str]) -> String {
    let cell = |(n, text): (usize, &&str)| match text.strip_prefix('<') {
        Some(_) => text.replacen("<c", &format!("<c r=\"{}{number}\"", char::from(b'A' + n as u8)), 1),
        None if text.is_empty() => String::new(),
        None => format!("<c r=\"{}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>", char::from(b'A' + n as u8)),
    };
    format!("<row r=\"{number}\">{}</row>", cells.iter().enumerate().map(cell).collect::<String>())
}

pub(crate) fn model() -> Model {
    tables(&[("a", &["a_id key", "on date?", "at timestamp?", "n int?", "yes bool?", "word x|y?", "note text?"])])
}

pub(crate) const NAMES: [&str; 8] = ["a_id", "on", "at", "n", "yes", "word", "note", "nobody"];

fn load(rows: &[String], from_1904: bool) -> Loaded {
    let folder = Folder::new(&[]);
    folder.write("a.xlsx", &workbook(&[("Sheet1", &rows.concat())], from_1904));
    folder.load_as(&model()).unwrap()
}

fn of(loaded: &Loaded, column: &str) -> String {
    values(&loaded.store, DESK, column).join(" ")
}

#[test]
fn cells_of_every_kind() {
    let loaded = load(
        &[
            row(2, &NAMES),
            row(
                3,
                &[
                    "<c><v>12</v></c>",
                    r#"<c s="1"><v>45351</v></c>"#,
                    r#"<c s="2"><v>45351.604166666664</v></c>"#,
                    "<c><v>7</v></c>",
                    r#"<c t="b"><v>1</v></c>"#,
                    "x",
                    r#"<c t="s"><v>0</v></c>"#,
                ],
            ),
            "<row r=\"4\"></row>".to_owned(),
            row(5, &["13", "2024-03-01", "2024-03-01 08:15", "8.0", "no", "y", r#"<c t="s"><v>1</v></c>"#]),
            row(6, &["", "", "", "", "", "", ""]),
            row(7, &[r#"<c t="str"><f>1+13</f><v>14</v></c>"#, r#"<c s="1"><f>TODAY()</f><v>61</v></c>"#]),
        ],
        false,
    );
    assert_eq!(ids(&loaded.store, DESK), ["12", "13", "14"]);
    assert_eq!(of(&loaded, "on"), "2024-02-29 2024-03-01 1900-03-01");
    assert_eq!(of(&loaded, "at"), "2024-02-29T14:30:00 2024-03-01T08:15:00 -");
    assert_eq!(of(&loaded, "n"), "7 8 -");
    assert_eq!(of(&loaded, "yes"), "true false -");
    assert_eq!(of(&loaded, "word"), "0 1 -");
    assert_eq!(values(&loaded.store, DESK, "note"), ["shared & read", "in parts", "-"]);
    assert_eq!((loaded.report.aside_rows(), loaded.report.unknown_values()), (0, 0));
}

/// Some readers take them for days, as the letter in their form is one of days or months.
#[test]
fn numbers_that_are_shown_with_their_unit_are_numbers() {
    let with = |style: usize| format!(r#"<c s="{style}"><v>12</v></c>"#);
    let rows: Vec<String> =
        (4..7).map(|style| row(style, &[&format!("r{style}"), "", "", &with(style), "", "", "007"])).collect();
    let loaded = load(&[vec![row(1, &NAMES)], rows].concat(), false);
    assert_eq!(of(&loaded, "n"), "12 12 12");
    assert_eq!(of(&loaded, "note"), "007 007 007");
    assert_eq!((loaded.report.aside_rows(), loaded.report.unknown_values()), (0, 0));
}

#[test]
fn what_is_no_value_is_not_known() {
    let loaded = load(
        &[
            row(1, &NAMES),
            row(2, &["1", r#"<c s="1"><v>60</v></c>"#, r#"<c t="e"><v>#N/A</v></c>"#, "<c><v>1.5</v></c>"]),
            row(3, &["2", "<c><f>B9</f></c>", "<c s=\"1\"><v>45351</v></c>", "<c><v>2</v></c>", "<c><v>1</v></c>"]),
            row(
                4,
                &[
                    "3",
                    r#"<c s="1"><v>45351</v></c>"#,
                    "",
                    "",
                    r#"<c t="e"><v>#REF!</v></c>"#,
                    r#"<c t="b"><v>1</v></c>"#,
                ],
            ),
            row(5, &["4", "<c s=\"2\"><v>45351.5</v></c>", "", "", "", "x", r#"<c t="e"><v>#DIV/0!</v></c>"#]),
            row(6, &["5", r#"<c s="1"><v>45351</v></c>"#, r#"<c s="3"><v>1.5</v></c>"#]),
            row(7, &["6", r#"<c s="1"><v>45351</v></c>"#, r#"<c s="2"><v>45351</v></c>"#]),
            row(8, &["7", r#"<c s="1"><v>45351</v></c>"#, r#"<c s="2"><v>45351</v></c>"#]),
            row(9, &[r#"<c t="e"><v>#N/A</v></c>"#]),
        ],
        false,
    );
    assert_eq!(aside(&loaded, DESK), ["unreadable value a_id: 1"]);
    assert_eq!(of(&loaded, "on"), "- - 2024-02-29 - 2024-02-29 2024-02-29 2024-02-29");
    assert_eq!(of(&loaded, "at"), "- 2024-02-29T00:00:00 - - - 2024-02-29T00:00:00 2024-02-29T00:00:00");
    assert_eq!(of(&loaded, "yes"), "- true - - - - -");
    let expected = [
        "unreadable value on: 3 (1900-02-29 1, 2024-02-29 12:00:00 1, a formula without a value 1)",
        "unreadable value at: 2 (#N/A 1, 1.5 1)",
        "unreadable value n: 1 (1.5 1)",
        "unreadable value yes: 1 (#REF! 1)",
        "unreadable value note: 1 (#DIV/0! 1)",
        "unknown code word: 1 (TRUE 1)",
    ];
    assert_eq!(unknown(&loaded, DESK), expected);
    let example = &loaded.report.tables[0].unknown[0].examples[0];
    assert_eq!((example.file.as_str(), example.place.as_str()), ("a.xlsx", "row 2"));
}

#[test]
fn days_from_1904() {
    let rows = [row(1, &NAMES), row(2, &["1", r#"<c s="1"><v>43889</v></c>"#, r#"<c s="2"><v>0.5</v></c>"#])];
    let loaded = load(&rows, true);
    assert_eq!((of(&loaded, "on"), of(&loaded, "at")), ("2024-02-29".to_owned(), "1904-01-01T12:00:00".to_owned()));
}

/// What is said of a workbook of these sheets.
fn refused(sheets: &[(&str, &str)]) -> (String, String) {
    let folder = Folder::new(&[]);
    folder.write("a.xlsx", &workbook(sheets, false));
    let problem = folder.load_as(&model()).unwrap_err();
    assert_eq!(problem.file.as_deref(), Some(folder.path().join("a.xlsx").as_path()), "{problem}");
    (problem.message, problem.help.unwrap_or_default())
}

#[test]
fn what_is_refused() {
    let (message, help) = refused(&[("One", ""), ("Two", "")]);
    assert_eq!(message, "`a.xlsx` has 2 sheets, and the model names none: `One`, `Two`");
    assert_eq!(help, "say which one in the model: `from \"a\" sheet \"One\"`");
    assert_eq!(refused(&[("One", "")]).0, "the sheet of table `a` is empty");
    assert_eq!(refused(&[("One", &row(1, &NAMES[..6]))]).0, "table `a` has no column `note` in its file");
    let turned = [row(2, &NAMES), row(1, &["1"])].concat();
    assert!(refused(&[("One", &turned)]).0.ends_with("row 1 comes after row 2"));
    let far = r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#;
    assert!(refused(&[("One", far)]).0.starts_with("the workbook cannot be read: "), "{:?}", refused(&[("One", far)]));
    assert!(refused(&[("One", "<row r=\"1\"><c>")]).0.starts_with("the workbook cannot be read: "));
    // A text that does not end: what is unpacked is never kept.
    let long = format!("<row r=\"1\"><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "a".repeat(33 << 20));
    assert!(refused(&[("One", &long)]).0.starts_with("the workbook unpacks to more than "));
    let folder = Folder::new(&[("a.xlsx", "no workbook")]);
    let problem = folder.load_as(&model()).unwrap_err();
    assert!(problem.message.starts_with("the workbook cannot be read: "), "{problem}");
    let whole = workbook(&[("One", &row(1, &NAMES))], false);
    for cut in (0..whole.len()).step_by(97) {
        folder.write("a.xlsx", &whole[..cut]);
        assert!(folder.load_as(&model()).is_err(), "{cut}");
    }
}

#[test]
fn two_tables_in_one_workbook() {
    let text = r#"levels whole > home
domains only "Only"
table home from "return" sheet "The homes" { home_id key }
table stay from "return" sheet "Stays" distinct { home -> home from "Home"  began date from "Began" }"#;
    let model = parsed::program(&[text.to_owned()]).unwrap().model;
    let homes = [row(1, &["home_id", "name"]), row(2, &["<c><v>1</v></c>", "x"]), row(3, &["<c><v>2</v></c>"])];
    let stay = |n, other| row(n, &["<c><v>2</v></c>", r#"<c s="1"><v>45351</v></c>"#, other]);
    let stays = [row(1, &["Home", "Began", "Other"]), stay(2, "a"), stay(3, "b"), stay(4, "a")];
    let folder = Folder::new(&[]);
    folder.write("return.xlsx", &workbook(&[("Stays", &stays.concat()), ("The homes", &homes.concat())], false));
    let loaded = folder.load_as(&model).unwrap();
    assert_eq!(ids(&loaded.store, DESK), ["1", "2"]);
    assert_eq!((loaded.report.tables[1].used, loaded.report.tables[1].copies), (2, 1));
    let suggested = data::suggest(folder.path()).unwrap();
    assert!(suggested.contains("table stays \"stays\" from \"return\" sheet \"Stays\" "), "{suggested}");
}
