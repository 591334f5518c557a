//! `yardstick fmt`: definitions in their one layout.

use super::failure::{self, Done, Exit, Failure};
use super::read::{self, Texts};
use super::{definitions, output, rewrite, settings, terminal};
use crate::diag::{Diagnostics, render};
use crate::source::{SourceFile, Sources};
use crate::{format, syntax, visible};
use std::io::{Read, Write};
use std::path::Path;

/// So many changed lines of a file are shown by `--check`.
const MOST_SHOWN: usize = 12;

const EXAMPLES: &str = "Examples:\n  yardstick fmt\n  yardstick fmt --check indicators examples";

/// Write definitions in their one layout: what they mean, and every comment, stays
///
/// `yardstick fmt -` reads standard input and writes standard output, for editors.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    /// Write nothing; show which files are not in their layout, and end with exit code 1 when one
    /// is not
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let named = arguments.definitions.paths();
    if named.iter().any(|path| path == Path::new("-")) {
        return of_standard_input(arguments);
    }
    let paths = if named.is_empty() { settings::in_force()?.definitions() } else { named };
    let Texts { sources, unreadable } = read::texts(&paths)?;
    let changed: Vec<_> = sources.iter().filter_map(|(_, file)| Some((file, other(file)?))).collect();
    for (file, made) in &changed {
        if arguments.check {
            output::say(&visible::lines(&shown(file, made)))?;
        } else {
            rewrite::file(file, |bytes| laid_out(bytes).unwrap_or_else(|| bytes.to_vec()))?;
            output::say(&visible::lines(&format!("{} was laid out\n", file.path.display())))?;
        }
    }
    let errors = print_mistakes(&sources)?;
    for (message, help) in &unreadable {
        failure::complain(message, Some(help));
    }
    let all = sources.iter().count();
    output::say(&summary(all, changed.len(), arguments.check))?;
    let wrong = errors || !unreadable.is_empty() || arguments.check && !changed.is_empty();
    Ok(if wrong { Exit::Definitions } else { Exit::Fine })
}

/// The text of a file in its layout, when that is another.
fn other(file: &SourceFile) -> Option<String> {
    let made = format::format(&file.text);
    (made != file.text).then_some(made)
}

/// The bytes of a text in their layout; `None` when they are no text.
fn laid_out(bytes: &[u8]) -> Option<Vec<u8>> {
    std::str::from_utf8(bytes).ok().map(|text| format::format(text).into_bytes())
}

/// What the grammar cannot read, as `check` shows it; whether there is something.
fn print_mistakes(sources: &Sources) -> Result<bool, Failure> {
    let mut found = Diagnostics::default();
    for (id, _) in sources.iter() {
        found.extend(syntax::parse(sources, id).1);
    }
    let form = terminal::form_on_stderr();
    let mut err = anstream::stderr().lock();
    for finding in found.sorted() {
        // Nobody is left to hear when standard error is closed.
        let _ = writeln!(err, "{}", render::text(sources, finding, form));
    }
    Ok(found.has_errors())
}

/// An editor gives the text and takes it back: nothing else goes to standard output.
fn of_standard_input(arguments: &Arguments) -> Done {
    if arguments.definitions.paths().len() > 1 {
        let message = "`-` stands for standard input, and is given alone";
        return Err(Failure::usage(message).help("run the command once for standard input and once for the files"));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::usage(format!("standard input cannot be read: {}", output::reason(&e))))?;
    let text = read::decode(bytes.clone())
        .map_err(|(problem, help)| Failure::usage(format!("standard input {problem}")).help(help))?;
    let mut sources = Sources::default();
    let id = sources.add("standard input", text);
    let made = laid_out(&bytes).unwrap_or_else(|| bytes.clone());
    if arguments.check {
        let file = sources.file(id);
        if let Some(made) = other(file) {
            output::say(&visible::lines(&shown(file, &made)))?;
        }
    } else {
        output::print(&made)?;
    }
    let wrong = print_mistakes(&sources)? || arguments.check && made != bytes;
    Ok(if wrong { Exit::Definitions } else { Exit::Fine })
}

/// The name of a file and the first of its lines that would change.
fn shown(file: &SourceFile, made: &str) -> String {
    let diff = similar::TextDiff::from_lines(file.text.as_str(), made);
    let mut lines = Vec::new();
    for change in diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal) {
        let at = change.old_index().or(change.new_index()).map_or(0, |line| line + 1);
        lines.push(format!("  {at:>4} {}{}", change.tag(), change.value().trim_end_matches('\n')));
    }
    let more = lines.len().saturating_sub(MOST_SHOWN);
    lines.truncate(MOST_SHOWN);
    if more > 0 {
        lines.push(format!("       and {more} more {}", if more == 1 { "line" } else { "lines" }));
    }
    format!("{} is not in its layout\n{}\n", file.path.display(), lines.join("\n"))
}

fn summary(all: usize, changed: usize, check: bool) -> String {
    let files = |n: usize| if n == 1 { "1 file".to_owned() } else { format!("{n} files") };
    match (changed, check) {
        (0, _) => format!("{} in the layout\n", files(all)),
        (n, true) => format!("{} of {} would change; `yardstick fmt` without `--check` writes them\n", n, files(all)),
        (n, false) => format!("{} of {} changed\n", n, files(all)),
    }
}
