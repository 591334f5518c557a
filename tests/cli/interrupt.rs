//! Ctrl-C midway, being told to end, and losing the terminal.
#![cfg(unix)]

use super::world::{Said, World};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Begins a run that does not ignore what the tests themselves were told to ignore: they may run
/// under `nohup`. Only where the program asks.
const NOT_IGNORED: &[&str] = if cfg!(target_os = "linux") { &["env", "--default-signal=HUP"] } else { &[] };

#[test]
fn whatever_ends_a_run_leaves_no_file() {
    ["INT", "TERM", "HUP"].into_iter().for_each(leaves_no_file);
}

fn leaves_no_file(signal: &str) {
    let world = World::sound();
    world.write("out.csv", "old");
    world.write("scratch/note", "");
    let before = world.files();
    let run = begun(&world, NOT_IGNORED);
    kill(signal, &run);
    let said = Said::of(run.wait_with_output().unwrap());
    said.stopped(130, &["interrupted"]);
    assert_eq!((world.files(), world.read("out.csv").as_deref()), (before, Some("old")), "{signal}");
    assert_eq!(std::fs::read_dir(world.path().join("scratch")).unwrap().count(), 1, "{signal}");
}

#[test]
#[cfg(target_os = "linux")]
fn who_asks_for_it_may_go_on_without_a_terminal() {
    let world = World::sound();
    let mut run = begun(&world, &["nohup"]);
    kill("HUP", &run);
    sleep(Duration::from_secs(1));
    assert_eq!(run.try_wait().unwrap(), None, "it has ended");
    kill("TERM", &run);
    Said::of(run.wait_with_output().unwrap()).stopped(130, &["interrupted"]);
}

/// A run on the example county that takes long, begun by these words, as soon as there is a file
/// that is not whole yet.
fn begun(world: &World, before: &[&str]) -> Child {
    let root = env!("CARGO_MANIFEST_DIR");
    let words = "scorecard --level all --months 240 -o out.csv --memory 64MiB --scratch scratch";
    std::fs::create_dir_all(world.path().join("scratch")).unwrap();
    let program = world.command("");
    let mut all: Vec<&std::ffi::OsStr> = before.iter().map(|word| word.as_ref()).collect();
    all.push(program.get_program());
    let mut command = Command::new(all[0]);
    command.args(&all[1..]).args(words.split(' ')).current_dir(world.path()).stdin(Stdio::null());
    command.arg(format!("{root}/indicators")).args(["--data", &format!("{root}/examples/county/data")]);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let parts = || world.files().into_iter().filter(|name| name.ends_with(".part")).collect::<Vec<_>>();
    // A file that shows that one can be made is gone at once.
    loop {
        let first = parts();
        sleep(Duration::from_millis(100));
        if !first.is_empty() && parts() == first {
            return run;
        }
        assert_eq!(run.try_wait().unwrap(), None, "it has ended before");
    }
}

fn kill(signal: &str, run: &Child) {
    assert!(Command::new("kill").arg(format!("-{signal}")).arg(run.id().to_string()).status().unwrap().success());
}
