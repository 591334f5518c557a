//! The house rules that a compiler does not hold: which room of a crate may name which, sizes,
//! names, docs, pages. Every failure says what to do.

mod comments;
mod crates;

use crates::CRATES;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use yardstick::diag::code;

/// What each room may name of the others, in its own crate and in those below; that a crate names
/// none above it, the compiler sees to. `source`, `diag`, `calendar`, `timing`, `parallel`,
/// `scratch`, `atomic_output`, `inputs`, `visible`, `zone`, `decimal` and `model` are read from
/// the side.
const ROOMS: &[(&str, &[&str])] = &[
    ("visible", &[]),
    ("zone", &[]),
    ("inputs", &[]),
    ("decimal", &[]),
    ("source", &["visible"]),
    ("calendar", &[]),
    ("timing", &[]),
    ("parallel", &[]),
    ("atomic_output", &[]),
    ("scratch", &["inputs"]),
    ("model", &["source", "zone"]),
    ("diag", &["source"]),
    ("syntax", &["source", "diag", "decimal"]),
    ("format", &["syntax"]),
    ("ir", &["source", "model", "calendar", "decimal"]),
    ("functions", &["calendar", "model", "ir"]),
    ("measures", &["model", "ir", "functions"]),
    ("coverage", &["interpret", "ir", "model", "source"]),
    ("mutation", &["check", "ir", "model", "source", "syntax"]),
    ("history", &["calendar", "decimal", "model", "ir", "functions", "measures", "interpret"]),
    ("still_open", &["model", "ir", "functions"]),
    ("interpret", &["source", "calendar", "model", "ir", "functions", "measures", "still_open"]),
    ("sql", &["calendar", "model", "source", "ir", "functions", "interpret"]),
    ("interpreted", &["calendar", "counts", "elsewhere", "interpret", "ir", "measures", "scorecard"]),
    (
        "check",
        &[
            "source",
            "diag",
            "decimal",
            "calendar",
            "zone",
            "model",
            "syntax",
            "ir",
            "functions",
            "measures",
            "interpret",
        ],
    ),
    ("skeleton", &["model"]),
    ("ide", &["source", "diag", "model", "syntax", "check", "ir", "describe"]),
    // The language server: rooms of one file each.
    ("address", &[]),
    ("document", &[]),
    ("files", &["document", "ide", "source", "syntax"]),
    ("capabilities", &["address", "document", "ide"]),
    ("session", &["address", "document", "files", "ide", "source"]),
    ("answers", &["address", "capabilities", "document", "session", "format", "ide", "source", "diag", "check", "ir"]),
    ("frames", &[]),
    ("messages", &["answers", "capabilities", "session"]),
    // Databases.
    ("fault", &[]),
    ("secret", &[]),
    ("dialect", &[]),
    ("database_address", &["fault", "secret"]),
    ("wanted", &["fault", "model"]),
    // The two kinds of drivers, and what stands before them.
    ("adbc", &["connection", "fault"]),
    ("odbc", &["connection", "dialect", "fault"]),
    ("connection", &["adbc", "odbc", "database_address", "dialect", "fault", "secret"]),
    ("lookup", &["diag", "dialect", "fault", "wanted"]),
    ("snapshot", &["connection", "dialect", "fault", "lookup", "wanted"]),
    ("store", &["model"]),
    (
        "data",
        &[
            "inputs",
            "diag",
            "calendar",
            "zone",
            "timing",
            "parallel",
            "scratch",
            "atomic_output",
            "model",
            "ir",
            "store",
        ],
    ),
    ("plan", &["calendar", "model", "ir", "functions", "measures", "still_open", "store"]),
    (
        "run",
        &[
            "calendar",
            "parallel",
            "scratch",
            "model",
            "ir",
            "functions",
            "measures",
            "interpret",
            "store",
            "plan",
            "counts",
            "elsewhere",
            "targets",
            "hierarchy",
        ],
    ),
    ("counts", &["calendar", "ir"]),
    ("elsewhere", &["counts", "hierarchy", "ir", "measures"]),
    ("targets", &["model", "ir"]),
    ("hierarchy", &["model", "targets"]),
    (
        "scorecard",
        &["decimal", "calendar", "model", "ir", "measures", "explanation", "counts", "elsewhere", "hierarchy"],
    ),
    (
        "report",
        &[
            "source",
            "visible",
            "calendar",
            "parallel",
            "ir",
            "functions",
            "describe",
            "explanation",
            "hierarchy",
            "scorecard",
        ],
    ),
    (
        "trial",
        &[
            "source",
            "calendar",
            "decimal",
            "model",
            "ir",
            "interpret",
            "counts",
            "elsewhere",
            "targets",
            "hierarchy",
            "interpreted",
            "scorecard",
        ],
    ),
    // The playground: rooms of one file each.
    ("question", &[]),
    ("answer", &["question", "tested", "source", "diag", "syntax", "check", "ir", "describe", "visible", "trial"]),
    ("tested", &["answer", "source", "calendar", "ir", "visible", "counts", "hierarchy", "scorecard", "trial"]),
    ("interface", &["answer"]),
    ("describe", &["calendar", "decimal", "model", "ir", "functions", "measures"]),
    (
        "explanation",
        &["source", "calendar", "model", "check", "ir", "functions", "still_open", "interpret", "describe"],
    ),
    (
        "cli",
        &[
            "source",
            "diag",
            "decimal",
            "calendar",
            "timing",
            "parallel",
            "scratch",
            "atomic_output",
            "inputs",
            "visible",
            "zone",
            "model",
            "syntax",
            "format",
            "check",
            "ir",
            "interpret",
            "coverage",
            "mutation",
            "history",
            "still_open",
            "measures",
            "explanation",
            "ide",
            "interpreted",
            "store",
            "data",
            "run",
            "counts",
            "elsewhere",
            "hierarchy",
            "scorecard",
            "report",
            "describe",
            "skeleton",
            "sql",
            "trial",
            "connection",
            "database_address",
            "dialect",
            "fault",
            "secret",
            "snapshot",
            "wanted",
        ],
    ),
];

