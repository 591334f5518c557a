//! CSV files that are not UTF-8.

use super::world::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use yardstick::data;
use yardstick::model::{Encoding, Model};

fn model(encoding: Encoding) -> Model {
    let mut model = tables(&[("a", &["a_id key", "note text"])]);
    model.tables[0].encoding = encoding;
    model
}

/// A file of Windows, with a word for a line of its own.
fn of_windows() -> Vec<u8> {
    b"a_id;note\r\nN\xfa\xf1ez;caf\xe9 \x80 5\r\n\x8cuf;\"a;\nb\"\r\n".to_vec()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn windows_1252_is_read_where_the_model_says_so() {
    for (name, bytes) in [("a.csv", of_windows()), ("a.csv.gz", gzip(&of_windows()))] {
        let folder = Folder::new(&[]);
        folder.write(name, &bytes);
        let loaded = folder.load_as(&model(Encoding::Windows1252)).unwrap();
        assert_eq!(ids(&loaded.store, DESK), ["Núñez", "Œuf"]);
        assert_eq!(values(&loaded.store, DESK, "note"), ["café € 5", "a;\nb"]);
        let problem = folder.load_as(&model(Encoding::Utf8)).unwrap_err();
        assert_eq!(
            (problem.code.as_str(), problem.message.as_str()),
            ("E0809", "line 2 holds bytes that are not UTF-8 text")
        );
        assert!(problem.help.unwrap().contains("`in windows-1252` before the table's `{`"));
        let suggested = data::suggest(folder.path()).unwrap();
        assert!(suggested.contains("table a \"a\" in windows-1252 {"), "{suggested}");
    }
}

#[test]
fn what_is_no_windows_1252() {
    let folder = Folder::new(&[("a.csv", "a_id,note\nNúñez,x\n")]);
    let problem = folder.load_as(&model(Encoding::Windows1252)).unwrap_err();
    assert_eq!(problem.message, "the file is UTF-8 text, and the model says `in windows-1252`");
    folder.write("a.csv", b"a_id,note\n1,x\n2,\x81\n");
    let problem = folder.load_as(&model(Encoding::Windows1252)).unwrap_err();
    assert_eq!(problem.message, "line 3 holds bytes that are not Windows-1252 text");
    folder.write("a.csv", "\u{feff}a_id,note\nNúñez,x\n".as_bytes());
    assert_eq!(ids(&folder.load_as(&model(Encoding::Windows1252)).unwrap().store, DESK), ["Núñez"]);
}

#[test]
fn utf_16_with_its_mark_is_read() {
    let text = "a_id\tnote\r\nNúñez\t\"x\ty\"\r\n";
    let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for (name, bytes) in [("a.csv", little.clone()), ("a.csv", big), ("a.csv.gz", gzip(&little))] {
        let folder = Folder::new(&[]);
        folder.write(name, &bytes);
        let loaded = folder.load_as(&model(Encoding::Utf8)).unwrap();
        assert_eq!(ids(&loaded.store, DESK), ["Núñez"]);
        assert_eq!(values(&loaded.store, DESK, "note"), ["x\ty"]);
    }
    let folder = Folder::new(&[]);
    folder.write("a.csv", &little[..little.len() - 1]);
    assert_eq!(folder.load_as(&model(Encoding::Utf8)).unwrap_err().code.as_str(), "E0809");
}
