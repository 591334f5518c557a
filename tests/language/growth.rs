//! The work of reading a text grows as the text does. No clock is asked: pest counts its steps, and
//! of a text made of equal pieces each further piece costs as many as the one before. (What the
//! checker does is not counted: `benches/compiler.rs` shows how its time grows.)

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::process::Command;
use std::time::{Duration, Instant};
use yardstick::source::Sources;
use yardstick::{check, syntax};

/// Generous: these run unoptimised, beside other tests.
const SOON: Duration = Duration::from_secs(60);

/// Set in the process that counts: pest keeps one limit for all threads, so nothing else may read
/// there.
const ALONE: &str = "YARDSTICK_COUNTS_ALONE";

/// What stands before the pieces, a piece, and what stands after as many of them.
type Shape = (&'static str, &'static str, &'static str);

/// Texts of one declaration each.
const SHAPES: &[Shape] = &[
    ("levels a", " > b", ""),
    ("domains a", ", b \"B\"", ""),
    ("dates 9999-12-31", ", 0001-01-01", " mean missing"),
    ("codes a = { b", ", b", " }"),
    ("table a {", "\n  b date? from \"x\"", " }"),
    ("table a {", "\n  b { c, d }?", " }"),
    ("table a { b { c", ", c", " } }"),
    ("table a {", "\n  b -> c through d\n  e <- f.g", " }"),
    ("table a {", "\n  b = earliest of c, d + 2 months", " }"),
    ("rows a = b where c", " and c", ""),
    ("rows a = b where c = d", " or c = d", ""),
    ("rows a = b where c", " and c and not (d before e or f in { g, h })", ""),
    ("rows a = b where c in { d", ", d", " }"),
    ("rows a = b where c = d", " + 1 day", ""),
    ("rows a = b where c = earliest of d", ", d", ""),
    ("rows a = b where c", ".c", " = d"),
    ("rows a = b where c", " and some d as e where e.f is missing", ""),
    ("rows a = b where c", " and all d where e have f", ""),
    ("rows a = b where c", " && c == d", ""),
    ("rows a = b where c", " and d between e and f", ""),
    ("rows a = b where ", "not ", "c"),
    ("rows a = b where ", "(", "c"),
    ("rows a = b where ", "some d where ", "c"),
    ("rows a = b where ", "some d where e before (latest f among g where ", "h"),
    ("rows a = b where ", "day of ", "c = d"),
    ("rows a = b where ", "(c = d and (earliest of e, ", "f"),
    // With a mistake in the innermost: what goes on behind a value is not tried again from outside.
    ("rows a = b where c = ", "(days from d to e - ", "f g"),
    ("rows a = b where c = ", "(earliest of d, e - ", "f g"),
    ("rows a = b where c = ", "(if d then e else f - ", "g h"),
    ("rows a = b where c = ", "(sum d among e where f = g - ", "h i"),
    ("rows a = b where ", "(no c where d and ", "e f"),
    ("rows a = b where c = ", "(count d where e = f - ", "g h"),
    ("rows a = b where c = ", "(count d open on e - ", "f g"),
    ("rows a = b where c = ", "(count d where e open on f - ", "g h"),
    ("rows a = b where # ", "comment ", "\n c"),
    ("rows a = b where c", " # comment\n", " and d"),
    ("rows a = b where c", " ", " and d"),
    ("rows a = b where a", "a", ""),
    ("table a \"", "b \\\" ", "\" { }"),
    ("indicator a {", "\n  exclude \"b\" c < 8 days", "\n}"),
    ("indicator a {", "\n  let b = c or d", "\n}"),
    ("indicator a {", "\n  cohort last a of each b by c where d open on window.start", "\n}"),
    ("indicator a {", "\n  numerator count distinct a among b.c where d + measure mean of sum e among f", "\n}"),
    ("indicator a {", "\n  standard at most 9.9% from 2007-01-01 { source \"a\" } yellow at most 12%", "\n}"),
    ("indicator a {\n  numerator b where", "\n  numerator b", "\n}"),
    ("scorecard a {", "\n  b: c, d", "\n}"),
    ("scorecard a { b: c", ", c", " }"),
    ("test a \"b\" {\n  c | d |", "\n    | e |", "\n}"),
    ("test a \"b\" {", "\n  expect window ending 2024-12-31: 1 of 2, 1 excluded", "\n}"),
    ("test a \"b\" {", "\n  expect r1 excluded \"c\" held by w1", "\n}"),
];

#[test]
fn each_further_piece_of_a_text_takes_as_many_steps() {
    if std::env::var_os(ALONE).is_some() {
        return count_all();
    }
    let this = std::env::current_exe().unwrap();
    let name = "growth::each_further_piece_of_a_text_takes_as_many_steps";
    let counted = Command::new(this).args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&counted.stdout) + String::from_utf8_lossy(&counted.stderr);
    assert!(counted.status.success() && said.contains("1 passed"), "{said}");
}

