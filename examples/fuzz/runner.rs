//! Starts workers and watches them: a worker that panics goes on; one that is aborted, overflows
//! its stack, runs out of memory or hangs is seen from here, told with its execution, and another
//! one goes on behind it.

use crate::targets::process::{ABORTS, EXITS, HANGS, processor};
use crate::worker::{Progress, Task, kept};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// What a worker may take of the memory, in blocks of 1,024 bytes: a file that lies about its size
/// must not take the machine's.
const MEMORY: u64 = 8 << 20;
/// How often is looked at a worker.
const LOOK: Duration = Duration::from_millis(50);
/// A worker that waits so long on one input hangs, whatever it waits for.
const WAIT: Duration = Duration::from_secs(120);
/// After so many faults a target is given up: they are most likely one.
const MOST_FAULTS: usize = 40;
/// Of what a worker says when it ends.
const LAST_WORDS: usize = 400;

/// The figures of a run, as they are quoted.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Figures {
    pub(crate) target: String,
    pub(crate) seed: u64,
    pub(crate) first: u64,
    /// How many seconds of a processor one input may take.
    pub(crate) longest: u64,
    pub(crate) executions: u64,
    pub(crate) seconds: f64,
    pub(crate) a_second: f64,
    /// Texts and files that were accepted; of the engine, pairs of an indicator and data.
    pub(crate) accepted: u64,
    /// Inputs at which another crate panicked and was caught, and where.
    pub(crate) caught: u64,
    pub(crate) caught_at: BTreeMap<String, u64>,
    /// The execution that took longest, and for how long by the clock.
    pub(crate) slowest: u64,
    pub(crate) slowest_seconds: f64,
    pub(crate) panics: usize,
    pub(crate) aborts: usize,
    pub(crate) hangs: usize,
    pub(crate) exits_70: usize,
    /// What was found, by its execution.
    pub(crate) found: BTreeMap<u64, String>,
}

impl Figures {
    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let sound = if self.target == "engine" { "pairs agreed" } else { "accepted" };
        format!(
            "{}: {} executions in {:.0} s ({:.0} a second), seed {} from {}: {} {sound}; {} panics, {} aborts, {} hangs \
             over {} s, {} exits with 70; {} times another crate panicked and was caught; the slowest: {} ({:.2} s)",
            self.target,
            self.executions,
            self.seconds,
            self.a_second,
            self.seed,
            self.first,
            self.accepted,
            self.panics,
            self.aborts,
            self.hangs,
            self.longest,
            self.exits_70,
            self.caught,
            self.slowest,
            self.slowest_seconds,
        )
    }

    fn find(&mut self, task: &Task, execution: u64, said: String) {
        let count = match &said {
            said if said.starts_with(HANGS) => &mut self.hangs,
            said if said.starts_with(ABORTS) => &mut self.aborts,
            said if said.starts_with(EXITS) => &mut self.exits_70,
            _ => &mut self.panics,
        };
        *count += 1;
        let shown: String = said.chars().take(LAST_WORDS * 4).collect();
        let file = kept(task, execution);
        let _ =
            writeln!(io::stderr(), "seed {}, execution {execution}: {shown}\n  kept in {}", task.seed, file.display());
        self.found.insert(execution, said);
    }
}