/// The crates of the workspace, by their folders in `src`.
const MEMBERS: &[&str] = &["language", "results", "engine", "sources", "server", "playground"];

/// The rooms of `src/engine/plan`: each may name those before it.
const PLAN: &[&str] = &["window_set", "columns", "functions", "analysis", "relational", "expression", "pipeline"];

/// Names of the shipped model that are words of the language or of result rows as well.
const BOTH: &[&str] = &["day", "unit"];
/// No file is longer.
const LINES: usize = 600;
/// No line of a comment is longer, but for tables, drawings and examples.
const COLUMNS: usize = 100;
/// The heads of the page of a code.
const PAGE: [&str; 4] = ["## What it means", "## Why it matters", "## Example", "## Instead"];
/// Names that say nothing about what a file does.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc", "shared"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with this ending, as paths from the root, sorted.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// The name of a file without folder and ending.
fn stem(path: &str) -> String {
    Path::new(path).file_stem().unwrap().to_string_lossy().into_owned()
}

/// The code of a file with the number of each line: without comments, without its unit tests.
fn code_lines(path: &str) -> Vec<(usize, String)> {
    let text = read(path);
    let lines = text.lines().enumerate().take_while(|(_, l)| !l.starts_with("#[cfg(test)]"));
    lines.map(|(i, l)| (i + 1, l.split("//").next().unwrap_or_default().to_owned())).collect()
}

