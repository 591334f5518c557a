//! Ctrl-C midway.
#![cfg(unix)]

use super::world::{Said, World};
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
fn ctrl_c_and_being_ended_leave_no_file() {
    ["-INT", "-TERM"].into_iter().for_each(leaves_no_file);
}

fn leaves_no_file(signal: &str) {
    let world = World::sound();
    // A pipe nobody writes to keeps the run where it is.
    let pipe = world.path().join("waits.ind");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    world.write("out.csv", "old");
    let before = world.files();
    let mut command = world.command("scorecard indicators waits.ind --data data -o out.csv");
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
    let said = Said::of(run.wait_with_output().unwrap());
    said.stopped(130, &["interrupted"]);
    assert_eq!((world.files(), world.read("out.csv").as_deref()), (before, Some("old")));
}
