//! Writes the playground: builds the program for the browser, and puts it and the examples into one
//! page that needs nothing else.

use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/page.js");
const BACKGROUND: &str = include_str!("page/background.js");
/// The list of the examples, from the root of the workspace.
const EXAMPLES: &str = "examples/playground/examples.json";
const TARGET: &str = "wasm32-unknown-unknown";
/// The page and all in it, compressed as a server sends it, is no larger.
const MOST_BYTES: usize = 2_000_000;

/// An example as it is listed: its files by their paths from the root.
#[derive(Debug, Deserialize)]
struct Listed {
    title: String,
    files: Vec<PathBuf>,
}

/// An example as the page has it.
#[derive(Debug, Serialize)]
struct Example {
    title: String,
    files: Vec<Text>,
}

#[derive(Debug, Serialize)]
struct Text {
    path: String,
    text: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let to = match std::env::args_os().skip(1).collect::<Vec<_>>().as_slice() {
        [] => PathBuf::from("playground.html"),
        [to] if !to.to_string_lossy().starts_with('-') => PathBuf::from(to),
        _ => return Err("write `cargo run -p yardstick-playground`, or behind it one name of a file".to_owned()),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = packed(&read(&built(&root)?)?)?;
    let page = page(&examples(&root)?, &program)?;
    let sent = packed(page.as_bytes())?.len();
    if sent > MOST_BYTES {
        return Err(format!("the page has {sent} bytes compressed, and at most {MOST_BYTES} are allowed"));
    }
    fs::write(&to, &page).map_err(|error| format!("{} cannot be written: {error}", to.display()))?;
    let [whole, sent] = [page.len(), sent].map(|bytes| bytes.div_ceil(1000));
    let _ = writeln!(io::stdout(), "{}: {whole} kB, compressed {sent} kB", to.display());
    Ok(())
}

/// Builds the program for the browser, and says where it is.
fn built(root: &Path) -> Result<PathBuf, String> {
    let output = root.join("target/wasm");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--package", "yardstick-playground", "--lib", "--target", TARGET]);
    cargo.args(["--profile", "playground", "--target-dir"]).arg(&output);
    let library = said("rustc", ["--print", "target-libdir", "--target", TARGET])?;
    if !Path::new(&library).is_dir() {
        without_the_target(root, &mut cargo)?;
    }
    let done = cargo.status().map_err(|error| format!("cargo does not run: {error}"))?;
    if !done.success() {
        return Err("the program for the browser could not be built".to_owned());
    }
    Ok(output.join(TARGET).join("playground/yardstick_playground.wasm"))
}

/// Where rustup has no target for the browser: by the compiler that `.ci/wasm` lays out, which
/// brings the source of its standard library along.
fn without_the_target(root: &Path, cargo: &mut Command) -> Result<(), String> {
    let compiler = root.join("target/wasm-toolchain/rustc");
    if !compiler.is_file() {
        return Err(format!(
            "the compiler cannot build for the browser; `rustup target add {TARGET}` adds what is missing; on Debian, where \
             that cannot be fetched, `.ci/wasm` does"
        ));
    }
    let sysroot = PathBuf::from(said("rustc", ["--print", "sysroot"])?);
    let hosts = fs::read_dir(sysroot.join("lib/rustlib")).into_iter().flatten().flatten();
    let linker = hosts.map(|host| host.path().join("bin/rust-lld")).find(|linker| linker.is_file());
    let linker = linker.ok_or("the compiler has no linker for the browser (rust-lld)")?;
    let compiler = fs::canonicalize(compiler).map_err(|error| error.to_string())?;
    // The standard library is built along, which is no stable feature of cargo.
    cargo.env("RUSTC", compiler).env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    Ok(())
}

/// What a program prints, without the line break at its end.
fn said<A: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = A>) -> Result<String, String> {
    let done = Command::new(program).args(arguments).output();
    let done = done.map_err(|error| format!("{program} does not run: {error}"))?;
    Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).and_then(|()| packer.finish()).map_err(|error| error.to_string())
}

/// The examples with their texts, each text under the name of its file.
fn examples(root: &Path) -> Result<Vec<Example>, String> {
    let list = read(&root.join(EXAMPLES))?;
    let listed: Vec<Listed> = serde_json::from_slice(&list).map_err(|error| format!("{EXAMPLES}: {error}"))?;
    let text = |file: &PathBuf| {
        let text =
            String::from_utf8(read(&root.join(file))?).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        Ok(Text { path: name, text })
    };
    let example = |of: Listed| {
        let files = of.files.iter().map(text).collect::<Result<_, String>>()?;
        Ok(Example { title: of.title, files })
    };
    listed.into_iter().map(example).collect()
}

/// The page: its parts put in their places.
fn page(examples: &[Example], program: &[u8]) -> Result<String, String> {
    let examples = serde_json::to_string(examples).map_err(|error| error.to_string())?;
    // No text ends the element that it stands in.
    let examples = examples.replace('<', "\\u003c");
    let parts = [
        ("/*STYLE*/", STYLE),
        ("/*EXAMPLES*/", examples.as_str()),
        ("/*PROGRAM*/", &BASE64_STANDARD.encode(program)),
        ("/*BACKGROUND*/", BACKGROUND),
        ("/*PAGE*/", SCRIPT),
    ];
    let mut page = String::new();
    let mut rest = PAGE;
    for (mark, part) in parts {
        let (before, after) = rest.split_once(mark).ok_or_else(|| format!("the page has no place {mark}"))?;
        page = page + before + part;
        rest = after;
    }
    Ok(page + rest)
}
