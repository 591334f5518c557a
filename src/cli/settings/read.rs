//! Reads `yardstick.toml`. Whatever in it is not understood is an error with its line: a mistyped
//! setting that is passed over would be believed to hold.

use super::{FILE, Said, Settings};
use crate::cli::failure::Failure;
use crate::cli::output::reason;
use crate::diag::code::{LINTS, Level, Lint};
use crate::diag::suggest;
use crate::inputs;
use crate::zone::{self, Zone};
use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Settings are a few lines.
const LARGEST: u64 = 1 << 20;

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Definitions,
    Data,
    Scorecard,
    Level,
    Zone,
    Lints,
}

impl Key {
    const ALL: [Self; 6] = [Self::Definitions, Self::Data, Self::Scorecard, Self::Level, Self::Zone, Self::Lints];

    /// How it is written, and how a line of it looks.
    fn form(self) -> (&'static str, &'static str) {
        match self {
            Self::Definitions => ("definitions", "definitions = \"indicators\""),
            Self::Data => ("data", "data = \"data\""),
            Self::Scorecard => ("scorecard", "scorecard = \"NAME\""),
            Self::Level => ("level", "level = \"NAME\""),
            Self::Zone => ("zone", "zone = \"America/Chicago\""),
            Self::Lints => ("lints", "[lints]"),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.form().0 == name)
    }
}

/// The settings of the working folder or of the nearest folder above it that has some.
pub(super) fn found() -> Result<Settings, Failure> {
    let here =
        env::current_dir().map_err(|e| Failure::usage(format!("the working folder cannot be read: {}", reason(&e))))?;
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        // As it is reached from the working folder: what people recognise in messages.
        let file = up.join(FILE);
        if fs::symlink_metadata(folder.join(FILE)).is_ok() {
            return read(&file);
        }
        up.push("..");
    }
    Ok(Settings::default())
}

/// The settings in a file.
fn read(file: &Path) -> Result<Settings, Failure> {
    let name = file.display();
    let refused = |why: &str| Failure::usage(format!("`{name}` cannot be read: {why}"));
    let mut bytes = Vec::new();
    let opened = inputs::open(file).and_then(|of| of.take(LARGEST + 1).read_to_end(&mut bytes));
    opened.map_err(|e| refused(&reason(&e)).help("`--no-settings` goes on without it"))?;
    if bytes.len() as u64 > LARGEST {
        let help = "settings are a few lines such as `data = \"data\"`; is this another file?";
        return Err(refused(&format!("it is larger than {} MB", LARGEST >> 20)).help(help));
    }
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8").help("save the file as UTF-8"))?;
    parse(file, text.trim_start_matches('\u{feff}'))
}

/// The settings in a text.
fn parse(file: &Path, text: &str) -> Result<Settings, Failure> {
    let of = Text { settings: Settings { file: Some(file.to_path_buf()), ..Settings::default() }, text };
    let table = DeTable::parse(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        of.wrong(at, e.message(), "write lines such as `data = \"data\"` and `level = \"NAME\"`, each once")
    })?;
    of.settings(table.get_ref())
}

/// The text of a file with what has been read of it.
struct Text<'t> {
    settings: Settings,
    text: &'t str,
}

