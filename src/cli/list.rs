//! `yardstick list`: which indicators the definitions have, or which settings are in force.

use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::settings::{self, Settings};
use super::{definitions, spreadsheet, terminal};
use crate::diag::code::LINTS;
use crate::diag::suggest;
use crate::ir::{Indicator, Program, Standing};
use crate::report::Csv;
use crate::source::{Sources, Span};
use crate::visible;
use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// List the indicators of the definitions: ids, titles, tiers, status, scorecards, how many tests,
/// who answers for them
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick list\n  yardstick list --tier 1 --without-tests -o list.csv")]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    /// Only indicators whose id, title or question contains this text, in large or small letters
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only indicators of this tier
    #[arg(long, value_name = "N")]
    tier: Option<i64>,
    /// Only indicators of this domain
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// Only indicators of this status
    #[arg(long, value_name = "STATUS", value_parser = ["published", "adapted", "inferred"])]
    status: Option<String>,
    /// Only indicators of this scorecard; can be given several times
    #[arg(long, value_name = "NAME")]
    scorecard: Vec<String>,
    /// Only indicators that have no test
    #[arg(long)]
    without_tests: bool,
    /// Show which settings are in force instead, and which line says so. No definitions are read
    #[arg(long, conflicts_with_all = ["paths", "indicators", "filter", "tier", "domain", "status", "scorecard", "without_tests"])]
    settings: bool,
    /// Format [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// A line for each.
    Csv,
    /// An object for each.
    Json,
}

/// An indicator as it is listed.
#[derive(Debug, Serialize)]
struct Row<'a> {
    indicator: &'a str,
    title: &'a str,
    tier: Option<i64>,
    domain: Option<&'a str>,
    status: Option<&'a str>,
    scorecards: Vec<&'a str>,
    tests: usize,
    file: String,
    line: usize,
    meaning: &'a str,
    owner: Option<&'a str>,
    /// `approved`, or that it is not approved as it stands; nothing where nothing is said of it.
    approval: Option<&'static str>,
    approved_by: Option<&'a str>,
    approved_on: Option<String>,
    review_by: Option<String>,
}

/// A setting as it is listed.
#[derive(Debug, Serialize)]
struct Line {
    setting: String,
    value: Option<String>,
    /// The file and line that says so; none where it is the way of the program.
    said: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Table, "format of a list"))?;
    let csv = arguments.csv.form(format == Format::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let text = if arguments.settings {
        let lines = lines(settings::in_force()?);
        match format {
            Format::Table => visible::lines(&table_of_lines(&lines)).into_owned(),
            Format::Csv => {
                let cells = |line: &Line| vec![line.setting.clone(), text_of(&line.value), text_of(&line.said)];
                records(&["setting", "value", "said"], lines.iter().map(cells).collect(), csv)?
            }
            Format::Json => json(&lines)?,
        }
    } else {
        let (sources, program) = definitions::load(&arguments.definitions.paths())?.sound()?;
        let rows = arguments.rows(&sources, &program)?;
        match format {
            Format::Table => visible::lines(&table_of_rows(&rows)).into_owned(),
            Format::Csv => records(&HEAD, rows.iter().map(cells).collect(), csv)?,
            Format::Json => json(&rows)?,
        }
    };
    target.unread()?;
    target.put(text.as_bytes(), format == Format::Table)?;
    Ok(Exit::Fine)
}

