//! `yardstick new`: a file to begin with.

use super::failure::{Done, Exit, Failure};
use super::output::{self, reason};
use super::{definitions, settings};
use crate::diag::Severity;
use crate::ir::Program;
use crate::model::Model;
use crate::skeleton;
use crate::source::Sources;
use crate::syntax;
use crate::syntax::ast::{Ast, Item};
use crate::trial;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Write a new indicator with a test, to be filled in
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick new indicator late_returns\n  yardstick new indicator late_returns --indicators definitions"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// What can be begun.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// An indicator, in a file of its own in the folder of the definitions
    Indicator(Indicator),
}

/// A new indicator.
#[derive(Debug, clap::Args)]
struct Indicator {
    /// Its id: small letters, digits and `_`, such as `late_returns`
    name: String,
    #[command(flatten)]
    definitions: definitions::Arguments,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    match &arguments.what {
        What::Indicator(of) => indicator(of),
    }
}

fn indicator(arguments: &Indicator) -> Done {
    let name = &arguments.name;
    is_name(name)?;
    let paths = match arguments.definitions.paths() {
        [] => settings::in_force()?.definitions(),
        paths => paths.to_vec(),
    };
    let folder = paths.iter().find(|path| path.is_dir()).ok_or_else(|| {
        Failure::usage("none of the definitions is a folder, in which a file could be written")
            .help("name one: `--indicators DIR`")
    })?;
    let file = folder.join(format!("{name}.ind"));
    if fs::symlink_metadata(&file).is_ok() {
        return Err(Failure::usage(format!("`{}` is there already", file.display())).help("choose another name"));
    }
    let (sources, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    if program.hierarchies().any(|of| of.find(name).is_some()) {
        return Err(Failure::usage(format!("there is an indicator `{name}` already")).help("choose another name"));
    }
    let text = fitting(&sources, &program.model, name)?;
    write(&file, &text)
        .map_err(|e| Failure::usage(format!("`{}` cannot be written: {}", file.display(), reason(&e))))?;
    output::say(&told(&program, &file, name))?;
    Ok(Exit::Fine)
}

/// Refuses what cannot be the id of an indicator.
fn is_name(name: &str) -> Result<(), Failure> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_letter) {
        return Ok(());
    }
    let near: String = name.to_lowercase().chars().map(|c| if is_letter(c) { c } else { '_' }).collect();
    let near = near.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let help = match near.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => format!("write `{near}`"),
        false => "begin with a small letter, and go on with small letters, digits and `_`: `late_returns`".to_owned(),
    };
    Err(Failure::usage(format!("`{name}` cannot be the id of an indicator")).help(help))
}

/// The first text that is right and whose test holds.
fn fitting(sources: &Sources, model: &Model, name: &str) -> Result<String, Failure> {
    let mut sources = sources.clone();
    let mut asts: Vec<Ast> = sources.iter().map(|(file, _)| syntax::parse(&sources, file).0).collect();
    for ast in &mut asts {
        ast.items.retain(Item::is_of_model);
    }
    let before = crate::check::check(&asts).findings;
    let mut why = None;
    for text in skeleton::indicator(model, name) {
        let file = sources.add(format!("{name}.ind"), text.clone());
        let (ast, found) = syntax::parse(&sources, file);
        let checked = crate::check::check(&[asts.as_slice(), &[ast]].concat());
        // What the model is warned of anyway is no matter of this text.
        let new = found.into_found().chain(checked.findings.into_found()).find(|finding| !before.has(finding));
        match new {
            None if tests_hold(&checked.program) => return Ok(text),
            None => {}
            Some(finding) if finding.severity == Severity::Error => why = why.or(Some(finding.message)),
            Some(_) => {}
        }
    }
    let help = "write it by hand: the tutorial (grammar/TUTORIAL.md) shows how; or choose another name";
    Err(match why {
        Some(why) => Failure::definitions(format!("no indicator `{name}` could be made of this model: {why}")),
        None => Failure::definitions("the model has no table with a day on which its rows begin"),
    }
    .help(help))
}

fn tests_hold(program: &Program) -> bool {
    let mut all = program.hierarchies().flat_map(|of| of.tests.iter().map(move |test| (of, test)));
    all.all(|(of, test)| trial::run(of, test, &trial::one_by_one).is_ok_and(|misses| misses.is_empty()))
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    // Whatever came there since it was looked at stays.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(file)?;
    file.write_all(text.as_bytes())
}

/// What was written, and what to type next.
fn told(program: &Program, file: &Path, name: &str) -> String {
    let place = file.display();
    let mut told = format!("{place}: the indicator `{name}` and a test, to be filled in\n\nNext:\n");
    told += &format!("  yardstick check {place}\n  yardstick test --filter {name}\n  yardstick describe {name}\n");
    if let Some(scorecard) = program.scorecards.first() {
        told += &format!("and, to show it, `{name}` in a row of a scorecard, such as `{}`\n", scorecard.name);
    }
    told
}
