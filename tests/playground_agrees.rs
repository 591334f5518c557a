//! The playground says what the program says: findings, English, what tests found; and its cells
//! are those that the engine comes to.

use crate::texts::root;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::process::Command;
use yardstick::ir::{Program, Test};
use yardstick::run::{self, Settings};
use yardstick::scorecard::{Complete, judge};
use yardstick::scratch::Scratch;
use yardstick::{check, data, syntax, trial};

const MODEL: &str = "examples/library/indicators/model.ind";
const LIBRARY: &str = "examples/library/indicators";

/// What the program prints, of files given by name.
fn said(words: &[&str], files: &[String]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(["--no-settings"])
        .args(words)
        .args(files)
        .current_dir(root())
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

fn files(folder: &str) -> Vec<String> {
    crate::tidy::files(folder, "ind")
}

fn answer(files: &[String]) -> Value {
    let texts =
        files.iter().map(|file| json!({ "path": file, "text": fs::read_to_string(root().join(file)).unwrap() }));
    let question = json!({ "files": texts.collect::<Vec<_>>() }).to_string();
    serde_json::from_str(&yardstick_playground::answer(&question)).unwrap()
}

#[test]
fn findings_english_and_tests_are_those_of_the_program() {
    let all = files(LIBRARY);
    let answered = answer(&all);
    let lines = |text: &str| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    assert_eq!(answered["findings"], json!(lines(&said(&["check", "--format", "json"], &all))));
    let indicators = answered["indicators"].as_array().unwrap();
    assert!(indicators.len() > 5);
    for of in indicators {
        let id = of["id"].as_str().unwrap();
        assert_eq!(of["english"], said(&["describe", id, "--indicators", LIBRARY], &[]), "{id}");
    }
    let tests = answered["tests"].as_array().unwrap();
    let lines: Vec<String> = tests
        .iter()
        .map(|test| {
            let word = if test["holds"] == true { "pass" } else { "FAIL" };
            format!("{word} {}: {}", test["indicator"].as_str().unwrap(), test["title"].as_str().unwrap())
        })
        .collect();
    assert_eq!(lines.join("\n") + &format!("\n\n{} passed, 0 failed\n", tests.len()), said(&["test"], &all));
}

/// Every text of the snapshots of mistakes, each by itself.
#[test]
fn mistakes_are_told_alike() {
    for file in files("tests/language/golden/errors").into_iter().step_by(5) {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        // Elsewhere the program reads a model along.
        if !text.contains("table ") {
            continue;
        }
        let lines = said(&["check", "--format", "json"], std::slice::from_ref(&file));
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answer(std::slice::from_ref(&file))["findings"], json!(lines), "{file}");
    }
}

/// A test that does not hold: expected, found and why are the program's words.
#[test]
fn misses_are_told_alike() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = fs::read_to_string(root().join("examples/library/indicators/returned_in_time.ind")).unwrap();
    let wrong = wrong.replace("on or before due_on", "before due_on");
    let file = folder.path().join("wrong.ind");
    fs::write(&file, wrong).unwrap();
    let all = [file.display().to_string(), MODEL.to_owned()];
    let printed = said(&["test"], &all);
    let (mut found, mut misses) = (String::new(), 0);
    for test in answer(&all)["tests"].as_array().unwrap() {
        for miss in test["misses"].as_array().unwrap() {
            let text = |field: &str| miss[field].as_str().unwrap().to_owned();
            let place = format!("{}:{}", miss["place"]["file"].as_str().unwrap(), miss["place"]["line"]);
            found +=
                &format!("     {place}\n       expected {}\n       found    {}\n", text("expected"), text("found"));
            for clause in miss["because"].as_array().unwrap() {
                found += &format!("         {}\n", clause.as_str().unwrap());
            }
            misses += 1;
        }
    }
    let told = printed.lines().filter(|line| line.starts_with("     ")).map(|line| format!("{line}\n"));
    assert!(misses > 2, "{printed}");
    assert_eq!(found, told.collect::<String>());
}

fn program(folders: &[&str]) -> Program {
    let mut sources = yardstick::source::Sources::default();
    let mut asts = Vec::new();
    for file in folders.iter().flat_map(|folder| files(folder)) {
        let file = sources.add(file.clone(), fs::read_to_string(root().join(&file)).unwrap());
        asts.push(syntax::parse(&sources, file).0);
    }
    let checked = check::check(&asts);
    assert!(!checked.findings.has_errors());
    checked.program
}

/// The cells of a test by level and id, in words: by the playground's room, and by the engine.
fn both(program: &Program, test: &Test) -> [BTreeMap<(usize, String), Vec<String>>; 2] {
    let indicator = &program.indicators[test.indicator];
    let mut windows = trial::windows(test);
    windows.retain(|window| indicator.reportable(*window, test.as_of));
    let cells = trial::cells(program, test, &windows).unwrap();
    let store = data::drawn(&program.model, test).unwrap();
    let hierarchy = run::hierarchy(&program.model, &store, test.as_of);
    let settings = Settings { threads: Some(1), scratch: Scratch::MEMORY, slices: None, parts: None };
    let mut table = None;
    run::measure(program, &[test.indicator], &store, test.as_of, &[windows], &settings, &mut |measured, _| {
        table = judge::table(program, &hierarchy, &measured, &Complete::through(test.as_of), None);
        ControlFlow::Continue(())
    })
    .unwrap();
    let table = table.unwrap();
    let words = |cell: yardstick::scorecard::Cell| format!("{:?}", yardstick::scorecard::Cell { entity: 0, ..cell });
    let key = |entity: &yardstick::hierarchy::Entity| (entity.level, entity.id.clone());
    let ours = cells.hierarchy.entities.iter().enumerate();
    let engine = hierarchy.entities.iter().enumerate();
    [
        ours.map(|(number, entity)| (key(entity), cells.of(number).map(words).collect())).collect(),
        engine.map(|(number, entity)| (key(entity), table.cells(program, number).map(words).collect())).collect(),
    ]
}

#[test]
fn cells_are_those_of_the_engine() {
    let (mut tests, mut cells) = (0, 0);
    for (folders, step) in [([LIBRARY], 1), (["indicators"], 9)] {
        let program = program(&folders);
        for of in program.hierarchies() {
            for test in of.tests.iter().step_by(step) {
                if trial::windows(test).iter().all(|w| !of.indicators[test.indicator].reportable(*w, test.as_of)) {
                    continue;
                }
                let [ours, engine] = both(of, test);
                assert_eq!(ours, engine, "{}: {}", of.indicators[test.indicator].id, test.title);
                tests += 1;
                cells += ours.values().map(Vec::len).sum::<usize>();
            }
        }
    }
    assert!(tests > 60 && cells > 300, "{tests} {cells}");
}
