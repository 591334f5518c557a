//! A catalogue of definitions as pages: one to search, one for each indicator, one for each table.
//! Plain data in, pages out, the same from run to run.
//!
//! The pages are `templates/catalog_*.html`; here is what they are filled with. They name each
//! other by their files, and need nothing else: no network, and no program.

mod code;
mod points;

pub use code::{Code, Piece};
pub use points::Points;

use askama::Template;
use std::io;
use yardstick_language::visible;

/// The page to begin with.
pub const INDEX: &str = "index.html";
/// The look of all pages, and what searches.
const SHARED: [(&str, &str); 2] =
    [("catalogue.css", include_str!("catalogue.css")), ("catalogue.js", include_str!("catalogue.js"))];

/// A name that leads to a page of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// As it is called.
    pub name: String,
    /// The page.
    pub page: String,
    /// What is said beside it; may be empty.
    pub note: String,
}

/// Links under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// What they have to do with the page.
    pub heading: String,
    /// At least one.
    pub links: Vec<Link>,
}

/// Everything that the pages show.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// The day on which it is asked whether a review is due, in words.
    pub as_of: Option<String>,
    /// The indicators, in the order of the first page.
    pub indicators: Vec<Indicator>,
    /// The tables of the model.
    pub tables: Vec<Table>,
    /// What is said of all indicators alike.
    pub same: Vec<(String, Points)>,
}

/// Whether a definition is approved as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// It is.
    Stands,
    /// Something else was approved.
    Otherwise,
    /// Nothing is said of it.
    Unsaid,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// The file of its page.
    pub page: String,
    /// What it is called.
    pub title: String,
    /// Its tier, its domain and its status, as far as they are said.
    pub tier: Option<i64>,
    pub domain: Option<String>,
    pub status: Option<String>,
    /// The question it answers.
    pub question: Option<String>,
    /// Its meaning hashes, each with its hierarchy where there are several.
    pub meanings: Vec<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whether it is approved.
    pub approval: Approval,
    /// The same in a sentence, and what is said of its review.
    pub approved: String,
    /// By when it is to be reviewed, in words.
    pub review: Option<String>,
    /// Whether that day has come on the as-of day.
    pub is_due: bool,
    /// What stands in the head of its description.
    pub head: Points,
    /// What its author says, a paragraph each.
    pub author: Vec<String>,
    /// What is computed, by sections.
    pub sections: Vec<(String, Points)>,
    /// The standards with their days and where they come from.
    pub standards: Points,
    /// Its text.
    pub text: Code,
    /// Its tests.
    pub tests: Vec<Test>,
    /// What the tests show; `None` where a test does not hold.
    pub shown: Option<Shown>,
    /// Scorecards, plans, and other indicators that have to do with it.
    pub links: Vec<Links>,
    /// The tables that it reads, each with its columns.
    pub reads: Vec<Link>,
    /// What else the search looks through.
    pub words: String,
}

/// A test of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it shows.
    pub title: String,
    /// Its text, with the drawn rows and what is expected.
    pub text: Code,
    /// What does not hold: what is expected and what was found. Nothing when it holds.
    pub misses: Vec<(String, String)>,
}

/// What the tests of an indicator show of its clauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// How much of all there is to show: `16 of 16 (100.0 %)`.
    pub coverage: String,
    /// The lines of its clauses, with marks under them.
    pub marks: Vec<Code>,
    /// What no test has shown.
    pub missing: Vec<String>,
    /// How many changes a test notices; `None` when no changes were tried.
    pub noticed: Option<String>,
    /// The changes that none notices: the place, the text before, and after.
    pub unnoticed: Vec<(String, String, String)>,
}

/// One table of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The file of its page.
    pub page: String,
    /// What one row is.
    pub title: String,
    /// Where its rows stand, in a sentence.
    pub file: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its text.
    pub text: Code,
    /// The indicators that read it, each with the columns that it reads.
    pub readers: Vec<Link>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub holds: String,
    /// The table that it leads to.
    pub leads_to: Option<Link>,
    /// Its name in the file.
    pub in_file: String,
    /// The indicators that read it.
    pub readers: Vec<Link>,
}

#[derive(Template)]
#[template(path = "catalog_index.html", config = "report/askama.toml")]
struct IndexPage<'a> {
    of: &'a Catalogue,
}

#[derive(Template)]
#[template(path = "catalog_indicator.html", config = "report/askama.toml")]
struct IndicatorPage<'a> {
    of: &'a Indicator,
    catalogue: &'a Catalogue,
}

#[derive(Template)]
#[template(path = "catalog_table.html", config = "report/askama.toml")]
struct TablePage<'a> {
    of: &'a Table,
}

#[derive(Template)]
#[template(path = "catalog_same.html", config = "report/askama.toml")]
struct SamePage<'a> {
    of: &'a Catalogue,
}

/// The page with what is the same for all indicators.
const SAME: &str = "how_to_read.html";

/// The files of the catalogue, by their names.
///
/// # Errors
/// When a page cannot be filled in, which is a mistake in the program.
pub fn files(of: &Catalogue) -> io::Result<Vec<(String, Vec<u8>)>> {
    let page = |text: askama::Result<String>| {
        let text = text.map_err(io::Error::other)?;
        Ok::<_, io::Error>(visible::lines(&text).into_owned().into_bytes())
    };
    let mut files = vec![(INDEX.to_owned(), page(IndexPage { of }.render())?)];
    files.push((SAME.to_owned(), page(SamePage { of }.render())?));
    for indicator in &of.indicators {
        let bytes = page(IndicatorPage { of: indicator, catalogue: of }.render())?;
        files.push((indicator.page.clone(), bytes));
    }
    for table in &of.tables {
        files.push((table.page.clone(), page(TablePage { of: table }.render())?));
    }
    files.extend(SHARED.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    Ok(files)
}

/// So many of these: `1 indicator`, `12 indicators`.
#[must_use]
pub fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Whether a page has this name whatever is in the catalogue.
#[must_use]
pub fn is_taken(name: &str) -> bool {
    [INDEX, SAME].contains(&name) || SHARED.iter().any(|(taken, _)| *taken == name)
}

impl Approval {
    /// In two or three words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Stands => "approved",
            Self::Otherwise => "not approved as it stands",
            Self::Unsaid => "none written down",
        }
    }

    /// The class of its colour.
    fn class(self) -> &'static str {
        match self {
            Self::Stands => "good",
            Self::Otherwise => "bad",
            Self::Unsaid => "open",
        }
    }
}

impl Catalogue {
    /// How many indicators are approved as they stand.
    fn approved(&self) -> usize {
        self.indicators.iter().filter(|of| of.approval == Approval::Stands).count()
    }

    /// How many tests there are.
    fn tests(&self) -> usize {
        self.indicators.iter().map(|of| of.tests.len()).sum()
    }

    /// How many indicators were approved as something else.
    fn otherwise(&self) -> usize {
        self.indicators.iter().filter(|of| of.approval == Approval::Otherwise).count()
    }

    /// Of how many a review is due.
    fn due(&self) -> usize {
        self.indicators.iter().filter(|of| of.is_due).count()
    }

    /// How many tests do not hold.
    fn failing(&self) -> usize {
        self.indicators.iter().flat_map(|of| &of.tests).filter(|test| !test.misses.is_empty()).count()
    }
}

impl Indicator {
    /// How many of its tests do not hold.
    fn failing(&self) -> usize {
        self.tests.iter().filter(|test| !test.misses.is_empty()).count()
    }
}
