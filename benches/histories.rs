//! How long `diff` looks for a history on which two definitions disagree:
//! `cargo bench -p yardstick-language --bench histories`.
//!
//! The changes are those of the test (`tests/language/histories.rs`): generated definitions with one
//! clause changed. Each is searched as `diff` does without data. `YARDSTICK_BENCH_TEXTS=1` prints
//! the slowest, and those of which none was found; `YARDSTICK_BENCH_HISTORIES=100000` tries more.
//! See `benches/README.md`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends where it cannot go on")]

extern crate yardstick_language as yardstick;

#[path = "../tests/language/changed.rs"]
mod changed;
#[path = "../tests/generated/mod.rs"]
#[expect(dead_code, unused_imports, clippy::panic, reason = "the tests use the rest")]
mod generated;
#[path = "../tests/language/oracle.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod oracle;

use changed::{Pair, Sums};
use std::time::{Duration, Instant};
use yardstick::history::{self, Bounds, Definition};

/// So many of the slowest are printed.
const SLOWEST: usize = 5;

/// A search: how long it took by the clock, how long it had a processor, how many histories it
/// tried, whether it found one.
struct Search {
    clock: Duration,
    took: Duration,
    tried: usize,
    found: bool,
    texts: String,
}

fn main() {
    let mut rng = changed::rng();
    let mut all: Vec<Search> = Vec::new();
    for seed in 0..changed::SEEDS {
        let (_, _, pairs) = changed::pairs(&mut rng, seed);
        all.extend(pairs.into_iter().map(|pair| search(seed, &pair)));
    }
    all.sort_by_key(|search| search.took);
    let (found, lost): (Vec<&Search>, Vec<&Search>) = all.iter().partition(|search| search.found);
    println!(
        "{:<34} {:>8} {:>10} {:>10} {:>10} {:>12}",
        "milliseconds", "changes", "median", "95th", "most", "over 1 s"
    );
    line("a history was found", &found);
    line("none in all that were tried", &lost);
    println!("\nthe slowest of which one was found");
    found.iter().rev().take(SLOWEST).for_each(|search| told(search));
    if std::env::var_os("YARDSTICK_BENCH_TEXTS").is_some() {
        println!("\nthose of which none was found");
        lost.iter().rev().for_each(|search| told(search));
        found.iter().rev().take(SLOWEST).chain(lost.iter().rev()).for_each(|search| println!("\n{}", search.texts));
    }
}

fn search(seed: u64, pair: &Pair) -> Search {
    let [old, new] = [&pair.before, &pair.after].map(|program| Definition { program, number: 0 });
    let most = std::env::var("YARDSTICK_BENCH_HISTORIES").ok().and_then(|n| n.parse().ok());
    let bounds = Bounds { histories: most.unwrap_or(Bounds::default().histories), ..Bounds::default() };
    let (begin, before) = (Instant::now(), processor());
    let searched = history::apart(old, new, &Sums, bounds);
    let clock = begin.elapsed();
    let took = before.and_then(|before| processor()?.checked_sub(before)).unwrap_or(clock);
    let texts = format!("seed {seed}, {} ms\n{}", took.as_millis(), difference(&pair.text, &pair.other));
    Search { clock, took, tried: searched.tried, found: searched.found.is_some(), texts }
}

/// How long this thread has had a processor, where the system says so.
fn processor() -> Option<Duration> {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    said.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The old text with the lines that changed.
fn difference(old: &str, new: &str) -> String {
    let lines = old.lines().zip(new.lines());
    let told = lines.map(|(old, new)| if old == new { format!("  {old}\n") } else { format!("- {old}\n+ {new}\n") });
    told.collect()
}

fn line(what: &str, of: &[&Search]) {
    let at = |share: usize| of.get((of.len() * share / 100).min(of.len().saturating_sub(1)));
    let ms = |search: Option<&&Search>| search.map_or(0.0, |search| search.took.as_secs_f64() * 1000.0);
    let over = of.iter().filter(|search| search.took > Duration::from_secs(1)).count();
    let (middle, late, most) = (ms(at(50)), ms(at(95)), ms(of.last()));
    let by_clock = of.iter().filter(|search| search.clock > Duration::from_secs(1)).count();
    println!("{what:<34} {:>8} {middle:>10.1} {late:>10.1} {most:>10.1} {over:>10} {by_clock:>12}", of.len());
}

fn told(search: &Search) {
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("  {:>8.1} ms, {:>8.1} by the clock, {} histories", ms(search.took), ms(search.clock), search.tried);
}