impl Arguments {
    /// The indicators that are wanted, by tier and id, those without a tier last.
    fn rows<'p>(&self, sources: &Sources, program: &'p Program) -> Result<Vec<Row<'p>>, Failure> {
        self.known(program)?;
        let mut all: BTreeMap<&str, &Indicator> = BTreeMap::new();
        for indicator in program.hierarchies().flat_map(|of| &of.indicators) {
            all.entry(&indicator.id).or_insert(indicator);
        }
        let mut rows: Vec<Row<'p>> = all
            .into_values()
            .map(|indicator| row(sources, program, indicator))
            .filter(|row| self.wants(row, program))
            .collect();
        rows.sort_by_key(|row| (row.tier.unwrap_or(i64::MAX), row.indicator));
        Ok(rows)
    }

    /// Refuses names that nothing has.
    fn known(&self, program: &Program) -> Result<(), Failure> {
        let scorecards: Vec<&str> = program.scorecards.iter().map(|of| of.name.as_str()).collect();
        let domains: Vec<&str> = program.model.domains.iter().map(|of| of.name.as_str()).collect();
        let named = self.scorecard.iter().map(|name| ("scorecard", name, &scorecards));
        let named = named.chain(self.domain.iter().map(|name| ("domain", name, &domains)));
        for (what, name, known) in named {
            if !known.contains(&name.as_str()) {
                let help = suggest::help(name, &format!("{what}s"), known);
                return Err(Failure::usage(format!("there is no {what} `{name}`")).help(help));
            }
        }
        Ok(())
    }

    fn wants(&self, row: &Row<'_>, program: &Program) -> bool {
        let question = program.hierarchies().find_map(|of| of.find(row.indicator)?.about.question.as_deref());
        let holds = |text: &String| {
            let text = text.to_lowercase();
            [row.indicator, row.title, question.unwrap_or_default()].iter().any(|of| of.to_lowercase().contains(&text))
        };
        self.filter.as_ref().is_none_or(holds)
            && self.tier.is_none_or(|tier| row.tier == Some(tier))
            && self.domain.as_deref().is_none_or(|domain| row.domain == Some(domain))
            && self.status.as_deref().is_none_or(|status| row.status == Some(status))
            && (self.scorecard.is_empty() || self.scorecard.iter().any(|name| row.scorecards.contains(&name.as_str())))
            && (!self.without_tests || row.tests == 0)
    }
}

/// What is listed of an indicator.
fn row<'p>(sources: &Sources, program: &'p Program, indicator: &'p Indicator) -> Row<'p> {
    let everywhere = || program.hierarchies();
    let is_it = |of: &Program, number: usize| of.indicators.get(number).is_some_and(|other| other.id == indicator.id);
    let shows = |of: &'p Program| {
        let scorecards =
            of.scorecards.iter().filter(move |card| card.indicators.iter().any(|number| is_it(of, *number)));
        scorecards.map(|card| card.name.as_str())
    };
    let scorecards: BTreeSet<&str> = everywhere().flat_map(shows).collect();
    let of_it = |of: &'p Program| of.tests.iter().filter(move |test| is_it(of, test.indicator)).map(|test| test.span);
    let tests: BTreeSet<Span> = everywhere().flat_map(of_it).collect();
    let about = &indicator.about;
    let file = sources.file(indicator.span.file);
    Row {
        indicator: &indicator.id,
        title: &about.title,
        tier: about.tier,
        domain: about.domain.and_then(|number| Some(program.model.domains.get(number)?.name.as_str())),
        status: about.status.as_deref(),
        scorecards: scorecards.into_iter().collect(),
        tests: tests.len(),
        file: file.path.display().to_string(),
        line: file.line_column(indicator.span.start).0,
        meaning: &indicator.meaning,
        owner: about.owner.as_deref(),
        approval: match about.standing(&program.meanings(&indicator.id)) {
            Standing::Unsaid => None,
            Standing::AsApproved(_) => Some("approved"),
            Standing::Otherwise(_) => Some("not approved as it stands"),
        },
        approved_by: about.approved.as_ref().map(|of| of.by.as_str()),
        approved_on: about.approved.as_ref().map(|of| of.on.to_string()),
        review_by: about.review_by.map(|day| day.to_string()),
    }
}

const HEAD: [&str; 15] = [
    "indicator",
    "title",
    "tier",
    "domain",
    "status",
    "scorecards",
    "tests",
    "file",
    "line",
    "meaning",
    "owner",
    "approval",
    "approved_by",
    "approved_on",
    "review_by",
];

fn cells(row: &Row<'_>) -> Vec<String> {
    vec![
        row.indicator.to_owned(),
        row.title.to_owned(),
        row.tier.map(|tier| tier.to_string()).unwrap_or_default(),
        row.domain.unwrap_or_default().to_owned(),
        row.status.unwrap_or_default().to_owned(),
        row.scorecards.join(" "),
        row.tests.to_string(),
        row.file.clone(),
        row.line.to_string(),
        row.meaning.to_owned(),
        row.owner.unwrap_or_default().to_owned(),
        row.approval.unwrap_or_default().to_owned(),
        row.approved_by.unwrap_or_default().to_owned(),
        text_of(&row.approved_on),
        text_of(&row.review_by),
    ]
}

