//! CSV files: everything a writer may do, and what is broken.

use super::world::*;
use std::io::Write;

#[test]
fn a_sound_folder_is_read_whole() {
    let loaded = Folder::sound(&[]).load().unwrap();
    let store = &loaded.store;
    assert_eq!(loaded.report.aside_rows(), 0);
    assert_eq!(ids(store, FILE), ["f1", "f2", "f3"]);
    assert_eq!(values(store, FILE, "__row"), ["0", "1", "2"]);
    assert_eq!(values(store, FILE, "clerk"), ["0", "1", "-"]);
    assert_eq!(values(store, FILE, "after"), ["-", "0", "-"]);
    assert_eq!(values(store, FILE, "opened"), ["2024-01-01", "2024-03-01", "2024-05-01"]);
    assert_eq!(values(store, FILE, "closed"), ["2024-02-01", "-", "2024-05-01"]);
    assert_eq!(values(store, FILE, "kind"), ["0", "-", "2"]);
    assert_eq!(values(store, FILE, "seen"), ["2024-01-01T09:30:00", "-", "2024-05-01T10:00:30"]);
    assert_eq!(values(store, FILE, "urgent"), ["true", "false", "true"]);
    assert_eq!(values(store, FILE, "pages"), ["12", "-", "-1"]);
    assert_eq!(values(store, FILE, "note"), ["first", "-", "a, \"b\""]);
    for (id, table) in &store.tables {
        assert_eq!(table.rows.schema(), yardstick::store::schema(&model(), *id));
    }
    let report = loaded.report.table(FILE).unwrap();
    assert_eq!((report.read, report.used, report.open), (3, 3, Some(1)));
    assert_eq!(report.files, ["file.csv"]);
    assert_eq!(report.missing_links.iter().map(|m| m.rows).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(report.dates[0].first.as_deref(), Some("2024-01-01"));
    assert_eq!(report.dates[0].last.as_deref(), Some("2024-05-01"));
    assert!(serde_json::to_string(&loaded.report).unwrap().contains("\"open\":1"));
}

#[test]
fn columns_stand_in_any_order_among_others() {
    let text = "name,extra,desk_id\nfront,1,d1\nback,2,d2\n";
    let loaded = Folder::sound(&[("desk.csv", text)]).load().unwrap();
    assert_eq!(values(&loaded.store, DESK, "name"), ["front", "back"]);
}

#[test]
fn byte_order_mark_line_endings_quotes_and_empty_lines() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let mark = format!("\u{feff}{FILES}");
    let quoted = mark.replace("file_id", "\"file_id\"").replace("f1,", "\"f1\",");
    let crlf = FILES.replace('\n', "\r\n");
    let cr = FILES.replace('\n', "\r");
    let gaps = FILES.replace('\n', "\n\n\n");
    let no_end = FILES.trim_end().to_owned();
    for text in [mark, quoted, crlf, cr, gaps, no_end] {
        let loaded = Folder::sound(&[("file.csv", &text)]).load().unwrap();
        assert_eq!(everything(&loaded.store), plain, "{text:?}");
    }
}

#[test]
fn quoted_line_breaks_belong_to_the_value() {
    let text = FILES.replace("first", "\"one\ntwo\r\nthree\"") + "f4,c1,,2024-13-01,,,,true,,\n";
    let loaded = Folder::sound(&[("file.csv", &text)]).load().unwrap();
    assert_eq!(values(&loaded.store, FILE, "note")[0], "one\ntwo\r\nthree");
    assert_eq!(loaded.report.table(FILE).unwrap().aside[0].examples[0].place, "line 7");
}

#[test]
fn places_are_the_lines_of_an_editor() {
    for end in ["\n", "\r\n", "\n\n", "\r\n\r\n"] {
        let rows = [
            "f1,c1,,2024-01-01,,,,true,,",
            "f2,c1,,soon,,,,true,,",
            "f3,c1,,2024-01-01,,,,true,,",
            "f4,c9,,2024-01-01,,,,true,,",
        ];
        let text = [FILES.lines().next().unwrap()].into_iter().chain(rows).collect::<Vec<_>>().join(end) + end;
        let loaded = Folder::sound(&[("file.csv", &text)]).load().unwrap();
        let report = loaded.report.table(FILE).unwrap();
        let (aside, unknown) = (&report.aside[0].examples[0], &report.unknown[0].examples[0]);
        let step = end.matches('\n').count();
        for (example, row) in [(aside, 2), (unknown, 4)] {
            assert_eq!(example.place, format!("line {}", row * step + 1), "{end:?}");
        }
        assert_eq!(aside.id.as_deref(), Some("f2"));
        assert_eq!(unknown.text, "c9");
    }
}

#[test]
fn broken_lines_are_refused() {
    let (code, message, _) = Folder::sound(&[("desk.csv", "desk_id,name\nd1,front\nd2\n")]).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0808", "line 3 has 1 field, the first line has 2"));
    let (code, message, help) = Folder::sound(&[("desk.csv", "desk_id,name\r\nd1,front\r\nd2,a,b\r\n")]).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0808", "line 3 has 3 fields, the first line has 2"));
    assert!(help.contains("quotes"), "{help}");
}

