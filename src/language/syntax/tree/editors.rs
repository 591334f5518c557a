//! The tree-sitter grammar for editors against the pest grammar, on every text of the repository.

use super::{Form, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tree_sitter::{Language, Parser};

/// A form, as either grammar read it: its name and its bytes.
type Read = (String, usize, usize);

/// A text, and where it stands.
struct Text {
    place: String,
    text: String,
}

fn language() -> Language {
    tree_sitter_yardstick::LANGUAGE.into()
}

fn parsed(text: &str) -> tree_sitter::Tree {
    let mut parser = Parser::new();
    parser.set_language(&language()).unwrap();
    parser.parse(text, None).unwrap()
}

/// Every `.ind` file of the repository, and every `ind` block of its pages.
fn texts() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let place = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["target", ".git", "node_modules"].iter().any(|other| place.ends_with(other)) {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "ind") {
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                texts.push(Text { place, text });
            } else if path.extension().is_some_and(|e| e == "md") {
                let page = fs::read_to_string(&path).unwrap();
                texts.extend(blocks(&page).map(|(line, text)| Text { place: format!("{place}:{line}"), text }));
            }
        }
    }
    texts.sort_by(|a, b| a.place.cmp(&b.place));
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
fn every_sound_text_is_read_as_pest_reads_it() {
    let forms = forms(&language());
    let mut wrong = Vec::new();
    let (mut sound, mut compared) = (0, BTreeMap::new());
    for Text { place, text } in texts() {
        let tree = Tree::of(&text);
        if !tree.sound {
            continue;
        }
        sound += 1;
        let made = parsed(&text);
        if made.root_node().has_error() {
            wrong.push(format!("{place}: {}", first_error(&made, &text)));
            continue;
        }
        let (pest, own) = (of_pest(&tree, &forms), of_tree_sitter(&made, &text, &forms));
        for (kind, ..) in &pest {
            *compared.entry(kind.clone()).or_insert(0) += 1;
        }
        let only_pest: Vec<_> = pest.difference(&own).collect();
        let only_own: Vec<_> = own.difference(&pest).collect();
        for (who, which) in [("pest", only_pest), ("tree-sitter", only_own)] {
            wrong.extend(which.iter().take(3).map(|(kind, start, end)| {
                format!("{place}: only {who} reads {kind} {:?}", text.get(*start..*end).unwrap_or_default())
            }));
        }
    }
    println!("{sound} {} {compared:?}", compared.len());
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

fn first_error(made: &tree_sitter::Tree, text: &str) -> String {
    let mut found = String::new();
    each(made, |node| {
        if found.is_empty() && (node.is_error() || node.is_missing()) {
            let line = node.start_position().row + 1;
            let near = text.get(node.byte_range().start..).unwrap_or_default();
            found = format!("line {line}: {:?}", near.chars().take(60).collect::<String>());
        }
    });
    found
}

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

/// Forms that are not compared.
const NOT_COMPARED: &[&str] = &["text_inside"];

fn of_tree_sitter(made: &tree_sitter::Tree, text: &str, forms: &BTreeSet<String>) -> BTreeSet<Read> {
    let mut read = BTreeSet::new();
    each(made, |node| {
        let inside = node.parent().is_some_and(|parent| LEAVES.contains(&parent.kind()));
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
    let mut inside = node.walk();
    let children: Vec<_> = node.children(&mut inside).filter(|child| !child.is_extra()).collect();
    let last = children.into_iter().rfind(|child| text.get(child.byte_range()).is_some_and(|read| !read.trim().is_empty()));
    last.map_or(node.end_byte(), |last| end(last, text))
}

/// Forms that pest reads as a whole, and tree-sitter in parts.
const LEAVES: &[&str] = &["of_name", "from_unit"];

fn of_pest(tree: &Tree<'_>, forms: &BTreeSet<String>) -> BTreeSet<Read> {
    let mut read = BTreeSet::new();
    for node in tree.items.iter().flat_map(|item| &item.nodes) {
        let kind = format!("{:?}", node.form);
        let tokens = &tree.tokens.list[node.tokens.clone()];
        let parent_leaf = false;
        if forms.contains(&kind) && !parent_leaf {
            read.insert((kind, tokens[0].range.start, tokens[tokens.len() - 1].range.end));
        }
    }
    read
}

/// The forms that both grammars name.
fn forms(language: &Language) -> BTreeSet<String> {
    let named = |id: u16| language.node_kind_is_named(id) && language.node_kind_is_visible(id);
    let count = u16::try_from(language.node_kind_count()).unwrap();
    let kinds = (0..count).filter(|id| named(*id)).filter_map(|id| language.node_kind_for_id(id));
    let kinds: BTreeSet<&str> = kinds.collect();
    Form::all_rules().iter().map(|form| format!("{form:?}")).filter(|form| kinds.contains(form.as_str()) && !NOT_COMPARED.contains(&form.as_str())).collect()
}

#[test]
fn dump() {
    let mut out = String::new();
    for Text { place, text } in texts() {
        let tree = Tree::of(&text);
        let all: BTreeSet<String> = Form::all_rules().iter().map(|f| format!("{f:?}")).collect();
        let nodes: Vec<_> = of_pest(&tree, &all).into_iter().collect();
        out += &serde_json::json!({"place": place, "text": text, "sound": tree.sound, "nodes": nodes}).to_string();
        out += "\n";
    }
    fs::write("/tmp/ts/dump.jsonl", out).unwrap();
}
