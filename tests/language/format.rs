//! Laws of the layout: formatted twice, a text is what it was after the first time; what it means,
//! its comments and what cannot be read stay; where lines begin is the format's alone.

use crate::laws_of_text::{formatted, meaning};
use crate::syntax::layout::{Layout, laid_out, texts};
use crate::syntax::parse;
use crate::texts::{checked, each, root, same_as_snapshot, texts as files};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};
use yardstick::format::format;
use yardstick::syntax::tokens::Kind;
use yardstick::syntax::tree::Tree;

/// Whether the text means something, so that its meaning can be compared.
fn reads(text: &str) -> bool {
    let (ast, found, _) = parse(text);
    !found.has_errors() && !ast.items.is_empty()
}

#[test]
fn layouts() {
    each("language/golden/format", |input| {
        let text = fs::read_to_string(input).unwrap();
        same_as_snapshot(input, &formatted(&input.display().to_string(), &text));
    });
}

#[test]
fn every_shipped_file_is_in_its_layout() {
    for folder in ["indicators", "examples", "grammar"] {
        for (path, text) in files(&root().join(folder)) {
            assert!(format(&text) == text, "{path}: write it with `yardstick fmt {folder}`");
        }
    }
}

#[test]
fn the_layout_keeps_what_a_text_means_and_its_comments() {
    let mut read = 0;
    for (name, text) in texts() {
        let made = formatted(&name, &text);
        let ((was, _, _), (is, found, _)) = (parse(&text), parse(&made));
        assert!(meaning(&was) == meaning(&is), "{name}: read as something else\n{made}\n{found:?}");
        read += usize::from(reads(&text));
    }
    assert!(read > 250, "only {read} texts");
}

#[test]
fn the_layout_keeps_the_meaning_hashes() {
    let mut all = files(&root().join("indicators"));
    all.retain(|path, _| !path.ends_with("model.ind"));
    let hashes = |text: &str| {
        let program = checked("text.ind", text).program;
        program.indicators.iter().map(|i| (i.id.clone(), i.meaning.clone())).collect::<BTreeMap<_, _>>()
    };
    let text = all.into_values().collect::<Vec<_>>().join("\n");
    let scrambled = laid_out(&text, Layout::Random, &mut ChaCha8Rng::seed_from_u64(3));
    let was = hashes(&text);
    assert!(was.len() > 30 && was == hashes(&format(&text)) && was == hashes(&format(&scrambled)));
}

#[test]
fn the_layout_of_a_scrambled_text_keeps_what_it_means() {
    // Types and time zones that there are not: where they end, only their line tells.
    let by_line = |name: &str| ["E0607", "E0616", "names_that_mean_nothing"].iter().any(|part| name.contains(part));
    let layouts = [Layout::OneLine, Layout::FirstColumn, Layout::Random];
    for (number, (name, text)) in texts().into_iter().enumerate() {
        if by_line(&name) || !reads(&text) {
            continue;
        }
        let (was, ..) = parse(&text);
        let layout = layouts[number % layouts.len()];
        // Each text has draws of its own, so that a further one moves none of the others', nor does
        // the folder in which the project lies.
        let within = name.strip_prefix(&*root().to_string_lossy()).unwrap_or(&name);
        let mut rng = ChaCha8Rng::seed_from_u64(within.bytes().fold(5, |seed, b| seed * 31 % 1_000_003 + u64::from(b)));
        let other = format!(" \n{}", strewn(&laid_out(&text, layout, &mut rng), &mut rng));
        let made = formatted(&name, &other);
        let (is, found, _) = parse(&made);
        assert!(meaning(&is) == meaning(&was), "{name}, {layout:?}: {found:?}\n{made}");
        assert!(made != other, "{name}, {layout:?}: left as it was\n{other}");
    }
}

