//! What the compiler itself costs: `cargo bench --bench compiler`.
//!
//! In this process, on one thread: how fast texts are read and checked, how long an editor waits
//! after a keystroke, and how the time grows as texts of many shapes grow. See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod texts;

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use texts::Text;
use yardstick::diag::Diagnostics;
use yardstick::source::{FileId, Sources};
use yardstick::syntax::ast::Ast;
use yardstick::{check, syntax};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let rounds = std::env::var("YARDSTICK_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    let shipped = texts::below(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("indicators"))?;
    let large = repeated(&shipped, 10_000_000)?;
    println!("{:<44} {:>8} {:>12} {:>12} {:>8}", "", "MB", "fastest ms", "median ms", "MB/s");
    let sources = sources(&shipped);
    show("syntax of the shipped folder", &shipped, &timed(rounds, || parse(&sources)));
    let several = rounds.div_ceil(5);
    let large_sources = self::sources(&large);
    show("syntax of its indicators over and over", &large, &timed(several, || parse(&large_sources)));
    show("syntax and check of the shipped folder", &shipped, &timed(rounds, || all(&shipped)));
    show("syntax and check of them over and over", &large, &timed(several, || all(&large)));
    keystrokes(&shipped, rounds)?;
    growth(several);
    Ok(())
}

/// The model and the named sets, and one text of about so many bytes: every indicator with its
/// tests, again and again under another name.
fn repeated(shipped: &[Text], bytes: usize) -> Outcome<Vec<Text>> {
    let has_indicators = |text: &str| text.lines().any(|l| l.starts_with("indicator "));
    let (indicators, mut texts): (Vec<_>, Vec<_>) = shipped.iter().cloned().partition(|(_, t)| has_indicators(t));
    texts.retain(|(_, text)| !text.lines().any(|l| l.starts_with("scorecard ")));
    let mut large = String::new();
    for round in 0.. {
        for (_, text) in &indicators {
            for line in text.lines() {
                let mut words = line.splitn(3, ' ');
                match (words.next(), words.next(), words.next()) {
                    (Some(what @ ("indicator" | "test")), Some(name), Some(rest)) => {
                        writeln!(large, "{what} {name}_{round} {rest}")?;
                    }
                    _ => writeln!(large, "{line}")?,
                }
            }
        }
        if large.len() >= bytes {
            break;
        }
    }
    texts.push((PathBuf::from("large.ind"), large));
    Ok(texts)
}

fn sources(texts: &[Text]) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in texts {
        sources.add(path, text.as_str());
    }
    sources
}

fn parse(sources: &Sources) -> (Vec<Ast>, Diagnostics) {
    let mut findings = Diagnostics::default();
    let read = |(file, _): (FileId, _)| {
        let (ast, found) = syntax::parse(sources, file);
        findings.extend(found);
        ast
    };
    let asts = sources.iter().map(read).collect();
    (asts, findings)
}

/// All findings about texts that are in memory.
fn all(texts: &[Text]) -> Diagnostics {
    let (asts, mut findings) = parse(&sources(texts));
    findings.extend(check::check(&asts).findings);
    findings
}

/// The times that something takes, the shortest first.
fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            let done = black_box(work());
            let time = start.elapsed();
            drop(done);
            time
        })
        .collect();
    times.sort_unstable();
    times
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn show(what: &str, texts: &[Text], times: &[Duration]) {
    let megabytes = texts.iter().map(|(_, t)| t.len()).sum::<usize>() as f64 / 1e6;
    let (fastest, median) = (times[0], times[times.len() / 2]);
    let speed = megabytes / fastest.as_secs_f64();
    println!("{what:<44} {megabytes:>8.2} {:>12.2} {:>12.2} {speed:>8.1}", ms(fastest), ms(median));
}

