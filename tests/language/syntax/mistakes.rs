//! Each kind of slip has its code and its place, and hides no other.

use super::{findings, parse};

/// The help of the only finding.
fn help(text: &str) -> String {
    let (_, found, _) = parse(text);
    let all = found.sorted();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].help.clone().unwrap_or_default()
}

fn indicator(clauses: &str) -> String {
    format!("indicator a {{\n  {clauses}\n}}\n")
}

#[test]
fn two_wrong_clauses_give_two_findings_and_so_do_two_declarations() {
    let text = "\
indicator a {
  titel      \"A\"
  cohort     removal wher x = y
  numerater  x = y
  attribute  child.worker
  minimum    10
}
table t {
  a
  b  date,
  c  dote? ?
}
levles a > b
codes c = { a, b
rows r = t where x
";
    assert_eq!(
        findings(text),
        [
            "E0103 2:3 titel",
            "E0101 3:22 wher",
            "E0103 4:3 numerater",
            "E0101 5:14 child.worker",
            "E0101 9:3 a",
            "E0101 10:10 ,",
            "E0101 11:12 ?",
            "E0102 13:1 levles",
            "E0105 14:11 {",
        ]
    );
    let (ast, ..) = parse(text);
    assert_eq!(ast.items.len(), 1, "the last declaration is read");
    let unread: Vec<_> = ast.unread.iter().map(|n| n.value.as_str()).collect();
    assert_eq!(unread, ["a", "t", "a", "c"]);
}

#[test]
fn a_quote_that_is_not_closed_is_found_where_it_is() {
    let text = "indicator a {\n  title \"A\n  question \"B\"\n  source \"C\"\n}\nindicator b {\n  title \"D\n}\ncodes c = { d }\n";
    assert_eq!(findings(text), ["E0104 2:9 \"A", "E0104 7:9 \"D"]);
}

#[test]
fn the_brace_that_is_not_closed_is_told_by_its_indentation() {
    let text = "table t {\n  a { b, c\n  d date\n}\ntable u {\n  a key\n}\n";
    assert_eq!(findings(text)[0], "E0105 2:5 {");
}

#[test]
fn what_is_missing_is_said_of_the_place_before_it() {
    assert_eq!(findings(&indicator("numerator  # nothing\n  minimum 3")), ["E0101 2:3 numerator"]);
    assert_eq!(help(&indicator("attribute child.worker\n")), "expected `at`");
    assert_eq!(findings("rows a = b where c and\n\ncodes d = { e }"), ["E0101 1:20 and"]);
}

#[test]
fn plain_slips_are_reported_and_read_as_they_are_meant() {
    let text = indicator("cohort x where a == b && c <> d || !(e ≤ 3) and f is null and g is not null and h != NULL");
    let codes: Vec<_> = findings(&text).iter().map(|f| f.chars().take(5).collect::<String>()).collect();
    assert_eq!(codes, ["E0108", "E0108", "E0108", "E0108", "E0108", "E0108", "E0109", "E0109", "E0109"]);
    let (ast, ..) = parse(&text);
    assert_eq!(ast.items.len(), 1);
}

const OVER: &str = "nothing is divided here: compare products, as `2 * a <= b`, or choose by them, as `if 2 * a <= b then ...`; \
                    a share of sums is `measure proportion` with a `denominator`";

#[test]
fn every_slip_has_a_help_of_its_own() {
    let cases = [
        ("cohort x WHERE a", "write `where`: the words of the language are in small letters"),
        ("cohort x\n    wher a", "did you mean `where`?"),
        ("cohort x where a is not null", "write `a is known`"),
        ("cohort x where b.a = null", "write `b.a is missing`"),
        ("cohort x where a is not r", "write `not (a is r)`"),
        ("cohort x where some y where a have b", "`have` goes with `all`, as in `all placements where ... have ...`"),
        ("standard more than 3%", "expected `at least`, `at most`, `between` or `none`"),
        ("standard at most 9,9%", "write `.` before a fraction, and nothing between thousands"),
        ("window half", "write `6 months`, or `6 months ending in June, December`"),
        ("title “A”", "write `\"`; word processors turn it into this one"),
        ("title 'A'", "write `\"A\"`; the words of a column's list are written without any"),
        ("let a = 2024-02-30", "the month ends with `2024-02-29`"),
        ("let a = 2023-02-29", "the month ends with `2023-02-28`"),
        ("let a = 2023-13-01", "years go from 0001 to 9999, months from 01 to 12"),
        ("let a = 1/2/2024", "write the year, the month and the day with all their digits, as in `2024-03-09`"),
        ("let a = 99999999999999999999", "the largest one is 9223372036854775807"),
        ("tier 1.5", "write it without a fraction"),
        ("as it stand", "did you mean `stands`?"),
        ("as is", "expected `it`"),
        ("cohort x where a in { }", "write the words that are meant, as in `{ reunification, adoption }`"),
        ("cohort last x", "write `last x of each child by removed_on`, with names of the model"),
        ("cohort x of each y by z", "write `first x of each y by z` or `last x of each y by z`"),
        ("title \"a\\d\"", "write a backslash as `\\\\` and a quotation mark as `\\\"`"),
        ("let a = b // c", "begin a comment with `#`"),
        ("let a = b;", "remove it: nothing is written between clauses or lines"),
        (
            "numerator f(a, b)",
            "functions are written without parentheses: `days from a to b`, `earliest of a, b`, `day of a`",
        ),
        ("exclude days < 8", "write the reason first, as in `exclude \"in care under 8 days\"  days < 8 days`"),
        ("Title \"A\"", "write `title`: the words of the language are in small letters"),
        ("let a = * 2", "write a whole number before it and a number behind it: `2 * days`"),
        ("let a = b / 2", OVER),
        ("let a = / 2", OVER),
        ("let a = case when b then c", "one of two values is chosen by `if C then A else B`, one of more by `else if`"),
    ];
    for (clause, expected) in cases {
        assert_eq!(help(&indicator(clause)), expected, "{clause}");
    }
}

#[test]
fn drawn_rows_must_fit_their_head() {
    let text =
        "test a \"t\" {\n  r | a | b |\n    | 1 | 2 | 3 |\n    | 1 |\n    | 1 | 2\n    | 1 | # |\n  s | a | |\n}\n";
    assert_eq!(
        findings(text),
        ["E0113 3:5 | 1 | 2 | 3 |", "E0113 4:5 | 1 |", "E0113 5:11 2", "E0113 6:5 | 1 |", "E0113 7:11 "]
    );
}

#[test]
fn the_text_may_be_empty() {
    for text in ["", "\n", "# only a comment", "  \r\n\t"] {
        assert_eq!(findings(text), Vec::<String>::new());
    }
}

/// Behind a comment, such a line would be lost.
#[test]
fn a_carriage_return_alone_is_no_line_end() {
    let text = |end: &str| format!("# a comment{end}codes a = {{ b }}\n");
    for (end, errors) in [("\n", 0), ("\r\n", 0), ("\r", 1)] {
        let (ast, found, _) = parse(&text(end));
        assert_eq!(found.counts().0, errors, "{end:?}");
        assert_eq!(ast.items.len(), 1 - errors, "{end:?}");
    }
}

#[test]
fn a_brace_that_is_missing_behind_another_is_one_mistake() {
    let standard = "indicator a {\n  title \"A\"\n  standard at least 9% { source \"x\" }\n\n";
    let said = findings(&format!("{standard}indicator b {{\n  title \"B\"\n}}\n"));
    assert_eq!(said.len(), 1, "{said:?}");
}
