//! Which slides a book has, and what stands on each.

use super::slide::{EDGE, NOTES, Place, SIZE, SMALLEST_NOTE, Said, Slide, TOP, height};
use crate::report::book::document::{Document, Table, TableRow};
use crate::report::book::room::{self, Emu};
use crate::report::book::sheet::{Chart, Sheet};
use crate::report::plan::sheet::PlanSheet;
use crate::scorecard::book::Sentence;

/// The room below the title.
const ROOM: Place = (EDGE, TOP, SIZE.0 - 2 * EDGE, SIZE.1 - TOP - EDGE);
/// How to read a chart over time.
const READING: &str = "How to read the chart: points are the values of the windows; an orange diamond is more than chance, a hollow point can \
     still change; the green line is the standard, the thin lines the centre and the natural limits, where there are enough final values. \
     Where a window has no value the line is broken.";
/// How to read the chart of a plan.
const READING_A_PLAN: &str = "How to read the chart: points are the values of the windows, a hollow point can still change; the dashed line is \
     what the plan expects. Within chance: the interval of the value reaches what is expected.";
/// Facts that stand in the notes, for want of room.
const NOTED: [&str; 3] = ["Waits", "Reading", "Indicator"];

/// The slides.
pub(super) fn slides<'a>(of: &'a Document<'a>) -> Vec<Slide<'a>> {
    let mut all = vec![front(of)];
    tables("Scorecard", None, &card(of), 11, &mut all);
    changes(of, &mut all);
    of.plans.iter().for_each(|of| follow_up(of, &mut all));
    of.sheets.iter().for_each(|of| sheet(of, &mut all));
    reading(of, &mut all);
    all
}

fn said(of: &str) -> Said {
    (String::new(), of.to_owned())
}

/// The scorecard in one table, with a row for each domain above its indicators.
fn card(of: &Document) -> Table {
    let mut whole = Table::default();
    for (domain, table) in &of.card {
        whole.head.clone_from(&table.head);
        let heading = std::iter::once(domain.clone()).chain(std::iter::repeat(String::new()));
        let cells = heading.take(table.head.len()).collect();
        whole.rows.push(TableRow { cells, band: None, is_own: true });
        whole.rows.extend(table.rows.iter().cloned());
    }
    whole
}

fn front<'a>(of: &'a Document<'a>) -> Slide<'a> {
    let mut slide = Slide::new(&of.title);
    let lines: Vec<Said> = of.under.iter().map(|line| said(line)).collect();
    slide.paragraphs(ROOM, &lines, &[20, 16, 12]);
    slide.notes.clone_from(&of.notes);
    slide
}

/// A table on as many slides as it takes, under a line of text where there is one.
fn tables<'a>(title: &str, line: Option<&str>, table: &Table, size: u32, all: &mut Vec<Slide<'a>>) {
    let high: Emu = if line.is_some() { 620_000 } else { 0 };
    let mut from = 0;
    while from < table.rows.len() {
        let mut slide = Slide::new(&if from == 0 { title.to_owned() } else { format!("{title} (further)") });
        let (left, top, wide, room) = ROOM;
        if let Some(line) = line {
            slide.paragraphs((left, top, wide, high), &[said(line)], &[12, 11, 10, 9]);
        }
        from = slide.table((left, top + high, wide, room - high), table, from, size);
        all.push(slide);
    }
}

fn changes<'a>(of: &'a Document<'a>, all: &mut Vec<Slide<'a>>) {
    let Some(changes) = &of.changes else { return };
    for (title, table) in &changes.tables {
        tables(&format!("What changed: {}", title.to_lowercase()), Some(&changes.since), table, 11, all);
    }
    let mut slide = Slide::new("What changed: the others");
    let lines: Vec<Said> = std::iter::once(&changes.since).chain(&changes.rest).map(|line| said(line)).collect();
    slide.paragraphs(ROOM, &lines, &[14, 12, 10, 8]);
    all.push(slide);
}

/// The follow-up of a plan: the chart with the verdict and the facts, the actions, the months.
fn follow_up<'a>(of: &'a PlanSheet<'a>, all: &mut Vec<Slide<'a>>) {
    let mut slide = Slide::new(&of.title);
    let (left, top, wide, high) = ROOM;
    let (beside, below) = (wide * 62 / 100, 1_100_000);
    slide.chart((left, top, beside, high - below), &of.chart);
    let says: Vec<Said> = of.says.iter().map(|said| (said.clone(), String::new())).collect();
    slide.paragraphs((left, top + high - below, beside, below), &says, &[12, 11, 10, 9, 8]);
    let shown = of.facts.iter().filter(|(name, _)| !NOTED.contains(name));
    let facts: Vec<Said> = shown.map(|(name, text)| (format!("{name}: "), text.clone())).collect();
    let from = left + beside + 120_000;
    slide.paragraphs((from, top, wide - beside - 120_000, high), &facts, &[12, 11, 10, 9, 8]);
    let noted = of.facts.iter().filter(|(name, _)| NOTED.contains(name)).map(|(name, text)| format!("{name}: {text}"));
    slide.notes = std::iter::once(READING_A_PLAN.to_owned()).chain(noted).collect();
    all.push(slide);
    tables(&format!("{}: actions", of.title), None, &of.actions, 12, all);
    tables(&format!("{}: months", of.title), None, &of.months, 9, all);
}