#[test]
fn a_comment_in_a_unit_of_two_words_means_nothing() {
    let read = |between: &str| {
        let (ast, found, _) = parse(&format!("indicator quick {{\n  standard at most 5 business{between}days\n}}\n"));
        assert!(!found.has_errors(), "{found:?}");
        meaning(&ast)
    };
    assert!(read(" ").contains("business days"));
    assert_eq!(read("\n# strewn\n"), read(" "));
}

/// The text with comments put between tokens.
fn strewn(text: &str, rng: &mut impl Rng) -> String {
    let tree = Tree::of(text);
    let (mut out, mut end) = (String::new(), 0);
    for token in &tree.tokens.list {
        let between = text.get(end..token.range.start).unwrap();
        out += between;
        let row = token.kind == Kind::Row && !between.contains('\n');
        if !between.is_empty() && !row && rng.random_bool(0.02) {
            out += ["# strewn\n", "\n\n  # strewn  \n\n", "#\n"][rng.random_range(0..3)];
        }
        out += tree.text_of(token);
        end = token.range.end;
    }
    out
}

/// The text with its lines in the first column, and one blank wherever there are some.
fn plain(text: &str) -> String {
    let tree = Tree::of(text);
    let (mut out, mut end) = (String::new(), 0);
    for token in &tree.tokens.list {
        let between = text.get(end..token.range.start).unwrap();
        let lines: Vec<_> = between.split('\n').map(str::trim).collect();
        let before = if between.starts_with([' ', '#']) && !lines[0].is_empty() { " " } else { "" };
        out += &match lines.len() {
            1 if between.is_empty() => String::new(),
            1 => " ".to_owned(),
            _ => format!("{before}{}", lines.join("\n")),
        };
        out += tree.text_of(token);
        end = token.range.end;
    }
    out
}

/// The lines without what is put below its like as it was: how far each is indented, and its words.
fn lines(text: &str) -> Vec<String> {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(|line| " ".repeat(line.len() - line.trim_start().len()) + &words(line)).collect()
}

#[test]
fn where_lines_begin_does_not_depend_on_where_they_began() {
    for folder in ["indicators", "examples", "grammar"] {
        for (path, text) in files(&root().join(folder)) {
            let (made, other) = (format(&text), formatted(&path, &plain(&text)));
            for (one, other) in lines(&made).iter().zip(&lines(&other)) {
                assert_eq!(one, other, "{path}");
            }
        }
    }
}

#[test]
fn lines_that_can_be_broken_are_not_too_long() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let text = files(&root().join("indicators")).into_values().collect::<Vec<_>>().join("\n");
    let made = format(&laid_out(&text, Layout::OneLine, &mut rng));
    let tree = Tree::of(&made);
    let lines = tree.tokens.list.iter().filter(|t| t.first && ["where", "and", "or"].contains(&tree.text_of(t)));
    let lines: Vec<_> = lines.map(|t| made.get(t.line..).unwrap().lines().next().unwrap()).collect();
    let long: Vec<_> = lines.iter().filter(|line| line.chars().count() > 120).collect();
    assert!(lines.len() > 20 && long.is_empty(), "{long:#?}");
}

#[test]
fn what_cannot_be_read_keeps_its_bytes() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut kept = 0;
    for (name, text) in texts().into_iter().filter(|(_, text)| reads(text)) {
        let tree = Tree::of(&text);
        let token = &tree.tokens.list[rng.random_range(0..tree.tokens.list.len() - 1)];
        let puts = ["", " ]] ", "\"", "(", "}", "where"];
        for put in [puts[rng.random_range(0..6)], puts[rng.random_range(0..6)]] {
            let (before, after) = (text.get(..token.range.start).unwrap(), text.get(token.range.end..).unwrap());
            let broken = format!("{before}{put}{after}");
            kept += usize::from(!Tree::of(&broken).sound);
            formatted(&name, &broken);
        }
    }
    assert!(kept > 250, "{kept}");
}