#[test]
fn quotes_never_closed_are_refused() {
    let (code, message, help) = Folder::sound(&[("desk.csv", "desk_id,name\n\"d1,front\nd2,back\n")]).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0808", "a quote that opens on line 2 is never closed"));
    assert!(help.contains("closing `\"`"), "{help}");
    // The next quote of the file closes it.
    let text = "desk_id,name\n\"d1,front\nd2,\"back\"\n";
    let (code, message, _) = Folder::sound(&[("desk.csv", text)]).refused();
    assert_eq!(code, "E0808");
    assert_eq!(message, "the record on line 2 goes on after the closing quote of a field");
    // The number of fields is right, yet the rest of the file is inside the last one.
    let (code, message, _) = Folder::sound(&[("desk.csv", "desk_id,name\nd1,\"front\nd2,back\nd3,side\n")]).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0808", "a quote that opens on line 2 is never closed"));
    let (code, ..) = Folder::sound(&[("desk.csv", "desk_id,name,\"x\n")]).refused();
    assert_eq!(code, "E0808");
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    let folder = Folder::sound(&[]);
    folder.write("desk.csv", b"desk_id,name\nd1,front\nd2,caf\xe9\n");
    let (code, message, _) = folder.refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0809", "line 3 holds bytes that are not UTF-8 text"));
    // Half a letter of UTF-16.
    folder.write("desk.csv", b"\xff\xfed\0e\0s\0k");
    assert_eq!(folder.refused().0, "E0809");
}

#[test]
fn a_table_without_rows_is_fine() {
    for text in ["desk_id,name\n", "\u{feff}desk_id,name", "desk_id,name\r\n\r\n"] {
        let loaded =
            Folder::sound(&[("desk.csv", text), ("seat.csv", "clerk_id,desk_id,from,until\n")]).load().unwrap();
        assert_eq!(loaded.store.tables[&DESK].rows.num_rows(), 0);
        assert_eq!(loaded.report.table(DESK).unwrap().used, 0);
        assert_eq!(loaded.store.dated[&(CLERK, 0)].num_rows(), 0);
    }
}

#[test]
fn a_file_without_a_byte_is_refused() {
    for text in ["", "\n\n"] {
        let (code, message, _) = Folder::sound(&[("desk.csv", text)]).refused();
        assert_eq!((code.as_str(), message.as_str()), ("E0805", "the file of table `desk` is empty"));
    }
}

#[test]
fn other_separators_are_recognised() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    for separator in [";", "\t"] {
        let desks = DESKS.replace(',', separator);
        assert_eq!(everything(&Folder::sound(&[("desk.csv", &desks)]).load().unwrap().store), plain);
        let (code, message, _) = Folder::sound(&[("desk.csv", &format!("{desks}d3,side\n"))]).refused();
        assert_eq!((code.as_str(), message.as_str()), ("E0808", "line 4 has 1 field, the first line has 2"));
    }
    let (code, _, help) = Folder::sound(&[("desk.csv", "desk_id|name\nd1|front\n")]).refused();
    assert_eq!(code, "E0805");
    assert!(help.contains("bars"), "{help}");
}

#[test]
fn files_compressed_by_gzip() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let compressed = |text: &str| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    let folder = Folder::sound(&[]);
    folder.write("file.csv.gz", &compressed(FILES));
    assert_eq!(folder.refused().0, "E0803", "both would be counted");
    folder.remove("file.csv");
    assert_eq!(everything(&folder.load().unwrap().store), plain);
    // Two files behind each other are one, as `cat` makes them.
    let (head, tail) = FILES.split_at(FILES.find("f2,").unwrap());
    folder.write("file.csv.gz", &[compressed(head), compressed(tail)].concat());
    assert_eq!(everything(&folder.load().unwrap().store), plain);
    // What is cut short is no file with fewer rows, and what is not compressed is none at all.
    let whole = compressed(FILES);
    for broken in [&whole[..whole.len() / 2], &whole[..whole.len() - 4], FILES.as_bytes()] {
        folder.write("file.csv.gz", broken);
        let (code, message, _) = folder.refused();
        assert_eq!(code, "E0811", "{message}");
    }
}

#[test]
fn shuffled_rows_give_the_same_store() {
    let plain = everything(&Folder::sound(&[]).load().unwrap().store);
    let turned = |text: &str| {
        let mut lines: Vec<_> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n") + "\n"
    };
    let (desks, clerks, seats, files) = (turned(DESKS), turned(CLERKS), turned(SEATS), turned(FILES));
    let all = [("desk.csv", &*desks), ("clerk.csv", &*clerks), ("seat.csv", &*seats), ("file.csv", &*files)];
    assert_eq!(everything(&Folder::sound(&all).load().unwrap().store), plain);
}