/// After a keystroke in one file an editor needs the findings of all files. The trees of the other
/// files can be kept; the check is of all files together, so it is made anew.
fn keystrokes(shipped: &[Text], rounds: usize) -> Outcome<()> {
    let at =
        shipped.iter().position(|(p, _)| p.ends_with("reentry_into_foster_care.ind")).ok_or("no such indicator")?;
    let text = shipped[at].1.clone();
    let changes = [
        ("a letter more in a title", text.replacen("title      \"", "title      \"x", 1)),
        ("a number that is another", text.replacen("+ 12 months", "+ 11 months", 1)),
        ("a name that nothing has", text.replacen("later.removed_on", "later.removed_o", 1)),
        ("a brace that is gone", text.replacen('{', "", 1)),
        ("a quotation mark that is gone", text.replacen('"', "", 1)),
    ];
    println!(
        "\n{:<44} {:>8} {:>12} {:>12}",
        "a keystroke: all findings of all files", "found", "fastest ms", "median ms"
    );
    for (what, changed) in changes {
        if changed == text {
            return Err(format!("the text has no place for {what}").into());
        }
        let mut texts = shipped.to_vec();
        texts[at].1 = changed;
        let found = all(&texts).sorted().len();
        let anew = timed(rounds, || all(&texts));
        println!("{what:<44} {found:>8} {:>12.2} {:>12.2}", ms(anew[0]), ms(anew[anew.len() / 2]));
        let (mut trees, _) = parse(&sources(shipped));
        let kept = timed(rounds, || {
            let sources = sources(&texts);
            let file = sources.iter().nth(at).map(|(file, _)| file)?;
            let (tree, mut findings) = syntax::parse(&sources, file);
            trees[at] = tree;
            findings.extend(check::check(&trees).findings);
            Some(findings)
        });
        let what = "    the other files' trees kept";
        println!("{what:<44} {found:>8} {:>12.2} {:>12.2}", ms(kept[0]), ms(kept[kept.len() / 2]));
    }
    Ok(())
}

/// A world for made-up texts.
const WORLD: &str = "levels department > worker
table worker \"w\" { worker_id key  name text }
table child \"c\" { child_id key  worker -> worker  born_on date  visits <- visit  stays <- stay }
table visit \"v\" { visit_id key  child -> child  made_on date  n int }
";

