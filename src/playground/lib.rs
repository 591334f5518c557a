//! The playground: what a page in a browser asks of the language and of the row-by-row evaluator.
//! Texts in, findings, English, cells and rows out; no file, no clock, no thread, no engine.
//!
//! ```text
//!  JSON ──question──▶ texts ──(language)──▶ program ──answer, tested──▶ JSON
//! ```
//!
//! | room | takes | gives | never |
//! |---|---|---|---|
//! | [`question`] | what the page sends | the texts, or why they are not looked at | reads a text |
//! | [`answer`] | the texts | findings, what each indicator means, its tests | draws anything |
//! | [`tested`] | one test | what it came to: expectations, cells, rows | judges anything itself |
//! | [`interface`] | bytes in the memory of the page's program | bytes there | knows what they say |
//!
//! `page/` has the page itself, which `main.rs` makes one file of. [`answer()`] is the whole of it
//! for programs: the tests call it as the browser does.

pub mod answer;
pub mod interface;
pub mod question;
pub mod tested;

/// What the page shows for what it asks: JSON for JSON. Any text has an answer.
#[must_use]
pub fn answer(question: &str) -> String {
    let said = match question::Question::read(question) {
        Ok(question) => answer::answer(&question),
        Err(refusal) => answer::Answer::refused(refusal),
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&said).unwrap_or_default()
}
