//! A few indicators measured and judged, for a command that shows no scorecard.

use super::case_data::{self, CaseData};
use super::failure::Failure;
use super::scorecard;
use crate::calendar::Window;
use crate::counts::Measured;
use crate::diag::suggest;
use crate::ir::Program;
use crate::report::{self, Report};
use crate::run::{self, Cost};
use crate::scorecard::judge::Table;
use crate::scorecard::{Columns, Heading, Hierarchy, Judged, Judging, Names, Published, Reference, Selection};
use std::ops::ControlFlow;

/// The scorecard as whose readers one looks.
pub(super) fn columns(program: &Program, numbers: &[usize], asked: Option<&String>) -> Result<Columns, Failure> {
    let columns = scorecard::columns(program, &asked.into_iter().cloned().collect::<Vec<_>>())?;
    let missing = numbers.iter().find(|number| asked.is_some() && !columns.indicators.contains(number));
    if let Some(id) = missing.and_then(|number| Some(&program.indicators.get(*number)?.id)) {
        let known: Vec<&str> = columns.indicators.iter().map(|i| program.indicators[*i].id.as_str()).collect();
        return Err(Failure::usage(format!("`{id}` is not on that scorecard")).help(suggest::help(
            id,
            "indicators",
            &known,
        )));
    }
    Ok(columns)
}

/// The cells of these indicators in these windows of each, at a level.
pub(super) fn judged(
    program: &Program,
    numbers: &[usize],
    (columns, hierarchy, level): (&Columns, Hierarchy, usize),
    case_data: &CaseData,
    windows: &[Vec<Window>],
) -> Result<Judged, Failure> {
    let as_of = case_data.as_of();
    let tables = tables(program, numbers, (columns, &hierarchy), case_data, windows)?;
    let heading = Heading {
        title: String::new(),
        organization: case_data.name().to_owned(),
        as_of,
        notes: [columns.hidden(program), case_data.notes(program, numbers, columns.hides())].concat(),
    };
    let selection = Selection { levels: vec![level], under: None, peers: None };
    let (program, indicators, reference) = (program.clone(), numbers.to_vec(), Reference::default());
    Ok(Judged { program, hierarchy, heading, indicators, tables, reference, selection })
}

fn tables(
    program: &Program,
    numbers: &[usize],
    (columns, hierarchy): (&Columns, &Hierarchy),
    case_data: &CaseData,
    windows: &[Vec<Window>],
) -> Result<Vec<Table>, Failure> {
    let bad = case_data.bad(program, numbers);
    let mut tables = Vec::new();
    let mut judging: Option<Judging> = None;
    let mut summed = |measured: Measured, spent: Option<Cost>| {
        let number = measured.indicator;
        let new = || Judging::new(program, hierarchy, case_data.complete(), bad.get(&number), columns.limit(number));
        judging.get_or_insert_with(new).add(measured);
        if spent.is_some() {
            tables.extend(judging.take().map(Judging::tables).unwrap_or_default());
        }
        ControlFlow::Continue(())
    };
    let (store, settings) = (&case_data.loaded.store, case_data.running());
    run::measure(program, numbers, store, case_data.as_of(), windows, &settings, &mut summed)
        .map_err(|e| case_data::failed(&e))?;
    Ok(tables)
}

/// What was judged, as it stands in result rows.
pub(super) fn published(judged: &Judged, names: &mut Names) -> Result<Published, Failure> {
    let csv = report::find("csv").ok_or_else(|| Failure::internal("no format `csv`"))?;
    let report = Report {
        judged: judged.clone(),
        width: report::WIDTH,
        spread: false,
        threads: None,
        csv: report::Csv { raw: true, mark: false },
        descriptions: Vec::new(),
        cases: Vec::new(),
        plans: Vec::new(),
    };
    let internal = |e: String| Failure::internal(format!("internal error: {e}"));
    let bytes = csv.bytes(&report).map_err(|e| internal(e.to_string()))?;
    Published::read(bytes.as_slice(), names).map_err(internal)
}