/// A text of one shape and so many pieces.
type Shape = (&'static str, fn(usize) -> String);

/// Shapes that took a time that grew faster than the text, or could.
const SHAPES: &[Shape] = &[
    ("indicators", |n| world("") + &many(n, |i| indicator(&format!("i{i}"), "", "kind = a"))),
    ("conditions joined by and", |n| world("") + &indicator("i", "", &joined(n, " and ", |i| format!("made > {i}")))),
    ("names of conditions", |n| {
        let lets = many(n, |i| format!("  let l{i} = made > {i}\n"));
        world("") + &indicator("i", &lets, &joined(n, " or ", |i| format!("l{i}")))
    }),
    ("exclusions", |n| {
        world("") + &indicator("i", &many(n, |i| format!("  exclude \"r{i}\" made = {i}\n")), "kind = a")
    }),
    ("words of a list, each refused", |n| {
        let words = many(n, |i| format!(", w{i}"));
        world(&words) + &indicator("i", "", &joined(n, " and ", |i| format!("kind != w{i}")))
    }),
    ("words that are mistyped", |n| {
        let words = many(n, |i| format!(", w{i}"));
        world(&words) + &indicator("i", "", &joined(n, " or ", |i| format!("kind = v{i}x")))
    }),
    ("tables with an indicator each", |n| {
        let tables =
            many(n, |i| format!("table t{i} \"t\" {{ t{i}_id key  child -> child  kind {{ a, b }}  from_on date }}\n"));
        let on = |i: usize| indicator(&format!("i{i}"), "", "kind = a").replace("cohort stay", &format!("cohort t{i}"));
        world("") + &tables + &many(n, on)
    }),
    ("links to a table without a key", |n| {
        let columns = many(n, |i| format!("  k{i} int\n"));
        let links = many(n, |i| format!("  l{i} -> k\n"));
        format!("{}table k \"k\" {{\n{columns}}}\ntable l \"l\" {{ l_id key\n{links}}}\n", world(""))
    }),
    ("rows that link here by several columns", |n| {
        let lines = many(n, |i| format!("  c{i} -> t\n  b{i} <- t\n"));
        format!("{}table t \"t\" {{ t_id key\n{lines}}}\n", world(""))
    }),
    ("tests", |n| {
        world("") + &indicator("i", "", "kind = a") + &many(n, |_| test("| r | c | 2023-01-01 | a |\n", "expect r met"))
    }),
    ("rows of a test, all expected", |n| {
        let rows = many(n, |i| format!("  | r{i} | c | 2023-01-01 | a |\n"));
        let expects = many(n, |i| format!("  expect r{i} met\n"));
        world("") + &indicator("i", "", "kind = a") + &test(&rows, &expects)
    }),
    ("days that stand for a missing one", |n| {
        let day = |i: usize| format!("{}-{:02}-{:02}", 1000 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
        let rows = many(n, |i| format!("  | r{i} | c | 2023-01-01 | a |\n"));
        let dates = format!("dates {} mean missing\n", joined(n, ", ", day));
        dates + &world("") + &indicator("i", "", "kind = a") + &test(&rows, "expect r1 met")
    }),
    ("brackets that close nothing", |n| "(".repeat(n) + &"}".repeat(n)),
    ("half an indicator", |n| {
        world("") + &many(n, |i| format!("indicator i{i} {{\n  window month\n  cohort stay where from_on in\n"))
    }),
];

fn world(words: &str) -> String {
    format!(
        "{WORLD}table stay \"s\" {{ stay_id key  child -> child  from_on date  until_on date?  made int  kind {{ a, b{words} }}  spans from_on until until_on }}\n"
    )
}

fn many(n: usize, piece: impl Fn(usize) -> String) -> String {
    (0..n).map(piece).collect()
}

fn joined(n: usize, between: &str, piece: impl Fn(usize) -> String) -> String {
    (0..n).map(piece).collect::<Vec<_>>().join(between)
}

fn indicator(name: &str, clauses: &str, numerator: &str) -> String {
    format!(
        "indicator {name} {{\n  question \"q\"\n  source \"s\"\n  status published\n  window month\n  cohort stay where from_on in window\n{clauses}  numerator {numerator}\n  attribute child.worker at from_on\n}}\n"
    )
}

fn test(rows: &str, expects: &str) -> String {
    format!(
        "test i \"t\" {{\n  stay | stay_id | child | from_on | kind |\n  {rows}  child | child_id | worker |\n  | c | w |\n  expect window ending 2023-01-31: 1 of 1\n  {expects}\n}}\n"
    )
}

/// How the time of syntax and check grows when a text is twice, four and eight times as long: 2, 4
/// and 8 when it takes as long as the text is.
fn growth(rounds: usize) {
    const PIECES: usize = 1000;
    println!("\n{:<44} {:>8} {:>12} {:>8} {:>8} {:>8}", "as the text grows", "kB", "ms", "x 2", "x 4", "x 8");
    for (what, shape) in SHAPES {
        let texts = [1, 2, 4, 8].map(|times| vec![(PathBuf::from("a.ind"), shape(PIECES * times))]);
        let times = texts.each_ref().map(|text| ms(timed(rounds, || all(text))[0]));
        // Numbers get longer, too: what counts is the time for a byte.
        let size = |i: usize| texts[i][0].1.len() as f64 / texts[0][0].1.len() as f64;
        let factor = |i: usize| times[i] / times[0] / size(i) * f64::from(1 << i);
        println!(
            "{what:<44} {:>8} {:>12.2} {:>8.1} {:>8.1} {:>8.1}",
            texts[0][0].1.len() / 1000,
            times[0],
            factor(1),
            factor(2),
            factor(3)
        );
    }
}
