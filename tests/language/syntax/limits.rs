//! Texts that nobody writes and programs do: huge, deep, half-typed, garbage. All are answered,
//! soon.

#![expect(clippy::string_slice, reason = "only cut where a character ends")]

use super::{findings, parse};
use std::time::{Duration, Instant};

/// Generous: these run unoptimised, beside other tests. What is quadratic or worse takes minutes to
/// hours.
const SOON: Duration = Duration::from_secs(60);

fn soon(what: &str, text: &str) -> usize {
    let start = Instant::now();
    let (_, found, _) = parse(text);
    let time = start.elapsed();
    assert!(time < SOON, "{what}: {time:?} for {} bytes", text.len());
    found.counts().0
}

fn indicator(condition: &str) -> String {
    format!("indicator a {{\n  cohort x where {condition}\n}}\n")
}

const MEGABYTES_10: usize = 10_000_000;
/// A declaration of more bytes is not read.
const LONGEST: usize = 1 << 20;

#[test]
fn deep_nesting_is_refused_at_the_same_depth_whatever_nests() {
    let nests = [
        ("(", "a", ")"),
        ("some x where ", "a", ""),
        ("not ", "a", ""),
        ("day of ", "a = b", ""),
        ("a + ", "a", ""),
        ("a * ", "a", ""),
    ];
    for (open, inner, close) in nests {
        let nested = |n: usize| indicator(&format!("{}{inner}{}", open.repeat(n), close.repeat(n)));
        assert_eq!(findings(&nested(126)), Vec::<String>::new(), "126 of `{open}`");
        for n in [140, 10_000] {
            let found = findings(&nested(n));
            assert!(found.len() == 1 && found[0].starts_with("E0107"), "{n} of `{open}`: {found:?}");
        }
    }
}

#[test]
fn brackets_that_are_never_closed_are_answered_soon() {
    for text in [
        "if a then ",
        "if a then b else ",
        "(",
        "{",
        ")",
        "}",
        "{(",
        "({",
        "some x where (",
        "days from (",
        "a in {",
        "[",
        "\"",
        "'",
        "\\\"",
    ] {
        soon(text, &text.repeat(10_000));
        soon(text, &indicator(&text.repeat(10_000)));
    }
    // Below the cap on depth, what is not closed is read again from every level in a grammar that
    // is not left-factored.
    for nest in
        ["(if a then b else ", "(a * ", "(a = ", "(some x where ", "(not (", "(earliest of (a), ", "(days from (a to "]
    {
        soon(nest, &indicator(&format!("{}a{}", nest.repeat(60), ")".repeat(30))));
        soon(nest, &indicator(&format!("{}a ={}", nest.repeat(60), ")".repeat(120))));
    }
}

#[test]
fn ten_megabytes_are_answered_soon() {
    let many = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len());
    assert_eq!(soon("one giant declaration", &indicator(&format!("a{}", many(" and a", MEGABYTES_10)))), 1);
    let line = format!("codes a = {{ b }}   {}\n", "#".repeat(180));
    assert_eq!(soon("many small declarations", &many(&line, MEGABYTES_10)), 0);
    assert_eq!(soon("many tiny declarations", &many("codes a = { b }\n", MEGABYTES_10 / 20)), 0);
    soon("brackets that close nothing", &("(".repeat(MEGABYTES_10 / 10) + &"}".repeat(MEGABYTES_10 / 10)));
    let clauses = many("  exclude \"r\" b\n", LONGEST / 2);
    soon(
        "a clause of stray brackets",
        &format!("indicator a {{\n{clauses}  numerator {}\n}}\n", ")".repeat(LONGEST / 3)),
    );
    soon("prose", &many("lorem ipsum dolor sit amet\n", MEGABYTES_10 / 4));
    soon("signs", &many("\"a { ( ' | = # }\n é“%$ß \\ ) -- {\nindicator a {\n", MEGABYTES_10 / 4));
    for garbage in [
        "codes a = { b \n",
        "\"\nx ",
        "\\\"\n",
        "a\"\nb\n",
        "'",
        "\"",
        "{}",
        "#",
        "\n",
        "  ",
        "test a \"b\" {\n a | b | \n",
    ] {
        soon(garbage, &many(garbage, MEGABYTES_10 / 10));
    }
    // Every line of a text without an end could begin a declaration.
    for line in ["\n", "#\n", " \n", "levels a\n\n", "test\n", "plan a of\n\n\n"] {
        soon(line, &format!("title \"a\n{}", many(line, MEGABYTES_10 / 20)));
        soon(line, &format!("title \"a\n{}\"b", many(line, MEGABYTES_10 / 20)));
    }
}

