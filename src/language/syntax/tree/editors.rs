//! The tree-sitter grammar for editors against the pest grammar, on every text of the repository.

use super::{Form, Tree};
use crate::syntax::vocabulary::WORDS;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tree_sitter::{Language, Parser, Query};
use tree_sitter_yardstick::{LANGUAGE, QUERIES};

#[path = "../../../../editors/tree-sitter/generate/grammar/mod.rs"]
mod grammar;

const ADVICE: &str =
    "run `cargo run -p yardstick-tree-sitter`, which makes the grammar for editors of the pest grammar anew";

/// A form, as either grammar read it: its name, its first byte, and the one after its last.
type Read = (String, usize, usize);

/// Forms that are not compared: tree-sitter has a text in pieces around what is escaped, and pest
/// passes over a comment without a node, whoever's it is.
const NOT_COMPARED: &[&str] = &["text_inside", "wrong_comment"];

/// Forms that pest reads as a whole, and in which tree-sitter has a name or a unit.
const WHOLE: &[&str] = &["of_name", "from_unit", "bare_id", "bare_entity_id"];

/// A text, and where it stands.
struct Text {
    place: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn parsed(text: &str) -> tree_sitter::Tree {
    let mut parser = Parser::new();
    parser.set_language(&LANGUAGE.into()).unwrap();
    parser.parse(text, None).unwrap()
}

/// Every `.ind` file of the repository, and every `ind` block of its pages.
fn texts() -> Vec<Text> {
    let root = root();
    let mut texts = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()) {
            let place = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
            match ending.as_deref() {
                _ if path.is_dir() => {
                    let passed = ["target", ".git", "node_modules"].iter().any(|other| place.ends_with(other));
                    open.extend((!passed).then_some(path));
                }
                Some("ind") => {
                    let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                    texts.push(Text { place, text });
                }
                Some("md") => {
                    let page = fs::read_to_string(&path).unwrap();
                    texts.extend(blocks(&page).map(|(line, text)| Text { place: format!("{place}:{line}"), text }));
                }
                _ => {}
            }
        }
    }
    texts
}

/// The `ind` blocks of a page, with their lines.
fn blocks(page: &str) -> impl Iterator<Item = (usize, String)> {
    let starts = page.match_indices("```ind\n").map(|(at, mark)| at + mark.len());
    starts.filter_map(|start| {
        let end = start + page.get(start..)?.find("```")?;
        Some((page.get(..start)?.lines().count() + 1, page.get(start..end)?.to_owned()))
    })
}

#[test]
fn every_text_is_read_as_pest_reads_it() {
    let forms = forms();
    let mut wrong = Vec::new();
    let (mut sound, mut compared) = (0, BTreeSet::new());
    for Text { place, text } in texts() {
        let tree = Tree::of(&text);
        let made = parsed(&text);
        let refused = !tree.sound || has_left_out(&tree);
        // How deep brackets may lie in brackets is no matter of the grammar.
        if refused != made.root_node().has_error() && !place.contains("E0107") {
            let who = if refused { "only pest refuses it".to_owned() } else { first_error(&made, &text) };
            wrong.push(format!("{place}: {who}"));
        }
        if refused || made.root_node().has_error() {
            continue;
        }
        sound += 1;
        let (pest, own) = (of_pest(&tree, &forms), of_tree_sitter(&made, &text, &forms));
        compared.extend(pest.iter().map(|(form, ..)| form.clone()));
        for (who, which) in [("pest", pest.difference(&own)), ("tree-sitter", own.difference(&pest))] {
            wrong.extend(which.take(3).map(|(form, start, end)| {
                format!("{place}: only {who} reads {form} {:?}", text.get(*start..*end).unwrap_or_default())
            }));
        }
    }
    assert!(wrong.is_empty(), "{}\n{ADVICE}", wrong.join("\n"));
    let never: Vec<_> = forms.difference(&compared).collect();
    assert!(sound > 500 && never.is_empty(), "{sound} texts were compared, and of all forms not {never:?}");
}