fn room(path: &str) -> String {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let inside = MEMBERS.iter().find_map(|member| inside.strip_prefix(member)?.strip_prefix('/')).unwrap_or(inside);
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// The rooms a piece of code names: `crate::ir::...`, `crate::{diag, ir}`.
fn named_rooms(code: &str) -> Vec<String> {
    let mut named = Vec::new();
    let mut code = code.to_owned();
    for member in MEMBERS {
        code = code.replace(&format!("yardstick_{member}::"), "crate::");
    }
    for after in code.split("crate::").skip(1) {
        let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match after.strip_prefix('{') {
            None => named.push(word(after)),
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            named.push(word(list.get(at..).unwrap_or_default()));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    named.retain(|n| !n.is_empty());
    named
}

pub(crate) fn fail_if_any(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}\n  {}\n", found.join("\n  "));
}

#[test]
fn rooms_name_only_the_rooms_they_may() {
    let rules: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut found = Vec::new();
    for path in files("src", "rs") {
        let own = room(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let Some(allowed) = rules.get(own.as_str()) else {
            found.push(format!("{path}: the room `{own}` is not in ROOMS: say there what it may name"));
            continue;
        };
        let code: String = code_lines(&path).into_iter().map(|(_, l)| l + "\n").collect();
        for named in named_rooms(&code) {
            if named != own && rules.contains_key(named.as_str()) && !allowed.contains(&named.as_str()) {
                found.push(format!("{path}: names `crate::{named}`; `{own}` may name {allowed:?}"));
            }
        }
    }
    fail_if_any(
        "Move the code to a room that may know this, or pass plain data instead (the map is in src/lib.rs):",
        &found,
    );
}

#[test]
fn rooms_of_the_plans_name_only_those_before_them() {
    let place = |room: &str| PLAN.iter().position(|known| *known == room);
    let mut found = Vec::new();
    for path in files("src/engine/plan", "rs") {
        let inside = path.trim_start_matches("src/engine/plan/").trim_end_matches(".rs");
        let own = inside.split('/').next().unwrap();
        if own == "mod" {
            continue;
        }
        let Some(own) = place(own) else {
            found.push(format!("{path}: its room is not in PLAN: say there which it may name"));
            continue;
        };
        let code: String = code_lines(&path).into_iter().map(|(_, l)| l + "\n").collect();
        let above = named_rooms(&code.replace("crate::plan::", "crate::"));
        let above = above.iter().filter(|named| place(named).is_some_and(|named| named > own));
        found.extend(above.map(|named| format!("{path}: names `crate::plan::{named}`")));
        // The way up and down again would not be seen.
        if code.contains("super::super::") {
            found.push(format!("{path}: says `super::super`: write `crate::plan`"));
        }
    }
    fail_if_any("Move the code to a room that may know this (the table is in src/engine/plan/mod.rs):", &found);
}

#[test]
fn rooms_are_found_in_every_way_of_writing_them() {
    let code = "use crate::{diag, ir::{self, Expr}, run};\nfn f() -> crate::plan::Plan {}\nuse yardstick_engine::store::Store;";
    assert_eq!(named_rooms(code), ["diag", "ir", "run", "plan", "store"]);
}

#[test]
fn crates_are_named_only_where_they_belong() {
    let mut found = Vec::new();
    for path in files("src", "rs") {
        for (number, line) in code_lines(&path) {
            for (name, homes) in CRATES {
                let named =
                    line.contains(&format!("{name}::")) || line.trim_start().starts_with(&format!("use {name};"));
                if named && !homes.iter().any(|home| path.starts_with(home)) && word_starts(&line, name) {
                    found.push(format!("{path}:{number}: `{name}` may only be named in {homes:?}"));
                }
            }
        }
    }
    fail_if_any("Keep a foreign crate behind one room, so that it can be replaced:", &found);
}

/// Whether `name::` stands in the line as a word of its own (`clap::` but not `my_clap::`).
fn word_starts(line: &str, name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| line.get(..at).is_some_and(|before| !before.ends_with(inside)))
}

#[test]
fn files_are_opened_in_one_place() {
    const WAYS: [&str; 3] = ["File::open(", "fs::read(", "fs::read_to_string("];
    // What the system says of this run is no file that anybody names.
    let elsewhere = |line: &str| !line.contains("\"/proc/");
    let mut found = Vec::new();
    // The language server is built without the engine, and writes no file. What writes the
    // playground reads what was built and what lies in this folder. The last one is a test.
    let places = [
        "src/engine/inputs.rs",
        "src/server/files.rs",
        "src/playground/main.rs",
        "src/language/syntax/tree/editors.rs",
    ];
    for path in files("src", "rs").into_iter().filter(|p| !places.contains(&p.as_str())) {
        let lines =
            code_lines(&path).into_iter().filter(|(_, l)| WAYS.iter().any(|way| l.contains(way)) && elsewhere(l));
        found.extend(lines.map(|(number, _)| format!("{path}:{number}")));
    }
    fail_if_any(
        "Open files with `inputs::open`: it takes no pipes, and remembers what must not be overwritten:",
        &found,
    );
}

/// These begin a thread and panic where the system lets none begin; `Builder` says so instead.
#[test]
fn threads_that_cannot_begin_are_no_panic() {
    const WAYS: [&str; 3] = ["thread::spawn(", "scope.spawn(", ".enable_steady_tick("];
    let begins = |path: &String| {
        let lines = code_lines(path).into_iter().filter(|(_, line)| WAYS.iter().any(|way| line.contains(way)));
        lines.map(|(number, _)| format!("{path}:{number}")).collect::<Vec<_>>()
    };
    let found: Vec<String> = files("src", "rs").iter().flat_map(begins).collect();
    fail_if_any("Begin a thread by `std::thread::Builder`, and go on without it:", &found);
}

#[test]
fn every_file_says_what_it_is() {
    let all = ["src", "tests", "examples"].iter().flat_map(|f| files(f, "rs"));
    let found: Vec<_> = all.filter(|p| !read(p).starts_with("//!")).collect();
    fail_if_any("Begin these files with a line of `//!` that says what they are for:", &found);
}

#[test]
fn files_stay_small() {
    let all = ["src", "tests", "examples"].iter().flat_map(|f| files(f, "rs"));
    let found: Vec<_> = all
        .map(|p| (read(&p).lines().count(), p))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, p)| format!("{p}: {lines} lines"))
        .collect();
    fail_if_any(&format!("Split these files by noun; {LINES} lines are the most:"), &found);
}

