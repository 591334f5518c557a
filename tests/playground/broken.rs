//! Texts as they are while somebody types: cut, mistyped, hostile. Each has an answer.

use super::asked::{answer, read};
use serde_json::Value;

/// Where the words, numbers and signs of a text begin.
fn tokens(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        let word = |sign: char| sign.is_alphanumeric() || sign == '_';
        if !(sign.is_whitespace() || word(sign) && word(before)) {
            found.push(at);
        }
        before = sign;
    }
    found
}

fn sound(said: &Value) {
    assert_eq!(said["refused"], Value::Null);
    let errors = said["errors"].as_u64().unwrap();
    let tests = said["tests"].as_array().unwrap();
    assert!(errors == 0 || tests.is_empty(), "{said:#}");
    for test in tests {
        let problem = test["problem"].as_str().unwrap_or_default();
        assert!(!problem.contains("internal"), "{said:#}");
    }
    for finding in said["findings"].as_array().unwrap() {
        assert!(!finding["message"].as_str().unwrap().contains("internal"), "{finding:#}");
    }
}

#[test]
fn cut_at_every_token_and_without_each() {
    let text = read("examples/playground/first.ind");
    let places = tokens(&text);
    assert!(places.len() > 250, "{}", places.len());
    for (number, place) in places.iter().enumerate() {
        sound(&answer(&[("a.ind", &text[..*place])]));
        let next = places.get(number + 1).copied().unwrap_or(text.len());
        sound(&answer(&[("a.ind", &format!("{}{}", &text[..*place], &text[next..]))]));
    }
}

#[test]
fn with_another_word_in_the_place_of_each() {
    let text = read("examples/playground/first.ind");
    let places = tokens(&text);
    for word in ["|", "9999-99-99", "where", "\"", "{", "999999999999999999999", "é\u{202e}"] {
        // Each word stands in another fifth of the places: all together in every one.
        for (number, place) in places.iter().enumerate().filter(|(number, _)| (number + word.len()) % 5 == 0) {
            let next = places.get(number + 1).copied().unwrap_or(text.len());
            sound(&answer(&[("a.ind", &format!("{}{word} {}", &text[..*place], &text[next..]))]));
        }
    }
}

#[test]
fn nested_without_end_and_long_without_end() {
    let text = read("examples/playground/first.ind");
    let instead = |what: String| text.replace("returned_on on or before due_on", &what);
    for text in [
        instead("(".repeat(100_000)),
        instead("not ".repeat(100_000) + "returned_on is missing"),
        instead("returned_on is missing or ".repeat(10_000) + "returned_on is missing"),
        format!("{text}{}", "indicator x { cohort ".repeat(10_000)),
        "{".repeat(300_000),
        "|".repeat(300_000),
        "\n".repeat(300_000),
        "test a \"b\" {\n".to_owned() + &"x | ".repeat(50_000),
        String::new(),
    ] {
        let said = answer(&[("a.ind", &text)]);
        assert_eq!(said["refused"], Value::Null);
    }
}

#[test]
fn texts_of_one_name_and_no_texts() {
    let text = read("examples/playground/first.ind");
    assert!(answer(&[("a.ind", &text), ("a.ind", &text)])["errors"].as_u64().unwrap() > 0);
    assert_eq!(answer(&[])["errors"], 0);
}
