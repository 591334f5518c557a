//! The law of the memo: whatever is written, one keystroke after the other, the answers are those
//! of texts that are read and checked anew, to the last place.

use super::definitions;
use crate::generated;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::hash::{DefaultHasher, Hasher};
use std::path::PathBuf;
use yardstick::check::{Checked, check, check_again};
use yardstick::ide::{Definitions, inlay_hints};
use yardstick::source::FileId;
use yardstick::syntax::tokens::Kind;
use yardstick::syntax::tree::Tree;

/// Texts that somebody writes in.
struct Writer {
    rng: ChaCha8Rng,
    /// As they were, without a mistake.
    right: Vec<String>,
    written: Definitions,
    checked: Checked,
    /// What was written, for a message.
    done: Vec<String>,
}

impl Writer {
    fn new(seed: u64, written: Definitions) -> Self {
        let right = written.sources().iter().map(|(_, file)| file.text.clone()).collect();
        let (rng, done) = (ChaCha8Rng::seed_from_u64(seed), vec![format!("seed {seed}")]);
        Self { rng, right, written, checked: Checked::default(), done }
    }

    fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n.max(1))
    }

    /// Where a word or a row of cells stands in a text, if there is any.
    fn word(&mut self, text: &str) -> Option<std::ops::Range<usize>> {
        let tree = Tree::of(text);
        let words = tree
            .tokens
            .list
            .iter()
            .filter(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Day | Kind::Text | Kind::Row));
        let words: Vec<_> = words.map(|token| token.range.clone()).collect();
        let place = self.below(words.len());
        words.get(place).cloned()
    }

    /// A word of any text.
    fn any_word(&mut self) -> String {
        let file = self.below(self.right.len());
        let text = self.right[file].clone();
        self.word(&text).map_or_else(String::new, |range| text.get(range).unwrap().to_owned())
    }

    /// A text with something else in it.
    fn changed(&mut self, file: usize, text: &str) -> (&'static str, String) {
        let mut changed = text.to_owned();
        let way = self.below(12);
        let range = self.word(text).unwrap_or(0..0);
        let what = match way {
            0..=3 => {
                changed.clone_from(&self.right[file]);
                "as it was"
            }
            4 | 5 => {
                changed.replace_range(range, &self.any_word());
                "another word"
            }
            6 => {
                changed.replace_range(range, "");
                "a word less"
            }
            7 => {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                let at = places.get(self.below(places.len())).copied().unwrap_or(0);
                changed.insert(at, *[' ', '}', '"', '(', 'x', '9', '\n', 'é'].get(self.below(8)).unwrap());
                "a character more"
            }
            8 => {
                let (old, new) = (text.get(range).unwrap().to_owned(), self.any_word());
                changed = text.replace(&old, &new);
                "a name changed everywhere in a text"
            }
            9 => {
                let lines: Vec<&str> = text.lines().collect();
                let at = self.below(lines.len());
                let line = lines.get(at).copied().unwrap_or_default();
                changed = lines[..at]
                    .iter()
                    .chain([&line, &line])
                    .chain(lines.get(at + 1..).unwrap_or_default())
                    .fold(String::new(), |all, line| all + line + "\n");
                "a line twice"
            }
            10 => {
                let other = self.below(self.right.len());
                changed = format!("\n{}{}", if self.below(2) == 0 { &self.right[other] } else { "" }, text);
                "more before it"
            }
            _ => {
                changed.clear();
                "nothing left"
            }
        };
        (what, changed)
    }

    /// Writes something, and compares.
    fn write(&mut self) {
        let files: Vec<FileId> = self.written.sources().iter().map(|(file, _)| file).collect();
        let file = files[self.below(files.len())];
        let text = self.written.text(file).to_owned();
        let (what, changed) = self.changed(file.0 as usize, &text);
        self.done.push(format!("{}: {what}", self.written.sources().file(file).path.display()));
        self.put(file, &changed);
    }

    fn put(&mut self, file: FileId, text: &str) {
        self.written.replace(file, text);
        self.written.check();
        let texts = self.written.sources().iter().map(|(_, file)| (file.path.clone(), file.text.clone()));
        let anew = Definitions::new(texts, false);
        for (file, _) in anew.sources().iter() {
            assert_eq!(self.written.findings(file), anew.findings(file), "{:?}", self.done);
        }
        assert_eq!(inlay_hints::all(&self.written, file), inlay_hints::all(&anew, file), "{:?}", self.done);
        assert!(self.written.references() == anew.references(), "{:?}", self.done);
        // Of expressions, only what is printed tells the places.
        self.checked = check_again(self.written.asts(), std::mem::take(&mut self.checked));
        let at_once = check(self.written.asts());
        assert_eq!(self.checked.findings, at_once.findings, "{:?}", self.done);
        let of = |checked: &Checked| [printed(&checked.program), printed(&checked.said), printed(&checked.references)];
        assert_eq!(of(&self.checked), of(&at_once), "{:?}", self.done);
        assert_eq!(printed(self.written.program()), printed(&at_once.program), "{:?}", self.done);
    }

    /// Writes all as it was: nothing is wrong.
    fn mend(&mut self) {
        for (file, right) in self.right.clone().iter().enumerate() {
            self.written.replace(FileId(file as u32), right);
        }
        self.done.push("all as it was".to_owned());
        self.put(FileId(0), &self.right[0].clone());
        assert_eq!(self.written.errors().count(), 0, "{:?}", self.done);
    }
}