#[test]
fn a_text_of_mistakes_is_given_up_after_some() {
    let (ast, found, _) = parse(&"indicator a { titel }\n".repeat(1000));
    let (errors, _) = found.counts();
    assert!((200..300).contains(&errors), "{errors}");
    assert!(ast.items.is_empty());
}

pub(crate) const SAMPLE: &str = r#"levels department > office
table removal "a \"stay\"" from "r" { removal_id key  exit_type { a, b }? # {
  child -> child through x  spans p until q }
rows s = removal where x in { a } and not (y is missing or z <= 3)
indicator r {
  title "t
    u"  window 12 months
  cohort last removal of each child by exited_on where exited_on in window
  exclude "r" days from a to b < 8 days
  numerator some other child.removals as later where later.x on or after y + 12 months
  attribute child.worker at last_day
  standard at most 9.9% from 2007-01-01 { source "s" } yellow at most 18% { status inferred }
}
scorecard s "x" { safety: r, q }
test r "t" {
  removal | removal_id | child |
          | r1         | O'B { |  # "
  as of 2026-01-31
  expect window ending 2024-12-31: 1 of 1, 1 excluded
  expect r1 excluded "r" held by w1
}
"#;

#[test]
fn half_typed_texts_keep_the_declarations_before_them() {
    assert_eq!(findings(SAMPLE), Vec::<String>::new());
    let starts: Vec<usize> = ["table", "rows", "indicator", "scorecard", "test"]
        .iter()
        .map(|w| SAMPLE.find(&format!("\n{w} ")).unwrap() + 1)
        .collect();
    for (end, _) in SAMPLE.char_indices() {
        let (ast, _, _) = parse(&SAMPLE[..end]);
        let whole = starts.iter().filter(|s| **s <= end).count();
        assert!(ast.items.len() >= whole, "{} of {whole} declarations before byte {end}", ast.items.len());
    }
}

#[test]
fn a_missing_or_doubled_sign_harms_no_other_declaration() {
    for (at, sign) in SAMPLE.char_indices().filter(|(_, c)| "{}()\"'|#".contains(*c)) {
        let after = at + sign.len_utf8();
        for text in [
            format!("{}{}", &SAMPLE[..at], &SAMPLE[after..]),
            format!("{}{sign}{}", &SAMPLE[..after], &SAMPLE[after..]),
        ] {
            let (ast, _, _) = parse(&text);
            assert!(ast.items.len() >= 5, "{} items with `{sign}` changed at {at}:\n{text}", ast.items.len());
        }
    }
}

#[test]
fn line_ends_blanks_and_comments_do_not_change_what_is_said() {
    let shape = |text: &str| {
        let (ast, found, _) = parse(text);
        assert!(found.is_empty(), "{found:?}");
        let shown = format!("{ast:?}");
        let mut plain = String::new();
        let mut rest = shown.as_str();
        while let Some(at) = rest.find("Span { file") {
            plain += &rest[..at];
            rest = &rest[at + rest[at..].find('}').unwrap()..];
        }
        plain + rest
    };
    let plain = shape(SAMPLE);
    assert_eq!(shape(&SAMPLE.replace('\n', "\r\n")), plain, "Windows line ends");
    assert_eq!(shape(&SAMPLE.replace("  ", "\t")), plain, "tabs");
    assert_eq!(shape(&SAMPLE.replace("  ", " \u{A0}")), plain, "no-break blanks");
    assert_eq!(shape(&SAMPLE.replace(" where ", " where # { \" (\n  ")), plain, "comments");
    assert_eq!(shape(SAMPLE.trim_end()), plain, "no line end at the end");
}