#[test]
fn line_ends_are_those_of_the_first_line_and_a_return_alone_changes_nothing() {
    let windows = "levels   a>b\r\nindicator x {\n    title   1\r\n  }\n";
    assert_eq!(formatted("mixed", windows), "levels a > b\r\nindicator x {\r\n    title   1\r\n  }\r\n");
    for text in ["levels   a>b\r", "levels   a>b\r\n\r\r\nindicator x {\n", "levels   a>b # c\rlevels a > b\n"] {
        assert_eq!(formatted("alone", text), text);
    }
}

#[test]
fn what_stands_around_a_mistake_is_laid_out() {
    let text = "levels   a>b\nindicator x {\n    title   1\n  }   # here\n\n\n\ncodes   c={d}\n";
    assert_eq!(format(text), "levels a > b\nindicator x {\n    title   1\n  }   # here\n\n\ncodes c = { d }\n");
}

#[test]
fn texts_that_end_anywhere_are_laid_out() {
    for (number, (name, text)) in texts().into_iter().enumerate() {
        let tree = Tree::of(&text);
        // Every token of some files, and some of every file.
        let step = if number % 80 == 0 && text.len() < 6_000 { 1 } else { 331 };
        for token in tree.tokens.list.iter().skip(number % 7).step_by(step) {
            formatted(&name, text.get(..token.range.end).unwrap());
        }
    }
}

#[test]
fn cut_anywhere_a_text_is_laid_out() {
    let text = crate::syntax::limits::SAMPLE;
    for (at, _) in text.char_indices() {
        formatted("cut", text.get(..at).unwrap());
        formatted("cut", text.get(at..).unwrap());
    }
}

#[test]
fn line_ends_and_the_mark_at_the_begin_are_kept() {
    assert_eq!(format("levels   a>b\r\n\r\n\r\n\r\ncodes c={d}"), "levels a > b\r\n\r\n\r\ncodes c = { d }\r\n");
    assert_eq!(format("\u{FEFF}levels   a>b"), "\u{FEFF}levels a > b\n");
    assert_eq!(format("levels   a>b # c\r\n"), "levels a > b  # c\r\n");
    // What the files spell is taken with its line ends.
    assert_eq!(format("text   \"a\n   b\"\nmean missing"), "text \"a\n   b\" mean missing\n");
    assert_eq!(format(""), "");
    assert_eq!(format("\n\n \n"), "");
    assert_eq!(format("# a  \n\n\n\n\n#b"), "# a\n\n\n#b\n");
}

#[test]
fn huge_and_deep_texts_are_laid_out_soon() {
    let start = Instant::now();
    let repeated = |open: &str, inner: &str, close: &str, n: usize| {
        let nest = open.repeat(n) + inner + &close.repeat(n);
        let _ = format(&format!("indicator a {{\n  cohort x where {nest}\n}}\n"));
        let _ = format(&format!("{nest}\n"));
    };
    for (open, inner, close) in [
        ("(", "a", ")"),
        ("some x where ", "a", ""),
        ("not ", "a", ""),
        ("day of ", "a = b", ""),
        ("a + ", "a", ""),
        ("if a then b else ", "c", ""),
        ("a in { b, ", "c", " }"),
        ("{", "", ""),
        ("a and b or ", "c", ""),
        ("# a\n", "a", ""),
    ] {
        for n in [100, 140, 2_000] {
            repeated(open, inner, close, n);
        }
    }
    let _ = format(&format!("codes a = {{ {} }}", "b, ".repeat(100_000)));
    let _ = format(&format!("rows a = b where {}c", "c = d and ".repeat(50_000)));
    let _ = format(&"table a { b key trimmed }\n".repeat(20_000));
    let _ = format(&format!("test a \"b\" {{\n  c {}\n}}", "| a |\n".repeat(20_000)));
    let time = start.elapsed();
    assert!(time < Duration::from_secs(120), "{time:?}");
}