/// Whether pest reads something in it only to report it, which tree-sitter takes for a mistake.
fn has_left_out(tree: &Tree<'_>) -> bool {
    let mut forms = tree.items.iter().flat_map(|item| &item.nodes).map(|node| format!("{:?}", node.form));
    forms.any(|form| grammar::places::is_left_out(&form))
}

fn first_error(made: &tree_sitter::Tree, text: &str) -> String {
    let mut found = "only tree-sitter refuses it".to_owned();
    let mut first = true;
    each(made, |node| {
        if first && (node.is_error() || node.is_missing()) {
            first = false;
            let near: String = text.get(node.start_byte()..).unwrap_or_default().chars().take(60).collect();
            found = format!("only tree-sitter refuses line {}: {near:?}", node.start_position().row + 1);
        }
    });
    found
}

/// Looks at every node, each before those inside of it.
fn each(made: &tree_sitter::Tree, mut with: impl FnMut(tree_sitter::Node<'_>)) {
    let mut cursor = made.walk();
    loop {
        with(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn of_tree_sitter(made: &tree_sitter::Tree, text: &str, forms: &BTreeSet<String>) -> BTreeSet<Read> {
    let mut read = BTreeSet::new();
    each(made, |node| {
        let inside = node.parent().is_some_and(|parent| WHOLE.contains(&parent.kind()));
        if node.is_named() && forms.contains(node.kind()) && !inside {
            read.insert((node.kind().to_owned(), node.start_byte(), end(node, text)));
        }
    });
    read
}

/// Where a form ends. The line end behind the last row of a drawn table is no part of it for pest.
fn end(node: tree_sitter::Node<'_>, text: &str) -> usize {
    if !text.get(..node.end_byte()).is_some_and(|read| read.ends_with('\n')) {
        return node.end_byte();
    }
    let says = |part: &tree_sitter::Node<'_>| {
        !part.is_extra() && text.get(part.byte_range()).is_some_and(|read| !read.trim().is_empty())
    };
    let mut inside = node.walk();
    let last = node.children(&mut inside).filter(says).last();
    last.map_or(node.end_byte(), |last| end(last, text))
}

fn of_pest(tree: &Tree<'_>, forms: &BTreeSet<String>) -> BTreeSet<Read> {
    let nodes = tree.items.iter().flat_map(|item| &item.nodes);
    let read = nodes.map(|node| {
        let tokens = &tree.tokens.list[node.tokens.clone()];
        (format!("{:?}", node.form), tokens[0].range.start, tokens[tokens.len() - 1].range.end)
    });
    read.filter(|(form, ..)| forms.contains(form)).collect()
}

/// The kinds of nodes that the parser for editors makes: those with a name, or the words and signs.
fn kinds(named: bool) -> BTreeSet<String> {
    let language = Language::from(LANGUAGE);
    let shown = |id: &u16| language.node_kind_is_visible(*id) && language.node_kind_is_named(*id) == named;
    let all = 0..u16::try_from(language.node_kind_count()).unwrap();
    all.filter(shown).filter_map(|id| language.node_kind_for_id(id)).map(str::to_owned).collect()
}

/// The forms that both grammars have by the same name.
fn forms() -> BTreeSet<String> {
    let kinds = kinds(true);
    let forms = Form::all_rules().iter().map(|form| format!("{form:?}"));
    forms.filter(|form| kinds.contains(form) && !NOT_COMPARED.contains(&form.as_str())).collect()
}

#[test]
fn all_forms_that_pest_reads_have_a_node() {
    let forms = forms();
    let read: BTreeSet<String> = texts()
        .iter()
        .flat_map(|Text { text, .. }| Tree::of(text).items)
        .flat_map(|item| item.nodes)
        .map(|node| format!("{:?}", node.form))
        .collect();
    // Words and signs are nodes without a name.
    let compared = |form: &&String| !form.starts_with("k_") && !form.starts_with("s_");
    let missing: Vec<_> = read.difference(&forms).filter(compared).collect();
    // The last two are read only to report them.
    assert_eq!(missing, ["text_inside", "wrong_on", "wrong_rule"], "{ADVICE}");
}

#[test]
fn words_and_signs_are_the_same() {
    let is_word = |kind: &String| kind.starts_with(|c: char| c.is_ascii_lowercase());
    let own: BTreeSet<String> = kinds(false).into_iter().filter(is_word).collect();
    // Types, grades of a source and the day of the numbers are names, and `as it stands` is one
    // token.
    let names = ["timestamp", "bool", "int", "decimal", "published", "adapted", "inferred", "as_of"];
    let other = [&names[..], &["it", "stands"]].concat();
    let words = WORDS.iter().map(|word| word.text.to_owned()).filter(|word| !other.contains(&word.as_str()));
    assert_eq!(own, words.collect(), "{ADVICE}");
    let signs = kinds(false).into_iter().filter(|kind| !is_word(kind)).filter(|sign| sign != "\"");
    let text = QUERIES.iter().find(|(name, _)| *name == "highlights").map(|(_, text)| *text).unwrap();
    let forms = kinds(true);
    let coloured = |written: &str| text.contains(&format!("\"{written}\""));
    let in_forms = |sign: &str| forms.iter().any(|form| text.contains(&format!("({form})")) && reads(form, sign));
    let plain: Vec<_> = own.iter().filter(|word| !coloured(word)).cloned().collect();
    let bare: Vec<_> = signs.filter(|sign| !coloured(sign) && !in_forms(sign)).collect();
    assert!(plain.is_empty() && bare.is_empty(), "give these a colour in queries/highlights.scm: {plain:?} {bare:?}");
}

/// Whether a form of the grammar names this sign.
fn reads(form: &str, sign: &str) -> bool {
    let pest = fs::read_to_string(root().join("grammar/indicator.pest")).unwrap();
    let rule = pest.lines().find(|line| line.split_whitespace().next() == Some(form)).unwrap_or_default();
    rule.contains(&format!("\"{sign}\""))
}

#[test]
fn every_query_can_be_asked() {
    for (name, text) in QUERIES {
        let query = Query::new(&LANGUAGE.into(), text);
        assert!(query.is_ok(), "queries/{name}.scm: {}", query.unwrap_err());
    }
}

#[test]
fn what_is_committed_is_what_the_pest_grammar_gives() {
    let folder = root().join("editors/tree-sitter");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let made = grammar::translate::translate(&read("../../grammar/indicator.pest")).unwrap();
    assert!(read("src/grammar.json") == made.json() && read("grammar.js") == made.js(), "{ADVICE}");
    let sum = |name: &str| format!("{} {name}\n", blake3::hash(read(&format!("src/{name}")).as_bytes()).to_hex());
    assert_eq!(read("src/checksums"), ["grammar.json", "parser.c"].map(sum).concat(), "{ADVICE}");
}

/// A text that is being typed is read, and what is missing is seen, wherever it is cut.
#[test]
fn a_text_may_end_anywhere() {
    let mut seen: BTreeMap<bool, usize> = BTreeMap::new();
    for place in ["grammar/cheatsheet.ind", "examples/library/indicators/returned_in_time.ind"] {
        let text = fs::read_to_string(root().join(place)).unwrap();
        for item in Tree::of(&text).items {
            let tree = Tree::of(&text);
            let tokens = &tree.tokens.list[item.tokens.clone()];
            for token in tokens {
                let cut = text.get(tokens[0].range.start..token.range.end).unwrap();
                let refused = !Tree::of(cut).sound;
                let error = parsed(cut).root_node().has_error();
                if refused {
                    *seen.entry(error).or_default() += 1;
                }
            }
        }
    }
    assert!(seen.get(&false).is_none_or(|missed| missed * 100 < seen[&true]), "{seen:?}");
}