fn sheet<'a>(of: &'a Sheet<'a>, all: &mut Vec<Slide<'a>>) {
    let mut slide = Slide::new(&format!("{}: {}", of.title, of.value));
    let (left, top, wide, high) = ROOM;
    let beside = wide * 62 / 100;
    let says: Vec<Said> = of.says.iter().map(|said| (said.clone(), String::new())).collect();
    let below = if says.is_empty() { 0 } else { 800_000 };
    let (from, width) = match &of.chart {
        Some(chart) => {
            slide.chart((left, top, beside, high - below), chart);
            (left + beside + 120_000, wide - beside - 120_000)
        }
        None => (left, wide),
    };
    if below > 0 {
        slide.paragraphs((left, top + high - below, beside, below), &says, &[13, 12, 11, 10, 9]);
    }
    let question = (!of.question.is_empty()).then(|| said(of.question));
    let shown = of.facts.iter().filter(|(name, _)| !NOTED.contains(name));
    let facts = shown.map(|(name, text)| (format!("{name}: "), text.clone()));
    let facts: Vec<Said> = question.into_iter().chain(facts).collect();
    slide.paragraphs((from, top, width, high), &facts, &[12, 11, 10, 9, 8]);
    slide.notes = notes(of);
    all.push(slide);
    for by in &of.breakdowns {
        tables(&format!("{}: {}", of.title, by.title.to_lowercase()), None, &by.table, 11, all);
    }
    groups(of, all);
    if let Some((rule, table)) = &of.review {
        if table.rows.is_empty() {
            return;
        }
        tables(&format!("{}: cases for review", of.title), Some(rule), table, 9, all);
    }
}

/// What the speaker reads: the question, how to read the chart, what is measured.
fn notes(of: &Sheet) -> Vec<String> {
    let reading = of.chart.iter().map(|_| READING.to_owned());
    let facts = of.facts.iter().filter(|(name, _)| NOTED.contains(name)).map(|(name, text)| format!("{name}: {text}"));
    let question = Some(of.question.to_owned()).filter(|question| !question.is_empty());
    let mut notes: Vec<String> = question.into_iter().chain(reading).chain(facts).collect();
    let point = |sentence: &Sentence| match sentence.depth {
        0 => sentence.text.clone(),
        depth => format!("{}- {}", "  ".repeat(depth - 1), sentence.text),
    };
    let high = |text: &str| height(text, NOTES.0, SMALLEST_NOTE);
    let left = NOTES.1 - notes.iter().map(|said| high(said)).sum::<Emu>();
    let fits = room::fitting(of.english, (left, 2 * high("")), |sentence| high(&point(sentence)));
    notes.extend(of.english.iter().take(fits).map(point));
    notes.extend(room::elsewhere(of.english, fits, of.id));
    notes
}

/// Those beside and below, two charts on a slide.
fn groups<'a>(of: &'a Sheet<'a>, all: &mut Vec<Slide<'a>>) {
    let charts: Vec<&Chart> = of.groups.iter().flat_map(|group| &group.charts).collect();
    for (number, pair) in charts.chunks(2).enumerate() {
        let further = if number == 0 { "" } else { " (further)" };
        let mut slide = Slide::new(&format!("{}: peers and below{further}", of.title));
        let (left, top, wide, high) = ROOM;
        let each = (wide - 200_000) / pair.len().max(1) as Emu;
        for (place, chart) in pair.iter().enumerate() {
            slide.chart((left + place as Emu * (each + 200_000), top, each, high), chart);
        }
        slide.notes = notes_of_groups(of);
        all.push(slide);
    }
}

/// The figures behind the bars: the value, the cases, and why there is none.
fn notes_of_groups(of: &Sheet) -> Vec<String> {
    of.groups
        .iter()
        .flat_map(|group| {
            let rows = group.table.rows.iter().map(|row| {
                row.cells.iter().filter(|cell| !cell.is_empty()).map(String::as_str).collect::<Vec<_>>().join("; ")
            });
            std::iter::once(format!("{}:", group.title)).chain(rows).collect::<Vec<_>>()
        })
        .collect()
}

fn reading<'a>(of: &'a Document<'a>, all: &mut Vec<Slide<'a>>) {
    let mut table = Table::new(["mark", "means"]);
    for (mark, meaning) in &of.marks {
        table.add([mark.clone(), meaning.clone()], None, false);
    }
    tables("How to read this", None, &table, 12, all);
    let mut slide = Slide::new("About the data");
    let lines: Vec<Said> = of.notes.iter().map(|note| said(note)).collect();
    slide.paragraphs(ROOM, &lines, &[14, 12, 10, 8]);
    all.push(slide);
}