#[test]
fn names_say_what_is_inside() {
    let all = ["src", "tests", "examples"].iter().flat_map(|f| files(f, "rs"));
    let found: Vec<_> =
        all.filter(|p| p.split('/').any(|part| EMPTY_NAMES.contains(&part.trim_end_matches(".rs")))).collect();
    fail_if_any("Name these after what they do:", &found);
}

#[test]
fn the_program_knows_no_table() {
    let model = read("indicators/model.ind");
    let mut words = BTreeSet::new();
    for line in model.lines().map(str::trim) {
        let mut parts = line.split_whitespace();
        match (parts.next(), parts.next()) {
            (Some("table"), Some(name)) => words.insert(name.to_owned()),
            (Some(name), Some("key" | "->" | "date" | "date?" | "<-")) => words.insert(name.to_owned()),
            _ => false,
        };
    }
    let mut found = Vec::new();
    for path in files("src", "rs") {
        for (number, line) in code_lines(&path) {
            // What is left between quotes when every other piece is dropped.
            let literals = line.split('"').skip(1).step_by(2);
            for word in literals.filter(|l| words.contains(*l) && !BOTH.contains(l)) {
                found.push(format!("{path}:{number}: `{word}` is a name of the shipped model"));
            }
        }
    }
    fail_if_any("Tables, columns and levels are text: take their names from the model:", &found);
}

#[test]
fn every_code_has_a_page() {
    let mut found = Vec::new();
    for (code, page) in code::ALL {
        let code = code.as_str();
        let path = format!("src/language/diag/pages/{code}.md");
        if !page.starts_with(&format!("# {code}: ")) {
            found.push(format!("{path}: its first line must be `# {code}: what is wrong`"));
        }
        let heads: Vec<_> = page.lines().filter(|l| l.starts_with("## ")).collect();
        if heads != PAGE {
            found.push(format!("{path}: its heads must be {PAGE:?}, in this order; they are {heads:?}"));
        }
        if page.split("\n## ").any(|part| part.lines().filter(|l| !l.is_empty()).count() < 2 && !part.starts_with("# "))
        {
            found.push(format!("{path}: nothing stands below one of its heads"));
        }
        // The tests of bad data show the problems of the data; golden.rs runs all other examples.
        let example = if code.starts_with("E08") { "\n```\n" } else { "\n```ind\n" };
        if !page.contains(example) {
            found.push(format!("{path}: show what fails with {code}, in a block that begins with{example}"));
        }
    }
    let known: BTreeSet<_> =
        code::ALL.iter().map(|(c, _)| format!("src/language/diag/pages/{}.md", c.as_str())).collect();
    let pages = files("src/language/diag/pages", "md").into_iter().filter(|p| !known.contains(p));
    found.extend(
        pages.map(|p| format!("{p}: no such code in src/language/diag/code.rs: remove the page or add the code")),
    );
    fail_if_any("A message that people meet needs a page they can ask for:", &found);
}

