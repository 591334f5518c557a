//! The process that does the work: one input after another, until its time is over or it is no
//! more. Before each input it writes down which one comes; who started it reads that when it has
//! ended.

use crate::targets::process::{ABORTS, EXITS, HANGS, Program};
use crate::targets::{self, Kind, Target};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// As much as the program itself takes.
const STACK: usize = 256 << 20;

/// What is to be done.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) kind: Kind,
    pub(crate) seed: u64,
    /// The first execution, and the one before which it ends.
    pub(crate) from: u64,
    pub(crate) until: u64,
    pub(crate) time: Duration,
    pub(crate) progress: PathBuf,
    /// The folder in which inputs are kept that found something.
    pub(crate) kept: PathBuf,
}

/// How far a worker is. Its numbers lie in a file, one after another.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    /// The execution that is going on, or that would come next.
    pub(crate) execution: u64,
    /// How much was accepted as sound.
    pub(crate) accepted: u64,
    /// Inputs at which another crate panicked, and the program went on.
    pub(crate) caught: u64,
    /// The execution that took longest, and for how many microseconds.
    pub(crate) slowest: u64,
    pub(crate) micros: u64,
}

impl Progress {
    pub(crate) fn read(path: &Path) -> Self {
        let mut bytes = Vec::new();
        let _ = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
        let number = |n: usize| {
            let bytes = bytes.get(8 * n..8 * n + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u64::from_le_bytes)
        };
        Self { execution: number(0), accepted: number(1), caught: number(2), slowest: number(3), micros: number(4) }
    }

    fn write(self, file: &mut File) -> io::Result<()> {
        let bytes =
            [self.execution, self.accepted, self.caught, self.slowest, self.micros].map(u64::to_le_bytes).concat();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&bytes)
    }
}

/// A panic: where, and what it says.
#[derive(Debug, Clone)]
struct Panic {
    place: String,
    /// Whether it is in this project and not in a crate that it uses.
    is_ours: bool,
    says: String,
}

static PANICS: Mutex<Vec<Panic>> = Mutex::new(Vec::new());

fn note(info: &PanicHookInfo<'_>) {
    let file = info.location().map_or("", |place| place.file());
    let place = info.location().map_or_else(String::new, |place| format!("{}:{}", short(file), place.line()));
    let says = info.payload_as_str().unwrap_or("no message").to_owned();
    let panic = Panic { place, is_ours: Path::new(file).is_relative(), says };
    PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(panic);
}

/// A path from the folder of its crate on.
fn short(path: &str) -> &str {
    let at = path.find("/registry/src/").map(|at| at + "/registry/src/".len());
    let below = at.and_then(|at| path.get(at..)).and_then(|rest| rest.split_once('/'));
    below.map_or(path, |(_, below)| below)
}

/// Does some work with as large a stack as the program has.
pub(crate) fn with_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    std::panic::set_hook(Box::new(note));
    let thread = std::thread::Builder::new().name("main".to_owned()).stack_size(STACK).spawn(work)?;
    thread.join().map_err(|_| io::Error::other(format!("{:?}", taken())))
}

fn taken() -> Vec<Panic> {
    std::mem::take(&mut *PANICS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Runs the target on one input after another. What is found is told on standard output, a line
/// each: the execution, and what was said.
pub(crate) fn work(task: &Task) -> io::Result<()> {
    let begun = Instant::now();
    let mut target = task.kind.open(&Program::this_one()?);
    let mut file = File::create(&task.progress)?;
    let mut progress = Progress { execution: task.from, ..Progress::default() };
    let mut elsewhere: BTreeMap<String, u64> = BTreeMap::new();
    while progress.execution < task.until && begun.elapsed() < task.time {
        progress.write(&mut file)?;
        let mut input = Vec::new();
        let started = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| {
            input = targets::input(&*target, task.seed, progress.execution);
            target.run(&input)
        }));
        let micros = started.elapsed().as_micros() as u64;
        if micros > progress.micros {
            (progress.slowest, progress.micros) = (progress.execution, micros);
        }
        let panics = taken();
        match (&done, panics.iter().find(|panic| panic.is_ours)) {
            (Ok(accepted), None) => progress.accepted += accepted,
            (Ok(_), Some(ours)) => tell(task, progress.execution, &input, &format!("caught: {}", words(ours)))?,
            (Err(_), _) => {
                let said = panics.last().map_or_else(|| "no message".to_owned(), words);
                tell(task, progress.execution, &input, &said)?;
                // What the panic left behind is not gone on with.
                target = task.kind.open(&Program::this_one()?);
            }
        }
        if done.is_ok() && panics.iter().any(|panic| !panic.is_ours) {
            progress.caught += 1;
            panics.iter().for_each(|panic| *elsewhere.entry(panic.place.clone()).or_default() += 1);
        }
        progress.execution += 1;
    }
    progress.write(&mut file)?;
    for (place, times) in elsewhere {
        writeln!(io::stdout(), "caught {times} {place}")?;
    }
    Ok(())
}

fn words(panic: &Panic) -> String {
    let at_once = [HANGS, ABORTS, EXITS].iter().any(|word| panic.says.starts_with(word));
    if at_once { panic.says.clone() } else { format!("{}: {}", panic.place, panic.says) }
}

fn tell(task: &Task, execution: u64, input: &[u8], said: &str) -> io::Result<()> {
    std::fs::write(kept(task, execution), input)?;
    writeln!(io::stdout(), "found {execution} {}", said.replace('\n', "\u{23ce}"))
}

/// The file in which the input of an execution is kept.
pub(crate) fn kept(task: &Task, execution: u64) -> PathBuf {
    task.kept.join(format!("{}-{}-{execution}", task.kind.name(), task.seed))
}

/// Keeps the input of an execution, without running it.
pub(crate) fn keep(task: &Task) -> io::Result<()> {
    let target = task.kind.open(&Program::this_one()?);
    std::fs::write(kept(task, task.from), targets::input(&*target, task.seed, task.from))
}

/// Runs one input that was kept; what was said of it.
pub(crate) fn again(kind: Kind, input: &[u8]) -> io::Result<Result<u64, String>> {
    let mut target: Box<dyn Target> = kind.open(&Program::this_one()?);
    let done = catch_unwind(AssertUnwindSafe(|| target.run(input)));
    let panics = taken();
    let ours = panics.iter().find(|panic| panic.is_ours).or(panics.last().filter(|_| done.is_err()));
    Ok(match (done, ours) {
        (Ok(accepted), None) => Ok(accepted),
        (_, said) => Err(said.map_or_else(|| "no message".to_owned(), words)),
    })
}
