//! `yardstick init`: lays out a folder to begin with, from what is inside the program.

use super::failure::{Done, Exit, Failure};
use super::output::{self, reason};
use super::settings;
use clap::ValueEnum;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is laid out: its path in the folder, and its bytes.
type File = (&'static str, &'static [u8]);

/// The files of a folder of the project, by their names in it: `FROM => TO: NAME, ...;`.
macro_rules! files {
    ($($from:literal => $to:literal: $($name:literal,)* ;)*) => {
        &[$($((
            concat!($to, "/", $name),
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $from, "/", $name)).as_slice(),
        ),)*)*]
    };
}

#[path = "../../../examples/county/files.rs"]
mod county;
#[path = "../../../examples/english/files.rs"]
mod english;
#[path = "../../../examples/library/files.rs"]
mod library;

/// Lay out a folder to begin with: a model, indicators with their tests, example data, settings,
/// and what checks them on every change
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick init scorecard\n  yardstick init libraries --example library")]
pub(super) struct Arguments {
    /// The folder; made when it is not there. No file in it is written over
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The world that is laid out
    #[arg(long, value_enum, default_value_t = Example::County)]
    example: Example,
}

/// The worlds that are inside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Example {
    /// The county of which the project's indicators speak.
    County,
    /// The libraries of a city.
    Library,
    /// An English return, by the numbers of its guidance.
    English,
}

/// What every folder has.
const EVERYWHERE: &[File] = &[
    (settings::FILE, include_bytes!("settings.toml")),
    ("README.md", include_bytes!("begin.md")),
    (".github/workflows/yardstick.yml", include_bytes!("../../../examples/ci/yardstick.yml")),
    (".pre-commit-config.yaml", include_bytes!("../../../examples/ci/pre-commit-config.yaml")),
];

/// So many files that are in the way are named.
const MOST_NAMED: usize = 5;

/// The parts of a folder, as they are told, and what each is for.
const PARTS: [(&str, &str); 6] = [
    (settings::FILE, "where definitions and data lie, and what is shown"),
    ("indicators/", "the model of the tables, the indicators and their tests"),
    ("data/", "example data, for the files of your own"),
    (".github/", "checks every change on GitHub"),
    (".pre-commit-config.yaml", "checks every change before it is committed"),
    ("README.md", "what to type"),
];

impl Example {
    fn files(self) -> impl Iterator<Item = &'static File> {
        let own = match self {
            Self::County => county::FILES,
            Self::Library => library::FILES,
            Self::English => english::FILES,
        };
        EVERYWHERE.iter().chain(own)
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let folder = &arguments.folder;
    let files: Vec<&File> = arguments.example.files().collect();
    free(folder, &files)?;
    for (name, bytes) in &files {
        let path = folder.join(name);
        write(&path, bytes).map_err(|e| {
            Failure::usage(format!("`{}` cannot be written: {}", path.display(), reason(&e)))
                .help("what was laid out before it stays; remove it before trying again")
        })?;
    }
    output::say(&told(folder, &files))?;
    Ok(Exit::Fine)
}

/// Refuses a folder in which a file would be written over.
fn free(folder: &Path, files: &[&File]) -> Result<(), Failure> {
    let is_there = |name: &&str| fs::symlink_metadata(folder.join(name)).is_ok();
    let there: Vec<&str> = files.iter().map(|(name, _)| *name).filter(is_there).collect();
    if there.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = there.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
    let more = match there.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let there = format!("{}{more}", named.join(", "));
    Err(Failure::usage(format!("`{}` has files of these names already: {there}", folder.display()))
        .help("nothing was written; name another folder: `yardstick init DIR`"))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    // Whatever came there since it was looked at stays.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)
}

/// What was written, and what to type next.
fn told(folder: &Path, files: &[&File]) -> String {
    let mut told = format!("{} files in {}:\n", files.len(), folder.display());
    for (part, what) in PARTS {
        let of_part = files.iter().filter(|(name, _)| name.starts_with(part)).count();
        let count = if of_part > 1 { format!("{of_part} files") } else { String::new() };
        told += &format!("  {part:<24} {count:<9} {what}\n");
    }
    told += "\nNext:\n";
    if folder != Path::new(".") {
        let name = folder.display().to_string();
        told += &if name.contains(' ') { format!("  cd \"{name}\"\n") } else { format!("  cd {name}\n") };
    }
    told += "  yardstick check\n  yardstick test\n  yardstick scorecard\n  yardstick new indicator my_first_measure\n";
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The files of a folder of the project with these endings, by their paths in it.
    fn lie_in(folder: &str, endings: &[&str]) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let (mut found, mut open) = (BTreeSet::new(), vec![root.clone()]);
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                if path.is_dir() {
                    open.push(path);
                } else if endings.contains(&ending.as_str()) {
                    found.insert(path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
        found
    }

    #[test]
    fn no_file_is_forgotten() {
        for (example, definitions, data, list) in [
            (Example::County, "indicators", "examples/county/data", "examples/county/files.rs"),
            (Example::Library, "examples/library/indicators", "examples/library/data", "examples/library/files.rs"),
            (Example::English, "examples/english/indicators", "examples/english/data", "examples/english/files.rs"),
        ] {
            let inside = |folder: &str| -> BTreeSet<String> {
                example.files().filter_map(|(name, _)| name.strip_prefix(folder)).map(str::to_owned).collect()
            };
            let endings = ["csv", "parquet", "toml", "xlsx"];
            assert_eq!(
                inside("indicators/"),
                lie_in(definitions, &["ind"]),
                "{list} does not name all of {definitions}"
            );
            assert_eq!(inside("data/"), lie_in(data, &endings), "{list} does not name all of {data}");
        }
    }

    #[test]
    fn every_file_is_told_with_a_part() {
        for example in Example::value_variants() {
            for (name, _) in example.files() {
                assert_eq!(PARTS.iter().filter(|(part, _)| name.starts_with(part)).count(), 1, "{name}");
            }
        }
    }
}