/// Runs a target until its time or its executions are over.
pub(crate) fn run(task: &Task, temporary: &Path) -> io::Result<Figures> {
    std::fs::create_dir_all(&task.kept)?;
    let begun = Instant::now();
    let mut figures = Figures {
        target: task.kind.name().to_owned(),
        seed: task.seed,
        first: task.from,
        longest: task.kind.longest().as_secs(),
        ..Figures::default()
    };
    let mut next = task.from;
    while next < task.until && begun.elapsed() < task.time && figures.found.len() < MOST_FAULTS {
        let part = Task { from: next, time: task.time - begun.elapsed(), ..task.clone() };
        std::fs::write(&part.progress, [])?;
        let mut child = start(&part, temporary, "--worker")?;
        let (lines, words) = (lines(child.stdout.take()), last_words(child.stderr.take()));
        // Told as it comes: a worker may have hours before it.
        let ended = watch(&mut child, &part, || lines.try_iter().for_each(|line| told(&mut figures, &part, &line)))?;
        let progress = Progress::read(&part.progress);
        for line in lines {
            told(&mut figures, &part, &line);
        }
        figures.accepted += progress.accepted;
        figures.caught += progress.caught;
        let slowest = progress.micros as f64 / 1e6;
        if slowest > figures.slowest_seconds {
            (figures.slowest, figures.slowest_seconds) = (progress.slowest, slowest);
        }
        next = progress.execution.max(next);
        if let Some(said) = ended {
            // Drawn anew, since the worker could not keep it.
            let alone = Task { from: next, ..part.clone() };
            let drawn = start(&alone, temporary, "--keep")?.wait()?.success();
            let words = words.recv().unwrap_or_default();
            let more = if drawn { "" } else { " (at drawing the input already)" };
            figures.find(&part, next, format!("{said}{more} {}", words.trim()));
            next += 1;
        }
    }
    figures.executions = next - task.from;
    figures.seconds = begun.elapsed().as_secs_f64();
    figures.a_second = figures.executions as f64 / figures.seconds.max(0.001);
    Ok(figures)
}

/// A line of a worker: `found EXECUTION WORDS`, or `caught TIMES PLACE`.
fn told(figures: &mut Figures, task: &Task, line: &str) {
    let mut words = line.splitn(3, ' ');
    let (Some(what), Some(number), Some(rest)) = (words.next(), words.next(), words.next()) else { return };
    let Ok(number) = number.parse::<u64>() else { return };
    match what {
        "found" => figures.find(task, number, rest.replace('\u{23ce}', "\n")),
        _ => *figures.caught_at.entry(rest.to_owned()).or_default() += number,
    }
}

/// Starts this program anew, as a worker of a task.
fn start(task: &Task, temporary: &Path, how: &str) -> io::Result<Child> {
    let program = std::env::current_exe()?;
    let mut command = limited(&program);
    command.arg(how).args(["--target", task.kind.name(), "--seed", &task.seed.to_string()]);
    command.args(["--from", &task.from.to_string(), "--executions", &(task.until - task.from).to_string()]);
    command.args(["--minutes", &(task.time.as_secs_f64() / 60.0).to_string()]);
    command.arg("--progress").arg(&task.progress).env("TMPDIR", temporary);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// A command with a limit on its memory, where a shell can set one.
fn limited(program: &Path) -> Command {
    if cfg!(unix) {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn lines(from: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (send, lines) = channel();
    thread::spawn(move || {
        let all = from.into_iter().flat_map(|from| BufReader::new(from).lines().map_while(Result::ok));
        all.for_each(|line| drop(send.send(line)));
    });
    lines
}

/// The end of what is said, when it has ended.
fn last_words(from: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (send, words) = channel();
    thread::spawn(move || {
        let mut last: Vec<String> = Vec::new();
        let all = from.into_iter().flat_map(|from| BufReader::new(from).lines().map_while(Result::ok));
        for line in all {
            last.push(line.chars().take(LAST_WORDS).collect());
            let most = last.len().saturating_sub(8);
            last.drain(..most);
        }
        drop(send.send(last.join("\n")));
    });
    words
}

/// Waits until a worker has ended, with a look at what it says from time to time; what is said of
/// it when it ended as none may.
fn watch(child: &mut Child, task: &Task, mut listen: impl FnMut()) -> io::Result<Option<String>> {
    let time = |child: &Child| processor(child.id()).unwrap_or_default();
    let (mut at, mut since, mut before) = (None, Instant::now(), Duration::ZERO);
    loop {
        listen();
        if let Some(status) = child.try_wait()? {
            return Ok((!status.success()).then(|| format!("{ABORTS}{status}")));
        }
        let now = Progress::read(&task.progress).execution;
        // Nothing is begun yet while the target is made ready.
        let is_begun = std::fs::metadata(&task.progress)?.len() > 0;
        if at != Some(now) || !is_begun {
            (at, since, before) = (Some(now), Instant::now(), time(child));
        } else if time(child).saturating_sub(before) > task.kind.longest() || since.elapsed() > WAIT {
            child.kill()?;
            child.wait()?;
            return Ok(Some(format!("{HANGS}{:.1} s on one input", since.elapsed().as_secs_f64())));
        }
        thread::sleep(LOOK);
    }
}
