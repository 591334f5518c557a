//! Which declaration each name means: what `check` says of texts with names of every kind, and two
//! laws over all that ships. Every name in it means something or is a word of the language; and
//! what a name is called changes nothing.

use crate::texts::{Checked, checked, each, name, root, same_as_snapshot, texts};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use yardstick::check::references::{Declaration, DeclarationId, Kind, Use};
use yardstick::ir::print;
use yardstick::source::Span;

/// A place as `line:column`, with its file where that is another than the first.
fn place(checked: &Checked, span: Span) -> String {
    let file = checked.sources.file(span.file);
    let (line, column) = file.line_column(span.start);
    let of = if span.file.0 == 0 { String::new() } else { format!("{}:", file.path.display()) };
    format!("{of}{line}:{column}")
}

fn declaration(checked: &Checked, id: DeclarationId) -> &Declaration {
    checked.references.declaration(id).unwrap()
}

fn said(checked: &Checked, declared: &Declaration) -> String {
    let ty = declared.ty.as_ref().map_or_else(String::new, |ty| format!(", {ty}"));
    format!("{} {}{ty}", place(checked, declared.span), declared.kind.words())
}

#[test]
fn every_use_has_its_declaration() {
    each("language/golden/references", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        let used = |used: &Use| {
            let written = checked.sources.text(used.span);
            let declared = declaration(&checked, used.declaration);
            let name = if declared.name == written { written.to_owned() } else { format!("{written}!") };
            format!("{} {name} -> {}", place(&checked, used.span), said(&checked, declared))
        };
        let unused = checked.references.declarations().filter(|(id, _)| checked.references.uses_of(*id).is_empty());
        let unused = unused.map(|(_, declared)| format!("{} is not used: {}", declared.name, said(&checked, declared)));
        let made: Vec<String> = checked.references.uses().iter().map(used).chain(unused).collect();
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), made.join("\n")));
    });
}

#[test]
fn a_declaration_is_found_at_each_of_its_places_and_nowhere_else() {
    let text = fs::read_to_string(root().join("tests/language/golden/references/every_kind.ind")).unwrap();
    let checked = checked("every_kind.ind", &text);
    let references = &checked.references;
    let mut places: BTreeMap<Span, DeclarationId> = BTreeMap::new();
    for (id, declared) in references.declarations() {
        if !matches!(declared.kind, Kind::Days | Kind::LastDay) {
            places.insert(declared.span, id);
        }
        for used in references.uses_of(id) {
            assert_eq!(used.declaration, id);
            places.entry(used.span).or_insert(id);
        }
    }
    let file = places.keys().next().unwrap().file;
    for offset in 0..=u32::try_from(text.len()).unwrap() {
        let there = places.iter().find(|(span, _)| (span.start..=span.end).contains(&offset)).map(|(_, id)| *id);
        assert_eq!(references.declaration_at(file, offset), there, "at byte {offset}");
    }
}

/// The two worlds that ship, and the text with names of every kind, each as one text.
fn worlds() -> Vec<String> {
    let folders = ["indicators", "examples/library/indicators", "tests/language/golden/references"];
    let all = folders.map(|folder| {
        let texts = texts(&root().join(folder)).into_iter().filter(|(path, _)| !path.contains("mean_nothing"));
        texts.map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    });
    all.into()
}

/// The words in double quotation marks, of at least two small letters, in the grammar.
fn words_of_the_language() -> BTreeSet<String> {
    let grammar = fs::read_to_string(root().join("grammar/indicator.pest")).unwrap();
    let grammar = grammar.replace("\\\"", "");
    let quoted = grammar.split('"').skip(1).step_by(2).map(str::to_owned);
    let letters = |word: &String| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let types = "date timestamp text bool int as_of start end last_day monday friday saturday";
    let named = "published adapted inferred";
    let more = types.split(' ').chain(named.split(' ')).map(str::to_owned);
    quoted.filter(letters).chain(more).collect()
}

/// The text without comments and quoted texts, blanks in their place.
fn bare(text: &str) -> String {
    let (mut quoted, mut comment) = (false, false);
    let keep = |byte: u8| {
        comment = byte != b'\n' && (comment || byte == b'#' && !quoted);
        quoted ^= byte == b'"' && !comment;
        if byte == b'\n' || !(quoted || comment || byte == b'"') { byte } else { b' ' }
    };
    String::from_utf8(text.bytes().map(keep).collect()).unwrap()
}

/// The words of a bare text with their places, without the drawn rows and expectations of tests,
/// where ids stand.
fn words(bare: &str) -> Vec<(usize, &str)> {
    let in_test = |line: &str| line.contains('|') || line.trim_start().starts_with("expect");
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let lines = bare.lines().filter(|line| !in_test(line));
    let words = lines.flat_map(|line| line.split(|c| !is_part(c))).filter(|w| w.starts_with(char::is_alphabetic));
    words.map(|word| (word.as_ptr() as usize - bare.as_ptr() as usize, word)).collect()
}

