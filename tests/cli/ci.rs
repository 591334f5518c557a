//! `examples/ci`: the commands of the workflow and of the hooks are run on what `init` lays out.

use super::world::{Said, World};
use std::fs;
use std::path::Path;

fn text(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci").join(file)).unwrap()
}

/// The commands of `yardstick` behind a key of a YAML file.
fn commands(text: &str, key: &str) -> Vec<String> {
    let behind = |line: &str| Some(line.trim_start().trim_start_matches("- ").strip_prefix(key)?.trim().to_owned());
    text.lines().filter_map(behind).filter_map(|line| Some(line.strip_prefix("yardstick ")?.to_owned())).collect()
}

#[test]
fn the_commands_of_the_examples_hold_on_what_is_laid_out() {
    let world = World::sound();
    world.run("init here --example library").fine();
    let here = world.path().join("here");
    assert_eq!(fs::read_to_string(here.join(".github/workflows/yardstick.yml")).unwrap(), text("yardstick.yml"));
    assert_eq!(fs::read_to_string(here.join(".pre-commit-config.yaml")).unwrap(), text("pre-commit-config.yaml"));
    let of_github = commands(&text("yardstick.yml"), "run:");
    let of_hooks = commands(&text("pre-commit-config.yaml"), "entry:");
    assert_eq!((of_github.len(), of_hooks.len()), (3, 2));
    let run = |command: &str| Said::of(world.command(command).current_dir(&here).output().unwrap());
    for command in of_github.iter().chain(&of_hooks) {
        run(command).fine();
    }
    assert!(here.join("findings.sarif").exists());
    // A mistake stops them, and a test that does not hold stops the other.
    let path = here.join("indicators/returned_in_time.ind");
    let right = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        right.replace("expect window ending 2026-06-30: 2 of 4", "expect window ending 2026-06-30: 3 of 4"),
    )
    .unwrap();
    let stopped = |commands: &[String]| -> Vec<String> {
        commands.iter().filter(|command| run(command).code == Some(1)).cloned().collect()
    };
    assert_eq!(stopped(&of_github), ["test"]);
    fs::write(&path, right.replace("numerator  returned_on", "numerator  returned")).unwrap();
    assert_eq!(stopped(&of_github).len(), 3);
    assert_eq!(stopped(&of_hooks).len(), 2);
}

#[test]
fn the_files_are_yaml_without_surprises() {
    for file in ["yardstick.yml", "pre-commit-config.yaml"] {
        let text = text(file);
        assert!(!text.contains('\t') && text.ends_with('\n') && text.starts_with("# "), "{file}");
        let odd = text.lines().filter(|line| line.trim_start().starts_with('-')).any(|line| !line.contains("- "));
        assert!(!odd, "{file}");
    }
}