/// A hash of all that is printed of a value.
fn printed(value: &impl std::fmt::Debug) -> u64 {
    struct Printed(DefaultHasher);
    impl std::fmt::Write for Printed {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    let mut hash = Printed(DefaultHasher::new());
    std::fmt::Write::write_fmt(&mut hash, format_args!("{value:?}")).unwrap();
    hash.0.finish()
}

fn many(seeds: std::ops::Range<u64>, keystrokes: usize, definitions: impl Fn(u64) -> Definitions) {
    for seed in seeds {
        let mut writer = Writer::new(seed, definitions(seed));
        for n in 0..keystrokes {
            writer.write();
            if n % 8 == 7 {
                writer.mend();
            }
        }
    }
}

#[test]
fn in_the_library_of_a_city() {
    many(0..6, 40, |_| definitions("examples/library/indicators"));
}

#[test]
fn in_the_english_definitions() {
    many(20..24, 40, |_| definitions("examples/english/indicators"));
}

#[test]
fn in_the_shipped_definitions() {
    many(40..41, 24, |_| definitions("indicators"));
}

/// Whatever a model and indicators can say, each indicator in a text of its own.
#[test]
fn in_generated_definitions() {
    many(0..12, 24, |seed| {
        let generated = generated::generate(seed);
        let texts = generated.texts.iter().enumerate();
        let texts = texts.map(|(number, text)| (PathBuf::from(format!("i{number}.ind")), text.to_string()));
        Definitions::new(texts.chain([(PathBuf::from("model.ind"), generated.model)]), false)
    });
}

/// One text with everything in it: what stands behind a change has other places.
#[test]
fn in_one_text() {
    many(60..62, 24, |_| {
        let all = definitions("examples/library/indicators");
        let text = all.sources().iter().map(|(_, file)| file.text.as_str()).collect::<Vec<_>>().join("\n");
        Definitions::new([(PathBuf::from("all.ind"), text)], false)
    });
}

/// What a keystroke costs, without a clock: the indicator that it is in, and the tests of that one.
/// An indicator that is unread for a while leaves the others as they were.
#[test]
fn a_keystroke_is_checked_and_nothing_else() {
    let mut written = definitions("indicators");
    let (indicators, tests) = written.worked_out();
    assert!(indicators > 40 && tests > 300, "{indicators} {tests}");
    let file = written.sources().iter().find(|(_, file)| file.path.ends_with("reentry_into_foster_care.ind"));
    let (file, text) = file.map(|(id, file)| (id, file.text.clone())).unwrap();
    let own = text.matches("\ntest ").count();
    for (from, to) in [
        ("exit_type = reunification", "exit_type = reunificatio"),
        ("title      \"", "title      "),
        ("{", ""),
        ("expect r1 met", "expect r1 mett"),
        ("12 months", "13 months"),
    ] {
        for now in [text.replacen(from, to, 1), text.clone()] {
            written.replace(file, &now);
            written.check();
            let (indicators, tests) = written.worked_out();
            assert!(indicators <= 1 && tests <= own, "{to}: {indicators} indicators, {tests} tests");
        }
    }
}

/// Each keystroke of a condition that is written from the beginning: the indicator is unread most
/// of the time, and others are read as before.
#[test]
fn letter_by_letter() {
    let written = definitions("examples/library/indicators");
    let mut writer = Writer::new(0, written);
    let at = |(_, file): &(FileId, &yardstick::source::SourceFile)| file.path.ends_with("returned_in_time.ind");
    let file = writer.written.sources().iter().find(at).map(|(file, _)| file).unwrap();
    let text = writer.written.text(file).to_owned();
    let from = text.find("cohort").unwrap();
    let until = text.get(from..).unwrap().find("attribute").unwrap() + from;
    for end in from..until {
        if text.is_char_boundary(end) {
            writer.done = vec![format!("written until byte {end}")];
            writer.put(file, &(text.get(..end).unwrap().to_owned() + text.get(until..).unwrap()));
        }
    }
}
