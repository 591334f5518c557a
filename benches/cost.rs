//! What windows and levels cost: `cargo bench --bench cost`.
//!
//! Times whole processes, alternating, several rounds, and prints ratios of the fastest: all levels
//! and 24 months against one level and one month, and both against the bare read of the columns
//! used. See `benches/README.md`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

mod texts;

use datafusion::prelude::{ParquetReadOptions, SessionContext, ident};
use futures::StreamExt;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use yardstick::{check, data, ir, source::Sources, syntax};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One thing that is timed.
struct Run {
    name: &'static str,
    command: Vec<String>,
    fastest: Duration,
    memory: u64,
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [flag, scorecard, indicators, data] = args.as_slice()
        && let Some(what) = Columns::of(flag)
    {
        return read(&what, scorecard, Path::new(indicators), Path::new(data));
    }
    let scorecard = std::env::var("YARDSTICK_BENCH_SCORECARD").unwrap_or_else(|_| "tier_one".to_owned());
    let (data, rounds) = (county()?, rounds());
    let indicators = format!("{}/indicators", env!("CARGO_MANIFEST_DIR"));
    let this = std::env::current_exe()?.display().to_string();
    let data = data.display().to_string();
    let out = Path::new(&data).with_extension("csv").display().to_string();
    let card = |more: &[&str]| {
        let words = [env!("CARGO_BIN_EXE_yardstick"), "scorecard", &indicators, "--data", &data, "-o", &out];
        let words = words.into_iter().chain(["--scorecard", &scorecard]).collect::<Vec<_>>();
        words.iter().chain(more).map(|w| (*w).to_owned()).collect::<Vec<_>>()
    };
    let bare = |flag: &str| vec![this.clone(), flag.into(), scorecard.clone(), indicators.clone(), data.clone()];
    let copy = Path::new(&data).with_extension("checked").display().to_string();
    let (wide, narrow) = (["--level", "all", "--months", "24"], ["--months", "1"]);
    let checked = |more: &[&str]| card(&[more, &["--checked", &copy]].concat());
    // The first run makes the copy.
    timed(&checked(&wide))?;
    let mut runs = [
        Run::new("all levels, 24 months", card(&wide)),
        Run::new("one level, 1 month", card(&narrow)),
        Run::new("all levels, 24 months, checked copy", checked(&wide)),
        Run::new("one level, 1 month, checked copy", checked(&narrow)),
        Run::new("bare read of the columns used", bare("--read")),
        Run::new("bare read of all that is checked", bare("--read-all")),
    ];
    for round in 1..=rounds {
        for run in &mut runs {
            let (time, memory) = timed(&run.command)?;
            eprintln!("round {round}: {:<36} {:>8.2} s {:>7} MiB", run.name, time.as_secs_f64(), memory / 1024);
            run.fastest = run.fastest.min(time);
            run.memory = run.memory.max(memory);
        }
    }
    std::fs::remove_dir_all(&copy)?;
    let [wide, narrow, _, _, bare, _] = &runs;
    println!("{:<36} {:>10} {:>12} {:>12}", "", "seconds", "to the read", "peak MiB");
    for run in &runs {
        let ratio = run.fastest.as_secs_f64() / bare.fastest.as_secs_f64();
        println!("{:<36} {:>10.2} {ratio:>12.2} {:>12}", run.name, run.fastest.as_secs_f64(), run.memory / 1024);
    }
    let ratio = wide.fastest.as_secs_f64() / narrow.fastest.as_secs_f64();
    println!("{} against {}: {ratio:.2}", wide.name, narrow.name);
    let check = vec![env!("CARGO_BIN_EXE_yardstick").to_owned(), "check".into(), indicators];
    let mut fastest = Duration::MAX;
    for _ in 0..rounds * 3 {
        fastest = fastest.min(timed(&check)?.0);
    }
    println!("check of the whole indicators folder: {:.0} ms", fastest.as_secs_f64() * 1000.0);
    Ok(())
}

impl Run {
    fn new(name: &'static str, command: Vec<String>) -> Self {
        Self { name, command, fastest: Duration::MAX, memory: 0 }
    }
}

