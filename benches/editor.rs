//! What an editor waits for: `cargo bench -p yardstick-lsp --bench editor`.
//!
//! A client speaks the protocol to the program itself, with the shipped folder open: how long after
//! a keystroke the findings of all files are there, how long other answers take, and how much
//! memory the program has taken. See `benches/README.md`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark prints, and ends where it cannot go on"
)]

#[path = "../tests/server/client.rs"]
#[expect(dead_code, clippy::panic, clippy::string_slice, reason = "the tests use the rest")]
mod client;

use client::{Client, find, root, uri};
use serde_json::json;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use yardstick_language::ide::Definitions;

/// A keystroke is answered in this time, at the 95th percentile.
const GOAL_MS: f64 = 10.0;
/// The program takes no more.
const GOAL_MB: f64 = 60.0;

const REENTRY: &str = "indicators/tier1/reentry_into_foster_care.ind";
const MODEL: &str = "indicators/model.ind";

/// Keystrokes that make a mistake, each by what it writes in the place of what. The first is
/// measured against the goal.
const KEYSTROKES: [(&str, &str, &str, &str); 5] = [
    ("a code of a condition", REENTRY, "exit_type = reunification", "exit_type = reunificatio"),
    ("a quotation mark", REENTRY, "title      \"", "title      "),
    ("a brace", REENTRY, "{", ""),
    ("a word of a test", REENTRY, "expect r1 met", "expect r1 mett"),
    ("a column of the model", MODEL, "  exited_on  ", "  exited_o  "),
];

fn main() {
    let rounds = std::env::var("YARDSTICK_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let root = root();
    let path = root.join(REENTRY);
    let (address, text) = (uri(&path), fs::read_to_string(&path).unwrap());
    let mut client = Client::start(&root);
    println!("{:<44} {:>10} {:>10} {:>10}", "milliseconds", "median", "95th", "most");
    println!("a keystroke, and one back: all findings of all files");
    let keystrokes = KEYSTROKES.map(|of| keystrokes(&mut client, of, rounds));
    let [(keystroke, processor), ..] = &keystrokes;
    for (what, method, piece) in [
        ("completion in a condition", "textDocument/completion", "exit_type = reunification"),
        ("completion of a clause", "textDocument/completion", "numerator"),
        ("hover on a column", "textDocument/hover", "exited_on"),
        ("hover on a clause, in English", "textDocument/hover", "numerator"),
        ("definition", "textDocument/definition", "exited_on"),
    ] {
        let place = find(&text, piece);
        show(what, &timed(rounds.div_ceil(5), || black_box(client.at(method, &address, &place))));
    }
    let document = json!({ "textDocument": { "uri": address } });
    let colours =
        timed(rounds.div_ceil(5), || client.request("textDocument/semanticTokens/full", document.clone()).unwrap());
    show("colours of a text", &colours);
    let rename =
        json!({ "textDocument": { "uri": address }, "position": find(&text, "exited_on"), "newName": "left_on" });
    show(
        "rename of a column in all files",
        &timed(rounds.div_ceil(20), || client.request("textDocument/rename", rename.clone()).unwrap()),
    );
    let anew = timed(rounds.div_ceil(10), || black_box(Definitions::new(shipped(&root.join("indicators")), false)));
    show("all texts read and checked anew, in process", &anew);
    println!("\na keystroke to all texts anew {:>26.2}", ms(percentile(keystroke, 50)) / ms(percentile(&anew, 50)));
    if !processor.is_empty() {
        println!("    of the processor's time {:>28.2}", ms(percentile(processor, 50)) / ms(percentile(&anew, 50)));
    }
    let late = ms(percentile(keystroke, 95));
    println!("a keystroke at the 95th percentile, ms {:>17.2}   goal {GOAL_MS}", late);
    if let Some(bytes) = client.memory() {
        println!("memory at most, MB {:>37.1}   goal {GOAL_MB}", bytes as f64 / 1e6);
    }
    client.end();
}

/// The times that keystrokes take which make and mend a mistake, so that the findings change, and
/// the times of the processor in them; none of these where nobody says.
fn keystrokes(
    client: &mut Client,
    (what, path, from, to): (&str, &str, &str, &str),
    rounds: usize,
) -> (Vec<Duration>, Vec<Duration>) {
    let path = root().join(path);
    let (address, text) = (uri(&path), fs::read_to_string(&path).unwrap());
    let wrong = text.replacen(from, to, 1);
    assert_ne!(text, wrong, "{from}");
    client.open(&address, &wrong);
    client.findings_of(&address);
    // What the server does after it has told the findings counts, too.
    let (mut version, mut so_far) = (1, Vec::new());
    let times = timed(rounds, || {
        so_far.extend(client.processor());
        version += 1;
        client.change(&address, version, if version % 2 == 0 { &text } else { &wrong });
        client.findings_of(&address);
    });
    let mut processor: Vec<Duration> = so_far.windows(2).map(|of| of[1].saturating_sub(of[0])).collect();
    processor.sort_unstable();
    client.change(&address, version + 1, &text);
    client.settle();
    show(&format!("  {what}"), &times);
    if !processor.is_empty() {
        show("    the processor", &processor);
    }
    (times, processor)
}

/// The texts of a folder.
fn shipped(folder: &std::path::Path) -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(shipped(&path));
        } else if path.extension().is_some_and(|e| e == "ind") {
            let text = fs::read_to_string(&path).unwrap();
            all.push((path, text));
        }
    }
    all
}

/// The times that something takes, the shortest first.
fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            let done = work();
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

fn percentile(times: &[Duration], percent: usize) -> Duration {
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn show(what: &str, times: &[Duration]) {
    let [median, late, most] = [50, 95, 100].map(|percent| ms(percentile(times, percent)));
    println!("{what:<44} {median:>10.2} {late:>10.2} {most:>10.2}");
}