/// What the table shows of the owner, the approval and the review.
fn answered_for(row: &Row<'_>) -> [String; 3] {
    let text = |said: Option<&str>| said.unwrap_or_default().to_owned();
    [text(row.owner), text(row.approval), text_of(&row.review_by)]
}

fn table_of_rows(rows: &[Row<'_>]) -> String {
    // Columns that are empty in all rows make the others narrow for nothing.
    let wide = rows.iter().any(|row| answered_for(row).iter().any(|said| !said.is_empty()));
    let further: &[&str] = if wide { &["owner", "approval", "review by"] } else { &[] };
    let mut table = plain_table(&[&["indicator", "title", "tier", "status", "scorecards", "tests"], further].concat());
    for row in rows {
        let tier = row.tier.map(|tier| tier.to_string()).unwrap_or_default();
        let (status, tests) = (row.status.unwrap_or_default().to_owned(), row.tests.to_string());
        let (id, title) = (row.indicator.to_owned(), row.title.to_owned());
        let mut cells = vec![id, title, tier, status, row.scorecards.join(", "), tests];
        cells.extend(answered_for(row).into_iter().filter(|_| wide));
        table.add_row(cells);
    }
    let counted = if rows.len() == 1 { "1 indicator".to_owned() } else { format!("{} indicators", rows.len()) };
    if rows.is_empty() { format!("{counted}\n") } else { format!("{}\n{counted}\n", trimmed(&table)) }
}

/// A table without lines, no wider than what stands in it.
fn plain_table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    // Lines are folded for a person at a terminal only: a program finds one row on one line.
    if terminal::is_watched() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(terminal::width()).unwrap_or(u16::MAX));
    }
    table.set_header(head.to_vec());
    table
}

fn trimmed(table: &Table) -> String {
    let lines = table.trim_fmt();
    lines.lines().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{}", line.trim_end());
        all
    })
}

/// Every setting, with what it is when nothing says it.
fn lines(settings: &Settings) -> Vec<Line> {
    let place = |line: usize| {
        let file = settings.file.as_deref().unwrap_or(Path::new(settings::FILE));
        format!("{}:{line}", file.display())
    };
    let paths = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let line = |setting: &str, value: Option<String>, at: Option<usize>| Line {
        setting: setting.to_owned(),
        value,
        said: at.map(place),
    };
    let Settings { file: _, definitions, data, scorecard, level, zone, lints } = settings;
    let definitions_lie = Some(paths(&settings.definitions()));
    let data_lies = data.as_ref().map(|said| said.value.display().to_string());
    let scorecards = scorecard.as_ref().map(|said| said.value.join(", "));
    let zone_is = zone.as_ref().map(|said| said.value.name().to_owned());
    let mut lines = vec![
        line("definitions", definitions_lie, definitions.as_ref().map(|said| said.line)),
        line("data", data_lies, data.as_ref().map(|said| said.line)),
        line("scorecard", scorecards, scorecard.as_ref().map(|said| said.line)),
        line("level", level.as_ref().map(|said| said.value.clone()), level.as_ref().map(|said| said.line)),
        line("zone", zone_is, zone.as_ref().map(|said| said.line)),
    ];
    for lint in LINTS {
        let said = lints.iter().find(|(of, _)| *of == lint).map(|(_, said)| said);
        let level = said.map_or(lint.level, |said| said.value);
        let name = format!("lints.{}", lint.name);
        lines.push(line(&name, Some(level.word().to_owned()), said.map(|said| said.line)));
    }
    lines
}

fn table_of_lines(lines: &[Line]) -> String {
    let mut table = plain_table(&["setting", "value", "said by"]);
    for line in lines {
        let said = line.said.clone().unwrap_or_else(|| "nothing".to_owned());
        table.add_row([line.setting.clone(), line.value.clone().unwrap_or_else(|| "-".to_owned()), said]);
    }
    trimmed(&table)
}

fn text_of(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn records(head: &[&str], rows: Vec<Vec<String>>, form: Csv) -> Result<String, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::internal(format!("the list could not be written: {e}"));
    let mut writer = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    writer.write_record(head).map_err(|e| failed(&e))?;
    for row in rows {
        writer.write_record(row.iter().map(|text| form.text(text).into_owned())).map_err(|e| failed(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}

fn json(rows: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(rows);
    text.map(|text| text + "\n").map_err(|e| Failure::internal(format!("the list could not be written: {e}")))
}