impl Text<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn wrong(&self, at: usize, message: &str, help: impl Into<String>) -> Failure {
        self.settings.wrong(self.line(at), message, help)
    }

    fn settings(mut self, table: &DeTable<'_>) -> Result<Settings, Failure> {
        // In the order of the lines, so that of several mistakes the first is told.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let at = key.span().start;
            let Some(known) = Key::named(key.get_ref()) else {
                let keys = Key::ALL.map(|key| key.form().0);
                let message = format!("there is no setting `{}`", key.get_ref());
                return Err(self.wrong(at, &message, suggest::help(key.get_ref(), "settings", &keys)));
            };
            let line = self.line(at);
            match known {
                Key::Definitions => {
                    let names = self.texts(known, at, value)?;
                    let paths = names.iter().map(|(at, name)| self.there(*at, name, false));
                    let value = paths.collect::<Result<_, _>>()?;
                    self.settings.definitions = Some(Said { value, line });
                }
                Key::Data => {
                    let value = self.there(at, &self.text_of(known, at, value)?, true)?;
                    self.settings.data = Some(Said { value, line });
                }
                Key::Scorecard => {
                    let value = self.texts(known, at, value)?.into_iter().map(|(_, name)| name).collect();
                    self.settings.scorecard = Some(Said { value, line });
                }
                Key::Level => {
                    let value = self.text_of(known, at, value)?;
                    self.settings.level = Some(Said { value, line });
                }
                Key::Zone => {
                    let value = self.zone(at, &self.text_of(known, at, value)?)?;
                    self.settings.zone = Some(Said { value, line });
                }
                Key::Lints => self.settings.lints = self.lints(at, value)?,
            }
        }
        Ok(self.settings)
    }

    /// A text that is not empty.
    fn text_of(&self, key: Key, at: usize, value: &Spanned<DeValue<'_>>) -> Result<String, Failure> {
        let (name, form) = key.form();
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            Some(_) => Err(self.wrong(at, &format!("`{name}` is empty"), format!("write `{form}`, or leave it out"))),
            None => Err(self.wrong(at, &format!("`{name}` is not a text"), format!("write `{form}`"))),
        }
    }

    /// A text, or a list of texts, each with its place; at least one.
    fn texts(&self, key: Key, at: usize, value: &Spanned<DeValue<'_>>) -> Result<Vec<(usize, String)>, Failure> {
        let (name, form) = key.form();
        let Some(list) = value.get_ref().as_array() else { return Ok(vec![(at, self.text_of(key, at, value)?)]) };
        if list.is_empty() {
            let help = format!("write `{form}`, or leave it out");
            return Err(self.wrong(at, &format!("`{name}` is an empty list"), help));
        }
        let of_each = |value: &Spanned<DeValue<'_>>| {
            let at = value.span().start;
            Ok((at, self.text_of(key, at, value)?))
        };
        list.iter().map(of_each).collect()
    }

    /// A path that is meant from the folder of the file, and leads to something.
    fn there(&self, at: usize, name: &str, is_folder: bool) -> Result<PathBuf, Failure> {
        let path = self.settings.beside(Path::new(name));
        match fs::metadata(&path) {
            Ok(found) if !is_folder || found.is_dir() => Ok(path),
            Ok(_) => {
                Err(self.wrong(at, &format!("`{name}` is not a folder"), "name the folder in which the files lie"))
            }
            Err(_) => {
                let (parent, last) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
                let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                let entries = fs::read_dir(parent).into_iter().flatten().flatten();
                let names: Vec<String> =
                    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
                let near = suggest::nearest(&last.to_string_lossy(), names.iter().map(String::as_str));
                let help = match near {
                    Some(near) => format!("did you mean `{}`?", Path::new(name).with_file_name(near).display()),
                    None => "paths are meant from the folder in which the settings lie".to_owned(),
                };
                Err(self.wrong(at, &format!("there is no file or folder `{name}`"), help))
            }
        }
    }

    fn zone(&self, at: usize, name: &str) -> Result<Zone, Failure> {
        Zone::named(name).ok_or_else(|| {
            let help = match suggest::nearest(name, zone::names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the name of a place in the IANA database, such as `America/Chicago`".to_owned(),
            };
            self.wrong(at, &format!("there is no time zone `{name}`"), help)
        })
    }

    /// The levels of warnings.
    fn lints(&self, at: usize, value: &Spanned<DeValue<'_>>) -> Result<Vec<(&'static Lint, Said<Level>)>, Failure> {
        let how = "write `[lints]` on a line of its own and below it lines such as `no-tests = \"error\"`";
        let Some(table) = value.get_ref().as_table() else {
            return Err(self.wrong(at, "`lints` is not a part of its own", how));
        };
        let mut lints = Vec::new();
        for (name, value) in table {
            let (at, name) = (name.span().start, name.get_ref());
            let Some(lint) = Lint::named(name) else {
                let names: Vec<&str> = LINTS.iter().map(|lint| lint.name).collect();
                // By its code it is known, too, and the name is what stands here.
                let of_code = LINTS.iter().find(|lint| lint.code.as_str().eq_ignore_ascii_case(name));
                let help = match of_code {
                    Some(lint) => format!("write its name: `{}`", lint.name),
                    None => suggest::help(name, "warnings", &names),
                };
                return Err(self.wrong(at, &format!("there is no warning `{name}`"), help));
            };
            let word = value.get_ref().as_str().unwrap_or_default();
            let Some(level) = Level::ALL.into_iter().find(|level| level.word() == word) else {
                let message = format!("`{name}` is none of \"off\", \"warn\" and \"error\"");
                return Err(self.wrong(at, &message, format!("write `{name} = \"{}\"`", lint.level.word())));
            };
            lints.push((lint, Said { value: level, line: self.line(at) }));
        }
        lints.sort_by_key(|(lint, _)| lint.code);
        Ok(lints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        format!("{:?}", parse(Path::new(FILE), text).unwrap_err())
    }

    #[test]
    fn every_setting_is_read() {
        let text = "# where all is\ndefinitions = [\"src\", \"Cargo.toml\"]\ndata = \"tests\"\nscorecard = \"a\"\nlevel = \"b\"\n\
                    zone = \"America/Chicago\"\n[lints]\nunused-set = \"off\"\nalways-true = \"error\"\n";
        let found = parse(Path::new(FILE), text).unwrap();
        assert_eq!(found.definitions(), [PathBuf::from("src"), PathBuf::from("Cargo.toml")]);
        assert_eq!(found.data, Some(Said { value: PathBuf::from("tests"), line: 3 }));
        assert_eq!(found.scorecard, Some(Said { value: vec!["a".to_owned()], line: 4 }));
        assert_eq!(found.level.as_ref().unwrap().value, "b");
        assert_eq!(found.zone.as_ref().unwrap().value.name(), "America/Chicago");
        let lints: Vec<_> = found.lints.iter().map(|(lint, said)| (lint.name, said.value, said.line)).collect();
        assert_eq!(lints, [("unused-set", Level::Off, 8), ("always-true", Level::Error, 9)]);
        assert_eq!(parse(Path::new(FILE), "\n").unwrap().definitions(), [PathBuf::from("indicators")]);
    }

    #[test]
    fn what_is_wrong_has_its_line_and_what_is_near() {
        for (text, words) in [
            ("dat = \"src\"", "yardstick.toml:1: there is no setting `dat`"),
            ("dat = \"src\"", "did you mean `data`?"),
            ("\ndata = 1", "yardstick.toml:2: `data` is not a text"),
            ("data = \"\"", "is empty"),
            ("data = \"Cargo.toml\"", "is not a folder"),
            ("definitions = [\"src\",\n\"srd\"]", "yardstick.toml:2: there is no file or folder `srd`"),
            ("definitions = [\"srd\"]", "did you mean `src`?"),
            ("definitions = []", "is an empty list"),
            ("scorecard = [1]", "`scorecard` is not a text"),
            ("level = \"a\"\nlevel = \"b\"", "yardstick.toml:2: "),
            ("zone = \"America/Chicgo\"", "did you mean `America/Chicago`?"),
            ("lints = \"off\"", "not a part of its own"),
            ("[lints]\nunused-sets = \"off\"", "did you mean `unused-set`?"),
            ("[lints]\nW0805 = \"off\"", "write its name: `on-no-scorecard`"),
            ("[lints]\nunused-set = \"of\"", "yardstick.toml:2: `unused-set` is none of"),
            ("[lints]\nunused-set = true", "none of"),
            ("data = ", "yardstick.toml:1: "),
        ] {
            let said = wrong(text).replace("\\\"", "\"");
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