/// The county of scale 1 and 120 months, made once and kept in the target folder; or the folder
/// that `YARDSTICK_BENCH_DATA` names.
fn county() -> Outcome<PathBuf> {
    if let Some(given) = std::env::var_os("YARDSTICK_BENCH_DATA") {
        return Ok(PathBuf::from(given));
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("county-1x120");
    if folder.join("dataset.toml").exists() {
        return Ok(folder);
    }
    eprintln!("making the county of scale 1 and 120 months, once");
    let out = folder.display().to_string();
    let words = ["run", "--release", "--example", "county", "--", "--scale", "1", "--months", "120", "--seed", "1"];
    let made = Command::new(env!("CARGO")).args(words).args(["--out", &out]).status()?;
    if made.success() { Ok(folder) } else { Err("the county could not be made".into()) }
}

fn rounds() -> u32 {
    std::env::var("YARDSTICK_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3)
}

/// The time of a process, and its peak memory in KiB where the system tells.
fn timed(command: &[String]) -> Outcome<(Duration, u64)> {
    let (program, args) = command.split_first().ok_or("nothing to run")?;
    let start = Instant::now();
    let mut child = Command::new(program).args(args).stdout(Stdio::null()).spawn()?;
    let mut memory = 0;
    loop {
        // The peak only grows, so the last look before the end is near enough.
        memory = peak(child.id()).unwrap_or(memory).max(memory);
        if let Some(status) = child.try_wait()? {
            let time = start.elapsed();
            return if status.success() { Ok((time, memory)) } else { Err(format!("{command:?} failed").into()) };
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Which columns are read.
enum Columns {
    /// Those that the indicators use.
    Used,
    /// All columns of the tables they use and of those that these lead to: a row is set aside when
    /// any of its values breaks the model.
    Checked,
}

impl Columns {
    fn of(flag: &str) -> Option<Self> {
        match flag {
            "--read" => Some(Self::Used),
            "--read-all" => Some(Self::Checked),
            _ => None,
        }
    }
}

/// Reads columns for the indicators of a scorecard (or `all`), and does nothing with them.
fn read(what: &Columns, scorecard: &str, indicators: &Path, folder: &Path) -> Outcome<()> {
    let program = program(indicators)?;
    let all = (0..program.indicators.len()).collect();
    let card = program.scorecards.iter().find(|s| s.name == scorecard).map(|s| &s.indicators);
    let indicators = card.or((scorecard == "all").then_some(&all)).ok_or("there is no such scorecard")?;
    let mut reads = program.reads(indicators.iter().copied());
    for (table, columns) in ir::reads::level_reads(&program.model) {
        reads.entry(table).or_default().extend(columns);
    }
    if let Columns::Checked = what {
        let all = data::closure(&program.model, &reads.keys().copied().collect());
        reads = all.into_iter().map(|id| (id, program.model.table(id).columns().map(|(c, _)| c).collect())).collect();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let context = SessionContext::new();
        let mut rows = 0;
        for (table, columns) in reads {
            let table = program.model.table(table);
            let path = folder.join(format!("{}.parquet", table.file)).display().to_string();
            let names = columns
                .iter()
                .map(|c| ident(&table.column(*c).file_name))
                .chain(table.key.filter(|key| !columns.contains(key)).map(|key| ident(&table.column(key).file_name)));
            let frame = context.read_parquet(path, ParquetReadOptions::default()).await?;
            let mut batches = frame.select(names.collect::<Vec<_>>())?.execute_stream().await?;
            while let Some(batch) = batches.next().await {
                rows += batch?.num_rows();
            }
        }
        println!("{rows} rows");
        Ok(())
    })
}

fn program(folder: &Path) -> Outcome<ir::Program> {
    let mut sources = Sources::default();
    let files: Vec<_> = texts::below(folder)?.into_iter().map(|(path, text)| sources.add(path, text)).collect();
    let parsed: Vec<_> = files.iter().map(|file| syntax::parse(&sources, *file).0).collect();
    let check::Checked { program, findings, .. } = check::check(&parsed);
    if findings.has_errors() { Err("the indicators have errors; run `yardstick check`".into()) } else { Ok(program) }
}
