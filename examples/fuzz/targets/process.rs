//! Processes that are watched: how they end, and how long they have a processor. The machine may be
//! busy, so a hang is told by the processor's time where the system says it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Work that has a processor for longer hangs.
pub(crate) const HANG: Duration = Duration::from_secs(2);
/// Work that waits for longer hangs, whatever it waits for.
const WAIT: Duration = Duration::from_secs(60);
/// Of the processor's time as Linux says it, parts of a second.
const TICKS: u64 = 100;

/// What begins a message about a process that ended as none may.
pub(crate) const HANGS: &str = "hang: ";
pub(crate) const ABORTS: &str = "abort: ";
pub(crate) const EXITS: &str = "exit 70: ";

/// The variable that makes the program that fuzzes the one that is fuzzed.
const AS_PROGRAM: &str = "YARDSTICK_FUZZ_AS_PROGRAM";

/// How `yardstick` is started.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    is_this_one: bool,
}

impl Program {
    /// The program that was built.
    pub(crate) fn built(path: &Path) -> Self {
        Self { path: path.to_path_buf(), is_this_one: false }
    }

    /// This program, which can be the other one.
    pub(crate) fn this_one() -> std::io::Result<Self> {
        Ok(Self { path: std::env::current_exe()?, is_this_one: true })
    }

    /// Whether this process was started as the program that is fuzzed.
    pub(crate) fn is_asked_for() -> bool {
        std::env::var_os(AS_PROGRAM).is_some()
    }

    pub(crate) fn command(&self, arguments: &[&str], folder: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).current_dir(folder);
        if self.is_this_one {
            command.env(AS_PROGRAM, "1");
        }
        command
    }
}

/// A process that came to an end of its own.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

/// Runs a command on an input. Panics when it hangs, is ended by a signal, or says that it made a
/// mistake.
pub(crate) fn run(mut command: Command, input: &[u8]) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|why| panic!("the program cannot be started: {why}"));
    let (mut to, mut from, mut said) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (out, err) = thread::scope(|scope| {
        let out = scope.spawn(move || all(from.as_mut()));
        let err = scope.spawn(move || all(said.as_mut()));
        scope.spawn(move || {
            // A program that ends before it has read everything may do so.
            let _ = to.take().map(|mut to| to.write_all(input));
        });
        if let Some(said) = watched(&mut child) {
            let _ = child.kill();
            panic!("{HANGS}{said}");
        }
        (out.join().unwrap_or_default(), err.join().unwrap_or_default())
    });
    let err = String::from_utf8_lossy(&err).into_owned();
    let status = child.wait().unwrap_or_else(|why| panic!("{ABORTS}{why}"));
    let Some(code) = status.code() else { panic!("{ABORTS}{status}: {err}") };
    assert!(code != 70 && !err.contains("because of a mistake of its own"), "{EXITS}{err}");
    Ended { code, out, err }
}

fn all(from: Option<&mut impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.map(|from| from.read_to_end(&mut bytes));
    bytes
}

/// Waits until a process has ended; what is said of it when it hangs.
fn watched(child: &mut Child) -> Option<String> {
    let (begun, mut pause) = (Instant::now(), Duration::from_micros(300));
    loop {
        if !matches!(child.try_wait(), Ok(None)) {
            return None;
        }
        if processor(child.id()).is_some_and(|time| time > HANG) || begun.elapsed() > WAIT {
            return Some(format!("it does not end after {:.1} s", begun.elapsed().as_secs_f64()));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(4));
    }
}

/// The time for which a process has had a processor; none where the system does not say.
pub(crate) fn processor(process: u32) -> Option<Duration> {
    let said = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program is in brackets, and may hold blanks.
    let mut fields = said.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 1_000 / TICKS))
}
