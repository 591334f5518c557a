//! The examples of the language reference are right: every `ind` block of `grammar/README.md` is
//! checked with the shipped definitions. A block of clauses is completed to an indicator; a clause
//! that comes again begins the next one. And the links of all pages lead somewhere.

use crate::texts::root;
use std::fs;
use std::path::{Path, PathBuf};
use yardstick::diag::Diagnostics;
use yardstick::diag::render::{self, Form};
use yardstick::source::Sources;
use yardstick::syntax::ast::Ast;
use yardstick::{check, syntax};

const DECLARATIONS: [&str; 9] =
    ["plan", "table", "codes", "rows", "define", "groups", "scorecard", "test", "indicator"];
/// Clauses an example may leave out, with what stands for them; one of the cohorts must fit.
const REST: [(&str, &str); 3] = [("title", "\"x\""), ("window", "12 months"), ("numerator", "true = true")];
const COHORTS: [(&str, &str); 3] = [
    ("removal where exited_on in window", "child.worker at last_day"),
    ("removal where exited_on in window", "child.worker at window.last_day"),
    ("allegation where referral.received_on in window", "referral.worker at referral.received_on"),
];

fn definitions(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let all = entries.flat_map(|p| if p.is_dir() { definitions(&p) } else { vec![p] });
    all.filter(|p| p.extension().is_some_and(|e| e == "ind")).collect()
}

/// What is wrong with a text beside the shipped definitions; empty when nothing is.
fn errors(text: &str) -> String {
    let (mut sources, mut findings) = (Sources::default(), Diagnostics::default());
    let mut asts: Vec<Ast> = Vec::new();
    let shipped = definitions(&root().join("indicators"));
    let shipped = shipped.iter().map(|p| (p.display().to_string(), fs::read_to_string(p).unwrap()));
    for (name, text) in shipped.chain([("example".to_owned(), text.to_owned())]) {
        let file = sources.add(&name, &text);
        let (ast, found) = syntax::parse(&sources, file);
        findings.extend(found);
        asts.push(ast);
    }
    findings.extend(check::check(&asts).findings);
    if !findings.has_errors() {
        return String::new();
    }
    findings.sorted().into_iter().map(|f| render::text(&sources, f, Form::Plain)).collect()
}

/// The rules of time zones change, and numbers with them.
#[test]
fn the_reference_names_the_version_of_the_time_zone_database() {
    let said = format!("version {} of the time zone database", yardstick::zone::DATABASE);
    assert!(fs::read_to_string(root().join("grammar/DATA.md")).unwrap().contains(&said), "{said}");
}

/// Clauses, cut where one comes that an indicator has once and that was there already.
fn snippets(block: &str) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for line in block.lines() {
        let word = |l: &str| l.split(' ').next().unwrap_or_default().to_owned();
        let last = all.last_mut().unwrap();
        let again = last.iter().any(|l| word(l) == word(line))
            && !matches!(word(line).as_str(), "exclude" | "standard" | "let" | "");
        if again { all.push(vec![line.to_owned()]) } else { last.push(line.to_owned()) }
    }
    all
}

fn indicator(clauses: &[String], cohort: (&str, &str)) -> String {
    let mut text = String::from("indicator example {\n");
    // A mean or a percentile has no numerator.
    let of_values = |l: &String| l.starts_with("measure ") && !l.contains(" rate ");
    let has =
        |word: &str| clauses.iter().any(|l| l.starts_with(&format!("{word} ")) || word == "numerator" && of_values(l));
    for (word, value) in REST.into_iter().chain([("cohort", cohort.0), ("attribute", cohort.1)]) {
        if !has(word) {
            text += &format!("  {word} {value}\n");
        }
    }
    clauses.iter().for_each(|line| text += &format!("  {line}\n"));
    text + "}\n"
}

#[test]
fn examples_of_the_reference_are_right() {
    let page = fs::read_to_string(root().join("grammar/README.md")).unwrap();
    let blocks: Vec<&str> = page.split("```ind\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 10, "the reference has only {} examples", blocks.len());
    for block in blocks {
        if DECLARATIONS.iter().any(|word| block.starts_with(word)) {
            assert_eq!(errors(block), "", "{block}");
            continue;
        }
        for clauses in snippets(block) {
            let mut tried = COHORTS.iter().map(|cohort| errors(&indicator(&clauses, *cohort)));
            let first = tried.next().unwrap();
            assert!(first.is_empty() || tried.any(|said| said.is_empty()), "{}\n{first}", clauses.join("\n"));
        }
    }
}

/// The pages that people read.
const PAGES: [&str; 4] = ["", ".github", "grammar", "indicators"];

fn pages() -> Vec<PathBuf> {
    let below = |folder: &str| fs::read_dir(root().join(folder)).unwrap().map(|e| e.unwrap().path());
    let examples = below("examples").filter(|p| p.is_dir()).flat_map(|p| fs::read_dir(p).unwrap());
    let examples = examples.map(|e| e.unwrap().path());
    let all = PAGES.iter().flat_map(|folder| below(folder)).chain(examples);
    all.filter(|p| p.extension().is_some_and(|e| e == "md")).collect()
}

/// The name of a heading in an address, as code hosts make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().replace(' ', "-")
}

/// The links of a page, with those that a line end cuts.
fn links(text: &str) -> Vec<String> {
    let starts = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    starts.map(|(link, _)| link.split_whitespace().collect()).collect()
}

#[test]
fn links_of_all_pages_lead_somewhere() {
    let mut seen = 0;
    for page in pages() {
        for link in links(&fs::read_to_string(&page).unwrap()) {
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let file = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            assert!(file.exists(), "{}: {link}", page.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                let found = text.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
                assert!(found, "{}: {link}", page.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} links were found");
}