#[test]
fn every_name_means_something_or_is_a_word_of_the_language() {
    let language = words_of_the_language();
    for text in worlds() {
        let checked = checked("all.ind", &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let declared = checked.references.declarations().map(|(_, declared)| declared.span);
        let known: BTreeSet<usize> =
            declared.chain(checked.references.uses().iter().map(|used| used.span)).map(|s| s.start as usize).collect();
        let bare = bare(&text);
        let strange: Vec<_> = words(&bare).into_iter().filter(|(at, _)| !known.contains(at)).collect();
        let strange = strange.into_iter().filter(|(_, word)| !language.contains(*word));
        // What a rate is per: a word for the results, that names nothing.
        let is_unit = |at: usize| {
            bare.get(..at)
                .unwrap_or_default()
                .trim_end()
                .trim_end_matches(|c: char| c.is_ascii_digit() || c == '_')
                .ends_with("per ")
        };
        let strange: Vec<_> = strange.filter(|(at, _)| !is_unit(*at)).collect();
        assert!(strange.is_empty(), "these mean nothing: {strange:?}");
        // One name has one meaning, but for words of a set that is asked of several lists.
        let mut meanings: BTreeMap<Span, Vec<Kind>> = BTreeMap::new();
        for used in checked.references.uses() {
            let declared = declaration(&checked, used.declaration);
            assert_eq!(checked.sources.text(used.span), declared.name);
            meanings.entry(used.span).or_default().push(declared.kind);
        }
        meanings.retain(|_, kinds| kinds.len() > 1);
        assert!(meanings.into_values().flatten().all(|kind| kind == Kind::Word));
    }
}

/// The canonical text of every indicator, by its number in the text.
fn canonical(checked: &Checked) -> Vec<String> {
    let mut indicators: Vec<_> = checked.program.indicators.iter().collect();
    indicators.sort_by_key(|i| i.span);
    indicators.into_iter().map(|i| print::canonical(&checked.program.model, i)).collect()
}

/// The text with other names at some places.
fn renamed(text: &str, names: &BTreeMap<Span, String>) -> String {
    let (mut made, mut at) = (String::new(), 0);
    for (span, name) in names {
        made += text.get(at..span.start as usize).unwrap();
        made += name;
        at = span.end as usize;
    }
    made + text.get(at..).unwrap()
}

/// Renames declarations of a kind, or all, and compares what is meant then.
fn stays_the_same_but_for_names(text: &str, checked: &Checked, kind: Option<Kind>) {
    let all = checked.references.declarations();
    let chosen = all.filter(|(_, d)| kind.is_none_or(|kind| d.kind == kind));
    let chosen = chosen.filter(|(_, d)| !matches!(d.kind, Kind::Days | Kind::LastDay));
    let (mut names, mut back) = (BTreeMap::new(), BTreeMap::new());
    for (n, (id, declared)) in chosen.enumerate() {
        let name = format!("zq{n}q");
        for span in checked.references.renamed_with(id) {
            // Words that are renamed together have one name.
            names.entry(span).or_insert_with(|| name.clone());
        }
        back.insert(names[&declared.span].clone(), declared.name.clone());
    }
    if names.is_empty() {
        return;
    }
    let other = self::checked("all.ind", &renamed(text, &names));
    assert!(!other.findings.has_errors(), "{kind:?}\n{}", other.shown());
    let (first, second) = (canonical(checked), canonical(&other));
    assert_eq!(first.len(), second.len());
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(*first, with_names(second, &back), "{kind:?}");
    }
}

/// The text with the names put back.
fn with_names(text: &str, back: &BTreeMap<String, String>) -> String {
    let mut pieces = text.split("zq");
    let mut made = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_once('q').unwrap();
        made += &back[&format!("zq{number}q")];
        made += rest;
    }
    made
}

#[test]
fn what_things_are_called_changes_nothing() {
    for text in worlds() {
        let checked = checked("all.ind", &text);
        let kinds: BTreeSet<Kind> = checked.references.declarations().map(|(_, d)| d.kind).collect();
        stays_the_same_but_for_names(&text, &checked, None);
        for kind in kinds {
            stays_the_same_but_for_names(&text, &checked, Some(kind));
        }
    }
}

/// A text is looked at once, whoever names it, so nothing is told twice.
#[test]
fn each_mistake_is_told_once() {
    each("language/golden/errors", |input| {
        let text = fs::read_to_string(input).unwrap();
        let mut sources = yardstick::source::Sources::default();
        let file = sources.add(name(input), text);
        let (ast, _) = yardstick::syntax::parse(&sources, file);
        let findings = yardstick::check::check(&[ast]).findings;
        let (errors, warnings) = findings.counts();
        assert_eq!(findings.sorted().len(), errors + warnings, "{}: {findings:?}", name(input));
    });
}