#[test]
fn every_code_is_raised_somewhere() {
    let source: String =
        files("src", "rs").iter().filter(|p| *p != "src/language/diag/code.rs").map(|p| read(p)).collect();
    let table = read("src/language/diag/code.rs");
    let mut found = Vec::new();
    for (code, _) in code::ALL {
        let line = table.lines().find(|l| l.trim().starts_with(&format!("{} ", code.as_str()))).unwrap_or_default();
        let name = line.trim().trim_end_matches(';').split(' ').nth(1).unwrap_or_default().to_owned();
        if !source.contains(&format!("code::{name}"))
            && !source.contains(&format!("{name},"))
            && !source.contains(&format!("{name})"))
        {
            found.push(format!("{} {name}", code.as_str()));
        }
    }
    fail_if_any("Raise these codes, or take them and their pages away:", &found);
}

#[test]
fn every_snapshot_has_its_text() {
    let of_page = |p: &str| {
        p.starts_with("tests/language/golden/pages/")
            && root()
                .join("src/language/diag")
                .join(Path::new(p).strip_prefix("tests/language/golden").unwrap())
                .with_extension("md")
                .exists()
    };
    let shipped: BTreeSet<String> = files("indicators", "ind").iter().map(|p| stem(p)).collect();
    // Before the pages of all that ships stands a chapter on how to read them.
    let is_page = |page: String| shipped.contains(&page) || page == "How_to_read_this";
    let of_shipped = |p: &str| p.starts_with("tests/language/golden/describe/shipped/") && is_page(stem(p));
    let found: Vec<_> = ["tests/golden", "tests/language/golden"]
        .into_iter()
        .flat_map(|folder| files(folder, "snap"))
        .filter(|p| !root().join(Path::new(p).with_extension("ind")).exists() && !of_page(p) && !of_shipped(p))
        .collect();
    fail_if_any("Remove these snapshots; nothing makes them any more:", &found);
}

#[test]
fn nothing_waits_to_be_reviewed() {
    fail_if_any("Accept or reject these (`cargo insta review`), then remove them:", &files("tests", "snap.new"));
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let readme = read("README.md");
    let folder = files("src/cli", "rs");
    let arguments = |p: &&String| read(p).contains("pub(super) fn run(arguments: &Arguments)");
    // A command of several files is a folder.
    let name = |p: &String| stem(p.strip_suffix("/mod.rs").unwrap_or(p));
    let commands: BTreeSet<_> = folder.iter().filter(arguments).map(name).collect();
    let mut named = BTreeSet::new();
    for line in readme.lines().map(|l| l.trim().trim_start_matches("$ ")) {
        let after = line
            .strip_prefix("yardstick ")
            .or_else(|| line.split_once("cargo run").and_then(|(_, l)| l.split_once("-- ")).map(|(_, l)| l));
        let word: String = after.unwrap_or_default().chars().take_while(char::is_ascii_lowercase).collect();
        named.insert(word);
    }
    named.remove("");
    let mut found: Vec<_> = named.difference(&commands).map(|c| format!("`yardstick {c}` is not a command")).collect();
    found.extend(
        commands
            .iter()
            .filter(|c| !readme.contains(&format!("yardstick {c}")) && !named.contains(*c))
            .map(|c| format!("`yardstick {c}` is not mentioned")),
    );
    fail_if_any("Bring README.md up to date:", &found);
}
