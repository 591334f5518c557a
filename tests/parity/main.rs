//! The parity pack: what the tests of other systems say, fact by fact, and what is said here.
//!
//! Each folder is a suite: a `README.md` with its facts in tables, and `.ind` files with the tests
//! that prove them. A fact **agrees** when its proof has the value that the source states. It
//! **differs** on purpose when the reference says so, in the words that the fact quotes, and its
//! proof has our own answer. It **cannot** be said when a construct is missing that the page of the
//! pack lists, with a text that is refused for want of it.
//!
//! A fact is proven by a line `expect ID met` of a row that has its name, or by a whole test whose
//! title begins with `ID: `.

#[cfg(test)]
mod constructs;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod reference;

use facts::{Fact, Suite, Verdict, suites};
use proofs::Proofs;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// The top of the project.
fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_top = |folder: &&Path| folder.join("indicators").is_dir();
    package.ancestors().find(is_top).unwrap_or(package)
}

/// What is wrong with a fact, given what is proven in its suite.
fn wrong(fact: &Fact, proofs: &Proofs, constructs: &BTreeSet<String>) -> Option<String> {
    let proven = proofs.of.contains(&fact.id);
    match &fact.verdict {
        Verdict::Agrees if !proven => Some("no test proves it".to_owned()),
        Verdict::Agrees => None,
        Verdict::Differs if !proven => Some("no test shows our own answer".to_owned()),
        Verdict::Differs => reference::unsaid(&fact.why),
        Verdict::Cannot if proven => Some("it cannot be said, and yet a test has its name".to_owned()),
        Verdict::Cannot => match fact.construct() {
            Some(construct) if constructs.contains(construct) => None,
            Some(construct) => Some(format!("tests/parity/README.md lists no construct `{construct}`")),
            None => Some("which construct is missing? Write `construct`: reason".to_owned()),
        },
    }
}

#[test]
fn every_fact_is_proven_or_has_its_reason() {
    let constructs: BTreeSet<String> = constructs::listed().into_iter().map(|c| c.name).collect();
    let mut found = Vec::new();
    for suite in suites() {
        let proofs = Proofs::of(&suite);
        found.extend(proofs.misses.iter().map(|miss| format!("{}: {miss}", suite.name)));
        let names: BTreeSet<&String> = suite.facts.iter().map(|fact| &fact.id).collect();
        assert_eq!(names.len(), suite.facts.len(), "{}: two facts have one name", suite.name);
        let strange = proofs.of.iter().filter(|id| !names.contains(id));
        found.extend(strange.map(|id| format!("{}: `{id}` is proven, and no fact", suite.name)));
        for fact in &suite.facts {
            found.extend(wrong(fact, &proofs, &constructs).map(|why| format!("{}: `{}`: {why}", suite.name, fact.id)));
        }
    }
    assert!(found.is_empty(), "{} facts do not hold:\n{}", found.len(), found.join("\n"));
}

#[test]
fn what_is_missing_is_refused() {
    let said: Vec<String> = constructs::listed().iter().filter_map(constructs::Construct::accepted).collect();
    assert!(said.is_empty(), "Look again at the facts that cannot be said for want of these:\n{}", said.join("\n"));
}

/// Construct by construct, how many facts it would take to say.
fn by_construct(suites: &[Suite]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for fact in suites.iter().flat_map(|suite| &suite.facts).filter(|fact| fact.verdict == Verdict::Cannot) {
        *counts.entry(fact.construct().unwrap_or_default()).or_default() += 1;
    }
    counts
}

#[test]
fn there_are_as_many_facts_as_the_page_counts() {
    let suites = suites();
    let mut text = format!("{:<12} {:>6} {:>7} {:>7} {:>6}\n", "suite", "agrees", "differs", "cannot", "facts");
    let mut line = |name: &str, facts: &[&Fact]| {
        let of = |verdict: Verdict| facts.iter().filter(|fact| fact.verdict == verdict).count();
        let (agrees, differs, cannot) = (of(Verdict::Agrees), of(Verdict::Differs), of(Verdict::Cannot));
        writeln!(text, "{name:<12} {agrees:>6} {differs:>7} {cannot:>7} {:>6}", facts.len()).unwrap();
    };
    for suite in &suites {
        line(&suite.name, &suite.facts.iter().collect::<Vec<_>>());
    }
    let all: Vec<&Fact> = suites.iter().flat_map(|suite| &suite.facts).collect();
    line("all", &all);
    text += "\nfacts that cannot be said for want of\n";
    let counts = by_construct(&suites);
    for construct in constructs::listed() {
        let number = counts.get(construct.name.as_str()).copied().unwrap_or_default();
        assert!(number > 0, "no fact needs the construct `{}`", construct.name);
        writeln!(text, "{number:>4}  {}", construct.name).unwrap();
    }
    assert!(all.len() >= 400, "only {} facts", all.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/parity"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("counts", text));
}
