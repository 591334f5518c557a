//! `yardstick.toml`: where definitions and data lie and what is shown when a command is not told,
//! found from the working folder upwards. What is given on the command line wins.

mod read;

use super::failure::Failure;
use crate::diag::code::{Code, Level, Lint};
use crate::diag::suggest;
use crate::ir::Program;
use crate::zone::Zone;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What the file is called.
pub(super) const FILE: &str = "yardstick.toml";
/// Where definitions are looked for when nothing says where.
pub(super) const DEFINITIONS: &str = "indicators";

/// `--no-settings`.
static LEFT_OUT: OnceLock<()> = OnceLock::new();
/// What was found, once it was asked for.
static IN_FORCE: OnceLock<Result<Settings, Failure>> = OnceLock::new();

/// Something that a line of the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said<T> {
    pub(super) value: T,
    /// The line, from 1.
    pub(super) line: usize,
}

/// What the file says; nothing where there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Settings {
    /// The file, as it is reached from the working folder.
    pub(super) file: Option<PathBuf>,
    /// Files and folders with definitions, as they are reached from the working folder.
    pub(super) definitions: Option<Said<Vec<PathBuf>>>,
    /// The folder with the case data, likewise.
    pub(super) data: Option<Said<PathBuf>>,
    /// The scorecards that are shown when none is named.
    pub(super) scorecard: Option<Said<Vec<String>>>,
    /// The level whose entities are shown when none is named.
    pub(super) level: Option<Said<String>>,
    /// The zone of the department.
    pub(super) zone: Option<Said<Zone>>,
    /// What is done about warnings, where it is said.
    pub(super) lints: Vec<(&'static Lint, Said<Level>)>,
}

/// Lets a run go by no settings.
pub(super) fn leave_out() {
    let _ = LEFT_OUT.set(());
}

/// What is in force in this run.
///
/// # Errors
/// When there is a file, and it cannot be used.
pub(super) fn in_force() -> Result<&'static Settings, Failure> {
    let found = IN_FORCE.get_or_init(|| match LEFT_OUT.get() {
        Some(()) => Ok(Settings::default()),
        None => read::found(),
    });
    found.as_ref().map_err(Clone::clone)
}

impl Settings {
    /// Where the definitions lie.
    pub(super) fn definitions(&self) -> Vec<PathBuf> {
        match &self.definitions {
            Some(said) => said.value.clone(),
            None => vec![self.beside(Path::new(DEFINITIONS))],
        }
    }

    /// What is done about a warning.
    pub(super) fn level(&self, code: Code) -> Option<Level> {
        let lint = Lint::of(code)?;
        let said = self.lints.iter().find(|(of, _)| *of == lint);
        Some(said.map_or(lint.level, |(_, said)| said.value))
    }

    /// A path that is meant from the folder of the settings.
    fn beside(&self, path: &Path) -> PathBuf {
        match self.file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => path.to_path_buf(),
        }
    }

    /// Refuses settings that do not fit the definitions of which they speak.
    pub(super) fn fit(&self, program: &Program) -> Result<(), Failure> {
        let everywhere = || program.hierarchies();
        if let Some(said) = &self.level {
            let levels: Vec<&str> = everywhere().flat_map(|of| &of.model.levels).map(|l| l.name.as_str()).collect();
            if said.value != super::entities::ALL && !levels.contains(&said.value.as_str()) {
                let message = format!("there is no level `{}`", said.value);
                return Err(self.wrong(said.line, &message, suggest::help(&said.value, "levels", &levels)));
            }
        }
        if let Some(said) = &self.scorecard {
            let known: Vec<&str> = program.scorecards.iter().map(|of| of.name.as_str()).collect();
            if let Some(name) = said.value.iter().find(|name| !known.contains(&name.as_str())) {
                let message = format!("there is no scorecard `{name}`");
                return Err(self.wrong(said.line, &message, suggest::help(name, "scorecards", &known)));
            }
        }
        if let (Some(said), Some(of_model)) = (&self.zone, program.model.times.zone())
            && said.value != *of_model
        {
            let message = format!(
                "the zone is `{}`, and the model says `times are local to {}`",
                said.value.name(),
                of_model.name()
            );
            return Err(self.wrong(said.line, &message, "one of the two is wrong; the model's is the one that counts"));
        }
        Ok(())
    }

    /// A failure with its place in the file.
    fn wrong(&self, line: usize, message: &str, help: impl Into<String>) -> Failure {
        let file = self.file.as_deref().unwrap_or(Path::new(FILE));
        Failure::usage(format!("{}:{line}: {message}", file.display())).help(help)
    }
}

/// The scorecards that are shown: those that were named, else those of the settings, where the
/// definitions have them.
pub(super) fn scorecards(program: &Program, named: &[String]) -> Result<Vec<String>, Failure> {
    let said = in_force()?.scorecard.as_ref().map(|said| said.value.clone()).unwrap_or_default();
    let are_there = said.iter().all(|name| program.scorecards.iter().any(|of| of.name == *name));
    Ok(if named.is_empty() && are_there { said } else { named.to_vec() })
}

/// The level that is shown when none is named, where the model at hand has it.
pub(super) fn default_level(program: &Program) -> Result<Option<&'static str>, Failure> {
    let said = in_force()?.level.as_ref().map(|said| said.value.as_str());
    Ok(said.filter(|name| *name == super::entities::ALL || program.model.find_level(name).is_some()))
}
