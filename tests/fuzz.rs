//! A short run of every target of `examples/fuzz`, so that none of them rots: the first inputs of
//! two seeds. Long runs are made by hand; `TRUST.md` has their figures.

#[expect(dead_code, reason = "the program that fuzzes uses the rest")]
#[path = "../examples/fuzz/targets/mod.rs"]
mod targets;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::{Duration, Instant};
use targets::Kind;
use targets::process::{self, Program};

/// How many inputs of a target are tried: what takes some seconds.
fn executions(kind: Kind) -> u64 {
    match kind {
        Kind::Parse => 600,
        Kind::Format | Kind::Check => 200,
        Kind::Engine => 2,
        Kind::Csv | Kind::Parquet | Kind::Workbook => 150,
        Kind::Settings | Kind::Lsp => 20,
    }
}

#[test]
fn every_target_runs_and_finds_nothing() {
    // What reads case data may panic in another crate, and is caught.
    let program = Program::built(Path::new(env!("CARGO_BIN_EXE_yardstick")));
    for kind in Kind::ALL {
        let begun = Instant::now();
        let mut target = kind.open(&program);
        let mut accepted = 0;
        for seed in [1, 2] {
            for execution in 0..executions(kind) {
                accepted += target.run(&targets::input(&*target, seed, execution));
            }
        }
        println!("{}: {accepted} accepted, {:?}", kind.name(), begun.elapsed());
        assert!(accepted > 0, "{}: nothing that is drawn is ever accepted", kind.name());
    }
}

#[test]
fn the_same_seed_and_number_draw_the_same_input() {
    let program = Program::built(Path::new(env!("CARGO_BIN_EXE_yardstick")));
    for kind in Kind::ALL {
        let (one, other) = (kind.open(&program), kind.open(&program));
        let of = |target: &dyn targets::Target| (0..5).map(|n| targets::input(target, 3, n)).collect::<Vec<_>>();
        assert!(of(&*one) == of(&*other), "{}", kind.name());
        assert!(of(&*one).windows(2).any(|two| two[0] != two[1]), "{}", kind.name());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_hangs_or_is_aborted_is_seen() {
    let said = |script: &str| {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", script]);
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| process::run(command, b"").code));
        done.map_err(|said| said.downcast_ref::<String>().cloned().unwrap_or_default())
    };
    assert_eq!(said("exit 3"), Ok(3));
    let begun = Instant::now();
    assert!(said("while :; do :; done").unwrap_err().starts_with(process::HANGS));
    assert!(begun.elapsed() >= process::HANG && process::HANG >= Duration::from_secs(2));
    assert!(said("kill -ABRT $$").unwrap_err().starts_with(process::ABORTS));
    assert!(said("exit 70").unwrap_err().starts_with(process::EXITS));
}
