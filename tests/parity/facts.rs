//! The tables of facts: what is written in the page of each suite.

use crate::root;
use std::fs;
use std::path::PathBuf;

/// Whether the language says what the source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Agrees,
    Differs,
    Cannot,
}

/// One case of a source.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) id: String,
    pub(crate) verdict: Verdict,
    /// Where the reference says so, or which construct is missing; empty where it agrees.
    pub(crate) why: String,
    /// The title of the shipped test that proves it, where one does.
    pub(crate) shipped: Option<String>,
}

impl Fact {
    /// The construct that is missing: what stands before the first colon, in backticks.
    pub(crate) fn construct(&self) -> Option<&str> {
        self.why.strip_prefix('`')?.split_once("`: ").map(|(construct, _)| construct)
    }
}

/// The facts of one source.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) facts: Vec<Fact>,
}

/// The cells of a line of a Markdown table; none of a line of dashes.
pub(crate) fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<&str> = inside.split('|').map(str::trim).collect();
    cells.iter().any(|cell| !cell.starts_with("--")).then_some(cells)
}

fn fact(page: &str, line: &str) -> Option<Fact> {
    let cells = cells(line)?;
    let [id, place, says, verdict, why] = cells[..] else { panic!("{page}: five cells are wanted: {line}") };
    if id == "fact" {
        return None;
    }
    assert!(!place.is_empty() && !says.is_empty(), "{page}: where does the source say what? {line}");
    let verdict = match verdict {
        "agrees" => Verdict::Agrees,
        "differs" => Verdict::Differs,
        "cannot" => Verdict::Cannot,
        other => panic!("{page}: `{other}` is no verdict: {line}"),
    };
    assert!(why.is_empty() == (verdict == Verdict::Agrees), "{page}: a reason is what is no agreement: {line}");
    let shipped = place.split_once("`: \"").and_then(|(_, title)| title.strip_suffix('"')).map(str::to_owned);
    Some(Fact { id: id.trim_matches('`').to_owned(), verdict, why: why.to_owned(), shipped })
}

/// All suites, by name.
pub(crate) fn suites() -> Vec<Suite> {
    let entries = fs::read_dir(root().join("tests/parity")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let suite = |folder: PathBuf| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let page = fs::read_to_string(folder.join("README.md")).unwrap();
        for head in ["- source: ", "- version: "] {
            assert!(page.lines().any(|line| line.starts_with(head)), "{name}: no line begins with `{head}`");
        }
        let facts: Vec<Fact> = page.lines().filter_map(|line| fact(&name, line)).collect();
        assert!(!facts.is_empty(), "{name}: no facts");
        Suite { name, folder, facts }
    };
    folders.into_iter().map(suite).collect()
}