fn count_all() {
    let mut uneven = Vec::new();
    for shape in SHAPES {
        let counts @ [few, more, most] = [20, 40, 60].map(|n| steps(&text(shape, n)));
        if most - more != more - few || few < 20 {
            uneven.push(format!("{counts:?} steps for 20, 40 and 60 pieces of {shape:?}"));
        }
    }
    assert!(uneven.is_empty(), "{}", uneven.join("\n"));
}

fn text((before, piece, after): &Shape, pieces: usize) -> String {
    let open = piece.matches('(').count() - piece.matches(')').count().min(piece.matches('(').count());
    format!("{before}{}{after}{}", piece.repeat(pieces), ")".repeat(open * pieces))
}

/// The steps pest takes to read a text: the smallest limit with which nothing else comes out than
/// without one.
fn steps(text: &str) -> usize {
    let mut sources = Sources::default();
    let file = sources.add("a.ind", text);
    let read = |limit: Option<NonZeroUsize>| {
        pest::set_call_limit(limit);
        syntax::parse(&sources, file)
    };
    let whole = read(None);
    let (mut too_few, mut enough) = (0_usize, 1 << 22);
    while enough - too_few > 1 {
        let limit = too_few.midpoint(enough);
        if read(NonZeroUsize::new(limit)) == whole { enough = limit } else { too_few = limit }
    }
    enough
}

/// Some of the many for whom nobody counts: on each of these texts the checker took minutes to
/// years.
#[test]
fn mistakes_in_large_models_are_told_soon() {
    let lines = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    let keyless = format!(
        "table k \"k\" {{\n{}}}\ntable l \"l\" {{ l_id key\n{}}}\n",
        lines(9_000, &|i| format!("  k{i} int\n")),
        lines(9_000, &|i| format!("  l{i} -> k\n")),
    );
    let several =
        format!("table t \"t\" {{ t_id key\n{}}}\n", lines(4_000, &|i| format!("  c{i} -> t\n  b{i} <- t\n")));
    let nested = |open: &str, close: &str| {
        let inner = (0..40)
            .fold("window.end".to_owned(), |inner, i| format!("{open}{inner}{close}").replace('#', &i.to_string()));
        format!(
            "levels d > a\ntable a {{ a_id key  up -> a  from_on date  ended date?  others <- a  spans from_on until ended }}\n\
             indicator i {{ window month  cohort a where from_on in window  numerator from_on before {inner}  attribute up at from_on }}\n"
        )
    };
    // Names are looked at by the alphabet.
    let names =
        |line: &dyn Fn(usize) -> String| format!("table t \"t\" {{ t_id key  n0000 = true\n{}}}\n", lines(9_000, line));
    let large = |i: usize| match i {
        0..12 => format!("  n{:04} = n{i:04} or not n{i:04}\n", i + 1),
        _ => format!("  x{i:04} = n0012\n"),
    };
    for (what, text, code) in [
        ("links to a table without a key", keyless, "E0606"),
        ("back links by several columns", several, "E0605"),
        (
            "dates of rows, one after another",
            nested("(latest r#.from_on among others as r# where r#.from_on before ", ")"),
            "E0208",
        ),
        ("stays, one inside another", nested("(latest r#.from_on among others as r# where r# open on ", ")"), "E0208"),
        ("names of names, from the first", names(&|i| format!("  n{:04} = n{i:04}\n", i + 1)), "E0208"),
        ("names of names, from the last", names(&|i| format!("  m{i:04} = m{:04}\n", i + 1)), "E0208"),
        ("names that double", names(&|i| format!("  n{:04} = n{i:04} and not n{i:04}\n", i + 1)), "E0208"),
        ("names that double, from the last", names(&|i| format!("  m{i:04} = m{0:04} or m{0:04}\n", i + 1)), "E0208"),
        ("many names of a large one", names(&large), "E0208"),
    ] {
        let start = Instant::now();
        let mut sources = Sources::default();
        let file = sources.add("a.ind", text);
        let (ast, mut found) = syntax::parse(&sources, file);
        found.extend(check::check(&[ast]).findings);
        let codes: BTreeSet<_> = found.sorted().iter().map(|d| d.code.as_str()).collect();
        assert!(codes.contains(code), "{what}: {codes:?}");
        assert!(start.elapsed() < SOON, "{what}: {:?}", start.elapsed());
    }
}
