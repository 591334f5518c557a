//! Books as PDF: tagged, with the figures and the titles of the book, and no text that becomes
//! markup. How they look is looked at by hand.

use super::book::{HOSTILE, judged, of, words};
use flate2::read::ZlibDecoder;
use std::io::Read;
use yardstick::report::book::find;
use yardstick::scorecard::Book;
use yardstick::scorecard::book::Sentence;

/// The bytes of a PDF and, behind them, what its compressed streams hold.
fn open(bytes: &[u8]) -> String {
    let mut all = latin(bytes);
    let (begins, ends): (&[u8], &[u8]) = (b"stream\n", b"\nendstream");
    let position = |of: &[u8], word: &[u8]| of.windows(word.len()).position(|part| part == word);
    let mut rest = bytes;
    while let Some(start) = position(rest, begins) {
        rest = &rest[start + begins.len()..];
        let Some(end) = position(rest, ends) else { break };
        let mut inside = Vec::new();
        if ZlibDecoder::new(&rest[..end]).read_to_end(&mut inside).is_ok() {
            all += &latin(&inside);
        }
        rest = &rest[end + ends.len()..];
    }
    all
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[test]
fn a_book_is_a_tagged_pdf_of_its_day_with_every_indicator_and_its_value() {
    let bytes = of(find("pdf").unwrap(), "o2", 24);
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let inside = open(&bytes);
    for part in ["/StructTreeRoot", "/MarkInfo", "/Lang", "pdfuaid:part", "/TH", "/Figure", "/Alt"] {
        assert!(inside.contains(part), "no {part}");
    }
    let judged = judged(24);
    let day = judged.heading.as_of.format("(D:%Y%m%d").to_string();
    assert!(inside.contains(&day), "not written on {day}");
    // The bookmarks say the indicators with their values, as the Markdown does in its headings.
    let markdown = super::book::text("md", "o2", 24);
    let headings = markdown.lines().filter_map(|line| line.strip_prefix("## ")).filter(|line| line.contains(": "));
    let mut values = 0;
    for heading in headings.map(|line| line.replace("\\", "").replace(['🟢', '🟡', '🔴'], "").replace(":  ", ": "))
    {
        // Others are written in UTF-16, or with an entity in the Markdown.
        if heading.is_ascii() && !heading.contains('&') {
            assert!(inside.contains(&heading), "no bookmark {heading}");
            values += 1;
        }
    }
    assert!(values > 2, "{values}");
}

#[test]
fn a_text_of_the_data_is_set_as_it_is() {
    // Each of these would stop the layout, or write something else, if it were markup.
    let markup = ["#panic(\"x\")", "$x$ @nothing <label> `c`", "#sys.inputs", "= a\\ b", "]", "#", "*_"];
    let judged = judged(24);
    let entity = judged.hierarchy.find("o2").next().unwrap();
    let mut words = words(&judged);
    for english in &mut words.english {
        english.extend(markup.map(|text| Sentence { depth: 2, text: text.to_owned() }));
        english.push(Sentence { depth: 1, text: "W".repeat(2000) });
    }
    let mut book = Book::of(&judged, entity, &words, None).unwrap();
    markup.join(" ").clone_into(&mut book.entity.name);
    book.heading.notes.push(HOSTILE.to_owned());
    let inside = open(&find("pdf").unwrap().bytes(&book).unwrap());
    assert!(inside.contains("#panic"), "the title says the name");
    assert!(!inside.contains("/JavaScript") && !inside.contains("/JS"));
}

#[test]
fn a_character_without_a_font_is_named_and_never_left_out() {
    let judged = judged(24);
    let words = words(&judged);
    let mut book = Book::of(&judged, 0, &words, None).unwrap();
    "\u{4f8b}\u{5b50}".clone_into(&mut book.pages[1].column.title);
    let error = find("pdf").unwrap().bytes(&book).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("no font in the program has the character `\u{4f8b}` (U+4F8B)"), "{error}");
    // Names in the letters of Europe can be written.
    "Zo\u{eb} \u{141}\u{f3}d\u{17a} \u{395}\u{3bb}\u{3bb}\u{3ac}\u{3b4}\u{3b1} \u{41c}\u{438}\u{440}"
        .clone_into(&mut book.pages[1].column.title);
    assert!(find("pdf").unwrap().bytes(&book).is_ok());
}
